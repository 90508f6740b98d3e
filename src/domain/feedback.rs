//! What a person said of one listing of one letter, and how it bears on the next: some listings are left out, some come first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::facts::Facts;
use crate::domain::listing::{Listing, ListingId};
use crate::domain::pay::{Pay, Rates};
use crate::domain::place::Place;
use crate::domain::role::Role;
use crate::domain::seniority::Seniority;
use crate::domain::skill::Skill;
use crate::domain::text::fold_name;
use crate::domain::word::words;
use crate::domain::work_mode::WorkMode;

words! {
    /// What a person thinks of a listing.
    Opinion, "opinion" {
        /// Such listings come first.
        More = "more", "more like this";
        /// This listing never again, and none that is alike in what was named.
        NotForMe = "not_for_me", "not for me";
        /// None of this company's.
        NeverCompany = "never_company", "never this company";
    }
}

words! {
    /// Why a listing is not for a person.
    Objection, "objection" {
        /// Another role is wanted.
        Role = "role", "the role";
        /// Another level is wanted.
        Level = "level", "the level";
        /// It pays too little, or does not say what.
        Pay = "pay", "the pay";
        /// It is somewhere else.
        Place = "place", "the place";
        /// It asks for a skill that is not wanted.
        Skill = "skill", "a skill";
    }
}

/// What was said of one listing, with what of the listing it was said of: the listing itself may be gone when it is heeded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Of which listing.
    pub listing: ListingId,
    /// What.
    pub opinion: Opinion,
    /// Why it is not for the person; none where nothing was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Objection>,
    /// When.
    pub at: DateTime<Utc>,
    /// Its title.
    pub title: String,
    /// Its company, or its source where it names none.
    pub company: String,
    /// Its role.
    pub role: Role,
    /// Its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Seniority>,
    /// Its pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<Pay>,
    /// Its main place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether it is remote.
    #[serde(default)]
    pub remote: bool,
    /// Its skills; the one that is not wanted where that is why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
}

/// A listing as feedback is held against it.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Which one.
    pub id: ListingId,
    /// Its company, or its source where it names none.
    pub company: &'a str,
    /// What was understood of it.
    pub facts: &'a Facts,
}

/// What a listing gains at most by feedback on others: about as much as one wish that holds.
const MOST_GAIN: f64 = 10.0;
/// What it gains for a skill, and for the level, of a listing that was liked.
const GAIN: f64 = 1.5;

impl Feedback {
    /// Most that is kept of one alert; the oldest goes first.
    pub const MOST: usize = 200;

    /// What is said of a listing. `skill` is the one that is not wanted, where that is why.
    #[must_use]
    pub fn on(listing: &Listing, opinion: Opinion, why: Option<Objection>, skill: Option<Skill>, at: DateTime<Utc>) -> Self {
        let facts = &listing.facts;
        let named = facts.skills.iter().map(|found| found.value.clone());
        let skills = match (why, skill) {
            (Some(Objection::Skill), Some(skill)) => named.filter(|named| *named == skill).collect(),
            _ => named.collect(),
        };
        Self {
            listing: listing.id,
            opinion,
            why: why.filter(|_| opinion == Opinion::NotForMe),
            at,
            title: listing.posting.title.clone(),
            company: listing.company().to_owned(),
            role: facts.role.value,
            level: facts.seniority.as_ref().map(|found| found.value),
            pay: facts.pay.as_ref().map(|found| found.value.clone()),
            place: facts.places.first().map(|found| found.value.clone()),
            remote: is_remote(facts),
            skills,
        }
    }

    /// Whether this keeps a listing away.
    #[must_use]
    pub fn rejects(&self, heard: &Heard<'_>, rates: &Rates) -> bool {
        match self.opinion {
            Opinion::More => false,
            Opinion::NeverCompany => fold_name(heard.company) == fold_name(&self.company),
            Opinion::NotForMe => heard.id == self.listing || self.why.is_some_and(|why| self.objects(why, heard.facts, rates)),
        }
    }

    fn objects(&self, why: Objection, facts: &Facts, rates: &Rates) -> bool {
        match why {
            Objection::Role => facts.role.value == self.role,
            Objection::Level => self.level.is_some() && facts.seniority.as_ref().map(|found| found.value) == self.level,
            Objection::Pay => {
                let dollars = |pay: &Pay| rates.comparable(pay);
                let offered = facts.pay.as_ref().and_then(|found| dollars(&found.value));
                match self.pay.as_ref().and_then(dollars) {
                    Some(refused) => offered.is_some_and(|offered| offered <= refused),
                    None => offered.is_none(),
                }
            }
            Objection::Place if self.remote => is_remote(facts),
            Objection::Place => {
                let there = |place: &Place| self.place.as_ref().is_some_and(|refused| is_same(refused, place));
                !is_remote(facts) && facts.places.first().is_some_and(|found| there(&found.value))
            }
            Objection::Skill => facts.skills.iter().any(|found| self.skills.contains(&found.value)),
        }
    }

