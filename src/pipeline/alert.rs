//! Subscriptions are decided: the cursor moves and the letter goes into the outbox, in one transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tracing::info;

use super::evaluate::{Target, Which, evaluate, evaluate_open};
use crate::clock::Clock;
use crate::domain::delivery::Digest;
use crate::domain::duration::DurationText;
use crate::domain::{Caps, DeliveryKind, NewDelivery, Rates, Seq, Subscription, SubscriptionId, Window};
use crate::pulse::Beat;
use crate::store::{Audience, Decision, Store, StoreError};

/// How alerts are put together (`[alerts]`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertSettings {
    /// Listings shown in one mail.
    pub max_listings: usize,
    /// Listings of one company shown in one mail.
    pub max_per_company: usize,
    /// Hits of an instant alert within this time go into one mail.
    pub instant_grouping: DurationText,
}

impl Default for AlertSettings {
    fn default() -> Self {
        let caps = Caps::default();
        Self { max_listings: caps.listings, max_per_company: caps.per_company, instant_grouping: DurationText::from_secs(60) }
    }
}

impl AlertSettings {
    /// The caps of one mail.
    #[must_use]
    pub const fn caps(&self) -> Caps {
        Caps { listings: self.max_listings, per_company: self.max_per_company }
    }
}

/// What an alert pass needs.
#[derive(Debug, Clone)]
pub struct AlertPass {
    /// The store.
    pub store: Store,
    /// The rates that salaries compare by.
    pub rates: Rates,
    /// How alerts are put together.
    pub settings: AlertSettings,
    /// The time.
    pub clock: Clock,
    /// Its signs of life, one a batch.
    pub beat: Beat,
}

/// What one alert pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertSummary {
    /// Welcome letters queued.
    pub welcomes: u64,
    /// Instant subscriptions that a hit woke.
    pub woken: u64,
    /// Subscriptions decided.
    pub decided: u64,
    /// Letters queued, welcome letters included.
    pub queued: u64,
}

/// Subscriptions decided in one transaction.
const BATCH: u32 = 5_000;
/// Sleeping instant subscriptions held against a window at a time.
const SCAN_PAGE: u32 = 20_000;
/// Listings of one step of the instant scan: one step holds their blocks in memory.
const SCAN_STEP: i64 = 4_096;
/// Open listings that a welcome letter chooses from, newest first.
const WELCOME_LISTINGS: usize = 50_000;
/// Longest time that one batch, or one step of a scan, may take; they take seconds.
const BATCH_WITHIN: Duration = Duration::from_mins(5);

impl AlertPass {
    /// Decides everything that is due now: welcome letters, then instant hits, then digests.
    ///
    /// # Errors
    /// Those of the store; what was committed before stays, the rest is decided by the next pass.
    pub async fn run(&self) -> Result<AlertSummary, StoreError> {
        let mut summary = AlertSummary { welcomes: self.welcome().await?, ..AlertSummary::default() };
        summary.woken = self.scan_instant().await?;
        let (decided, queued) = self.decide_due().await?;
        summary.decided = decided;
        summary.queued = queued + summary.welcomes;
        if summary != AlertSummary::default() {
            info!(welcomes = summary.welcomes, woken = summary.woken, decided, queued = summary.queued, "alerts decided");
        }
        Ok(summary)
    }

    /// Queues the welcome letters that are owed, with the best of what is open.
    async fn welcome(&self) -> Result<u64, StoreError> {
        let mut queued = 0;
        loop {
            self.beat.within(BATCH_WITHIN);
            let mut owed = self.store.unwelcomed_subscriptions(BATCH).await?;
            let Some(cursor) = owed.first().map(|subscription| subscription.cursor) else { return Ok(queued) };
            // A welcome ends where the alerts begin: those who begin elsewhere are welcomed in another round.
            owed.retain(|subscription| subscription.cursor == cursor);
            let now = self.clock.now();
            let targets = owed.iter().map(|one| Target::of(one, Seq(0))).collect();
            let fits = evaluate_open(&self.store, &self.rates, targets, cursor, WELCOME_LISTINGS, now).await?;
            let decide = |(subscription, fits): (&Subscription, super::evaluate::Fits)| {
                let window = Window { after: Seq(0), until: subscription.cursor };
                let selection = fits.select(self.settings.caps());
                let news = (selection.total > 0).then(|| selection.clone());
                let delivery = letter(subscription, DeliveryKind::Welcome, Digest { window, selection }, now);
                // An instant alert is not scanned before its welcome: what came in between is decided at once.
                let due_at = if subscription.cadence.is_instant() { Some(now) } else { subscription.due_at };
                Decision { due_at, news, ..decision(subscription, Some(delivery)) }
            };
            let decisions: Vec<Decision> = owed.iter().zip(fits).map(decide).collect();
            let done = self.store.commit_decisions(&decisions, now).await?;
            queued += done.queued;
            if done.taken == 0 {
                return Ok(queued);
            }
        }
    }

