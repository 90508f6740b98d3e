//! Listings read back: by source, by window, by id, and by what is open.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::listing::{Audience, KnownListing};
use super::wire::{id_list, portions, values};
use crate::domain::{BlockListing, Fingerprint, Listing, ListingId, Seq, Window, Words};

macro_rules! block_columns {
    () => {
        "id, seq, source, company, facts, words, first_seen, posted_at, valid_through, card_id, closed_at, quiet, job_id"
    };
}

macro_rules! columns {
    () => {
        "id, seq, quiet, posting, body, words, facts, fingerprint, first_seen, last_seen, posted_at, valid_through, closed_at"
    };
}

const KNOWN: &str = "SELECT external_id, id, posting_hash, closed_at IS NULL, row_hash, read_at FROM listing WHERE source = $1";
const NEWEST_SEQ: &str = "SELECT value FROM counter WHERE name = 'seq'";
const SEQ_AT: &str = "SELECT seq FROM listing WHERE first_seen <= $1 ORDER BY seq DESC LIMIT 1";
const BLOCK: &str =
    concat!("SELECT ", block_columns!(), " FROM listing WHERE seq > $1 AND seq <= $2 AND ($3 OR NOT quiet) ORDER BY seq LIMIT $4");
/// Open below a `seq` at a moment, and not the twin of a listing that is open too.
macro_rules! open {
    () => {
        " FROM listing WHERE closed_at IS NULL AND seq < $1 AND (valid_through IS NULL OR valid_through > $2) \
         AND (job_id IS NULL OR NOT EXISTS (SELECT 1 FROM listing AS t WHERE t.id = listing.job_id AND t.closed_at IS NULL))"
    };
}
macro_rules! newest {
    () => {
        " ORDER BY seq DESC LIMIT $3"
    };
}

pub(super) const OPEN_BLOCK: &str = concat!("SELECT ", block_columns!(), open!(), newest!());
const OPEN_SEQS: &str = concat!("SELECT seq", open!(), newest!());
const OPEN_JOBS: &str = concat!("SELECT COUNT(*)", open!());
const ONE: &str = concat!("SELECT ", columns!(), " FROM listing WHERE id = $1");
const SOME: &str = concat!("SELECT ", columns!(), " FROM listing WHERE id IN ", id_list!());

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[KNOWN, NEWEST_SEQ, SEQ_AT, BLOCK, OPEN_BLOCK, OPEN_SEQS, OPEN_JOBS, ONE, SOME];

impl Store {
    /// All listings of a source by external id.
    ///
    /// # Errors
    /// The database's own.
    pub async fn known_listings(&self, source: &str) -> Result<HashMap<String, KnownListing>, StoreError> {
        let rows: Vec<(String, i64, String, bool, Option<String>, i64)> = self.reader.rows(KNOWN, values![source]).await?;
        let known = |(external_id, id, posting_hash, open, row_hash, read_at)| {
            let read_at = Cells { table: "listing", row: id }.time(read_at)?;
            Ok((external_id, KnownListing { id: ListingId(id), posting_hash, open, row_hash, read_at }))
        };
        rows.into_iter().map(known).collect()
    }

    /// The newest published `seq`; zero before the first.
    ///
    /// # Errors
    /// The database's own.
    pub async fn newest_seq(&self) -> Result<Seq, StoreError> {
        let row: Option<(i64,)> = self.reader.row(NEWEST_SEQ, values![]).await?;
        Ok(row.map_or(Seq(0), |(seq,)| Seq(seq)))
    }

    /// The newest `seq` among listings first seen at or before `at`; zero where there is none.
    ///
    /// # Errors
    /// The database's own.
    pub async fn seq_at(&self, at: DateTime<Utc>) -> Result<Seq, StoreError> {
        let row: Option<(i64,)> = self.reader.row(SEQ_AT, values![at]).await?;
        Ok(row.map_or(Seq(0), |(seq,)| Seq(seq)))
    }

