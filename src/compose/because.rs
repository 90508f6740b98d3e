//! What a listing says to a wish, in the reader's language.

use crate::domain::digest::{Criterion, Reason};
use crate::domain::facts::Facts;
use crate::domain::language::Language;
use crate::domain::listing::Listing;
use crate::domain::place_name::{country_name, country_names, place_name};
use crate::domain::texts::{pay, say, word};
use crate::domain::work_mode::WorkMode;

/// The words of the facts, by their keys; what is the listing's own (a skill, a city, a company) is as it was found.
pub(in crate::compose) fn because(reason: &Reason, listing: &Listing, language: Language) -> String {
    let facts = &listing.facts;
    let said = match reason.criterion {
        Criterion::Role => Some(word(language, "role", facts.role.value.as_str())),
        Criterion::Seniority => facts.seniority.as_ref().map(|found| word(language, "level", found.value.as_str())),
        Criterion::Experience => facts.min_years.as_ref().map(|found| years(found.value, language)),
        Criterion::Salary => facts.pay.as_ref().map(|found| pay(language, &found.value)),
        Criterion::Place => place(facts, language),
        Criterion::WorkMode => facts.work_mode.as_ref().map(|found| word(language, "mode", found.value.as_str())),
        Criterion::EmploymentType => facts.employment_type.as_ref().map(|found| word(language, "contract", found.value.as_str())),
        Criterion::Education => Some(word(language, "education", facts.education_route().as_str())),
        Criterion::Skills | Criterion::Keywords | Criterion::Company => nothing(&reason.found).map(|key| say(language, key, &[])),
    };
    said.unwrap_or_else(|| reason.found.clone())
}

fn years(least: f64, language: Language) -> String {
    say(language, "fact-years", &[("years", least.to_string().into())])
}

fn place(facts: &Facts, language: Language) -> Option<String> {
    if facts.work_mode.as_ref().is_none_or(|mode| mode.value != WorkMode::Remote) {
        let named: Vec<String> = facts.places.iter().map(|found| place_name(&found.value)).collect();
        return if named.is_empty() { facts.country.as_ref().map(|found| country_name(found.value)) } else { Some(named.join("; ")) };
    }
    if facts.remote_countries.is_empty() {
        return Some(say(language, "letter-reason-remote", &[]));
    }
    let open = country_names(facts.remote_countries.iter().map(|found| found.value));
    Some(say(language, "letter-reason-remote-open", &[("countries", open.join(", ").into())]))
}

/// A wish to leave something out holds where the listing does not name it.
fn nothing(found: &str) -> Option<&'static str> {
    match found {
        Reason::NOT_STATED => Some("letter-not-stated"),
        Reason::NONE_OF_THESE | Reason::NO_SKILL | Reason::NO_WORD => Some("letter-reason-none"),
        _ => None,
    }
}
