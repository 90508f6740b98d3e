//! What has run out, in one question: a sweep of a quiet service finds nothing, and begins no transaction to learn that.

use chrono::{DateTime, Duration, Utc};

use super::day::day_number;
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::Subscriber;

/// The moments before which things are too old to be kept.
#[derive(Debug, Clone, Copy)]
pub struct TooOld {
    /// Sign-ups that nobody confirmed.
    pub unconfirmed: DateTime<Utc>,
    /// Listings, by when they closed.
    pub listings: DateTime<Utc>,
    /// Letters, by when they ended.
    pub deliveries: DateTime<Utc>,
    /// People who left.
    pub people: DateTime<Utc>,
    /// What is noted of mails that came back.
    pub returned: DateTime<Utc>,
    /// Mails that came back and were not understood.
    pub mails: DateTime<Utc>,
    /// Events of listings, and days of sources.
    pub events: DateTime<Utc>,
    /// Counts of confirmation mails, by when the last one went.
    pub mailboxes: DateTime<Utc>,
}

/// A kind has run out where the statement that deals with it would find a row.
const RUN_OUT: &str = "\
    SELECT 'pauses' WHERE EXISTS (SELECT 1 FROM subscriber WHERE state = 'paused' AND paused_until <= $1) \
    UNION ALL SELECT 'claims' WHERE EXISTS (SELECT 1 FROM delivery WHERE state IN ('leased', 'sending') AND lease_until <= $1) \
    UNION ALL SELECT 'answers' WHERE EXISTS (SELECT 1 FROM subscriber WHERE state IN ('active', 'paused') AND renewal_at <= $2 \
     AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.subscriber_id = subscriber.id AND delivery.kind = 'renewal' \
     AND (delivery.ended_at IS NULL OR delivery.ended_at > $2))) \
    UNION ALL SELECT 'signs of life' WHERE EXISTS (SELECT 1 FROM subscriber WHERE state IN ('active', 'paused') AND renewal_at IS NULL \
     AND alive_at <= $3 AND (paused_until IS NULL OR paused_until <= $1)) \
    UNION ALL SELECT 'silences' WHERE EXISTS (SELECT 1 FROM subscription JOIN subscriber ON subscriber.id = subscription.subscriber_id \
     WHERE subscriber.state = 'active' AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL \
     AND subscription.silence_at <= $1) \
    UNION ALL SELECT 'clients' WHERE EXISTS (SELECT 1 FROM consent WHERE client_until <= $1) \
    UNION ALL SELECT 'mailboxes' WHERE EXISTS (SELECT 1 FROM confirmation_count WHERE last_at < $4) \
    UNION ALL SELECT 'days of sources' WHERE EXISTS (SELECT 1 FROM source_day WHERE day < $5) \
    UNION ALL SELECT 'events' WHERE EXISTS (SELECT 1 FROM listing_event WHERE happened_at < $6) \
    UNION ALL SELECT 'mails' WHERE EXISTS (SELECT 1 FROM returned WHERE mail IS NOT NULL AND returned_at < $7) \
    UNION ALL SELECT 'returned' WHERE EXISTS (SELECT 1 FROM returned WHERE returned_at < $8) \
    UNION ALL SELECT 'sign-ups' WHERE EXISTS (SELECT 1 FROM subscriber WHERE state = 'pending' AND created_at < $9 AND NOT EXISTS \
     (SELECT 1 FROM subscription WHERE subscription.subscriber_id = subscriber.id AND subscription.created_at >= $9)) \
     OR EXISTS (SELECT 1 FROM subscription WHERE confirmed_at IS NULL AND created_at < $9) \
    UNION ALL SELECT 'listings' WHERE EXISTS (SELECT 1 FROM listing AS old WHERE old.closed_at < $10 \
     AND NOT EXISTS (SELECT 1 FROM listing AS twin WHERE twin.job_id = old.id AND twin.id <> old.id) \
     AND NOT EXISTS (SELECT 1 FROM listing AS card WHERE card.card_id = old.id AND card.id <> old.id)) \
    UNION ALL SELECT 'deliveries' WHERE EXISTS (SELECT 1 FROM delivery WHERE ended_at < $11) \
    UNION ALL SELECT 'people' WHERE EXISTS (SELECT 1 FROM subscriber WHERE state = 'ended' AND since < $12) \
    UNION ALL SELECT 'letters' WHERE EXISTS (SELECT 1 FROM delivery_letter WHERE EXISTS (SELECT 1 FROM delivery \
     WHERE delivery.id = delivery_letter.delivery_id AND delivery.ended_at IS NOT NULL AND delivery.state <> 'unknown')) \
    UNION ALL SELECT 'the count of people' WHERE EXISTS (SELECT state, COUNT(*) FROM subscriber WHERE id > 0 GROUP BY state \
     EXCEPT SELECT state, people FROM subscriber_day WHERE day = $13) \
     OR EXISTS (SELECT state FROM subscriber_day WHERE day = $13 EXCEPT SELECT state FROM subscriber WHERE id > 0)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[RUN_OUT];

impl Store {
    /// What there is for a sweep to do, a word for each kind.
    ///
    /// # Errors
    /// The database's own.
    pub async fn run_out(&self, now: DateTime<Utc>, old: &TooOld) -> Result<Vec<String>, StoreError> {
        let values = values![
            now,
            now - Duration::days(Subscriber::ANSWERED_WITHIN_DAYS),
            now - Duration::days(Subscriber::ASKED_AFTER_DAYS),
            old.mailboxes,
            day_number(old.events.date_naive()),
            old.events,
            old.mails,
            old.returned,
            old.unconfirmed,
            old.listings,
            old.deliveries,
            old.people,
            day_number(now.date_naive()),
        ];
        let kinds: Vec<(String,)> = self.reader.rows(RUN_OUT, values).await?;
        Ok(kinds.into_iter().map(|(kind,)| kind).collect())
    }
}
