//! A made-up job market, the same for the same numbers: alerts and listings in the proportions of job boards: skills by
//! stack with a long tail, levels, contracts, pay in eight currencies, cities and countries, remote work, excluded companies, and
//! keyword queries over topics that differ in how common they are.

use std::collections::BTreeSet;

use rolecall::domain::facts::{Facts, Finding};
use rolecall::domain::pay::{Amount, Currency, Pay, PayPeriod};
use rolecall::domain::place::{Country, Place};
use rolecall::domain::preferences::{CompanyWish, Facet, PlaceWish, Preferences, SalaryWish, SkillWish, UnknownRule};
use rolecall::domain::words::Words;
use rolecall::domain::{Education, EmploymentType, Query, Role, Seniority, Skill, WorkMode};
use rolecall::matching::Subject;

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    fn of(kind: u64, index: usize) -> Self {
        let mut chance = Self(kind << 48 ^ index as u64);
        chance.number();
        chance
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.number() >> 11) as usize % end
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// From 0 to below `end`, the small ones far more often: as 1 / (rank + shift), nearly.
    fn zipf(&mut self, end: usize, shift: usize) -> usize {
        let unit = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
        let (end, shift) = (end as f64, shift as f64);
        let rank = shift * ((end + shift) / shift).powf(unit) - shift;
        (rank as usize).min(end as usize - 1)
    }

    /// Which of the shares, in percent, comes up.
    fn share(&mut self, shares: &[usize]) -> usize {
        let mut left = self.below(shares.iter().sum());
        shares.iter().position(|share| left.checked_sub(*share).map(|rest| left = rest).is_none()).unwrap_or(0)
    }
}

const STACKS: usize = 12;
const STACK_SKILLS: usize = 15;
const COUNTRIES: usize = 40;
const CITIES: usize = 15;
const TOPICS: usize = 155;
const CURRENCIES: &[(&str, f64)] =
    &[("USD", 1.0), ("INR", 88.0), ("EUR", 0.86), ("GBP", 0.75), ("CAD", 1.39), ("AUD", 1.53), ("PLN", 3.66), ("SGD", 1.29)];

/// A skill of a stack (its core skill first), of the infrastructure that all share, or of the long tail.
fn skill(chance: &mut Chance, stack: usize) -> String {
    match chance.share(&[62, 30, 8]) {
        0 => format!("stack{stack}x{}", chance.zipf(STACK_SKILLS, 1)),
        1 => format!("infra{}", chance.zipf(50, 2)),
        _ => format!("tail{}", chance.below(170)),
    }
}

fn skills(chance: &mut Chance, stack: usize, count: usize) -> Vec<Skill> {
    let names: BTreeSet<String> = (0..count).map(|_| skill(chance, stack)).collect();
    names.into_iter().map(|name| Skill::parse(&name).expect("a short name")).collect()
}

/// A topic of the trade; every third is a phrase of two words.
fn topic(number: usize) -> String {
    if number.is_multiple_of(3) { format!("topic{number} systems") } else { format!("topic{number}") }
}

fn country(chance: &mut Chance) -> usize {
    chance.zipf(COUNTRIES, 1)
}

fn code(country: usize) -> Country {
    let letters = [b'A' + (country / 20) as u8, b'B' + (country % 20) as u8];
    Country::parse(std::str::from_utf8(&letters).expect("two letters")).expect("two letters")
}

fn city(chance: &mut Chance, country: usize) -> String {
    format!("Town {country} {}", chance.zipf(CITIES, 1))
}

fn company(chance: &mut Chance) -> String {
    format!("Company {} Ltd", chance.zipf(5_000, 40))
}

