//! What we understood of a listing, each fact with the words it rests on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::education::Education;
use crate::domain::employer::{CompanyKind, HiredBy};
use crate::domain::employment::EmploymentType;
use crate::domain::pay::{Amount, Currency, Pay, PayPeriod};
use crate::domain::pay_extra::PayExtra;
use crate::domain::perk::Perk;
use crate::domain::place::{Country, Place};
use crate::domain::role::Role;
use crate::domain::seniority::Seniority;
use crate::domain::skill::Skill;
use crate::domain::word::words;
use crate::domain::work_mode::WorkMode;

words! {
    /// How sure a finding is.
    Certainty, "certainty" {
        /// The platform's own structured field, or words with one reading.
        Stated = "stated", "stated";
        /// Concluded from several hints.
        Inferred = "inferred", "inferred";
    }
}

/// A value, the words of the posting it rests on, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding<T> {
    /// What was understood.
    pub value: T,
    /// The words of the posting, shortened; empty only where nothing was said (role `other`).
    pub evidence: String,
    /// How sure it is.
    pub certainty: Certainty,
}

impl<T> Finding<T> {
    /// Longest evidence kept, in characters.
    pub const MAX_EVIDENCE: usize = 160;

    /// A finding that the posting states outright.
    pub fn stated(value: T, evidence: &str) -> Self {
        Self { value, evidence: shorten(evidence), certainty: Certainty::Stated }
    }

    /// A finding concluded from hints.
    pub fn inferred(value: T, evidence: &str) -> Self {
        Self { value, evidence: shorten(evidence), certainty: Certainty::Inferred }
    }
}

fn shorten(words: &str) -> String {
    let folded = on_one_line(words);
    if folded.chars().count() <= Finding::<()>::MAX_EVIDENCE {
        return folded;
    }
    folded.chars().take(Finding::<()>::MAX_EVIDENCE - 1).chain(['…']).collect()
}

/// Words of several lines on one: ` · ` between what stood apart, marks of lists gone, a line that was only wrapped joined.
fn on_one_line(words: &str) -> String {
    let (mut line, mut apart) = (String::new(), false);
    for piece in words.split('\n') {
        let (words, is_item) = without_mark(piece.trim());
        if words.is_empty() {
            apart = true;
            continue;
        }
        let is_wrapped = !apart && !is_item && words.starts_with(char::is_lowercase);
        let has_ended = line.ends_with(['.', ':', ';', ',', '!', '?', '·']);
        line.push_str(match () {
            () if line.is_empty() => "",
            () if is_wrapped || has_ended => " ",
            () => " · ",
        });
        line.push_str(&words.split_whitespace().collect::<Vec<_>>().join(" "));
        apart = false;
    }
    line
}

/// A line without the mark of a list that it begins with, and whether there was one.
fn without_mark(line: &str) -> (&str, bool) {
    let rest = line.strip_prefix(['-', '*', '•', '·', '–', '▪']).filter(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
    rest.map_or((line, false), |rest| (rest.trim_start(), true))
}

/// Everything understood of one posting. `None` and empty lists mean "unknown", never "no".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The role; `other` where nothing speaks for one of the three.
    pub role: Finding<Role>,
    /// Whether a person subscribed to backend alerts wants this by its role.
    pub is_backend: Finding<bool>,
    /// The level.
    #[serde(default)]
    pub seniority: Option<Finding<Seniority>>,
    /// Remote, hybrid or on site.
    #[serde(default)]
    pub work_mode: Option<Finding<WorkMode>>,
    /// The countries a remote job is open to, sorted; empty when it names no limit.
    #[serde(default)]
    pub remote_countries: Vec<Finding<Country>>,
    /// Base pay as stated.
    #[serde(default)]
    pub pay: Option<Finding<Pay>>,
    /// What is paid beside base pay, sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pay_extras: Vec<Finding<PayExtra>>,
    /// Skills by canonical name, sorted, each once.
    #[serde(default)]
    pub skills: Vec<Finding<Skill>>,
    /// Those of `skills` that the posting only calls nice to have, sorted.
    #[serde(default)]
    pub optional_skills: Vec<Skill>,
    /// The places of work, the first as the main one.
    #[serde(default)]
    pub places: Vec<Finding<Place>>,
    /// The one country where the work is, when there is one.
    #[serde(default)]
    pub country: Option<Finding<Country>>,
    /// The least years of experience asked for.
    #[serde(default)]
    pub min_years: Option<Finding<f64>>,
    /// The education route, where one is stated.
    #[serde(default)]
    pub education: Option<Finding<Education>>,
    /// The kind of contract.
    #[serde(default)]
    pub employment_type: Option<Finding<EmploymentType>>,
    /// Whether a visa is sponsored.
    #[serde(default)]
    pub visa: Option<Finding<bool>>,
    /// Whether help with moving house is given.
    #[serde(default)]
    pub relocation: Option<Finding<bool>>,
    /// What comes with the job besides its pay, each once, sorted.
    #[serde(default)]
    pub perks: Vec<Finding<Perk>>,
    /// The kind of company, where it says so.
    #[serde(default)]
    pub company_kind: Option<Finding<CompanyKind>>,
    /// Whether a recruiter posts it or the employer itself, where that is said.
    #[serde(default)]
    pub hired_by: Option<Finding<HiredBy>>,
    /// The language of the text, ISO 639-1.
    #[serde(default)]
    pub language: Option<Finding<String>>,
}

