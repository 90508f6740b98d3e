//! Listings that letters of one pass share: each is read once and believed for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Listing, ListingId};
use crate::store::{Store, StoreError};

/// So long a listing is believed: a letter that is on its way says no later either that a job has just closed.
const BELIEVED: Duration = Duration::from_secs(1);
/// Listings held at most; beyond it everything is forgotten.
const MOST: usize = 1_000;

/// Listings, and when each was read.
type Held = HashMap<ListingId, (Instant, Arc<Listing>)>;

/// The shelf; clones share it.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Shelf {
    store: Store,
    held: Arc<Mutex<Held>>,
}

impl Shelf {
    pub(in crate::pipeline) fn of(store: Store) -> Self {
        Self { store, held: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything: another pass sees what is true then.
    pub(in crate::pipeline) fn clear(&self) {
        self.held().clear();
    }

    /// Listings by id; those that are gone are left out.
    pub(in crate::pipeline) async fn listings(&self, ids: &[ListingId]) -> Result<HashMap<ListingId, Arc<Listing>>, StoreError> {
        let mut found = self.known(ids);
        let missing: Vec<ListingId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let now = Instant::now();
            let read: Vec<_> = self.store.listings(&missing).await?.into_iter().map(|one| (one.id, Arc::new(one))).collect();
            let mut held = self.held();
            if held.len() + read.len() > MOST {
                held.clear();
            }
            held.extend(read.iter().map(|(id, listing)| (*id, (now, Arc::clone(listing)))));
            found.extend(read);
        }
        Ok(found)
    }

    fn known(&self, ids: &[ListingId]) -> HashMap<ListingId, Arc<Listing>> {
        let held = self.held();
        let fresh = |id: &ListingId| held.get(id).filter(|(read, _)| read.elapsed() < BELIEVED).map(|(_, one)| (*id, Arc::clone(one)));
        ids.iter().filter_map(fresh).collect()
    }
}
