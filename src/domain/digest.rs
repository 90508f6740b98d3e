//! A selection of listings on its way into a letter, and why each is in it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::domain::listing::{ListingId, Seq};
use crate::domain::word::words;

/// The `seq` range an evaluation looks at: after the first, up to and with the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Everything up to and with this was decided before.
    pub after: Seq,
    /// The last that is looked at.
    pub until: Seq,
}

words! {
    /// The criteria of preferences, each held against one fact.
    Criterion, "criterion" {
        /// `roles`
        Role = "role", "role";
        /// `skills`
        Skills = "skills", "skills";
        /// `seniority`
        Seniority = "seniority", "level";
        /// `experience_years`
        Experience = "experience", "experience";
        /// `salary`
        Salary = "salary", "pay";
        /// `places`, `home_country`
        Place = "place", "place";
        /// `work_modes`
        WorkMode = "work_mode", "work mode";
        /// `employment_types`
        EmploymentType = "employment_type", "contract";
        /// `education`
        Education = "education", "education";
        /// `companies`
        Company = "company", "company";
        /// `keywords`
        Keywords = "keywords", "keywords";
    }
}

words! {
    /// How a criterion came out.
    Verdict, "verdict" {
        /// The fact meets the wish.
        Holds = "holds", "fits";
        /// The listing does not say, and the wish lets that pass.
        Unknown = "unknown", "not stated";
        /// The fact does not meet the wish.
        Fails = "fails", "does not fit";
    }
}

/// One criterion of one listing: the wish, the verdict, and the words of the posting it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// Which criterion.
    pub criterion: Criterion,
    /// How it came out.
    pub verdict: Verdict,
    /// What was wished for, in words: `rust or go, not php`.
    pub wish: String,
    /// What was found, in words: `rust`.
    pub found: String,
    /// The words of the posting it rests on; empty where nothing was said.
    pub evidence: String,
}

impl Reason {
    /// What is found where a listing says nothing.
    pub const NOT_STATED: &'static str = "not stated";
    /// What is found where a listing names skills, and none that the wish names.
    pub const NONE_OF_THESE: &'static str = "none of these";
    /// What is found where a listing names no skill at all.
    pub const NO_SKILL: &'static str = "no skill named";
    /// What is found where none of the keywords stands in a listing.
    pub const NO_WORD: &'static str = "none of these words";
}

/// The listings of a window that fit one subscription, ranked and capped, with true counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// Shown in the mail, best first.
    pub shown: Vec<ListingId>,
    /// Fit as well, but folded away by the caps; best first, at most [`Selection::MAX_FOLDED`] of them.
    pub folded: Vec<ListingId>,
    /// How many fit in all: shown + all folded. A job that is open in several places counts once.
    pub total: u32,
    /// Further places of what is shown: the listing that is shown, and the one of the same job elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(ListingId, ListingId)>,
}

impl Selection {
    /// Most ids kept of what is folded away; `total` still counts them all.
    pub const MAX_FOLDED: usize = 500;

    /// Takes in what an earlier letter should have told: behind what this one shows, before what it folds away. What is in both
    /// counts once.
    pub fn take_in(&mut self, earlier: &Self, caps: Caps) {
        let known: HashSet<ListingId> = self.shown.iter().chain(&self.folded).copied().collect();
        let fresh: Vec<ListingId> = earlier.shown.iter().chain(&earlier.folded).filter(|id| !known.contains(id)).copied().collect();
        let twice = earlier.shown.len() + earlier.folded.len() - fresh.len();
        self.total = self.total.saturating_add(earlier.total.saturating_sub(u32::try_from(twice).unwrap_or(u32::MAX)));
        let room = caps.listings.saturating_sub(self.shown.len()).min(fresh.len());
        self.shown.extend(&fresh[..room]);
        self.folded.splice(0..0, fresh[room..].iter().copied());
        self.folded.truncate(Self::MAX_FOLDED);
        self.also.extend(earlier.also.iter().filter(|(shown, _)| !known.contains(shown)));
    }

    /// How many fit but are not shown.
    #[must_use]
    pub fn more(&self) -> u32 {
        self.total.saturating_sub(u32::try_from(self.shown.len()).unwrap_or(u32::MAX))
    }
}

/// How much goes into one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Listings shown in one mail.
    pub listings: usize,
    /// Listings of one company shown in one mail.
    pub per_company: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { listings: 10, per_company: 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(shown: &[i64], folded: &[i64], total: u32) -> Selection {
        let ids = |ids: &[i64]| ids.iter().copied().map(ListingId).collect();
        Selection { shown: ids(shown), folded: ids(folded), total, also: Vec::new() }
    }

    #[test]
    fn what_an_earlier_letter_should_have_told_comes_behind_the_news_and_counts_once() {
        let mut letter = selection(&[7, 8], &[9], 30);
        letter.take_in(&selection(&[1, 7, 2], &[3], 10), Caps { listings: 3, per_company: 2 });
        assert_eq!(letter, selection(&[7, 8, 1], &[2, 3, 9], 39));
        let mut nothing_new = Selection::default();
        nothing_new.take_in(&letter, Caps::default());
        assert_eq!((nothing_new.shown.len(), nothing_new.total), (6, 39));
    }
}
