//! Lists of places beside `remote` that hold codes: `(US; CA; MX)`, `(San Francisco, CA, US; TW)`, `(TX/NY)`.
//!
//! Two capitals are as often a word of the trade as a country, and half the states of the US share their code with a country. So codes
//! count only where nothing but places stands, and what stands beside one decides what it means.

use crate::domain::place::Country;
use crate::domain::vocabulary::countries;
use crate::extract::fold::Folded;
use crate::extract::open_to::run::{US, countries_alone};
use crate::extract::place::{COUNTRY_FIRST, Name, PlaceScanner, TRADE_WORDS, coded_country};

/// Zones of the US by two letters; Portugal and Ethiopia share theirs.
const ZONES: [&str; 6] = ["ET", "CT", "MT", "PT", "AT", "AK"];

/// One place of a list.
enum Entry<'a> {
    /// Names that leave no doubt.
    Sure(Vec<Country>),
    /// Two capitals, which may be a country or a state.
    Code(&'a str),
}

/// The countries of a list of places, by names and codes; none where anything else stands in it.
pub(super) fn listed(scanner: &PlaceScanner, text: &str) -> Option<Vec<Country>> {
    let parted = text.contains(';');
    let pieces = text.split([';', '/', '&', '+']).flat_map(|piece| piece.split(" or ")).flat_map(|piece| piece.split(" and "));
    let entries: Vec<&str> = pieces.flat_map(|piece| places_of(scanner, piece, parted)).collect();
    let entries = entries.into_iter().map(|text| entry(scanner, text)).collect::<Option<Vec<Entry<'_>>>>()?;
    let codes: Vec<&str> = entries.iter().filter_map(|entry| if let Entry::Code(code) = entry { Some(*code) } else { None }).collect();
    let sure: Vec<Country> =
        entries.iter().flat_map(|entry| if let Entry::Sure(found) = entry { &found[..] } else { &[] }).copied().collect();
    if codes.iter().all(|code| ZONES.contains(code)) && !codes.is_empty() && sure.is_empty() && !parted {
        return Some(Vec::new());
    }
    let read = read_codes(&codes, parted && codes.len() > 1 || !sure.is_empty());
    Some(sure.into_iter().chain(read).collect())
}

/// The code that stands alone right behind `remote`: `Remote - TX`, `Remote KY`. `separator` is what stands between.
pub(super) fn alone_behind(code: &str, separator: &str, is_place_field: bool) -> Vec<Country> {
    let said =
        if TRADE_WORDS.contains(&code) || ZONES.contains(&code) { is_place_field && separator.trim_start().starts_with(',') } else { true };
    if said { read_codes(&[code], false) } else { Vec::new() }
}

/// Whether a text is two capitals.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The places of a piece with commas in it: `GB, IE` names two, `Austin, TX, US` and `CA, US` one.
fn places_of<'a>(scanner: &PlaceScanner, piece: &'a str, parted: bool) -> Vec<&'a str> {
    let parts: Vec<&str> = piece.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let whole = Vec::from_iter(Some(piece.trim()).filter(|piece| !piece.is_empty()));
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return whole };
    let one = if parts.iter().all(|part| is_code(part)) {
        parts.len() == 2 && (parted || is_state_of(first, last))
    } else {
        !is_land(scanner, first)
    };
    if one { whole } else { parts }
}

fn is_state_of(state: &str, country: &str) -> bool {
    countries().by_code(country).is_some_and(|entry| entry.postal.contains_key(state))
}

fn is_land(scanner: &PlaceScanner, text: &str) -> bool {
    text == "US" || !countries_alone(scanner, text).is_empty()
}

fn entry<'a>(scanner: &PlaceScanner, text: &'a str) -> Option<Entry<'a>> {
    let mut parts = text.rsplit(',');
    let last = parts.next().unwrap_or_default().trim();
    if !parts.all(is_name) {
        return None;
    }
    let named: Vec<Country> = countries_alone(scanner, last).into_iter().map(|found| found.value).collect();
    if !named.is_empty() {
        return Some(Entry::Sure(named));
    }
    if !is_code(last) {
        return None;
    }
    if last == text {
        return if last == "US" { Some(Entry::Sure(vec![US])) } else { Some(Entry::Code(last)) };
    }
    let folded = Folded::new(text);
    let found = scanner.names_in(&folded);
    let city = found.iter().find(|(_, name)| matches!(name, Name::City(_))).map(|(hit, _)| &folded.folded[hit.start..hit.end]);
    coded_country(text, city).map(|country| Entry::Sure(vec![country]))
}

/// Whether a text is written as a name: `HQ in Columbus` is none.
fn is_name(text: &str) -> bool {
    let small = ["of", "de", "da", "do", "del", "la", "the", "and"];
    text.split_whitespace().all(|word| small.contains(&word) || !word.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// What codes mean together. `countries_first` where the list says that it lists countries: by its semicolons or by a country's name.
fn read_codes(codes: &[&str], countries_first: bool) -> Vec<Country> {
    let country = |code: &str| countries().by_code(code).map(|entry| entry.code);
    let state = |code: &str| countries().state(code).map(|(country, _)| country);
    let only_country = |code: &&str| country(code).is_some() && state(code).is_none();
    let only_state = |code: &&str| country(code).is_none() && state(code).is_some();
    match codes {
        [one] if !countries_first && TRADE_WORDS.contains(one) && state(one).is_none() => Vec::new(),
        [one] if COUNTRY_FIRST.contains(one) => country(one).into_iter().collect(),
        _ if countries_first || codes.iter().any(only_country) => {
            codes.iter().filter_map(|code| country(code).or_else(|| state(code))).collect()
        }
        _ if codes.iter().any(only_state) => codes.iter().filter_map(|code| state(code)).collect(),
        _ => Vec::new(),
    }
}
