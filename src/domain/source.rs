//! A place that publishes jobs, and where we left off with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::word::words;

words! {
    /// Why a fetch did not bring what it should; each has its mend.
    FetchFault, "fetch fault" {
        /// The board is not there: 404 or 410.
        Gone = "gone", "the board is gone or its name is wrong";
        /// Nothing where there used to be jobs.
        Empty = "empty", "an empty answer where there used to be jobs";
        /// 401, 403, a challenge page.
        Blocked = "blocked", "the source refuses us";
        /// 429, or Retry-After.
        TooFast = "too_fast", "the source asks us to slow down";
        /// The payload is not what the kind expects.
        ChangedFormat = "changed_format", "the answer has another format than expected";
        /// No answer in time.
        Slow = "slow", "the source is too slow";
        /// More bytes than allowed.
        TooBig = "too_big", "the answer is larger than allowed";
        /// 5xx.
        ServerError = "server_error", "the source has an error of its own";
        /// Name, route, TLS or connection.
        Unreachable = "unreachable", "the source cannot be reached";
        /// An address that sources may not point to.
        Forbidden = "forbidden", "the address is inside the network and not allowed";
        /// A setting of the source is wrong.
        Misconfigured = "misconfigured", "the source is not configured right";
    }
}

/// Where we left off with a source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The validator of the last good answer, for conditional requests (RFC 9110 8.8).
    pub etag: Option<String>,
    /// The date validator of the last good answer.
    pub last_modified: Option<String>,
    /// When the first complete fetch ended; until then everything found is published quietly.
    pub first_success_at: Option<DateTime<Utc>>,
    /// When it last answered well, changed or not.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When it was last asked.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// Not to be asked before this moment (Retry-After, backoff).
    pub not_before: Option<DateTime<Utc>>,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last, while it is wrong.
    pub fault: Option<FetchFault>,
    /// The words of what went wrong last.
    pub fault_text: Option<String>,
    /// Listings in the last good fetch.
    pub last_yield: Option<u32>,
    /// The usual number of listings: a slow average over good fetches.
    pub usual_yield: Option<f64>,
}
