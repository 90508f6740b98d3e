//! Whether two listings are one job.
//!
//! Three layers, the surest first: the address (a platform's own id, or the same page); the employer with title and place, unless
//! the texts speak against it; the text under the same title where the employers' names differ (copies by staffing firms).
//! Doubt means different: a job shown twice costs a glance, a job hidden behind its twin is lost.

use serde::{Deserialize, Serialize};

use crate::domain::sketch::{Overlap, Sketch};

/// Least hashes of a text that serve as keys.
const TEXT_KEYS: usize = 6;
/// Days between two postings from which the later one is a repost.
const REPOST_DAYS: i32 = 14;
/// Words from which a text speaks for itself: shorter ones are mostly a board's standing lines.
const OWN_WORDS: u32 = 100;
/// Words below which a text says nothing.
const NO_TEXT: u32 = 8;

/// What two listings have to do with each other; the same in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// One job, seen twice.
    Same,
    /// One job that was posted again.
    Repost,
    /// One job, once by its employer and once by a staffing firm, or by two such firms.
    Copy,
    /// One job that is open in another place as well: one card with its places.
    OtherPlace,
    /// Two jobs, as far as can be told.
    Different,
}

impl Relation {
    /// Whether a reader has seen the job when it has seen one of the two.
    #[must_use]
    pub fn is_one_job(self) -> bool {
        matches!(self, Self::Same | Self::Repost | Self::Copy)
    }
}

/// What of a listing tells whether another is the same job, kept beside it. All hashes are stored, so they never change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Likeness {
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
    /// The words of the title that tell jobs apart, in no order; of a header line of several jobs only that it is one.
    pub title: u64,
    /// Whether the title is a header line of a text about several jobs, as in Hacker News threads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub header: bool,
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
    /// The day it was posted, since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i32>,
    /// A sample of its text.
    pub text: Sketch,
}

/// How the places of two listings lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Places {
    /// A city or, where one has none, a country in common.
    Shared,
    /// One says too little.
    Open,
    /// Nothing in common.
    Apart,
}

impl Likeness {
    /// Keys for an index: two listings that are not [`Relation::Different`] share at least one.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let mut keys = Vec::with_capacity(4 + TEXT_KEYS);
        keys.extend(self.posting.map(|id| mix(1, id, 0)));
        keys.extend(self.page.map(|page| mix(2, page, 0)));
        keys.extend(self.company.map(|company| mix(3, company, self.title)));
        keys.extend(self.house.map(|house| mix(4, house, self.title)));
        if self.has_own_text() {
            keys.extend(self.text.first(TEXT_KEYS).iter().map(|hash| mix(5, u64::from(*hash), self.title)));
        }
        if keys.is_empty() {
            keys.push(mix(6, self.source, self.title));
        }
        keys
    }

    /// What this listing and another have to do with each other. Symmetric; allocates nothing.
    #[must_use]
    pub fn relation(&self, other: &Self) -> Relation {
        if self == other || (self.posting.is_some() && self.posting == other.posting) {
            return self.unless_apart(other, Relation::Same);
        }
        if self.page.is_some() && self.page == other.page && (self.title == other.title || self.overlap(other).alike >= 0.8) {
            return self.unless_apart(other, Relation::Same);
        }
        if self.title != other.title {
            return Relation::Different;
        }
        let one_name = self.company.is_some() && self.company == other.company;
        if one_name || (self.house.is_some() && self.house == other.house) {
            return self.by_employer(other, one_name);
        }
        self.by_text(other)
    }

    /// One title, and one employer by the whole name or by its first word.
    fn by_employer(&self, other: &Self, one_name: bool) -> Relation {
        if !self.has_text() || !other.has_text() {
            return self.without_text(other, one_name);
        }
        let shared = self.overlap(other);
        let most = shared.alike.max(shared.contained);
        let within = self.source == other.source;
        if most < 0.5 || (within && self.speaks_of_another(other)) {
            return Relation::Different;
        }
        match self.places(other) {
            Places::Apart => Relation::OtherPlace,
            _ if within && !self.is_one_text(other, shared) => Relation::Different,
            Places::Open if !one_name && most < 0.8 => Relation::Different,
            _ => self.again(other),
        }
    }

    /// A source that lists one title twice means two jobs, unless the text is the same one, shortened or cut.
    fn is_one_text(&self, other: &Self, shared: Overlap) -> bool {
        if self.header {
            return shared.alike >= 0.75;
        }
        let cut = (self.text.cut || other.text.cut) && shared.contained >= 0.7;
        let long = self.text.words.min(other.text.words) >= OWN_WORDS;
        cut || shared.alike >= 0.85 || (long && shared.contained >= 0.95)
    }

    /// Whether years or team tell two listings of one source apart.
    fn speaks_of_another(&self, other: &Self) -> bool {
        let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
        differ(self.years.map(u64::from), other.years.map(u64::from)) || differ(self.team, other.team)
    }

    /// Without a text on both sides the place must agree, and one source's two entries stay two.
    fn without_text(&self, other: &Self, one_name: bool) -> Relation {
        match self.places(other) {
            _ if !one_name || self.header => Relation::Different,
            Places::Apart => Relation::OtherPlace,
            Places::Shared if self.source != other.source => self.again(other),
            _ => Relation::Different,
        }
    }

    /// One title under two names: the text must be long, mostly the same, and the place one.
    fn by_text(&self, other: &Self) -> Relation {
        let known = self.has_own_text() && other.has_own_text() && !self.header;
        let meet = || self.text.first(TEXT_KEYS).iter().any(|hash| other.text.first(TEXT_KEYS).contains(hash));
        if !known || self.places(other) != Places::Shared || !meet() {
            return Relation::Different;
        }
        let least = if self.agency || other.agency { 0.45 } else { 0.55 };
        if self.overlap(other).alike >= least { Relation::Copy } else { Relation::Different }
    }

    fn unless_apart(&self, other: &Self, relation: Relation) -> Relation {
        if self.places(other) == Places::Apart { Relation::OtherPlace } else { relation }
    }

    /// One job: a repost where much time lies between.
    fn again(&self, other: &Self) -> Relation {
        let days = self.day.zip(other.day).map_or(0, |(a, b)| a.abs_diff(b));
        if days >= REPOST_DAYS.unsigned_abs() { Relation::Repost } else { Relation::Same }
    }

    fn overlap(&self, other: &Self) -> Overlap {
        self.text.overlap(&other.text)
    }

    fn has_text(&self) -> bool {
        self.text.words >= NO_TEXT
    }

    fn has_own_text(&self) -> bool {
        self.text.words >= OWN_WORDS
    }

    fn places(&self, other: &Self) -> Places {
        if !self.cities.is_empty() && !other.cities.is_empty() {
            return if meet(&self.cities, &other.cities) { Places::Shared } else { Places::Apart };
        }
        if self.countries.is_empty() || other.countries.is_empty() {
            return Places::Open;
        }
        let wide = self.cities.is_empty() && other.cities.is_empty();
        match meet(&self.countries, &other.countries) {
            true if wide => Places::Shared,
            true => Places::Open,
            false => Places::Apart,
        }
    }
}

fn meet(a: &[u64], b: &[u64]) -> bool {
    a.iter().any(|key| b.contains(key))
}

/// Two hashes under a layer's number as one.
fn mix(layer: u64, a: u64, b: u64) -> u64 {
    let mixed = (a ^ layer.wrapping_mul(0x9e37_79b9_7f4a_7c15)).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ b;
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 29)
}
