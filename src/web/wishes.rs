//! The wishes of a form, read into preferences and a cadence; each fault beside the field it belongs to.

use std::collections::BTreeMap;

use chrono::Weekday;

use crate::domain::cadence::{Cadence, CadenceError, Rhythm, parse_day, parse_time, parse_zone};
use crate::domain::cron::CronExpression;
use crate::domain::line::quoted;
use crate::domain::preferences::{CompanyWish, Facet, SalaryWish, SkillWish, UnknownRule};
use crate::domain::vocabulary::skills;
use crate::domain::word::UnknownWord;
use crate::domain::{NewSubscription, Preferences, Query, Rates, Skill};

use super::pay_text::parse_pay;
use super::place_text::{parse_country, parse_places};
use super::typed::{DEFAULT_ZONE, Typed};

/// The hour of the form before a person changes it.
const DEFAULT_HOUR: &str = "08:00";

/// What is wrong, by the name of the field.
pub(super) type Faults = BTreeMap<&'static str, String>;

/// Collects faults while a form is read to its end, so that a person sees all of them at once.
struct Reader<'a> {
    typed: &'a Typed,
    faults: Faults,
}

/// Reads the wishes and the cadence of a form.
pub(super) fn read_alert(typed: &Typed, rates: &Rates) -> Result<NewSubscription, Faults> {
    let mut reader = Reader { typed, faults: Faults::new() };
    let preferences = reader.preferences(rates);
    let cadence = reader.cadence();
    let name = typed.one("name").to_owned();
    if name.chars().count() > crate::consent::MAX_NAME_CHARS {
        reader.faults.insert("name", format!("give at most {} characters", crate::consent::MAX_NAME_CHARS));
    }
    match cadence {
        Some(cadence) if reader.faults.is_empty() => Ok(NewSubscription { name, preferences, cadence }),
        _ => Err(reader.faults),
    }
}

/// Reads the wishes only, for a page that filters.
pub(super) fn read_preferences(typed: &Typed, rates: &Rates) -> Result<Preferences, Faults> {
    let mut reader = Reader { typed, faults: Faults::new() };
    let preferences = reader.preferences(rates);
    if reader.faults.is_empty() { Ok(preferences) } else { Err(reader.faults) }
}

