//! The outbox is emptied: claimed by priority, written late, handed over, and ended by an outcome.
//!
//! Each lane has one letter under way at most, and its outcome is committed before the next: so a kill can repeat one letter a
//! connection, with the same Message-ID, and lose none. Outcomes of all lanes share commits.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::letter::{LetterDesk, Prepared};
use super::returned::refused;
use crate::clock::Clock;
use crate::domain::delivery::{Refusal, Verdict, after_outcome};
use crate::domain::duration::DurationText;
use crate::domain::{DeliveryId, DeliveryState, Outcome};
use crate::mail::{Lane, Mailer};
use crate::store::{Claimed, Ended, Store, StoreError};

/// How letters are delivered (`[delivery]`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverSettings {
    /// Wait before a letter that may have arrived is sent once more with the same Message-ID.
    pub unknown_retry: DurationText,
}

impl Default for DeliverSettings {
    fn default() -> Self {
        Self { unknown_retry: DurationText::from_secs(30 * 60) }
    }
}

/// What a deliver pass needs.
#[derive(Debug, Clone)]
pub struct DeliverPass {
    /// The store.
    pub store: Store,
    /// Who hands letters over.
    pub mailer: Mailer,
    /// Who writes letters.
    pub desk: LetterDesk,
    /// How letters are delivered.
    pub settings: DeliverSettings,
    /// The time.
    pub clock: Clock,
}

/// What one deliver pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliverSummary {
    /// Taken over by the mail server.
    pub sent: u64,
    /// To be tried again.
    pub retrying: u64,
    /// Given up.
    pub failed: u64,
    /// Not to be sent any more.
    pub cancelled: u64,
    /// Whether the pass ended because the mail server could not be talked to.
    pub relay_down: bool,
}

/// Letters claimed at a time for each lane.
const CLAIM_PER_LANE: usize = 16;
/// A claim is given back by itself after this long: more than every SMTP step of RFC 5321 4.5.3.2 together.
const LEASE_MINUTES: i64 = 40;
/// Outcomes that share one commit at most.
const COMMIT_GROUP: usize = 64;
/// Wait before a commit that failed (a full disk) is tried again; no letter goes out meanwhile.
const COMMIT_RETRY: std::time::Duration = std::time::Duration::from_millis(500);

impl DeliverPass {
    /// Delivers everything that is due, until nothing is left, the mail server is down, or `stop` is cancelled. Letters under way are
    /// finished; claimed ones that were not begun are given back.
    ///
    /// # Errors
    /// Those of the store while claiming.
    pub async fn run(&self, stop: &CancellationToken) -> Result<DeliverSummary, StoreError> {
        let mut total = DeliverSummary::default();
        let mut lanes: Vec<Lane> = (0..self.mailer.lanes()).map(|_| self.mailer.lane()).collect();
        let result = loop {
            if stop.is_cancelled() || total.relay_down {
                break Ok(());
            }
            let now = self.clock.now();
            let limit = u32::try_from(lanes.len() * CLAIM_PER_LANE).unwrap_or(u32::MAX);
            match self.store.claim(now, now + chrono::Duration::minutes(LEASE_MINUTES), limit).await {
                Ok(claimed) if claimed.is_empty() => break Ok(()),
                Ok(claimed) => total = add(total, self.batch(claimed, &mut lanes, stop).await),
                Err(error) => break Err(error),
            }
        };
        for lane in lanes {
            lane.close().await;
        }
        if total != DeliverSummary::default() {
            let DeliverSummary { sent, retrying, failed, cancelled, relay_down } = total;
            info!(sent, retrying, failed, cancelled, relay_down, "letters delivered");
        }
        result.map(|()| total)
    }

    /// Spreads one claim over the lanes.
    async fn batch(&self, claimed: Vec<Claimed>, lanes: &mut Vec<Lane>, stop: &CancellationToken) -> DeliverSummary {
        let halt = stop.child_token();
        let work = Arc::new(Mutex::new(VecDeque::from(claimed)));
        let (outcomes, inbox) = mpsc::channel::<Report>(COMMIT_GROUP);
        let recorder = tokio::spawn(record(self.store.clone(), inbox));
        let mut workers = tokio::task::JoinSet::new();
        for lane in lanes.drain(..) {
            let worker = Worker { pass: self.clone(), lane, work: Arc::clone(&work), outcomes: outcomes.clone(), halt: halt.clone() };
            workers.spawn(worker.run());
        }
        let mut total = DeliverSummary::default();
        while let Some(done) = workers.join_next().await {
            match done {
                Ok((lane, summary)) => {
                    lanes.push(lane);
                    total = add(total, summary);
                }
                Err(panic) => {
                    error!(detail = ?panic, "a mail lane broke; its letter is tried again when its claim ends");
                    lanes.push(self.mailer.lane());
                }
            }
        }
        let rest: Vec<DeliveryId> = work.lock().await.drain(..).map(|claimed| claimed.delivery.id).collect();
        self.give_back(&rest, &outcomes).await;
        drop(outcomes);
        if recorder.await.is_err() {
            error!("the recorder of outcomes broke; unrecorded letters are tried again");
        }
        total
    }

    /// Returns what was claimed and not begun.
    async fn give_back(&self, rest: &[DeliveryId], outcomes: &mpsc::Sender<Report>) {
        let now = self.clock.now();
        for delivery in rest {
            let state = DeliveryState::Retrying;
            report(outcomes, Ended { delivery: *delivery, state, retry_at: Some(now), detail: "not begun".into(), at: now }).await;
        }
    }
}

