//! Whether two listings are one job.
//!
//! Three layers, the surest first: the address (a platform's own id, or the same page); the employer with title and place, unless
//! the texts speak against it; the text under the same title where the employers' names differ (copies by staffing firms).
//! Doubt means different: a job shown twice costs a glance, a job hidden behind its twin is lost.

use serde::{Deserialize, Serialize};

use crate::domain::sketch::{Overlap, Sketch};

/// Least hashes of a text that serve as keys beside the title.
const TEXT_KEYS: usize = 6;
/// Least hashes of a text that serve as keys beside the employer.
const OWN_KEYS: usize = 3;
/// Days between two postings from which the later one is a repost.
const REPOST_DAYS: i32 = 14;
/// Words from which a text speaks for itself: shorter ones are mostly a board's standing lines.
const OWN_WORDS: u32 = 100;
/// Words of a search card rather than a text.
const CARD_WORDS: u32 = 60;
/// Words below which a text says nothing.
const NO_TEXT: u32 = 15;
/// Under this instead of its title an index finds a header line, which changes from month to month.
const HEADER: u64 = 0x6865_6164_6572;

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
    /// Keys for an index: two listings that are not [`Relation::Different`] share at least one.
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

    /// What an index looks for: the title, or for all header lines the same.
    fn subject(&self) -> u64 {
        if self.header { HEADER } else { self.title }
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
            _ if shared.alike < 0.5 && shared.contained < 0.62 => Relation::Different,
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
            0..CARD_WORDS => shared.alike >= 0.85 || (shared.alike >= 0.75 && shared.contained >= 0.93),
            _ => shared.alike >= if one_pay { 0.6 } else { 0.75 },
        };
        cut || near || (words >= OWN_WORDS && shared.contained >= 0.95)
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field by reference")]
fn is_none(bits: &u32) -> bool {
    *bits == 0
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
