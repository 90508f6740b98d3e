//! What came back for a letter: the report of a mail server, a complaint, an answer of a robot.

use crate::domain::delivery::Blame;
use crate::domain::email::EmailAddress;
use crate::domain::word::words;

words! {
    /// What a mail that came back means for an address.
    ReportKind, "report kind" {
        /// The mailbox or its domain does not exist: the address is never mailed again.
        Hard = "hard", "gone";
        /// This letter failed or is late.
        Soft = "soft", "failed this time";
        /// The reader called it spam, or asked its mail program to end it.
        Complaint = "complaint", "complained";
        /// A person's or a robot's answer.
        AutoReply = "auto-reply", "an automatic answer";
        /// A success notice, a report on authentication, an ordinary mail.
        Other = "other", "nothing of the kind";
    }
}

words! {
    /// What a mail that came back changed.
    ReturnEffect, "effect" {
        /// Nothing.
        None = "none", "nothing";
        /// Counted against the address.
        Counted = "counted", "counted";
        /// The subscriber was paused.
        Paused = "paused", "paused";
        /// The address is never mailed again.
        Suppressed = "suppressed", "suppressed";
        /// The alert was ended, as the person asked.
        Unsubscribed = "unsubscribed", "unsubscribed";
    }
}

/// An enhanced status code (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusCode {
    /// 2 well, 4 not now, 5 never.
    pub class: u16,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail.
    pub detail: u16,
}

impl StatusCode {
    /// Parses `5.1.1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| (1..=3).contains(&part.len()).then(|| part.parse::<u16>().ok()).flatten());
        let code = Self { class: parts.next()??, subject: parts.next()??, detail: parts.next()?? };
        (parts.next().is_none() && matches!(code.class, 2 | 4 | 5)).then_some(code)
    }

    /// Whether it says more than its class.
    #[must_use]
    pub fn is_telling(self) -> bool {
        self.subject != 0
    }
}

impl std::fmt::Display for StatusCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What one mail that came back says of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it means.
    pub kind: ReportKind,
    /// Where the fault lies.
    pub blame: Blame,
    /// Whom it is about, as the mail server wrote it last; none where the mail names nobody.
    pub recipient: Option<EmailAddress>,
    /// To whom the letter was first sent (RFC 3461 ORCPT), where that is another address.
    pub original_recipient: Option<EmailAddress>,
    /// The code, where the mail has one.
    pub status: Option<StatusCode>,
    /// The mail server's words on one line, without addresses.
    pub diagnostic: String,
    /// Whether it only says that the letter is late.
    pub is_delay: bool,
    /// Whether it asks to end the alert (the mailto of List-Unsubscribe) and complains of nothing.
    pub is_opt_out: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_code_has_three_numbers_and_a_class() {
        assert_eq!(StatusCode::parse("5.1.10").map(|code| code.to_string()).as_deref(), Some("5.1.10"));
        for bad in ["", "5", "5.1", "5.1.1.1", "3.1.1", "5..1", "5.1.x", "5.1.1111", "RO"] {
            assert_eq!(StatusCode::parse(bad), None, "{bad}");
        }
    }
}
