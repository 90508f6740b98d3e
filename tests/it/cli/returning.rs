//! What comes back, through the pipe of a mail server.

use std::io::Write as _;
use std::process::Stdio;

use super::{Done, Place};

impl Place {
    /// Pipes a mail into `rolecall bounce`.
    fn pipe(&self, arguments: &[&str], mail: &str) -> Done {
        let mut child = self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
        Done::of(child.wait_with_output().unwrap())
    }

    /// A place in which ann has had a letter, and the Message-ID of it.
    pub fn with_a_letter_sent() -> (Self, String) {
        let place = Self::new();
        place.data("subscriber add ann@example.org --confirmed");
        place.data("run");
        let letter = place.letters().pop().expect("a welcome letter");
        let id = letter.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().trim().to_owned();
        (place, id)
    }
}

/// A delivery report of Postfix's kind, with the head of the letter.
pub fn report(recipient: &str, status: &str, words: &str, message_id: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example (Mail Delivery System)\nTo: alerts@localhost\n\
         Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\n\
         <{recipient}>: host mx.example said: {words}\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\n\
         Diagnostic-Code: smtp; {words}\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nFrom: a@localhost\n\
         To: {recipient}\n\n--b--\n"
    )
}

#[test]
fn a_mailbox_that_is_gone_ends_its_subscriber_whoever_the_report_calls_it() {
    let (place, id) = Place::with_a_letter_sent();
    let mail = report("forwarded@elsewhere.example", "5.1.1", "550 5.1.1 User unknown", &id);
    let done = place.pipe(&["bounce"], &mail);
    assert_eq!(
        (done.code, done.out.as_str()),
        (Some(0), "{\"kind\":\"hard\",\"recipient\":\"ann@example.org\",\"status\":\"5.1.1\",\"diagnostic\":\"550 5.1.1 User unknown\"}\n")
    );
    assert_eq!(place.json("subscriber show ann@example.org")[0]["subscriber"]["state"], "ended");
    let again = place.pipe(&["bounce"], &mail);
    assert_eq!((again.code, again.out), (Some(0), done.out), "a mail server may pipe it twice");
    place.data("subscriber add ann@example.org");
    place.data("run");
    let confirmations = place.letters().iter().filter(|letter| letter.contains("/confirm/")).count();
    assert_eq!(confirmations, 0, "a suppressed address gets no letter, whoever types it");
}

#[test]
fn what_came_back_is_told_to_its_reader_and_counted_for_the_operator() {
    let (place, id) = Place::with_a_letter_sent();
    place.pipe(&["bounce"], &report("ann@example.org", "5.2.2", "552 5.2.2 <ann@example.org> is full", &id));
    place.pipe(
        &["bounce"],
        &format!("From: ann@example.org\nTo: alerts@localhost\nSubject: Away\nAuto-Submitted: auto-replied\nIn-Reply-To: {id}\n\nAway.\n"),
    );
    let export = place.json("subscriber export ann@example.org").remove(0);
    let returned = export["returned"].as_array().unwrap();
    assert_eq!((returned.len(), &returned[0]["kind"], &returned[1]["kind"]), (2, &"auto-reply".into(), &"soft".into()));
    assert_eq!((&returned[1]["status"], &returned[1]["effect"]), (&"5.2.2".into(), &"counted".into()));
    assert!(!returned[1]["diagnostic"].as_str().unwrap().contains("ann@"), "{returned:?}");
    assert_eq!(place.json("status")[0]["returned"], serde_json::json!({ "auto-reply": 1, "soft": 1 }));
    assert!(place.data("status").contains("returned   1 auto-reply, 1 soft\n"));
}

#[test]
fn a_dry_run_says_what_it_is_and_changes_nothing() {
    let (place, id) = Place::with_a_letter_sent();
    place.write("mail.eml", &report("ann@example.org", "5.1.1", "550 5.1.1 User unknown", &id));
    assert!(place.data("bounce mail.eml --dry-run").contains("\"kind\":\"hard\""));
    assert_eq!(place.json("subscriber show ann@example.org")[0]["subscriber"]["state"], "active");
}