impl Reader<'_> {
    fn preferences(&mut self, rates: &Rates) -> Preferences {
        let preferences = Preferences {
            roles: self.facet("roles"),
            skills: SkillWish { any: self.skills("skills_any"), all: self.skills("skills_all"), none: self.skills("skills_none") },
            seniority: self.facet("seniority"),
            experience_years: self.years(),
            salary: self.pay(rates),
            places: self.places(),
            work_modes: self.facet("work_modes"),
            home_country: self.field("home_country", |text| parse_country(text).map_err(|fault| fault.to_string())),
            employment_types: self.facet("employment_types"),
            education: self.facet("education"),
            companies: CompanyWish {
                only: self.typed.list("companies_only", &['\n', ';']),
                never: self.typed.list("companies_never", &['\n', ';']),
                unknown: self.rule("companies"),
            },
            keywords: self.field("keywords", |text| Query::parse(text).map_err(|fault| fault.to_string())),
        };
        if let Err(fault) = preferences.check() {
            let facet = fault.facet.replace('.', "_");
            let field = TEXT_FIELDS.iter().find(|field| **field == facet).copied().unwrap_or("places");
            self.faults.entry(field).or_insert(fault.mend);
        }
        preferences
    }

    fn facet<T: std::str::FromStr<Err = UnknownWord>>(&mut self, name: &'static str) -> Facet<T> {
        let any = self.typed.words(name).unwrap_or_else(|fault| {
            self.faults.insert(name, fault.to_string());
            Vec::new()
        });
        Facet { any, unknown: self.rule(name) }
    }

    fn rule(&self, facet: &str) -> UnknownRule {
        if self.typed.all("said").any(|said| said == facet) { UnknownRule::Exclude } else { UnknownRule::Include }
    }

    fn skills(&mut self, name: &'static str) -> Vec<Skill> {
        let read: Result<Vec<Skill>, _> = self
            .typed
            .list(name, &[',', ';', '\n'])
            .iter()
            .map(|entry| Skill::parse(entry).map(|skill| skills().canonical(&skill)))
            .collect();
        read.unwrap_or_else(|fault| {
            self.faults.insert(name, fault.to_string());
            Vec::new()
        })
    }

    fn years(&mut self) -> Option<f64> {
        self.field("experience_years", |text| {
            let years = text.replace(',', ".").parse::<f64>().ok().filter(|years| (0.0..=80.0).contains(years));
            years.ok_or_else(|| format!("{} is no number of years: give 0 to 80, such as 4 or 2.5", quoted(text)))
        })
    }

    fn pay(&mut self, rates: &Rates) -> Option<SalaryWish> {
        let undisclosed = self.rule("pay");
        self.field("pay", |text| parse_pay(text, rates, undisclosed).map_err(|fault| fault.to_string()))
    }

    fn places(&mut self) -> Facet<crate::domain::preferences::PlaceWish> {
        let any = self.field("places", |text| parse_places(text).map_err(|fault| fault.to_string()));
        Facet { any: any.unwrap_or_default(), unknown: self.rule("places") }
    }

    /// Reads one text field; none where it is blank or at fault.
    fn field<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.typed.one(name);
        if text.is_empty() {
            return None;
        }
        read(text).map_err(|fault| self.faults.insert(name, fault)).ok()
    }

    fn cadence(&mut self) -> Option<Cadence> {
        let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
        let (zone, at) = (or(self.typed.one("time_zone"), DEFAULT_ZONE), or(self.typed.one("at"), DEFAULT_HOUR));
        let zone = parse_zone(&zone).map_err(|fault| self.faults.insert("time_zone", fault.to_string())).ok();
        let at = parse_time(&at).map_err(|fault| self.faults.insert("at", fault.to_string())).ok();
        let days: Result<Vec<Weekday>, CadenceError> = self.typed.all("days").map(parse_day).collect();
        let days = days.map_err(|fault| self.faults.insert("days", fault.to_string())).ok();
        let rhythm = match self.typed.one("frequency") {
            "instant" => Some(Rhythm::Instant),
            "" | "daily" => at.zip(days).map(|(at, days)| Rhythm::Daily { at, days }),
            "weekly" => self.weekly(at?, &days?),
            "cron" => self.cron(),
            other => {
                self.faults.insert("frequency", CadenceError::Frequency(other.chars().take(80).collect()).to_string());
                None
            }
        };
        let cadence = Cadence::new(rhythm?, zone?);
        if !cadence.is_instant() && cadence.next_due(chrono::DateTime::UNIX_EPOCH).is_none() {
            self.faults.insert("cron", CadenceError::Never.to_string());
            return None;
        }
        Some(cadence)
    }

    fn weekly(&mut self, at: chrono::NaiveTime, days: &[Weekday]) -> Option<Rhythm> {
        match days {
            [] => Some(Rhythm::Weekly { at, day: Weekday::Mon }),
            [day] => Some(Rhythm::Weekly { at, day: *day }),
            _ => {
                self.faults.insert("days", "for a weekly letter tick one day, or choose the daily letter".to_owned());
                None
            }
        }
    }

    fn cron(&mut self) -> Option<Rhythm> {
        let text = self.typed.one("cron");
        CronExpression::parse(text).map(Rhythm::Cron).map_err(|fault| self.faults.insert("cron", fault.to_string())).ok()
    }
}

