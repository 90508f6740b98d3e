//! Which open listings fit given wishes now: for the count on the form and for browsing.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use super::held::{Count, Held};
use super::kept::Kept;
use super::named::Named;
use super::pay_stats::PayStats;
use crate::domain::{BlockListing, Language, ListingId, Preferences, Rates, Seq, Window};
use crate::pipeline::forecast_from;
use crate::store::{Audience, Store, StoreError};

/// Listings read from the store at a time.
const READ_SIZE: u32 = 500;

/// How long a reading is used when nothing new was published: listings that closed meanwhile vanish after it.
const LONGEST_USE_SECONDS: i64 = 60;

/// How long a reading is used whatever was published, so that a busy ingest does not make every visitor wait for a new one.
const SHORTEST_USE_SECONDS: i64 = 5;

/// How long listings are held before all are read again, because what was understood of them may have changed.
const WHOLE_MINUTES: i64 = 30;

/// How long nobody looks again whether something new was published.
const LOOK_EVERY_SECONDS: i64 = 1;

/// The open listings; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct OpenListings(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    rates: Rates,
    /// Most open listings held.
    most: usize,
    reading: Mutex<Option<InUse>>,
}

/// The reading that visitors are answered from.
#[derive(Debug)]
struct InUse {
    reading: Arc<Reading>,
    /// When it was last looked whether something new was published.
    looked_at: DateTime<Utc>,
}

/// The open listings of one moment, and answers given from them.
#[derive(Debug)]
pub(super) struct Reading {
    held: Held,
    pay: Arc<PayStats>,
    named: Arc<Named>,
    /// How many are open.
    open: usize,
    /// Whether there are more open listings than are held.
    cut: bool,
    times: Times,
    /// Answers given from it, by the language and the wishes.
    pub(super) answers: Kept<String>,
    /// Its listings as cards.
    pub(super) cards: Kept<(ListingId, Language)>,
}

/// How far a reading goes, and of when it is.
#[derive(Debug, Clone, Copy)]
struct Times {
    newest: Seq,
    at: DateTime<Utc>,
    /// When all were read.
    whole_at: DateTime<Utc>,
    /// When it was last looked which of them are open.
    checked_at: DateTime<Utc>,
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
    /// Over a store; `most` is how many are held at most.
    pub(super) fn new(store: Store, rates: Rates, most: usize) -> Self {
        Self(Arc::new(Inner { store, rates, most, reading: Mutex::new(None) }))
    }

    /// The open listings that fit the wishes.
    pub(super) async fn fitting(&self, wishes: &Preferences, now: DateTime<Utc>) -> Result<Fitting, StoreError> {
        let reading = self.reading(now).await?;
        let cut = reading.cut;
        if *wishes == Preferences::default() {
            return Ok(Fitting { found: reading.held.open().map(|listing| (listing.seq, listing.id)).collect(), cut });
        }
        let wishes = wishes.clone();
        let found = self.off_thread(reading, move |reading, rates| reading.held.fitting(&wishes, rates)).await;
        Ok(Fitting { found, cut })
    }

    /// What several wishes bring, by the same reading.
    pub(super) async fn counts(&self, reading: &Arc<Reading>, wishes: Vec<Preferences>, newest: usize) -> Vec<Count> {
        // Without words it takes less than a thread that is woken for it.
        if wishes.iter().all(|one| one.keywords.is_none()) {
            return reading.held.counts(&wishes, newest, &self.0.rates);
        }
        self.off_thread(Arc::clone(reading), move |reading, rates| reading.held.counts(&wishes, newest, rates)).await
    }

    /// What open listings pay.
    pub(super) async fn pay(&self, now: DateTime<Utc>) -> Result<Arc<PayStats>, StoreError> {
        Ok(Arc::clone(&self.reading(now).await?.pay))
    }

    /// What open listings name most, to be suggested.
    pub(super) async fn named(&self, now: DateTime<Utc>) -> Result<Arc<Named>, StoreError> {
        Ok(Arc::clone(&self.reading(now).await?.named))
    }

