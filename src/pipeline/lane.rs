//! One lane at work: letters are written, begun, handed over and judged, one after the other. The next one begins while one is on its way, so
//! that no connection waits for the disk (ADR 48).

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::gate::Gate;
use super::judge::Judge;
use super::letter::Prepared;
use super::pool::{Ahead, Pool, Turn, UnderWay};
use super::queues::Waiting;
use super::recorder::Recorder;
use super::tally::DeliverSummary;
use crate::domain::retry::RELAY_RETRY_SECONDS;
use crate::domain::{DeliveryEvent, DeliveryState, Outcome};
use crate::mail::{Lane, Parcel};
use crate::store::{Claimed, Ended, StoreError};

/// What is kept of a letter that expired before it was begun.
const TOO_OLD: &str = "it waited longer than it is of use";
/// A letter that was taken ahead goes back to the others when the answer to the one before it takes longer than this.
const AHEAD_FOR: Duration = Duration::from_secs(1);

/// A lane and what it works on.
pub(in crate::pipeline) struct Worker {
    pub(in crate::pipeline) judge: Judge,
    pub(in crate::pipeline) lane: Lane,
    pub(in crate::pipeline) pool: Arc<Pool>,
    pub(in crate::pipeline) gate: Gate,
    pub(in crate::pipeline) recorder: Recorder,
    pub(in crate::pipeline) halt: CancellationToken,
    pub(in crate::pipeline) tally: DeliverSummary,
    /// How the letter before ended; it is recorded with the beginning of the next.
    pub(in crate::pipeline) before: Option<Ended>,
    /// The last answer came in time for a letter behind it.
    pub(in crate::pipeline) prompt: bool,
}

/// A letter that is written.
struct Ready {
    waiting: Box<Waiting>,
    parcel: Box<Parcel>,
}

/// A letter whose beginning is committed and whose turn has come.
struct Begun {
    ready: Ready,
    under_way: UnderWay,
}

impl Worker {
    /// Works until nothing is left or everything halts.
    pub(in crate::pipeline) async fn run(mut self) -> (Lane, DeliverSummary) {
        let mut next: Option<Begun> = None;
        while !self.halt.is_cancelled() {
            let taken = if next.is_some() { next.take() } else { Box::pin(self.begun()).await };
            let Some(begun) = taken else { break };
            next = Box::pin(self.send(begun)).await;
        }
        if let Some(Begun { ready, .. }) = next {
            self.note(self.judge.not_sent(&ready.waiting, "sending stopped before its turn")).await;
        }
        self.recorder.record(self.before.take(), None).await;
        (self.lane, self.tally)
    }

    /// The next letter that can be sent now, begun. How the one before ended shares the commit.
    async fn begun(&mut self) -> Option<Begun> {
        while !self.halt.is_cancelled() {
            let (ready, under_way) = Box::pin(self.next()).await?;
            if self.recorder.record(self.before.take(), Some(ready.waiting.claimed.delivery.id)).await {
                return Some(Begun { ready, under_way });
            }
            self.tally.cancelled += 1;
        }
        None
    }

    /// The next letter that can be sent now, written.
    async fn next(&mut self) -> Option<(Ready, UnderWay)> {
        loop {
            match Box::pin(self.turn()).await? {
                Turn::Later(waiting, at) => {
                    let why = format!("letters to {} wait", waiting.receiver.family());
                    self.note(self.judge.given_back(&waiting, at, why)).await;
                }
                Turn::Send(waiting, under_way) => {
                    if let Some(parcel) = self.written(&waiting).await {
                        return Some((Ready { waiting, parcel }, under_way));
                    }
                    self.gate.unsent(&waiting.receiver);
                }
            }
        }
    }

    /// The next turn. Nobody knows how long it lets wait: what has ended is recorded before that.
    async fn turn(&mut self) -> Option<Turn> {
        let clock = self.judge.clock.clone();
        if self.before.is_some() {
            tokio::select! {
                biased;
                turn = self.pool.turn(|| clock.now()) => return turn,
                () = std::future::ready(()) => {}
            }
            self.recorder.record(self.before.take(), None).await;
        }
        self.pool.turn(|| clock.now()).await
    }

    /// Keeps how a letter ended until the next one begins; what was kept before is recorded.
    async fn note(&mut self, ended: Ended) {
        if let Some(before) = self.before.replace(ended) {
            self.recorder.record(Some(before), None).await;
        }
    }

