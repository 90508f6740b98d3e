//! How many letters a second leave over all lanes.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A shared clock that gives out one moment after another, a fixed gap apart.
pub(in crate::mail) struct Pace {
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// So many turns a second; 0 for no limit.
    pub(in crate::mail) fn new(per_second: u32) -> Self {
        Self { gap: Duration::from_secs(1).checked_div(per_second).unwrap_or_default(), next: Mutex::new(None) }
    }

    /// Whether letters wait for turns.
    pub(in crate::mail) fn is_set(&self) -> bool {
        !self.gap.is_zero()
    }

    /// Waits for a turn.
    pub(in crate::mail) async fn turn(&self) {
        if self.is_set() {
            sleep_until(self.book(Instant::now())).await;
        }
    }

    /// The moment of the next turn, which is taken with that; time that nobody used is not saved up.
    fn book(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = next.map_or(now, |next| next.max(now));
        *next = Some(mine + self.gap);
        mine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_a_gap_apart_and_an_idle_time_is_not_saved_up() {
        let pace = Pace::new(10);
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        assert_eq!([pace.book(start), pace.book(start), pace.book(after(150))], [after(0), after(100), after(200)]);
        assert_eq!([pace.book(after(60_000)), pace.book(after(60_000))], [after(60_000), after(60_100)]);
    }
}
