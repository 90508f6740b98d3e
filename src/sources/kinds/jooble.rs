//! Jooble: a search over the boards of many countries; texts are snippets and links lead through Jooble.
//!
//! <https://jooble.org/api/about>. A search is a POST whose address ends in the key. Found words stand in `<b>`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::plain;
use crate::sources::shape::search;
use crate::sources::shape::text::filled;

/// Jobs asked for in one page.
const PAGE: usize = 50;

pub const KIND: Kind = Kind {
    name: "jooble",
    description: "Jooble: a search over the boards of many countries, with a key",
    keys: &[
        search::KEY,
        search::words("keywords"),
        Key { name: "location", description: "a place to search in", example: "Bengaluru", need: Need::Optional },
        Key { name: "pages", description: "how many pages of fifty to read; 1 unless set", example: "1", need: Need::Optional },
    ],
    terms: Terms::credit("a key on registration, with a number of calls of its own", Duration::from_hours(1), "Jooble"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Jooble {
    search: Url,
    keywords: String,
    location: String,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let search = endpoint(&options.base("https://jooble.org")?, &["api", options.required("key")?], &[]);
    let keywords = search::asked(options, "keywords")?.to_owned();
    let location = options.text("location")?.unwrap_or_default().to_owned();
    Ok(Box::new(Jooble { search, keywords, location, pages: options.count("pages")?.unwrap_or(1) }))
}

impl Jooble {
    fn page(&self, number: usize) -> Request {
        let body = json!({
            "keywords": self.keywords,
            "location": self.location,
            "page": number.to_string(),
            "ResultOnPage": PAGE.to_string(),
        });
        Request::json(self.search.clone()).post(body.to_string())
    }
}

impl Adapter for Jooble {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "jobs")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let number = page.number_in_body("page").unwrap_or(1);
        let total = envelope.beside::<usize>("totalCount").unwrap_or_default();
        if reading.items > 0 && number < self.pages && number * PAGE < total {
            reading.next.push(self.page(number + 1));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company: Option<String>,
    location: Option<String>,
    snippet: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    salary: Option<String>,
    #[serde(rename = "type")]
    contract: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    updated: Option<String>,
    link: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let link = filled(self.link);
        Posting {
            id: self.id.or_else(|| link.clone()).unwrap_or_default(),
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company),
            location: plain::field(self.location),
            description: filled(self.snippet),
            salary_text: self.salary,
            employment_type: filled(self.contract),
            posted_at: self.updated.as_deref().and_then(dates::from_text),
            url: link,
            ..Posting::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::adapter::Body;
    use crate::sources::settings::SourceSettings;

    #[test]
    fn a_search_is_a_post_whose_body_turns_the_pages() {
        let mut table = toml::Table::new();
        table.insert("key".into(), "k-1".into());
        table.insert("pages".into(), 2.into());
        let settings = SourceSettings::new("acme", "jooble", table);
        let adapter = build(&Options::check(&settings, KIND.keys).unwrap()).unwrap();
        let First::Ask(first) = adapter.first() else { panic!("a request was due") };
        assert_eq!(first.url.as_str(), "https://jooble.org/api/k-1");
        let page = |request| Page { request, bytes: br#"{"totalCount":120,"jobs":[{"id":1,"title":"a"}]}"#.to_vec() };
        let read = adapter.read(&page(first)).unwrap();
        let [second] = read.next.as_slice() else { panic!("a second page was due") };
        let Some(Body::Json(body)) = &second.body else { panic!("a body was due") };
        assert!(body.contains(r#""page":"2""#) && body.contains("backend developer"), "{body}");
        assert!(adapter.read(&page(second.clone())).unwrap().next.is_empty(), "two pages were wanted");
    }
}
