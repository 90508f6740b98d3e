//! What is let through: the relay's breaker, the stop after letters that were refused for our sake, and the limits of each receiver.
//!
//! It lives as long as the service; a restart and a new configuration begin anew. What it decides is drawn up in `docs/DELIVERY.md`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use tracing::{error, info, warn};

use super::breaker::{Breaker, Waits};
use crate::domain::delivery::Blame;
use crate::domain::receiver::Receiver;
use crate::domain::{DeliveryEvent, Outcome};
use crate::mail::{MailSettings, ReceiverLimits, ReceiverSettings};
use crate::store::ReceiverRecord;

/// A relay that cannot be talked to.
const RELAY: Waits = Waits { first: Duration::seconds(5), longest: Duration::minutes(5) };
/// From so many lanes on, one is kept for confirmations.
const LANES_WITH_A_RESERVE: usize = 4;
/// So many connections that broke in the middle of a letter, one after the other, mean that the relay is away.
const MOST_BROKEN: u32 = 3;
/// Letters refused for a fault of ours, one after the other: going on would only cost more reputation.
const REFUSALS: Waits = Waits { first: Duration::hours(1), longest: Duration::hours(24) };
/// So many of them in a row stop everything.
const MOST_REFUSALS: u32 = 10;
/// A receiver most of whose answers are "not now", or refusals for a fault of ours.
const BUSY: Waits = Waits { first: Duration::minutes(5), longest: Duration::hours(1) };
/// The answers of a receiver that are looked at, and how many there have to be.
const LOOKED_AT: u32 = 32;
const LEAST: u32 = 16;
/// Complaints about so many in a thousand letters, of at least a thousand, are told and stop a family: the bounds of the large receivers,
/// who want fewer than the first and never the second.
const COMPLAINTS_TOLD: u64 = 1;
const COMPLAINTS_STOP: u64 = 3;
const LEAST_LETTERS: u64 = 1_000;
/// How long letters wait for a receiver that complaints have stopped; then it is looked at again.
const COMPLAINED_WAIT: Duration = Duration::hours(1);

/// The database is asked so often what it knows of the families.
const ASKED_EVERY: Duration = Duration::minutes(1);

/// What is let through; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    settings: Arc<ReceiverSettings>,
    /// Letters to one family on the first, second, ... day of sending to it.
    warm_up: Arc<Vec<u64>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    relay: Breaker,
    refusals: Breaker,
    refused_in_row: u32,
    broken_in_row: u32,
    receivers: HashMap<Receiver, Standing>,
    records: BTreeMap<String, ReceiverRecord>,
    learned_at: Option<DateTime<Utc>>,
}

/// How a receiver stands with us.
#[derive(Debug, Default)]
struct Standing {
    breaker: Breaker,
    /// The last answers, newest in the lowest bit: whether each was a "not now" or a refusal for our sake.
    bad: u64,
    answers: u32,
    /// The next moment of its pace, and the one that the last letter was told to wait for.
    turn: Option<DateTime<Utc>>,
    last_promised: Option<DateTime<Utc>>,
}

fn complaints_above(per_mille: u64, record: &ReceiverRecord) -> bool {
    record.week >= LEAST_LETTERS && record.complaints * 1_000 > record.week * per_mille
}

/// How a pass may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Opening {
    /// With all lanes.
    All,
    /// With one letter, which shows whether the rest may follow.
    One,
    /// Not before this moment.
    Shut(DateTime<Utc>),
}

/// Whom letters are kept from, until when and why, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// `relay`, `refusals`, or a family of receivers.
    pub whom: String,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why, and what to do.
    pub why: String,
}

impl Gate {
    /// A gate with the limits of receivers.
    #[must_use]
    pub fn new(mail: &MailSettings) -> Self {
        Self { settings: Arc::new(mail.receivers.clone()), warm_up: Arc::new(mail.warm_up.clone()), state: Arc::default() }
    }

