//! How long things are kept (`[retention]`), and the deleting of what is older, in bounded steps.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use crate::domain::DurationText;
use crate::store::{Store, StoreError, TooOld};

const DAY: u64 = 86_400;

/// How long things are kept (`[retention]`).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSettings {
    /// Sign-ups that nobody confirmed.
    pub unconfirmed: DurationText,
    /// Listings, after they closed.
    pub closed_listings: DurationText,
    /// Letters, after they ended.
    pub deliveries: DurationText,
    /// People who left, with the record of their consent, after they left.
    pub consent: DurationText,
    /// What is noted of mails that came back.
    pub returned: DurationText,
    /// What happened to listings, and what sources did on each day.
    pub events: DurationText,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self {
            unconfirmed: DurationText::from_secs(7 * DAY),
            closed_listings: DurationText::from_secs(180 * DAY),
            deliveries: DurationText::from_secs(90 * DAY),
            consent: DurationText::from_secs(3 * 365 * DAY),
            returned: DurationText::from_secs(90 * DAY),
            events: DurationText::from_secs(90 * DAY),
        }
    }
}

/// The moment before which things are too old; the beginning of time where the length is longer than that.
fn before(length: DurationText, now: DateTime<Utc>) -> DateTime<Utc> {
    let length = Duration::from_std(length.get()).ok();
    length.and_then(|length| now.checked_sub_signed(length)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// How often a mailbox did not answer is forgotten after this many days without a mail.
const MAILBOX_DAYS: i64 = 365;
/// Mails that came back and were not understood are kept for so many days.
const UNKNOWN_MAIL_DAYS: i64 = 30;
/// Rows deleted in one transaction, so that nobody waits long for the lock.
pub(super) const STEP: u32 = 500;
/// Transactions of one kind in one sweep; the rest waits for the next one.
const MOST_STEPS: u32 = 100;

/// Deletes step by step until nothing is left or the sweep has done enough of it; how many rows.
pub(super) async fn in_steps<F: Future<Output = Result<u64, StoreError>>>(step: impl Fn() -> F) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for _ in 0..MOST_STEPS {
        let now = step().await?;
        deleted += now;
        if now < u64::from(STEP) {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok(deleted)
}

/// What was forgotten for its age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Unconfirmed sign-ups.
    pub unconfirmed: u64,
    /// Closed listings.
    pub listings: u64,
    /// Ended letters.
    pub deliveries: u64,
    /// People who left long ago.
    pub people: u64,
    /// Events of listings, days of sources, what came back, and where consents came from.
    pub notes: u64,
}

impl RetentionSettings {
    /// What is too old to be kept.
    #[must_use]
    pub fn too_old(&self, now: DateTime<Utc>) -> TooOld {
        TooOld {
            unconfirmed: before(self.unconfirmed, now),
            listings: before(self.closed_listings, now),
            deliveries: before(self.deliveries, now),
            people: before(self.consent, now),
            returned: before(self.returned, now),
            mails: now - Duration::days(UNKNOWN_MAIL_DAYS),
            events: before(self.events, now),
            mailboxes: now - Duration::days(MAILBOX_DAYS),
        }
    }
}

/// Deletes what is too old.
pub(super) async fn forget(store: &Store, old: &TooOld, now: DateTime<Utc>) -> Result<Forgotten, StoreError> {
    let mut notes = store.forget_clients(now).await? + store.forget_mailboxes(old.mailboxes).await?;
    notes += store.forget_source_days(old.events.date_naive()).await?;
    notes += in_steps(|| store.forget_listing_events(old.events, STEP)).await?;
    notes += in_steps(|| store.forget_returned(old.mails, old.returned, STEP)).await?;
    Ok(Forgotten {
        unconfirmed: in_steps(|| store.sweep_unconfirmed(old.unconfirmed, STEP)).await?,
        listings: in_steps(|| store.forget_closed_listings(old.listings, STEP)).await?,
        deliveries: in_steps(|| store.forget_deliveries(old.deliveries, STEP)).await?,
        people: in_steps(|| store.forget_ended_subscribers(old.people, STEP)).await?,
        notes,
    })
}
