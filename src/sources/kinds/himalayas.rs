//! Himalayas: remote jobs of many employers, newest first, in pages of twenty.
//!
//! <https://himalayas.app/api>. A hundred thousand jobs are listed and twenty at most come in one answer, so only the newest
//! pages are read.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::plain;
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::wording::pay_period;

/// Jobs in one answer; the most that Himalayas gives.
const PAGE: usize = 20;

/// Pages read when the source does not say.
const PAGES: usize = 5;

pub const KIND: Kind = Kind {
    name: "himalayas",
    description: "Himalayas: remote jobs of many employers, the newest",
    keys: &[Key { name: "pages", description: "how many pages of twenty to read; 5 unless set", example: "5", need: Need::Optional }],
    terms: Terms::credit("link back to Himalayas and name it; a few times a day is enough", Duration::from_hours(1), "Himalayas"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Himalayas {
    jobs: Url,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let jobs = endpoint(&options.base("https://himalayas.app")?, &["jobs", "api"], &[]);
    Ok(Box::new(Himalayas { jobs, pages: options.count("pages")?.unwrap_or(PAGES) }))
}

impl Himalayas {
    fn page(&self, offset: usize) -> Request {
        Request::json(endpoint(&self.jobs, &[], &[("limit", &PAGE.to_string()), ("offset", &offset.to_string())]))
    }
}

impl Adapter for Himalayas {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "jobs")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let total = envelope.beside::<usize>("totalCount").unwrap_or_default();
        let next = page.number("offset").unwrap_or_default() + reading.items;
        if reading.items > 0 && next < total.min(self.pages * PAGE) {
            reading.next.push(self.page(next));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    guid: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company_name: Option<String>,
    employment_type: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    min_salary: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    max_salary: Option<f64>,
    salary_period: Option<String>,
    currency: Option<String>,
    #[serde(default)]
    seniority: Value,
    #[serde(default)]
    location_restrictions: Value,
    #[serde(default)]
    categories: Value,
    description: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    pub_date: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    expiry_date: Option<String>,
    application_link: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let period = self.salary_period.as_deref().and_then(pay_period);
        let link = filled(self.application_link);
        let id = self.guid.or_else(|| link.clone()).unwrap_or_default();
        let page = Some(id.clone()).filter(|id| id.starts_with("http"));
        Posting {
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company_name),
            location: join(words(&self.location_restrictions)),
            description: filled(self.description),
            employment_type: filled(self.employment_type),
            posted_at: self.pub_date.as_deref().and_then(dates::from_text),
            valid_through: self.expiry_date.as_deref().and_then(dates::from_text),
            apply_url: link.clone().filter(|link| page.as_ref().is_some_and(|page| page != link)),
            url: page.or(link),
            id,
            work_mode: Some(WorkMode::Remote),
            salary: pay::range(self.min_salary, self.max_salary, filled(self.currency), period),
            level: join(words(&self.seniority)),
            tags: words(&self.categories).into_iter().map(|tag| tag.replace('-', " ")).collect(),
            ..Posting::default()
        }
    }
}

/// One word, several, or objects with a name: the lists differ between the calls of the interface.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(word) => vec![word.clone()],
        Value::Array(list) => list.iter().flat_map(words).collect(),
        Value::Object(named) => named.get("name").and_then(Value::as_str).map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    }
}
