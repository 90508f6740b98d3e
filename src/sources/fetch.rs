//! The only outgoing HTTP of the crate: polite, bounded, and blind to what is inside the network.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{Body, MadeFor, ReadError, Request, WebPage};
use crate::sources::backoff;
use crate::sources::failure::Failure;
use crate::sources::fetch_client::{client, meaning};
use crate::sources::guard::Wall;
use crate::sources::pace::{Pace, host_of};
use crate::sources::robots::{self, Known, Robots, Rules};
use crate::sources::settings::FetchSettings;
use crate::sources::shape::json::web_page;
use crate::sources::state::Validators;

/// The longest that the answer to a sign of life may take.
const PING_TIME: Duration = Duration::from_secs(10);

/// Where a web page says what it is.
const START_OF_PAGE: usize = 65_536;

/// Brings answers; cheap to clone, and all clones share pace, connections and the limit of concurrent answers.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    pace: Pace,
    robots: Robots,
    places: Arc<Semaphore>,
    wall: Wall,
    settings: FetchSettings,
}

/// What a server answered.
#[derive(Debug)]
pub enum Answer {
    /// Nothing changed since the validators were given out.
    NotModified,
    /// A body, with the validators for the next time.
    Body {
        /// The body, decompressed.
        bytes: Vec<u8>,
        /// What to send along next time.
        validators: Validators,
        /// How long it took, without the wait for the host's turn.
        took: Duration,
        /// The place among the answers that are worked on at a time; free again when this is dropped.
        place: Option<Place>,
    },
}

/// One of `[fetch] concurrency` places. Whoever keeps it while an answer is read and recorded keeps answers from piling up.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// What came over the wire for one request.
struct Received {
    answer: Answer,
    /// Where the redirects ended.
    url: Url,
}

/// What is done with bytes beyond the bound.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// The answer is refused.
    Refuse(usize),
    /// They are left unread.
    Cut(usize),
}

/// Why no fetcher could be made.
#[derive(Debug, thiserror::Error)]
#[error("[fetch] cannot be used: {0}")]
pub struct FetcherError(String);

impl Fetcher {
    /// A fetcher by these settings.
    ///
    /// # Errors
    /// A setting cannot be used, or TLS cannot be set up.
    pub fn new(settings: &FetchSettings) -> Result<Self, FetcherError> {
        if let Some(fault) = settings.fault() {
            return Err(FetcherError(fault));
        }
        // Somebody else in the process may have chosen a provider already; theirs is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let wall = Wall::new(settings);
        Ok(Self::with(client(settings, &wall).map_err(|error| FetcherError(error.to_string()))?, settings, wall))
    }

    fn with(client: Client, settings: &FetchSettings, wall: Wall) -> Self {
        Self(Arc::new(Inner {
            client,
            pace: Pace::new(settings.per_host_interval.get(), settings.per_host_concurrency),
            robots: Robots::default(),
            places: Arc::new(Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            wall,
            settings: settings.clone(),
        }))
    }

    /// The settings it was made by.
    pub fn settings(&self) -> &FetchSettings {
        &self.0.settings
    }

    /// Asks once, in the host's turn, and reads the whole answer within its bounds; a page made for people only where the host's
    /// `robots.txt` allows it.
    ///
    /// # Errors
    /// Any answer but a good body or "not modified", with its mend.
    pub async fn ask(&self, request: &Request, known: &Validators, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let for_people = request.made_for == MadeFor::People;
        if for_people {
            self.may_read(&request.url, now).await?;
        }
        let received = self.exchange(request, known, Bound::Refuse(self.0.settings.max_bytes), now).await?;
        if for_people && received.url != request.url {
            self.may_read(&received.url, now).await?;
        }
        if let Answer::Body { bytes, .. } = &received.answer {
            check_body(request, bytes)?;
        }
        Ok(received.answer)
    }

    /// Gives a sign of life: the address is asked, and of the answer only the status counts.
    ///
    /// # Errors
    /// An address behind the wall, no answer in time, or one that is no success.
    pub async fn ping(&self, url: &Url) -> Result<(), Failure> {
        self.check(url)?;
        let call = self.0.client.get(url.clone()).timeout(PING_TIME);
        let response = call.send().await.map_err(|error| meaning(&error, &self.0.settings))?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(Failure::new(FetchFault::ServerError, format!("HTTP {status}"))) }
    }

