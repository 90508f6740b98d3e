//! Asks the DNS, as receivers do: nothing of this machine's hosts file, nothing of search domains, nothing remembered.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;

/// Wait for an answer, and how often a server is asked anew that gave none.
const TIMEOUT: Duration = Duration::from_secs(3);
const MORE_ATTEMPTS: usize = 1;
/// Servers of this machine that are asked, one after the other (resolv.conf(5) has at most three).
const MOST_SERVERS: usize = 3;
/// Where name servers answer.
const PORT: u16 = 53;

/// Asks name servers, in the order in which they are named.
#[derive(Clone)]
pub struct Dns {
    servers: Vec<(SocketAddr, TokioResolver)>,
}

impl fmt::Debug for Dns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.servers.iter().map(|(server, _)| server)).finish()
    }
}

/// A question was not answered. That there is no such record is an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DnsFault(String);

impl Dns {
    /// By the name servers of this machine, or the one that is named: `192.0.2.53` or `127.0.0.1:5353`.
    ///
    /// # Errors
    /// It is no address, or this machine names no name server.
    pub fn new(server: &str) -> Result<Self, DnsFault> {
        let server = server.trim();
        let servers = if server.is_empty() {
            let wrong = |fault| DnsFault(format!("the name servers of this machine: {fault}: set mail.resolver"));
            let (system, _) = read_system_conf().map_err(wrong)?;
            system.name_servers().iter().take(MOST_SERVERS).map(|server| SocketAddr::new(server.ip, PORT)).collect()
        } else {
            let wrong = || DnsFault(format!("mail.resolver: {server:?} is no address: write \"192.0.2.53\" or \"127.0.0.1:5353\""));
            vec![address(server).ok_or_else(wrong)?]
        };
        let asking = |server| asks(server).map(|asks| (server, asks)).map_err(|fault| DnsFault(format!("{server}: {fault}")));
        Ok(Self { servers: servers.into_iter().map(asking).collect::<Result<_, _>>()? })
    }

    /// The texts at a name, each as one.
    pub(in crate::mail::dns) async fn texts(&self, name: &str) -> Result<Vec<String>, DnsFault> {
        let found = self.records(absolute(name), RecordType::TXT).await?;
        Ok(found
            .into_iter()
            .filter_map(|data| if let RData::TXT(text) = data { Some(text.txt_data.concat()) } else { None })
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .collect())
    }

    /// The hosts that take mail for a domain, best first; `.` says that nobody does.
    pub(in crate::mail::dns) async fn mail_hosts(&self, domain: &str) -> Result<Vec<String>, DnsFault> {
        let found = self.records(absolute(domain), RecordType::MX).await?;
        let hosts =
            found.into_iter().filter_map(|data| if let RData::MX(mx) = data { Some((mx.preference, written(&mx.exchange))) } else { None });
        let mut hosts: Vec<(u16, String)> = hosts.collect();
        hosts.sort();
        Ok(hosts.into_iter().map(|(_, host)| host).collect())
    }

    /// The addresses of a host.
    pub(in crate::mail::dns) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DnsFault> {
        let (four, six) = tokio::try_join!(self.records(absolute(host), RecordType::A), self.records(absolute(host), RecordType::AAAA))?;
        Ok(four.iter().chain(&six).filter_map(RData::ip_addr).collect())
    }

    /// The names of an address.
    pub(in crate::mail::dns) async fn names(&self, address: IpAddr) -> Result<Vec<String>, DnsFault> {
        let found = self.records(Some(Name::from(address)), RecordType::PTR).await?;
        Ok(found.into_iter().filter_map(|data| if let RData::PTR(name) = data { Some(written(&name)) } else { None }).collect())
    }

    /// What stands at a name; nothing where it is no name of the DNS.
    async fn records(&self, name: Option<Name>, kind: RecordType) -> Result<Vec<RData>, DnsFault> {
        let Some(name) = name else { return Ok(Vec::new()) };
        let mut last = "no server".to_owned();
        for (server, asks) in &self.servers {
            match asks.lookup(name.clone(), kind).await {
                Ok(found) => return Ok(found.answers().iter().map(|record| record.data.clone()).collect()),
                Err(fault) if fault.is_no_records_found() => return Ok(Vec::new()),
                // Another server may know.
                Err(fault) => last = format!("{server}: {fault}"),
            }
        }
        Err(DnsFault(last))
    }
}

/// Asks one server, by datagram and by TCP where the answer does not fit into one. One each, as a pool of several takes the first refusal
/// for the answer of all.
fn asks(server: SocketAddr) -> Result<TokioResolver, NetError> {
    let mut named = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut named.connections {
        connection.port = server.port();
    }
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![named]);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    options.timeout = TIMEOUT;
    options.attempts = MORE_ATTEMPTS;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    builder.build()
}

/// `192.0.2.53`, or with a port.
fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, PORT)))
}

/// A name that no search domain is put behind. The root has none of the records that are asked for.
fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name).filter(|name| !name.is_root())
}

/// A name in lower case without its last dot; the root is a dot.
fn written(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    if name.is_root() { text } else { text.trim_end_matches('.').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_address_and_port() {
        assert_eq!(format!("{:?}", Dns::new(" 127.0.0.1:5353 ").unwrap()), "[127.0.0.1:5353]");
        assert_eq!(format!("{:?}", Dns::new("2001:db8::53").unwrap()), "[[2001:db8::53]:53]");
        assert!(Dns::new("localhost").is_err());
    }

    #[test]
    fn a_name_is_asked_as_it_stands_and_what_is_none_is_not_asked() {
        for name in ["_dmarc.Example.org", "_dmarc.example.org."] {
            let name = absolute(name).unwrap();
            assert!(name.is_fqdn());
            assert_eq!(written(&name), "_dmarc.example.org");
        }
        for name in [String::new(), ".".into(), "a..b".into(), "a".repeat(64), "abcdefg.".repeat(40)] {
            assert_eq!(absolute(&name), None, "{name:?}");
        }
        assert_eq!(written(&Name::root()), ".");
    }
}
