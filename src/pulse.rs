//! Signs of life: whoever works promises to be heard of again, and by when. A broken promise is how a service that hangs is known.
//!
//! A promise is made before each step that takes time, and is as long as that step may take: a letter may wait ten minutes for a mail
//! server, a look at the outbox may not. Whoever watches (the talk to systemd) asks for the first promise that was broken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The promises of all parts; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<BTreeMap<&'static str, Instant>>>);

/// One part's hand on the pulse. The default one beats for nobody: of a pass that runs once, nobody waits for another sign.
#[derive(Debug, Clone, Default)]
pub struct Beat(Option<(Pulse, &'static str)>);

impl Pulse {
    /// The hand of the part with this name.
    #[must_use]
    pub fn part(&self, name: &'static str) -> Beat {
        Beat(Some((self.clone(), name)))
    }

    /// The part that has been silent beyond its promise for longest, and for how long.
    #[must_use]
    pub fn late(&self) -> Option<(&'static str, Duration)> {
        let now = Instant::now();
        let promises = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (part, by) = promises.iter().min_by_key(|(_, by)| **by)?;
        (*by < now).then(|| (*part, now - *by))
    }
}

impl Beat {
    /// Promises to be heard of again within `time`; it takes the place of the part's promise before.
    pub fn within(&self, time: Duration) {
        if let Some((pulse, name)) = &self.0 {
            pulse.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Instant::now() + time);
        }
    }

    /// Takes the promise back: the part ends, and nobody need wait for it. One of the same name may begin and promise again.
    pub fn ends(&self) {
        if let Some((pulse, name)) = &self.0 {
            pulse.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn the_first_promise_to_be_broken_is_named_until_the_part_is_heard_of() {
        let pulse = Pulse::default();
        let (alert, deliver) = (pulse.part("alert"), pulse.part("deliver"));
        assert_eq!(pulse.late(), None, "nobody has promised anything");
        alert.within(MINUTE);
        deliver.within(2 * MINUTE);
        tokio::time::advance(MINUTE).await;
        assert_eq!(pulse.late(), None);
        tokio::time::advance(2 * MINUTE).await;
        assert_eq!(pulse.late(), Some(("alert", 2 * MINUTE)));
        alert.within(MINUTE);
        assert_eq!(pulse.late(), Some(("deliver", MINUTE)));
        pulse.clone().part("deliver").within(MINUTE);
        assert_eq!(pulse.late(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_part_that_ended_nobody_waits_for_a_sign() {
        let pulse = Pulse::default();
        let lmtp = pulse.part("lmtp");
        lmtp.within(MINUTE);
        lmtp.ends();
        tokio::time::advance(2 * MINUTE).await;
        assert_eq!(pulse.late(), None);
        lmtp.within(MINUTE);
        tokio::time::advance(2 * MINUTE).await;
        assert_eq!(pulse.late(), Some(("lmtp", MINUTE)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hand_on_no_pulse_beats_for_nobody() {
        Beat::default().within(Duration::ZERO);
        assert_eq!(Pulse::default().late(), None);
    }
}