/// An outcome and whom to tell that it is committed.
struct Report {
    ended: Ended,
    committed: oneshot::Sender<()>,
}

/// Hands an outcome to the recorder and waits for its commit.
async fn report(outcomes: &mpsc::Sender<Report>, ended: Ended) {
    let (committed, wait) = oneshot::channel();
    if outcomes.send(Report { ended, committed }).await.is_ok() {
        let _ = wait.await;
    }
}

/// Commits outcomes in groups; while the database refuses, nobody is told and so nobody sends on.
async fn record(store: Store, mut inbox: mpsc::Receiver<Report>) {
    let mut group = Vec::with_capacity(COMMIT_GROUP);
    while inbox.recv_many(&mut group, COMMIT_GROUP).await > 0 {
        let ended: Vec<Ended> = group.iter().map(|report| report.ended.clone()).collect();
        while let Err(fault) = store.record_ended(&ended).await {
            error!(detail = ?fault, letters = ended.len(), "outcomes cannot be recorded; sending waits");
            tokio::time::sleep(COMMIT_RETRY).await;
        }
        for report in group.drain(..) {
            let _ = report.committed.send(());
        }
    }
}

/// One lane at work on a batch.
struct Worker {
    pass: DeliverPass,
    lane: Lane,
    work: Arc<Mutex<VecDeque<Claimed>>>,
    outcomes: mpsc::Sender<Report>,
    halt: CancellationToken,
}

impl Worker {
    async fn run(mut self) -> (Lane, DeliverSummary) {
        let mut summary = DeliverSummary::default();
        while !self.halt.is_cancelled() {
            let Some(claimed) = self.work.lock().await.pop_front() else { break };
            let ended = self.deliver(&claimed, &mut summary).await;
            report(&self.outcomes, ended).await;
        }
        (self.lane, summary)
    }

    /// One letter: written, handed over, judged.
    async fn deliver(&mut self, claimed: &Claimed, summary: &mut DeliverSummary) -> Ended {
        let id = claimed.delivery.id;
        let message = match self.pass.desk.prepare(claimed, self.pass.clock.now()).await {
            Ok(Prepared::Letter(message)) => message,
            Ok(Prepared::Cancelled(why)) => {
                summary.cancelled += 1;
                return self.ended(id, DeliveryState::Cancelled, None, why);
            }
            Err(fault) => {
                error!(delivery = id.0, detail = ?fault, "letter cannot be written yet");
                summary.retrying += 1;
                let again = self.pass.clock.now() + chrono::Duration::seconds(crate::domain::delivery::RELAY_RETRY_SECONDS);
                return self.ended(id, DeliveryState::Retrying, Some(again), fault.to_string());
            }
        };
        let outcome = self.lane.send(&message).await;
        let relay_down = matches!(&outcome, Outcome::Later(refusal) if refusal.is_relay_down());
        if relay_down {
            summary.relay_down = true;
            self.halt.cancel();
        }
        let now = self.pass.clock.now();
        let unknown_retry = chrono::Duration::from_std(self.pass.settings.unknown_retry.get()).unwrap_or_default();
        let detail = said(&outcome);
        match after_outcome(&outcome, claimed.delivery.attempts, now, unknown_retry) {
            Verdict::Sent => {
                summary.sent += 1;
                self.ended(id, DeliveryState::Sent, None, detail)
            }
            Verdict::Retry(at) => {
                warn!(delivery = id.0, attempts = claimed.delivery.attempts, retry_at = %at, ?detail, "letter not taken; it is tried again");
                summary.retrying += 1;
                self.ended(id, DeliveryState::Retrying, Some(at), detail)
            }
            Verdict::Failed => {
                warn!(delivery = id.0, attempts = claimed.delivery.attempts, ?detail, "letter given up");
                if let Outcome::Never(refusal) = &outcome {
                    self.charge(claimed, refusal).await;
                }
                summary.failed += 1;
                self.ended(id, DeliveryState::Failed, None, detail)
            }
        }
    }

    /// What the refusal says of the mailbox counts as if it had come back by mail.
    async fn charge(&self, claimed: &Claimed, refusal: &Refusal) {
        let email_digest = self.pass.desk.composer.address_digest(&claimed.subscriber.email);
        if let Err(fault) = refused(&self.pass.store, &email_digest, claimed, refusal, self.pass.clock.now()).await {
            error!(delivery = claimed.delivery.id.0, detail = ?fault, "a refusal cannot be recorded");
        }
    }

    fn ended(&self, delivery: DeliveryId, state: DeliveryState, retry_at: Option<DateTime<Utc>>, detail: String) -> Ended {
        Ended { delivery, state, retry_at, detail, at: self.pass.clock.now() }
    }
}

/// What is kept of an outcome.
fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(text) => text.clone(),
        Outcome::Unknown(text) => format!("no answer after the letter was handed over: {text}"),
        Outcome::Later(refusal) | Outcome::Never(refusal) => {
            let code = refusal.code.map(|code| format!("{code} ")).unwrap_or_default();
            format!("{}: {code}{}", refusal.blame.label(), refusal.text)
        }
    }
}

const fn add(a: DeliverSummary, b: DeliverSummary) -> DeliverSummary {
    DeliverSummary {
        sent: a.sent + b.sent,
        retrying: a.retrying + b.retrying,
        failed: a.failed + b.failed,
        cancelled: a.cancelled + b.cancelled,
        relay_down: a.relay_down || b.relay_down,
    }
}
