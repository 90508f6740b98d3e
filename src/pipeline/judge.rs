//! What an outcome means for a letter and its person.

use chrono::{DateTime, Utc};
use tracing::{error, warn};

use super::letter::LetterDesk;
use super::queues::Waiting;
use super::returned::charge;
use super::tally::DeliverSummary;
use crate::clock::Clock;
use crate::domain::retry::{RetryRules, Verdict, after_outcome};
use crate::domain::{Delivery, DeliveryEvent, DeliveryState, Lifetimes, Outcome};
use crate::store::{Ended, Store};

/// Who judges outcomes.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Judge {
    pub(in crate::pipeline) store: Store,
    pub(in crate::pipeline) desk: LetterDesk,
    pub(in crate::pipeline) rules: RetryRules,
    pub(in crate::pipeline) lifetimes: Lifetimes,
    pub(in crate::pipeline) clock: Clock,
}

impl Judge {
    /// Judges the outcome of a letter that was being sent; `letter` is what went out.
    pub(in crate::pipeline) fn judge(&self, waiting: &Waiting, outcome: &Outcome, letter: &[u8], tally: &mut DeliverSummary) -> Ended {
        let claimed = &waiting.claimed;
        let id = claimed.delivery.id.0;
        let verdict = self.in_time(after_outcome(outcome, &claimed.delivery, self.clock.now(), &self.rules), &claimed.delivery);
        let detail = said(outcome);
        let attempts = claimed.delivery.attempts + 1;
        let mut charged = None;
        match verdict.event {
            DeliveryEvent::Accepted => tally.sent += 1,
            DeliveryEvent::Deferred | DeliveryEvent::Unanswered => {
                warn!(delivery = id, attempts, again_at = ?verdict.again_at, ?detail, "letter not taken");
                tally.retrying += 1;
            }
            DeliveryEvent::Expired => {
                warn!(delivery = id, attempts, ?detail, "letter not taken and too old to be of use");
                tally.expired += 1;
            }
            DeliveryEvent::Parked => {
                error!(delivery = id, attempts, ?detail, "letter refused for a fault on our side; it waits for `rolecall delivery retry`");
                tally.parked += 1;
            }
            _ => {
                warn!(delivery = id, attempts, ?detail, "letter given up");
                if let Outcome::Never(refusal) = outcome {
                    charged = Some(charge(self.desk.composer.address_digest(&claimed.subscriber.email), claimed, refusal));
                }
                tally.failed += 1;
            }
        }
        let keep = verdict.event == DeliveryEvent::Unanswered && verdict.again_at.is_some();
        Ended {
            counts: verdict.counts,
            letter: keep.then(|| letter.to_vec()),
            charge: charged,
            ..self.ended(waiting, DeliveryState::Sending, verdict.event, verdict.again_at, detail)
        }
    }

    /// Whether a letter is too old to be of use at a moment.
    pub(in crate::pipeline) fn is_too_old(&self, delivery: &Delivery, at: DateTime<Utc>) -> bool {
        self.lifetimes.end_of(delivery).is_some_and(|end| end <= at)
    }

    /// What waits for another attempt until it is too old has expired.
    fn in_time(&self, verdict: Verdict, delivery: &Delivery) -> Verdict {
        let waits = verdict.again_at.filter(|_| verdict.event == DeliveryEvent::Deferred);
        if waits.is_some_and(|again_at| self.is_too_old(delivery, again_at)) {
            return Verdict { event: DeliveryEvent::Expired, again_at: None, ..verdict };
        }
        verdict
    }

    /// The report of a letter that was claimed and not begun.
    pub(in crate::pipeline) fn given_back(&self, waiting: &Waiting, again_at: DateTime<Utc>, why: String) -> Ended {
        self.ended(waiting, DeliveryState::Leased, DeliveryEvent::GivenBack, Some(again_at), why)
    }

    /// The report of a letter that was begun and whose dot was not sent. Its turn had come: it goes before those that came later.
    pub(in crate::pipeline) fn not_sent(&self, waiting: &Waiting, why: &str) -> Ended {
        let at_once = waiting.claimed.delivery.created_at.min(self.clock.now());
        let ended = self.ended(waiting, DeliveryState::Sending, DeliveryEvent::Deferred, Some(at_once), why.to_owned());
        Ended { tried: false, ..ended }
    }

    /// The report of an event.
    pub(in crate::pipeline) fn ended(
        &self,
        waiting: &Waiting,
        from: DeliveryState,
        event: DeliveryEvent,
        again_at: Option<DateTime<Utc>>,
        detail: String,
    ) -> Ended {
        let (delivery, receiver) = (waiting.claimed.delivery.id, waiting.receiver.family());
        Ended {
            delivery,
            from,
            event,
            again_at,
            counts: false,
            tried: true,
            detail,
            letter: None,
            charge: None,
            receiver,
            at: self.clock.now(),
        }
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
