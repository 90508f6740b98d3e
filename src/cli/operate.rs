//! `rolecall status`, `backup`, `mail test`.

use std::path::Path;

use serde::Serialize;

use super::exit::CliError;
use super::output::{self, Format, counted};
use super::source_health::{SourceLine, lines};
use super::talk::talk;
use crate::app::App;
use crate::domain::{EmailAddress, Message, MessageId, Outcome};
use crate::store::StoreStatus;

/// The whole, at a glance.
#[derive(Serialize)]
struct Status<'a> {
    #[serde(flatten)]
    store: StoreStatus,
    sources: Vec<SourceLine<'a>>,
}

/// Prints how the whole stands.
pub async fn status(app: &App, format: Format) -> Result<(), CliError> {
    let status = Status { store: app.store.status(app.clock.now()).await?, sources: lines(app).await? };
    if format == Format::Json {
        return output::json(&status);
    }
    let store = &status.store;
    let age = store.oldest_pending_seconds.map_or_else(|| "nothing waits".to_owned(), |seconds| format!("oldest waits {seconds} s"));
    let (pending, delivered, failed) = (store.pending, store.delivered, store.failed);
    output::line(&format!("letters    {pending} pending ({age}); of those still kept {delivered} delivered, {failed} failed"))?;
    if store.parked > 0 {
        output::line(&format!(
            "parked     {} refused for a fault on our side: `rolecall delivery list` says why, `delivery retry --all` lets them go",
            store.parked
        ))?;
    }
    if store.unknown > 0 {
        output::line(&format!("unknown    {} sent without an answer", store.unknown))?;
    }
    if !store.returned.is_empty() {
        let returned: Vec<String> = store.returned.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        output::line(&format!("returned   {}", returned.join(", ")))?;
    }
    let people: Vec<String> = store.subscribers.iter().map(|(state, count)| format!("{count} {state}")).collect();
    output::line(&format!(
        "people     {}; {}",
        if people.is_empty() { "none".into() } else { people.join(", ") },
        counted(store.subscriptions, "alert")
    ))?;
    output::line(&format!(
        "listings   {} open ({} jobs: each once), {} closed",
        store.open_listings, store.open_jobs, store.closed_listings
    ))?;
    for source in &status.sources {
        let success = source.state.last_success_at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
        output::line(&format!("source     {}: last success {success}, {}", source.name, source.says))?;
    }
    Ok(())
}

/// Writes a consistent copy of the database.
pub async fn backup(app: &App, file: &Path) -> Result<(), CliError> {
    if file.exists() {
        return Err(CliError::data(format!("{}: it exists already: give the name of a new file", file.display())));
    }
    app.store.backup(file).await?;
    talk(&format!("rolecall: copied to {}", file.display()));
    Ok(())
}

/// `rolecall mail test`
pub async fn mail_test(address: &str, app: &App, format: Format) -> Result<(), CliError> {
    let to = EmailAddress::parse(address).map_err(|fault| CliError::data(format!("address: {fault}")))?;
    let now = app.clock.now();
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(|fault| CliError::internal(&fault.to_string()))?;
    let domain = app.config.mail.sender().map_err(|fault| CliError::config(fault.to_string()))?.domain().to_owned();
    let name = &app.config.service.name;
    let message = Message {
        id: MessageId(format!("test.{}@{domain}", crate::domain::token::hex(&chance))),
        date: now,
        to,
        subject: format!("{name}: test letter"),
        text: format!("This is a test letter of {name}. It was asked for by its operator; nothing is to be done.\n"),
        html: format!(
            "<!doctype html><html lang=\"en\"><head><title>Test</title></head><body><p>This is a test letter of {}. It was asked for by its operator; nothing is to be done.</p></body></html>",
            minijinja::HtmlEscape(name)
        ),
        delivery: None,
        list: None,
    };
    let mut lane = app.mailer.lane();
    let outcome = lane.send(&message).await;
    lane.close().await;
    match outcome {
        Outcome::Accepted(said) if format == Format::Json => output::json(&serde_json::json!({ "accepted": true, "server": said })),
        Outcome::Accepted(said) => output::line(&format!("accepted: {said}")),
        Outcome::Later(refusal) => {
            let mend = if refusal.is_relay_down() { "; `rolecall check` tries the way to it and names the mend" } else { "" };
            Err(CliError::try_again(format!("not now, by {}: {}{mend}", refusal.blame.label(), refusal.text)))
        }
        Outcome::Never(refusal) => Err(CliError::unavailable(format!("refused, by {}: {}", refusal.blame.label(), refusal.text))),
        Outcome::Unknown(said) => Err(CliError::try_again(format!("no answer after the letter was handed over: {said}"))),
    }
}
