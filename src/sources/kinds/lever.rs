//! Lever postings: a bare array, in pages of a hundred.
//!
//! <https://github.com/lever/postings-api>. The text is opening, body, lists and additional; requirements often stand only in the
//! lists. There is no moment of change.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::Posting;
use crate::domain::posting::StructuredPay;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay::range;
use crate::sources::shape::plain;
use crate::sources::shape::text::{board_in, escape, filled, join, plain_as_html};
use crate::sources::shape::wording::{pay_period, work_mode};

/// Postings asked for in one page; the most that Lever gives.
const PAGE: usize = 100;

pub const KIND: Kind = Kind {
    name: "lever",
    description: "Lever: the job board of one employer (jobs.lever.co, jobs.eu.lever.co)",
    keys: &[
        Key { name: "board", description: "the site's name, the last part of jobs.lever.co/NAME", example: "acme", need: Need::Required },
        Key { name: "region", description: "where the board is kept: global or eu", example: "eu", need: Need::Optional },
    ],
    terms: Terms::open("public API for job sites; at most two requests a second", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let host = url.host_str()?;
    let mut keys = match host {
        "jobs.lever.co" | "jobs.eu.lever.co" => board(path.first())?,
        "api.lever.co" | "api.eu.lever.co" => board(path.get(2))?,
        _ => return None,
    };
    if host.contains(".eu.") {
        keys.push(("region", "eu".to_owned()));
    }
    Some(keys)
}

#[derive(Debug)]
struct Lever {
    postings: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let platform = match options.choice("region", &["global", "eu"])? {
        "eu" => "https://api.eu.lever.co",
        _ => "https://api.lever.co",
    };
    let base = options.base(platform)?;
    let postings = endpoint(&base, &["v0", "postings", options.required("board")?], &[("mode", "json")]);
    Ok(Box::new(Lever { postings }))
}

impl Lever {
    fn page(&self, skip: usize) -> Request {
        let query = [("skip", skip.to_string()), ("limit", PAGE.to_string())];
        let mut url = self.postings.clone();
        url.query_pairs_mut().extend_pairs(query);
        Request::json(url)
    }
}

impl Adapter for Lever {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let mut reading = Envelope::array(&text)?.read(|job: Job| Some(job.posting()));
        reading.completeness = Completeness::Whole;
        if reading.items >= PAGE {
            reading.next.push(self.page(page.number("skip").unwrap_or(0) + reading.items));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    text: Option<String>,
    #[serde(default)]
    categories: Categories,
    country: Option<String>,
    created_at: Option<i64>,
    workplace_type: Option<String>,
    opening: Option<String>,
    opening_plain: Option<String>,
    description: Option<String>,
    description_plain: Option<String>,
    description_body: Option<String>,
    description_body_plain: Option<String>,
    #[serde(default)]
    lists: Vec<List>,
    additional: Option<String>,
    additional_plain: Option<String>,
    hosted_url: Option<String>,
    apply_url: Option<String>,
    salary_range: Option<SalaryRange>,
    salary_description: Option<String>,
    salary_description_plain: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Categories {
    location: Option<String>,
    all_locations: Option<Vec<String>>,
    commitment: Option<String>,
    team: Option<String>,
    department: Option<String>,
}

#[derive(Deserialize)]
struct List {
    text: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
struct SalaryRange {
    currency: Option<String>,
    interval: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    min: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    max: Option<f64>,
}

impl Job {
    fn posting(mut self) -> Posting {
        let description = self.whole_text();
        let kinds = self.categories;
        Posting {
            company: board_in(self.hosted_url.as_deref()),
            id: self.id.unwrap_or_default(),
            title: self.text.unwrap_or_default(),
            location: join(kinds.all_locations.unwrap_or_default()).or_else(|| join(kinds.location)),
            description,
            salary_text: filled(self.salary_description_plain).or_else(|| plain::field(self.salary_description)),
            employment_type: filled(kinds.commitment),
            posted_at: self.created_at.and_then(dates::from_millis),
            url: filled(self.hosted_url),
            apply_url: self.apply_url,
            work_mode: self.workplace_type.as_deref().and_then(work_mode),
            salary: self.salary_range.and_then(SalaryRange::pay),
            department: join([kinds.department, kinds.team].into_iter().flatten()),
            country: filled(self.country),
            ..Posting::default()
        }
    }

    /// Opening, body, lists and additional, once each; `description` is opening and body together, for boards that do not part them.
    fn whole_text(&mut self) -> Option<String> {
        let part = |html: &mut Option<String>, plain: &mut Option<String>| {
            filled(html.take()).or_else(|| filled(plain.take()).map(|plain| plain_as_html(&plain)))
        };
        let opening = part(&mut self.opening, &mut self.opening_plain);
        let body = part(&mut self.description_body, &mut self.description_body_plain);
        let parts = match body {
            Some(body) => vec![opening, Some(body)],
            None => vec![part(&mut self.description, &mut self.description_plain).or(opening)],
        };
        let lists = self.lists.drain(..).map(|list| {
            let heading = list.text.map(|text| format!("<h3>{}</h3>", escape(&text))).unwrap_or_default();
            Some(format!("{heading}<ul>{}</ul>", list.content.unwrap_or_default()))
        });
        let whole: Vec<Option<String>> = parts.into_iter().chain(lists.collect::<Vec<_>>()).collect();
        let additional = part(&mut self.additional, &mut self.additional_plain);
        let text = whole.into_iter().chain([additional]).flatten().collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then_some(text)
    }
}

impl SalaryRange {
    fn pay(self) -> Option<StructuredPay> {
        // Once for all, or every two weeks, is none of our periods, and the bare sum would be taken for another.
        let period = match filled(self.interval) {
            Some(interval) => Some(pay_period(&interval)?),
            None => None,
        };
        range(self.min, self.max, filled(self.currency), period)
    }
}
