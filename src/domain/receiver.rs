//! Who runs the mailbox of an address, as far as its domain says so.
//!
//! The families stand in `config/receivers.toml`. Every other domain stands for itself; in figures, which must stay few and name nobody,
//! they are `other`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::domain::email::EmailAddress;

/// Who takes mail for a mailbox: a family of domains, or one domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Receiver {
    /// One of the families.
    Family(&'static str),
    /// A domain that stands for itself.
    Domain(Arc<str>),
}

/// The word for domains that stand for themselves.
pub const OTHER: &str = "other";

struct Families {
    /// Whole domains.
    domains: BTreeMap<String, &'static str>,
    /// Names with any ending, the dot included.
    names: Vec<(String, &'static str)>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let text = include_str!("../../config/receivers.toml");
    let table: BTreeMap<String, Vec<String>> = toml::from_str(text).expect("the file is part of the program");
    let mut families = Families { domains: BTreeMap::new(), names: Vec::new() };
    for (family, domains) in table {
        let family: &'static str = Box::leak(family.into_boxed_str());
        for domain in domains {
            match domain.strip_suffix('*') {
                Some(name) => families.names.push((name.to_owned(), family)),
                None => drop(families.domains.insert(domain, family)),
            }
        }
    }
    families
});

impl Receiver {
    /// Who takes mail for an address.
    #[must_use]
    pub fn of(email: &EmailAddress) -> Self {
        let domain = email.domain();
        let by_name = || FAMILIES.names.iter().find(|(name, _)| domain.starts_with(name.as_str())).map(|(_, family)| *family);
        match FAMILIES.domains.get(domain).copied().or_else(by_name) {
            Some(family) => Self::Family(family),
            None => Self::Domain(domain.into()),
        }
    }

    /// The family, or `other`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        match self {
            Self::Family(family) => family,
            Self::Domain(_) => OTHER,
        }
    }

    /// The family or the domain.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Family(family) => family,
            Self::Domain(domain) => domain,
        }
    }

    /// Whether a word names a family.
    #[must_use]
    pub fn is_family(word: &str) -> bool {
        FAMILIES.domains.values().chain(FAMILIES.names.iter().map(|(_, family)| family)).any(|family| *family == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_belongs_to_its_family_or_stands_for_itself() {
        for (address, family, name) in [
            ("a@gmail.com", "google", "google"),
            ("a@Outlook.com.br", "microsoft", "microsoft"),
            ("a@yahoo.co.in", "yahoo", "yahoo"),
            ("a@gmail.com.example.org", "other", "gmail.com.example.org"),
            ("a@notgmail.com", "other", "notgmail.com"),
            ("a@example.org", "other", "example.org"),
        ] {
            let receiver = Receiver::of(&EmailAddress::parse(address).unwrap());
            assert_eq!((receiver.family(), receiver.name()), (family, name), "{address}");
        }
        assert!(Receiver::is_family("google") && !Receiver::is_family("other"));
    }
}
