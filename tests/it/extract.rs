//! Stories of reading postings, and how well the reading agrees with labels of real listings.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{Facts, PayPeriod, Posting, WorkMode};
use rolecall::extract::Extractor;
use serde_json::Value;

use crate::support::{recorded_data, skipped};

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-01T00:00:00Z").expect("the data is well formed").to_utc()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).expect("the data is well formed")).collect()
}

/// Right answers of a field, and the answers by class.
#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
    /// Per class: right, given, due.
    classes: BTreeMap<String, (usize, usize, usize)>,
}

impl Score {
    fn add(&mut self, given: &str, due: &str) -> bool {
        self.all += 1;
        self.classes.entry(given.to_owned()).or_default().1 += 1;
        let class = self.classes.entry(due.to_owned()).or_default();
        class.2 += 1;
        if given == due {
            class.0 += 1;
            self.right += 1;
        }
        given == due
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred listings")]
    fn share(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred listings")]
    fn print(&self, field: &str, classes: bool) {
        crate::support::say(&format!("{field:<12} {:>4}/{:<4} {:.3}", self.right, self.all, self.share()));
        for (class, (right, given, due)) in self.classes.iter().filter(|_| classes) {
            let (precision, recall) = (*right as f64 / (*given).max(1) as f64, *right as f64 / (*due).max(1) as f64);
            let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
            crate::support::say(&format!("    {class:<24} P {precision:.2}  R {recall:.2}  F1 {f1:.2}  ({right} of {due}, {given} given)"));
        }
    }
}

/// Reads the labelled listings and counts agreement per field.
#[derive(Default)]
struct Agreement {
    fields: BTreeMap<&'static str, Score>,
    skills: (usize, usize, usize),
    invented_pay: usize,
    misses: Vec<String>,
}

impl Agreement {
    fn field(&mut self, name: &'static str, id: &str, given: &Value, due: &Value) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if !self.fields.entry(name).or_default().add(&text(given), &text(due)) {
            self.misses.push(format!("{name:<10} {id}: {} for {}", text(given), text(due)));
        }
    }

    fn listing(&mut self, label: &Value, line: &Value) {
        let id = label["id"].as_str().expect("the data is well formed");
        for (name, key) in [
            ("role", "role"),
            ("is_backend", "is_backend"),
            ("seniority", "seniority"),
            ("remote", "work_mode"),
            ("country", "country"),
            ("min_years", "min_years"),
            ("education", "education"),
        ] {
            let due = if name == "min_years" { label[name].as_f64().map_or(Value::Null, Value::from) } else { label[name].clone() };
            self.field(name, id, &line[key], &due);
        }
        self.pay(id, &line["salary"], &label["salary"], &[]);
        let names = |value: &Value| -> Vec<String> {
            value
                .as_array()
                .expect("the data is well formed")
                .iter()
                .map(|skill| skill.as_str().expect("the data is well formed").to_owned())
                .collect()
        };
        let (given, due) = (names(&line["skills"]), names(&label["skills"]));
        let right = given.iter().filter(|skill| due.contains(skill)).count();
        self.skills = (self.skills.0 + right, self.skills.1 + given.len(), self.skills.2 + due.len());
        for skill in given.iter().filter(|skill| !due.contains(skill)) {
            self.misses.push(format!("skill+     {id}: {skill}"));
        }
        for skill in due.iter().filter(|skill| !given.contains(skill)) {
            self.misses.push(format!("skill-     {id}: {skill}"));
        }
    }

    /// All four parts must agree; where a part is not written in the text, saying nothing is not wrong.
    fn pay(&mut self, id: &str, given: &Value, due: &Value, inferred: &[String]) {
        let parts = |pay: &Value, given: Option<&Value>| {
            if pay.is_null() {
                return "none".to_owned();
            }
            let part = |name: &str| {
                if given.is_some_and(|given| given[name].is_null()) && inferred.iter().any(|one| one == name) {
                    "null".to_owned()
                } else {
                    pay[name].to_string()
                }
            };
            let number = |name: &str| pay[name].as_f64().map_or("null".to_owned(), |units| units.to_string());
            format!("{}-{} {} {}", number("min"), number("max"), part("currency"), part("period"))
        };
        let (given_text, due_text) = (parts(given, None), parts(due, Some(given)));
        self.invented_pay += usize::from(due.is_null() && !given.is_null());
        if !self.fields.entry("salary").or_default().add(&given_text, &due_text) {
            self.misses.push(format!("salary     {id}: {given_text} for {due_text} {}", given["raw"]));
        }
    }

    fn print(&self, title: &str) {
        crate::support::say(&format!("\n== {title}"));
        for (name, score) in &self.fields {
            score.print(name, !matches!(*name, "salary" | "country" | "min_years"));
        }
        if self.skills.1 > 0 {
            crate::support::say(&format!("skills       P {:.3} R {:.3}", self.skill_precision(), self.skill_recall()));
        }
        crate::support::say(&format!("pay invented {}", self.invented_pay));
        if std::env::var_os("ROLECALL_SHOW_MISSES").is_some() {
            let mut misses = self.misses.clone();
            misses.sort();
            crate::support::say(&misses.join("\n"));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few thousand skills")]
    fn skill_precision(&self) -> f64 {
        self.skills.0 as f64 / self.skills.1.max(1) as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a few thousand skills")]
    fn skill_recall(&self) -> f64 {
        self.skills.0 as f64 / self.skills.2.max(1) as f64
    }

    fn share(&self, field: &str) -> f64 {
        self.fields[field].share()
    }
}

fn line_of(facts: &Facts) -> Value {
    serde_json::to_value(facts.line("id")).expect("the data is well formed")
}

#[test]
fn the_facts_of_labelled_listings_agree_with_a_careful_reader() {
    let Some(folder) = recorded_data().map(|data| data.join("labels")).filter(|folder| folder.is_dir()) else {
        return skipped("labelled listings", "no recorded data");
    };
    let extractor = Extractor::new();
    let postings: BTreeMap<String, Posting> = lines(&folder.join("listings.ndjson"))
        .into_iter()
        .map(|line| (line["id"].as_str().unwrap().to_owned(), serde_json::from_value(line).unwrap()))
        .collect();
    let mut agreement = Agreement::default();
    for label in lines(&folder.join("labels.ndjson")) {
        let posting = &postings[label["id"].as_str().unwrap()];
        agreement.listing(&label, &line_of(&extractor.facts(posting)));
    }
    agreement.print("labelled listings");
    let floors = [
        ("role", 0.93),
        ("is_backend", 0.94),
        ("seniority", 0.92),
        ("remote", 0.96),
        ("country", 0.96),
        ("min_years", 0.95),
        ("education", 0.97),
        ("salary", 0.98),
    ];
    for (field, floor) in floors {
        assert!(agreement.share(field) >= floor, "{field}: {:.3} is below {floor}", agreement.share(field));
    }
    assert!(agreement.skill_precision() >= 0.97 && agreement.skill_recall() >= 0.95);
    assert_eq!(agreement.invented_pay, 0, "pay was invented");
}

#[test]
fn pay_strings_are_read_as_a_careful_reader_does() {
    let Some(path) = recorded_data().map(|data| data.join("labels/salary_strings.ndjson")).filter(|path| path.is_file()) else {
        return skipped("labelled pay strings", "no recorded data");
    };
    let extractor = Extractor::new();
    let mut agreement = Agreement::default();
    for label in lines(&path) {
        let text = label["text"].as_str().map(str::to_owned);
        let posting = if label["kind"] == "field" {
            Posting { salary_text: text, ..Posting::default() }
        } else {
            Posting { description: text, ..Posting::default() }
        };
        let inferred: Vec<String> = serde_json::from_value(label["inferred"].clone()).unwrap();
        let line = line_of(&extractor.facts(&posting));
        agreement.pay(label["id"].as_str().unwrap(), &line["salary"], &label["salary"], &inferred);
    }
    agreement.print("labelled pay strings");
    assert!(agreement.share("salary") >= 0.97, "{:.3}", agreement.share("salary"));
    assert_eq!(agreement.invented_pay, 0, "pay was invented");
}

fn fixture(name: &str) -> Vec<Value> {
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract").join(name))
}

#[test]
fn pay_is_read_as_it_is_written_and_never_invented() {
    let extractor = Extractor::new();
    for case in fixture("pay.ndjson") {
        let text = |key: &str| case[key].as_str().map(str::to_owned);
        let posting = Posting { salary_text: text("field"), description: text("text"), ..Posting::default() };
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
    let extractor = Extractor::new();
    for case in fixture("postings.ndjson") {
        let posting: Posting = serde_json::from_value(case["posting"].clone()).unwrap();
        let line = line_of(&extractor.facts(&posting));
        for (fact, expected) in case["expect"].as_object().unwrap() {
            assert_eq!(&line[fact], expected, "{fact} of posting {}: {line}", posting.id);
        }
    }
}

#[test]
fn every_fact_rests_on_words_of_the_posting() {
    let extractor = Extractor::new();
    for case in fixture("postings.ndjson") {
        let posting: Posting = serde_json::from_value(case["posting"].clone()).unwrap();
        let listing = extractor.read(posting, now());
        let posting = &listing.posting;
        let fields = [Some(&posting.title), posting.location.as_ref(), posting.salary_text.as_ref(), posting.employment_type.as_ref()];
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
        let start = std::time::Instant::now();
        let listing = extractor.read(Posting { title: text.clone(), description: Some(text), ..Posting::default() }, now());
        // Most of this is spent unoptimised here; a release build stays below a tenth of a second.
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
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
