//! A board that was recognised: what it is called, how it is read, and whether somebody reads it already.

use url::Url;

use crate::sources::kind::{Board, Kind};
use crate::sources::registry;
use crate::sources::settings::SourceSettings;
use crate::sources::source::Source;

/// A board that was recognised.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its platform.
    pub kind: &'static Kind,
    /// What its source needs.
    pub keys: Board,
    /// An address that names it, and by itself leads to the same board again.
    pub address: Url,
}

/// The board that an address names.
pub fn by_address(url: &Url) -> Option<Found> {
    registry::kinds().iter().find_map(|kind| {
        let keys = (kind.knows)(url).filter(|keys| keys.iter().all(|(_, value)| is_plain(value)))?;
        Some(Found { kind, keys, address: url.clone() })
    })
}

/// A source of one of the open formats, which have an address for their only key; none where that format is not read.
pub fn by_url(kind: &str, address: &Url) -> Option<Found> {
    let kind = registry::find(kind).ok()?;
    kind.keys.iter().any(|key| key.name == "url").then(|| Found {
        kind,
        keys: vec![("url", address.to_string())],
        address: address.clone(),
    })
}

impl Found {
    /// What the board is called: a name on its platform, or the host of its address.
    pub fn name(&self) -> &str {
        let named = self.keys.iter().find(|(key, _)| *key == "board").or_else(|| self.keys.first().filter(|(key, _)| *key != "url"));
        named.map_or_else(|| self.address.host_str().unwrap_or(self.kind.name), |(_, value)| value)
    }

    /// A source that reads it.
    pub fn settings(&self, name: &str) -> SourceSettings {
        let options = self.keys.iter().map(|(key, value)| ((*key).to_owned(), toml::Value::from(value.as_str()))).collect();
        SourceSettings::new(name, self.kind.name, options)
    }

    /// Whether a source reads this very board already, switched on or not. Platforms do not tell names apart by capitals.
    pub fn is_read_by(&self, source: &SourceSettings) -> bool {
        let same = |(key, value): &(&str, String)| {
            let other = source.options.get(*key).and_then(toml::Value::as_str).map(str::trim);
            other.is_some_and(|other| other.eq_ignore_ascii_case(value) || *key == "url" && Url::parse(other) == Url::parse(value))
        };
        if source.kind != self.kind.name || !self.keys.iter().all(same) {
            return false;
        }
        // The same name may stand on two servers of one platform (Lever's eu, say); a mirror shows the board it mirrors.
        let host = |settings: &SourceSettings| Source::build(settings).ok().and_then(|source| source.host().map(str::to_owned));
        source.base_url.is_some() || host(source) == host(&self.settings("found"))
    }

    /// Whether it is the board of one employer; the others link to jobs of everybody.
    pub fn is_of_an_employer(&self) -> bool {
        const KEYS: [&str; 3] = ["board", "uid", "site"];
        self.keys.iter().any(|(key, _)| KEYS.contains(key))
    }

    /// Whether all that is said here of a board is said of another one too.
    pub fn is_within(&self, other: &Self) -> bool {
        let said = |(key, value): &(&str, String)| other.keys.iter().any(|(same, also)| same == key && also.eq_ignore_ascii_case(value));
        self.kind.name == other.kind.name && self.keys.iter().all(said)
    }
}

/// Whether a value can be a key of a board: scripts hold addresses with places for one.
fn is_plain(value: &str) -> bool {
    !value.trim().is_empty() && !value.contains(['{', '}', '<', '>', '$', '"', '\'', '`', '\\', '|'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: &Found) -> String {
        let keys: Vec<String> = found.keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("{} {}", found.kind.name, keys.join(" "))
    }

    #[test]
    fn an_address_of_a_board_or_of_one_of_its_jobs_names_the_board() {
        for (address, board) in [
            ("https://boards.greenhouse.io/acme", "greenhouse board=acme"),
            ("https://job-boards.greenhouse.io/acme/jobs/4711?gh_src=x", "greenhouse board=acme"),
            ("https://boards.greenhouse.io/embed/job_board?for=acme", "greenhouse board=acme"),
            ("https://jobs.lever.co/acme/6f1a-77?lever-source=x", "lever board=acme"),
            ("https://jobs.eu.lever.co/acme", "lever board=acme region=eu"),
            ("https://jobs.ashbyhq.com/Acme%20Inc/1", "ashby board=Acme Inc"),
        ] {
            assert_eq!(by_address(&Url::parse(address).unwrap()).as_ref().map(shown).as_deref(), Some(board), "{address}");
        }
        for other in ["https://www.acme.example/careers?gh_jid=4711", "https://boards.greenhouse.io/", "https://jobs.lever.co/${site}"] {
            assert!(by_address(&Url::parse(other).unwrap()).is_none(), "{other}");
        }
    }

    #[test]
    fn a_board_is_read_already_by_a_source_of_the_same_keys_and_server() {
        let source = |text: &str| toml::from_str::<SourceSettings>(&format!("name = \"a\"\n{text}")).unwrap();
        let found = by_address(&Url::parse("https://jobs.lever.co/acme").unwrap()).unwrap();
        assert!(found.is_read_by(&source("kind = \"lever\"\nboard = \"Acme\"\nenabled = false")));
        assert!(found.is_read_by(&source("kind = \"lever\"\nboard = \"acme\"\nregion = \"global\"")));
        assert!(found.is_read_by(&source("kind = \"lever\"\nboard = \"acme\"\nbase_url = \"http://127.0.0.1:9\"")));
        assert!(!found.is_read_by(&source("kind = \"lever\"\nboard = \"acme\"\nregion = \"eu\"")));
        assert!(!found.is_read_by(&source("kind = \"ashby\"\nboard = \"acme\"")));
    }
}
