//! What was drawn once and is drawn again until what it rests on goes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Most texts kept at a time; what comes beyond is drawn anew each time.
const MOST: usize = 4_096;

/// Texts by what they answer.
#[derive(Debug)]
pub(super) struct Kept<K>(Mutex<HashMap<K, Arc<str>>>);

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq> Kept<K> {
    /// The text that was kept for this.
    pub(super) fn get(&self, key: &K) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps a text for whoever asks the same.
    pub(super) fn keep(&self, key: K, text: Arc<str>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.insert(key, text);
        }
    }
}
