//! What an operator may set about the page (`[web]`).

use ipnet::IpNet;
use serde::Deserialize;

use crate::domain::DurationText;

/// This machine.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// The page's settings (`[web]`).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Where to listen: `ADDRESS:PORT` or `unix:PATH`.
    pub listen: String,
    /// Networks whose `X-Forwarded-For` is believed: the reverse proxies in front. Nobody's by default.
    pub trusted_proxies: Vec<IpNet>,
    /// Networks that may read `/metrics`.
    pub metrics_from: Vec<IpNet>,
    /// Longest time a client may take to send the head of a request; also how long an idle connection is kept.
    pub header_timeout: DurationText,
    /// Longest time a client may take to send a form.
    pub body_timeout: DurationText,
    /// Longest time the last requests may take after a stop was asked for.
    pub drain_timeout: DurationText,
    /// Most connections at a time; the next one is told to come back later.
    pub connections: usize,
    /// Most connections of one visitor (an address of IPv4, a /64 of IPv6) at a time; those of proxies and of this machine are not counted.
    pub connections_per_visitor: usize,
    /// Most forms (sign-ups, lost links) that one network (a /24, a /64) may send within an hour.
    pub forms_per_hour: u32,
    /// Most forms for addresses of one domain within an hour.
    pub forms_per_hour_and_domain: u32,
    /// Most forms within an hour in all.
    pub forms_per_hour_in_all: u32,
    /// Most requests of one token of the API within a minute.
    pub api_requests_per_minute: u32,
    /// Domains whose addresses cannot sign up, subdomains too: the operator's choice.
    pub refused_domains: Vec<String>,
    /// Whether there is the operator's page, `/admin`.
    pub admin: bool,
    /// Sources whose jobs are described to search engines (JobPosting as JSON-LD), by name; `*` for all.
    pub job_posting_json_ld: Vec<String>,
    /// Most open listings held in memory for counts and filters, newest first; a thousand take about 5 MB.
    pub open_listings: usize,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            metrics_from: LOOPBACK.map(|net| net.parse().expect("a constant network")).to_vec(),
            header_timeout: DurationText::from_secs(10),
            body_timeout: DurationText::from_secs(30),
            drain_timeout: DurationText::from_secs(5),
            connections: 512,
            connections_per_visitor: 64,
            forms_per_hour: 20,
            forms_per_hour_and_domain: 100,
            forms_per_hour_in_all: 500,
            api_requests_per_minute: 600,
            refused_domains: Vec::new(),
            admin: false,
            job_posting_json_ld: Vec::new(),
            open_listings: 100_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_by_name_and_an_unknown_one_is_refused() {
        let settings: WebSettings = toml::from_str("listen = \"unix:/run/x.sock\"\ntrusted_proxies = [\"10.0.0.0/8\"]").unwrap();
        assert_eq!((settings.listen.as_str(), settings.trusted_proxies.len()), ("unix:/run/x.sock", 1));
        assert!(toml::from_str::<WebSettings>("listn = \"x\"").is_err());
    }
}
