//! Recruitee career sites: one call lists all offers with their texts.
//!
//! <https://docs.recruitee.com/reference/intro-to-careers-site-api>. Other languages of an offer are inside it and no offers of their
//! own. Addresses of recruiters stand in it and are not taken.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, tenant};
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::fields::{self, flag, list, name, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::pay::{amount, range};
use crate::sources::shape::site;
use crate::sources::shape::text::{join, place, sections};
use crate::sources::shape::wording::pay_period;

pub const KIND: Kind = Kind {
    name: "recruitee",
    description: "Recruitee: the career site of one employer (NAME.recruitee.com or a host of its own)",
    keys: &[site::name("the site's name, the NAME in NAME.recruitee.com"), site::URL],
    terms: Terms::open("public API of career sites, no stated limit", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    board(tenant(url, "recruitee.com").as_ref())
}

#[derive(Debug)]
struct Recruitee {
    site: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Recruitee { site: site::own(options, "recruitee.com")? }))
}

impl Adapter for Recruitee {
    fn first(&self) -> First {
        First::Ask(Request::json(endpoint(&self.site, &["api", "offers", ""], &[])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "offers")?;
        let open = |offer: &Value| fields::text(&offer["status"]).is_none_or(|status| status == "published");
        let mut reading = envelope.read(|offer: Value| open(&offer).then(|| self.posting(&offer)));
        reading.completeness = Completeness::Whole;
        Ok(reading)
    }
}

impl Recruitee {
    fn posting(&self, offer: &Value) -> Posting {
        let (language, versions) = first_language(&offer["translations"]);
        let words = |key: &str| text(&offer[key]).or_else(|| text(&versions[key]));
        let moment = |key: &str| text(&offer[key]).and_then(|date| dates::from_text(&date));
        let page = words("careers_url").or_else(|| Some(endpoint(&self.site, &["o", &text(&offer["slug"])?], &[]).into()));
        let host = page.as_deref().and_then(|page| Url::parse(page).ok());
        let salary = &offer["salary"];
        Posting {
            id: text(&offer["id"]).unwrap_or_default(),
            title: words("title").unwrap_or_default(),
            company: text(&offer["company_name"]).or_else(|| tenant(&host?, "recruitee.com")),
            location: places(offer),
            description: sections([(None, words("description")), (None, words("requirements"))]),
            employment_type: text(&offer["employment_type_code"]).or_else(|| text(&offer["employment_type"])),
            posted_at: moment("published_at").or_else(|| moment("created_at")),
            updated_at: moment("updated_at"),
            valid_through: moment("close_at"),
            url: page,
            apply_url: words("careers_apply_url"),
            work_mode: work_mode(offer),
            salary: range(
                amount(&salary["min"]),
                amount(&salary["max"]),
                text(&salary["currency"]),
                text(&salary["period"]).and_then(|word| pay_period(&word)),
            ),
            department: name(&offer["department"]),
            tags: list(&offer["tags"]).iter().filter_map(name).collect(),
            level: text(&offer["experience_code"]),
            education: text(&offer["education_code"]),
            country: text(&offer["country_code"]).or_else(|| text(&offer["country"])),
            language,
            ..Posting::default()
        }
    }
}

/// The only language there is, by its code, and the words of the first.
fn first_language(translations: &Value) -> (Option<String>, &Value) {
    let versions = translations.as_object().filter(|versions| !versions.is_empty());
    let only = versions.filter(|versions| versions.len() == 1).and_then(|versions| versions.keys().next().cloned());
    (only, versions.and_then(|versions| versions.values().next()).unwrap_or(&Value::Null))
}

fn places(offer: &Value) -> Option<String> {
    let of =
        |at: &Value, state: &str| place([text(&at["city"]), text(&at[state]), text(&at["country"]).or_else(|| text(&at["country_code"]))]);
    let listed = list(&offer["locations"]).iter().filter_map(|at| of(at, "state").or_else(|| name(at)));
    join(listed).or_else(|| of(offer, "state_name")).or_else(|| text(&offer["location"]))
}

/// Hybrid jobs are often ticked as remote too.
fn work_mode(offer: &Value) -> Option<WorkMode> {
    let modes = [("hybrid", WorkMode::Hybrid), ("remote", WorkMode::Remote), ("on_site", WorkMode::Onsite)];
    modes.into_iter().find(|(key, _)| flag(&offer[*key]) == Some(true)).map(|(_, mode)| mode)
}
