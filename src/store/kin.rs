//! Which listings a new one is the same job as, or a further place of.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::error::StoreError;
use super::listing::{FetchRecord, ReadPosting};
use super::wire::{IDS, Tx, portions, values};
use crate::domain::{Likeness, ListingId, Relation};

/// A job that closed no longer ago than this and is posted again is known as the one it was.
const REPOSTED_WITHIN: TimeDelta = TimeDelta::days(30);

/// The newest few listings of one key: a key that thousands share (one text for a whole trade) says little.
macro_rules! of_key {
    ($number:literal) => {
        concat!(
            "SELECT listing_id FROM (SELECT listing_id FROM listing_key WHERE listing_key = $",
            $number,
            " ORDER BY listing_id DESC LIMIT 12) AS k",
            $number
        )
    };
}

macro_rules! of_keys {
    ($first:literal $($number:literal)*) => {
        concat!(of_key!($first), $(" UNION ", of_key!($number)),*)
    };
}

const BY_KEYS: &str = concat!(
    "SELECT id, source, likeness, closed_at, job_id, card_id FROM listing WHERE likeness IS NOT NULL \
     AND (closed_at IS NULL OR closed_at > $17) AND id IN (",
    of_keys!("1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16"),
    ") ORDER BY id DESC LIMIT 60"
);
/// Listings that were read before likenesses were kept are known by the same words only.
pub(super) const BY_WORDS: &str = "SELECT id, source, NULL AS likeness, closed_at, job_id, card_id FROM listing WHERE fingerprint = $1 \
     AND closed_at IS NULL AND (valid_through IS NULL OR valid_through > $2) LIMIT 1";
const ADD_KEYS: &str = "INSERT INTO listing_key (listing_key, listing_id) VALUES ($1, $17), ($2, $17), ($3, $17), ($4, $17), ($5, $17), \
     ($6, $17), ($7, $17), ($8, $17), ($9, $17), ($10, $17), ($11, $17), ($12, $17), ($13, $17), ($14, $17), ($15, $17), ($16, $17) \
     ON CONFLICT DO NOTHING";
const DROP_KEYS: &str = "DELETE FROM listing_key WHERE listing_id = $1";
const KEEP: &str = "UPDATE listing SET likeness = $2 WHERE id = $1";
const JOIN_JOB: &str = "UPDATE listing SET job_id = $2 WHERE id = $1";
/// The employer's own listing takes the place of the copy that came first.
const LEAD_JOB: &str = "UPDATE listing SET job_id = CASE WHEN id = $2 THEN NULL ELSE $2 END WHERE id = $1 OR job_id = $1 OR id = $2";
const JOIN_CARD: &str = "UPDATE listing SET card_id = $2 WHERE id = $1 OR id = $2";
const RENAME: &str = "UPDATE listing SET external_id = $2 WHERE id = $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BY_KEYS, BY_WORDS, ADD_KEYS, DROP_KEYS, KEEP, JOIN_JOB, LEAD_JOB, JOIN_CARD, RENAME];

/// What a new posting is to what is known.
pub(super) enum Kin {
    /// Nothing.
    Stranger,
    /// The job of a listing of the same source that is not there any more under its old id.
    Renamed(ListingId),
    /// The job of another listing.
    Twin {
        /// The first listing of that job.
        job: i64,
        /// Whether the new one is the employer's own and the other a copy.
        leads: bool,
    },
    /// A job that is known in other places.
    OtherPlace {
        /// The first listing of the card.
        card: i64,
    },
}

#[derive(FromRow)]
struct KnownKin {
    id: i64,
    source: String,
    likeness: Option<String>,
    closed_at: Option<i64>,
    job_id: Option<i64>,
    card_id: Option<i64>,
}

