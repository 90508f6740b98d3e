//! The accept loop: what `axum::serve` leaves out. A time limit for heads, a cap on connections, a stop that ends.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::client::Peer;
use super::settings::WebSettings;

/// Most header lines of a request.
const MOST_HEADERS: usize = 100;

/// Wait after an accept that failed for want of something (file descriptors), before the next one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one connection too many hears.
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The place to listen at cannot be had.
    #[error("[web] listen = {place:?}: {fault}; give ADDRESS:PORT or unix:PATH that is free")]
    Listen {
        /// As configured.
        place: String,
        /// The system's word.
        fault: std::io::Error,
    },
}

/// A place that hears connections.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A socket in the file system, for a reverse proxy on the same machine.
    Unix(UnixListener),
}

impl Listener {
    /// Binds what `[web] listen` says. A stale socket file of an earlier run is replaced; a living one is left alone.
    ///
    /// # Errors
    /// Names the setting and what the system says.
    pub async fn bind(settings: &WebSettings) -> Result<Self, ServeError> {
        let place = settings.listen.as_str();
        let refuse = |fault| ServeError::Listen { place: place.to_owned(), fault };
        match place.strip_prefix("unix:") {
            Some(path) => bind_unix(Path::new(path)).await.map_err(refuse),
            None => TcpListener::bind(place).await.map(Self::Tcp).map_err(refuse),
        }
    }

    /// Where it listens, for people: `http://127.0.0.1:8080` or the socket's path.
    #[must_use]
    pub fn described(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map_or_else(|_| "tcp".to_owned(), |address| format!("http://{address}")),
            Self::Unix(listener) => {
                let path: Option<PathBuf> = listener.local_addr().ok().and_then(|address| address.as_pathname().map(Path::to_path_buf));
                path.map_or_else(|| "a unix socket".to_owned(), |path| format!("unix:{}", path.display()))
            }
        }
    }

    async fn accept(&self) -> std::io::Result<(Stream, Peer)> {
        match self {
            Self::Tcp(listener) => listener.accept().await.map(|(stream, address)| (Stream::Tcp(stream), Peer::At(address.ip()))),
            Self::Unix(listener) => listener.accept().await.map(|(stream, _)| (Stream::Unix(stream), Peer::Socket)),
        }
    }
}

async fn bind_unix(path: &Path) -> std::io::Result<Listener> {
    if path.exists() && UnixStream::connect(path).await.is_err() {
        std::fs::remove_file(path)?;
    }
    UnixListener::bind(path).map(Listener::Unix)
}

/// One accepted connection.
enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Serves `router` until `shutdown`, then lets the requests under way finish within the drain time and cuts what is left.
pub async fn serve(listener: Listener, router: Router, settings: &WebSettings, shutdown: CancellationToken) {
    let places = Arc::new(Semaphore::new(settings.connections));
    let graceful = GracefulShutdown::new();
    let cut = CancellationToken::new();
    let head_time = settings.header_timeout.get();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(?error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = Connection { router: router.clone(), peer, head_time, watcher: graceful.watcher(), cut: cut.clone() };
        match (Arc::clone(&places).try_acquire_owned(), stream) {
            (Ok(place), Stream::Tcp(stream)) => drop(tokio::spawn(connection.run(stream, place))),
            (Ok(place), Stream::Unix(stream)) => drop(tokio::spawn(connection.run(stream, place))),
            (Err(_), Stream::Tcp(stream)) => turn_away(stream).await,
            (Err(_), Stream::Unix(stream)) => turn_away(stream).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(settings.drain_timeout.get(), graceful.shutdown()).await.is_err() {
        tracing::warn!(after = ?settings.drain_timeout.get(), "connections were cut that did not end in time");
    }
    cut.cancel();
}

/// What one connection needs.
struct Connection {
    router: Router,
    peer: Peer,
    head_time: Duration,
    watcher: Watcher,
    cut: CancellationToken,
}

impl Connection {
    async fn run<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S, place: OwnedSemaphorePermit) {
        let peer = self.peer;
        let service = tower::util::MapRequest::new(self.router, move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_time)
            .max_headers(MOST_HEADERS)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        tokio::select! {
            // A client that breaks off is no event worth a line.
            _ = self.watcher.watch(connection) => {}
            () = self.cut.cancelled() => {}
        }
        drop(place);
    }
}

/// Tells one connection too many to come back later, without waiting for it.
async fn turn_away<S: AsyncWrite + Unpin>(mut stream: S) {
    const PATIENCE: Duration = Duration::from_millis(20);
    let _ = tokio::time::timeout(PATIENCE, stream.write_all(BUSY)).await;
}
