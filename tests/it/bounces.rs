//! What comes back, held against 219 real messages of many mailers, and against messages of our own.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use std::collections::BTreeMap;

use rolecall::domain::{EmailAddress, Report};
use rolecall::mail::report::read;

use crate::support::{recorded_data, say, skipped};

/// One line of the index.
struct Known {
    file: String,
    classes: Vec<String>,
    recipients: Vec<String>,
    bytes: Vec<u8>,
}

impl Known {
    /// The class of each recipient; one class may stand for all.
    fn class_of(&self, at: usize) -> &str {
        self.classes.get(at).or(self.classes.last()).map_or("other", String::as_str)
    }
}

fn collection() -> Option<Vec<Known>> {
    let Some(folder) = recorded_data().map(|data| data.join("bounces")).filter(|folder| folder.is_dir()) else {
        skipped("recorded bounces", "ROLECALL_TEST_DATA has no folder bounces");
        return None;
    };
    let index = std::fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let rows = index.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let file = cells.get(1).filter(|file| std::path::Path::new(file).extension().is_some_and(|ending| ending == "eml"))?;
        let words = |cell: &str| cell.split_whitespace().filter(|word| *word != "-").map(str::to_owned).collect();
        let bytes = std::fs::read(folder.join(file)).unwrap();
        Some(Known { file: (*file).to_owned(), classes: words(cells[2]), recipients: words(cells[3]), bytes })
    });
    Some(rows.collect())
}

/// Reports by recipient; a mail of one recipient is that recipient's, whatever it is called.
fn report_for<'a>(reports: &'a [Report], known: &Known, recipient: &str) -> Option<&'a Report> {
    let named = |report: &&Report| report.recipient.as_ref().is_some_and(|address| address.as_str().eq_ignore_ascii_case(recipient));
    reports.iter().find(named).or_else(|| (known.recipients.len() == 1).then(|| reports.first()).flatten())
}

#[test]
fn real_reports_are_read_by_class_and_recipient_and_no_soft_one_is_called_hard() {
    let Some(all) = collection() else { return };
    let (mut right, mut wrong, mut false_hard, mut found, mut missed) = (0, Vec::new(), Vec::new(), 0, Vec::new());
    for known in &all {
        let reports = read(&known.bytes).unwrap_or_default();
        let count = known.recipients.len().max(1);
        let mut classes_right = true;
        for at in 0..count {
            let recipient = known.recipients.get(at).map_or("", String::as_str);
            let report = report_for(&reports, known, recipient).or_else(|| reports.first().filter(|_| recipient.is_empty()));
            let kind = report.map_or("none", |report| report.kind.as_str());
            if kind != known.class_of(at) {
                classes_right = false;
                wrong.push(format!(
                    "{}: {recipient} {} read as {kind}: {}",
                    known.file,
                    known.class_of(at),
                    report.map_or("", |report| &report.diagnostic)
                ));
            }
            if kind == "hard" && known.class_of(at) != "hard" {
                false_hard.push(known.file.clone());
            }
            if !recipient.is_empty() {
                let named = reports
                    .iter()
                    .filter_map(|report| report.recipient.as_ref())
                    .any(|address| address.as_str().eq_ignore_ascii_case(recipient));
                if named {
                    found += 1;
                } else {
                    missed.push(format!(
                        "{}: {recipient}, got {:?}",
                        known.file,
                        reports
                            .iter()
                            .map(|report| report.recipient.as_ref().map(|address| address.as_str().to_owned()))
                            .collect::<Vec<_>>()
                    ));
                }
            }
        }
        right += usize::from(classes_right);
    }
    say(&format!("class right: {right} of {}; false hard: {false_hard:?}; recipients: {found} of {}", all.len(), found + missed.len()));
    if std::env::var_os("ROLECALL_VERBOSE").is_some() {
        say(&format!("wrong:\n  {}\nmissed:\n  {}", wrong.join("\n  "), missed.join("\n  ")));
    }
    assert_eq!(false_hard, Vec::<String>::new());
    assert!(right * 100 >= all.len() * 97, "class right: {right} of {}", all.len());
    assert!(found * 100 >= (found + missed.len()) * 97, "recipients: {found} of {}", found + missed.len());
}

/// A notice in free text, as a mail server would send it.
fn notice(text: &str) -> Vec<u8> {
    format!("Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nTo: bounces@example.org\nSubject: Undeliverable mail\n\n{text}\n").into_bytes()
}

