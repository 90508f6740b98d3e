//! What becomes of a delivery after an attempt: when it is tried again, and when no more.

use chrono::{DateTime, Duration, Utc};

use crate::domain::delivery::{Blame, Delivery, Outcome};
use crate::domain::delivery_state::DeliveryEvent;
use crate::domain::word::words;

words! {
    /// Whether a letter that may have arrived is sent once more (`[mail] retry_unknown`).
    RetryUnknown, "rule for letters that may have arrived" {
        /// Once, later, with the same Message-ID and the same bytes.
        Once = "once", "once";
        /// Never: rather lost than twice.
        Never = "never", "never";
    }
}

/// What an operator decides about attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRules {
    /// Whether a letter that may have arrived is sent once more.
    pub unknown: RetryUnknown,
    /// How long it waits for that.
    pub unknown_wait: Duration,
}

impl RetryRules {
    /// How often the final dot of a letter may have been sent without an answer for it to be tried again.
    #[must_use]
    pub const fn unanswered_allowed(&self) -> u32 {
        match self.unknown {
            RetryUnknown::Once => 1,
            RetryUnknown::Never => 0,
        }
    }

    /// How often a letter may have been under way when everything ended, with nothing known of its dot, for it to be tried again. Most such
    /// letters had not sent it, and a copy more is less than a letter that nobody gets; one that itself ends everything is not sent for ever.
    #[must_use]
    pub const fn doubts_allowed(&self) -> u32 {
        match self.unknown {
            RetryUnknown::Once => 4,
            RetryUnknown::Never => 0,
        }
    }
}

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What happens to it.
    pub event: DeliveryEvent,
    /// When it is tried again; none where it is not.
    pub again_at: Option<DateTime<Utc>>,
    /// Whether the attempt counts: a fault of the way to the mail server never does.
    pub counts: bool,
}

/// What an outcome means for a delivery that was being sent.
#[must_use]
pub fn after_outcome(outcome: &Outcome, delivery: &Delivery, now: DateTime<Utc>, rules: &RetryRules) -> Verdict {
    let ended = |event| Verdict { event, again_at: None, counts: true };
    let again = |event, wait, counts| Verdict { event, again_at: Some(now + wait), counts };
    match outcome {
        Outcome::Accepted(_) => ended(DeliveryEvent::Accepted),
        Outcome::Unknown(_) if delivery.unanswered < rules.unanswered_allowed() => {
            again(DeliveryEvent::Unanswered, rules.unknown_wait, true)
        }
        Outcome::Unknown(_) => ended(DeliveryEvent::Unanswered),
        Outcome::Never(refusal) if refusal.blame == Blame::Recipient => ended(DeliveryEvent::Refused),
        Outcome::Never(_) => ended(DeliveryEvent::Parked),
        Outcome::Later(refusal) if refusal.is_relay_down() => again(DeliveryEvent::Deferred, Duration::seconds(RELAY_RETRY_SECONDS), false),
        Outcome::Later(refusal) => match RETRY_MINUTES.get(usize::try_from(delivery.attempts).unwrap_or(usize::MAX)) {
            Some(minutes) => {
                let wait = wait(Duration::minutes(*minutes), &refusal.text, delivery.attempts);
                again(DeliveryEvent::Deferred, wait + spread(wait, delivery), true)
            }
            None => ended(DeliveryEvent::Refused),
        },
    }
}

/// Up to a fifth more, by the letter and its attempt: what a server put off together does not come back together.
fn spread(wait: Duration, delivery: &Delivery) -> Duration {
    let seed = delivery.id.0.wrapping_mul(i64::from(delivery.attempts) + 1).unsigned_abs();
    let share = i32::try_from((seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) % 200).unwrap_or_default();
    wait / 1_000 * share
}

/// The wait of the table, or the one that the server names. A short one is believed only at first: greylisting is over by then, and a
/// server that says "in a minute" all day must not use up the attempts of a letter.
fn wait(table: Duration, text: &str, attempts: u32) -> Duration {
    match named_wait(text) {
        Some(named) if attempts < NAMED_WAITS => named,
        Some(named) => named.max(table),
        None => table,
    }
}

/// The wait that a server asks for in words ("try again in 5 minutes"), within bounds. No standard has a field for it.
fn named_wait(text: &str) -> Option<Duration> {
    let text = text.to_ascii_lowercase();
    let asked = ["try again in ", "try again after ", "retry in ", "retry after "].iter().find_map(|words| text.split_once(words))?.1;
    let unit_at = asked.find(|letter: char| !letter.is_ascii_digit())?;
    let number = i64::from(asked.get(..unit_at)?.parse::<u16>().ok()?);
    let unit = asked.get(unit_at..)?.trim_start();
    let unit = unit.split(|letter: char| !letter.is_ascii_alphabetic()).next()?;
    let wait = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Duration::seconds(number),
        "m" | "min" | "mins" | "minute" | "minutes" => Duration::minutes(number),
        "h" | "hour" | "hours" => Duration::hours(number),
        _ => return None,
    };
    Some(wait.clamp(Duration::minutes(1), Duration::hours(4)))
}

/// So many attempts believe a named wait that is shorter than the table's.
const NAMED_WAITS: u32 = 3;

/// Waits between attempts after a "not now", in minutes: about 20 hours in all.
pub const RETRY_MINUTES: &[i64] = &[5, 15, 30, 60, 120, 240, 480, 240];

