//! schema.org JobPosting, as feeds carry it beside their own fields.
//!
//! <https://schema.org/JobPosting>

use serde_json::Value;

use crate::domain::posting::StructuredPay;
use crate::domain::{Posting, WorkMode};
use crate::sources::shape::dates;
use crate::sources::shape::lenient::{amount, list, name, text};
use crate::sources::shape::text::join;
use crate::sources::shape::wording::{self, pay_period, place};

/// Fills what a posting does not have yet with what a JobPosting says.
pub fn fill(posting: &mut Posting, job: &Value) {
    if posting.title.trim().is_empty() {
        posting.title = text(&job["title"]).or_else(|| text(&job["name"])).unwrap_or_default();
    }
    let places = list(&job["jobLocation"]).iter().map(|place| address(&place["address"]).or_else(|| name(place)));
    let countries: Vec<String> = list(&job["jobLocation"]).iter().filter_map(|place| name(&place["address"]["addressCountry"])).collect();
    let one_country = countries.first().filter(|first| countries.iter().all(|country| country == *first)).cloned();
    let required = list(&job["applicantLocationRequirements"]).iter().filter_map(name);
    let remote = list(&job["jobLocationType"]).iter().filter_map(text).find_map(|word| wording::work_mode(&word));
    let set = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    set(&mut posting.location, join(places.flatten()).or_else(|| join(required)));
    set(&mut posting.country, one_country);
    set(&mut posting.company, name(&job["hiringOrganization"]).or_else(|| name(&job["identifier"])));
    set(&mut posting.description, text(&job["description"]));
    set(&mut posting.employment_type, join(list(&job["employmentType"]).iter().filter_map(text)));
    set(&mut posting.posted_at, text(&job["datePosted"]).and_then(|date| dates::from_text(&date)));
    set(&mut posting.valid_through, text(&job["validThrough"]).and_then(|date| dates::from_text(&date)));
    posting.work_mode = posting.work_mode.or(remote.filter(|mode| *mode == WorkMode::Remote));
    if posting.salary.is_none() {
        posting.salary = list(&job["baseSalary"]).iter().find_map(pay);
    }
}

/// An address as one line; texts are taken as they are.
fn address(value: &Value) -> Option<String> {
    text(value).or_else(|| place([text(&value["addressLocality"]), text(&value["addressRegion"]), name(&value["addressCountry"])]))
}

/// Base pay: a range or one value, under `value` or beside it.
fn pay(salary: &Value) -> Option<StructuredPay> {
    let value = if salary["value"].is_object() { &salary["value"] } else { salary };
    let point = amount(&value["value"]);
    let (min, max) = (amount(&value["minValue"]).or(point), amount(&value["maxValue"]).or(point));
    let period = text(&value["unitText"]).or_else(|| text(&salary["unitText"])).and_then(|word| pay_period(&word));
    wording::pay(min, max, text(&salary["currency"]), period)
}
