//! What several letters are filled with alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::{Value, context};

use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::subscription::Subscription;
use crate::domain::texts::{cadence, long_day, say};

/// Longest name of an alert, a company or a service in a letter, in characters.
pub(in crate::compose) const MAX_ALERT_NAME: usize = 80;

/// What an alert is called; never empty.
pub(in crate::compose) fn alert_name(subscription: &Subscription, language: Language) -> String {
    Some(one_line(&subscription.name, MAX_ALERT_NAME)).filter(|name| !name.is_empty()).unwrap_or_else(|| say(language, "letter-name", &[]))
}

/// An alert as templates know it, with the day its owner consented on.
pub(in crate::compose) fn subscription_value(
    subscription: &Subscription,
    confirmed_at: Option<DateTime<Utc>>,
    language: Language,
) -> Value {
    let zone = subscription.cadence.zone();
    context! {
        name => alert_name(subscription, language),
        cadence => cadence(language, &subscription.cadence),
        instant => subscription.cadence.is_instant(),
        consented_on => confirmed_at.map_or_else(String::new, |at| day(at, zone, language)),
    }
}

/// `20 November 2026`, by the reader's clock.
pub(in crate::compose) fn day(at: DateTime<Utc>, zone: Tz, language: Language) -> String {
    long_day(language, at.with_timezone(&zone).date_naive())
}
