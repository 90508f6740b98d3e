//! Workable career pages: the call behind the widget lists a whole board with its texts.
//!
//! A job in several cities is one row for each under one shortcode. The answers of the page's own calls (a list under `results`, one
//! job by itself) are read as well.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::fields::{flag, list, name, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::{add_places, join, place, sections};
use crate::sources::shape::wording::work_mode;

pub const KIND: Kind = Kind {
    name: "workable",
    description: "Workable: the job board of one employer (apply.workable.com)",
    keys: &[Key {
        name: "board",
        description: "the account's name, the first part of apply.workable.com/NAME",
        example: "acme",
        need: Need::Required,
    }],
    terms: Terms::open("public call of the careers widget; answers 429 soon when asked often", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let after = |word: &str| board(path.iter().skip_while(|part| *part != word).nth(1));
    match url.host_str()? {
        "apply.workable.com" | "www.workable.com" if path.first().is_some_and(|part| part == "api") => after("accounts"),
        "apply.workable.com" => board(path.first().filter(|part| *part != "j")),
        _ => board(tenant(url, "workable.com").filter(|name| name != "apply").as_ref()),
    }
}

#[derive(Debug)]
struct Workable {
    jobs: Url,
    account: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let account = options.required("board")?.to_owned();
    let base = options.base("https://apply.workable.com")?;
    let jobs = endpoint(&base, &["api", "v1", "widget", "accounts", &account], &[("details", "true")]);
    Ok(Box::new(Workable { jobs, account }))
}

impl Adapter for Workable {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if let Ok(job) = serde_json::from_str::<Value>(&text)
            && job["shortcode"].is_string()
        {
            let list = format!("[{text}]");
            return Ok(Envelope::array(&list)?.named_by(&["shortcode"]).read(|job: Value| Some(self.posting(&job, None))));
        }
        let envelope = Envelope::open(&text, "jobs").or_else(|error| Envelope::open(&text, "results").map_err(|_| error))?;
        let envelope = envelope.named_by(&["shortcode"]);
        let company: Option<String> = envelope.beside("name");
        let mut reading = envelope.read(|job: Value| Some(self.posting(&job, company.clone())));
        reading.completeness = envelope.beside("total").map_or(Completeness::Whole, Completeness::Counted);
        reading.postings = folded(reading.postings);
        Ok(reading)
    }
}

impl Workable {
    fn posting(&self, job: &Value, company: Option<String>) -> Posting {
        let code = text(&job["shortcode"]);
        let shown = shown_places(job);
        let page = code.as_ref().map(|code| format!("https://apply.workable.com/{}/j/{code}/", self.account));
        let remote = flag(&job["telecommuting"])
            .or_else(|| flag(&job["remote"]))
            .or_else(|| flag(&job["location"]["telecommuting"]))
            .filter(|remote| *remote);
        let description = sections([
            (None, text(&job["description"])),
            (Some("Requirements".to_owned()), text(&job["requirements"])),
            (Some("Benefits".to_owned()), text(&job["benefits"])),
        ]);
        let day = |key: &str| text(&job[key]).and_then(|date| dates::from_text(&date));
        Posting {
            id: code.unwrap_or_default(),
            title: text(&job["title"]).unwrap_or_default(),
            company,
            location: join(shown.iter().filter_map(|(place, _)| place.as_ref())),
            country: shown.into_iter().find_map(|(_, country)| country),
            description,
            employment_type: text(&job["employment_type"]).or_else(|| text(&job["type"])),
            posted_at: day("published_on").or_else(|| day("published")).or_else(|| day("created_at")),
            url: text(&job["url"]).or_else(|| text(&job["shortlink"])).or(page),
            apply_url: text(&job["application_url"]),
            work_mode: text(&job["workplace"]).and_then(|word| work_mode(&word)).or(remote.map(|_| WorkMode::Remote)),
            department: join(list(&job["department"]).iter().filter_map(name)),
            level: text(&job["experience"]),
            education: text(&job["education"]).filter(|word| word != "Unspecified"),
            language: text(&job["language"]),
            ..Posting::default()
        }
    }
}

/// The places, with their countries, that people are shown; boards of old list none but the job's own.
fn shown_places(job: &Value) -> Vec<(Option<String>, Option<String>)> {
    let parts = |at: &Value, region: &str| {
        let country = [&at["country"], &at["countryCode"], &at["country_code"]].into_iter().find_map(name);
        (place([text(&at["city"]), text(&at[region]), country.clone()]), country)
    };
    let rows = if list(&job["locations"]).is_empty() { list(&job["location"]) } else { list(&job["locations"]) };
    if rows.is_empty() {
        return vec![parts(job, "state")];
    }
    rows.iter().filter(|row| flag(&row["hidden"]) != Some(true)).map(|row| parts(row, "region")).collect()
}

/// The rows of one job as one posting with all their places.
fn folded(rows: Vec<Posting>) -> Vec<Posting> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut jobs: Vec<Posting> = Vec::new();
    for row in rows {
        if let Some(known) = at.get(&row.id) {
            add_places(&mut jobs[*known].location, row.location.as_deref());
        } else {
            at.insert(row.id.clone(), jobs.len());
            jobs.push(row);
        }
    }
    jobs
}