    /// Whether it is time to ask the database what it knows of the families.
    pub(in crate::pipeline) fn is_to_learn(&self, now: DateTime<Utc>) -> bool {
        self.state().learned_at.is_none_or(|at| now < at || now - at > ASKED_EVERY)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a pass may begin now.
    pub(in crate::pipeline) fn opening(&self, now: DateTime<Utc>) -> Opening {
        let state = self.state();
        match state.relay.shut_until(now).max(state.refusals.shut_until(now)) {
            Some(until) => Opening::Shut(until),
            None if state.relay.is_on_trial() || state.refusals.is_on_trial() => Opening::One,
            None => Opening::All,
        }
    }

    /// Until when nothing at all is sent.
    #[must_use]
    pub fn shut_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.opening(now) {
            Opening::Shut(until) => Some(until),
            _ => None,
        }
    }

    /// Lanes of so many that are kept for confirmations, which never wait behind letters that a slow server holds up.
    pub(in crate::pipeline) const fn reserve(lanes: usize) -> usize {
        if lanes >= LANES_WITH_A_RESERVE { 1 } else { 0 }
    }

    /// Lanes of so many that one receiver may have at a time.
    pub(in crate::pipeline) fn lanes_of(&self, receiver: &Receiver, lanes: usize) -> usize {
        let set = self.settings.limits_of(receiver.name()).connections;
        let usual = ((lanes - Self::reserve(lanes)) * 3).div_ceil(4).min(lanes.saturating_sub(2)).max(lanes.min(2));
        if set == 0 { usual } else { usize::from(set).min(lanes) }.max(1)
    }

    /// Whether a letter may go to a receiver now; else when it may be tried again. A confirmation waits for no limit of ours, for
    /// somebody waits for it.
    pub(in crate::pipeline) fn admits(&self, receiver: &Receiver, urgent: bool, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut state = self.state();
        if !urgent {
            self.stopped(&state, receiver, now)?;
            let limits = self.settings.limits_of(receiver.name());
            state.receivers.entry(receiver.clone()).or_default().take_turn(limits, now)?;
        }
        if let Receiver::Family(family) = receiver {
            state.records.entry((*family).to_owned()).or_default().today += 1;
        }
        Ok(())
    }

    /// Whether it would; no moment of its pace is taken.
    pub(in crate::pipeline) fn would_admit(&self, receiver: &Receiver, urgent: bool, now: DateTime<Utc>) -> bool {
        let state = self.state();
        let limits = self.settings.limits_of(receiver.name());
        let has_turn = || state.receivers.get(receiver).is_none_or(|standing| standing.waits_for(limits, now).is_none());
        urgent || (self.stopped(&state, receiver, now).is_ok() && has_turn())
    }

    /// A letter that was let through is not sent after all: the day has room for another.
    pub(in crate::pipeline) fn unsent(&self, receiver: &Receiver) {
        if let Receiver::Family(family) = receiver
            && let Some(record) = self.state().records.get_mut(*family)
        {
            record.today = record.today.saturating_sub(1);
        }
    }

    /// Until when all letters to a receiver wait, but confirmations.
    fn stopped(&self, state: &State, receiver: &Receiver, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        if let Some(until) = state.receivers.get(receiver).and_then(|standing| standing.breaker.shut_until(now)) {
            return Err(until);
        }
        let Receiver::Family(family) = receiver else { return Ok(()) };
        let record = state.records.get(*family).copied().unwrap_or_default();
        if complaints_above(COMPLAINTS_STOP, &record) {
            return Err(now + COMPLAINED_WAIT);
        }
        if self.most_on_day(record.days).is_some_and(|most| record.today >= most) { Err(next_day(now)) } else { Ok(()) }
    }

    /// What the warm-up allows on a day; none once it is over.
    fn most_on_day(&self, days_before: u64) -> Option<u64> {
        self.warm_up.get(usize::try_from(days_before).unwrap_or(usize::MAX)).copied()
    }

