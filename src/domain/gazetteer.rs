//! The places people are hired in: cities by all their names, the areas they form, and those an operator added.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::place::{Country, GeoPoint};
use crate::domain::text::fold_name;

/// A city of the vocabulary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CityEntry {
    /// The canonical name.
    pub name: String,
    /// Other names, older ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The country.
    pub country: Country,
    /// State, province or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The IANA zone its clocks follow.
    #[serde(with = "zone_name")]
    pub zone: Tz,
    /// Its name is also a plain word or a person's: it counts only alone in a place field, or beside its country or state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub word: bool,
}

impl CityEntry {
    /// Where it lies.
    #[must_use]
    pub const fn point(&self) -> GeoPoint {
        GeoPoint { latitude: self.latitude, longitude: self.longitude }
    }

    /// Its name and its other names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().chain([&self.name]).map(String::as_str)
    }
}

/// A zone by its IANA name.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(super) fn serialize<S: Serializer>(zone: &Tz, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(d)?;
        name.parse().map_err(|_| serde::de::Error::custom(format!("{name:?} is no IANA time zone, such as Asia/Kolkata")))
    }
}

/// An area that postings name as one place: Delhi NCR, the Bay Area.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaEntry {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The country.
    pub country: Country,
    /// Its cities by canonical name; the first stands for the area.
    pub cities: Vec<String>,
}

/// The cities by all their names.
#[derive(Debug)]
pub struct Gazetteer {
    cities: Vec<CityEntry>,
    /// How many of them, from the front, are the vocabulary's own.
    own: usize,
    by_name: HashMap<String, Vec<usize>>,
    areas: Vec<AreaEntry>,
    areas_by_name: HashMap<String, usize>,
}

/// An added city this near to one of ours with one of its names is that city.
const SAME_CITY_KM: f64 = 50.0;

impl Gazetteer {
    /// The vocabulary's own cities and areas, and behind them those that were added. A name of ours, or one of `taken` (countries,
    /// states, in folded form), is never given to an added city: where it is all the city has, the city is left out.
    fn new(cities: Vec<CityEntry>, areas: Vec<AreaEntry>, added: Vec<CityEntry>, taken: &HashSet<String>) -> Self {
        let mut all = Self { own: cities.len(), cities: Vec::new(), by_name: HashMap::new(), areas_by_name: HashMap::new(), areas };
        for city in cities {
            all.push(city);
        }
        for (index, area) in all.areas.iter().enumerate() {
            area.aliases.iter().chain([&area.name]).for_each(|name| {
                all.areas_by_name.insert(fold_name(name), index);
            });
        }
        for mut city in added {
            city.aliases.retain(|name| !taken.contains(&fold_name(name)));
            if !taken.contains(&fold_name(&city.name)) && !all.holds(&city) {
                all.push(city);
            }
        }
        all
    }

    fn push(&mut self, city: CityEntry) {
        let index = self.cities.len();
        for name in city.names() {
            let known = self.by_name.entry(fold_name(name)).or_default();
            if known.last() != Some(&index) {
                known.push(index);
            }
        }
        self.cities.push(city);
    }

    /// Whether this is one of ours, under any of its names.
    fn holds(&self, city: &CityEntry) -> bool {
        let namesakes = city.names().filter_map(|name| self.by_name.get(&fold_name(name))).flatten();
        namesakes
            .map(|index| &self.cities[*index])
            .any(|known| known.country == city.country && known.point().kilometres_to(city.point()) <= SAME_CITY_KM)
    }

    /// The city of this name, in that country where one is given; the first listed (the largest) where several share the name. The name
    /// of an area gives its first city.
    #[must_use]
    pub fn city(&self, name: &str, country: Option<Country>) -> Option<&CityEntry> {
        self.city_of_region(name, country, None)
    }

    /// The same, where the state or province is known as well: a namesake there comes first.
    #[must_use]
    pub fn city_of_region(&self, name: &str, country: Option<Country>, region: Option<&str>) -> Option<&CityEntry> {
        let folded = fold_name(name);
        let known = self.by_name.get(&folded).map_or(&[][..], Vec::as_slice);
        let fitting = || known.iter().map(|index| &self.cities[*index]).filter(|city| country.is_none_or(|wanted| city.country == wanted));
        let of_region = region.and_then(|region| {
            let region = fold_name(region);
            fitting().find(|city| city.region.as_deref().is_some_and(|known| fold_name(known) == region))
        });
        let area = || self.area(name).filter(|area| country.is_none_or(|wanted| area.country == wanted));
        of_region.or_else(|| fitting().next()).or_else(|| area().and_then(|area| self.cities_of(area).next()))
    }

