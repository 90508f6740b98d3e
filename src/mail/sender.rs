//! Who letters are from.

use lettre::Address;

use crate::domain::line::one_line;
use crate::mail::error::MailSettingsError;

/// The name and address of `mail.from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    name: Option<String>,
    address: Address,
}

impl Sender {
    /// Longest display name, in characters.
    const MAX_NAME: usize = 78;

    /// Reads `Name <address>` or a bare address. A host name without a dot is allowed, for a machine that mails itself.
    ///
    /// # Errors
    /// No address in it.
    pub fn parse(text: &str) -> Result<Self, MailSettingsError> {
        let refuse = |why: &str| MailSettingsError::From { given: text.chars().take(120).collect(), why: why.to_owned() };
        let (name, address) = match text.trim().strip_suffix('>').map(|inside| inside.rsplit_once('<')) {
            Some(Some((name, address))) => (name.trim().trim_matches('"'), address),
            Some(None) => return Err(refuse("a > without a <")),
            None => ("", text.trim()),
        };
        let address: Address = address.parse().map_err(|_| refuse("which holds no mail address"))?;
        if !address.to_string().is_ascii() {
            return Err(refuse("whose address has letters outside ASCII"));
        }
        let name = Some(header_text(name, Self::MAX_NAME)).filter(|name| !name.is_empty());
        Ok(Self { name, address })
    }

    /// The name people see; the address where none is set.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.address.to_string())
    }

    /// The domain of the address.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address.domain()
    }

    /// The address.
    pub(in crate::mail) fn address(&self) -> &Address {
        &self.address
    }

    /// The name, where one is set.
    pub(in crate::mail) fn display_name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// A text of a stranger for a header: one bounded line in which nothing reads as an encoded word (RFC 2047) that we did not write.
pub(in crate::mail) fn header_text(text: &str, most: usize) -> String {
    one_line(text, most).replace("=?", "= ?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_name_and_an_address() {
        let sender = Sender::parse("Rolecall <alerts@localhost>").unwrap();
        assert_eq!((sender.name().as_str(), sender.domain()), ("Rolecall", "localhost"));
        assert_eq!(Sender::parse("alerts@example.org").unwrap().name(), "alerts@example.org");
        assert_eq!(Sender::parse("\"Jobs\r\nBcc: x@y.org\" <a@example.org>").unwrap().name(), "Jobs Bcc: x@y.org");
    }

    #[test]
    fn what_is_no_sender_is_refused_with_the_mend() {
        for bad in ["", "Rolecall", "Rolecall <>", "a@", "<a@b.org", "a b@c.org", "x <a@b.org\r\nBcc: c@d.org>", "jobs@bücher.example"] {
            let error = Sender::parse(bad).unwrap_err().to_string();
            assert!(error.contains("alerts@example.org"), "{bad:?}: {error}");
        }
    }
}
