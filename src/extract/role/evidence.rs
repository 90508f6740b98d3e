//! What a text says about the side of the work: weighted words, each counted once.

use std::collections::HashMap;

use crate::domain::work::{WorkSide, work_words};
use crate::domain::{Finding, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases, is_whole};

/// A platform's own line for the kind of job (`Role: Full Stack Developer`) is at most this long, in bytes.
const MAX_LINE: usize = 80;

/// Finds the weighted words of work.
#[derive(Debug)]
pub struct WorkScanner {
    phrases: Phrases,
    of_phrase: Vec<(WorkSide, u32)>,
    of_skill: HashMap<&'static str, Vec<(WorkSide, u32)>>,
}

/// How heavily a text speaks for each side, and the words that speak most for it.
#[derive(Debug, Default)]
pub struct Evidence {
    weights: [u32; WorkSide::ALL.len()],
    /// The heaviest words of each side: a place in the text, or a skill's evidence.
    best: [Option<(u32, Words)>; WorkSide::ALL.len()],
}

#[derive(Debug)]
enum Words {
    InTitle(Hit),
    InText(Hit),
    Skill(String),
}

impl Evidence {
    /// The weight of one side.
    #[must_use]
    pub fn of(&self, side: WorkSide) -> u32 {
        self.weights[side as usize]
    }

    /// The weight of the strongest side of none of our roles.
    #[must_use]
    pub fn elsewhere(&self) -> u32 {
        let ours = [WorkSide::Server, WorkSide::Database];
        WorkSide::ALL.iter().filter(|side| !ours.contains(side)).map(|side| self.of(*side)).max().unwrap_or_default()
    }

    /// The weight of the heaviest words of one side.
    #[must_use]
    pub fn best(&self, side: WorkSide) -> u32 {
        self.best[side as usize].as_ref().map_or(0, |(weight, _)| *weight)
    }

    /// Whether a language or database of this weight is all that decides: `Software Engineer`, and the text names Java.
    #[must_use]
    pub fn is_one_skill(&self, weight: u32) -> bool {
        let best = &self.best[WorkSide::Server as usize];
        self.elsewhere() == 0 && matches!(best, Some((best, Words::Skill(_))) if *best == weight)
    }

    /// The words that speak most for one side.
    #[must_use]
    pub fn words(&self, side: WorkSide, title: &Folded<'_>, body: &Folded<'_>) -> Option<String> {
        match &self.best[side as usize].as_ref()?.1 {
            Words::InTitle(hit) => Some(title.quote(hit.start, hit.end).to_owned()),
            Words::InText(hit) => Some(body.sentence(hit.start, hit.end).to_owned()),
            Words::Skill(evidence) => Some(evidence.clone()),
        }
    }

    fn add(&mut self, side: WorkSide, weight: u32, words: impl FnOnce() -> Words) {
        self.weights[side as usize] += weight;
        if weight > self.best(side) {
            self.best[side as usize] = Some((weight, words()));
        }
    }
}

impl WorkScanner {
    /// Builds the scanner from the embedded words of work.
    #[must_use]
    pub fn new() -> Self {
        let mut words = Vec::new();
        let mut of_phrase = Vec::new();
        let mut of_skill: HashMap<&'static str, Vec<(WorkSide, u32)>> = HashMap::new();
        for group in work_words() {
            words.extend(group.words.iter().map(String::as_str));
            of_phrase.extend(std::iter::repeat_n((group.side, group.weight), group.words.len()));
            for skill in &group.skills {
                of_skill.entry(skill).or_default().push((group.side, group.weight));
            }
        }
        Self { phrases: Phrases::new(&words), of_phrase, of_skill }
    }

    /// Weighs a title and a text, both folded and without hyphens, and the skills of both. What else a title names has had its say
    /// when the title was read.
    #[must_use]
    pub fn weigh(&self, title: &str, body: &str, skills: &[Finding<Skill>]) -> Evidence {
        let mut evidence = Evidence::default();
        let mut seen = vec![false; self.of_phrase.len()];
        let in_title = self.hits(title).into_iter().filter(|hit| self.of_phrase[hit.phrase].0 == WorkSide::Server);
        let in_title = in_title.map(|hit| (hit, Words::InTitle(hit)));
        for (hit, words) in in_title.chain(self.hits(body).into_iter().map(|hit| (hit, Words::InText(hit)))) {
            if !std::mem::replace(&mut seen[hit.phrase], true) {
                let (side, weight) = self.of_phrase[hit.phrase];
                evidence.add(side, weight, || words);
            }
        }
        for skill in skills {
            for (side, weight) in self.of_skill.get(skill.value.as_str()).into_iter().flatten() {
                evidence.add(*side, *weight, || Words::Skill(skill.evidence.clone()));
            }
        }
        evidence
    }

    /// The phrases of a text, of those that overlap the longest. Those of databases stand beside the others: `database design` is a
    /// `database` to whoever builds services.
    fn hits(&self, text: &str) -> Vec<Hit> {
        let mut ends = [0; 2];
        let mut hits = self.phrases.every(text, usize::MAX, |hit| is_whole(text, hit.start, hit.end));
        hits.retain(|hit| {
            let end = &mut ends[usize::from(self.of_phrase[hit.phrase].0 == WorkSide::Database)];
            let free = hit.start >= *end;
            if free {
                *end = hit.end;
            }
            free
        });
        hits
    }
}

/// The platform's own words for the kind of job, where the text has such a line.
#[must_use]
pub fn role_line<'a>(body: &Folded<'a>) -> Option<&'a str> {
    let mut at = 0;
    for line in body.folded.split_inclusive('\n') {
        let name = ["role:", "role category:"].iter().find(|name| line.starts_with(**name));
        if let Some(name) = name {
            let words = body.quote(at + name.len(), at + line.len()).trim();
            return (3..=MAX_LINE).contains(&words.len()).then_some(words);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(text: &str) -> Evidence {
        WorkScanner::new().weigh("", text, &[])
    }

    #[test]
    fn a_word_counts_once_however_often_it_stands() {
        let (once, often) = (weigh("microservices"), weigh("microservices, microservices and microservices"));
        assert_eq!(once.of(WorkSide::Server), often.of(WorkSide::Server));
        assert!(once.of(WorkSide::Server) > 0);
    }

    #[test]
    fn the_heaviest_words_are_quoted() {
        let text = "We like databases.\n- Build REST APIs with us\n- Dogs are welcome";
        let evidence = WorkScanner::new().weigh("", &text.to_lowercase(), &[]);
        assert_eq!(evidence.words(WorkSide::Server, &Folded::new(""), &Folded::new(text)).as_deref(), Some("- Build REST APIs with us"));
        assert_eq!(evidence.elsewhere(), 0);
    }

    #[test]
    fn a_platform_says_the_role_in_a_line_of_its_own() {
        assert_eq!(
            role_line(&Folded::new("Experience: 3 Yrs\nRole: Full Stack Developer\nKey skills: Java")),
            Some("Full Stack Developer")
        );
        assert_eq!(role_line(&Folded::new("In this role: nothing")), None);
        assert_eq!(role_line(&Folded::new("Role:\nEngineer")), None);
    }
}
