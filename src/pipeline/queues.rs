//! The queues of a pass: letters that wait for a lane, those that stand by for their receiver, and the places that are taken.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::gate::Gate;
use crate::domain::{DeliveryId, Receiver};
use crate::store::{Claimed, Store};

/// Letters that a pass holds at most, those that stand by included, unless its lanes are so many that they need more.
const MOST_HELD: usize = 4_096;
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

    fn place(&self) -> Place {
        Place { receiver: self.receiver.clone(), urgent: self.is_urgent(), id: self.claimed.delivery.id }
    }
}

/// Letters by priority, and then in the order in which they were claimed.
type Queue = BTreeMap<Key, Waiting>;
type Key = (i64, u64);

/// What a letter takes up: it is held, and once it has begun it has a lane and one of the connections of its receiver.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Place {
    receiver: Receiver,
    urgent: bool,
    id: DeliveryId,
}

/// What a letter that was taken ahead takes up until it begins.
#[derive(Debug)]
pub(in crate::pipeline) struct PlaceAhead {
    place: Place,
    /// It counts at its receiver: the place of the letter before it is another's.
    counts: bool,
    /// It follows a confirmation and is none.
    turns: bool,
}

/// The next letter for a lane.
#[derive(Debug)]
pub(in crate::pipeline) enum Next {
    /// It may begin, and has its place.
    Begin(Waiting, Place),
    /// It has to wait until a moment, and is not held any longer.
    Later(Waiting, DateTime<Utc>),
}

/// All letters that are claimed and have not ended.
#[derive(Debug)]
pub(in crate::pipeline) struct Queues {
    gate: Gate,
    lanes: usize,
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
}

impl Queues {
    /// Empty queues before so many lanes.
    pub(in crate::pipeline) fn new(gate: Gate, lanes: usize) -> Self {
        Self {
            gate,
            lanes,
            waiting: Queue::new(),
            standing_by: HashMap::new(),
            held: HashSet::new(),
            order: 0,
            under_way: HashMap::new(),
            busy: 0,
            busy_urgent: 0,
            turning: 0,
            done: 0,
            second: None,
            slow_until: None,
        }
    }

    /// Takes in what was claimed.
    pub(in crate::pipeline) fn fill(&mut self, claimed: Vec<Claimed>) {
        for claimed in claimed {
            let waiting = Waiting::of(claimed);
            self.held.insert(waiting.claimed.delivery.id);
            self.order += 1;
            self.waiting.insert((waiting.claimed.delivery.kind.priority(), self.order), waiting);
        }
    }

    /// The next letter that a lane may have.
    pub(in crate::pipeline) fn next(&mut self, now: DateTime<Utc>) -> Option<Next> {
        let waiting = self.first_with_a_lane()?;
        match self.gate.admits(&waiting.receiver, waiting.is_urgent(), now) {
            Ok(()) => {
                let place = waiting.place();
                self.occupy(&place);
                Some(Next::Begin(waiting, place))
            }
            Err(at) => {
                self.held.remove(&waiting.claimed.delivery.id);
                // It takes no lane that becomes free and would let the next one wait: else those that stand by did so for ever.
                self.let_one_wait(&waiting.receiver);
                Some(Next::Later(waiting, at))
            }
        }
    }

    /// The first letter whose receiver has a lane left; those before it stand by.
    fn first_with_a_lane(&mut self) -> Option<Waiting> {
        let only_urgent = self.is_reserved();
        loop {
            let first = self.waiting.first_entry()?;
            let key = *first.key();
            if only_urgent && key.0 > 0 {
                return None;
            }
            let waiting = first.remove();
            if !self.has_its_lanes(&waiting) {
                return Some(waiting);
            }
            self.standing_by.entry(waiting.receiver.clone()).or_default().insert(key, waiting);
        }
    }

