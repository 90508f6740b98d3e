//! The letters of a pass that are claimed and not begun, shared by its lanes: confirmations first, and no receiver takes all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::gate::Gate;
use super::queues::{Next, Place, PlaceAhead, Queues, Waiting};
use crate::domain::DeliveryId;
use crate::store::Claimed;

/// While the pool is full letters that end ask for more at most this often: for confirmations, which go past all that waits.
pub(in crate::pipeline) const URGENT_EVERY: Duration = Duration::from_millis(20);

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
    inner: Mutex<Inner>,
    /// For the workers: there is something new, or it is over.
    work: Notify,
    /// For the pass: there may be room, or nothing is left.
    feed: Notify,
}

#[derive(Debug)]
struct Inner {
    queues: Queues,
    /// When somebody asked for more last.
    asked: Option<Instant>,
    over: bool,
}

/// A letter that occupies a lane.
#[derive(Debug)]
pub(in crate::pipeline) struct UnderWay {
    pool: Arc<Pool>,
    place: Place,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut inner = self.pool.inner();
        inner.queues.ended(&self.place);
        self.pool.tell(inner);
    }
}

/// A letter that a lane took ahead. Unless it begins it is let go.
#[derive(Debug)]
pub(in crate::pipeline) struct Ahead {
    pool: Arc<Pool>,
    place: PlaceAhead,
    began: bool,
}

impl Ahead {
    /// Its turn has come.
    pub(in crate::pipeline) fn begin(mut self) -> UnderWay {
        self.began = true;
        let place = self.pool.inner().queues.begin(&self.place);
        UnderWay { pool: Arc::clone(&self.pool), place }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        if !self.began {
            let mut inner = self.pool.inner();
            inner.queues.let_go(&self.place);
            self.pool.tell(inner);
        }
    }
}

impl Pool {
    pub(in crate::pipeline) fn new(gate: Gate, lanes: usize) -> Arc<Self> {
        let inner = Inner { queues: Queues::new(gate, lanes), asked: None, over: false };
        Arc::new(Self { inner: Mutex::new(inner), work: Notify::new(), feed: Notify::new() })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was claimed.
    pub(in crate::pipeline) fn fill(&self, claimed: Vec<Claimed>) {
        self.inner().queues.fill(claimed);
        self.work.notify_waiters();
    }

    /// A letter has ended or was let go: lanes and the pass hear of it where that is of use.
    fn tell(&self, mut inner: MutexGuard<'_, Inner>) {
        let work = inner.queues.any_waits();
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
                if inner.queues.any_waits() {
                    self.ask(&mut inner);
                } else {
                    self.feed.notify_one();
                }
            }
            changed.await;
        }
    }

    fn next(self: &Arc<Self>, inner: &mut Inner, now: DateTime<Utc>) -> Option<Turn> {
        let next = inner.queues.next(now)?;
        self.ask(inner);
        Some(match next {
            Next::Begin(waiting, place) => Turn::Send(Box::new(waiting), UnderWay { pool: Arc::clone(self), place }),
            Next::Later(waiting, at) => Turn::Later(Box::new(waiting), at),
        })
    }

    /// A letter for the lane that is just sending one, to begin while that one is on its way.
    pub(in crate::pipeline) fn ahead(self: &Arc<Self>, sending: &Waiting, now: DateTime<Utc>) -> Option<(Waiting, Ahead)> {
        let mut inner = self.inner();
        if inner.over {
            return None;
        }
        let (waiting, place) = inner.queues.ahead(sending, now)?;
        self.ask(&mut inner);
        Some((waiting, Ahead { pool: Arc::clone(self), place, began: false }))
    }

    /// Asks for more where little is left or nobody has asked for a while. Each time wakes the pass, so letters do not ask one by one.
    fn ask(&self, inner: &mut Inner) {
        if inner.queues.is_low() || inner.asked.is_none_or(|at| at.elapsed() >= URGENT_EVERY) {
            inner.asked = Some(Instant::now());
            self.feed.notify_one();
        }
    }

    /// How many more may be claimed.
    pub(in crate::pipeline) fn room(&self) -> usize {
        self.inner().queues.room()
    }

    /// Whether nothing waits and nothing is under way.
    pub(in crate::pipeline) fn is_idle(&self) -> bool {
        self.inner().queues.is_idle()
    }

    /// The domains of receivers of which enough stands by.
    pub(in crate::pipeline) fn enough_of(&self) -> Vec<String> {
        self.inner().queues.enough_of()
    }

    /// Takes out what stands by and is too much, and when it may go on.
    pub(in crate::pipeline) fn set_aside(&self, now: DateTime<Utc>) -> Vec<(Waiting, DateTime<Utc>)> {
        self.inner().queues.set_aside(now)
    }

    /// Everything that is claimed, for its leases.
    pub(in crate::pipeline) fn held(&self) -> Vec<DeliveryId> {
        self.inner().queues.held()
    }

    /// Waits until there may be room, or nothing is left.
    pub(in crate::pipeline) async fn wants_feed(&self) {
        self.feed.notified().await;
    }

    /// No worker begins another letter; what waited and was not begun.
    pub(in crate::pipeline) fn end(&self) -> Vec<Waiting> {
        let mut inner = self.inner();
        inner.over = true;
        let rest = inner.queues.take_rest();
        drop(inner);
        self.work.notify_waiters();
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Delivery, DeliveryKind, DeliveryState, EmailAddress, Language, Receiver, Subscriber, SubscriberId, SubscriberState,
    };

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
        set(lanes, &limits)
    }

    fn set(lanes: usize, mail: &str) -> Arc<Pool> {
        Pool::new(Gate::new(&toml::from_str(mail).unwrap()), lanes)
    }

    /// A letter for a lane, where one may go now.
    fn taken(pool: &Arc<Pool>) -> Option<(Box<Waiting>, UnderWay)> {
        match pool.next(&mut pool.inner(), NOW)? {
            Turn::Send(waiting, under_way) => Some((waiting, under_way)),
            Turn::Later(..) => panic!("no letter has to wait"),
        }
    }

    fn under_way(pool: &Arc<Pool>, address: &str) -> usize {
        pool.inner().queues.connections_to(&Receiver::of(&EmailAddress::parse(address).unwrap()))
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
        assert_eq!(pool.inner().queues.busy_and_turning(), (3, 0));
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
        assert_eq!(under_way(&pool, "a@gmail.com"), 0);
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
    fn what_an_idle_lane_may_have_is_left_to_it() {
        let pool = pool(4, "");
        pool.fill(to_many(0..1));
        let (sending, _busy) = taken(&pool).unwrap();
        pool.fill(to_many(1..2));
        assert!(pool.ahead(&sending, NOW).is_none(), "three lanes are idle");
        let (_, second) = taken(&pool).expect("one of them takes it");
        drop(second);
    }

    #[test]
    fn a_letter_that_is_taken_ahead_and_not_sent_is_none_of_the_day() {
        let pool = set(2, "warm_up = [2]\n[receivers]\nonly = { google = { connections = 1 } }");
        pool.fill(to_google(0..3));
        let (sending, first) = taken(&pool).unwrap();
        let (_, ahead) = pool.ahead(&sending, NOW).expect("the second of the day");
        drop((ahead, first));
        assert!(taken(&pool).is_some(), "the day has room for it");
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
            let many = i64::try_from(2 * pool.inner().queues.capacity()).unwrap();
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
