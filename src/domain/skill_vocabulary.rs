//! The skills as data, `config/vocabulary/skills.toml`, embedded: their spellings, their families, and what implies what.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::nearest::nearest_of_many;
use crate::domain::skill::Skill;
use crate::domain::text::fold_name;
use crate::domain::word::words;

words! {
    /// What kind of thing a skill is.
    SkillFamily, "skill family" {
        /// A language of programs, queries or pages.
        Language = "language", "language";
        /// A framework, library or platform that programs are written against.
        Framework = "framework", "framework";
        /// A place for data that programs ask, and what keeps it running.
        Database = "database", "database";
        /// Moving, transforming, analysing and showing data.
        Data = "data", "data and analytics";
        /// Learning machines and the assistants made of them.
        MachineLearning = "machine learning", "machine learning";
        /// A cloud as a whole.
        Cloud = "cloud", "cloud";
        /// One service of a cloud.
        CloudService = "cloud service", "cloud service";
        /// Messages, streams and integration between systems.
        Messaging = "messaging", "messaging";
        /// What programs run on besides a cloud: containers, servers, networks, provisioning.
        Infrastructure = "infrastructure", "infrastructure";
        /// An operating system.
        OperatingSystem = "operating system", "operating system";
        /// Building and delivering.
        Ci = "ci", "build and delivery";
        /// Testing.
        Testing = "testing", "testing";
        /// Watching what runs.
        Monitoring = "monitoring", "monitoring";
        /// Any other tool, business software included.
        Tool = "tool", "tool";
    }
}

/// A skill of the vocabulary.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillEntry {
    /// The canonical lower-case spelling.
    pub name: String,
    /// What kind of thing it is.
    pub family: SkillFamily,
    /// Other spellings; each means this skill wherever it stands as a word.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Spellings that are also plain words and need the same company as an ambiguous name.
    #[serde(default)]
    pub doubtful: Vec<String>,
    /// What whoever has this skill has too, by canonical name; only the nearest, the rest follows.
    #[serde(default)]
    pub implies: Vec<String>,
    /// The name itself is also a plain word (go, spring, access): it counts in a list of skills or with one of `near` close by.
    #[serde(default)]
    pub ambiguous: bool,
    /// The plain word is not capitalised within a sentence, the product is: capitals are enough for a doubtful spelling (Excel), and a
    /// name that is not ambiguous needs them (React).
    #[serde(default)]
    pub proper: bool,
    /// Words that, close by, say that the skill is meant.
    #[serde(default)]
    pub near: Vec<String>,
    /// Phrases that contain the word and do not mean the skill.
    #[serde(default)]
    pub never: Vec<String>,
}

/// The skills by all their spellings.
#[derive(Debug)]
pub struct SkillVocabulary {
    entries: Vec<SkillEntry>,
    by_spelling: HashMap<String, usize>,
    /// For each entry the entries that follow from it, near and far, in order.
    implied: Vec<Vec<usize>>,
}

impl SkillVocabulary {
    fn new(entries: Vec<SkillEntry>) -> Self {
        let mut by_spelling = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for spelling in entry.aliases.iter().chain(&entry.doubtful).chain([&entry.name]) {
                by_spelling.insert(fold_name(spelling), index);
            }
        }
        let nearest: Vec<Vec<usize>> = entries
            .iter()
            .map(|entry| entry.implies.iter().filter_map(|name| by_spelling.get(&fold_name(name)).copied()).collect())
            .collect();
        let implied = (0..entries.len()).map(|start| closure(start, &nearest)).collect();
        Self { entries, by_spelling, implied }
    }

    /// The canonical name for any spelling of a skill; one that is not in the vocabulary stands for itself.
    #[must_use]
    pub fn name<'a>(&'a self, skill: &'a Skill) -> &'a str {
        self.index(skill).map_or_else(|| skill.as_str(), |index| &self.entries[index].name)
    }

    /// The canonical skill for any of its spellings; a name that is not in the vocabulary stands for itself.
    #[must_use]
    pub fn canonical(&self, skill: &Skill) -> Skill {
        Skill::parse(self.name(skill)).unwrap_or_else(|_| skill.clone())
    }

    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[SkillEntry] {
        &self.entries
    }

    /// What kind of thing a skill is, by any of its spellings; none for a name that is not in the vocabulary.
    #[must_use]
    pub fn family(&self, skill: &Skill) -> Option<SkillFamily> {
        self.index(skill).map(|index| self.entries[index].family)
    }

    /// Whether a name is that of a skill here, in any of its spellings.
    #[must_use]
    pub fn knows(&self, skill: &Skill) -> bool {
        self.index(skill).is_some()
    }

    /// The spelling here that is nearest to a name, where one is near.
    #[must_use]
    pub fn nearest(&self, skill: &Skill) -> Option<&str> {
        nearest_of_many(&fold_name(skill.as_str()), self.by_spelling.keys().map(String::as_str))
    }

    /// What whoever has this skill has too, near and far, nearest first: for `spring boot` that is `spring` and `java`.
    ///
    /// For suggestions and for telling what an ambiguous word means; neither facts nor matching follow it (contract part 6).
    pub fn implied_by(&self, skill: &Skill) -> impl Iterator<Item = &str> {
        let implied = self.index(skill).map_or(&[][..], |index| &self.implied[index]);
        implied.iter().map(|index| self.entries[*index].name.as_str())
    }

    /// Whether one of two entries, by their positions, follows from the other.
    #[must_use]
    pub fn are_kin(&self, one: usize, other: usize) -> bool {
        self.implied[one].contains(&other) || self.implied[other].contains(&one)
    }

    fn index(&self, skill: &Skill) -> Option<usize> {
        // Most skills are spelled as they are kept.
        let exact = self.by_spelling.get(skill.as_str());
        exact.or_else(|| self.by_spelling.get(&fold_name(skill.as_str()))).copied()
    }
}

