//! What of a posting tells whether another is the same job.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::sketch::Sketch;
use crate::domain::text::{fold, words_of_folded};
use crate::domain::vocabulary::countries;
use crate::domain::words::word_hash;
use crate::domain::{Facts, Likeness, Posting, Words};
use crate::extract::address;
use crate::extract::title_key::title_key;

/// Legal forms and their parts, which come and go between boards.
const LEGAL: &[&str] = &[
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "co",
    "company",
    "plc",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "se",
    "ug",
    "ev",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "a",
    "s",
    "aps",
    "oy",
    "oyj",
    "pty",
    "pte",
    "pvt",
    "private",
    "p",
    "sp",
    "z",
    "o",
    "n",
    "v",
    "b",
    "the",
    "com",
    "holdings",
    "holding",
    "rf",
    "i",
];
/// Names that stand for no employer.
const NOBODY: &[&str] = &["confidential", "leading client", "client", "undisclosed", "anonymous", "company confidential", "hiring partner"];
/// Beginnings of words in the names of staffing firms.
const STAFFING: &[&str] =
    &["staff", "recruit", "resourc", "talent", "personnel", "headhunt", "consultanc", "manpower", "hiring", "placement", "workforce"];
/// Words of place texts that are no part of a name.
const AROUND: &[&str] = &[
    "remote",
    "hybrid",
    "onsite",
    "office",
    "in",
    "on",
    "site",
    "anywhere",
    "world",
    "worldwide",
    "the",
    "jobs",
    "job",
    "greater",
    "central",
    "north",
    "south",
    "east",
    "west",
    "city",
    "area",
    "metropolitan",
    "metro",
    "region",
    "downtown",
    "unspecified",
    "multiple",
    "locations",
    "various",
    "other",
    "and",
    "or",
    "of",
    "all",
    "areas",
    "hq",
    "home",
    "based",
    "flexible",
    "select",
    "more",
];

/// Words of names of countries, their parts and groups.
static WIDE: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let lands = countries().countries().iter().flat_map(|land| land.aliases.iter().chain([&land.name]).chain(&land.parts));
    let regions = countries().regions().iter().flat_map(|region| region.aliases.iter().chain([&region.name]));
    lands.chain(regions).flat_map(|name| words_of_folded(&fold(name)).map(word_hash).collect::<Vec<_>>()).collect()
});

/// Builds the likeness of a posting from what has been read of it: its text without markup, its words, its facts and its date.
pub(super) fn likeness(posting: &Posting, text: &str, words: &Words, facts: &Facts, posted_at: Option<DateTime<Utc>>) -> Likeness {
    let address = posting.url.as_deref().map(address::read).unwrap_or_default();
    let company = company_words(posting.company.as_deref(), address.board.as_deref());
    let location = fold(posting.location.as_deref().unwrap_or_default());
    let own: Vec<u64> = words_of_folded(&location).map(word_hash).chain(words.company.iter().copied()).collect();
    let header = is_header(&posting.title, text);
    let title = title_key(&posting.title, &own);
    let mut cities = cities(facts, &location);
    if cities.is_empty() {
        cities.extend(title.place);
    }
    Likeness {
        source: word_hash(&fold(&posting.source)),
        posting: address.posting,
        page: address.page,
        company: (!company.is_empty()).then(|| word_hash(&company.concat())),
        house: company.first().map(|word| word_hash(word)),
        agency: is_agency(posting.company.as_deref(), &words.text),
        title: if header { word_hash("header") } else { title.key },
        header,
        countries: lands(facts),
        cities,
        team: posting.department.as_deref().map(fold).filter(|team| !team.trim().is_empty()).map(|team| word_hash(team.trim())),
        years: facts.min_years.as_ref().and_then(|found| tenths(found.value)),
        day: posted_at.and_then(|at| i32::try_from(at.timestamp().div_euclid(86_400)).ok()),
        text: Sketch::of(&words.text, is_cut(text)),
    }
}

/// The words of an employer's name without its legal form; the board's name where there is none.
fn company_words(company: Option<&str>, board: Option<&str>) -> Vec<String> {
    let name = company.map(fold).filter(|name| !name.trim().is_empty()).or_else(|| board.map(fold)).unwrap_or_default();
    let name = name.trim().strip_prefix("posted by ").unwrap_or(name.trim());
    if NOBODY.contains(&name) {
        return Vec::new();
    }
    let name = name.split(['(', ':', '|']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let kept: Vec<String> = words_of_folded(name).filter(|word| !LEGAL.contains(word)).map(str::to_owned).collect();
    if kept.is_empty() { words_of_folded(name).map(str::to_owned).collect() } else { kept }
}

fn is_agency(company: Option<&str>, text: &[u64]) -> bool {
    let name = fold(company.unwrap_or_default());
    if words_of_folded(&name).any(|word| STAFFING.iter().any(|start| word.starts_with(start))) {
        return true;
    }
    let (client, clients) = (word_hash("client"), word_hash("clients"));
    let whose = [word_hash("our"), word_hash("my")];
    text.windows(2).any(|pair| whose.contains(&pair[0]) && (pair[1] == client || pair[1] == clients))
}

/// A header line of a thread: several parts, and the text repeats it.
fn is_header(title: &str, text: &str) -> bool {
    title.matches('|').count() >= 2 && text.get(..title.floor_char_boundary(24)).is_some_and(|start| title.starts_with(start))
}

/// The cities by their canonical names; where none is known, the first part of each place as it is written.
fn cities(facts: &Facts, location: &str) -> Vec<u64> {
    let mut keys: Vec<u64> =
        facts.places.iter().filter_map(|place| place.value.city.as_deref()).map(|city| word_hash(&fold(city))).collect();
    if keys.is_empty() {
        keys = location.split([';', '|', '/']).flat_map(|place| place.split(" or ")).filter_map(written_city).collect();
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// `Mölln` of `Mölln, Germany`; nothing of `Remote`, `Germany` or `Jobs in Pune`.
fn written_city(place: &str) -> Option<u64> {
    let part = place.split(['(', '+']).next()?.split(',').find(|part| !part.bytes().any(|byte| byte.is_ascii_digit()))?;
    let named: Vec<&str> = words_of_folded(part).filter(|word| !AROUND.contains(word)).collect();
    let wide = named.iter().all(|word| WIDE.contains(&word_hash(word)));
    (!wide && !part.trim_start().starts_with("jobs in ")).then(|| word_hash(&named.join(" ")))
}

/// The countries of the places and those a remote job is open to.
fn lands(facts: &Facts) -> Vec<u64> {
    let places = facts.places.iter().filter_map(|place| place.value.country);
    let others = facts.remote_countries.iter().chain(&facts.country).map(|found| found.value);
    let mut keys: Vec<u64> = places.chain(others).map(|country| word_hash(country.as_str())).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years between 0 and 100")]
fn tenths(years: f64) -> Option<u16> {
    (0.0..=100.0).contains(&years).then(|| (years * 10.0).round() as u16)
}

fn is_cut(text: &str) -> bool {
    let end = text.trim_end();
    end.ends_with('…') || end.ends_with("...")
}
