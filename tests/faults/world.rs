//! A service with its world: a board that brings jobs, people who want all of them, a mail server, and a program that adds further
//! people by the API. At the end everything that was promised has to be there, once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::DateTime;
use reqwest::StatusCode;
use rolecall::domain::EmailAddress;
use rolecall::store::{DatabaseSettings, Store};
use serde_json::{Value, json};

use crate::board::{Board, FIRST};
use crate::service::{How, Service};
use crate::sink::{SERVICE, Sink};

/// People, each with one alert that everything fits.
pub const PEOPLE: usize = 8;
/// Connections to the mail server.
pub const CONNECTIONS: usize = 2;
/// Letters have to come within this time after the one before, until all are there.
const DRAINS_WITHIN: Duration = Duration::from_mins(2);

/// How often a reader hears of jobs, by number.
pub type Rhythm = fn(usize) -> Value;

fn at_once(_: usize) -> Value {
    json!({"frequency": "instant"})
}

/// The world of a service.
pub struct World {
    folder: tempfile::TempDir,
    data: PathBuf,
    pub board: Board,
    pub sink: Sink,
    /// What the mail server is reached by.
    pub mail_port: u16,
    token: String,
    starts: AtomicUsize,
    asked: AtomicUsize,
    acknowledged: Mutex<Vec<String>>,
    client: reqwest::Client,
}

/// What came of it all.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Pairs of person and job that were due.
    pub due: usize,
    /// Different letters with jobs.
    pub letters: usize,
    /// Letters that came again, with their own Message-ID.
    pub repeated: usize,
    /// People whose addition was acknowledged.
    pub acknowledged: usize,
    /// Pairs that never came, or came in two different letters.
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
}

impl World {
    /// A world whose data lies in a folder of its own.
    pub async fn set() -> Self {
        Self::build(None, at_once).await
    }

    /// A world whose data lies on this disk.
    pub async fn on(disk: &Path) -> Self {
        Self::build(Some(disk.join("data")), at_once).await
    }

    /// A world that nobody has begun: no database, nobody in it.
    pub async fn bare() -> Self {
        Self::begin(None, at_once).await
    }

    /// A world whose readers hear of jobs by a rhythm of their own.
    pub async fn of(rhythm: Rhythm) -> Self {
        Self::build(None, rhythm).await
    }

    async fn build(data: Option<PathBuf>, rhythm: Rhythm) -> Self {
        let mut world = Self::begin(data, rhythm).await;
        // The first answer of a board alerts nobody; it is taken before the first alert is there.
        world.finish(&["run"]);
        world.finish(&["subscriber", "import", &world.path("people.ndjson").display().to_string()]);
        let token = world.finish(&["token", "add", "load", "--scope", "subscribers:write"]);
        token.trim().clone_into(&mut world.token);
        world
    }

    async fn begin(data: Option<PathBuf>, rhythm: Rhythm) -> Self {
        let mut world = Self::empty(data);
        let board = world.board.open().await;
        world.mail_port = world.sink.open().await;
        world.configure(&board, rhythm);
        world
    }

    fn empty(data: Option<PathBuf>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = data.unwrap_or_else(|| folder.path().join("data"));
        Self {
            folder,
            data,
            board: Board::default(),
            sink: Sink::default(),
            mail_port: 0,
            token: String::new(),
            starts: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
            client: reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap(),
        }
    }

