//! What the place of a posting says about its money.

use crate::domain::vocabulary::pay_words;
use crate::domain::{Country, Currency};

/// What the place says about money.
#[derive(Debug, Clone, Copy, Default)]
pub struct PayPlace<'a> {
    /// The country of the work.
    pub country: Option<Country>,
    /// The posting's own city, as it writes it, in lower case.
    pub city: Option<&'a str>,
}

impl PayPlace<'_> {
    /// The currency of a bare dollar sign, or of figures without any sign.
    pub fn money(&self, written: Option<Currency>, dollar: bool) -> Option<Currency> {
        let local = self.country.and_then(|country| pay_words().money.iter().find(|money| money.countries.contains(&country)));
        let local = local.map(|money| money.currency);
        if !dollar {
            return written.or(local);
        }
        local.filter(|currency| ["AUD", "CAD", "SGD", "HKD", "NZD"].contains(&currency.as_str())).or(written)
    }
}
