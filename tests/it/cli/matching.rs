//! `rolecall match` against the brute-force definition, on real listings and alerts drawn from their words.
//!
//! `ROLECALL_MATCH_ALERTS=10000 cargo test --test it cli::matching -- --nocapture` draws ten times as many.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::time::Instant;

use rolecall::domain::text::words;
use rolecall::domain::{Alert, Education, EmploymentType, NewListing, Posting, Rates, Role, Seniority, WorkMode};
use rolecall::extract::Extractor;
use serde_json::{Map, Value, json};

use super::{Done, Place};
use crate::matching::draw::Chance;
use crate::matching::oracle::{self, Told, Wished};
use crate::support::{recorded_data, skipped};

/// Listings taken from the recorded ones, evenly spread.
const LISTINGS: usize = 1_000;
/// Alerts drawn where the environment says nothing.
const ALERTS: usize = 1_000;

#[test]
fn every_match_of_the_command_is_one_by_the_definition_and_none_is_missing() {
    let Some(corpus) = recorded_data().map(|data| data.join("corpus/train.ndjson.gz")).filter(|path| path.is_file()) else {
        return skipped("match against the definition", "no recorded data");
    };
    let count = std::env::var("ROLECALL_MATCH_ALERTS").ok().and_then(|text| text.parse().ok()).unwrap_or(ALERTS);
    let (lines, listings) = real_listings(&corpus);
    let market = Market::of(&listings);
    let mut chance = Chance::new(20_261_122);
    let alerts: Vec<Value> = (0..count).map(|number| market.alert(&mut chance, number)).collect();
    let place = Place::new();
    place.write("listings.ndjson", &lines);
    let lines: Vec<String> = alerts.iter().map(ToString::to_string).collect();
    place.write("alerts.ndjson", &lines.join("\n"));

    let begun = Instant::now();
    let done = place.run("match --alerts alerts.ndjson --listings listings.ndjson --timing");
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(done.code, Some(0), "{}", done.talk);
    let found = pairs(&done);
    let begun = Instant::now();
    let expected = brute(&alerts, &listings);
    println!(
        "{count} alerts x {} listings: {} pairs, {} matches, {} differences; the command took {seconds:.1} s, the definition {:.1} s",
        listings.len(),
        count * listings.len(),
        expected.len(),
        found.symmetric_difference(&expected).count(),
        begun.elapsed().as_secs_f64()
    );
    assert!(expected.len() > count, "the draw is too strict to say anything: {} matches", expected.len());
    for (alert, listing) in found.symmetric_difference(&expected).take(3) {
        eprintln!("{} and listing {listing}: the definition says {}", alerts[*alert], expected.contains(&(*alert, *listing)));
    }
    assert!(found == expected);
    timing(&done, count, &found);
}

/// The line of figures ends stderr.
fn timing(done: &Done, count: usize, found: &HashSet<(usize, usize)>) {
    let figures: Value = serde_json::from_str(done.talk.lines().last().unwrap()).unwrap();
    assert_eq!((&figures["alerts"], &figures["listings"], &figures["matches"]), (&count.into(), &LISTINGS.into(), &found.len().into()));
    assert!(figures["load_ms"].as_f64().unwrap() > 0.0 && figures["match_ms"].as_f64().unwrap() > 0.0, "{figures}");
    println!("{figures}");
}

/// Postings as NDJSON, and what is understood of them; ids are numbers in order.
fn real_listings(corpus: &Path) -> (String, Vec<NewListing>) {
    let reader = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(corpus).unwrap()));
    let all: Vec<String> = reader.lines().map(Result::unwrap).collect();
    let extractor = Extractor::new();
    let now = rolecall::clock::Clock::System.now();
    let mut lines = String::new();
    let mut listings = Vec::new();
    for line in all.iter().step_by(all.len() / LISTINGS).take(LISTINGS) {
        let posting: Posting = serde_json::from_str(line).unwrap();
        let posting = Posting { id: listings.len().to_string(), ..posting };
        lines += &serde_json::to_string(&posting).unwrap();
        lines.push('\n');
        listings.push(extractor.read(posting, now));
    }
    (lines, listings)
}

/// What the command printed, each pair once.
fn pairs(done: &Done) -> HashSet<(usize, usize)> {
    let number = |value: &Value| value.as_str().unwrap().parse::<usize>().unwrap();
    let mut found = HashSet::new();
    for line in done.out.lines() {
        let pair: Value = serde_json::from_str(line).unwrap();
        assert!(found.insert((number(&pair["alert"]), number(&pair["listing"]))), "twice: {line}");
    }
    found
}

fn brute(alerts: &[Value], listings: &[NewListing]) -> HashSet<(usize, usize)> {
    let rates = Rates::default();
    let told: Vec<Told<'_>> =
        listings.iter().map(|one| Told::new(&one.facts, &one.posting.title, one.posting.company.as_deref(), &one.text, &rates)).collect();
    let mut expected = HashSet::new();
    for (alert, value) in alerts.iter().enumerate() {
        let read: Alert = serde_json::from_value(value.clone()).unwrap();
        let wished = Wished::new(&read.preferences, &rates);
        expected.extend(told.iter().enumerate().filter(|(_, told)| oracle::matches(&wished, told)).map(|(listing, _)| (alert, listing)));
    }
    expected
}

/// What the listings are made of: alerts are drawn from it, so that they match now and then.
struct Market {
    texts: Vec<Vec<String>>,
    skills: Vec<String>,
    companies: Vec<String>,
    countries: Vec<String>,
    cities: Vec<String>,
}

