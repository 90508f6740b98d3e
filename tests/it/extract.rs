//! Stories of reading postings. How well the reading agrees with labels of real listings stands in `agreement`.

use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{Facts, PayPeriod, Posting, WorkMode};
use rolecall::extract::Extractor;
use serde_json::Value;

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-01T00:00:00Z").expect("the data is well formed").to_utc()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).expect("the data is well formed")).collect()
}

fn line_of(facts: &Facts) -> Value {
    serde_json::to_value(facts.line("id")).expect("the data is well formed")
}

fn fixture(name: &str) -> Vec<Value> {
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract").join(name))
}

#[test]
fn pay_is_read_as_it_is_written_and_never_invented() {
    let extractor = Extractor::new();
    for case in fixture("pay.ndjson") {
        let text = |key: &str| case[key].as_str().map(str::to_owned);
        let posting = Posting {
            title: text("title").unwrap_or_default(),
            location: text("location"),
            salary_text: text("field"),
            description: text("text"),
            ..Posting::default()
        };
        let salary = &line_of(&extractor.facts(&posting))["salary"];
        if case["none"] == true {
            assert!(salary.is_null(), "{case} gave {salary}");
            continue;
        }
        for part in ["min", "max"] {
            assert_eq!(salary[part].as_f64(), case[part].as_f64(), "{part} of {case} gave {salary}");
        }
        for part in ["currency", "period"] {
            assert_eq!(salary[part], case[part], "{part} of {case} gave {salary}");
        }
    }
}

#[test]
fn hand_written_postings_give_the_facts_a_reader_would_give() {
    gives_what_a_reader_would("postings.ndjson");
}

#[test]
fn traps_of_place_and_terms_are_seen_through() {
    gives_what_a_reader_would("traps_place.ndjson");
}

#[test]
fn traps_of_role_and_level_are_seen_through() {
    gives_what_a_reader_would("traps_role.ndjson");
}

fn gives_what_a_reader_would(name: &str) {
    let extractor = Extractor::new();
    for case in fixture(name) {
        let posting: Posting = serde_json::from_value(case["posting"].clone()).expect("a case of the fixture");
        let line = line_of(&extractor.facts(&posting));
        for (fact, expected) in case["expect"].as_object().expect("a case of the fixture") {
            assert_eq!(&line[fact], expected, "{fact} of posting {}: {line}", posting.id);
        }
    }
}

#[test]
fn traps_of_skill_names_catch_nothing() {
    let extractor = Extractor::new();
    let cases = fixture("traps_skills.ndjson");
    assert!(cases.len() >= 20, "{}", cases.len());
    for case in cases {
        let posting: Posting = serde_json::from_value(case["posting"].clone()).unwrap();
        let facts = extractor.facts(&posting);
        assert_eq!(line_of(&facts)["skills"], case["expect"]["skills"], "posting {}", posting.id);
        if let Some(optional) = case["optional"].as_array() {
            let found: Vec<&str> = facts.optional_skills.iter().map(rolecall::domain::Skill::as_str).collect();
            assert_eq!(found, *optional, "nice to have of posting {}", posting.id);
        }
    }
}

#[test]
fn facts_kept_before_a_new_field_read_back() {
    let facts = Extractor::new().facts(&Posting {
        title: "Java Developer".into(),
        description: Some("We write Java. Kafka is a plus.".into()),
        ..Posting::default()
    });
    assert_eq!(facts.optional_skills.len(), 1);
    let mut stored = serde_json::to_value(&facts).unwrap();
    assert_eq!(serde_json::from_value::<Facts>(stored.clone()).unwrap(), facts);
    stored.as_object_mut().unwrap().remove("optional_skills");
    assert_eq!(serde_json::from_value::<Facts>(stored).unwrap(), Facts { optional_skills: Vec::new(), ..facts });
}

#[test]
fn every_fact_rests_on_words_of_the_posting() {
    let extractor = Extractor::new();
    for case in ["postings.ndjson", "traps_place.ndjson"].into_iter().flat_map(fixture) {
        let posting: Posting = serde_json::from_value(case["posting"].clone()).unwrap();
        let listing = extractor.read(posting, now());
        let posting = &listing.posting;
        let fields = [
            Some(&posting.title),
            posting.company.as_ref(),
            posting.location.as_ref(),
            posting.salary_text.as_ref(),
            posting.employment_type.as_ref(),
        ];
        let all: String = fields
            .into_iter()
            .flatten()
            .chain([&listing.text])
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
            .collect();
        for (fact, words) in listing.facts.evidence() {
            for piece in words.split("; ") {
                assert!(all.contains(piece.trim_end_matches('…')), "{fact} of posting {}: {piece:?}", posting.id);
            }
        }
    }
}

#[test]
fn platform_fields_come_before_words() {
    let posting = Posting {
        title: "Backend Engineer".into(),
        location: Some("Berlin".into()),
        description: Some("Salary: $10,000 - $20,000 a year. Remote.".into()),
        salary: Some(StructuredPay {
            min: Some(70_000.0),
            max: Some(90_000.0),
            currency: Some("EUR".into()),
            period: Some(PayPeriod::Year),
            estimated: false,
        }),
        work_mode: Some(WorkMode::Onsite),
        country: Some("DE".into()),
        posted_at: Some("2026-02-03T10:00:00Z".into()),
        valid_through: Some("2026-04-01".into()),
        ..Posting::default()
    };
    let listing = Extractor::new().read(posting, now());
    let line = line_of(&listing.facts);
    assert_eq!((line["salary"]["min"].as_f64(), &line["salary"]["currency"]), (Some(70_000.0), &Value::from("EUR")));
    assert_eq!((&line["work_mode"], &line["country"]), (&Value::from("onsite"), &Value::from("DE")));
    assert_eq!(listing.posted_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-02-03T10:00:00+00:00"));
    assert_eq!(listing.valid_through.map(|at| at.to_rfc3339()).as_deref(), Some("2026-04-01T23:59:59+00:00"));
}

#[test]
fn a_hostile_posting_costs_little() {
    let extractor = Extractor::new();
    let junk = "1,00,000 - c, go and 5 years remote bachelor $ ".repeat(25_000);
    let deep = "<ul><li>".repeat(10_000) + &junk;
    for text in [junk, deep, "9".repeat(1_000_000), "₹".repeat(300_000), "java, ".repeat(170_000), "a".repeat(1_000_000)] {
        // What this thread has had of the processor: a busy machine fails no test.
        let seconds = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec;
        let start = seconds();
        let listing = extractor.read(Posting { title: text.clone(), description: Some(text), ..Posting::default() }, now());
        // Most of this is spent unoptimised here; a release build stays below a tenth of a second.
        assert!(seconds() - start < 10, "{} s", seconds() - start);
        assert!(listing.facts.skills.len() <= 80);
    }
}

proptest! {
    #[test]
    fn any_posting_is_read_without_a_panic(title in ".{0,80}", text in ".{0,400}", place in ".{0,40}", pay in ".{0,60}") {
        static EXTRACTOR: std::sync::LazyLock<Extractor> = std::sync::LazyLock::new(Extractor::new);
        let posting = Posting { title, location: Some(place), description: Some(text), salary_text: Some(pay), ..Posting::default() };
        let listing = EXTRACTOR.read(posting, now());
        prop_assert!(serde_json::to_string(&listing.facts.line("x")).is_ok());
    }
}
