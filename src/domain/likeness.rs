//! What of a listing tells whether another is the same job.

use serde::{Deserialize, Serialize};

use crate::domain::sketch::Sketch;

/// Least hashes of a text that serve as keys beside the title.
pub(super) const TEXT_KEYS: usize = 6;
/// Least hashes of a text that serve as keys beside the employer.
pub(super) const OWN_KEYS: usize = 3;
/// Words from which a text speaks for itself: shorter ones are mostly a board's standing lines.
pub(super) const OWN_WORDS: u32 = 100;
/// Under this instead of its title an index finds a header line, which changes from month to month.
const HEADER: u64 = 0x6865_6164_6572;

/// What of a listing tells whether another is the same job, kept beside it. All hashes are stored, so they never change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Likeness {
    /// The source and the id it gave the listing.
    pub listing: u64,
    /// The source.
    pub source: u64,
    /// A platform's own id, where the address gives it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posting: Option<u64>,
    /// The page, without what tracks and translates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// The employer's name without its legal form, written as one word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<u64>,
    /// The first word of the employer's name: `KPMG` of `KPMG Belgium`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<u64>,
    /// Whether the employer looks like a staffing firm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub agency: bool,
    /// The words of the title that tell jobs apart, in no order.
    pub title: u64,
    /// The same words one by one, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title_words: Vec<u32>,
    /// Those of them that say a level, as one hash.
    pub level: u64,
    /// Whether the title is a header line of a text about several jobs, as in Hacker News threads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub header: bool,
    /// The trades a header line names, a bit each.
    #[serde(default, skip_serializing_if = "is_none")]
    pub trades: u32,
    /// The cities, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cities: Vec<u64>,
    /// The countries, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<u64>,
    /// The team or department as the platform has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<u64>,
    /// Least years of experience, in tenths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u16>,
    /// Least and most pay in units of whatever currency and period, where both are round: what boards estimate never is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<(u32, u32)>,
    /// The day it was posted, since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i32>,
    /// A sample of its text.
    pub text: Sketch,
}

impl Likeness {
    /// Keys for an index: two listings that are not [`crate::domain::Relation::Different`] share at least one.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let mut keys = Vec::with_capacity(4 + TEXT_KEYS + OWN_KEYS);
        keys.extend(self.posting.map(|id| mix(1, id, 0)));
        keys.extend(self.page.map(|page| mix(2, page, 0)));
        keys.extend(self.company.map(|company| mix(3, company, self.subject())));
        keys.extend(self.house.map(|house| mix(4, house, self.subject())));
        if self.has_own_text() {
            let own = self.text.first(OWN_KEYS).iter();
            keys.extend(self.company.into_iter().flat_map(|company| own.clone().map(move |hash| mix(7, u64::from(*hash), company))));
            keys.extend(self.text.first(TEXT_KEYS).iter().map(|hash| mix(5, u64::from(*hash), self.subject())));
        }
        if keys.is_empty() {
            keys.push(mix(6, self.source, self.subject()));
        }
        keys
    }

    /// What an index looks for: the title, or for all header lines the same.
    pub(super) fn subject(&self) -> u64 {
        if self.header { HEADER } else { self.title }
    }

    /// Whether the text is long enough to speak for itself.
    pub(super) fn has_own_text(&self) -> bool {
        self.text.words >= OWN_WORDS
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field by reference")]
fn is_none(bits: &u32) -> bool {
    *bits == 0
}

/// Two hashes under a layer's number as one.
fn mix(layer: u64, a: u64, b: u64) -> u64 {
    let mixed = (a ^ layer.wrapping_mul(0x9e37_79b9_7f4a_7c15)).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ b;
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 29)
}
