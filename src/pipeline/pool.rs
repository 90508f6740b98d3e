//! The letters of a pass that are claimed and not begun: confirmations first, and no receiver takes all the lanes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::gate::Gate;
use crate::domain::{DeliveryId, Receiver};
use crate::store::{Claimed, Store};

/// Letters that a pass holds at most, those that stand by included.
const MOST_HELD: usize = 4_096;
/// While the pool is full letters that end ask for more at most this often: for confirmations, which go past all that waits.
pub(in crate::pipeline) const URGENT_EVERY: Duration = Duration::from_millis(20);
/// What stands by and is too much goes back for this long.
const ASIDE: chrono::Duration = chrono::Duration::seconds(5);
/// Once that was slow it is done at once for this long.
const SLOW_FOR: Duration = Duration::from_secs(10);

/// A letter and who takes mail for its mailbox.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Waiting {
    pub(in crate::pipeline) claimed: Claimed,
    pub(in crate::pipeline) receiver: Receiver,
}

impl Waiting {
    /// A claimed letter.
    pub(in crate::pipeline) fn of(claimed: Claimed) -> Self {
        let receiver = Receiver::of(&claimed.subscriber.email);
        Self { claimed, receiver }
    }

    fn is_urgent(&self) -> bool {
        self.claimed.delivery.kind.priority() == 0
    }
}

/// Letters by priority, and then in the order in which they were claimed.
type Queue = BTreeMap<(i64, u64), Waiting>;

/// What a lane gets.
pub(in crate::pipeline) enum Turn {
    /// A letter to send; it counts as under way until the guard is dropped.
    Send(Box<Waiting>, UnderWay),
    /// A letter that has to wait until a moment.
    Later(Box<Waiting>, DateTime<Utc>),
}

/// The pool; workers and the pass share it.
#[derive(Debug)]
pub(in crate::pipeline) struct Pool {
    gate: Gate,
    lanes: usize,
    inner: Mutex<Inner>,
    /// For the workers: there is something new, or it is over.
    work: Notify,
    /// For the pass: there may be room, or nothing is left.
    feed: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: Queue,
    /// Letters of receivers that have all the lanes they may have; each lane that becomes free lets one of them wait for its turn again.
    standing_by: HashMap<Receiver, Queue>,
    held: HashSet<DeliveryId>,
    order: u64,
    under_way: HashMap<Receiver, usize>,
    busy: usize,
    busy_urgent: usize,
    /// Letters that ended, and how many they were at the beginning of the present second.
    done: u64,
    second: Option<(Instant, u64)>,
    /// So long what stands by and is too much is set aside at once.
    slow_until: Option<Instant>,
    /// When a letter that ended last asked for more.
    asked: Option<Instant>,
    over: bool,
}

/// A letter that occupies a lane.
#[derive(Debug)]
pub(in crate::pipeline) struct UnderWay {
    pool: Arc<Pool>,
    receiver: Receiver,
    urgent: bool,
    id: DeliveryId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut inner = self.pool.inner();
        inner.busy -= 1;
        inner.busy_urgent -= usize::from(self.urgent);
        inner.done += 1;
        inner.held.remove(&self.id);
        if let Some(count) = inner.under_way.get_mut(&self.receiver) {
            *count -= 1;
            if *count == 0 {
                inner.under_way.remove(&self.receiver);
            }
        }
        self.pool.let_one_wait(&mut inner, &self.receiver);
        let work = !inner.waiting.is_empty();
        self.pool.ask(&mut inner);
        drop(inner);
        if work {
            self.pool.work.notify_waiters();
        }
    }
}

