//! What the operator is told of sources that are not as they should be.

use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use crate::compose::values::MAX_ALERT_NAME;
use crate::domain::email::EmailAddress;
use crate::domain::line::one_line;
use crate::domain::source::Health;

/// Sources named in a report before the rest is counted, and the length of what is said of each, in characters.
const MAX_TROUBLES: usize = 30;
const MAX_HEALTH: usize = 400;

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
    /// Why letters are kept back, a sentence each.
    pub sending: Vec<String>,
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

/// All of a report but the service.
pub(in crate::compose) fn report_value(report: &OperatorReport) -> Value {
    let source = |trouble: &SourceTrouble| {
        let success = trouble.last_success_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%MZ").to_string());
        context! {
            name => one_line(&trouble.name, MAX_ALERT_NAME),
            kind => trouble.kind.as_str(),
            health => one_line(&trouble.health.to_string(), MAX_HEALTH),
            last_success => success,
        }
    };
    context! {
        sources => report.sources,
        count => report.wrong.len(),
        sending => report.sending.iter().take(MAX_TROUBLES).map(|why| one_line(why, MAX_HEALTH)).collect::<Vec<_>>(),
        wrong => report.wrong.iter().take(MAX_TROUBLES).map(source).collect::<Vec<_>>(),
        more => report.wrong.len().saturating_sub(MAX_TROUBLES),
    }
}
