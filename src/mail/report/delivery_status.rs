//! Delivery reports (RFC 3464, RFC 6533): the fields decide, and where they say too little, the words before them.

use crate::domain::email::EmailAddress;
use crate::domain::line::one_line;
use crate::domain::report::{Report, ReportKind, StatusCode};
use crate::mail::reply::cleaned;
use crate::mail::report::address::{addresses, typed};
use crate::mail::report::field::{Group, groups};
use crate::mail::report::judge::{Action, judge, status_in};
use crate::mail::report::notice::about;
use crate::mail::report::parts::Parts;
use crate::mail::report::phrase::meanings;

/// Longest diagnostic looked at, in characters.
const MAX_DIAGNOSTIC: usize = 1_000;

pub(in crate::mail::report) fn read(parts: &Parts<'_>) -> Option<Vec<Report>> {
    let mut found: Vec<Group> = parts.delivery_status().iter().flat_map(|text| groups(text)).filter(is_recipient).collect();
    if found.is_empty() {
        // Some mailers write the fields into the text.
        found = groups(&parts.text)
            .into_iter()
            .filter(|group| is_recipient(group) && group.get("action").or(group.get("status")).is_some())
            .collect();
    }
    let mut reports: Vec<Report> = Vec::new();
    let alone = found.len() == 1;
    for group in &found {
        let report = report(group, parts, alone);
        match reports.iter_mut().find(|known| known.recipient == report.recipient) {
            Some(known) if known.kind != ReportKind::Hard && report.kind == ReportKind::Hard => *known = report,
            Some(_) => {}
            None => reports.push(report),
        }
    }
    (!reports.is_empty()).then_some(reports)
}

fn is_recipient(group: &Group) -> bool {
    group.get("final-recipient").is_some() || (group.get("original-recipient").is_some() && group.get("action").is_some())
}

fn report(group: &Group, parts: &Parts<'_>, alone: bool) -> Report {
    let address = |name: &str| group.get(name).and_then(typed);
    let (last, first) = (address("final-recipient"), address("original-recipient"));
    let recipient = last.or_else(|| first.clone()).or_else(|| only_address(&parts.text, alone));
    let action = group.get("action").map_or(Action::Failed, Action::parse);
    let field = group.get("status").and_then(status_in).or_else(|| group.get("status").and_then(done_status));
    let diagnostic =
        group.get("diagnostic-code").map(|value| value.split_once(';').map_or(value, |(_, text)| text).trim()).unwrap_or_default();
    let diagnostic = one_line(diagnostic, MAX_DIAGNOSTIC);
    let status_words = group.get("status").unwrap_or_default();
    let tells = |text: &str| meanings(text).says_why() || status_in(text).is_some_and(StatusCode::is_telling);
    let words = match recipient.as_ref().filter(|_| !tells(&diagnostic)) {
        Some(recipient) => {
            let around = if alone { parts.text.clone() } else { about(&parts.text, recipient) };
            format!("{diagnostic} {status_words} {around}")
        }
        None => diagnostic.clone(),
    };
    // The words around a bare code may tell more than it, but a telling status of the field outweighs them.
    let judged =
        judge(action, field, if field.is_some_and(StatusCode::is_telling) && !meanings(&words).says_why() { &diagnostic } else { &words });
    let shown = if diagnostic.is_empty() { status_words } else { diagnostic.as_str() };
    Report {
        kind: judged.kind,
        blame: judged.blame,
        original_recipient: first.filter(|first| Some(first) != recipient.as_ref()),
        recipient,
        status: judged.status,
        diagnostic: cleaned(shown),
        is_delay: judged.is_delay,
        is_opt_out: false,
    }
}

fn done_status(value: &str) -> Option<StatusCode> {
    StatusCode::parse(value.split_whitespace().next()?)
}

fn only_address(text: &str, alone: bool) -> Option<EmailAddress> {
    alone.then(|| addresses(text).next()).flatten()
}
