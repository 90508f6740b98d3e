//! Rippling job boards: a row for each place of a job, and a call for each text.
//!
//! <https://developer.rippling.com/documentation/job-board-api>.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::Posting;
use crate::domain::posting::StructuredPay;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, has, one};
use crate::sources::shape::fields::{self, at, list};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::pay::{amount, range};
use crate::sources::shape::text::{self, join};
use crate::sources::shape::wording::{pay_period, work_mode};

/// The most places of one job that are shown.
const MOST_PLACES: usize = 300;

pub const KIND: Kind = Kind {
    name: "rippling",
    description: "Rippling: the job board of one employer (ats.rippling.com)",
    keys: &[Key {
        name: "board",
        description: "the board's name, the part before /jobs in ats.rippling.com/NAME/jobs",
        example: "acme",
        need: Need::Required,
    }],
    terms: Terms::open("public API for job sites; a call for each new posting", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let host = url.host_str()?;
    if host == "api.rippling.com" {
        let at = path.iter().position(|part| part == "board")?;
        return board(path.get(at + 1));
    }
    let is_language = |part: &String| part.len() == 5 && part.as_bytes()[2] == b'-';
    let first = usize::from(path.first().is_some_and(is_language));
    (host.starts_with("ats.") && host.ends_with(".rippling.com")).then(|| board(path.get(first)))?
}

#[derive(Debug)]
struct Rippling {
    jobs: Url,
    pages: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let board = options.required("board")?;
    let base = options.base("https://api.rippling.com")?;
    let jobs = endpoint(&base, &["platform", "api", "ats", "v1", "board", board, "jobs"], &[]);
    Ok(Box::new(Rippling { jobs, pages: format!("https://ats.rippling.com/{board}/jobs") }))
}

impl Adapter for Rippling {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if page.request.about.is_some() || has(&text, "uuid") {
            return Ok(one(page, self.posting(&json::parse(&text, "$")?)));
        }
        let mut listed = Envelope::open(&text, "items")?.read(|job: Value| Some(self.posting(&job)));
        listed.postings = folded(listed.postings);
        let mut reading = ask_each(listed, |row| Some(Request::json(endpoint(&self.jobs, &[&row.id], &[]))));
        reading.completeness = Completeness::Whole;
        Ok(reading)
    }
}

/// One posting for the rows of one job, with all their places, sorted: the order of rows is no news.
fn folded(rows: Vec<Posting>) -> Vec<Posting> {
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    for row in &rows {
        places.entry(row.id.clone()).or_default().extend(row.location.clone());
    }
    let first = rows.into_iter().filter_map(|row| {
        let mut all = places.remove(&row.id)?;
        all.sort();
        all.dedup();
        all.truncate(MOST_PLACES);
        Some(Posting { location: join(all), ..row })
    });
    first.collect()
}

impl Rippling {
    fn posting(&self, job: &Value) -> Posting {
        let id = at(job, &["/uuid", "/id"]).unwrap_or_default();
        let place = |value: &Value| {
            let land = || at(value, &["/country", "/countryCode"]);
            let parts = || text::place([at(value, &["/city"]), at(value, &["/state", "/stateCode"]), land()]);
            fields::text(value).or_else(|| at(value, &["/label", "/name"])).or_else(parts).or_else(|| at(value, &["/id"]))
        };
        let several = ["workLocations", "locations"].iter().map(|key| list(&job[*key])).find(|places| !places.is_empty());
        let places = several.unwrap_or_else(|| list(&job["workLocation"])).iter().filter_map(place);
        let parts = list(&job["description"]).iter().flat_map(|part| {
            let parts = [fields::text(part), at(part, &["/company"]), at(part, &["/role"])];
            parts.into_iter().flatten()
        });
        let parts: Vec<String> = parts.collect();
        Posting {
            title: at(job, &["/name", "/title"]).unwrap_or_default(),
            company: at(job, &["/companyName", "/company/name"]),
            location: join(places),
            description: (!parts.is_empty()).then(|| parts.join("\n")),
            employment_type: at(job, &["/employmentType/id", "/employmentType/label", "/employmentType"]),
            posted_at: at(job, &["/createdOn", "/created"]).and_then(|date| dates::from_text(&date)),
            url: at(job, &["/url"]).or_else(|| (!id.is_empty()).then(|| format!("{}/{id}", self.pages))),
            work_mode: list(&job["locations"]).iter().find_map(|place| work_mode(&at(place, &["/workplaceType"])?)),
            salary: pay(list(&job["payRangeDetails"])),
            department: at(job, &["/department/label", "/department/name", "/department"]),
            id,
            ..Posting::default()
        }
    }
}

/// The span over the ranges of a job's places, where they are in one currency and for one period.
fn pay(ranges: &[Value]) -> Option<StructuredPay> {
    let kind = |range: &Value| (at(range, &["/currency", "/currencyCode"]), at(range, &["/frequency", "/interval"]));
    let (currency, frequency) = kind(ranges.first()?);
    if ranges.iter().any(|range| kind(range) != (currency.clone(), frequency.clone())) {
        return None;
    }
    let of = |keys: [&str; 3]| {
        let amounts = ranges.iter().filter_map(move |range| keys.iter().find_map(|key| amount(&range[*key])));
        amounts.collect::<Vec<f64>>()
    };
    let min = of(["rangeStart", "minValue", "min"]).into_iter().reduce(f64::min);
    let max = of(["rangeEnd", "maxValue", "max"]).into_iter().reduce(f64::max);
    range(min, max, currency, frequency.as_deref().and_then(pay_period))
}
