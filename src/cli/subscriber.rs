//! `rolecall subscriber ...`: what the page does, for the operator.

use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::alert::read_alert;
use super::args::SubscriberCommand;
use super::exit::CliError;
use super::facts::{Lines, Numbered};
use super::output::{self, Format, counted};
use super::talk::talk;
use crate::app::App;
use crate::domain::cadence::{Rhythm, parse_time};
use crate::domain::webhook::Webhook;
use crate::domain::{Alert, Cadence, EmailAddress, NewSubscription, Preferences, Role, Subscriber, SubscriberId, Subscription};
use crate::mail::TransportKind;

/// Where consent from here comes from, as its record says.
const ORIGIN: &str = "cli";
/// Subscribers read at a time.
const PAGE: u32 = 1_000;
/// Lines of an import read at a time.
const CHUNK: usize = 1_000;

/// Runs one of them.
pub async fn subscriber(command: SubscriberCommand, app: &App, format: Format) -> Result<(), CliError> {
    match command {
        SubscriberCommand::Add { email, preferences, confirmed } => add(app, &email, preferences.as_deref(), confirmed, format).await,
        SubscriberCommand::List => list(app, format).await,
        SubscriberCommand::Show { email } => show(app, &find(app, &email).await?, format).await,
        SubscriberCommand::Pause { email, until } => {
            let subscriber = find(app, &email).await?;
            done(app.consent.pause(subscriber.id, until, ORIGIN).await?, "paused", "it is not active")
        }
        SubscriberCommand::Resume { email } => {
            let subscriber = find(app, &email).await?;
            done(app.consent.resume(subscriber.id, ORIGIN).await?, "resumed", "it is not paused")
        }
        SubscriberCommand::Suppress { email } => {
            app.consent.suppress(&address(&email)?, ORIGIN).await?;
            done(true, "suppressed", "")
        }
        SubscriberCommand::Unsuppress { email } => {
            done(app.consent.unsuppress(&address(&email)?).await?, "allowed again", "it is not suppressed")
        }
        SubscriberCommand::Export { email } => {
            let subscriber = find(app, &email).await?;
            match app.consent.export(subscriber.id).await? {
                Some(everything) => output::json(&everything),
                None => Err(CliError::data("the subscriber is gone")),
            }
        }
        SubscriberCommand::Erase { email } => {
            let subscriber = find(app, &email).await?;
            done(app.consent.erase(subscriber.id).await?, "erased", "it is gone already")?;
            if app.config.mail.transport == TransportKind::File {
                let folder = app.config.service.data_dir.join("mail");
                talk(&format!("rolecall: letters written to {} before still hold the address: delete them", folder.display()));
            }
            Ok(())
        }
        SubscriberCommand::Import { file } => import(app, &file).await,
    }
}

fn done(took: bool, what: &str, why_not: &str) -> Result<(), CliError> {
    if took {
        talk(&format!("rolecall: {what}"));
        return Ok(());
    }
    Err(CliError::data(format!("nothing to do: {why_not}")))
}

fn address(text: &str) -> Result<EmailAddress, CliError> {
    EmailAddress::parse(text).map_err(|fault| CliError::data(format!("address: {fault}")))
}

async fn find(app: &App, email: &str) -> Result<Subscriber, CliError> {
    let found = app.store.subscriber_by_email(&address(email)?).await?;
    found.ok_or_else(|| CliError::data("there is no subscriber of this address: `rolecall subscriber list` shows them"))
}

async fn add(app: &App, email: &str, preferences: Option<&Path>, confirmed: bool, format: Format) -> Result<(), CliError> {
    let email = address(email)?;
    let subscription = match preferences {
        Some(file) => new_subscription(read_alert(file)?)?,
        None => new_subscription(Alert {
            id: String::new(),
            name: "Backend jobs".into(),
            preferences: Preferences { roles: vec![Role::BackendEngineer].into(), ..Preferences::default() },
            delivery: None,
        })?,
    };
    if !confirmed {
        app.consent.subscribe(&email, subscription, ORIGIN).await?;
        talk("rolecall: the address is asked to confirm by mail");
        return Ok(());
    }
    let (subscriber, alert) = app.consent.add_confirmed(&email, subscription, ORIGIN).await?;
    if format == Format::Json {
        return output::json(&serde_json::json!({ "subscriber": subscriber.0, "alert": alert.0 }));
    }
    output::line(&format!("subscriber {}, alert {}", subscriber.0, alert.0))
}

