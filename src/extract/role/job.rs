//! One job of a title: which words stand in it, and which of them counts.

use crate::domain::vocabulary::titles;
use crate::extract::phrase::{Hit, Phrases};
use crate::extract::role::part::{at_the_front, before_wish};

/// What one job of a title says. Positions are those of the text it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Server-side work by name.
    Backend(Hit),
    /// Server-side work by name, mostly on the client's side.
    FullStackAtTheFront(Hit),
    /// Databases.
    Database(Hit),
    /// An architect; `bare` without a word of what, `builds` where the title makes it a builder too.
    Architect { hit: Hit, bare: bool, builds: bool },
    /// A builder of software without a side; the text must give evidence of this weight.
    Open { need: u32 },
    /// Named work that is none of ours.
    Other,
    /// No job at all: a place, a company, terms.
    Nothing,
}

impl Job {
    /// The same job in a title in which its part begins at `at`.
    #[must_use]
    pub fn moved(self, at: usize) -> Self {
        let moved = |hit: Hit| Hit { phrase: hit.phrase, start: hit.start + at, end: hit.end + at };
        match self {
            Self::Backend(hit) => Self::Backend(moved(hit)),
            Self::FullStackAtTheFront(hit) => Self::FullStackAtTheFront(moved(hit)),
            Self::Database(hit) => Self::Database(moved(hit)),
            Self::Architect { hit, bare, builds } => Self::Architect { hit: moved(hit), bare, builds },
            Self::Open { .. } | Self::Other | Self::Nothing => self,
        }
    }
}

/// Weight that a text must give where a title names a plain builder of software.
const PLAIN: u32 = 3;
/// The same where the title narrows a builder of software to a field.
pub const NARROWED: u32 = 5;
/// The same where the title says no more than `engineer`, or names a platform.
const VAGUE: u32 = 7;

/// The words of titles.
#[derive(Debug)]
pub struct JobReader {
    backend: Phrases,
    server_language: Phrases,
    database: Phrases,
    architect: Phrases,
    other_architect: Phrases,
    developer: Phrases,
    software: Phrases,
    leaning: Phrases,
    client_language: Phrases,
    front_leaning: Phrases,
    other: Phrases,
    heads: Phrases,
    bare: Vec<&'static str>,
}

