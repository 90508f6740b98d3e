//! Greenhouse job boards: one call lists a whole board with its texts.
//!
//! <https://developers.greenhouse.io/job-board.html>. `updated_at` moves without anything changing, so `first_published` is the
//! date. The text is HTML escaped once as a whole.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::domain::{Posting, posting::StructuredPay};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::entities::decode;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::pay::{amount, range};
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::wording::pay_period;

pub const KIND: Kind = Kind {
    name: "greenhouse",
    description: "Greenhouse: the job board of one employer (boards.greenhouse.io, job-boards.greenhouse.io)",
    keys: &[Key {
        name: "board",
        description: "the board's token, the last part of boards.greenhouse.io/TOKEN",
        example: "acme",
        need: Need::Required,
    }],
    terms: Terms::open("public API for job sites, no stated limit; thousands of boards share the host", Duration::from_mins(5)),
    knows,
    build,
};

/// Boards, embedded boards and the API itself; `gh_jid=` on an employer's own page does not name the board.
fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    match url.host_str()? {
        "boards-api.greenhouse.io" => board(path.get(2)),
        "boards.greenhouse.io" | "job-boards.greenhouse.io" | "job-boards.eu.greenhouse.io"
            if path.first().is_some_and(|part| part == "embed") =>
        {
            let named = url.query_pairs().find(|(key, _)| key == "for")?.1.into_owned();
            board(Some(&named))
        }
        "boards.greenhouse.io" | "job-boards.greenhouse.io" | "job-boards.eu.greenhouse.io" => board(path.first()),
        _ => None,
    }
}

#[derive(Debug)]
struct Greenhouse {
    jobs: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://boards-api.greenhouse.io")?;
    let jobs = endpoint(&base, &["v1", "boards", options.required("board")?, "jobs"], &[("content", "true")]);
    Ok(Box::new(Greenhouse { jobs }))
}

impl Adapter for Greenhouse {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "jobs")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let total = envelope.beside::<Meta>("meta").and_then(|meta| meta.total);
        reading.completeness = total.map_or(Completeness::Whole, Completeness::Counted);
        Ok(reading)
    }
}

#[derive(Deserialize)]
struct Meta {
    total: Option<usize>,
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company_name: Option<String>,
    location: Option<Named>,
    #[serde(default)]
    offices: Vec<Named>,
    #[serde(default)]
    departments: Vec<Named>,
    content: Option<String>,
    first_published: Option<String>,
    updated_at: Option<String>,
    application_deadline: Option<String>,
    absolute_url: Option<String>,
    language: Option<String>,
    metadata: Option<Vec<Metadata>>,
    pay_input_ranges: Option<Vec<PayRange>>,
}

/// Given only where pay transparency is asked for.
#[derive(Deserialize)]
struct PayRange {
    #[serde(default)]
    min_cents: Value,
    #[serde(default)]
    max_cents: Value,
    currency_type: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    name: Option<String>,
    value_type: Option<String>,
    #[serde(default)]
    value: Value,
}

impl Job {
    fn posting(self) -> Posting {
        // Offices are how the employer files the job, often a whole region; they speak only where the job names no place.
        let place = join(self.location.and_then(|location| location.name));
        let ranges = self.pay_input_ranges.unwrap_or_default();
        let salary = transparent_pay(&ranges).or_else(|| self.metadata.iter().flatten().find_map(Metadata::pay));
        Posting {
            id: self.id.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            company: self.company_name.filter(|name| !name.trim().is_empty()),
            location: place.or_else(|| join(self.offices.into_iter().filter_map(|office| office.name))),
            description: self.content.map(|content| decode(&content)),
            posted_at: self.first_published.or_else(|| self.updated_at.clone()),
            updated_at: self.updated_at,
            valid_through: filled(self.application_deadline),
            url: filled(self.absolute_url),
            department: join(self.departments.into_iter().filter_map(|department| department.name)),
            language: self.language,
            salary,
            ..Posting::default()
        }
    }
}

/// The only range there is: several are for places or levels, and no one says for which.
fn transparent_pay(ranges: &[PayRange]) -> Option<StructuredPay> {
    let [only] = ranges else { return None };
    let sum = |cents: &Value| amount(cents).map(|cents| cents / 100.0);
    let period = only.title.as_deref().and_then(pay_period);
    range(sum(&only.min_cents), sum(&only.max_cents), only.currency_type.clone(), period)
}

impl Metadata {
    /// A range of money under a name that speaks of pay; its period is not said.
    fn pay(&self) -> Option<StructuredPay> {
        let name = self.name.as_deref()?.to_lowercase();
        let speaks_of_pay = ["salary", "pay", "compensation"].iter().any(|word| name.contains(word));
        if self.value_type.as_deref() != Some("currency_range") || !speaks_of_pay {
            return None;
        }
        let (min, max) = (amount(&self.value["min_value"]), amount(&self.value["max_value"]));
        let currency = self.value["unit"].as_str().map(str::to_owned);
        range(min, max, currency, None)
    }
}
