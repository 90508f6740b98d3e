//! Draws preferences and listings from small, awkward vocabularies, so that every rule of matching is met often.

use chrono::{DateTime, Utc};
use rolecall::domain::digest::Verdict;
use rolecall::domain::facts::{Facts, Finding};
use rolecall::domain::pay::{Amount, Currency, Pay, PayPeriod, Rates};
use rolecall::domain::place::{Country, GeoPoint, Place};
use rolecall::domain::preferences::{CompanyWish, Facet, PlaceWish, Preferences, SalaryWish, SkillWish, UnknownRule};
use rolecall::domain::words::Words;
use rolecall::domain::{Education, EmploymentType, Query, Role, Seniority, Skill, WorkMode};
use rolecall::matching::{Subject, reasons, score};

/// SplitMix64: the same numbers for the same seed everywhere.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a short list");
        usize::try_from(self.number() % end).expect("below a short list's length")
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn some<T: Clone>(&mut self, of: &[T], most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| self.one(of).clone()).collect()
    }

    fn maybe<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        self.percent(60).then(|| self.one(of).clone())
    }

    fn facet<T: Clone>(&mut self, of: &[T]) -> Facet<T> {
        if self.percent(55) {
            return Facet::default();
        }
        Facet { any: self.some(of, 4), unknown: self.rule() }
    }

    fn rule(&mut self) -> UnknownRule {
        *self.one(&[UnknownRule::Include, UnknownRule::Include, UnknownRule::Exclude])
    }
}

/// A listing with the texts its words were read from.
#[derive(Debug)]
pub struct Drawn {
    pub facts: Facts,
    pub title: String,
    pub company: Option<String>,
    pub text: String,
    pub words: Words,
}

impl Drawn {
    pub fn subject(&self) -> Subject<'_> {
        Subject { facts: &self.facts, words: &self.words, company: self.company.as_deref() }
    }

    /// The score it has `days` after it was published, for these preferences.
    pub fn score(&self, wishes: &Preferences, days: i64) -> f64 {
        let published = DateTime::<Utc>::UNIX_EPOCH;
        score(wishes, &self.subject(), published, published + chrono::TimeDelta::days(days), &Rates::default())
    }

    pub fn fails_nothing(&self, wishes: &Preferences, rates: &Rates) -> bool {
        reasons(wishes, &self.subject(), rates).iter().all(|reason| reason.verdict != Verdict::Fails)
    }
}

const SKILLS: &[&str] = &["go", "golang", "rust", "c++", "node.js", "spring boot", "sql server", "c"];
const COMPANIES: &[&str] = &["Acme", " ACME ", "Acme  Söhne", "acme söhne", "Go Rust", "  "];
const COUNTRIES: &[&str] = &["IN", "US", "DE"];
const AREAS: &[&str] = &["Delhi NCR", "national capital region"];
const CITIES: &[&str] = &["Bengaluru", "bangalore", "Noida", "Zzyzx Hollow", "zzyzx hollow", "Nether Quux", " "];
const WORDS: &[&str] =
    &["go", "Go", "rust", "systems", "distributed", "STRASSE", "Straße", "c", "boot", "spring", "node", "js", "snake_case", "4"];

/// Finds a fact that is simply said.
pub fn said<T>(value: T) -> Finding<T> {
    Finding::stated(value, "as the posting says")
}

pub fn country(code: &str) -> Country {
    Country::parse(code).expect("a drawn value is well formed")
}

/// Facts of which nothing is known but a role.
pub fn bare(role: Role) -> Facts {
    Facts {
        role: said(role),
        is_backend: said(role == Role::BackendEngineer),
        seniority: None,
        work_mode: None,
        remote_countries: Vec::new(),
        pay: None,
        pay_extras: Vec::new(),
        skills: Vec::new(),
        optional_skills: Vec::new(),
        places: Vec::new(),
        country: None,
        min_years: None,
        education: None,
        employment_type: None,
        visa: None,
        relocation: None,
        perks: Vec::new(),
        company_kind: None,
        hired_by: None,
        language: None,
    }
}

pub fn listing(chance: &mut Chance) -> Drawn {
    let mut facts = bare(*chance.one(Role::ALL));
    facts.seniority = chance.maybe(Seniority::ALL).map(said);
    facts.work_mode = chance.maybe(WorkMode::ALL).map(said);
    facts.education = chance.maybe(Education::ALL).map(said);
    facts.employment_type = chance.maybe(EmploymentType::ALL).map(said);
    facts.min_years = chance.maybe(&[0.0, 2.0, 2.5, 5.0, 10.0]).map(said);
    facts.remote_countries = chance.some(COUNTRIES, 2).into_iter().map(|code| said(country(code))).collect();
    facts.country = chance.maybe(COUNTRIES).map(|code| said(country(code)));
    facts.places = (0..chance.below(3)).map(|_| said(place(chance))).collect();
    let names: std::collections::BTreeSet<&str> = chance.some(&SKILLS[2..], 4).into_iter().chain(chance.maybe(&["go"])).collect();
    facts.skills = names.into_iter().map(|name| said(Skill::parse(name).expect("a drawn value is well formed"))).collect();
    facts.pay = chance.percent(70).then(|| said(pay(chance)));
    let mut text = |most: usize| {
        let mut text = String::new();
        for word in chance.some(WORDS, most) {
            text += word;
            text += *chance.one(&[" ", " ", ", ", "-", "\n", "ﬁ "]);
        }
        text
    };
    let (title, text) = (text(5), text(14));
    let company = chance.maybe(COMPANIES).map(str::to_owned);
    let words = Words::of(&title, company.as_deref(), &text);
    Drawn { facts, title, company, text, words }
}

