//! Eightfold career sites: ten postings at a time, and a call for each text.
//!
//! No documentation is public; this is what the career sites themselves ask. Some tenants answer the older interface, some the newer,
//! most both.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, one};
use crate::sources::shape::fields::{at, list, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::join;
use crate::sources::shape::wording::work_mode;

/// Postings asked for in one page; more are not given.
const PAGE: usize = 10;

pub const KIND: Kind = Kind {
    name: "eightfold",
    description: "Eightfold: the career site of one employer (NAME.eightfold.ai/careers)",
    keys: &[
        Key { name: "board", description: "the name before .eightfold.ai", example: "acme", need: Need::Required },
        Key {
            name: "domain",
            description: "the employer's domain, as domain= in the site's address; without it NAME.com",
            example: "acme.com",
            need: Need::Optional,
        },
        Key { name: "interface", description: "which one the site answers: apply or pcsx", example: "pcsx", need: Need::Optional },
        Key { name: "search", description: "only what this finds, for employers of thousands", example: "backend", need: Need::Optional },
    ],
    terms: Terms::open("what the career site itself asks; a call for each new posting", Duration::from_mins(15)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let mut keys = vec![("board", tenant(url, "eightfold.ai")?)];
    keys.extend(url.query_pairs().find(|(key, _)| key == "domain").map(|(_, domain)| ("domain", domain.into_owned())));
    Some(keys)
}

#[derive(Debug)]
struct Eightfold {
    base: Url,
    home: Url,
    domain: String,
    newer: bool,
    search: Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let board = options.required("board")?;
    let home = format!("https://{board}.eightfold.ai");
    let wrong = |_| options.bad("board", "the name before .eightfold.ai");
    Ok(Box::new(Eightfold {
        base: options.base(&home)?,
        home: Url::parse(&home).map_err(wrong)?,
        domain: options.text("domain")?.map_or_else(|| format!("{board}.com"), str::to_owned),
        newer: options.choice("interface", &["apply", "pcsx"])? == "pcsx",
        search: options.text("search")?.map(str::to_owned),
    }))
}

#[derive(serde::Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    data: Option<&'a serde_json::value::RawValue>,
}

impl Adapter for Eightfold {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let whole = json::text(&page.bytes)?;
        let text = json::parse::<Wrapped<'_>>(&whole, "$").ok().and_then(|wrapped| wrapped.data).map_or(whole.as_ref(), |data| data.get());
        if page.request.about.is_some() || !text.contains("\"positions\"") {
            return self.job(page, text);
        }
        let envelope = Envelope::open(text, "positions")?;
        let listed = envelope.read(|job: Value| Some(self.posting(&job)));
        // Some sites list with texts.
        let mut reading = ask_each(listed, |row| row.description.is_none().then(|| self.detail(&row.id)));
        let end = page.number("start").unwrap_or(0) + reading.items;
        let total = envelope.beside::<usize>("count");
        if reading.items > 0 && total.is_none_or(|total| end < total) {
            reading.next.push(self.page(end));
        }
        reading.completeness = match total {
            _ if self.search.is_some() => Completeness::Newest,
            Some(total) => Completeness::Counted(total),
            None => Completeness::Whole,
        };
        Ok(reading)
    }
}

impl Eightfold {
    fn page(&self, start: usize) -> Request {
        let path: &[&str] = if self.newer { &["api", "pcsx", "search"] } else { &["api", "apply", "v2", "jobs"] };
        let (start, count) = (start.to_string(), PAGE.to_string());
        let search = self.search.as_deref().unwrap_or_default();
        let query = [("domain", self.domain.as_str()), ("query", search), ("start", &start), ("num", &count), ("sort_by", "timestamp")];
        Request::json(endpoint(&self.base, path, &query))
    }

    fn detail(&self, id: &str) -> Request {
        let domain = self.domain.as_str();
        Request::json(if self.newer {
            endpoint(&self.base, &["api", "pcsx", "position_details"], &[("position_id", id), ("domain", domain)])
        } else {
            endpoint(&self.base, &["api", "apply", "v2", "jobs", id], &[("domain", domain)])
        })
    }

    fn job(&self, page: &Page, text: &str) -> Result<Reading, ReadError> {
        let job: Value = json::parse(text, "$")?;
        if at(&job, &["/id", "/name", "/job_description", "/jobDescription"]).is_none() {
            return Err(ReadError::shape("$.positions", "nothing there, and no single position either"));
        }
        Ok(one(page, self.posting(&job)))
    }

    fn posting(&self, job: &Value) -> Posting {
        let id = at(job, &["/id", "/position_id", "/positionId"]).unwrap_or_default();
        let several = list(&job["locations"]).iter().filter_map(|place| text(place).or_else(|| at(place, &["/name"])));
        let own = || (!id.is_empty()).then(|| format!("/careers/job/{id}"));
        let link = at(job, &["/canonicalPositionUrl", "/publicUrl", "/positionUrl"]).or_else(own);
        let moment = |keys: &[&str]| at(job, keys).and_then(|moment| dates::from_text(&moment));
        let mode = at(job, &["/work_location_option", "/workLocationOption"]);
        Posting {
            title: at(job, &["/name", "/posting_name"]).unwrap_or_default(),
            location: join(several).or_else(|| at(job, &["/location"])),
            description: at(job, &["/job_description", "/jobDescription"]),
            posted_at: moment(&["/t_create", "/postedTs", "/creationTs"]),
            updated_at: moment(&["/t_update", "/updatedTs"]),
            url: link.and_then(|link| self.home.join(&link).ok()).map(String::from),
            work_mode: mode.as_deref().and_then(work_mode),
            department: at(job, &["/department", "/business_unit"]),
            id,
            ..Posting::default()
        }
    }
}