impl Pool {
    pub(in crate::pipeline) fn new(gate: Gate, lanes: usize) -> Arc<Self> {
        Arc::new(Self { gate, lanes, inner: Mutex::default(), work: Notify::new(), feed: Notify::new() })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was claimed.
    pub(in crate::pipeline) fn fill(&self, claimed: Vec<Claimed>) {
        let mut inner = self.inner();
        for claimed in claimed {
            inner.held.insert(claimed.delivery.id);
            inner.wait(Waiting::of(claimed));
        }
        drop(inner);
        self.work.notify_waiters();
    }

    /// Lets go of a letter that was taken ahead and is due again in the outbox.
    pub(in crate::pipeline) fn let_go(&self, waiting: &Waiting) {
        self.inner().held.remove(&waiting.claimed.delivery.id);
        self.feed.notify_one();
    }

    /// The next turn; none once it is over and nothing is left for this worker to do.
    pub(in crate::pipeline) async fn turn(self: &Arc<Self>, now: impl Fn() -> DateTime<Utc>) -> Option<Turn> {
        loop {
            let mut changed = std::pin::pin!(self.work.notified());
            changed.as_mut().enable();
            {
                let mut inner = self.inner();
                if inner.over {
                    return None;
                }
                if let Some(turn) = self.next(&mut inner, now()) {
                    return Some(turn);
                }
                if inner.waiting.is_empty() {
                    self.feed.notify_one();
                } else {
                    self.ask(&mut inner);
                }
            }
            changed.await;
        }
    }

    fn next(self: &Arc<Self>, inner: &mut Inner, now: DateTime<Utc>) -> Option<Turn> {
        let only_urgent = inner.only_urgent(self.lanes);
        let waiting = loop {
            let key = *inner.waiting.first_key_value()?.0;
            if only_urgent && key.0 > 0 {
                return None;
            }
            let waiting = inner.waiting.remove(&key)?;
            if !inner.has_its_lanes(&waiting, &self.gate, self.lanes) {
                break waiting;
            }
            inner.stand_by(key, waiting);
        };
        self.ask(inner);
        match self.gate.admits(&waiting.receiver, waiting.is_urgent(), now) {
            Ok(()) => {
                let guard = self.count(inner, &waiting);
                Some(Turn::Send(Box::new(waiting), guard))
            }
            Err(at) => {
                inner.held.remove(&waiting.claimed.delivery.id);
                // It takes no lane that becomes free and would let the next one wait: else those that stand by did so for ever.
                self.let_one_wait(inner, &waiting.receiver);
                Some(Turn::Later(Box::new(waiting), at))
            }
        }
    }

    /// A letter for the lane that is just sending one to `receiver`, to begin while that one is on its way; it takes no lane until its turn
    /// comes.
    pub(in crate::pipeline) fn ahead(&self, sending: &Waiting, now: DateTime<Utc>) -> Option<Waiting> {
        let (mut inner, receiver) = (self.inner(), &sending.receiver);
        let only_urgent = inner.only_urgent(self.lanes);
        // Somebody else is idle: whatever waits and may go is theirs. The lane that is kept for confirmations has no use for anything else.
        let theirs = |waiting: &Waiting| (waiting.is_urgent() || !only_urgent) && !inner.has_its_lanes(waiting, &self.gate, self.lanes);
        if inner.over || (only_urgent && sending.is_urgent()) || (inner.busy < self.lanes && inner.waiting.values().any(theirs)) {
            return None;
        }
        let standing_by = inner.standing_by.get(receiver).and_then(|queue| queue.first_key_value()).map(|(key, _)| *key);
        let first = inner
            .waiting
            .first_key_value()
            .filter(|(_, waiting)| waiting.receiver == *receiver || !inner.has_its_lanes(waiting, &self.gate, self.lanes));
        let (key, stands_by) = match (first.map(|(key, _)| *key), standing_by) {
            (Some(first), Some(other)) => (first.min(other), other < first),
            (Some(first), None) => (first, false),
            (None, other) => (other?, true),
        };
        let waiting = if stands_by { inner.standing_by.get_mut(receiver)?.remove(&key)? } else { inner.waiting.remove(&key)? };
        if self.gate.admits(&waiting.receiver, waiting.is_urgent(), now).is_err() {
            inner.waiting.insert(key, waiting);
            return None;
        }
        self.ask(&mut inner);
        Some(waiting)
    }

    /// Asks for more where little is left or nobody has asked for a while. Each time wakes the pass, so letters do not ask one by one.
    fn ask(&self, inner: &mut Inner) {
        let low = inner.busy == 0 || inner.waiting.len() + inner.standing() < self.low_water();
        if low || inner.asked.is_none_or(|at| at.elapsed() >= URGENT_EVERY) {
            inner.asked = Some(Instant::now());
            self.feed.notify_one();
        }
    }

    /// The first letter that stands by for a receiver waits for its turn again, if it may have a lane now.
    fn let_one_wait(&self, inner: &mut Inner, receiver: &Receiver) {
        let Some((key, first)) = inner.standing_by.get(receiver).and_then(BTreeMap::first_key_value) else { return };
        if inner.has_its_lanes(first, &self.gate, self.lanes) {
            return;
        }
        let key = *key;
        let Some(queue) = inner.standing_by.get_mut(receiver) else { return };
        let first = queue.remove(&key);
        if queue.is_empty() {
            inner.standing_by.remove(receiver);
        }
        inner.waiting.extend(first.map(|waiting| (key, waiting)));
    }

    /// The turn of a letter that was taken ahead has come.
    pub(in crate::pipeline) fn begin(self: &Arc<Self>, waiting: &Waiting) -> UnderWay {
        self.count(&mut self.inner(), waiting)
    }

    fn count(self: &Arc<Self>, inner: &mut Inner, waiting: &Waiting) -> UnderWay {
        *inner.under_way.entry(waiting.receiver.clone()).or_default() += 1;
        inner.busy += 1;
        inner.busy_urgent += usize::from(waiting.is_urgent());
        UnderWay {
            pool: Arc::clone(self),
            receiver: waiting.receiver.clone(),
            urgent: waiting.is_urgent(),
            id: waiting.claimed.delivery.id,
        }
    }

    /// Claimed letters at most.
    pub(in crate::pipeline) const fn capacity(&self) -> usize {
        self.lanes * 16
    }

    const fn low_water(&self) -> usize {
        self.lanes * 8
    }

    /// How many more may be claimed; none before it is worth asking for some. What stands by does not fill the pool: behind it there may
    /// be letters that can go.
    pub(in crate::pipeline) fn room(&self) -> usize {
        let inner = self.inner();
        let (waiting, left) = (inner.waiting.len(), MOST_HELD.saturating_sub(inner.waiting.len() + inner.standing()));
        if waiting < self.low_water() && left >= self.capacity() { self.capacity() - waiting } else { 0 }
    }

    /// Whether nothing waits and nothing is under way.
    pub(in crate::pipeline) fn is_idle(&self) -> bool {
        let inner = self.inner();
        inner.waiting.is_empty() && inner.busy == 0 && inner.standing() == 0
    }

    /// The domains of receivers of which enough stands by: what else is for them may stay in the outbox, so that what is for others is
    /// found behind it.
    pub(in crate::pipeline) fn enough_of(&self) -> Vec<String> {
        let inner = self.inner();
        let queues = inner.standing_by.values().filter(|queue| queue.len() >= self.capacity());
        let domains: BTreeSet<&str> = queues.flat_map(BTreeMap::values).map(|waiting| waiting.claimed.subscriber.email.domain()).collect();
        domains.into_iter().take(Store::PASSED_OVER).map(str::to_owned).collect()
    }

    /// Takes out most of what stands by, where that is all the pool may hold and little of it ends: behind it there may be letters that can
    /// go. So much stays for each receiver that its lanes do not run dry.
    pub(in crate::pipeline) fn set_aside(&self, now: DateTime<Utc>) -> Vec<(Waiting, DateTime<Utc>)> {
        let mut inner = self.inner();
        let full = inner.standing() + self.capacity() + self.low_water() > MOST_HELD;
        if !full || inner.waiting.len() >= self.low_water() || !inner.is_slow(self.low_water()) {
            return Vec::new();
        }
        let mut aside = Vec::new();
        for (receiver, queue) in &mut inner.standing_by {
            let keep = self.gate.lanes_of(receiver, self.lanes);
            if let Some(key) = queue.keys().nth(keep).copied() {
                aside.extend(queue.split_off(&key).into_values().map(|waiting| (waiting, now + ASIDE)));
            }
        }
        for (waiting, _) in &aside {
            inner.held.remove(&waiting.claimed.delivery.id);
        }
        aside
    }

    /// Everything that is claimed, for its leases.
    pub(in crate::pipeline) fn held(&self) -> Vec<DeliveryId> {
        self.inner().held.iter().copied().collect()
    }

    /// Waits until there may be room, or nothing is left.
    pub(in crate::pipeline) async fn wants_feed(&self) {
        self.feed.notified().await;
    }

    /// No worker begins another letter; what waited and was not begun.
    pub(in crate::pipeline) fn end(&self) -> Vec<Waiting> {
        let mut inner = self.inner();
        inner.over = true;
        let mut rest: Vec<Waiting> = std::mem::take(&mut inner.waiting).into_values().collect();
        rest.extend(std::mem::take(&mut inner.standing_by).into_values().flat_map(BTreeMap::into_values));
        drop(inner);
        self.work.notify_waiters();
        rest
    }
}

impl Inner {
    /// Whether the lanes that are left are kept for confirmations.
    const fn only_urgent(&self, lanes: usize) -> bool {
        self.busy - self.busy_urgent + Gate::reserve(lanes) >= lanes
    }

