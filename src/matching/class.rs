//! The facets of few values, all in one number: which role, level, work mode, contract and education.

use crate::domain::education::Education;
use crate::domain::employment::EmploymentType;
use crate::domain::facts::{Facts, Finding};
use crate::domain::preferences::{Facet, Preferences, UnknownRule};
use crate::domain::role::Role;
use crate::domain::seniority::Seniority;
use crate::domain::work_mode::WorkMode;

/// A bit for each value of each facet and one for "not said". A listing has one bit a facet, preferences have all they let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class(u32);

/// Where a facet's bits begin; the first of them stands for "not said".
const ROLE: usize = 0;
const SENIORITY: usize = ROLE + 1 + Role::ALL.len();
const WORK_MODE: usize = SENIORITY + 1 + Seniority::ALL.len();
const EMPLOYMENT: usize = WORK_MODE + 1 + WorkMode::ALL.len();
const EDUCATION: usize = EMPLOYMENT + 1 + EmploymentType::ALL.len();
const END: usize = EDUCATION + 1 + Education::ALL.len();
const _: () = assert!(END <= u32::BITS as usize, "the facets of few values fit one number");

impl Class {
    /// What lets every listing pass.
    pub(super) const ANY: Self = Self((1 << END) - 1);

    /// The one value a facet that a listing has.
    pub(super) fn of_listing(facts: &Facts) -> Self {
        let bits = bit(ROLE, Role::ALL, Some(facts.role.value))
            | bit(SENIORITY, Seniority::ALL, value(facts.seniority.as_ref()))
            | bit(WORK_MODE, WorkMode::ALL, value(facts.work_mode.as_ref()))
            | bit(EMPLOYMENT, EmploymentType::ALL, value(facts.employment_type.as_ref()))
            | bit(EDUCATION, Education::ALL, Some(facts.education_route()));
        Self(bits)
    }

    /// All that preferences let pass.
    pub(super) fn of_wishes(wishes: &Preferences) -> Self {
        let bits = bits(ROLE, Role::ALL, &wishes.roles)
            | bits(SENIORITY, Seniority::ALL, &wishes.seniority)
            | bits(WORK_MODE, WorkMode::ALL, &wishes.work_modes)
            | bits(EMPLOYMENT, EmploymentType::ALL, &wishes.employment_types)
            | bits(EDUCATION, Education::ALL, &wishes.education);
        Self(bits)
    }

    /// How many bits there are: values of all facets, and "not said" of each.
    pub(super) const BITS: usize = END;

    /// The bits of the one value a facet that a listing has.
    pub(super) fn bits(self) -> impl Iterator<Item = usize> {
        (0..Self::BITS).filter(move |bit| self.0 >> bit & 1 == 1)
    }

    /// The bits that no listing may have that passes.
    pub(super) fn refused(self) -> impl Iterator<Item = usize> {
        Self(Self::ANY.0 & !self.0).bits()
    }

    /// Whether a listing of that class passes.
    #[cfg(test)]
    fn lets_pass(self, listing: Self) -> bool {
        listing.bits().all(|bit| self.refused().all(|refused| refused != bit))
    }
}

fn value<T: Copy>(found: Option<&Finding<T>>) -> Option<T> {
    found.map(|finding| finding.value)
}

fn bit<T: Copy + PartialEq>(start: usize, all: &[T], value: Option<T>) -> u32 {
    let place = value.map_or(0, |value| all.iter().take_while(|one| **one != value).count() + 1);
    1 << (start + place)
}

fn bits<T: Copy + PartialEq>(start: usize, all: &[T], facet: &Facet<T>) -> u32 {
    let unsaid = if facet.unknown == UnknownRule::Include { bit(start, all, None) } else { 0 };
    let wanted = if facet.any.is_empty() { all } else { &facet.any };
    wanted.iter().fold(unsaid, |set, value| set | bit(start, all, Some(*value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wish_lets_every_class_pass() {
        assert_eq!(Class::of_wishes(&Preferences::default()), Class::ANY);
    }

    #[test]
    fn a_facet_without_values_may_still_demand_that_it_is_said() {
        let wishes = Preferences { seniority: Facet { any: Vec::new(), unknown: UnknownRule::Exclude }, ..Preferences::default() };
        let said = Class(bit(SENIORITY, Seniority::ALL, Some(Seniority::Mid)));
        let unsaid = Class(bit(SENIORITY, Seniority::ALL, None));
        assert!(Class::of_wishes(&wishes).lets_pass(said));
        assert!(!Class::of_wishes(&wishes).lets_pass(unsaid));
    }
}
