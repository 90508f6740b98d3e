//! Places, the country of the work, and the countries a remote job is open to.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::{Country, Place};
use crate::domain::vocabulary::{countries, places};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases};

/// Most places of one posting that are kept.
const MOST: usize = 30;

/// What a name of the vocabulary stands for.
#[derive(Debug, Clone, Copy)]
enum Name {
    /// A city, by its index; its name may be shared.
    City(usize),
    /// A country.
    Country(Country),
    /// A state or province of a country.
    Part(Country),
    /// A group of countries, by its index.
    Region(usize),
}

/// Finds places in folded text.
#[derive(Debug)]
pub struct PlaceScanner {
    phrases: Phrases,
    names: Vec<Name>,
}

/// Everything a posting says about where.
#[derive(Debug, Default)]
pub struct Where {
    /// The places of work.
    pub places: Vec<Finding<Place>>,
    /// The one country.
    pub country: Option<Finding<Country>>,
    /// The countries a remote job is open to, as far as the place text says.
    pub open_to: Vec<Finding<Country>>,
}

/// `, CA` or `, NSW 2000` behind a place, in upper case as published.
static POSTAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:,\s*|\s|^|\()([A-Z]{2,3})(?:\s+\d{4,5}(?:-\d{4})?)?\s*(?:$|[,;|/)(]|-\s)").expect("a constant pattern")
});
/// A line of the text that names the place of work.
static PLACE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|[\n*•.|] ?\**)(?:job |work |office )?(?:locations?|based in|location of work|place of work|standort|ort)\**\s*[:\-]+\s*\**\s*([^\n]{2,90})").expect("a constant pattern")
});

