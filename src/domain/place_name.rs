//! Places and countries as people read them; programs get codes.

use std::collections::BTreeSet;

use crate::domain::nation::{RegionEntry, countries};
use crate::domain::place::{Country, Place};

/// The common English name of a country, or its code where it has none here.
#[must_use]
pub fn country_name(country: Country) -> String {
    let known = countries().countries().iter().find(|entry| entry.code == country);
    known.map_or_else(|| country.to_string(), |entry| entry.name.clone())
}

/// City, region and country, each only where it is known: `Gurugram, Haryana, India`; `Delhi, India`, whose region has its name.
#[must_use]
pub fn place_name(place: &Place) -> String {
    let region = place.region.clone().filter(|region| place.city.as_ref() != Some(region));
    let parts = [place.city.clone(), region, place.country.map(country_name)];
    let mut known: Vec<String> = parts.into_iter().flatten().collect();
    known.dedup();
    known.join(", ")
}

/// Countries by their names, where all of a group are among them the group by its name: `Europe`, `India`.
pub fn country_names(open_to: impl IntoIterator<Item = Country>) -> Vec<String> {
    /// Fewer are as short by their names.
    const LEAST_OF_GROUP: usize = 3;
    let mut left: BTreeSet<Country> = open_to.into_iter().collect();
    let mut names = Vec::new();
    loop {
        let whole =
            |region: &&RegionEntry| region.countries.len() >= LEAST_OF_GROUP && region.countries.iter().all(|one| left.contains(one));
        let Some(region) = countries().regions().iter().filter(whole).max_by_key(|region| region.countries.len()) else { break };
        names.push(region.name.clone());
        region.countries.iter().for_each(|country| {
            left.remove(country);
        });
    }
    names.extend(left.into_iter().map(country_name));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    #[test]
    fn a_place_is_named_without_codes_and_without_saying_a_name_twice() {
        let place = |city: Option<&str>, region: Option<&str>, code: &str| Place {
            city: city.map(str::to_owned),
            region: region.map(str::to_owned),
            country: Some(country(code)),
            point: None,
        };
        assert_eq!(place_name(&place(Some("Gurugram"), Some("Haryana"), "IN")), "Gurugram, Haryana, India");
        assert_eq!(place_name(&place(Some("Delhi"), Some("Delhi"), "IN")), "Delhi, India");
        assert_eq!(place_name(&place(Some("Singapore"), None, "SG")), "Singapore");
        assert_eq!(place_name(&place(None, None, "IN")), "India");
    }

    #[test]
    fn countries_that_make_a_group_are_named_as_the_group() {
        let group = |name: &str| countries().regions().iter().find(|region| region.name == name).unwrap().countries.clone();
        assert_eq!(country_names(group("Europe")), ["Europe"]);
        assert_eq!(country_names(group("European Union").into_iter().chain([country("IN")])), ["European Union", "India"]);
        assert_eq!(
            country_names(group("Europe").into_iter().skip(1)).first().map(String::as_str),
            Some("European Union"),
            "not all of Europe"
        );
        assert_eq!(country_names([country("PL"), country("DE")]), ["Germany", "Poland"]);
        assert!(country_names([]).is_empty());
    }
}
