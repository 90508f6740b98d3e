//! What a refusal means for an address, by phrases, then by enhanced status codes (RFC 3463), then by reply class.
//!
//! A phrase outweighs a code, because mailers put codes of their own before those of the other side. Whatever could be our own
//! fault, or could pass, is never called hard: an address that is suppressed wrongly is lost, one more letter is not.

use crate::domain::delivery::Blame;
use crate::domain::report::{ReportKind, StatusCode};
use crate::mail::report::phrase::{Meaning, meanings};

/// The Action of a delivery report (RFC 3464 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail::report) enum Action {
    Failed,
    Delayed,
    /// Delivered, relayed or expanded.
    Done,
}

impl Action {
    pub(in crate::mail::report) fn parse(value: &str) -> Self {
        let word = value.trim().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        match word.to_ascii_lowercase().as_str() {
            "delayed" => Self::Delayed,
            "delivered" | "relayed" | "expanded" => Self::Done,
            _ => Self::Failed,
        }
    }
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail::report) struct Judgement {
    pub kind: ReportKind,
    pub blame: Blame,
    pub status: Option<StatusCode>,
    pub is_delay: bool,
}

/// Judges the words about one recipient; `field` is the Status of a report's field.
pub(in crate::mail::report) fn judge(action: Action, field: Option<StatusCode>, text: &str) -> Judgement {
    let said = status_in(text);
    let status = said.filter(|code| code.is_telling()).or(field.filter(|code| code.is_telling())).or(said).or(field);
    let verdict = |kind, blame| Judgement { kind, blame, status, is_delay: false };
    if action == Action::Done {
        return verdict(ReportKind::Other, Blame::Relay);
    }
    let found = meanings(text);
    if action == Action::Delayed || found.has(Meaning::Delayed) {
        return Judgement {
            is_delay: true,
            ..verdict(ReportKind::Soft, if found.has(Meaning::Full) { Blame::Recipient } else { Blame::Relay })
        };
    }
    let by_code = status.map(by_status);
    if found.has(Meaning::Full) {
        return verdict(ReportKind::Soft, Blame::Recipient);
    }
    let class = status.map(|code| code.class).or_else(|| reply_in(text).map(|code| code / 100));
    let named = found.has(Meaning::Unknown) || found.has(Meaning::Host);
    let (kind, blame) = if class == Some(4) {
        (
            ReportKind::Soft,
            if found.has(Meaning::Sender) || matches!(by_code, Some((_, Blame::Sender))) { Blame::Sender } else { Blame::Relay },
        )
    } else if is_edge_refusal(status, text) || (named && matches!(by_code, Some((ReportKind::Hard, _)))) {
        (ReportKind::Hard, Blame::Recipient)
    } else if found.has(Meaning::Late) {
        (ReportKind::Soft, Blame::Relay)
    } else if found.has(Meaning::Sender) {
        (ReportKind::Soft, Blame::Sender)
    } else if named {
        (ReportKind::Hard, Blame::Recipient)
    } else if let Some(verdict) = by_code {
        verdict
    } else if found.has(Meaning::Disabled) {
        (ReportKind::Soft, Blame::Recipient)
    } else {
        (ReportKind::Soft, Blame::Sender)
    };
    verdict(kind, blame)
}

/// Exchange Online says 5.4.1 with these words for a mailbox that its directory does not have.
fn is_edge_refusal(status: Option<StatusCode>, text: &str) -> bool {
    let edge = StatusCode { class: 5, subject: 4, detail: 1 };
    status == Some(edge) && text.to_ascii_lowercase().contains("recipient address rejected")
}

/// What an enhanced status code means where the words say nothing (RFC 3463 3, RFC 7505, RFC 7372).
fn by_status(code: StatusCode) -> (ReportKind, Blame) {
    use ReportKind::{Hard, Soft};
    match (code.class, code.subject, code.detail) {
        (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 4, 4) => (Hard, Blame::Recipient),
        (5, 1, 7..=9) | (_, 3, 4) | (_, 6 | 7, _) => (Soft, Blame::Sender),
        (5, 2, _) => (Soft, Blame::Recipient),
        (4, ..) | (_, 3 | 4, _) => (Soft, Blame::Relay),
        _ => (Soft, Blame::Sender),
    }
}