    /// A letter for the lane that is just sending one, to begin while that one is on its way; it takes no lane until its turn comes. Its
    /// receiver's place is that of the letter before it, or one of its own.
    pub(in crate::pipeline) fn ahead(&mut self, sending: &Waiting, now: DateTime<Utc>) -> Option<(Waiting, PlaceAhead)> {
        if self.somebody_idle_may_go_on() {
            return None;
        }
        let key = self.follower(sending)?;
        let stands_by = !self.waiting.contains_key(&key);
        let queue = if stands_by { self.standing_by.get(&sending.receiver)? } else { &self.waiting };
        let place = queue.get(&key)?.place();
        if !self.gate.would_admit(&place.receiver, place.urgent, now) || self.gate.admits(&place.receiver, place.urgent, now).is_err() {
            return None;
        }
        let waiting = if stands_by { self.take_standing(&place.receiver, key)? } else { self.waiting.remove(&key)? };
        let (counts, turns) = (place.receiver != sending.receiver, sending.is_urgent() && !place.urgent);
        if counts {
            *self.under_way.entry(place.receiver.clone()).or_default() += 1;
        }
        self.turning += usize::from(turns);
        Some((waiting, PlaceAhead { place, counts, turns }))
    }

    /// Whatever waits and may go is for the lanes that are idle.
    fn somebody_idle_may_go_on(&self) -> bool {
        let reserved = self.is_reserved();
        let may_go = |waiting: &Waiting| (waiting.is_urgent() || !reserved) && !self.has_its_lanes(waiting);
        self.busy < self.lanes && self.waiting.values().any(may_go)
    }

    /// The first letter that may follow this one in its lane: of those that wait, and of those that stand by for the same receiver.
    fn follower(&self, sending: &Waiting) -> Option<Key> {
        // A lane that is kept for confirmations goes on to nothing else.
        let keeps = sending.is_urgent() && self.is_reserved();
        let follows = |waiting: &Waiting| {
            let same = waiting.receiver == sending.receiver;
            (waiting.is_urgent() || !keeps) && (same || !self.has_its_lanes(waiting))
        };
        let first = |queue: &Queue| queue.first_key_value().filter(|(_, waiting)| follows(waiting)).map(|(key, _)| *key);
        let standing_by = self.standing_by.get(&sending.receiver).and_then(first);
        first(&self.waiting).into_iter().chain(standing_by).min()
    }

    /// The turn of a letter that was taken ahead has come.
    pub(in crate::pipeline) fn begin(&mut self, ahead: &PlaceAhead) -> Place {
        self.give_up(ahead);
        self.occupy(&ahead.place);
        ahead.place.clone()
    }

    /// A letter that was taken ahead is not sent.
    pub(in crate::pipeline) fn let_go(&mut self, ahead: &PlaceAhead) {
        self.give_up(ahead);
        let place = &ahead.place;
        self.held.remove(&place.id);
        self.gate.unsent(&place.receiver);
        self.let_one_wait(&place.receiver);
    }

    fn give_up(&mut self, ahead: &PlaceAhead) {
        self.turning -= usize::from(ahead.turns);
        if ahead.counts {
            self.give_place(&ahead.place.receiver);
        }
    }

    /// A letter has ended: another one to its receiver may wait for its turn.
    pub(in crate::pipeline) fn ended(&mut self, place: &Place) {
        self.busy -= 1;
        self.busy_urgent -= usize::from(place.urgent);
        self.done += 1;
        self.held.remove(&place.id);
        self.give_place(&place.receiver);
        self.let_one_wait(&place.receiver);
    }