#[test]
fn notices_of_no_known_form_are_read_by_their_words() {
    for (text, kind) in [
        ("Die E-Mail an asha@example.com konnte nicht zugestellt werden: Empfänger unbekannt", "hard"),
        ("Votre message pour asha@example.com : 550 5.1.1 Utilisateur inconnu", "hard"),
        ("Delivery to asha@example.com failed.\n550 #5.1.0 Address rejected asha@example.com", "soft"),
        ("asha@example.com\n  Skrzynka jest pełna", "soft"),
        ("Сообщение для <asha@example.com> не доставлено: почтовый ящик переполнен", "soft"),
        ("<asha@example.com>: 宛先が存在しません", "hard"),
        (
            "<asha@example.com>: host mx.example.com[192.0.2.1] said: 550 5.7.1 Service unavailable, Client host blocked using Spamhaus",
            "soft",
        ),
        ("Your message to asha@example.com has been delayed. No action is required; we will keep trying. 550 5.1.1 unknown user", "soft"),
        ("<asha@example.com>: 450 4.1.1 User unknown in local recipient table", "soft"),
        ("<asha@example.com>: Host or domain name not found. Name service error, try again", "soft"),
        ("<asha@example.com>: 550 5.2.1 The email account that you tried to reach is disabled", "soft"),
        ("<asha@example.com>: 554 5.4.14 Hop count exceeded - possible mail loop", "soft"),
    ] {
        let reports = read(&notice(text)).unwrap();
        let found: Vec<(&str, Option<&str>)> =
            reports.iter().map(|report| (report.kind.as_str(), report.recipient.as_ref().map(EmailAddress::as_str))).collect();
        assert_eq!(found, [(kind, Some("asha@example.com"))], "{text}");
    }
}

#[test]
fn a_code_in_the_head_of_a_mail_or_a_signed_result_in_it_changes_nothing() {
    let mail = String::from_utf8(notice("<asha@example.com>: 552 5.2.2 mailbox full")).unwrap();
    let forged =
        format!("Status: RO\nX-Status: 5.1.1\nAuthentication-Results: ours.example; dkim=fail reason=\"550 5.1.1 user unknown\"\n{mail}");
    assert_eq!(read(forged.as_bytes()).unwrap()[0].kind.as_str(), "soft");
}

/// RFC 6533: fields in UTF-8, and addresses that no older mail server can write.
#[test]
fn a_report_in_the_form_for_international_addresses_is_read_like_any_other() {
    let report = |recipient: &str| {
        format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nTo: bounces@example.org\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=global-delivery-status; boundary=b\n\n--b\n\
             Content-Type: text/plain; charset=utf-8\n\nनहीं पहुँचा\n\n--b\nContent-Type: message/global-delivery-status\n\n\
             Reporting-MTA: dns; mx.example.net\n\nOriginal-Recipient: rfc822; asha@example.com\n\
             Final-Recipient: utf-8; {recipient}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 कोई नहीं\n\n--b--\n"
        )
    };
    for recipient in ["asha@example.com", "आशा@example.com"] {
        let reports = read(report(recipient).as_bytes()).unwrap();
        let found: Vec<(&str, Option<&str>)> =
            reports.iter().map(|report| (report.kind.as_str(), report.recipient.as_ref().map(EmailAddress::as_str))).collect();
        assert_eq!(found, [("hard", Some("asha@example.com"))], "{recipient}");
    }
}

#[test]
fn line_ends_of_either_kind_read_the_same() {
    let Some(all) = collection() else { return };
    for known in all {
        let bare: Vec<u8> = known.bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
        let crlf: Vec<u8> = bare.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect();
        let brief = |bytes: &[u8]| {
            read(bytes).map(|reports| reports.into_iter().map(|report| (report.kind, report.recipient, report.status)).collect::<Vec<_>>())
        };
        assert_eq!(brief(&bare), brief(&crlf), "{}", known.file);
    }
}

#[test]
fn no_truncation_of_any_report_makes_the_reader_fall() {
    let Some(all) = collection() else { return };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for known in all {
        // Every cut where it is asked for, which takes minutes; else some forty of each, at another place in each file.
        let every = if std::env::var_os("ROLECALL_SLOW").is_some() { 1 } else { known.bytes.len() / 40 + 1 };
        for cut in (0..known.bytes.len()).skip(known.file.len() % every).step_by(every) {
            for report in read(&known.bytes[..cut]).unwrap_or_default() {
                *kinds.entry(report.kind.as_str()).or_default() += 1;
            }
        }
    }
    assert!(!kinds.is_empty());
}
