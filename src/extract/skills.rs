//! Skills by their names, with the company an ambiguous name needs.

use std::collections::BTreeMap;

use crate::domain::vocabulary::{SkillEntry, skills};
use crate::domain::{Finding, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases};

/// How far around an ambiguous name its `near` words are looked for, in bytes.
const NEAR: usize = 40;
/// The longest gap between two neighbours of a list, in bytes.
const LIST_GAP: usize = 8;
/// Most skills of one posting; more is a page of key words, not a job.
const MOST: usize = 80;

/// One spelling of the vocabulary.
struct Spelling {
    entry: usize,
    /// Needs company to count.
    doubtful: bool,
}

/// Finds skills in folded text.
pub struct SkillScanner {
    phrases: Phrases,
    spellings: Vec<Spelling>,
}

impl std::fmt::Debug for SkillScanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SkillScanner of {} spellings", self.spellings.len())
    }
}

impl SkillScanner {
    /// Builds the scanner from the embedded vocabulary.
    #[must_use]
    pub fn new() -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut spellings = Vec::new();
        for (entry, skill) in skills().entries().iter().enumerate() {
            words.push(&skill.name);
            spellings.push(Spelling { entry, doubtful: skill.ambiguous });
            for alias in &skill.aliases {
                words.push(alias);
                spellings.push(Spelling { entry, doubtful: false });
            }
            for alias in &skill.doubtful {
                words.push(alias);
                spellings.push(Spelling { entry, doubtful: true });
            }
        }
        Self { phrases: Phrases::new(&words), spellings }
    }

    /// The skills that title and text name, sorted, each once with the words it was first found in.
    #[must_use]
    pub fn read(&self, parts: &[&Folded<'_>]) -> Vec<Finding<Skill>> {
        let mut found: BTreeMap<Skill, Finding<Skill>> = BTreeMap::new();
        for part in parts {
            for hit in self.hits(part) {
                let entry = self.entry(hit);
                if let Ok(skill) = Skill::parse(&entry.name) {
                    found.entry(skill.clone()).or_insert_with(|| Finding::stated(skill, part.quote(hit.start, hit.end)));
                }
            }
        }
        found.into_values().take(MOST).collect()
    }

    fn entry(&self, hit: Hit) -> &'static SkillEntry {
        &skills().entries()[self.spellings[hit.phrase].entry]
    }

    /// The spellings that count.
    fn hits(&self, part: &Folded<'_>) -> Vec<Hit> {
        let mut hits = self.phrases.all(&part.folded);
        hits.retain(|hit| !never(self.entry(*hit), part, *hit));
        let mut sure: Vec<bool> =
            hits.iter().map(|hit| !self.spellings[hit.phrase].doubtful || near(self.entry(*hit), part, *hit)).collect();
        accept_lists(&hits, &mut sure, part);
        hits.into_iter().zip(sure).filter_map(|(hit, sure)| sure.then_some(hit)).collect()
    }
}

/// Whether the word stands in a phrase that never means the skill.
fn never(entry: &SkillEntry, part: &Folded<'_>, hit: Hit) -> bool {
    const REACH: usize = 24;
    if entry.never.is_empty() {
        return false;
    }
    let (before, after) = part.around(hit.start, hit.end, REACH, REACH);
    let word = &part.folded[hit.start..hit.end];
    entry.never.iter().any(|phrase| {
        phrase.match_indices(word).any(|(at, _)| {
            let rest = &phrase[at + word.len()..];
            before.ends_with(&phrase[..at]) && after.starts_with(rest)
        })
    })
}

/// Whether a capitalised word has one of its `near` words close by.
fn near(entry: &SkillEntry, part: &Folded<'_>, hit: Hit) -> bool {
    if entry.near.is_empty() || !part.quote(hit.start, hit.end).starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()) {
        return false;
    }
    let (before, after) = part.around(hit.start, hit.end, NEAR, NEAR);
    let before = before.rsplit(['\n', '.', ';']).next().unwrap_or(before);
    let after = after.split(['\n', ';']).next().unwrap_or(after);
    entry.near.iter().any(|word| has_word(before, word) || has_word(after, word))
}

/// Whether a word begins in the text at a word boundary.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// Neighbours in a list vouch for one another: a run with one sure skill, or of at least three, is a list of skills.
fn accept_lists(hits: &[Hit], sure: &mut [bool], part: &Folded<'_>) {
    let mut start = 0;
    while start < hits.len() {
        let mut end = start + 1;
        while end < hits.len() && is_list_gap(&part.folded[hits[end - 1].end..hits[end].start]) {
            end += 1;
        }
        let run = start..end;
        if run.len() > 1 && (run.len() >= 4 || sure[run.clone()].contains(&true)) {
            sure[run].fill(true);
        }
        start = end;
    }
}

/// Whether what stands between two skills only separates them.
fn is_list_gap(gap: &str) -> bool {
    if gap.len() > LIST_GAP {
        return false;
    }
    let separated =
        gap.contains([',', '/', '|', '&', ';', '+', '•', '·', '\n', '(', '*', '\\']) || has_word(gap, "and") || has_word(gap, "or");
    let letters = gap.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    separated && letters.into_iter().all(|word| matches!(word, "and" | "or" | "with"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        SkillScanner::new().read(&[&Folded::new(text)]).into_iter().map(|skill| skill.value.as_str().to_owned()).collect()
    }

    #[test]
    fn aliases_lead_to_one_name() {
        assert_eq!(found("Postgres, K8s and Golang; ReactJS"), ["go", "kubernetes", "postgresql", "react"]);
    }

    #[test]
    fn an_ambiguous_word_needs_company() {
        assert_eq!(found("We go to market in spring and rust never sleeps. Access to express lanes."), Vec::<String>::new());
        assert_eq!(found("Experience in Go programming"), ["go"]);
        assert_eq!(found("Python, Go, Rust"), ["go", "python", "rust"]);
        assert_eq!(found("We raised a Series C, R&D heavy"), Vec::<String>::new());
        assert_eq!(found("Java/Spring"), ["java", "spring"]);
    }

    #[test]
    fn nothing_is_implied() {
        assert_eq!(found("Node.js and Spring Boot"), ["node.js", "spring boot"]);
    }

    #[test]
    fn evidence_is_what_the_posting_wrote() {
        let skills = SkillScanner::new().read(&[&Folded::new("We run PostgreSQL™ and Golang")]);
        assert_eq!(skills.iter().map(|skill| skill.evidence.as_str()).collect::<Vec<_>>(), ["Golang", "PostgreSQL"]);
    }
}
