//! The outbox is emptied: claimed by priority, written late, handed over, and ended by an outcome.
//!
//! Each lane has one letter under way at most, and its outcome is committed before the next: so a kill can repeat one letter a
//! connection, with the same Message-ID, and lose none. The states are drawn in `docs/DELIVERY.md`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::judge::Judge;
use super::lane::Worker;
use super::letter::LetterDesk;
use super::recorder::Recorder;
use super::recover::recover;
use super::tally::DeliverSummary;
use crate::clock::Clock;
use crate::compose::CONFIRM_HOURS;
use crate::domain::duration::DurationText;
use crate::domain::retry::{RetryRules, RetryUnknown};
use crate::domain::{DeliveryEvent, DeliveryId, DeliveryState, Lifetimes};
use crate::mail::{Lane, Mailer};
use crate::pulse::Beat;
use crate::store::{Claimed, Ended, Store, StoreError};

/// How letters are delivered (`[delivery]`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverSettings {
    /// Wait before a letter that may have arrived is sent once more with the same Message-ID.
    pub unknown_retry: DurationText,
    /// What is about this hour (instant alerts, a lost link, a goodbye) is not sent any more when it waited so long.
    pub expire_instant: DurationText,
    /// Digests, welcomes and notices are not sent any more when they waited so long.
    pub expire_digest: DurationText,
    /// How long a claim holds unless it is renewed, which it is at a third of this while its letters are worked on. Not a key: nobody
    /// has to set it.
    #[serde(skip)]
    pub lease: Duration,
}

impl Default for DeliverSettings {
    fn default() -> Self {
        Self {
            unknown_retry: DurationText::from_secs(30 * 60),
            expire_instant: DurationText::from_secs(3 * 86_400),
            expire_digest: DurationText::from_secs(7 * 86_400),
            lease: Duration::from_mins(15),
        }
    }
}

impl DeliverSettings {
    /// The rules of attempts, with what `[mail]` says of letters that may have arrived.
    #[must_use]
    pub fn rules(&self, unknown: RetryUnknown) -> RetryRules {
        RetryRules { unknown, unknown_wait: chrono::Duration::from_std(self.unknown_retry.get()).unwrap_or_default() }
    }

    /// How long letters are of use.
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        let length = |text: DurationText| chrono::Duration::from_std(text.get()).unwrap_or(chrono::Duration::MAX);
        Lifetimes {
            confirmation: chrono::Duration::hours(CONFIRM_HOURS),
            instant: length(self.expire_instant),
            digest: length(self.expire_digest),
        }
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
    /// Its signs of life, one a letter.
    pub beat: Beat,
}

/// Letters claimed at a time for each lane.
const CLAIM_PER_LANE: usize = 16;
/// Longest time that a claim may take: longer than the database's own limits.
const CLAIM_WITHIN: Duration = Duration::from_mins(1);

impl DeliverPass {
    /// The rules of attempts.
    #[must_use]
    pub fn rules(&self) -> RetryRules {
        self.settings.rules(self.mailer.retry_unknown())
    }

    fn judge(&self) -> Judge {
        Judge {
            store: self.store.clone(),
            desk: self.desk.clone(),
            rules: self.rules(),
            lifetimes: self.settings.lifetimes(),
            clock: self.clock.clone(),
        }
    }

