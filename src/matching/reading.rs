//! Reads a block for one set of programs: one mask for each slot, filled once and shared by all who ask for it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::digest::Verdict;
use crate::domain::place::Country;
use crate::domain::preferences::UnknownRule;
use crate::domain::query::Field;
use crate::domain::text;
use crate::domain::words::word_hash;
use crate::matching::block::{Block, ranked_pays};
use crate::matching::mask::Mask;
use crate::matching::slots::{Slot, Slots, first_state, next_state};

/// For each slot the lanes that have it.
pub(super) struct Reading<const WORDS: usize> {
    masks: Vec<Mask<WORDS>>,
}

impl<const WORDS: usize> Reading<WORDS> {
    pub(super) fn of(slots: &Slots, block: &Block<'_, WORDS>) -> Self {
        let mut reading = Self { masks: vec![Mask::EMPTY; slots.count as usize] };
        reading.read_terms(slots, block);
        reading.read_names(slots, block);
        reading.read_classes(slots, block);
        reading.read_years(slots, block);
        reading.read_pay(slots, block);
        reading.read_places(slots, block);
        reading
    }

    pub(super) fn mask(&self, slot: Slot) -> &Mask<WORDS> {
        &self.masks[slot as usize]
    }

    fn at(&mut self, slot: Slot) -> &mut Mask<WORDS> {
        &mut self.masks[slot as usize]
    }

    fn read_terms(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        if slots.terms.is_empty() {
            return;
        }
        assert_eq!(block.subjects.len(), block.len(), "words are looked for in the listings themselves");
        for (lane, subject) in block.subjects.iter().enumerate() {
            let words = subject.words;
            for part in [&words.title, &words.company, &words.text] {
                self.read_words(slots, None, part, |mask| mask.set(lane));
            }
            self.read_words(slots, Some(Field::Title), &words.title, |mask| mask.set(lane));
            self.read_words(slots, Some(Field::Company), &words.company, |mask| mask.set(lane));
        }
        for (skill, lanes) in block.lanes.skills.iter().filter(|_| slots.asks_skill_words) {
            let words: Vec<u64> = text::words(skill.as_str()).iter().map(|word| word_hash(word)).collect();
            self.read_words(slots, Some(Field::Skill), &words, |mask| mask.add(lanes));
        }
    }

    /// Finds every term that stands in these words: from each word on, as far as some term goes on.
    fn read_words(&mut self, slots: &Slots, field: Option<Field>, words: &[u64], found: impl Fn(&mut Mask<WORDS>)) {
        for (start, word) in words.iter().enumerate() {
            let mut state = first_state(field, *word);
            let mut rest = words[start + 1..].iter();
            while let Some(step) = slots.terms.get(&state) {
                if let Some(slot) = step.slot {
                    found(self.at(slot));
                }
                match rest.next().filter(|_| step.goes_on) {
                    Some(next) => state = next_state(state, *next),
                    None => break,
                }
            }
        }
    }

    fn read_names(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        met(&slots.skills, &block.lanes.skills).for_each(|(slot, lanes)| *self.at(slot) = *lanes);
        met(&slots.companies, &block.lanes.companies).for_each(|(slot, lanes)| *self.at(slot) = Mask::of(lanes));
        if let Some(slot) = slots.nameless {
            *self.at(slot) = block.lanes.nameless;
        }
    }

    fn read_classes(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        for (wished, slot) in &slots.classes {
            let mut lanes = block.lanes.everyone;
            wished.refused().for_each(|bit| lanes.drop(&block.lanes.classes[bit]));
            *self.at(*slot) = lanes;
        }
    }

    fn read_years(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        let asked = &block.lanes.years;
        for (years, slot) in &slots.years {
            let mut lanes = block.lanes.everyone;
            lanes.drop(asked.known());
            lanes.add(&asked.at_most(f64::from_bits(*years)));
            *self.at(*slot) = lanes;
        }
    }

