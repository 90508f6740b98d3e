//! How each family of receivers stands with us: for the warm-up, and for complaints.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::cell::Cells;
use super::day::day_number;
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::{EmailAddress, Receiver};

const SENT: &str = "SELECT receiver, COUNT(DISTINCT CASE WHEN day < $1 THEN day END), \
     CAST(COALESCE(SUM(CASE WHEN day = $1 THEN letters END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN day > $2 THEN letters END), 0) AS BIGINT) \
     FROM delivery_day WHERE outcome = 'sent' GROUP BY receiver";
const COMPLAINTS: &str = "SELECT subscriber.email FROM returned JOIN delivery ON delivery.id = returned.delivery_id \
     JOIN subscriber ON subscriber.id = delivery.subscriber_id WHERE returned.kind = 'complaint' AND returned.returned_at > $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SENT, COMPLAINTS];

/// What is known of a family of receivers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceiverRecord {
    /// Days before today on which something was sent to it.
    pub days: u64,
    /// Letters sent today.
    pub today: u64,
    /// Letters sent in the last seven days.
    pub week: u64,
    /// Complaints of the last seven days.
    pub complaints: u64,
}

impl Store {
    /// What is known of each family of receivers; domains that stand for themselves are left out.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn receiver_records(&self, now: DateTime<Utc>) -> Result<BTreeMap<String, ReceiverRecord>, StoreError> {
        let cells = Cells { table: "delivery_day", row: 0 };
        let week_ago = now - Duration::days(7);
        let sent: Vec<(String, i64, i64, i64)> =
            self.reader.rows(SENT, values![day_number(now.date_naive()), day_number(week_ago.date_naive())]).await?;
        let mut records = BTreeMap::new();
        for (receiver, days, today, week) in sent {
            let record = ReceiverRecord { days: cells.count(days)?, today: cells.count(today)?, week: cells.count(week)?, complaints: 0 };
            records.insert(receiver, record);
        }
        let complaints: Vec<(String,)> = self.reader.rows(COMPLAINTS, values![week_ago]).await?;
        for email in complaints.iter().filter_map(|(email,)| EmailAddress::parse(email).ok()) {
            if let Receiver::Family(family) = Receiver::of(&email) {
                records.entry(family.to_owned()).or_default().complaints += 1;
            }
        }
        records.retain(|receiver, _| Receiver::is_family(receiver));
        Ok(records)
    }
}
