//! What the vocabulary of places promises: names, namesakes, areas, and that every place lies where it says.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use rolecall::domain::text::fold_name;
use rolecall::domain::vocabulary::{countries, places};
use rolecall::domain::{Country, GeoPoint};

use crate::support::skipped;

fn country(code: &str) -> Country {
    Country::parse(code).expect("a code of ISO 3166")
}

#[test]
fn old_and_new_names_are_one_city() {
    for (old, new) in [
        ("Bangalore", "Bengaluru"),
        ("bombay", "Mumbai"),
        ("Gurgaon", "Gurugram"),
        ("Madras", "Chennai"),
        ("Trivandrum", "Thiruvananthapuram"),
        ("Calcutta", "Kolkata"),
        ("Pondicherry", "Puducherry"),
    ] {
        assert_eq!(places().city(old, Some(country("IN"))).unwrap().name, new);
    }
    for (other, name) in [("NYC", "New York"), ("Greater London", "London"), ("Saigon", "Ho Chi Minh City"), ("Rangoon", "Yangon")] {
        assert_eq!(places().city(other, None).unwrap().name, name);
    }
    assert_eq!(places().city("nowhere at all", None).map(|city| &city.name), None);
}

#[test]
fn a_country_or_state_tells_namesakes_apart() {
    let us = Some(country("US"));
    assert_eq!(places().city("Cambridge", us).unwrap().region.as_deref(), Some("Massachusetts"));
    let columbus = |region| places().city_of_region("Columbus", us, region).unwrap().region.as_deref();
    assert_eq!((columbus(None), columbus(Some("Georgia")), columbus(Some("Nowhere"))), (Some("Ohio"), Some("Georgia"), Some("Ohio")));
}

#[test]
fn an_area_is_its_cities_and_stands_for_the_first() {
    let area = places().area("delhi ncr").unwrap();
    let names: Vec<&str> = places().cities_of(area).map(|city| city.name.as_str()).collect();
    assert_eq!(names, ["Delhi", "Gurugram", "Noida", "Ghaziabad", "Faridabad"]);
    assert_eq!(places().city("Delhi NCR", None).unwrap().name, "Delhi");
    for area in places().areas() {
        assert_eq!(places().cities_of(area).count(), area.cities.len(), "{}", area.name);
    }
}

#[test]
fn the_vocabulary_holds_hiring_places_of_the_world_each_once() {
    assert!(places().own() >= 1_500, "{}", places().own());
    let mut seen = BTreeMap::new();
    for city in places().cities() {
        let before = seen.insert((fold_name(&city.name), city.country, city.region.clone()), city.point());
        assert_eq!(before, None, "{} stands there twice", city.name);
        assert!(city.latitude.abs() <= 90.0 && city.longitude.abs() <= 180.0, "{}", city.name);
        assert!(countries().countries().iter().any(|entry| entry.code == city.country), "{}", city.name);
        assert!(city.region.as_deref() != Some(""), "{}", city.name);
    }
}

/// Cities of one region lie near one another: a slip of the pen (a wrong sign, two figures swapped) stands out.
#[test]
fn every_city_lies_near_the_others_of_its_region() {
    const FARTHEST_KM: f64 = 1_400.0;
    for city in places().cities() {
        let of_region = places().cities().iter().filter(|other| other.country == city.country && other.region == city.region);
        let nearest =
            of_region.filter(|other| other.name != city.name).map(|other| city.point().kilometres_to(other.point())).min_by(f64::total_cmp);
        assert!(nearest.is_none_or(|km| km <= FARTHEST_KM), "{} lies {nearest:?} km from the next", city.name);
    }
}

/// The lines of a table of the tz database, where it is installed (package tzdata; in the public domain).
fn tz_table(name: &str) -> Option<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(format!("/usr/share/zoneinfo/{name}")).ok()?;
    Some(text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// `+2232+08822` or `+404251-0740023`, in degrees.
fn degrees(text: &str) -> GeoPoint {
    let split = text[1..].find(['+', '-']).expect("a figure of ISO 6709") + 1;
    let part = |text: &str, whole: usize| {
        let (sign, digits) = (if text.starts_with('-') { -1.0 } else { 1.0 }, &text[1..]);
        let figure =
            |range: std::ops::Range<usize>| digits.get(range).map_or(0.0, |text| text.parse::<f64>().expect("a figure of ISO 6709"));
        sign * (figure(0..whole) + figure(whole..whole + 2) / 60.0 + figure(whole + 2..whole + 4) / 3600.0)
    };
    GeoPoint { latitude: part(&text[..split], 2), longitude: part(&text[split..], 3) }
}

#[test]
fn every_zone_is_one_of_its_country_and_its_clock_tower_is_not_far() {
    /// From Delhi's south to Kolkata, which speaks for all of India, it is 1,980 km.
    const FARTHEST_KM: f64 = 2_000.0;
    let (Some(per_country), Some(shared), Some(names)) = (tz_table("zone.tab"), tz_table("zone1970.tab"), tz_table("iso3166.tab")) else {
        return skipped("zones of places", "the tables of the tz database are not installed");
    };
    let rows: Vec<_> = per_country.iter().chain(&shared).collect();
    for city in places().cities() {
        let row = rows.iter().find(|row| row[2] == city.zone.name() && row[0].split(',').any(|code| code == city.country.as_str()));
        let row = row.unwrap_or_else(|| panic!("{}: {} is no zone of {}", city.name, city.zone, city.country));
        let km = degrees(&row[1]).kilometres_to(city.point());
        assert!(km <= FARTHEST_KM, "{} lies {km:.0} km from the place that {} is named after", city.name, city.zone);
    }
    for entry in countries().countries() {
        assert!(names.iter().any(|row| row[0] == entry.code.as_str()), "{}", entry.code);
        let known = |zone: &Tz| rows.iter().any(|row| row[2] == zone.name() && row[0].split(',').any(|code| code == entry.code.as_str()));
        assert!(entry.zones().iter().all(known), "{}: {:?}", entry.code, entry.zones());
        assert!(
            !entry.zones().is_empty() || !rows.iter().any(|row| row[0].split(',').any(|code| code == entry.code.as_str())),
            "{}",
            entry.code
        );
    }
}
