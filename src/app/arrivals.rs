//! Mail that comes back by itself while the service runs: a Maildir that is looked into, and a place where LMTP is spoken.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use super::agenda::Agenda;
use super::build::App;
use super::count::{collect_items, counted, return_items};
use super::sleep::{LATER, LONGEST_SLEEP, WAKES_WITHIN, pause};
use crate::mail::{LmtpLimits, LmtpListener, LmtpPlace, LmtpStream, Receipt, converse, turn_away};
use crate::pipeline::{CollectSummary, ReturnError};
use crate::pulse::Beat;

/// Time between looks into the Maildir.
const LOOK_EVERY: chrono::Duration = chrono::Duration::seconds(5);
/// One look takes no longer than this, with as many mails as one look takes.
const COLLECTS_WITHIN: Duration = Duration::from_mins(10);
/// Connections of mail servers at a time.
const MOST_CONNECTIONS: usize = 16;
/// Wait before a place that is not free is tried again, and how often that is nothing to be told: the loops of the configuration
/// before this one still have it for a moment.
const BIND_AGAIN: Duration = Duration::from_millis(200);
const QUIET_BINDS: u32 = 25;
/// Wait once it was told.
const BIND_LATER: Duration = Duration::from_secs(10);
/// What is under way at a stop may take so long to be recorded; else its mail server brings it again.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Empties the Maildir, where one is set.
pub(super) async fn collect_loop(app: App, agenda: Agenda, stop: CancellationToken) {
    if app.collect.maildir.is_none() {
        return stop.cancelled().await;
    }
    let (never, beat) = (Arc::new(Notify::new()), app.pulse.part("collect"));
    while !stop.is_cancelled() {
        beat.within(COLLECTS_WITHIN);
        // A pass that is dropped leaves nothing half-done: what is not deleted is taken again, and counts once.
        let collected = tokio::select! {
            () = stop.cancelled() => break,
            collected = counted(&app, "collect", app.collect.run(), collect_items) => collected,
        };
        let now = app.clock.now();
        let due = match collected {
            Ok(CollectSummary { more: true, stuck: 0, .. }) => now,
            Ok(CollectSummary { stuck: 0, .. }) => now + LOOK_EVERY,
            Ok(_) => now + LATER,
            Err(fault) => {
                error!(detail = ?fault, fault = ?fault.to_string(), "the Maildir is not emptied; it is tried again within a minute");
                now + LATER
            }
        };
        agenda.rest(Some(due), now, &never, &beat, &stop).await;
    }
    beat.ends();
}

/// Speaks LMTP, where a place for it is set.
pub(super) async fn lmtp_loop(app: App, stop: CancellationToken) {
    let Some(place) = app.lmtp.clone() else { return stop.cancelled().await };
    let beat = app.pulse.part("lmtp");
    if let Some(listener) = bound(&place, &beat, &stop).await {
        listen(&app, listener, &beat, &stop).await;
    }
    beat.ends();
}

async fn listen(app: &App, listener: LmtpListener, beat: &Beat, stop: &CancellationToken) {
    let mut connections = JoinSet::new();
    while !stop.is_cancelled() {
        beat.within(LONGEST_SLEEP + WAKES_WITHIN);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LONGEST_SLEEP) => {}
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(stream) if connections.len() < MOST_CONNECTIONS => {
                    connections.spawn(hear(app.clone(), stream, stop.clone()));
                }
                Ok(stream) => {
                    warn!(most = MOST_CONNECTIONS, "a mail server was told to come back later: too many connections by LMTP");
                    let _ = turn_away(stream, LmtpLimits { reply: BIND_AGAIN, ..LmtpLimits::default() }).await;
                }
                Err(fault) => {
                    warn!(?fault, "a connection by LMTP was not heard");
                    pause(BIND_AGAIN, stop).await;
                }
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_WORDS, async { while connections.join_next().await.is_some() {} }).await;
}

/// Listens, as soon as the place is free; none at the stop.
async fn bound(place: &LmtpPlace, beat: &Beat, stop: &CancellationToken) -> Option<LmtpListener> {
    let mut tries = 0_u32;
    while !stop.is_cancelled() {
        beat.within(BIND_LATER + WAKES_WITHIN);
        match place.bind().await {
            Ok(listener) => return Some(listener),
            Err(_) if tries < QUIET_BINDS => pause(BIND_AGAIN, stop).await,
            Err(fault) => {
                error!(?place, ?fault, "LMTP cannot be spoken: set mail.bounces.lmtp to a place that is free; it is tried again");
                pause(BIND_LATER, stop).await;
            }
        }
        tries = tries.saturating_add(1);
    }
    None
}

/// Hears one mail server to its end.
async fn hear(app: App, stream: Box<dyn LmtpStream>, stop: CancellationToken) {
    let take = |mail: Vec<u8>| {
        let app = &app;
        async move { take(app, &mail).await }
    };
    if let Err(fault) = converse(stream, LmtpLimits::default(), &stop, take).await {
        debug!(?fault, "a connection by LMTP broke");
    }
}

async fn take(app: &App, mail: &[u8]) -> Receipt {
    match counted(app, "return", app.returned.take(mail), |taken| return_items(taken)).await {
        Ok(_) => Receipt::Taken,
        Err(ReturnError::NoMail(_)) => Receipt::NoMail,
        Err(ReturnError::Store(fault)) => {
            error!(detail = ?fault, "a mail that came back cannot be recorded; its mail server brings it again");
            Receipt::NotNow
        }
    }
}
