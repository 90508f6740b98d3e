//! The letters of a pass that are claimed and not begun: confirmations first, and no receiver takes all the lanes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::gate::Gate;
use crate::domain::{DeliveryId, Receiver};
use crate::store::{Claimed, Store};

/// Letters that a pass holds at most, those that stand by included, unless its lanes are so many that they need more.
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
    /// Lanes that send a confirmation and have another letter to follow.
    turning: usize,
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
        inner.give_place(&self.receiver);
        self.pool.give_turn(inner, &self.receiver);
    }
}

/// A letter that a lane took ahead. Unless it begins it is let go.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to give back")]
pub(in crate::pipeline) struct Ahead {
    pool: Arc<Pool>,
    receiver: Receiver,
    id: DeliveryId,
    /// It has a place at its receiver: that of the letter before it is another's.
    place: bool,
    /// It follows a confirmation and is none.
    turns: bool,
    urgent: bool,
    began: bool,
}

impl Ahead {
    /// Its turn has come.
    pub(in crate::pipeline) fn begin(mut self) -> UnderWay {
        self.began = true;
        let mut inner = self.pool.inner();
        inner.turning -= usize::from(self.turns);
        if self.place {
            inner.give_place(&self.receiver);
        }
        self.pool.count(&mut inner, self.id, &self.receiver, self.urgent)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        if self.began {
            return;
        }
        let mut inner = self.pool.inner();
        inner.turning -= usize::from(self.turns);
        inner.held.remove(&self.id);
        if self.place {
            inner.give_place(&self.receiver);
        }
        self.pool.gate.unsent(&self.receiver);
        self.pool.give_turn(inner, &self.receiver);
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

    /// A letter has ended: another one to its receiver may wait for its turn, and lanes and the pass hear of it where that is of use.
    fn give_turn(&self, mut inner: MutexGuard<'_, Inner>, receiver: &Receiver) {
        self.let_one_wait(&mut inner, receiver);
        let work = !inner.waiting.is_empty();
        self.ask(&mut inner);
        drop(inner);
        if work {
            self.work.notify_waiters();
        }
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
        let only_urgent = self.is_reserved(inner);
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
                let guard = self.count(inner, waiting.claimed.delivery.id, &waiting.receiver, waiting.is_urgent());
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

    /// Whether the lanes that are left are kept for confirmations.
    fn is_reserved(&self, inner: &Inner) -> bool {
        inner.busy - inner.busy_urgent + inner.turning + Gate::reserve(self.lanes) >= self.lanes
    }

    /// A letter for the lane that is just sending one, to begin while that one is on its way; it takes no lane until its turn comes. Its
    /// receiver's place is that of the letter before it, or one of its own.
    pub(in crate::pipeline) fn ahead(self: &Arc<Self>, sending: &Waiting, now: DateTime<Utc>) -> Option<(Waiting, Ahead)> {
        let mut inner = self.inner();
        let reserved = self.is_reserved(&inner);
        // Somebody else is idle: whatever waits and may go is theirs.
        let may_go = |waiting: &Waiting| (waiting.is_urgent() || !reserved) && !inner.has_its_lanes(waiting, &self.gate, self.lanes);
        if inner.over || (inner.busy < self.lanes && inner.waiting.values().any(may_go)) {
            return None;
        }
        // A lane that is kept for confirmations goes on to nothing else.
        let keeps = sending.is_urgent() && reserved;
        let follows = |waiting: &Waiting| {
            let same = waiting.receiver == sending.receiver;
            (waiting.is_urgent() || !keeps) && (same || !inner.has_its_lanes(waiting, &self.gate, self.lanes))
        };
        let first = inner.waiting.first_key_value().filter(|(_, waiting)| follows(waiting)).map(|(key, _)| *key);
        let standing_by = inner.standing_by.get(&sending.receiver).and_then(Queue::first_key_value);
        let standing_by = standing_by.filter(|(_, waiting)| follows(waiting)).map(|(key, _)| *key);
        let key = first.into_iter().chain(standing_by).min()?;
        let stands_by = first != Some(key);
        let queue = if stands_by { inner.standing_by.get(&sending.receiver)? } else { &inner.waiting };
        let (receiver, urgent) = queue.get(&key).map(|waiting| (waiting.receiver.clone(), waiting.is_urgent()))?;
        if !self.gate.would_admit(&receiver, urgent, now) || self.gate.admits(&receiver, urgent, now).is_err() {
            return None;
        }
        let waiting = if stands_by { inner.take_standing(&receiver, key)? } else { inner.waiting.remove(&key)? };
        let (place, turns) = (receiver != sending.receiver, sending.is_urgent() && !urgent);
        if place {
            *inner.under_way.entry(receiver.clone()).or_default() += 1;
        }
        inner.turning += usize::from(turns);
        self.ask(&mut inner);
        let id = waiting.claimed.delivery.id;
        Some((waiting, Ahead { pool: Arc::clone(self), receiver, id, place, turns, urgent, began: false }))
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
        let first = inner.take_standing(receiver, key);
        inner.waiting.extend(first.map(|waiting| (key, waiting)));
    }

    fn count(self: &Arc<Self>, inner: &mut Inner, id: DeliveryId, receiver: &Receiver, urgent: bool) -> UnderWay {
        *inner.under_way.entry(receiver.clone()).or_default() += 1;
        inner.busy += 1;
        inner.busy_urgent += usize::from(urgent);
        UnderWay { pool: Arc::clone(self), receiver: receiver.clone(), urgent, id }
    }

    /// Claimed letters at most.
    pub(in crate::pipeline) const fn capacity(&self) -> usize {
        self.lanes * 16
    }

    const fn low_water(&self) -> usize {
        self.lanes * 8
    }

    /// Room for what waits, and for some receivers of whom enough stands by.
    fn most_held(&self) -> usize {
        MOST_HELD.max(4 * self.capacity())
    }

    /// How many more may be claimed; none before it is worth asking for some. What stands by does not fill the pool: behind it there may
    /// be letters that can go.
    pub(in crate::pipeline) fn room(&self) -> usize {
        let inner = self.inner();
        let (waiting, left) = (inner.waiting.len(), self.most_held().saturating_sub(inner.waiting.len() + inner.standing()));
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
        let full = inner.standing() + self.capacity() + self.low_water() > self.most_held();
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
    /// Whether the receiver of a letter has all the lanes it may have; a confirmation may take one more.
    fn has_its_lanes(&self, waiting: &Waiting, gate: &Gate, lanes: usize) -> bool {
        let under_way = self.under_way.get(&waiting.receiver).copied().unwrap_or_default();
        under_way >= gate.lanes_of(&waiting.receiver, lanes) + usize::from(waiting.is_urgent())
    }

    /// A place at a receiver is free again.
    fn give_place(&mut self, receiver: &Receiver) {
        if let Some(count) = self.under_way.get_mut(receiver) {
            *count -= 1;
            if *count == 0 {
                self.under_way.remove(receiver);
            }
        }
    }

    fn take_standing(&mut self, receiver: &Receiver, key: (i64, u64)) -> Option<Waiting> {
        let queue = self.standing_by.get_mut(receiver)?;
        let waiting = queue.remove(&key);
        if queue.is_empty() {
            self.standing_by.remove(receiver);
        }
        waiting
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
    use super::*;
    use crate::domain::{Delivery, DeliveryKind, DeliveryState, EmailAddress, Language, Subscriber, SubscriberId, SubscriberState};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn letter(id: i64, to: &str, kind: DeliveryKind) -> Claimed {
        let delivery = Delivery {
            id: DeliveryId(id),
            subscriber: SubscriberId(id),
            subscription: None,
            kind,
            state: DeliveryState::Leased,
            attempts: 0,
            unanswered: 0,
            created_at: NOW,
            digest: None,
            secret: None,
        };
        let subscriber = Subscriber {
            id: SubscriberId(id),
            email: EmailAddress::parse(to).unwrap(),
            state: SubscriberState::Active,
            since: NOW,
            paused_until: None,
            created_at: NOW,
            confirmed_at: None,
            alive_at: NOW,
            language: Language::English,
        };
        Claimed { delivery, subscriber, subscription: None }
    }

    fn digests(ids: std::ops::Range<i64>, to: impl Fn(i64) -> String) -> Vec<Claimed> {
        ids.map(|id| letter(id, &to(id), DeliveryKind::Digest)).collect()
    }

    fn to_many(ids: std::ops::Range<i64>) -> Vec<Claimed> {
        digests(ids, |id| format!("a@domain{id}.example"))
    }

    fn to_google(ids: std::ops::Range<i64>) -> Vec<Claimed> {
        digests(ids, |id| format!("a{id}@gmail.com"))
    }

    fn confirmation(id: i64) -> Claimed {
        letter(id, &format!("new@fresh{id}.example"), DeliveryKind::Confirmation)
    }

    fn pool(lanes: usize, google: &str) -> Arc<Pool> {
        let limits = if google.is_empty() { String::new() } else { format!("[receivers]\nonly = {{ google = {{ {google} }} }}") };
        Pool::new(Gate::new(&toml::from_str(&limits).unwrap()), lanes)
    }

    /// A letter for a lane, where one may go now.
    fn taken(pool: &Arc<Pool>) -> Option<(Box<Waiting>, UnderWay)> {
        match pool.next(&mut pool.inner(), NOW)? {
            Turn::Send(waiting, under_way) => Some((waiting, under_way)),
            Turn::Later(..) => panic!("no letter has to wait"),
        }
    }

    fn under_way(pool: &Arc<Pool>, domain: &str) -> usize {
        pool.inner().under_way.get(&Receiver::of(&EmailAddress::parse(domain).unwrap())).copied().unwrap_or_default()
    }

    #[test]
    fn the_lane_of_a_confirmation_goes_on_to_nothing_but_another_one() {
        let pool = pool(8, "");
        pool.fill(to_many(0..20));
        let digests: Vec<_> = std::iter::from_fn(|| taken(&pool)).collect();
        assert_eq!(digests.len(), 7);
        let (follows, ahead) = pool.ahead(&digests[0].0, NOW).expect("the lane that is kept idle takes no digest");
        assert_eq!(follows.claimed.delivery.kind, DeliveryKind::Digest);
        drop(ahead);
        pool.fill(vec![confirmation(100)]);
        let (first, _busy) = taken(&pool).expect("the kept lane takes it");
        assert!(pool.ahead(&first, NOW).is_none(), "a digest would take the kept lane");
        pool.fill(vec![confirmation(101)]);
        let (next, _ahead) = pool.ahead(&first, NOW).unwrap();
        assert_eq!(next.claimed.delivery.id.0, 101);
    }

    #[test]
    fn lanes_with_confirmations_that_turn_to_digests_leave_one_for_confirmations() {
        let pool = pool(4, "");
        pool.fill((0..4).map(confirmation).collect());
        let lanes: Vec<_> = (0..4).map(|_| taken(&pool).unwrap()).collect();
        pool.fill(to_many(10..20));
        let ahead: Vec<_> = lanes.iter().filter_map(|(sending, _)| pool.ahead(sending, NOW)).collect();
        assert_eq!(ahead.len(), 3);
        let begun: Vec<_> = ahead.into_iter().map(|(_, ahead)| ahead.begin()).collect();
        drop(lanes);
        let inner = pool.inner();
        assert_eq!((inner.busy, inner.turning), (3, 0));
        drop(inner);
        assert!(taken(&pool).is_none());
        drop(begun);
    }

    #[test]
    fn letters_that_are_taken_ahead_have_places_at_their_receiver() {
        let pool = pool(3, "connections = 1");
        pool.fill(to_many(0..3));
        let lanes: Vec<_> = (0..3).map(|_| taken(&pool).unwrap()).collect();
        pool.fill(to_google(10..20));
        let mut ahead: Vec<_> = lanes.iter().filter_map(|(sending, _)| pool.ahead(sending, NOW)).collect();
        assert_eq!((ahead.len(), under_way(&pool, "a@gmail.com")), (1, 1));
        let (sending, ahead) = ahead.remove(0);
        let begun = ahead.begin();
        assert_eq!(under_way(&pool, "a@gmail.com"), 1);
        let (_, behind) = pool.ahead(&sending, NOW).expect("the place goes on to the next one");
        let next = behind.begin();
        drop(begun);
        assert_eq!(under_way(&pool, "a@gmail.com"), 1);
        drop((next, lanes));
        assert_eq!(pool.inner().under_way.len(), 0);
    }

    #[test]
    fn a_letter_that_is_taken_ahead_and_not_sent_leaves_nobody_standing() {
        let pool = pool(3, "connections = 1");
        pool.fill(to_google(0..20));
        let (_, google) = taken(&pool).unwrap();
        assert!(taken(&pool).is_none(), "the others stand by");
        pool.fill(to_many(30..32));
        let others = [taken(&pool).unwrap(), taken(&pool).unwrap()];
        // Somebody's welcome comes first, and takes the lane that google's letter had.
        pool.fill(vec![letter(40, "a@other.example", DeliveryKind::Welcome)]);
        drop(google);
        let welcome = taken(&pool).unwrap();
        let (_, ahead) = pool.ahead(&others[0].0, NOW).expect("google's next");
        assert_eq!(under_way(&pool, "a@gmail.com"), 1);
        drop(ahead);
        drop((welcome, others));
        let (next, _under_way) = taken(&pool).expect("the one behind it");
        assert_eq!(next.claimed.subscriber.email.domain(), "gmail.com");
        assert_eq!(pool.held().len(), 18, "what is not sent is not held");
    }

    #[test]
    fn looking_ahead_takes_no_moment_of_a_pace() {
        let pool = pool(3, "letters_per_minute = 30");
        pool.fill(to_google(0..1));
        drop(taken(&pool).unwrap());
        pool.fill(to_many(10..13));
        let mut lanes: Vec<_> = (0..3).map(|_| taken(&pool).unwrap()).collect();
        pool.fill(to_google(1..2));
        for _ in 0..5 {
            assert!(pool.ahead(&lanes[0].0, NOW).is_none());
        }
        lanes.pop();
        let Some(Turn::Later(_, at)) = pool.next(&mut pool.inner(), NOW) else { panic!("it has to wait") };
        assert_eq!((at - NOW).num_seconds(), 2);
    }

    #[test]
    fn as_many_lanes_as_there_may_be_find_room_behind_a_receiver_of_whom_all_stands_by() {
        for lanes in [8, 128, 256] {
            let pool = pool(lanes, "");
            let many = i64::try_from(2 * pool.capacity()).unwrap();
            pool.fill(to_google(0..many));
            let _busy: Vec<_> = std::iter::from_fn(|| taken(&pool)).collect();
            assert!(pool.room() > 0, "{lanes} lanes");
        }
    }

    #[test]
    fn a_letter_that_ends_wakes_nobody_where_its_receiver_has_all_its_lanes() {
        let pool = pool(16, "connections = 12");
        pool.fill(to_google(0..40));
        let mut lanes: Vec<_> = std::iter::from_fn(|| taken(&pool)).collect();
        assert_eq!(lanes.len(), 12);
        let (sending, busy) = lanes.remove(0);
        let (_, ahead) = pool.ahead(&sending, NOW).expect("it stands by");
        let mut woken = std::pin::pin!(pool.work.notified());
        woken.as_mut().enable();
        let is_woken = |woken: std::pin::Pin<&mut tokio::sync::futures::Notified<'_>>| {
            std::future::Future::poll(woken, &mut std::task::Context::from_waker(std::task::Waker::noop())).is_ready()
        };
        let begun = ahead.begin();
        drop(busy);
        assert!(!is_woken(woken.as_mut()), "the next one has the lane already");
        drop(begun);
        assert!(is_woken(woken), "another one may have it");
    }
}
