//! Remotive: remote jobs of many employers, all of a category in one answer, a day late.
//!
//! <https://github.com/remotive-com/remote-jobs-api>. The tags are unreliable, and times have no zone (taken as UTC).

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::plain;
use crate::sources::shape::text::filled;

pub const KIND: Kind = Kind {
    name: "remotive",
    description: "Remotive: remote jobs of many employers, a day late",
    keys: &[
        Key {
            name: "category",
            description: "a category, as Remotive names it, or all; software-dev unless set",
            example: "software-dev",
            need: Need::Optional,
        },
        Key { name: "search", description: "words to search for in title and text", example: "rust", need: Need::Optional },
    ],
    terms: Terms::credit(
        "link to its page and name Remotive; not onto other job boards; collecting sign-ups or addresses to show its jobs is a breach; at most four times a day",
        Duration::from_hours(6),
        "Remotive",
    )
    .forbidding(),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Remotive {
    jobs: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let category = options.text("category")?.unwrap_or("software-dev");
    let mut query = Vec::new();
    query.extend(Some(("category", category)).filter(|_| category != "all"));
    query.extend(options.text("search")?.map(|words| ("search", words)));
    let base = options.base("https://remotive.com")?;
    Ok(Box::new(Remotive { jobs: endpoint(&base, &["api", "remote-jobs"], &query) }))
}

impl Adapter for Remotive {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        Ok(Envelope::open(&json::text(&page.bytes)?, "jobs")?.read(|job: Job| Some(job.posting())))
    }
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company_name: Option<String>,
    category: Option<String>,
    tags: Option<Vec<String>>,
    #[serde(rename = "job_type")]
    contract: Option<String>,
    publication_date: Option<String>,
    candidate_required_location: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    salary: Option<String>,
    description: Option<String>,
    url: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        Posting {
            id: self.id.unwrap_or_default(),
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company_name),
            location: filled(self.candidate_required_location),
            description: filled(self.description),
            salary_text: self.salary,
            employment_type: filled(self.contract),
            posted_at: self.publication_date.as_deref().and_then(dates::from_text),
            url: filled(self.url),
            work_mode: Some(WorkMode::Remote),
            department: filled(self.category),
            tags: self.tags.unwrap_or_default(),
            ..Posting::default()
        }
    }
}