impl PlaceScanner {
    /// Builds the scanner from the embedded vocabulary.
    #[must_use]
    pub fn new() -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut names = Vec::new();
        let mut add = |word: &str, name: Name| {
            words.push(Folded::new(word).folded);
            names.push(name);
        };
        for (index, city) in places().cities().iter().enumerate() {
            city.aliases.iter().chain([&city.name]).for_each(|word| add(word, Name::City(index)));
        }
        for country in countries().countries() {
            country.aliases.iter().chain([&country.name]).for_each(|word| add(word, Name::Country(country.code)));
            country.parts.iter().for_each(|word| add(word, Name::Part(country.code)));
        }
        for (index, region) in countries().regions().iter().enumerate() {
            region.aliases.iter().chain([&region.name]).for_each(|word| add(word, Name::Region(index)));
        }
        Self { phrases: Phrases::new(&words), names }
    }

    /// Reads the place text of a posting; where it has none, the header line of its title, else the line of its text that names a place.
    #[must_use]
    pub fn read(&self, location: Option<&str>, country: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Where {
        let mut places = location.map(|text| self.places_in(text)).unwrap_or_default();
        if places.is_empty() && title.folded.contains('|') {
            // The first part of a header line is the company's name.
            let after_company = title.text.split_once('|').map_or("", |(_, rest)| rest);
            places = self.places_in(after_company);
            if places.is_empty() {
                places = self.places_in(title.text);
            }
        }
        if places.iter().all(|place| place.value.country.is_none())
            && let Some(found) = PLACE_LINE.captures(&body.folded).and_then(|line| line.get(1))
        {
            places.extend(self.places_in(body.quote(found.start(), found.end())));
        }
        if places.is_empty() {
            places = self.places_in(title.text);
        }
        places.truncate(MOST);
        let given = country.and_then(|text| self.country_named(text));
        let country = given.or_else(|| one_country(&places));
        let open_to = location.into_iter().chain([title.text]).flat_map(|text| self.open_to(text)).collect();
        Where { places, country, open_to }
    }

    /// A country by code or name.
    fn country_named(&self, text: &str) -> Option<Finding<Country>> {
        let code = Country::parse(text).ok().filter(|code| countries().countries().iter().any(|entry| entry.code == *code));
        let folded = Folded::new(text);
        let named = || {
            self.phrases.all(&folded.folded).into_iter().find_map(|hit| match self.names[hit.phrase] {
                Name::Country(code) => Some(code),
                _ => None,
            })
        };
        code.or_else(named).map(|code| Finding::stated(code, text))
    }

    /// The places that a place text names, each segment read by itself.
    fn places_in(&self, text: &str) -> Vec<Finding<Place>> {
        let mut found: Vec<Finding<Place>> = Vec::new();
        for segment in text.split([';', '|', '/', '\n', '&']).flat_map(|segment| segment.split(" or ")) {
            for place in self.places_of_segment(segment) {
                if !found.iter().any(|known| known.value == place.value) {
                    found.push(place);
                }
            }
        }
        found
    }

    /// One segment: `Pune, Bengaluru`, `San Francisco, CA, US`, `Aarhus, Denmark`, `US - Remote`.
    fn places_of_segment(&self, segment: &str) -> Vec<Finding<Place>> {
        let folded = Folded::new(segment);
        let hits: Vec<_> = self
            .phrases
            .all(&folded.folded)
            .into_iter()
            .filter(|hit| !is_street(&folded.folded[hit.end..]))
            .filter(|hit| folded.quote(hit.start, hit.end).starts_with(|c: char| c.is_uppercase()) || segment.to_lowercase() == segment)
            .collect();
        let mut named: Vec<Country> = hits
            .iter()
            .rev()
            .filter_map(|hit| match self.names[hit.phrase] {
                Name::Country(code) | Name::Part(code) => Some(code),
                _ => None,
            })
            .collect();
        named.dedup();
        // `Georgia, United States` is the state.
        if named.len() > 1 && named.first().is_some_and(|code| code.as_str() == "US") {
            named.retain(|code| code.as_str() != "GE");
        }
        let mut country = named.first().copied();
        let cities: Vec<_> = hits
            .iter()
            .filter_map(|hit| match self.names[hit.phrase] {
                Name::City(index) => Some((*hit, index)),
                _ => None,
            })
            .collect();
        let first_city = cities.first().map(|(_, index)| &places().cities()[*index]);
        country = country.or_else(|| coded_country(segment, first_city.map(|city| city.name.as_str())));
        let in_country = |hit: &Hit| places().city(&folded.folded[hit.start..hit.end], country).is_some();
        let one_fits = cities.iter().any(|(hit, _)| in_country(hit));
        // `Melbourne, Victoria, Australia` names one city and its state; `London and Leuven, Belgium` names two cities.
        let fits_before = |hit: Hit| cities.iter().any(|(other, _)| other.start < hit.start && in_country(other));
        let mut found = Vec::new();
        for (hit, index) in cities.iter().copied() {
            let named = &places().cities()[index];
            let same_name = places().city(&folded.folded[hit.start..hit.end], country);
            let city = match (country, same_name) {
                (Some(code), Some(city)) if city.country == code => city,
                (Some(_), None) if !one_fits || (fits_before(hit) && !folded.folded.contains(" and ")) => continue,
                _ => named,
            };
            let place = Place {
                city: Some(city.name.clone()),
                region: city.region.clone(),
                country: Some(city.country),
                point: Some(city.point()),
            };
            found.push(Finding::stated(place, segment));
        }
        if found.is_empty() {
            named.extend(country.filter(|_| named.is_empty()));
            found.extend(named.into_iter().map(|code| Finding::stated(Place { country: Some(code), ..Place::default() }, segment)));
        }
        found
    }

    /// The countries and groups of countries that stand beside `remote` in a place text or title.
    fn open_to(&self, text: &str) -> Vec<Finding<Country>> {
        let mut found: Vec<Finding<Country>> = Vec::new();
        for segment in text.split(['|', ';', '\n']) {
            let folded = Folded::new(segment);
            if !folded.folded.contains("remote") {
                continue;
            }
            // `us` is a pronoun; `US` is not.
            let bare = segment.split(|c: char| !c.is_alphanumeric()).any(|word| word == "US");
            found.extend(Country::parse("US").ok().filter(|_| bare).map(|code| Finding::stated(code, segment)));
            for hit in self.phrases.all(&folded.folded) {
                match self.names[hit.phrase] {
                    Name::Country(code) => found.push(Finding::stated(code, segment)),
                    Name::Region(index) => {
                        found.extend(countries().regions()[index].countries.iter().map(|code| Finding::stated(*code, segment)));
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

/// Whether a name is that of a street: `259 Bristol St.`.
fn is_street(after: &str) -> bool {
    let next = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    after.starts_with(' ')
        && matches!(next, "st" | "street" | "ave" | "avenue" | "road" | "rd" | "blvd" | "boulevard" | "lane" | "drive" | "way")
}

/// A country by postal code of a state or by its own code in upper case: `, CA` is California unless the city says otherwise.
fn coded_country(segment: &str, city: Option<&str>) -> Option<Country> {
    let code = POSTAL.captures_iter(segment).last()?.get(1)?.as_str().to_owned();
    let parsed = Country::parse(&code).ok().filter(|parsed| countries().countries().iter().any(|entry| entry.code == *parsed));
    if let (Some(city), Some(parsed)) = (city, parsed)
        && places().city(city, Some(parsed)).is_some()
    {
        return Some(parsed);
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
    let state = countries().countries().iter().find(|entry| entry.postal.contains(&code)).map(|entry| entry.code);
    state.or(parsed.filter(|_| segment.contains(',') || segment.trim().len() == 2))
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
            ("Berlin, DE", "Berlin", "DE"),
            ("Sao Paulo, São Paulo, Brazil", "São Paulo", "BR"),
            ("Delhi / NCR", "Delhi", "IN"),
        ] {
            let found = read(text);
            assert_eq!(found.places[0].value.city.as_deref(), Some(city), "{text}");
            assert_eq!(country(text).as_deref(), Some(code), "{text}");
        }
    }

    #[test]
    fn several_countries_or_none_are_unknown() {
        assert_eq!(country("Paris; London"), None);
        assert_eq!(country("Anywhere in the World"), None);
        assert_eq!(country("Pune, Bengaluru"), Some("IN".into()));
        assert_eq!(country("US - Remote"), Some("US".into()));
    }

    #[test]
    fn a_remote_place_names_who_may_apply() {
        let open: Vec<_> = read("Remote (US, Canada)").open_to.iter().map(|found| found.value.as_str().to_owned()).collect();
        assert_eq!(open, ["US", "CA"]);
    }
}
