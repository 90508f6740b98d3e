//! Places and the country of the work.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::gazetteer::CityEntry;
use crate::domain::place::{Country, Place};
use crate::domain::vocabulary::{countries, places};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases};
use crate::extract::postal::{StateCode, coded_country, state_code};

/// Most places of one posting that are kept.
const MOST: usize = 30;
/// The country whose name is also that of a state of the US.
const GEORGIA: Country = Country::from_letters(*b"GE");

/// What a name of the vocabulary stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Name {
    /// A city, by its index; its name may be shared.
    City(usize),
    /// An area of several cities, by its index.
    Area(usize),
    /// A country.
    Country(Country),
    /// A state or province of a country.
    Part(Country),
    /// A group of countries, by its index.
    Region(usize),
}

impl Name {
    /// The country, where the name is one or a part of one.
    const fn country(self) -> Option<Country> {
        match self {
            Self::Country(code) | Self::Part(code) => Some(code),
            _ => None,
        }
    }
}

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

/// Which text a place is read from: a field for places may hold a name that elsewhere is a plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Place,
    Prose,
}

/// A line of the text that names the place of work.
pub(super) static PLACE_LINE: LazyLock<Regex> = LazyLock::new(|| {
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
    pub(super) fn names_in(&self, text: &Folded<'_>) -> Vec<(Hit, Name)> {
        let own = |name: &Name| !matches!(name, Name::City(index) if *index >= places().own());
        self.phrases.all(&text.folded).into_iter().map(|hit| (hit, self.names[hit.phrase])).filter(|(_, name)| own(name)).collect()
    }

    /// The places that a place text names, each segment read by itself.
    fn places_in(&self, text: &str, field: Field) -> Vec<Finding<Place>> {
        let mut found: Vec<Finding<Place>> = Vec::new();
        for segment in segments(text) {
            for place in self.places_of_segment(segment, field) {
                if !found.iter().any(|known| known.value == place.value) {
                    found.push(place);
                }
            }
        }
        found
    }

    /// One segment: `Pune, Bengaluru`, `San Francisco, CA, US`, `Aarhus, Denmark`, `US - Remote`.
    fn places_of_segment(&self, segment: &str, field: Field) -> Vec<Finding<Place>> {
        let folded = Folded::new(segment);
        let reading = Segment::of(self, &folded, field);
        let mut found = reading.cities();
        if found.is_empty() {
            let mut named = reading.named.clone();
            named.extend(reading.country.filter(|_| named.is_empty()));
            let place = |code| Place { country: Some(code), region: reading.region.map(str::to_owned), ..Place::default() };
            found.extend(named.into_iter().map(|code| Finding::stated(place(code), segment)));
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

/// One segment while it is read.
struct Segment<'a> {
    folded: &'a Folded<'a>,
    /// Cities and areas named, in order.
    hits: Vec<(Hit, Name)>,
    /// The countries named, by themselves or by a part of theirs, the last first.
    named: Vec<Country>,
    /// The country the segment speaks of.
    country: Option<Country>,
    /// The state it speaks of, by its canonical name.
    region: Option<&'a str>,
    field: Field,
}

impl<'a> Segment<'a> {
    fn of(scanner: &'a PlaceScanner, folded: &'a Folded<'a>, field: Field) -> Self {
        let segment = folded.text;
        let small = segment.to_lowercase() == segment;
        let all: Vec<(Hit, Name)> = scanner.phrases.all(&folded.folded).into_iter().map(|hit| (hit, scanner.names[hit.phrase])).collect();
        let hits: Vec<(Hit, Name)> = all
            .into_iter()
            .filter(|(hit, name)| !is_street(&folded.folded[hit.end..]) && (field == Field::Place || is_own(*name)))
            .filter(|(hit, _)| small || folded.quote(hit.start, hit.end).starts_with(|c: char| c.is_uppercase() || !c.is_ascii()))
            .collect();
        let coded = state_code(segment, None);
        let hits = towns_for_lands(hits, folded, coded);
        let mut named: Vec<Country> = hits.iter().rev().filter_map(|(_, name)| name.country()).collect();
        named.dedup();
        let city = hits.iter().find(|(_, name)| matches!(name, Name::City(_))).map(|(hit, _)| &folded.folded[hit.start..hit.end]);
        let country = named.first().copied().or_else(|| {
            coded_country(segment, city).filter(|_| field == Field::Place || city.is_some() || coded.is_some() || says_us(segment))
        });
        let part = hits.iter().rev().find(|(_, name)| matches!(name, Name::Part(_))).map(|(hit, _)| folded.quote(hit.start, hit.end));
        let region = state_code(segment, country).map(|state| state.name).or(part);
        let hits = hits.into_iter().filter(|(_, name)| matches!(name, Name::City(_) | Name::Area(_))).collect();
        Self { folded, hits, named, country, region, field }
    }

    /// The cities it names, those of an area one by one.
    fn cities(&self) -> Vec<Finding<Place>> {
        // `Melbourne, Victoria, Australia` names one city and its state; `London and Leuven, Belgium` names two cities.
        let one_fits = self.hits.iter().any(|(hit, name)| self.fits(*hit, *name));
        let fits_before = |hit: &Hit| self.hits.iter().any(|(other, name)| other.start < hit.start && self.fits(*other, *name));
        let mut found = Vec::new();
        for (hit, name) in &self.hits {
            let index = match name {
                Name::Area(index) => {
                    found.extend(self.area(*index));
                    continue;
                }
                Name::City(index) => *index,
                _ => continue,
            };
            let named = &places().cities()[index];
            let city = match (self.country, self.namesake(*hit)) {
                (Some(_), Some(city)) => city,
                (Some(_), None) if !one_fits || (fits_before(hit) && !self.folded.folded.contains(" and ")) => continue,
                _ => self.namesake(*hit).unwrap_or(named),
            };
            if city.word && !self.allows_word(*hit, city) {
                continue;
            }
            found.push(Finding::stated(place_of(city), self.folded.text));
        }
        found
    }

    fn area(&self, index: usize) -> Vec<Finding<Place>> {
        let area = &places().areas()[index];
        if self.country.is_some_and(|country| country != area.country) {
            return Vec::new();
        }
        let all = places().cities_of(area).map(place_of).enumerate();
        all.map(|(at, place)| if at == 0 { Finding::stated(place, self.folded.text) } else { Finding::inferred(place, self.folded.text) })
            .collect()
    }

    /// The city of a hit's name that lies in the country and state the segment speaks of.
    fn namesake(&self, hit: Hit) -> Option<&'static CityEntry> {
        places().city_of_region(&self.folded.folded[hit.start..hit.end], self.country, self.region)
    }

    fn fits(&self, hit: Hit, name: Name) -> bool {
        match name {
            Name::Area(index) => self.country.is_none_or(|country| country == places().areas()[index].country),
            _ => self.namesake(hit).is_some(),
        }
    }

    /// A name that is a plain word too counts beside its country or state, or alone in a field for places.
    fn allows_word(&self, hit: Hit, city: &CityEntry) -> bool {
        let alone = self.field == Field::Place && self.folded.folded.trim() == &self.folded.folded[hit.start..hit.end];
        alone || self.country == Some(city.country)
    }
}

/// Names of lands that are towns here: what stands before a state of another country is no country or county, as in
/// `Lebanon, New Hampshire`, `Norfolk, Virginia` and `Surrey, BC`; and `Georgia, United States` is the state.
fn towns_for_lands(hits: Vec<(Hit, Name)>, folded: &Folded<'_>, coded: Option<StateCode<'static>>) -> Vec<(Hit, Name)> {
    let last = hits.iter().rev().find_map(|(hit, name)| Some((hit.start, *name, name.country()?)));
    let state = last.filter(|(_, name, _)| matches!(name, Name::Part(_))).map(|(at, _, country)| (at, country, None));
    let coded = coded.filter(|code| state.is_none_or(|(at, ..)| code.at > at)).map(|code| (code.at, code.country, Some(code.name)));
    let country = last.map(|(at, _, country)| (at, country, None));
    let is_us = last.is_some_and(|(_, _, country)| country.as_str() == "US");
    let mut kept = Vec::new();
    for (hit, name) in hits {
        let foreign = |to: Option<(usize, Country, Option<&'static str>)>| {
            to.filter(|(at, country, _)| *at > hit.start && name.country().is_some_and(|own| own != *country))
        };
        let part = matches!(name, Name::Part(_));
        let Some((_, country, region)) = foreign(coded).or_else(|| foreign(state)).or_else(|| foreign(country).filter(|_| part)) else {
            if !(is_us && name == Name::Country(GEORGIA) && last.is_some_and(|(at, ..)| at > hit.start)) {
                kept.push((hit, name));
            }
            continue;
        };
        let town = places().city_of_region(&folded.folded[hit.start..hit.end], Some(country), region);
        let index = town.and_then(|town| places().cities().iter().position(|city| std::ptr::eq(city, town)));
        kept.extend(index.map(|index| (hit, Name::City(index))));
    }
    kept
}

/// Whether prose names a country by one of the two codes that are words of their own: `, QA` is no Qatar.
fn says_us(segment: &str) -> bool {
    segment.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "US" | "UK" | "USA"))
}

fn is_own(name: Name) -> bool {
    !matches!(name, Name::City(index) if index >= places().own())
}

fn place_of(city: &CityEntry) -> Place {
    Place { city: Some(city.name.clone()), region: city.region.clone(), country: Some(city.country), point: Some(city.point()) }
}

/// Whether a name is that of a street: `259 Bristol St.`.
fn is_street(after: &str) -> bool {
    let next = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    after.starts_with(' ')
        && matches!(next, "st" | "street" | "ave" | "avenue" | "road" | "rd" | "blvd" | "boulevard" | "lane" | "drive" | "way")
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
    fn a_plain_word_in_a_title_is_no_city() {
        let scanner = PlaceScanner::new();
        for title in ["Reading Specialist", "Bath Attendant", "Essen und Trinken", "Golden Gate Engineer"] {
            let found = scanner.read(None, None, &Folded::new(title), &Folded::new(""));
            assert!(found.places.is_empty(), "{title}: {:?}", found.places);
        }
    }
}