/// The fields of the form that hold text.
pub(super) const TEXT_FIELDS: &[&str] = &[
    "email",
    "name",
    "skills_any",
    "skills_all",
    "skills_none",
    "experience_years",
    "pay",
    "places",
    "home_country",
    "companies_only",
    "companies_never",
    "keywords",
    "frequency",
    "at",
    "cron",
    "time_zone",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn full() -> Typed {
        typed(&[
            ("name", "Rust in Pune"),
            ("roles", "backend_engineer"),
            ("roles", "solutions_architect"),
            ("skills_any", "Rust, golang"),
            ("skills_none", "php"),
            ("seniority", "senior"),
            ("said", "seniority"),
            ("experience_years", "5"),
            ("pay", "25,00,000 INR"),
            ("said", "pay"),
            ("places", "Bengaluru +50 km"),
            ("work_modes", "remote"),
            ("employment_types", "full_time"),
            ("education", "none_stated"),
            ("companies_never", "Acme Staffing\nGlobex; Initech"),
            ("keywords", "kafka -wordpress"),
            ("frequency", "daily"),
            ("at", "07:30"),
            ("days", "mon"),
            ("days", "thu"),
            ("time_zone", "Europe/Berlin"),
        ])
    }

    #[test]
    fn every_facet_of_the_form_reaches_the_preferences() {
        let alert = read_alert(&full(), &Rates::default()).unwrap();
        let json = serde_json::to_value(&alert.preferences).unwrap();
        let expected = serde_json::json!({
            "roles": ["backend_engineer", "solutions_architect"],
            "skills": {"any": ["rust", "go"], "none": ["php"]},
            "seniority": {"any": ["senior"], "unknown": "exclude"},
            "experience_years": 5.0,
            "salary": {"min": 2_500_000, "currency": "INR", "period": "year", "undisclosed": "exclude"},
            "places": [{"country": "IN", "city": "Bengaluru", "within_km": 50.0}],
            "work_modes": ["remote"],
            "employment_types": ["full_time"],
            "education": ["none_stated"],
            "companies": {"never": ["Acme Staffing", "Globex", "Initech"]},
            "keywords": "kafka -wordpress",
        });
        assert_eq!(json, expected);
        assert_eq!(alert.cadence.described(), "Mon, Thu at 07:30 (Europe/Berlin)");
    }

    #[test]
    fn an_alert_shown_in_the_form_and_sent_again_stays_what_it_is() {
        let alert = read_alert(&full(), &Rates::default()).unwrap();
        assert_eq!(read_alert(&Typed::of(&alert), &Rates::default()).unwrap(), alert);
        for rhythm in [
            vec![("frequency", "instant")],
            vec![("frequency", "weekly"), ("days", "fri")],
            vec![("frequency", "cron"), ("cron", "0 9 * * 1-5")],
        ] {
            let alert = read_alert(&typed(&rhythm), &Rates::default()).unwrap();
            assert_eq!(read_alert(&Typed::of(&alert), &Rates::default()).unwrap(), alert);
        }
    }

    #[test]
    fn an_empty_form_wishes_for_nothing_in_particular_once_a_day() {
        let alert = read_alert(&Typed::default(), &Rates::default()).unwrap();
        assert_eq!(alert.preferences, Preferences::default());
        assert_eq!(alert.cadence.described(), "daily at 08:00 (Asia/Kolkata)");
    }

    #[test]
    fn each_fault_stands_at_its_field_and_all_are_found_at_once() {
        let faults = read_alert(
            &typed(&[
                ("roles", "plumber"),
                ("experience_years", "many"),
                ("pay", "lots"),
                ("places", "Nowhereville"),
                ("home_country", "Atlantis"),
                ("keywords", "(kafka"),
                ("frequency", "weekly"),
                ("days", "mon"),
                ("days", "tue"),
                ("time_zone", "Mars/Base"),
            ]),
            &Rates::default(),
        )
        .unwrap_err();
        let names: Vec<&str> = faults.keys().copied().collect();
        assert_eq!(names, ["days", "experience_years", "home_country", "keywords", "pay", "places", "roles", "time_zone"]);
    }

    #[test]
    fn a_schedule_that_never_comes_is_refused_at_its_field() {
        let faults = read_alert(&typed(&[("frequency", "cron"), ("cron", "0 9 30 2 *")]), &Rates::default()).unwrap_err();
        assert!(faults["cron"].contains("never comes"));
    }
}
