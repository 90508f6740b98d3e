//! Who sends a request, as far as it matters for limits: never stored, never logged.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

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

/// When a window of time began, and how often it came since.
type Seen = (DateTime<Utc>, u32);

/// Counts how often each of something (a network, a domain, a caller, all) comes within a time.
#[derive(Debug)]
pub(super) struct Limit<K> {
    most: u32,
    within: Duration,
    seen: Mutex<HashMap<K, Seen>>,
}

impl<K: Hash + Eq> Limit<K> {
    /// Most that are remembered; beyond it all are forgotten, which errs on the side of letting people in.
    const MOST_KEYS: usize = 20_000;

    /// So many within an hour.
    pub(super) fn an_hour(most: u32) -> Self {
        Self { most, within: Duration::hours(1), seen: Mutex::default() }
    }

    /// So many within a minute.
    pub(super) fn a_minute(most: u32) -> Self {
        Self { most, within: Duration::minutes(1), seen: Mutex::default() }
    }

    /// Whether this one is still within the limit; counts it.
    pub(super) fn admits(&self, key: K, now: DateTime<Utc>) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= Self::MOST_KEYS {
            seen.clear();
        }
        let entry = seen.entry(key).or_insert((now, 0));
        // A window that began in the future was opened by a clock that has been set back since.
        if now < entry.0 || now - entry.0 >= self.within {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= self.most
    }
}

/// The network of a client: its /24, or its /64.
pub(super) fn network_of(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & !0xff).into(),
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
    fn a_network_may_send_so_many_forms_an_hour() {
        let network = |text: &str| network_of(text.parse().unwrap());
        let limit = Limit::an_hour(2);
        let (one, same_net, other) = (network("2001:db8::1"), network("2001:db8::ffff"), network("2001:db8:1::1"));
        assert_eq!(network("198.51.100.7"), network("198.51.100.200"));
        let now = DateTime::UNIX_EPOCH;
        assert!(limit.admits(one, now) && limit.admits(same_net, now));
        assert!(!limit.admits(one, now));
        assert!(limit.admits(other, now));
        assert!(limit.admits(one, now + Duration::hours(1)));
    }
}
