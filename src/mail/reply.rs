//! What a relay's reply means for a letter.

use lettre::transport::smtp::Error;

use crate::domain::delivery::{Blame, Outcome, Refusal};
use crate::domain::line::one_line;

/// Longest reply kept, in characters.
const MAX_TEXT: usize = 300;

/// How far a letter had come when the reply arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Phase {
    /// Connection, greeting, TLS, AUTH: nothing of it concerns the letter.
    Hello,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA and the letter up to the final dot.
    Data,
    /// The final dot was, or may have been, sent.
    Dot,
}

/// The outcome of a step that failed: a reply decides by its code, a broken link by the phase.
pub(in crate::mail) fn outcome_of(error: &Error, phase: Phase) -> Outcome {
    let text = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match error.status().map(u16::from) {
        Some(code) => outcome_of_reply(code, &text, phase),
        None => broken(&error.to_string(), phase),
    }
}

/// The outcome of a link that broke, or of a step that took too long.
pub(in crate::mail) fn broken(what: &str, phase: Phase) -> Outcome {
    match phase {
        Phase::Dot => Outcome::Unknown(cleaned(what)),
        Phase::Mail | Phase::Rcpt | Phase::Data => Outcome::Later(Refusal { blame: Blame::Link, code: None, text: cleaned(what) }),
        Phase::Hello => Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: cleaned(what) }),
    }
}

/// The outcome of a 4xx or 5xx reply.
pub(in crate::mail) fn outcome_of_reply(code: u16, text: &str, phase: Phase) -> Outcome {
    // 53x: the relay does not let us in (RFC 4954 6), which no letter can help.
    let ours = phase == Phase::Hello || matches!(code, 421 | 530 | 534 | 535 | 538);
    let blame = if ours { Blame::Relay } else { blame(code, text, phase) };
    // A relay that lets nobody in has said nothing of the letter: its code stands in the words only.
    let refused_at_the_door = phase == Phase::Hello || matches!(code, 530 | 534 | 535 | 538);
    let (said, text) = if refused_at_the_door { (None, format!("{code} {text}")) } else { (Some(code), text.to_owned()) };
    let refusal = Refusal { blame, code: said, text: cleaned(&text) };
    if ours || code < 500 { Outcome::Later(refusal) } else { Outcome::Never(refusal) }
}

