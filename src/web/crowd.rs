//! How many connections one visitor's network holds: nobody takes the places of all others by opening many and saying little.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::client::{Peer, client_of};

/// Who holds connections, and how many. As large as there are connections at most.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection among those of its network, until it is dropped.
#[derive(Debug)]
pub(super) struct Standing {
    crowd: Crowd,
    network: Option<IpAddr>,
}

impl Crowd {
    /// Lets a connection in, unless its network holds `most` already. Proxies, and this machine, hold as many as they like: behind them
    /// are many visitors.
    pub(super) fn enter(&self, peer: Peer, trusted: &[IpNet], most: usize) -> Option<Standing> {
        let network = client_of(peer, &HeaderMap::new(), trusted).map(network_of);
        if let Some(network) = network {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = held.entry(network).or_default();
            if *count >= most {
                return None;
            }
            *count += 1;
        }
        Some(Standing { crowd: self.clone(), network })
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut held = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&network);
            }
        }
    }
}

/// One address of IPv4, for many neighbours may share a /24; a /64 of IPv6, which one machine has to itself.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Peer {
        Peer::At(text.parse().unwrap())
    }

    #[test]
    fn one_network_holds_so_many_and_others_still_come_in() {
        let (crowd, proxies) = (Crowd::default(), ["10.0.0.0/8".parse().unwrap()]);
        let enter = |peer| crowd.enter(peer, &proxies, 2);
        let held = [enter(at("198.51.100.7")), enter(at("198.51.100.7")), enter(at("2001:db8::1")), enter(at("2001:db8::2"))];
        assert!(held.iter().all(Option::is_some));
        assert!(enter(at("198.51.100.7")).is_none() && enter(at("::ffff:198.51.100.7")).is_none() && enter(at("2001:db8::3")).is_none());
        assert!(enter(at("198.51.100.8")).is_some() && enter(at("2001:db8:0:1::1")).is_some());
        let many: Vec<_> = (0..9).flat_map(|_| [enter(Peer::Socket), enter(at("127.0.0.1")), enter(at("10.1.2.3"))]).collect();
        assert!(many.iter().all(Option::is_some), "proxies stand for many");
        drop(held);
        assert!(enter(at("198.51.100.7")).is_some());
        assert!(crowd.0.lock().unwrap().is_empty(), "who is gone is forgotten");
    }
}
