//! The mail server of the story, Debian's `smtp-sink` as a child process, and what it received, read back from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;

use crate::support::skipped;

/// Where links of the service itself begin; every other link in a letter is a job.
pub const SERVICE: &str = "https://alerts.example";

/// A running mail server; ended when dropped.
pub struct Postbox {
    child: Child,
    folder: tempfile::TempDir,
    letters: BTreeMap<OsString, Received>,
    /// The address for `mail.smtp.url`.
    pub url: String,
}

/// One letter as it was received.
#[derive(Debug)]
pub struct Received {
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Its `Message-ID`.
    pub message_id: String,
    /// Its `Date`.
    pub date: DateTime<Utc>,
    /// The alert, from `List-Id`; none for confirmations.
    pub alert: Option<i64>,
    /// Whether it is a welcome.
    pub welcome: bool,
    /// The pages of the jobs it shows.
    pub shown: Vec<String>,
    /// How many it says there are.
    pub total: usize,
    /// The token of its confirmation link.
    pub token: Option<String>,
}

impl Postbox {
    /// Starts it; none, said aloud, where it is not installed.
    pub fn open(suite: &str) -> Option<Self> {
        let program = Path::new("/usr/sbin/smtp-sink");
        if !program.exists() {
            skipped(suite, "smtp-sink is not installed (Debian package postfix)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        // It refuses to run as root without a user to change to, and may not change when it is not root.
        if Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
            command.args(["-u", "nobody"]);
        }
        command.arg("-d").arg(format!("{}/mail.", folder.path().display())).arg(format!("127.0.0.1:{port}")).arg("64");
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let postbox = Self { child, folder, letters: BTreeMap::new(), url: format!("smtp://127.0.0.1:{port}") };
        let until = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(postbox)
    }

    /// Everything it received so far.
    pub fn letters(&mut self) -> impl Iterator<Item = &Received> {
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_owned();
            self.letters.entry(name).or_insert_with(|| Received::read(&std::fs::read(path).unwrap()));
        }
        self.letters.values()
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Received {
    fn read(file: &[u8]) -> Self {
        let letter = MessageParser::default().parse(file).expect("the file is a letter");
        let header = |name: &str| letter.header_raw(name).map(str::trim).unwrap_or_default().to_owned();
        let text = letter.body_text(0).expect("every letter has a text").replace("\r\n", "\n");
        let envelope: Vec<String> =
            letter.headers_raw().filter(|(name, _)| *name == "X-Rcpt-Args").map(|(_, args)| address(args).to_owned()).collect();
        let lines = || text.lines().map(str::trim);
        Self {
            to: envelope,
            message_id: header("Message-ID"),
            date: DateTime::from_timestamp(letter.date().expect("every letter has a date").to_timestamp(), 0).unwrap(),
            alert: alert(&header("List-Id")),
            welcome: lines().any(|line| line.starts_with("Thank you for subscribing")),
            shown: lines().filter(|line| line.starts_with("https://") && !line.starts_with(SERVICE)).map(str::to_owned).collect(),
            total: lines().find_map(total).unwrap_or(0),
            token: lines().find_map(|line| line.split_once("/confirm/")).map(|(_, token)| token.to_owned()),
        }
    }

    /// The jobs shown, without order; a job twice in one letter is a fault.
    pub fn shown(&self) -> BTreeSet<String> {
        let set: BTreeSet<String> = self.shown.iter().cloned().collect();
        assert_eq!(set.len(), self.shown.len(), "a job stands twice in {self:?}");
        set
    }
}

fn address(args: &str) -> &str {
    args.trim().trim_start_matches('<').split('>').next().unwrap_or_default()
}

/// `Name <alert-17.example.org>`
fn alert(list_id: &str) -> Option<i64> {
    list_id.split_once("<alert-")?.1.split_once('.')?.0.parse().ok()
}

/// `3 new jobs fit, daily ...` and `12 open jobs fit already; ...`
fn total(line: &str) -> Option<usize> {
    let (count, rest) = line.split_once(' ')?;
    let said = ["new job fits", "new jobs fit", "open job fits", "open jobs fit"].iter().any(|words| rest.starts_with(words));
    if said { count.parse().ok() } else { None }
}