    /// Holds new listings against the instant subscriptions that sleep, and wakes those with a hit.
    async fn scan_instant(&self) -> Result<u64, StoreError> {
        let mut woken = 0;
        let newest = self.store.newest_seq().await?;
        loop {
            let scanned = self.store.instant_scanned().await?;
            if scanned >= newest {
                return Ok(woken);
            }
            let step = Window { after: scanned, until: newest.min(Seq(scanned.0 + SCAN_STEP)) };
            woken += self.scan_step(step).await?;
            if !self.store.advance_instant_scanned(step.after, step.until).await? {
                return Ok(woken);
            }
        }
    }

    async fn scan_step(&self, step: Window) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let due_at = now + chrono::Duration::from_std(self.settings.instant_grouping.get()).unwrap_or_default();
        let mut woken = 0;
        let mut after = SubscriptionId(0);
        loop {
            self.beat.within(BATCH_WITHIN);
            let page = self.store.sleeping_instant_subscriptions(after, SCAN_PAGE).await?;
            let Some(last) = page.last() else { return Ok(woken) };
            after = last.id;
            let target = |one: &Subscription| Target::of(one, one.cursor.max(step.after));
            let targets = page.iter().map(target).collect();
            let fits = evaluate(&self.store, &self.rates, targets, step.until, Audience::Alerts, Which::OpenAt(now), now).await?;
            let hit: Vec<SubscriptionId> =
                page.iter().zip(&fits).filter(|(_, fits)| fits.total() > 0).map(|(subscription, _)| subscription.id).collect();
            woken += self.store.wake_instant(&hit, step.after, due_at).await?;
        }
    }

    /// Decides every subscription that is due, in batches; how many, and how many letters.
    async fn decide_due(&self) -> Result<(u64, u64), StoreError> {
        let (mut decided, mut queued) = (0, 0);
        // What falls due meanwhile is the next pass's, so that this one ends.
        let now = self.clock.now();
        loop {
            self.beat.within(BATCH_WITHIN);
            let due = self.store.due_subscriptions(now, BATCH).await?;
            if due.is_empty() {
                return Ok((decided, queued));
            }
            let decisions = self.decide(&due, now).await?;
            let done = self.store.commit_decisions(&decisions, now).await?;
            decided += done.taken;
            queued += done.queued;
            if done.taken == 0 {
                return Ok((decided, queued));
            }
        }
    }

    async fn decide(&self, due: &[Subscription], now: DateTime<Utc>) -> Result<Vec<Decision>, StoreError> {
        let until = self.store.newest_seq().await?;
        let targets = due.iter().map(|one| Target::of(one, one.cursor)).collect();
        let fits = evaluate(&self.store, &self.rates, targets, until, Audience::Alerts, Which::OpenAt(now), now).await?;
        let mut untold = self.store.untold(&due.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
        let mut decide = |(subscription, fits): (&Subscription, super::evaluate::Fits)| {
            let instant = subscription.cadence.is_instant();
            let kind = if instant { DeliveryKind::Instant } else { DeliveryKind::Digest };
            let window = Window { after: subscription.cursor, until: until.max(subscription.cursor) };
            let mut selection = fits.select(self.settings.caps());
            let news = (selection.total > 0).then(|| selection.clone());
            let earlier = untold.remove(&subscription.id).unwrap_or_default();
            for (_, listings) in &earlier {
                selection.take_in(listings, self.settings.caps());
            }
            let carries = earlier.into_iter().map(|(letter, _)| letter).collect();
            let delivery = (selection.total > 0).then(|| letter(subscription, kind, Digest { window, selection }, now));
            Decision { to: window.until, due_at: subscription.cadence.next_due(now), carries, news, ..decision(subscription, delivery) }
        };
        Ok(due.iter().zip(fits).map(&mut decide).collect())
    }
}

fn decision(subscription: &Subscription, delivery: Option<NewDelivery>) -> Decision {
    Decision {
        subscription: subscription.id,
        from: subscription.cursor,
        to: subscription.cursor,
        due_at: None,
        delivery,
        news: None,
        carries: Vec::new(),
    }
}

fn letter(subscription: &Subscription, kind: DeliveryKind, digest: Digest, due_at: DateTime<Utc>) -> NewDelivery {
    let subscriber = subscription.subscriber;
    NewDelivery { subscriber, subscription: Some(subscription.id), kind, due_at, digest: Some(digest), secret: None }
}
