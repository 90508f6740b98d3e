//! What the operator is told of sources that are not as they should be.

use chrono::{DateTime, Utc};

use crate::domain::email::EmailAddress;
use crate::domain::source::Health;

/// What a report to the operator is written from.
#[derive(Debug, Clone)]
pub struct OperatorReport {
    /// The operator.
    pub to: EmailAddress,
    /// When it is written; one report is told from another by it.
    pub now: DateTime<Utc>,
    /// How many sources there are.
    pub sources: usize,
    /// Those that want looking at.
    pub wrong: Vec<SourceTrouble>,
}

/// A source that wants looking at.
#[derive(Debug, Clone)]
pub struct SourceTrouble {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// How it is.
    pub health: Health,
    /// When it last answered well.
    pub last_success_at: Option<DateTime<Utc>>,
}
