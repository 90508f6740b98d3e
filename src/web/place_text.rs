//! Reads the places people type: `Bengaluru +50 km, Pune; Germany`.

use std::collections::HashMap;

use crate::domain::Country;
use crate::domain::nearest::nearest_of_many;
use crate::domain::preferences::PlaceWish;
use crate::domain::text::fold_name;
use crate::domain::vocabulary::{CityEntry, countries, places};

/// What is longer is no slip of a name, in bytes.
const LONGEST_NAME: usize = 60;

/// A place that cannot be read, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceTextError {
    /// Neither a city nor a country we know; the name that is nearest, where one is near.
    #[error("{0:?} is no city or country known here: {hint}write it with its country, such as Hampi (IN), or give a larger city nearby", hint = did_you_mean(.1.as_deref()))]
    Unknown(String, Option<String>),
    /// A distance that is none.
    #[error("{0:?} is no distance: write it as +50 km behind a city")]
    Distance(String),
    /// A distance around a country.
    #[error("a distance goes with a city, not with the country {0}")]
    AroundCountry(String),
    /// Not a country.
    #[error("{0:?} is no country known here: give its English name or its two letters, such as India or IN")]
    Country(String),
}

/// Reads places parted by commas, semicolons or lines; a city may have `+50 km` behind it and its country in parentheses.
///
/// # Errors
/// Names the first place that cannot be read.
pub fn parse_places(text: &str) -> Result<Vec<PlaceWish>, PlaceTextError> {
    text.split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(parse_area)
        .collect::<Result<Vec<_>, _>>()
        .map(|all| all.concat())
}

/// One part: a place, or an area as the cities it is made of.
fn parse_area(part: &str) -> Result<Vec<PlaceWish>, PlaceTextError> {
    let (name, within_km) = with_distance(part)?;
    let Some(area) = places().area(name) else { return Ok(vec![parse_place(name, within_km)?]) };
    let wish = |city: &CityEntry| PlaceWish { country: Some(city.country), city: Some(city.name.clone()), within_km };
    Ok(places().cities_of(area).map(wish).collect())
}

/// Reads a country by name or code.
///
/// # Errors
/// Names what was given.
pub fn parse_country(text: &str) -> Result<Country, PlaceTextError> {
    country_named(text).ok_or_else(|| PlaceTextError::Country(text.trim().to_owned()))
}

/// The English name of a country, or its code where it has none here.
#[must_use]
pub fn country_name(country: Country) -> String {
    let known = countries().countries().iter().find(|entry| entry.code == country);
    known.map_or_else(|| country.to_string(), |entry| entry.name.clone())
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
fn with_distance(part: &str) -> Result<(&str, Option<f64>), PlaceTextError> {
    match part.split_once('+') {
        None => Ok((part, None)),
        Some((name, distance)) => Ok((name.trim(), Some(kilometres(distance)?))),
    }
}

fn parse_place(name: &str, within_km: Option<f64>) -> Result<PlaceWish, PlaceTextError> {
    if let Some((city, code)) = name.strip_suffix(')').and_then(|inner| inner.split_once('(')) {
        let country = parse_country(code)?;
        let city = city.trim();
        let known = places().city(city, Some(country)).map_or_else(|| city.to_owned(), |entry| entry.name.clone());
        return Ok(PlaceWish { country: Some(country), city: Some(known), within_km });
    }
    if let Some(entry) = places().city(name, None) {
        return Ok(PlaceWish { country: Some(entry.country), city: Some(entry.name.clone()), within_km });
    }
    match (country_named(name), within_km) {
        (Some(country), None) => Ok(PlaceWish { country: Some(country), city: None, within_km: None }),
        (Some(_), Some(_)) => Err(PlaceTextError::AroundCountry(name.to_owned())),
        (None, _) => Err(PlaceTextError::Unknown(name.to_owned(), nearest_place(name))),
    }
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
        assert_eq!(parse_places(&texts.join(", ")).unwrap(), wishes);
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
        ] {
            let error = parse_places(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
