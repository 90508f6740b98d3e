//! The talk to systemd (sd_notify(3)), where it started us: ready, reloading, stopping, a line of status, and signs of life.
//!
//! A sign of life is given only while every loop keeps its promises and the database answers, so that a service that hangs is
//! started anew. A full disk or a locked database is an answer: a new start would mend neither.

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sd_notify::NotifyState;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error};

use super::agenda::Agenda;
use super::sleep::{LATER, pause};
use crate::clock::Clock;
use crate::pulse::{Beat, Pulse};
use crate::store::Store;

/// Signs of life within the time that systemd waits for one: a single one may fail.
const SIGNS: u32 = 3;

/// Whoever listens has this long to take a word: one that reads no more must not hold the service, nor its stop.
const TAKES_WITHIN: Duration = Duration::from_secs(2);

fn tell(states: &[NotifyState<'_>]) {
    // Nobody listens in a terminal or a container; one that listens and cannot be told is no reason to stop.
    if let Some(place) = std::env::var_os("NOTIFY_SOCKET")
        && let Err(fault) = tell_at(&place, states)
    {
        debug!(?fault, "systemd does not take what it is told");
    }
}

fn tell_at(place: &OsStr, states: &[NotifyState<'_>]) -> io::Result<()> {
    let text: Vec<String> = states.iter().map(|state| format!("{state}\n")).collect();
    let place = match place.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        path => SocketAddr::from_pathname(OsStr::from_bytes(path))?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.set_write_timeout(Some(TAKES_WITHIN))?;
    socket.send_to_addr(text.concat().as_bytes(), &place).map(drop)
}

/// The service serves; also after a reload.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// A reload begins. Since version 253 systemd wants to know when, to tell it from an earlier one.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(when) => tell(&[NotifyState::Reloading, when]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// The service ends.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

/// Gives signs of life and keeps the line of status, until `stop`.
pub(super) async fn attend(store: Store, clock: Clock, pulse: Pulse, agenda: Agenda, stop: CancellationToken) {
    if std::env::var_os("NOTIFY_SOCKET").is_some() {
        tokio::join!(give_signs(&store, &pulse, &stop), say_standing(&store, &clock, &agenda, &stop));
    }
}

/// Gives signs of life, where systemd waits for them.
async fn give_signs(store: &Store, pulse: &Pulse, stop: &CancellationToken) {
    let Some(awaited) = sd_notify::watchdog_enabled() else { return };
    while !stop.is_cancelled() {
        match trouble(store, pulse).await {
            None => tell(&[NotifyState::Watchdog]),
            Some(trouble) => error!(?trouble, "no sign of life is given"),
        }
        pause(awaited / SIGNS, stop).await;
    }
}

/// Keeps the line of status: it can change when something is written, and when an alert falls due.
async fn say_standing(store: &Store, clock: &Clock, agenda: &Agenda, stop: &CancellationToken) {
    let (wake, mut said) = (Arc::new(Notify::new()), String::new());
    while !stop.is_cancelled() {
        let (says, changes_at) = standing(store, clock.now()).await;
        if says != said {
            tell(&[NotifyState::Status(&says)]);
            said = says;
        }
        agenda.rest(changes_at, clock.now(), &wake, &Beat::default(), stop).await;
    }
}

/// What speaks against a sign of life.
async fn trouble(store: &Store, pulse: &Pulse) -> Option<String> {
    if let Some((part, late)) = pulse.late() {
        return Some(format!("the {part} loop should have been heard of {} s ago", late.as_secs()));
    }
    (!store.answers().await).then(|| "the database does not answer".to_owned())
}

/// The queue and what is due next, for `systemctl status`, and when that changes by itself.
async fn standing(store: &Store, now: DateTime<Utc>) -> (String, Option<DateTime<Utc>>) {
    let (Ok(queue), Ok(due)) = (store.queue_at(now).await, store.next_subscription_due().await) else {
        return ("the database cannot be read; see the log".to_owned(), Some(now + LATER));
    };
    let letters = match queue.pending() {
        0 => "no letter waits".to_owned(),
        1 => "1 letter waits".to_owned(),
        more => format!("{more} letters wait"),
    };
    let alerts = match due {
        Some(due) if due <= now => "alerts are due".to_owned(),
        Some(due) => format!("the next alert is due {}", due.format("%Y-%m-%d %H:%M UTC")),
        None => "no alert has an hour set".to_owned(),
    };
    (format!("{letters}; {alerts}"), due.filter(|due| *due > now))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::store::DatabaseSettings;

    #[test]
    fn a_listener_that_reads_no_more_holds_nobody_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("notify");
        let listener = UnixDatagram::bind(&place).unwrap();
        tell_at(place.as_os_str(), &[NotifyState::Stopping, NotifyState::Status("stopping")]).unwrap();
        let mut said = [0; 64];
        let length = listener.recv(&mut said).unwrap();
        assert_eq!(&said[..length], b"STOPPING=1\nSTATUS=stopping\n");
        let begun = Instant::now();
        while tell_at(place.as_os_str(), &[NotifyState::Ready]).is_ok() {}
        assert!(begun.elapsed() < 5 * TAKES_WITHIN, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn the_line_of_status_says_how_the_queue_stands_and_trouble_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
        let store = Store::open(&DatabaseSettings { url }).await.unwrap();
        let pulse = Pulse::default();
        assert_eq!(standing(&store, DateTime::UNIX_EPOCH).await, ("no letter waits; no alert has an hour set".to_owned(), None));
        pulse.part("alert").within(Duration::from_mins(1));
        assert_eq!(trouble(&store, &pulse).await, None);
        pulse.part("alert").within(Duration::ZERO);
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(trouble(&store, &pulse).await.unwrap().contains("alert loop"));
        pulse.part("alert").within(Duration::from_mins(1));
        store.close().await;
        assert_eq!(trouble(&store, &pulse).await.unwrap(), "the database does not answer");
    }
}
