//! An address that parsed.

use crate::domain::line::quoted;

/// A mail address that can be written to: one `@`, a plain local part, a domain name with a dot.
///
/// `Debug` hides it, so that it cannot slip into a log; `as_str` gives it to those who mail.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// RFC 5321 4.5.3.1.3, less the angle brackets.
    pub const MAX_BYTES: usize = 254;
    /// RFC 5321 4.5.3.1.1.
    const MAX_LOCAL_BYTES: usize = 64;

    /// Parses an address as typed by a person: trims it, lower-cases the domain and turns it into its ASCII form (IDNA).
    ///
    /// # Errors
    /// Says what is wrong and how to mend it. Refused although RFC 5321 allows them: quoted local parts, address literals,
    /// domains without a dot; and non-ASCII local parts, which need SMTPUTF8 on every relay of the way.
    pub fn parse(typed: &str) -> Result<Self, EmailAddressError> {
        use EmailAddressError as E;
        let typed = typed.trim();
        let (local, domain) = typed.rsplit_once('@').ok_or(E::NoAt)?;
        if local.is_empty() || domain.is_empty() {
            return Err(E::NoAt);
        }
        if !local.is_ascii() {
            return Err(E::NonAsciiLocal);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if let Some(bad) = local.chars().find(|c| !plain(*c)) {
            return Err(E::Character(bad));
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(E::Dots);
        }
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
            _ => return Err(E::Domain),
        };
        let labels_fit = domain.split('.').all(|label| {
            let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            inner && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
        });
        let top_is_name = domain.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
        if !domain.contains('.') || !labels_fit || !top_is_name {
            return Err(E::Domain);
        }
        if local.len() > Self::MAX_LOCAL_BYTES || local.len() + 1 + domain.len() > Self::MAX_BYTES {
            return Err(E::Length);
        }
        Ok(Self { at: local.len(), text: format!("{local}@{domain}") })
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The domain in lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The key under which two spellings of one mailbox meet: the whole address in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// What spellings of one mailbox have in common, as far as it is known: without a `+tag`, and without dots where Google's
    /// mailboxes ignore them. For counting mails to one person, never for writing to.
    #[must_use]
    pub fn mailbox(&self) -> String {
        const DOTS_IGNORED: [&str; 2] = ["gmail.com", "googlemail.com"];
        let (local, domain) = (self.local().to_ascii_lowercase(), self.domain());
        let local = local.split_once('+').map_or(local.as_str(), |(name, _)| name);
        if DOTS_IGNORED.contains(&domain) { format!("{}@gmail.com", local.replace('.', "")) } else { format!("{local}@{domain}") }
    }

    /// For pages and logs of the person's own: `a…@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}…@{}", &self.text[..1], self.domain())
    }
}

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(hidden)")
    }
}

/// Why a text is no address, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// No `@`, or nothing on one side of it.
    #[error("a mail address has the form name@example.org")]
    NoAt,
    /// A local part outside ASCII.
    #[error("the part before the @ has letters outside a-z, which many mail servers cannot deliver to: give an address without them")]
    NonAsciiLocal,
    /// A character that only quoted local parts may have.
    #[error("{} cannot stand before the @ of a mail address", quoted(&.0.to_string()))]
    Character(char),
    /// Misplaced dots.
    #[error("a dot may not begin or end the part before the @, nor follow another dot")]
    Dots,
    /// Not a domain name.
    #[error("the part after the @ is no domain name, such as example.org")]
    Domain,
    /// Too long.
    #[error("the address is too long: at most 64 characters before the @ and 254 in all")]
    Length,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_taken_and_their_domain_normalised() {
        for (typed, kept) in [
            (" Asha.Rao+jobs@Example.ORG ", "Asha.Rao+jobs@example.org"),
            ("x@bücher.example", "x@xn--bcher-kva.example"),
            ("o'brien@mail.example.co.in", "o'brien@mail.example.co.in"),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn odd_addresses_are_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b.org",
            "a@b",
            "a@localhost",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "\"a b\"@x.org",
            "a b@x.org",
            "a@x..org",
            ".a@x.org",
            "a.@x.org",
            "a..b@x.org",
            "a@-x.org",
            "a@x.org\r\nBcc: b@x.org",
            "a\r\n@x.org",
            "a@b@c.org",
            "अ@x.org",
            "a@x.o rg",
            &long,
            "a@2130706433",
            "a@0x7f.1",
            "a@x.1",
            "<a@x.org>",
            "a@x_y.org",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn debug_hides_the_address() {
        let shown = format!("{:?}", EmailAddress::parse("asha@example.org").unwrap());
        assert!(!shown.contains("asha") && !shown.contains("example"), "{shown}");
    }
}
