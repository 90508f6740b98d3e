//! What comes back while the service runs: by LMTP from a real client, and out of a Maildir.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::returning::report;
use super::{Place, Running, free_port};
use crate::support::{python, skipped};

/// Long enough for a start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(4);

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Hands a mail to several recipients with Python's client, and prints a code for each. (Its `sendmail` reads one reply only.)
const LMTP_CLIENT: &str = r"
import smtplib, sys
place, file, recipients = sys.argv[1], sys.argv[2], sys.argv[3:]
way = smtplib.LMTP(place) if place.startswith('/') else smtplib.LMTP('127.0.0.1', int(place))
way.lhlo = way.ehlo('mx.example.org')
print(way.has_extn('pipelining'), way.has_extn('enhancedstatuscodes'), way.mail('')[0])
for recipient in recipients: print(way.rcpt(recipient)[0])
way.putcmd('data'); print(way.getreply()[0])
way.send(smtplib._quote_periods(smtplib._fix_eols(open(file).read()).encode()) + b'.\r\n')
for recipient in recipients: print(way.getreply()[0])
print(way.quit()[0])
";

impl Place {
    /// A running service with these lines below `[mail.bounces]`, and the port of its page.
    fn serving_with(&self, bounces: &str) -> (Running, u16) {
        let port = free_port();
        self.write("rolecall.toml", &configuration(port, bounces));
        let daemon = self.start("serve");
        wait_until("the page is ready", || super::push::ask(port, "GET", "/readyz", "", "").contains(" 200 "));
        (daemon, port)
    }