#[test]
fn what_is_our_own_fault_or_late_costs_the_subscriber_nothing() {
    let (place, id) = Place::with_a_letter_sent();
    for (status, words) in
        [("5.7.1", "550 5.7.1 blocked, see our policy"), ("4.4.7", "delivery time expired"), ("5.2.2", "552 5.2.2 Mailbox full")]
    {
        assert!(place.pipe(&["bounce"], &report("ann@example.org", status, words, &id)).out.contains("\"kind\":\"soft\""), "{words}");
    }
    let reply = format!(
        "From: ann@example.org\nTo: alerts@localhost\nSubject: Automatic reply: jobs\nAuto-Submitted: auto-replied\nIn-Reply-To: {id}\n\nAway.\n"
    );
    assert!(place.pipe(&["bounce"], &reply).out.contains("\"kind\":\"auto-reply\""));
    assert_eq!(place.json("subscriber show ann@example.org")[0]["subscriber"]["state"], "active");
}

/// RFC 3834 2: a robot that answers robots never stops; so nothing that comes back gets an answer, whoever wrote it.
#[test]
fn nothing_that_comes_back_is_ever_answered() {
    let (place, id) = Place::with_a_letter_sent();
    place.data("run");
    let all = || (place.letters().len(), place.json("status")[0]["deliveries"].clone());
    let before = all();
    let to_us = format!("From: ann@example.org\nTo: alerts@localhost\nIn-Reply-To: {id}\n");
    for mail in [
        format!("{to_us}Subject: Away\nAuto-Submitted: auto-replied\n\nAway.\n"),
        format!("{to_us}Subject: Away\nPrecedence: bulk\n\nAway.\n"),
        format!("{to_us}Subject: Away\nPrecedence: junk\nX-Autoreply: yes\n\nAway.\n"),
        format!("Return-Path: <>\n{to_us}Subject: Received\nAuto-Submitted: auto-generated\n\nThank you for your mail.\n"),
        format!("{to_us}Subject: A question\n\nAre you a person?\n"),
        report("ann@example.org", "5.7.1", "550 5.7.1 blocked, see our policy", &id),
    ] {
        assert_eq!(place.pipe(&["bounce"], &mail).code, Some(0), "{mail}");
    }
    place.data("run");
    assert_eq!(all(), before);
}

#[test]
fn a_request_by_mail_ends_the_alert_that_its_letter_was_of() {
    let (place, id) = Place::with_a_letter_sent();
    let done = place.pipe(&["bounce"], &format!("From: ann@example.org\nTo: alerts@localhost\nSubject: unsubscribe\nReferences: {id}\n\n"));
    assert!(done.out.contains("\"diagnostic\":\"opt-out\""), "{done:?}");
    assert_eq!(place.json("subscriber show ann@example.org")[0]["subscriber"]["state"], "ended");
    place.data("subscriber add ann@example.org --confirmed");
    assert_eq!(
        place.json("subscriber show ann@example.org")[0]["subscriber"]["state"],
        "active",
        "who asked to end an alert may have another"
    );
}

#[test]
fn with_return_paths_a_report_that_proves_nothing_changes_nothing() {
    let (place, _) = Place::with_a_letter_sent();
    place.write("rolecall.toml", &(super::CONFIG.to_owned() + "[mail.bounces]\naddress = \"bounces@example.org\"\n"));
    let done = place.pipe(&["bounce"], &report("ann@example.org", "5.1.1", "550 5.1.1 User unknown", "<made-up@localhost>"));
    assert!(done.code == Some(0) && done.out.contains("\"kind\":\"hard\""), "{done:?}");
    assert_eq!(place.json("subscriber show ann@example.org")[0]["subscriber"]["state"], "active");
}

#[test]
fn what_is_no_mail_at_all_is_refused_with_65() {
    let place = Place::new();
    for nothing in ["", "\n\n", "hello\nworld\n", "{\"kind\":\"hard\"}"] {
        assert_eq!(place.pipe(&["bounce", "--dry-run"], nothing).code, Some(65), "{nothing:?}");
    }
    assert_eq!(place.run("bounce nowhere.eml").code, Some(69));
}