impl Market {
    fn of(listings: &[NewListing]) -> Self {
        let text = |one: &NewListing| {
            let company = one.posting.company.as_deref().unwrap_or_default();
            [words(&one.posting.title), words(company), words(&one.text)]
        };
        let facts = || listings.iter().map(|one| &one.facts);
        let aliases = ["golang", "k8s", "Postgres", "node", "C++"].map(str::to_owned);
        Self {
            texts: listings.iter().flat_map(text).filter(|words| !words.is_empty()).collect(),
            skills: facts().flat_map(|facts| &facts.skills).map(|skill| skill.value.to_string()).chain(aliases).collect(),
            companies: listings.iter().filter_map(|one| one.posting.company.clone()).collect(),
            countries: facts().filter_map(|facts| facts.country.as_ref()).map(|country| country.value.to_string()).collect(),
            cities: facts().flat_map(|facts| &facts.places).filter_map(|place| place.value.city.clone()).collect(),
        }
    }

    /// An alert in the shape of the contract; each facet is there now and then.
    fn alert(&self, chance: &mut Chance, number: usize) -> Value {
        let mut wishes = Map::new();
        let mut put = |chance: &mut Chance, percent: usize, key: &str, value: &mut dyn FnMut(&mut Chance) -> Value| {
            if chance.percent(percent) {
                wishes.insert(key.to_owned(), value(chance));
            }
        };
        put(chance, 40, "roles", &mut |chance| facet(chance, Role::ALL));
        put(chance, 25, "seniority", &mut |chance| facet(chance, Seniority::ALL));
        put(chance, 25, "work_modes", &mut |chance| facet(chance, WorkMode::ALL));
        put(chance, 15, "employment_types", &mut |chance| facet(chance, EmploymentType::ALL));
        put(chance, 15, "education", &mut |chance| facet(chance, Education::ALL));
        put(chance, 20, "experience_years", &mut |chance| json!(chance.below(12)));
        put(chance, 30, "home_country", &mut |chance| json!(chance.one(&self.countries)));
        put(
            chance,
            40,
            "skills",
            &mut |chance| json!({ "any": chance.some(&self.skills, 6), "all": chance.some(&self.skills, 1), "none": chance.some(&self.skills, 2) }),
        );
        put(chance, 25, "salary", &mut |chance| salary(chance));
        put(chance, 30, "places", &mut |chance| {
            let any: Vec<Value> = (0..=chance.below(3)).map(|_| self.place(chance)).collect();
            if chance.percent(70) { json!(any) } else { json!({ "any": any, "unknown": "exclude" }) }
        });
        put(chance, 15, "companies", &mut |chance| {
            let only = if chance.percent(30) { chance.some(&self.companies, 40) } else { Vec::new() };
            let never: Vec<String> = chance.some(&self.companies, 3).iter().map(|name| format!(" {} ", name.to_uppercase())).collect();
            json!({ "only": only, "never": never, "unknown": rule(chance) })
        });
        put(chance, 40, "keywords", &mut |chance| json!(self.query(chance, 0)));
        json!({ "id": number.to_string(), "name": format!("Alert {number}"), "preferences": wishes })
    }

    fn place(&self, chance: &mut Chance) -> Value {
        let mut place = Map::new();
        if chance.percent(60) {
            place.insert("country".to_owned(), json!(chance.one(&self.countries)));
        }
        if place.is_empty() || chance.percent(50) {
            place.insert("city".to_owned(), json!(chance.one(&self.cities)));
            if chance.percent(50) {
                place.insert("within_km".to_owned(), json!(*chance.one(&[10, 50, 300, 3_000])));
            }
        }
        Value::Object(place)
    }

    /// Words and phrases that stand in some listing, put together in every way the language knows.
    fn query(&self, chance: &mut Chance, depth: usize) -> String {
        let text = chance.one(&self.texts);
        let from = chance.below(text.len());
        let run = |length: usize| text[from..text.len().min(from + length)].join(" ");
        let join = |chance: &mut Chance, with: &str| {
            let parts: Vec<String> = (0..2 + chance.below(2)).map(|_| self.query(chance, depth + 1)).collect();
            format!("({})", parts.join(with))
        };
        match chance.below(if depth > 2 { 5 } else { 11 }) {
            0 | 1 => format!("\"{}\"", run(1)),
            2 => format!("\"{}\"", run(2)),
            3 => format!("\"{}\"", run(3)),
            4 => format!("{}:\"{}\"", chance.one(&["title", "company", "skill"]), run(1)),
            5 => join(chance, " AND "),
            6 => join(chance, " "),
            7 | 8 => join(chance, " OR "),
            9 => format!("NOT {}", self.query(chance, depth + 1)),
            _ => format!("-\"{}\"", run(1)),
        }
    }
}

/// Some values of a facet, in the short spelling or with its rule for unknown facts.
fn facet<T: serde::Serialize + Clone>(chance: &mut Chance, of: &[T]) -> Value {
    let any: Vec<T> = chance.some(of, 4);
    if chance.percent(60) { json!(any) } else { json!({ "any": any, "unknown": rule(chance) }) }
}

fn rule(chance: &mut Chance) -> &'static str {
    if chance.percent(60) { "include" } else { "exclude" }
}

/// A drawn least salary.
fn salary(chance: &mut Chance) -> Value {
    let currency = *chance.one(&["USD", "INR", "GBP", "EUR", "AUD", "ZAR"]);
    let period = *chance.one(&["year", "year", "month", "hour"]);
    let scale = if period == "year" { 1_000 } else { 20 };
    json!({ "min": chance.below(150) * scale, "currency": currency, "period": period, "undisclosed": rule(chance) })
}
