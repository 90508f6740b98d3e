//! BambooHR career pages: a bare list, and a call for each text.
//!
//! No documentation is public; this is what the career pages themselves ask.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, closed, one};
use crate::sources::shape::fields::{all, at, flag};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::place;
use crate::sources::shape::wording::told;

pub const KIND: Kind = Kind {
    name: "bamboohr",
    description: "BambooHR: the career page of one employer (NAME.bamboohr.com/careers)",
    keys: &[Key { name: "board", description: "the name before .bamboohr.com", example: "acme", need: Need::Required }],
    terms: Terms::open("what the career page itself asks; a call for each new posting", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    tenant(url, "bamboohr.com").map(|name| vec![("board", name)])
}

#[derive(Debug)]
struct BambooHr {
    careers: Url,
    /// Where the pages for people begin.
    pages: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let home = format!("https://{}.bamboohr.com", options.required("board")?);
    Ok(Box::new(BambooHr { careers: endpoint(&options.base(&home)?, &["careers"], &[]), pages: format!("{home}/careers") }))
}

#[derive(serde::Deserialize)]
struct Meta {
    #[serde(rename = "totalCount")]
    total: Option<usize>,
}

impl Adapter for BambooHr {
    fn first(&self) -> First {
        First::Ask(Request::json(endpoint(&self.careers, &["list"], &[])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if page.request.about.is_some() || text.contains("\"jobOpening\"") {
            let answer: Value = json::parse(&text, "$")?;
            let Some(job) = answer.pointer("/result/jobOpening").filter(|job| job.is_object()) else {
                return Err(ReadError::shape("$.result.jobOpening", "nothing there"));
            };
            let posting = self.posting(job);
            let open = at(job, &["/jobOpeningStatus"]).is_none_or(|word| word.eq_ignore_ascii_case("open"));
            return Ok(if open { one(page, posting) } else { closed(page, &posting) });
        }
        let envelope = Envelope::open(&text, "result")?;
        let listed = envelope.read(|job: Value| Some(self.posting(&job)));
        let mut reading = ask_each(listed, |row| Some(Request::json(endpoint(&self.careers, &[&row.id, "detail"], &[]))));
        let total = envelope.beside::<Meta>("meta").and_then(|meta| meta.total);
        reading.completeness = total.map_or(Completeness::Whole, Completeness::Counted);
        Ok(reading)
    }
}

impl BambooHr {
    fn posting(&self, job: &Value) -> Posting {
        let shared = at(job, &["/jobOpeningShareUrl"]);
        let in_link = || shared.as_deref()?.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
        let id = at(job, &["/id", "/jobOpeningId"]).or_else(in_link).unwrap_or_default();
        let by_applicants = all(job, &["/atsLocation/city", "/atsLocation/state", "/atsLocation/province", "/atsLocation/country"]);
        let by_office = all(job, &["/location/city", "/location/state", "/location/addressCountry"]);
        Posting {
            title: at(job, &["/jobOpeningName"]).unwrap_or_default(),
            location: place(by_applicants).or_else(|| place(by_office)),
            description: at(job, &["/description"]),
            salary_text: at(job, &["/compensation"]).and_then(|text| told(&text)),
            employment_type: at(job, &["/employmentStatusLabel", "/employmentType"]),
            posted_at: at(job, &["/datePosted"]).and_then(|date| dates::from_text(&date)),
            url: (!id.is_empty()).then(|| format!("{}/{id}", self.pages)),
            work_mode: work_mode(job),
            department: at(job, &["/departmentLabel"]),
            level: at(job, &["/minimumExperience"]),
            country: at(job, &["/atsLocation/country", "/location/addressCountry"]),
            id,
            ..Posting::default()
        }
    }
}

fn work_mode(job: &Value) -> Option<WorkMode> {
    match at(job, &["/locationType"]).as_deref() {
        Some("1") => Some(WorkMode::Remote),
        Some("2") => Some(WorkMode::Hybrid),
        _ if flag(&job["isRemote"]) == Some(true) => Some(WorkMode::Remote),
        Some("0") => Some(WorkMode::Onsite),
        _ => None,
    }
}
