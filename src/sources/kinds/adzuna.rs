//! Adzuna: a search over the boards of one country, newest first; texts are snippets.
//!
//! <https://developer.adzuna.com/docs/search>. `salary_is_predicted` marks a guess of Adzuna's, which is kept as an estimate. The answer
//! names no currency: it is that of the country whose site the links lead to.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::Posting;
use crate::domain::posting::StructuredPay;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::plain;
use crate::sources::shape::search;
use crate::sources::shape::text::{filled, join};

/// Jobs asked for in one page; the most that Adzuna gives.
const PAGE: usize = 50;

pub const KIND: Kind = Kind {
    name: "adzuna",
    description: "Adzuna: a search over many boards of one country, with a key",
    keys: &[
        Key { name: "app_id", description: "the id of your registration", example: "1a2b3c4d", need: Need::Required },
        Key { name: "app_key", description: "the key of your registration", example: "0123456789abcdef", need: Need::Required },
        Key { name: "country", description: "the country, two letters; gb unless set", example: "gb", need: Need::Optional },
        search::words("what"),
        Key { name: "where", description: "a place to search around", example: "London", need: Need::Optional },
        Key { name: "category", description: "a category, as Adzuna tags it", example: "it-jobs", need: Need::Optional },
        Key { name: "pages", description: "how many pages of fifty to read; 2 unless set", example: "2", need: Need::Optional },
    ],
    terms: Terms::credit("a key on registration; 25 calls a minute, 250 a day; show \"Jobs by Adzuna\"", Duration::from_hours(1), "Adzuna"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Adzuna {
    search: Url,
    query: Vec<(&'static str, String)>,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let country = options.text("country")?.unwrap_or("gb").to_lowercase();
    let mut query = vec![("what", search::asked(options, "what")?.to_owned()), ("sort_by", "date".to_owned())];
    query.push(("results_per_page", PAGE.to_string()));
    for key in ["where", "category"] {
        query.extend(options.text(key)?.map(|value| (key, value.to_owned())));
    }
    for key in ["app_id", "app_key"] {
        query.push((key, options.required(key)?.to_owned()));
    }
    let search = endpoint(&options.base("https://api.adzuna.com")?, &["v1", "api", "jobs", &country, "search"], &[]);
    Ok(Box::new(Adzuna { search, query, pages: options.count("pages")?.unwrap_or(2) }))
}

impl Adzuna {
    fn page(&self, number: usize) -> Request {
        let query: Vec<(&str, &str)> = self.query.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Request::json(endpoint(&self.search, &[&number.to_string()], &query))
    }
}

impl Adapter for Adzuna {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "results")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let segments = page.request.url.path_segments();
        let number = segments.and_then(|mut parts| parts.next_back()?.parse::<usize>().ok()).unwrap_or(1);
        let total = envelope.beside::<usize>("count").unwrap_or_default();
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
    company: Option<Named>,
    location: Option<Place>,
    category: Option<Category>,
    description: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    created: Option<String>,
    redirect_url: Option<String>,
    contract_time: Option<String>,
    contract_type: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    salary_min: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    salary_max: Option<f64>,
    #[serde(default, deserialize_with = "loose")]
    salary_is_predicted: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    display_name: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    display_name: Option<String>,
    area: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Category {
    label: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let guessed = matches!(self.salary_is_predicted.as_deref(), Some("1" | "true"));
        let currency = self.redirect_url.as_deref().and_then(currency).map(str::to_owned);
        let area = self.location.as_ref().and_then(|place| place.area.clone()).unwrap_or_default();
        // From the country down, so turned round it reads like an address.
        let whole = join([area.iter().rev().map(String::as_str).collect::<Vec<_>>().join(", ")]);
        Posting {
            id: self.id.unwrap_or_default(),
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company.and_then(|company| company.display_name)),
            location: whole.or_else(|| self.location.and_then(|place| filled(place.display_name))),
            description: filled(self.description),
            employment_type: join([self.contract_time, self.contract_type].into_iter().flatten()),
            posted_at: self.created.as_deref().and_then(dates::from_text),
            url: filled(self.redirect_url),
            salary: pay::range(self.salary_min, self.salary_max, currency, None).map(|pay| StructuredPay { estimated: guessed, ..pay }),
            department: self.category.and_then(|category| filled(category.label)),
            country: area.into_iter().next(),
            ..Posting::default()
        }
    }
}

/// The currency of the country on whose site a link stands.
fn currency(link: &str) -> Option<&'static str> {
    let host = Url::parse(link).ok()?.host_str()?.to_owned();
    let ending = host.rsplit_once("adzuna.")?.1;
    Some(match ending {
        "com" => "USD",
        "co.uk" => "GBP",
        "de" | "fr" | "at" | "nl" | "it" | "es" | "be" => "EUR",
        "in" => "INR",
        "com.au" => "AUD",
        "ca" => "CAD",
        "com.br" => "BRL",
        "pl" => "PLN",
        "sg" => "SGD",
        "co.za" => "ZAR",
        "co.nz" => "NZD",
        "com.mx" => "MXN",
        "ch" => "CHF",
        _ => return None,
    })
}
