//! From what a row holds to what a noun needs; a cell that does not read names its table and row.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;

/// The place of the cells that are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells {
    pub(super) table: &'static str,
    pub(super) row: i64,
}

impl Cells {
    pub(super) fn fault(self, fault: impl Display) -> StoreError {
        StoreError::Row { table: self.table, row: self.row.to_string(), fault: fault.to_string() }
    }

    /// A moment from Unix milliseconds.
    pub(super) fn time(self, millis: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_millis(millis).ok_or_else(|| self.fault(format_args!("{millis} is no time")))
    }

    /// A moment that may be missing.
    pub(super) fn maybe_time(self, millis: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
        millis.map(|millis| self.time(millis)).transpose()
    }

    /// A word of a closed set.
    pub(super) fn word<T: FromStr<Err: Display>>(self, text: &str) -> Result<T, StoreError> {
        text.parse().map_err(|error| self.fault(error))
    }

    /// A value kept as JSON.
    pub(super) fn json<T: DeserializeOwned>(self, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| self.fault(error))
    }

    /// A count that is never negative.
    pub(super) fn count<T: TryFrom<i64>>(self, number: i64) -> Result<T, StoreError> {
        T::try_from(number).map_err(|_| self.fault(format_args!("{number} is no count")))
    }
}

/// Writes a value as JSON for `table`.
pub(super) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Row { table, row: "new".to_owned(), fault: error.to_string() })
}