/// Where the fault lies, by the enhanced code (RFC 3463) where there is one, else by the basic code and the phase.
fn blame(code: u16, text: &str, phase: Phase) -> Blame {
    let says = |words: &[&str]| {
        let lower = text.to_ascii_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    match enhanced(text) {
        Some(parts) => blame_by_enhanced(parts, &says),
        None if says(&["no such", "not exist", "unknown user", "user unknown", "unknown recipient", "quota", "full"]) => Blame::Recipient,
        None if code < 500 && phase != Phase::Rcpt => Blame::Relay,
        None if code >= 500 && says(&["spam", "block", "policy", "authenticat", "relay", "denied", "reputation"]) => Blame::Sender,
        None if phase == Phase::Rcpt && matches!(code, 400..500 | 550 | 551 | 553) => Blame::Recipient,
        None => Blame::Sender,
    }
}

fn blame_by_enhanced(parts: (u16, u16, u16), says: &dyn Fn(&[&str]) -> bool) -> Blame {
    match parts {
        // 5.1.7 and 5.1.8 are about the sender's own address.
        (_, 1, 7 | 8) => Blame::Sender,
        // Exchange Online Protection says 5.4.1 for a mailbox it does not know.
        (_, 1 | 2, _) | (5, 4, 1 | 4) => Blame::Recipient,
        // Outlook.com says 5.5.0 for a mailbox that is gone.
        (5, 5, 0) if says(&["mailbox unavailable"]) => Blame::Recipient,
        (4, 3 | 4, _) => Blame::Relay,
        _ => Blame::Sender,
    }
}

/// The class, subject and detail of an enhanced status code at the start of a reply.
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = text.split_whitespace().next()?.split('.').map(|part| part.parse::<u16>().ok());
    let code = (numbers.next()??, numbers.next()??, numbers.next()??);
    (numbers.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

/// One bounded line in which no address stands, so that it may be logged and kept.
pub(in crate::mail) fn cleaned(text: &str) -> String {
    let line = one_line(text, MAX_TEXT * 2);
    let words: Vec<&str> = line.split(' ').map(|word| if word.contains('@') { "<address>" } else { word }).collect();
    one_line(&words.join(" "), MAX_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(outcome: Outcome) -> (&'static str, Blame) {
        match outcome {
            Outcome::Later(refusal) => ("later", refusal.blame),
            Outcome::Never(refusal) => ("never", refusal.blame),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_reply_says_when_and_whose_fault_it_is() {
        use Blame::{Recipient, Relay, Sender};
        for (code, text, phase, when, blame) in [
            (550, "5.1.1 <a@b.org>: Recipient address rejected: User unknown", Phase::Rcpt, "never", Recipient),
            (550, "No such user here", Phase::Rcpt, "never", Recipient),
            (550, "Requested action not taken", Phase::Rcpt, "never", Recipient),
            (550, "5.4.1 Recipient address rejected: Access denied", Phase::Rcpt, "never", Recipient),
            (550, "5.5.0 Requested action not taken: mailbox unavailable", Phase::Rcpt, "never", Recipient),
            (554, "delivery error: This user does not exist", Phase::Dot, "never", Recipient),
            (552, "5.2.2 The email account is over quota", Phase::Rcpt, "never", Recipient),
            (550, "5.7.1 This message is likely unsolicited mail", Phase::Dot, "never", Sender),
            (550, "5.7.26 unauthenticated", Phase::Dot, "never", Sender),
            (550, "Relaying denied", Phase::Rcpt, "never", Sender),
            (550, "blocked using a reputation list", Phase::Rcpt, "never", Sender),
            (552, "5.3.4 message size exceeds limit", Phase::Mail, "never", Sender),
            (553, "5.1.8 Sender address rejected: domain not found", Phase::Mail, "never", Sender),
            (554, "5.6.0 malformed", Phase::Dot, "never", Sender),
            (550, "Message content rejected", Phase::Dot, "never", Sender),
            (450, "4.2.1 mailbox busy", Phase::Rcpt, "later", Recipient),
            (450, "try again", Phase::Rcpt, "later", Recipient),
            (451, "4.7.1 greylisted, try again in 5 minutes", Phase::Rcpt, "later", Sender),
            (452, "4.3.1 insufficient storage", Phase::Mail, "later", Relay),
            (451, "local error", Phase::Dot, "later", Relay),
            (421, "closing", Phase::Rcpt, "later", Relay),
            (530, "5.7.0 authentication required", Phase::Mail, "later", Relay),
            (554, "no service here", Phase::Hello, "later", Relay),
        ] {
            assert_eq!(refusal(outcome_of_reply(code, text, phase)), (when, blame), "{code} {text}");
        }
    }

    #[test]
    fn a_broken_link_is_unknown_only_after_the_dot() {
        assert_eq!(refusal(broken("reset", Phase::Hello)), ("later", Blame::Relay));
        for phase in [Phase::Mail, Phase::Rcpt, Phase::Data] {
            assert_eq!(refusal(broken("reset", phase)), ("later", Blame::Link));
        }
        assert_eq!(broken("reset", Phase::Dot), Outcome::Unknown("reset".into()));
    }

    #[test]
    fn what_is_kept_of_a_reply_has_no_address_and_no_control_characters() {
        let kept = cleaned("5.1.1 <asha@example.org>:\r\n\u{1b}[31m gone x@y");
        assert_eq!(kept, "5.1.1 <address> [31m gone <address>");
        assert_eq!(cleaned(&"x".repeat(5_000)).chars().count(), MAX_TEXT);
    }
}