    /// Takes up what a process that is gone had claimed or under way; how many letters.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        recover(&self.judge(), &self.mailer).await
    }

    /// Lanes, which note what they have under way where that is set up.
    async fn lanes(&self) -> Result<Vec<Lane>, StoreError> {
        let noting: std::io::Result<Vec<Lane>> = (0..self.mailer.lanes()).map(|number| self.mailer.noting_lane(number)).collect();
        match noting {
            Ok(lanes) => Ok(lanes),
            Err(fault) => {
                error!(detail = ?fault, "what is under way cannot be noted; after a crash more letters would be doubted");
                self.store.set_slips_mark(0).await?;
                Ok((0..self.mailer.lanes()).map(|_| self.mailer.lane()).collect())
            }
        }
    }

    /// Delivers everything that is due, until nothing is left, the mail server is down, or `stop` is cancelled. Letters under way are
    /// finished; claimed ones that were not begun are given back.
    ///
    /// # Errors
    /// Those of the store while claiming.
    pub async fn run(&self, stop: &CancellationToken) -> Result<DeliverSummary, StoreError> {
        let mut total = DeliverSummary::default();
        let mut lanes = self.lanes().await?;
        let result = loop {
            if stop.is_cancelled() || total.relay_down {
                break Ok(());
            }
            self.beat.within(CLAIM_WITHIN);
            let now = self.clock.now();
            let limit = u32::try_from(lanes.len() * CLAIM_PER_LANE).unwrap_or(u32::MAX);
            match self.store.claim(now, now + self.settings.lease, limit).await {
                Ok(claimed) if claimed.is_empty() => break Ok(()),
                Ok(claimed) => total.add(self.batch(claimed, &mut lanes, stop).await?),
                Err(error) => break Err(error),
            }
        };
        for lane in lanes {
            lane.close().await;
        }
        if total != DeliverSummary::default() {
            let DeliverSummary { sent, retrying, failed, parked, expired, cancelled, relay_down } = total;
            info!(sent, retrying, failed, parked, expired, cancelled, relay_down, "letters delivered");
        }
        result.map(|()| total)
    }

    /// Spreads one claim over the lanes.
    async fn batch(&self, claimed: Vec<Claimed>, lanes: &mut Vec<Lane>, stop: &CancellationToken) -> Result<DeliverSummary, StoreError> {
        let halt = stop.child_token();
        let ids: Vec<DeliveryId> = claimed.iter().map(|claimed| claimed.delivery.id).collect();
        let work = Arc::new(Mutex::new(VecDeque::from(claimed)));
        let (recorder, committing) = Recorder::start(self.store.clone());
        let mut workers = JoinSet::new();
        for lane in lanes.drain(..) {
            let worker = Worker {
                judge: self.judge(),
                beat: self.beat.clone(),
                lane,
                work: Arc::clone(&work),
                recorder: recorder.clone(),
                halt: halt.clone(),
            };
            workers.spawn(worker.run());
        }
        let mut total = DeliverSummary::default();
        while let Some(done) = self.next_done(&mut workers, &ids).await {
            match done {
                Ok((lane, summary)) => {
                    lanes.push(lane);
                    total.add(summary);
                }
                Err(panic) => {
                    error!(detail = ?panic, "a mail lane broke; its letter is doubted when its claim ends");
                    self.store.set_slips_mark(0).await?;
                    lanes.push(self.mailer.lane());
                }
            }
        }
        let rest: Vec<Claimed> = work.lock().await.drain(..).collect();
        self.give_back(rest, &recorder).await;
        drop(recorder);
        if committing.await.is_err() {
            error!("the recorder of outcomes broke; unrecorded letters are tried again");
        }
        Ok(total)
    }

    /// The next worker that is done. Until then the claim is renewed: a server may take as long as RFC 5321 4.5.3.2 gives it.
    async fn next_done<T: 'static>(&self, workers: &mut JoinSet<T>, ids: &[DeliveryId]) -> Option<Result<T, JoinError>> {
        loop {
            match tokio::time::timeout(self.settings.lease / 3, workers.join_next()).await {
                Ok(done) => return done,
                Err(_) => {
                    if let Err(fault) = self.store.renew_leases(ids, self.clock.now() + self.settings.lease).await {
                        warn!(detail = ?fault, "the claim on letters under way cannot be renewed; it is tried again");
                    }
                }
            }
        }
    }

    /// Returns what was claimed and not begun.
    async fn give_back(&self, rest: Vec<Claimed>, recorder: &Recorder) {
        let (now, from, event) = (self.clock.now(), DeliveryState::Leased, DeliveryEvent::GivenBack);
        for claimed in rest {
            let delivery = claimed.delivery.id;
            let ended =
                Ended { delivery, from, event, again_at: Some(now), counts: false, detail: "not begun".into(), letter: None, at: now };
            recorder.record(Some(ended), None).await;
        }
    }
}
