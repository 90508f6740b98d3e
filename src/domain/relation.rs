//! Whether two listings are one job.
//!
//! Three layers, the surest first: the address (a platform's own id, or the same page); the employer with title and place, unless
//! the texts speak against it; the text under the same title where the employers' names differ (copies by staffing firms).
//! Doubt means different: a job shown twice costs a glance, a job hidden behind its twin is lost.

use serde::{Deserialize, Serialize};

use crate::domain::likeness::{Likeness, OWN_KEYS, OWN_WORDS, TEXT_KEYS};
use crate::domain::sketch::Overlap;

/// Days between two postings from which the later one is a repost.
const REPOST_DAYS: u32 = 14;
/// Days in a year.
const YEAR_DAYS: u32 = 366;
/// Words of a search card rather than a text.
const CARD_WORDS: u32 = 60;
/// Words below which a text says nothing.
const NO_TEXT: u32 = 15;

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

/// How the places of two listings lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Places {
    /// A city or, where one has none, a country in common.
    Shared,
    /// A city and the country it lies in.
    Within,
    /// One says too little.
    Open,
    /// Nothing in common.
    Apart,
}

impl Likeness {
    /// What this listing and another have to do with each other. Symmetric; allocates nothing.
    #[must_use]
    pub fn relation(&self, other: &Self) -> Relation {
        if self == other || (self.posting.is_some() && self.posting == other.posting) {
            return self.unless_apart(other, Relation::Same);
        }
        if self.page.is_some() && self.page == other.page && (self.title == other.title || self.overlap(other).alike >= 0.8) {
            return self.unless_apart(other, Relation::Same);
        }
        let one_name = self.company.is_some() && self.company == other.company;
        if self.subject() != other.subject() {
            return if one_name { self.retitled(other) } else { Relation::Different };
        }
        if one_name {
            return self.by_employer(other, true);
        }
        if self.house.is_some() && self.house == other.house {
            let found = self.by_employer(other, false);
            return if found == Relation::Different { self.by_text(other) } else { found };
        }
        self.by_text(other)
    }

    /// One title, and one employer by the whole name or by its first word.
    fn by_employer(&self, other: &Self, one_name: bool) -> Relation {
        if !self.has_text() || !other.has_text() {
            return self.without_text(other, one_name);
        }
        let shared = self.overlap(other);
        let cut = self.text.cut || other.text.cut;
        let within = self.source == other.source;
        if within && !self.header && self.speaks_of_another(other, shared) {
            return Relation::Different;
        }
        match self.places(other) {
            Places::Apart => Self::elsewhere(shared, cut),
            _ if within && !self.is_one_text(other, shared) => Relation::Different,
            Places::Open | Places::Within if !one_name && shared.alike.max(shared.contained) < 0.8 => Relation::Different,
            _ if shared.alike < 0.5 && shared.contained < 0.62 && self.text.bag != other.text.bag => Relation::Different,
            _ => self.again(other),
        }
    }

    /// One employer, place and text on two boards, and one title says more than the other (`- Healthcare Analytics`).
    fn retitled(&self, other: &Self) -> Relation {
        let known = self.has_own_text() && other.has_own_text() && !self.header && !other.header;
        let more = |a: &[u32], b: &[u32]| a.iter().all(|word| b.contains(word));
        let titles = more(&self.title_words, &other.title_words) || more(&other.title_words, &self.title_words);
        if !known || self.source == other.source || self.level != other.level || !titles || !self.meets(other, OWN_KEYS) {
            return Relation::Different;
        }
        let one = self.places(other) == Places::Shared && self.overlap(other).alike >= 0.75;
        if one { self.again(other) } else { Relation::Different }
    }

    /// Whether one of so many least hashes of the texts is in both.
    fn meets(&self, other: &Self, keys: usize) -> bool {
        self.text.first(keys).iter().any(|hash| other.text.first(keys).contains(hash))
    }

    /// One title in two places: one job where the text is mostly the same.
    fn elsewhere(shared: Overlap, cut: bool) -> Relation {
        let cut = cut && shared.contained >= 0.65;
        if cut || shared.alike >= 0.6 || shared.contained >= 0.9 { Relation::OtherPlace } else { Relation::Different }
    }

