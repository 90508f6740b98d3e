//! What alerts brought is posted to their webhooks: one call a webhook at a time, a few a host and a person, each ended by its outcome.
//!
//! Beside the mail, which never waits for it: it has its own loop, its own claims (`store::webhook_call`) and its own bounds. A call that was posted and whose outcome is not recorded, because the process was killed, is posted again under the same id.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::SubsecRound as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::letter::LetterDesk;
use super::webhook_body::{news_body, test_body};
use crate::clock::Clock;
use crate::domain::Signer;
use crate::domain::webhook::{CallFailure, DueCall, Reach, WebhookCall, WebhookSecret, WebhookUrl};
use crate::pulse::Beat;
use crate::sources::Poster;
use crate::store::{CallEnd, Store, StoreError};

/// What a webhook pass needs.
#[derive(Debug, Clone)]
pub struct WebhookPass {
    /// Where the calls are.
    pub store: Store,
    /// Who knows what of a selection is open and fits.
    pub desk: LetterDesk,
    /// Who posts; none where nothing is posted.
    pub poster: Option<Poster>,
    /// What makes the secrets.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
    /// Its signs of life.
    pub beat: Beat,
}

/// What one webhook pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookSummary {
    /// Calls that were taken.
    pub taken: u64,
    /// Calls that failed and are tried again.
    pub retrying: u64,
    /// Calls that were given up, those that waited for a webhook that is off not counted.
    pub given_up: u64,
    /// Calls with nothing left to say.
    pub dropped: u64,
    /// Webhooks switched off.
    pub switched_off: u64,
}

/// How long a call that was taken is nobody else's: longer than it may last.
const LEASE: chrono::Duration = chrono::Duration::minutes(2);
/// Calls under way at a time.
const AT_A_TIME: usize = 32;
/// Due webhooks looked at in one go: those whose line is full make room for others.
const LOOKED_AT: u32 = 256;
/// Calls under way to one host, and for one person: a receiver that is slow holds up its own.
const PER_HOST: usize = 4;
const PER_PERSON: usize = 2;
/// The least time between the beginnings of two calls to one host.
const HOST_INTERVAL: Duration = Duration::from_millis(250);
/// Whose host or person is busy comes again after this time.
const PUT_OFF: chrono::Duration = chrono::Duration::seconds(1);
/// While calls are under way the store is looked at this often.
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// A look and a call are over within this time.
const CALL_WITHIN: Duration = Duration::from_mins(3);

impl WebhookPass {
    /// Posts everything that is due, until nothing is left or `stop` is cancelled; calls under way are ended.
    ///
    /// # Errors
    /// Those of the store while looking for what is due.
    pub async fn run(&self, stop: &CancellationToken) -> Result<WebhookSummary, StoreError> {
        let mut total = WebhookSummary::default();
        let Some(poster) = &self.poster else { return Ok(total) };
        self.desk.begin();
        let (mut under_way, mut lines) = (JoinSet::new(), Lines::default());
        let looked = self.work(poster, stop, &mut under_way, &mut lines, &mut total).await;
        while let Some(ended) = under_way.join_next().await {
            total.count(ended.unwrap_or_default());
        }
        if total != WebhookSummary::default() {
            let WebhookSummary { taken, retrying, given_up, dropped, switched_off } = total;
            info!(taken, retrying, given_up, dropped, switched_off, "webhooks called");
        }
        looked.map(|()| total)
    }

    async fn work(
        &self,
        poster: &Poster,
        stop: &CancellationToken,
        under_way: &mut JoinSet<Option<Came>>,
        lines: &mut Lines,
        total: &mut WebhookSummary,
    ) -> Result<(), StoreError> {
        while !stop.is_cancelled() {
            self.beat.within(CALL_WITHIN);
            let begun = self.begin(poster, under_way, lines).await?;
            if under_way.is_empty() && begun == 0 {
                return Ok(());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = under_way.join_next() => total.count(ended.unwrap_or_default()),
                () = tokio::time::sleep(LOOKS_EVERY) => {}
            }
        }
        Ok(())
    }

    /// Begins the calls whose turn it is and whose line has room, and puts the others off; how many were looked at.
    async fn begin(&self, poster: &Poster, under_way: &mut JoinSet<Option<Came>>, lines: &mut Lines) -> Result<usize, StoreError> {
        let now = self.clock.now().trunc_subsecs(3);
        let mut room = AT_A_TIME.saturating_sub(under_way.len());
        let mut turns: Vec<(DueCall, Option<Turn>)> = Vec::new();
        for due in self.store.due_calls(now, LOOKED_AT).await? {
            if room == 0 {
                break;
            }
            let turn = lines.turn(&due);
            room -= usize::from(turn.is_some());
            turns.push((due, turn));
        }
        if turns.is_empty() {
            return Ok(0);
        }
        let looked_at = turns.len();
        let until = |turn: &Option<Turn>| if turn.is_some() { now + LEASE } else { now + PUT_OFF };
        let moves: Vec<_> = turns.iter().map(|(due, turn)| (due.webhook.alert, due.due_at, until(turn))).collect();
        let ours = self.store.move_calls(&moves).await?;
        for ((due, turn), ours) in turns.into_iter().zip(ours) {
            if let (Some(turn), true) = (turn, ours) {
                let (pass, poster) = (self.clone(), poster.clone());
                let due = DueCall { due_at: now + LEASE, ..due };
                under_way.spawn(async move {
                    let came = pass.call(&poster, &due).await;
                    drop(turn);
                    came
                });
            }
        }
        Ok(looked_at)
    }

