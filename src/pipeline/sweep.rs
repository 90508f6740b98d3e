//! What has run out ends: pauses, sign-ups that nobody confirmed, claims of workers that are gone.

use chrono::{DateTime, Duration, Utc};
use tracing::info;

use crate::domain::retry::RetryRules;
use crate::store::{Store, StoreError};

/// What one sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepSummary {
    /// Pauses that ended.
    pub resumed: u64,
    /// Unconfirmed sign-ups deleted.
    pub unconfirmed: u64,
    /// Claims given back because their lease ended.
    pub released: u64,
    /// Events of listings, days of sources and what came back, forgotten for their age.
    pub forgotten: u64,
}

/// Sign-ups that nobody confirmed are deleted after this many days.
const UNCONFIRMED_DAYS: i64 = 7;
/// What happened to listings and sources is forgotten after this many days.
const REMEMBERED_DAYS: i64 = 90;
/// How often a mailbox did not answer is forgotten after this many days without a mail.
const MAILBOX_DAYS: i64 = 365;
/// Mails that came back and were not understood are kept for so many days.
const UNKNOWN_MAIL_DAYS: i64 = 30;
/// Rows deleted in one transaction.
const STEP: u32 = 500;

/// Sweeps once.
///
/// # Errors
/// Those of the store; what was swept before stays swept.
pub async fn sweep(store: &Store, rules: &RetryRules, now: DateTime<Utc>) -> Result<SweepSummary, StoreError> {
    let mut summary = SweepSummary { resumed: store.resume_due(now).await?, ..SweepSummary::default() };
    summary.released = store.release_claims(Some(now), now, rules).await?;
    loop {
        let deleted = store.sweep_unconfirmed(now - Duration::days(UNCONFIRMED_DAYS), STEP).await?;
        summary.unconfirmed += deleted;
        if deleted < u64::from(STEP) {
            break;
        }
    }
    // Mailboxes that nobody signed up for a year, and from where consents came.
    summary.forgotten = store.forget_clients(now).await? + store.forget_mailboxes(now - Duration::days(MAILBOX_DAYS)).await?;
    let old = now - Duration::days(REMEMBERED_DAYS);
    summary.forgotten += store.forget_source_days(old.date_naive()).await?;
    loop {
        let forgotten = store.forget_listing_events(old, STEP).await?;
        summary.forgotten += forgotten;
        if forgotten < u64::from(STEP) {
            break;
        }
    }
    let unknown = now - Duration::days(UNKNOWN_MAIL_DAYS);
    loop {
        let forgotten = store.forget_returned(unknown, old, STEP).await?;
        summary.forgotten += forgotten;
        if forgotten < u64::from(STEP) {
            break;
        }
    }
    if summary != SweepSummary::default() {
        let SweepSummary { resumed, unconfirmed, released, forgotten } = summary;
        info!(resumed, unconfirmed, released, forgotten, "swept");
    }
    Ok(summary)
}
