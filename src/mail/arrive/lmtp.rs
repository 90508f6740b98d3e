//! The dialogue of LMTP (RFC 2033): a mail server hands over mail and hears for each recipient what became of it.
//!
//! Whoever may connect may hand over: what a mail proves is looked at later, by the token in it.

use std::io::{ErrorKind, Result};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use crate::mail::arrive::command::Command;
use crate::mail::arrive::wire::{LmtpLimits, Wire};

/// Recipients of one mail (RFC 5321 4.5.3.1.8 asks for a hundred).
const MOST_RECIPIENTS: usize = 100;
/// Commands that make no sense, before the connection is closed.
const MOST_FAULTS: u32 = 20;

/// What became of a mail for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is recorded.
    Taken,
    /// It is no mail.
    NoMail,
    /// It cannot be recorded now.
    NotNow,
}

impl Receipt {
    const fn reply(self) -> &'static str {
        match self {
            Self::Taken => "250 2.0.0 recorded",
            Self::NoMail => "554 5.6.0 this is no mail",
            Self::NotNow => "451 4.3.0 it cannot be recorded now: try again later",
        }
    }
}

/// Talks to a mail server until it leaves, the stop, or the end of its time. Each mail goes to `take` once a recipient, with the two
/// fields of a final delivery before it (RFC 5321 4.4, `Delivered-To` for the recipient), so that a return path proves whose it was.
///
/// # Errors
/// The connection broke, or a limit was passed.
pub async fn converse<S, F, T>(stream: S, limits: LmtpLimits, stop: &CancellationToken, take: F) -> Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(Vec<u8>) -> T,
    T: Future<Output = Receipt>,
{
    let mut dialogue =
        Dialogue { wire: Wire::new(stream, limits), take, bytes: limits.mail_bytes, greeted: false, envelope: None, faults: 0 };
    let whole = tokio::time::timeout(limits.connection, dialogue.run(stop)).await;
    let ended = whole.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
    if let Err(fault) = &ended {
        let last = match fault.kind() {
            ErrorKind::TimedOut => "421 4.4.2 nothing came for too long",
            ErrorKind::InvalidData => "500 5.5.6 a line that is too long",
            _ => return ended,
        };
        // Whoever does not listen any more misses nothing.
        let _ = dialogue.wire.say(last).await;
    }
    ended
}

/// Tells a mail server to come back later, since as many are talked to as may be.
///
/// # Errors
/// The connection broke.
pub async fn turn_away<S: AsyncRead + AsyncWrite + Unpin>(stream: S, limits: LmtpLimits) -> Result<()> {
    Wire::new(stream, limits).say("421 4.3.2 too many connections: come back later").await
}

/// From whom and to whom a mail goes.
struct Envelope {
    from: String,
    to: Vec<String>,
}

impl Envelope {
    /// The mail as it is kept for one of its recipients.
    fn delivered(&self, to: &str, mail: &[u8]) -> Vec<u8> {
        let plain = |address: &str| address.chars().filter(|c| !c.is_control()).collect::<String>();
        let mut whole = format!("Return-Path: <{}>\r\nDelivered-To: {}\r\n", plain(&self.from), plain(to)).into_bytes();
        whole.extend_from_slice(mail);
        whole
    }
}

struct Dialogue<S, F> {
    wire: Wire<S>,
    take: F,
    bytes: usize,
    greeted: bool,
    envelope: Option<Envelope>,
    faults: u32,
}

impl<S, F, T> Dialogue<S, F>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(Vec<u8>) -> T,
    T: Future<Output = Receipt>,
{
    async fn run(&mut self, stop: &CancellationToken) -> Result<()> {
        self.wire.say("220 rolecall LMTP, for mail that comes back").await?;
        loop {
            let heard = tokio::select! {
                () = stop.cancelled() => return self.wire.say("421 4.3.2 stopping: come back later").await,
                heard = self.wire.line() => heard?,
            };
            let reply = match Command::read(&heard) {
                Ok(Command::Quit) => return self.wire.say("221 2.0.0 bye").await,
                Ok(Command::Data) if self.envelope.as_ref().is_some_and(|envelope| !envelope.to.is_empty()) => {
                    self.data().await?;
                    continue;
                }
                Ok(command) => self.answer(command),
                Err(reply) => reply.to_owned(),
            };
            self.faults += u32::from(reply.starts_with('5'));
            if self.faults > MOST_FAULTS {
                return self.wire.say("421 4.7.0 too many commands that make no sense").await;
            }
            self.wire.say(&reply).await?;
        }
    }

    fn answer(&mut self, command: Command) -> String {
        match command {
            Command::Lhlo => {
                self.greeted = true;
                self.envelope = None;
                format!(
                    "250-rolecall\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {}",
                    self.bytes
                )
            }
            Command::Mail { from, size } => self.mail(from, size).to_owned(),
            Command::Rcpt { to } => self.recipient(to).to_owned(),
            Command::Rset => {
                self.envelope = None;
                "250 2.0.0 forgotten".to_owned()
            }
            Command::Noop => "250 2.0.0 here".to_owned(),
            Command::Vrfy => "252 2.1.5 try it".to_owned(),
            Command::Data => "503 5.5.1 no recipient yet: say RCPT first".to_owned(),
            Command::Hello => "500 5.5.1 this is LMTP (RFC 2033): say LHLO".to_owned(),
            Command::Quit => "221 2.0.0 bye".to_owned(),
        }
    }

    fn mail(&mut self, from: String, size: usize) -> &'static str {
        if !self.greeted {
            return "503 5.5.1 say LHLO first";
        }
        if self.envelope.is_some() {
            return "503 5.5.1 one mail after the other";
        }
        if size > self.bytes {
            return TOO_LONG;
        }
        self.envelope = Some(Envelope { from, to: Vec::new() });
        "250 2.1.0 fine"
    }

    fn recipient(&mut self, to: String) -> &'static str {
        match &mut self.envelope {
            None => "503 5.5.1 say MAIL first",
            Some(envelope) if envelope.to.len() >= MOST_RECIPIENTS => "452 4.5.3 no more recipients for one mail",
            Some(envelope) => {
                envelope.to.push(to);
                "250 2.1.5 fine"
            }
        }
    }

    /// Takes the mail, and says of each recipient what became of it (RFC 2033 4.2).
    async fn data(&mut self) -> Result<()> {
        let Some(envelope) = self.envelope.take() else { return Ok(()) };
        self.wire.say("354 go on, and end with a dot").await?;
        let mail = self.wire.mail().await?;
        for to in &envelope.to {
            let reply = match &mail {
                Some(mail) => (self.take)(envelope.delivered(to, mail)).await.reply(),
                None => TOO_LONG,
            };
            self.wire.say(reply).await?;
        }
        Ok(())
    }
}

const TOO_LONG: &str = "552 5.3.4 longer than a mail may be";
