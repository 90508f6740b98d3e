//! The outbox is emptied: claimed by priority, written late, handed over, and ended by an outcome.
//!
//! Each lane has one letter on its way at most, whose beginning is committed, while the outcome of the one before is being: so a kill can
//! repeat one letter a connection, with the same Message-ID, and lose none. While letters are under way the outbox is looked at again and
//! again, so that one that takes ten minutes holds up its own lane and nobody else. The states are drawn in `docs/DELIVERY.md`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::gate::{Gate, Opening};
use super::judge::Judge;
use super::lane::Worker;
use super::letter::LetterDesk;
use super::pool::{Pool, URGENT_EVERY};
use super::recorder::Recorder;
use super::recover::recover;
use super::tally::DeliverSummary;
use crate::clock::Clock;
use crate::compose::CONFIRM_HOURS;
use crate::domain::Lifetimes;
use crate::domain::duration::DurationText;
use crate::domain::retry::{RetryRules, RetryUnknown};
use crate::mail::{Lane, Mailer};
use crate::pulse::Beat;
use crate::store::{Claimed, Store, StoreError};

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
    /// What is let through.
    pub gate: Gate,
}

/// The lanes at work.
type Workers = JoinSet<(Lane, DeliverSummary)>;

/// Longest time that a claim may take: longer than the database's own limits.
const CLAIM_WITHIN: Duration = Duration::from_mins(1);
/// A letter under way is heard of within this time: each step of RFC 5321 4.5.3.2 has its own limit, and a claim lasts for all of them.
const LETTER_WITHIN: Duration = Duration::from_mins(45);
/// While letters are under way the outbox is looked at this often: what falls due meanwhile does not wait for the slowest of them.
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// Letters claimed at a time because a confirmation is due although the pool is full.
const URGENT: usize = 16;

/// A look into the outbox that found nothing but letters for domains of which there is enough.
struct InVain {
    beside: Vec<String>,
    at: Instant,
}

