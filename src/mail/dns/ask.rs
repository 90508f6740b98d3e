//! Asks the DNS, as receivers do: nothing of this machine's hosts file, nothing of search domains.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use crate::mail::dns::wire::{Answer, Data, Kind, Outcome, question, read};

/// Wait for an answer, and how often a server is asked: a datagram may be lost.
const TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 2;
/// Servers of this machine that are asked, one after the other (resolv.conf(5) has at most three).
const MOST_SERVERS: usize = 3;
/// Where this machine names its servers.
const SYSTEM: &str = "/etc/resolv.conf";

/// Asks name servers.
#[derive(Debug, Clone)]
pub struct Dns {
    servers: Vec<SocketAddr>,
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
        if server.is_empty() {
            let text = std::fs::read_to_string(SYSTEM).map_err(|fault| DnsFault(format!("{SYSTEM}: {fault}: set mail.resolver")))?;
            let servers = servers_in(&text);
            return if servers.is_empty() {
                Err(DnsFault(format!("{SYSTEM} names no server: set mail.resolver")))
            } else {
                Ok(Self { servers })
            };
        }
        let wrong = || DnsFault(format!("mail.resolver: {server:?} is no address: write \"192.0.2.53\" or \"127.0.0.1:5353\""));
        Ok(Self { servers: vec![address(server).ok_or_else(wrong)?] })
    }

    /// The texts at a name, each as one.
    pub(in crate::mail::dns) async fn texts(&self, name: &str) -> Result<Vec<String>, DnsFault> {
        let found = self.records(name, Kind::Txt).await?;
        Ok(found.into_iter().filter_map(|data| if let Data::Text(text) = data { Some(text) } else { None }).collect())
    }

    /// The hosts that take mail for a domain, best first; `.` says that nobody does.
    pub(in crate::mail::dns) async fn mail_hosts(&self, domain: &str) -> Result<Vec<String>, DnsFault> {
        let found = self.records(domain, Kind::Mx).await?;
        let hosts =
            found.into_iter().filter_map(|data| if let Data::MailHost(preference, host) = data { Some((preference, host)) } else { None });
        let mut hosts: Vec<(u16, String)> = hosts.collect();
        hosts.sort();
        Ok(hosts.into_iter().map(|(_, host)| host).collect())
    }

    /// The addresses of a host.
    pub(in crate::mail::dns) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DnsFault> {
        let (four, six) = tokio::try_join!(self.records(host, Kind::A), self.records(host, Kind::Aaaa))?;
        Ok(four.into_iter().chain(six).filter_map(|data| if let Data::Address(address) = data { Some(address) } else { None }).collect())
    }

    /// The names of an address.
    pub(in crate::mail::dns) async fn names(&self, address: IpAddr) -> Result<Vec<String>, DnsFault> {
        let found = self.records(&reversed(address), Kind::Ptr).await?;
        Ok(found.into_iter().filter_map(|data| if let Data::Name(name) = data { Some(name) } else { None }).collect())
    }

    async fn records(&self, name: &str, kind: Kind) -> Result<Vec<Data>, DnsFault> {
        let mut last = "no server".to_owned();
        for server in &self.servers {
            for _ in 0..ATTEMPTS {
                match timeout(TIMEOUT, ask(*server, name, kind)).await {
                    Ok(Ok(Outcome::Records(records))) => return Ok(records),
                    // Another server may know; to ask this one again is no use.
                    Ok(Ok(Outcome::Refused(code))) => {
                        last = format!("{server} answers {name} with error {code}");
                        break;
                    }
                    Ok(Err(fault)) => last = format!("{server}: {fault}"),
                    Err(_) => last = format!("{server} says nothing within {} s", TIMEOUT.as_secs()),
                }
            }
        }
        Err(DnsFault(last))
    }
}

/// Asks by datagram, and by TCP where the answer does not fit into one (RFC 7766).
async fn ask(server: SocketAddr, name: &str, kind: Kind) -> Result<Outcome, Error> {
    let Some((id, asked)) = question(name, kind) else { return Ok(Outcome::Records(Vec::new())) };
    let here: SocketAddr = if server.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (std::net::Ipv6Addr::UNSPECIFIED, 0).into() };
    // The system picks the port by chance, and only this server's datagrams come through.
    let socket = UdpSocket::bind(here).await?;
    socket.connect(server).await?;
    socket.send(&asked).await?;
    let mut bytes = vec![0; usize::from(u16::MAX)];
    loop {
        let length = socket.recv(&mut bytes).await?;
        match read(&bytes[..length], id, name, kind) {
            // An answer to somebody else's question: ours may yet come.
            Answer::Foreign => {}
            Answer::Cut => return by_stream(server, &asked, id, name, kind).await,
            Answer::Ours(outcome) => return Ok(outcome),
        }
    }
}

async fn by_stream(server: SocketAddr, asked: &[u8], id: u16, name: &str, kind: Kind) -> Result<Outcome, Error> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(asked.len()).map_err(|_| ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes()[..], asked].concat()).await?;
    let mut bytes = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut bytes).await?;
    match read(&bytes, id, name, kind) {
        Answer::Ours(outcome) => Ok(outcome),
        Answer::Foreign | Answer::Cut => Err(Error::new(ErrorKind::InvalidData, "the answer does not read")),
    }
}

/// `192.0.2.53`, or with a port.
fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)))
}

/// The servers that a resolv.conf(5) names; one with a zone (`fe80::1%eth0`) is left out.
fn servers_in(text: &str) -> Vec<SocketAddr> {
    let named = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    named
        .filter(|rest| rest.starts_with([' ', '\t']))
        .filter_map(|rest| address(rest.split_whitespace().next()?))
        .take(MOST_SERVERS)
        .collect()
}

/// The name under which the names of an address stand.
fn reversed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(four) => {
            let [a, b, c, d] = four.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(six) => {
            let digits = six.octets().into_iter().rev().flat_map(|byte| [byte & 15, byte >> 4]);
            let labels: Vec<String> = digits.map(|digit| format!("{digit:x}")).collect();
            format!("{}.ip6.arpa", labels.join("."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_of_the_machine_are_read_and_others_by_address_and_port() {
        let text = "# nameserver 192.0.2.1\nsearch example.org\nnameserver 192.0.2.53\nnameserver\t2001:db8::53 # here\nnameservers 192.0.2.2\nnameserver fe80::1%eth0\n";
        let servers: Vec<String> = servers_in(text).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.53:53", "[2001:db8::53]:53"]);
        assert_eq!(Dns::new(" 127.0.0.1:5353 ").unwrap().servers, ["127.0.0.1:5353".parse().unwrap()]);
        assert!(Dns::new("localhost").is_err());
    }

    #[test]
    fn an_address_is_written_backwards_for_its_names() {
        assert_eq!(reversed("192.0.2.25".parse().unwrap()), "25.2.0.192.in-addr.arpa");
        let six = reversed("2001:db8::1".parse().unwrap());
        assert!(six.starts_with("1.0.0.0.0.0.") && six.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"), "{six}");
    }
}
