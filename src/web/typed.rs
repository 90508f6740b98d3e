//! A form or a query string as it was typed, so that a page with an error gives everything back.

use crate::domain::cadence::Rhythm;
use crate::domain::place_name::country_name;
use crate::domain::preferences::{Facet, UnknownRule};
use crate::domain::word::UnknownWord;
use crate::domain::{NewSubscription, Preferences};

use super::pay_text::pay_text;
use super::place_text::place_text;

/// The zone of the form before a person changes it: where most of the people this is for live.
pub(super) const DEFAULT_ZONE: &str = "Asia/Kolkata";

/// The field that chooses a language; it is no wish and no part of any form.
pub(super) const LANGUAGE_FIELD: &str = "lang";

/// Most pairs of a form that are looked at; the page's own form has about fifty.
const MOST_PAIRS: usize = 200;

/// Name and value of each field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    /// What was sent.
    pub(super) fn new(mut pairs: Vec<(String, String)>) -> Self {
        pairs.truncate(MOST_PAIRS);
        Self(pairs)
    }

    /// Reads a body or a query string of a form.
    pub(super) fn parse(sent: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(sent).take(MOST_PAIRS).filter(|(key, _)| key != LANGUAGE_FIELD);
        Self::new(pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect())
    }

    /// The wishes as a query string, with one more pair where given.
    pub(super) fn as_query(&self, more: Option<(&str, &str)>) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(self.wishes().chain(more)).finish()
    }

    /// The form before anything is typed.
    pub(super) fn blank() -> Self {
        let fields = [("roles", "backend_engineer"), ("frequency", "daily"), ("at", "08:00"), ("time_zone", DEFAULT_ZONE)];
        Self(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// Whether nothing was sent.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last value of a field, trimmed; empty where it is missing.
    pub(super) fn one(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that are not blank.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The ticked values of a field as words of a closed set.
    pub(super) fn words<T: std::str::FromStr<Err = UnknownWord>>(&self, name: &str) -> Result<Vec<T>, UnknownWord> {
        self.all(name).map(str::parse).collect()
    }

    /// The entries of a list field, parted by `separators`, each once.
    pub(super) fn list(&self, name: &str, separators: &[char]) -> Vec<String> {
        let mut entries: Vec<String> = Vec::new();
        for entry in self.all(name).flat_map(|value| value.split(separators)).map(str::trim).filter(|entry| !entry.is_empty()) {
            if !entries.iter().any(|known| known == entry) {
                entries.push(entry.to_owned());
            }
        }
        entries
    }

    /// Name and value of each field, without the address: for links that carry the wishes on.
    pub(super) fn wishes(&self) -> impl Iterator<Item = (&str, &str)> {
        const NOT_WISHES: &[&str] = &["email", "before", "do", "alert", "stamp", "leave_empty"];
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .filter(|(key, value)| !NOT_WISHES.contains(key) && !value.is_empty())
    }

    /// The form that would make this alert.
    pub(super) fn of(alert: &NewSubscription) -> Self {
        let mut typed = Self::default();
        typed.put("name", &alert.name);
        typed.put_preferences(&alert.preferences);
        typed.put("time_zone", alert.cadence.zone().name());
        match alert.cadence.rhythm() {
            Rhythm::Instant => typed.put("frequency", "instant"),
            Rhythm::Daily { at, days } => {
                typed.put("frequency", "daily");
                typed.put("at", &at.format("%H:%M").to_string());
                for day in days {
                    typed.put("days", &day.to_string().to_lowercase());
                }
            }
            Rhythm::Weekly { at, day } => {
                typed.put("frequency", "weekly");
                typed.put("at", &at.format("%H:%M").to_string());
                typed.put("days", &day.to_string().to_lowercase());
            }
            Rhythm::Cron(expression) => {
                typed.put("frequency", "cron");
                typed.put("cron", expression.as_str());
            }
        }
        typed
    }

    fn put_preferences(&mut self, wishes: &Preferences) {
        self.put_words("roles", &wishes.roles);
        for (name, skills) in [("skills_any", &wishes.skills.any), ("skills_all", &wishes.skills.all), ("skills_none", &wishes.skills.none)]
        {
            self.put(name, &joined(skills, ", "));
        }
        self.put_words("seniority", &wishes.seniority);
        self.put("experience_years", &wishes.experience_years.map(|years| years.to_string()).unwrap_or_default());
        if let Some(salary) = &wishes.salary {
            self.put("pay", &pay_text(salary));
            if salary.undisclosed == UnknownRule::Exclude {
                self.put("said", "pay");
            }
        }
        self.put("places", &wishes.places.any.iter().map(place_text).collect::<Vec<_>>().join("; "));
        self.said("places", wishes.places.unknown);
        self.put_words("work_modes", &wishes.work_modes);
        self.put("home_country", &wishes.home_country.map(country_name).unwrap_or_default());
        self.put_words("employment_types", &wishes.employment_types);
        self.put_words("education", &wishes.education);
        self.put("companies_only", &joined(&wishes.companies.only, "\n"));
        self.put("companies_never", &joined(&wishes.companies.never, "\n"));
        self.said("companies", wishes.companies.unknown);
        self.put("keywords", wishes.keywords.as_ref().map_or("", |query| query.as_str()));
    }

    fn put_words<T: std::fmt::Display>(&mut self, name: &str, facet: &Facet<T>) {
        facet.any.iter().for_each(|value| self.put(name, &value.to_string()));
        self.said(name, facet.unknown);
    }

    fn said(&mut self, facet: &str, rule: UnknownRule) {
        if rule == UnknownRule::Exclude {
            self.put("said", facet);
        }
    }

    /// Gives a field this one value.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(key, _)| key != name);
        self.put(name, value);
    }

    fn put(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }
}

fn joined<T: ToString>(values: &[T], by: &str) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(by)
}
