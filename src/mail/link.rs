//! One connection to the relay: opened, protected, logged in; and the steps of one letter on it.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Ehlo};
use lettre::transport::smtp::response::Response;
use memchr::memmem;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::domain::delivery::Outcome;
use crate::mail::counted::{Counted, Written};
use crate::mail::envelope::{Envelope, Offers};
use crate::mail::relay::{Protection, Relay};
use crate::mail::reply::{Phase, broken, outcome_of};

/// An open connection.
pub(in crate::mail) struct Link {
    pub(in crate::mail) smtp: AsyncSmtpConnection,
    pub(in crate::mail) offers: Offers,
    /// What has left.
    written: Written,
    /// The envelope that went out behind the dot of the letter before; its replies are still to be read.
    pub(in crate::mail) ahead: Option<String>,
    pub(in crate::mail) letters: u32,
    pub(in crate::mail) last_used: Instant,
}

/// Why a step of the dialogue did not end well.
pub(in crate::mail) enum Fault {
    /// A reply that refuses, or a broken link.
    Smtp(Error),
    /// No reply within the step's time, or something the protocol does not know.
    Broken(String),
}

/// A letter that the relay does not want, or cannot take: nothing of it was sent.
pub(in crate::mail) struct Refused {
    pub(in crate::mail) phase: Phase,
    pub(in crate::mail) fault: Fault,
    /// Whether both sides agree on where they are, so that the connection may be kept.
    pub(in crate::mail) in_step: bool,
}

impl Fault {
    pub(in crate::mail) fn outcome(&self, phase: Phase) -> Outcome {
        match self {
            Self::Smtp(error) => outcome_of(error, phase),
            Self::Broken(what) => broken(what, phase),
        }
    }

    /// Whether the relay answered and keeps the connection.
    pub(in crate::mail) fn link_lives(&self) -> bool {
        match self {
            Self::Smtp(error) => error.status().map(u16::from).is_some_and(|code| code != 421),
            Self::Broken(_) => false,
        }
    }
}

/// Runs one step within its time.
pub(in crate::mail) async fn step<T>(limit: Duration, what: &str, reply: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
    match timeout(limit, reply).await {
        Ok(result) => result.map_err(Fault::Smtp),
        Err(_) => Err(Fault::Broken(format!("no reply to {what} within {limit:?}"))),
    }
}

impl Link {
    /// Connects, greets, protects the way and logs in.
    pub(in crate::mail) async fn open(relay: &Relay) -> Result<Self, Fault> {
        let times = relay.timeouts;
        let stream = timeout(times.connect.get(), TcpStream::connect((relay.host.as_str(), relay.port))).await;
        let stream = stream.map_err(|_| Fault::Broken("the relay cannot be reached in time".to_owned()))?;
        let stream = stream.map_err(|error| Fault::Broken(format!("the relay cannot be reached: {error}")))?;
        stream.set_nodelay(true).map_err(|error| Fault::Broken(error.to_string()))?;
        let (stream, written) = Counted::new(stream);
        let call = AsyncSmtpConnection::connect_with_transport(sealed(relay, stream).await?, &relay.hello);
        let mut smtp = step(times.greeting.get(), "the greeting", call).await?;
        protect(&mut smtp, relay).await?;
        log_in(&mut smtp, relay).await?;
        Ok(Self { smtp, offers: Offers::default(), written, ahead: None, letters: 0, last_used: Instant::now() })
    }

    /// lettre keeps of the answer to EHLO only what it uses itself, so the question is put once more.
    pub(in crate::mail) async fn ask_offers(&mut self, relay: &Relay) -> Result<(), Fault> {
        let reply = step(relay.timeouts.greeting.get(), "EHLO", self.smtp.command(Ehlo::new(relay.hello.clone()))).await?;
        let offers = |name: &str| reply.message().skip(1).any(|line| line.split(' ').next().is_some_and(|w| w.eq_ignore_ascii_case(name)));
        self.offers = Offers { dsn: offers("DSN"), pipelining: offers("PIPELINING") };
        Ok(())
    }

