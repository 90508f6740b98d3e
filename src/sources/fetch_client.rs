//! The HTTP client that all requests share, and what its errors mean.

use std::error::Error;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder};
use url::Url;

use crate::domain::FetchFault;
use crate::sources::failure::Failure;
use crate::sources::guard::{ForbiddenAddress, Wall};
use crate::sources::settings::FetchSettings;

/// The longest wait for a connection, within the whole time of an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Idle connections kept for each host.
const IDLE_PER_HOST: usize = 2;

/// What the operator can do about redirects that end nowhere.
const WHERE_IT_ENDS: &str = "open the address in a browser and configure the one where it ends, if it does";

/// Redirects that end nowhere.
#[derive(Debug, thiserror::Error)]
enum Astray {
    #[error("it redirects in a loop, back to {0}")]
    Loop(String),
    #[error("more than {0} redirects")]
    TooMany(usize),
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}; write user_agent and contact in plain letters on one line")]
pub struct ClientError(String);

/// The client all clones share. On a machine without certificates it still reads http (the demo, a mirror); https then fails and says why.
///
/// # Errors
/// The `User-Agent` cannot be sent.
pub fn client(settings: &FetchSettings, wall: &Wall) -> Result<Client, ClientError> {
    builder(settings, wall).build().or_else(|error| {
        tracing::warn!(error = ?words_of(&error), "no certificates: https sources cannot be read; install the package ca-certificates");
        builder(settings, wall).tls_certs_only([]).build().map_err(|error| ClientError(words_of(&error)))
    })
}

/// How the client is made.
pub fn builder(settings: &FetchSettings, wall: &Wall) -> ClientBuilder {
    Client::builder()
        .user_agent(settings.agent())
        .timeout(settings.timeout.get())
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout.get()))
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .no_proxy()
        .referer(false)
        .redirect(redirects(wall.clone(), settings.max_redirects))
        .dns_resolver(Resolver(wall.clone()))
}

/// What an error of the connection, of a redirect or of the body means.
pub fn meaning(error: &reqwest::Error, settings: &FetchSettings) -> Failure {
    let (mut of_tls, mut broke_off) = (false, false);
    for cause in causes(error) {
        if let Some(forbidden) = cause.downcast_ref::<ForbiddenAddress>() {
            return Failure::new(FetchFault::Forbidden, forbidden);
        }
        if let Some(astray) = cause.downcast_ref::<Astray>() {
            return Failure::mended(FetchFault::Misconfigured, astray, WHERE_IT_ENDS);
        }
        of_tls |= cause.is::<rustls::Error>();
        broke_off |= cause.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
        });
    }
    let words = words_of(error);
    if of_tls || words.contains("tls handshake") {
        return Failure::new(FetchFault::BadTls, words);
    }
    if error.is_timeout() && error.is_connect() {
        return Failure::new(FetchFault::Unreachable, format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()));
    }
    if error.is_timeout() {
        return Failure::new(FetchFault::Slow, format!("no whole answer within {}", settings.timeout));
    }
    let fault = match error {
        error if error.is_builder() => FetchFault::Misconfigured,
        error if error.is_decode() && !broke_off => FetchFault::ChangedFormat,
        _ => FetchFault::Unreachable,
    };
    Failure::new(fault, words)
}

/// All that an error rests on, from the outside in. An IO error made of another error does not name it as its source.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        let within = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        within.map(|within| within as &(dyn Error + 'static)).or_else(|| cause.source())
    })
}

/// The innermost words of an error, which say the most ("connection refused"), without the address.
fn words_of(error: &reqwest::Error) -> String {
    let words = causes(error).last().map(ToString::to_string).unwrap_or_default();
    if words.is_empty() { "the connection broke".to_owned() } else { words }
}

/// Follows redirects up to a number, each checked like a first address. An address may come again once: a POST may be answered by
/// a redirect to the same address.
fn redirects(wall: Wall, most: usize) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| {
        let before = attempt.previous().iter().filter(|url| *url == attempt.url()).count();
        if before > 1 || before > 0 && attempt.previous().len() > most {
            let back_to = shown(attempt.url());
            return attempt.error(Astray::Loop(back_to));
        }
        if attempt.previous().len() > most {
            return attempt.error(Astray::TooMany(most));
        }
        match wall.check(attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(forbidden) => attempt.error(forbidden),
        }
    })
}

/// An address without what may be secret.
fn shown(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}

/// The system's resolver, without the addresses that may not be connected to.
#[derive(Debug, Clone)]
pub struct Resolver(pub Wall);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let wall = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(wall.pick(name.as_str(), found)?.into_iter()) as Addrs)
        })
    }
}