    /// Whether the host's `robots.txt` allows an address; asks for it where it is not known.
    async fn may_read(&self, url: &Url, now: DateTime<Utc>) -> Result<(), Failure> {
        self.check(url)?;
        let cell = self.0.robots.cell(&url.origin().ascii_serialization());
        let mut place = cell.lock().await;
        let before = place.clone();
        let known = match before {
            Some(known) if known.is_fresh(now) => known,
            before => Known::of(self.ask_robots(url, now).await, before, now),
        };
        if let Some(delay) = known.rules.as_ref().ok().and_then(|rules| rules.delay) {
            self.0.pace.slow_down(&host_of(url), delay);
        }
        let judged = known.judge(url);
        *place = Some(known);
        judged
    }

    async fn ask_robots(&self, page: &Url, now: DateTime<Utc>) -> Result<Rules, Failure> {
        let mut url = page.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        url.set_fragment(None);
        let request = Request { accept: "text/plain, */*;q=0.5", made_for: MadeFor::Programs, ..Request::page(url) };
        let received = self.exchange(&request, &Validators::default(), Bound::Cut(robots::MOST_BYTES), now).await?;
        let Answer::Body { bytes, .. } = received.answer else { return Ok(Rules::default()) };
        let product = self.0.settings.product();
        // Other people's text: a reader that gives up costs this host only.
        let read = tokio::task::spawn_blocking(move || Rules::read(&bytes, &product)).await;
        let rules = read.map_err(|_| Failure::new(FetchFault::ServerError, "its robots.txt cannot be understood"))?;
        self.0.robots.count(&rules);
        Ok(rules)
    }

    /// Waits for a place among the answers that are worked on at a time.
    pub(super) async fn place(&self) -> Option<Place> {
        Arc::clone(&self.0.places).acquire_owned().await.ok().map(Place)
    }

    /// One request and its answer, in the host's turn.
    async fn exchange(&self, request: &Request, known: &Validators, bound: Bound, now: DateTime<Utc>) -> Result<Received, Failure> {
        self.check(&request.url)?;
        let (host, pace) = (host_of(&request.url), &self.0.pace);
        let slots = pace.slots(&host, now);
        let _turn = slots.acquire().await;
        // Asked here, not before: what the others in the line met counts.
        pace.admit(&host, now)?;
        tokio::time::sleep_until(pace.next(&host, tokio::time::Instant::now())).await;
        let held = self.place().await;
        pace.sent(&host, tokio::time::Instant::now());
        let mut outcome = self.transfer(request, known, bound, now).await;
        if let Ok(Received { answer: Answer::Body { place: kept, .. }, .. }) = &mut outcome {
            *kept = held;
        }
        pace.note(&host, outcome.as_ref().err(), now);
        outcome
    }

    async fn transfer(&self, request: &Request, known: &Validators, bound: Bound, now: DateTime<Utc>) -> Result<Received, Failure> {
        let started = tokio::time::Instant::now();
        let response = self.send(request, known).await?;
        let url = response.url().clone();
        if response.status() == StatusCode::NOT_MODIFIED {
            let asked = known.etag.is_some() || known.last_modified.is_some();
            let unasked = || Failure::new(FetchFault::ServerError, "\"not modified\" without having been asked");
            return asked.then_some(Received { answer: Answer::NotModified, url }).ok_or_else(unasked);
        }
        if !response.status().is_success() || is_challenge(&response) {
            return Err(refused(&response, now));
        }
        let header = |name: HeaderName| text_of(response.headers(), &name);
        let validators = Validators { etag: header(ETAG), last_modified: header(LAST_MODIFIED) };
        let bytes = self.body(response, bound).await?;
        Ok(Received { answer: Answer::Body { bytes, validators, took: started.elapsed(), place: None }, url })
    }

    fn check(&self, url: &Url) -> Result<(), Failure> {
        self.0.wall.check(url).map_err(|forbidden| Failure::new(FetchFault::Forbidden, forbidden))
    }

    async fn send(&self, request: &Request, known: &Validators) -> Result<Response, Failure> {
        let mut call = match &request.body {
            None => self.0.client.get(request.url.clone()),
            Some(Body::Json(json)) => self.0.client.post(request.url.clone()).header(CONTENT_TYPE, "application/json").body(json.clone()),
        };
        call = call.header(ACCEPT, request.accept);
        for (name, value) in &request.headers {
            call = call.header(*name, value);
        }
        let with = |call: RequestBuilder, name: HeaderName, value: &Option<String>| match value {
            Some(value) => call.header(name, value),
            None => call,
        };
        call = with(call, IF_NONE_MATCH, &known.etag);
        call = with(call, IF_MODIFIED_SINCE, &known.last_modified);
        call.send().await.map_err(|error| meaning(&error, &self.0.settings))
    }

