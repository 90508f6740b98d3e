//! One source is asked; what is new is read, kept and published.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use tracing::{debug, info, warn};

use crate::clock::Clock;
use crate::domain::token::hex;
use crate::domain::{ListingId, Posting};
use crate::extract::Extractor;
use crate::sources::{Brought, FetchResult, Fetched, Fetcher, KnownRows, Source};
use crate::store::{Audience, FetchRecord, FetchSummary, KnownListing, ReadPosting, Store, StoreError};

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
    /// What was kept.
    pub kept: FetchSummary,
    /// What went wrong, in words.
    pub fault: Option<String>,
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
        let now = self.clock.now();
        let known = self.store.known_listings(source.name()).await?;
        let Fetched { state, result, .. } = source.fetch(&self.fetcher, &before, &KnownRows::new(), now).await;
        let Brought { postings, bad, complete, .. } = match result {
            FetchResult::NotModified => {
                self.store.save_source_state(source.name(), &state).await?;
                debug!(source = source.name(), "source not modified");
                return Ok(IngestSummary::default());
            }
            FetchResult::Failed { fault, text } => {
                self.store.save_source_state(source.name(), &state).await?;
                warn!(source = source.name(), fault = fault.as_str(), failures = state.failures, detail = ?text, "source failed");
                return Ok(IngestSummary { fault: Some(text), ..IngestSummary::default() });
            }
            FetchResult::Brought(brought) => brought,
        };
        for posting in &bad {
            warn!(source = source.name(), index = posting.index, id = ?posting.id, reason = ?posting.reason, "posting left out");
        }
        let count = postings.len();
        let Sorted { fresh, seen, present } = sort(postings, &known);
        let missing = if complete { absent(&known, &present) } else { Vec::new() };
        let audience = if before.first_success_at.is_none() { Audience::Quiet } else { Audience::Alerts };
        let record = FetchRecord { source: source.name(), read: self.read(fresh).await, seen, missing, audience, state: &state, now };
        let kept = self.store.record_fetch(record).await?;
        let fault = state.fault_text.clone();
        info!(
            source = source.name(),
            postings = count,
            bad = bad.len(),
            new = kept.new,
            twins = kept.twins,
            changed = kept.changed,
            closed = kept.closed,
            relisted = kept.relisted,
            complete,
            quiet = audience == Audience::Quiet,
            "source read"
        );
        Ok(IngestSummary { postings: Some(count), bad: bad.len(), kept, fault })
    }

    /// Reads postings away from the async threads.
    async fn read(&self, fresh: Vec<(Posting, String)>) -> Vec<ReadPosting> {
        let (extractor, now) = (self.extractor.clone(), self.clock.now());
        let work = tokio::task::spawn_blocking(move || {
            let read = |(posting, posting_hash)| ReadPosting { listing: extractor.read(posting, now), posting_hash };
            fresh.into_iter().map(read).collect()
        });
        work.await.expect("extraction does not panic: property tests feed it any text")
    }
}

/// The postings of a fetch, told apart by what is known.
struct Sorted {
    /// New, or different from what was read before.
    fresh: Vec<(Posting, String)>,
    /// Known and the same.
    seen: Vec<ListingId>,
    /// Every external id of the fetch.
    present: HashSet<String>,
}

fn sort(postings: Vec<Posting>, known: &HashMap<String, KnownListing>) -> Sorted {
    let mut sorted = Sorted { fresh: Vec::new(), seen: Vec::new(), present: HashSet::new() };
    for posting in postings {
        let hash = posting_hash(&posting);
        sorted.present.insert(posting.id.clone());
        match known.get(&posting.id) {
            Some(listing) if listing.posting_hash == hash => sorted.seen.push(listing.id),
            _ => sorted.fresh.push((posting, hash)),
        }
    }
    sorted
}

fn absent(known: &HashMap<String, KnownListing>, present: &HashSet<String>) -> Vec<ListingId> {
    let mut missing: Vec<ListingId> =
        known.iter().filter(|(id, listing)| listing.open && !present.contains(*id)).map(|(_, listing)| listing.id).collect();
    missing.sort_unstable();
    missing
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

    #[test]
    fn postings_are_told_apart_by_what_is_known() {
        let known = |id: i64, title: &str, open| KnownListing { id: ListingId(id), posting_hash: posting_hash(&posting("x", title)), open };
        let same = posting("same", "A");
        let table = HashMap::from([
            ("same".to_owned(), KnownListing { id: ListingId(1), posting_hash: posting_hash(&same), open: true }),
            ("changed".to_owned(), known(2, "old", true)),
            ("gone".to_owned(), known(3, "gone", true)),
            ("closed".to_owned(), known(4, "closed", false)),
        ]);
        let sorted = sort(vec![same, posting("changed", "new"), posting("new", "N")], &table);
        assert_eq!(sorted.seen, [ListingId(1)]);
        assert_eq!(sorted.fresh.iter().map(|(posting, _)| posting.id.as_str()).collect::<Vec<_>>(), ["changed", "new"]);
        assert_eq!(absent(&table, &sorted.present), [ListingId(3)]);
    }
}
