//! The two typed databases behind one face: values go in, private rows come out, and one macro runs a body on either.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::error::StoreError;
use crate::domain::{DeliveryId, ListingId, Seq, SubscriberId, SubscriptionId};

/// A pool of either database.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction on either database; what is not committed is rolled back.
pub(super) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A row that reads alike from both databases.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// One bound value, in the few types that both databases share.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Int(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Bytes(&'a [u8]),
    Flag(bool),
}

/// Runs one body on whichever database it is.
macro_rules! on {
    ($kind:ident, $either:expr, $it:ident => $body:expr) => {
        match $either {
            $kind::Sqlite($it) => $body,
            $kind::Postgres($it) => $body,
        }
    };
}

/// Binds values to a statement in order.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(number) => query.bind(*number),
                Value::Text(text) => query.bind(text.as_deref()),
                Value::Bytes(bytes) => query.bind(*bytes),
                Value::Flag(flag) => query.bind(*flag),
            };
        }
        query
    }};
}

/// A list of values to bind.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::wire::Value::from($value)),*] };
}
pub(super) use values;

impl Pool {
    /// Begins a transaction that may write; on SQLite it takes the write lock at once, for a deferred one can fail half way.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// All rows of a statement that only reads.
    pub(super) async fn rows<R: Row>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<R>, StoreError> {
        on!(Self, self, pool => in_time(bound!(sqlx::query_as(sql), values).fetch_all(pool)).await)
    }

    /// The row of a statement that only reads, if there is one.
    pub(super) async fn row<R: Row>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, StoreError> {
        on!(Self, self, pool => in_time(bound!(sqlx::query_as(sql), values).fetch_optional(pool)).await)
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        on!(Self, self, pool => pool.close().await);
    }
}

/// Longest time that one reading statement may take. On SQLite nothing is given back to the log while somebody reads, so that a reader
/// without a limit would let it grow without one.
const READ_WITHIN: Duration = Duration::from_mins(1);

async fn in_time<T>(reading: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(READ_WITHIN, reading).await {
        Ok(read) => Ok(read?),
        Err(_) => Err(StoreError::Database(sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut)))),
    }
}

impl Tx {
    /// Runs a statement; how many rows it changed.
    pub(super) async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        Ok(on!(Self, self, tx => bound!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected()))
    }

    /// All rows of a statement.
    pub(super) async fn rows<R: Row>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<R>, StoreError> {
        Ok(on!(Self, self, tx => bound!(sqlx::query_as(sql), values).fetch_all(&mut **tx).await?))
    }

    /// The row of a statement, if there is one.
    pub(super) async fn row<R: Row>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, StoreError> {
        Ok(on!(Self, self, tx => bound!(sqlx::query_as(sql), values).fetch_optional(&mut **tx).await?))
    }

    /// The one number of a statement that always answers.
    pub(super) async fn number(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<i64, StoreError> {
        let row: Option<(i64,)> = self.row(sql, values).await?;
        row.map(|(number,)| number).ok_or(StoreError::Database(sqlx::Error::RowNotFound))
    }

    /// Makes it durable.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        on!(Self, self, tx => tx.commit().await.map_err(StoreError::Database))
    }

    /// The text for this database, where the two must differ.
    pub(super) const fn choose(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }
}

/// Ids of one statement; a list is worked off in portions of this many, the last one filled up with its last id.
pub(super) const IDS: usize = 16;

/// Ids in portions that `id_list!` holds.
pub(super) fn portions(ids: &[i64]) -> impl Iterator<Item = [i64; IDS]> + '_ {
    ids.chunks(IDS).map(|chunk| std::array::from_fn(|index| chunk.get(index).or(chunk.last()).copied().unwrap_or_default()))
}

/// Sixteen numbered places for ids, from `$1`; the other values of the statement follow from `$17`.
macro_rules! id_list {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    };
}
pub(super) use id_list;

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}

impl From<Option<u32>> for Value<'_> {
    fn from(number: Option<u32>) -> Self {
        Self::Int(number.map(i64::from))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Postgres texts cannot hold U+0000, which no reader misses either.
pub(super) fn without_zero(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(without_zero(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Text(None), Self::from)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// Unix milliseconds.
impl From<DateTime<Utc>> for Value<'_> {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Int(Some(at.timestamp_millis()))
    }
}

impl From<Option<DateTime<Utc>>> for Value<'_> {
    fn from(at: Option<DateTime<Utc>>) -> Self {
        Self::Int(at.map(|at| at.timestamp_millis()))
    }
}

macro_rules! from_ids {
    ($($id:ident)+) => { $(impl From<$id> for Value<'_> {
        fn from(id: $id) -> Self {
            Self::Int(Some(id.0))
        }
    })+ };
}
from_ids!(ListingId Seq SubscriberId SubscriptionId DeliveryId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_ids_is_worked_off_whole_and_without_strangers() {
        let ids: Vec<i64> = (1..=40).collect();
        let got: Vec<i64> = portions(&ids).flatten().collect();
        assert_eq!(got.len(), 48);
        assert_eq!(got.iter().copied().collect::<std::collections::BTreeSet<_>>(), ids.into_iter().collect());
        assert_eq!(portions(&[]).count(), 0);
    }

    #[test]
    fn the_zero_character_is_left_out_of_texts() {
        let Value::Text(Some(text)) = Value::from("a\0b") else { panic!("a text stays a text") };
        assert_eq!(text, "ab");
    }
}
