//! The places where connections are heard: those that systemd hands over, or the one that the settings name.

use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::task::{Context, Poll};

use listenfd::ListenFd;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use super::client::Peer;
use super::settings::WebSettings;

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
    /// A socket that was handed over cannot be served.
    #[error("socket {number} of the socket unit: {fault}; give a ListenStream= that is an ADDRESS:PORT or a path")]
    HandedOver {
        /// Which, from 1.
        number: usize,
        /// What is wrong with it.
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

/// All places that are heard at.
#[derive(Debug)]
pub struct Listeners {
    places: Vec<Listener>,
    /// Whether somebody else keeps them open, so that who connects during a restart waits and is not refused.
    pub handed_over: bool,
}

/// One accepted connection.
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Listeners {
    /// Takes the sockets of a socket unit (`LISTEN_FDS`, sd_listen_fds(3)); where there are none, binds what `[web] listen` says.
    ///
    /// # Errors
    /// Names the setting or the socket, and what the system says.
    pub async fn open(settings: &WebSettings) -> Result<Self, ServeError> {
        let places = handed_over(ListenFd::from_env())?;
        if places.is_empty() { Ok(Listener::bind(settings).await?.into()) } else { Ok(Self { places, handed_over: true }) }
    }

    /// Where it listens, for people.
    #[must_use]
    pub fn described(&self) -> String {
        self.places.iter().map(Listener::described).collect::<Vec<_>>().join(", ")
    }

    /// The next connection at any of the places. Nothing is lost when it is dropped.
    pub(super) async fn accept(&self) -> std::io::Result<(Stream, Peer)> {
        std::future::poll_fn(|context| self.poll_accept(context)).await
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<std::io::Result<(Stream, Peer)>> {
        let ready = self.places.iter().map(|place| place.poll_accept(context)).find(Poll::is_ready);
        ready.unwrap_or(Poll::Pending)
    }
}

impl From<Listener> for Listeners {
    fn from(place: Listener) -> Self {
        Self { places: vec![place], handed_over: false }
    }
}

fn handed_over(mut sockets: ListenFd) -> Result<Vec<Listener>, ServeError> {
    (0..sockets.len()).map(|index| take(&mut sockets, index).map_err(|fault| ServeError::HandedOver { number: index + 1, fault })).collect()
}

fn take(sockets: &mut ListenFd, index: usize) -> std::io::Result<Listener> {
    // One that is not TCP stays where it is, to be tried as a socket of the file system.
    if let Ok(Some(socket)) = sockets.take_tcp_listener(index) {
        socket.set_nonblocking(true)?;
        return TcpListener::from_std(socket).map(Listener::Tcp);
    }
    let socket = sockets.take_unix_listener(index)?.ok_or(std::io::ErrorKind::NotFound)?;
    socket.set_nonblocking(true)?;
    UnixListener::from_std(socket).map(Listener::Unix)
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

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<std::io::Result<(Stream, Peer)>> {
        match self {
            Self::Tcp(listener) => listener.poll_accept(context).map_ok(|(stream, address)| (Stream::Tcp(stream), Peer::At(address.ip()))),
            Self::Unix(listener) => listener.poll_accept(context).map_ok(|(stream, _)| (Stream::Unix(stream), Peer::Socket)),
        }
    }
}

async fn bind_unix(path: &Path) -> std::io::Result<Listener> {
    // Only a socket is ours to replace: a file refuses a connection just as well.
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    if is_socket && UnixStream::connect(path).await.is_err() {
        std::fs::remove_file(path)?;
    }
    UnixListener::bind(path).map(Listener::Unix)
}