/// Everything that can be reached from one entry, itself left out, nearest first.
fn closure(start: usize, nearest: &[Vec<usize>]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut at = 0;
    let mut from = start;
    loop {
        for next in &nearest[from] {
            if *next != start && !found.contains(next) {
                found.push(*next);
            }
        }
        let Some(next) = found.get(at) else { return found };
        (from, at) = (*next, at + 1);
    }
}

static SKILLS: LazyLock<SkillVocabulary> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        skill: Vec<SkillEntry>,
    }
    let file: File =
        toml::from_str(include_str!("../../config/vocabulary/skills.toml")).expect("the embedded skills parse; a test reads them");
    SkillVocabulary::new(file.skill)
});

/// The embedded skills.
#[must_use]
pub fn skills() -> &'static SkillVocabulary {
    &SKILLS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(name: &str) -> Skill {
        Skill::parse(name).unwrap()
    }

    fn implied(name: &str) -> Vec<&'static str> {
        skills().implied_by(&skill(name)).collect()
    }

    #[test]
    fn the_vocabulary_is_large_enough_to_be_useful() {
        assert!(skills().entries().len() >= 1_400, "{}", skills().entries().len());
    }

    #[test]
    fn every_spelling_means_one_skill_and_leads_to_its_name() {
        let mut seen = HashMap::new();
        for entry in skills().entries() {
            for spelling in entry.aliases.iter().chain(&entry.doubtful).chain([&entry.name]) {
                assert_eq!(*spelling, spelling.to_lowercase());
                let other = seen.insert(spelling.clone(), entry.name.clone());
                assert_eq!(other, None, "{spelling} is written twice");
                assert_eq!(skills().canonical(&skill(spelling)).as_str(), entry.name);
            }
        }
    }

    #[test]
    fn every_implied_name_is_known_and_nothing_implies_itself() {
        for (index, entry) in skills().entries().iter().enumerate() {
            for name in &entry.implies {
                assert_ne!(name, &entry.name);
                assert!(
                    skills().entries().iter().any(|known| known.name == *name),
                    "{} implies {name}, which is no canonical name",
                    entry.name
                );
            }
            for other in &skills().implied[index] {
                assert!(
                    !skills().implied[*other].contains(&index),
                    "{} and {} imply each other",
                    entry.name,
                    skills().entries()[*other].name
                );
            }
        }
    }

    #[test]
    fn what_follows_from_a_skill_is_followed_to_the_end() {
        assert_eq!(implied("Spring Boot"), ["spring", "java"]);
        assert_eq!(implied("django"), ["python"]);
        assert_eq!(implied("PLSQL"), ["oracle", "sql"]);
        assert_eq!(implied("amazon eks"), ["aws", "kubernetes"]);
        assert_eq!(implied("java"), Vec::<&str>::new());
        assert_eq!(implied("what nobody knows"), Vec::<&str>::new());
    }

    #[test]
    fn each_family_has_its_members() {
        for (name, family) in [
            ("golang", SkillFamily::Language),
            ("postgres", SkillFamily::Database),
            ("spring boot", SkillFamily::Framework),
            ("kafka", SkillFamily::Messaging),
            ("gcp", SkillFamily::Cloud),
            ("s3", SkillFamily::CloudService),
            ("linux", SkillFamily::OperatingSystem),
            ("jenkins", SkillFamily::Ci),
            ("junit", SkillFamily::Testing),
        ] {
            assert_eq!(skills().family(&skill(name)), Some(family), "{name}");
        }
        for family in SkillFamily::ALL {
            assert!(skills().entries().iter().filter(|entry| entry.family == *family).count() >= 10, "{family}");
        }
        assert_eq!(skills().family(&skill("what nobody knows")), None);
    }
}
