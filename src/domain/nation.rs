//! Countries, their states, and the groups they form, as data: `config/vocabulary/countries.toml`, embedded.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

use crate::domain::place::Country;

/// A country of ISO 3166.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryEntry {
    /// The code.
    pub code: Country,
    /// The common English name.
    pub name: String,
    /// Other names, native ones included.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// States, provinces and other parts by name, folded.
    #[serde(default)]
    pub parts: Vec<String>,
    /// States and provinces by postal code, read only in upper case after a comma (`Austin, TX`).
    #[serde(default)]
    pub postal: BTreeMap<String, String>,
    /// The IANA zones most of its people live in.
    #[serde(default, deserialize_with = "zones")]
    zones: Vec<Tz>,
}

impl CountryEntry {
    /// The IANA zones most of its people live in.
    #[must_use]
    pub fn zones(&self) -> &[Tz] {
        &self.zones
    }
}

fn zones<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Tz>, D::Error> {
    let names = Vec::<String>::deserialize(d)?;
    names.iter().map(|name| name.parse().map_err(|_| serde::de::Error::custom(format!("{name:?} is no IANA time zone")))).collect()
}

/// A group of countries that postings name (EU, LATAM, EMEA).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionEntry {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its countries.
    pub countries: Vec<Country>,
}

/// Countries and groups of countries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countries {
    country: Vec<CountryEntry>,
    region: Vec<RegionEntry>,
}

impl Countries {
    /// All countries.
    #[must_use]
    pub fn countries(&self) -> &[CountryEntry] {
        &self.country
    }

    /// All groups.
    #[must_use]
    pub fn regions(&self) -> &[RegionEntry] {
        &self.region
    }

    /// The country of this code, where ISO 3166 has one.
    #[must_use]
    pub fn by_code(&self, text: &str) -> Option<&CountryEntry> {
        let code = Country::parse(text).ok()?;
        self.country.iter().find(|entry| entry.code == code)
    }

    /// The country and the name of a state with this postal code, in upper case; the first where several countries use it.
    #[must_use]
    pub fn state(&self, postal: &str) -> Option<(Country, &str)> {
        self.country.iter().find_map(|entry| Some((entry.code, entry.postal.get(postal)?.as_str())))
    }

    /// The countries that have a zone whose standard time is between these minutes ahead of UTC, both included.
    #[must_use]
    pub fn within_offsets(&self, from: i32, to: i32) -> Vec<Country> {
        static OFFSETS: LazyLock<Vec<(Country, Vec<i32>)>> = LazyLock::new(|| {
            countries().country.iter().map(|entry| (entry.code, entry.zones.iter().copied().map(standard_minutes).collect())).collect()
        });
        OFFSETS.iter().filter(|(_, offsets)| offsets.iter().any(|at| (from..=to).contains(at))).map(|(code, _)| *code).collect()
    }
}

/// Minutes ahead of UTC in standard time: the smaller offset of a January and a July.
#[must_use]
pub fn standard_minutes(zone: Tz) -> i32 {
    let on = |month| {
        let day = NaiveDate::from_ymd_opt(2026, month, 1).expect("the first of a month is a date");
        zone.offset_from_utc_date(&day).fix().local_minus_utc() / 60
    };
    on(1).min(on(7))
}

static COUNTRIES: LazyLock<Countries> = LazyLock::new(|| {
    toml::from_str(include_str!("../../config/vocabulary/countries.toml")).expect("the embedded countries parse; a test reads them")
});

/// The embedded countries and groups of countries.
#[must_use]
pub fn countries() -> &'static Countries {
    &COUNTRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_time_zones_holds_the_countries_whose_clocks_stand_in_it() {
        assert_eq!(countries().countries().len(), 249);
        let within = |from: i32, to: i32| countries().within_offsets(from * 60, to * 60);
        let has = |list: &[Country], code: &str| list.iter().any(|country| country.as_str() == code);
        let around_cet = within(-3, 5);
        assert!(["DE", "GB", "BR", "AR", "ZA", "NG", "PK", "AE"].iter().all(|code| has(&around_cet, code)), "{around_cet:?}");
        assert!(!["US", "CA", "IN", "CN", "AU", "JP", "MX"].iter().any(|code| has(&around_cet, code)), "{around_cet:?}");
        let india = countries().within_offsets(330, 330);
        assert_eq!(india.iter().map(Country::as_str).collect::<Vec<_>>(), ["IN", "LK"]);
        assert_eq!(standard_minutes(Tz::Europe__Dublin), 0);
        assert_eq!(standard_minutes(Tz::Australia__Sydney), 600);
    }

    #[test]
    fn a_postal_code_names_a_state() {
        assert_eq!(countries().state("GA").map(|(code, state)| (code.to_string(), state)), Some(("US".into(), "Georgia")));
        assert_eq!(countries().state("NSW").map(|(_, state)| state), Some("New South Wales"));
        assert_eq!(countries().state("XX"), None);
    }
}
