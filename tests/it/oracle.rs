//! What matching means, by brute force: one preference, one listing, straight from part 6 of the contract, on texts and names.
//!
//! Written apart from `src/matching` and kept naive, so that the two can only agree by being right. The bench uses it as its yardstick;
//! names are put into their canonical spelling once beforehand, as anybody would.

use std::collections::HashSet;

use rolecall::domain::facts::Facts;
use rolecall::domain::pay::Rates;
use rolecall::domain::place::{Country, GeoPoint};
use rolecall::domain::preferences::{Facet, PlaceWish, Preferences, UnknownRule};
use rolecall::domain::query::{Field, Node};
use rolecall::domain::skill::Skill;
use rolecall::domain::text::{fold_name, words};
use rolecall::domain::vocabulary::CityEntry;
use rolecall::domain::{WorkMode, vocabulary};

/// A listing as it is told: facts and texts.
pub struct Told<'a> {
    facts: &'a Facts,
    company: Option<String>,
    skills: HashSet<String>,
    places: Vec<Somewhere>,
    dollars: Option<f64>,
    title_words: Vec<String>,
    company_words: Vec<String>,
    text_words: Vec<String>,
    all_words: HashSet<String>,
}

/// Preferences with canonical names.
pub struct Wished<'a> {
    wishes: &'a Preferences,
    any: Vec<String>,
    all: Vec<String>,
    none: Vec<String>,
    only: Vec<String>,
    never: Vec<String>,
    places: Vec<(Somewhere, Option<f64>)>,
    dollars: Option<f64>,
}

struct Somewhere {
    country: Option<Country>,
    city: Option<String>,
    point: Option<GeoPoint>,
}

impl Somewhere {
    fn new(country: Option<Country>, city: Option<&str>, point: Option<GeoPoint>) -> Self {
        let Some(name) = city.filter(|name| !name.trim().is_empty()) else { return Self { country, city: None, point: None } };
        let entry = vocabulary::places().city(name, country);
        let canonical = entry.map_or(name, |entry| &entry.name);
        Self { country, city: Some(fold_name(canonical)), point: point.or(entry.map(CityEntry::point)) }
    }
}

impl<'a> Told<'a> {
    pub fn new(facts: &'a Facts, title: &str, company: Option<&str>, text: &str, rates: &Rates) -> Self {
        let country = facts.country.as_ref().map(|found| found.value);
        let mut places: Vec<Somewhere> = Vec::new();
        for place in &facts.places {
            let place = &place.value;
            places.push(Somewhere::new(place.country.or(country), place.city.as_deref(), place.point));
        }
        if places.is_empty() && country.is_some() {
            places.push(Somewhere::new(country, None, None));
        }
        let (title_words, company_words, text_words) = (words(title), words(company.unwrap_or("")), words(text));
        let all_words = title_words.iter().chain(&company_words).chain(&text_words).cloned().collect();
        Self {
            facts,
            company: company.map(fold_name).filter(|name| !name.is_empty()),
            skills: facts.skills.iter().map(|found| found.value.to_string()).collect(),
            places,
            dollars: facts.pay.as_ref().and_then(|pay| rates.comparable(&pay.value)),
            title_words,
            company_words,
            text_words,
            all_words,
        }
    }
}

impl<'a> Wished<'a> {
    pub fn new(wishes: &'a Preferences, rates: &Rates) -> Self {
        let skills = |list: &[Skill]| list.iter().map(|skill| vocabulary::skills().canonical(skill).to_string()).collect();
        let names = |list: &[String]| list.iter().map(|name| fold_name(name)).collect();
        let place = |wish: &PlaceWish| {
            let somewhere = |city: &str| (Somewhere::new(wish.country, Some(city), None), wish.within_km);
            let area = wish.city.as_deref().and_then(|name| vocabulary::places().area(name));
            let area = area.filter(|area| wish.country.is_none_or(|country| country == area.country));
            match area {
                Some(area) => area.cities.iter().map(|city| somewhere(city)).collect(),
                None => vec![(Somewhere::new(wish.country, wish.city.as_deref(), None), wish.within_km)],
            }
        };
        let salary = wishes.salary.as_ref();
        Self {
            wishes,
            any: skills(&wishes.skills.any),
            all: skills(&wishes.skills.all),
            none: skills(&wishes.skills.none),
            only: names(&wishes.companies.only),
            never: names(&wishes.companies.never),
            places: wishes.places.any.iter().flat_map(place).collect(),
            dollars: salary.and_then(|wish| rates.dollars_a_year(wish.min, wish.currency, wish.period)),
        }
    }
}

