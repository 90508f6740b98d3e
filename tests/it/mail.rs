//! Letters on their way out: a relay that misbehaves at every step, a real one, sendmail and files.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

pub mod dns;
mod lmtp;
mod pipelining;
mod real_judges;
mod requirements;
mod scripted_relay;
mod signatures;

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{TimeZone as _, Utc};
use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::duration::DurationText;
use rolecall::domain::{DeliveryId, DeliveryKind, EmailAddress, ListHeaders, Message, MessageId, Outcome, ReturnPaths, Signer};
use rolecall::mail::{Lane, MailSettings, MailSettingsError, Mailer, Sender, SendmailSettings, SmtpSettings, StepTimeouts, TransportKind};
use scripted_relay::{ScriptedRelay, Step, answer};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// The deadline of each step in these tests, and the time by which a whole letter must have its outcome.
const STEP: Duration = Duration::from_secs(1);
const IN_TIME: Duration = Duration::from_secs(10);

fn message(number: u32) -> Message {
    Message {
        id: MessageId(format!("{number}.0123456789abcdef@example.org")),
        date: Utc.with_ymd_and_hms(2026, 11, 20, 2, 30, 0).unwrap(),
        to: EmailAddress::parse(&format!("reader{number}@example.org")).unwrap(),
        subject: "Rust Backend Engineer, ₹18-26 lakh, Pune".into(),
        text: "Namaste,\n\n.\n..\nFrom the ledger\n".into(),
        html: "<p>Namaste</p>\n.\n".into(),
        delivery: None,
        list: Some(ListHeaders {
            id: "alert-17".into(),
            name: "Rust in Pune".into(),
            kind: DeliveryKind::Digest,
            unsubscribe_url: "https://example.org/unsubscribe/AQ-_x".into(),
        }),
    }
}

fn settings(url: &str) -> MailSettings {
    let step = DurationText::from_millis(u64::try_from(STEP.as_millis()).unwrap());
    let timeouts = StepTimeouts { connect: step, greeting: step, command: step, data: step, block: step, accept: step };
    MailSettings {
        transport: TransportKind::Smtp,
        from: "Rolecall <alerts@example.org>".into(),
        smtp: SmtpSettings { url: url.into(), timeouts, ..SmtpSettings::default() },
        ..MailSettings::default()
    }
}

fn lane_to(url: &str) -> Lane {
    Mailer::new(&settings(url), Path::new("unused")).unwrap().lane()
}

/// Sends one letter to a relay that takes `step` at `word`, and holds it to the time.
async fn outcome_when(word: &'static str, step: Step) -> Outcome {
    let relay = ScriptedRelay::start(move |asked, _| if asked == word { step } else { Step::Go }).await;
    let mut lane = lane_to(&relay.url());
    let start = Instant::now();
    let outcome = lane.send(&message(1)).await;
    assert!(start.elapsed() < IN_TIME, "{word} took {:?}", start.elapsed());
    outcome
}

#[track_caller]
fn assert_later(outcome: &Outcome, expected: Blame, code: Option<u16>) {
    match outcome {
        Outcome::Later(Refusal { blame, code: found, .. }) if (*blame, *found) == (expected, code) => {}
        other => panic!("{other:?} instead of later by {expected}"),
    }
}

#[tokio::test]
async fn a_letter_carries_its_name_on_the_envelope_and_asks_for_reports_where_they_are_offered() {
    let paths = ReturnPaths::parse("bounces@example.org", Signer::new(b"secret")).unwrap();
    let (path, token) = (paths.of(DeliveryId(41)), paths.token(DeliveryId(41)));
    let letter = Message { delivery: Some(DeliveryId(41)), to: EmailAddress::parse("a+b@example.org").unwrap(), ..message(1) };
    for (hello, mail, rcpt) in [
        (
            "250-relay\r\n250 DSN",
            format!("MAIL FROM:<{path}> RET=HDRS ENVID={token}"),
            "RCPT TO:<a+b@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.org",
        ),
        ("250-relay\r\n250 SIZE", format!("MAIL FROM:<{path}>"), "RCPT TO:<a+b@example.org>"),
    ] {
        let relay = ScriptedRelay::start(move |asked, _| if asked == "EHLO" { Step::Say(hello) } else { Step::Go }).await;
        let mailer = Mailer::new(&settings(&relay.url()), Path::new("unused")).unwrap().returning_to(paths.clone());
        assert!(matches!(mailer.lane().send(&letter).await, Outcome::Accepted(_)));
        let heard = relay.commands();
        assert!(heard.contains(&mail) && heard.iter().any(|line| line == rcpt), "{heard:?}");
    }
}

