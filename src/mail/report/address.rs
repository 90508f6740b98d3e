//! Addresses in the text of a mail server, and the text without them.

use crate::domain::email::EmailAddress;

/// Characters a plain address is made of.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.@".contains(c)
}

/// Every address in a line, in order.
pub(in crate::mail::report) fn addresses(line: &str) -> impl Iterator<Item = EmailAddress> + '_ {
    line.split(|c| !is_part(c)).filter(|word| word.contains('@')).filter_map(parse)
}

/// The addresses, each once, at most `most`.
pub(in crate::mail::report) fn unique(addresses: impl Iterator<Item = EmailAddress>, most: usize) -> Vec<EmailAddress> {
    let mut found = Vec::new();
    for address in addresses {
        if found.len() < most && !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// An address with the punctuation of its sentence, or a routed one (`@relay:a@b.org`, RFC 5321 appendix C).
pub(in crate::mail::report) fn parse(text: &str) -> Option<EmailAddress> {
    let bare = text.trim().trim_matches(|c: char| "<>\"'.,;:()[]`*/=".contains(c) || c.is_whitespace());
    EmailAddress::parse(bare).ok()
}

/// The address after the type of a DSN field: `rfc822; <a@b.org>`.
pub(in crate::mail::report) fn typed(value: &str) -> Option<EmailAddress> {
    let text = value.split_once(';').map_or(value, |(_, text)| text);
    let text = text.split_once('(').map_or(text, |(text, _)| text).trim();
    parse(text).or_else(|| addresses(text).next())
}

/// The address that a line begins with, as lists of failed recipients have it.
pub(in crate::mail::report) fn leading(line: &str) -> Option<EmailAddress> {
    const BEFORE: &[&str] = &[
        "rcpt to:",
        "recipient:",
        "to:",
        "rfc822;",
        "final-recipient:",
        "could not be delivered to:",
        "unable to deliver message to:",
        "error delivering your mail to",
        "undeliverable to",
    ];
    let mut rest = line.trim_start_matches(|c: char| c.is_whitespace() || "<>*\"'[(-=".contains(c));
    // `554 <a@b.org>... Host unknown`, `550 5.1.1 <a@b.org>...`
    let is_code = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    while let Some(after) = rest.split_once(' ').and_then(|(first, after)| is_code(first).then_some(after)) {
        rest = after.trim_start();
    }
    let lower = rest.to_ascii_lowercase();
    if let Some(before) = BEFORE.iter().find(|before| lower.starts_with(**before)) {
        rest = &rest[before.len()..];
    }
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "<\"'".contains(c));
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    rest[..end].contains('@').then(|| parse(&rest[..end])).flatten()
}

/// The words of a text: lower case, blanks joined, without addresses, links and host names. Codes stay.
pub(in crate::mail::report) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let lower = text.to_lowercase();
    for word in lower.split_whitespace() {
        let bare = word.trim_matches(|c: char| "<>\"'.,;:()[]".contains(c));
        if word.contains('@') || word.contains("://") || bare.starts_with("www.") || is_host(bare) {
            // What stands before and after is no sentence across it.
            words.push_str("… ");
            continue;
        }
        words.push_str(word);
        words.push(' ');
    }
    words
}

/// `mx.example.org`, `mx.example.org[192.0.2.1]`, `192.0.2.1`; not `5.1.1` and not `recipient.recipnotfound`, which has no known end.
fn is_host(word: &str) -> bool {
    let name = word.split_once('[').map_or(word, |(name, _)| name);
    let mut labels = name.split('.');
    let plain = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let count = name.split('.').count();
    let last = name.rsplit('.').next().unwrap_or_default();
    labels.all(plain)
        && ((count >= 2 && (2..=4).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_alphabetic()))
            || (count == 4 && name.bytes().all(|b| b.is_ascii_digit() || b == b'.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: Option<EmailAddress>) -> Option<String> {
        address.map(|address| address.as_str().to_owned())
    }

    #[test]
    fn an_address_that_a_line_begins_with_is_found_in_every_dress() {
        for line in [
            "a@b.org",
            "  <a@b.org>:",
            "\"a@b.org\":",
            "a@b.org: 550 5.1.1 unknown",
            "554 <a@b.org>... Host unknown",
            "550 5.1.1 <a@b.org>... User unknown",
            "   * a@b.org",
            ">>> RCPT To:<a@b.org>",
            "    Recipient: <a@b.org>",
            ">>> a@b.org <a@b.org>",
            "a@b.org<mailto:a@b.org>",
            "[a@b.org]",
        ] {
            assert_eq!(shown(leading(line)).as_deref(), Some("a@b.org"), "{line}");
        }
        for line in ["", "host mx.b.org said: <a@b.org> unknown", "@", "----", "550 5.1.1", "Return-Path: x"] {
            assert_eq!(shown(leading(line)), None, "{line}");
        }
    }

    #[test]
    fn the_address_of_a_field_has_a_type_and_perhaps_a_route() {
        assert_eq!(shown(typed(" rfc822; <a@b.org>")).as_deref(), Some("a@b.org"));
        assert_eq!(shown(typed("RFC822;a@b.org (somebody)")).as_deref(), Some("a@b.org"));
        assert_eq!(shown(typed("rfc822;@relay.example.net:kijitora@server")), None);
        assert_eq!(shown(typed("a@b.org")).as_deref(), Some("a@b.org"));
    }

    #[test]
    fn codes_stay_words_and_hosts_do_not() {
        assert_eq!(words("550 5.1.1 mx.spam.org said NO"), "550 5.1.1 … said no ");
        assert_eq!(words("RESOLVER.ADR.RecipNotFound; gone").trim(), "resolver.adr.recipnotfound; gone");
    }
}