    /// What the database knows of the families.
    pub(in crate::pipeline) fn learn(&self, records: BTreeMap<String, ReceiverRecord>, now: DateTime<Utc>) {
        let mut state = self.state();
        for (family, record) in &records {
            let (week, complaints) = (record.week, record.complaints);
            let newly =
                |bound| complaints_above(bound, record) && !state.records.get(family).is_some_and(|last| complaints_above(bound, last));
            if newly(COMPLAINTS_STOP) {
                error!(receiver = family, week, complaints, "too many complaints: letters to this receiver wait until they are fewer");
            } else if newly(COMPLAINTS_TOLD) {
                warn!(receiver = family, week, complaints, "more than one complaint in a thousand letters; above three letters wait");
            }
        }
        (state.records, state.learned_at) = (records, Some(now));
    }

    /// Takes in what became of a letter.
    pub(in crate::pipeline) fn heard(&self, receiver: &Receiver, outcome: &Outcome, event: DeliveryEvent, now: DateTime<Utc>) {
        let mut state = self.state();
        let broken = matches!(outcome, Outcome::Later(refusal) if refusal.blame == Blame::Link);
        state.broken_in_row = if broken { state.broken_in_row + 1 } else { 0 };
        let down = matches!(outcome, Outcome::Later(refusal) if refusal.is_relay_down());
        if down || (broken && (state.broken_in_row >= MOST_BROKEN || state.relay.is_on_trial())) {
            if state.relay.fault(RELAY, now) {
                warn!(until = ?state.relay.shut_until(now), "the mail server cannot be talked to; sending pauses");
            }
            return;
        }
        if broken {
            return;
        }
        // What goes well while nothing should be tried was under way before, and tells nothing new.
        if state.relay.is_on_trial() && state.relay.shut_until(now).is_none() {
            info!("the mail server answers again");
            state.relay.well();
        }
        state.count_refusals(event, now);
        // What the relay itself says for the moment, or leaves unsaid, is no word of the receiver's.
        let bad = match event {
            DeliveryEvent::Accepted | DeliveryEvent::Refused => false,
            DeliveryEvent::Deferred | DeliveryEvent::Parked => true,
            _ => return,
        };
        state.receivers.entry(receiver.clone()).or_default().answered(receiver, bad, now);
        state.forget_idle(now);
    }

    /// Whom letters are kept from at this moment.
    #[must_use]
    pub fn pauses(&self, now: DateTime<Utc>) -> Vec<Pause> {
        let state = self.state();
        let mut pauses = Vec::new();
        let mut add = |whom: &str, until: Option<DateTime<Utc>>, why: String| {
            pauses.extend(until.map(|until| Pause { whom: whom.to_owned(), until, why }));
        };
        add("relay", state.relay.shut_until(now), "the mail server cannot be talked to: `rolecall check` tries it".to_owned());
        let refused = format!("{MOST_REFUSALS} letters in a row were refused for a fault on our side: `rolecall delivery list` says why");
        add("refusals", state.refusals.shut_until(now), refused);
        for (receiver, standing) in &state.receivers {
            let why = format!("most of what {} answers is \"not now\" or a refusal of us", receiver.name());
            add(receiver.family(), standing.breaker.shut_until(now), why);
        }
        for (family, record) in state.records.iter().filter(|(_, record)| complaints_above(COMPLAINTS_STOP, record)) {
            let (complaints, week) = (record.complaints, record.week);
            let why =
                format!("{complaints} complaints about {week} letters to {family} in seven days, more than {COMPLAINTS_STOP} in 1,000");
            add(family, Some(now + COMPLAINED_WAIT), why);
        }
        pauses
    }
}

impl State {
    fn count_refusals(&mut self, event: DeliveryEvent, now: DateTime<Utc>) {
        match event {
            DeliveryEvent::Parked => {
                self.refused_in_row += 1;
                if (self.refused_in_row >= MOST_REFUSALS || self.refusals.is_on_trial()) && self.refusals.fault(REFUSALS, now) {
                    let (in_row, until) = (self.refused_in_row, self.refusals.shut_until(now));
                    error!(in_row, ?until, "letters are refused for a fault on our side; sending stops, `rolecall delivery list` says why");
                }
            }
            DeliveryEvent::Accepted | DeliveryEvent::Refused => {
                self.refused_in_row = 0;
                if self.refusals.shut_until(now).is_none() {
                    self.refusals.well();
                }
            }
            _ => {}
        }
    }

