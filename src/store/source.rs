//! Where we left off with each source.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::day::day_number;
use super::db::Store;
use super::error::StoreError;
use super::listing::FetchSummary;
use super::wire::{Tx, values};
use crate::domain::{FetchFault, SourceDay, SourceState};

const ONE: &str = "SELECT state FROM source_state WHERE name = $1";
const ALL: &str = "SELECT name, state FROM source_state ORDER BY name";
const SAVE: &str = "INSERT INTO source_state (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state";

/// Adds one fetch to its day.
const ADD_TO_DAY: &str = "INSERT INTO source_day \
     (source, day, fetches, failures, fault, least, most, new_listings, changed, closed, relisted) \
     VALUES ($1, $2, 1, $3, $4, $5, $5, $6, $7, $8, $9) ON CONFLICT (source, day) DO UPDATE SET \
     fetches = source_day.fetches + 1, failures = source_day.failures + EXCLUDED.failures, \
     fault = COALESCE(EXCLUDED.fault, source_day.fault), \
     least = CASE WHEN source_day.least IS NULL OR EXCLUDED.least < source_day.least THEN EXCLUDED.least ELSE source_day.least END, \
     most = CASE WHEN source_day.most IS NULL OR EXCLUDED.most > source_day.most THEN EXCLUDED.most ELSE source_day.most END, \
     new_listings = source_day.new_listings + EXCLUDED.new_listings, changed = source_day.changed + EXCLUDED.changed, \
     closed = source_day.closed + EXCLUDED.closed, relisted = source_day.relisted + EXCLUDED.relisted";
const DAYS: &str = "SELECT day, fetches, failures, fault, least, most, new_listings, changed, closed, relisted FROM source_day \
     WHERE source = $1 AND day >= $2 ORDER BY day";
const ALL_DAYS: &str = "SELECT source, day, fetches, failures, fault, least, most, new_listings, changed, closed, relisted \
     FROM source_day WHERE day >= $1 ORDER BY source, day";
const FORGET_DAYS: &str = "DELETE FROM source_day WHERE day < $1";
const NOT_TOLD: &str = "UPDATE counter SET value = 0 WHERE name = 'operator_told_at' AND value = $1";
const TELL: &str = "UPDATE counter SET value = $1 WHERE name = 'operator_told_at' AND value <= $2";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ONE, ALL, SAVE, ADD_TO_DAY, DAYS, ALL_DAYS, FORGET_DAYS, TELL, NOT_TOLD];

impl Store {
    /// The state of a source; the default where it was never asked.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn source_state(&self, name: &str) -> Result<SourceState, StoreError> {
        let row: Option<(String,)> = self.reader.row(ONE, values![name]).await?;
        row.map_or_else(|| Ok(SourceState::default()), |(state,)| read_state(name, &state))
    }

    /// The states of all sources ever asked, by name.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn source_states(&self) -> Result<Vec<(String, SourceState)>, StoreError> {
        let rows: Vec<(String, String)> = self.reader.rows(ALL, values![]).await?;
        rows.into_iter().map(|(name, state)| read_state(&name, &state).map(|state| (name, state))).collect()
    }

    /// Keeps the state of a source after a fetch at `now` that brought nothing to record.
    ///
    /// # Errors
    /// The database's own.
    pub async fn save_source_state(&self, name: &str, state: &SourceState, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        save(&mut tx, name, state, &FetchSummary::default(), now).await?;
        tx.commit().await
    }

    /// What a source did on each day from `first` on; days on which nobody asked it are left out.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn source_days(&self, name: &str, first: NaiveDate) -> Result<Vec<SourceDay>, StoreError> {
        let rows: Vec<DayRow> = self.reader.rows(DAYS, values![name, day_number(first)]).await?;
        rows.into_iter().map(DayRow::day).collect()
    }

    /// Forgets what sources did before a day; how many rows.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_source_days(&self, before: NaiveDate) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(FORGET_DAYS, values![day_number(before)]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// What every source did on each day from `first` on, by name.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn all_source_days(&self, first: NaiveDate) -> Result<BTreeMap<String, Vec<SourceDay>>, StoreError> {
        let rows: Vec<NamedDayRow> = self.reader.rows(ALL_DAYS, values![day_number(first)]).await?;
        let mut days = BTreeMap::<String, Vec<SourceDay>>::new();
        for NamedDayRow { source, day } in rows {
            days.entry(source).or_default().push(day.day()?);
        }
        Ok(days)
    }

    /// Takes the right to write to the operator at `now`; false where somebody wrote after `last`.
    ///
    /// # Errors
    /// The database's own.
    pub async fn may_tell_operator(&self, now: DateTime<Utc>, last: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let taken = tx.run(TELL, values![now, last]).await? > 0;
        tx.commit().await?;
        Ok(taken)
    }
}