    /// At most `limit` listings of a window in order of `seq`, closed ones included; `Audience::Alerts` leaves out quiet ones,
    /// `Audience::Quiet` has all. Call again with the last `seq` as `after` until it answers with fewer than `limit`.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn block(&self, window: Window, audience: Audience, limit: u32) -> Result<Vec<BlockListing>, StoreError> {
        let values = values![window.after, window.until, audience == Audience::Quiet, limit];
        let rows: Vec<BlockRow> = self.reader.rows(BLOCK, values).await?;
        rows.into_iter().map(BlockRow::listing).collect()
    }

    /// At most `limit` open listings with `seq` below `before` (or the newest), newest first: for welcome letters and pages.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn open_block(&self, before: Option<Seq>, now: DateTime<Utc>, limit: u32) -> Result<Vec<BlockListing>, StoreError> {
        let values = values![before.unwrap_or(Seq(i64::MAX)), now, limit];
        let rows: Vec<BlockRow> = self.reader.rows(OPEN_BLOCK, values).await?;
        rows.into_iter().map(BlockRow::listing).collect()
    }

    /// The places of at most `limit` open listings in the order of publication, newest first: what [`Store::open_block`] has, without
    /// reading the listings.
    ///
    /// # Errors
    /// The database's own.
    pub async fn open_seqs(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Seq>, StoreError> {
        let rows: Vec<(i64,)> = self.reader.rows(OPEN_SEQS, values![Seq(i64::MAX), now, limit]).await?;
        Ok(rows.into_iter().map(|(seq,)| Seq(seq)).collect())
    }

    /// How many jobs are open: what [`Store::open_block`] has in all.
    ///
    /// # Errors
    /// The database's own.
    pub async fn open_jobs(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let row: Option<(i64,)> = self.reader.row(OPEN_JOBS, values![Seq(i64::MAX), now]).await?;
        Cells { table: "listing", row: 0 }.count(row.map_or(0, |(count,)| count))
    }

    /// One listing.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn listing(&self, id: ListingId) -> Result<Option<Listing>, StoreError> {
        let row: Option<ListingRow> = self.reader.row(ONE, values![id]).await?;
        row.map(ListingRow::listing).transpose()
    }

    /// Listings by id, in the order of `ids`; those that are gone are left out.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn listings(&self, ids: &[ListingId]) -> Result<Vec<Listing>, StoreError> {
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut found = HashMap::with_capacity(ids.len());
        for portion in portions(&numbers) {
            let values: Vec<_> = portion.into_iter().map(Into::into).collect();
            let rows: Vec<ListingRow> = self.reader.rows(SOME, &values).await?;
            for row in rows {
                found.insert(ListingId(row.id), row.listing()?);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

#[derive(FromRow)]
struct BlockRow {
    id: i64,
    seq: i64,
    source: String,
    company: Option<String>,
    facts: String,
    words: Vec<u8>,
    first_seen: i64,
    posted_at: Option<i64>,
    valid_through: Option<i64>,
    card_id: Option<i64>,
    closed_at: Option<i64>,
    quiet: bool,
    job_id: Option<i64>,
}

impl BlockRow {
    fn listing(self) -> Result<BlockListing, StoreError> {
        let cells = Cells { table: "listing", row: self.id };
        let first_seen = cells.time(self.first_seen)?;
        let posted_at = cells.maybe_time(self.posted_at)?.filter(|at| *at <= first_seen);
        let shown_company = self.company.clone().filter(|name| !name.trim().is_empty()).unwrap_or(self.source);
        Ok(BlockListing {
            id: ListingId(self.id),
            seq: Seq(self.seq),
            card: self.card_id.map(ListingId),
            shown_company,
            company: self.company,
            facts: cells.json(&self.facts)?,
            words: words(cells, &self.words)?,
            published_at: posted_at.unwrap_or(first_seen),
            came_up: if self.quiet { posted_at } else { Some(first_seen) }.filter(|_| self.job_id.is_none()),
            valid_through: cells.maybe_time(self.valid_through)?,
            closed_at: cells.maybe_time(self.closed_at)?,
        })
    }
}

#[derive(FromRow)]
struct ListingRow {
    id: i64,
    seq: i64,
    quiet: bool,
    posting: String,
    body: String,
    words: Vec<u8>,
    facts: String,
    fingerprint: String,
    first_seen: i64,
    last_seen: i64,
    posted_at: Option<i64>,
    valid_through: Option<i64>,
    closed_at: Option<i64>,
}

impl ListingRow {
    fn listing(self) -> Result<Listing, StoreError> {
        let cells = Cells { table: "listing", row: self.id };
        Ok(Listing {
            id: ListingId(self.id),
            seq: Seq(self.seq),
            quiet: self.quiet,
            posting: cells.json(&self.posting)?,
            text: self.body,
            words: words(cells, &self.words)?,
            facts: cells.json(&self.facts)?,
            fingerprint: Fingerprint(self.fingerprint),
            first_seen: cells.time(self.first_seen)?,
            last_seen: cells.time(self.last_seen)?,
            posted_at: cells.maybe_time(self.posted_at)?,
            valid_through: cells.maybe_time(self.valid_through)?,
            closed_at: cells.maybe_time(self.closed_at)?,
        })
    }
}

fn words(cells: Cells, bytes: &[u8]) -> Result<Words, StoreError> {
    Words::from_bytes(bytes).ok_or_else(|| cells.fault("the words of the listing do not read"))
}
