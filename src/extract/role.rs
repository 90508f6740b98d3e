//! What the person hired would mostly do: the title first, the text where the title leaves it open.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::vocabulary::titles;
use crate::domain::{Certainty, Finding, Role, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, Phrases, unhyphened};

/// Hints of server-side work that a text must give where the title is silent.
const ENOUGH: usize = 2;

/// A platform's own line for the kind of job (`Role: Full Stack Developer`).
static ROLE_LINE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^role(?: category)?:\s*([^\n]{3,80})").expect("a constant pattern"));

/// A server-side job named in the text behind a header line that lists several jobs.
static SERVER_JOB: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:back[ -]?end|full[ -]?stack|server[ -]side)[^.\n|]{0,20}(?:engineer|developer|devs?(?-u:\b))")
        .expect("a constant pattern")
});

/// Finds the words of roles in titles and texts.
#[derive(Debug)]
pub struct RoleScanner {
    backend: Phrases,
    server_language: Phrases,
    database: Phrases,
    architect: Phrases,
    other_architect: Phrases,
    developer: Phrases,
    other: Phrases,
    server_evidence: Phrases,
    client_evidence: Phrases,
    server_skills: HashSet<&'static str>,
}

/// The role and whether it is wanted by who wants back end work.
#[derive(Debug)]
pub struct RoleFindings {
    /// The role.
    pub role: Finding<Role>,
    /// Whether it builds server-side software.
    pub is_backend: Finding<bool>,
}

impl RoleScanner {
    /// Builds the scanner from the embedded title words.
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
            other: with_plurals(&words.other),
            server_evidence: Phrases::new(&words.server_evidence),
            client_evidence: Phrases::new(&words.client_evidence),
            server_skills: words.server_skills.iter().map(String::as_str).collect(),
        }
    }

    /// Reads the role of title and text; `hints` are the platform's own words for the job (department, tags), `skills` what it names.
    #[must_use]
    pub fn read(&self, title: &Folded<'_>, hints: &str, body: &Folded<'_>, skills: &[Finding<Skill>]) -> RoleFindings {
        let plain = unhyphened(&title.folded);
        if let Some((role, builds, hit)) = self.named(&plain) {
            return found(role, builds, title.quote(hit.start, hit.end));
        }
        let parts: Vec<&str> = plain.split('|').collect();
        let header = parts.len() > 1;
        let jobs = parts.iter().flat_map(|part| if header { part.split(',').collect() } else { vec![*part] });
        let server_language = jobs.filter(|job| !self.other.any(job) && self.developer.any(job)).find_map(|job| {
            let hit = self.server_language.first(job)?;
            Some(job[hit.start..hit.end].to_owned())
        });
        if let Some(words) = server_language {
            let at = plain.find(&words).unwrap_or_default();
            return found(Role::BackendEngineer, true, title.quote(at, at + words.len()));
        }
        if header && let Some(hit) = SERVER_JOB.find(&body.folded).filter(|_| !self.other.any(&plain)) {
            return found(Role::BackendEngineer, true, body.quote(hit.start(), hit.end()));
        }
        let open = parts.iter().any(|part| self.is_open(part, header));
        let silent = header && !self.other.any(&plain);
        if !open && !silent {
            return found(Role::Other, false, title.text);
        }
        self.by_text(title, hints, body, skills, header)
    }

    /// Whether a part of a title names a builder of software without a side. In a header line `Software Engineers, Data Engineers`
    /// names two jobs and `Software Engineer, Front-End` one.
    fn is_open(&self, part: &str, header: bool) -> bool {
        if !header {
            return self.developer.any(part) && !self.other.any(part);
        }
        let jobs: Vec<&str> = part.split([',', '&']).collect();
        let narrowed = jobs.iter().any(|job| self.other.any(job) && !self.developer.any(job) && !job.trim().ends_with('s'));
        !narrowed && jobs.iter().any(|job| self.developer.any(job) && !self.other.any(job))
    }

    /// A role that a title names: of several jobs in one header, back end comes first.
    fn named(&self, plain: &str) -> Option<(Role, bool, Hit)> {
        let backend = self.backend.first(plain).filter(|_| self.developer.any(plain) || !self.other.any(plain) || plain.contains('|'));
        let database = self.database.first(plain);
        let architect = self.architect.first(plain).filter(|_| !self.other_architect.any(plain));
        if plain.contains('|')
            && let Some(hit) = backend
        {
            return Some((Role::BackendEngineer, true, hit));
        }
        if let Some(hit) = database {
            return Some((Role::DatabaseAdministrator, false, hit));
        }
        if let Some(hit) = architect {
            let builds = backend.is_some()
                || self.server_language.any(plain)
                || plain.contains("architect/developer")
                || plain.contains("developer/architect");
            return Some((Role::SolutionsArchitect, builds, hit));
        }
        backend.map(|hit| (Role::BackendEngineer, true, hit))
    }

    /// A title that leaves the side open: the platform's word for the job decides, else what the text speaks of.
    fn by_text(&self, title: &Folded<'_>, hints: &str, body: &Folded<'_>, skills: &[Finding<Skill>], header: bool) -> RoleFindings {
        let text = unhyphened(&body.folded);
        let line = ROLE_LINE.captures(&body.folded).and_then(|line| line.get(1));
        let words = line.map_or_else(|| hints.to_owned(), |line| body.quote(line.start(), line.end()).to_owned());
        let folded = unhyphened(&Folded::new(&words).folded);
        if let Some((role, builds, _)) = self.named(&folded) {
            return found(role, builds, &words);
        }
        if header && !self.developer.any(&unhyphened(&title.folded)) && !self.developer.any(&text) {
            return found(Role::Other, false, title.text);
        }
        let server = distinct(&self.server_evidence, &text);
        let client = distinct(&self.client_evidence, &text);
        let named: Vec<&Finding<Skill>> = skills.iter().filter(|skill| self.server_skills.contains(skill.value.as_str())).collect();
        if server.len() + named.len() < ENOUGH || client.len() > server.len() + named.len() {
            return found(Role::Other, false, title.text);
        }
        let words = server.first().map_or_else(|| named[0].evidence.clone(), |hit| body.sentence(hit.start, hit.end).to_owned());
        let mut findings = found(Role::BackendEngineer, true, &words);
        findings.role.certainty = Certainty::Inferred;
        findings
    }
}

/// The phrases and their plurals: `analyst` is `analysts` too.
fn with_plurals(words: &[String]) -> Phrases {
    let all: Vec<String> = words.iter().flat_map(|word| [word.clone(), format!("{word}s")]).collect();
    Phrases::new(&all)
}

/// The phrases of a set that a text has, each once.
fn distinct(phrases: &Phrases, text: &str) -> Vec<Hit> {
    let mut hits = phrases.all(text);
    let mut seen = HashSet::new();
    hits.retain(|hit| seen.insert(hit.phrase));
    hits
}

fn found(role: Role, backend: bool, words: &str) -> RoleFindings {
    RoleFindings { role: Finding::stated(role, words), is_backend: Finding::inferred(backend, words) }
}
