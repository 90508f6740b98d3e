//! Towns that bear the name of a land: Lebanon in New Hampshire, Norfolk in Virginia.

use crate::domain::place::Country;
use crate::domain::vocabulary::places;
use crate::extract::fold::Folded;
use crate::extract::phrase::Hit;
use crate::extract::place::name::Name;
use crate::extract::place::postal::StateCode;

/// The country whose name is also that of a state of the US.
const GEORGIA: Country = Country::from_letters(*b"GE");

/// Names of lands that are towns here: what stands before a state of another country is no country or county, as in
/// `Lebanon, New Hampshire`, `Norfolk, Virginia` and `Surrey, BC`; and `Georgia, United States` is the state.
pub(super) fn towns_for_lands(hits: Vec<(Hit, Name)>, folded: &Folded<'_>, coded: Option<StateCode<'static>>) -> Vec<(Hit, Name)> {
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
