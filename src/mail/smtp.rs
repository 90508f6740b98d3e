//! One connection to the relay, and the dialogue for one letter.
//!
//! lettre speaks: EHLO, TLS, AUTH, replies, the dots of a letter. The dialogue is ours, for three reasons. lettre's own `send`
//! gives the same error before and after the final dot, and only we can know the phase. Its timeouts bound the connect alone, so
//! each step here has its own deadline. Its sockets wait up to 40 ms a letter for want of `TCP_NODELAY`, so we hand it ours.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::domain::delivery::Outcome;
use crate::mail::envelope::Envelope;
use crate::mail::parcel::Parcel;
use crate::mail::relay::{Protection, Relay};
use crate::mail::reply::{Phase, broken, cleaned, outcome_of};
use crate::mail::slip::{Slip, no_slip};

/// Letters over one connection before it is opened anew: relays count them, and a long connection pins one of several relays.
const LETTERS_PER_CONNECTION: u32 = 500;
/// A connection that lay idle so long is not used again; relays close them soon after.
const MAX_IDLE: Duration = Duration::from_secs(30);
/// The bytes handed to lettre at once, and so the block of the block timeout.
const BLOCK_BYTES: usize = 16 * 1024;
/// How long the goodbye may take, whatever the step timeouts say: nothing depends on it.
const GOODBYE: Duration = Duration::from_secs(2);

/// A way to the relay with at most one connection, opened when it is needed.
pub(in crate::mail) struct SmtpLane {
    relay: Arc<Relay>,
    link: Option<Link>,
}

struct Link {
    smtp: AsyncSmtpConnection,
    /// Whether the relay offers delivery reports (RFC 3461), where it was asked.
    offers_dsn: bool,
    letters: u32,
    last_used: Instant,
}

/// Why a step of the dialogue did not end well.
enum Fault {
    /// A reply that refuses, or a broken link.
    Smtp(Error),
    /// No reply within the step's time, or something the protocol does not know.
    Broken(String),
}

impl Fault {
    fn outcome(&self, phase: Phase) -> Outcome {
        match self {
            Self::Smtp(error) => outcome_of(error, phase),
            Self::Broken(what) => broken(what, phase),
        }
    }

    /// The reply code, where the relay answered.
    fn code(&self) -> Option<u16> {
        match self {
            Self::Smtp(error) => error.status().map(u16::from),
            Self::Broken(_) => None,
        }
    }

    /// Whether the relay answered and keeps the connection.
    fn link_lives(&self) -> bool {
        self.code().is_some_and(|code| code != 421)
    }
}

impl SmtpLane {
    pub(in crate::mail) fn new(relay: Arc<Relay>) -> Self {
        Self { relay, link: None }
    }

    /// Hands over one letter; afterwards the connection stands ready for the next, or is gone.
    pub(in crate::mail) async fn send(&mut self, parcel: &Parcel, slip: Option<&mut Slip>) -> Outcome {
        let envelope = &parcel.envelope;
        self.retire_old_link().await;
        // A connection that was idle may have been closed by the relay; that shows at MAIL, where a new one may take its place.
        let mut reused = self.link.is_some();
        loop {
            let mut link = match self.link.take() {
                Some(link) => link,
                None => match connect(&self.relay, envelope.id.is_some()).await {
                    Ok(link) => link,
                    Err(fault) => return fault.outcome(Phase::Hello),
                },
            };
            match begin(&mut link, &self.relay, envelope).await {
                Ok(()) => {
                    return self.carry(link, parcel, slip).await;
                }
                Err(fault) if reused && !fault.link_lives() => reused = false,
                Err(fault) => {
                    let outcome = fault.outcome(Phase::Mail);
                    self.keep_after(link, &fault).await;
                    return outcome;
                }
            }
        }
    }

