//! Feedback reports (ARF, RFC 5965; RFC 6591 for authentication), and complaints of those who send them without one.

use crate::domain::delivery::Blame;
use crate::domain::email::EmailAddress;
use crate::domain::report::{Report, ReportKind};
use crate::mail::reply::cleaned;
use crate::mail::report::address::{addresses, parse, unique};
use crate::mail::report::answer::other;
use crate::mail::report::field::{Group, groups};
use crate::mail::report::parts::Parts;

/// How Hotmail begins the subject of a complaint, which has a copy of the letter and no report.
const HOTMAIL: &str = "complaint about message from";

/// Recipients read of one report.
const MAX_RECIPIENTS: usize = 100;

pub(in crate::mail::report) fn read(parts: &Parts<'_>) -> Option<Vec<Report>> {
    let report = parts.of_type("message", "feedback-report").iter().flat_map(|text| groups(text)).next();
    let kind = match &report {
        Some(group) => kind(group.get("feedback-type").unwrap_or("abuse")),
        None if parts.has_message() && parts.subject().trim().to_ascii_lowercase().starts_with(HOTMAIL) => ReportKind::Complaint,
        None => return None,
    };
    let group = report.unwrap_or_default();
    let diagnostic = cleaned(&group.get("feedback-type").unwrap_or("abuse").to_ascii_lowercase());
    let about = |recipient| Report { kind, blame: Blame::Recipient, recipient, diagnostic: diagnostic.clone(), ..other() };
    let recipients = recipients(&group, parts);
    Some(if recipients.is_empty() { vec![about(None)] } else { recipients.into_iter().map(|address| about(Some(address))).collect() })
}

/// Whoever presses "not spam", and whoever reports on DKIM or DMARC, complains of nothing.
fn kind(feedback_type: &str) -> ReportKind {
    match feedback_type.trim().to_ascii_lowercase().as_str() {
        "auth-failure" | "not-spam" | "dmarc" | "dkim" => ReportKind::Other,
        _ => ReportKind::Complaint,
    }
}

/// The reporter's own words first, then the letter's To.
fn recipients(group: &Group, parts: &Parts<'_>) -> Vec<EmailAddress> {
    const NAMED: &[&str] = &["original-rcpt-to", "removal-recipient", "final-recipient"];
    const IN_COPY: &[&str] = &["x-hmxmroriginalrecipient", "to"];
    let mut found = unique(NAMED.iter().flat_map(|name| group.all(name)).filter_map(parse), MAX_RECIPIENTS);
    if found.is_empty() {
        let original = parts.original();
        let first = original.as_ref().and_then(|original| IN_COPY.iter().find_map(|name| addresses(original.get(name)?).next()));
        found.extend(first);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::domain::report::ReportKind;
    use crate::mail::report::read;

    #[test]
    fn what_a_complaint_calls_itself_is_kept_as_one_line_without_addresses() {
        let mail = "From: <>\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n\n--b\n\
            Content-Type: message/feedback-report\n\nFeedback-Type: Abuse\0\r\r by asha@example.org\nOriginal-Rcpt-To: asha@example.org\n\n--b--\n";
        let reports = read(mail.as_bytes()).unwrap();
        let told: Vec<_> = reports.iter().map(|report| (report.kind, report.diagnostic.as_str())).collect();
        assert_eq!(told, [(ReportKind::Complaint, "abuse by <address>")]);
    }
}
