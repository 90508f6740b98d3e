//! Records a fetch: listings are kept, published in order, changed, healed and closed.

use chrono::{DateTime, Utc};

use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::kin::Kin;
use super::listing::{Audience, FetchRecord, FetchSummary, ReadPosting};
use super::wire::{Tx, id_list, portions, values};
use super::{kin, listing_event, source};
use crate::domain::listing_event::differences;
use crate::domain::{ListingEventKind, ListingId, Posting};

/// Takes the row lock of the counter, so that only one transaction at a time gives out numbers.
const LOCK_SEQ: &str = "UPDATE counter SET value = value WHERE name = 'seq' RETURNING value";
const SET_SEQ: &str = "UPDATE counter SET value = $1 WHERE name = 'seq'";
const FIND: &str = "SELECT id, content_hash, closed_at, posting, body FROM listing WHERE source = $1 AND external_id = $2";
const INSERT: &str = "INSERT INTO listing (seq, source, external_id, quiet, first_seen, last_seen, fingerprint, content_hash, \
     posting_hash, posted_at, valid_through, company, facts, words, posting, body, row_hash, read_at) \
     VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $5) RETURNING id";
const UPDATE: &str = "UPDATE listing SET last_seen = $2, closed_at = NULL, fingerprint = $3, content_hash = $4, posting_hash = $5, \
     posted_at = $6, valid_through = $7, company = $8, facts = $9, words = $10, posting = $11, body = $12, row_hash = $13, \
     read_at = $2 WHERE id = $1";
const REREAD: &str = "UPDATE listing SET row_hash = $2, read_at = $3 WHERE id = $1";
const HEAL: &str = concat!("UPDATE listing SET closed_at = NULL WHERE closed_at IS NOT NULL AND id IN ", id_list!());
const SEEN: &str = concat!("UPDATE listing SET last_seen = $17 WHERE id IN ", id_list!());
const CLOSE: &str = concat!("UPDATE listing SET closed_at = $17 WHERE closed_at IS NULL AND id IN ", id_list!());

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[LOCK_SEQ, SET_SEQ, FIND, INSERT, UPDATE, REREAD, HEAL, SEEN, CLOSE];

/// Postings kept in one transaction. Whoever else wants to write waits no longer than these take.
const PORTION: usize = 200;

impl Store {
    /// Records a fetch: keeps and publishes what is new (next `seq` each, in the order given), updates what changed (the `seq`
    /// stays), heals what came back, closes what is missing, and keeps the source's state. A large one takes several
    /// transactions, the state in the last: what ends between them is known to the next fetch, which goes on from there.
    ///
    /// # Errors
    /// The database's own; then the source's state is as before.
    pub async fn record_fetch(&self, record: FetchRecord<'_>) -> Result<FetchSummary, StoreError> {
        let (mut summary, mut renamed) = (FetchSummary::default(), Vec::new());
        let (earlier, last) = record.read.split_at(record.read.len().saturating_sub(1) / PORTION * PORTION);
        for portion in earlier.chunks(PORTION) {
            let mut tx = self.begin().await?;
            publish(&mut tx, &record, portion, &mut renamed, &mut summary).await?;
            tx.commit().await?;
        }
        let mut tx = self.begin().await?;
        if !last.is_empty() {
            publish(&mut tx, &record, last, &mut renamed, &mut summary).await?;
        }
        on_portions(&mut tx, listing_event::ADD_RELISTED, &record.seen, Some(record.now)).await?;
        summary.relisted += on_portions(&mut tx, HEAL, &record.seen, None).await?;
        on_portions(&mut tx, SEEN, &record.seen, Some(record.now)).await?;
        for (id, row_hash) in &record.reread {
            tx.run(REREAD, values![*id, row_hash, record.now]).await?;
        }
        // Last, so that a listing that only changed its id finds its former self still open and is known as its twin.
        let missing: Vec<ListingId> = record.missing.iter().filter(|id| !renamed.contains(id)).copied().collect();
        on_portions(&mut tx, listing_event::ADD_CLOSED, &missing, Some(record.now)).await?;
        summary.closed = on_portions(&mut tx, CLOSE, &missing, Some(record.now)).await?;
        let mut state = record.state.clone();
        if summary.new > 0 {
            state.note_news(record.now);
        }
        source::save(&mut tx, record.source, &state, &summary, record.now).await?;
        tx.commit().await?;
        Ok(summary)
    }
}

