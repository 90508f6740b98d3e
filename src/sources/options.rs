//! The kind's own keys of one source: declared by the kind, checked once, read by the adapter.

use url::Url;

use crate::domain::nearest::nearest;
use crate::sources::settings::SourceSettings;

/// A key that a kind understands in its `[[source]]`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key, as written in the configuration.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// A value that works; the kind reads single payloads with it.
    pub example: &'static str,
    /// Whether the kind can do without it.
    pub need: Need,
}

/// Whether a kind can do without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// There is no source without it.
    Required,
    /// There is a good default.
    Optional,
}

/// The checked keys of one source, as its adapter reads them.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    settings: &'a SourceSettings,
    keys: &'static [Key],
}

impl<'a> Options<'a> {
    /// Checks that every key is known to the kind and every required one is there.
    ///
    /// # Errors
    /// An unknown or a missing key, by name.
    pub fn check(settings: &'a SourceSettings, keys: &'static [Key]) -> Result<Self, SourceSettingsError> {
        let known = || keys.iter().map(|key| key.name);
        let general = ["name", "kind", "enabled", "schedule", "base_url", "company", "leave"];
        for key in settings.options.keys() {
            if !known().any(|name| name == key) {
                let hint = nearest(key, known().chain(general)).map(|word| format!("did you mean {word:?}?"));
                let hint = hint.unwrap_or_else(|| format!("{} knows: {}", settings.kind, known().collect::<Vec<_>>().join(", ")));
                return Err(SourceSettingsError::UnknownKey { name: settings.name.clone(), key: key.clone(), hint });
            }
        }
        for key in keys.iter().filter(|key| key.need == Need::Required) {
            if !settings.options.contains_key(key.name) {
                return Err(SourceSettingsError::MissingKey {
                    name: settings.name.clone(),
                    kind: settings.kind.clone(),
                    key: key.name,
                    description: key.description,
                    example: key.example,
                });
            }
        }
        Ok(Self { settings, keys })
    }

    /// A text key, trimmed; none where it is not set.
    ///
    /// # Errors
    /// The value is no text, or empty.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, SourceSettingsError> {
        debug_assert!(self.keys.iter().any(|key| key.name == name), "a kind reads only keys it declares");
        let Some(value) = self.settings.options.get(name) else { return Ok(None) };
        match value.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Ok(Some(text)),
            _ => Err(self.bad(name, "a text in quotes that is not empty")),
        }
    }

    /// A text key that [`Options::check`] found to be there.
    ///
    /// # Errors
    /// The value is no text, or empty.
    pub fn required(&self, name: &str) -> Result<&'a str, SourceSettingsError> {
        self.text(name)?.ok_or_else(|| self.bad(name, "a text"))
    }

    /// A key that is one of a few words; the first is the default.
    ///
    /// # Errors
    /// The value is another word.
    pub fn choice(&self, name: &str, words: &[&'static str]) -> Result<&'static str, SourceSettingsError> {
        let Some(given) = self.text(name)? else { return Ok(words[0]) };
        words.iter().find(|word| **word == given).copied().ok_or_else(|| self.bad(name, &format!("one of: {}", words.join(", "))))
    }

    /// A key that is a whole number of at least one.
    ///
    /// # Errors
    /// The value is something else.
    pub fn count(&self, name: &str) -> Result<Option<usize>, SourceSettingsError> {
        debug_assert!(self.keys.iter().any(|key| key.name == name), "a kind reads only keys it declares");
        let Some(value) = self.settings.options.get(name) else { return Ok(None) };
        let count = value.as_integer().and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
        count.map(Some).ok_or_else(|| self.bad(name, "a whole number of at least 1"))
    }

    /// The server to ask: `base_url` of the source, or the platform's own.
    ///
    /// # Errors
    /// `base_url` is not http or https.
    pub fn base(&self, platform: &str) -> Result<Url, SourceSettingsError> {
        let url = match &self.settings.base_url {
            Some(url) => url.clone(),
            None => Url::parse(platform).map_err(|_| self.bad("base_url", "an http or https address"))?,
        };
        self.web(url, "base_url")
    }

    /// A key that is a whole web address.
    ///
    /// # Errors
    /// No address, or not http or https.
    pub fn url(&self, name: &str) -> Result<Url, SourceSettingsError> {
        let url = Url::parse(self.required(name)?).map_err(|_| self.bad(name, "a whole address, such as https://example.org/jobs.rss"))?;
        self.web(url, name)
    }

    fn web(&self, url: Url, key: &str) -> Result<Url, SourceSettingsError> {
        if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(self.bad(key, "an http or https address")) }
    }

    /// The error of a value that cannot be used.
    pub fn bad(&self, key: &str, expected: &str) -> SourceSettingsError {
        SourceSettingsError::BadValue { name: self.settings.name.clone(), key: key.to_owned(), expected: expected.to_owned() }
    }
}

impl SourceSettingsError {
    /// The source and the key that it is about.
    pub fn place(&self) -> (&str, &str) {
        match self {
            Self::UnknownKind { name, .. } => (name, "kind"),
            Self::MissingKey { name, key, .. } => (name, key),
            Self::UnknownKey { name, key, .. } | Self::BadValue { name, key, .. } => (name, key),
        }
    }
}

/// What is wrong with one `[[source]]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceSettingsError {
    /// No adapter of that name.
    #[error("source {name:?}: unknown kind {kind:?}; {hint}")]
    UnknownKind {
        /// The source.
        name: String,
        /// What was given.
        kind: String,
        /// The nearest kind, or where to look.
        hint: String,
    },
    /// A key that the kind does not know.
    #[error("source {name:?}: unknown key {key:?}; {hint}")]
    UnknownKey {
        /// The source.
        name: String,
        /// The key.
        key: String,
        /// The nearest known key, or all of them.
        hint: String,
    },
    /// A key that the kind needs.
    #[error("source {name:?}: {kind} needs {key:?} ({description}); for example {key} = {example:?}")]
    MissingKey {
        /// The source.
        name: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
        /// What the key is.
        description: &'static str,
        /// A value that works.
        example: &'static str,
    },
    /// A value that cannot be used.
    #[error("source {name:?}: {key:?} should be {expected}")]
    BadValue {
        /// The source.
        name: String,
        /// The key.
        key: String,
        /// What it should be.
        expected: String,
    },
}
