//! What is held against preferences: one listing, as far as matching looks at it.

use crate::domain::facts::Facts;
use crate::domain::listing::{BlockListing, Listing, NewListing};
use crate::domain::text::fold_name;
use crate::domain::words::Words;

/// One listing as matching sees it. Its text is never read again: facts and words are enough.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What was understood.
    pub facts: &'a Facts,
    /// The words of title, company and text.
    pub words: &'a Words,
    /// The employer's name; none, or blank, where the posting names no company.
    pub company: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// A listing as stored.
    #[must_use]
    pub fn of(listing: &'a Listing) -> Self {
        Self { facts: &listing.facts, words: &listing.words, company: listing.posting.company.as_deref() }
    }

    /// A listing on its way into the store.
    #[must_use]
    pub fn of_new(listing: &'a NewListing) -> Self {
        Self { facts: &listing.facts, words: &listing.words, company: listing.posting.company.as_deref() }
    }

    /// A listing as a block of the store gives it.
    #[must_use]
    pub fn of_block(listing: &'a BlockListing) -> Self {
        Self { facts: &listing.facts, words: &listing.words, company: listing.company.as_deref() }
    }

    /// The employer's name as names are compared; none where there is none.
    pub(super) fn folded_company(&self) -> Option<String> {
        self.company.map(fold_name).filter(|name| !name.is_empty())
    }
}
