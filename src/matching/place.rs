//! One wished place against one place of a listing.

use crate::domain::digest::Verdict;
use crate::domain::facts::Facts;
use crate::domain::place::{Country, GeoPoint, Place};
use crate::domain::preferences::PlaceWish;
use crate::domain::text::fold_name;
use crate::domain::vocabulary;

/// A place of a listing, its city by the canonical name; a part that is not known is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ListedPlace {
    pub(super) country: Option<Country>,
    pub(super) city: Option<String>,
    pub(super) point: Option<GeoPoint>,
}

impl ListedPlace {
    /// Everything known of where a listing is; one place of which nothing is known where it says nothing.
    pub(super) fn all_of(facts: &Facts) -> Vec<Self> {
        let country = facts.country.as_ref().map(|found| found.value);
        if facts.places.is_empty() {
            return vec![Self { country, ..Self::default() }];
        }
        facts.places.iter().map(|found| Self::of(&found.value, country)).collect()
    }

    /// A place that names no country lies in the listing's one country.
    fn of(place: &Place, country: Option<Country>) -> Self {
        let country = place.country.or(country);
        let Some(name) = place.city.as_deref().filter(|name| !name.trim().is_empty()) else {
            return Self { country, ..Self::default() };
        };
        let (city, known) = canonical_city(name, country);
        Self { country, city: Some(city), point: place.point.or(known) }
    }
}

/// A wished place, ready to be held against many.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WishedPlace {
    pub(super) country: Option<Country>,
    pub(super) city: Option<String>,
    around: Option<(GeoPoint, f64)>,
}

impl WishedPlace {
    /// The places that a wish stands for, of which one has to fit: each city of an area such as Delhi NCR, else the one place.
    pub(super) fn all_of(wish: &PlaceWish) -> Vec<Self> {
        let Some(name) = wish.city.as_deref().filter(|name| !name.trim().is_empty()) else {
            return vec![Self { country: wish.country, city: None, around: None }];
        };
        let city = |name, point: Option<_>| Self { country: wish.country, city: Some(name), around: point.zip(wish.within_km) };
        let known = vocabulary::places().meant(name, wish.country);
        if known.is_empty() {
            return vec![city(fold_name(name), None)];
        }
        known.into_iter().map(|entry| city(fold_name(&entry.name), Some(entry.point()))).collect()
    }

    /// Whether the place fits; unknown where a part that is wished for is not known and the rest fits.
    pub(super) fn fit(&self, place: &ListedPlace) -> Verdict {
        if place.country.is_none() && place.city.is_none() {
            return Verdict::Unknown;
        }
        match (self.fit_country(place), self.fit_city(place)) {
            (Verdict::Fails, _) | (_, Verdict::Fails) => Verdict::Fails,
            (Verdict::Holds, Verdict::Holds) => Verdict::Holds,
            _ => Verdict::Unknown,
        }
    }

    fn fit_country(&self, place: &ListedPlace) -> Verdict {
        match (self.country, place.country) {
            (Some(wished), Some(listed)) if wished != listed => Verdict::Fails,
            (Some(_), None) => Verdict::Unknown,
            _ => Verdict::Holds,
        }
    }

    fn fit_city(&self, place: &ListedPlace) -> Verdict {
        let Some(wished) = &self.city else { return Verdict::Holds };
        let Some(listed) = &place.city else { return Verdict::Unknown };
        let near = self.around.zip(place.point).is_some_and(|((centre, km), point)| is_near(centre, point, km));
        if near || wished == listed { Verdict::Holds } else { Verdict::Fails }
    }
}

/// Kilometres of one degree of latitude, rounded down: no two points a degree apart are nearer.
const DEGREE_KM: f64 = 111.0;

/// Whether two points lie within so many kilometres. Most do not by their latitudes alone, which spares the sines.
fn is_near(centre: GeoPoint, point: GeoPoint, km: f64) -> bool {
    (centre.latitude - point.latitude).abs() * DEGREE_KM <= km && centre.kilometres_to(point) <= km
}

/// The folded canonical name of a city and where it lies; a city outside the vocabulary stands for itself.
fn canonical_city(name: &str, country: Option<Country>) -> (String, Option<GeoPoint>) {
    match vocabulary::places().city(name, country) {
        Some(city) => (fold_name(&city.name), Some(city.point())),
        None => (fold_name(name), None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn latitudes_never_rule_out_what_is_near(a in -90.0..90.0_f64, b in -90.0..90.0_f64, c in -180.0..180.0_f64, d in -180.0..180.0_f64, km in 0.0..20_100.0_f64) {
            let (centre, point) = (GeoPoint { latitude: a, longitude: c }, GeoPoint { latitude: b, longitude: d });
            prop_assert_eq!(is_near(centre, point, km), centre.kilometres_to(point) <= km);
            let distance = centre.kilometres_to(point);
            prop_assert!(is_near(centre, point, distance));
        }
    }

    fn wish(json: &str) -> WishedPlace {
        WishedPlace::all_of(&serde_json::from_str(json).unwrap()).remove(0)
    }

    fn place(city: Option<&str>, country: Option<&str>) -> ListedPlace {
        let place = Place { city: city.map(Into::into), ..Place::default() };
        ListedPlace::of(&place, country.and_then(|code| Country::parse(code).ok()))
    }

    #[test]
    fn a_wished_part_that_is_not_known_leaves_it_open_and_one_that_differs_decides() {
        let bengaluru = wish(r#"{"country":"IN","city":"Bangalore"}"#);
        assert_eq!(bengaluru.fit(&place(Some("bengaluru"), Some("IN"))), Verdict::Holds);
        assert_eq!(bengaluru.fit(&place(None, Some("IN"))), Verdict::Unknown);
        assert_eq!(bengaluru.fit(&place(Some("Bengaluru"), None)), Verdict::Unknown);
        assert_eq!(bengaluru.fit(&place(Some("Elsewhere"), None)), Verdict::Fails);
        assert_eq!(bengaluru.fit(&place(None, Some("US"))), Verdict::Fails);
        assert_eq!(bengaluru.fit(&place(None, None)), Verdict::Unknown);
    }
}
