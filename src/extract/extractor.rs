//! The door of the room: one posting in, one listing with its facts out.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};

use crate::domain::{Country, Facts, Finding, Likeness, NewListing, Place, Posting, Words, WorkMode};
use crate::extract::education::education;
use crate::extract::employment::employment_type;
use crate::extract::experience::min_years;
use crate::extract::fold::Folded;
use crate::extract::html::html_to_text;
use crate::extract::open_to::open_to;
use crate::extract::pay::PayScanner;
use crate::extract::pay_extras::ExtraScanner;
use crate::extract::pay_place::PayPlace;
use crate::extract::perks::TermScanner;
use crate::extract::place::PlaceScanner;
use crate::extract::role::RoleScanner;
use crate::extract::seniority::LevelScanner;
use crate::extract::skills::{FoundSkills, SkillScanner};
use crate::extract::work_mode::work_mode;
use crate::extract::{date, fingerprint, likeness, pay, terms};

/// Longest title that is read, in bytes; a Hacker News header has up to 1,000.
const MAX_TITLE: usize = 4096;

/// Most of a text that is read for facts, in bytes; the longest of 33,347 recorded ones has 20 KB.
const MAX_TEXT: usize = 64 * 1024;

/// Reads postings. Cheap to make and to clone: the scanners are built for the first posting, once, and shared.
#[derive(Debug, Clone)]
pub struct Extractor {
    scanners: Arc<LazyLock<Scanners>>,
}

#[derive(Debug)]
struct Scanners {
    skills: SkillScanner,
    places: PlaceScanner,
    terms: TermScanner,
    levels: LevelScanner,
    roles: RoleScanner,
    pay: PayScanner,
    extras: ExtraScanner,
}

impl Scanners {
    fn build() -> Self {
        Self {
            skills: SkillScanner::new(),
            places: PlaceScanner::new(),
            terms: TermScanner::new(),
            levels: LevelScanner::new(),
            roles: RoleScanner::new(),
            pay: PayScanner::new(),
            extras: ExtraScanner::new(),
        }
    }
}

impl Extractor {
    /// Reads with the embedded vocabulary.
    #[must_use]
    pub fn new() -> Self {
        Self { scanners: Arc::new(LazyLock::new(Scanners::build)) }
    }

    /// Reads a posting into a listing with facts. Pure; never fails; bounded in time by the bounds on the text.
    #[must_use]
    pub fn read(&self, posting: Posting, now: DateTime<Utc>) -> NewListing {
        let text = html_to_text(posting.description.as_deref().unwrap_or_default());
        let facts = self.facts_of(&posting, &text);
        let words = Words::of(&posting.title, posting.company.as_deref(), &text);
        let fingerprint = fingerprint::fingerprint(&posting, &words);
        let content_hash = fingerprint::content_hash(&posting, &text);
        let posted_at = posting.posted_at.as_deref().and_then(|text| date::posted_at(text, now));
        let valid_through = posting.valid_through.as_deref().and_then(|text| date::valid_through(text, now));
        NewListing { posting, facts, text, words, fingerprint, content_hash, posted_at, valid_through }
    }

    /// What of a listing tells whether another is the same job.
    #[must_use]
    pub fn likeness(&self, listing: &NewListing) -> Likeness {
        likeness::likeness(&listing.posting, &listing.text, &listing.words, &listing.facts, listing.posted_at)
    }

    /// Reads the facts alone.
    #[must_use]
    pub fn facts(&self, posting: &Posting) -> Facts {
        self.facts_of(posting, &html_to_text(posting.description.as_deref().unwrap_or_default()))
    }

    fn facts_of(&self, posting: &Posting, text: &str) -> Facts {
        let scan = &**self.scanners;
        let title = Folded::new(&posting.title[..posting.title.floor_char_boundary(MAX_TITLE)]);
        let body = Folded::new(&text[..text.floor_char_boundary(MAX_TEXT)]);
        let location = posting.location.as_deref();
        let FoundSkills { skills, optional } = scan.skills.read(&[&title, &body], posting.company.as_deref());
        let place = scan.places.read(location, posting.country.as_deref(), &title, &body);
        let work_mode = work_mode(posting.work_mode, location, &title, &body);
        let years = min_years(&title, &body);
        let hints = posting.department.iter().chain(&posting.tags).map(String::as_str).collect::<Vec<_>>().join(", ");
        let role = scan.roles.read(&title, &hints, &body, &skills);
        let city = location.and_then(|text| text.split(',').next()).map(|city| Folded::new(city.trim()).folded);
        let money = PayPlace { country: place.country.as_ref().map(|found| found.value), city: city.as_deref() };
        let base_pay = scan.pay.read(posting.salary.as_ref(), posting.salary_text.as_deref(), &title, &body, &money);
        let field = Folded::new(posting.salary_text.as_deref().map(pay::read_part).unwrap_or_default());
        let pay_extras = scan.extras.read(&[&field, &title, &body]);
        let remote = work_mode.as_ref().is_some_and(|found| found.value == WorkMode::Remote);
        let remote_countries = if remote { open_to(&scan.places, location, &title, &body) } else { Vec::new() };
        let around = scan.terms.read(posting.company.as_deref(), &body);
        let country = place.country.or_else(|| only_country(&place.places, &remote_countries));
        Facts {
            role: role.role,
            is_backend: role.is_backend,
            seniority: scan.levels.read(&title, posting.level.as_deref(), &body, years.as_ref()),
            work_mode,
            remote_countries,
            pay: base_pay,
            pay_extras,
            skills,
            optional_skills: optional,
            places: place.places,
            country,
            min_years: years,
            education: education(posting.education.as_deref(), &title, &body),
            employment_type: employment_type(posting.employment_type.as_deref(), &title, &body),
            visa: terms::visa(&title, &body),
            relocation: terms::relocation(&title, &body),
            perks: around.perks,
            company_kind: around.company_kind,
            hired_by: around.hired_by,
            language: terms::language(posting.language.as_deref(), &body),
        }
    }
}

/// The country of a remote job that names no place and is open to one country alone.
fn only_country(places: &[Finding<Place>], open_to: &[Finding<Country>]) -> Option<Finding<Country>> {
    match open_to {
        [one] if places.is_empty() => Some(Finding::inferred(one.value, &one.evidence)),
        _ => None,
    }
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new()
    }
}
