//! Reads the places people type: `Bengaluru +50 km, Pune; Indore, Madhya Pradesh; Germany`.

use std::collections::HashMap;

use crate::domain::Country;
use crate::domain::line::quoted;
use crate::domain::nearest::nearest_of_many;
use crate::domain::place_name::country_name;
use crate::domain::preferences::PlaceWish;
use crate::domain::text::fold_name;
use crate::domain::vocabulary::{CityEntry, countries, places};

/// What is longer is no slip of a name, in bytes.
const LONGEST_NAME: usize = 60;

/// A place that cannot be read, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceTextError {
    /// Neither a city nor a country we know; the name that is nearest, where one is near.
    #[error("{} is no city or country known here: {}write it with its country, such as Hampi (IN), or give a larger city nearby", quoted(.0), did_you_mean(.1.as_deref()))]
    Unknown(String, Option<String>),
    /// A state or province, and its country.
    #[error("{} is a part of {}: give its cities, or the whole country", quoted(.0), .1)]
    State(String, String),
    /// A distance that is none.
    #[error("{} is no distance: write it as +50 km behind a city", quoted(.0))]
    Distance(String),
    /// A distance around a country.
    #[error("a distance goes with a city, not with the country {0}")]
    AroundCountry(String),
    /// Not a country.
    #[error("{} is no country known here: give its English name or its two letters, such as India or IN", quoted(.0))]
    Country(String),
}

/// One place of a text as it was typed: a name, what was written behind it to say where that is, and a distance.
#[derive(Debug, Clone, Copy)]
struct Written<'a> {
    name: &'a str,
    country: Option<Country>,
    region: Option<&'a str>,
    within_km: Option<f64>,
}

/// Reads places parted by semicolons, lines or commas. Behind a city a comma may also part it from its state and its country, as people
/// write places (`Indore, Madhya Pradesh, India`): they are no places of their own then. A city may have `+50 km` behind it and its
/// country in parentheses.
///
/// # Errors
/// Names the first place that cannot be read.
pub fn parse_places(text: &str) -> Result<Vec<PlaceWish>, PlaceTextError> {
    let mut written: Vec<Written<'_>> = Vec::new();
    for group in text.split([';', '\n']) {
        let first = written.len();
        for part in group.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let next = with_distance(part)?;
            let told = written[first..].last().and_then(|place| place.told_by(next));
            if told.is_some() {
                written.pop();
            }
            written.push(told.unwrap_or(next));
        }
    }
    written.into_iter().map(Written::read).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
}

impl Written<'_> {
    /// This place with what was written behind it; none where that is a place of its own.
    fn told_by(self, next: Self) -> Option<Self> {
        let within_km = self.within_km.or(next.within_km);
        if self.country.is_some() || !self.may_be_city() {
            return None;
        }
        let country = country_named(next.name).filter(|country| self.may_lie_in(*country));
        if country.is_some() {
            return Some(Self { country, within_km, ..self });
        }
        let state = || state_named(next.name).filter(|_| !is_place(next.name));
        let of_city = self.region.is_none() && (self.lies_in_region(next.name) || state().is_some());
        of_city.then_some(Self { region: Some(next.name), within_km, ..self })
    }

    /// Not a country, nor written with its country in parentheses.
    fn may_be_city(self) -> bool {
        !self.name.ends_with(')') && (is_city(self.name) || country_named(self.name).is_none())
    }

    /// Whether a city of this name is known in that country, or no city of this name is known at all.
    fn may_lie_in(self, country: Country) -> bool {
        !places().meant(self.name, Some(country)).is_empty() || !is_city(self.name)
    }

    /// Whether the city of this name lies in the region of that name.
    fn lies_in_region(self, region: &str) -> bool {
        let (region, postal) = (fold_name(region), countries().state(region).map(|(_, state)| fold_name(state)));
        let known = places().city(self.name, None).and_then(|city| city.region.as_deref()).map(fold_name);
        known.is_some_and(|known| known == region || postal.is_some_and(|state| known == state))
    }

    /// What is wished for: a place, or an area as the cities it is made of.
    fn read(self) -> Result<Vec<PlaceWish>, PlaceTextError> {
        let Some(area) = places().area(self.name) else { return Ok(vec![self.place()?]) };
        let wish = |city: &CityEntry| PlaceWish { country: Some(city.country), city: Some(city.name.clone()), within_km: self.within_km };
        Ok(places().cities_of(area).map(wish).collect())
    }

    fn place(self) -> Result<PlaceWish, PlaceTextError> {
        let Self { name, within_km, .. } = self;
        if let Some((city, code)) = name.strip_suffix(')').and_then(|inner| inner.split_once('(')) {
            return Ok(city_in(city.trim(), parse_country(code)?, within_km));
        }
        let state = self.region.and_then(state_named);
        let country = self.country.or(state.map(|(country, _)| country));
        if let Some(entry) = places().city_of_region(name, country, state.map(|(_, region)| region).or(self.region)) {
            return Ok(PlaceWish { country: Some(entry.country), city: Some(entry.name.clone()), within_km });
        }
        if let Some(country) = country {
            // Where a name is near, it is a slip rather than a town we lack.
            let near = if is_city(name) { None } else { nearest_place(name) };
            return near
                .map_or_else(|| Ok(city_in(name, country, within_km)), |near| Err(PlaceTextError::Unknown(name.into(), Some(near))));
        }
        match (country_named(name), state_named(name), within_km) {
            (Some(country), _, None) => Ok(PlaceWish { country: Some(country), city: None, within_km: None }),
            (Some(_), _, Some(_)) => Err(PlaceTextError::AroundCountry(name.to_owned())),
            (None, Some((country, _)), _) => Err(PlaceTextError::State(name.to_owned(), country_name(country))),
            (None, None, _) => Err(PlaceTextError::Unknown(name.to_owned(), nearest_place(name))),
        }
    }
}

