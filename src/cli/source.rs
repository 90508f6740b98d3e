//! `rolecall source ...`

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Global, SourceCommand};
use super::exit::CliError;
use super::output::{self, Format, counted};
use super::source_add::add;
use super::source_catalogue::catalogue;
use super::source_health::list;
use super::talk::talk;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{DurationText, SourceState};
use crate::sources::{self, Brought, FetchResult, Fetched, Fetcher, Kind, KnownRows, Leave, Source};

/// Runs one of them.
pub async fn source(command: SourceCommand, global: &Global) -> Result<(), CliError> {
    match command {
        SourceCommand::List => list(global.load()?, global.format()).await,
        SourceCommand::Kinds => kinds(global.format()),
        SourceCommand::Add(args) => add(&args, global).await,
        SourceCommand::Catalogue(args) => catalogue(&args, global),
        SourceCommand::Pause { name } => pause(global.load()?, &name).await,
        SourceCommand::Resume { name } => resume(global.load()?, &name).await,
        SourceCommand::Check { name } => check(&global.load()?, &name, global.format()).await,
        SourceCommand::Read { kind, payload } => read(global, &kind, &payload).await,
    }
}

async fn pause(config: Config, name: &str) -> Result<(), CliError> {
    let app = App::build(config, Clock::System).await?;
    if !app.report.sources.iter().any(|(known, _)| known == name) {
        return Err(CliError::data(format!("there is no enabled source {name:?}: `rolecall source list` shows them")));
    }
    if !app.store.pause_source(name, app.clock.now()).await? {
        return Err(CliError::data(format!("nothing to do: {name:?} rests already")));
    }
    talk("rolecall: it is not asked until `rolecall source resume`");
    Ok(())
}

async fn resume(config: Config, name: &str) -> Result<(), CliError> {
    let app = App::build(config, Clock::System).await?;
    if !app.store.resume_source(name, app.clock.now()).await? {
        return Err(CliError::data(format!("nothing to do: {name:?} neither rests nor waits after a failure")));
    }
    talk("rolecall: it is asked again when it is next due");
    Ok(())
}

fn kinds(format: Format) -> Result<(), CliError> {
    for kind in sources::kinds() {
        let keys: Vec<&str> = kind.keys.iter().map(|key| key.name).collect();
        if format == Format::Json {
            let terms = &kind.terms;
            output::json(&serde_json::json!({
                "kind": kind.name,
                "is": kind.description,
                "keys": keys,
                "terms": terms.says,
                "at_most_every_seconds": terms.every.as_secs(),
                "credit": terms.credit,
                "needs_leave": terms.leave == Leave::Needed,
            }))?;
        } else {
            output::line(&format!(
                "{:<15} {}. Keys: {}. {}",
                kind.name,
                kind.description,
                if keys.is_empty() { "none".to_owned() } else { keys.join(", ") },
                terms(kind)
            ))?;
        }
    }
    Ok(())
}

/// Terms, pace and attribution in a line.
fn terms(kind: &Kind) -> String {
    let terms = &kind.terms;
    let mut line = format!("Terms: {}", terms.says);
    if !terms.every.is_zero() {
        let _ = write!(line, "; asked at most every {}", DurationText::from_secs(terms.every.as_secs()));
    }
    if let Some(credit) = terms.credit {
        let _ = write!(line, "; named in mails: {credit}");
    }
    if terms.leave == Leave::Needed {
        line.push_str("; off unless the source says leave = true");
    }
    line
}

/// Asks one source now; nothing is stored.
async fn check(config: &Config, name: &str, format: Format) -> Result<(), CliError> {
    let settings = config.source.iter().find(|source| source.name == name);
    let Some(settings) = settings else {
        let known: Vec<&str> = config.source.iter().map(|source| source.name.as_str()).collect();
        return Err(CliError::data(format!("there is no source {name:?}; configured are: {}", known.join(", "))));
    };
    let source = Source::build(settings).map_err(|fault| CliError::config(fault.to_string()))?;
    let fetcher = Fetcher::new(&config.fetch).map_err(|fault| CliError::config(fault.to_string()))?;
    let Fetched { result, state, duplicates, .. } =
        source.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), Clock::System.now()).await;
    match result {
        FetchResult::Brought(Brought { postings, bad, complete, waiting, .. }) => {
            for one in &bad {
                talk(&format!("rolecall: posting {} left out: {}", one.index, one.reason));
            }
            if let Some(fault) = state.fault {
                talk(&format!("rolecall: {name}: {}: {}", fault.label(), state.fault_text.as_deref().unwrap_or_default()));
            }
            if format == Format::Json {
                output::json(
                    &serde_json::json!({ "source": name, "postings": postings.len(), "bad": bad.len(), "repeated": duplicates, "complete": complete }),
                )?;
            } else {
                let whole = if complete { "the whole board" } else { "a part of the board" };
                let repeated = if duplicates == 0 { String::new() } else { format!("{duplicates} with the id of another, ") };
                let came = counted(postings.len() as u64, "posting");
                output::line(&format!("{name}: {came}, {} left out, {repeated}{whole}", bad.len()))?;
            }
            let nothing = postings.is_empty() && waiting.is_empty() && !bad.is_empty();
            if nothing { Err(CliError::data(format!("{name}: every posting was left out, mend them as said above"))) } else { Ok(()) }
        }
        FetchResult::NotModified => output::line(&format!("{name}: not modified")),
        FetchResult::Failed { fault, text } => Err(CliError::unavailable(format!("{name}: {}: {text}", fault.label()))),
    }
}

/// Reads one payload and prints its postings.
async fn read(global: &Global, kind: &str, payload: &str) -> Result<(), CliError> {
    let reading = if payload.starts_with("http://") || payload.starts_with("https://") {
        let fetcher = Fetcher::new(&global.load()?.fetch).map_err(|fault| CliError::config(fault.to_string()))?;
        let url = payload.parse::<url::Url>().map_err(|fault| CliError::data(format!("{payload}: {fault}")))?;
        let read = sources::read_url(kind, kind, &url, &fetcher, Clock::System.now()).await;
        read.map_err(|fault| CliError::unavailable(format!("{payload}: {fault}")))?
    } else {
        let path = Path::new(payload);
        let bytes = std::fs::read(path).map_err(|fault| CliError::unreadable(path, &fault))?;
        let name = path.file_stem().and_then(std::ffi::OsStr::to_str).unwrap_or(kind);
        sources::read_payload(kind, name, &bytes).map_err(|fault| CliError::data(format!("{payload}: {fault}")))?
    };
    reading.postings.iter().try_for_each(output::json)?;
    if reading.repeated > 0 {
        let repeated = counted(reading.repeated as u64, "posting");
        talk(&format!("rolecall: {payload}: {repeated} left out, for another before has the same id"));
    }
    for one in &reading.bad {
        talk(&format!("rolecall: {payload}, posting {}: {}; it is left out", one.index, one.reason));
    }
    match reading.bad.len() {
        0 => Ok(()),
        bad => Err(CliError::data(format!("{payload}: {bad} of {} postings were left out", bad + reading.postings.len()))),
    }
}