impl Store {
    /// Gives the right of [`Store::may_tell_operator`] back: the letter of `now` was not handed over.
    ///
    /// # Errors
    /// The database's own.
    pub async fn operator_not_told(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.run(NOT_TOLD, values![now]).await?;
        tx.commit().await
    }
}

/// Lets a source be asked before its wait is over; false where it does not wait at `now`.
pub(super) async fn end_wait(tx: &mut Tx, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some((state,)) = tx.row::<(String,)>(ONE, values![name]).await? else { return Ok(false) };
    let mut state = read_state(name, &state)?;
    if state.not_before.take_if(|until| *until > now).is_none() {
        return Ok(false);
    }
    tx.run(SAVE, values![name, &to_json("source_state", &state)?]).await?;
    Ok(true)
}

/// Keeps a source's state and adds the fetch to its day.
pub(super) async fn save(
    tx: &mut Tx,
    name: &str,
    state: &SourceState,
    summary: &FetchSummary,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.run(SAVE, values![name, &to_json("source_state", state)?]).await?;
    let failed = state.fault.is_some_and(|fault| fault != FetchFault::Flawed);
    let counted = state.last_yield.filter(|_| !failed);
    let fault = state.fault.map(FetchFault::as_str);
    let values = values![
        name,
        day_number(now.date_naive()),
        u32::from(failed),
        fault,
        counted,
        summary.new,
        summary.changed,
        summary.closed,
        summary.relisted,
    ];
    tx.run(ADD_TO_DAY, values).await.map(drop)
}

#[derive(FromRow)]
struct NamedDayRow {
    source: String,
    #[sqlx(flatten)]
    day: DayRow,
}

#[derive(FromRow)]
struct DayRow {
    day: i64,
    fetches: i64,
    failures: i64,
    fault: Option<String>,
    least: Option<i64>,
    most: Option<i64>,
    new_listings: i64,
    changed: i64,
    closed: i64,
    relisted: i64,
}

impl DayRow {
    fn day(self) -> Result<SourceDay, StoreError> {
        let cells = Cells { table: "source_day", row: self.day };
        let day = i32::try_from(self.day).ok().and_then(NaiveDate::from_epoch_days);
        Ok(SourceDay {
            day: day.ok_or_else(|| cells.fault("the day is none"))?,
            fetches: cells.count(self.fetches)?,
            failures: cells.count(self.failures)?,
            fault: self.fault.as_deref().map(|fault| cells.word(fault)).transpose()?,
            least: self.least.map(|count| cells.count(count)).transpose()?,
            most: self.most.map(|count| cells.count(count)).transpose()?,
            new: cells.count(self.new_listings)?,
            changed: cells.count(self.changed)?,
            closed: cells.count(self.closed)?,
            relisted: cells.count(self.relisted)?,
        })
    }
}

fn read_state(name: &str, state: &str) -> Result<SourceState, StoreError> {
    // The key of this table is a name, which says more than a number.
    Cells { table: "source_state", row: 0 }.json(state).map_err(|error| match error {
        StoreError::Row { table, fault, .. } => StoreError::Row { table, row: name.to_owned(), fault },
        other => other,
    })
}
