//! The country a person works from, where their form does not say it: the one all places lie in that they wish for.
//!
//! Only forms of people are read so; programs say what they mean. The field beside it, [`OFFERED`], holds the country that was offered to
//! them: whoever empties "You work from" after that means it.

use crate::domain::place_name::country_name;
use crate::domain::preferences::PlaceWish;
use crate::domain::{Country, Preferences, WorkMode};

use super::place_text::parse_places;
use super::typed::Typed;

/// The field of the form that holds the code of the country that was offered.
pub(super) const OFFERED: &str = "home_offered";

/// The form with the country it leaves out, where its places name one that was not offered before.
pub(super) fn at_home(mut typed: Typed) -> Typed {
    let Some(country) = country_of(&typed) else { return typed };
    if typed.one("home_country").is_empty() && typed.one(OFFERED) != country.as_str() {
        typed.set("home_country", &country_name(country));
    }
    offered(typed)
}

/// The form of an alert as it is kept: what it leaves out was left out knowingly.
pub(super) fn offered(mut typed: Typed) -> Typed {
    if let Some(country) = country_of(&typed) {
        typed.set(OFFERED, country.as_str());
    }
    typed
}

/// Whether these wishes pass over remote jobs that are open to some countries only, because nobody said from where the work is done.
pub(super) fn is_missing(wishes: &Preferences) -> bool {
    let remote = wishes.work_modes.is_open() || wishes.work_modes.any.contains(&WorkMode::Remote);
    remote && wishes.home_country.is_none() && !wishes.places.any.is_empty()
}

fn country_of(typed: &Typed) -> Option<Country> {
    let places: Vec<PlaceWish> = parse_places(typed.one("places")).ok()?;
    let first = places.first()?.country?;
    places.iter().all(|place| place.country == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home_of(pairs: &[(&str, &str)]) -> (String, String) {
        let typed = Typed::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let typed = at_home(typed);
        (typed.one("home_country").to_owned(), typed.one(OFFERED).to_owned())
    }

    fn is(pairs: &[(&str, &str)], home: &str, offered: &str) {
        assert_eq!(home_of(pairs), (home.to_owned(), offered.to_owned()), "{pairs:?}");
    }

    #[test]
    fn places_of_one_country_are_where_a_person_works_unless_they_say_otherwise() {
        is(&[("places", "India"), ("home_country", "")], "India", "IN");
        is(&[("places", "Pune; Delhi NCR +20 km")], "India", "IN");
        is(&[("places", "Pune"), ("home_country", "Germany")], "Germany", "IN");
        is(&[("places", "Pune; Berlin")], "", "");
        is(&[("places", "Nowhereville")], "", "");
        is(&[], "", "");
    }

    #[test]
    fn a_country_that_was_offered_and_emptied_is_not_offered_again() {
        is(&[("places", "Pune"), ("home_country", ""), (OFFERED, "IN")], "", "IN");
        is(&[("places", "Berlin"), ("home_country", ""), (OFFERED, "IN")], "Germany", "DE");
    }
}
