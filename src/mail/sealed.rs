//! TLS from the first byte (RFC 8314) on our own socket. Where lettre makes that connection itself, nothing tells what has left, and each
//! letter waits for an answer that is held back (ADR 43).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::mail::counted::Counted;
use crate::mail::error::MailSettingsError;

/// The roots of trust of this machine, and the name that a certificate has to be for.
pub(in crate::mail) struct Seal {
    connector: TlsConnector,
    host: ServerName<'static>,
}

impl Seal {
    pub(in crate::mail) fn new(host: &str) -> Result<Self, MailSettingsError> {
        let refuse = |why: String| MailSettingsError::Tls(why);
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (usable, _) = roots.add_parsable_certificates(found.certs);
        if usable == 0 {
            let why = found.errors.first().map_or_else(|| "this machine trusts nobody".to_owned(), ToString::to_string);
            return Err(refuse(why));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|fault| refuse(fault.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let host = ServerName::try_from(host.to_owned()).map_err(|fault| refuse(fault.to_string()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), host })
    }

    /// Shakes hands over a connection; what is wrong where the other side does not, in words for an operator.
    pub(in crate::mail) async fn over(&self, stream: Counted) -> Result<Sealed, String> {
        self.connector.connect(self.host.clone(), stream).await.map(Sealed).map_err(|fault| {
            let cause = fault.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
            if matches!(cause, Some(rustls::Error::InvalidMessage(_))) {
                return "the relay does not begin with TLS on this port: for STARTTLS (587, 25) write smtp:// in mail.smtp.url".to_owned();
            }
            format!("TLS with the relay fails: {fault}")
        })
    }
}

/// A connection below TLS that is counted.
#[derive(Debug)]
pub(in crate::mail) struct Sealed(TlsStream<Counted>);

impl AsyncTokioStream for Sealed {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Sealed {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Sealed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
