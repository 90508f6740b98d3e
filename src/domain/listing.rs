//! A posting we keep, read once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::facts::Facts;
use crate::domain::posting::Posting;
use crate::domain::words::Words;

/// The row id of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListingId(pub i64);

/// The place of a listing in the order of publication; numbers become visible in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

/// What makes two postings one job: a digest of company, title, place and body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// A posting with its facts, on its way into the store.
#[derive(Debug, Clone, PartialEq)]
pub struct NewListing {
    /// The posting as published.
    pub posting: Posting,
    /// What we understood.
    pub facts: Facts,
    /// Its description as plain text.
    pub text: String,
    /// Its words, for matching.
    pub words: Words,
    /// What makes it one job with others.
    pub fingerprint: Fingerprint,
    /// A digest of what a reader sees (title, place, pay, text): a changed time stamp is not a change.
    pub content_hash: String,
    /// When the platform says it was posted, where that can be read.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it ends by the platform's own word.
    pub valid_through: Option<DateTime<Utc>>,
}

/// A listing as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Row id.
    pub id: ListingId,
    /// When published, in order.
    pub seq: Seq,
    /// Published without alerting anyone: it was there before its source was added, or is a twin of a listing already told.
    pub quiet: bool,
    /// The posting as published.
    pub posting: Posting,
    /// Its description as plain text.
    pub text: String,
    /// Its words, for matching.
    pub words: Words,
    /// What we understood.
    pub facts: Facts,
    /// What makes it one job with others.
    pub fingerprint: Fingerprint,
    /// When we first saw it.
    pub first_seen: DateTime<Utc>,
    /// When a fetch last had it.
    pub last_seen: DateTime<Utc>,
    /// When the platform says it was posted.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it ends by the platform's own word.
    pub valid_through: Option<DateTime<Utc>>,
    /// When it was found closed; open while none.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What matching needs of a listing: facts and words, without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockListing {
    /// Row id.
    pub id: ListingId,
    /// When published, in order.
    pub seq: Seq,
    /// The first listing of a job that is open in several places; none where it is in one.
    pub card: Option<ListingId>,
    /// The employer's name, or the source's where none is given (see [`Listing::company`]).
    pub shown_company: String,
    /// The employer's name, where one is given.
    pub company: Option<String>,
    /// What we understood.
    pub facts: Facts,
    /// Its words.
    pub words: Words,
    /// The moment its age is counted from (see [`Listing::published_at`]).
    pub published_at: DateTime<Utc>,
    /// When it came up, for what a week brings: the moment it was told; of what was there before its source was added the day its
    /// board names; none where that is not known, nor of the twin of a job that counts.
    pub came_up: Option<DateTime<Utc>>,
    /// When it ends by the platform's own word.
    pub valid_through: Option<DateTime<Utc>>,
    /// When it was found closed; open while none.
    pub closed_at: Option<DateTime<Utc>>,
}

impl BlockListing {
    /// Whether it counts for what came up after a moment.
    #[must_use]
    pub fn came_up_after(&self, moment: DateTime<Utc>) -> bool {
        self.came_up.is_some_and(|at| at > moment)
    }

    /// Whether it can be applied to at `now`, as far as we know.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.valid_through.is_none_or(|end| end > now)
    }
}

impl Listing {
    /// Whether it can be applied to at `now`, as far as we know.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.valid_through.is_none_or(|end| end > now)
    }

    /// The moment its age is counted from: the platform's date where it is not in the future, else when we first saw it.
    #[must_use]
    pub fn published_at(&self) -> DateTime<Utc> {
        self.posted_at.filter(|at| *at <= self.first_seen).unwrap_or(self.first_seen)
    }

    /// The employer's name, or the source's where none is given.
    #[must_use]
    pub fn company(&self) -> &str {
        self.posting.company.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.posting.source)
    }
}
