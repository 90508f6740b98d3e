//! Places and the country of the work.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::{Country, Place};
use crate::domain::vocabulary::{countries, places};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases};
use crate::extract::place::name::{Field, Name};
use crate::extract::place::segment;

/// Most places of one posting that are kept.
const MOST: usize = 30;

/// Finds places in folded text.
#[derive(Debug)]
pub struct PlaceScanner {
    phrases: Phrases,
    names: Vec<Name>,
}

/// Everything a posting says about where the work is.
#[derive(Debug, Default)]
pub struct Where {
    /// The places of work.
    pub places: Vec<Finding<Place>>,
    /// The one country.
    pub country: Option<Finding<Country>>,
}

fn folded(word: &str) -> String {
    Folded::new(word).folded
}

/// A line of the text that names the place of work.
pub(in crate::extract) static PLACE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|[\n*•.|] ?\**)(?:job |work |office )?(?:locations?|based in|location of work|place of work|standort|ort|arbeitsort|lieu|ubicación|local de trabalho)\**\s*[:\-]+\s*\**\s*([^\n]{2,90})").expect("a constant pattern")
});

impl PlaceScanner {
    /// Builds the scanner from the vocabulary.
    #[must_use]
    pub fn new() -> Self {
        let mut lands: Vec<(String, Name)> = Vec::new();
        for country in countries().countries() {
            lands.extend(country.aliases.iter().chain([&country.name]).map(|word| (folded(word), Name::Country(country.code))));
            lands.extend(country.parts.iter().map(|word| (folded(word), Name::Part(country.code))));
        }
        let land_of: HashMap<&str, Option<Country>> = lands.iter().map(|(word, name)| (word.as_str(), name.country())).collect();
        let mut all: Vec<(String, Name)> = Vec::new();
        for (index, city) in places().cities().iter().enumerate() {
            // Singapore and Penang are cities of their own land; Norfolk is first of all the county.
            let words = city.names().map(folded);
            let free = |word: &String| land_of.get(word.as_str()).is_none_or(|land| *land == Some(city.country));
            all.extend(words.filter(free).map(|word| (word, Name::City(index))));
        }
        for (index, area) in places().areas().iter().enumerate() {
            all.extend(area.aliases.iter().chain([&area.name]).map(|word| (folded(word), Name::Area(index))));
        }
        for (index, region) in countries().regions().iter().enumerate() {
            all.extend(region.aliases.iter().chain([&region.name]).map(|word| (folded(word), Name::Region(index))));
        }
        all.extend(lands);
        let (words, names): (Vec<String>, Vec<Name>) = all.into_iter().unzip();
        Self { phrases: Phrases::new(&words), names }
    }

