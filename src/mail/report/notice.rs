//! Reports in free text, as hundreds of mailers write them: who is meant stands at the beginning of a line, and why stands behind it.

use crate::domain::delivery::Blame;
use crate::domain::email::EmailAddress;
use crate::domain::report::{Report, ReportKind};
use crate::mail::reply::cleaned;
use crate::mail::report::address::{addresses, leading, unique};
use crate::mail::report::answer::is_of_a_server;
use crate::mail::report::judge::{Action, Judgement, judge};
use crate::mail::report::parts::Parts;
use crate::mail::report::phrase::{Meaning, meanings};

/// Recipients read of one notice.
const MAX_RECIPIENTS: usize = 100;
/// Words before an address that make it that of the sender or of somebody to ask.
const OTHERS: &[&str] =
    &["mail from", "from:", "envelope-from", "sent by", "sender:", "sender ", "contact", "please send", "reply-to", "return-path", "f=["];

pub(in crate::mail::report) fn read(parts: &Parts<'_>) -> Option<Vec<Report>> {
    if !is_notice(parts) {
        return None;
    }
    let text = unquoted(&parts.text);
    let recipients = recipients(parts, &text);
    let alone = recipients.len() <= 1;
    let subject = parts.subject();
    let report = |recipient: Option<EmailAddress>| {
        let words = match &recipient {
            Some(recipient) if !alone => about(&text, recipient),
            _ => text.clone(),
        };
        let said = words_that_tell(&words);
        let judged = judged(&said, &words, subject, alone);
        Report {
            kind: judged.kind,
            blame: judged.blame,
            recipient,
            original_recipient: None,
            status: judged.status,
            diagnostic: cleaned(&said),
            is_delay: judged.is_delay,
            is_opt_out: false,
        }
    };
    Some(if recipients.is_empty() { vec![report(None)] } else { recipients.into_iter().map(|address| report(Some(address))).collect() })
}

/// By all the words together; where these say "late", a line that says "gone" outweighs them, for a transcript goes on about the next host.
fn judged(said: &str, words: &str, subject: &str, alone: bool) -> Judgement {
    let whole = judge(Action::Failed, None, words);
    if whole.is_delay || (alone && meanings(subject).has(Meaning::Delayed)) {
        return Judgement { is_delay: true, kind: ReportKind::Soft, ..whole };
    }
    let late = whole.kind == ReportKind::Soft && whole.blame == Blame::Relay;
    let hard = || said.lines().map(|line| judge(Action::Failed, None, line)).find(|line| line.kind == ReportKind::Hard);
    late.then(hard).flatten().unwrap_or(whole)
}

/// A mail server's name, an empty return path or a subject that says so, with words of a report; or such words right at the beginning.
fn is_notice(parts: &Parts<'_>) -> bool {
    const BEGINNING: usize = 700;
    let subject = meanings(parts.subject());
    let text = meanings(&parts.text);
    let says = subject.has(Meaning::Report) || text.has(Meaning::Report) || text.says_why();
    let from_server = is_of_a_server(parts)
        || parts.return_path().is_some_and(|path| path.is_empty())
        || subject.has(Meaning::Report)
        || parts.header("x-failed-recipients").is_some();
    let beginning = &parts.text[..parts.text.floor_char_boundary(BEGINNING)];
    (from_server && says) || meanings(beginning).has(Meaning::Report)
}

/// The text with the marks of quoting taken off, as a forwarded notice has them.
fn unquoted(text: &str) -> String {
    let quoted = text.lines().filter(|line| line.starts_with('>')).count();
    if quoted < 5 {
        return text.to_owned();
    }
    text.lines().map(|line| line.trim_start_matches(['>', ' '])).collect::<Vec<_>>().join("\n")
}

/// Who failed: the header made for it, lines that begin with an address, other addresses of the text, the letter's own To.
fn recipients(parts: &Parts<'_>, text: &str) -> Vec<EmailAddress> {
    let named = parts.header("x-failed-recipients").unwrap_or_default();
    let mut found = unique(addresses(&named), MAX_RECIPIENTS);
    if found.is_empty() {
        found = unique(text.lines().filter_map(leading), MAX_RECIPIENTS);
    }
    let ours = parts.own_to();
    let original: Vec<EmailAddress> =
        parts.original().and_then(|copy| copy.get("to").map(|to| addresses(to).collect())).unwrap_or_default();
    let strangers = |address: &EmailAddress| !ours.contains(address);
    if found.iter().any(strangers) {
        found.retain(strangers);
    }
    if found.is_empty() {
        found = text.lines().flat_map(named_in).filter(strangers).collect();
        found.dedup();
        match original.iter().find(|to| found.contains(to)) {
            Some(to) => found = vec![to.clone()],
            None => found.truncate(1),
        }
    }
    if found.is_empty() { original.into_iter().take(1).collect() } else { found }
}

/// The addresses of a line but those of the sender.
fn named_in(line: &str) -> Vec<EmailAddress> {
    let lower = line.to_ascii_lowercase();
    let sender = |address: &EmailAddress| {
        let at = lower.find(&address.key()).unwrap_or_default();
        OTHERS.iter().any(|word| lower[..at].rfind(word).is_some_and(|begin| at - begin - word.len() <= 12))
    };
    addresses(line).filter(|address| !sender(address)).collect()
}

/// The lines of a text about one recipient: each that names it, and what follows up to the next recipient or an empty line. A line of
/// a transcript, which begins with a reply code, stands for itself.
pub(in crate::mail::report) fn about(text: &str, recipient: &EmailAddress) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.lines() {
        let coded = line.len() > 4 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit) && line.as_bytes()[3] == b' ';
        match leading(line) {
            None if coded => inside = false,
            Some(address) => inside = address.key() == recipient.key(),
            None if line.trim().is_empty() => inside = false,
            None if !inside && addresses(line).any(|address| address.key() == recipient.key()) => inside = true,
            None => {}
        }
        if inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The lines that say why, else all of them.
fn words_that_tell(text: &str) -> String {
    let telling: Vec<&str> = text.lines().filter(|line| meanings(line).says_why()).map(str::trim).collect();
    if telling.is_empty() { text.trim().to_owned() } else { telling.join("\n") }
}