    fn read_pay(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        if slots.floors.is_empty() {
            return;
        }
        let pays = match &block.lanes.pays {
            Some(pays) => Cow::Borrowed(pays),
            None => Cow::Owned(ranked_pays(block.subjects, &slots.rates)),
        };
        for ((dollars, undisclosed), slot) in &slots.floors {
            let mut lanes = Mask::EMPTY;
            if *undisclosed == UnknownRule::Include {
                lanes = block.lanes.everyone;
                lanes.drop(pays.known());
            }
            match dollars {
                Some(dollars) => lanes.add(&pays.at_least(f64::from_bits(*dollars))),
                // A wish in a currency without a rate can be compared with no pay.
                None if *undisclosed == UnknownRule::Include => lanes = block.lanes.everyone,
                None => {}
            }
            *self.at(*slot) = lanes;
        }
    }

    fn read_places(&mut self, slots: &Slots, block: &Block<'_, WORDS>) {
        for (home, slot) in &slots.remotes {
            let mut open = block.lanes.remote_anywhere;
            if let Some(lanes) = home.and_then(|home| block.lanes.remote_within.get(&home)) {
                open.add(lanes);
            }
            *self.at(*slot) = open;
        }
        let mut fits: HashMap<Slot, Mask<WORDS>> = HashMap::new();
        for (listed, places) in &block.lanes.places {
            let reachable = |wished: &Option<Country>| wished.is_none() || listed.is_none() || wished == listed;
            for (wish, unknown, slot) in slots.places.iter().filter(|(wished, _)| reachable(wished)).flat_map(|(_, wishes)| wishes) {
                for (place, lanes) in places {
                    let fit = wish.fit(place);
                    if fit == Verdict::Holds || (fit == Verdict::Unknown && *unknown == UnknownRule::Include) {
                        fits.entry(*slot).or_insert(Mask::EMPTY).add(&Mask::of(lanes));
                    }
                }
            }
        }
        for (slot, lanes) in fits {
            *self.at(slot) = lanes;
        }
    }
}

/// What is both wished for and listed, found from whichever side has fewer: many alerts wish for more than a block lists, one for less.
fn met<'a, K: Hash + Eq, V>(wished: &'a HashMap<K, Slot>, listed: &'a HashMap<K, V>) -> Box<dyn Iterator<Item = (Slot, &'a V)> + 'a> {
    if wished.len() < listed.len() {
        return Box::new(wished.iter().filter_map(|(key, slot)| Some((*slot, listed.get(key)?))));
    }
    Box::new(listed.iter().filter_map(|(key, lanes)| Some((*wished.get(key)?, lanes))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::Facts;
    use crate::domain::pay::Rates;
    use crate::domain::words::Words;
    use crate::matching::subject::Subject;

    /// Which of the terms stand in the text.
    fn standing(text: &str, terms: &[&str]) -> Vec<bool> {
        let mut slots = Slots::new(&Rates::default());
        let asked: Vec<Slot> = terms.iter().map(|term| slots.term(None, &text::words(term))).collect();
        let json = r#"{"role":{"value":"other","evidence":"","certainty":"inferred"},
            "is_backend":{"value":false,"evidence":"","certainty":"inferred"}}"#;
        let facts: Facts = serde_json::from_str(json).unwrap();
        let words = Words::of("", None, text);
        let subjects = [Subject { facts: &facts, words: &words, company: None }];
        let reading = Reading::of(&slots, &Block::<1>::new(&subjects));
        asked.into_iter().map(|slot| !reading.mask(slot).is_empty()).collect()
    }

    #[test]
    fn a_phrase_is_found_behind_a_false_start_and_inside_a_longer_one() {
        assert_eq!(standing("go go go rust", &["go go rust", "go rust", "rust go"]), [true, true, false]);
        assert_eq!(standing("the event driven design", &["event driven", "event driven systems", "driven design"]), [true, false, true]);
    }

    #[test]
    fn a_word_that_begins_a_phrase_is_a_term_only_where_it_is_asked_for() {
        assert_eq!(standing("distributed teams", &["distributed systems", "distributed", "teams"]), [false, true, true]);
        assert_eq!(standing("systems", &["systems", "systems systems"]), [true, false]);
        assert_eq!(standing("", &["systems"]), [false]);
    }
}
