//! The accept loop: what `axum::serve` leaves out. A time limit for heads, a cap on connections, a stop that ends.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::client::Peer;
use super::crowd::{Crowd, Standing};
use super::listener::{Listeners, Stream};
use super::settings::WebSettings;

/// Most header lines of a request.
const MOST_HEADERS: usize = 100;

/// Wait after an accept that failed for want of something (file descriptors), before the next one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one connection too many hears.
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Time for clients with an open connection to hear, in the answer to what they ask next, that it ends. A connection that is shut
/// while a request is already on its way would fail that request.
const FAREWELL: Duration = Duration::from_millis(500);

/// What is served, and how. A reload puts another in its place: the next request is answered by it, on whichever connection.
#[derive(Debug, Clone)]
pub struct Serving {
    /// The pages.
    pub router: Router,
    /// How they are served; `listen` and `connections` are those of the start.
    pub settings: WebSettings,
}

/// Serves until `shutdown`, then lets the requests under way finish within the drain time and cuts what is left.
pub async fn serve(listeners: Listeners, serving: watch::Receiver<Serving>, shutdown: CancellationToken) {
    let most = u32::try_from(serving.borrow().settings.connections).unwrap_or(u32::MAX);
    let places = Arc::new(Semaphore::new(most as usize));
    let crowd = Crowd::default();
    let graceful = GracefulShutdown::new();
    let cut = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listeners.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(?error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection =
            Connection { serving: serving.clone(), peer, closing: shutdown.clone(), watcher: graceful.watcher(), cut: cut.clone() };
        match (place(&places, &crowd, peer, &serving), stream) {
            (Some(place), Stream::Tcp(stream)) => drop(tokio::spawn(connection.run(stream, place))),
            (Some(place), Stream::Unix(stream)) => drop(tokio::spawn(connection.run(stream, place))),
            (None, Stream::Tcp(stream)) => turn_away(stream).await,
            (None, Stream::Unix(stream)) => turn_away(stream).await,
        }
    }
    drop(listeners);
    // Every place is free once every connection has ended.
    let _ = tokio::time::timeout(FAREWELL, places.acquire_many(most)).await;
    let drain = serving.borrow().settings.drain_timeout.get();
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(after = ?drain, "connections were cut that did not end in time");
    }
    cut.cancel();
}

/// A place among all connections, and among those of its network; free again when it is dropped.
struct Place(#[expect(dead_code, reason = "it is held, not read")] (OwnedSemaphorePermit, Standing));

/// A place for a connection, if there is one.
fn place(places: &Arc<Semaphore>, crowd: &Crowd, peer: Peer, serving: &watch::Receiver<Serving>) -> Option<Place> {
    let free = Arc::clone(places).try_acquire_owned().ok()?;
    let settings = &serving.borrow().settings;
    let standing = crowd.enter(peer, &settings.trusted_proxies, settings.connections_per_visitor)?;
    Some(Place((free, standing)))
}

/// What one connection needs.
struct Connection {
    serving: watch::Receiver<Serving>,
    peer: Peer,
    closing: CancellationToken,
    watcher: Watcher,
    cut: CancellationToken,
}

impl Connection {
    async fn run<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S, place: Place) {
        let Self { serving, peer, closing, watcher, cut } = self;
        let head_time = serving.borrow().settings.header_timeout.get();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let router = serving.borrow().router.clone();
            answer(router, request, closing.clone())
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_time)
            .max_headers(MOST_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            // A client that breaks off is no event worth a line.
            _ = watcher.watch(connection) => {}
            () = cut.cancelled() => {}
        }
        drop(place);
    }
}

/// Answers a request; the last one of its connection where the service is stopping.
async fn answer(router: Router, request: hyper::Request<Incoming>, closing: CancellationToken) -> Result<Response, Infallible> {
    let mut response = router.oneshot(request).await?;
    if closing.is_cancelled() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// Tells one connection too many to come back later, without waiting for it.
async fn turn_away<S: AsyncWrite + Unpin>(mut stream: S) {
    const PATIENCE: Duration = Duration::from_millis(20);
    let _ = tokio::time::timeout(PATIENCE, stream.write_all(BUSY)).await;
}