    /// A source that lists one title twice means two jobs, unless the text is the same one, shortened or cut.
    fn is_one_text(&self, other: &Self, shared: Overlap) -> bool {
        if self.header {
            let one_trade = self.trades == other.trades || self.trades == 0 || other.trades == 0;
            return shared.alike
                >= if self.title == other.title {
                    0.5
                } else if one_trade {
                    0.55
                } else {
                    0.75
                };
        }
        let cut = (self.text.cut || other.text.cut) && shared.contained >= 0.6;
        let words = self.text.words.min(other.text.words);
        let one_pay = self.pay.is_some() && self.pay == other.pay;
        // Cards of a few dozen words differ in a skill or two from job to job.
        let near = match words {
            0..CARD_WORDS => shared.alike >= 0.85 || (shared.alike >= 0.75 && shared.contained >= 0.92),
            _ => shared.alike >= if one_pay { 0.6 } else { 0.75 },
        };
        let one_bag = self.text.bag == other.text.bag;
        one_bag || cut || near || (words >= OWN_WORDS && shared.contained >= 0.95)
    }

    /// Whether years, team or pay tell two listings of one source apart.
    fn speaks_of_another(&self, other: &Self, shared: Overlap) -> bool {
        let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
        // Boards put their own estimates beside a text that stays the same.
        let pay = shared.alike < 0.9 && self.pay.zip(other.pay).is_some_and(|(a, b)| is_other_pay(a, b) || is_other_pay(b, a));
        pay || differ(self.years.map(u64::from), other.years.map(u64::from)) || differ(self.team, other.team)
    }

    /// Without a text on both sides the place must agree, and one source's two entries stay two.
    fn without_text(&self, other: &Self, one_name: bool) -> Relation {
        match self.places(other) {
            _ if !one_name || self.header => Relation::Different,
            Places::Apart => Relation::OtherPlace,
            Places::Within if self.source == other.source => Relation::OtherPlace,
            Places::Shared if self.source != other.source => self.again(other),
            _ => Relation::Different,
        }
    }

    /// One title under two names: the text must be long, mostly the same, and the place one.
    fn by_text(&self, other: &Self) -> Relation {
        let known = self.has_own_text() && other.has_own_text() && !self.header;
        if !known || !self.meets(other, TEXT_KEYS) {
            return Relation::Different;
        }
        let shared = self.overlap(other);
        let least = if self.agency || other.agency { 0.45 } else { 0.5 };
        let copied = match self.places(other) {
            Places::Shared => shared.alike >= least,
            Places::Within => shared.alike >= least && shared.contained >= 0.9,
            Places::Open | Places::Apart => false,
        };
        if copied { Relation::Copy } else { Relation::Different }
    }

    fn unless_apart(&self, other: &Self, relation: Relation) -> Relation {
        if self.places(other) == Places::Apart { Relation::OtherPlace } else { relation }
    }

    /// One job: a repost where much time lies between; a thread's line of a year ago speaks of other openings.
    fn again(&self, other: &Self) -> Relation {
        let days = self.day.zip(other.day).map_or(0, |(a, b)| a.abs_diff(b));
        if self.header && days > YEAR_DAYS {
            return Relation::Different;
        }
        if days >= REPOST_DAYS { Relation::Repost } else { Relation::Same }
    }

    fn overlap(&self, other: &Self) -> Overlap {
        self.text.overlap(&other.text)
    }

    fn has_text(&self) -> bool {
        self.text.words >= NO_TEXT
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
            true => Places::Within,
            false => Places::Apart,
        }
    }
}

/// Whether one pay lies more than a twentieth above the other; five times as much is another period or currency.
fn is_other_pay(low: (u32, u32), high: (u32, u32)) -> bool {
    let (most, least) = (u64::from(low.1), u64::from(high.0));
    least * 20 > most * 21 && least < most * 5
}

fn meet(a: &[u64], b: &[u64]) -> bool {
    a.iter().any(|key| b.contains(key))
}