impl Facts {
    /// The education route as a wish sees it: a listing that says nothing is `none_stated`.
    #[must_use]
    pub fn education_route(&self) -> Education {
        self.education.as_ref().map_or(Education::NoneStated, |found| found.value)
    }

    /// The main city, where one is known.
    #[must_use]
    pub fn city(&self) -> Option<&str> {
        self.places.iter().find_map(|place| place.value.city.as_deref())
    }

    /// One line of contract part 5 for the posting `id`.
    #[must_use]
    pub fn line<'a>(&'a self, id: &'a str) -> FactsLine<'a> {
        FactsLine {
            id,
            role: self.role.value,
            is_backend: self.is_backend.value,
            seniority: self.seniority.as_ref().map_or("unknown", |found| found.value.as_str()),
            work_mode: self.work_mode.as_ref().map_or("unknown", |found| found.value.as_str()),
            remote_countries: self.remote_countries.iter().map(|found| found.value).collect(),
            salary: self.pay.as_ref().map(|found| SalaryLine::of(&found.value)),
            skills: self.skills.iter().map(|found| found.value.as_str()).collect(),
            country: self.country.as_ref().map(|found| found.value),
            city: self.city(),
            min_years: self.min_years.as_ref().map(|found| found.value),
            education: self.education_route(),
            employment_type: self.employment_type.as_ref().map(|found| found.value),
            visa: self.visa.as_ref().map(|found| found.value),
            relocation: self.relocation.as_ref().map(|found| found.value),
            perks: self.perks.iter().map(|found| found.value).collect(),
            company_kind: self.company_kind.as_ref().map(|found| found.value),
            hired_by: self.hired_by.as_ref().map(|found| found.value),
            language: self.language.as_ref().map(|found| found.value.as_str()),
            evidence: self.evidence(),
        }
    }

    /// For each fact that was found, the words it rests on.
    #[must_use]
    pub fn evidence(&self) -> BTreeMap<&'static str, String> {
        let mut words = BTreeMap::new();
        let mut put = |name, text: String| {
            if !text.is_empty() {
                words.insert(name, text);
            }
        };
        put("role", self.role.evidence.clone());
        put("is_backend", self.is_backend.evidence.clone());
        put("seniority", text_of(self.seniority.as_ref()));
        put("work_mode", text_of(self.work_mode.as_ref()));
        put("remote_countries", texts_of(&self.remote_countries));
        put("salary", text_of(self.pay.as_ref()));
        put("skills", texts_of(&self.skills));
        put("country", text_of(self.country.as_ref()));
        put("city", self.places.iter().find(|place| place.value.city.is_some()).map(|place| place.evidence.clone()).unwrap_or_default());
        put("min_years", text_of(self.min_years.as_ref()));
        put("education", text_of(self.education.as_ref()));
        put("employment_type", text_of(self.employment_type.as_ref()));
        put("visa", text_of(self.visa.as_ref()));
        put("relocation", text_of(self.relocation.as_ref()));
        put("perks", texts_of(&self.perks));
        put("company_kind", text_of(self.company_kind.as_ref()));
        put("hired_by", text_of(self.hired_by.as_ref()));
        put("language", text_of(self.language.as_ref()));
        words
    }
}

fn text_of<T>(found: Option<&Finding<T>>) -> String {
    found.map(|finding| finding.evidence.clone()).unwrap_or_default()
}

fn texts_of<T>(found: &[Finding<T>]) -> String {
    let mut texts: Vec<&str> = found.iter().map(|finding| finding.evidence.as_str()).collect();
    texts.dedup();
    texts.join("; ")
}

/// One line of facts as the contract (part 5) prints it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Facts)]
pub struct FactsLine<'a> {
    id: &'a str,
    role: Role,
    is_backend: bool,
    seniority: &'static str,
    work_mode: &'static str,
    remote_countries: Vec<Country>,
    salary: Option<SalaryLine<'a>>,
    skills: Vec<&'a str>,
    country: Option<Country>,
    city: Option<&'a str>,
    min_years: Option<f64>,
    education: Education,
    employment_type: Option<EmploymentType>,
    visa: Option<bool>,
    relocation: Option<bool>,
    perks: Vec<Perk>,
    company_kind: Option<CompanyKind>,
    hired_by: Option<HiredBy>,
    language: Option<&'a str>,
    evidence: BTreeMap<&'static str, String>,
}

/// Pay as the contract prints it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Salary)]
struct SalaryLine<'a> {
    min: Option<Amount>,
    max: Option<Amount>,
    currency: Option<Currency>,
    period: Option<PayPeriod>,
    raw: &'a str,
}

impl<'a> SalaryLine<'a> {
    fn of(pay: &'a Pay) -> Self {
        Self { min: pay.min, max: pay.max, currency: pay.currency, period: pay.period, raw: &pay.raw }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_on_one_line_parts_what_stood_apart_and_joins_what_was_only_wrapped() {
        for (text, line) in [
            ("PHP & Laravel\n\napply We raised $50M", "PHP & Laravel · apply We raised $50M"),
            ("plus PF.\n- 1-3 years\n- Rust", "plus PF. 1-3 years · Rust"),
            ("- 5+ years of Rust", "5+ years of Rust"),
            ("we pay up to\n  40 lakh to\nseniors", "we pay up to · 40 lakh to seniors"),
            ("-5% or  **bold**", "-5% or **bold**"),
            ("Base:\n100k\n\n-\nEquity", "Base: 100k · Equity"),
            (" \n\n", ""),
        ] {
            assert_eq!(Finding::stated((), text).evidence, line, "{text:?}");
        }
    }
}
