//! A job as search engines read it: JobPosting of schema.org, with what Google requires of it
//! (<https://developers.google.com/search/docs/appearance/structured-data/job-posting>).
//!
//! Only what a posting states is said, nothing that was concluded. A job that lacks what is required is not described at all.

use serde_json::{Value, json};
use url::Url;

use crate::domain::facts::{Certainty, Finding};
use crate::domain::line::{one_line, plain_lines};
use crate::domain::{Country, EmploymentType, Listing, Pay, PayPeriod, Place, WorkMode};

/// Longest line of a title or a name, in characters.
const LINE: usize = 200;

/// The description of an open job for a script block, or none where a required part is missing: title, description, employer, place.
pub(super) fn job_posting(listing: &Listing, base_url: &Url) -> Option<String> {
    let (title, company) = (one_line(&listing.posting.title, LINE), one_line(listing.posting.company.as_deref()?, LINE));
    let text = paragraphs(&plain_lines(&listing.text));
    if title.is_empty() || company.is_empty() || text.is_empty() {
        return None;
    }
    let mut said = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": title,
        "description": text,
        "datePosted": listing.published_at().format("%Y-%m-%d").to_string(),
        "hiringOrganization": {"@type": "Organization", "name": company},
        "identifier": {"@type": "PropertyValue", "name": company, "value": listing.posting.id},
        "url": base_url.join(&format!("jobs/{}", listing.id.0)).ok()?,
        // Who wants the job follows a link to where it stands.
        "directApply": false,
    });
    let object = said.as_object_mut()?;
    object.extend(location(listing)?);
    let facts = &listing.facts;
    let mut put = |name: &str, value: Option<Value>| object.extend(value.map(|value| (name.to_owned(), value)));
    put("validThrough", listing.valid_through.map(|until| json!(until)));
    put("employmentType", stated(facts.employment_type.as_ref()).map(|kind| json!(contract(*kind))));
    put("baseSalary", stated(facts.pay.as_ref()).and_then(salary));
    Some(for_script(&said))
}

/// What was said, not concluded.
fn stated<T>(found: Option<&Finding<T>>) -> Option<&T> {
    found.filter(|found| found.certainty == Certainty::Stated).map(|found| &found.value)
}

/// Where the work is: the places, or for a job that is wholly remote the countries it is open to.
fn location(listing: &Listing) -> Option<serde_json::Map<String, Value>> {
    let facts = &listing.facts;
    let places: Vec<Value> = facts.places.iter().filter_map(|found| address(&found.value)).collect();
    let countries: Vec<Country> = facts.remote_countries.iter().map(|found| found.value).collect();
    let remote = stated(facts.work_mode.as_ref()) == Some(&WorkMode::Remote);
    let mut parts = serde_json::Map::new();
    if remote {
        let open_to = if countries.is_empty() { facts.places.iter().filter_map(|found| found.value.country).collect() } else { countries };
        let mut open_to: Vec<&str> = open_to.iter().map(Country::as_str).collect();
        open_to.sort_unstable();
        open_to.dedup();
        if open_to.is_empty() {
            return None;
        }
        let open_to: Vec<Value> = open_to.into_iter().map(|country| json!({"@type": "Country", "name": country})).collect();
        parts.insert("jobLocationType".to_owned(), json!("TELECOMMUTE"));
        parts.insert("applicantLocationRequirements".to_owned(), json!(open_to));
    } else if places.is_empty() {
        return None;
    }
    if !places.is_empty() && !remote {
        parts.insert("jobLocation".to_owned(), json!(places));
    }
    Some(parts)
}

/// A place with its country, which is required; none where it is not known.
fn address(place: &Place) -> Option<Value> {
    let mut address = json!({"@type": "PostalAddress", "addressCountry": place.country?});
    for (name, part) in [("addressRegion", &place.region), ("addressLocality", &place.city)] {
        if let Some(part) = part {
            address[name] = json!(part);
        }
    }
    Some(json!({"@type": "Place", "address": address}))
}

/// Pay with its currency and period; none where either is not known.
fn salary(pay: &Pay) -> Option<Value> {
    let unit = match pay.period? {
        PayPeriod::Year => "YEAR",
        PayPeriod::Month => "MONTH",
        PayPeriod::Week => "WEEK",
        PayPeriod::Day => "DAY",
        PayPeriod::Hour => "HOUR",
    };
    let mut value = json!({"@type": "QuantitativeValue", "unitText": unit});
    match (pay.min, pay.max) {
        (Some(min), Some(max)) if min == max => value["value"] = json!(min),
        (None, None) => return None,
        (min, max) => {
            if let Some(min) = min {
                value["minValue"] = json!(min);
            }
            if let Some(max) = max {
                value["maxValue"] = json!(max);
            }
        }
    }
    Some(json!({"@type": "MonetaryAmount", "currency": pay.currency?, "value": value}))
}

/// The word of the closed set that Google reads.
const fn contract(kind: EmploymentType) -> &'static str {
    match kind {
        EmploymentType::FullTime => "FULL_TIME",
        EmploymentType::PartTime => "PART_TIME",
        EmploymentType::Contract => "CONTRACTOR",
        EmploymentType::Temporary => "TEMPORARY",
        EmploymentType::Internship => "INTERN",
        EmploymentType::Apprenticeship => "OTHER",
    }
}

/// Plain text as the HTML that a description is to be: what a stranger wrote stays text.
fn paragraphs(text: &str) -> String {
    let blocks = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.flat_map(|block| ["<p>".to_owned(), escaped(block).replace('\n', "<br>"), "</p>".to_owned()]).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// JSON that cannot end the script block it stands in, nor begin a comment of it: within its strings these may be written as numbers.
fn for_script(value: &Value) -> String {
    let text = value.to_string();
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
