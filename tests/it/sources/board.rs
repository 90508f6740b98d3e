//! A board on a loopback port that answers by a script, byte by byte where needed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rolecall::domain::{DurationText, SourceState};
use rolecall::sources::{Brought, FetchResult, FetchSettings, Fetched, Fetcher, KnownRows, Source, SourceSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the board sends for one request.
pub enum Reply {
    /// These bytes, then the connection closes.
    Whole(Vec<u8>),
    /// These bytes, then this piece again and again after each wait, until the other side leaves.
    Drip(Vec<u8>, &'static [u8], Duration),
}

/// A whole answer with a status line, further header lines and a body.
pub fn reply(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    Reply::Whole([head.as_bytes(), b"\r\n", body].concat())
}

/// A board under test; it lives until the test's runtime ends.
pub struct Board {
    /// Its address, such as `http://127.0.0.1:40001`.
    pub url: String,
    /// The head of every request that came, with what was sent behind it, in order.
    pub heads: Arc<Mutex<Vec<String>>>,
}

impl Board {
    /// Starts a board that answers each request by its first line; it has no `robots.txt`, and is not counted as asked for it.
    pub async fn open(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |head| if is_robots(head) { reply("404 Not Found", &[], "") } else { script(head) }, is_robots).await
    }

    /// The same, but the script answers for `robots.txt` too.
    pub async fn with_robots(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(script, |_| false).await
    }

    async fn start(script: impl Fn(&str) -> Reply + Send + Sync + 'static, hidden: fn(&str) -> bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (script, seen) = (Arc::new(script), Arc::clone(&heads));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, Arc::clone(&script), hidden, Arc::clone(&seen)));
            }
        });
        Self { url, heads }
    }

    /// A board that always sends the same.
    pub async fn always(status: &'static str, headers: &'static [&'static str], body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::open(move |_| reply(status, headers, &body)).await
    }

    /// The first lines of the requests that came, without version.
    pub fn asked(&self) -> Vec<String> {
        let heads = self.heads.lock().expect("no test panics while it holds the heads");
        heads.iter().map(|head| head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned()).collect()
    }

    /// Fetches this board as a Greenhouse source, for the first time.
    pub async fn fetch(&self) -> Fetched {
        self.greenhouse().fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await
    }

    /// This board as a Greenhouse source.
    pub fn greenhouse(&self) -> Source {
        self.source("greenhouse", &[("board", "acme")])
    }

    /// This board as a source of a kind.
    pub fn source(&self, kind: &str, options: &[(&str, &str)]) -> Source {
        let mut settings = settings(kind, options);
        settings.base_url = Some(self.url.parse().expect("the board has an address"));
        Source::build(&settings).expect("the source is configured right")
    }
}

fn is_robots(head: &str) -> bool {
    head.starts_with("GET /robots.txt ")
}

async fn answer(mut socket: TcpStream, script: Arc<impl Fn(&str) -> Reply>, hidden: fn(&str) -> bool, seen: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let length = String::from_utf8_lossy(&head).to_ascii_lowercase().split_once("content-length: ").and_then(|(_, rest)| {
        let digits = rest.lines().next()?;
        digits.trim().parse::<usize>().ok()
    });
    let mut sent = vec![0; length.unwrap_or(0)];
    if socket.read_exact(&mut sent).await.is_err() {
        return;
    }
    head.extend(sent);
    let head = String::from_utf8_lossy(&head).into_owned();
    let reply = script(&head);
    if !hidden(&head) {
        seen.lock().expect("no test panics while it holds the heads").push(head);
    }
    match reply {
        Reply::Whole(bytes) => {
            let _ = socket.write_all(&bytes).await;
            let _ = socket.shutdown().await;
        }
        Reply::Drip(start, piece, wait) => {
            let mut alive = socket.write_all(&start).await;
            while alive.is_ok() {
                tokio::time::sleep(wait).await;
                alive = socket.write_all(piece).await;
            }
        }
    }
}

/// The settings of a source named `acme`.
pub fn settings(kind: &str, options: &[(&str, &str)]) -> SourceSettings {
    let table = options.iter().map(|(key, value)| ((*key).to_owned(), toml::Value::from(*value))).collect();
    SourceSettings::new("acme", kind, table)
}

/// Settings that allow loopback and do not wait.
pub fn fetch_settings() -> FetchSettings {
    FetchSettings {
        allow_private_addresses: true,
        timeout: DurationText::from_millis(1_500),
        per_host_interval: DurationText::from_millis(0),
        ..FetchSettings::default()
    }
}

/// A fetcher with [`fetch_settings`].
pub fn fetcher() -> Fetcher {
    Fetcher::new(&fetch_settings()).expect("the settings are good")
}

/// The moment at which the tests play.
pub fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z").expect("a date").to_utc()
}

/// The ids that were fetched, and whether they are all there is.
pub fn ids(fetched: &Fetched) -> (Vec<&str>, bool) {
    match &fetched.result {
        FetchResult::Brought(Brought { postings, complete, .. }) => {
            (postings.iter().map(|posting| posting.id.as_str()).collect(), *complete)
        }
        other => panic!("postings were due, not {other:?}"),
    }
}

/// A Greenhouse answer with these ids.
pub fn greenhouse_jobs(ids: impl IntoIterator<Item = u32>) -> String {
    let jobs: Vec<String> = ids.into_iter().map(|id| format!(r#"{{"id":{id},"title":"Job {id}","location":{{"name":"Pune"}}}}"#)).collect();
    format!(r#"{{"jobs":[{}],"meta":{{"total":{}}}}}"#, jobs.join(","), jobs.len())
}
