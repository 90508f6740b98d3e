//! Holds the facts of a listing against what a careful reader wrote down.

use std::collections::BTreeMap;

use rolecall::domain::{Skill, vocabulary};
use serde_json::Value;

use super::score::{Counts, Score};

/// The fields that are one word or figure: the name in a label, the key of a line of facts.
const FIELDS: [(&str, &str); 7] = [
    ("role", "role"),
    ("is_backend", "is_backend"),
    ("seniority", "seniority"),
    ("remote", "work_mode"),
    ("country", "country"),
    ("min_years", "min_years"),
    ("education", "education"),
];

/// Agreement over a set of labels.
#[derive(Default)]
pub struct Agreement {
    pub listings: usize,
    pub fields: BTreeMap<&'static str, Score>,
    pub skills: Counts,
    /// Pay where a pay is stated: right in all four parts, of how many.
    pub pay: Score,
    pub invented_pay: usize,
    pub misses: Vec<Miss>,
}

/// One answer that differs from the label.
pub struct Miss {
    pub field: &'static str,
    pub id: String,
    pub given: String,
    pub due: String,
    pub doubt: bool,
}

impl Agreement {
    /// Counts one listing; a field that its reader left out is not counted.
    pub fn listing(&mut self, label: &Value, line: &Value) {
        self.listings += 1;
        let id = label["id"].as_str().expect("a label has an id");
        let doubt = label["doubt"].is_string();
        for (name, key) in FIELDS.into_iter().filter(|(name, _)| label.get(name).is_some()) {
            let (given, due) = (word(&line[key]), word(&label[name]));
            if !self.fields.entry(name).or_default().add(&given, &due) {
                self.miss(name, id, given, due, doubt);
            }
        }
        if let Some(due) = label.get("salary") {
            self.pay(id, &line["salary"], due, &[], doubt);
        }
        if let Some(due) = label.get("skills") {
            self.skills_of(id, &line["skills"], due, doubt);
        }
    }

    fn skills_of(&mut self, id: &str, given: &Value, due: &Value, doubt: bool) {
        let (given, due) = (names(given), names(due));
        let right = given.iter().filter(|skill| due.contains(skill)).count();
        self.skills.right += right;
        self.skills.given += given.len();
        self.skills.due += due.len();
        let only = |one: &[String], other: &[String]| {
            let words: Vec<&str> = one.iter().filter(|skill| !other.contains(skill)).map(String::as_str).collect();
            words.join(", ")
        };
        if right < given.len() || right < due.len() {
            self.miss("skills", id, only(&given, &due), only(&due, &given), doubt);
        }
    }

    /// All four parts must agree; where a part is not written in the text itself, saying nothing is not wrong.
    pub fn pay(&mut self, id: &str, given: &Value, due: &Value, inferred: &[String], doubt: bool) {
        let open = |name: &str| given[name].is_null() && inferred.iter().any(|one| one == name);
        let text = |pay: &Value| {
            let number = |name: &str| pay[name].as_f64().map_or_else(|| "?".to_owned(), |units| units.to_string());
            let part = |name: &str| if open(name) { "?".to_owned() } else { pay[name].as_str().unwrap_or("?").to_owned() };
            format!("{} to {} {} {}", number("min"), number("max"), part("currency"), part("period"))
        };
        let (given_text, due_text) = match (given.is_null(), due.is_null()) {
            (true, true) => return,
            (false, true) => {
                self.invented_pay += 1;
                return self.miss("salary", id, text(given), String::new(), doubt);
            }
            (true, false) => (String::new(), text(due)),
            (false, false) => (text(given), text(due)),
        };
        if !self.pay.add(&given_text, &due_text) {
            self.miss("salary", id, given_text, due_text, doubt);
        }
    }

    fn miss(&mut self, field: &'static str, id: &str, given: String, due: String, doubt: bool) {
        self.misses.push(Miss { field, id: id.to_owned(), given, due, doubt });
    }
}

/// A word or figure as text; figures compare whatever their writing.
fn word(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.or_else(|| value.as_f64().map(|number| number.to_string())).unwrap_or_else(|| value.to_string())
}

fn names(skills: &Value) -> Vec<String> {
    let names = skills.as_array().expect("skills are a list").iter().map(|skill| skill.as_str().expect("a skill is a word"));
    let mut names: Vec<String> = names
        .map(|name| Skill::parse(name).map_or_else(|_| name.to_owned(), |skill| vocabulary::skills().canonical(&skill).as_str().to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}
