//! How sources are: `rolecall source list`, and the lines of `status`.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::exit::CliError;
use super::output::{self, Format};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{Health, SourceDay, SourceState};
use crate::sources::Source;

/// Days of history that are shown.
const DAYS: u64 = 14;

/// A source as a line.
#[derive(Serialize)]
pub struct SourceLine<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub enabled: bool,
    /// One word: well, not_asked, paused, off, needs_leave, or what is wrong.
    pub health: &'static str,
    /// The same in a sentence, with the mend.
    pub says: String,
    #[serde(flatten)]
    pub state: SourceState,
}

/// A source with what it did of late.
#[derive(Serialize)]
struct WithHistory<'a> {
    #[serde(flatten)]
    line: SourceLine<'a>,
    days: Vec<SourceDay>,
}

/// The configured sources with how they are.
pub async fn lines(app: &App) -> Result<Vec<SourceLine<'_>>, CliError> {
    let mut states: HashMap<String, SourceState> = app.store.source_states().await?.into_iter().collect();
    let (now, paused) = (app.clock.now(), app.store.paused_sources().await?);
    let mut lines = Vec::with_capacity(app.config.source.len());
    for settings in &app.config.source {
        let source = Source::build(settings).map_err(|fault| CliError::config(fault.to_string()))?;
        let state = states.remove(&settings.name).unwrap_or_default();
        let (health, says) = match (settings.enabled, source.lacks_leave()) {
            (false, _) => ("off", "off".to_owned()),
            (true, true) => ("needs_leave", "off: its terms forbid it; leave = true says that you have leave".to_owned()),
            (true, false) => {
                let health = if paused.contains(&settings.name) { Health::Paused } else { state.health(now) };
                (health.as_str(), health.to_string())
            }
        };
        lines.push(SourceLine { name: &settings.name, kind: &settings.kind, enabled: source.enabled(), health, says, state });
    }
    Ok(lines)
}

/// `rolecall source list`
pub async fn list(config: Config, format: Format) -> Result<(), CliError> {
    let app = App::build(config, Clock::System).await?;
    let today = app.clock.now().date_naive();
    let first = today - Days::new(DAYS - 1);
    let mut all = Vec::new();
    for line in lines(&app).await? {
        let days = app.store.source_days(line.name, first).await?;
        all.push(WithHistory { line, days });
    }
    if format == Format::Json {
        return all.iter().try_for_each(output::json);
    }
    let row = |one: &WithHistory<'_>| {
        let (line, state) = (&one.line, &one.line.state);
        let success = state.last_success_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%MZ").to_string());
        let usual = state.usual_yield.map_or_else(String::new, |usual| format!(", usually {usual:.0}"));
        let jobs = state.last_yield.map_or_else(|| "-".to_owned(), |count| format!("{count}{usual}"));
        vec![line.name.to_owned(), line.kind.to_owned(), success, jobs, history(&one.days, first), line.says.clone()]
    };
    let head = format!("{DAYS} DAYS");
    output::table(&["NAME", "KIND", "LAST SUCCESS", "JOBS", &head, "HEALTH"], &all.iter().map(row).collect::<Vec<_>>())
}

/// A letter a day, oldest first: `!` never a good answer, `?` some without, blocks for how much was new, `-` nothing new, `.` not asked.
fn history(days: &[SourceDay], first: NaiveDate) -> String {
    let most = days.iter().map(|day| day.new).max().unwrap_or(0);
    let letter = |day: Option<&SourceDay>| match day {
        None => '.',
        Some(day) if day.failures == day.fetches => '!',
        Some(day) if day.failures > 0 => '?',
        Some(day) if day.new == 0 => '-',
        Some(day) => ['▁', '▃', '▅', '▇'][(day.new * 4).div_ceil(most.max(1)).clamp(1, 4) as usize - 1],
    };
    let dates = (0..DAYS).map(|number| first + Days::new(number));
    dates.map(|date| letter(days.iter().find(|day| day.day == date))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fortnight_is_fourteen_letters() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 9).unwrap();
        let day = |number, fetches, failures, new| SourceDay {
            day: first + Days::new(number),
            fetches,
            failures,
            fault: None,
            least: None,
            most: None,
            new,
            changed: 0,
            closed: 0,
            relisted: 0,
        };
        let days = [day(0, 9, 0, 8), day(1, 9, 0, 2), day(2, 9, 0, 0), day(3, 9, 3, 1), day(4, 9, 9, 0)];
        assert_eq!(history(&days, first), "▇▁-?!.........");
    }
}
