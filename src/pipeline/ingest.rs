//! One source is asked; what is new is read, kept and published.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tracing::{debug, info, warn};

use crate::clock::Clock;
use crate::domain::line::one_line;
use crate::domain::token::hex;
use crate::domain::{FetchFault, ListingId, Posting, SourceState};
use crate::extract::Extractor;
use crate::sources::{Brought, FetchResult, Fetched, Fetcher, KnownRows, ReadError, Source};
use crate::store::{Audience, FetchRecord, FetchSummary, KnownListing, ReadPosting, Store, StoreError};

/// Most bad postings that a summary names; the log names each.
const MOST_FAULTS: usize = 20;
/// Longest line of one, in characters.
const FAULT: usize = 300;

/// What an ingest needs.
#[derive(Debug, Clone)]
pub struct IngestPass {
    /// The store.
    pub store: Store,
    /// Who asks over HTTP.
    pub fetcher: Fetcher,
    /// Who understands.
    pub extractor: Extractor,
    /// The time.
    pub clock: Clock,
}

/// What one ingest did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IngestSummary {
    /// Postings the source had; none where it was not modified or the fetch failed.
    pub postings: Option<usize>,
    /// Postings that could not be read, each left out alone.
    pub bad: usize,
    /// The first of them, each in a line.
    pub faults: Vec<String>,
    /// What was kept.
    pub kept: FetchSummary,
    /// What went wrong, in words.
    pub fault: Option<String>,
    /// And of what class it is.
    pub class: Option<FetchFault>,
}

/// Why postings that were brought were not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// They cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// They cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IngestPass {
    /// Asks one source and records what it answered.
    ///
    /// The first good fetch of a source is published quietly: what was there before the source was added alerts nobody.
    ///
    /// # Errors
    /// Those of the store; faults of the source are recorded in its state and named in the summary.
    pub async fn run(&self, source: &Source) -> Result<IngestSummary, StoreError> {
        let before = self.store.source_state(source.name()).await?;
        let known = self.store.known_listings(source.name()).await?;
        let now = self.clock.now();
        let fetched = source.fetch(&self.fetcher, &before, &rows(&known, now), now).await;
        self.record(source, &before, &known, fetched, now).await
    }

    /// Takes postings that were brought to a source; the first ones alert as well, for whoever brings them means them to be told.
    ///
    /// # Errors
    /// What cannot be read at all, or those of the store: then nothing was taken.
    pub async fn take(&self, source: &Source, bytes: &[u8]) -> Result<IngestSummary, TakeError> {
        let before = self.store.source_state(source.name()).await?;
        let known = self.store.known_listings(source.name()).await?;
        let now = self.clock.now();
        let fetched = source.take(bytes, self.fetcher.settings(), &before, now)?;
        let welcome = SourceState { first_success_at: before.first_success_at.or(Some(now)), ..before };
        Ok(self.record(source, &welcome, &known, fetched, now).await?)
    }

    async fn record(
        &self,
        source: &Source,
        before: &SourceState,
        known: &HashMap<String, KnownListing>,
        fetched: Fetched,
        now: DateTime<Utc>,
    ) -> Result<IngestSummary, StoreError> {
        // Kept until all is recorded.
        let Fetched { state, result, place: _place, .. } = fetched;
        let brought = match result {
            FetchResult::NotModified => {
                self.store.save_source_state(source.name(), &state, now).await?;
                debug!(source = source.name(), "source not modified");
                return Ok(IngestSummary::default());
            }
            FetchResult::Failed { fault, text } => {
                self.store.save_source_state(source.name(), &state, now).await?;
                warn!(source = source.name(), fault = fault.as_str(), failures = state.failures, detail = ?text, "source failed");
                return Ok(IngestSummary { fault: Some(text), class: Some(fault), ..IngestSummary::default() });
            }
            FetchResult::Brought(brought) => brought,
        };
        for posting in &brought.bad {
            warn!(source = source.name(), index = posting.index, id = ?posting.id, reason = ?posting.reason, "posting left out");
        }
        let faults = brought.bad.iter().take(MOST_FAULTS).map(|posting| one_line(&posting.reason, FAULT)).collect();
        let (bad, complete, waiting) = (brought.bad.len(), brought.complete, brought.waiting.len());
        let sorted = Sorted::of(brought, known);
        let count = sorted.present.len();
        let audience = if before.first_success_at.is_none() { Audience::Quiet } else { Audience::Alerts };
        let Sorted { fresh, seen, reread, missing, .. } = sorted;
        let record =
            FetchRecord { source: source.name(), read: self.read(fresh).await, seen, missing, reread, audience, state: &state, now };
        let kept = self.store.record_fetch(record).await?;
        info!(
            source = source.name(),
            postings = count,
            bad,
            waiting,
            new = kept.new,
            twins = kept.twins,
            changed = kept.changed,
            closed = kept.closed,
            renamed = kept.renamed,
            relisted = kept.relisted,
            complete,
            quiet = audience == Audience::Quiet,
            "source read"
        );
        let class = state.fault.filter(|fault| *fault != FetchFault::Flawed);
        let fault = state.fault_text.clone().filter(|_| state.fault != Some(FetchFault::Flawed));
        Ok(IngestSummary { postings: Some(count), bad, faults, kept, fault, class })
    }

    /// Reads postings away from the async threads.
    async fn read(&self, fresh: Vec<Fresh>) -> Vec<ReadPosting> {
        let (extractor, now) = (self.extractor.clone(), self.clock.now());
        let work = tokio::task::spawn_blocking(move || {
            let read = |Fresh { posting, posting_hash, row_hash }| {
                let listing = extractor.read(posting, now);
                let likeness = Some(extractor.likeness(&listing));
                ReadPosting { listing, posting_hash, row_hash, likeness }
            };
            fresh.into_iter().map(read).collect()
        });
        work.await.expect("extraction does not panic: property tests feed it any text")
    }
}

