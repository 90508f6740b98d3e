//! The relay of `[mail.smtp]`: where it is, how the way to it is protected, and who we are there.

use std::net::Ipv4Addr;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::extension::ClientId;
use url::{Host, Url};

use crate::domain::secret::Secret;
use crate::mail::error::MailSettingsError;
use crate::mail::sealed::Seal;
use crate::mail::sender::Sender;
use crate::mail::settings::{SmtpSettings, StepTimeouts};

/// How the way to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Protection {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// STARTTLS or nothing (RFC 3207).
    Required,
    /// STARTTLS where it is offered.
    Opportunistic,
    /// Plain.
    None,
}

/// A relay, ready to be called.
pub(in crate::mail) struct Relay {
    /// Host name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the way is protected.
    pub protection: Protection,
    /// Whether it is this machine.
    pub loopback: bool,
    /// Who we are there, where it asks.
    pub credentials: Option<Credentials>,
    /// Our name in EHLO.
    pub hello: ClientId,
    /// The roots of trust and the name to check, for STARTTLS.
    pub tls: Option<TlsParameters>,
    /// The same for TLS from the first byte.
    pub seal: Option<Seal>,
    /// How long each step may take.
    pub timeouts: StepTimeouts,
}

impl Relay {
    /// Reads the settings and, where TLS may be used, the roots of trust of this machine.
    pub(in crate::mail) fn new(settings: &SmtpSettings, sender: &Sender) -> Result<Self, MailSettingsError> {
        let refuse = |why: String| MailSettingsError::Url(why);
        let url = Url::parse(&settings.url).map_err(|error| refuse(error.to_string()))?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(refuse(format!("the scheme is {other:?}"))),
        };
        // The url crate knows no ports and no host rules for smtp, so the host is read again by the rules of http.
        let host = Host::parse(url.host_str().ok_or_else(|| refuse("it names no host".to_owned()))?);
        let (host, loopback) = match host.map_err(|error| refuse(error.to_string()))? {
            Host::Domain(name) => (name.clone(), name == "localhost"),
            Host::Ipv4(ip) => (ip.to_string(), ip.is_loopback()),
            Host::Ipv6(ip) => (ip.to_string(), ip.is_loopback()),
        };
        let protection = protection(&url, implicit, loopback)?;
        let starts_tls = matches!(protection, Protection::Required | Protection::Opportunistic);
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| MailSettingsError::Tls(error.to_string()));
        let tls = starts_tls.then(parameters).transpose()?;
        let seal = (protection == Protection::Implicit).then(|| Seal::new(&host)).transpose()?;
        let port = url.port().unwrap_or(if implicit { 465 } else { 25 });
        let credentials = credentials(settings, &url)?;
        let hello = hello(settings.hello_name.as_deref(), sender)?;
        Ok(Self { host, port, protection, loopback, credentials, hello, tls, seal, timeouts: settings.timeouts })
    }
}

fn protection(url: &Url, implicit: bool, loopback: bool) -> Result<Protection, MailSettingsError> {
    let mut asked = None;
    for (key, value) in url.query_pairs() {
        if key != "tls" {
            return Err(MailSettingsError::Url(format!("{key:?} is not known after the ?")));
        }
        asked = Some(value.into_owned());
    }
    match (asked.as_deref(), implicit) {
        (None | Some("required"), true) => Ok(Protection::Implicit),
        (Some("required"), false) => Ok(Protection::Required),
        (Some("opportunistic"), false) => Ok(Protection::Opportunistic),
        (Some("none"), false) => Ok(Protection::None),
        (None, false) => Ok(if loopback { Protection::Opportunistic } else { Protection::Required }),
        (Some(other), _) => Err(MailSettingsError::Url(format!("tls={other:?} does not go with {}://", url.scheme()))),
    }
}

