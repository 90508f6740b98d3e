//! `rolecall check`: one line each, with the mend.

use super::args::Global;
use super::check_line::{Line, ill, warn, well};
use super::check_mail;
use super::exit::CliError;
use super::output::{self, Format};
use super::source_health;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, find};

/// How far a check looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// As far as readers and receivers do: the DNS, and the page that readers reach.
    Outside,
    /// This machine and its mail server.
    Inside,
}

impl Reach {
    /// From the flag.
    pub const fn of(offline: bool) -> Self {
        if offline { Self::Inside } else { Self::Outside }
    }
}

/// Space below this is too little for a database to grow.
const LEAST_FREE_MIB: u64 = 256;

/// Checks configuration, database, disk, templates, sources, schedules and mail server.
pub async fn check(global: &Global, reach: Reach) -> Result<(), CliError> {
    let config = global.load()?;
    let environment: Vec<_> = std::env::vars_os().collect();
    let read = find(global.config.as_deref(), &environment).map_or_else(
        || "no file is there: the built-in defaults are used; write ./rolecall.toml or name one with --config".to_owned(),
        |file| format!("{} read; every key is known", file.display()),
    );
    let mut lines = vec![well("configuration", read)];
    match App::build(config.clone(), Clock::System).await {
        Ok(app) => {
            lines.push(well("rooms", format!("built; {} sources enabled", app.sources.len())));
            lines.push(match app.store.probe_write().await {
                Ok(()) => well("database", "the schema is right, a write commits"),
                Err(fault) => ill("database", format!("{fault}: free space, or mend its permissions")),
            });
            lines.extend(schedules(&app));
            lines.extend(sources(&app).await?);
            lines.push(check_mail::clock(&app).await);
            lines.extend(check_mail::dkim(&app));
            lines.extend(check_mail::returned(&app).await);
            match reach {
                Reach::Outside => lines.extend(check_mail::outside(&app).await),
                Reach::Inside => lines.push(well("dns", "not asked (--offline)")),
            }
            lines.push(match app.mailer.probe().await {
                Ok(says) => well("mail server", says),
                Err(fault) => ill("mail server", format!("{fault}: check mail.smtp.url and that the server runs")),
            });
        }
        Err(fault) => lines.push(ill("rooms", fault.to_string())),
    }
    lines.push(disk(&config));
    lines.extend(check_mail::letters(&config));
    lines.extend(contact(&config));
    let ill = lines.iter().filter(|line| !line.well).count();
    for line in &lines {
        if global.format() == Format::Json {
            output::json(line)?;
        } else {
            let mark = match (line.well, line.warns) {
                (false, _) => "MEND",
                (true, true) => "WARN",
                (true, false) => "ok  ",
            };
            output::line(&format!("{mark} {}: {}", line.check, line.says))?;
        }
    }
    if ill > 0 { Err(CliError::config(format!("{ill} of {} checks want mending", lines.len()))) } else { Ok(()) }
}

/// Checks the settings alone: what a reload asks before it disturbs the service.
pub fn configuration(global: &Global) -> Result<(), CliError> {
    let environment: Vec<_> = std::env::vars_os().collect();
    App::try_settings(&Config::load_supposing_credentials(global.config.as_deref(), &environment)?)?;
    let line = well("configuration", "it can be used");
    if global.format() == Format::Json { output::json(&line) } else { output::line(&format!("ok   {}: {}", line.check, line.says)) }
}

/// The next three times each schedule comes.
fn schedules(app: &App) -> Vec<Line> {
    let mut told = std::collections::BTreeSet::new();
    let fresh = app.sources.iter().filter(|scheduled| told.insert(scheduled.schedule.as_str().to_owned()));
    let line = |scheduled: &crate::app::ScheduledSource| {
        let mut moment = app.clock.now();
        let mut next = Vec::new();
        while let Some(due) = scheduled.schedule.next_after(moment, chrono_tz::Tz::UTC).filter(|_| next.len() < 3) {
            moment = due;
            next.push(due.format("%Y-%m-%d %H:%M:%SZ").to_string());
        }
        if next.is_empty() {
            ill("schedule", format!("{} never comes: mend it", scheduled.schedule.as_str()))
        } else {
            well("schedule", format!("{} comes at {}", scheduled.schedule.as_str(), next.join(", ")))
        }
    };
    let mut lines: Vec<Line> = fresh.map(line).collect();
    // Those that want mending first; of the others a few are enough.
    lines.sort_by_key(|line| line.well);
    let kept = lines.iter().filter(|line| !line.well).count() + SCHEDULES_SHOWN;
    if lines.len() > kept {
        let more = lines.len() - kept;
        lines.truncate(kept);
        lines.push(well("schedule", format!("and {more} more that come")));
    }
    lines
}

/// Sources that want looking at, and those that wait for a leave.
async fn sources(app: &App) -> Result<Vec<Line>, CliError> {
    let all = source_health::lines(app).await?;
    let on = all.iter().filter(|line| line.enabled).count();
    let wrong: Vec<String> = all
        .iter()
        .filter(|line| line.enabled && !["well", "not_asked", "paused"].contains(&line.health))
        .map(|line| format!("{}: {}", line.name, line.says))
        .collect();
    let mut lines: Vec<Line> = wrong.iter().take(SOURCES_SHOWN).map(|says| warn("source", says.as_str())).collect();
    for scheduled in app.sources.iter() {
        lines.extend(match scheduled.source.look().await {
            Ok(None) => None,
            Ok(Some(flaw)) => Some(warn("source", format!("{}: {flaw}", scheduled.source.name()))),
            Err(failure) => Some(ill("source", format!("{}: {}", scheduled.source.name(), failure.text))),
        });
    }
    lines.push(well("sources", format!("{on} enabled, {} want looking at (`rolecall source list`)", wrong.len())));
    let waiting: Vec<&str> = all.iter().filter(|line| line.health == "needs_leave").map(|line| line.name).collect();
    if !waiting.is_empty() {
        let says = format!("{} off: their terms forbid what we do, unless you have leave and say leave = true", waiting.join(", "));
        lines.push(warn("leave", says));
    }
    Ok(lines)
}

/// Schedules and sources that are named before the rest is counted.
const SCHEDULES_SHOWN: usize = 5;
const SOURCES_SHOWN: usize = 10;

/// Free space where the data lies, as df(1) sees it.
fn disk(config: &Config) -> Line {
    let folder = &config.service.data_dir;
    let output = std::process::Command::new("df").arg("-Pm").arg(folder).output();
    let free = output.ok().and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free {
        Some(free) if free >= LEAST_FREE_MIB => well("disk", format!("{free} MiB free in {}", folder.display())),
        Some(free) => ill("disk", format!("only {free} MiB free in {}: make room", folder.display())),
        None => ill("disk", format!("{} cannot be looked at: make the folder, or set service.data_dir", folder.display())),
    }
}

/// Whether the operators of boards are told whom to write to.
fn contact(config: &Config) -> Option<Line> {
    let silent = config.fetch.contact.as_deref().is_none_or(|contact| contact.trim().is_empty()) && config.fetch.user_agent.is_none();
    let says = "fetch.contact is empty: give a page or mail address, so that the operators of job boards can write before they block";
    let asks = config.source.iter().any(|source| source.enabled && source.base_url.is_none() && source.kind != "file");
    (silent && asks).then(|| warn("contact", says))
}
