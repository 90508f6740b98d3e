//! What the templates of letters about the alerts themselves are filled with: renewal, silence, goodbye.

use chrono::Duration;
use minijinja::{Value, context};

use crate::compose::letter::{RenewalLetter, SilenceLetter, WebhookLetter};
use crate::compose::links::Links;
use crate::compose::values::{MAX_ALERT_NAME, day, subscription_value};
use crate::domain::digest::Criterion;
use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::subscriber::Subscriber;
use crate::domain::subscription::Subscription;
use crate::domain::texts::word;
use crate::domain::webhook::{CallFault, Reach, WebhookUrl};

/// Wishes named as those that keep the most away.
const MAX_WISHES: usize = 3;
/// Alerts named before the rest is counted.
const MAX_ALERTS: usize = 10;

/// All of a renewal letter but the service.
pub(in crate::compose) fn renewal_value(letter: &RenewalLetter<'_>, links: &Links, unsubscribe_url: &str, language: Language) -> Value {
    let zone = letter.alerts.first().map_or(chrono_tz::Tz::UTC, |alert| alert.cadence.zone());
    let alerts = letter.alerts.iter().take(MAX_ALERTS).map(|alert| subscription_value(alert, letter.confirmed_at, language));
    context! {
        alerts => alerts.collect::<Vec<_>>(),
        more => letter.alerts.len().saturating_sub(MAX_ALERTS),
        silent_since => day(letter.alive_at, zone, language),
        ends_on => day(letter.delivery.created_at + Duration::days(Subscriber::ANSWERED_WITHIN_DAYS), zone, language),
        days => Subscriber::ASKED_AFTER_DAYS + Subscriber::ANSWERED_WITHIN_DAYS,
        consented_on => letter.confirmed_at.map_or_else(String::new, |at| day(at, zone, language)),
        renew_url => links.renew(letter.delivery),
        manage_url => links.manage(letter.delivery),
        unsubscribe_url,
    }
}

/// All of a letter about silence but the service.
pub(in crate::compose) fn silence_value(letter: &SilenceLetter<'_>, links: &Links, unsubscribe_url: &str, language: Language) -> Value {
    let wish =
        |(criterion, count): &(Criterion, u32)| context! { label => word(language, "criterion", criterion.as_str()), count => *count };
    context! {
        alert => subscription_value(letter.subscription, letter.confirmed_at, language),
        days => Subscription::SILENT_DAYS,
        published => letter.published,
        wishes => letter.keeps_away.iter().take(MAX_WISHES).map(wish).collect::<Vec<_>>(),
        edit_url => links.edit(letter.delivery, letter.subscription.id),
        manage_url => links.manage(letter.delivery),
        unsubscribe_url,
    }
}

/// All of a letter about a webhook that is off but the service.
pub(in crate::compose) fn webhook_value(letter: &WebhookLetter<'_>, links: &Links, unsubscribe_url: &str, language: Language) -> Value {
    let (webhook, zone) = (letter.webhook, letter.subscription.cadence.zone());
    let host = WebhookUrl::parse(&webhook.url, Reach::Anywhere).map(|url| one_line(url.host(), MAX_ALERT_NAME)).unwrap_or_default();
    let fault = webhook.fault.unwrap_or(CallFault::Unreachable);
    context! {
        alert => subscription_value(letter.subscription, letter.confirmed_at, language),
        host,
        fault => word(language, "call", fault.as_str()),
        gone => fault == CallFault::Gone,
        since => webhook.failing_since.map_or_else(String::new, |since| day(since, zone, language)),
        webhook_url => links.webhook(letter.delivery, letter.subscription.id),
        manage_url => links.manage(letter.delivery),
        unsubscribe_url,
    }
}
