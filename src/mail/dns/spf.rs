//! Who may send for a domain (SPF, RFC 7208): whether the record reads, whether receivers can evaluate it, and whether it lets us.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::mail::dns::ask::{Dns, DnsFault};
use crate::mail::dns::finding::{Finding, quoted};

const CHECK: &str = "spf";
/// Terms that ask the DNS, over the whole record (RFC 7208 4.6.4).
const MOST_LOOKUPS: u32 = 10;
/// How many hosts of one `mx` count (the same).
const MOST_HOSTS: usize = 10;

/// Why a record cannot be evaluated.
enum Fault {
    Dns(DnsFault),
    Wrong(String),
}

impl From<DnsFault> for Fault {
    fn from(fault: DnsFault) -> Self {
        Self::Dns(fault)
    }
}

/// What a term matches.
enum Mechanism {
    All,
    Networks(Vec<IpNet>),
    Include(Vec<Term>),
    /// `exists`, `ptr` and macros: what they match depends on the mail.
    Other,
}

/// A mechanism, and what follows where it matches: `+`, `-`, `~` or `?`.
struct Term {
    qualifier: char,
    mechanism: Mechanism,
}

/// What receivers conclude for a sender at one of `hosts`, where they are known.
pub(in crate::mail::dns) async fn sender(dns: &Dns, domain: &str, hosts: &[IpAddr], mend: &str) -> Result<Finding, DnsFault> {
    let mut reader = Reader { dns, lookups: 0 };
    let publish = format!("publish {domain} TXT \"v=spf1 {mend} ~all\"");
    let terms = match Box::pin(reader.read(domain)).await {
        Ok(Some(terms)) => terms,
        Ok(None) => return Ok(Finding::wrong(CHECK, format!("{domain} does not say who may send for it: {publish}"))),
        Err(Fault::Dns(fault)) => return Err(fault),
        Err(Fault::Wrong(why)) => return Ok(Finding::wrong(CHECK, format!("{domain}: {why}"))),
    };
    Ok(judged(domain, &terms, hosts, &publish))
}

fn judged(domain: &str, terms: &[Term], hosts: &[IpAddr], publish: &str) -> Finding {
    let all = terms.iter().find(|term| matches!(term.mechanism, Mechanism::All)).map(|term| term.qualifier);
    if all == Some('+') {
        return Finding::wrong(CHECK, format!("{domain} lets everybody send (+all): end the record with ~all or -all"));
    }
    for host in hosts {
        match outcome(terms, *host) {
            Some('+') => {}
            _ if terms.iter().any(|term| matches!(term.mechanism, Mechanism::Other)) => {
                return Finding::wanting(CHECK, format!("{domain}: whether {host} may send depends on each letter: name it, {publish}"));
            }
            _ => return Finding::wrong(CHECK, format!("{domain} does not let {host} send: {publish}, or add to yours what it lacks")),
        }
    }
    let known = if hosts.is_empty() { "a record that reads" } else { "lets this host send" };
    match all {
        Some('-' | '~') => Finding::well(CHECK, format!("{domain}: {known}")),
        _ => Finding::wanting(CHECK, format!("{domain}: {known}, but it asks for nothing for everybody else: end it with ~all or -all")),
    }
}

/// The qualifier of the first term that matches an address.
fn outcome(terms: &[Term], host: IpAddr) -> Option<char> {
    let matches = |mechanism: &Mechanism| match mechanism {
        Mechanism::All => true,
        Mechanism::Networks(networks) => networks.iter().any(|network| network.contains(&host)),
        Mechanism::Include(terms) => outcome(terms, host) == Some('+'),
        Mechanism::Other => false,
    };
    terms.iter().find(|term| matches(&term.mechanism)).map(|term| term.qualifier)
}

/// Reads records, and counts what they ask.
struct Reader<'a> {
    dns: &'a Dns,
    lookups: u32,
}