    fn occupy(&mut self, place: &Place) {
        *self.under_way.entry(place.receiver.clone()).or_default() += 1;
        self.busy += 1;
        self.busy_urgent += usize::from(place.urgent);
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

    /// The first letter that stands by for a receiver waits for its turn again, if it may have a lane now.
    fn let_one_wait(&mut self, receiver: &Receiver) {
        let Some((key, first)) = self.standing_by.get(receiver).and_then(BTreeMap::first_key_value) else { return };
        if self.has_its_lanes(first) {
            return;
        }
        let key = *key;
        let first = self.take_standing(receiver, key);
        self.waiting.extend(first.map(|waiting| (key, waiting)));
    }

    fn take_standing(&mut self, receiver: &Receiver, key: Key) -> Option<Waiting> {
        let queue = self.standing_by.get_mut(receiver)?;
        let waiting = queue.remove(&key);
        if queue.is_empty() {
            self.standing_by.remove(receiver);
        }
        waiting
    }

    /// Whether the lanes that are left are kept for confirmations.
    fn is_reserved(&self) -> bool {
        self.busy - self.busy_urgent + self.turning + Gate::reserve(self.lanes) >= self.lanes
    }

    /// Whether the receiver of a letter has all the lanes it may have; a confirmation may take one more.
    fn has_its_lanes(&self, waiting: &Waiting) -> bool {
        let under_way = self.under_way.get(&waiting.receiver).copied().unwrap_or_default();
        under_way >= self.gate.lanes_of(&waiting.receiver, self.lanes) + usize::from(waiting.is_urgent())
    }

    fn standing(&self) -> usize {
        self.standing_by.values().map(BTreeMap::len).sum()
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

    /// Whether a letter waits for a lane.
    pub(in crate::pipeline) fn any_waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether little is left.
    pub(in crate::pipeline) fn is_low(&self) -> bool {
        self.busy == 0 || self.waiting.len() + self.standing() < self.low_water()
    }

    /// Whether nothing waits and nothing is under way.
    pub(in crate::pipeline) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.busy == 0 && self.standing() == 0
    }

    /// How many more may be claimed; none before it is worth asking for some. What stands by does not fill the queues: behind it there may
    /// be letters that can go.
    pub(in crate::pipeline) fn room(&self) -> usize {
        let (waiting, left) = (self.waiting.len(), self.most_held().saturating_sub(self.waiting.len() + self.standing()));
        if waiting < self.low_water() && left >= self.capacity() { self.capacity() - waiting } else { 0 }
    }

    /// The domains of receivers of which enough stands by: what else is for them may stay in the outbox, so that what is for others is
    /// found behind it.
    pub(in crate::pipeline) fn enough_of(&self) -> Vec<String> {
        let queues = self.standing_by.values().filter(|queue| queue.len() >= self.capacity());
        let domains: BTreeSet<&str> = queues.flat_map(BTreeMap::values).map(|waiting| waiting.claimed.subscriber.email.domain()).collect();
        domains.into_iter().take(Store::PASSED_OVER).map(str::to_owned).collect()
    }

    /// Takes out most of what stands by, where that is all the queues may hold and little of it ends: behind it there may be letters that
    /// can go. So much stays for each receiver that its lanes do not run dry.
    pub(in crate::pipeline) fn set_aside(&mut self, now: DateTime<Utc>) -> Vec<(Waiting, DateTime<Utc>)> {
        let full = self.standing() + self.capacity() + self.low_water() > self.most_held();
        if !full || self.waiting.len() >= self.low_water() || !self.is_slow() {
            return Vec::new();
        }
        let mut aside = Vec::new();
        for (receiver, queue) in &mut self.standing_by {
            let keep = self.gate.lanes_of(receiver, self.lanes);
            if let Some(key) = queue.keys().nth(keep).copied() {
                aside.extend(queue.split_off(&key).into_values().map(|waiting| (waiting, now + ASIDE)));
            }
        }
        for (waiting, _) in &aside {
            self.held.remove(&waiting.claimed.delivery.id);
        }
        aside
    }

    /// Whether so little ends that what waits would stand in the way of others: less than what fills half the queues in a second. A
    /// receiver that is quick and has its share of the lanes is none.
    fn is_slow(&mut self) -> bool {
        let now = Instant::now();
        let (since, before) = *self.second.get_or_insert((now, self.done));
        if now - since >= Duration::from_secs(1) {
            self.slow_until = (self.done - before < self.low_water() as u64).then_some(now + SLOW_FOR);
            self.second = Some((now, self.done));
        }
        self.slow_until.is_some_and(|until| now < until)
    }

    /// Everything that is claimed, for its leases.
    pub(in crate::pipeline) fn held(&self) -> Vec<DeliveryId> {
        self.held.iter().copied().collect()
    }

    /// Takes out what waits and was not begun.
    pub(in crate::pipeline) fn take_rest(&mut self) -> Vec<Waiting> {
        let mut rest: Vec<Waiting> = std::mem::take(&mut self.waiting).into_values().collect();
        rest.extend(std::mem::take(&mut self.standing_by).into_values().flat_map(BTreeMap::into_values));
        rest
    }

    /// How many connections a receiver has.
    #[cfg(test)]
    pub(in crate::pipeline) fn connections_to(&self, receiver: &Receiver) -> usize {
        self.under_way.get(receiver).copied().unwrap_or_default()
    }

    /// Lanes at work, and those that turn from a confirmation to another letter.
    #[cfg(test)]
    pub(in crate::pipeline) const fn busy_and_turning(&self) -> (usize, usize) {
        (self.busy, self.turning)
    }
}
