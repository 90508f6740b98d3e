//! Why a listing matches, or does not: every wish that restricts, how it came out, and the words it rests on.

use crate::domain::digest::{Criterion, Reason};
use crate::domain::education::Education;
use crate::domain::employment::EmploymentType;
use crate::domain::facts::{Facts, Finding};
use crate::domain::pay::{Pay, Rates};
use crate::domain::place::Country;
use crate::domain::preferences::{Facet, PlaceWish, Preferences, SalaryWish};
use crate::domain::query::{Field, Node};
use crate::domain::role::Role;
use crate::domain::seniority::Seniority;
use crate::domain::skill::Skill;
use crate::domain::vocabulary;
use crate::domain::work_mode::WorkMode;
use crate::matching::subject::Subject;
use crate::matching::verdict::{names, stands, verdict};
use crate::matching::wishes::wants_remote;

/// One reason for each criterion that is wished for, in the order of [`Criterion::ALL`]; a listing matches exactly when none fails.
#[must_use]
pub fn reasons(wishes: &Preferences, subject: &Subject<'_>, rates: &Rates) -> Vec<Reason> {
    let judged = Criterion::ALL.iter().filter_map(|criterion| Some((*criterion, verdict(*criterion, wishes, subject, rates)?)));
    let told = judged.map(|(criterion, verdict)| {
        let (found, evidence) = found(criterion, wishes, subject);
        Reason { criterion, verdict, wish: wish(criterion, wishes), found, evidence }
    });
    told.collect()
}