    /// Whether the envelope of the next letter may go out behind the dot of this one (RFC 2920 3.1).
    pub(in crate::mail) fn goes_ahead(&self) -> bool {
        self.offers.pipelining
    }

    /// MAIL, RCPT and DATA: in one write where the relay takes groups, else one after the other. Afterwards it waits for the letter.
    pub(in crate::mail) async fn begin(&mut self, relay: &Relay, envelope: &Envelope) -> Result<(), Refused> {
        let times = relay.timeouts;
        let grouped = self.offers.pipelining;
        let mail = if self.ahead.take().is_some() {
            step(times.command.get(), "MAIL", self.smtp.read_response()).await
        } else if grouped {
            step(times.command.get(), "MAIL", self.smtp.command(envelope.commands(self.offers))).await
        } else {
            step(times.command.get(), "MAIL", self.smtp.command(envelope.mail(self.offers))).await
        };
        let refused = |phase, fault: Fault| Refused { in_step: fault.link_lives(), phase, fault };
        if !grouped {
            mail.map_err(|fault| refused(Phase::Mail, fault))?;
            let rcpt = self.smtp.command(envelope.rcpt(self.offers));
            step(times.command.get(), "RCPT", rcpt).await.map_err(|fault| refused(Phase::Rcpt, fault))?;
            let data = step(times.data.get(), "DATA", self.smtp.command(Data)).await;
            return go_on(&data.map_err(|fault| refused(Phase::Data, fault))?);
        }
        if let Err(fault) = mail {
            return Err(self.read_off(relay, 2, refused(Phase::Mail, fault)).await);
        }
        if let Err(fault) = step(times.command.get(), "RCPT", self.smtp.read_response()).await {
            return Err(self.read_off(relay, 1, refused(Phase::Rcpt, fault)).await);
        }
        let data = step(times.data.get(), "DATA", self.smtp.read_response()).await;
        go_on(&data.map_err(|fault| refused(Phase::Data, fault))?)
    }

    /// Reads the replies to the rest of a group that was refused. A relay that asks for the letter nonetheless gets a lone dot, for there
    /// is nobody to whom it could go (RFC 2920 3.1).
    async fn read_off(&mut self, relay: &Relay, replies: usize, refused: Refused) -> Refused {
        let mut in_step = refused.in_step;
        for left in (0..replies).rev() {
            if !in_step {
                break;
            }
            let limit = if left == 0 { relay.timeouts.data } else { relay.timeouts.command };
            in_step = match step(limit.get(), "a group of commands", self.smtp.read_response()).await {
                Ok(reply) if left == 0 && reply.has_code(354) => {
                    let dot = step(relay.timeouts.accept.get(), "a lone dot", self.smtp.command(".\r\n")).await;
                    dot.map_or_else(|fault| fault.link_lives(), |_| true)
                }
                Ok(_) => left > 0,
                Err(fault) => fault.link_lives(),
            };
        }
        Refused { in_step, ..refused }
    }

    /// The letter and the final dot, and behind it the next envelope, if there is one. The phase says whether the dot can have been sent.
    pub(in crate::mail) async fn hand_over(
        &mut self,
        relay: &Relay,
        letter: &[u8],
        next: Option<String>,
    ) -> (Result<Response, Fault>, Phase) {
        self.letters += 1;
        let Ok(letter) = std::str::from_utf8(letter) else {
            return (Err(Fault::Broken("the letter is no text".to_owned())), Phase::Data);
        };
        let written = self.written.clone();
        let mut text = stuffed(letter);
        let dot_at = written.bytes() + text.len() as u64;
        if let Some(next) = &next {
            text.push_str(next);
        }
        self.ahead = next;
        let times = relay.timeouts;
        let mut sending = pin!(self.smtp.command(text));
        let result = loop {
            let before = written.bytes();
            let limit = if before >= dot_at { times.accept.get() } else { times.block.get() };
            match timeout(limit, &mut sending).await {
                Ok(result) => break result.map_err(Fault::Smtp),
                // Something was taken meanwhile: its time begins anew.
                Err(_) if written.bytes() != before => {}
                Err(_) => break Err(no_answer(before >= dot_at, limit)),
            }
        };
        (result, if written.bytes() >= dot_at { Phase::Dot } else { Phase::Data })
    }
}

