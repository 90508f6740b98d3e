//! SOLID.Jobs: a Polish board on which every job states its pay, mostly in PLN a month.
//!
//! The public interface at <https://solid.jobs/public-api/offers/IT>: it wants its version in a header and the caller's name in
//! `campaign`; pages are counted from 0. The request follows what public clients of it send.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::posting::StructuredPay;
use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::plain;
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::wording::pay_period;

/// Jobs asked for in one page.
const PAGE: usize = 100;

pub const KIND: Kind = Kind {
    name: "solidjobs",
    description: "SOLID.Jobs: a Polish board with stated pay, newest first",
    keys: &[
        Key { name: "division", description: "a division of the board; IT unless set", example: "IT", need: Need::Optional },
        Key { name: "search", description: "words to search for", example: "backend", need: Need::Optional },
        Key { name: "pages", description: "how many pages of a hundred to read; 3 unless set", example: "3", need: Need::Optional },
    ],
    terms: Terms::credit("public interface; name yourself in each call and link back", Duration::from_hours(1), "SOLID.Jobs"),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let division = path.get(2).filter(|_| url.host_str() == Some("solid.jobs") && path[0] == "public-api")?;
    Some(vec![("division", division.clone())])
}

#[derive(Debug)]
struct SolidJobs {
    offers: Url,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let size = PAGE.to_string();
    let mut query = vec![("campaign", "rolecall"), ("pageSize", size.as_str()), ("sortActive", "validFrom"), ("sortDirection", "desc")];
    query.extend(options.text("search")?.map(|words| ("search.searchTerm", words)));
    let division = options.text("division")?.unwrap_or("IT");
    let offers = endpoint(&options.base("https://solid.jobs")?, &["public-api", "offers", division], &query);
    Ok(Box::new(SolidJobs { offers, pages: options.count("pages")?.unwrap_or(3) }))
}

impl SolidJobs {
    fn page(&self, number: usize) -> Request {
        Request::json(endpoint(&self.offers, &[], &[("pageIndex", &number.to_string())])).header("X-Api-Version", "1.0")
    }
}

impl Adapter for SolidJobs {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let mut reading = Envelope::open(&text, "jobs")?.read(|offer: Offer| Some(offer.posting()));
        let next = page.number("pageIndex").unwrap_or_default() + 1;
        if reading.items >= PAGE && next < self.pages {
            reading.next.push(self.page(next));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(default, deserialize_with = "loose")]
    job_offer_key: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    company: Option<String>,
    category: Option<String>,
    sub_category: Option<String>,
    salary: Option<Pay>,
    contract_time: Option<String>,
    locations: Option<Vec<Option<String>>>,
    is_remote: Option<bool>,
    is_hybrid: Option<bool>,
    url: Option<String>,
    experience_level: Option<String>,
    skills: Option<Vec<Skill>>,
    description: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    valid_from: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    valid_to: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    updated_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pay {
    #[serde(default, deserialize_with = "amount")]
    from: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    to: Option<f64>,
    currency: Option<String>,
    period: Option<String>,
    employment_type: Option<String>,
}

#[derive(Deserialize)]
struct Skill {
    name: Option<String>,
}

impl Offer {
    fn posting(self) -> Posting {
        let contract = self.salary.as_ref().and_then(|pay| pay.employment_type.clone());
        let date = |text: Option<String>| text.as_deref().and_then(dates::from_text);
        let url = filled(self.url);
        Posting {
            id: self.job_offer_key.or_else(|| url.clone()).unwrap_or_default(),
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company),
            location: join(self.locations.into_iter().flatten().flatten()),
            description: filled(self.description),
            employment_type: join([self.contract_time, contract].into_iter().flatten()),
            posted_at: date(self.valid_from),
            updated_at: date(self.updated_at),
            valid_through: date(self.valid_to),
            url,
            // A job may be both: then some days at home are what is sure.
            work_mode: match (self.is_hybrid, self.is_remote) {
                (Some(true), _) => Some(WorkMode::Hybrid),
                (_, Some(true)) => Some(WorkMode::Remote),
                _ => None,
            },
            salary: self.salary.and_then(Pay::read),
            department: join([self.category, self.sub_category].into_iter().flatten()),
            tags: self.skills.into_iter().flatten().filter_map(|skill| skill.name).collect(),
            level: filled(self.experience_level),
            ..Posting::default()
        }
    }
}

impl Pay {
    fn read(self) -> Option<StructuredPay> {
        let period = self.period.as_deref().and_then(pay_period);
        pay::range(self.from, self.to, filled(self.currency), period)
    }
}
