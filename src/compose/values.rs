//! What several letters are filled with alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::{Value, context};

use crate::domain::line::one_line;
use crate::domain::subscription::Subscription;

/// Longest name of an alert, a company or a service in a letter, in characters.
pub(in crate::compose) const MAX_ALERT_NAME: usize = 80;

/// What an alert is called; never empty.
pub(in crate::compose) fn alert_name(subscription: &Subscription) -> String {
    Some(one_line(&subscription.name, MAX_ALERT_NAME)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Your job alert".to_owned())
}

/// An alert as templates know it, with the day its owner consented on.
pub(in crate::compose) fn subscription_value(subscription: &Subscription, confirmed_at: Option<DateTime<Utc>>) -> Value {
    let zone = subscription.cadence.zone();
    context! {
        name => alert_name(subscription),
        cadence => subscription.cadence.described(),
        instant => subscription.cadence.is_instant(),
        consented_on => confirmed_at.map_or_else(String::new, |at| day(at, zone)),
    }
}

/// `20 November 2026`, by the reader's clock.
pub(in crate::compose) fn day(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%-d %B %Y").to_string()
}
