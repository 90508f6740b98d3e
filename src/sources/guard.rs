//! Which addresses a source may point to: the public internet by http and https, nothing inside the network.
//!
//! The rule is applied to the address that is really connected to: names are checked after they are resolved, literal addresses
//! (which no resolver sees) before the call, and both again at every redirect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use url::{Host, Url};

use crate::sources::settings::FetchSettings;

/// An address that sources may not point to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ForbiddenAddress(pub String);

/// What the operator lets sources point to.
#[derive(Debug, Clone)]
pub enum Wall {
    /// Public addresses, on these ports.
    PublicOnly(Arc<[u16]>),
    /// Everything.
    Open,
}

impl Wall {
    /// By the settings.
    pub fn new(settings: &FetchSettings) -> Self {
        if settings.allow_private_addresses { Self::Open } else { Self::PublicOnly(settings.ports.as_slice().into()) }
    }

    /// Checks an address, first or of a redirect, as far as it can be without asking DNS.
    ///
    /// # Errors
    /// As [`check_url`] and [`check_port`]; with an open wall as [`check_scheme`].
    pub fn check(&self, url: &Url) -> Result<(), ForbiddenAddress> {
        match self {
            Self::PublicOnly(ports) => check_url(url).and_then(|()| check_port(url, ports)),
            Self::Open => check_scheme(url),
        }
    }

    /// Of the addresses that a name has right now those that may be connected to.
    ///
    /// # Errors
    /// There is none.
    pub fn pick(&self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ForbiddenAddress> {
        if matches!(self, Self::Open) {
            return Ok(found);
        }
        let public: Vec<SocketAddr> = found.iter().copied().filter(|address| is_public(address.ip())).collect();
        match found.first() {
            Some(first) if public.is_empty() => {
                Err(ForbiddenAddress(format!("{name} leads to {}, which is not a public address", first.ip())))
            }
            _ => Ok(public),
        }
    }
}

/// Checks all of a URL that can be checked without asking DNS.
///
/// # Errors
/// Another scheme than http and https, a user name or password, a name of this machine, or a literal address that is not public.
pub fn check_url(url: &Url) -> Result<(), ForbiddenAddress> {
    check_scheme(url)?;
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(name)) => return check_name(name),
        None => return Err(ForbiddenAddress("the address names no host".to_owned())),
    };
    if is_public(literal) { Ok(()) } else { Err(ForbiddenAddress(format!("{literal} is not a public address"))) }
}

/// The names of this machine (RFC 6761 6.3), whatever a resolver makes of them; all others are checked when they are resolved.
fn check_name(name: &str) -> Result<(), ForbiddenAddress> {
    let bare = name.trim_end_matches('.').to_ascii_lowercase();
    if bare == "localhost" || bare.ends_with(".localhost") {
        return Err(ForbiddenAddress(format!("{bare} is this machine")));
    }
    Ok(())
}

/// Checks the scheme, which no setting opens.
///
/// # Errors
/// Another scheme than http and https, or a user name or password in the address.
pub fn check_scheme(url: &Url) -> Result<(), ForbiddenAddress> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ForbiddenAddress(format!("{} is neither http nor https", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ForbiddenAddress("the address carries a user name or password".to_owned()));
    }
    Ok(())
}

/// Checks the port, of a first address and of redirects alike: a mail server or a database would take our request for a talk.
///
/// # Errors
/// A port that is not in the list.
pub fn check_port(url: &Url, ports: &[u16]) -> Result<(), ForbiddenAddress> {
    match url.port_or_known_default() {
        Some(port) if ports.contains(&port) => Ok(()),
        port => Err(ForbiddenAddress(format!("port {} is not among [fetch] ports", port.unwrap_or_default()))),
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890 and its updates).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 224)
}

/// Of IPv6 only global unicast, 2000::/3, is public; the ways to write an IPv4 address in it are looked through.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] => is_public_v4(embedded(high, low)),
        // NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214) lead to an IPv4 address of the writer's choice.
        // Protocol assignments (RFC 2928, with Teredo, benchmarking and ORCHID within), documentation (RFC 3849, RFC 9637).
        [0x0064, 0xff9b, ..]
        | [0x2002, ..]
        | [0x2001, 0..=0x01ff | 0x0db8, ..]
        | [0x3fff, 0..=0x0fff, ..]
        | [_, _, _, _, 0 | 0x0200, 0x5efe, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001:10::1",
            "2001:2::1",
            "2001:1ff::1",
            "2606:4700::5efe:10.0.0.1",
            "2606:4700::200:5efe:127.0.0.1",
            "::ffff:0:127.0.0.1",
            "5f00::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside} should be refused");
        }
        for outside in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.1",
            "::ffff:8.8.8.8",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "2001:200::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside} should pass");
        }
    }

    #[test]
    fn a_name_that_leads_inside_and_outside_keeps_the_outside_only() {
        let wall = Wall::new(&FetchSettings::default());
        let found: Vec<SocketAddr> = ["127.0.0.1:0", "1.1.1.1:0", "[fd00::1]:0"].map(|address| address.parse().unwrap()).into();
        assert_eq!(wall.pick("x", found.clone()), Ok(vec![found[1]]));
        assert_eq!(Wall::Open.pick("x", found.clone()), Ok(found.clone()));
        assert!(wall.pick("x", found[..1].to_vec()).unwrap_err().0.contains("127.0.0.1"));
    }

    #[test]
    fn only_the_ports_of_the_list_are_asked() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (address, ports, open) in [
            ("https://jobs.example.org/feed", &[80, 443][..], true),
            ("http://jobs.example.org/feed", &[80, 443], true),
            ("http://jobs.example.org:443/feed", &[80, 443], true),
            ("https://jobs.example.org:8443/feed", &[80, 443], false),
            ("https://jobs.example.org:8443/feed", &[443, 8443], true),
            ("http://jobs.example.org:25/", &[80, 443, 8443], false),
            ("http://jobs.example.org/", &[443], false),
        ] {
            assert_eq!(check_port(&url(address), ports).is_ok(), open, "{address}");
        }
    }
}
