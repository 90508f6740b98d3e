//! From which network a request comes, as handlers take it.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::client::{Peer, client_of, network_of};
use super::state::Shared;

/// The network of whoever asks; none for this machine, and behind a proxy that is not trusted to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor(pub(super) Option<IpAddr>);

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().copied().unwrap_or(Peer::Socket);
        Ok(Self(client_of(peer, &parts.headers, &site.trusted_proxies).map(network_of)))
    }
}
