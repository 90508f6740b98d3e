//! Who sleeps until when. Loops with nothing to do write down the moment they next have, and one keeper calls them: at that moment, when
//! the clock was set back, and when anybody wrote to the database. So a service with nothing to do wakes once a minute, and asks nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::sleep::{LONGEST_SLEEP, WAKES_WITHIN};
use crate::clock::Clock;
use crate::pulse::{Beat, Pulse};
use crate::store::Changes;

/// Everybody is called this often, whatever the clock and the files say: a belt, and whoever watches from outside sees that passes run.
const EVERYBODY_EVERY: Duration = Duration::from_mins(45);

/// The moments that loops sleep until; clones are one.
#[derive(Debug, Clone, Default)]
pub(super) struct Agenda(Arc<Book>);

#[derive(Debug, Default)]
struct Book {
    pages: Mutex<Pages>,
    /// Somebody has to be called sooner than the keeper wakes.
    sooner: Notify,
}

#[derive(Debug, Default)]
struct Pages {
    entries: BTreeMap<u64, Entry>,
    next: u64,
    /// When the keeper wakes.
    wakes_at: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Entry {
    due: Option<DateTime<Utc>>,
    call: Arc<Notify>,
    beat: Beat,
}

/// A place in the agenda, given up when it is dropped.
struct Place<'a>(&'a Agenda, u64);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.pages().entries.remove(&self.1);
    }
}

