//! Which of the listings that match come first, and how many of them go into one mail.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::digest::{Caps, Criterion, Selection, Verdict};
use crate::domain::listing::ListingId;
use crate::domain::pay::Rates;
use crate::domain::preferences::Preferences;
use crate::domain::text::fold_name;
use crate::matching::subject::Subject;
use crate::matching::verdict::{names, verdict};

/// What a wish that really holds counts, against one that only may.
const CRITERION: f64 = 10.0;
/// What each wished skill that is named counts.
const SKILL: f64 = 2.0;
/// What a stated pay counts.
const PAY: f64 = 3.0;
/// What a listing of this moment counts; half of it is left after [`HALF_LIFE_DAYS`].
const FRESH: f64 = 5.0;
/// Days in which freshness halves.
const HALF_LIFE_DAYS: f64 = 3.0;

/// A listing that matches, on its way into a selection.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The listing.
    pub id: ListingId,
    /// What it has in common with the same job in other places; none where it is in one.
    pub card: Option<ListingId>,
    /// The employer's name, for the cap per company.
    pub company: String,
    /// From [`score`]; higher is better.
    pub score: f64,
    /// When it was published; of equal scores the newer comes first.
    pub published_at: DateTime<Utc>,
}

/// How well a listing that matches fits: the wishes that hold rather than may hold, the wished skills it names, whether it states
/// its pay, and how fresh it is. Only for putting listings in order.
#[must_use]
pub fn score(wishes: &Preferences, subject: &Subject<'_>, published_at: DateTime<Utc>, now: DateTime<Utc>, rates: &Rates) -> f64 {
    let held = |criterion: &&Criterion| verdict(**criterion, wishes, subject, rates) == Some(Verdict::Holds);
    let skills = wishes.skills.any.iter().chain(&wishes.skills.all).filter(|skill| names(subject, skill));
    let pay = if subject.facts.pay.is_some() { PAY } else { 0.0 };
    figure(Criterion::ALL.iter().filter(held).count()) * CRITERION + figure(skills.count()) * SKILL + pay + freshness(published_at, now)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few hundred at most")]
const fn figure(count: usize) -> f64 {
    count as f64
}

fn freshness(published_at: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    let days = (now - published_at).as_seconds_f64().max(0.0) / 86_400.0;
    FRESH * (-days / HALF_LIFE_DAYS).exp2()
}

/// Puts candidates in order (score, then newer, then id) and keeps to the caps. What the caps fold away is counted in full, and
/// kept by id up to [`Selection::MAX_FOLDED`]. A job in several places is one: its best listing stands for it, the others are named
/// beside it.
#[must_use]
pub fn select(mut candidates: Vec<Candidate>, caps: Caps) -> Selection {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.published_at.cmp(&a.published_at)).then(a.id.cmp(&b.id)));
    let mut selection = Selection { total: u32::try_from(candidates.len()).unwrap_or(u32::MAX), ..Selection::default() };
    let mut of_company: HashMap<String, usize> = HashMap::new();
    let mut cards: HashMap<ListingId, ListingId> = HashMap::new();
    for candidate in candidates {
        if let Some(first) = candidate.card.and_then(|card| cards.get(&card)) {
            selection.total = selection.total.saturating_sub(1);
            if selection.shown.contains(first) {
                selection.also.push((*first, candidate.id));
            }
            continue;
        }
        cards.extend(candidate.card.map(|card| (card, candidate.id)));
        let shown = of_company.entry(fold_name(&candidate.company)).or_default();
        if selection.shown.len() < caps.listings && *shown < caps.per_company {
            *shown += 1;
            selection.shown.push(candidate.id);
        } else if selection.folded.len() < Selection::MAX_FOLDED {
            selection.folded.push(candidate.id);
        }
    }
    selection
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn candidate(id: i64, company: &str, score: f64, hours: i64) -> Candidate {
        let published_at = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        Candidate { id: ListingId(id), card: None, company: company.to_owned(), score, published_at }
    }

    fn ids(list: &[ListingId]) -> Vec<i64> {
        list.iter().map(|id| id.0).collect()
    }

    #[test]
    fn the_best_come_first_then_the_newer_then_the_lower_id() {
        let candidates = vec![candidate(4, "a", 1.0, 5), candidate(3, "b", 1.0, 5), candidate(2, "c", 1.0, 9), candidate(1, "d", 7.5, 0)];
        let selection = select(candidates, Caps::default());
        assert_eq!(ids(&selection.shown), [1, 2, 3, 4]);
    }

    #[test]
    fn one_company_does_not_fill_a_mail_however_it_is_written() {
        let candidates =
            vec![candidate(1, "Acme", 9.0, 0), candidate(2, " ACME ", 8.0, 0), candidate(3, "acme", 7.0, 0), candidate(4, "Other", 1.0, 0)];
        let selection = select(candidates, Caps { listings: 10, per_company: 2 });
        assert_eq!((ids(&selection.shown), ids(&selection.folded)), (vec![1, 2, 4], vec![3]));
        assert_eq!((selection.total, selection.more()), (4, 1));
    }

    #[test]
    fn a_job_in_several_places_is_one_and_its_best_listing_stands_for_it() {
        let of_card = |id, score| Candidate { card: Some(ListingId(7)), ..candidate(id, "Acme", score, 0) };
        let candidates = vec![of_card(7, 1.0), of_card(8, 9.0), candidate(9, "Acme", 5.0, 0), of_card(10, 2.0)];
        let selection = select(candidates, Caps { listings: 10, per_company: 2 });
        assert_eq!((ids(&selection.shown), selection.total), (vec![8, 9], 2));
        assert_eq!(selection.also, [(ListingId(8), ListingId(10)), (ListingId(8), ListingId(7))]);
    }

    #[test]
    fn what_is_folded_away_is_counted_beyond_what_is_kept() {
        let many = (0..2_000).map(|id| candidate(id, &id.to_string(), 0.0, 0)).collect();
        let selection = select(many, Caps::default());
        assert_eq!((selection.shown.len(), selection.folded.len(), selection.total), (10, Selection::MAX_FOLDED, 2_000));
        assert_eq!(selection.more(), 1_990);
    }

    #[test]
    fn freshness_halves_in_three_days_and_the_future_counts_as_now() {
        let at = |days| DateTime::UNIX_EPOCH + TimeDelta::days(days);
        assert!((freshness(at(0), at(3)) - FRESH / 2.0).abs() < 1e-9);
        assert!((freshness(at(5), at(3)) - FRESH).abs() < 1e-9);
    }

    fn drawn() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (0..4_usize, 0..3_i32, 0..3_i64);
        proptest::collection::vec(one, 0..60).prop_map(|drawn| {
            let companies = ["acme", "ACME", "other", "third "];
            let all = drawn.into_iter().zip(0..);
            all.map(|((company, score, hours), id)| candidate(id, companies[company], score.into(), hours)).collect()
        })
    }

    proptest! {
        #[test]
        fn caps_hold_and_nothing_is_lost_whatever_the_order(
            candidates in drawn(), listings in 0..12_usize, per_company in 0..4_usize, turn in 0..60_usize,
        ) {
            let caps = Caps { listings, per_company };
            let selection = select(candidates.clone(), caps);
            let mut turned = candidates.clone();
            turned.rotate_left(turn % candidates.len().max(1));
            prop_assert_eq!(&select(turned, caps), &selection);
            let mut all = ids(&selection.shown);
            all.extend(ids(&selection.folded));
            all.sort_unstable();
            prop_assert_eq!(all, (0..i64::from(selection.total)).collect::<Vec<_>>());
            prop_assert_eq!(candidates.len(), selection.total as usize);
            prop_assert!(selection.shown.len() <= listings);
            let mut of_company: HashMap<String, usize> = HashMap::new();
            for id in &selection.shown {
                let one = candidates.iter().find(|one| one.id == *id).unwrap();
                *of_company.entry(fold_name(&one.company)).or_default() += 1;
            }
            prop_assert!(of_company.values().all(|shown| *shown <= per_company));
        }
    }
}
