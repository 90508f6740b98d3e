//! `rolecall explain`, `alert preview`, `forecast`, `replay`: the evaluation, asked.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::args::AlertCommand;
use super::exit::CliError;
use super::output::{self, Format};
use super::preview;
use super::talk::talk;
use crate::app::App;
use crate::domain::line::one_line;
use crate::domain::{Alert, Listing, ListingId, Preferences, Reason, Subscription, SubscriptionId};
use crate::pipeline::{self, AboutAWeek, Forecast, Prepared};

/// Longest title, company or name of an alert, in characters.
const LINE: usize = 160;

/// Prints why a listing reaches, or does not reach, an alert.
pub async fn explain(app: &App, alert: i64, listing: i64, format: Format) -> Result<(), CliError> {
    let subscription = subscription(app, alert).await?;
    let listing = app.store.listing(ListingId(listing)).await?;
    let listing = listing.ok_or_else(|| CliError::data("there is no listing of this number: `rolecall replay` and /jobs show numbers"))?;
    let explanation = pipeline::explain(&subscription, &listing, &app.rates, app.clock.now());
    if format == Format::Json {
        return output::json(&explanation);
    }
    let verdict = if explanation.fits { "fits" } else { "does not fit" };
    let Shown { title, company, .. } = Shown::of(&listing);
    output::line(&format!("{title} at {company} {verdict} the alert {:?}", one_line(&subscription.name, LINE)))?;
    let row = |reason: &Reason| {
        let Reason { criterion, verdict, wish, found, evidence } = reason;
        vec![criterion.label().to_owned(), verdict.label().to_owned(), wish.clone(), found.clone(), evidence.clone()]
    };
    let rows: Vec<Vec<String>> = explanation.reasons.iter().map(row).collect();
    output::table(&["CRITERION", "VERDICT", "WISH", "FOUND", "WORDS"], &rows)?;
    explanation.notes.iter().try_for_each(|note| output::line(note))
}

/// `rolecall alert ...`
pub async fn alert(command: AlertCommand, app: &App, format: Format) -> Result<(), CliError> {
    let AlertCommand::Preview { id, part } = command;
    let subscription = subscription(app, id).await?;
    let subscriber = app.store.subscriber(subscription.subscriber).await?;
    let subscriber = subscriber.ok_or_else(|| CliError::data("the subscriber of this alert is gone"))?;
    let (selection, prepared) = pipeline::preview_letter(&app.deliver.desk, subscriber, subscription, app.clock.now()).await?;
    match prepared {
        Prepared::Letter(_) if format == Format::Json && !part.raw => output::json(&selection),
        Prepared::Letter(message) => preview::show(&message, part, &app.config, Format::Text).await,
        Prepared::Cancelled(why) => {
            talk(&format!("rolecall: no letter would be sent: {why}"));
            if format == Format::Json { output::json(&selection) } else { Ok(()) }
        }
    }
}

/// Prints how many listings some preferences would have brought.
pub async fn forecast(file: &Path, app: &App, format: Format) -> Result<(), CliError> {
    let preferences = read_alert(file)?.preferences;
    let forecast = pipeline::forecast(&app.store, &app.rates, &preferences, app.clock.now()).await?;
    if format == Format::Json {
        return output::json(&forecast);
    }
    let a_week = match forecast.about_a_week() {
        AboutAWeek::None => "nothing".to_owned(),
        AboutAWeek::Few => "fewer than one a week".to_owned(),
        AboutAWeek::Many(many) => format!("about {many} a week"),
    };
    let Forecast { fitting, days, .. } = forecast;
    output::line(&format!("{a_week}: of the listings known here, {fitting} that fit were published within the last {days} days"))
}

/// Prints what every alert would have sent at a moment.
pub async fn replay(app: &App, at: DateTime<Utc>, format: Format) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct Line<'a> {
        alert: i64,
        name: &'a str,
        since: DateTime<Utc>,
        total: u32,
        listings: Vec<Shown>,
    }
    let replayed = pipeline::replay(&app.store, &app.rates, at, app.config.alerts.caps()).await?;
    if replayed.is_empty() {
        talk("rolecall: no alert would have sent anything at that moment");
    }
    for letter in &replayed {
        let listings: Vec<Shown> = app.store.listings(&letter.listings).await?.iter().map(Shown::of).collect();
        let line = Line { alert: letter.subscription.0, name: &letter.name, since: letter.since, total: letter.total, listings };
        if format == Format::Json {
            output::json(&line)?;
            continue;
        }
        output::line(&format!("alert {} {:?}: {} since {}", line.alert, one_line(line.name, LINE), line.total, line.since))?;
        line.listings.iter().try_for_each(|one| output::line(&format!("  {:>6}  {}, {}", one.id, one.title, one.company)))?;
    }
    Ok(())
}

/// A listing in a line, cut and cleaned as pages do.
#[derive(Serialize)]
struct Shown {
    id: i64,
    title: String,
    company: String,
}

impl Shown {
    fn of(listing: &Listing) -> Self {
        Self { id: listing.id.0, title: one_line(&listing.posting.title, LINE), company: one_line(listing.company(), LINE) }
    }
}

/// An alert from a file: one of contract part 6, or bare preferences.
pub fn read_alert(file: &Path) -> Result<Alert, CliError> {
    let text = std::fs::read_to_string(file).map_err(|fault| CliError::unreadable(file, &fault))?;
    parse_alert(&text).map_err(|fault| CliError::data(format!("{}: {fault}", file.display())))
}

fn parse_alert(text: &str) -> Result<Alert, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let is_alert = value.get("preferences").is_some() || value.get("delivery").is_some() || value.get("id").is_some();
    let named = |fault: serde_path_to_error::Error<serde_json::Error>| {
        let path = fault.path().to_string();
        if path == "." { fault.into_inner().to_string() } else { format!("{path}: {}", fault.into_inner()) }
    };
    let alert = if is_alert {
        serde_path_to_error::deserialize(value).map_err(named)?
    } else {
        let preferences: Preferences = serde_path_to_error::deserialize(value).map_err(named)?;
        Alert { id: String::new(), name: String::new(), preferences, delivery: None }
    };
    alert.preferences.check().map_err(|fault| fault.to_string())?;
    Ok(alert)
}

async fn subscription(app: &App, id: i64) -> Result<Subscription, CliError> {
    let found = app.store.subscription(SubscriptionId(id)).await?;
    found.ok_or_else(|| CliError::data("there is no alert of this number: `rolecall subscriber show EMAIL` lists them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_preferences_and_whole_alerts_are_both_read() {
        let bare = parse_alert(r#"{"roles":["backend_engineer"]}"#).unwrap();
        let whole = parse_alert(r#"{"id":7,"name":"x","preferences":{"roles":["backend_engineer"]}}"#).unwrap();
        assert_eq!(bare.preferences, whole.preferences);
        assert_eq!(whole.id, "7");
    }

    #[test]
    fn a_bad_wish_is_named_by_its_place() {
        for (text, words) in [
            (r#"{"preferences":{"keywords":"(a OR"}}"#, "character 6"),
            (r#"{"roles":["plumber"]}"#, "roles"),
            (r#"{"preferences":{},"delivery":{"frequency":"daily","time_zone":"Mars/Base"}}"#, "Mars/Base"),
            (r#"{"preferences":{"places":[{}]}}"#, "places"),
        ] {
            let error = parse_alert(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
