//! Judges that are not ours: Debian's `smtp-sink` as a relay, and Python's mail parser.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rolecall::domain::delivery::Blame;
use rolecall::domain::{Message, Outcome};
use rolecall::mail::{Mailer, Sender, StepTimeouts};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::{IN_TIME, assert_later, message, settings};
use crate::support::{python, skipped};

/// A real relay, Debian's `smtp-sink`, that keeps each mail as a file; ended when dropped.
struct Sink {
    child: tokio::process::Child,
    folder: tempfile::TempDir,
    url: String,
}

impl Sink {
    /// None, said aloud, where it is not installed.
    async fn start(suite: &str) -> Option<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let program = Path::new("/usr/sbin/smtp-sink");
        if !program.exists() {
            skipped(suite, "smtp-sink is not installed (Debian package postfix)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = tokio::process::Command::new(program);
        // It refuses to run as root without a user to change to, and may not change when it is not root.
        if std::process::Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
            command.args(["-u", "nobody"]);
        }
        command.arg("-d").arg(format!("{}/mail.", folder.path().display())).arg(format!("127.0.0.1:{port}")).arg("64");
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let until = Instant::now() + IN_TIME;
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(Instant::now() < until, "smtp-sink does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some(Self { child, folder, url: format!("smtp://127.0.0.1:{port}") })
    }

    /// The Message-IDs of all mails it has, sorted.
    fn message_ids(&self) -> Vec<String> {
        let mails = std::fs::read_dir(self.folder.path()).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let mut ids: Vec<String> =
            mails.filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned))).collect();
        ids.sort();
        ids
    }

    async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_letters_over_four_lanes_arrive_at_a_real_relay_once_each() {
    let Some(sink) = Sink::start("mail over smtp-sink").await else { return };
    let mut settings = settings(&sink.url);
    settings.smtp.timeouts = StepTimeouts::default();
    let mailer = Mailer::new(&settings, Path::new("unused")).unwrap();
    let lanes = (0..4).map(|lane| {
        let mut way = mailer.lane();
        tokio::spawn(async move {
            for number in (lane * 25)..(lane * 25 + 25) {
                let outcome = way.send(&message(number)).await;
                assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
            }
            way.close().await;
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
    let mut expected: Vec<String> = (0..100).map(|number| format!("<{number}.0123456789abcdef@example.org>")).collect();
    expected.sort();
    assert_eq!(sink.message_ids(), expected);

    let (mut lane, count) = (mailer.lane(), 300);
    let long = Message { html: "<p>A listing of the usual length.</p>\n".repeat(500), ..message(1) };
    let start = Instant::now();
    for _ in 0..count {
        assert!(matches!(lane.send(&long).await, Outcome::Accepted(_)));
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    eprintln!("one lane to smtp-sink, a 20 kB letter built each time, debug build: {rate:.0} letters a second");
    sink.stop().await;
}

/// Reads a letter from standard input and prints what is wrong with it, part by part, then the fields that have to be there once.
const PYTHON_JUDGE: &str = r"
import sys, email, email.policy
letter = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
for part in letter.walk():
    for defect in part.defects: print('part', repr(defect))
    for name, value in part.items():
        for defect in getattr(value, 'defects', ()): print(name, repr(defect))
        if '\n' in str(value) or '\r' in str(value): print(name, 'has a line end')
for name in ('From', 'To', 'Subject', 'Date', 'Message-ID', 'List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Feedback-ID', 'Auto-Submitted'):
    if len(letter.get_all(name, [])) != 1: print(name, 'stands', len(letter.get_all(name, [])), 'times')
if letter.get('Bcc') is not None: print('Bcc was injected')
if [p.get_content_type() for p in letter.iter_parts()] != ['text/plain', 'text/html']: print('parts', [p.get_content_type() for p in letter.iter_parts()])
";

#[tokio::test]
async fn an_independent_parser_finds_nothing_wrong_with_letters_from_hostile_names() {
    let long = "x".repeat(10_000);
    let devanagari = "बेंगलुरु में रस्ट ".repeat(700);
    let names = [
        "Rust in Pune",
        "a\r\nBcc: victim@example.org",
        "a\n\nbody",
        "🦀 Rust jobs 🚀",
        "बेंगलुरु में रस्ट",
        "\u{202e}txt.exe\u{202c}",
        "\u{200f}عربي\u{200e}",
        "\"quoted\" \\ back",
        "a, b; c: d <e@f.org>",
        "=?utf-8?b?QmNjOiB4?=",
        "nul\0nul",
        "",
        " ",
        &long,
        &devanagari,
    ];
    for name in names {
        let mut message =
            Message { subject: name.into(), text: format!("{name}\n.\n{name}"), html: format!("<p>{name}</p>"), ..message(1) };
        message.list.as_mut().unwrap().name = name.into();
        let from = Sender::parse(&format!("{name} <alerts@example.org>")).unwrap();
        let letter = rolecall::mail::bytes(&message, &from).unwrap();
        let judge = tokio::process::Command::new(python())
            .args(["-c", PYTHON_JUDGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut judge) = judge else { return skipped("letters before Python's parser", "python3 is not installed") };
        let mut input = judge.stdin.take().unwrap();
        input.write_all(&letter).await.unwrap();
        drop(input);
        let mut said = String::new();
        judge.stdout.take().unwrap().read_to_string(&mut said).await.unwrap();
        assert!(
            judge.wait().await.unwrap().success() && said.is_empty(),
            "{name:?}: {said}\n{}",
            String::from_utf8_lossy(&letter[..1_500.min(letter.len())])
        );
    }
}

/// A relay with the certificate and key it is given: `smtps`, or STARTTLS where it must; prints its port, then each command.
const PYTHON_TLS_RELAY: &str = r"
import socket, ssl, sys
cert, key, way = sys.argv[1:]
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(cert, key)
server = socket.create_server(('127.0.0.1', 0))
print(server.getsockname()[1], flush=True)
def serve(link):
    if way == 'smtps': link = tls.wrap_socket(link, server_side=True)
    link.sendall(b'220 relay ESMTP\r\n')
    lines, body = link.makefile('rb'), False
    while line := lines.readline():
        word = line.split()[0].upper().decode() if line.split() else ''
        if body and line != b'.\r\n': continue
        if not body: print(word, flush=True)
        body = word == 'DATA'
        link.sendall({'EHLO': b'250-relay\r\n250 STARTTLS\r\n', 'DATA': b'354 go on\r\n', 'STARTTLS': b'220 go\r\n'}.get(word, b'250 fine\r\n'))
        if word == 'STARTTLS':
            link = tls.wrap_socket(link, server_side=True)
            lines = link.makefile('rb')
while True:
    try: serve(server.accept()[0])
    except (OSError, ssl.SSLError) as fault: print('FAULT', fault, flush=True)
";

#[tokio::test]
async fn a_relay_with_a_certificate_that_nobody_vouches_for_gets_no_letter() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return skipped("letters over TLS", "openssl is not installed");
    }
    for (way, scheme, query) in [("smtps", "smtps", ""), ("starttls", "smtp", "?tls=required"), ("starttls", "smtp", "?tls=opportunistic")]
    {
        let relay = tokio::process::Command::new(python())
            .args(["-c", PYTHON_TLS_RELAY])
            .args([cert.as_os_str(), key.as_os_str(), way.as_ref()])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut relay) = relay else { return skipped("letters over TLS", "python3 is not installed") };
        let mut said = BufReader::new(relay.stdout.take().unwrap()).lines();
        let port = said.next_line().await.unwrap().unwrap();
        let mut settings = settings(&format!("{scheme}://127.0.0.1:{port}{query}"));
        settings.smtp.timeouts = StepTimeouts::default();
        let outcome = Mailer::new(&settings, Path::new("unused")).unwrap().lane().send(&message(1)).await;
        // Our side may be done before the relay has seen why.
        let mut heard = Vec::new();
        while !heard.iter().any(|line: &String| line.starts_with("FAULT")) {
            heard.push(tokio::time::timeout(IN_TIME, said.next_line()).await.expect("the relay sees a fault").unwrap().unwrap());
        }
        relay.kill().await.unwrap();
        assert!(!heard.iter().any(|line| line == "MAIL"), "{heard:?}");
        assert_later(&outcome, Blame::Relay, None);
    }
}
