//! Which open listings fit given wishes now: for the count on the form and for browsing.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use super::pay_stats::{PayRow, pay_rows};
use crate::domain::{BlockListing, ListingId, Preferences, Rates, Seq};
use crate::matching::{Programs, Subject, WideBlock};
use crate::store::{Store, StoreError};

/// Most open listings that are looked at, newest first; about 25 MB of facts and words.
const MOST_LISTINGS: usize = 5_000;

/// Listings read from the store at a time.
const READ_SIZE: u32 = 500;

/// How long a reading is used when nothing new was published: listings that closed meanwhile vanish after it.
const LONGEST_USE_SECONDS: i64 = 60;

/// How long a reading is used whatever was published, so that a busy ingest does not make every visitor wait for a new one.
const SHORTEST_USE_SECONDS: i64 = 5;

/// The open listings, read at most every few seconds.
#[derive(Debug)]
pub(super) struct OpenListings {
    store: Store,
    rates: Arc<Rates>,
    reading: Mutex<Option<Arc<Reading>>>,
}

/// The open listings of one moment, newest first.
#[derive(Debug)]
struct Reading {
    listings: Vec<BlockListing>,
    pay: Vec<PayRow>,
    newest: Seq,
    at: DateTime<Utc>,
}

/// What fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fitting {
    /// Newest first.
    pub(super) found: Vec<(Seq, ListingId)>,
    /// Whether there are more open listings than were looked at.
    pub(super) cut: bool,
}

impl OpenListings {
    pub(super) fn new(store: Store, rates: Rates) -> Self {
        Self { store, rates: Arc::new(rates), reading: Mutex::new(None) }
    }

    /// The open listings that fit the wishes.
    pub(super) async fn fitting(&self, wishes: &Preferences, now: DateTime<Utc>) -> Result<Fitting, StoreError> {
        let reading = self.reading(now).await?;
        let cut = reading.listings.len() >= MOST_LISTINGS;
        if *wishes == Preferences::default() {
            return Ok(Fitting { found: reading.listings.iter().map(|listing| (listing.seq, listing.id)).collect(), cut });
        }
        let (wishes, rates) = (wishes.clone(), Arc::clone(&self.rates));
        let found = tokio::task::spawn_blocking(move || reading.fitting(&wishes, &rates)).await;
        let found = found.unwrap_or_else(|error| {
            tracing::error!(?error, "wishes could not be held against the open listings");
            Vec::new()
        });
        Ok(Fitting { found, cut })
    }

    /// What open listings pay, by role and level.
    pub(super) async fn pay(&self, now: DateTime<Utc>) -> Result<Vec<PayRow>, StoreError> {
        Ok(self.reading(now).await?.pay.clone())
    }

    /// The reading in use, or a new one; visitors who come meanwhile wait for the same one.
    async fn reading(&self, now: DateTime<Utc>) -> Result<Arc<Reading>, StoreError> {
        let mut held = self.reading.lock().await;
        if let Some(reading) = held.as_ref() {
            let age = (now - reading.at).abs();
            if age < Duration::seconds(SHORTEST_USE_SECONDS)
                || (age < Duration::seconds(LONGEST_USE_SECONDS) && self.store.newest_seq().await? == reading.newest)
            {
                return Ok(Arc::clone(reading));
            }
        }
        let newest = self.store.newest_seq().await?;
        let mut listings: Vec<BlockListing> = Vec::new();
        while listings.len() < MOST_LISTINGS {
            let before = listings.last().map(|last| last.seq);
            let read = self.store.open_block(before, now, READ_SIZE).await?;
            let last = read.len() < READ_SIZE as usize;
            listings.extend(read);
            if last {
                break;
            }
        }
        let reading = Arc::new(Reading { pay: pay_rows(&listings), listings, newest, at: now });
        *held = Some(Arc::clone(&reading));
        Ok(reading)
    }
}

impl Reading {
    fn fitting(&self, wishes: &Preferences, rates: &Rates) -> Vec<(Seq, ListingId)> {
        let programs = Programs::compile([wishes], rates);
        let mut found = Vec::new();
        for piece in self.listings.chunks(WideBlock::LANES) {
            let subjects: Vec<Subject<'_>> = piece.iter().map(subject_of).collect();
            programs.evaluate(&WideBlock::new(&subjects), |_, lanes| {
                found.extend(lanes.lanes().map(|lane| (piece[lane].seq, piece[lane].id)));
            });
        }
        found
    }
}

fn subject_of(listing: &BlockListing) -> Subject<'_> {
    Subject { facts: &listing.facts, words: &listing.words, company: listing.company.as_deref() }
}