/// Whether the listing satisfies the preferences.
pub fn matches(wanted: &Wished, told: &Told) -> bool {
    let (facts, wishes) = (told.facts, wanted.wishes);
    passes(&wishes.roles, Some(&facts.role.value))
        && passes(&wishes.seniority, facts.seniority.as_ref().map(|found| &found.value))
        && passes(&wishes.work_modes, facts.work_mode.as_ref().map(|found| &found.value))
        && passes(&wishes.employment_types, facts.employment_type.as_ref().map(|found| &found.value))
        && passes(&wishes.education, Some(&facts.education_route()))
        && place(wanted, told)
        && skills(wanted, told)
        && years(wishes, facts)
        && salary(wanted, told)
        && company(wanted, told)
        && wishes.keywords.as_ref().is_none_or(|query| keywords(query.root(), told))
}

fn lets_pass(rule: UnknownRule) -> bool {
    rule == UnknownRule::Include
}

fn passes<T: PartialEq>(facet: &Facet<T>, value: Option<&T>) -> bool {
    match value {
        None => lets_pass(facet.unknown),
        Some(value) => facet.any.is_empty() || facet.any.contains(value),
    }
}

fn skills(wanted: &Wished, told: &Told) -> bool {
    let named = |skill: &String| told.skills.contains(skill);
    (wanted.any.is_empty() || wanted.any.iter().any(named)) && wanted.all.iter().all(named) && !wanted.none.iter().any(named)
}

fn years(wishes: &Preferences, facts: &Facts) -> bool {
    match (wishes.experience_years, &facts.min_years) {
        (Some(has), Some(asked)) => asked.value <= has,
        _ => true,
    }
}

fn salary(wanted: &Wished, told: &Told) -> bool {
    let Some(wish) = &wanted.wishes.salary else { return true };
    match (wanted.dollars, told.dollars) {
        (Some(least), Some(pay)) => pay >= least,
        _ => lets_pass(wish.undisclosed),
    }
}

fn company(wanted: &Wished, told: &Told) -> bool {
    match &told.company {
        None => wanted.only.is_empty() || lets_pass(wanted.wishes.companies.unknown),
        Some(name) => (wanted.only.is_empty() || wanted.only.contains(name)) && !wanted.never.contains(name),
    }
}

fn place(wanted: &Wished, told: &Told) -> bool {
    let (facts, wishes) = (told.facts, wanted.wishes);
    if wishes.places.any.is_empty() {
        return true;
    }
    if facts.work_mode.as_ref().is_some_and(|mode| mode.value == WorkMode::Remote) {
        let wanted = wishes.work_modes.any.is_empty() || wishes.work_modes.any.contains(&WorkMode::Remote);
        let open = facts.remote_countries.is_empty()
            || wishes.home_country.is_some_and(|home| facts.remote_countries.iter().any(|country| country.value == home));
        return wanted && open;
    }
    let pass = lets_pass(wishes.places.unknown);
    if told.places.is_empty() {
        return pass;
    }
    wanted.places.iter().any(|(wish, km)| told.places.iter().any(|place| fits(wish, *km, place, pass)))
}

fn fits(wish: &Somewhere, within_km: Option<f64>, place: &Somewhere, pass: bool) -> bool {
    if place.country.is_none() && place.city.is_none() {
        return pass;
    }
    let country = match (wish.country, place.country) {
        (Some(wished), Some(listed)) => wished == listed,
        (Some(_), None) => pass,
        (None, _) => true,
    };
    if !country {
        return false;
    }
    let (Some(wished), Some(listed)) = (&wish.city, &place.city) else { return wish.city.is_none() || pass };
    let near = match (within_km, wish.point, place.point) {
        (Some(km), Some(centre), Some(point)) => centre.kilometres_to(point) <= km,
        _ => false,
    };
    near || wished == listed
}

fn keywords(node: &Node, told: &Told) -> bool {
    match node {
        Node::And(parts) => parts.iter().all(|part| keywords(part, told)),
        Node::Or(parts) => parts.iter().any(|part| keywords(part, told)),
        Node::Not(part) => !keywords(part, told),
        Node::Term { field: None, words } => {
            words.iter().all(|word| told.all_words.contains(word))
                && (words.len() == 1
                    || [&told.title_words, &told.company_words, &told.text_words].into_iter().any(|text| stand(words, text)))
        }
        Node::Term { field: Some(Field::Title), words } => stand(words, &told.title_words),
        Node::Term { field: Some(Field::Company), words } => stand(words, &told.company_words),
        Node::Term { field: Some(Field::Skill), words: sought } => told.skills.iter().any(|skill| stand(sought, &words(skill))),
    }
}

/// Whether the words stand side by side in the text.
fn stand(sought: &[String], text: &[String]) -> bool {
    text.windows(sought.len()).any(|window| window == sought)
}
