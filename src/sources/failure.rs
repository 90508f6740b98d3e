//! Why a source brought nothing: the fault, in words, with its mend.

use crate::domain::FetchFault;
use crate::sources::backoff::Waits;

/// A fault with its words: what happened, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {text}", fault.label())]
pub struct Failure {
    /// What kind of fault it is.
    pub fault: FetchFault,
    /// What happened and the mend, for the operator; the fault itself is not repeated.
    pub text: String,
    /// How long the source asked us to stay away, in seconds.
    pub retry_after: Option<u64>,
    /// How long it is left alone on our own account.
    pub waits: Waits,
}

impl Failure {
    /// A fault with what happened; its mend is added.
    pub fn new(fault: FetchFault, what: impl std::fmt::Display) -> Self {
        Self { fault, text: format!("{what}; {}", mend(fault)), retry_after: None, waits: Waits::of(fault) }
    }

    /// A fault with what happened and a mend of its own.
    pub fn mended(fault: FetchFault, what: impl std::fmt::Display, mend: &str) -> Self {
        Self { fault, text: format!("{what}; {mend}"), retry_after: None, waits: Waits::of(fault) }
    }

    /// The same of something on the disk of this machine.
    #[must_use]
    pub fn on_disk(self) -> Self {
        Self { waits: Waits::ON_DISK, ..self }
    }

    /// The same, with the wait the source asked for.
    #[must_use]
    pub fn after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }
}

/// What the operator can do about a fault.
pub const fn mend(fault: FetchFault) -> &'static str {
    match fault {
        FetchFault::Gone => "look at the employer's career page: the board may have another name or platform now",
        FetchFault::Empty => "nothing is closed because of it; if the board really shrank, it heals by itself after some fetches",
        FetchFault::Blocked => "ask it less often, set [fetch] contact, and see whether its terms allow reading it",
        FetchFault::TooFast => "nothing to do: it is asked again later; if this stays, give the source a slower schedule",
        FetchFault::Flawed => "what could be read was taken; tell whoever publishes it",
        FetchFault::ChangedFormat => "see that kind and address fit; if they do, save the answer and report it with `rolecall source read`",
        FetchFault::Slow => "it is tried again later; if this stays, raise [fetch] timeout",
        FetchFault::TooBig => "raise [fetch] max_bytes if the board is really that large",
        FetchFault::ServerError => "nothing to do: it is tried again later",
        FetchFault::Unreachable => "check the address, the network and DNS of this machine",
        FetchFault::BadTls => {
            "see the name and the dates of its certificate; if all https sources fail, install ca-certificates and set this machine's clock"
        }
        FetchFault::Forbidden => "give a public http or https address, or set [fetch] allow_private_addresses = true if this is meant",
        FetchFault::Misconfigured => "correct the [[source]]; `rolecall source kinds` lists what each kind needs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_names_its_mend() {
        for fault in FetchFault::ALL {
            let failure = Failure::new(*fault, "HTTP 418");
            assert!(failure.text.contains("HTTP 418") && failure.text.contains(mend(*fault)), "{failure}");
            assert!(mend(*fault).len() > 20);
        }
    }
}