    /// RCPT, DATA and the letter, after MAIL was taken.
    async fn carry(&mut self, mut link: Link, parcel: &Parcel, slip: Option<&mut Slip>) -> Outcome {
        let envelope = &parcel.envelope;
        let times = self.relay.timeouts;
        let rcpt = Rcpt::new(envelope.to.clone(), envelope.rcpt_parameters(link.offers_dsn));
        if let Err(fault) = step(times.command.get(), "RCPT", link.smtp.command(rcpt)).await {
            let outcome = fault.outcome(Phase::Rcpt);
            self.keep_after(link, &fault).await;
            return outcome;
        }
        match step(times.data.get(), "DATA", link.smtp.command(Data)).await {
            Ok(reply) if reply.has_code(354) => {}
            // Whatever it means, the two sides no longer agree on where they are.
            Ok(reply) => return broken(&format!("the relay answers {} to DATA", reply.code()), Phase::Data),
            Err(fault) => {
                let outcome = fault.outcome(Phase::Data);
                self.keep_after(link, &fault).await;
                return outcome;
            }
        }
        if let Err(fault) = Slip::of_dot(slip, parcel) {
            return no_slip(&fault);
        }
        let (result, phase) = hand_over(&mut link, &self.relay, &parcel.bytes).await;
        link.letters += 1;
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
    async fn keep_after(&mut self, mut link: Link, fault: &Fault) {
        if fault.link_lives() && step(self.relay.timeouts.command.get(), "RSET", link.smtp.command(Rset)).await.is_ok() {
            self.keep(link);
        }
    }

    fn keep(&mut self, mut link: Link) {
        link.last_used = Instant::now();
        self.link = Some(link);
    }

    async fn retire_old_link(&mut self) {
        let old = |link: &Link| link.letters >= LETTERS_PER_CONNECTION || link.last_used.elapsed() > MAX_IDLE;
        if self.link.as_ref().is_some_and(old) {
            self.close().await;
        }
    }

    /// QUIT, and the end of the connection.
    pub(in crate::mail) async fn close(&mut self) {
        if let Some(mut link) = self.link.take() {
            let _ = timeout(GOODBYE, link.smtp.command(Quit)).await;
        }
    }

    /// Connects and says goodbye; the relay's own words of what it is.
    pub(in crate::mail) async fn probe(&mut self) -> Result<String, String> {
        let relay = &self.relay;
        let place = format!("{}:{}", relay.host, relay.port);
        match connect(relay, false).await {
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

/// Runs one step within its time.
async fn step<T>(limit: Duration, what: &str, reply: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
    match timeout(limit, reply).await {
        Ok(result) => result.map_err(Fault::Smtp),
        Err(_) => Err(Fault::Broken(format!("no reply to {what} within {limit:?}"))),
    }
}

/// Connects, greets, protects the way and logs in; asks for delivery reports where they are of use.
async fn connect(relay: &Relay, wants_dsn: bool) -> Result<Link, Fault> {
    let times = relay.timeouts;
    let mut smtp = if let (Protection::Implicit, Some(tls)) = (relay.protection, &relay.tls) {
        let target = (relay.host.as_str(), relay.port);
        let call = AsyncSmtpConnection::connect_tokio1(target, Some(times.connect.get()), &relay.hello, Some(tls.clone()), None);
        step(times.connect.get() + times.greeting.get(), "the greeting", call).await?
    } else {
        let stream = timeout(times.connect.get(), TcpStream::connect((relay.host.as_str(), relay.port))).await;
        let stream = stream.map_err(|_| Fault::Broken("the relay cannot be reached in time".to_owned()))?;
        let stream = stream.map_err(|error| Fault::Broken(format!("the relay cannot be reached: {error}")))?;
        stream.set_nodelay(true).map_err(|error| Fault::Broken(error.to_string()))?;
        let call = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &relay.hello);
        step(times.greeting.get(), "the greeting", call).await?
    };
    protect(&mut smtp, relay).await?;
    let offers_dsn = wants_dsn && offers_dsn(&mut smtp, relay).await?;
    log_in(&mut smtp, relay).await?;
    Ok(Link { smtp, offers_dsn, letters: 0, last_used: Instant::now() })
}

/// lettre keeps of the answer to EHLO only what it uses itself, so the question is put once more.
async fn offers_dsn(smtp: &mut AsyncSmtpConnection, relay: &Relay) -> Result<bool, Fault> {
    let reply = step(relay.timeouts.greeting.get(), "EHLO", smtp.command(Ehlo::new(relay.hello.clone()))).await?;
    Ok(reply.message().skip(1).any(|line| line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case("DSN"))))
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

/// MAIL: the transaction begins.
async fn begin(link: &mut Link, relay: &Relay, envelope: &Envelope) -> Result<(), Fault> {
    let mail = Mail::new(Some(envelope.from.clone()), envelope.mail_parameters(link.offers_dsn));
    step(relay.timeouts.command.get(), "MAIL", link.smtp.command(mail)).await.map(drop)
}

/// The letter and the final dot. lettre asks for a block when it has written the one before, and writes the dot when there is none
/// left: so the number of blocks asked for says whether the dot can have been sent.
async fn hand_over(link: &mut Link, relay: &Relay, letter: &[u8]) -> (Result<Response, Fault>, Phase) {
    let letter = letter.strip_suffix(b"\r\n").unwrap_or(letter);
    let blocks = letter.len().div_ceil(BLOCK_BYTES);
    let asked = AtomicUsize::new(0);
    let mut pieces = letter.chunks(BLOCK_BYTES);
    let counted = std::iter::from_fn(|| {
        asked.fetch_add(1, Ordering::Relaxed);
        pieces.next()
    });
    let times = relay.timeouts;
    let mut sending = pin!(link.smtp.message_iter(counted));
    let result = loop {
        let before = asked.load(Ordering::Relaxed);
        let limit = if before > blocks { times.accept.get() } else { times.block.get() };
        match timeout(limit, &mut sending).await {
            Ok(result) => break result.map_err(Fault::Smtp),
            // A block was taken meanwhile: its time begins anew.
            Err(_) if asked.load(Ordering::Relaxed) != before => {}
            Err(_) if before > blocks => break Err(Fault::Broken(format!("no reply to the letter within {limit:?}"))),
            Err(_) => break Err(Fault::Broken(format!("the relay takes nothing of the letter for {limit:?}"))),
        }
    };
    let phase = if asked.load(Ordering::Relaxed) > blocks { Phase::Dot } else { Phase::Data };
    (result, phase)
}
