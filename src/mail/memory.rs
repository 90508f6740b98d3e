//! A mailbox in memory, for tests of those who send.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::delivery::Outcome;
use crate::domain::message::Message;

/// What a memory mailer was given; clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailbox {
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    messages: Vec<Message>,
    answers: VecDeque<Outcome>,
}

impl MemoryMailbox {
    /// Every message that was accepted, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.held().messages.clone()
    }

    /// Answers the next message with this instead of accepting it; several answers queue up. `Unknown` keeps the message as well,
    /// since it may have arrived.
    pub fn answer_next(&self, outcome: Outcome) {
        self.held().answers.push_back(outcome);
    }

    pub(in crate::mail) fn take(&self, message: &Message) -> Outcome {
        let mut held = self.held();
        let outcome = held.answers.pop_front().unwrap_or_else(|| Outcome::Accepted("kept in memory".to_owned()));
        if matches!(outcome, Outcome::Accepted(_) | Outcome::Unknown(_)) {
            held.messages.push(message.clone());
        }
        outcome
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