    /// Whether the receiver of a letter has all the lanes it may have; a confirmation may take one more.
    fn has_its_lanes(&self, waiting: &Waiting, gate: &Gate, lanes: usize) -> bool {
        let under_way = self.under_way.get(&waiting.receiver).copied().unwrap_or_default();
        under_way >= gate.lanes_of(&waiting.receiver, lanes) + usize::from(waiting.is_urgent())
    }

    fn stand_by(&mut self, key: (i64, u64), waiting: Waiting) {
        self.standing_by.entry(waiting.receiver.clone()).or_default().insert(key, waiting);
    }

    fn standing(&self) -> usize {
        self.standing_by.values().map(BTreeMap::len).sum()
    }

    /// Whether so little ends that what waits would stand in the way of others: less than what fills half the pool in a second. A receiver
    /// that is quick and has its share of the lanes is none.
    fn is_slow(&mut self, enough: usize) -> bool {
        let now = Instant::now();
        let (since, before) = *self.second.get_or_insert((now, self.done));
        if now - since >= Duration::from_secs(1) {
            self.slow_until = (self.done - before < enough as u64).then_some(now + SLOW_FOR);
            self.second = Some((now, self.done));
        }
        self.slow_until.is_some_and(|until| now < until)
    }

    fn wait(&mut self, waiting: Waiting) {
        self.order += 1;
        self.waiting.insert((waiting.claimed.delivery.kind.priority(), self.order), waiting);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::domain::{Delivery, DeliveryKind, DeliveryState, EmailAddress, Language, Subscriber, SubscriberId, SubscriberState};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const LANES: usize = 16;

    fn claimed(id: i64, to: &str, kind: DeliveryKind) -> Claimed {
        let (state, attempts, unanswered) = (DeliveryState::Leased, 0, 0);
        let subscriber = Subscriber {
            id: SubscriberId(id),
            email: EmailAddress::parse(to).unwrap(),
            state: SubscriberState::Active,
            since: NOW,
            paused_until: None,
            created_at: NOW,
            confirmed_at: None,
            alive_at: NOW,
            language: Language::default(),
        };
        let delivery = Delivery {
            id: DeliveryId(id),
            subscriber: subscriber.id,
            subscription: None,
            kind,
            state,
            attempts,
            unanswered,
            created_at: NOW,
            digest: None,
            secret: None,
        };
        Claimed { delivery, subscriber, subscription: None }
    }

    /// A pool with letters, the first of each kind first, and as many of them under way as may be.
    async fn pool(letters: impl Iterator<Item = Claimed>) -> (Arc<Pool>, Vec<(Box<Waiting>, UnderWay)>) {
        let pool = Pool::new(Gate::default(), LANES);
        pool.fill(letters.collect());
        let mut under_way = Vec::new();
        while let Ok(Some(Turn::Send(waiting, guard))) = timeout(Duration::ZERO, pool.turn(|| NOW)).await {
            under_way.push((waiting, guard));
        }
        (pool, under_way)
    }

    #[tokio::test]
    async fn a_letter_is_taken_ahead_where_the_lane_that_is_left_is_kept_for_confirmations() {
        let digest = |id| claimed(id, &format!("a@d{id}.example"), DeliveryKind::Digest);
        let (pool, mut under_way) = self::pool((0..40).map(digest)).await;
        assert_eq!(under_way.len(), LANES - 1);
        let (first, guard) = under_way.remove(0);
        assert!(pool.ahead(&first, NOW).is_some(), "nobody else would send it");
        drop(guard);
        assert!(pool.ahead(&first, NOW).is_none(), "a lane is idle");
    }

    #[tokio::test]
    async fn the_lane_of_a_confirmation_is_kept_for_the_next_one() {
        let letter = |id: i64| {
            let kind = if id == 39 { DeliveryKind::Confirmation } else { DeliveryKind::Digest };
            claimed(id, &format!("a@d{id}.example"), kind)
        };
        let (pool, under_way) = self::pool((0..40).map(letter)).await;
        assert_eq!(under_way.len(), LANES);
        assert!(pool.ahead(&under_way[0].0, NOW).is_none(), "the confirmation came first");
        assert!(pool.ahead(&under_way[1].0, NOW).is_some());
    }

    #[tokio::test]
    async fn a_letter_that_ends_wakes_nobody_where_its_receiver_has_all_its_lanes() {
        let (pool, mut under_way) = self::pool((0..40).map(|id| claimed(id, &format!("a{id}@example.org"), DeliveryKind::Digest))).await;
        assert_eq!(under_way.len(), 12);
        let (first, guard) = under_way.remove(0);
        let next = pool.ahead(&first, NOW).expect("it stands by");
        let woken = pool.work.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let begun = pool.begin(&next);
        drop(guard);
        assert!(timeout(Duration::ZERO, woken.as_mut()).await.is_err(), "the next one has the lane already");
        drop(begun);
        assert!(timeout(Duration::ZERO, woken).await.is_ok(), "another one may have it");
    }
}
