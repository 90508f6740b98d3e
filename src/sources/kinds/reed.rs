//! Reed: a search over British jobs; the list holds snippets, the whole text and the period of the pay stand in a call for each.
//!
//! <https://www.reed.co.uk/developers/jobseeker>. The key is the user name of Basic authentication, with no password. Dates are
//! day/month/year.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, has, one};
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::plain;
use crate::sources::shape::search;
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::wording::pay_period;

/// Jobs asked for in one page; the most that Reed gives.
const PAGE: usize = 100;

pub const KIND: Kind = Kind {
    name: "reed",
    description: "Reed: a search over British jobs, with a key",
    keys: &[
        search::KEY,
        search::words("keywords"),
        Key { name: "location", description: "a place to search around", example: "Leeds", need: Need::Optional },
        Key { name: "pages", description: "how many pages of a hundred to read; 2 unless set", example: "2", need: Need::Optional },
    ],
    terms: Terms::credit("a key on registration, with limits of its own", Duration::from_hours(1), "Reed"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Reed {
    api: Url,
    search: Url,
    authorization: String,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let api = endpoint(&options.base("https://www.reed.co.uk")?, &["api", "1.0"], &[]);
    let mut query = vec![("keywords", search::asked(options, "keywords")?)];
    query.extend(options.text("location")?.map(|place| ("locationName", place)));
    let search = endpoint(&api, &["search"], &query);
    let authorization = format!("Basic {}", STANDARD.encode(format!("{}:", options.required("key")?)));
    Ok(Box::new(Reed { api, search, authorization, pages: options.count("pages")?.unwrap_or(2) }))
}

impl Reed {
    fn page(&self, skip: usize) -> Request {
        let query = [("resultsToTake", PAGE.to_string()), ("resultsToSkip", skip.to_string())];
        let mut url = self.search.clone();
        url.query_pairs_mut().extend_pairs(query);
        self.ask(url)
    }

    fn ask(&self, url: Url) -> Request {
        Request::json(url).header("Authorization", &self.authorization)
    }
}

impl Adapter for Reed {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if page.request.about.is_some() || has(&text, "jobId") {
            return Ok(one(page, json::parse::<Offer>(&text, "$")?.posting()));
        }
        let envelope = Envelope::open(&text, "results")?;
        let mut reading = envelope.read(|offer: Offer| Some(offer.posting()));
        let next = page.number("resultsToSkip").unwrap_or_default() + reading.items;
        let total = envelope.beside::<usize>("totalResults").unwrap_or_default();
        if reading.items > 0 && next < total.min(self.pages * PAGE) {
            reading.next.push(self.page(next));
        }
        Ok(ask_each(reading, |row| Some(self.ask(endpoint(&self.api, &["jobs", &row.id], &[])))))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(default, deserialize_with = "loose")]
    job_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    job_title: Option<String>,
    employer_name: Option<String>,
    location_name: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    minimum_salary: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    maximum_salary: Option<f64>,
    currency: Option<String>,
    salary_type: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    salary: Option<String>,
    contract_type: Option<String>,
    full_time: Option<bool>,
    part_time: Option<bool>,
    #[serde(default, deserialize_with = "loose")]
    date: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    date_posted: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    expiration_date: Option<String>,
    job_description: Option<String>,
    job_url: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    external_url: Option<String>,
}

impl Offer {
    fn posting(self) -> Posting {
        let period = self.salary_type.as_deref().and_then(pay_period);
        let times = [("full time", self.full_time), ("part time", self.part_time)];
        let times = times.into_iter().filter(|(_, is)| *is == Some(true)).map(|(word, _)| word.to_owned());
        let date = self.date_posted.or(self.date);
        Posting {
            url: filled(self.job_url).or_else(|| self.job_id.as_ref().map(|id| format!("https://www.reed.co.uk/jobs/{id}"))),
            id: self.job_id.unwrap_or_default(),
            title: plain::field(self.job_title).unwrap_or_default(),
            company: plain::field(self.employer_name),
            location: filled(self.location_name),
            description: filled(self.job_description),
            salary_text: self.salary,
            employment_type: join(filled(self.contract_type).into_iter().chain(times)),
            posted_at: date.as_deref().and_then(dates::from_day_first),
            valid_through: self.expiration_date.as_deref().and_then(dates::from_day_first),
            apply_url: self.external_url,
            salary: pay::range(self.minimum_salary, self.maximum_salary, filled(self.currency), period),
            ..Posting::default()
        }
    }
}
