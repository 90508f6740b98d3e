//! What a running service counts of itself: its passes, and how sources failed. Figures of the page read it; a restart begins anew.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The counts; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<Counts>>);

/// Everything counted so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// By the name of the pass.
    pub passes: BTreeMap<&'static str, PassCounts>,
    /// Failures by the name of the source and the word of its fault.
    pub source_faults: BTreeMap<(String, &'static str), u64>,
    /// Whom letters are kept from at the moment, and until when.
    pub paused: BTreeMap<String, DateTime<Utc>>,
}

/// What one pass did since the start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassCounts {
    /// Runs that ended well.
    pub well: u64,
    /// Runs that failed and are tried again.
    pub failed: u64,
    /// Runs that failed since the last one that ended well.
    pub failing: u32,
    /// Time spent in all runs.
    pub took: Duration,
    /// Time spent in the last one.
    pub last_took: Duration,
    /// When the last one ended.
    pub last_end: Option<DateTime<Utc>>,
    /// What was done, by word.
    pub items: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// A pass ended at `at` after `took`; none of `items` where it failed.
    pub fn pass(&self, name: &'static str, took: Duration, at: DateTime<Utc>, items: Option<&[(&'static str, u64)]>) {
        self.change(|counts| {
            let pass = counts.passes.entry(name).or_default();
            *(if items.is_some() { &mut pass.well } else { &mut pass.failed }) += 1;
            pass.failing = if items.is_some() { 0 } else { pass.failing.saturating_add(1) };
            pass.took += took;
            pass.last_took = took;
            pass.last_end = Some(at);
            for (word, count) in items.unwrap_or_default() {
                *pass.items.entry(word).or_default() += count;
            }
        });
    }

    /// A source failed.
    pub fn source_fault(&self, source: &str, fault: &'static str) {
        self.change(|counts| *counts.source_faults.entry((source.to_owned(), fault)).or_default() += 1);
    }

    /// Whom letters are kept from at the moment: `relay`, `refusals` (both: everybody), or a family of receivers.
    pub fn paused(&self, paused: BTreeMap<String, DateTime<Utc>>) {
        self.change(|counts| counts.paused = paused);
    }

    /// Everything so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_add_up_and_the_last_one_is_known() {
        let tally = Tally::default();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        tally.pass("deliver", Duration::from_secs(2), at(10), Some(&[("sent", 3), ("failed", 0)]));
        tally.clone().pass("deliver", Duration::from_secs(1), at(20), Some(&[("sent", 4)]));
        tally.pass("deliver", Duration::from_secs(5), at(30), None);
        let counts = tally.counts();
        let deliver = &counts.passes["deliver"];
        assert_eq!((deliver.well, deliver.failed, deliver.took, deliver.last_end), (2, 1, Duration::from_secs(8), Some(at(30))));
        assert_eq!((&deliver.items, deliver.failing), (&BTreeMap::from([("sent", 7), ("failed", 0)]), 1));
        tally.pass("deliver", Duration::ZERO, at(40), Some(&[]));
        assert_eq!(tally.counts().passes["deliver"].failing, 0);
    }

    #[test]
    fn failures_of_sources_are_counted_by_their_fault() {
        let tally = Tally::default();
        for fault in ["gone", "slow", "gone"] {
            tally.source_fault("acme", fault);
        }
        assert_eq!(tally.counts().source_faults[&("acme".to_owned(), "gone")], 2);
    }
}