/// The alert of this number.
pub fn alert(index: usize) -> Preferences {
    let mut chance = Chance::of(1, index);
    let stack = chance.zipf(STACKS, 1);
    let home = country(&mut chance);
    let mut wishes = Preferences { home_country: Some(code(home)), ..Preferences::default() };
    let roles = [Role::BackendEngineer, Role::DatabaseAdministrator, Role::SolutionsArchitect];
    let first = chance.share(&[50, 25, 25]);
    let count = [1, 2, 3][chance.share(&[77, 18, 5])];
    wishes.roles = (0..count).map(|more| roles[(first + more) % 3]).collect::<Vec<_>>().into();
    if chance.percent(72) {
        let low = 1 + chance.below(3);
        wishes.seniority = Seniority::ALL[low..=(low + 1 + chance.below(2)).min(4)].to_vec().into();
    }
    if chance.percent(55) {
        wishes.employment_types = EmploymentType::ALL[..[1, 2, 3][chance.share(&[70, 15, 15])]].to_vec().into();
    }
    if chance.percent(10) {
        wishes.education = vec![Education::NoneStated, Education::BootcampOk, Education::DegreePreferred].into();
    }
    if chance.percent(25) {
        wishes.experience_years = Some((2 + chance.below(13)) as f64);
    }
    wishes.skills = wished_skills(&mut chance, stack);
    if chance.percent(38) {
        wishes.salary = Some(wished_salary(&mut chance));
    }
    wished_places(&mut chance, home, &mut wishes);
    if chance.percent(15) {
        wishes.companies = CompanyWish { never: (0..=chance.below(5)).map(|_| company(&mut chance)).collect(), ..CompanyWish::default() };
    }
    if chance.percent(30) {
        let query = query(&mut chance, stack);
        wishes.keywords = Some(Query::parse(&query).expect("a query that parses"));
    }
    wishes
}

fn wished_skills(chance: &mut Chance, stack: usize) -> SkillWish {
    let mut wish = SkillWish::default();
    match chance.share(&[11, 60, 20, 9]) {
        0 => {}
        1 => {
            let count = 2 + chance.below(8);
            wish.any = skills(chance, stack, count);
        }
        2 => {
            let count = [1, 2, 3][chance.share(&[60, 30, 10])];
            wish.all = skills(chance, stack, count);
        }
        _ => {
            wish.all = skills(chance, stack, 1);
            let count = 1 + chance.below(4);
            wish.any = skills(chance, stack, count);
        }
    }
    if chance.percent(30) {
        let other = (stack + 1 + chance.below(STACKS - 1)) % STACKS;
        let count = 1 + chance.below(4);
        wish.none = skills(chance, other, count);
    }
    wish
}

fn wished_salary(chance: &mut Chance) -> SalaryWish {
    let (currency, rate) = CURRENCIES[chance.zipf(CURRENCIES.len(), 1)];
    let dollars = 20_000.0 + 5_000.0 * chance.below(18) as f64;
    let round = 10_f64.powf((dollars * rate).log10().floor() - 1.0);
    SalaryWish {
        min: Amount::from_units((dollars * rate / round).round() * round).expect("an amount"),
        currency: Currency::parse(currency).expect("a code"),
        period: PayPeriod::Year,
        undisclosed: if chance.percent(12) { UnknownRule::Exclude } else { UnknownRule::Include },
    }
}

fn wished_places(chance: &mut Chance, home: usize, wishes: &mut Preferences) {
    let whole = |country: usize| PlaceWish { country: Some(code(country)), city: None, within_km: None };
    let cities = |chance: &mut Chance| -> Vec<PlaceWish> {
        let count = 1 + chance.below(3);
        (0..count).map(|_| PlaceWish { city: Some(city(chance, home)), within_km: Some(50.0), ..whole(home) }).collect()
    };
    let kind = chance.share(&[36, 27, 12, 8, 14, 3]);
    wishes.places.any = match kind {
        0 => cities(chance),
        1 | 4 => vec![whole(home)],
        2 => (0..2 + chance.below(3)).map(|_| whole(country(chance))).collect(),
        3 => cities(chance).into_iter().chain([whole(country(chance))]).collect(),
        _ => Vec::new(),
    };
    wishes.work_modes = match kind {
        4 => vec![WorkMode::Remote].into(),
        5 => Facet::default(),
        _ if chance.percent(60) => Facet::default(),
        _ => vec![WorkMode::Hybrid, WorkMode::Onsite].into(),
    };
}

fn query(chance: &mut Chance, stack: usize) -> String {
    let form = chance.share(&[18, 18, 14, 12, 14, 8, 6, 4, 3, 3]);
    let mut term = || match chance.share(&[62, 33, 5]) {
        0 => skill(chance, stack),
        1 => format!("\"{}\"", topic(chance.zipf(TOPICS, 8))),
        _ => format!("rare{}", chance.below(120)),
    };
    let (a, b, c, d) = (term(), term(), term(), term());
    match form {
        0 => a,
        1 => format!("{a} OR {b} OR {c}"),
        2 => format!("{a} AND {b}"),
        3 => format!("({a} OR {b}) AND {c}"),
        4 => format!("({a} OR {b} OR {c}) AND NOT {d}"),
        5 => format!("{a} -{b}"),
        6 => format!("({a} OR {b}) ({c} OR {d})"),
        7 => format!("{a} -({b} OR {c})"),
        8 => format!("(({a} AND {b}) OR ({c} AND {d})) AND NOT wordpress"),
        _ => format!("NOT {a}"),
    }
}

