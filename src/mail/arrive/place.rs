//! Where mail servers of this machine hand over mail by LMTP.

use std::io::{ErrorKind, Result};
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};

use crate::mail::error::MailSettingsError;

/// A connection, of whatever kind.
pub trait LmtpStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> LmtpStream for S {}

/// Where LMTP is spoken: only on this machine, for it knows no passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LmtpPlace {
    /// A port of loopback.
    Tcp(SocketAddr),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl LmtpPlace {
    /// `127.0.0.1:2424` or `unix:/run/rolecall/lmtp`; none where it is empty.
    ///
    /// # Errors
    /// It is neither, or others than this machine could reach it.
    pub fn parse(text: &str) -> std::result::Result<Option<Self>, MailSettingsError> {
        let refuse = |why: &str| MailSettingsError::Value {
            key: "mail.bounces.lmtp",
            why: format!("{text:?} {why}: write \"127.0.0.1:2424\" or \"unix:/run/rolecall/lmtp\""),
        };
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.starts_with('/') { Ok(Some(Self::Unix(path.into()))) } else { Err(refuse("is no whole path")) };
        }
        let address: SocketAddr = text.parse().map_err(|_| refuse("is no place"))?;
        if address.ip().is_loopback() {
            Ok(Some(Self::Tcp(address)))
        } else {
            Err(refuse("can be reached from outside, and LMTP asks for no password"))
        }
    }

    /// Begins to listen. A socket file that nobody listens at is replaced; every program of this machine may connect to ours, as it
    /// may to a port, unless the folder keeps it out.
    ///
    /// # Errors
    /// What the system says.
    pub async fn bind(&self) -> Result<LmtpListener> {
        match self {
            Self::Tcp(address) => TcpListener::bind(address).await.map(LmtpListener::Tcp),
            Self::Unix(path) => bind_unix(path).await.map(LmtpListener::Unix),
        }
    }
}

impl std::fmt::Display for LmtpPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

async fn bind_unix(path: &Path) -> Result<UnixListener> {
    // Only a socket is ours to replace: a file refuses a connection just as well.
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
        match UnixStream::connect(path).await {
            Err(fault) if fault.kind() == ErrorKind::ConnectionRefused => std::fs::remove_file(path)?,
            _ => return Err(ErrorKind::AddrInUse.into()),
        }
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666))?;
    Ok(listener)
}

/// A place that is listened at.
#[derive(Debug)]
pub enum LmtpListener {
    /// A port.
    Tcp(TcpListener),
    /// A socket file.
    Unix(UnixListener),
}

impl LmtpListener {
    /// The next connection. Nothing is lost when it is dropped.
    ///
    /// # Errors
    /// What the system says.
    pub async fn accept(&self) -> Result<Box<dyn LmtpStream>> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Replies are small, and each is waited for.
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_this_machine_are_listened_at() {
        let read = |text: &str| LmtpPlace::parse(text).map(|place| place.map(|place| place.to_string()));
        assert_eq!(read(" ").unwrap(), None);
        for place in ["127.0.0.1:2424", "[::1]:2424", "unix:/run/rolecall/lmtp"] {
            assert_eq!(read(place).unwrap().as_deref(), Some(place));
        }
        for bad in ["0.0.0.0:24", "192.0.2.1:24", "127.0.0.1", "unix:lmtp", "localhost:24", "[::]:24"] {
            let fault = read(bad).unwrap_err().to_string();
            assert!(fault.starts_with("mail.bounces.lmtp: ") && fault.contains("unix:/run/"), "{fault}");
        }
    }

    #[tokio::test]
    async fn a_socket_file_that_was_left_behind_is_replaced_and_a_living_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let place = LmtpPlace::Unix(folder.path().join("lmtp"));
        let first = place.bind().await.unwrap();
        assert_eq!(place.bind().await.unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(first);
        let _second = place.bind().await.unwrap();
        std::fs::write(folder.path().join("file"), "somebody's").unwrap();
        assert!(LmtpPlace::Unix(folder.path().join("file")).bind().await.is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join("file")).unwrap(), "somebody's");
    }
}
