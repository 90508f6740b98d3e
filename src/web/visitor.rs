//! From which network a request comes, as handlers take it.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::client::{Peer, client_of, network_of};
use super::state::{Shared, Site};

/// The network of whoever asks; none for this machine, and behind a proxy that is not trusted to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor(pub(super) Option<IpAddr>);

impl Visitor {
    /// Of the head of a request.
    pub(super) fn of(extensions: &Extensions, headers: &HeaderMap, site: &Site) -> Self {
        let peer = extensions.get::<Peer>().copied().unwrap_or(Peer::Socket);
        Self(client_of(peer, headers, &site.trusted_proxies).map(network_of))
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, site))
    }
}