/// An alert as it is kept; daily at eight UTC where it says no time.
fn new_subscription(alert: Alert) -> Result<NewSubscription, CliError> {
    let at = parse_time("08:00").map_err(|fault| CliError::internal(&fault.to_string()))?;
    let usual = || Cadence::new(Rhythm::Daily { at, days: Vec::new() }, chrono_tz::Tz::UTC);
    let name = if alert.name.trim().is_empty() { "My job alert".to_owned() } else { alert.name };
    Ok(NewSubscription { name, preferences: alert.preferences, cadence: alert.delivery.unwrap_or_else(usual) })
}

/// A subscriber as a line.
#[derive(Serialize)]
struct Line<'a> {
    id: i64,
    email: &'a str,
    state: &'static str,
    since: chrono::DateTime<chrono::Utc>,
    paused_until: Option<chrono::DateTime<chrono::Utc>>,
}

impl<'a> Line<'a> {
    fn of(subscriber: &'a Subscriber) -> Self {
        let Subscriber { id, email, state, since, paused_until, .. } = subscriber;
        Self { id: id.0, email: email.as_str(), state: state.as_str(), since: *since, paused_until: *paused_until }
    }
}

async fn list(app: &App, format: Format) -> Result<(), CliError> {
    let mut after = SubscriberId(0);
    let mut rows = Vec::new();
    loop {
        let page = app.store.subscribers(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for subscriber in &page {
            let line = Line::of(subscriber);
            if format == Format::Json {
                output::json(&line)?;
            } else {
                rows.push(vec![line.id.to_string(), line.email.to_owned(), line.state.to_owned(), line.since.to_rfc3339()]);
            }
        }
    }
    if format == Format::Json { Ok(()) } else { output::table(&["ID", "ADDRESS", "STATE", "SINCE"], &rows) }
}

async fn show(app: &App, subscriber: &Subscriber, format: Format) -> Result<(), CliError> {
    let alerts = app.store.subscriptions_of(subscriber.id).await?;
    let webhooks = app.store.webhooks_of(subscriber.id).await?;
    let webhook = |alert: &Subscription| webhooks.iter().find(|webhook| webhook.alert == alert.id);
    if format == Format::Json {
        let alert = |one: &Subscription| {
            serde_json::json!({ "id": one.id.0, "name": one.name, "preferences": one.preferences, "delivery": one.cadence,
                "cursor": one.cursor.0, "due_at": one.due_at, "created_at": one.created_at, "webhook": webhook(one) })
        };
        let alerts: Vec<serde_json::Value> = alerts.iter().map(alert).collect();
        return output::json(&serde_json::json!({ "subscriber": Line::of(subscriber), "alerts": alerts }));
    }
    output::line(&format!("{}  {} since {}", subscriber.email.as_str(), subscriber.state, subscriber.since.to_rfc3339()))?;
    let row = |one: &Subscription| {
        let due = one.due_at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339());
        let webhook = webhook(one).map_or("-", Webhook::state);
        vec![one.id.0.to_string(), one.name.clone(), one.cadence.described(), due, webhook.to_owned()]
    };
    output::table(&["ALERT", "NAME", "WHEN", "NEXT", "WEBHOOK"], &alerts.iter().map(row).collect::<Vec<_>>())
}

/// One line of an import: an alert and its address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportLine {
    email: String,
    /// The outside's own; ours is given here.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default)]
    name: String,
    #[serde(default)]
    preferences: Preferences,
    #[serde(default)]
    delivery: Option<Cadence>,
}

async fn import(app: &App, file: &Path) -> Result<(), CliError> {
    let mut lines = Lines::open(Some(file))?;
    let (mut added, mut known) = (0_u64, 0_u64);
    loop {
        let chunk: Vec<Numbered<ImportLine>> = lines.chunk(CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        for Numbered { line, value } in chunk {
            let ImportLine { email, name, preferences, delivery, .. } = value;
            let checked = EmailAddress::parse(&email).map_err(|fault| format!("email: {fault}"));
            let checked = checked.and_then(|email| preferences.check().map(|()| email).map_err(|fault| fault.to_string()));
            match checked {
                Ok(email) => {
                    let subscription = new_subscription(Alert { id: String::new(), name, preferences, delivery })?;
                    let new = app.consent.add_once(&email, subscription, ORIGIN).await?;
                    *(if new { &mut added } else { &mut known }) += 1;
                }
                Err(fault) => lines.report(line, &fault),
            }
        }
    }
    let left = if known == 0 { String::new() } else { format!(", {known} left alone: the same person has or had the same alert") };
    talk(&format!("rolecall: {} added{left}", counted(added, "alert")));
    lines.end()
}