#[tokio::test]
async fn before_the_final_dot_every_fault_of_the_link_means_later() {
    let steps = [Step::Stall, Step::Close, Step::Drip];
    let cases = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"].into_iter().flat_map(|word| steps.map(|step| (word, step)));
    let outcomes: Vec<_> = cases.map(|(word, step)| (word, tokio::spawn(outcome_when(word, step)))).collect();
    for (word, outcome) in outcomes {
        let whose = if ["CONNECT", "EHLO"].contains(&word) { Blame::Relay } else { Blame::Link };
        assert_later(&outcome.await.unwrap(), whose, None);
    }
}

#[tokio::test]
async fn after_the_final_dot_a_fault_of_the_link_means_unknown() {
    for step in [Step::Stall, Step::Close, Step::Drip] {
        let outcome = outcome_when(".", step).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_relay_that_stops_reading_the_letter_has_not_taken_it() {
    // A small buffer here; what the sending side buffers for itself (4 MB on Linux) is less than the letter.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        answer(&mut stream, Step::Go, "220 hello").await;
        let mut line = String::new();
        while !line.starts_with("DATA") {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
            answer(&mut stream, Step::Go, if line.starts_with("DATA") { "354 go on" } else { "250 fine" }).await;
        }
        tokio::time::sleep(IN_TIME * 4).await;
        drop(stream);
    });
    let long = Message { text: "लेखा ".repeat(330_000), ..message(1) };
    let outcome = lane_to(&url).send(&long).await;
    assert_later(&outcome, Blame::Link, None);
}

#[tokio::test]
async fn a_reply_decides_by_its_code() {
    assert_later(&outcome_when("CONNECT", Step::Say("421 4.3.2 too busy")).await, Blame::Relay, None);
    assert_later(&outcome_when("CONNECT", Step::Say("554 no service")).await, Blame::Relay, None);
    assert_later(&outcome_when("MAIL", Step::Say("421 closing")).await, Blame::Relay, Some(421));
    assert_later(&outcome_when("RCPT", Step::Say("450 4.2.1 mailbox busy")).await, Blame::Recipient, Some(450));
    assert_later(&outcome_when(".", Step::Say("451 4.3.0 try again")).await, Blame::Relay, Some(451));
    assert_later(&outcome_when("DATA", Step::Say("250 what?")).await, Blame::Link, None);
    let refused = outcome_when(".", Step::Say("550 5.7.1 looks like spam to <reader1@example.org>")).await;
    let expected = Refusal { blame: Blame::Sender, code: Some(550), text: "5.7.1 looks like spam to <address>".into() };
    assert_eq!(refused, Outcome::Never(expected));
}

#[tokio::test]
async fn a_letter_arrives_byte_by_byte_as_it_was_built_and_the_queue_id_is_kept() {
    let relay = ScriptedRelay::start(|_, _| Step::Go).await;
    let mut lane = lane_to(&relay.url());
    assert_eq!(lane.send(&message(1)).await, Outcome::Accepted("2.0.0 queued as 4Z7".into()));
    let built = rolecall::mail::bytes(&message(1), &Sender::parse("Rolecall <alerts@example.org>").unwrap()).unwrap();
    assert_eq!(String::from_utf8(relay.letters()[0].clone()).unwrap(), String::from_utf8(built).unwrap());
    lane.close().await;
    let expected =
        ["EHLO example.org", "EHLO example.org", "MAIL FROM:<alerts@example.org>", "RCPT TO:<reader1@example.org>", "DATA", "QUIT"];
    assert_eq!(relay.commands(), expected);
}

#[tokio::test]
async fn a_refused_recipient_costs_neither_the_connection_nor_the_next_letter() {
    let refusing = refuses_reader_two().await;
    let mut lane = lane_to(&refusing.url());
    assert!(matches!(lane.send(&message(1)).await, Outcome::Accepted(_)));
    match lane.send(&message(2)).await {
        Outcome::Never(Refusal { blame: Blame::Recipient, code: Some(550), .. }) => {}
        other => panic!("{other:?}"),
    }
    assert!(matches!(lane.send(&message(3)).await, Outcome::Accepted(_)));
    assert_eq!((refusing.connections(), refusing.letters().len()), (1, 2));
    assert_eq!(refusing.commands().iter().filter(|line| *line == "RSET").count(), 1);
}

/// A relay that refuses every second recipient.
async fn refuses_reader_two() -> ScriptedRelay {
    static ASKED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    ScriptedRelay::start(|word, _| {
        if word == "RCPT" && ASKED.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 1 {
            Step::Say("550 5.1.1 no such user")
        } else {
            Step::Go
        }
    })
    .await
}

