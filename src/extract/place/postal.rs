//! Codes of states and countries in a place text: `Austin, TX`, `Sydney NSW 2000`, `Berlin, DE`.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::place::Country;
use crate::domain::vocabulary::{countries, places};

/// `, CA` or `, NSW 2000` behind a place, in upper case as published.
static POSTAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:,\s*|\s|^|\()([A-Z]{2,3})(?:\s+\d{4,5}(?:-\d{4})?)?\s*(?:$|[,;|/)(]|-\s)").expect("a constant pattern")
});

/// Two capitals that postings use as words: `Remote OK`, `Senior QA`, `ONSITE OR REMOTE`. They are codes of places only behind a comma,
/// or where nothing else stands.
pub const TRADE_WORDS: [&str; 27] = [
    "AI", "AM", "AR", "BI", "CV", "GA", "HI", "HR", "ID", "IN", "IS", "IT", "ME", "ML", "NA", "NO", "OK", "OR", "PM", "PR", "QA", "SA",
    "SD", "SE", "SO", "TO", "TV",
];

/// Codes that stand for the country rather than for a state of the US where nothing else is said.
pub const COUNTRY_FIRST: [&str; 3] = ["IN", "DE", "IL"];

/// A state by its code, and where the code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCode<'a> {
    /// Its first byte in the segment.
    pub at: usize,
    /// The state's country.
    pub country: Country,
    /// The state's name.
    pub name: &'a str,
}

/// The state whose code stands in the segment, of that country where one is known.
#[must_use]
pub fn state_code(segment: &str, country: Option<Country>) -> Option<StateCode<'static>> {
    POSTAL.captures_iter(segment).find_map(|found| {
        let code = found.get(1).filter(|code| stands_for_place(segment, code.start(), code.as_str()))?;
        let (of, name) = countries().state(code.as_str())?;
        country.is_none_or(|country| country == of).then_some(StateCode { at: code.start(), country: of, name })
    })
}

/// A country by postal code of a state or by its own code in upper case: `, CA` is California unless the city says otherwise.
#[must_use]
pub fn coded_country(segment: &str, city: Option<&str>) -> Option<Country> {
    let code = POSTAL.captures_iter(segment).last()?.get(1)?;
    let code = Some(code).filter(|code| stands_for_place(segment, code.start(), code.as_str()))?.as_str().to_owned();
    let parsed = countries().by_code(&code).map(|entry| entry.code);
    let state = countries().state(&code);
    if let (Some(city), Some((of, name))) = (city, state)
        && places().city_of_region(city, Some(of), Some(name)).is_some_and(|city| city.region.as_deref() == Some(name))
    {
        return Some(of);
    }
    if let (Some(city), Some(parsed)) = (city, parsed)
        && places().city(city, Some(parsed)).is_some()
    {
        return Some(parsed);
    }
    if COUNTRY_FIRST.contains(&code.as_str()) && is_bare(segment) {
        return parsed;
    }
    if code == "UK" {
        return Country::parse("GB").ok();
    }
    if code == "US" {
        return parsed;
    }
    if segment.matches(',').count() >= 2 && parsed.is_some() {
        return parsed;
    }
    // `DL, IN`: a state of its own before the code of the country.
    let before = segment.split(',').next().unwrap_or_default().trim();
    if parsed.is_some() && city.is_none() && before.len() == 2 && before.chars().all(|c| c.is_ascii_uppercase()) {
        return parsed;
    }
    state.map(|(of, _)| of).or(parsed.filter(|_| segment.contains(',') || segment.trim().len() == 2))
}

/// Whether a code is meant as one: it stands behind a comma or alone, or is no word of the trade.
fn stands_for_place(segment: &str, at: usize, code: &str) -> bool {
    let before = segment[..at].trim_end();
    !TRADE_WORDS.contains(&code) || before.is_empty() || before.ends_with([',', '(']) || places().city(last_words(before), None).is_some()
}

/// What stands behind the last comma or parenthesis of a text.
fn last_words(text: &str) -> &str {
    text.rsplit([',', '(', '-']).next().unwrap_or_default().trim()
}

/// Whether a segment says nothing but a code, and maybe that the work is remote: `IN`, `Remote (IN)`.
fn is_bare(segment: &str) -> bool {
    let words = segment.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("remote"));
    words.map(str::len).sum::<usize>() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_state_or_a_country_as_its_city_says() {
        let country = |segment, city| coded_country(segment, city).map(|code| code.to_string());
        assert_eq!(country("Austin, TX 78701", Some("austin")).as_deref(), Some("US"));
        assert_eq!(country("Toronto, CA", Some("toronto")).as_deref(), Some("CA"));
        assert_eq!(country("Los Angeles, CA", Some("los angeles")).as_deref(), Some("US"));
        assert_eq!(country("Bengaluru, KA, IN", Some("bengaluru")).as_deref(), Some("IN"));
        assert_eq!(country("Remote (IN)", None).as_deref(), Some("IN"));
        assert_eq!(country("Indianapolis, IN", Some("indianapolis")).as_deref(), Some("US"));
        assert_eq!(state_code("Sydney NSW 2000", None).map(|state| state.name), Some("New South Wales"));
        assert_eq!(state_code("Berlin, DE", Country::parse("DE").ok()), None);
    }
}
