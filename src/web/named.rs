//! What open listings name most: suggested while a person types, so that a suggestion always leads to something.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use crate::domain::BlockListing;
use crate::domain::place_name::country_name;

/// Most skills suggested.
const MOST_SKILLS: usize = 60;
/// Most places suggested.
const MOST_PLACES: usize = 40;

/// Skills and places by how many open listings name them, the most named first.
#[derive(Debug, Default, Serialize)]
pub(super) struct Named {
    skills: Vec<String>,
    places: Vec<String>,
}

impl Named {
    pub(super) fn by<'a>(listings: impl Iterator<Item = &'a BlockListing>) -> Self {
        let (mut skills, mut cities, mut countries) = (HashMap::new(), HashMap::new(), HashMap::new());
        for facts in listings.map(|listing| &listing.facts) {
            facts.skills.iter().for_each(|found| *skills.entry(found.value.as_str()).or_default() += 1);
            facts.places.iter().filter_map(|found| found.value.city.as_deref()).for_each(|city| *cities.entry(city).or_default() += 1);
            facts.country.iter().for_each(|found| *countries.entry(found.value).or_default() += 1);
        }
        let skills = most(skills, MOST_SKILLS).into_iter().map(str::to_owned).collect();
        let cities = most(cities, MOST_PLACES / 2).into_iter().map(str::to_owned);
        let countries = most(countries, MOST_PLACES / 2).into_iter().map(country_name);
        Self { skills, places: cities.chain(countries).collect() }
    }
}

fn most<K: Hash + Ord>(counts: HashMap<K, usize>, most: usize) -> Vec<K> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts.into_iter().take(most).map(|(key, _)| key).collect()
}
