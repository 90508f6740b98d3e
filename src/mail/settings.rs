//! What an operator sets under `[mail]`, and what can be wrong with it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::duration::DurationText;
use crate::domain::email::EmailAddressError;
use crate::domain::letter_token::ReturnPaths;
use crate::domain::receiver::Receiver;
use crate::domain::retry::RetryUnknown;
use crate::domain::secret::Secret;
use crate::domain::token::Signer;
use crate::domain::word::words;
use crate::mail::error::MailSettingsError;
use crate::mail::sender::Sender;

words! {
    /// How letters leave.
    TransportKind, "mail transport" {
        /// To a relay by SMTP.
        Smtp = "smtp", "SMTP";
        /// To the machine's own mail system.
        Sendmail = "sendmail", "sendmail";
        /// Into files, for trying out.
        File = "file", "files";
    }
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// How letters leave: `smtp`, `sendmail` or `file`.
    pub transport: TransportKind,
    /// Who letters are from: `Name <address>`.
    pub from: String,
    /// Printed in each alert; the law of many countries asks for it.
    pub postal_address: String,
    /// Whether a letter that may have arrived is sent once more: `once` or `never`.
    pub retry_unknown: RetryUnknown,
    /// To whom readers turn with questions and complaints, a mail address or a page; printed in each letter.
    pub contact: String,
    /// The name server that `check` asks, such as `192.0.2.53`; those of this machine where empty.
    pub resolver: String,
    /// A folder with templates of letters in place of the built-in ones; `rolecall template export` writes those.
    pub templates: Option<PathBuf>,
    /// Most letters to one family of receivers on the first, second, ... day of sending to it; no limit after the last. Empty where a
    /// mail service sends, whose addresses are known.
    pub warm_up: Vec<u64>,
    /// `[mail.receivers]`
    pub receivers: ReceiverSettings,
    /// `[mail.smtp]`
    pub smtp: SmtpSettings,
    /// `[mail.sendmail]`
    pub sendmail: SendmailSettings,
    /// `[mail.dkim]`
    pub dkim: Option<DkimSettings>,
    /// `[mail.bounces]`
    pub bounces: BouncesSettings,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            transport: TransportKind::File,
            from: "Rolecall <alerts@localhost>".to_owned(),
            postal_address: String::new(),
            retry_unknown: RetryUnknown::Once,
            contact: String::new(),
            resolver: String::new(),
            templates: None,
            warm_up: Vec::new(),
            receivers: ReceiverSettings::default(),
            smtp: SmtpSettings::default(),
            sendmail: SendmailSettings::default(),
            dkim: None,
            bounces: BouncesSettings::default(),
        }
    }
}

impl MailSettings {
    /// Who letters are from, parsed; its domain is the right side of every Message-ID.
    ///
    /// # Errors
    /// `mail.from` is no address.
    pub fn sender(&self) -> Result<Sender, MailSettingsError> {
        Sender::parse(&self.from)
    }

    /// The return paths of letters; none where `mail.bounces.address` is empty.
    ///
    /// # Errors
    /// It is no address, or too long for a token.
    pub fn return_paths(&self, signer: &Signer) -> Result<Option<ReturnPaths>, MailSettingsError> {
        let address = self.bounces.address.trim();
        if address.is_empty() {
            return Ok(None);
        }
        let refuse = |why: EmailAddressError| MailSettingsError::Value {
            key: "mail.bounces.address",
            why: format!("{why}; write bounces@example.org, at most 37 characters before the @"),
        };
        ReturnPaths::parse(address, signer.clone()).map(Some).map_err(refuse)
    }
}

/// `[mail.receivers]`: what one receiver may have of us at a time; a receiver is a family of domains or a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiverSettings {
    /// Connections at most that carry letters to one receiver; 0 for three quarters of all.
    pub connections: u16,
    /// Letters a minute to one receiver; 0 for no limit.
    pub letters_per_minute: u32,
    /// The same for single receivers, by the word of their family or by their domain.
    pub only: BTreeMap<String, ReceiverLimits>,
}

/// The limits of one receiver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiverLimits {
    /// Connections at most; 0 for three quarters of all.
    pub connections: u16,
    /// Letters a minute; 0 for no limit.
    pub letters_per_minute: u32,
}