/// A posting on a page of its own is read again after this time, changed in the list or not.
const REREAD_AFTER: TimeDelta = TimeDelta::days(7);

/// The postings whose own page need not be read again.
fn rows(known: &HashMap<String, KnownListing>, now: DateTime<Utc>) -> KnownRows {
    let fresh = known.iter().filter(|(_, listing)| now - listing.read_at < REREAD_AFTER);
    fresh.filter_map(|(id, listing)| Some((id.clone(), listing.row_hash.clone()?))).collect()
}

/// A posting that is new, or different from what was read before.
struct Fresh {
    posting: Posting,
    posting_hash: String,
    row_hash: Option<String>,
}

/// What a fetch brought, told apart by what is known.
#[derive(Default)]
struct Sorted {
    fresh: Vec<Fresh>,
    /// Known, and there as before.
    seen: Vec<ListingId>,
    /// Of these, those whose own page was read again.
    reread: Vec<(ListingId, String)>,
    /// Known and open, and closed now.
    missing: Vec<ListingId>,
    /// Every external id that is there.
    present: HashSet<String>,
}

impl Sorted {
    fn of(mut brought: Brought, known: &HashMap<String, KnownListing>) -> Self {
        let mut sorted = Self::default();
        for posting in brought.postings {
            let (posting_hash, row_hash) = (posting_hash(&posting), brought.rows.remove(&posting.id));
            sorted.present.insert(posting.id.clone());
            match known.get(&posting.id) {
                Some(listing) if listing.posting_hash == posting_hash => {
                    sorted.seen.push(listing.id);
                    sorted.reread.extend(row_hash.map(|row| (listing.id, row)));
                }
                _ => sorted.fresh.push(Fresh { posting, posting_hash, row_hash }),
            }
        }
        let bad = brought.bad.into_iter().filter_map(|bad| bad.id);
        for id in brought.still.into_iter().chain(brought.waiting).chain(bad) {
            sorted.seen.extend(known.get(&id).filter(|_| !sorted.present.contains(&id)).map(|listing| listing.id));
            sorted.present.insert(id);
        }
        let said: HashSet<String> = brought.closed.into_iter().filter(|id| !sorted.present.contains(id)).collect();
        let is_closed = |id: &String| said.contains(id) || brought.complete && !sorted.present.contains(id);
        let missing = known.iter().filter(|(id, listing)| listing.open && is_closed(id)).map(|(_, listing)| listing.id);
        sorted.missing = missing.collect();
        sorted.missing.sort_unstable();
        sorted
    }
}

