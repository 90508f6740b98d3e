//! Which addresses a source may point to: the public internet by http and https, nothing inside the network.
//!
//! The rule is applied to the address that is really connected to: names are checked after they are resolved, literal addresses
//! (which no resolver sees) before the call, and both again at every redirect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// An address that sources may not point to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ForbiddenAddress(pub String);

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

/// Checks a redirect: what [`check_url`] checks, and that it leads to a usual port or stays on the one the operator chose.
///
/// # Errors
/// As [`check_url`], or a port of somebody else's choice.
pub fn check_redirect(to: &Url, first: Option<&Url>) -> Result<(), ForbiddenAddress> {
    check_url(to)?;
    let port = to.port_or_known_default();
    if matches!(port, Some(80 | 443)) || port == first.and_then(Url::port_or_known_default) {
        return Ok(());
    }
    Err(ForbiddenAddress(format!("a redirect leads to port {}", port.unwrap_or_default())))
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
        // NAT64 (RFC 6052), 6to4 (RFC 3056) and Teredo (RFC 4380) lead to an IPv4 address of the writer's choice.
        // Documentation (RFC 3849, RFC 9637), benchmarking (RFC 5180), ORCHID (RFC 4843, RFC 7343).
        [0x0064, 0xff9b, ..]
        | [0x2002, ..]
        | [0x2001, 0 | 0x0db8 | 0x0010..=0x003f, ..]
        | [0x2001, 0x0002, 0, ..]
        | [0x3fff, 0..=0x0fff, ..] => false,
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
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside} should pass");
        }
    }

    #[test]
    fn redirects_keep_to_usual_ports() {
        let url = |text: &str| Url::parse(text).unwrap();
        let first = url("https://jobs.example.org:8443/feed");
        assert!(check_redirect(&url("https://cdn.example.org/feed"), Some(&first)).is_ok());
        assert!(check_redirect(&url("https://jobs.example.org:8443/feed/"), Some(&first)).is_ok());
        assert!(check_redirect(&url("http://jobs.example.org:25/"), Some(&first)).is_err());
        assert!(check_redirect(&url("ftp://jobs.example.org/"), Some(&first)).is_err());
    }
}
