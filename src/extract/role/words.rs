//! The phrases of titles, and what a part of a title says by itself.

use crate::domain::vocabulary::{DatabaseJobs, titles};
use crate::extract::phrase::{Hit, Phrases};

/// The words of titles.
#[derive(Debug)]
pub struct JobWords {
    pub backend: Phrases,
    pub server_language: Phrases,
    pub server_field: Phrases,
    pub database: Phrases,
    pub architect: Phrases,
    pub other_architect: Phrases,
    pub surely_architect: Phrases,
    pub developer: Phrases,
    pub software: Phrases,
    pub leaning: Phrases,
    pub building_field: Phrases,
    pub open_field: Phrases,
    pub data_building: Phrases,
    pub shared_language: Phrases,
    pub science: Phrases,
    lending: Phrases,
    pub field_behind: Phrases,
    pub client_language: Phrases,
    pub client_work: Phrases,
    pub front_leaning: Phrases,
    pub building_architect: Phrases,
    pub manages: Phrases,
    pub package: Phrases,
    pub other: Phrases,
    report_tool: Phrases,
    business: Phrases,
    heads: Phrases,
    company: Phrases,
    bare: Vec<&'static str>,
    terms: Vec<&'static str>,
}

impl JobWords {
    /// Builds the phrases from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        let words = titles();
        let databases = words.database.iter().cloned().chain(words.database_job.iter().flat_map(DatabaseJobs::phrases));
        let other = [&words.other, &words.package, &words.manages].into_iter().flatten().cloned();
        Self {
            backend: Phrases::except(&plurals(&words.backend), &words.never_backend),
            server_language: Phrases::except(&words.server_language, &words.never_language),
            server_field: with_plurals(&words.server_field),
            database: with_plurals(&databases.collect::<Vec<_>>()),
            architect: Phrases::except(&words.architect, &words.never_architect),
            other_architect: Phrases::new(&words.other_architect),
            surely_architect: Phrases::new(&words.surely_architect),
            developer: Phrases::except(&plurals(&words.developer), &words.never_builder),
            software: Phrases::except(&plurals(&words.software), &words.never_builder),
            leaning: Phrases::new(&words.leaning),
            building_field: Phrases::new(&words.building_field),
            open_field: Phrases::new(&words.open_field),
            data_building: Phrases::new(&words.data_building),
            shared_language: Phrases::new(&words.shared_language),
            science: Phrases::new(&words.science),
            lending: Phrases::new(&words.lending),
            field_behind: Phrases::new(&words.field_behind),
            client_language: Phrases::new(&words.client_language),
            client_work: Phrases::new(&words.client_work),
            front_leaning: Phrases::new(&words.front_leaning),
            building_architect: Phrases::new(&words.building_architect),
            manages: Phrases::new(&words.manages),
            package: with_plurals(&words.package),
            other: with_plurals(&other.collect::<Vec<_>>()),
            report_tool: Phrases::new(&words.report_tool),
            business: with_plurals(&words.business),
            heads: with_plurals(&words.heads),
            company: with_plurals(&words.company),
            bare: words.bare.iter().map(String::as_str).collect(),
            terms: words.terms.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a part names a job, not only a field or a place.
    #[must_use]
    pub fn is_a_job(&self, part: &str) -> bool {
        self.is_a_builder(part) || self.architect.any(part) || self.heads.any(part)
    }

    /// The field of a part that is nothing else but a field and levels: the `Software` of `Software/Data Engineers`.
    #[must_use]
    pub fn lends_a_job(&self, part: &str) -> Option<Hit> {
        let hit = self.lending.first(part)?;
        let mut rest = part[..hit.start].split_whitespace().chain(part[hit.end..].split_whitespace());
        rest.all(|word| self.is_level(word)).then_some(hit)
    }

    /// Whether a part names somebody who builds.
    #[must_use]
    pub fn is_a_builder(&self, part: &str) -> bool {
        self.developer.first(part).is_some_and(|hit| part[hit.start..hit.end] != *"engineering")
    }

    /// Whether a part is a builder without a word of what: `Engineer`, `Sr. Developer`.
    #[must_use]
    pub fn is_a_bare_builder(&self, part: &str) -> bool {
        self.developer.first(part).is_some_and(|hit| self.is_bare(part, hit))
    }

    /// The server language of a part that names nothing else but a level: `Ruby`, `Senior Rails`.
    #[must_use]
    pub fn language_alone(&self, part: &str) -> Option<Hit> {
        let hit = self.server_language.first(part)?;
        let mut rest = part[..hit.start].split_whitespace().chain(part[hit.end..].split_whitespace());
        rest.all(|word| self.bare.contains(&word.trim_end_matches('.'))).then_some(hit)
    }

    /// Whether the word stands in a part with nothing but levels and articles beside it.
    #[must_use]
    pub fn is_bare(&self, part: &str, hit: Hit) -> bool {
        if self.server_language.any(part) {
            return false;
        }
        let mut rest =
            part[..hit.start].split_whitespace().chain(part[hit.end..].split("  ").next().unwrap_or_default().split_whitespace());
        rest.all(|word| self.is_level(word))
    }

    /// Whether a part of a header has nothing but terms of work, whoever may apply: `interns`, `full time or intern`.
    #[must_use]
    pub fn is_terms(&self, part: &str) -> bool {
        part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| self.terms.contains(&word))
    }