/// Digest of everything a posting says except its time stamp of change, which platforms move without a change.
fn posting_hash(posting: &Posting) -> String {
    let said = Posting { updated_at: None, ..posting.clone() };
    let json = serde_json::to_vec(&said).expect("a posting is plain texts and numbers");
    hex(&Sha256::digest(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(id: &str, title: &str) -> Posting {
        Posting { id: id.into(), title: title.into(), ..Posting::default() }
    }

    #[test]
    fn a_moved_time_stamp_is_no_change_but_a_title_is() {
        let old = posting("1", "Engineer");
        let stamped = Posting { updated_at: Some("2026-11-22T10:00:00Z".into()), ..old.clone() };
        assert_eq!(posting_hash(&old), posting_hash(&stamped));
        assert_ne!(posting_hash(&old), posting_hash(&posting("1", "Senior Engineer")));
    }

    fn known(id: i64, title: &str, open: bool) -> KnownListing {
        let posting_hash = posting_hash(&posting("x", title));
        KnownListing { id: ListingId(id), posting_hash, open, row_hash: Some(format!("row {id}")), read_at: DateTime::UNIX_EPOCH }
    }

    fn table() -> HashMap<String, KnownListing> {
        let same = KnownListing { posting_hash: posting_hash(&posting("same", "A")), ..known(1, "", true) };
        [("same", same), ("changed", known(2, "old", true)), ("gone", known(3, "gone", true)), ("closed", known(4, "closed", false))]
            .map(|(id, listing)| (id.to_owned(), listing))
            .into()
    }

    #[test]
    fn postings_are_told_apart_by_what_is_known() {
        let postings = vec![posting("same", "A"), posting("changed", "new"), posting("new", "N")];
        let rows = [("same".to_owned(), "row 1".to_owned())].into();
        let sorted = Sorted::of(Brought { postings, rows, complete: true, ..Brought::default() }, &table());
        assert_eq!((sorted.seen, sorted.reread), (vec![ListingId(1)], vec![(ListingId(1), "row 1".to_owned())]));
        assert_eq!(sorted.fresh.iter().map(|fresh| fresh.posting.id.as_str()).collect::<Vec<_>>(), ["changed", "new"]);
        assert_eq!(sorted.missing, [ListingId(3)]);
    }

    #[test]
    fn what_is_named_but_was_not_read_is_there_and_what_the_platform_closes_is_closed() {
        let bad = vec![unreadable("changed")];
        let (still, waiting, closed) = (vec!["same".to_owned()], vec!["new".to_owned()], vec!["gone".to_owned(), "same".to_owned()]);
        let sorted = Sorted::of(Brought { bad, still, waiting, closed, ..Brought::default() }, &table());
        assert_eq!((sorted.seen, sorted.missing), (vec![ListingId(1), ListingId(2)], vec![ListingId(3)]));
        assert!(sorted.fresh.is_empty() && sorted.present.len() == 3);
        assert_eq!(Sorted::of(Brought::default(), &table()).missing, [], "an incomplete fetch closes nothing");
    }

    fn unreadable(id: &str) -> crate::sources::BadPosting {
        crate::sources::BadPosting { index: 0, id: Some(id.to_owned()), reason: String::new() }
    }

    #[test]
    fn a_page_is_read_again_after_a_week() {
        let table = table();
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(6);
        assert_eq!(rows(&table, now).len(), 4);
        assert_eq!(rows(&table, now + TimeDelta::days(1)).len(), 0);
    }
}