/// The last enhanced status code in a text that says something, else the last one.
pub(in crate::mail::report) fn status_in(text: &str) -> Option<StatusCode> {
    let codes = || text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|word| word.trim_matches('.')).filter_map(StatusCode::parse);
    let refusals = || codes().filter(|code| code.class != 2);
    refusals().rfind(|code| code.is_telling()).or_else(|| refusals().next_back())
}

/// The first basic reply code of a refusal in a text: three digits with a blank or hyphen after them.
pub(in crate::mail::report) fn reply_in(text: &str) -> Option<u16> {
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let opens = before.is_whitespace() || "'\"[(<:;-".contains(before);
        let whole = digits == 3 && opens && rest[3..].chars().next().is_none_or(|after| " -:".contains(after));
        if let Some(code) = rest[..digits].parse().ok().filter(|code| whole && (400..560).contains(code)) {
            return Some(code);
        }
        let step = digits.max(c.len_utf8());
        before = if digits > 0 { '0' } else { c };
        rest = &rest[step..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> (ReportKind, Blame) {
        let judged = judge(Action::Failed, None, text);
        (judged.kind, judged.blame)
    }

    #[test]
    fn a_refusal_is_judged_by_what_it_says_of_the_mailbox() {
        use ReportKind::{Hard, Soft};
        for (text, expected, blame) in [
            ("550 5.1.1 <a@b.org>: Recipient address rejected: User unknown", Hard, Blame::Recipient),
            ("554 delivery error: dd This user doesn't have a yahoo.com account", Hard, Blame::Recipient),
            ("553 5.7.1 Invalid recipient a@b.org", Hard, Blame::Recipient),
            ("550 5.4.1 [a@b.org]: Recipient address rejected: Access denied", Hard, Blame::Recipient),
            ("550 5.5.0 Requested action not taken: mailbox unavailable", Hard, Blame::Recipient),
            ("550 5.4.4 Invalid domain", Hard, Blame::Recipient),
            ("552 5.1.1 mailbox is over quota", Soft, Blame::Recipient),
            ("550 5.2.1 mailbox disabled", Soft, Blame::Recipient),
            ("450 4.1.1 User unknown", Soft, Blame::Relay),
            ("Host not found, try again", Soft, Blame::Relay),
            ("554 4.4.7 Message expired <421 4.4.2 Connection timed out>", Soft, Blame::Relay),
            ("550 5.7.26 unauthenticated, SPF and DKIM fail", Soft, Blame::Sender),
            ("553 5.1.3 http://www.spamhaus.org/query/bl?ip=192.0.2.1", Soft, Blame::Sender),
            ("550 5.1.0 <x@y.org> sender rejected", Soft, Blame::Sender),
            ("552 5.3.4 message size exceeds limit", Soft, Blame::Sender),
            ("550 Rejected", Soft, Blame::Sender),
        ] {
            assert_eq!(kind(text), (expected, blame), "{text}");
        }
    }

    #[test]
    fn a_delay_is_never_more_than_late() {
        let judged = judge(Action::Delayed, None, "550 5.1.1 User unknown");
        assert_eq!((judged.kind, judged.is_delay), (ReportKind::Soft, true));
        assert_eq!(judge(Action::parse(" relayed (to non-DSN-aware mailer)"), None, "").kind, ReportKind::Other);
    }

    #[test]
    fn the_most_telling_code_counts_and_addresses_of_machines_are_none() {
        assert_eq!(status_in("5.1.0 - Unknown address error 550-'5.2.2 full'").map(|code| code.to_string()).as_deref(), Some("5.2.2"));
        assert_eq!(status_in("host 5.1.1.7 said 5.0.0").map(|code| code.to_string()).as_deref(), Some("5.0.0"));
        assert_eq!(reply_in("said: 550 no"), Some(550));
        assert_eq!(reply_in("over 5500 mails, [416] ERROR_CODE :421, x"), None);
        assert_eq!(reply_in("ERROR_CODE :552 y"), Some(552));
    }
}
