//! Arbeitnow: jobs in Germany and remote ones, in pages of a hundred, newest first.
//!
//! <https://www.arbeitnow.com/blog/job-board-api>. The slug is the id. `remote: false` does not say whether it is an office job.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::text::{filled, join};

/// Pages read when the source does not say: a day's news and some more.
const PAGES: usize = 3;

pub const KIND: Kind = Kind {
    name: "arbeitnow",
    description: "Arbeitnow: jobs in Germany and remote ones of many employers, newest first",
    keys: &[Key { name: "pages", description: "how many pages of the newest to read; 3 unless set", example: "3", need: Need::Optional }],
    terms: Terms::credit("name Arbeitnow and link back to it; hourly polling is enough", Duration::from_mins(30), "Arbeitnow"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Arbeitnow {
    jobs: Url,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://www.arbeitnow.com")?;
    let pages = options.count("pages")?.unwrap_or(PAGES);
    Ok(Box::new(Arbeitnow { jobs: endpoint(&base, &["api", "job-board-api"], &[]), pages }))
}

impl Arbeitnow {
    fn page(&self, number: usize) -> Request {
        Request::json(endpoint(&self.jobs, &[], &[("page", &number.to_string())]))
    }
}

impl Adapter for Arbeitnow {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "data")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let number = page.number("page").unwrap_or(1);
        let more = envelope.beside::<Links>("links").is_some_and(|links| links.next.is_some());
        if more && number < self.pages {
            reading.next.push(self.page(number + 1));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
struct Links {
    next: Option<String>,
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    slug: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company_name: Option<String>,
    location: Option<String>,
    description: Option<String>,
    remote: Option<bool>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default, rename = "job_types")]
    contracts: Vec<String>,
    created_at: Option<i64>,
    url: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        Posting {
            id: self.slug.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            company: filled(self.company_name),
            location: filled(self.location),
            description: self.description,
            employment_type: join(self.contracts),
            posted_at: self.created_at.and_then(dates::from_seconds),
            url: self.url,
            work_mode: self.remote.filter(|remote| *remote).map(|_| WorkMode::Remote),
            tags: self.tags,
            ..Posting::default()
        }
    }
}