/// Publishes what is new and updates what is known; notes the listings that came under a new id.
async fn publish(
    tx: &mut Tx,
    record: &FetchRecord<'_>,
    portion: &[ReadPosting],
    renamed: &mut Vec<ListingId>,
    summary: &mut FetchSummary,
) -> Result<(), StoreError> {
    let newest = tx.number(LOCK_SEQ, values![]).await?;
    let mut seq = newest;
    for read in portion {
        let external_id = &read.listing.posting.id;
        let mut known: Option<Known> = tx.row(FIND, values![record.source, external_id]).await?;
        let kin = if known.is_none() { kin::find(tx, record, read, renamed).await? } else { Kin::Stranger };
        if let Kin::Renamed(id) = kin {
            kin::rename(tx, id, external_id).await?;
            renamed.push(id);
            summary.renamed += 1;
            known = tx.row(FIND, values![record.source, external_id]).await?;
        }
        if let Some(known) = known {
            note(tx, &known, read, record.now).await?;
            update(tx, known.id, read, record.now).await?;
            kin::replace(tx, ListingId(known.id), read).await?;
            summary.changed += u32::from(known.content_hash != read.listing.content_hash);
            summary.relisted += u32::from(known.closed_at.is_some());
            continue;
        }
        seq += 1;
        let twin = matches!(kin, Kin::Twin { .. });
        let id = insert(tx, record, read, seq, twin || record.audience == Audience::Quiet).await?;
        kin::join(tx, id, &kin).await?;
        kin::keep(tx, id, read).await?;
        summary.new += 1;
        summary.twins += u32::from(twin && record.audience == Audience::Alerts);
    }
    if seq > newest {
        tx.run(SET_SEQ, values![seq]).await?;
    }
    Ok(())
}

/// A listing as it stands before it is read anew.
#[derive(FromRow)]
struct Known {
    id: i64,
    content_hash: String,
    closed_at: Option<i64>,
    posting: String,
    body: String,
}

/// Keeps what changed in a listing, and that it came back.
async fn note(tx: &mut Tx, known: &Known, read: &ReadPosting, now: DateTime<Utc>) -> Result<(), StoreError> {
    if known.closed_at.is_some() {
        listing_event::add(tx, ListingId(known.id), ListingEventKind::Relisted, now, &[]).await?;
    }
    if known.content_hash == read.listing.content_hash {
        return Ok(());
    }
    let before: Posting = Cells { table: "listing", row: known.id }.json(&known.posting)?;
    let found = differences((&before, &known.body), (&read.listing.posting, &read.listing.text));
    listing_event::add(tx, ListingId(known.id), ListingEventKind::Changed, now, &found).await
}

async fn insert(tx: &mut Tx, record: &FetchRecord<'_>, read: &ReadPosting, seq: i64, quiet: bool) -> Result<ListingId, StoreError> {
    let listing = &read.listing;
    let facts = to_json("listing", &listing.facts)?;
    let posting = to_json("listing", &listing.posting)?;
    let words = listing.words.to_bytes();
    let values = values![
        seq,
        record.source,
        &listing.posting.id,
        quiet,
        record.now,
        &listing.fingerprint.0,
        &listing.content_hash,
        &read.posting_hash,
        listing.posted_at,
        listing.valid_through,
        listing.posting.company.as_deref(),
        &facts,
        words.as_slice(),
        &posting,
        &listing.text,
        read.row_hash.as_deref(),
    ];
    Ok(ListingId(tx.number(INSERT, values).await?))
}

async fn update(tx: &mut Tx, id: i64, read: &ReadPosting, now: DateTime<Utc>) -> Result<(), StoreError> {
    let listing = &read.listing;
    let facts = to_json("listing", &listing.facts)?;
    let posting = to_json("listing", &listing.posting)?;
    let words = listing.words.to_bytes();
    let values = values![
        id,
        now,
        &listing.fingerprint.0,
        &listing.content_hash,
        &read.posting_hash,
        listing.posted_at,
        listing.valid_through,
        listing.posting.company.as_deref(),
        &facts,
        words.as_slice(),
        &posting,
        &listing.text,
        read.row_hash.as_deref(),
    ];
    tx.run(UPDATE, values).await.map(drop)
}

/// Runs a statement over ids, portion by portion; how many rows it changed.
async fn on_portions(tx: &mut Tx, sql: &'static str, ids: &[ListingId], at: Option<DateTime<Utc>>) -> Result<u32, StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut changed = 0;
    for portion in portions(&ids) {
        let mut values: Vec<_> = portion.into_iter().map(Into::into).collect();
        values.extend(at.map(Into::into));
        changed += tx.run(sql, &values).await?;
    }
    Ok(u32::try_from(changed).unwrap_or(u32::MAX))
}
