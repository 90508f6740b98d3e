//! All alerts of one address: edit, add, pause, resume, end, export, erase. Each change is followed by a redirect, so that loading
//! the page again never repeats it.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::feed::feed_token;
use super::feedback::Said;
use super::fits::fits_text;
use super::form_view::form_value;
use super::home::{at_home, offered};
use super::page::{Answer, notice, page, said};
use super::person::Person;
use super::speech::{day, language, say};
use super::state::{Shared, Site};
use super::typed::{DEFAULT_ZONE, LANGUAGE_FIELD, Typed};
use super::visitor::Visitor;
use super::webhook;
use super::wishes::{Faults, read_alert, read_preferences};
use super::wishes_view::described;
use crate::domain::cadence::parse_zone;
use crate::domain::line::one_line;
use crate::domain::{Language, ListingId, NewSubscription, SubscriberId, SubscriberState, Subscription, texts};

/// Most days a pause may last when it has an end.
const LONGEST_PAUSE_DAYS: u64 = 366;

/// Longest text that is said again where it is no day, in characters.
const LONGEST_DAY: usize = 40;

/// What was done last, as the redirect carries it: a closed set, so that a link cannot make the page say anything.
const DONE: &[(&str, &str)] = &[
    ("changed", "done-changed"),
    ("added", "done-added"),
    ("paused", "done-paused"),
    ("resumed", "done-resumed"),
    ("unsaid", "done-unsaid"),
    ("ended", "done-ended"),
    ("left", "done-left"),
    ("spoken", "done-spoken"),
    ("unhooked", "done-unhooked"),
];

/// An alert as the page draws it.
#[derive(Debug, Serialize)]
struct AlertView {
    id: i64,
    name: String,
    cadence: String,
    wishes: Vec<(String, String)>,
    said: Vec<Said>,
    feed: String,
}

/// The alerts, or the form of one of them.
pub(super) async fn manage_page(
    State(site): State<Shared>,
    visitor: Visitor,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let person = match Person::of(&site, visitor, token).await? {
        Ok(person) => person,
        Err(answer) => return answer,
    };
    let asked = Typed::parse(query.unwrap_or_default().as_bytes());
    if let Some(alert) = person.alert(&asked, "edit") {
        let typed = offered(Typed::of(&NewSubscription {
            name: alert.name.clone(),
            preferences: alert.preferences.clone(),
            cadence: alert.cadence.clone(),
        }));
        return edit_page(&site, &person, StatusCode::OK, Some(alert), &typed, &Faults::new()).await;
    }
    if let Some(alert) = person.alert(&asked, "webhook") {
        return webhook::webhook_page(&site, &person, alert, asked.one("done")).await;
    }
    if !asked.one("add").is_empty() && person.may_add() {
        return edit_page(&site, &person, StatusCode::OK, None, &Typed::blank(), &Faults::new()).await;
    }
    let done = DONE.iter().find(|(key, _)| *key == asked.one("done")).map(|(_, words)| said(words));
    overview(&site, &person, StatusCode::OK, done, None)
}

fn overview(site: &Site, person: &Person, status: StatusCode, done: Option<String>, pause_error: Option<String>) -> Answer {
    let subscriber = &person.subscriber;
    let alerts: Vec<AlertView> = person
        .alerts
        .iter()
        .map(|alert| AlertView {
            id: alert.id.0,
            name: alert.name.clone(),
            cadence: texts::cadence(language(), &alert.cadence),
            wishes: described(&alert.preferences),
            feed: feed_token(site, alert),
            said: alert.feedback.iter().rev().map(Said::of).collect(),
        })
        .collect();
    let context = context! {
        service => site.house.service_name.as_str(),
        token => person.token.as_str(),
        address => subscriber.email.masked(),
        paused => subscriber.state == SubscriberState::Paused,
        paused_until => subscriber.paused_until.map(day),
        may_post => site.house.webhooks.is_some(),
        may_add => person.may_add(),
        tomorrow => (site.now() + Days::new(1)).format("%Y-%m-%d").to_string(),
        alerts => Value::from(Serde(alerts)),
        tongues => Language::ALL.iter().map(|one| context! { code => one.as_str(), name => one.label() }).collect::<Vec<_>>(),
        kept => subscriber.language.as_str(),
        done,
        pause_error,
    };
    page(status, "manage.html", context)
}

/// The form of one alert, or of a new one, with how much its wishes bring now.
async fn edit_page(
    site: &Site,
    person: &Person,
    status: StatusCode,
    alert: Option<&Subscription>,
    typed: &Typed,
    faults: &Faults,
) -> Answer {
    let fits = match read_preferences(typed, &site.house.rates) {
        Ok(wishes) => fits_text(site, &wishes).await?.to_string(),
        Err(_) => String::new(),
    };
    let named = site.open.named(site.now()).await?;
    let context = context! {
        service => site.house.service_name.as_str(),
        token => person.token.as_str(),
        alert => alert.map(|alert| alert.id.0),
        fits,
        fresh => alert.is_none() && *typed == Typed::blank(),
        named => Value::from(Serde(&*named)),
        form => form_value(typed, faults),
    };
    page(status, "edit.html", context)
}

