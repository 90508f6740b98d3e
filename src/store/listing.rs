//! What a fetch hands over to be kept, and what it learns back.

use chrono::{DateTime, Utc};

use crate::domain::{Likeness, ListingId, NewListing, SourceState};

/// A listing of a source as far as ingest needs it, to read only what is new or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownListing {
    /// Row id.
    pub id: ListingId,
    /// Digest of the posting it was read from.
    pub posting_hash: String,
    /// Whether it is open.
    pub open: bool,
    /// Digest of what the platform's list said when the posting's own page was read; none for platforms that list with texts.
    pub row_hash: Option<String>,
    /// When the posting was last read.
    pub read_at: DateTime<Utc>,
}

/// A posting that was read, with the digest of the posting itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPosting {
    /// What was read.
    pub listing: NewListing,
    /// Digest of the posting it was read from.
    pub posting_hash: String,
    /// Digest of what the platform's list said of it, for platforms that list without texts.
    pub row_hash: Option<String>,
    /// What tells whether another listing is the same job; without it only a listing with the same words is.
    pub likeness: Option<Likeness>,
}

/// What one fetch of one source brought.
#[derive(Debug, Clone)]
pub struct FetchRecord<'a> {
    /// The source's name.
    pub source: &'a str,
    /// New or changed postings, read.
    pub read: Vec<ReadPosting>,
    /// Listings that the fetch had again unchanged (also closed ones that came back: they heal).
    pub seen: Vec<ListingId>,
    /// Open listings that are closed now: a complete fetch did not have them, or the platform says so.
    pub missing: Vec<ListingId>,
    /// Listings that were seen but whose own page was read again without a change, with the digest of what the list says now.
    pub reread: Vec<(ListingId, String)>,
    /// Whether new ones are published without alerting anyone.
    pub audience: Audience,
    /// The source's state after the fetch.
    pub state: &'a SourceState,
    /// The moment of the fetch.
    pub now: DateTime<Utc>,
}

/// Who learns of what is published, and whose listings a window holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Alerts see it.
    Alerts,
    /// Pages and welcome letters see it, alerts do not.
    Quiet,
}

/// What recording a fetch changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FetchSummary {
    /// Published for the first time.
    pub new: u32,
    /// Of the new ones, published quietly because the same job was already told.
    pub twins: u32,
    /// Known jobs that came under a new id of the same source; they stay the listing they were.
    pub renamed: u32,
    /// Changed in something a reader sees.
    pub changed: u32,
    /// Came back after having been closed.
    pub relisted: u32,
    /// Closed.
    pub closed: u32,
}
