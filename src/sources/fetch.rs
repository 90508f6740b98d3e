//! The only outgoing HTTP of the crate: polite, bounded, and blind to what is inside the network.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode};
use tokio::sync::Semaphore;
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{Body, Request};
use crate::sources::backoff;
use crate::sources::failure::Failure;
use crate::sources::guard::{self, ForbiddenAddress};
use crate::sources::pace::Pace;
use crate::sources::settings::FetchSettings;
use crate::sources::state::Validators;

/// The longest wait for a connection, within the whole time of an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Idle connections kept for each host.
const IDLE_PER_HOST: usize = 2;

/// Brings answers; cheap to clone, and all clones share pace, connections and the limit of concurrent answers.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    pace: Pace,
    slots: Semaphore,
    addresses: Addresses,
    settings: FetchSettings,
}

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Addresses {
    PublicOnly,
    Any,
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
    },
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
        let addresses = if settings.allow_private_addresses { Addresses::Any } else { Addresses::PublicOnly };
        Ok(Self::with(client(settings, addresses)?, settings, addresses))
    }

    fn with(client: Client, settings: &FetchSettings, addresses: Addresses) -> Self {
        Self(Arc::new(Inner {
            client,
            pace: Pace::new(settings.per_host_interval.get()),
            slots: Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            addresses,
            settings: settings.clone(),
        }))
    }

    /// The settings it was made by.
    pub fn settings(&self) -> &FetchSettings {
        &self.0.settings
    }

    /// Asks once, in the host's turn, and reads the whole answer within its bounds.
    ///
    /// # Errors
    /// Any answer but a good body or "not modified", with its mend.
    pub async fn ask(&self, request: &Request, known: &Validators, now: DateTime<Utc>) -> Result<Answer, Failure> {
        self.check(&request.url).map_err(|forbidden| Failure::new(FetchFault::Forbidden, forbidden))?;
        let host = request.url.host_str().unwrap_or_default();
        if let Some(until) = self.0.pace.closed_until(host, now) {
            let seconds = u64::try_from((until - now).num_seconds()).unwrap_or(0);
            return Err(Failure::new(FetchFault::TooFast, format!("{host} asked to be left alone until {until}")).after(Some(seconds)));
        }
        tokio::time::sleep_until(self.0.pace.next(host, tokio::time::Instant::now())).await;
        let _slot = self.0.slots.acquire().await;
        let started = tokio::time::Instant::now();
        let response = self.send(request, known).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            let asked = known.etag.is_some() || known.last_modified.is_some();
            let unasked = || Failure::new(FetchFault::ServerError, "\"not modified\" without having been asked");
            return asked.then_some(Answer::NotModified).ok_or_else(unasked);
        }
        if !response.status().is_success() {
            return Err(self.refused(host, &response, now));
        }
        let header = |name: HeaderName| text_of(response.headers(), &name);
        let validators = Validators { etag: header(ETAG), last_modified: header(LAST_MODIFIED) };
        Ok(Answer::Body { bytes: self.body(response).await?, validators, took: started.elapsed() })
    }

    fn check(&self, url: &Url) -> Result<(), ForbiddenAddress> {
        match self.0.addresses {
            Addresses::PublicOnly => guard::check_url(url),
            Addresses::Any => guard::check_scheme(url),
        }
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
        call.send().await.map_err(|error| self.broken(&error))
    }

    /// Reads the body chunk by chunk, so that what a small answer unpacks to is never held beyond the bound.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let most = self.0.settings.max_bytes;
        let too_big = || Failure::new(FetchFault::TooBig, format!("more than {most} bytes"));
        if response.content_length().is_some_and(|length| length > most as u64) {
            return Err(too_big());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if bytes.len() + chunk.len() > most {
                return Err(too_big());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// What an unwelcome status means.
    fn refused(&self, host: &str, response: &Response, now: DateTime<Utc>) -> Failure {
        let status = response.status();
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
        if let (FetchFault::TooFast, Some(seconds)) = (fault, wait) {
            self.0.pace.close(host, now + Duration::from_secs(seconds));
        }
        Failure::new(fault, format!("HTTP {status}")).after(wait)
    }

    /// What an error of the connection means.
    fn broken(&self, error: &reqwest::Error) -> Failure {
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(forbidden) = inner.downcast_ref::<ForbiddenAddress>() {
                return Failure::new(FetchFault::Forbidden, forbidden);
            }
            cause = inner.source();
        }
        if error.is_timeout() {
            return Failure::new(FetchFault::Slow, format!("no whole answer within {}", self.0.settings.timeout));
        }
        if error.is_redirect() {
            return Failure::new(FetchFault::Misconfigured, format!("more than {} redirects", self.0.settings.max_redirects));
        }
        let words = words_of(error);
        if words.contains("certificate") {
            let mend = "see its date and name, and that this machine has the package ca-certificates";
            return Failure::new(FetchFault::Unreachable, format!("{words}: {mend}"));
        }
        let fault = if error.is_builder() { FetchFault::Misconfigured } else { FetchFault::Unreachable };
        Failure::new(fault, words)
    }
}

