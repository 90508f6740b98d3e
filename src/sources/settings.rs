//! What the operator writes: `[fetch]`, and one `[[source]]` a board.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::DurationText;
use crate::domain::cron::CronExpression;

/// `[fetch]`: how sources are asked, all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchSettings {
    /// When sources without a schedule of their own are asked: cron, five or six fields, UTC.
    pub schedule: String,
    /// Sources may point inside the network (loopback, private ranges) only when this is true.
    pub allow_private_addresses: bool,
    /// The whole `User-Agent` line; without it `rolecall/VERSION`, followed by the contact.
    pub user_agent: Option<String>,
    /// A page or mail address for the operators of job boards, sent in the `User-Agent`.
    pub contact: Option<String>,
    /// The longest one answer may take, from the first byte sent to the last byte read, redirects included.
    pub timeout: DurationText,
    /// The largest answer, in bytes after decompression.
    pub max_bytes: usize,
    /// The most postings taken from one source in one fetch.
    pub max_items: usize,
    /// The most postings whose own pages are read in one fetch, for platforms that list without texts; the rest waits for the next.
    pub max_details: usize,
    /// The most bytes that all answers of one fetch may have together.
    pub max_total_bytes: usize,
    /// The longest that all answers of one fetch may take together; standing in line for a host does not count.
    pub max_total_time: DurationText,
    /// The most redirects that are followed.
    pub max_redirects: usize,
    /// The ports that hosts of the public internet are asked on.
    pub ports: Vec<u16>,
    /// How many answers are awaited at the same time, over all sources.
    pub concurrency: usize,
    /// How many answers are awaited at the same time from one host.
    pub per_host_concurrency: usize,
    /// The least time between two requests to one host; the `Crawl-delay` of its `robots.txt` may make it longer.
    pub per_host_interval: DurationText,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            schedule: "*/15 * * * *".to_owned(),
            allow_private_addresses: false,
            user_agent: None,
            contact: None,
            timeout: DurationText::from_secs(60),
            max_bytes: 16 * 1024 * 1024,
            max_items: 20_000,
            max_details: 200,
            max_total_bytes: 64 * 1024 * 1024,
            max_total_time: DurationText::from_secs(240),
            max_redirects: 5,
            ports: vec![80, 443],
            concurrency: 8,
            per_host_concurrency: 1,
            per_host_interval: DurationText::from_millis(500),
        }
    }
}

impl FetchSettings {
    /// The first key that no fetch could work with, and its mend.
    pub fn fault(&self) -> Option<String> {
        if let Err(error) = CronExpression::parse(&self.schedule) {
            return Some(format!("schedule: {error}"));
        }
        for (key, time) in [("timeout", self.timeout), ("max_total_time", self.max_total_time)] {
            if time.get().is_zero() {
                return Some(format!("{key}: give a time longer than 0s, such as \"60s\""));
            }
        }
        if self.ports.is_empty() {
            return Some("ports: give at least one, such as [80, 443]".to_owned());
        }
        let counts = [
            ("max_bytes", self.max_bytes),
            ("max_items", self.max_items),
            ("max_details", self.max_details),
            ("max_total_bytes", self.max_total_bytes),
            ("concurrency", self.concurrency),
            ("per_host_concurrency", self.per_host_concurrency),
        ];
        counts.iter().find(|(_, count)| *count == 0).map(|(key, _)| format!("{key}: give a whole number of at least 1"))
    }

    /// The name by which a `robots.txt` speaks of us: the letters that the `User-Agent` starts with (RFC 9309 2.2.1).
    pub fn product(&self) -> String {
        let agent = self.agent();
        let letters = |letter: &char| letter.is_ascii_alphabetic() || matches!(letter, '-' | '_');
        agent.chars().take_while(letters).collect()
    }

    /// The `User-Agent` that is sent: honest about who asks.
    pub fn agent(&self) -> String {
        let plain = concat!("rolecall/", env!("CARGO_PKG_VERSION"));
        match (&self.user_agent, &self.contact) {
            (Some(whole), _) => whole.clone(),
            (None, Some(contact)) => format!("{plain} (+{contact})"),
            (None, None) => plain.to_owned(),
        }
    }
}

