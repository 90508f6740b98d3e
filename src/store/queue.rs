//! The queue of letters as a whole, and the files of the database: for readiness and figures.

use std::path::PathBuf;

use chrono::{DateTime, Duration, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::{Pool, values};

/// Letters of one state and kind that have not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Where they stand.
    pub state: String,
    /// What for.
    pub kind: String,
    /// How many.
    pub letters: u64,
    /// Since when the first of them has been due; none while none is.
    pub due_since: Option<DateTime<Utc>>,
}

/// The queue at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// By state and kind.
    pub waiting: Vec<Waiting>,
    /// How many are due now.
    pub due: u64,
    /// Since when the first of them has been due.
    pub due_since: Option<DateTime<Utc>>,
}

impl Queue {
    /// Letters on their way: queued, under way or waiting for another attempt. What is parked waits for a person.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.waiting.iter().filter(|waiting| waiting.state != "parked").map(|waiting| waiting.letters).sum()
    }
}

const WAITING: &str = "SELECT state, kind, COUNT(*), MIN(due_at) FROM delivery WHERE ended_at IS NULL GROUP BY state, kind";
const DUE: &str = "SELECT COUNT(*), MIN(due_at) FROM delivery WHERE ended_at IS NULL AND state <> 'parked' AND due_at <= $1";
/// No attempt of theirs ever had an answer, though they have been here since `$1`.
const UNTRIED: &str = "SELECT COUNT(*) FROM delivery WHERE ended_at IS NULL AND state <> 'parked' AND attempts = 0 \
     AND created_at <= $1 AND due_at <= $2";
const SENT_SINCE: &str = "SELECT id FROM delivery WHERE ended_at > $1 AND state = 'sent' LIMIT 1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[WAITING, DUE, UNTRIED, SENT_SINCE];

impl Store {
    /// The queue at `now`.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn queue_at(&self, now: DateTime<Utc>) -> Result<Queue, StoreError> {
        let cells = Cells { table: "delivery", row: 0 };
        let rows: Vec<(String, String, i64, i64)> = self.reader.rows(WAITING, values![]).await?;
        let waiting = |(state, kind, letters, due_at): (String, String, i64, i64)| -> Result<Waiting, StoreError> {
            let due_since = Some(cells.time(due_at)?).filter(|due_at| *due_at <= now);
            Ok(Waiting { state, kind, letters: cells.count(letters)?, due_since })
        };
        let due: Option<(i64, Option<i64>)> = self.reader.row(DUE, values![now]).await?;
        let (due, since) = due.unwrap_or_default();
        Ok(Queue {
            waiting: rows.into_iter().map(waiting).collect::<Result<_, _>>()?,
            due: cells.count(due)?,
            due_since: cells.maybe_time(since)?,
        })
    }

    /// How many letters have waited in vain for `longest` while not a single one was taken over: the queue stands still. None as long as
    /// any letter gets through, for a queue that moves is only long; a letter whose mailbox says "not now" has had its answer.
    ///
    /// # Errors
    /// The database's own.
    pub async fn stuck_letters(&self, longest: Duration, now: DateTime<Utc>) -> Result<u64, StoreError> {
        // A relay that is down lets letters wait for half a minute at a time.
        let soon = now + Duration::minutes(1);
        let untried: Option<(i64,)> = self.reader.row(UNTRIED, values![now - longest, soon]).await?;
        let untried = Cells { table: "delivery", row: 0 }.count(untried.map_or(0, |(count,)| count))?;
        if untried == 0 {
            return Ok(0);
        }
        let moving: Option<(i64,)> = self.reader.row(SENT_SINCE, values![now - longest]).await?;
        Ok(if moving.is_some() { 0 } else { untried })
    }

    /// The size of the database file and of its log in bytes; none where a server keeps them.
    #[must_use]
    pub fn file_sizes(&self) -> Option<(u64, u64)> {
        let Pool::Sqlite(pool) = &self.writer else { return None };
        let options = pool.connect_options();
        let mut log = options.get_filename().as_os_str().to_owned();
        log.push("-wal");
        let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
        Some((size(options.get_filename().to_path_buf()), size(log.into())))
    }
}
