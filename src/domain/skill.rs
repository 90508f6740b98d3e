//! A named language, database, framework, cloud, tool or operating system.

use serde::{Deserialize, Serialize};

use crate::domain::line::quoted;

/// A skill by its canonical lower-case spelling (`postgresql`, `spring boot`); aliases are the vocabulary's business.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Skill(String);

impl Skill {
    /// Longest accepted name, in characters.
    pub const MAX_CHARS: usize = 60;

    /// Trims, lower-cases and folds inner white space of a name; does not map aliases.
    ///
    /// # Errors
    /// An empty name or one of more than [`Skill::MAX_CHARS`] characters.
    pub fn parse(text: &str) -> Result<Self, SkillError> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        match name.chars().count() {
            1..=Self::MAX_CHARS => Ok(Self(name)),
            _ => Err(SkillError(text.chars().take(80).collect())),
        }
    }

    /// The canonical spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Skill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Skill {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&std::borrow::Cow::<'de, str>::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// A skill name that is empty or too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is no skill name: give 1 to {max} characters", quoted(.0), max = Skill::MAX_CHARS)]
pub struct SkillError(pub String);
