//! What of a posting tells whether another is the same job.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::pay::{Amount, Pay};
use crate::domain::place::Country;
use crate::domain::sketch::Sketch;
use crate::domain::text::{fold, words_of_folded};
use crate::domain::vocabulary::{CountryEntry, countries, places};
use crate::domain::words::word_hash;
use crate::domain::{Facts, Likeness, Posting, Words};
use crate::extract::address;
use crate::extract::title_key::title_key;

/// Legal forms and their parts, which come and go between boards.
static LEGAL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "inc incorporated llc llp lp ltd limited corp corporation co company plc gmbh mbh ag kg kgaa ohg se ug ev sa sas sarl srl spa \
     bv nv ab as a s aps oy oyj pty pte pvt private p sp z o n v b the com holdings holding rf i"
        .split(' ')
        .collect()
});
/// Names that stand for no employer.
const NOBODY: &[&str] = &["confidential", "leading client", "client", "undisclosed", "anonymous", "company confidential", "hiring partner"];
/// Beginnings of words in the names of staffing firms.
const STAFFING: &[&str] =
    &["staff", "recruit", "resourc", "talent", "personnel", "headhunt", "consultanc", "manpower", "hiring", "placement", "workforce"];
/// Beginnings of words that name a trade in header lines.
const TRADES: &[&str] = &[
    "front", "back", "full", "mobile", "ios", "android", "data", "scien", "devops", "sre", "reliab", "secur", "design", "product", "analy",
    "machine", "embedd", "qa", "test", "manager", "sales", "market", "support", "research", "infrastr", "software",
];
/// Words of place texts that are no part of a name.
static AROUND: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "remote hybrid onsite office in on site anywhere world worldwide the jobs job greater central north south east west city area \
     metropolitan metro region downtown unspecified multiple locations various other and or of all areas hq home based flexible \
     select more"
        .split(' ')
        .collect()
});

/// Keys of the names of countries, their parts and groups.
static WIDE: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let lands = countries().countries().iter().flat_map(|land| land.aliases.iter().chain([&land.name]).chain(&land.parts));
    let regions = countries().regions().iter().flat_map(|region| region.aliases.iter().chain([&region.name]));
    let codes = countries().countries().iter().map(|land| land.code.as_str()).chain(["uk", "usa"]);
    lands.chain(regions).map(String::as_str).chain(codes).filter_map(|name| name_key(&fold(name))).collect()
});
/// Countries by the keys of their names.
static LANDS: LazyLock<HashMap<u64, Country>> = LazyLock::new(|| {
    let names = |land: &'static CountryEntry| land.aliases.iter().chain([&land.name]).filter_map(|name| name_key(&fold(name)));
    let short = [("us", "US"), ("usa", "US"), ("uk", "GB")]
        .into_iter()
        .filter_map(|(name, code)| Some((name_key(name)?, Country::parse(code).ok()?)));
    countries().countries().iter().flat_map(|land| names(land).map(|key| (key, land.code))).chain(short).collect()
});