impl JobReader {
    /// Builds the reader from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        let words = titles();
        Self {
            backend: with_plurals(&words.backend),
            server_language: Phrases::new(&words.server_language),
            database: with_plurals(&words.database),
            architect: Phrases::new(&words.architect),
            other_architect: Phrases::new(&words.other_architect),
            developer: with_plurals(&words.developer),
            software: with_plurals(&words.software),
            leaning: Phrases::new(&words.leaning),
            client_language: Phrases::new(&words.client_language),
            front_leaning: Phrases::new(&words.front_leaning),
            other: with_plurals(&words.other),
            heads: with_plurals(&words.heads),
            bare: words.bare.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a text speaks of a builder of software at all.
    #[must_use]
    pub fn names_a_builder(&self, text: &str) -> bool {
        self.developer.any(text)
    }

    /// Whether a part names a job, not only a field or a place.
    #[must_use]
    pub fn is_a_job(&self, part: &str) -> bool {
        let builder = self.developer.first(part).is_some_and(|hit| part[hit.start..hit.end] != *"engineering");
        builder || self.architect.any(part) || self.heads.any(part)
    }

    /// Whether a part is a builder without a word of what: `Engineer`, `Sr. Developer`.
    #[must_use]
    pub fn is_a_bare_builder(&self, part: &str) -> bool {
        self.developer.first(part).is_some_and(|hit| self.is_bare(part, hit))
    }

    /// The part where it is nothing but a server language (`Ruby` in a header's list of jobs).
    #[must_use]
    pub fn language_alone(&self, part: &str) -> Option<Job> {
        self.server_language.first(part).filter(|hit| part[hit.start..hit.end] == *part.trim()).map(Job::Backend)
    }

    /// One job by its words.
    #[must_use]
    pub fn judge(&self, part: &str) -> Job {
        let builder = self.developer.any(part);
        let software = self.software.any(part);
        let database = self.database.first(before_wish(part));
        let architect = self.architect.first(part).filter(|hit| self.architect_counts(part, *hit, builder));
        if let Some(hit) = architect.filter(|_| !software && !part.contains("engineer")) {
            let builds = self.server_language.any(part) || self.backend.any(part) || part[..hit.end].ends_with("software architect");
            return Job::Architect { hit, bare: self.is_bare(part, hit), builds };
        }
        if let Some(hit) = self.backend.first(part)
            && !database.is_some_and(|other| other.start <= hit.start && hit.end <= other.end)
            && !self.serves_another(part, hit)
        {
            return match (self.front_leaning.any(part), at_the_front(part)) {
                (true, _) => Job::Other,
                (_, true) => Job::FullStackAtTheFront(hit),
                _ => Job::Backend(hit),
            };
        }
        if let Some(hit) = database {
            return self.database_or_language(part, hit);
        }
        match architect {
            Some(hit) => Job::Architect { hit, bare: self.is_bare(part, hit), builds: software },
            None if builder => self.judge_builder(part, software),
            None if self.other.any(part) || self.is_a_job(part) => Job::Other,
            None => Job::Nothing,
        }
    }

    /// `SQL Developer` works on databases, `.NET / SQL Developer` on the server.
    fn database_or_language(&self, part: &str, hit: Hit) -> Job {
        let piece = part[..hit.end].rsplit("  ").next().unwrap_or(part);
        let at = hit.end - piece.len();
        match self.server_language.first(piece) {
            Some(language) if piece.ends_with("developer") => Job::Backend(language).moved(at),
            _ => Job::Database(hit),
        }
    }

    /// A developer or engineer: by a server language beside the word, else open unless the words name other work.
    fn judge_builder(&self, part: &str, software: bool) -> Job {
        let other = self.other_beside(part);
        let leaning = self.leaning.any(part);
        let language = self.server_language.first(part);
        if let Some(hit) = language
            && (!other && !leaning || self.language_beside(part))
        {
            return Job::Backend(hit);
        }
        if other || language.is_none() && self.client_language.any(part) {
            return Job::Other;
        }
        match (leaning, software) {
            (true, true) if language.is_some() => Job::Open { need: PLAIN },
            (true, true) => Job::Open { need: NARROWED },
            (true, false) if !may_build_services(part) => Job::Other,
            (_, false) => Job::Open { need: VAGUE },
            (false, true) => Job::Open { need: PLAIN },
        }
    }

    /// Other work by name, apart from words that belong to a builder's own (`Programmer Analyst`).
    fn other_beside(&self, part: &str) -> bool {
        let others = self.other.all(part);
        if others.is_empty() {
            return false;
        }
        let own = self.software.all(part);
        others.iter().any(|hit| !own.iter().any(|job| job.start <= hit.start && hit.end <= job.end))
    }

    /// A segment of the title in which a developer follows a language with no other work between: `Python Developer - Data Platform`.
    fn language_beside(&self, part: &str) -> bool {
        part.split(['(', ',', ':', '|']).flat_map(|piece| piece.split("  ")).filter(|piece| !self.other.any(piece)).any(|piece| {
            let Some(language) = self.server_language.first(piece) else { return false };
            let rest = &piece[language.end..];
            self.developer.first(rest).is_some_and(|job| !self.leaning.any(&rest[..job.end]))
        })
    }

    /// `Backend QA Engineer`, `Support Engineer - Backend Systems`: the job that the word belongs to is other work.
    fn serves_another(&self, part: &str, hit: Hit) -> bool {
        let first = part.split("  ").next().unwrap_or(part);
        if hit.start > first.len() && self.other_beside(first) && self.is_a_job(first) {
            return true;
        }
        let after = &part[hit.end..];
        let near = after.split(['/', ',', '&', '(', '|', '+']).next().unwrap_or(after);
        let near = near.split("  ").next().unwrap_or(near);
        let Some(job) = self.developer.first(near) else {
            return self.is_a_job(near) && self.other.any(near) || near.contains("rendering");
        };
        let near = &near[..job.end];
        self.other.any(near)
            || ["data ", "test ", "support ", "machine learning", " ml ", "automation", " rendering"].iter().any(|word| near.contains(word))
    }

    fn architect_counts(&self, part: &str, hit: Hit, builder: bool) -> bool {
        let word = &part[hit.start..hit.end];
        if word.contains("architecture") {
            return !builder;
        }
        let sold_to = word == "architects" && self.other.any(part);
        !sold_to && !self.other_architect.any(part)
    }

    fn is_bare(&self, part: &str, hit: Hit) -> bool {
        if self.server_language.any(part) {
            return false;
        }
        let rest = part[..hit.start].split_whitespace().chain(part[hit.end..].split("  ").next().unwrap_or_default().split_whitespace());
        rest.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).all(|word| word.is_empty() || self.bare.contains(&word))
    }
}

/// Engineers of platforms may build services: the text tells.
fn may_build_services(part: &str) -> bool {
    part.split_whitespace().any(|word| word == "platform")
}

/// The phrases and their plurals: `analyst` is `analysts` too.
fn with_plurals(words: &[String]) -> Phrases {
    let all: Vec<String> = words.iter().flat_map(|word| [word.clone(), format!("{word}s")]).collect();
    Phrases::new(&all)
}