    /// Hands over a letter that has begun. Where that is of use the next one is written first: its envelope goes out behind the dot, and it
    /// begins while this one is on its way, in one commit with the end of the one before.
    async fn send(&mut self, Begun { ready: Ready { waiting, parcel }, under_way }: Begun) -> Option<Begun> {
        let ahead = if self.prompt && self.lane.goes_ahead() { self.taken_ahead(&waiting).await } else { None };
        let (ahead, taken) = ahead.unzip();
        let begun_at = Instant::now();
        let report = self.recorder.report(self.before.take(), ahead.as_ref().map(|ready| ready.waiting.claimed.delivery.id)).await;
        let answered = Notify::new();
        let sending = async {
            let outcome = self.lane.hand_over_before(&parcel, ahead.as_ref().map(|ready| &*ready.parcel)).await;
            answered.notify_one();
            outcome
        };
        let follows = async {
            let began = report.committed().await;
            let (Some(Ready { waiting, .. }), Some(taken)) = (&ahead, taken) else { return None };
            if began && tokio::time::timeout(AHEAD_FOR, answered.notified()).await.is_ok() {
                return Some(taken);
            }
            drop(taken);
            if began {
                // The server takes its time: the letter behind this one is for others to send.
                self.recorder.record(Some(self.judge.not_sent(waiting, "the answer to the one before it takes long")), None).await;
            } else {
                self.tally.cancelled += 1;
            }
            None
        };
        let (outcome, taken) = tokio::join!(sending, follows);
        self.prompt = begun_at.elapsed() <= AHEAD_FOR;
        let ended = self.judge.judge(&waiting, &outcome, parcel.bytes(), &mut self.tally);
        let now = self.judge.clock.now();
        self.gate.heard(&waiting.receiver, &outcome, ended.event, now);
        if self.gate.shut_until(now).is_some() || matches!(&outcome, Outcome::Later(refusal) if refusal.is_relay_down()) {
            self.tally.relay_down = true;
            self.halt.cancel();
        }
        self.note(ended).await;
        let next = ahead.zip(taken).map(|(ready, taken)| Begun { under_way: taken.begin(), ready });
        drop(under_way);
        next
    }

    /// A letter that may follow the one that is just being sent, written.
    async fn taken_ahead(&mut self, sending: &Waiting) -> Option<(Ready, Ahead)> {
        let (waiting, taken) = self.pool.ahead(sending, self.judge.clock.now())?;
        let parcel = self.written(&waiting).await?;
        Some((Ready { waiting: Box::new(waiting), parcel }, taken))
    }

    /// Writes a letter; none where it is not to be sent now, which is noted.
    async fn written(&mut self, waiting: &Waiting) -> Option<Box<Parcel>> {
        let claimed = &waiting.claimed;
        let now = self.judge.clock.now();
        if self.judge.is_too_old(&claimed.delivery, now) {
            warn!(delivery = claimed.delivery.id.0, kind = claimed.delivery.kind.as_str(), "letter is too old to be of use");
            self.tally.expired += 1;
            return self.not_begun(waiting, DeliveryEvent::Expired, None, TOO_OLD.to_owned()).await;
        }
        match self.judge.desk.prepare(claimed, now).await {
            Ok(Prepared::Letter(message)) => match self.lane.pack(message) {
                Ok(parcel) => match self.as_before(claimed, parcel).await {
                    Ok(parcel) => Some(Box::new(parcel)),
                    Err(fault) => self.not_begun(waiting, DeliveryEvent::GivenBack, Some(again(now)), fault.to_string()).await,
                },
                Err(fault) => {
                    error!(delivery = claimed.delivery.id.0, detail = ?fault, "letter cannot be put into bytes; it is parked");
                    self.tally.parked += 1;
                    self.not_begun(waiting, DeliveryEvent::Parked, None, fault.to_string()).await
                }
            },
            Ok(Prepared::Cancelled(why)) => {
                self.tally.cancelled += 1;
                self.not_begun(waiting, DeliveryEvent::Cancelled, None, why).await
            }
            Err(fault) => {
                error!(delivery = claimed.delivery.id.0, detail = ?fault, "letter cannot be written yet");
                self.tally.retrying += 1;
                self.not_begun(waiting, DeliveryEvent::GivenBack, Some(again(now)), fault.to_string()).await
            }
        }
    }

    async fn not_begun(
        &mut self,
        waiting: &Waiting,
        event: DeliveryEvent,
        again_at: Option<DateTime<Utc>>,
        why: String,
    ) -> Option<Box<Parcel>> {
        self.note(self.judge.ended(waiting, DeliveryState::Leased, event, again_at, why)).await;
        None
    }

    /// A letter that may have arrived goes out with the bytes that it had.
    async fn as_before(&self, claimed: &Claimed, parcel: Parcel) -> Result<Parcel, StoreError> {
        if claimed.delivery.unanswered == 0 {
            return Ok(parcel);
        }
        Ok(match self.judge.store.kept_letter(claimed.delivery.id).await? {
            Some(letter) => parcel.as_before(letter),
            None => parcel,
        })
    }
}

/// When something that failed on our side is tried again.
fn again(now: DateTime<Utc>) -> DateTime<Utc> {
    now + chrono::Duration::seconds(RELAY_RETRY_SECONDS)
}