/// A listing with the texts its words come from.
pub struct Told {
    pub facts: Facts,
    pub title: String,
    pub company: String,
    pub text: String,
    words: Words,
}

impl Told {
    pub fn subject(&self) -> Subject<'_> {
        Subject { facts: &self.facts, words: &self.words, company: Some(&self.company) }
    }
}

/// The listing of this number.
pub fn listing(index: usize) -> Told {
    let mut chance = Chance::of(2, index);
    let stack = chance.zipf(STACKS, 1);
    let facts = facts(&mut chance, stack);
    let (title, company) = (format!("{} {}", facts.role.value.label(), facts.skills[0].value), company(&mut chance));
    let text = text(&mut chance, &facts);
    let words = Words::of(&title, Some(&company), &text);
    Told { facts, title, company, text, words }
}

fn said<T>(value: T) -> Finding<T> {
    Finding::stated(value, "said")
}

fn facts(chance: &mut Chance, stack: usize) -> Facts {
    let at = country(chance);
    let mut place = Place { country: Some(code(at)), ..Place::default() };
    place.city = chance.percent(90).then(|| city(chance, at));
    let count = 8 + chance.below(10);
    let mut named: BTreeSet<Skill> = skills(chance, stack, count).into_iter().collect();
    named.extend(chance.percent(95).then(|| Skill::parse(&format!("stack{stack}x0")).expect("a short name")));
    let mode = chance.share(&[38, 27, 35]);
    let role = Role::ALL[chance.share(&[54, 20, 22, 4])];
    let open = if mode == 2 && !chance.percent(9) { 1 + chance.below(8) } else { 0 };
    let open: BTreeSet<Country> = (0..open).map(|_| code(country(chance))).collect();
    Facts {
        role: said(role),
        is_backend: said(role == Role::BackendEngineer),
        seniority: chance.percent(78).then(|| said(Seniority::ALL[chance.share(&[4, 12, 34, 38, 12])])),
        work_mode: Some(said([WorkMode::Onsite, WorkMode::Hybrid, WorkMode::Remote][mode])),
        remote_countries: open.into_iter().map(said).collect(),
        pay: chance.percent(45).then(|| said(pay(chance))),
        pay_extras: Vec::new(),
        skills: named.into_iter().map(said).collect(),
        optional_skills: Vec::new(),
        places: vec![said(place)],
        country: Some(said(code(at))),
        min_years: chance.percent(60).then(|| said(chance.below(11) as f64)),
        education: chance.percent(50).then(|| said(chance.one(Education::ALL))),
        employment_type: chance.percent(85).then(|| said(EmploymentType::ALL[chance.share(&[75, 5, 12, 3, 4, 1])])),
        visa: None,
        relocation: None,
        perks: Vec::new(),
        company_kind: None,
        hired_by: None,
        language: Some(said("en".to_owned())),
    }
}

fn pay(chance: &mut Chance) -> Pay {
    let (currency, rate) = CURRENCIES[chance.zipf(CURRENCIES.len(), 1)];
    let low = 20_000.0 + 1_000.0 * chance.below(120) as f64;
    let amount = |dollars: f64| Amount::from_units((dollars * rate).round()).ok();
    let max = amount(low * (1.0 + chance.below(50) as f64 / 100.0));
    Pay { min: amount(low), max, currency: Currency::parse(currency).ok(), period: Some(PayPeriod::Year), raw: "said".into() }
}

/// 300 to 900 words: mostly the common ones of the language, the listing's skills one to three times, topics, now and then a rare one.
fn text(chance: &mut Chance, facts: &Facts) -> String {
    let mut words: Vec<String> =
        (0..300 + chance.below(301) + chance.below(301)).map(|_| format!("word{}", chance.zipf(18_000, 20))).collect();
    let mut put = |chance: &mut Chance, word: String| {
        let at = chance.below(words.len());
        words[at] = word;
    };
    for skill in &facts.skills {
        for _ in 0..=chance.below(3) {
            put(chance, skill.value.to_string());
        }
    }
    for number in 0..TOPICS {
        // From 43 percent of listings down to below one.
        if chance.below(1_000) < 430 / (1 + number / 3) + 8 {
            put(chance, topic(number));
        }
    }
    for number in 0..120 {
        if chance.below(10_000) < 20 {
            put(chance, format!("rare{number}"));
        }
    }
    words.join(" ")
}