    fn is_level(&self, word: &str) -> bool {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.is_empty() || self.bare.contains(&word)
    }

    /// Whether a tool of reports stands before a slash: `Tableau/`.
    #[must_use]
    pub fn report_tool_before(&self, before: &str) -> bool {
        before.trim_end().strip_suffix('/').is_some_and(|list| self.report_tool.any(list) && !self.is_a_job(list))
    }

    /// A builder of software by more than the word `developer`: what else a part says is the field of the company.
    #[must_use]
    pub fn is_plainly_software(&self, part: &str) -> bool {
        self.software.all(part).iter().any(|hit| {
            part[hit.start..hit.end].contains("software") || ["sde", "sse"].iter().any(|short| part[hit.start..].starts_with(short))
        })
    }

    /// Other work by name, apart from words that belong to a builder's own (`Programmer Analyst`).
    #[must_use]
    pub fn other_beside(&self, part: &str) -> bool {
        let own = self.software.all(part);
        let foreign = |hit: &Hit| !own.iter().any(|job| job.start <= hit.start && hit.end <= job.end);
        self.other.all(part).iter().any(foreign) || !self.is_plainly_software(part) && self.business.all(part).iter().any(foreign)
    }

    /// Other work by name, or a trade.
    #[must_use]
    pub fn names_other(&self, part: &str) -> bool {
        self.other.any(part) || self.business.any(part)
    }

    /// Whether a piece of the title, parted by commas, dashes or brackets, is a field of the server's side: `Software Engineer, API`.
    #[must_use]
    pub fn server_field(&self, part: &str) -> Option<Hit> {
        let whole = |hit: &Hit| {
            let before = part[..hit.start].trim_end();
            let after = part[hit.end..].trim_start();
            let opens = before.is_empty() || before.ends_with([',', '(', '/', ':', '[']) || part[..hit.start].ends_with("  ");
            let closes = after.is_empty() || after.starts_with([',', ')', '/', ':', ']']) || part[hit.end..].starts_with("  ");
            opens && closes
        };
        self.server_field.all(part).into_iter().find(whole)
    }

    /// Whether a word of the server's side only belongs to a company's name: `Fullstack Academy`.
    #[must_use]
    pub fn names_a_company(&self, after: &str) -> bool {
        self.company.first(after).is_some_and(|hit| after[..hit.start].trim().is_empty())
    }
}

/// The phrases and their plurals: `analyst` is `analysts` too.
fn with_plurals(words: &[String]) -> Phrases {
    Phrases::new(&plurals(words))
}

fn plurals(words: &[String]) -> Vec<String> {
    words.iter().flat_map(|word| [word.clone(), format!("{word}s")]).collect()
}