/// A wish in everyday words.
fn wish(criterion: Criterion, wishes: &Preferences) -> String {
    match criterion {
        Criterion::Role => values(&wishes.roles, Role::label),
        Criterion::Skills => wished_skills(wishes),
        Criterion::Seniority => values(&wishes.seniority, Seniority::label),
        Criterion::Experience => wishes.experience_years.map(|years| format!("at most {}", years_of(years))).unwrap_or_default(),
        Criterion::Salary => wishes.salary.as_ref().map(wished_pay).unwrap_or_default(),
        Criterion::Place => wished_places(wishes),
        Criterion::WorkMode => values(&wishes.work_modes, WorkMode::label),
        Criterion::EmploymentType => values(&wishes.employment_types, EmploymentType::label),
        Criterion::Education => values(&wishes.education, Education::label),
        Criterion::Company => wished_companies(wishes),
        Criterion::Keywords => wishes.keywords.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

fn values<T: Copy>(facet: &Facet<T>, label: fn(T) -> &'static str) -> String {
    if facet.any.is_empty() { "stated".to_owned() } else { either(facet.any.iter().map(|value| label(*value))) }
}

fn either<T: Into<String>>(values: impl Iterator<Item = T>) -> String {
    values.map(Into::into).collect::<Vec<String>>().join(" or ")
}

/// What a wish has of positive parts and of what it does not want: `rust or go, not php`.
fn parts(parts: [String; 3]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn not(unwanted: &str) -> String {
    if unwanted.is_empty() { String::new() } else { format!("not {unwanted}") }
}

fn wished_skills(wishes: &Preferences) -> String {
    let wish = &wishes.skills;
    let all = wish.all.iter().map(Skill::as_str).collect::<Vec<_>>().join(" and ");
    parts([all, either(wish.any.iter().map(Skill::as_str)), not(&either(wish.none.iter().map(Skill::as_str)))])
}

fn wished_companies(wishes: &Preferences) -> String {
    let name = |name: &String| name.trim().to_owned();
    let only = either(wishes.companies.only.iter().map(name));
    let only = if only.is_empty() { only } else { format!("only {only}") };
    parts([only, not(&either(wishes.companies.never.iter().map(name))), String::new()])
}

fn years_of(years: f64) -> String {
    if (years - 1.0).abs() < f64::EPSILON { "1 year".to_owned() } else { format!("{years} years") }
}

fn wished_pay(wish: &SalaryWish) -> String {
    let (least, raw) = (Some(wish.min), String::new());
    let pay = Pay { min: least, max: least, currency: Some(wish.currency), period: Some(wish.period), raw };
    format!("at least {}", pay.shown())
}

fn wished_places(wishes: &Preferences) -> String {
    let mut places: Vec<String> = wishes.places.any.iter().map(wished_place).collect();
    if wants_remote(wishes) {
        places.push(wishes.home_country.map_or("remote".to_owned(), |home| format!("remote from {home}")));
    }
    either(places.into_iter())
}

fn wished_place(wish: &PlaceWish) -> String {
    let city = wish.city.as_deref().map(str::trim).filter(|city| !city.is_empty());
    let named: Vec<&str> = city.into_iter().chain(wish.country.as_ref().map(Country::as_str)).collect();
    let around = wish.within_km.filter(|_| city.is_some()).map(|km| format!("within {km} km of ")).unwrap_or_default();
    around + &named.join(", ")
}

/// What the listing says to a criterion, and the words it rests on.
fn found(criterion: Criterion, wishes: &Preferences, subject: &Subject<'_>) -> (String, String) {
    let facts = subject.facts;
    match criterion {
        Criterion::Role => said(Some(&facts.role), |value| value.label().to_owned()),
        Criterion::Skills => found_skills(wishes, subject),
        Criterion::Seniority => said(facts.seniority.as_ref(), |value| value.label().to_owned()),
        Criterion::Experience => said(facts.min_years.as_ref(), |years| format!("asks for {}", years_of(*years))),
        Criterion::Salary => said(facts.pay.as_ref(), Pay::shown),
        Criterion::Place => found_places(facts),
        Criterion::WorkMode => said(facts.work_mode.as_ref(), |value| value.label().to_owned()),
        Criterion::EmploymentType => said(facts.employment_type.as_ref(), |value| value.label().to_owned()),
        Criterion::Education => {
            let (_, evidence) = said(facts.education.as_ref(), |_| String::new());
            (facts.education_route().label().to_owned(), evidence)
        }
        Criterion::Company => {
            let name = subject.company.map(str::trim).filter(|name| !name.is_empty()).unwrap_or_default();
            (if name.is_empty() { Reason::NOT_STATED } else { name }.to_owned(), name.to_owned())
        }
        Criterion::Keywords => found_keywords(wishes, subject),
    }
}

fn said<T>(found: Option<&Finding<T>>, words: impl Fn(&T) -> String) -> (String, String) {
    found.map_or_else(|| (Reason::NOT_STATED.to_owned(), String::new()), |finding| (words(&finding.value), finding.evidence.clone()))
}

/// The evidence of several findings, each text once, in order.
fn evidence<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join("; ")
}

fn found_skills(wishes: &Preferences, subject: &Subject<'_>) -> (String, String) {
    let wish = &wishes.skills;
    let mut named: Vec<Skill> = Vec::new();
    for skill in wish.all.iter().chain(&wish.any).chain(&wish.none).filter(|skill| names(subject, skill)) {
        let canonical = vocabulary::skills().canonical(skill);
        if !named.contains(&canonical) {
            named.push(canonical);
        }
    }
    if named.is_empty() {
        let words = if subject.facts.skills.is_empty() { Reason::NO_SKILL } else { Reason::NONE_OF_THESE };
        return (words.to_owned(), String::new());
    }
    let texts = subject.facts.skills.iter().filter(|found| named.contains(&found.value)).map(|found| found.evidence.as_str());
    (named.iter().map(Skill::as_str).collect::<Vec<_>>().join(", "), evidence(texts))
}

fn found_places(facts: &Facts) -> (String, String) {
    if let Some(mode) = facts.work_mode.as_ref().filter(|mode| mode.value == WorkMode::Remote) {
        if facts.remote_countries.is_empty() {
            return ("remote, no country named".to_owned(), mode.evidence.clone());
        }
        let open: Vec<&str> = facts.remote_countries.iter().map(|found| found.value.as_str()).collect();
        let texts = facts.remote_countries.iter().map(|found| found.evidence.as_str());
        return (format!("remote, open to {}", open.join(", ")), evidence([mode.evidence.as_str()].into_iter().chain(texts)));
    }
    if facts.places.is_empty() {
        return said(facts.country.as_ref(), ToString::to_string);
    }
    let named: Vec<String> = facts.places.iter().map(|found| found.value.to_string()).collect();
    (named.join("; "), evidence(facts.places.iter().map(|found| found.evidence.as_str())))
}

fn found_keywords(wishes: &Preferences, subject: &Subject<'_>) -> (String, String) {
    let mut found = Vec::new();
    if let Some(query) = &wishes.keywords {
        terms(query.root(), subject, &mut found);
    }
    let words = found.join(", ");
    (if words.is_empty() { Reason::NO_WORD.to_owned() } else { words.clone() }, words)
}

/// The terms that stand in the listing, wanted or not, each once, as they would be written.
fn terms(node: &Node, subject: &Subject<'_>, found: &mut Vec<String>) {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| terms(part, subject, found)),
        Node::Not(part) => terms(part, subject, found),
        Node::Term { field, words } if stands(*field, words, subject) => {
            let phrase = words.join(" ");
            let place = field.map(Field::as_str);
            let term = place.map_or_else(|| phrase.clone(), |place| format!("{phrase} ({place})"));
            if !found.contains(&term) {
                found.push(term);
            }
        }
        Node::Term { .. } => {}
    }
}
