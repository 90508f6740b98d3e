//! One subscriber's preferences, cadence and cursor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::cadence::Cadence;
use crate::domain::feedback::Feedback;
use crate::domain::listing::Seq;
use crate::domain::preferences::Preferences;
use crate::domain::subscriber::SubscriberId;

/// The row id of a subscription; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionId(pub i64);

/// A saved search on its way into the store: name, preferences, cadence.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubscription {
    /// What the person calls it.
    pub name: String,
    /// The wishes.
    pub preferences: Preferences,
    /// When it is due.
    pub cadence: Cadence,
}

/// A saved search with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Row id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub subscriber: SubscriberId,
    /// What the person calls it.
    pub name: String,
    /// The wishes.
    pub preferences: Preferences,
    /// When it is due.
    pub cadence: Cadence,
    /// What was said of listings of its letters, oldest first.
    pub feedback: Vec<Feedback>,
    /// Everything published up to here has been decided for it.
    pub cursor: Seq,
    /// When it is due next: the next digest, or the end of the grouping time of an instant alert with a hit; none while nothing is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the welcome letter has been queued.
    pub welcomed: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Subscription {
    /// An alert that brought nothing for so many days says so once.
    pub const SILENT_DAYS: i64 = 30;

    /// Whether it is the same alert: name, wishes and cadence.
    #[must_use]
    pub fn is_as(&self, new: &NewSubscription) -> bool {
        self.name == new.name && self.preferences == new.preferences && self.cadence == new.cadence
    }
}

/// An alert as contract part 6 writes it (`match`, `subscriber import` and `add --preferences`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Any id of the outside.
    #[serde(default, deserialize_with = "id_text")]
    pub id: String,
    /// What the person calls it.
    #[serde(default)]
    pub name: String,
    /// The wishes.
    #[serde(default)]
    pub preferences: Preferences,
    /// When it is due; `match` needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Cadence>,
}

/// Ids may be written as text or as a number.
fn id_text<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(d)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("an alert's id is a text or a number")),
    }
}