/// One `[[source]]`: a board to read. Keys that are not named here belong to the kind and are checked against its list.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceSettings {
    /// A name of the operator's choice; part of the identity of every listing, so it should not change.
    pub name: String,
    /// The platform: one of `rolecall source kinds`.
    pub kind: String,
    /// Whether it is asked at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// When it is asked: cron, five or six fields, UTC; without it `[fetch] schedule`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Another server with the same API: a mirror, a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<Url>,
    /// The employer of every posting of this source; overrides what the platform says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The operator says that they have the leave that the platform's terms ask for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leave: bool,
    /// The kind's own keys, such as `board`.
    #[serde(flatten)]
    pub options: toml::Table,
}

const fn yes() -> bool {
    true
}

impl SourceSettings {
    /// Settings with nothing but a name, a kind and the kind's own keys.
    pub fn new(name: &str, kind: &str, options: toml::Table) -> Self {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        Self { name, kind, enabled: true, schedule: None, base_url: None, company: None, leave: false, options }
    }
}

/// A kind's own keys may be secrets: their values are not shown.
impl std::fmt::Debug for SourceSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys: Vec<&String> = self.options.keys().collect();
        f.debug_struct("SourceSettings").field("name", &self.name).field("kind", &self.kind).field("keys", &keys).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_collects_the_keys_of_its_kind() {
        let settings: SourceSettings = toml::from_str("name = \"acme\"\nkind = \"greenhouse\"\nboard = \"acme\"\n").unwrap();
        assert!(settings.enabled);
        assert_eq!(settings.options.get("board").and_then(toml::Value::as_str), Some("acme"));
        assert_eq!(settings.options.len(), 1);
    }

    #[test]
    fn unknown_keys_of_fetch_are_refused_and_durations_are_words() {
        let settings: FetchSettings = toml::from_str("timeout = \"5s\"\nper_host_interval = \"1s\"").unwrap();
        assert_eq!(settings.timeout, DurationText::from_secs(5));
        assert_eq!(settings.schedule, "*/15 * * * *");
        assert!(toml::from_str::<FetchSettings>("time_out = \"5s\"").unwrap_err().to_string().contains("time_out"));
        assert!(toml::from_str::<FetchSettings>("timeout = 5").is_err());
    }

    #[test]
    fn settings_that_no_fetch_could_work_with_are_named() {
        assert_eq!(FetchSettings::default().fault(), None);
        for (wrong, key) in [
            (FetchSettings { schedule: "often".into(), ..FetchSettings::default() }, "schedule"),
            (FetchSettings { timeout: DurationText::from_secs(0), ..FetchSettings::default() }, "timeout"),
            (FetchSettings { max_bytes: 0, ..FetchSettings::default() }, "max_bytes"),
            (FetchSettings { concurrency: 0, ..FetchSettings::default() }, "concurrency"),
            (FetchSettings { per_host_concurrency: 0, ..FetchSettings::default() }, "per_host_concurrency"),
            (FetchSettings { max_total_bytes: 0, ..FetchSettings::default() }, "max_total_bytes"),
            (FetchSettings { max_total_time: DurationText::from_secs(0), ..FetchSettings::default() }, "max_total_time"),
            (FetchSettings { ports: Vec::new(), ..FetchSettings::default() }, "ports"),
        ] {
            assert!(wrong.fault().is_some_and(|fault| fault.starts_with(key)), "{key}");
        }
    }

    #[test]
    fn the_agent_says_who_asks_and_whom_to_write_to() {
        let mut settings = FetchSettings::default();
        assert_eq!(settings.agent(), format!("rolecall/{}", env!("CARGO_PKG_VERSION")));
        settings.contact = Some("https://jobs.example.org/about".to_owned());
        assert!(settings.agent().ends_with("(+https://jobs.example.org/about)"));
        assert_eq!(settings.product(), "rolecall");
        settings.user_agent = Some("mine/1".to_owned());
        assert_eq!((settings.agent().as_str(), settings.product().as_str()), ("mine/1", "mine"));
    }
}