impl Agenda {
    /// Sleeps until `due`, a wake, a call of the keeper, or the stop. Who sleeps promises nothing: it is the keeper that has to be heard of.
    pub(super) async fn rest(
        &self,
        due: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        wake: &Arc<Notify>,
        beat: &Beat,
        stop: &CancellationToken,
    ) {
        if due.is_some_and(|due| due <= now) {
            beat.within(WAKES_WITHIN);
            return;
        }
        let _place = self.enter(Entry { due, call: Arc::clone(wake), beat: beat.clone() });
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, entry: Entry) -> Place<'_> {
        entry.beat.ends();
        let mut pages = self.pages();
        if entry.due.is_some_and(|due| pages.wakes_at.is_none_or(|wakes_at| due < wakes_at)) {
            self.0.sooner.notify_one();
        }
        let id = pages.next;
        pages.next += 1;
        pages.entries.insert(id, entry);
        Place(self, id)
    }

    /// Keeps the agenda until the stop.
    pub(super) async fn keep(self, mut changes: Changes, clock: Clock, pulse: Pulse, stop: CancellationToken) {
        let beat = pulse.part("agenda");
        let (mut seen, mut looks_at, mut called_at) = (clock.now(), Instant::now() + LONGEST_SLEEP, Instant::now());
        while !stop.is_cancelled() {
            let (now, looks) = (clock.now(), looks_at <= Instant::now());
            if looks {
                looks_at = Instant::now() + LONGEST_SLEEP;
            }
            let everybody = now < seen || (looks && (changes.look() || called_at.elapsed() >= EVERYBODY_EVERY));
            if everybody {
                called_at = Instant::now();
            }
            seen = now;
            let wait = self.call(now, everybody, looks_at.saturating_duration_since(Instant::now()));
            beat.within(wait + WAKES_WITHIN);
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.0.sooner.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        beat.ends();
    }

    /// Calls whose moment has come, or everybody; how long nobody else has to be called, `longest` at most.
    fn call(&self, now: DateTime<Utc>, everybody: bool, longest: Duration) -> Duration {
        let mut pages = self.pages();
        let is_due = |entry: &Entry| everybody || entry.due.is_some_and(|due| due <= now);
        for entry in pages.entries.values().filter(|entry| is_due(entry)) {
            entry.beat.within(WAKES_WITHIN);
            entry.call.notify_one();
        }
        // Who was called is about to leave.
        let next = pages.entries.values().filter(|entry| !is_due(entry)).filter_map(|entry| entry.due).min();
        let wait = next.and_then(|due| (due - now).to_std().ok()).map_or(longest, |wait| wait.min(longest));
        pages.wakes_at = Some(now + wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DatabaseSettings, Store};
    use chrono::TimeDelta;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(1_795_780_800, 0).unwrap();

    struct Kept {
        agenda: Agenda,
        clock: Clock,
        pulse: Pulse,
        store: Store,
        stop: CancellationToken,
        _folder: tempfile::TempDir,
    }

    /// An agenda with its keeper, over a database in which nothing happens; time stands still until somebody waits.
    async fn kept() -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
        let store = Store::open(&DatabaseSettings { url }).await.unwrap();
        let (agenda, clock, pulse, stop) = (Agenda::default(), Clock::manual(NOON), Pulse::default(), CancellationToken::new());
        let mut changes = store.changes();
        changes.look();
        tokio::time::pause();
        tokio::spawn(agenda.clone().keep(changes, clock.clone(), pulse.clone(), stop.clone()));
        tokio::task::yield_now().await;
        Kept { agenda, clock, pulse, store, stop, _folder: folder }
    }

    impl Kept {
        /// How long a loop that is due then sleeps; none where it sleeps for the whole of `patience`.
        async fn sleeps(&self, due: Option<DateTime<Utc>>, patience: Duration) -> Option<Duration> {
            let (begun, wake) = (Instant::now(), Arc::default());
            let beat = self.pulse.part("loop");
            let rest = self.agenda.rest(due, self.clock.now(), &wake, &beat, &self.stop);
            tokio::time::timeout(patience, rest).await.ok().map(|()| begun.elapsed())
        }
    }

    const A_WHILE: Duration = Duration::from_mins(44);
    const LOOKS_WITHIN: Duration = LONGEST_SLEEP.saturating_add(Duration::from_secs(1));

    #[tokio::test]
    async fn who_has_a_moment_is_called_then_and_who_has_none_sleeps_on() {
        let kept = kept().await;
        assert_eq!(kept.sleeps(Some(NOON), A_WHILE).await, Some(Duration::ZERO), "what is due is not slept over");
        assert_eq!(kept.sleeps(Some(NOON - TimeDelta::days(1)), A_WHILE).await, Some(Duration::ZERO));
        assert_eq!(kept.sleeps(None, A_WHILE).await, None);
        let soon = kept.sleeps(Some(NOON + TimeDelta::seconds(7)), Duration::from_secs(8));
        let moved = async {
            tokio::time::sleep(Duration::from_millis(6_999)).await;
            kept.clock.set(NOON + TimeDelta::seconds(7));
        };
        let (slept, ()) = tokio::join!(soon, moved);
        let slept = slept.expect("it is called");
        assert!(slept >= Duration::from_secs(7) && slept < Duration::from_secs(8), "{slept:?}");
    }

    #[tokio::test]
    async fn a_clock_that_is_set_on_or_back_is_seen_within_a_minute() {
        let kept = kept().await;
        let tomorrow = NOON + TimeDelta::days(1);
        let set = async |to| {
            tokio::time::sleep(Duration::from_secs(3)).await;
            kept.clock.set(to);
        };
        let (on, ()) = tokio::join!(kept.sleeps(Some(tomorrow), A_WHILE), set(tomorrow));
        assert!(on.expect("its moment has come") < LOOKS_WITHIN);
        let (back, ()) = tokio::join!(kept.sleeps(None, A_WHILE), set(NOON));
        assert!(back.expect("what was reckoned by the time before is looked at") < LOOKS_WITHIN);
    }

    #[tokio::test]
    async fn whoever_writes_to_the_database_wakes_everybody_within_a_minute() {
        let kept = kept().await;
        assert_eq!(kept.sleeps(None, A_WHILE).await, None);
        tokio::time::resume();
        kept.store.probe_write().await.unwrap();
        tokio::time::pause();
        assert!(kept.sleeps(None, A_WHILE).await.expect("what was written may concern it") < LOOKS_WITHIN);
        assert!(kept.sleeps(None, A_WHILE).await.is_some(), "once more, for a write within the same tick");
        assert_eq!(kept.sleeps(None, A_WHILE).await, None);
    }

    #[tokio::test]
    async fn of_a_loop_that_sleeps_no_sign_is_awaited_and_of_one_that_was_called_it_is() {
        let kept = kept().await;
        let beat = kept.pulse.part("loop");
        beat.within(Duration::ZERO);
        assert_eq!(kept.sleeps(None, A_WHILE).await, None);
        assert_eq!(kept.pulse.late(), None, "neither of it nor of the keeper");
        assert!(kept.sleeps(None, A_WHILE).await.is_some(), "a belt");
        kept.clock.set(NOON - TimeDelta::hours(1));
        assert!(kept.sleeps(None, A_WHILE).await.is_some());
        tokio::time::sleep(WAKES_WITHIN + Duration::from_secs(1)).await;
        assert_eq!(kept.pulse.late().map(|(part, _)| part), Some("loop"));
    }
}
