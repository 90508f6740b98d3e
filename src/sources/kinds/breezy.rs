//! Breezy HR boards: a list in JSON, the texts in the JSON-LD of pages made for people.
//!
//! No documentation of `/json` is public. Pay stands in the list as people see it, and in its own fields on the page.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, one};
use crate::sources::shape::fields::{all, at, flag, list};
use crate::sources::shape::job_posting::{none_found, postings_in_html};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::markup::page_text;
use crate::sources::shape::text::{join, place};
use crate::sources::shape::wording::told;

pub const KIND: Kind = Kind {
    name: "breezy",
    description: "Breezy HR: the board of one employer (NAME.breezy.hr)",
    keys: &[Key { name: "board", description: "the name before .breezy.hr", example: "acme", need: Need::Required }],
    terms: Terms::open("what the board itself shows; robots.txt is obeyed for its pages, one for each new posting", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    tenant(url, "breezy.hr").map(|name| vec![("board", name)])
}

#[derive(Debug)]
struct Breezy {
    base: Url,
    home: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let home = format!("https://{}.breezy.hr", options.required("board")?);
    Ok(Box::new(Breezy { base: options.base(&home)?, home }))
}

impl Adapter for Breezy {
    fn first(&self) -> First {
        First::Ask(Request::json(endpoint(&self.base, &["json"], &[])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let whole = page_text(&page.bytes);
        if page.request.about.is_some() || whole.trim_start().starts_with('<') && whole.contains("JobPosting") {
            return job_page(page, &whole);
        }
        let text = json::text(&page.bytes)?;
        let listed = Envelope::array(&text)?.read(|job: Value| Some(self.posting(&job)));
        let mut reading = ask_each(listed, |row| {
            let name = row.url.as_deref()?.split(['?', '#']).next()?.rsplit('/').next()?;
            Some(Request::page(endpoint(&self.base, &["p", name], &[])))
        });
        reading.completeness = Completeness::Whole;
        Ok(reading)
    }
}

/// The list says better where the job is and how it is paid; the page has the text.
fn job_page(page: &Page, html: &str) -> Result<Reading, ReadError> {
    let mut found = postings_in_html(html, &page.request.url);
    if found.items == 0 {
        return Err(none_found(html));
    }
    if found.postings.is_empty() {
        return Ok(found);
    }
    let mut posting = found.postings.swap_remove(0);
    match page.request.about.as_deref() {
        Some(row) => posting.location = row.location.clone().or(posting.location),
        None => posting.id = posting.url.as_deref().and_then(id_in).unwrap_or(posting.id),
    }
    Ok(one(page, posting))
}

/// `594d6e80d5c7` in `/p/594d6e80d5c7-siding-crew`.
fn id_in(url: &str) -> Option<String> {
    let name = url.split_once("/p/")?.1;
    name.split(['-', '?', '/', '#']).next().filter(|id| !id.is_empty()).map(str::to_owned)
}

impl Breezy {
    fn posting(&self, job: &Value) -> Posting {
        let several = list(&job["locations"]).iter().filter_map(location);
        let friendly = at(job, &["/friendly_id", "/id"]);
        Posting {
            id: at(job, &["/id", "/_id"]).or_else(|| id_in(&format!("/p/{}", at(job, &["/friendly_id"])?))).unwrap_or_default(),
            title: at(job, &["/name"]).unwrap_or_default(),
            company: at(job, &["/company/name"]),
            location: join(several).or_else(|| location(&job["location"])),
            salary_text: at(job, &["/salary"]).and_then(|text| told(&text)),
            employment_type: at(job, &["/type/name", "/type/id", "/type"]),
            posted_at: at(job, &["/published_date"]).and_then(|date| dates::from_text(&date)),
            url: at(job, &["/url"]).or_else(|| friendly.map(|name| format!("{}/p/{name}", self.home))),
            work_mode: work_mode(&job["location"]),
            department: at(job, &["/department", "/department/name"]),
            country: at(job, &["/location/country/id", "/location/country/name"]),
            ..Posting::default()
        }
    }
}

/// The country's name stands for a place that names only its city and state.
fn location(value: &Value) -> Option<String> {
    let parts = all(value, &["/name", "/country/name"]);
    let named = place(parts).filter(|_| at(value, &["/name"]).is_some());
    named.or_else(|| place(all(value, &["/city", "/state/name", "/country/name"])))
}

fn work_mode(location: &Value) -> Option<WorkMode> {
    match at(location, &["/remote_details/value"]).as_deref() {
        Some("hybrid") => Some(WorkMode::Hybrid),
        _ if flag(&location["is_remote"]) == Some(true) => Some(WorkMode::Remote),
        _ => None,
    }
}
