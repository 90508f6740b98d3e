//! USAJOBS: vacancies of the United States government.
//!
//! <https://developer.usajobs.gov/api-reference/get-api-search>. The key goes in a header, the address it was given to is the
//! `User-Agent`. Times have four digits of fraction and no zone.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::domain::posting::StructuredPay;
use crate::domain::{PayPeriod, Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::text::{filled, join, plain_as_html};

/// Vacancies asked for in one page; the most that USAJOBS gives.
const PAGE: usize = 500;

pub const KIND: Kind = Kind {
    name: "usajobs",
    description: "USAJOBS: vacancies of the United States government, with a key",
    keys: &[
        Key { name: "key", description: "the key of your registration", example: "0123456789abcdef=", need: Need::Required },
        Key { name: "email", description: "the mail address the key was given to", example: "jobs@example.org", need: Need::Required },
        Key {
            name: "category",
            description: "a job series; 2210, information technology, unless set",
            example: "2210",
            need: Need::Optional,
        },
        Key { name: "keyword", description: "words to search for", example: "database", need: Need::Optional },
        Key { name: "location", description: "a place", example: "Washington, District of Columbia", need: Need::Optional },
        Key { name: "pages", description: "how many pages of 500 to read; 3 unless set", example: "3", need: Need::Optional },
    ],
    terms: Terms::credit("a key on registration, for the address named in each call", Duration::from_hours(1), "USAJOBS"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct UsaJobs {
    search: Url,
    key: String,
    email: String,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let per_page = PAGE.to_string();
    let category = options.text("category")?.unwrap_or("2210");
    let mut query = vec![("JobCategoryCode", category), ("ResultsPerPage", per_page.as_str())];
    query.extend(options.text("keyword")?.map(|words| ("Keyword", words)));
    query.extend(options.text("location")?.map(|place| ("LocationName", place)));
    let search = endpoint(&options.base("https://data.usajobs.gov")?, &["api", "Search"], &query);
    let (key, email) = (options.required("key")?.to_owned(), options.required("email")?.to_owned());
    Ok(Box::new(UsaJobs { search, key, email, pages: options.count("pages")?.unwrap_or(3) }))
}

impl UsaJobs {
    fn page(&self, number: usize) -> Request {
        let url = endpoint(&self.search, &[], &[("Page", &number.to_string())]);
        Request::json(url).header("User-Agent", &self.email).header("Authorization-Key", &self.key)
    }
}

impl Adapter for UsaJobs {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let answer: Answer<'_> = json::parse(&text, "$")?;
        let envelope = Envelope::open(answer.result.get(), "SearchResultItems")?;
        let mut reading = envelope.read(|item: Item| Some(item.job.posting(item.id)));
        let number = page.number("Page").unwrap_or(1);
        let total = envelope.beside::<usize>("SearchResultCountAll").unwrap_or_default();
        if reading.items > 0 && number < self.pages && number * PAGE < total {
            reading.next.push(self.page(number + 1));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, rename = "SearchResult")]
    result: &'a RawValue,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default, rename = "MatchedObjectId", deserialize_with = "loose")]
    id: Option<String>,
    #[serde(rename = "MatchedObjectDescriptor")]
    job: Job,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Job {
    #[serde(default, rename = "PositionID", deserialize_with = "loose")]
    position_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    position_title: Option<String>,
    organization_name: Option<String>,
    department_name: Option<String>,
    #[serde(rename = "PositionURI")]
    uri: Option<String>,
    #[serde(rename = "ApplyURI")]
    apply: Option<Vec<String>>,
    position_location_display: Option<String>,
    position_location: Option<Vec<Place>>,
    position_remuneration: Option<Vec<Pay>>,
    position_schedule: Option<Vec<Named>>,
    position_offering_type: Option<Vec<Named>>,
    qualification_summary: Option<String>,
    publication_start_date: Option<String>,
    application_close_date: Option<String>,
    user_area: Option<UserArea>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Place {
    location_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pay {
    #[serde(default, deserialize_with = "amount")]
    minimum_range: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    maximum_range: Option<f64>,
    rate_interval_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserArea {
    details: Option<Details>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Details {
    job_summary: Option<String>,
    /// A list or one text.
    major_duties: Value,
    education: Option<String>,
    /// A flag, or a text that is one.
    remote_indicator: Value,
}

impl Job {
    fn posting(self, id: Option<String>) -> Posting {
        let details = self.user_area.and_then(|area| area.details).unwrap_or_default();
        let duties = match details.major_duties {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(|duty| duty.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        let parts = details.job_summary.into_iter().chain(self.qualification_summary).chain(duties).chain(details.education.clone());
        let text = join(parts.filter_map(|part| filled(Some(part))).map(|part| plain_as_html(&part)));
        let names = |list: Option<Vec<Named>>| list.into_iter().flatten().filter_map(|named| named.name);
        let remote = details.remote_indicator == Value::Bool(true) || details.remote_indicator.as_str() == Some("true");
        let shown = filled(self.position_location_display);
        let places = join(self.position_location.into_iter().flatten().filter_map(|place| place.location_name));
        let in_link = self.uri.as_deref().and_then(|uri| uri.trim_end_matches('/').rsplit('/').next()).map(str::to_owned);
        let link = |uri: String| uri.replacen(":443", "", 1);
        Posting {
            id: id.or(self.position_id).or(in_link).unwrap_or_default(),
            title: self.position_title.unwrap_or_default(),
            company: filled(self.organization_name),
            location: if remote { shown.or(places) } else { places.or(shown) },
            description: text.map(|text| text.replace("</p>; <p>", "</p>\n<p>")),
            employment_type: join(names(self.position_schedule).chain(names(self.position_offering_type))),
            posted_at: self.publication_start_date.as_deref().and_then(dates::from_text),
            valid_through: self.application_close_date.as_deref().and_then(dates::from_text),
            url: filled(self.uri).map(link),
            apply_url: self.apply.and_then(|links| links.into_iter().next()).map(link),
            work_mode: remote.then_some(WorkMode::Remote),
            salary: self.position_remuneration.into_iter().flatten().find_map(Pay::read),
            department: filled(self.department_name),
            education: filled(details.education),
            country: Some("US".to_owned()),
            ..Posting::default()
        }
    }
}

impl Pay {
    /// Pay for a known time; two weeks, a piece and "without compensation" are none.
    fn read(self) -> Option<StructuredPay> {
        let period = match self.rate_interval_code.as_deref()? {
            "PA" | "Per Year" => PayPeriod::Year,
            "PM" | "Per Month" => PayPeriod::Month,
            "PW" | "Per Week" => PayPeriod::Week,
            "PD" | "Per Day" => PayPeriod::Day,
            "PH" | "Per Hour" => PayPeriod::Hour,
            _ => return None,
        };
        let (min, max) = (self.minimum_range, self.maximum_range);
        pay::range(min, max, Some("USD".to_owned()), Some(period))
    }
}