/// The client all clones share. On a machine without certificates it still reads http (the demo, a mirror); https then fails and says why.
fn client(settings: &FetchSettings, addresses: Addresses) -> Result<Client, FetcherError> {
    builder(settings, addresses).build().or_else(|error| {
        tracing::warn!(error = ?words_of(&error), "no certificates: https sources cannot be read; install the package ca-certificates");
        builder(settings, addresses)
            .tls_certs_only([])
            .build()
            .map_err(|error| FetcherError(format!("{}; write user_agent and contact in plain letters on one line", words_of(&error))))
    })
}

fn builder(settings: &FetchSettings, addresses: Addresses) -> ClientBuilder {
    Client::builder()
        .user_agent(settings.agent())
        .timeout(settings.timeout.get())
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout.get()))
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .no_proxy()
        .referer(false)
        .redirect(redirects(addresses, settings.max_redirects))
        .dns_resolver(Resolver(addresses))
}

/// A header as text; one that is no ASCII is as good as none.
fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The innermost words of an error, which say the most ("connection refused"), without the address.
fn words_of(error: &reqwest::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    if words.is_empty() { "the connection broke".to_owned() } else { words }
}

/// Follows redirects up to a number, each checked like a first address.
fn redirects(addresses: Addresses, most: usize) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| {
        if attempt.previous().len() > most {
            return attempt.error("too many redirects");
        }
        let checked = match addresses {
            Addresses::PublicOnly => guard::check_redirect(attempt.url(), attempt.previous().first()),
            Addresses::Any => guard::check_scheme(attempt.url()),
        };
        match checked {
            Ok(()) => attempt.follow(),
            Err(forbidden) => attempt.error(forbidden),
        }
    })
}

/// The system's resolver, without the addresses that may not be connected to.
#[derive(Debug, Clone, Copy)]
struct Resolver(Addresses);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed = allowed(addresses, name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Of the addresses of a name those that may be connected to.
fn allowed(addresses: Addresses, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ForbiddenAddress> {
    if addresses == Addresses::Any {
        return Ok(found);
    }
    let public: Vec<SocketAddr> = found.iter().copied().filter(|address| guard::is_public(address.ip())).collect();
    match found.first() {
        Some(first) if public.is_empty() => Err(ForbiddenAddress(format!("{name} leads to {}, which is not a public address", first.ip()))),
        _ => Ok(public),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

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
        let settings = FetchSettings::default();
        let port = canary.port();
        let hosts =
            ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "localhost.", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "169.254.169.254"];
        for host in hosts {
            let (public, _) = redirecting(format!("http://{host}:{port}/meta-data")).await;
            let client = builder(&settings, Addresses::PublicOnly).resolve("board.test", public).build().unwrap();
            let fetcher = Fetcher::with(client, &settings, Addresses::PublicOnly);
            let request = Request::json(format!("http://board.test:{}/", public.port()).parse().unwrap());
            let failure = fetcher.ask(&request, &Validators::default(), DateTime::UNIX_EPOCH).await.unwrap_err();
            assert_eq!(failure.fault, FetchFault::Forbidden, "{host}: {failure}");
        }
        assert_eq!(visits.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_name_is_checked_each_time_it_is_resolved() {
        let resolver = Resolver(Addresses::PublicOnly);
        let refused = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(refused.downcast_ref::<ForbiddenAddress>().is_some());
        assert!(Resolver(Addresses::Any).resolve("localhost".parse().unwrap()).await.is_ok());
    }

    #[test]
    fn a_name_that_leads_inside_and_outside_keeps_the_outside_only() {
        let found: Vec<SocketAddr> = vec!["127.0.0.1:0".parse().unwrap(), "1.1.1.1:0".parse().unwrap()];
        assert_eq!(allowed(Addresses::PublicOnly, "x", found.clone()), Ok(vec![found[1]]));
        assert_eq!(allowed(Addresses::Any, "x", found.clone()), Ok(found.clone()));
        assert!(allowed(Addresses::PublicOnly, "x", found[..1].to_vec()).unwrap_err().0.contains("127.0.0.1"));
    }
}
