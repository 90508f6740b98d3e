//! The words of work, as data: what a text says about the side of a job (`config/vocabulary/work.toml`, embedded).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::word::words;

words! {
    /// A side of work that the words of a text speak for.
    WorkSide, "side of work" {
        /// Services, APIs, data access.
        Server = "server", "server";
        /// Running, tuning and designing databases, and programs inside them.
        Database = "database", "database";
        /// Pages and apps.
        Client = "client", "client";
        /// Pipelines, warehouses, reports.
        Data = "data", "data";
        /// Running systems and helping their users.
        Operations = "operations", "operations";
        /// Software in machines and close to them.
        Device = "device", "device";
        /// Models and research.
        Science = "science", "science";
        /// Selling, testing, analysing, configuring packages.
        Business = "business", "business";
        /// Houses and streets.
        Building = "building", "building";
    }
}

/// Words and skills that speak for one side of work with one weight.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkGroup {
    /// The side.
    pub side: WorkSide,
    /// How much one of them tells: 3 decides alone where a title is plain, 1 only adds up.
    pub weight: u32,
    /// Phrases in lower case, hyphens as blanks.
    #[serde(default)]
    pub words: Vec<String>,
    /// Canonical names of skills.
    #[serde(default)]
    pub skills: Vec<String>,
}

static WORK: LazyLock<Vec<WorkGroup>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        work: Vec<WorkGroup>,
    }
    let file: File =
        toml::from_str(include_str!("../../config/vocabulary/work.toml")).expect("the embedded words of work parse; a test reads them");
    file.work
});

/// The embedded words of work.
#[must_use]
pub fn work_words() -> &'static [WorkGroup] {
    &WORK
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::vocabulary::skills;

    #[test]
    fn every_word_of_work_speaks_once_for_a_side() {
        let mut seen = HashSet::new();
        for group in work_words() {
            assert!((1..=5).contains(&group.weight), "{}", group.weight);
            for word in &group.words {
                assert_eq!(*word, word.to_lowercase().replace('-', " "));
                assert!(seen.insert(word), "{word} is written twice");
            }
        }
    }

    #[test]
    fn every_skill_of_work_is_in_the_vocabulary() {
        let known: HashSet<&str> = skills().entries().iter().map(|entry| entry.name.as_str()).collect();
        for skill in work_words().iter().flat_map(|group| &group.skills) {
            assert!(known.contains(skill.as_str()), "{skill}");
        }
    }
}
