//! The whole look: what receivers ask the DNS before they take a letter, asked by us first.

use std::net::IpAddr;

use url::Url;

use crate::mail::dns::ask::{Dns, DnsFault};
use crate::mail::dns::finding::Finding;
use crate::mail::dns::{dkim, dmarc, host, spf};
use crate::mail::error::MailSettingsError;
use crate::mail::settings::{MailSettings, TransportKind};

/// The domains and names of a service's letters.
#[derive(Debug, Clone)]
pub struct Domains {
    /// Of the address that letters are from.
    pub from: String,
    /// Of the address that they come back to.
    pub envelope: String,
    /// The signing domain; none where nothing is signed here.
    pub signing: Option<String>,
    /// Names and records of the keys; of each kind the first one signs.
    pub keys: Vec<(String, String)>,
    /// The host that talks to receivers, where it is this one and has said its name.
    pub host: Option<String>,
    /// The mail server that does it otherwise.
    pub relay: Option<String>,
}

impl Domains {
    /// As the settings have them.
    ///
    /// # Errors
    /// An address or a URL among them does not read.
    pub fn of(settings: &MailSettings, keys: Vec<(String, String)>) -> Result<Self, MailSettingsError> {
        let from = settings.sender()?.domain().to_owned();
        let bounces = settings.bounces.address.trim().rsplit_once('@').map(|(_, domain)| domain.to_owned());
        let url = Url::parse(&settings.smtp.url).map_err(|fault| MailSettingsError::Url(fault.to_string()))?;
        let relay = url.host_str().unwrap_or_default().to_owned();
        let is_ours = settings.transport == TransportKind::Sendmail
            || relay == "localhost"
            || relay.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        Ok(Self {
            envelope: bounces.unwrap_or_else(|| from.clone()),
            from,
            signing: settings.dkim.as_ref().map(|dkim| dkim.domain.clone()),
            keys,
            host: settings.smtp.hello_name.clone().filter(|_| is_ours),
            relay: (!is_ours).then_some(relay),
        })
    }
}

/// Looks at everything; where nothing answers, only that is told.
pub async fn survey(dns: &Dns, of: &Domains) -> Vec<Finding> {
    const LEAVE_OUT: &str = "look at the network and mail.resolver, or leave this out with --offline";
    if let Err(fault) = dns.texts(&of.from).await {
        return vec![Finding::wanting("dns", format!("no name server answers ({fault}): {LEAVE_OUT}"))];
    }
    let hosts = match &of.host {
        Some(host) => dns.addresses(host).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let mut findings = Vec::new();
    let mut add = |check: &'static str, found: Result<Vec<Finding>, DnsFault>| match found {
        Ok(found) => findings.extend(found),
        Err(fault) => findings.push(Finding::wanting(check, format!("cannot be looked at ({fault}): {LEAVE_OUT}"))),
    };
    add("spf", spf::sender(dns, &of.envelope, &hosts, &who_sends(of, &hosts)).await.map(|found| vec![found]));
    add("dkim", dkim::keys(dns, &of.keys).await);
    add("dmarc", dmarc::policy(dns, &of.from).await);
    add("alignment", aligned(dns, of).await);
    add("bounce mx", host::returns(dns, &of.envelope).await.map(|found| vec![found]));
    if let Some(name) = &of.host {
        add("sending host", host::sending(dns, name, &hosts).await);
    }
    findings
}

/// The terms of an SPF record that let our letters out.
fn who_sends(of: &Domains, hosts: &[IpAddr]) -> String {
    let term = |address: &IpAddr| if address.is_ipv4() { format!("ip4:{address}") } else { format!("ip6:{address}") };
    match &of.relay {
        _ if !hosts.is_empty() => hosts.iter().map(term).collect::<Vec<_>>().join(" "),
        Some(relay) => format!("include:(what {relay} tells its customers to include)"),
        None => "mx".to_owned(),
    }
}

/// Whether signature and envelope are of the organisation that letters are from: one of them must be, for DMARC (RFC 9989 4.4).
async fn aligned(dns: &Dns, of: &Domains) -> Result<Vec<Finding>, DnsFault> {
    const CHECK: &str = "alignment";
    let ours = dmarc::organisation_of(dns, &of.from).await?;
    let mut findings = Vec::new();
    let envelope = dmarc::organisation_of(dns, &of.envelope).await?;
    let signing = match &of.signing {
        Some(domain) => Some((domain, dmarc::organisation_of(dns, domain).await?)),
        None => None,
    };
    if envelope != ours {
        let says =
            format!("letters from {} come back to {}, so that SPF cannot speak for them: use a domain under {ours}", of.from, of.envelope);
        findings.push(Finding::wanting(CHECK, says));
    }
    match signing {
        Some((domain, organisation)) if organisation != ours => {
            let says =
                format!("letters from {} are signed for {domain}, which does not speak for them: set mail.dkim.domain to {ours}", of.from);
            findings.push(Finding::wrong(CHECK, says));
        }
        Some((domain, _)) if findings.is_empty() => {
            findings.push(Finding::well(CHECK, format!("signature ({domain}) and envelope ({}) speak for {}", of.envelope, of.from)));
        }
        _ => {}
    }
    Ok(findings)
}