    /// Reads the body chunk by chunk, so that what a small answer unpacks to is never held beyond the bound.
    async fn body(&self, mut response: Response, bound: Bound) -> Result<Vec<u8>, Failure> {
        let (Bound::Refuse(most) | Bound::Cut(most)) = bound;
        let too_big = || Failure::new(FetchFault::TooBig, format!("more than {most} bytes"));
        let refuses = matches!(bound, Bound::Refuse(_));
        if refuses && response.content_length().is_some_and(|length| length > most as u64) {
            return Err(too_big());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| meaning(&error, &self.0.settings))? {
            let room = most - bytes.len();
            if chunk.len() > room && refuses {
                return Err(too_big());
            }
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                break;
            }
        }
        Ok(bytes)
    }
}

/// What an unwelcome answer means.
fn refused(response: &Response, now: DateTime<Utc>) -> Failure {
    let status = response.status();
    if is_challenge(response) {
        return Failure::new(FetchFault::Blocked, format!("HTTP {status} with a check whether we are a person"));
    }
    let wait = text_of(response.headers(), &RETRY_AFTER).and_then(|header| backoff::retry_after(&header, now));
    let fault = match status.as_u16() {
        404 | 410 => FetchFault::Gone,
        429 => FetchFault::TooFast,
        503 if wait.is_some() => FetchFault::TooFast,
        401 | 402 | 403 | 407 | 451 => FetchFault::Blocked,
        408 => FetchFault::Slow,
        500..=599 => FetchFault::ServerError,
        _ => FetchFault::Misconfigured,
    };
    Failure::new(fault, format!("HTTP {status}")).after(wait)
}

/// Cloudflare says of its checks that they are checks, whatever their status.
fn is_challenge(response: &Response) -> bool {
    response.headers().get("cf-mitigated").is_some_and(|value| value == "challenge")
}

/// Names what no kind can read: nothing at all, and a web page where data was asked for.
fn check_body(request: &Request, bytes: &[u8]) -> Result<(), Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if bytes.is_empty() {
        let mend = "nothing is closed because of it, and it is asked again later; if it stays, see that kind and address fit";
        return Err(Failure::mended(FetchFault::Empty, "a good status and an empty body", mend));
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(START_OF_PAGE)]);
    let is_page =
        ["<!doctype html", "<html"].iter().any(|sign| start.get(..sign.len()).is_some_and(|head| head.eq_ignore_ascii_case(sign)));
    if !is_page {
        return Ok(());
    }
    let page = web_page(&start);
    let is_check = |title: &str| ["Just a moment", "Attention Required"].iter().any(|sign| title.starts_with(sign));
    match &page {
        // Pages of careers sites may carry the word captcha somewhere; only the title tells.
        ReadError::WebPage { title: Some(title), .. } if is_check(title) => {
            let kind = WebPage::Challenge;
            let page = ReadError::WebPage { title: Some(title.clone()), kind };
            Err(Failure::new(page.fault(), page))
        }
        _ if request.accept.contains("html") || request.accept.starts_with("*/*") => Ok(()),
        _ => Err(Failure::new(page.fault(), page)),
    }
}

/// A header as text; one that is no ASCII is as good as none.
fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use reqwest::dns::Resolve as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::sources::fetch_client::{Resolver, builder};
    use crate::sources::guard::ForbiddenAddress;

    /// Answers every connection with a redirect and counts them.
    async fn redirecting(to: String) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, visits) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&visits);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = socket.read(&mut [0; 4_096]).await;
                let answer = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        (address, visits)
    }

    #[tokio::test]
    async fn a_public_name_that_redirects_inside_is_not_followed() {
        let (canary, visits) = redirecting("http://board.test/".into()).await;
        let port = canary.port();
        let hosts =
            ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "localhost.", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "169.254.169.254"];
        for host in hosts {
            let (public, _) = redirecting(format!("http://{host}:{port}/meta-data")).await;
            let settings = FetchSettings { ports: vec![port, public.port()], ..FetchSettings::default() };
            let wall = Wall::new(&settings);
            let client = builder(&settings, &wall).resolve("board.test", public).build().unwrap();
            let fetcher = Fetcher::with(client, &settings, wall);
            let request = Request::json(format!("http://board.test:{}/", public.port()).parse().unwrap());
            let failure = fetcher.ask(&request, &Validators::default(), DateTime::UNIX_EPOCH).await.unwrap_err();
            assert_eq!(failure.fault, FetchFault::Forbidden, "{host}: {failure}");
        }
        assert_eq!(visits.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_name_is_checked_each_time_it_is_resolved() {
        let resolver = Resolver(Wall::new(&FetchSettings::default()));
        let refused = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(refused.downcast_ref::<ForbiddenAddress>().is_some());
        assert!(Resolver(Wall::Open).resolve("localhost".parse().unwrap()).await.is_ok());
    }
}