    /// What a client of LMTP is told; none, said aloud, without Python.
    fn hand_over(&self, place: &str, file: &str, recipients: &[&str]) -> Option<String> {
        let done = Command::new(python())
            .args(["-c", LMTP_CLIENT, place])
            .arg(self.path(file))
            .args(recipients)
            .stdin(Stdio::null())
            .output()
            .inspect_err(|_| skipped("LMTP from a real client", "python3 is not installed"))
            .ok()?;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Some(String::from_utf8(done.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn state(&self, address: &str) -> String {
        self.json(&format!("subscriber show {address}"))[0]["subscriber"]["state"].as_str().unwrap().to_owned()
    }

    /// The names of the files of a part of the Maildir.
    fn maildir(&self, part: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("returned").join(part)).unwrap().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        let mut names: Vec<String> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn configuration(port: u16, bounces: &str) -> String {
    format!("{}[web]\nlisten = \"127.0.0.1:{port}\"\n[mail.bounces]\n{bounces}\n", super::CONFIG)
}

/// How many mails of a kind are remembered, as the page tells it.
fn remembered(port: u16, kind: &str) -> u64 {
    let series = format!("rolecall_returned_mails{{kind=\"{kind}\"}} ");
    let page = super::push::ask(port, "GET", "/metrics", "", "");
    page.lines().find_map(|line| line.strip_prefix(&series)).map_or(0, |figure| figure.trim_end_matches(".0").parse().unwrap())
}

#[test]
fn a_mail_server_hands_over_by_lmtp_at_a_port_and_after_a_reload_at_a_socket() {
    let (place, id) = Place::with_a_letter_sent();
    let lmtp = free_port();
    let (daemon, port) = place.serving_with(&format!("lmtp = \"127.0.0.1:{lmtp}\""));
    wait_until("LMTP is spoken", || std::net::TcpStream::connect(("127.0.0.1", lmtp)).is_ok());
    place.write("full.eml", &report("ann@example.org", "5.2.2", "552 5.2.2 Mailbox full", &id));
    let recipients = ["bounces@localhost", "bounces+x@localhost"];
    let Some(told) = place.hand_over(&lmtp.to_string(), "full.eml", &recipients) else { return };
    assert_eq!(told, "True True 250 250 250 354 250 250 221");
    assert_eq!((remembered(port, "soft"), place.state("ann@example.org")), (2, "active".into()), "one for each recipient");
    place.hand_over(&lmtp.to_string(), "full.eml", &recipients);
    assert_eq!(remembered(port, "soft"), 2, "a mail that is handed over again counts once");
    place.write("nothing.eml", "hello\n");
    assert_eq!(place.hand_over(&lmtp.to_string(), "nothing.eml", &["x@localhost"]).unwrap(), "True True 250 250 354 250 221");

    let socket = place.path("lmtp.sock");
    place.write("rolecall.toml", &configuration(port, &format!("lmtp = \"unix:{}\"", socket.display())));
    assert!(Command::new("kill").args(["-HUP", &daemon.0.id().to_string()]).status().unwrap().success());
    wait_until("LMTP is spoken at the socket", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    wait_until("the port is given up", || std::net::TcpStream::connect(("127.0.0.1", lmtp)).is_err());
    place.write("gone.eml", &report("ann@example.org", "5.1.1", "550 5.1.1 User unknown", &id));
    assert_eq!(place.hand_over(socket.to_str().unwrap(), "gone.eml", &["bounces@localhost"]).unwrap(), "True True 250 250 354 250 221");
    assert_eq!(place.state("ann@example.org"), "ended");
    assert_eq!(daemon.stop(), Some(0));
}

/// A return path that only the envelope names: the recipient of LMTP is kept with the mail.
#[test]
fn the_recipient_of_lmtp_proves_whose_letter_came_back() {
    let (place, id) = Place::with_a_letter_sent();
    let token = id.trim_start_matches('<').split('.').next().unwrap().to_owned();
    let lmtp = free_port();
    let (daemon, _) = place.serving_with(&format!("address = \"bounces@example.org\"\nlmtp = \"127.0.0.1:{lmtp}\""));
    wait_until("LMTP is spoken", || std::net::TcpStream::connect(("127.0.0.1", lmtp)).is_ok());
    place.write("gone.eml", &report("forwarded@elsewhere.example", "5.1.1", "550 5.1.1 User unknown", "<not-ours@elsewhere.example>"));
    let Some(_) = place.hand_over(&lmtp.to_string(), "gone.eml", &["bounces@example.org"]) else { return };
    assert_eq!(place.state("ann@example.org"), "active", "nothing proves that it was hers");
    place.hand_over(&lmtp.to_string(), "gone.eml", &[&format!("bounces+{}@example.org", token.to_uppercase())]);
    assert_eq!(place.state("ann@example.org"), "ended");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_maildir_is_emptied_once_whatever_lies_in_it_and_however_the_service_ends() {
    const MAILS: usize = 60;
    let (place, id) = Place::with_a_letter_sent();
    for part in ["new", "cur", "tmp", "new/a-folder"] {
        std::fs::create_dir_all(place.path("returned").join(part)).unwrap();
    }
    let mail = |number: usize| report("ann@example.org", "5.7.1", &format!("550 5.7.1 blocked, report {number}"), &id);
    place.write("returned/new/0-no-mail", "hello\n");
    place.write("returned/new/.hidden", &mail(0));
    assert!(Command::new("mkfifo").arg(place.path("returned/new/a-pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("/nowhere", place.path("returned/new/a-link")).unwrap();
    for number in 0..MAILS {
        place.write(&format!("returned/new/{number:02}.host"), &mail(number));
    }
    let (daemon, _) = place.serving_with("maildir = \"returned\"");
    wait_until("the first mails are taken", || place.maildir("new").len() < MAILS);
    drop(daemon);
    let (daemon, port) = place.serving_with("maildir = \"returned\"");
    wait_until("all mails are taken", || place.maildir("new") == [".hidden"]);
    assert_eq!(remembered(port, "soft"), 60, "each once, though the service was killed in between");
    assert_eq!(place.maildir("cur"), ["0-no-mail:2,"], "what is no mail is for the operator to look at");
    place.write("returned/new/killed-before-it-was-deleted", &mail(7));
    wait_until("it is taken again", || place.maildir("new") == [".hidden"]);
    assert_eq!((remembered(port, "soft"), place.state("ann@example.org")), (60, "active".into()));
    assert_eq!(daemon.stop(), Some(0));

    place.write("returned/new/z", &report("ann@example.org", "5.1.1", "550 5.1.1 User unknown", &id));
    place.data("run --dry-run");
    assert_eq!(place.maildir("new"), [".hidden", "z"], "a dry run takes nothing");
    place.data("run");
    assert_eq!((place.maildir("new"), place.state("ann@example.org")), (vec![".hidden".to_owned()], "ended".into()));
}

#[test]
fn a_maildir_that_is_none_and_a_place_that_others_reach_are_named_with_the_mend() {
    let place = Place::new();
    place.write("rolecall.toml", &configuration(1, "maildir = \"nowhere\""));
    place.data("subscriber add ann@example.org --confirmed");
    let done = place.run("run");
    assert!(done.code == Some(78) && done.talk.contains("mail.bounces.maildir"), "{done:?}");
    assert_eq!(place.letters().len(), 1, "the welcome letter goes out all the same");
    assert!(place.run("check").out.contains("MEND returned mail: nowhere/new: "), "{:?}", place.run("check"));
    place.write("rolecall.toml", &configuration(1, "lmtp = \"0.0.0.0:24\""));
    let done = place.run("run");
    assert!(done.code == Some(78) && done.talk.contains("mail.bounces.lmtp"), "{done:?}");
}
