//! One segment of a place text: `Pune, Bengaluru`, `San Francisco, CA, US`, `London and Leuven, Belgium`.

use crate::domain::Finding;
use crate::domain::gazetteer::CityEntry;
use crate::domain::place::{Country, Place};
use crate::domain::vocabulary::places;
use crate::extract::fold::Folded;
use crate::extract::phrase::Hit;
use crate::extract::place::name::{Field, Name};
use crate::extract::place::postal::{coded_country, state_code};
use crate::extract::place::town::towns_for_lands;

/// The places that a segment names, of all the names in it.
pub(super) fn places_in(segment: &Folded<'_>, names: Vec<(Hit, Name)>, field: Field) -> Vec<Finding<Place>> {
    let reading = Segment::of(segment, names, field);
    let mut found = reading.cities();
    if found.is_empty() {
        let mut lands = reading.named.clone();
        lands.extend(reading.country.filter(|_| lands.is_empty()));
        let place = |code| Place { country: Some(code), region: reading.region.map(str::to_owned), ..Place::default() };
        found.extend(lands.into_iter().map(|code| Finding::stated(place(code), segment.text)));
    }
    found
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
    fn of(folded: &'a Folded<'a>, names: Vec<(Hit, Name)>, field: Field) -> Self {
        let segment = folded.text;
        let small = segment.to_lowercase() == segment;
        let hits: Vec<(Hit, Name)> = names
            .into_iter()
            .filter(|(hit, name)| !is_street(&folded.folded[hit.end..]) && (field == Field::Place || name.is_own()))
            .filter(|(hit, _)| small || folded.quote(hit.start, hit.end).starts_with(|c: char| c.is_uppercase() || !c.is_ascii()))
            .collect();
        let coded = state_code(segment, None);
        let hits = towns_for_lands(hits, folded, coded);
        let mut lands: Vec<Country> = hits.iter().rev().filter_map(|(_, name)| name.country()).collect();
        lands.dedup();
        let city = hits.iter().find(|(_, name)| matches!(name, Name::City(_))).map(|(hit, _)| &folded.folded[hit.start..hit.end]);
        let country = lands.first().copied().or_else(|| {
            coded_country(segment, city).filter(|_| field == Field::Place || city.is_some() || coded.is_some() || says_us(segment))
        });
        let part = hits.iter().rev().find(|(_, name)| matches!(name, Name::Part(_))).map(|(hit, _)| folded.quote(hit.start, hit.end));
        let region = state_code(segment, country).map(|state| state.name).or(part);
        let hits = hits.into_iter().filter(|(_, name)| matches!(name, Name::City(_) | Name::Area(_))).collect();
        Self { folded, hits, named: lands, country, region, field }
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

/// Whether prose names a country by one of the two codes that are words of their own: `, QA` is no Qatar.
fn says_us(segment: &str) -> bool {
    segment.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "US" | "UK" | "USA"))
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
