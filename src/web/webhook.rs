//! The webhook of one alert: given, shown, replaced, tested, taken away. Its secret stands on the answer to the form that gave it, once.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use chrono::{DateTime, Utc};
use minijinja::context;

use super::page::{Answer, page, said};
use super::person::Person;
use super::speech::{language, say};
use super::state::Site;
use super::typed::Typed;
use crate::domain::texts::{long_day, word};
use crate::domain::webhook::{Webhook, WebhookUrl, WebhookUrlError};
use crate::domain::{Subscription, texts::Text};

/// What is shown beside the webhook itself.
#[derive(Default)]
struct Shown<'a> {
    done: Option<String>,
    secret: Option<String>,
    typed: Option<&'a str>,
    fault: Option<String>,
}

/// The page of an alert's webhook.
pub(super) async fn webhook_page(site: &Site, person: &Person, alert: &Subscription, done: &str) -> Answer {
    let done = (done == "tested").then(|| said("done-tested"));
    show(site, person, alert, StatusCode::OK, Shown { done, ..Shown::default() }).await
}

/// Does what a button of that page says.
pub(super) async fn press(site: &Site, person: &Person, alert: &Subscription, typed: &Typed) -> Answer {
    let consent = &site.house.consent;
    let own = format!("/manage/{}?webhook={}", person.token, alert.id.0);
    match typed.one("do") {
        "webhook-test" => {
            let done = if consent.test_webhook(alert.id).await? { "&done=tested" } else { "" };
            Ok(Redirect::to(&format!("{own}{done}")).into_response())
        }
        "webhook-drop" => {
            consent.drop_webhook(alert.id, person.origin).await?;
            Ok(person.back("unhooked"))
        }
        _ => keep(site, person, alert, typed.one("url")).await,
    }
}

async fn keep(site: &Site, person: &Person, alert: &Subscription, text: &str) -> Answer {
    let refuse = |key| Shown { typed: Some(text), fault: Some(said(key)), ..Shown::default() };
    let url = match site.house.webhooks.map(|reach| WebhookUrl::parse(text, reach)) {
        Some(Ok(url)) => url,
        Some(Err(fault)) => {
            let key = match fault {
                WebhookUrlError::NotHttps => "webhook-fault-https",
                WebhookUrlError::NotPublic => "webhook-fault-public",
            };
            return show(site, person, alert, StatusCode::UNPROCESSABLE_ENTITY, refuse(key)).await;
        }
        None => return show(site, person, alert, StatusCode::CONFLICT, refuse("webhook-fault-off")).await,
    };
    let Some(secret) = site.house.consent.keep_webhook(alert.id, &url, person.origin).await? else {
        return Ok(person.back(""));
    };
    let shown = Shown { done: Some(said("done-hooked")), secret: Some(secret.text()), ..Shown::default() };
    show(site, person, alert, StatusCode::OK, shown).await
}

async fn show(site: &Site, person: &Person, alert: &Subscription, status: StatusCode, shown: Shown<'_>) -> Answer {
    let webhook = site.house.store.webhook(alert.id).await?;
    let moment = |at: DateTime<Utc>| moment(at, alert);
    let rows = webhook.as_ref().map(|webhook| {
        let mut rows = vec![(said("webhook-address"), webhook.url.clone()), (said("webhook-standing"), standing(webhook, &moment))];
        rows.extend(webhook.fault.map(|fault| {
            let detail = webhook.detail.as_deref().unwrap_or_default();
            (said("webhook-fault"), format!("{} ({detail})", word(language(), "call", fault.as_str())))
        }));
        rows.extend(webhook.worked_at.map(|at| (said("webhook-worked"), moment(at))));
        rows
    });
    let context = context! {
        service => site.house.service_name.as_str(),
        token => person.token.as_str(),
        alert => alert.id.0,
        name => alert.name.as_str(),
        rows,
        done => shown.done,
        secret => shown.secret,
        url => shown.typed.unwrap_or_default(),
        fault => shown.fault,
    };
    page(status, "webhook.html", context)
}

/// How a webhook fares, in a sentence.
fn standing(webhook: &Webhook, moment: &dyn Fn(DateTime<Utc>) -> String) -> String {
    let at = |key: &str, at| say(key, &[("at", Text::from(moment(at)))]);
    match (webhook.off_at, webhook.failing_since, webhook.worked_at) {
        (Some(off_at), ..) => at("webhook-off", off_at),
        (None, Some(since), _) => at("webhook-failing", since),
        (None, None, Some(_)) => said("webhook-well"),
        (None, None, None) => said("webhook-new"),
    }
}

/// A moment by the clock of the alert.
fn moment(at: DateTime<Utc>, alert: &Subscription) -> String {
    let at = at.with_timezone(&alert.cadence.zone());
    format!("{}, {}", long_day(language(), at.date_naive()), at.format("%H:%M"))
}