    /// The cities a wish of this name means: the city, or all cities of an area; none where the name is not known.
    #[must_use]
    pub fn meant(&self, name: &str, country: Option<Country>) -> Vec<&CityEntry> {
        match self.area(name).filter(|area| country.is_none_or(|wanted| area.country == wanted)) {
            Some(area) => self.cities_of(area).collect(),
            None => self.city(name, country).into_iter().collect(),
        }
    }

    /// The area of this name.
    #[must_use]
    pub fn area(&self, name: &str) -> Option<&AreaEntry> {
        self.areas_by_name.get(&fold_name(name)).map(|index| &self.areas[*index])
    }

    /// The cities of an area, the main one first.
    pub fn cities_of<'a>(&'a self, area: &'a AreaEntry) -> impl Iterator<Item = &'a CityEntry> {
        let named = |name: &String| self.by_name.get(&fold_name(name))?.iter().find(|index| self.cities[**index].country == area.country);
        area.cities.iter().filter_map(named).map(|index| &self.cities[*index])
    }

    /// All cities, the vocabulary's own first.
    #[must_use]
    pub fn cities(&self) -> &[CityEntry] {
        &self.cities
    }

    /// How many of [`Self::cities`], from the front, are the vocabulary's own.
    #[must_use]
    pub const fn own(&self) -> usize {
        self.own
    }

    /// All areas.
    #[must_use]
    pub fn areas(&self) -> &[AreaEntry] {
        &self.areas
    }
}

static PLACES: OnceLock<Gazetteer> = OnceLock::new();
static ADDED: OnceLock<Vec<CityEntry>> = OnceLock::new();

/// Cities were to be added when the vocabulary had already been read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("places can only be added before the first one is looked up")]
pub struct PlacesInUse;

/// Adds an operator's cities to the vocabulary of this process; to be called once, at its start.
///
/// # Errors
/// When places were looked up or added before.
pub fn add_places(cities: Vec<CityEntry>) -> Result<(), PlacesInUse> {
    if PLACES.get().is_some() {
        return Err(PlacesInUse);
    }
    ADDED.set(cities).map_err(|_| PlacesInUse)
}

/// The places: the embedded ones, and those that were added at the start.
#[must_use]
pub fn places() -> &'static Gazetteer {
    PLACES.get_or_init(|| {
        let (cities, areas) = embedded();
        Gazetteer::new(cities, areas, ADDED.get().cloned().unwrap_or_default(), &taken())
    })
}

fn embedded() -> (Vec<CityEntry>, Vec<AreaEntry>) {
    #[derive(Deserialize)]
    struct File {
        city: Vec<CityEntry>,
        metro: Vec<AreaEntry>,
    }
    let file: File =
        toml::from_str(include_str!("../../config/vocabulary/places.toml")).expect("the embedded places parse; a test reads them");
    (file.city, file.metro)
}

/// The names of countries, states and groups of countries, folded.
fn taken() -> HashSet<String> {
    let nations = crate::domain::nation::countries();
    let of_country = nations.countries().iter().flat_map(|entry| entry.aliases.iter().chain(&entry.parts).chain([&entry.name]));
    let of_region = nations.regions().iter().flat_map(|region| region.aliases.iter().chain([&region.name]));
    of_country.chain(of_region).map(|name| fold_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    fn added(name: &str, aliases: &[&str], code: &str, latitude: f64, longitude: f64) -> CityEntry {
        CityEntry {
            name: name.into(),
            aliases: aliases.iter().map(|&name| name.into()).collect(),
            country: country(code),
            region: None,
            latitude,
            longitude,
            zone: Tz::UTC,
            word: false,
        }
    }

    #[test]
    fn an_added_city_never_takes_the_place_of_one_of_ours() {
        let (cities, areas) = embedded();
        let own = cities.len();
        let more = vec![
            added("Hampi", &["Vijayanagara", "India"], "IN", 15.335, 76.46),
            // Ours under an older name, a country's name, and a namesake elsewhere.
            added("Bangalore", &["Bengalūru"], "IN", 12.97, 77.59),
            added("Georgia", &[], "US", 44.7, -73.1),
            added("Pune", &[], "US", 40.0, -75.0),
        ];
        let all = Gazetteer::new(cities, areas, more, &taken());
        assert_eq!(all.cities().len(), own + 2);
        assert_eq!(all.own(), own);
        assert_eq!(all.city("Vijayanagara", None).unwrap().name, "Hampi");
        assert_eq!(all.city("India", None).map(|city| &city.name), None);
        assert_eq!(all.city("Bangalore", None).unwrap().name, "Bengaluru");
        assert_eq!(all.city("Pune", None).unwrap().country, country("IN"));
        assert_eq!(all.city("Pune", Some(country("US"))).unwrap().point().latitude.round().to_string(), "40");
    }
}
