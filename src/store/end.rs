//! Attempts end: all of a commit in one statement, for each statement is a way to the database and back.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::error::StoreError;
use super::returned::Charge;
use super::wire::{Tx, values, without_zero};
use crate::domain::{DeliveryEvent, DeliveryId, DeliveryState};

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Which one.
    pub delivery: DeliveryId,
    /// The state it was in: `sending`, or `leased` where it was not begun.
    pub from: DeliveryState,
    /// What happened to it.
    pub event: DeliveryEvent,
    /// When the next attempt is due, where there is one.
    pub again_at: Option<DateTime<Utc>>,
    /// Whether the attempt counts.
    pub counts: bool,
    /// Whether it was tried at all, for the figures: what was only taken ahead was not.
    pub tried: bool,
    /// What the server said, or why it was cancelled; without addresses.
    pub detail: String,
    /// The letter as it went out, where it may have arrived and is sent once more.
    pub letter: Option<Vec<u8>>,
    /// What the relay said of its mailbox, where it is given up for that.
    pub charge: Option<Charge>,
    /// The family of whoever takes mail for the mailbox, for the figures.
    pub receiver: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a letter's row is to be, in the words of the statement.
#[derive(Serialize)]
struct End<'a> {
    delivery: i64,
    was: &'static str,
    state: &'static str,
    due_at: Option<i64>,
    ended_at: Option<i64>,
    detail: Cow<'a, str>,
    attempts: i64,
    unanswered: i64,
}

impl<'a> End<'a> {
    fn of(ended: &'a Ended, state: DeliveryState) -> Self {
        let over = state.is_final() || (state == DeliveryState::Unknown && ended.again_at.is_none());
        let due_at = match state {
            DeliveryState::Retrying => Some(ended.again_at.unwrap_or(ended.at)),
            _ => ended.again_at,
        };
        Self {
            delivery: ended.delivery.0,
            was: ended.from.as_str(),
            state: state.as_str(),
            due_at: due_at.map(|at| at.timestamp_millis()),
            ended_at: over.then(|| ended.at.timestamp_millis()),
            detail: without_zero(&ended.detail),
            attempts: i64::from(ended.counts),
            unanswered: i64::from(ended.event == DeliveryEvent::Unanswered),
        }
    }
}

const END_SQLITE: &str = "UPDATE delivery SET state = value ->> 'state', due_at = COALESCE(value ->> 'due_at', due_at), \
     ended_at = value ->> 'ended_at', detail = value ->> 'detail', lease_until = NULL, \
     attempts = attempts + (value ->> 'attempts'), unanswered = unanswered + (value ->> 'unanswered'), \
     secret = CASE WHEN value ->> 'ended_at' IS NULL THEN secret END \
     FROM json_each($1) WHERE delivery.id = value ->> 'delivery' AND delivery.state = value ->> 'was' RETURNING delivery.id";
/// Rows are locked in the order of their numbers, so that two workers never wait for each other's in a circle.
const END_POSTGRES: &str = "UPDATE delivery SET state = e.state, due_at = COALESCE(e.due_at, delivery.due_at), \
     ended_at = e.ended_at, detail = e.detail, lease_until = NULL, \
     attempts = delivery.attempts + e.attempts, unanswered = delivery.unanswered + e.unanswered, \
     secret = CASE WHEN e.ended_at IS NULL THEN delivery.secret END \
     FROM (SELECT given.* FROM json_to_recordset(CAST($1 AS JSON)) AS given (delivery BIGINT, was TEXT, state TEXT, due_at BIGINT, \
     ended_at BIGINT, detail TEXT, attempts BIGINT, unanswered BIGINT) JOIN delivery AS locked ON locked.id = given.delivery \
     ORDER BY locked.id FOR UPDATE OF locked) AS e WHERE delivery.id = e.delivery AND delivery.state = e.was RETURNING delivery.id";

/// Statements of this file, for the tests that prepare them all.
#[cfg(test)]
pub(super) const SQLITE_STATEMENTS: &[&str] = &[END_SQLITE];
#[cfg(test)]
pub(super) const POSTGRES_STATEMENTS: &[&str] = &[END_POSTGRES];

/// Brings each letter to its state; those that changed. One that is not in the state it is said to be in stays as it is.
pub(super) async fn end(tx: &mut Tx, ended: &[(&Ended, DeliveryState)]) -> Result<HashSet<i64>, StoreError> {
    if ended.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<End<'_>> = ended.iter().map(|(ended, state)| End::of(ended, *state)).collect();
    let text = serde_json::to_string(&rows).expect("words and numbers have a text");
    let changed: Vec<(i64,)> = tx.rows(tx.choose(END_SQLITE, END_POSTGRES), values![&text]).await?;
    Ok(changed.into_iter().map(|(id,)| id).collect())
}
