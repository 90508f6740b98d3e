//! What came back, read again: for the person it is about, and for figures.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::receiver::OTHER;
use crate::domain::report::{ReportKind, ReturnEffect};
use crate::domain::{EmailAddress, Receiver, SubscriberId};

/// A mail that came back about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnRecord {
    /// When it came.
    pub returned_at: DateTime<Utc>,
    /// What it said.
    pub kind: ReportKind,
    /// Whether it only said that a letter is late.
    pub is_delay: bool,
    /// The code, where it had one.
    pub status: Option<String>,
    /// The mail server's words, without addresses.
    pub diagnostic: String,
    /// What it changed.
    pub effect: ReturnEffect,
}

type Row = (i64, String, bool, Option<String>, String, String);

const OF_SUBSCRIBER: &str = "SELECT returned_at, kind, is_delay, status, diagnostic, effect FROM returned WHERE subscriber_id = $1 \
     ORDER BY returned_at DESC, id DESC LIMIT $2";
const BY_KIND: &str = "SELECT kind, COUNT(*) FROM returned WHERE returned_at > $1 GROUP BY kind";
const BY_ADDRESS: &str = "SELECT r.kind, s.email, COUNT(*) FROM returned AS r JOIN subscriber AS s ON s.id = r.subscriber_id GROUP BY 1, 2";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_SUBSCRIBER, BY_KIND, BY_ADDRESS];

impl Store {
    /// What came back about a subscriber, newest first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn returned_of(&self, id: SubscriberId, limit: u32) -> Result<Vec<ReturnRecord>, StoreError> {
        let rows: Vec<Row> = self.reader.rows(OF_SUBSCRIBER, values![id, limit]).await?;
        let cells = Cells { table: "returned", row: 0 };
        let record = |(at, kind, is_delay, status, diagnostic, effect): Row| {
            let (returned_at, kind, effect) = (cells.time(at)?, cells.word(&kind)?, cells.word(&effect)?);
            Ok(ReturnRecord { returned_at, kind, is_delay, status, diagnostic, effect })
        };
        rows.into_iter().map(record).collect()
    }

    /// What came back since a moment, by kind.
    ///
    /// # Errors
    /// The database's own.
    pub async fn returned_since(&self, moment: DateTime<Utc>) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows: Vec<(String, i64)> = self.reader.rows(BY_KIND, values![moment]).await?;
        let cells = Cells { table: "returned", row: 0 };
        rows.into_iter().map(|(kind, count)| Ok((kind, cells.count(count)?))).collect()
    }

    /// What came back and is remembered, of readers who are known: by kind, and by who runs the mailbox.
    ///
    /// # Errors
    /// The database's own.
    pub async fn returned_by_receiver(&self) -> Result<Vec<(String, String, u64)>, StoreError> {
        let rows: Vec<(String, String, i64)> = self.reader.rows(BY_ADDRESS, values![]).await?;
        let cells = Cells { table: "returned", row: 0 };
        let mut by_family: BTreeMap<(String, &'static str), u64> = BTreeMap::new();
        for (kind, email, count) in rows {
            let family = EmailAddress::parse(&email).map_or(OTHER, |email| Receiver::of(&email).family());
            *by_family.entry((kind, family)).or_default() += cells.count::<u64>(count)?;
        }
        Ok(by_family.into_iter().map(|((kind, family), count)| (kind, family.to_owned(), count)).collect())
    }
}