/// Does what the pressed button says.
pub(super) async fn manage(State(site): State<Shared>, visitor: Visitor, Path(token): Path<String>, body: Bytes) -> Answer {
    let person = match Person::of(&site, visitor, token).await? {
        Ok(person) => person,
        Err(answer) => return answer,
    };
    let typed = at_home(Typed::parse(&body));
    let (consent, id) = (&site.house.consent, person.subscriber.id);
    let done = match typed.one("do") {
        "change" | "add" | "preview" => return keep_alert(&site, &person, &typed).await,
        "webhook-keep" | "webhook-test" | "webhook-drop" => {
            let Some(alert) = person.alert(&typed, "alert") else {
                return overview(&site, &person, StatusCode::GONE, Some(said("manage-ended-meanwhile")), None);
            };
            return webhook::press(&site, &person, alert, &typed).await;
        }
        "pause" => return pause(&site, &person, &typed).await,
        "erase" => {
            return page(
                StatusCode::OK,
                "erase.html",
                context! { service => site.house.service_name.as_str(), token => person.token.as_str() },
            );
        }
        "erase-now" => return erase(&site, id, &typed).await,
        "unsay" => {
            if let Some((alert, listing)) = person.alert(&typed, "alert").zip(typed.one("listing").parse().ok()) {
                consent.unsay(alert.id, ListingId(listing)).await?;
            }
            "unsaid"
        }
        "resume" => {
            consent.resume(id, person.origin).await?;
            "resumed"
        }
        "unsubscribe" => {
            if let Some(alert) = person.alert(&typed, "alert") {
                consent.unsubscribe(alert.id, person.origin).await?;
            }
            "ended"
        }
        "language" => {
            if let Ok(to) = typed.one("language").parse() {
                consent.speak(id, to, person.origin).await?;
                return Ok(Redirect::to(&format!("/manage/{}?done=spoken&{LANGUAGE_FIELD}={to}", person.token)).into_response());
            }
            return overview(&site, &person, StatusCode::UNPROCESSABLE_ENTITY, Some(said("manage-no-button")), None);
        }
        "leave" => {
            consent.leave(id, person.origin).await?;
            "left"
        }
        _ => {
            return overview(&site, &person, StatusCode::UNPROCESSABLE_ENTITY, Some(said("manage-no-button")), None);
        }
    };
    Ok(person.back(done))
}

/// Keeps a changed or a new alert, or shows the form again with its faults or with how much it brings.
async fn keep_alert(site: &Site, person: &Person, typed: &Typed) -> Answer {
    let alert = person.alert(typed, "alert");
    if alert.is_none() && !typed.one("alert").is_empty() {
        return overview(site, person, StatusCode::GONE, Some(said("manage-ended-meanwhile")), None);
    }
    let to = match read_alert(typed, &site.house.rates) {
        Ok(to) => to,
        Err(faults) => return edit_page(site, person, StatusCode::UNPROCESSABLE_ENTITY, alert, typed, &faults).await,
    };
    if typed.one("do") == "preview" {
        return edit_page(site, person, StatusCode::OK, alert, typed, &Faults::new()).await;
    }
    match alert {
        Some(alert) => {
            site.house.consent.change(alert.id, to, person.origin).await?;
            Ok(person.back("changed"))
        }
        None if person.may_add() => {
            site.house.consent.add(person.subscriber.id, to, person.origin).await?;
            Ok(person.back("added"))
        }
        None => overview(site, person, StatusCode::CONFLICT, Some(said("manage-left")), None),
    }
}

async fn pause(site: &Site, person: &Person, typed: &Typed) -> Answer {
    let text = typed.one("until");
    let until = if text.is_empty() { Ok(None) } else { pause_end(person, text, site.now()).map(Some) };
    match until {
        Ok(until) => {
            site.house.consent.pause(person.subscriber.id, until, person.origin).await?;
            Ok(person.back("paused"))
        }
        Err(fault) => overview(site, person, StatusCode::UNPROCESSABLE_ENTITY, None, Some(fault)),
    }
}

/// The beginning of a date by the clock of the person's first alert, not before tomorrow and not after [`LONGEST_PAUSE_DAYS`].
fn pause_end(person: &Person, text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let refuse = || say("manage-until-fault", &[("text", one_line(text, LONGEST_DAY).into())]);
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| refuse())?;
    let zone = person.alerts.first().map_or_else(|| parse_zone(DEFAULT_ZONE).unwrap_or_default(), |alert| alert.cadence.zone());
    // Where midnight is skipped by a change of clocks, the next full hour is as good.
    let starts = (0..3).filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
    let mut starts = starts.map(|time| zone.from_local_datetime(&date.and_time(time)));
    let end = starts.find_map(chrono::LocalResult::earliest).ok_or_else(refuse)?.with_timezone(&Utc);
    if end > now && end <= now + Days::new(LONGEST_PAUSE_DAYS) { Ok(end) } else { Err(refuse()) }
}

async fn erase(site: &Site, id: SubscriberId, typed: &Typed) -> Answer {
    if typed.one("never").is_empty() {
        site.house.consent.erase(id).await?;
    } else {
        site.house.consent.erase_for_ever(id).await?;
    }
    notice(StatusCode::OK, &site.house.service_name, &said("erased-heading"), &[said("erased-line")], None)
}

/// Everything kept about the person, as a file.
pub(super) async fn export(State(site): State<Shared>, visitor: Visitor, Path(token): Path<String>) -> Answer {
    let person = match Person::of(&site, visitor, token).await? {
        Ok(person) => person,
        Err(answer) => return answer,
    };
    let kept = site.house.consent.export(person.subscriber.id).await?.unwrap_or_default();
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    let file = (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"job-alerts.json\""));
    Ok(([kind, file], format!("{kept:#}\n")).into_response())
}
