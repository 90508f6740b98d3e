//! What has run out ends: pauses, sign-ups that nobody confirmed, alerts without a sign of life, claims of workers that are gone.

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
    /// People asked whether the alerts are still wanted, and alerts that say that they brought nothing.
    pub asked: u64,
    /// People who ended because they did not answer.
    pub expired: u64,
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

/// Repeats a step until it finds less than it may do at once; how many rows in all.
macro_rules! all {
    ($step:expr) => {{
        let mut total = 0;
        loop {
            let done: u64 = $step;
            total += done;
            if done < u64::from(STEP) {
                break total;
            }
        }
    }};
}

/// Sweeps once.
///
/// # Errors
/// Those of the store; what was swept before stays swept.
pub async fn sweep(store: &Store, rules: &RetryRules, now: DateTime<Utc>) -> Result<SweepSummary, StoreError> {
    let mut summary = SweepSummary { resumed: store.resume_due(now).await?, ..SweepSummary::default() };
    summary.released = store.release_claims(Some(now), now, rules).await?;
    store.forget_letters().await?;
    summary.unconfirmed = all!(store.sweep_unconfirmed(now - Duration::days(UNCONFIRMED_DAYS), STEP).await?);
    summary.expired = all!(store.expire(now, STEP).await?);
    summary.asked = all!(store.ask_for_renewal(now, STEP).await?);
    summary.asked += all!(store.say_silence(now, STEP).await?);
    // Mailboxes that nobody signed up for a year, and from where consents came.
    summary.forgotten = store.forget_clients(now).await? + store.forget_mailboxes(now - Duration::days(MAILBOX_DAYS)).await?;
    let old = now - Duration::days(REMEMBERED_DAYS);
    summary.forgotten += store.forget_source_days(old.date_naive()).await?;
    summary.forgotten += all!(store.forget_listing_events(old, STEP).await?);
    let unknown = now - Duration::days(UNKNOWN_MAIL_DAYS);
    summary.forgotten += all!(store.forget_returned(unknown, old, STEP).await?);
    if summary != SweepSummary::default() {
        let SweepSummary { resumed, unconfirmed, released, asked, expired, forgotten } = summary;
        info!(resumed, unconfirmed, released, asked, expired, forgotten, "swept");
    }
    Ok(summary)
}