/// Wait after the relay could not be talked to, in seconds.
pub const RELAY_RETRY_SECONDS: i64 = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::{DeliveryId, DeliveryKind, Refusal};
    use crate::domain::delivery_state::DeliveryState;
    use crate::domain::subscriber::SubscriberId;

    const RULES: RetryRules = RetryRules { unknown: RetryUnknown::Once, unknown_wait: Duration::minutes(30) };

    fn delivery(attempts: u32, unanswered: u32) -> Delivery {
        Delivery {
            // No spread: the waits are those of the table.
            id: DeliveryId(0),
            subscriber: SubscriberId(1),
            subscription: None,
            kind: DeliveryKind::Digest,
            state: DeliveryState::Sending,
            attempts,
            unanswered,
            created_at: DateTime::UNIX_EPOCH,
            digest: None,
            secret: None,
        }
    }

    fn after(outcome: &Outcome, attempts: u32, unanswered: u32) -> (DeliveryEvent, Option<Duration>) {
        let now = DateTime::UNIX_EPOCH;
        let verdict = after_outcome(outcome, &delivery(attempts, unanswered), now, &RULES);
        (verdict.event, verdict.again_at.map(|at| at - now))
    }

    fn refusal(blame: Blame, code: Option<u16>) -> Refusal {
        Refusal { blame, code, text: "greylisted".into() }
    }

    #[test]
    fn a_greylisted_letter_is_tried_again_for_about_a_day_and_then_given_up() {
        let later = Outcome::Later(refusal(Blame::Relay, Some(451)));
        assert_eq!(after(&later, 0, 0), (DeliveryEvent::Deferred, Some(Duration::minutes(5))));
        let attempts = (0..100).take_while(|n| after(&later, *n, 0).0 == DeliveryEvent::Deferred).count();
        assert_eq!(attempts, RETRY_MINUTES.len());
        assert!((18 * 60..26 * 60).contains(&RETRY_MINUTES.iter().sum::<i64>()));
    }

    #[test]
    fn letters_that_were_put_off_together_do_not_come_back_together() {
        let later = Outcome::Later(refusal(Blame::Relay, Some(451)));
        let waits: Vec<i64> = (0..1_000)
            .map(|id| {
                let letter = Delivery { id: DeliveryId(id), ..delivery(1, 0) };
                let verdict = after_outcome(&later, &letter, DateTime::UNIX_EPOCH, &RULES);
                verdict.again_at.unwrap().timestamp()
            })
            .collect();
        let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
        assert!((900..920).contains(least) && (1_060..=1_080).contains(most), "{least} {most}");
        let distinct: std::collections::BTreeSet<_> = waits.iter().collect();
        assert!(distinct.len() > 100, "{}", distinct.len());
    }

    #[test]
    fn a_server_that_names_a_wait_is_taken_at_its_word_within_bounds() {
        let waits = |text: &str, attempts| {
            let refusal = Refusal { text: text.into(), ..refusal(Blame::Recipient, Some(450)) };
            after(&Outcome::Later(refusal), attempts, 0).1.map(|wait| wait.num_seconds())
        };
        for (text, seconds) in [
            ("4.7.1 Greylisted, please try again in 10 minutes", 600),
            ("4.2.0 Recipient address rejected: Try again in 90 seconds.", 90),
            ("4.7.1 greylisting in action, retry after 120s", 120),
            ("try again in 1 second", 60),
            ("try again in 9 days", 300),
            ("try again in 9 hours", 4 * 3600),
            ("try again in 99999999999999999999 minutes", 300),
            ("try again in a minute", 300),
            ("try again in 5", 300),
            ("try again later", 300),
        ] {
            assert_eq!(waits(text, 0), Some(seconds), "{text}");
        }
    }

    #[test]
    fn a_server_that_says_in_a_minute_all_day_does_not_use_up_the_attempts() {
        let minute = Outcome::Later(Refusal { text: "try again in 60 seconds".into(), ..refusal(Blame::Relay, Some(451)) });
        let waits: Vec<i64> = (0..).map_while(|n| after(&minute, n, 0).1.map(|wait| wait.num_minutes())).collect();
        assert_eq!(waits, [1, 1, 1, 60, 120, 240, 480, 240]);
    }

    #[test]
    fn a_relay_that_is_down_is_never_charged_to_the_letter() {
        let down = Outcome::Later(refusal(Blame::Relay, None));
        for attempts in [0, 5, 5_000] {
            let verdict = after_outcome(&down, &delivery(attempts, 0), DateTime::UNIX_EPOCH, &RULES);
            assert_eq!((verdict.event, verdict.counts), (DeliveryEvent::Deferred, false));
        }
    }

    #[test]
    fn a_letter_that_may_have_arrived_is_sent_once_more_or_never() {
        let unknown = Outcome::Unknown("the link broke".into());
        assert_eq!(after(&unknown, 0, 0), (DeliveryEvent::Unanswered, Some(Duration::minutes(30))));
        assert_eq!(after(&unknown, 0, 1), (DeliveryEvent::Unanswered, None));
        let never = RetryRules { unknown: RetryUnknown::Never, ..RULES };
        assert_eq!(after_outcome(&unknown, &delivery(0, 0), DateTime::UNIX_EPOCH, &never).again_at, None);
    }

    #[test]
    fn a_fault_on_our_side_is_parked_and_one_of_the_mailbox_ends_the_letter() {
        assert_eq!(after(&Outcome::Never(refusal(Blame::Sender, Some(550))), 0, 0).0, DeliveryEvent::Parked);
        assert_eq!(after(&Outcome::Never(refusal(Blame::Relay, None)), 0, 0).0, DeliveryEvent::Parked);
        assert_eq!(after(&Outcome::Never(refusal(Blame::Recipient, Some(550))), 0, 0).0, DeliveryEvent::Refused);
    }
}
