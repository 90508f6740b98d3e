//! What an alert must be before it is kept.

use crate::consent::error::ConsentError;
use crate::consent::limits::MAX_NAME_CHARS;
use crate::domain::NewSubscription;

/// Checks the wishes, and gives an alert without a name one that says what it is.
pub(in crate::consent) fn named(mut subscription: NewSubscription) -> Result<NewSubscription, ConsentError> {
    /// What an alert is called until its owner calls it something.
    const UNNAMED: &str = "My job alert";
    subscription.preferences.check()?;
    let name = subscription.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(ConsentError::Name);
    }
    subscription.name = if name.is_empty() { UNNAMED.to_owned() } else { name };
    Ok(subscription)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cadence::{Cadence, Rhythm, parse_zone};
    use crate::domain::preferences::{Facet, PlaceWish, Preferences};

    fn wishes(name: &str) -> NewSubscription {
        let cadence = Cadence::new(Rhythm::Instant, parse_zone("UTC").unwrap());
        NewSubscription { name: name.to_owned(), preferences: Preferences::default(), cadence }
    }

    #[test]
    fn a_name_is_tidied_and_never_empty() {
        assert_eq!(named(wishes("  Rust \n in  Pune ")).unwrap().name, "Rust in Pune");
        assert_eq!(named(wishes(" \t")).unwrap().name, "My job alert");
        assert!(matches!(named(wishes(&"x".repeat(101))), Err(ConsentError::Name)));
    }

    #[test]
    fn wishes_that_make_no_sense_are_refused_before_anything_is_kept() {
        let mut subscription = wishes("x");
        subscription.preferences.places = Facet::from(vec![PlaceWish { country: None, city: None, within_km: None }]);
        assert!(matches!(named(subscription), Err(ConsentError::Preferences(_))));
    }
}