impl ReceiverSettings {
    /// The limits of a receiver: its own, else those of everybody.
    #[must_use]
    pub fn limits_of(&self, name: &str) -> ReceiverLimits {
        let Self { connections, letters_per_minute, only } = self;
        only.get(name).copied().unwrap_or(ReceiverLimits { connections: *connections, letters_per_minute: *letters_per_minute })
    }

    /// Refuses limits of nobody.
    pub(in crate::mail) fn check(&self) -> Result<(), MailSettingsError> {
        match self.only.keys().find(|name| !Receiver::is_family(name) && !name.contains('.')) {
            Some(name) => Err(MailSettingsError::Value {
                key: "mail.receivers.only",
                why: format!("{name:?} is neither a domain nor a family (google, microsoft, yahoo, apple, proton, gmx, rediff, zoho)"),
            }),
            None => Ok(()),
        }
    }
}

/// `[mail.bounces]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BouncesSettings {
    /// Where undeliverable letters come back to; each letter gets `name+TOKEN@domain` of it. Empty: they come back to `from`.
    pub address: String,
    /// A Maildir into which a mail server puts what comes back; mails are deleted once they are recorded. Empty: none.
    pub maildir: PathBuf,
    /// Where mail servers of this machine hand over what comes back by LMTP: `127.0.0.1:2424`, `unix:/run/rolecall/lmtp`. Empty: nowhere.
    pub lmtp: String,
}

/// `[mail.smtp]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpSettings {
    /// The relay: `smtp://` (25) or `smtps://` (465), `user:password@` where it asks for them, `?tls=required|opportunistic|none`.
    /// Without `tls`: required, but opportunistic for a relay on this machine.
    pub url: String,
    /// Connections at most, each of which carries one letter at a time.
    pub connections: u16,
    /// Letters a second over all connections; 0 for no limit.
    pub messages_per_second: u32,
    /// The user, where not in the URL.
    pub user: Option<String>,
    /// The password, where not in the URL.
    pub password: Option<Secret>,
    /// The name we greet with (RFC 5321 4.1.1.1); the domain of `from` where none is set.
    pub hello_name: Option<String>,
    /// `[mail.smtp.timeouts]`
    pub timeouts: StepTimeouts,
}

impl Default for SmtpSettings {
    fn default() -> Self {
        Self {
            url: "smtp://127.0.0.1:25".to_owned(),
            connections: 8,
            messages_per_second: 0,
            user: None,
            password: None,
            hello_name: None,
            timeouts: StepTimeouts::default(),
        }
    }
}

/// `[mail.smtp.timeouts]`: how long each step of the dialogue may take; the defaults are those of RFC 5321 4.5.3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepTimeouts {
    /// To find and connect to the relay.
    pub connect: DurationText,
    /// From the connection to the end of the answer to EHLO; again for TLS and its EHLO.
    pub greeting: DurationText,
    /// For the reply to AUTH, MAIL, RCPT, RSET and QUIT.
    pub command: DurationText,
    /// For the reply to DATA.
    pub data: DurationText,
    /// For the relay to take one block of the letter.
    pub block: DurationText,
    /// For the reply to the final dot. Too short a time here is how doubles are made.
    pub accept: DurationText,
}

impl Default for StepTimeouts {
    fn default() -> Self {
        const fn minutes(count: u64) -> DurationText {
            DurationText::from_secs(count * 60)
        }
        Self {
            connect: DurationText::from_secs(30),
            greeting: minutes(5),
            command: minutes(5),
            data: minutes(2),
            block: minutes(3),
            accept: minutes(10),
        }
    }
}

/// `[mail.sendmail]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendmailSettings {
    /// The program that takes a letter on its standard input.
    pub program: PathBuf,
    /// How long it may take for one letter.
    pub timeout: DurationText,
}

impl Default for SendmailSettings {
    fn default() -> Self {
        Self { program: PathBuf::from("/usr/sbin/sendmail"), timeout: DurationText::from_secs(120) }
    }
}

/// `[mail.dkim]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// The signing domain.
    pub domain: String,
    /// The keys. The first of each kind (RSA, Ed25519) signs; further ones wait for their turn, so that their records can be published first.
    pub keys: Vec<DkimKey>,
}

/// One of `mail.dkim.keys`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimKey {
    /// The name under which the public key stands in DNS.
    pub selector: String,
    /// The private key, in PEM.
    #[serde(default)]
    pub file: PathBuf,
    /// Instead of `file`, the name of a systemd credential; the configuration puts its path into `file`.
    #[serde(default)]
    pub credential: Option<String>,
}
