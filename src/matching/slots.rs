//! Everything preferences ask for, each once, with a number: its slot. Reading a block fills one mask a slot.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::domain::pay::Rates;
use crate::domain::place::Country;
use crate::domain::preferences::{PlaceWish, SalaryWish, UnknownRule};
use crate::domain::query::Field;
use crate::domain::skill::Skill;
use crate::domain::text::fold_name;
use crate::domain::vocabulary;
use crate::domain::words::word_hash;
use crate::matching::class::Class;
use crate::matching::place::WishedPlace;

/// The number of something that is asked for.
pub(super) type Slot = u32;

/// Most slots: an expression keeps two bits of its 31 for what it is.
const MAX_SLOTS: Slot = 1 << 29;

/// What is asked for, by what it is.
#[derive(Debug)]
pub(super) struct Slots {
    pub(super) rates: Rates,
    pub(super) count: Slot,
    pub(super) terms: HashMap<u64, Step, BuildHasherDefault<Hashed>>,
    pub(super) asks_skill_words: bool,
    pub(super) skills: HashMap<Skill, Slot>,
    pub(super) companies: HashMap<String, Slot>,
    pub(super) nameless: Option<Slot>,
    pub(super) classes: HashMap<Class, Slot>,
    pub(super) years: HashMap<u64, Slot>,
    pub(super) floors: HashMap<Floor, Slot>,
    pub(super) remotes: HashMap<Option<Country>, Slot>,
    pub(super) places: HashMap<Option<Country>, Vec<(WishedPlace, UnknownRule, Slot)>>,
}

/// One word further into a term: the slot of the term that ends here, and whether a longer one goes on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    pub(super) slot: Option<Slot>,
    pub(super) goes_on: bool,
}

/// A least pay in dollars a year, as bits; none where the wish's own currency has no rate.
pub(super) type Floor = (Option<u64>, UnknownRule);

/// What is interned only while compiling.
#[derive(Debug, Default)]
pub(super) struct PlaceKeys(HashMap<(PlaceKey, UnknownRule), Slot>);

type PlaceKey = (Option<Country>, Option<String>, Option<u64>);

impl Slots {
    pub(super) fn new(rates: &Rates) -> Self {
        Self {
            rates: rates.clone(),
            count: 0,
            terms: HashMap::default(),
            asks_skill_words: false,
            skills: HashMap::new(),
            companies: HashMap::new(),
            nameless: None,
            classes: HashMap::new(),
            years: HashMap::new(),
            floors: HashMap::new(),
            remotes: HashMap::new(),
            places: HashMap::new(),
        }
    }

    pub(super) fn class(&mut self, class: Class) -> Slot {
        *self.classes.entry(class).or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn skill(&mut self, skill: &Skill) -> Slot {
        let canonical = vocabulary::skills().canonical(skill);
        *self.skills.entry(canonical).or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn company(&mut self, name: &str) -> Slot {
        *self.companies.entry(fold_name(name)).or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn nameless(&mut self) -> Slot {
        *self.nameless.get_or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn years(&mut self, years: f64) -> Slot {
        *self.years.entry(years.to_bits()).or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn floor(&mut self, wish: &SalaryWish) -> Slot {
        let dollars = self.rates.dollars_a_year(wish.min, wish.currency, wish.period);
        *self.floors.entry((dollars.map(f64::to_bits), wish.undisclosed)).or_insert_with(|| next(&mut self.count))
    }

    pub(super) fn remote(&mut self, home: Option<Country>) -> Slot {
        *self.remotes.entry(home).or_insert_with(|| next(&mut self.count))
    }

    /// The places that a wish stands for.
    pub(super) fn place(&mut self, wish: &PlaceWish, unknown: UnknownRule, keys: &mut PlaceKeys) -> Vec<Slot> {
        let mut slot = |place: WishedPlace| {
            let key = (place.country, place.city.clone(), wish.within_km.map(f64::to_bits));
            *keys.0.entry((key, unknown)).or_insert_with(|| {
                let slot = next(&mut self.count);
                self.places.entry(place.country).or_default().push((place, unknown, slot));
                slot
            })
        };
        WishedPlace::all_of(wish).into_iter().map(&mut slot).collect()
    }

    /// A word, or words side by side, in one field.
    pub(super) fn term(&mut self, field: Option<Field>, words: &[String]) -> Slot {
        self.asks_skill_words |= field == Some(Field::Skill);
        let mut state = 0;
        for (at, word) in words.iter().enumerate() {
            state = if at == 0 { first_state(field, word_hash(word)) } else { next_state(state, word_hash(word)) };
            self.terms.entry(state).or_default().goes_on |= at + 1 < words.len();
        }
        *self.terms.entry(state).or_default().slot.get_or_insert_with(|| next(&mut self.count))
    }

    /// Bytes held, as far as they can be counted from outside the maps.
    pub(super) fn bytes(&self) -> usize {
        fn map<K, V, S>(map: &HashMap<K, V, S>) -> usize {
            // Seven of eight buckets may be used, each with one byte of control.
            map.capacity() * 8 / 7 * (size_of::<(K, V)>() + 1)
        }
        let names =
            self.skills.keys().map(|skill| skill.as_str().len()).sum::<usize>() + self.companies.keys().map(String::len).sum::<usize>();
        let wishes = self.places.values().flatten().map(|(place, ..)| place.city.as_ref().map_or(0, String::len)).sum::<usize>();
        let lists = self.places.values().map(|list| list.capacity() * size_of::<(WishedPlace, UnknownRule, Slot)>()).sum::<usize>();
        let maps = [map(&self.terms), map(&self.skills), map(&self.companies), map(&self.classes), map(&self.years)];
        maps.iter().sum::<usize>() + map(&self.floors) + map(&self.remotes) + map(&self.places) + names + wishes + lists
    }
}

fn next(count: &mut Slot) -> Slot {
    assert!(*count < MAX_SLOTS, "programs ask for at most {MAX_SLOTS} different things");
    *count += 1;
    *count - 1
}

/// Where a term begins: words without a field by their own hash, so that the long text needs no mixing.
pub(super) fn first_state(field: Option<Field>, word: u64) -> u64 {
    match field {
        None => word,
        Some(Field::Title) => next_state(1, word),
        Some(Field::Company) => next_state(2, word),
        Some(Field::Skill) => next_state(3, word),
    }
}

/// One word further: different sequences meet in one state with a chance of about one in 2^64, like words themselves.
pub(super) fn next_state(state: u64, word: u64) -> u64 {
    let mixed = (state.rotate_left(29) ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// States are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| next_state(hash, u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