fn place(chance: &mut Chance) -> Place {
    let city = chance.maybe(CITIES).map(str::to_owned);
    let near = chance.one(&[0.1, 0.5, 3.0]);
    let point = chance.percent(40).then_some(GeoPoint { latitude: 12.9716 + near, longitude: 77.5946 });
    Place { city, region: None, country: chance.maybe(COUNTRIES).map(country), point }
}

fn pay(chance: &mut Chance) -> Pay {
    let mut figure = || {
        chance
            .maybe(&[0.0, 30_000.0, 50_000.0, 50_000.01, 2_500_000.0])
            .map(|units| Amount::from_units(units).expect("a drawn value is well formed"))
    };
    let (min, max) = (figure(), figure());
    let currency = chance.maybe(&["USD", "INR", "XTS"]).map(|code| Currency::parse(code).expect("a drawn value is well formed"));
    Pay { min, max, currency, period: chance.maybe(PayPeriod::ALL), raw: "pay".into() }
}

pub fn preferences(chance: &mut Chance) -> Preferences {
    let skill = |name: &&str| Skill::parse(name).expect("a drawn value is well formed");
    let skills: Vec<Skill> = SKILLS.iter().map(skill).collect();
    let companies: Vec<String> = COMPANIES[..5].iter().map(|name| (*name).to_owned()).collect();
    let mut wishes = Preferences {
        roles: chance.facet(Role::ALL),
        seniority: chance.facet(Seniority::ALL),
        work_modes: chance.facet(WorkMode::ALL),
        employment_types: chance.facet(EmploymentType::ALL),
        education: chance.facet(Education::ALL),
        home_country: chance.maybe(COUNTRIES).map(country),
        ..Preferences::default()
    };
    if chance.percent(40) {
        wishes.skills = SkillWish { any: chance.some(&skills, 3), all: chance.some(&skills, 1), none: chance.some(&skills, 2) };
    }
    if chance.percent(30) {
        wishes.experience_years = Some(*chance.one(&[0.0, 2.0, 2.25, 7.0]));
    }
    if chance.percent(40) {
        wishes.salary = Some(salary(chance));
    }
    if chance.percent(50) {
        wishes.places = Facet { any: (0..chance.below(4)).map(|_| wished_place(chance)).collect(), unknown: chance.rule() };
    }
    if chance.percent(30) {
        wishes.companies = CompanyWish { only: chance.some(&companies, 3), never: chance.some(&companies, 1), unknown: chance.rule() };
    }
    if chance.percent(50) {
        let query = query(chance, 0);
        wishes.keywords = Some(Query::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}")));
    }
    wishes
}

fn salary(chance: &mut Chance) -> SalaryWish {
    SalaryWish {
        min: Amount::from_units(*chance.one(&[0.0, 50_000.0, 50_000.01, 2_500_000.0, 4_000.0])).expect("a drawn value is well formed"),
        currency: Currency::parse(chance.one::<&str>(&["USD", "INR", "XTS", "EUR"])).expect("a drawn value is well formed"),
        period: *chance.one(PayPeriod::ALL),
        undisclosed: chance.rule(),
    }
}

fn wished_place(chance: &mut Chance) -> PlaceWish {
    let names = if chance.percent(20) { AREAS } else { CITIES };
    let (country, city) = (chance.maybe(COUNTRIES).map(country), chance.maybe(names).map(str::to_owned));
    PlaceWish { country, city, within_km: chance.maybe(&[0.0, 20.0, 100.0, 9_000.0]) }
}

/// A query, at most a few levels deep: words, phrases with repeated words, fields, NOT anywhere, also alone.
pub fn query(chance: &mut Chance, depth: usize) -> String {
    let parts = |chance: &mut Chance, join: &str| {
        let parts: Vec<String> = (0..2 + chance.below(2)).map(|_| query(chance, depth + 1)).collect();
        format!("({})", parts.join(join))
    };
    match chance.below(if depth > 3 { 6 } else { 11 }) {
        0 | 1 => (*chance.one(WORDS)).to_owned(),
        2 => format!("\"{} {}\"", chance.one(WORDS), chance.one(WORDS)),
        3 => format!("\"{} {} {}\"", chance.one(&WORDS[..2]), chance.one(&WORDS[..2]), chance.one(WORDS)),
        4 => format!("{}:{}", chance.one(&["title", "company", "skill"]), chance.one(WORDS)),
        5 => format!(
            "{}:\"{}\"",
            chance.one(&["title", "company", "skill"]),
            chance.one(&["spring boot", "go go", "go rust", "node.js", "acme"])
        ),
        6 => parts(chance, " AND "),
        7 => parts(chance, " "),
        8 => parts(chance, " OR "),
        9 => format!("NOT {}", query(chance, depth + 1)),
        _ => format!("-{}", query(chance, depth + 1)),
    }
}
