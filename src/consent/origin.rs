//! From where a person asks.

use std::net::IpAddr;

use crate::domain::Language;

/// From where a person asks for something.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    pub(in crate::consent) from: &'a str,
    pub(in crate::consent) page: Option<&'a str>,
    pub(in crate::consent) network: Option<IpAddr>,
    pub(in crate::consent) language: Language,
}

impl<'a> Origin<'a> {
    /// From a page of ours, by its route, sent from a network.
    #[must_use]
    pub const fn page(page: &'a str, network: Option<IpAddr>) -> Self {
        Self { from: "web", page: Some(page), network, language: Language::English }
    }

    /// The same, where the page spoke this language.
    #[must_use]
    pub const fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }
}

/// `cli`, `mail`, `web`.
impl<'a> From<&'a str> for Origin<'a> {
    fn from(from: &'a str) -> Self {
        Self { from, page: None, network: None, language: Language::English }
    }
}