/// Builds the likeness of a posting from what has been read of it: its text without markup, its words, its facts and its date.
pub(super) fn likeness(posting: &Posting, text: &str, words: &Words, facts: &Facts, posted_at: Option<DateTime<Utc>>) -> Likeness {
    let address = posting.url.as_deref().map(address::read).unwrap_or_default();
    let company = company_words(posting.company.as_deref(), address.board.as_deref());
    let location = fold(posting.location.as_deref().unwrap_or_default());
    let own: Vec<u64> = words_of_folded(&location).map(word_hash).chain(words.company.iter().copied()).collect();
    let header = is_header(&posting.title, text);
    let title = title_key(&posting.title, &own);
    // A place text that names none (`Remote`) stands over whatever lines of the text name.
    let placeless = !location.is_empty() && name_key(&location).is_none();
    let (mut cities, mut countries) = if placeless { headquarters(text) } else { (cities(facts, &location), Vec::new()) };
    if countries.is_empty() {
        // `Europe` as the place parts a job from its twin in `North America`, whatever else their texts are open to.
        let region = name_key(&location).filter(|_| facts.places.is_empty() && is_region(&location));
        countries = region.map_or_else(|| lands(facts), |region| vec![region]);
    }
    if cities.is_empty() {
        cities.extend(title.place);
    }
    Likeness {
        listing: word_hash(&format!("{}\n{}", posting.source, posting.id)),
        source: word_hash(&fold(&posting.source)),
        posting: address.posting,
        page: address.page,
        company: (!company.is_empty()).then(|| word_hash(&company.concat())),
        house: company.first().map(|word| word_hash(word)),
        agency: is_agency(posting.company.as_deref(), &words.text),
        title: title.key,
        title_words: title.words,
        level: title.level,
        header,
        trades: if header { trades(&posting.title) } else { 0 },
        countries,
        cities,
        pay: facts.pay.as_ref().and_then(|found| range(&found.value)),
        team: posting.department.as_deref().map(fold).filter(|team| !team.trim().is_empty()).map(|team| word_hash(team.trim())),
        years: facts.min_years.as_ref().and_then(|found| tenths(found.value)),
        day: posted_at.and_then(|at| i32::try_from(at.timestamp().div_euclid(86_400)).ok()),
        text: Sketch::of(&unglued(text), is_cut(text)),
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

/// The trades of a header line, a bit each.
fn trades(title: &str) -> u32 {
    let folded = fold(title);
    let bit = |word: &str| TRADES.iter().position(|start| word.starts_with(start)).map_or(0, |at| 1 << at);
    words_of_folded(&folded).fold(0, |bits, word| bits | bit(word))
}

/// The cities by their canonical names; where none is known, the first part of each place as it is written.
fn cities(facts: &Facts, location: &str) -> Vec<u64> {
    // Links of the page around the place (`Jobs in Delhi`) are no places of the job.
    let mut keys: Vec<u64> = if location.contains("jobs in ") {
        location.split([',', ';']).filter_map(written_city).collect()
    } else {
        facts.places.iter().filter_map(|place| name_key(&fold(place.value.city.as_deref()?))).collect()
    };
    if keys.is_empty() {
        keys = location.split([';', '|', '/']).flat_map(|place| place.split(" or ")).filter_map(written_city).collect();
    }
    sorted(keys)
}

/// `Mölln` of `Mölln, Germany`; nothing of `Remote`, `Germany` or `Jobs in Pune`.
fn written_city(place: &str) -> Option<u64> {
    let part = place.split(['(', '+']).next()?.split(',').find(|part| !part.bytes().any(|byte| byte.is_ascii_digit()))?;
    if part.trim_start().starts_with("jobs in ") {
        return None;
    }
    let canonical = places().city(part.trim(), None).and_then(|city| name_key(&fold(&city.name)));
    canonical.or_else(|| name_key(part).filter(|key| !WIDE.contains(key)))
}

/// A name of a place without the words around it.
fn name_key(name: &str) -> Option<u64> {
    let words = words_of_folded(name).filter(|word| !AROUND.contains(word)).map(|word| if word == "st" { "saint" } else { word });
    let words: Vec<&str> = words.collect();
    (!words.is_empty()).then(|| word_hash(&words.join(" ")))
}

/// The places of a text's first line that tells of headquarters, as We Work Remotely writes where a job is open.
fn headquarters(text: &str) -> (Vec<u64>, Vec<u64>) {
    const LINE: usize = 80;
    let Some(rest) = text.trim_start().strip_prefix("Headquarters:") else { return (Vec::new(), Vec::new()) };
    let line = &rest[..rest.floor_char_boundary(LINE)];
    let line = fold(line.split(['\n', ':']).next().unwrap_or_default());
    let (mut cities, mut lands) = (Vec::new(), Vec::new());
    for part in line.split([',', ';', '/']) {
        let words: Vec<&str> = words_of_folded(part).filter(|word| !AROUND.contains(word)).collect();
        // What follows on the same line is the text already.
        let names = (1..=words.len().min(3)).rev().map(|count| words[..count].join(" "));
        for name in names {
            if let Some(land) = LANDS.get(&word_hash(&name)) {
                lands.push(word_hash(land.as_str()));
                break;
            }
            if let Some(city) = places().city(&name, None) {
                cities.extend(name_key(&fold(&city.name)));
                break;
            }
        }
    }
    (sorted(cities), sorted(lands))
}

/// Least and most pay, where both are full hundreds.
fn range(pay: &Pay) -> Option<(u32, u32)> {
    let units =
        |amount: Amount| u32::try_from(amount.hundredths() / 100).ok().filter(|units| amount.hundredths() % 10_000 == 0 && *units > 0);
    let (least, most) = (pay.min.or(pay.max)?, pay.max.or(pay.min)?);
    units(least).zip(units(most))
}

fn sorted(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether a folded place text is the name of a group of countries.
fn is_region(location: &str) -> bool {
    countries().regions().iter().flat_map(|region| region.aliases.iter().chain([&region.name])).any(|name| fold(name) == location.trim())
}

/// The countries of the places and those a remote job is open to.
fn lands(facts: &Facts) -> Vec<u64> {
    let places = facts.places.iter().filter_map(|place| place.value.country);
    let others = facts.remote_countries.iter().chain(&facts.country).map(|found| found.value);
    sorted(places.chain(others).map(|country| word_hash(country.as_str())).collect())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years between 0 and 100")]
fn tenths(years: f64) -> Option<u16> {
    (0.0..=100.0).contains(&years).then(|| (years * 10.0).round() as u16)
}

/// The words of a text, parted also where a capital follows a small letter: boards lose the break between two items of a list.
fn unglued(text: &str) -> Vec<u64> {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut words = Vec::with_capacity(text.len() / 5);
    let (mut hash, mut after_small) = (START, false);
    for c in text.chars() {
        let ends = !c.is_alphanumeric() || (after_small && c.is_uppercase());
        if ends && hash != START {
            words.push(hash);
            hash = START;
        }
        after_small = c.is_lowercase();
        if c.is_ascii_alphanumeric() {
            hash = (hash ^ u64::from(c.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
        } else if c.is_alphanumeric() {
            hash = c.to_lowercase().fold(hash, |hash, c| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3));
        }
    }
    if hash != START {
        words.push(hash);
    }
    words
}

fn is_cut(text: &str) -> bool {
    let end = text.trim_end();
    end.ends_with('…') || end.ends_with("...")
}
