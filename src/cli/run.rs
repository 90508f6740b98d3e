//! `rolecall serve` and `rolecall run`.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::args::Global;
use super::exit::CliError;
use super::output::{self, Format, counted};
use super::talk::talk;
use crate::app::{self, App, DataLock, House, Reload, limits};
use crate::clock::Clock;
use crate::config::{Config, find};
use crate::store::{DatabaseSettings, Inspected, Store, StoreError};
use crate::web::Listeners;

/// Whether a pass writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Write,
    /// It says what it would send.
    Say,
}

impl Mode {
    /// From the flag.
    pub const fn of(dry_run: bool) -> Self {
        if dry_run { Self::Say } else { Self::Write }
    }
}

/// Runs the service until SIGTERM or SIGINT; SIGHUP has it read its configuration anew.
pub async fn serve(global: &Global) -> Result<(), CliError> {
    let mut config = global.load()?;
    if find(global.config.as_deref(), &std::env::vars_os().collect::<Vec<_>>()).is_none() {
        tracing::info!("no configuration file is there; the built-in defaults are used");
    }
    limits::make_room(&mut config);
    let stop = stop_on_signal()?;
    let signal = signal(SignalKind::hangup()).map_err(|fault| refused(&fault))?;
    let _lock = DataLock::take(&config.service.data_dir).map_err(app::AppError::from)?;
    let (inspected, database) = (Store::inspect(&config.database).await?, config.database.clone());
    let app = App::build(config, Clock::System).await?;
    app.refuse_odd_clock().await?;
    let listeners = Listeners::open(&app.config.web).await.map_err(app::AppError::from)?;
    let explicit = global.config.clone();
    let read = move || {
        let mut config = Config::load(explicit.as_deref(), &std::env::vars_os().collect::<Vec<_>>())?;
        limits::make_room(&mut config);
        Ok(config)
    };
    let reload = Reload { signal, read: Box::new(read) };
    let pages = match inspected {
        Inspected::Whole => None,
        Inspected::AsItWasLeft => Some(tokio::spawn(inspect_behind(database.clone(), stop.clone()))),
    };
    Box::pin(app::serve(House::of(app), listeners, Some(reload), stop)).await?;
    let are_whole = match pages {
        None => true,
        Some(pages) => pages.await.map_err(|fault| CliError::internal(&fault.to_string()))??,
    };
    if are_whole {
        Store::mark_whole(&database).await;
    }
    Ok(())
}

/// Reads the pages of a database that was found as it was left, once the work of the start is done; whether it came to that before the
/// stop. Where a page is damaged, the service stops as it would not have started.
async fn inspect_behind(database: DatabaseSettings, stop: CancellationToken) -> Result<bool, StoreError> {
    const AFTER: Duration = Duration::from_secs(5);
    let reading = async {
        tokio::time::sleep(AFTER).await;
        Store::inspect_pages(&database).await
    };
    let read = tokio::select! {
        () = stop.cancelled() => return Ok(false),
        read = reading => read,
    };
    if let Err(fault) = &read {
        tracing::error!(detail = ?fault, "the database is damaged; stopping");
        stop.cancel();
    }
    read.map(|()| true)
}

fn refused(fault: &std::io::Error) -> CliError {
    CliError::internal(&format!("signals cannot be received: {fault}"))
}

/// A token that SIGTERM or SIGINT cancels; a second signal leaves at once.
pub fn stop_on_signal() -> Result<CancellationToken, CliError> {
    let mut term = signal(SignalKind::terminate()).map_err(|fault| refused(&fault))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|fault| refused(&fault))?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = term.recv() => {}
                _ = interrupt.recv() => {}
            }
            if token.is_cancelled() {
                std::process::exit(75);
            }
            token.cancel();
        }
    });
    Ok(stop)
}

/// A letter that would be sent.
#[derive(Serialize)]
struct Letter<'a> {
    to: &'a str,
    subject: &'a str,
}

/// A pass that only says makes nothing: where there is no database yet, it stands on a folder that goes away with it.
fn on_nothing(mut config: Config) -> Result<(Config, Option<tempfile::TempDir>), CliError> {
    let url = config.database.url.trim();
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    if path.is_none_or(|path| Path::new(path).exists()) {
        return Ok((config, None));
    }
    let folder = tempfile::tempdir().map_err(|fault| CliError::permission(format!("the folder for temporary files: {fault}")))?;
    config.database.url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
    config.service.data_dir = folder.path().to_path_buf();
    Ok((config, Some(folder)))
}

/// One bounded pass.
pub async fn run(config: Config, now: Option<DateTime<Utc>>, mode: Mode, format: Format) -> Result<(), CliError> {
    let clock = now.map_or(Clock::System, Clock::manual);
    if mode == Mode::Say {
        let (config, _folder) = on_nothing(config)?;
        let dry = Box::pin(App::build(config, clock).await?.dry_run()).await?;
        let letters = dry.mailbox.messages();
        for message in &letters {
            let letter = Letter { to: message.to.as_str(), subject: &message.subject };
            if format == Format::Json { output::json(&letter)? } else { output::line(&format!("{}  {}", letter.to, letter.subject))? }
        }
        talk(&format!("rolecall: {} would be sent; nothing was written", counted(letters.len() as u64, "letter")));
        return Ok(());
    }
    let _lock = DataLock::take(&config.service.data_dir).map_err(app::AppError::from)?;
    let mut app = App::build(config, clock).await?;
    let summary = app.run_once().await?;
    app.store.close().await;
    if format == Format::Json {
        return output::json(&summary);
    }
    output::line(&format!(
        "{} asked ({} failed), {}, {} closed; {} queued, {} sent, {} to be tried again, {} given up",
        counted(summary.sources_asked.into(), "source"),
        summary.sources_failed,
        counted(summary.new_listings.into(), "new listing"),
        summary.closed_listings,
        counted(summary.queued, "letter"),
        summary.sent,
        summary.retrying,
        summary.failed
    ))
}
