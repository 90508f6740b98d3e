//! Hosts: who takes mail for a domain, and whether a host that sends has a name both ways.

use std::net::IpAddr;

use crate::mail::dns::ask::{Dns, DnsFault};
use crate::mail::dns::finding::{Finding, quoted};

/// Whether what comes back can reach its domain.
pub(in crate::mail::dns) async fn returns(dns: &Dns, domain: &str) -> Result<Finding, DnsFault> {
    const CHECK: &str = "bounce mx";
    let publish = format!("publish {domain} MX 10 and the name of your mail server");
    let hosts = dns.mail_hosts(domain).await?;
    let Some(first) = hosts.first() else {
        let none = dns.addresses(domain).await?.is_empty();
        return Ok(if none {
            Finding::wrong(CHECK, format!("nobody takes mail for {domain}, so that nothing can come back: {publish}"))
        } else {
            Finding::wanting(CHECK, format!("{domain} has no MX, so that mail goes to its own address: {publish}"))
        });
    };
    if first == "." {
        return Ok(Finding::wrong(
            CHECK,
            format!("{domain} says that it takes no mail (RFC 7505), so that nothing can come back: {publish}"),
        ));
    }
    Ok(if dns.addresses(first).await?.is_empty() {
        Finding::wrong(CHECK, format!("{domain} has {first} take its mail, which has no address: publish one, or {publish}"))
    } else {
        Finding::well(CHECK, format!("{first} takes mail for {domain}"))
    })
}

/// Whether each address of the sending host has its name, and the name leads back (Gmail and others refuse what has none).
pub(in crate::mail::dns) async fn sending(dns: &Dns, host: &str, addresses: &[IpAddr]) -> Result<Vec<Finding>, DnsFault> {
    const CHECK: &str = "sending host";
    if addresses.is_empty() {
        let says =
            format!("{host}, which we greet with, has no address: publish one, or set mail.smtp.hello_name to the name of this host");
        return Ok(vec![Finding::wrong(CHECK, says)]);
    }
    let mut findings = Vec::new();
    for address in addresses {
        let names = dns.names(*address).await?;
        let mend = format!("have who gave you {address} point it (PTR) to {host}");
        findings.push(match names.as_slice() {
            [] => Finding::wrong(CHECK, format!("{address} has no name: {mend}")),
            names if names.iter().any(|name| name.eq_ignore_ascii_case(host)) => {
                Finding::well(CHECK, format!("{address} is {host}, both ways"))
            }
            [first, ..] if dns.addresses(first).await?.contains(address) => Finding::wanting(
                CHECK,
                format!("{address} is {first} both ways, but we greet as {host}: set mail.smtp.hello_name to {}", quoted(first)),
            ),
            [first, ..] => Finding::wrong(CHECK, format!("{address} is called {first}, which does not lead back to it: {mend}")),
        });
    }
    Ok(findings)
}
