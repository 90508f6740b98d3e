//! A block: up to a fixed number of listings, turned so that each thing they say knows the lanes that say it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::place::Country;
use crate::domain::skill::Skill;
use crate::domain::work_mode::WorkMode;
use crate::matching::class::Class;
use crate::matching::mask::Mask;
use crate::matching::place::ListedPlace;
use crate::matching::subject::Subject;

/// A block of up to 64 listings: a fetch cycle, an instant alert.
pub type SmallBlock<'a> = Block<'a, 1>;
/// A block of up to 512 listings: a digest's window, piece by piece.
pub type WideBlock<'a> = Block<'a, 8>;

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

    /// A block of listings whose lanes were laid out before.
    ///
    /// # Panics
    /// Lanes of another number of listings.
    #[must_use]
    pub fn over(subjects: &'a [Subject<'a>], lanes: &'a Lanes<WORDS>) -> Self {
        assert_eq!(subjects.len(), lanes.count, "lanes belong to the listings they were made of");
        Self { subjects, lanes: Cow::Borrowed(lanes) }
    }

    /// How many listings are in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Whether no listing is in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }
}

/// What a block knows of its listings, words aside: owned, so that it can be kept beside them and lent to a block again and again.
#[derive(Debug, Clone)]
pub struct Lanes<const WORDS: usize> {
    count: usize,
    pub(super) everyone: Mask<WORDS>,
    pub(super) classes: HashMap<Class, Mask<WORDS>>,
    pub(super) skills: HashMap<Skill, Mask<WORDS>>,
    pub(super) companies: HashMap<String, Mask<WORDS>>,
    pub(super) nameless: Mask<WORDS>,
    pub(super) places: Vec<(ListedPlace, Mask<WORDS>)>,
    pub(super) remote_anywhere: Mask<WORDS>,
    pub(super) remote_within: HashMap<Country, Mask<WORDS>>,
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
            classes: HashMap::new(),
            skills: HashMap::new(),
            companies: HashMap::new(),
            nameless: Mask::EMPTY,
            places: Vec::new(),
            remote_anywhere: Mask::EMPTY,
            remote_within: HashMap::new(),
        };
        for (lane, subject) in subjects.iter().enumerate() {
            lanes.lay(lane, subject);
        }
        lanes
    }

    fn lay(&mut self, lane: usize, subject: &Subject<'_>) {
        let facts = subject.facts;
        put(&mut self.classes, Class::of_listing(facts), lane);
        for skill in &facts.skills {
            if let Some(lanes) = self.skills.get_mut(&skill.value) {
                lanes.set(lane);
            } else {
                put(&mut self.skills, skill.value.clone(), lane);
            }
        }
        match subject.folded_company() {
            Some(name) => put(&mut self.companies, name, lane),
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
            if let Some((_, lanes)) = self.places.iter_mut().find(|(known, _)| *known == place) {
                lanes.set(lane);
            } else {
                let mut lanes = Mask::EMPTY;
                lanes.set(lane);
                self.places.push((place, lanes));
            }
        }
    }
}

fn put<K: Hash + Eq, const WORDS: usize>(lanes: &mut HashMap<K, Mask<WORDS>>, key: K, lane: usize) {
    lanes.entry(key).or_insert(Mask::EMPTY).set(lane);
}