/// A city of a country, by its name here where it is known.
fn city_in(city: &str, country: Country, within_km: Option<f64>) -> PlaceWish {
    let known = places().city(city, Some(country)).map_or_else(|| city.to_owned(), |entry| entry.name.clone());
    PlaceWish { country: Some(country), city: Some(known), within_km }
}

fn is_city(name: &str) -> bool {
    places().city(name, None).is_some()
}

fn is_place(name: &str) -> bool {
    is_city(name) || country_named(name).is_some()
}

/// The country and the name of a state or province, by its name or its postal code in upper case.
fn state_named(text: &str) -> Option<(Country, &str)> {
    let folded = fold_name(text);
    let named = countries().countries().iter().find(|entry| {
        entry.parts.iter().any(|part| fold_name(part) == folded) || entry.postal.values().any(|state| fold_name(state) == folded)
    });
    named.map(|entry| (entry.code, text)).or_else(|| countries().state(text))
}

/// Reads a country by name or code.
///
/// # Errors
/// Names what was given.
pub fn parse_country(text: &str) -> Result<Country, PlaceTextError> {
    country_named(text).ok_or_else(|| PlaceTextError::Country(text.trim().to_owned()))
}

/// One place as text that [`parse_places`] reads back.
#[must_use]
pub fn place_text(place: &PlaceWish) -> String {
    let mut text = match (&place.city, place.country) {
        (Some(city), Some(country)) if places().city(city, None).is_some_and(|known| known.country == country) => city.clone(),
        (Some(city), Some(country)) => format!("{city} ({country})"),
        (Some(city), None) => city.clone(),
        (None, Some(country)) => country_name(country),
        (None, None) => String::new(),
    };
    if let Some(km) = place.within_km {
        text = format!("{text} +{km} km");
    }
    text
}

/// A name, and the distance written behind it.
fn with_distance(part: &str) -> Result<Written<'_>, PlaceTextError> {
    let (name, within_km) = match part.split_once('+') {
        None => (part, None),
        Some((name, distance)) => (name.trim(), Some(kilometres(distance)?)),
    };
    Ok(Written { name, country: None, region: None, within_km })
}

/// The city or country whose name is nearest, as it is written here; a slip is hardly ever in the first letter, and this is asked while
/// people type.
fn nearest_place(name: &str) -> Option<String> {
    let given = fold_name(name);
    let first = given.chars().next().filter(|_| given.len() <= LONGEST_NAME)?;
    let cities = places().cities().iter().flat_map(CityEntry::names);
    let countries = countries().countries().iter().flat_map(|entry| entry.aliases.iter().chain([&entry.name]).map(String::as_str));
    let alike = cities.chain(countries).filter(|known| known.chars().next().is_some_and(|letter| letter.to_lowercase().eq([first])));
    let known: HashMap<String, &str> = alike.map(|known| (fold_name(known), known)).collect();
    let nearest = nearest_of_many(&given, known.keys().map(String::as_str))?;
    known.get(nearest).map(|known| (*known).to_owned())
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("did you mean {name}? Else ")).unwrap_or_default()
}

