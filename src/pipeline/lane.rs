//! One lane at work: letters are written, begun, handed over and judged, one after the other.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::letter::{LetterDesk, Prepared};
use super::recorder::Recorder;
use super::returned::refused;
use super::tally::DeliverSummary;
use crate::clock::Clock;
use crate::domain::delivery::Refusal;
use crate::domain::retry::{RELAY_RETRY_SECONDS, RetryRules, after_outcome};
use crate::domain::{DeliveryEvent, DeliveryState, Message, Outcome};
use crate::mail::Lane;
use crate::store::{Claimed, Ended, Store};

/// A lane and what it works on.
pub(in crate::pipeline) struct Worker {
    pub(in crate::pipeline) store: Store,
    pub(in crate::pipeline) desk: LetterDesk,
    pub(in crate::pipeline) rules: RetryRules,
    pub(in crate::pipeline) clock: Clock,
    pub(in crate::pipeline) lane: Lane,
    pub(in crate::pipeline) work: Arc<Mutex<VecDeque<Claimed>>>,
    pub(in crate::pipeline) recorder: Recorder,
    pub(in crate::pipeline) halt: CancellationToken,
}

/// What a letter came to before it was handed over.
enum Written {
    Letter(Message),
    Ended(Ended),
}

impl Worker {
    /// Works until nothing is left or everything halts. The end of each letter and the beginning of the next share a commit.
    pub(in crate::pipeline) async fn run(mut self) -> (Lane, DeliverSummary) {
        let mut summary = DeliverSummary::default();
        let mut before: Option<Ended> = None;
        while !self.halt.is_cancelled() {
            let Some(claimed) = self.work.lock().await.pop_front() else { break };
            let message = match self.write(&claimed, &mut summary).await {
                Written::Letter(message) => message,
                Written::Ended(ended) => {
                    self.recorder.record(before.take(), None).await;
                    before = Some(ended);
                    continue;
                }
            };
            if self.recorder.record(before.take(), Some(claimed.delivery.id)).await {
                let outcome = self.lane.send(&message).await;
                before = Some(self.judge(&claimed, &outcome, &mut summary).await);
            } else {
                summary.cancelled += 1;
            }
        }
        self.recorder.record(before, None).await;
        (self.lane, summary)
    }

    /// Writes a letter, or says why it is not to be sent now.
    async fn write(&self, claimed: &Claimed, summary: &mut DeliverSummary) -> Written {
        let now = self.clock.now();
        match self.desk.prepare(claimed, now).await {
            Ok(Prepared::Letter(message)) => Written::Letter(message),
            Ok(Prepared::Cancelled(why)) => {
                summary.cancelled += 1;
                Written::Ended(self.ended(claimed, DeliveryState::Leased, DeliveryEvent::Cancelled, None, why))
            }
            Err(fault) => {
                error!(delivery = claimed.delivery.id.0, detail = ?fault, "letter cannot be written yet");
                summary.retrying += 1;
                let again = now + chrono::Duration::seconds(RELAY_RETRY_SECONDS);
                Written::Ended(self.ended(claimed, DeliveryState::Leased, DeliveryEvent::GivenBack, Some(again), fault.to_string()))
            }
        }
    }

    /// What the outcome means for the letter, its person, and this pass.
    async fn judge(&self, claimed: &Claimed, outcome: &Outcome, summary: &mut DeliverSummary) -> Ended {
        let id = claimed.delivery.id.0;
        if matches!(outcome, Outcome::Later(refusal) if refusal.is_relay_down()) {
            summary.relay_down = true;
            self.halt.cancel();
        }
        let verdict = after_outcome(outcome, &claimed.delivery, self.clock.now(), &self.rules);
        let detail = said(outcome);
        let attempts = claimed.delivery.attempts + 1;
        match verdict.event {
            DeliveryEvent::Accepted => summary.sent += 1,
            DeliveryEvent::Deferred | DeliveryEvent::Unanswered => {
                warn!(delivery = id, attempts, again_at = ?verdict.again_at, ?detail, "letter not taken");
                summary.retrying += 1;
            }
            DeliveryEvent::Parked => {
                error!(delivery = id, attempts, ?detail, "letter refused for a fault on our side; it waits for `rolecall delivery retry`");
                summary.parked += 1;
            }
            _ => {
                warn!(delivery = id, attempts, ?detail, "letter given up");
                if let Outcome::Never(refusal) = outcome {
                    self.charge(claimed, refusal).await;
                }
                summary.failed += 1;
            }
        }
        Ended { counts: verdict.counts, ..self.ended(claimed, DeliveryState::Sending, verdict.event, verdict.again_at, detail) }
    }

    /// What the refusal says of the mailbox counts as if it had come back by mail.
    async fn charge(&self, claimed: &Claimed, refusal: &Refusal) {
        let email_digest = self.desk.composer.address_digest(&claimed.subscriber.email);
        if let Err(fault) = refused(&self.store, &email_digest, claimed, refusal, self.clock.now()).await {
            error!(delivery = claimed.delivery.id.0, detail = ?fault, "a refusal cannot be recorded");
        }
    }

    fn ended(
        &self,
        claimed: &Claimed,
        from: DeliveryState,
        event: DeliveryEvent,
        again_at: Option<DateTime<Utc>>,
        detail: String,
    ) -> Ended {
        Ended { delivery: claimed.delivery.id, from, event, again_at, counts: false, detail, at: self.clock.now() }
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
