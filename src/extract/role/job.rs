//! One job of a title: which words stand in it, and which of them counts.

use crate::extract::phrase::Hit;
use crate::extract::role::part::{at_the_front, before_wish};
use crate::extract::role::words::JobWords;

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
    /// Work that is mostly none of ours, unless the platform says otherwise; where the field is `near`, `Cloud Engineer`, so may a text
    /// that speaks plainly of the server's side.
    Leaning { near: bool },
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
            Self::Open { .. } | Self::Other | Self::Leaning { .. } | Self::Nothing => self,
        }
    }

    /// Whether the title by itself says other work.
    #[must_use]
    pub fn is_other(self) -> bool {
        matches!(self, Self::Other | Self::Leaning { .. })
    }
}

/// Weight that a text must give where a title names a plain builder of software.
pub const PLAIN: u32 = 3;
/// The same where the title narrows a builder of software to a field.
pub const NARROWED: u32 = 5;
/// The same where the title says no more than `engineer`, or names a platform.
const VAGUE: u32 = 7;

/// Reads one job of a title.
#[derive(Debug)]
pub struct JobReader {
    words: JobWords,
}

impl JobReader {
    /// Builds the reader from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        Self { words: JobWords::new() }
    }

    /// The words it reads by.
    #[must_use]
    pub const fn words(&self) -> &JobWords {
        &self.words
    }

    /// One job by its words.
    #[must_use]
    pub fn judge(&self, part: &str) -> Job {
        let words = &self.words;
        let builder = words.developer.any(part);
        let software = words.software.any(part);
        let database = words.database.first(before_wish(part));
        let architect = words.architect.first(part).filter(|hit| self.architect_counts(part, *hit, builder));
        let of_databases = |hit: Hit| database.is_some_and(|data| data.start < hit.start && hit.end <= data.end);
        if let Some(hit) = architect.filter(|hit| !software && !part.contains("engineer") && !of_databases(*hit)) {
            let builds = words.server_language.any(part) || words.backend.any(part) || words.building_architect.any(part);
            return Job::Architect { hit, bare: self.is_bare(part, hit), builds };
        }
        if let Some(job) = self.server_by_name(part, database) {
            return job;
        }
        // `Data Analyst, PL/SQL` is an analyst, `PL/SQL Developer` is none; `Software Developer (PostgreSQL Expert)` builds.
        // `Tableau/SQL Developer` makes reports.
        let reports = |hit: Hit| part[hit.start..].starts_with("sql") && words.report_tool_before(&part[..hit.start]);
        let beside = |hit: &Hit| is_a_skill(&part[hit.start..hit.end]) && words.names_other(part);
        if database.is_some_and(reports) {
            return Job::Other;
        }
        if let Some(hit) = database.filter(|hit| !beside(hit) && !words.is_plainly_software(&part[..hit.start])) {
            return self.database_or_language(part, hit);
        }
        match architect {
            Some(hit) => Job::Architect { hit, bare: self.is_bare(part, hit), builds: software || words.server_language.any(part) },
            None if builder => self.judge_builder(part, software),
            None if words.is_a_job(part) && !words.other.any(part) => self.judge_head(part),
            // A package alone may be a company's name.
            None if words.other.any(part) && (words.is_a_job(part) || !words.package.any(part)) => Job::Other,
            None => Job::Nothing,
        }
    }

    /// The server's side by its own words, unless they belong to a database or to other work; no job in a company's name.
    fn server_by_name(&self, part: &str, database: Option<Hit>) -> Option<Job> {
        let words = &self.words;
        let hit = words.backend.first(part)?;
        if database.is_some_and(|other| other.start <= hit.start && hit.end <= other.end) || self.serves_another(part, hit) {
            return None;
        }
        let after = &part[hit.end..];
        if words.names_a_company(after) && !words.is_a_job(after) {
            return Some(Job::Nothing);
        }
        let front = at_the_front(part) || words.client_work.any(first_piece(part));
        Some(match (words.front_leaning.any(part), front && !words.server_language.any(part)) {
            (true, _) => Job::Other,
            (_, true) => Job::FullStackAtTheFront(hit),
            _ => Job::Backend(hit),
        })
    }

    /// `SQL Developer` works on databases, `.NET / SQL Developer` and `Java Developer - PL/SQL` on the server.
    fn database_or_language(&self, part: &str, hit: Hit) -> Job {
        if let Some(language) = self.language_beside(&part[..hit.start]) {
            return Job::Backend(language);
        }
        let piece = part[..hit.end].rsplit("  ").next().unwrap_or(part);
        let at = hit.end - piece.len();
        match self.words.server_language.first(piece) {
            Some(language) if piece.ends_with("developer") => Job::Backend(language).moved(at),
            _ => Job::Database(hit),
        }
    }

    /// A developer or engineer: by a server language beside the word, else open unless the words name other work.
    fn judge_builder(&self, part: &str, software: bool) -> Job {
        let words = &self.words;
        let other = words.other_beside(before_wish(part));
        let leaning = words.leaning.any(part);
        if let Some(hit) = words.server_language.first(part).filter(|_| !other && !leaning).or_else(|| self.language_beside(part)) {
            return Job::Backend(hit);
        }
        let language = words.server_language.any(part);
        if let Some(hit) = words.server_field(part).filter(|_| software && !other) {
            return Job::Backend(hit);
        }
        // `React Developer` is the client's; `Developer - TypeScript, AWS, Angular` may be anybody's.
        let client = !language && words.client_language.first(part).is_some_and(|hit| words.developer.any(&part[hit.end..]));
        if other || client {
            return Job::Other;
        }
        match (leaning, software) {
            // `Software Engineer (Angular)`
            (_, true) if !language && words.client_language.any(part) => Job::Open { need: VAGUE },
            (true, true) if language => Job::Open { need: PLAIN },
            (true, true) => Job::Open { need: NARROWED },
            (true, false) if !words.building_field.any(part) && !self.stands_bare(part) => Job::Leaning { near: self.is_near(part) },
            (_, false) => Job::Open { need: VAGUE },
            (false, true) => Job::Open { need: PLAIN },
        }
    }

    /// `Cloud Engineer` may build services all the same, `Machine Learning Engineer` does not.
    fn is_near(&self, part: &str) -> bool {
        let words = &self.words;
        words.leaning.all(part).iter().all(|hit| words.open_field.any(&part[hit.start..hit.end]))
    }

    /// `Senior Engineer, Cloud Infrastructure`: a plain engineer, the field stands behind.
    fn stands_bare(&self, part: &str) -> bool {
        let first = first_piece(part);
        !self.words.leaning.any(first) && self.words.is_a_bare_builder(first) && self.words.field_behind.any(&part[first.len()..])
    }

    /// Somebody who is no builder by the word: `Java Consultant` may be one all the same.
    fn judge_head(&self, part: &str) -> Job {
        if self.words.server_language.any(part) && !self.words.names_other(part) { Job::Open { need: PLAIN } } else { Job::Other }
    }

    /// A segment of the title in which a developer follows a language with no other work between: `Python Developer - Data Platform`.
    fn language_beside(&self, part: &str) -> Option<Hit> {
        let words = &self.words;
        let mut at = 0;
        for piece in part.split_inclusive(['(', ',', ':', '|']).flat_map(|piece| piece.split_inclusive("  ")) {
            let start = at;
            at += piece.len();
            if words.other.any(piece) {
                continue;
            }
            let Some(language) = words.server_language.first(piece) else { continue };
            let Some(job) = words.developer.first(&piece[language.end..]) else { continue };
            let upto = language.end + job.end;
            if !words.leaning.any(&piece[language.end..upto]) && !words.names_other(&piece[..upto]) {
                return Some(Hit { phrase: language.phrase, start: start + language.start, end: start + language.end });
            }
        }
        None
    }

    /// `Backend QA Engineer`, `Support Engineer - Backend Systems`: the job that the word belongs to is other work.
    fn serves_another(&self, part: &str, hit: Hit) -> bool {
        let words = &self.words;
        let first = first_piece(part);
        // `Mobile Engineer (React Native + Full Stack)` may do both, `Data Engineer, Backend` builds.
        let both = words.client_work.any(first) || first.contains("data engineer");
        if hit.start > first.len() && words.other_beside(first) && words.is_a_job(first) && !both {
            return true;
        }
        let before = part[..hit.start].rsplit("  ").next().unwrap_or_default();
        if words.manages.any(before) || words.package.any(before) {
            return true;
        }
        let after = &part[hit.end..];
        let near = after.split(['/', ',', '&', '(', '|', '+']).next().unwrap_or(after);
        let near = near.split("  ").next().unwrap_or(near);
        let Some(job) = words.developer.first(near) else {
            return words.is_a_job(near) && words.names_other(near) || near.contains("rendering");
        };
        // `Backend Engineering Manager` manages, `Backend Engineering` builds.
        let near = if near[job.start..job.end] == *"engineering" { near } else { &near[..job.end] };
        words.names_other(near)
            || ["data ", "test ", "support ", "machine learning", " ml ", "automation", " rendering"].iter().any(|word| near.contains(word))
    }

    /// An architect without a word of what; `AWS architecture` says it in the phrase.
    fn is_bare(&self, part: &str, hit: Hit) -> bool {
        let phrase = &part[hit.start..hit.end];
        self.words.is_bare(part, hit) && (!phrase.ends_with(" architecture") || phrase.contains(" of "))
    }

    fn architect_counts(&self, part: &str, hit: Hit, builder: bool) -> bool {
        let word = &part[hit.start..hit.end];
        if word.contains("architecture") {
            return !builder;
        }
        let sold_to = word == "architects" && self.words.names_other(part);
        // `DevOps Engineer (Cloud Architect)`: what stands in brackets only tells more of the job before them.
        let remark =
            part[..hit.start].rfind('(').is_some_and(|open| !part[open..hit.start].contains(')') && self.words.is_a_job(&part[..open]));
        let words = &self.words;
        // `Machine Learning Architect` plans no lessons.
        let of_systems =
            words.surely_architect.any(part) || !words.other_architect.any(&part.replace("machine learning", "machine_learning"));
        !sold_to && !remark && of_systems
    }
}

/// What stands before the first dash, bracket, comma or colon.
fn first_piece(part: &str) -> &str {
    let first = part.split(['(', ',', ':', '[']).next().unwrap_or(part);
    first.split("  ").next().unwrap_or(first)
}

/// `PL/SQL` alone is what an analyst may know, `PL/SQL Developer` is a job.
pub fn is_a_skill(phrase: &str) -> bool {
    phrase.ends_with("sql") && !phrase.starts_with("database")
}
