//! A block: up to a fixed number of listings, turned so that each thing they say knows the lanes that say it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::pay::Rates;
use crate::domain::place::Country;
use crate::domain::skill::Skill;
use crate::domain::work_mode::WorkMode;
use crate::matching::class::Class;
use crate::matching::mask::Mask;
use crate::matching::place::ListedPlace;
use crate::matching::ranked::Ranked;
use crate::matching::subject::Subject;

/// A block of up to 64 listings: a fetch cycle, an instant alert.
pub type SmallBlock<'a> = Block<'a, 1>;
/// A block of up to 512 listings: a digest's window, piece by piece.
pub type WideBlock<'a> = Block<'a, 8>;
/// A block of up to 4096 listings that are kept laid out: what is open, piece by piece.
pub type KeptBlock<'a> = Block<'a, 64>;

/// Up to `WORDS * 64` listings as bit lanes; the lane of a listing is its place in the slice.
#[derive(Debug)]
pub struct Block<'a, const WORDS: usize> {
    pub(super) subjects: &'a [Subject<'a>],
    pub(super) lanes: Cow<'a, Lanes<WORDS>>,
}

impl<'a, const WORDS: usize> Block<'a, WORDS> {
    /// How many listings fit into one block.
    pub const LANES: usize = Mask::<WORDS>::LANES;

    /// Lays listings out; hand over `chunks(Block::LANES)`.
    ///
    /// # Panics
    /// More than [`Block::LANES`] listings: one that is left out in silence would be an alert that is lost.
    #[must_use]
    pub fn new(subjects: &'a [Subject<'a>]) -> Self {
        Self { subjects, lanes: Cow::Owned(Lanes::of(subjects)) }
    }

    /// A block of listings whose lanes were laid out before. Words are no part of lanes: programs that ask for them
    /// ([`Programs::ask_for_words`](crate::matching::Programs::ask_for_words)) need a block of the listings themselves.
    #[must_use]
    pub const fn over(lanes: &'a Lanes<WORDS>) -> Self {
        Self { subjects: &[], lanes: Cow::Borrowed(lanes) }
    }

    /// How many listings are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lanes.count
    }

    /// Whether no listing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.count == 0
    }
}

/// Lanes one by one, for what few listings have: they take less room than a mask.
pub(super) type FewLanes = Vec<u16>;

/// What a block knows of its listings, words aside: owned, so that it can be kept beside them and lent to a block again and again.
#[derive(Debug, Clone)]
pub struct Lanes<const WORDS: usize> {
    count: usize,
    pub(super) everyone: Mask<WORDS>,
    /// By the bits of their class.
    pub(super) classes: Vec<Mask<WORDS>>,
    pub(super) skills: HashMap<Skill, Mask<WORDS>>,
    pub(super) companies: HashMap<String, FewLanes>,
    pub(super) nameless: Mask<WORDS>,
    /// By country; those of one country each once.
    pub(super) places: HashMap<Option<Country>, Vec<(ListedPlace, FewLanes)>>,
    pub(super) remote_anywhere: Mask<WORDS>,
    pub(super) remote_within: HashMap<Country, Mask<WORDS>>,
    /// By the least years asked for.
    pub(super) years: Ranked<WORDS>,
    /// By dollars a year, where they were laid out for keeping.
    pub(super) pays: Option<Ranked<WORDS>>,
}

impl<const WORDS: usize> Lanes<WORDS> {
    /// Lays listings out.
    ///
    /// # Panics
    /// More than [`Block::LANES`] listings.
    #[must_use]
    pub fn of(subjects: &[Subject<'_>]) -> Self {
        let most = Mask::<WORDS>::LANES;
        assert!(subjects.len() <= most, "a block takes at most {most} listings");
        let mut lanes = Self {
            count: subjects.len(),
            everyone: Mask::first(subjects.len()),
            classes: vec![Mask::EMPTY; Class::BITS],
            skills: HashMap::new(),
            companies: HashMap::new(),
            nameless: Mask::EMPTY,
            places: HashMap::new(),
            remote_anywhere: Mask::EMPTY,
            remote_within: HashMap::new(),
            years: Ranked::of(subjects.iter().map(|subject| subject.facts.min_years.as_ref().map(|found| found.value))),
            pays: None,
        };
        for (lane, subject) in subjects.iter().enumerate() {
            lanes.lay(lane, subject);
        }
        lanes
    }

    /// Lays listings out to be kept: their pay too, which is compared by these rates.
    ///
    /// # Panics
    /// More than [`Block::LANES`] listings.
    #[must_use]
    pub fn to_keep(subjects: &[Subject<'_>], rates: &Rates) -> Self {
        Self { pays: Some(ranked_pays(subjects, rates)), ..Self::of(subjects) }
    }

    fn lay(&mut self, lane: usize, subject: &Subject<'_>) {
        let facts = subject.facts;
        Class::of_listing(facts).bits().for_each(|bit| self.classes[bit].set(lane));
        for skill in &facts.skills {
            if let Some(lanes) = self.skills.get_mut(&skill.value) {
                lanes.set(lane);
            } else {
                put(&mut self.skills, skill.value.clone(), lane);
            }
        }
        match subject.folded_company() {
            Some(name) => self.companies.entry(name).or_default().push(few(lane)),
            None => self.nameless.set(lane),
        }
        let remote = facts.work_mode.as_ref().is_some_and(|mode| mode.value == WorkMode::Remote);
        if !remote {
            self.lay_places(lane, subject);
        } else if facts.remote_countries.is_empty() {
            self.remote_anywhere.set(lane);
        }
        for country in facts.remote_countries.iter().filter(|_| remote) {
            put(&mut self.remote_within, country.value, lane);
        }
    }

    fn lay_places(&mut self, lane: usize, subject: &Subject<'_>) {
        for place in ListedPlace::all_of(subject.facts) {
            let known = self.places.entry(place.country).or_default();
            match known.iter_mut().find(|(known, _)| *known == place) {
                Some((_, lanes)) => lanes.push(few(lane)),
                None => known.push((place, vec![few(lane)])),
            }
        }
    }
}

/// The dollars a year that each listing offers, as far as they can be compared.
pub(super) fn ranked_pays<const WORDS: usize>(subjects: &[Subject<'_>], rates: &Rates) -> Ranked<WORDS> {
    Ranked::of(subjects.iter().map(|subject| subject.facts.pay.as_ref().and_then(|pay| rates.comparable(&pay.value))))
}

fn few(lane: usize) -> u16 {
    u16::try_from(lane).expect("a lane fits into 16 bits")
}

fn put<K: Hash + Eq, const WORDS: usize>(lanes: &mut HashMap<K, Mask<WORDS>>, key: K, lane: usize) {
    lanes.entry(key).or_insert(Mask::EMPTY).set(lane);
}