    /// One call, from what is true now to its recorded outcome; none where that cannot be recorded, and it is called again.
    async fn call(&self, poster: &Poster, due: &DueCall) -> Option<Came> {
        let end = match self.body(due).await {
            Ok(Some(body)) => self.post(poster, due, body).await,
            Ok(None) => CallEnd::Dropped,
            Err(fault) => {
                error!(alert = due.webhook.alert.0, detail = ?fault, "what is to be posted cannot be read yet");
                return None;
            }
        };
        match self.store.end_call(due, &end, self.clock.now()).await {
            Ok(true) => Some(Came::of(due, &end)),
            Ok(false) => None,
            Err(fault) => {
                error!(alert = due.webhook.alert.0, detail = ?fault, "the outcome of a call cannot be recorded; it is posted again");
                None
            }
        }
    }

    /// What is to be posted; none where nothing is left to say.
    async fn body(&self, due: &DueCall) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(alert) = self.store.subscription(due.webhook.alert).await? else { return Ok(None) };
        match &due.call.selection {
            Some(selection) => news_body(&self.desk, &alert, selection, due.call.created_at, self.clock.now()).await,
            None => Ok(Some(test_body(&alert, due.call.created_at))),
        }
    }

    async fn post(&self, poster: &Poster, due: &DueCall, body: Vec<u8>) -> CallEnd {
        let (now, id) = (self.clock.now(), due.call.message_id());
        let signature = WebhookSecret::of(&self.signer, &due.webhook.nonce).signature(&id, now, &body);
        let headers = [("webhook-id", id), ("webhook-timestamp", now.timestamp().to_string()), ("webhook-signature", signature)];
        match poster.post(&due.webhook.url, headers, body, now).await {
            Ok(()) => CallEnd::Taken,
            Err(failure) => self.judge(due, failure),
        }
    }

    fn judge(&self, due: &DueCall, failure: CallFailure) -> CallEnd {
        let (alert, fault, now) = (due.webhook.alert.0, failure.fault.as_str(), self.clock.now());
        if let Some(again_at) = due.webhook.after(&failure, now) {
            warn!(alert, fault, detail = ?failure.detail, again_at = ?again_at, "a webhook did not take a call");
            return CallEnd::Again(failure, again_at.trunc_subsecs(3));
        }
        warn!(alert, fault, detail = ?failure.detail, "a webhook is switched off");
        CallEnd::Off(failure)
    }
}

/// What became of a call.
#[derive(Debug, Clone, Copy)]
enum Came {
    Taken,
    Dropped,
    Retrying,
    GivenUp,
    SwitchedOff,
}

impl Came {
    const fn of(due: &DueCall, end: &CallEnd) -> Self {
        match end {
            CallEnd::Taken => Self::Taken,
            CallEnd::Dropped => Self::Dropped,
            CallEnd::Again(..) if due.call.attempts + 1 >= WebhookCall::MOST_ATTEMPTS => Self::GivenUp,
            CallEnd::Again(..) => Self::Retrying,
            CallEnd::Off(_) => Self::SwitchedOff,
        }
    }
}

impl WebhookSummary {
    const fn count(&mut self, came: Option<Came>) {
        match came {
            Some(Came::Taken) => self.taken += 1,
            Some(Came::Dropped) => self.dropped += 1,
            Some(Came::Retrying) => self.retrying += 1,
            Some(Came::GivenUp) => self.given_up += 1,
            Some(Came::SwitchedOff) => {
                self.given_up += 1;
                self.switched_off += 1;
            }
            None => {}
        }
    }
}

/// Leave to make one call, given back when it is dropped.
struct Turn(#[expect(dead_code, reason = "they are held, not read")] [OwnedSemaphorePermit; 2]);

/// The lines of hosts and people during one pass.
#[derive(Default)]
struct Lines {
    places: HashMap<String, Arc<Semaphore>>,
    free_at: HashMap<String, Instant>,
}

impl Lines {
    /// Leave for a call, if its host and its person have a place now.
    fn turn(&mut self, due: &DueCall) -> Option<Turn> {
        let host = WebhookUrl::parse(&due.webhook.url, Reach::Anywhere).map(|url| url.host().to_owned()).unwrap_or_default();
        let moment = Instant::now();
        if self.free_at.get(&host).is_some_and(|free_at| *free_at > moment) {
            return None;
        }
        let turn = Turn([self.place(format!("host {host}"), PER_HOST)?, self.place(format!("person {}", due.subscriber.0), PER_PERSON)?]);
        self.free_at.insert(host, moment + HOST_INTERVAL);
        Some(turn)
    }

    fn place(&mut self, whose: String, places: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(self.places.entry(whose).or_insert_with(|| Arc::new(Semaphore::new(places)))).try_acquire_owned().ok()
    }
}
