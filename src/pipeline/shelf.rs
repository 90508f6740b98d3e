//! Listings that letters of one pass share: each is read once and believed for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::compose::Reading;
use crate::domain::{Listing, ListingId};
use crate::store::{Store, StoreError};

/// So long a listing is believed: a letter that is on its way says no later either that a job has just closed.
const BELIEVED: Duration = Duration::from_secs(1);
/// Listings held at most; beyond it everything is forgotten.
const MOST: usize = 1_000;

/// A listing as it was read.
#[derive(Debug)]
pub(in crate::pipeline) struct Shelved {
    pub(in crate::pipeline) listing: Listing,
    pub(in crate::pipeline) reading: Reading,
}

/// Listings, and when each was read.
type Held = HashMap<ListingId, (Instant, Arc<Shelved>)>;

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
    pub(in crate::pipeline) async fn listings(&self, ids: &[ListingId]) -> Result<HashMap<ListingId, Arc<Shelved>>, StoreError> {
        let mut found = self.known(ids);
        let missing: Vec<ListingId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let now = Instant::now();
            let read = self.store.listings(&missing).await?;
            let mut held = self.held();
            let read: Vec<_> = read.into_iter().map(|listing| (listing.id, shelved(&held, listing))).collect();
            if held.len() + read.len() > MOST {
                held.clear();
            }
            held.extend(read.iter().map(|(id, listing)| (*id, (now, Arc::clone(listing)))));
            found.extend(read);
        }
        Ok(found)
    }

    fn known(&self, ids: &[ListingId]) -> HashMap<ListingId, Arc<Shelved>> {
        let (held, now) = (self.held(), Instant::now());
        let fresh = |id: &ListingId| held.get(id).filter(|(read, _)| now - *read < BELIEVED).map(|(_, one)| (*id, Arc::clone(one)));
        ids.iter().filter_map(fresh).collect()
    }
}

/// A listing that was just read. One that has not changed is the one that is held: what is drawn of it still holds.
fn shelved(held: &Held, listing: Listing) -> Arc<Shelved> {
    match held.get(&listing.id) {
        Some((_, known)) if known.listing == listing => Arc::clone(known),
        _ => Arc::new(Shelved { listing, reading: Reading::new() }),
    }
}
