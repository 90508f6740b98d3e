//! Addresses that were looked up in the suppression list when their letters were claimed: many in one question, believed for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long it is believed that an address is not on the list.
const BELIEVED: Duration = Duration::from_secs(1);
/// Addresses held at most; beyond it everything is forgotten, and asked for letter by letter.
const MOST: usize = 10_000;

/// Keyed digests of addresses that may be mailed, and when that was found; clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::pipeline) struct Cleared {
    held: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Cleared {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps that these may be mailed, as was true at a moment.
    pub(in crate::pipeline) fn keep(&self, digests: impl Iterator<Item = String>, at: Instant) {
        let mut held = self.held();
        if held.len() > MOST {
            held.clear();
        }
        held.extend(digests.map(|digest| (digest, at)));
    }

    /// Whether an address was found to be clear just now; that holds for one letter.
    pub(in crate::pipeline) fn take(&self, digest: &str) -> bool {
        self.held().remove(digest).is_some_and(|at| at.elapsed() < BELIEVED)
    }

    /// Forgets everything.
    pub(in crate::pipeline) fn clear(&self) {
        self.held().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_holds_for_one_letter_and_for_a_moment() {
        let cleared = Cleared::default();
        let long_ago = Instant::now().checked_sub(BELIEVED).unwrap();
        cleared.keep(["a".to_owned()].into_iter(), Instant::now());
        cleared.keep(["b".to_owned()].into_iter(), long_ago);
        assert_eq!(["a", "a", "b", "c"].map(|digest| cleared.take(digest)), [true, false, false, false]);
    }
}