impl Reader<'_> {
    /// The terms of a domain's record with those that it includes; none where there is no record.
    async fn read(&mut self, domain: &str) -> Result<Option<Vec<Term>>, Fault> {
        let texts = self.dns.texts(domain).await?;
        let is_spf = |text: &&String| text.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"));
        let records: Vec<&String> = texts.iter().filter(is_spf).collect();
        let record = match records.as_slice() {
            [] => return Ok(None),
            [one] => one,
            _ => return Err(Fault::Wrong(format!("{domain} has several records, so that none counts: leave one"))),
        };
        let (mut terms, mut redirect) = (Vec::new(), None);
        for word in record.split_ascii_whitespace().skip(1) {
            if let Some((name, value)) =
                word.split_once('=').filter(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
            {
                redirect = if name.eq_ignore_ascii_case("redirect") { Some(value) } else { redirect };
                continue;
            }
            terms.push(self.term(word, domain).await?);
        }
        // RFC 7208 6.1: not where the record ends in `all`.
        if let Some(target) = redirect.filter(|_| !terms.iter().any(|term| matches!(term.mechanism, Mechanism::All))) {
            self.count()?;
            match Box::pin(self.read(target)).await? {
                Some(more) => terms.extend(more),
                None => return Err(Fault::Wrong(format!("redirect={target} leads to no record"))),
            }
        }
        Ok(Some(terms))
    }

    async fn term(&mut self, word: &str, domain: &str) -> Result<Term, Fault> {
        let qualifier = word.chars().next().filter(|c| "+-~?".contains(*c));
        let body = &word[qualifier.map_or(0, char::len_utf8)..];
        let end = body.find([':', '/']).unwrap_or(body.len());
        let (name, rest) = (body[..end].to_ascii_lowercase(), &body[end..]);
        let unclear = || Fault::Wrong(format!("{} is no term of SPF: mend it", quoted(word)));
        let target = |rest: &str| {
            let named = rest.strip_prefix(':').map_or("", |named| named.split('/').next().unwrap_or_default());
            if named.is_empty() { domain.to_owned() } else { named.to_owned() }
        };
        let is_macro = rest.contains('%');
        let mechanism = match name.as_str() {
            "all" if rest.is_empty() => Mechanism::All,
            "ip4" | "ip6" => {
                let text = rest.strip_prefix(':').ok_or_else(unclear)?;
                let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| unclear())?;
                Mechanism::Networks(vec![network])
            }
            "include" | "a" | "mx" | "exists" | "ptr" => {
                self.count()?;
                match name.as_str() {
                    _ if is_macro => Mechanism::Other,
                    "include" => self.include(&target(rest)).await?,
                    "a" => Mechanism::Networks(networks(&self.dns.addresses(&target(rest)).await?, rest).ok_or_else(unclear)?),
                    "mx" => Mechanism::Networks(networks(&self.mail_addresses(&target(rest)).await?, rest).ok_or_else(unclear)?),
                    _ => Mechanism::Other,
                }
            }
            _ => return Err(unclear()),
        };
        Ok(Term { qualifier: qualifier.unwrap_or('+'), mechanism })
    }

    async fn include(&mut self, target: &str) -> Result<Mechanism, Fault> {
        let included = Box::pin(self.read(target)).await?;
        included.map(Mechanism::Include).ok_or_else(|| Fault::Wrong(format!("include:{target} leads to no record: take it out")))
    }

    async fn mail_addresses(&self, domain: &str) -> Result<Vec<IpAddr>, DnsFault> {
        let mut found = Vec::new();
        for host in self.dns.mail_hosts(domain).await?.iter().take(MOST_HOSTS) {
            found.extend(self.dns.addresses(host).await?);
        }
        Ok(found)
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.lookups += 1;
        let many = self.lookups > MOST_LOOKUPS;
        let why = "it takes more than ten look-ups, after which receivers give up (RFC 7208 4.6.4): name networks instead of including";
        if many { Err(Fault::Wrong(why.to_owned())) } else { Ok(()) }
    }
}

/// The addresses as networks of the lengths that a term ends in: `a:host/24//64`.
fn networks(addresses: &[IpAddr], rest: &str) -> Option<Vec<IpNet>> {
    let (four, six) = match rest.split_once('/') {
        None => (32, 128),
        Some((_, lengths)) => match lengths.split_once('/') {
            None => (lengths.parse().ok()?, 128),
            Some(("", six)) => (32, six.parse().ok()?),
            Some((four, six)) => (four.parse().ok()?, six.trim_start_matches('/').parse().ok()?),
        },
    };
    addresses.iter().map(|address| IpNet::new(*address, if address.is_ipv4() { four } else { six }).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_networks_are_read_for_both_kinds_of_address() {
        let addresses: Vec<IpAddr> = ["192.0.2.9", "2001:db8::9"].map(|text| text.parse().unwrap()).to_vec();
        let shown = |rest: &str| networks(&addresses, rest).map(|all| all.iter().map(IpNet::to_string).collect::<Vec<_>>());
        assert_eq!(shown(":host").unwrap(), ["192.0.2.9/32", "2001:db8::9/128"]);
        assert_eq!(shown(":host/24").unwrap(), ["192.0.2.9/24", "2001:db8::9/128"]);
        assert_eq!(shown("//64").unwrap(), ["192.0.2.9/32", "2001:db8::9/64"]);
        assert_eq!(shown("/24//64").unwrap(), ["192.0.2.9/24", "2001:db8::9/64"]);
        assert_eq!((shown("/x"), shown("/33")), (None, None));
    }

    #[test]
    fn the_first_term_that_matches_decides() {
        let term = |qualifier, mechanism| Term { qualifier, mechanism };
        let network = |text: &str| Mechanism::Networks(vec![text.parse().unwrap()]);
        let terms = vec![
            term('-', network("192.0.2.0/28")),
            term('+', Mechanism::Include(vec![term('+', network("192.0.2.0/24")), term('-', Mechanism::All)])),
            term('~', Mechanism::All),
        ];
        let of = |host: &str| outcome(&terms, host.parse().unwrap());
        assert_eq!((of("192.0.2.3"), of("192.0.2.99"), of("198.51.100.1")), (Some('-'), Some('+'), Some('~')));
    }
}