    /// Reads the place text of a posting; where it has none, the header line of its title, else the line of its text that names a place.
    #[must_use]
    pub fn read(&self, location: Option<&str>, country: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Where {
        let mut places = location.map(|text| self.places_in(text, Field::Place)).unwrap_or_default();
        if places.is_empty() && title.folded.contains('|') {
            // The first part of a header line is the company's name.
            let after_company = title.text.split_once('|').map_or("", |(_, rest)| rest);
            places = self.places_in(after_company, Field::Prose);
            if places.is_empty() {
                places = self.places_in(title.text, Field::Prose);
            }
        }
        if places.iter().all(|place| place.value.country.is_none())
            && let Some(found) = PLACE_LINE.captures(&body.folded).and_then(|line| line.get(1))
        {
            places.extend(self.places_in(body.quote(found.start(), found.end()), Field::Prose));
        }
        if places.is_empty() {
            places = self.places_in(title.text, Field::Prose);
        }
        // `London / Remote (US)`: the second says who may apply, not where the work is.
        let remote = |place: &Finding<Place>| place.evidence.to_ascii_lowercase().contains("remote");
        if places.iter().any(|place| place.value.city.is_some() && !remote(place)) {
            places.retain(|place| place.value.city.is_some() || !remote(place));
        }
        places.truncate(MOST);
        let given = country.and_then(|text| self.country_named(text));
        let country = given.or_else(|| one_country(&places));
        Where { places, country }
    }

    /// A country by code or name.
    fn country_named(&self, text: &str) -> Option<Finding<Country>> {
        let folded = Folded::new(text);
        let named = || {
            self.phrases.all(&folded.folded).into_iter().find_map(|hit| match self.names[hit.phrase] {
                Name::Country(code) => Some(code),
                _ => None,
            })
        };
        countries().by_code(text).map(|entry| entry.code).or_else(named).map(|code| Finding::stated(code, text))
    }

    /// The names in a text, in order; cities that an operator added are left out.
    pub(in crate::extract) fn names_in(&self, text: &Folded<'_>) -> Vec<(Hit, Name)> {
        self.hits(text).into_iter().filter(|(_, name)| name.is_own()).collect()
    }

    fn hits(&self, text: &Folded<'_>) -> Vec<(Hit, Name)> {
        self.phrases.all(&text.folded).into_iter().map(|hit| (hit, self.names[hit.phrase])).collect()
    }

    /// The places that a place text names, each segment read by itself.
    fn places_in(&self, text: &str, field: Field) -> Vec<Finding<Place>> {
        let mut found: Vec<Finding<Place>> = Vec::new();
        for segment in segments(text) {
            let folded = Folded::new(segment);
            for place in segment::places_in(&folded, self.hits(&folded), field) {
                if !found.iter().any(|known| known.value == place.value) {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// A place text in parts that each name places of their own; an area written with a slash stays whole.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let whole = places().area(text).is_some();
    let parts = text.split(move |c| !whole && matches!(c, ';' | '|' | '/' | '\n' | '&' | '•' | '·'));
    parts.flat_map(|segment| segment.split(" or "))
}

/// The country all places agree on.
fn one_country(places: &[Finding<Place>]) -> Option<Finding<Country>> {
    let mut named = places.iter().filter_map(|place| Some((place.value.country?, place)));
    let (first, place) = named.next()?;
    named.all(|(country, _)| country == first).then(|| Finding::stated(first, &place.evidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(location: &str) -> Where {
        PlaceScanner::new().read(Some(location), None, &Folded::new("Engineer"), &Folded::new(""))
    }

    fn country(location: &str) -> Option<String> {
        read(location).country.map(|found| found.value.as_str().to_owned())
    }

    #[test]
    fn a_place_text_gives_city_and_country() {
        for (text, city, code) in [
            ("Bangalore", "Bengaluru", "IN"),
            ("San Francisco, CA, US", "San Francisco", "US"),
            ("Gurgaon/Gurugram, Haryana", "Gurugram", "IN"),
            ("London, UK", "London", "GB"),
            ("London, Ontario, Canada", "London", "CA"),
            ("Cambridge, MA", "Cambridge", "US"),
            ("Cambridge, MA 02142", "Cambridge", "US"),
            ("Sydney NSW 2000", "Sydney", "AU"),
            ("Berlin, DE", "Berlin", "DE"),
            ("10115 Berlin", "Berlin", "DE"),
            ("Sao Paulo, São Paulo, Brazil", "São Paulo", "BR"),
            ("Delhi / NCR", "Delhi", "IN"),
            ("Reading", "Reading", "GB"),
            ("Reading, PA", "Reading", "GB"),
        ] {
            if text == "Reading, PA" {
                assert!(read(text).places.iter().all(|place| place.value.city.is_none()), "{text}");
                continue;
            }
            let found = read(text);
            assert_eq!(found.places[0].value.city.as_deref(), Some(city), "{text}");
            assert_eq!(country(text).as_deref(), Some(code), "{text}");
        }
    }

    #[test]
    fn a_state_tells_namesakes_apart() {
        for (text, region) in [
            ("Columbus, GA", "Georgia"),
            ("Columbus, Ohio", "Ohio"),
            ("Springfield, MO, US", "Missouri"),
            ("Springfield, Virginia, United States", "Virginia"),
            ("Portland, ME", "Maine"),
            ("Remote, Kentucky", "Kentucky"),
            ("Norfolk, Virginia, United States", "Virginia"),
            ("Surrey, BC, Canada", "British Columbia"),
        ] {
            assert_eq!(read(text).places[0].value.region.as_deref(), Some(region), "{text}");
        }
    }

    #[test]
    fn an_area_is_all_of_its_cities() {
        let cities = |text: &str| read(text).places.into_iter().filter_map(|place| place.value.city).collect::<Vec<_>>();
        for text in ["Delhi NCR", "Delhi / NCR", "NCR, India"] {
            assert_eq!(cities(text), ["Delhi", "Gurugram", "Noida", "Ghaziabad", "Faridabad"], "{text}");
        }
        assert_eq!(cities("San Francisco Bay Area")[0], "San Francisco");
        assert_eq!(country("SF Bay Area").as_deref(), Some("US"));
    }

    #[test]
    fn several_countries_or_none_are_unknown() {
        assert_eq!(country("Paris; London"), None);
        assert_eq!(country("Anywhere in the World"), None);
        assert_eq!(country("Pune, Bengaluru"), Some("IN".into()));
        assert_eq!(country("US - Remote"), Some("US".into()));
        assert_eq!(country("Austria, Germany"), None);
    }

    #[test]
    fn a_town_may_bear_the_name_of_a_land() {
        for (text, code) in [
            ("Lebanon, New Hampshire", "US"),
            ("Somerset, Pennsylvania, United States", "US"),
            ("Norfolk, VA", "US"),
            ("Munster, IN 46321", "US"),
            ("Norfolk", "GB"),
            ("Surrey, BC", "CA"),
            ("Surrey, England", "GB"),
            ("Georgia, United States", "US"),
            ("Tbilisi, Georgia", "GE"),
            ("Singapore", "SG"),
        ] {
            assert_eq!(country(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(read("Singapore").places[0].value.city.as_deref(), Some("Singapore"));
    }

    #[test]
    fn a_remote_alternative_is_no_place_of_work() {
        assert_eq!(country("London / Remote (US)"), Some("GB".into()));
        assert_eq!(country("Remote (US)"), Some("US".into()));
    }

    #[test]
    fn two_capitals_of_the_trade_are_no_place() {
        let scanner = PlaceScanner::new();
        for title in ["Acme | Remote OK", "Acme | Engineer, ML | Lead QA", "Senior PM / Junior PR", "Acme | ONSITE OR | REMOTE OK"] {
            let found = scanner.read(None, None, &Folded::new(title), &Folded::new(""));
            assert!(found.places.is_empty() && found.country.is_none(), "{title}: {found:?}");
        }
        assert_eq!(country("Portland OR"), Some("US".into()));
        assert_eq!(country("Tulsa, OK"), Some("US".into()));
    }

    #[test]
    fn a_plain_word_in_a_title_is_no_city() {
        let scanner = PlaceScanner::new();
        for title in ["Reading Specialist", "Bath Attendant", "Essen und Trinken", "Golden Gate Engineer"] {
            let found = scanner.read(None, None, &Folded::new(title), &Folded::new(""));
            assert!(found.places.is_empty(), "{title}: {:?}", found.places);
        }
    }
}
