//! When sources are due, by their schedules in UTC.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::build::ScheduledSource;
use crate::domain::SourceState;
use crate::sources::Source;

/// Clocks are adjusted by so much all the time.
const SMALL_STEP: TimeDelta = TimeDelta::minutes(1);

/// When each source is asked next. One that was due while nobody ran is asked at once, and once; so is one whose settings were changed.
#[derive(Debug)]
pub struct Timetable {
    next: Vec<Option<DateTime<Utc>>>,
    /// The latest look at the clock.
    seen: DateTime<Utc>,
}

impl Timetable {
    /// From where each source was left off.
    pub fn new(sources: &[ScheduledSource], states: &HashMap<String, SourceState>, now: DateTime<Utc>) -> Self {
        let asked = |state: &SourceState, source: &Source| state.last_attempt_at.filter(|_| !source.has_changed_since(state));
        let first =
            |scheduled: &ScheduledSource| match states.get(scheduled.source.name()).and_then(|state| asked(state, &scheduled.source)) {
                // One that lies ahead was written by a clock that has been set back since.
                Some(last) => after(scheduled, last.min(now)),
                None => Some(now).filter(|_| !scheduled.source.waits()),
            };
        Self { next: sources.iter().map(first).collect(), seen: now }
    }

    /// The sources due at `now`, by index; each is scheduled anew.
    pub fn take_due(&mut self, sources: &[ScheduledSource], now: DateTime<Utc>) -> Vec<usize> {
        if now < self.seen {
            // The clock was set back: nobody waits for the time before to come again.
            for (next, scheduled) in self.next.iter_mut().zip(sources) {
                *next = (*next).min(after(scheduled, now));
            }
        }
        self.seen = now;
        let due: Vec<usize> = (0..sources.len()).filter(|index| self.next[*index].is_some_and(|at| at <= now)).collect();
        for index in &due {
            self.next[*index] = after(&sources[*index], now);
        }
        due
    }

    /// The next moment a source is due.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next.iter().flatten().min().copied()
    }
}

fn after(scheduled: &ScheduledSource, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if scheduled.source.waits() {
        return None;
    }
    scheduled.schedule.next_after(moment, Tz::UTC)
}

/// Whether a source may be asked: its own wish to be left alone (Retry-After, backoff) and the pace of its platform come first. What was
/// noted by a clock that has been set back since says nothing about now, nor does the wait of other settings.
pub fn may_ask(source: &Source, state: &SourceState, now: DateTime<Utc>) -> bool {
    if state.last_attempt_at.is_some_and(|last| last - now > SMALL_STEP) {
        return true;
    }
    let paced = state.last_attempt_at.is_none_or(|last| now - last >= pace(source.every()));
    paced && (state.not_before.is_none_or(|moment| moment <= now) || source.has_changed_since(state))
}

