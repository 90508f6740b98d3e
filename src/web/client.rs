//! Who sends a request, as far as it matters for limits: never stored, never logged.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use axum::http::HeaderMap;
use chrono::{DateTime, Duration, Utc};
use ipnet::IpNet;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// Over TCP.
    At(IpAddr),
    /// Over a socket of this machine: a reverse proxy.
    Socket,
}

/// The client behind a peer: the last address in `X-Forwarded-For` that a trusted proxy vouches for. None where only a proxy on this
/// machine is known, so that visitors behind it do not share one limit.
pub(super) fn client_of(peer: Peer, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let direct = match peer {
        Peer::At(address) => Some(address.to_canonical()),
        Peer::Socket => None,
    };
    if direct.is_some_and(|address| !trusted.iter().any(|net| net.contains(&address))) {
        return direct.filter(|address| !address.is_loopback());
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut addresses = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok()).map(|hop| hop.to_canonical());
    addresses.find(|hop| !trusted.iter().any(|net| net.contains(hop)))
}

/// When a client's hour began, and its forms since.
type Hour = (DateTime<Utc>, u32);

/// Counts the forms of each client within an hour; an IPv6 client is its /64.
#[derive(Debug, Clone)]
pub(super) struct FormLimit {
    most: u32,
    seen: Arc<Mutex<HashMap<IpAddr, Hour>>>,
}

impl FormLimit {
    /// Most clients remembered; beyond it all are forgotten, which errs on the side of letting people in.
    const MOST_CLIENTS: usize = 20_000;

    pub(super) fn new(most: u32) -> Self {
        Self { most, seen: Arc::default() }
    }

    /// Whether this form is still within the limit; counts it.
    pub(super) fn admits(&self, client: Option<IpAddr>, now: DateTime<Utc>) -> bool {
        let Some(client) = client.map(network_of) else { return true };
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() >= Self::MOST_CLIENTS {
            seen.clear();
        }
        let entry = seen.entry(client).or_insert((now, 0));
        if now - entry.0 >= Duration::hours(1) {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= self.most
    }
}

fn network_of(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().unwrap());
        headers
    }

    fn at(text: &str) -> Peer {
        Peer::At(text.parse().unwrap())
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy_and_from_the_right() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let spoofed = forwarded("1.1.1.1, 203.0.113.9, 10.0.0.2");
        assert_eq!(client_of(at("10.0.0.1"), &spoofed, &trusted), Some("203.0.113.9".parse().unwrap()));
        assert_eq!(client_of(at("198.51.100.7"), &spoofed, &trusted), Some("198.51.100.7".parse().unwrap()));
        assert_eq!(client_of(at("127.0.0.1"), &spoofed, &trusted), None);
        assert_eq!(client_of(at("10.0.0.1"), &forwarded("nonsense"), &trusted), None);
    }

    #[test]
    fn a_client_may_send_so_many_forms_an_hour() {
        let limit = FormLimit::new(2);
        let (one, same_net, other): (IpAddr, IpAddr, IpAddr) =
            ("2001:db8::1".parse().unwrap(), "2001:db8::ffff".parse().unwrap(), "2001:db8:1::1".parse().unwrap());
        let now = DateTime::UNIX_EPOCH;
        assert!(limit.admits(Some(one), now) && limit.admits(Some(same_net), now));
        assert!(!limit.admits(Some(one), now));
        assert!(limit.admits(Some(other), now) && limit.admits(None, now));
        assert!(limit.admits(Some(one), now + Duration::hours(1)));
    }
}