    fn configure(&self, board: &str, rhythm: Rhythm) {
        let (data, port) = (toml::Value::String(self.data.display().to_string()), self.mail_port);
        let config = format!(
            "[service]\nbase_url = \"{SERVICE}\"\ndata_dir = {data}\n[web]\nlisten = \"127.0.0.1:0\"\napi_requests_per_minute = 1000000\n\
             [mail]\ntransport = \"smtp\"\nfrom = \"Rolecall <alerts@example.org>\"\n\
             [mail.smtp]\nurl = \"smtp://127.0.0.1:{port}\"\nconnections = {CONNECTIONS}\n\
             [alerts]\nmax_listings = 5000\nmax_per_company = 5000\ninstant_grouping = \"1s\"\n[delivery]\nunknown_retry = \"0s\"\n\
             [fetch]\nallow_private_addresses = true\nper_host_interval = \"0s\"\nschedule = \"* * * * * *\"\n\
             [[source]]\nname = \"board\"\nkind = \"greenhouse\"\nboard = \"acme\"\nbase_url = \"{board}\"\n"
        );
        std::fs::write(self.path("rolecall.toml"), config).unwrap();
        let person = |number| json!({"email": reader(number), "name": "All", "preferences": {}, "delivery": rhythm(number)});
        let people: Vec<String> = (0..PEOPLE).map(|number| person(number).to_string()).collect();
        std::fs::write(self.path("people.ndjson"), people.join("\n") + "\n").unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The program with these arguments; its log goes to a file.
    pub fn command(&self, how: &How, arguments: &[&str]) -> Command {
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = match how.under.split_first() {
            Some((program, before)) => {
                let mut command = Command::new(program);
                command.args(before).arg(env!("CARGO_BIN_EXE_rolecall"));
                command
            }
            None => Command::new(env!("CARGO_BIN_EXE_rolecall")),
        };
        command.args(arguments).arg("--config").arg(self.path("rolecall.toml"));
        command.envs(how.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command
    }

    /// Runs the program to a good end; what it printed.
    pub fn finish(&self, arguments: &[&str]) -> String {
        let done = self.command(&How::default(), arguments).stdout(Stdio::piped()).output().unwrap();
        assert!(done.status.success(), "rolecall {arguments:?}: {}\n{}", done.status, std::fs::read_to_string(self.path("log")).unwrap());
        String::from_utf8(done.stdout).unwrap()
    }

    /// Starts the service and waits for nothing.
    pub fn start(&self, how: &How) -> Service {
        let place = self.path(&format!("notify{}", self.starts.fetch_add(1, Ordering::SeqCst)));
        let talk = tokio::net::UnixDatagram::bind(&place).unwrap();
        let mut command = self.command(how, &["serve"]);
        command.env("NOTIFY_SOCKET", &place);
        Service::start(command, talk, self.path("log"))
    }

    /// Starts the service; it is ready.
    pub async fn ready(&self, how: &How) -> Service {
        let mut service = self.start(how);
        assert!(service.ready().await, "it ended before it was ready\n{}", service.log());
        service
    }

    /// Adds one person by the API; the status, or none where no answer came. What was acknowledged is kept in mind.
    pub async fn add(&self, page: &str) -> Option<StatusCode> {
        let address = format!("added{}@example.org", self.asked.fetch_add(1, Ordering::SeqCst));
        let person = json!({"email": address, "confirmed": true, "name": "None", "preferences": {"keywords": "nothingishere"},
            "delivery": {"frequency": "weekly"}});
        let call =
            self.client.post(format!("{page}/api/v1/subscribers")).bearer_auth(&self.token).header("content-type", "application/json");
        let answer = call.body(person.to_string()).send().await.ok()?;
        if answer.status().is_success() {
            self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(address);
        } else if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            assert!(answer.headers().contains_key("retry-after"), "a 503 says when to come again");
        }
        Some(answer.status())
    }

    /// Adds people until one is taken; how long that took.
    pub async fn add_until_taken(&self, service: &Service) -> Duration {
        let begun = Instant::now();
        while self.add(service.page()).await != Some(StatusCode::CREATED) {
            assert!(begun.elapsed() < DRAINS_WITHIN, "nothing is taken any more\n{}", service.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        begun.elapsed()
    }

    /// The status of a page.
    pub async fn get(&self, service: &Service, path: &str) -> Option<u16> {
        self.client.get(format!("{}{path}", service.page())).send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// Adds people until the service ends or `time` is over since it was ready; whether it ended.
    pub async fn load_until_it_ends(&self, service: &mut Service, time: Duration) -> bool {
        if !service.ready().await {
            return true;
        }
        let begun = Instant::now();
        let page = service.page().to_owned();
        while begun.elapsed() < time {
            let _ = self.add(&page).await;
            if service.ended().is_some() {
                return true;
            }
        }
        false
    }

    /// Waits for a new letter.
    pub async fn next_letter(&self, service: &Service) {
        let (before, begun) = (self.sink.count(), Instant::now());
        while self.sink.count() == before {
            assert!(begun.elapsed() < DRAINS_WITHIN, "no letter comes\n{}", service.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The fault is over: no job is new from now on, everything due has to come, and the service to stop in order. Then all
    /// acknowledged people have to be there and every job to have reached every reader in one letter.
    pub async fn ends_well(self, service: Service) -> Verdict {
        self.board.grow(false);
        // A slow machine may have its time as long as letters come; where none comes for so long, what is missing is lost.
        let (mut seen, mut since) = (self.sink.count(), Instant::now());
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if self.sink.count() != seen {
                (seen, since) = (self.sink.count(), Instant::now());
            } else if self.judge().lost.is_empty() {
                break;
            }
            assert!(since.elapsed() < DRAINS_WITHIN, "lost: {:?}\n{}", self.judge().lost, service.log());
        }
        let log = service.log();
        assert_eq!(service.stop().await.code(), Some(0), "{log}");
        self.verify().await;
        let verdict = self.judge();
        assert!(verdict.lost.is_empty() && verdict.doubled.is_empty(), "{verdict:?}");
        verdict
    }

    /// The machine has started anew: the mark of what lanes noted is that of another boot, and what they noted is not to be believed.
    pub fn another_boot(&self) {
        let mark = self.data.join("under_way/mark");
        if mark.exists() {
            std::fs::write(mark, b"another boot").unwrap();
        }
    }

    /// People whose addition was acknowledged.
    pub fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything that was acknowledged is in the database, which is whole.
    pub async fn verify(&self) {
        self.finish(&["verify"]);
        let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", self.data.join("rolecall.db").display()) }).await.unwrap();
        for address in &self.acknowledged() {
            let found = store.subscriber_by_email(&EmailAddress::parse(address).unwrap()).await.unwrap();
            assert!(found.is_some(), "{address} was acknowledged and is gone");
        }
        let failed = store.status(DateTime::UNIX_EPOCH).await.unwrap().failed;
        assert_eq!(failed, 0, "letters were given up");
        store.close().await;
    }

    /// What of all that was due has come until now.
    pub fn judge(&self) -> Verdict {
        let mut verdict = Verdict { acknowledged: self.acknowledged().len(), ..Verdict::default() };
        let mut first: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        for letter in self.sink.letters().into_iter().filter(|letter| !letter.welcome) {
            assert!(!letter.more, "a letter shows less than all: {letter:?}");
            if let Some(before) = first.insert(letter.message_id.clone(), (letter.to.clone(), letter.shown.clone())) {
                assert_eq!(before, (letter.to, letter.shown), "one Message-ID, two letters");
                verdict.repeated += 1;
            }
        }
        verdict.letters = first.len();
        let mut mailed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (to, shown) in first.values() {
            for job in shown {
                *mailed.entry((to, job)).or_default() += 1;
            }
        }
        for (person, job) in self.due() {
            verdict.due += 1;
            match mailed.get(&(person.as_str(), job.as_str())) {
                None => verdict.lost.push(format!("{person} {job}")),
                Some(1) => {}
                Some(times) => verdict.doubled.push(format!("{person} {job}: {times} times")),
            }
        }
        verdict
    }

    fn due(&self) -> Vec<(String, String)> {
        let jobs: Value = serde_json::from_str(&self.board.payload()).unwrap();
        let urls: Vec<String> =
            jobs["jobs"].as_array().unwrap()[FIRST..].iter().map(|job| job["absolute_url"].as_str().unwrap().to_owned()).collect();
        (0..PEOPLE).flat_map(|number| urls.iter().map(move |url| (reader(number), url.clone()))).collect()
    }
}

fn reader(number: usize) -> String {
    format!("reader{number}@example.org")
}