fn credentials(settings: &SmtpSettings, url: &Url) -> Result<Option<Credentials>, MailSettingsError> {
    let refuse = |key, why: &str| Err(MailSettingsError::Value { key, why: why.to_owned() });
    let decoded =
        |text: &str| url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes()).next().map(|(_, v)| v.into_owned());
    let user = settings.user.clone().or_else(|| Some(url.username()).filter(|user| !user.is_empty()).and_then(decoded));
    let password = match &settings.password {
        Some(Secret::Plain(password)) => Some(password.clone()),
        Some(_) => return refuse("mail.smtp.password", "the secret was not read from its file or credential"),
        None => url.password().and_then(decoded),
    };
    match (user, password) {
        (Some(user), Some(password)) => Ok(Some(Credentials::new(user, password))),
        (None, None) => Ok(None),
        (Some(_), None) => refuse("mail.smtp.password", "a user is set but no password: set both or neither"),
        (None, Some(_)) => refuse("mail.smtp.user", "a password is set but no user: set both or neither"),
    }
}

/// The name in EHLO: set by the operator, else the sender's domain, else the address literal that RFC 5321 4.1.4 falls back to.
fn hello(name: Option<&str>, sender: &Sender) -> Result<ClientId, MailSettingsError> {
    let plain =
        |name: &str| !name.is_empty() && name.len() <= 255 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    match name {
        Some(name) if plain(name) => Ok(ClientId::Domain(name.to_owned())),
        Some(_) => Err(MailSettingsError::Value {
            key: "mail.smtp.hello_name",
            why: "it is no host name: write it as \"mail.example.org\"".to_owned(),
        }),
        None if sender.domain().contains('.') && plain(sender.domain()) => Ok(ClientId::Domain(sender.domain().to_owned())),
        None => Ok(ClientId::Ipv4(Ipv4Addr::LOCALHOST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(url: &str) -> Result<Relay, MailSettingsError> {
        let settings = SmtpSettings { url: url.to_owned(), ..SmtpSettings::default() };
        Relay::new(&settings, &Sender::parse("alerts@example.org").unwrap())
    }

    #[test]
    fn the_way_is_protected_unless_it_stays_on_this_machine() {
        for (url, host, port, protection) in [
            ("smtp://127.0.0.1:25", "127.0.0.1", 25, Protection::Opportunistic),
            ("smtp://localhost", "localhost", 25, Protection::Opportunistic),
            ("smtp://[::1]:2525", "::1", 2525, Protection::Opportunistic),
            ("smtp://relay.example.org:587", "relay.example.org", 587, Protection::Required),
            ("smtp://relay.example.org?tls=opportunistic", "relay.example.org", 25, Protection::Opportunistic),
            ("smtp://relay.example.org?tls=none", "relay.example.org", 25, Protection::None),
            ("smtps://relay.example.org", "relay.example.org", 465, Protection::Implicit),
        ] {
            let relay = relay(url).unwrap();
            assert_eq!((relay.host.as_str(), relay.port, relay.protection), (host, port, protection), "{url}");
        }
    }

    #[test]
    fn credentials_come_from_the_url_or_the_settings_but_never_by_halves() {
        let found = relay("smtp://jobs%40example.org:p%2Bss+w%3Ard@relay.example.org?tls=none").unwrap().credentials;
        assert_eq!(found, Some(Credentials::new("jobs@example.org".into(), "p+ss+w:rd".into())));
        assert!(relay("smtp://jobs@relay.example.org").is_err());
        let settings = SmtpSettings { user: Some("a".into()), password: Some(Secret::Plain("b".into())), ..SmtpSettings::default() };
        let sender = Sender::parse("alerts@localhost").unwrap();
        assert!(Relay::new(&settings, &sender).unwrap().credentials.is_some());
    }

    #[test]
    fn a_wrong_url_or_name_is_refused_with_the_mend() {
        for bad in ["", "relay", "http://relay", "smtp://", "smtp://h?tls=maybe", "smtps://h?tls=none", "smtp://h?tsl=none"] {
            assert!(relay(bad).is_err_and(|error| error.to_string().contains("smtp://relay.example.org:587")), "{bad:?}");
        }
        let settings = SmtpSettings { hello_name: Some("a\r\nMAIL FROM:<x>".into()), ..SmtpSettings::default() };
        assert!(Relay::new(&settings, &Sender::parse("a@b.org").unwrap()).is_err_and(|error| error.to_string().contains("hello_name")));
    }
}