#[tokio::test]
async fn a_connection_that_the_relay_closed_meanwhile_is_replaced_without_a_word() {
    let relay = ScriptedRelay::start(|word, _| if word == "." { Step::GoAndClose } else { Step::Go }).await;
    let mut lane = lane_to(&relay.url());
    for number in 1..=3 {
        let outcome = lane.send(&message(number)).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    assert_eq!((relay.connections(), relay.letters().len()), (3, 3));
}

#[tokio::test]
async fn a_relay_that_hangs_up_on_every_mail_is_not_called_for_ever() {
    let relay = ScriptedRelay::start(|word, connection| match (word, connection) {
        (".", 1) => Step::GoAndClose,
        ("MAIL", 2..) => Step::Close,
        _ => Step::Go,
    })
    .await;
    let mut lane = lane_to(&relay.url());
    assert!(matches!(lane.send(&message(1)).await, Outcome::Accepted(_)));
    assert_later(&lane.send(&message(2)).await, Blame::Link, None);
    assert_eq!(relay.connections(), 2);
}

#[tokio::test]
async fn where_encryption_is_required_and_not_offered_nothing_is_sent() {
    let relay = ScriptedRelay::start(|_, _| Step::Go).await;
    let outcome = lane_to(&format!("{}?tls=required", relay.url())).send(&message(1)).await;
    assert_later(&outcome, Blame::Relay, None);
    assert_eq!(relay.commands(), ["EHLO example.org"]);
}

#[tokio::test]
async fn a_relay_that_greets_in_plain_text_where_tls_is_to_begin_is_told_apart_with_the_mend() {
    let relay = ScriptedRelay::start(|_, _| Step::Go).await;
    let mailer = Mailer::new(&settings(&format!("smtps://127.0.0.1:{}", relay.port)), Path::new("unused")).unwrap();
    let said = mailer.probe().await.unwrap_err();
    assert!(said.contains("write smtp:// in mail.smtp.url"), "{said}");
    assert_later(&mailer.lane().send(&message(1)).await, Blame::Relay, None);
}

#[tokio::test]
async fn a_login_that_is_refused_is_no_letters_fault() {
    let relay = ScriptedRelay::start(|word, _| if word == "AUTH" { Step::Say("535 5.7.8 wrong password") } else { Step::Go }).await;
    let url = format!("smtp://jobs:secret@127.0.0.1:{}", relay.port);
    assert_later(&lane_to(&url).send(&message(1)).await, Blame::Relay, None);
    let mailer = Mailer::new(&settings(&url), Path::new("unused")).unwrap();
    let error = mailer.probe().await.unwrap_err();
    assert!(error.contains("wrong password") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_probe_says_who_answers_without_sending_anything() {
    let relay = ScriptedRelay::start(|_, _| Step::Go).await;
    let mailer = Mailer::new(&settings(&relay.url()), Path::new("unused")).unwrap();
    assert_eq!(mailer.lanes(), 8);
    let said = mailer.probe().await.unwrap();
    assert_eq!(said, format!("127.0.0.1:{} answers as relay.example.org, not encrypted", relay.port));
    assert_eq!(relay.commands(), ["EHLO example.org", "QUIT"]);
    let nobody = Mailer::new(&settings("smtp://127.0.0.1:1"), Path::new("unused")).unwrap();
    assert!(nobody.probe().await.unwrap_err().contains("127.0.0.1:1: the relay cannot be reached"));
}

#[test]
fn the_settings_read_as_the_manual_writes_them() {
    let written = r#"
        transport = "smtp"
        from = "Jobs <jobs@example.org>"
        postal_address = "12 Residency Road"
        [smtp]
        url = "smtps://relay.example.org"
        connections = 4
        messages_per_second = 20
        user = "jobs"
        password = "secret"
        [smtp.timeouts]
        accept = "10m"
        command = "30s"
    "#;
    let settings: MailSettings = toml::from_str(written).unwrap();
    assert_eq!(settings.smtp.timeouts.command, DurationText::from_secs(30));
    assert_eq!(settings.smtp.timeouts.data, DurationText::from_secs(120));
    assert_eq!(Mailer::new(&settings, Path::new("unused")).map(|mailer| mailer.lanes()).ok(), Some(4));
    assert!(toml::from_str::<MailSettings>("transprot = \"smtp\"").unwrap_err().to_string().contains("transport"));
    let dkim: MailSettings = toml::from_str("[dkim]\ndomain = \"example.org\"\nkeys = [{ selector = \"a\", file = \"a.pem\" }]").unwrap();
    let fault = Mailer::new(&dkim, Path::new("unused")).map(drop).unwrap_err();
    assert!(matches!(&fault, MailSettingsError::Value { key: "mail.dkim.keys", .. }) && fault.to_string().contains("a.pem"), "{fault}");
}

#[tokio::test]
async fn a_letter_kept_as_a_file_is_replaced_by_its_second_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let settings = MailSettings { from: "Rolecall <alerts@example.org>".into(), ..MailSettings::default() };
    let mailer = Mailer::new(&settings, folder.path()).unwrap();
    let mut lane = mailer.lane();
    for number in [1, 2, 1] {
        let outcome = lane.send(&message(number)).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    let mut names: Vec<String> =
        std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [1, 2].map(|number| format!("20261120T023000Z-{number}.0123456789abcdef@example.org.eml"));
    assert_eq!(names, expected);
    let kept = std::fs::read(folder.path().join("mail").join(&names[0])).unwrap();
    assert_eq!(kept, rolecall::mail::bytes(&message(1), &Sender::parse("Rolecall <alerts@example.org>").unwrap()).unwrap());
    std::fs::remove_dir_all(folder.path().join("mail")).unwrap();
    assert_later(&lane.send(&message(3)).await, Blame::Relay, None);
}

/// A lane to a sendmail that is this shell script.
fn sendmail(folder: &Path, script: &str, timeout: Duration) -> Lane {
    use std::os::unix::fs::PermissionsExt as _;
    let program = folder.join("sendmail");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let timeout = DurationText::from_millis(u64::try_from(timeout.as_millis()).unwrap());
    let sendmail = SendmailSettings { program, timeout };
    let settings =
        MailSettings { transport: TransportKind::Sendmail, from: "alerts@example.org".into(), sendmail, ..MailSettings::default() };
    Mailer::new(&settings, folder).unwrap().lane()
}

#[tokio::test]
async fn sendmail_gets_the_letter_and_its_exit_status_decides() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display();
    let mut lane = sendmail(folder.path(), &format!("echo \"$@\" > {place}/args; cat > {place}/letter"), IN_TIME);
    assert!(matches!(lane.send(&message(1)).await, Outcome::Accepted(_)));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("args"), "-i -f alerts@example.org -- reader1@example.org\n");
    let letter = read("letter");
    assert!(letter.contains("\nMessage-ID: <1.0123456789abcdef@example.org>\n") && !letter.contains('\r'), "{letter}");

    let tempfail = sendmail(folder.path(), "cat > /dev/null; exit 75", IN_TIME).send(&message(1)).await;
    assert_later(&tempfail, Blame::Relay, None);
    let unread = sendmail(folder.path(), "echo 'no queue for reader1@example.org' >&2; exit 71", IN_TIME).send(&message(1)).await;
    match &unread {
        Outcome::Later(refusal) => assert!(refusal.text.ends_with("no queue for <address>"), "{}", refusal.text),
        other => panic!("{other:?}"),
    }
    match sendmail(folder.path(), "cat > /dev/null; exit 67", IN_TIME).send(&message(1)).await {
        Outcome::Never(Refusal { blame: Blame::Recipient, .. }) => {}
        other => panic!("{other:?}"),
    }
    let slow = sendmail(folder.path(), "cat > /dev/null; exec sleep 60", STEP).send(&message(1)).await;
    assert!(matches!(slow, Outcome::Unknown(_)), "{slow:?}");
    std::fs::remove_file(folder.path().join("sendmail")).unwrap();
    let settings = SendmailSettings { program: folder.path().join("sendmail"), ..SendmailSettings::default() };
    let settings = MailSettings { transport: TransportKind::Sendmail, sendmail: settings, ..MailSettings::default() };
    let mailer = Mailer::new(&settings, folder.path()).unwrap();
    assert_later(&mailer.lane().send(&message(1)).await, Blame::Relay, None);
    assert!(mailer.probe().await.unwrap_err().contains("mail.sendmail.program"));
}

#[tokio::test]
async fn a_memory_mailbox_keeps_what_was_accepted_and_answers_as_told() {
    let (mailer, mailbox) = Mailer::memory();
    let mut lane = mailer.lane();
    mailbox.answer_next(Outcome::Unknown("the link broke".into()));
    assert_eq!(lane.send(&message(1)).await, Outcome::Unknown("the link broke".into()));
    assert!(matches!(lane.send(&message(2)).await, Outcome::Accepted(_)));
    assert_eq!(mailbox.messages(), [message(1), message(2)]);
}
