//! The form as the template draws it: what was typed, what is ticked, what is wrong.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::home::OFFERED;
use super::page::{fault, said};
use super::speech::{language, word};
use super::typed::Typed;
use super::wishes::{Faults, TEXT_FIELDS};
use crate::domain::{Education, EmploymentType, Role, Seniority, WorkMode};

/// A field of text.
#[derive(Debug, Serialize)]
struct Text<'a> {
    value: &'a str,
    error: Option<String>,
}

/// A box to tick.
#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    hint: String,
    on: bool,
}

/// Boxes that belong together.
#[derive(Debug, Serialize)]
struct Group {
    choices: Vec<Choice>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Form<'a> {
    text: BTreeMap<&'static str, Text<'a>>,
    group: BTreeMap<&'static str, Group>,
    faults: usize,
    zones: &'static [&'static str],
    words: String,
    /// The country that was offered as the one a person works from.
    home_offered: &'a str,
}

/// Value, label and a sentence of one box.
type Box3 = (&'static str, String, String);

/// The boxes of each group, in everyday words.
fn boxes() -> [(&'static str, Vec<Box3>); 9] {
    let hinted = |value: &'static str| (value, word("box", value), said(&format!("box-{value}-hint")));
    let plain = |family: &'static str| move |value: &'static str| (value, word(family, value), String::new());
    let roles = Role::ALL.iter().map(|role| if *role == Role::Other { plain("box")(role.as_str()) } else { hinted(role.as_str()) });
    let silent = ["pay", "seniority", "places", "work_modes", "employment_types", "companies", "roles", "education"];
    [
        ("roles", roles.collect()),
        ("seniority", Seniority::ALL.iter().map(|level| level.as_str()).map(plain("level")).collect()),
        ("work_modes", WorkMode::ALL.iter().map(|mode| mode.as_str()).map(plain("mode")).collect()),
        ("employment_types", EmploymentType::ALL.iter().map(|kind| kind.as_str()).map(plain("contract")).collect()),
        ("education", Education::ALL.iter().map(|route| route.as_str()).map(plain("education")).collect()),
        ("said", silent.map(plain("box-said")).to_vec()),
        ("frequency", ["instant", "daily", "weekly", "cron"].map(hinted).to_vec()),
        ("days", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(plain("day")).to_vec()),
        ("never", Vec::new()),
    ]
}

/// Boxes that are drawn only where they are ticked: wishes that the page does not offer but must not lose.
const QUIET: &[(&str, &str)] = &[("roles", "other"), ("said", "companies"), ("said", "roles"), ("said", "education")];

/// The zones offered first; any other name of the IANA list may be typed.
const ZONES: &[&str] = &[
    "Asia/Kolkata",
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Colombo",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Ho_Chi_Minh",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Auckland",
];

/// The form for the template.
pub(super) fn form_value(typed: &Typed, faults: &Faults) -> Value {
    let error = |name: &str| faults.get(name).map(|says| fault(name, says));
    let text = TEXT_FIELDS.iter().map(|name| (*name, Text { value: typed.one(name), error: error(name) })).collect();
    let group = boxes().into_iter().map(|(name, boxes)| {
        let choices = boxes.into_iter().map(|(value, label, hint)| Choice { value, label, hint, on: is_on(typed, name, value) });
        let drawn = choices.filter(|choice| choice.on || !QUIET.contains(&(name, choice.value))).collect();
        (name, Group { choices: drawn, error: error(name) })
    });
    let form = Form {
        text,
        group: group.collect(),
        faults: faults.len(),
        zones: ZONES,
        words: crate::consent::agreed_words(language()),
        home_offered: typed.one(OFFERED),
    };
    Value::from(Serde(form))
}

/// Whether a box is ticked; daily where no frequency was chosen.
fn is_on(typed: &Typed, name: &str, value: &str) -> bool {
    let nothing = name == "frequency" && typed.one("frequency").is_empty();
    typed.all(name).any(|ticked| ticked == value) || (nothing && value == "daily")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cadence::parse_zone;

    #[test]
    fn every_zone_that_is_offered_exists() {
        for zone in ZONES {
            assert!(parse_zone(zone).is_ok(), "{zone}");
        }
    }

    #[test]
    fn a_wish_the_page_does_not_offer_is_drawn_only_where_it_is_held() {
        let drawn = |pairs: Vec<(String, String)>| form_value(&Typed::new(pairs), &Faults::new()).to_string();
        assert!(!drawn(vec![]).contains("Any other role"));
        assert!(drawn(vec![("roles".into(), "other".into())]).contains("Any other role"));
    }
}
