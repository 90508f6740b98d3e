//! From the bytes of a mail to what it says.

use crate::domain::delivery::Refusal;
use crate::domain::email::EmailAddress;
use crate::domain::report::Report;
use crate::mail::report::judge::{Action, judge};
use crate::mail::report::parts::Parts;
use crate::mail::report::{answer, delivery_status, feedback, notice, topic};

/// The bytes are no mail: none of the fields of RFC 5322 begins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no mail: it begins with none of From, To, Subject, Date, Received")]
pub struct NoMail;

/// Reads one raw mail: a report for each recipient it speaks of, at least one.
///
/// # Errors
/// [`NoMail`]. Whatever else is in the mail, it is read as far as it can be and never refused.
pub fn read(mail: &[u8]) -> Result<Vec<Report>, NoMail> {
    let parts = Parts::of(mail).ok_or(NoMail)?;
    let read = feedback::read(&parts)
        .or_else(|| topic::read(&parts))
        .or_else(|| delivery_status::read(&parts))
        .or_else(|| answer::read(&parts))
        .or_else(|| notice::read(&parts));
    Ok(read.unwrap_or_else(|| vec![answer::other()]))
}

/// What a refusal in the dialogue with the relay says of the recipient, in the words of a report.
#[must_use]
pub fn of_refusal(refusal: &Refusal, recipient: &EmailAddress) -> Report {
    let code = refusal.code.map(|code| format!("{code} ")).unwrap_or_default();
    let judged = judge(Action::Failed, None, &format!("{code}{}", refusal.text));
    let recipient = Some(recipient.clone());
    let diagnostic = format!("{code}{}", refusal.text);
    Report { kind: judged.kind, blame: judged.blame, recipient, status: judged.status, diagnostic, ..answer::other() }
}