impl InVain {
    fn holds(&self, beside: &[String]) -> bool {
        self.beside == beside && self.at.elapsed() < LOOKS_EVERY
    }
}

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

    /// Delivers everything that is due, until nothing is left, sending stops, or `stop` is cancelled. Letters under way are finished;
    /// claimed ones that were not begun are given back. After a fault of the mail server one letter goes first and shows the way.
    ///
    /// # Errors
    /// Those of the store while claiming.
    pub async fn run(&self, stop: &CancellationToken) -> Result<DeliverSummary, StoreError> {
        let mut total = DeliverSummary::default();
        self.desk.begin();
        let result = Box::pin(self.deliver(stop, &mut total)).await;
        let DeliverSummary { sent, retrying, failed, parked, expired, cancelled, relay_down } = total;
        if total != (DeliverSummary { relay_down, ..DeliverSummary::default() }) {
            info!(sent, retrying, failed, parked, expired, cancelled, relay_down, "letters delivered");
        }
        result.map(|()| total)
    }

    async fn deliver(&self, stop: &CancellationToken, total: &mut DeliverSummary) -> Result<(), StoreError> {
        while !stop.is_cancelled() {
            self.learn().await?;
            match self.gate.opening(self.clock.now()) {
                Opening::All => {
                    self.work(self.lanes().await?, usize::MAX, stop, total).await?;
                    return Ok(());
                }
                Opening::One => {
                    let lane = self.lanes().await?.into_iter().take(1).collect();
                    if self.work(lane, 1, stop, total).await? == 0 || total.relay_down {
                        return Ok(());
                    }
                }
                Opening::Shut(_) => {
                    total.relay_down = true;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Brings what is known of the receivers up to date, once a minute: a pass may last for days.
    async fn learn(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.gate.is_to_learn(now) {
            self.gate.learn(self.store.receiver_records(now).await?, now);
        }
        Ok(())
    }

    /// Works with some lanes on at most so many letters; how many were claimed.
    async fn work(&self, lanes: Vec<Lane>, most: usize, stop: &CancellationToken, total: &mut DeliverSummary) -> Result<usize, StoreError> {
        let halt = stop.child_token();
        let pool = Pool::new(self.gate.clone(), lanes.len());
        let (recorder, committing) = Recorder::start(self.store.clone());
        let mut workers = JoinSet::new();
        for lane in lanes {
            let worker = Worker {
                judge: self.judge(),
                lane,
                pool: Arc::clone(&pool),
                gate: self.gate.clone(),
                recorder: recorder.clone(),
                halt: halt.clone(),
                tally: DeliverSummary::default(),
                before: None,
                prompt: true,
            };
            workers.spawn(worker.run());
        }
        let claimed = self.feed(&pool, most, &halt, &recorder, &mut workers).await;
        self.beat.within(LETTER_WITHIN);
        let judge = self.judge();
        let rest = pool.end().into_iter();
        recorder.record_all(rest.map(|waiting| judge.given_back(&waiting, self.clock.now(), "not begun".to_owned())).collect()).await;
        while let Some(done) = self.next_done(&mut workers, &pool).await {
            if let Some((lane, summary)) = self.whole(done).await? {
                total.add(summary);
                lane.close().await;
            }
        }
        drop(recorder);
        if committing.await.is_err() {
            error!("the recorder of outcomes broke; unrecorded letters are tried again");
        }
        claimed
    }

    /// Keeps the pool filled until nothing is due and nothing is under way; how many were claimed.
    async fn feed(
        &self,
        pool: &Arc<Pool>,
        most: usize,
        halt: &CancellationToken,
        recorder: &Recorder,
        workers: &mut Workers,
    ) -> Result<usize, StoreError> {
        let (judge, mut claimed, mut renewed) = (self.judge(), 0, Instant::now());
        let mut in_vain: Option<InVain> = None;
        let mut looked_for_urgent: Option<Instant> = None;
        while !halt.is_cancelled() {
            self.beat.within(CLAIM_WITHIN);
            if let Some(done) = workers.try_join_next() {
                self.whole(done).await?;
                if workers.is_empty() {
                    break;
                }
            }
            if renewed.elapsed() >= self.settings.lease / 3 {
                renewed = Instant::now();
                self.renew(pool).await;
            }
            self.learn().await?;
            let beside = pool.enough_of();
            // Each letter that ends asks for more; where only those are due of whom there is enough, one look in a while is enough too.
            let got = if in_vain.as_ref().is_some_and(|last| last.holds(&beside)) {
                Vec::new()
            } else {
                let got = self.claim(pool, &beside, most - claimed, &mut looked_for_urgent).await?;
                in_vain = (got.is_empty() && !beside.is_empty()).then(|| InVain { beside, at: Instant::now() });
                got
            };
            let count = got.len();
            claimed += count;
            self.desk.look_up(&got).await;
            pool.fill(got);
            let aside = pool.set_aside(self.clock.now()).into_iter();
            let why = || "its receiver has all the lanes it may have".to_owned();
            recorder.record_all(aside.map(|(waiting, at)| judge.given_back(&waiting, at, why())).collect()).await;
            if count == 0 && pool.is_idle() {
                break;
            }
            if count == 0 || pool.room() == 0 {
                tokio::select! {
                    () = halt.cancelled() => {}
                    () = pool.wants_feed() => {}
                    () = tokio::time::sleep(LOOKS_EVERY.min(self.settings.lease / 3)) => {}
                }
            }
        }
        Ok(claimed)
    }

    /// Claims what there is room for, and confirmations in any case; those are looked for at most so often, however many letters end.
    async fn claim(
        &self,
        pool: &Pool,
        beside: &[String],
        most: usize,
        looked_for_urgent: &mut Option<Instant>,
    ) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        let room = pool.room().min(most);
        let due = if room > 0 {
            self.store.next_delivery_due().await?.is_some_and(|due| due <= now)
        } else if most == 0 || looked_for_urgent.is_some_and(|at| at.elapsed() < URGENT_EVERY) {
            false
        } else {
            *looked_for_urgent = Some(Instant::now());
            self.store.urgent_due(now).await?
        };
        if !due {
            return Ok(Vec::new());
        }
        let limit = if room > 0 { room } else { URGENT.min(most) };
        self.store.claim_beside(beside, now, now + self.settings.lease, u32::try_from(limit).unwrap_or(u32::MAX)).await
    }

    /// What a worker came to; none where it broke.
    async fn whole(&self, done: Result<(Lane, DeliverSummary), JoinError>) -> Result<Option<(Lane, DeliverSummary)>, StoreError> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(panic) => {
                error!(detail = ?panic, "a mail lane broke; its letter is doubted when its claim ends");
                self.store.set_slips_mark(0).await?;
                Ok(None)
            }
        }
    }

    /// The next worker that is done. Until then the claim is renewed: a server may take as long as RFC 5321 4.5.3.2 gives it.
    async fn next_done(&self, workers: &mut Workers, pool: &Pool) -> Option<Result<(Lane, DeliverSummary), JoinError>> {
        loop {
            match tokio::time::timeout(self.settings.lease / 3, workers.join_next()).await {
                Ok(done) => return done,
                Err(_) => self.renew(pool).await,
            }
        }
    }

    async fn renew(&self, pool: &Pool) {
        if let Err(fault) = self.store.renew_leases(&pool.held(), self.clock.now() + self.settings.lease).await {
            warn!(detail = ?fault, "the claim on letters under way cannot be renewed; it is tried again");
        }
    }
}