    async fn off_thread<T: Default + Send + 'static>(
        &self,
        reading: Arc<Reading>,
        work: impl FnOnce(&Reading, &Rates) -> T + Send + 'static,
    ) -> T {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&reading, &inner.rates)).await.unwrap_or_else(|error| {
            tracing::error!(?error, "wishes could not be held against the open listings");
            T::default()
        })
    }

    /// The reading in use, or a new one; visitors who come meanwhile wait for the same one, but not where all is read again.
    pub(super) async fn reading(&self, now: DateTime<Utc>) -> Result<Arc<Reading>, StoreError> {
        let mut held = self.0.reading.lock().await;
        let Some(in_use) = &mut *held else {
            let reading = Arc::new(self.0.whole(now).await?);
            *held = Some(InUse { reading: Arc::clone(&reading), looked_at: now });
            return Ok(reading);
        };
        let reading = Arc::clone(&in_use.reading);
        let looked = (now - in_use.looked_at).abs() < Duration::seconds(LOOK_EVERY_SECONDS);
        if looked || reading.is_fresh(now) {
            return Ok(reading);
        }
        let newest = self.0.store.newest_seq().await?;
        in_use.looked_at = now;
        let is_checked = (now - reading.times.checked_at).abs() < Duration::seconds(LONGEST_USE_SECONDS);
        if newest == reading.times.newest && is_checked {
            return Ok(reading);
        }
        let next = Arc::new(self.0.next(&reading, newest, is_checked, now).await?);
        in_use.reading = Arc::clone(&next);
        drop(held);
        if (now - next.times.whole_at).abs() >= Duration::minutes(WHOLE_MINUTES) {
            self.read_again(now);
        }
        Ok(next)
    }

    /// Reads all again while visitors are answered from what is held.
    fn read_again(&self, now: DateTime<Utc>) {
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            match inner.whole(now).await {
                Ok(reading) => *inner.reading.lock().await = Some(InUse { reading: Arc::new(reading), looked_at: now }),
                Err(error) => tracing::warn!(?error, "the open listings could not be read again; those held stay in use"),
            }
        });
    }
}

impl Inner {
    /// Everything that is open, and what came up within the last weeks and has closed.
    async fn whole(&self, now: DateTime<Utc>) -> Result<Reading, StoreError> {
        let newest = self.store.newest_seq().await?;
        let mut listings = self.open_above(Seq(0), now).await?;
        let cut = listings.len() >= self.most;
        let since = forecast_from(now);
        let known: HashSet<Seq> = listings.iter().map(|listing| listing.seq).collect();
        let mut window = Window { after: self.store.seq_at(since).await?, until: newest };
        while listings.len() < 2 * self.most {
            let read = self.store.block(window, Audience::Quiet, READ_SIZE).await?;
            let Some(last) = read.last() else { break };
            window.after = last.seq;
            let told = |one: &BlockListing| one.came_up_after(since) && !one.is_open(now) && !known.contains(&one.seq);
            listings.extend(read.into_iter().filter(told));
        }
        listings.sort_by_key(|listing| std::cmp::Reverse(listing.seq));
        let held = {
            let rates = self.rates.clone();
            tokio::task::spawn_blocking(move || Held::of(listings, now, &rates)).await.unwrap_or_default()
        };
        tracing::debug!(held = held.len(), "the open listings are read");
        let (pay, named) = (Arc::new(PayStats::of(held.open(), &self.rates)), Arc::new(Named::by(held.open())));
        Ok(Reading::of(held, pay, named, Times { newest, at: now, whole_at: now, checked_at: now }, cut))
    }

    /// What is held with what was published since, and without what has closed.
    async fn next(&self, old: &Reading, newest: Seq, is_checked: bool, now: DateTime<Utc>) -> Result<Reading, StoreError> {
        let newer = if newest > old.times.newest { self.open_above(old.times.newest, now).await? } else { Vec::new() };
        let mut held = old.held.with(newer, now, &self.rates);
        let (mut checked_at, mut pay) = (old.times.checked_at, Arc::clone(&old.pay));
        if !is_checked {
            let open = self.store.open_seqs(now, u32::try_from(self.most).unwrap_or(u32::MAX)).await?;
            held = held.with_open(&open.into_iter().collect());
            checked_at = now;
            pay = Arc::new(PayStats::of(held.open(), &self.rates));
        }
        let times = Times { newest, at: now, whole_at: old.times.whole_at, checked_at };
        Ok(Reading::of(held, pay, Arc::clone(&old.named), times, old.cut))
    }

    /// The open listings above a `seq`, newest first, at most as many as are held.
    async fn open_above(&self, floor: Seq, now: DateTime<Utc>) -> Result<Vec<BlockListing>, StoreError> {
        let mut listings: Vec<BlockListing> = Vec::new();
        while listings.len() < self.most {
            let before = listings.last().map(|last| last.seq);
            let read = self.store.open_block(before, now, READ_SIZE).await?;
            let held = listings.len();
            listings.extend(read.into_iter().take_while(|listing| listing.seq > floor));
            if listings.len() - held < READ_SIZE as usize {
                break;
            }
        }
        Ok(listings)
    }
}

impl Reading {
    fn of(held: Held, pay: Arc<PayStats>, named: Arc<Named>, times: Times, cut: bool) -> Self {
        let open = held.open().count();
        Self { held, pay, named, open, cut, times, answers: Kept::default(), cards: Kept::default() }
    }

    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        (now - self.times.at).abs() < Duration::seconds(SHORTEST_USE_SECONDS)
    }

    /// How many listings are open.
    pub(super) const fn open(&self) -> usize {
        self.open
    }

    /// Whether there are more open listings than are held.
    pub(super) const fn cut(&self) -> bool {
        self.cut
    }
}