    /// Domains without a fault need no memory.
    fn forget_idle(&mut self, now: DateTime<Utc>) {
        const MOST: usize = 10_000;
        if self.receivers.len() > MOST {
            self.receivers.retain(|_, standing| standing.breaker.is_on_trial() || standing.turn.is_some_and(|turn| turn > now));
        }
    }
}

impl Standing {
    fn answered(&mut self, receiver: &Receiver, bad: bool, now: DateTime<Utc>) {
        self.bad = ((self.bad << 1) | u64::from(bad)) & ((1 << LOOKED_AT) - 1);
        self.answers = (self.answers + 1).min(LOOKED_AT);
        if !bad && self.breaker.is_on_trial() {
            (self.bad, self.answers) = (0, 0);
            self.breaker.well();
        }
        let many = self.answers >= LEAST && self.bad.count_ones() * 4 > self.answers * 3;
        if bad && (many || self.breaker.is_on_trial()) && self.breaker.fault(BUSY, now) {
            let until = self.breaker.shut_until(now);
            warn!(receiver = receiver.family(), ?until, "most answers of a receiver are refusals; letters to it wait");
        }
    }

    /// The moment that its pace lets wait for. Half a second's worth may go at once, so that a fast pace is not one letter at a time.
    fn waits_for(&self, limits: ReceiverLimits, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.turn.filter(|turn| limits.letters_per_minute > 0 && *turn > now + Duration::milliseconds(500))
    }

    /// The next turn of its pace, which is taken with that; time that nobody used is not saved up.
    fn take_turn(&mut self, limits: ReceiverLimits, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        if limits.letters_per_minute == 0 {
            return Ok(());
        }
        let gap = Duration::milliseconds(60_000 / i64::from(limits.letters_per_minute).max(1));
        if let Some(turn) = self.waits_for(limits, now) {
            // Each waits for a moment of its own, else all come back at once.
            let promised = self.last_promised.map_or(turn, |last| (last + gap).max(turn));
            self.last_promised = Some(promised);
            return Err(promised);
        }
        self.turn = Some(self.turn.map_or(now, |turn| turn.max(now)) + gap);
        Ok(())
    }
}