/// The reply to DATA that asks for the letter.
fn go_on(reply: &Response) -> Result<(), Refused> {
    if reply.has_code(354) {
        return Ok(());
    }
    // Whatever it means, the two sides no longer agree on where they are.
    let fault = Fault::Broken(format!("the relay answers {} to DATA", reply.code()));
    Err(Refused { phase: Phase::Data, fault, in_step: false })
}

fn no_answer(dot_sent: bool, limit: Duration) -> Fault {
    Fault::Broken(if dot_sent {
        format!("no reply to the letter within {limit:?}")
    } else {
        format!("the relay takes nothing of the letter for {limit:?}")
    })
}

/// The letter with its lines that begin with a dot made safe, and the final dot (RFC 5321 4.5.2).
fn stuffed(letter: &str) -> String {
    let mut text = String::with_capacity(letter.len() + 256);
    if letter.starts_with('.') {
        text.push('.');
    }
    let mut from = 0;
    for end in memmem::find_iter(letter.as_bytes(), "\r\n.") {
        text.push_str(&letter[from..end + 2]);
        text.push('.');
        from = end + 2;
    }
    text.push_str(&letter[from..]);
    if !text.ends_with("\r\n") {
        text.push_str("\r\n");
    }
    text.push_str(".\r\n");
    text
}

/// TLS from the first byte, where that is asked for; a handshake may take as long as a greeting.
async fn sealed(relay: &Relay, stream: Counted) -> Result<Box<dyn AsyncTokioStream>, Fault> {
    let Some(seal) = &relay.seal else { return Ok(Box::new(stream)) };
    match timeout(relay.timeouts.greeting.get(), seal.over(stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(what)) => Err(Fault::Broken(what)),
        Err(_) => Err(Fault::Broken("the relay does not answer to TLS in time".to_owned())),
    }
}

/// STARTTLS where it is offered; an error where it is required and not offered.
async fn protect(smtp: &mut AsyncSmtpConnection, relay: &Relay) -> Result<(), Fault> {
    match (relay.protection, &relay.tls) {
        (Protection::Required | Protection::Opportunistic, Some(tls)) if smtp.can_starttls() => {
            step(relay.timeouts.greeting.get(), "STARTTLS", smtp.starttls(tls.clone(), &relay.hello)).await
        }
        (Protection::Required, _) => {
            Err(Fault::Broken("the relay offers no STARTTLS; if that is meant, set ?tls=none in mail.smtp.url".to_owned()))
        }
        _ => Ok(()),
    }
}

/// AUTH, where we have credentials; never in the clear over a network.
async fn log_in(smtp: &mut AsyncSmtpConnection, relay: &Relay) -> Result<(), Fault> {
    let Some(credentials) = &relay.credentials else { return Ok(()) };
    if !(smtp.is_encrypted() || relay.loopback || relay.protection == Protection::Implicit) {
        return Err(Fault::Broken("the password is not sent over a way that is not encrypted: use ?tls=required".to_owned()));
    }
    let known: &[Mechanism] = DEFAULT_MECHANISMS;
    step(relay.timeouts.command.get(), "AUTH", smtp.auth(known, credentials)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_at_the_beginning_of_a_line_is_doubled_and_the_last_stands_alone() {
        for (letter, sent) in [
            ("a\r\n.\r\n..b\r\n", "a\r\n..\r\n...b\r\n.\r\n"),
            (".", "..\r\n.\r\n"),
            ("a\n.b\r\nc", "a\n.b\r\nc\r\n.\r\n"),
            ("", "\r\n.\r\n"),
        ] {
            assert_eq!(stuffed(letter), sent, "{letter:?}");
        }
    }
}
