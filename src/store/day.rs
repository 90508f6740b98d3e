//! Letters, people and returned mails by day: for charts, and for counters that outlive the rows they count.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::{Tx, values};

/// How many, by day and then by word: an outcome, a state, a kind.
pub type ByDay = BTreeMap<NaiveDate, BTreeMap<String, u64>>;

/// One order of rows for everybody, so that two transactions never wait for each other's in a circle.
const COUNT_LETTERS: &str = "INSERT INTO delivery_day (day, outcome, receiver, letters) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (day, outcome, receiver) DO UPDATE SET letters = delivery_day.letters + EXCLUDED.letters";
const LETTERS: &str = "SELECT day, outcome, CAST(SUM(letters) AS BIGINT) FROM delivery_day WHERE day >= $1 GROUP BY day, outcome";
const LETTERS_IN_ALL: &str = "SELECT outcome, receiver, CAST(SUM(letters) AS BIGINT) FROM delivery_day GROUP BY outcome, receiver";
const CLEAR_PEOPLE: &str = "DELETE FROM subscriber_day WHERE day = $1 AND state NOT IN (SELECT state FROM subscriber WHERE id > 0)";
/// Writes nothing where nothing changed: every write wakes who watches the file.
const COUNT_PEOPLE: &str = "INSERT INTO subscriber_day (day, state, people) \
     SELECT CAST($1 AS BIGINT), state, COUNT(*) FROM subscriber WHERE id > 0 GROUP BY state \
     ON CONFLICT (day, state) DO UPDATE SET people = EXCLUDED.people WHERE subscriber_day.people <> EXCLUDED.people";
const PEOPLE: &str = "SELECT day, state, people FROM subscriber_day WHERE day >= $1";
const RETURNED: &str = "SELECT returned_at / 86400000, kind, COUNT(*) FROM returned WHERE returned_at >= $1 GROUP BY 1, 2";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[COUNT_LETTERS, LETTERS, LETTERS_IN_ALL, CLEAR_PEOPLE, COUNT_PEOPLE, PEOPLE, RETURNED];

/// Days since 1970.
pub(super) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.to_epoch_days())
}

/// How many letters came to a state, by state and by the family of their receiver.
pub(super) type Came = BTreeMap<(&'static str, &'static str), u32>;

/// Adds letters whose state has just changed to the day.
pub(super) async fn count_letters(tx: &mut Tx, came: &Came, at: DateTime<Utc>) -> Result<(), StoreError> {
    for ((outcome, receiver), letters) in came {
        tx.run(COUNT_LETTERS, values![day_number(at.date_naive()), *outcome, *receiver, *letters]).await?;
    }
    Ok(())
}

impl Store {
    /// What became of letters on each day from `first` on, by outcome.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn letters_by_day(&self, first: NaiveDate) -> Result<ByDay, StoreError> {
        by_day("delivery_day", self.reader.rows(LETTERS, values![day_number(first)]).await?)
    }

    /// What became of all letters ever, by outcome and by who runs the mailbox.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn letters_by_receiver(&self) -> Result<Vec<(String, String, u64)>, StoreError> {
        let rows: Vec<(String, String, i64)> = self.reader.rows(LETTERS_IN_ALL, values![]).await?;
        let cells = Cells { table: "delivery_day", row: 0 };
        rows.into_iter().map(|(outcome, receiver, count)| Ok((outcome, receiver, cells.count(count)?))).collect()
    }

    /// Notes how many people there are today, by state.
    ///
    /// # Errors
    /// The database's own.
    pub async fn note_people(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let day = day_number(now.date_naive());
        let mut tx = self.begin().await?;
        tx.run(CLEAR_PEOPLE, values![day]).await?;
        tx.run(COUNT_PEOPLE, values![day]).await?;
        tx.commit().await
    }

    /// How many people there were on each day from `first` on, by state.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn people_by_day(&self, first: NaiveDate) -> Result<ByDay, StoreError> {
        by_day("subscriber_day", self.reader.rows(PEOPLE, values![day_number(first)]).await?)
    }

    /// What came back on each day from `first` on, by kind.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn returned_by_day(&self, first: NaiveDate) -> Result<ByDay, StoreError> {
        by_day("returned", self.reader.rows(RETURNED, values![day_number(first) * 86_400_000]).await?)
    }
}

fn by_day(table: &'static str, rows: Vec<(i64, String, i64)>) -> Result<ByDay, StoreError> {
    let mut days = ByDay::new();
    for (number, word, count) in rows {
        let cells = Cells { table, row: number };
        let day = i32::try_from(number).ok().and_then(NaiveDate::from_epoch_days).ok_or_else(|| cells.fault("the day is none"))?;
        days.entry(day).or_default().insert(word, cells.count(count)?);
    }
    Ok(days)
}
