//! A lane to the relay, and the dialogue for one letter.
//!
//! lettre speaks: EHLO, TLS, AUTH, replies. The dialogue is ours, for four reasons. lettre's own `send` gives the same error before and
//! after the final dot, and only we can know the phase. Its timeouts bound the connect alone, so each step here has its own deadline. Its
//! sockets wait up to 40 ms a letter for want of `TCP_NODELAY`, so we hand it ours. And it asks one thing at a time: five times there and
//! back for a letter, where a relay that offers PIPELINING needs one (ADR 28).

use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::commands::{Quit, Rset};
use tokio::time::{Instant, timeout};

use crate::domain::delivery::Outcome;
use crate::mail::link::{Fault, Link, Refused, step};
use crate::mail::parcel::Parcel;
use crate::mail::relay::{Protection, Relay};
use crate::mail::reply::{Phase, cleaned};
use crate::mail::slip::{LaneSlips, no_slip};

/// Letters over one connection before it is opened anew: relays count them, and a long connection pins one of several relays.
const LETTERS_PER_CONNECTION: u32 = 500;
/// A connection that lay idle so long is not used again; relays close them soon after.
const MAX_IDLE: Duration = Duration::from_secs(30);
/// How long the goodbye may take, whatever the step timeouts say: nothing depends on it.
const GOODBYE: Duration = Duration::from_secs(2);

/// A way to the relay with at most one connection, opened when it is needed.
pub(in crate::mail) struct SmtpLane {
    relay: Arc<Relay>,
    link: Option<Link>,
}

impl SmtpLane {
    pub(in crate::mail) fn new(relay: Arc<Relay>) -> Self {
        Self { relay, link: None }
    }

    /// Whether it is of use to name the next letter when one is sent.
    pub(in crate::mail) fn goes_ahead(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.goes_ahead() && link.letters + 2 < LETTERS_PER_CONNECTION)
    }

    /// Hands over one letter; afterwards the connection stands ready for the next, or is gone. The envelope of `next` may go out behind
    /// the final dot; that binds nobody.
    pub(in crate::mail) async fn send(&mut self, parcel: &Parcel, next: Option<&Parcel>, slips: Option<&mut LaneSlips>) -> Outcome {
        self.retire_old_link(parcel).await;
        // A connection that was idle may have been closed by the relay; that shows at MAIL, where a new one may take its place.
        let mut reused = self.link.is_some();
        loop {
            let mut link = match self.link.take() {
                Some(link) => link,
                None => match self.connect().await {
                    Ok(link) => link,
                    Err(fault) => return fault.outcome(Phase::Hello),
                },
            };
            match link.begin(&self.relay, &parcel.envelope).await {
                Ok(()) => return self.carry(link, parcel, next, slips).await,
                Err(Refused { phase: Phase::Mail, fault, .. }) if reused && !fault.link_lives() => reused = false,
                Err(no) => {
                    let outcome = no.fault.outcome(no.phase);
                    self.keep_after(link, &no).await;
                    return outcome;
                }
            }
        }
    }

    async fn connect(&self) -> Result<Link, Fault> {
        let mut link = Link::open(&self.relay).await?;
        link.ask_offers(&self.relay).await?;
        Ok(link)
    }

    /// The letter, for which the relay waits.
    async fn carry(&mut self, mut link: Link, parcel: &Parcel, next: Option<&Parcel>, slips: Option<&mut LaneSlips>) -> Outcome {
        if let Some(slips) = slips
            && let Err(fault) = slips.dot(parcel)
        {
            return no_slip(&fault);
        }
        let next = next.filter(|_| link.goes_ahead()).map(|next| next.envelope.commands(link.offers));
        let (result, phase) = link.hand_over(&self.relay, &parcel.bytes, next).await;
        match result {
            Ok(reply) => {
                self.keep(link);
                Outcome::Accepted(cleaned(&reply.message().collect::<Vec<_>>().join(" ")))
            }
            Err(fault) => {
                let outcome = fault.outcome(phase);
                // A refused letter ends its transaction by itself (RFC 5321 4.1.1.4).
                if fault.link_lives() && phase == Phase::Dot {
                    self.keep(link);
                }
                outcome
            }
        }
    }

    /// Keeps a connection on which the relay refused a command, after the transaction was taken back.
    async fn keep_after(&mut self, mut link: Link, refused: &Refused) {
        if refused.in_step && step(self.relay.timeouts.command.get(), "RSET", link.smtp.command(Rset)).await.is_ok() {
            self.keep(link);
        }
    }

    fn keep(&mut self, mut link: Link) {
        link.last_used = Instant::now();
        self.link = Some(link);
    }

    async fn retire_old_link(&mut self, parcel: &Parcel) {
        let Some(link) = &self.link else { return };
        let old = link.letters >= LETTERS_PER_CONNECTION || link.last_used.elapsed() > MAX_IDLE;
        let expects = link.ahead.as_ref().is_none_or(|ahead| *ahead == parcel.envelope.commands(link.offers));
        if old || !expects {
            self.close().await;
        }
    }

    /// QUIT, and the end of the connection. A relay that waits for a letter would take QUIT for one: it is left without a word.
    pub(in crate::mail) async fn close(&mut self) {
        if let Some(mut link) = self.link.take()
            && link.ahead.is_none()
        {
            let _ = timeout(GOODBYE, link.smtp.command(Quit)).await;
        }
    }

    /// Connects and says goodbye; the relay's own words of what it is.
    pub(in crate::mail) async fn probe(&mut self) -> Result<String, String> {
        let relay = &self.relay;
        let place = format!("{}:{}", relay.host, relay.port);
        match Link::open(relay).await {
            Ok(link) => {
                let encrypted = relay.protection == Protection::Implicit || link.smtp.is_encrypted();
                let way = if encrypted { "encrypted" } else { "not encrypted" };
                let name = cleaned(link.smtp.server_info().name());
                let login = if relay.credentials.is_some() { ", logged in" } else { "" };
                self.link = Some(link);
                self.close().await;
                Ok(format!("{place} answers as {name}, {way}{login}"))
            }
            Err(Fault::Smtp(error)) => Err(format!("{place}: {}", cleaned(&error.to_string()))),
            Err(Fault::Broken(what)) => Err(format!("{place}: {}", cleaned(&what))),
        }
    }
}