/// Looks for the kin of a new posting. `taken` are listings that were renamed in this fetch already.
pub(super) async fn find(tx: &mut Tx, record: &FetchRecord<'_>, read: &ReadPosting, taken: &[ListingId]) -> Result<Kin, StoreError> {
    let Some(likeness) = &read.likeness else { return by_words(tx, read, record.now).await };
    let mut values: Vec<_> = key_portion(likeness).into_iter().map(Into::into).collect();
    values.push((record.now - REPOSTED_WITHIN).into());
    let found: Vec<KnownKin> = tx.rows(BY_KEYS, &values).await?;
    let mut best = Kin::Stranger;
    for known in found {
        let cells = Cells { table: "listing", row: known.id };
        let Some(text) = &known.likeness else { continue };
        let other: Likeness = cells.json(text)?;
        let relation = likeness.relation(&other);
        let left = known.closed_at.is_some() || record.missing.contains(&ListingId(known.id));
        match relation {
            Relation::Same | Relation::Repost if left && known.source == record.source && !taken.contains(&ListingId(known.id)) => {
                return Ok(Kin::Renamed(ListingId(known.id)));
            }
            Relation::Same | Relation::Repost | Relation::Copy => {
                let leads = relation == Relation::Copy && other.agency && !likeness.agency;
                best = Kin::Twin { job: known.job_id.unwrap_or(known.id), leads };
            }
            Relation::OtherPlace if matches!(best, Kin::Stranger) && !left => {
                best = Kin::OtherPlace { card: known.card_id.unwrap_or(known.id) };
            }
            Relation::OtherPlace | Relation::Different => {}
        }
    }
    if matches!(best, Kin::Stranger) { by_words(tx, read, record.now).await } else { Ok(best) }
}

async fn by_words(tx: &mut Tx, read: &ReadPosting, now: DateTime<Utc>) -> Result<Kin, StoreError> {
    let found: Option<KnownKin> = tx.row(BY_WORDS, values![&read.listing.fingerprint.0, now]).await?;
    Ok(found.map_or(Kin::Stranger, |known| Kin::Twin { job: known.job_id.unwrap_or(known.id), leads: false }))
}

/// Replaces the likeness of a known listing and the keys it is found by.
pub(super) async fn replace(tx: &mut Tx, id: ListingId, read: &ReadPosting) -> Result<(), StoreError> {
    if read.likeness.is_some() {
        tx.run(DROP_KEYS, values![id]).await?;
    }
    keep(tx, id, read).await
}

/// Keeps the likeness of a new listing and the keys it is found by.
pub(super) async fn keep(tx: &mut Tx, id: ListingId, read: &ReadPosting) -> Result<(), StoreError> {
    let Some(likeness) = &read.likeness else { return Ok(()) };
    tx.run(KEEP, values![id, &to_json("listing", likeness)?]).await?;
    let mut values: Vec<_> = key_portion(likeness).into_iter().map(Into::into).collect();
    values.push(id.into());
    tx.run(ADD_KEYS, &values).await.map(drop)
}

/// Joins a new listing to its kin.
pub(super) async fn join(tx: &mut Tx, id: ListingId, kin: &Kin) -> Result<(), StoreError> {
    match kin {
        Kin::Stranger | Kin::Renamed(_) => Ok(()),
        Kin::Twin { job, leads: true } => tx.run(LEAD_JOB, values![*job, id]).await.map(drop),
        Kin::Twin { job, leads: false } => tx.run(JOIN_JOB, values![id, *job]).await.map(drop),
        Kin::OtherPlace { card } => tx.run(JOIN_CARD, values![id, *card]).await.map(drop),
    }
}

/// Gives a listing the id under which its source has it now.
pub(super) async fn rename(tx: &mut Tx, id: ListingId, external_id: &str) -> Result<(), StoreError> {
    tx.run(RENAME, values![id, external_id]).await.map(drop)
}

/// The keys of one listing, which always fit one portion.
fn key_portion(likeness: &Likeness) -> [i64; IDS] {
    let keys: Vec<i64> = likeness.keys().into_iter().take(IDS).map(u64::cast_signed).collect();
    portions(&keys).next().unwrap_or_default()
}
