//! The Muse: jobs of many employers, mostly in the United States, in numbered pages from 0.
//!
//! <https://www.themuse.com/developers/api/v2>. The categories are set by a machine and often wrong: they are kept as tags.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::plain;
use crate::sources::shape::text::{filled, join};

/// Pages read when the source does not say.
const PAGES: usize = 5;

pub const KIND: Kind = Kind {
    name: "themuse",
    description: "The Muse: jobs of many employers, mostly in the United States",
    keys: &[
        Key {
            name: "category",
            description: "a category; Software Engineering unless set",
            example: "Software Engineering",
            need: Need::Optional,
        },
        Key { name: "location", description: "a place, as The Muse names it", example: "Flexible / Remote", need: Need::Optional },
        Key { name: "level", description: "a level, as The Muse names it", example: "Mid Level", need: Need::Optional },
        Key { name: "api_key", description: "a key, which raises the limit of calls", example: "0123456789abcdef", need: Need::Optional },
        Key { name: "pages", description: "how many pages of twenty to read; 5 unless set", example: "5", need: Need::Optional },
    ],
    terms: Terms::credit("link to its page; 500 calls an hour without a key", Duration::from_hours(1), "The Muse"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct TheMuse {
    jobs: Url,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let mut query = vec![("category", options.text("category")?.unwrap_or("Software Engineering"))];
    for key in ["location", "level", "api_key"] {
        query.extend(options.text(key)?.map(|value| (key, value)));
    }
    let jobs = endpoint(&options.base("https://www.themuse.com")?, &["api", "public", "jobs"], &query);
    Ok(Box::new(TheMuse { jobs, pages: options.count("pages")?.unwrap_or(PAGES) }))
}

impl TheMuse {
    fn page(&self, number: usize) -> Request {
        Request::json(endpoint(&self.jobs, &[], &[("page", &number.to_string())]))
    }
}

impl Adapter for TheMuse {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        // One job by itself has no title but a name.
        let text = if text.contains("\"results\"") || text.trim_start().starts_with('[') { text } else { format!("[{text}]").into() };
        let envelope = Envelope::open(&text, "results")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let next = page.number("page").unwrap_or_default() + 1;
        let last = envelope.beside::<usize>("page_count").unwrap_or_default();
        if reading.items > 0 && next < last.min(self.pages) {
            reading.next.push(self.page(next));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    name: Option<String>,
    company: Option<Named>,
    contents: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    publication_date: Option<String>,
    locations: Option<Vec<Named>>,
    levels: Option<Vec<Named>>,
    categories: Option<Vec<Named>>,
    refs: Option<Refs>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Refs {
    landing_page: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let names = |list: Option<Vec<Named>>| list.into_iter().flatten().filter_map(|named| named.name);
        Posting {
            id: self.id.unwrap_or_default(),
            title: plain::field(self.name).unwrap_or_default(),
            company: plain::field(self.company.and_then(|company| company.name)),
            location: join(names(self.locations)),
            description: filled(self.contents),
            posted_at: self.publication_date.as_deref().and_then(dates::from_text),
            url: self.refs.and_then(|refs| filled(refs.landing_page)),
            level: join(names(self.levels)),
            tags: names(self.categories).collect(),
            ..Posting::default()
        }
    }
}