/// A source that is asked by the clock at its platform's pace is not held back by the seconds that the asking takes.
fn pace(every: Duration) -> TimeDelta {
    TimeDelta::from_std(every.mul_f64(0.95)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cron::CronExpression;
    use crate::sources::{FetchSettings, Fetcher, KnownRows, SourceSettings};

    fn hourly(name: &str) -> ScheduledSource {
        let options = toml::Table::from_iter([("path".to_owned(), toml::Value::String("postings".to_owned()))]);
        let source = Source::build(&SourceSettings::new(name, "file", options)).unwrap();
        ScheduledSource { source, schedule: CronExpression::parse("0 * * * *").unwrap() }
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn a_new_source_is_asked_at_once_and_then_by_its_schedule() {
        let sources = [hourly("a")];
        let mut table = Timetable::new(&sources, &HashMap::new(), at("2026-11-22T10:20:00Z"));
        assert_eq!(table.take_due(&sources, at("2026-11-22T10:20:00Z")), [0]);
        assert_eq!(table.next(), Some(at("2026-11-22T11:00:00Z")));
        assert!(table.take_due(&sources, at("2026-11-22T10:59:59Z")).is_empty());
    }

    #[test]
    fn what_was_due_while_nobody_ran_is_asked_once() {
        let sources = [hourly("a")];
        let state = SourceState { last_attempt_at: Some(at("2026-11-20T10:00:00Z")), ..SourceState::default() };
        let mut table = Timetable::new(&sources, &HashMap::from([("a".to_owned(), state)]), at("2026-11-22T10:20:00Z"));
        assert_eq!(table.take_due(&sources, at("2026-11-22T10:20:00Z")), [0]);
        assert!(table.take_due(&sources, at("2026-11-22T10:20:00Z")).is_empty());
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_let_sources_wait_for_the_time_before() {
        let sources = [hourly("a")];
        let mut table = Timetable::new(&sources, &HashMap::new(), at("2026-11-29T10:20:00Z"));
        assert_eq!(table.take_due(&sources, at("2026-11-29T10:20:00Z")), [0]);
        assert!(table.take_due(&sources, at("2026-11-22T10:20:00Z")).is_empty());
        assert_eq!(table.next(), Some(at("2026-11-22T11:00:00Z")));
        let state = SourceState {
            last_attempt_at: Some(at("2026-11-29T10:20:00Z")),
            not_before: Some(at("2026-11-29T12:00:00Z")),
            ..SourceState::default()
        };
        assert!(may_ask(&sources[0].source, &state, at("2026-11-22T10:20:00Z")));
        let states = HashMap::from([("a".to_owned(), state)]);
        assert_eq!(Timetable::new(&sources, &states, at("2026-11-22T10:20:00Z")).next(), Some(at("2026-11-22T11:00:00Z")));
    }

    #[test]
    fn a_source_that_asked_to_be_left_alone_is() {
        let state = SourceState { not_before: Some(at("2026-11-22T11:00:00Z")), ..SourceState::default() };
        let source = &hourly("a").source;
        assert!(!may_ask(source, &state, at("2026-11-22T10:59:00Z")) && may_ask(source, &state, at("2026-11-22T11:00:00Z")));
    }

    #[tokio::test]
    async fn a_mended_source_is_asked_at_once_and_an_unchanged_one_waits() {
        let (folder, now) = (tempfile::tempdir().unwrap(), at("2026-11-22T10:20:00Z"));
        let source = |path: &std::path::Path| {
            let options = toml::Table::from_iter([("path".to_owned(), toml::Value::String(path.display().to_string()))]);
            [ScheduledSource { source: Source::build(&SourceSettings::new("a", "file", options)).unwrap(), ..hourly("a") }]
        };
        let missing = source(&folder.path().join("nowhere"));
        let fetcher = Fetcher::new(&FetchSettings::default()).unwrap();
        let failed = missing[0].source.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now).await.state;
        let (states, soon) = (HashMap::from([("a".to_owned(), failed.clone())]), now + TimeDelta::seconds(5));
        assert!(failed.not_before.is_some_and(|until| until > soon && until <= now + TimeDelta::minutes(1)));
        assert!(Timetable::new(&missing, &states, soon).take_due(&missing, soon).is_empty());
        assert!(!may_ask(&missing[0].source, &failed, soon));
        let mended = source(folder.path());
        assert_eq!(Timetable::new(&mended, &states, soon).take_due(&mended, soon), [0]);
        assert!(may_ask(&mended[0].source, &failed, soon));
    }

    #[test]
    fn no_schedule_asks_sooner_than_the_platform_allows() {
        let jobicy = Source::build(&SourceSettings::new("j", "jobicy", toml::Table::new())).unwrap();
        let state = SourceState { last_attempt_at: Some(at("2026-11-22T10:00:05Z")), ..SourceState::default() };
        assert!(!may_ask(&jobicy, &state, at("2026-11-22T10:30:00Z")) && may_ask(&jobicy, &state, at("2026-11-22T11:00:00Z")));
        assert!(may_ask(&hourly("a").source, &state, at("2026-11-22T10:00:06Z")), "a file has no pace");
    }
}
