//! One lane at work: letters are written, begun, handed over and judged, one after the other.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::judge::Judge;
use super::letter::Prepared;
use super::recorder::Recorder;
use super::tally::DeliverSummary;
use crate::domain::retry::RELAY_RETRY_SECONDS;
use crate::domain::{DeliveryEvent, DeliveryState, Outcome};
use crate::mail::{Lane, Parcel};
use crate::pulse::Beat;
use crate::store::{Claimed, Ended, StoreError};

/// A letter under way is heard of within this time: each step of RFC 5321 4.5.3.2 has its own limit, and a claim lasts for all of them.
const LETTER_WITHIN: Duration = Duration::from_mins(45);

/// What is kept of a letter that expired before it was begun.
const TOO_OLD: &str = "it waited longer than it is of use";

/// A lane and what it works on.
pub(in crate::pipeline) struct Worker {
    pub(in crate::pipeline) judge: Judge,
    pub(in crate::pipeline) beat: Beat,
    pub(in crate::pipeline) lane: Lane,
    pub(in crate::pipeline) work: Arc<Mutex<VecDeque<Claimed>>>,
    pub(in crate::pipeline) recorder: Recorder,
    pub(in crate::pipeline) halt: CancellationToken,
}

/// What a letter came to before it was handed over.
enum Written {
    Parcel(Box<Parcel>),
    Ended(Ended),
}

impl Worker {
    /// Works until nothing is left or everything halts. The end of each letter and the beginning of the next share a commit.
    pub(in crate::pipeline) async fn run(mut self) -> (Lane, DeliverSummary) {
        let mut tally = DeliverSummary::default();
        let mut before: Option<Ended> = None;
        while !self.halt.is_cancelled() {
            let Some(claimed) = self.work.lock().await.pop_front() else { break };
            self.beat.within(LETTER_WITHIN);
            let parcel = match self.write(&claimed, &mut tally).await {
                Written::Parcel(parcel) => parcel,
                Written::Ended(ended) => {
                    self.recorder.record(before.take(), None).await;
                    before = Some(ended);
                    continue;
                }
            };
            if self.recorder.record(before.take(), Some(claimed.delivery.id)).await {
                let outcome = self.lane.hand_over(&parcel).await;
                if matches!(&outcome, Outcome::Later(refusal) if refusal.is_relay_down()) {
                    tally.relay_down = true;
                    self.halt.cancel();
                }
                before = Some(self.judge.judge(&claimed, &outcome, parcel.bytes(), &mut tally).await);
            } else {
                tally.cancelled += 1;
            }
        }
        self.recorder.record(before, None).await;
        (self.lane, tally)
    }

    /// Writes a letter, or says why it is not to be sent now.
    async fn write(&self, claimed: &Claimed, tally: &mut DeliverSummary) -> Written {
        let not_begun = |event, again_at, why| Written::Ended(self.judge.ended(claimed, DeliveryState::Leased, event, again_at, why));
        let now = self.judge.clock.now();
        if self.judge.is_too_old(&claimed.delivery, now) {
            warn!(delivery = claimed.delivery.id.0, kind = claimed.delivery.kind.as_str(), "letter is too old to be of use");
            tally.expired += 1;
            return not_begun(DeliveryEvent::Expired, None, TOO_OLD.to_owned());
        }
        match self.judge.desk.prepare(claimed, now).await {
            Ok(Prepared::Letter(message)) => match self.lane.pack(message) {
                Ok(parcel) => self.as_before(claimed, parcel).await.map_or_else(
                    |fault| not_begun(DeliveryEvent::GivenBack, Some(now), fault.to_string()),
                    |parcel| Written::Parcel(Box::new(parcel)),
                ),
                Err(fault) => {
                    error!(delivery = claimed.delivery.id.0, detail = ?fault, "letter cannot be put into bytes; it is parked");
                    tally.parked += 1;
                    not_begun(DeliveryEvent::Parked, None, fault.to_string())
                }
            },
            Ok(Prepared::Cancelled(why)) => {
                tally.cancelled += 1;
                not_begun(DeliveryEvent::Cancelled, None, why)
            }
            Err(fault) => {
                error!(delivery = claimed.delivery.id.0, detail = ?fault, "letter cannot be written yet");
                tally.retrying += 1;
                not_begun(DeliveryEvent::GivenBack, Some(now + chrono::Duration::seconds(RELAY_RETRY_SECONDS)), fault.to_string())
            }
        }
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
