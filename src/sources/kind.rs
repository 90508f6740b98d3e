//! What a platform's file says about itself.

use std::time::Duration;

use url::Url;

use crate::sources::adapter::Adapter;
use crate::sources::options::{Key, Options, SourceSettingsError};

/// A platform that can be read.
#[derive(Debug)]
pub struct Kind {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// The keys it understands besides the general ones.
    pub keys: &'static [Key],
    /// What its operator asks of those who read it.
    pub terms: Terms,
    /// Knows one of its boards by an address: the values of the keys that read it.
    pub knows: fn(&Url) -> Option<Board>,
    /// Makes an adapter of checked keys.
    pub build: fn(&Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError>,
}

/// The keys of one board, with their values.
pub type Board = Vec<(&'static str, String)>;

/// What the operator of a platform asks of those who read it.
#[derive(Debug)]
pub struct Terms {
    /// In a sentence.
    pub says: &'static str,
    /// The least time between two fetches of one source.
    pub every: Duration,
    /// Whom to name beside its jobs; their own link is kept always.
    pub credit: Option<&'static str>,
    /// Whether reading it for subscribers needs a leave that the operator has to ask for.
    pub leave: Leave,
}

/// Whether the terms of a platform leave it to everyone to read it for subscribers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// They do.
    Given,
    /// They forbid it: such a source is off until the operator writes `leave = true`, saying that they have it.
    Needed,
}

impl Terms {
    /// Terms of an open interface: nothing but a pace.
    pub const fn open(says: &'static str, every: Duration) -> Self {
        Self { says, every, credit: None, leave: Leave::Given }
    }

    /// Terms that ask to be named.
    pub const fn credit(says: &'static str, every: Duration, credit: &'static str) -> Self {
        Self { says, every, credit: Some(credit), leave: Leave::Given }
    }

    /// The same, but they forbid a service that people sign up to.
    #[must_use]
    pub const fn forbidding(self) -> Self {
        Self { leave: Leave::Needed, ..self }
    }
}

/// For kinds whose boards no address gives away.
pub fn unknown(_: &Url) -> Option<Board> {
    None
}

/// The name before `.domain` in a host such as `acme.recruitee.com`; none for `www` and other names of the platform's own.
pub fn tenant(url: &Url, domain: &str) -> Option<String> {
    let name = url.host_str()?.strip_suffix(domain)?.strip_suffix('.')?;
    (usable(name) && !name.contains('.')).then(|| name.to_owned())
}

/// The path segments of an address, percent escapes undone, empty ones left out.
pub fn segments(url: &Url) -> Vec<String> {
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    parts.map(crate::sources::shape::text::unescape_path).collect()
}

/// A board's name, where a path segment can be one.
pub fn board(name: Option<&String>) -> Option<Board> {
    name.filter(|name| usable(name)).map(|name| vec![("board", name.clone())])
}

/// Whether a word can be the name of a board: platforms keep some for themselves.
pub fn usable(name: &str) -> bool {
    const KEPT: [&str; 17] = [
        "embed", "api", "v1", "js", "css", "assets", "www", "app", "help", "status", "jobs", "careers", "static", "cdn", "support", "blog",
        "login",
    ];
    const FILES: [&str; 13] =
        [".js", ".mjs", ".css", ".map", ".json", ".xml", ".txt", ".html", ".php", ".ico", ".png", ".svg", ".webmanifest"];
    let name = name.to_ascii_lowercase();
    !name.is_empty() && !FILES.iter().any(|ending| name.ends_with(ending)) && !KEPT.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_the_name_before_the_platform_and_never_one_of_its_own() {
        let tenant_of = |url: &str| tenant(&Url::parse(url).unwrap(), "recruitee.com");
        assert_eq!(tenant_of("https://acme.recruitee.com/o/x").as_deref(), Some("acme"));
        for other in ["https://www.recruitee.com/", "https://recruitee.com/", "https://a.b.recruitee.com/", "https://acmerecruitee.com/"] {
            assert_eq!(tenant_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_board_may_be_named_after_a_domain_but_not_after_a_file() {
        assert!(["mistral.ai", "domestika.org", "acme"].into_iter().all(usable));
        assert!(!["robots.txt", "Embed.js", "", "API"].into_iter().any(usable));
    }
}
