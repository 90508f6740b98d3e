//! The XML of jobs that many boards accept from employers: an element `job` each, with `title`, `referencenumber`, `city` and so on.
//!
//! It has no standard: fields are in CDATA, escaped, or as bare HTML; dates are in any form; the reference number is the identity and
//! repeats at careless publishers. The feed is all there is, so what is no longer in it is closed.

use std::collections::HashMap;
use std::time::Duration;

use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::entities::decode;
use crate::sources::shape::text::{add_places, filled, join, place};
use crate::sources::shape::wording;
use crate::sources::shape::xml;
use crate::sources::shape::xml_entry::Entry;

pub const KIND: Kind = Kind {
    name: "xml_feed",
    description: "Any feed of jobs in the XML that boards accept (<source><job><referencenumber> ...)",
    keys: &[
        Key { name: "url", description: "the feed's address", example: "https://example.org/jobs.xml", need: Need::Required },
        Key {
            name: "dates",
            description: "what 07/08/2026 means to the publisher: \"unknown\", which leaves such dates out, or \"day first\"",
            example: "day first",
            need: Need::Optional,
        },
    ],
    terms: Terms::open("as the publisher says; link back; feeds are large, and a few fetches a day are enough for most", Duration::ZERO),
    knows: unknown,
    build,
};

/// What publishers call an entry, the usual word first.
const ENTRIES: [&str; 6] = ["job", "ad", "vacancy", "position", "offer", "item"];

/// What publishers call the whole: one of these without an entry is an empty feed.
const ROOTS: [&str; 5] = ["source", "jobs", "feed", "positions", "trovit"];

/// Publishers that write the day before the month.
const DAY_FIRST: &str = "day first";

#[derive(Debug)]
struct XmlFeed {
    url: Url,
    date: fn(&str) -> Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let day_first = options.choice("dates", &["unknown", DAY_FIRST])? == DAY_FIRST;
    Ok(Box::new(XmlFeed { url: options.url("url")?, date: if day_first { dates::from_day_first } else { dates::from_text } }))
}

impl Adapter for XmlFeed {
    fn first(&self) -> First {
        First::Ask(Request::xml(self.url.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = xml::text(&page.bytes)?;
        let (mut reading, root) = xml::read(&text, &ENTRIES, |entry| posting(entry, self.date))?;
        if let (0, Some(bad)) = (reading.items, reading.bad.first()) {
            return Err(ReadError::shape("the feed", &bad.reason));
        }
        let mut jobs = Jobs::default();
        reading.postings.drain(..).for_each(|posting| jobs.add(posting));
        reading.postings = jobs.all;
        // Some other document without a job must not close what a feed had, and RSS holds the newest only.
        if root == "rss" || reading.items == 0 && !ROOTS.contains(&root.as_str()) {
            reading.completeness = Completeness::Newest;
        }
        Ok(reading)
    }
}

/// The jobs of a feed, each identity once.
#[derive(Default)]
struct Jobs {
    all: Vec<Posting>,
    at: HashMap<String, usize>,
}

impl Jobs {
    /// A repeated reference number is the same job in a further place if the title is the same, else another job by its link.
    fn add(&mut self, mut posting: Posting) {
        if let Some(known) = self.at.get(&posting.id).map(|at| &mut self.all[*at]) {
            if known.title == posting.title {
                add_places(&mut known.location, posting.location.as_deref());
                return;
            }
            posting.id = format!("{} {}", posting.id, posting.url.as_ref().unwrap_or(&posting.title));
            if self.at.contains_key(&posting.id) {
                return;
            }
        }
        self.at.insert(posting.id.clone(), self.all.len());
        self.all.push(posting);
    }
}

fn posting(entry: &Entry<'_>, read_date: fn(&str) -> Option<String>) -> Posting {
    let first = |names: &[&str]| entry.text(names);
    let plain = |names: &[&str]| filled(entry.text(names).map(|text| decode(&text)));
    let date = |names: &[&str]| entry.text(names).and_then(|text| read_date(&text));
    let words = |names: &[&str]| {
        let all: Vec<String> = names.iter().flat_map(|name| entry.all(name)).flat_map(|text| text.split(',')).map(decode).collect();
        all.into_iter().filter_map(|word| filled(Some(word)))
    };
    let url = first(&["url", "link", "joburl", "detail_url", "applyurl"]);
    let id =
        first(&["referencenumber", "referencenr", "reference", "partnerjobid", "jobid", "job_id", "id", "guid", "@id", "requisitionid"]);
    let country = plain(&["country"]);
    Posting {
        id: id.or_else(|| url.clone()).unwrap_or_default(),
        title: plain(&["title", "jobtitle", "job_title", "position", "name"]).unwrap_or_default(),
        company: plain(&["company", "companyname", "company_name", "employer"]),
        location: place([
            plain(&["city"]),
            plain(&["state", "region"]),
            country.clone().filter(|_| first(&["city", "state", "region"]).is_some()),
        ])
        .or_else(|| join(entry.all("location").chain(entry.all("locations/location")).map(decode)))
        .or_else(|| country.clone()),
        description: entry.html(&["description", "jobdescription", "job_description", "content", "body"]).map(unescaped),
        salary_text: plain(&["salary", "compensation", "salarytext"]),
        employment_type: join(words(&["jobtype", "job_type", "employmenttype", "employment_type", "contract"])),
        posted_at: date(&["date", "dateposted", "date_posted", "posted_at", "pubdate", "publishdate", "published", "listdate"]),
        updated_at: date(&["lastmodified", "dateupdated", "date_updated", "updated", "updated_at"]),
        valid_through: date(&["expirationdate", "expiration_date", "expirydate", "expire", "expires", "validthrough", "closingdate"]),
        apply_url: first(&["applyurl", "apply_url"]).filter(|apply| url.as_ref() != Some(apply)),
        url,
        work_mode: first(&["remotetype", "remote_type", "remote", "isremote"]).and_then(|word| work_mode(&word)),
        department: plain(&["department"]),
        tags: words(&["category", "categories/category", "industry"]).collect(),
        level: plain(&["experience", "experiencelevel", "seniority"]),
        education: plain(&["education"]),
        country,
        language: first(&["language"]),
        ..Posting::default()
    }
}

/// HTML that was escaped once more than the XML asks for: without a tag, but with the start of one.
fn unescaped(html: String) -> String {
    let starts = |at: usize| html[at + 4..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let twice = !html.contains('<') && html.match_indices("&lt;").any(|(at, _)| starts(at));
    if twice { decode(&html) } else { html }
}

/// A word for it, or a plain yes.
fn work_mode(word: &str) -> Option<WorkMode> {
    let yes = ["true", "yes", "1"].contains(&word.to_ascii_lowercase().as_str());
    if yes { Some(WorkMode::Remote) } else { wording::work_mode(word) }
}