/// The next midnight, by the day that letters are counted by.
fn next_day(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().checked_add_days(Days::new(1)).map_or(now + Duration::hours(24), |day| day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EmailAddress;
    use crate::domain::delivery::Refusal;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn receiver(address: &str) -> Receiver {
        Receiver::of(&EmailAddress::parse(address).unwrap())
    }

    fn not_now() -> Outcome {
        Outcome::Later(Refusal { blame: Blame::Sender, code: Some(421), text: "4.7.28 rate".into() })
    }

    fn set(text: &str) -> Gate {
        Gate::new(&toml::from_str(text).unwrap())
    }

    #[test]
    fn a_receiver_that_puts_everything_off_waits_alone_and_one_letter_shows_that_it_is_back() {
        let (gate, google, other) = (Gate::default(), receiver("a@gmail.com"), receiver("a@example.org"));
        for _ in 0..LEAST {
            assert_eq!(gate.admits(&google, false, NOW), Ok(()));
            gate.heard(&google, &not_now(), DeliveryEvent::Deferred, NOW);
        }
        let until = gate.admits(&google, false, NOW).unwrap_err();
        assert_eq!(until, NOW + Duration::minutes(5));
        assert_eq!((gate.admits(&other, false, NOW), gate.admits(&google, true, NOW)), (Ok(()), Ok(())), "others, and confirmations");
        assert_eq!(gate.pauses(NOW)[0].whom, "google");
        gate.heard(&google, &not_now(), DeliveryEvent::Deferred, until);
        assert_eq!(gate.admits(&google, false, until), Err(until + Duration::minutes(10)), "still not");
        gate.heard(&google, &Outcome::Accepted(String::new()), DeliveryEvent::Accepted, until + Duration::minutes(10));
        assert_eq!(gate.admits(&google, false, until + Duration::minutes(10)), Ok(()));
    }

    #[test]
    fn three_connections_that_break_in_a_row_are_a_relay_that_is_away_and_one_is_not() {
        let (gate, other) = (Gate::default(), receiver("a@example.org"));
        let broken = Outcome::Later(Refusal { blame: Blame::Link, code: None, text: "reset".into() });
        let hear = |outcome: &Outcome, event| {
            gate.heard(&other, outcome, event, NOW);
            gate.shut_until(NOW).is_some()
        };
        assert!(!hear(&broken, DeliveryEvent::Deferred) && !hear(&broken, DeliveryEvent::Deferred));
        assert!(!hear(&Outcome::Accepted(String::new()), DeliveryEvent::Accepted));
        assert!(!hear(&broken, DeliveryEvent::Deferred) && !hear(&broken, DeliveryEvent::Deferred));
        assert!(hear(&broken, DeliveryEvent::Deferred));
    }

    #[test]
    fn letters_beyond_the_pace_of_a_receiver_get_moments_of_their_own() {
        let gate = set("[receivers]\nonly = { google = { letters_per_minute = 30 } }");
        let google = receiver("a@gmail.com");
        let seconds = |urgent| gate.admits(&google, urgent, NOW).map_err(|at| (at - NOW).num_seconds());
        assert_eq!([seconds(false), seconds(false), seconds(false), seconds(true)], [Ok(()), Err(2), Err(4), Ok(())]);
        assert_eq!(gate.admits(&google, false, NOW + Duration::seconds(2)), Ok(()));
        assert_eq!(gate.admits(&receiver("a@example.org"), false, NOW), Ok(()));
    }

    #[test]
    fn a_warm_up_allows_so_many_letters_a_day_and_none_is_lost() {
        let gate = set("warm_up = [2, 4]");
        let google = receiver("a@gmail.com");
        let tried = |gate: &Gate| (0..5).filter(|_| gate.admits(&google, false, NOW).is_ok()).count();
        assert_eq!(tried(&gate), 2);
        assert_eq!(gate.admits(&google, false, NOW), Err(NOW + Duration::days(1)));
        assert_eq!(gate.admits(&google, true, NOW), Ok(()), "a confirmation goes");
        let record = |days| BTreeMap::from([("google".to_owned(), ReceiverRecord { days, ..ReceiverRecord::default() })]);
        gate.learn(record(1), NOW);
        assert_eq!(tried(&gate), 4);
        gate.learn(record(2), NOW);
        assert_eq!(tried(&gate), 5, "it is over");
    }

    #[test]
    fn more_than_three_complaints_in_a_thousand_letters_stop_a_receiver() {
        let google = receiver("a@gmail.com");
        for (week, complaints, goes) in [(2_000, 6, true), (2_000, 7, false), (999, 9, true)] {
            let gate = Gate::default();
            let record = ReceiverRecord { week, complaints, ..ReceiverRecord::default() };
            gate.learn(BTreeMap::from([("google".to_owned(), record)]), NOW);
            assert_eq!(gate.admits(&google, false, NOW).is_ok(), goes, "{complaints} of {week}");
            assert_eq!(gate.pauses(NOW).is_empty(), goes);
        }
    }

    #[test]
    fn no_receiver_has_all_the_connections_unless_it_is_told_so() {
        let (gate, google) = (set("[receivers]\nonly = { google = { connections = 2 } }"), receiver("a@gmail.com"));
        let lanes = |receiver: &Receiver| [1, 2, 8, 16].map(|lanes| gate.lanes_of(receiver, lanes));
        assert_eq!((lanes(&google), lanes(&receiver("a@example.org"))), ([1, 2, 2, 2], [1, 2, 6, 12]));
    }
}