fn kilometres(text: &str) -> Result<f64, PlaceTextError> {
    let figure = text.trim().trim_end_matches(|c: char| c.is_alphabetic()).trim();
    figure.parse::<f64>().ok().filter(|km| (0.0..=20_100.0).contains(km)).ok_or_else(|| PlaceTextError::Distance(text.trim().to_owned()))
}

fn country_named(text: &str) -> Option<Country> {
    let folded = fold_name(text);
    let code = Country::parse(text).ok();
    let found = countries().countries().iter().find(|entry| {
        fold_name(&entry.name) == folded || entry.aliases.iter().any(|alias| fold_name(alias) == folded) || code == Some(entry.code)
    });
    found.map(|entry| entry.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_countries_and_distances_are_read_in_one_line() {
        let wishes = parse_places("Bangalore +50 km, pune; Germany\nuk, Hampi (IN)").unwrap();
        let texts: Vec<String> = wishes.iter().map(place_text).collect();
        assert_eq!(texts, ["Bengaluru +50 km", "Pune", "Germany", "United Kingdom", "Hampi (IN)"]);
        assert_eq!(parse_places(&texts.join("; ")).unwrap(), wishes);
    }

    #[test]
    fn a_city_with_its_state_and_its_country_behind_commas_is_that_city_alone() {
        let read = |text: &str| parse_places(text).unwrap().iter().map(place_text).collect::<Vec<_>>();
        for text in ["Pune, India", "Pune, IN", "Pune, Maharashtra", "poona, maharashtra, india;"] {
            assert_eq!(read(text), ["Pune"], "{text}");
        }
        assert_eq!(read("Indore, Madhya Pradesh"), ["Indore"]);
        assert_eq!(read("Pune, India +50 km; Bengaluru +20 km, Karnataka"), ["Pune +50 km", "Bengaluru +20 km"]);
        assert_eq!(read("San Francisco, CA"), ["San Francisco"]);
        assert_eq!(read("München, Bayern, Deutschland"), ["Munich"]);
        assert_eq!(read("Singapore, Singapore"), ["Singapore"]);
        assert_eq!(read("Paris, Texas"), ["Paris (US)"]);
        assert_eq!(read("Hampi, India"), ["Hampi (IN)"], "a town we lack, told by its country");
        assert_eq!(read("Delhi NCR, India").len(), 5);
        // Lists stay lists, and a semicolon always parts.
        assert_eq!(read("Pune, Mumbai"), ["Pune", "Mumbai"]);
        assert_eq!(read("Pune, Goa"), ["Pune", "Panaji"]);
        assert_eq!(read("India, Germany"), ["India", "Germany"]);
        assert_eq!(read("Pune, Germany"), ["Pune", "Germany"]);
        assert_eq!(read("Pune, India, Germany"), ["Pune", "Germany"]);
        assert_eq!(read("Pune; India"), ["Pune", "India"]);
        assert_eq!(read("Hampi (IN), India"), ["Hampi (IN)", "India"]);
    }

    #[test]
    fn an_area_is_wished_for_as_its_cities() {
        let cities: Vec<_> = parse_places("Delhi NCR, Pune").unwrap().into_iter().filter_map(|wish| wish.city).collect();
        assert_eq!(cities, ["Delhi", "Gurugram", "Noida", "Ghaziabad", "Faridabad", "Pune"]);
        let around = parse_places("Delhi NCR +10 km").unwrap();
        assert!(around.len() == 5 && around.iter().all(|wish| wish.within_km == Some(10.0)), "{around:?}");
    }

    #[test]
    fn a_place_that_cannot_be_read_is_refused_by_name() {
        for (text, words) in [
            ("Nowhereville", "known here: write it"),
            ("bangalor +20 km", "did you mean Bangalore?"),
            ("Germny", "did you mean Germany?"),
            ("Pune +far", "far"),
            ("Germany +5 km", "Germany"),
            ("Pune (Atlantis)", "Atlantis"),
            ("Benglauru, India", "did you mean Bengaluru?"),
            ("Karnataka", "“Karnataka” is a part of India"),
            ("अटलांटिस", "“अटलांटिस” is no city"),
        ] {
            let error = parse_places(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
