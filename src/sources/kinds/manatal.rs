//! Manatal career pages (careers-page.com): the call behind the page lists jobs with their texts, in pages. There is no date.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::fields::{flag, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::pay::{amount, range};
use crate::sources::shape::text::place;

/// Jobs asked for in one page; the page may hold fewer.
const PAGE: &str = "50";

pub const KIND: Kind = Kind {
    name: "manatal",
    description: "Manatal: the career page of one employer (careers-page.com/NAME)",
    keys: &[Key {
        name: "board",
        description: "the page's name, the first part of careers-page.com/NAME",
        example: "acme",
        need: Need::Required,
    }],
    terms: Terms::open("public call of career pages, no stated limit", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    match url.host_str()? {
        "www.careers-page.com" | "careers-page.com" if path.first().is_some_and(|part| part == "api") => board(path.get(3)),
        "www.careers-page.com" | "careers-page.com" => board(path.first().filter(|part| *part != "job")),
        _ => board(tenant(url, "careers-page.com").as_ref()),
    }
}

#[derive(Debug)]
struct Manatal {
    base: Url,
    board: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Manatal { base: options.base("https://www.careers-page.com")?, board: options.required("board")?.to_owned() }))
}

impl Manatal {
    fn page(&self, number: usize) -> Request {
        let path = ["api", "v1.0", "c", &self.board, "jobs", ""];
        Request::json(endpoint(&self.base, &path, &[("page_size", PAGE), ("page", &number.to_string())]))
    }

    fn posting(&self, job: &Value, company: Option<String>) -> Posting {
        let hash = text(&job["hash"]);
        let page = hash.as_ref().map(|hash| endpoint(&self.base, &[&self.board, "job", hash], &[]).into());
        let parts = || place([text(&job["city"]), text(&job["state"]), text(&job["country"])]);
        let shown = flag(&job["is_salary_visible"]) == Some(true);
        let currency = text(&job["currency_code"]).or_else(|| text(&job["currency"]));
        Posting {
            id: text(&job["id"]).or(hash).unwrap_or_default(),
            title: text(&job["position_name"]).unwrap_or_default(),
            company,
            location: text(&job["location_display"]).or_else(parts),
            country: text(&job["country"]),
            description: text(&job["description"]),
            employment_type: text(&job["contract_details"]),
            url: page,
            salary: range(amount(&job["salary_min"]), amount(&job["salary_max"]), currency, None).filter(|_| shown),
            ..Posting::default()
        }
    }
}

impl Adapter for Manatal {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "results")?.named_by(&["id", "hash"]);
        let beside = ["next", "previous"].map(|key| Url::parse(&envelope.beside::<String>(key)?).ok());
        let company = beside.iter().flatten().chain([&page.request.url]).find_map(|url| segments(url).into_iter().nth(3));
        let mut reading = envelope.read(|job: Value| Some(self.posting(&job, company.clone())));
        reading.completeness = envelope.beside("count").map_or(Completeness::Newest, Completeness::Counted);
        // The address of the next page is the platform's own, also on a mirror: its being there is all that is taken from it.
        if beside[0].is_some() && reading.items > 0 {
            reading.next.push(self.page(page.number("page").unwrap_or(1) + 1));
        }
        Ok(reading)
    }
}
