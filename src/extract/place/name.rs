//! What the names of places stand for, and where they are read.

use crate::domain::place::Country;
use crate::domain::vocabulary::places;

/// What a name of the vocabulary stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract) enum Name {
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
    pub(super) const fn country(self) -> Option<Country> {
        match self {
            Self::Country(code) | Self::Part(code) => Some(code),
            _ => None,
        }
    }

    /// Whether it is the vocabulary's own, and no city that an operator added.
    pub(super) fn is_own(self) -> bool {
        !matches!(self, Self::City(index) if index >= places().own())
    }
}

/// Which text a place is read from: a field for places may hold a name that elsewhere is a plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// A field for places, or a line that names the place of work.
    Place,
    /// A title or a sentence.
    Prose,
}
