//! SmartRecruiters postings: a list in pages of a hundred, the texts in a call each.
//!
//! <https://developers.smartrecruiters.com/docs/posting-api>. An unknown company is answered like one without postings.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, closed, has, one};
use crate::sources::shape::fields::{all, at, flag};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::{escape, place};

/// Postings asked for in one page; the most that is given.
const PAGE: usize = 100;

/// The parts of a text in the order in which people see them.
const SECTIONS: [&str; 4] = ["companyDescription", "jobDescription", "qualifications", "additionalInformation"];

pub const KIND: Kind = Kind {
    name: "smartrecruiters",
    description: "SmartRecruiters: the postings of one employer (jobs.smartrecruiters.com, careers.smartrecruiters.com)",
    keys: &[Key {
        name: "board",
        description: "the company's identifier, the first part after jobs.smartrecruiters.com/",
        example: "Acme1",
        need: Need::Required,
    }],
    terms: Terms::open("public API for job sites; a call for each new posting", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    match url.host_str()? {
        "api.smartrecruiters.com" => board(path.get(2)),
        "jobs.smartrecruiters.com" | "careers.smartrecruiters.com" if path.first().is_some_and(|part| part == "oneclick-ui") => {
            board(path.get(2))
        }
        "jobs.smartrecruiters.com" | "careers.smartrecruiters.com" => board(path.first()),
        _ => None,
    }
}

#[derive(Debug)]
struct SmartRecruiters {
    postings: Url,
    board: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let board = options.required("board")?.to_owned();
    let postings = endpoint(&options.base("https://api.smartrecruiters.com")?, &["v1", "companies", &board, "postings"], &[]);
    Ok(Box::new(SmartRecruiters { postings, board }))
}

impl Adapter for SmartRecruiters {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if page.request.about.is_some() || has(&text, "jobAd") {
            return self.job(page, &json::parse(&text, "$")?);
        }
        let envelope = Envelope::open(&text, "content")?;
        let listed = envelope.read(|job: Value| shown(&job).then(|| self.posting(&job)));
        let mut reading = ask_each(listed, |row| Some(Request::json(endpoint(&self.postings, &[&row.id], &[]))));
        let end = page.number("offset").unwrap_or(0) + reading.items;
        let total = envelope.beside::<usize>("totalFound");
        if reading.items > 0 && total.map_or(reading.items >= PAGE, |total| end < total) {
            reading.next.push(self.page(end));
        }
        reading.completeness = total.map_or(Completeness::Whole, Completeness::Counted);
        Ok(reading)
    }
}

/// Postings for the employer's own people are not for ours.
fn shown(job: &Value) -> bool {
    at(job, &["/visibility"]).is_none_or(|word| word.eq_ignore_ascii_case("public"))
}

impl SmartRecruiters {
    fn page(&self, offset: usize) -> Request {
        Request::json(endpoint(&self.postings, &[], &[("limit", &PAGE.to_string()), ("offset", &offset.to_string())]))
    }

    fn job(&self, page: &Page, job: &Value) -> Result<Reading, ReadError> {
        let posting = self.posting(job);
        if posting.id.is_empty() && page.request.about.is_none() {
            return Err(ReadError::shape("$.id", "nothing there; a text alone does not say whose it is"));
        }
        Ok(if flag(&job["active"]) == Some(false) { closed(page, &posting) } else { one(page, posting) })
    }

    fn posting(&self, job: &Value) -> Posting {
        let id = at(job, &["/id"]).unwrap_or_default();
        let company = at(job, &["/company/identifier"]).unwrap_or_else(|| self.board.clone());
        let own = (!id.is_empty()).then(|| format!("https://jobs.smartrecruiters.com/{company}/{id}"));
        let mode = |key: &str, mode: WorkMode| (flag(&job["location"][key]) == Some(true)).then_some(mode);
        Posting {
            title: at(job, &["/name"]).unwrap_or_default(),
            company: at(job, &["/company/name"]),
            location: at(job, &["/location/fullLocation"])
                .or_else(|| place(all(job, &["/location/city", "/location/region", "/location/country"]))),
            description: whole_text(&job["jobAd"]["sections"]),
            employment_type: at(job, &["/typeOfEmployment/label", "/typeOfEmployment/id"]),
            posted_at: at(job, &["/releasedDate"]).and_then(|date| dates::from_text(&date)),
            url: at(job, &["/postingUrl"]).or(own),
            apply_url: at(job, &["/applyUrl"]),
            work_mode: mode("hybrid", WorkMode::Hybrid).or_else(|| mode("remote", WorkMode::Remote)),
            department: at(job, &["/department/label", "/function/label"]),
            level: at(job, &["/experienceLevel/label", "/experienceLevel/id"]),
            country: at(job, &["/location/country"]).map(|country| if country.len() == 2 { country.to_uppercase() } else { country }),
            language: at(job, &["/language/code"]),
            id,
            ..Posting::default()
        }
    }
}

fn whole_text(sections: &Value) -> Option<String> {
    let part = |name: &&str| {
        let text = at(&sections[*name], &["/text"])?;
        let heading = at(&sections[*name], &["/title"]).map(|title| format!("<h3>{}</h3>\n", escape(&title)));
        Some(format!("{}{text}", heading.unwrap_or_default()))
    };
    let parts: Vec<String> = SECTIONS.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