    /// How much a listing gains because another was liked; nothing for any other opinion.
    fn gain(&self, facts: &Facts) -> f64 {
        if self.opinion != Opinion::More || facts.role.value != self.role {
            return 0.0;
        }
        let level = self.level.is_some() && facts.seniority.as_ref().map(|found| found.value) == self.level;
        let shared = facts.skills.iter().filter(|found| self.skills.contains(&found.value));
        shared.map(|_| GAIN).sum::<f64>() + if level { GAIN } else { 0.0 }
    }
}

/// Whether any of this keeps a listing away.
#[must_use]
pub fn rejected(feedback: &[Feedback], heard: &Heard<'_>, rates: &Rates) -> bool {
    feedback.iter().any(|one| one.rejects(heard, rates))
}

/// How much a listing gains by what was liked; only for putting listings in order.
#[must_use]
pub fn gain(feedback: &[Feedback], facts: &Facts) -> f64 {
    feedback.iter().map(|one| one.gain(facts)).sum::<f64>().min(MOST_GAIN)
}

fn is_remote(facts: &Facts) -> bool {
    facts.work_mode.as_ref().is_some_and(|found| found.value == WorkMode::Remote)
}

/// The same city, or the same country where neither names a city.
fn is_same(one: &Place, other: &Place) -> bool {
    let country = one.country.is_none() || other.country.is_none() || one.country == other.country;
    country && one.city == other.city && (one.city.is_some() || one.country.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::Finding;

    fn facts(json: &serde_json::Value) -> Facts {
        let mut whole = serde_json::json!({
            "role": Finding::stated(Role::BackendEngineer, "engineer"),
            "is_backend": Finding::stated(true, "engineer"),
        });
        whole.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn said(opinion: Opinion, why: Option<Objection>) -> Feedback {
        Feedback {
            listing: ListingId(1),
            opinion,
            why,
            at: DateTime::UNIX_EPOCH,
            title: "Backend Engineer".to_owned(),
            company: "Acme Ltd".to_owned(),
            role: Role::BackendEngineer,
            level: Some(Seniority::Senior),
            pay: None,
            place: Some(Place { city: Some("Pune".to_owned()), ..Place::default() }),
            remote: false,
            skills: vec![Skill::parse("php").unwrap()],
        }
    }

    fn rejects(said: &Feedback, id: i64, company: &str, facts: &Facts) -> bool {
        said.rejects(&Heard { id: ListingId(id), company, facts }, &Rates::default())
    }

    #[test]
    fn a_listing_that_was_refused_without_a_reason_stays_away_and_no_other() {
        let plain = facts(&serde_json::json!({}));
        let refused = said(Opinion::NotForMe, None);
        assert!(rejects(&refused, 1, "Acme Ltd", &plain) && !rejects(&refused, 2, "Acme Ltd", &plain));
    }

    #[test]
    fn each_reason_keeps_away_what_is_alike_in_it() {
        let senior = facts(&serde_json::json!({"seniority": Finding::stated(Seniority::Senior, "Senior")}));
        let junior = facts(&serde_json::json!({"seniority": Finding::stated(Seniority::Entry, "Junior")}));
        let php = facts(&serde_json::json!({"skills": [Finding::stated(Skill::parse("php").unwrap(), "PHP")]}));
        let of = |why| said(Opinion::NotForMe, Some(why));
        assert!(rejects(&of(Objection::Level), 2, "x", &senior) && !rejects(&of(Objection::Level), 2, "x", &junior));
        assert!(rejects(&of(Objection::Skill), 2, "x", &php) && !rejects(&of(Objection::Skill), 2, "x", &senior));
        assert!(rejects(&of(Objection::Role), 2, "x", &php));
        assert!(rejects(&of(Objection::Pay), 2, "x", &php), "a listing that is silent on its pay was refused for it");
        let pune = Place { city: Some("Pune".to_owned()), ..Place::default() };
        let there = facts(&serde_json::json!({"places": [Finding::stated(pune, "Pune")]}));
        assert!(rejects(&of(Objection::Place), 2, "x", &there) && !rejects(&of(Objection::Place), 2, "x", &php));
    }

    #[test]
    fn a_company_is_kept_away_however_it_is_written() {
        let never = said(Opinion::NeverCompany, None);
        let plain = facts(&serde_json::json!({}));
        assert!(rejects(&never, 9, " ACME LTD ", &plain) && !rejects(&never, 9, "Globex", &plain));
    }

    #[test]
    fn what_is_like_a_liked_listing_gains_within_bounds() {
        let alike = facts(&serde_json::json!({
            "seniority": Finding::stated(Seniority::Senior, "Senior"),
            "skills": [Finding::stated(Skill::parse("php").unwrap(), "PHP")],
        }));
        let liked = said(Opinion::More, None);
        assert!((gain(std::slice::from_ref(&liked), &alike) - 2.0 * GAIN).abs() < 1e-9);
        assert!((gain(&vec![liked; 40], &alike) - MOST_GAIN).abs() < 1e-9);
        assert!(gain(&[said(Opinion::NotForMe, None)], &alike).abs() < 1e-9);
    }
}
