//! Skills by their names, with the company an ambiguous name needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::vocabulary::{SkillEntry, skills};
use crate::domain::{Finding, Skill};
use crate::extract::employer::{self, Employer};
use crate::extract::fold::Folded;
use crate::extract::optional::optional_ranges;
use crate::extract::phrase::{Hit, Phrases, is_whole};
use crate::extract::skill_context::{glued, in_address, is_item_of_key_line, is_list_gap, is_proper, near, never};

/// Most skills of one posting; more is a page of key words, not a job.
const MOST: usize = 80;
/// Most spellings looked at in one text; the richest of 33,347 recorded listings has under 600.
const MOST_HITS: usize = 4_000;
/// How far apart kin may stand to vouch for one another, in bytes.
const KIN_REACH: usize = 60;

/// One spelling of the vocabulary.
struct Spelling {
    entry: usize,
    /// Needs company to count.
    doubtful: bool,
}

/// The skills of a posting.
#[derive(Debug, Default, PartialEq)]
pub struct FoundSkills {
    /// Sorted, each once, with the words it was first found in.
    pub skills: Vec<Finding<Skill>>,
    /// Those that are only ever called nice to have, sorted.
    pub optional: Vec<Skill>,
}

/// What of one text counts.
struct Reading {
    hits: Vec<Hit>,
    /// For each hit the run of list neighbours it stands in.
    runs: Vec<usize>,
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

    /// The skills that title and text name, the employer's own product left out where no skill in it is asked.
    #[must_use]
    pub fn read(&self, parts: &[&Folded<'_>], company: Option<&str>) -> FoundSkills {
        let mut employer = Employer::of(company);
        let mut readings: Vec<Reading> = parts.iter().map(|part| self.reading(part, &mut employer)).collect();
        for (part, reading) in parts.iter().zip(&mut readings) {
            self.leave_out_own(part, reading, &employer);
        }
        let mut found: BTreeMap<Skill, Finding<Skill>> = BTreeMap::new();
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        for (part, reading) in parts.iter().zip(&readings) {
            let optional = if reading.hits.is_empty() { Vec::new() } else { optional_ranges(&part.folded) };
            for hit in &reading.hits {
                if let Ok(skill) = Skill::parse(&self.entry(*hit).name) {
                    found.entry(skill.clone()).or_insert_with(|| Finding::stated(skill, part.quote(hit.start, hit.end)));
                }
                if !optional.iter().any(|range| range.contains(&hit.start)) {
                    asked.insert(self.index(*hit));
                }
            }
        }
        let asked: BTreeSet<&str> = asked.into_iter().map(|index| skills().entries()[index].name.as_str()).collect();
        let skills: Vec<Finding<Skill>> = found.into_values().take(MOST).collect();
        let optional = skills.iter().map(|found| &found.value).filter(|skill| !asked.contains(skill.as_str())).cloned().collect();
        FoundSkills { skills, optional }
    }

    fn index(&self, hit: Hit) -> usize {
        self.spellings[hit.phrase].entry
    }

    fn entry(&self, hit: Hit) -> &'static SkillEntry {
        &skills().entries()[self.index(hit)]
    }

    /// The spellings that count in one text; who introduces itself as the employer is noted.
    fn reading(&self, part: &Folded<'_>, employer: &mut Employer) -> Reading {
        let whole = |hit: &Hit| is_whole(&part.folded, hit.start, hit.end) || glued(part, *hit);
        let mut hits = self.phrases.every(&part.folded, MOST_HITS, whole);
        hits.retain(|hit| !never(self.entry(*hit), part, *hit) && !in_address(part, *hit) && !employer::is_of_others(part, *hit));
        let inner = take_inner(&mut hits);
        hits.retain(|hit| {
            let introduced = employer::introduces_itself(part, *hit);
            if introduced {
                employer.note(self.index(*hit));
            }
            !introduced
        });
        let mut sure: Vec<bool> = hits.iter().map(|hit| !self.is_doubtful(part, *hit) || self.is_meant(part, *hit)).collect();
        let runs = runs(&hits, part);
        accept_lists(&runs, &mut sure);
        self.accept_kin(&hits, &mut sure, part);
        let mut counted: Vec<(Hit, usize)> =
            hits.iter().zip(runs).zip(&sure).filter(|(_, sure)| **sure).map(|((hit, run), _)| (*hit, run)).collect();
        let refused: Vec<&Hit> = hits.iter().zip(&sure).filter(|(_, sure)| !**sure).map(|(hit, _)| hit).collect();
        // Within a spelling that does not count (`sql developer`, the trade) a shorter one may (`sql`); it is no neighbour of a list.
        counted.extend(
            inner.into_iter().filter(|hit| !self.spellings[hit.phrase].doubtful && is_inside(*hit, &refused)).map(|hit| (hit, usize::MAX)),
        );
        counted.sort_by_key(|(hit, _)| hit.start);
        let (hits, runs) = counted.into_iter().unzip();
        Reading { hits, runs }
    }

    /// Whether the spelling may be a plain word: it is marked so, or is a name that is a verb in lower case.
    fn is_doubtful(&self, part: &Folded<'_>, hit: Hit) -> bool {
        let entry = self.entry(hit);
        let is_verb = || entry.proper && entry.name == part.quote(hit.start, hit.end);
        self.spellings[hit.phrase].doubtful || is_verb()
    }

    /// Whether the words around a doubtful spelling say that the skill is meant.
    fn is_meant(&self, part: &Folded<'_>, hit: Hit) -> bool {
        let entry = self.entry(hit);
        near(entry, part, hit) || (entry.proper && is_proper(part, hit)) || is_item_of_key_line(part, hit)
    }

    /// A sure skill close by that implies the doubtful one, or is implied by it, vouches for it: Spring beside Java.
    fn accept_kin(&self, hits: &[Hit], sure: &mut [bool], part: &Folded<'_>) {
        const NEIGHBOURS: usize = 3;
        let vouched: Vec<usize> = (0..hits.len())
            .filter(|at| !sure[*at] && part.quote(hits[*at].start, hits[*at].end).starts_with(char::is_uppercase))
            .filter(|at| {
                let around = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(hits.len());
                around.into_iter().any(|other| {
                    let (first, last) = (hits[*at.min(&other)], hits[*at.max(&other)]);
                    let gap = part.folded.get(first.end..last.start).unwrap_or("\n");
                    sure[other]
                        && gap.len() <= KIN_REACH
                        && !gap.contains('\n')
                        && skills().are_kin(self.index(hits[*at]), self.index(hits[other]))
                })
            })
            .collect();
        for at in vouched {
            sure[at] = true;
        }
    }

    /// The employer's own product counts only where skill in it is asked, or among products of others.
    fn leave_out_own(&self, part: &Folded<'_>, reading: &mut Reading, employer: &Employer) {
        let own: Vec<bool> = reading.hits.iter().map(|hit| employer.makes(self.index(*hit))).collect();
        if !own.contains(&true) {
            return;
        }
        let among_others: BTreeSet<usize> =
            reading.runs.iter().zip(&own).filter(|(run, own)| !**own && **run != usize::MAX).map(|(run, _)| *run).collect();
        let keep: Vec<bool> = reading
            .hits
            .iter()
            .zip(&reading.runs)
            .zip(&own)
            .map(|((hit, run), own)| {
                !own || among_others.contains(run) || employer::is_asked(part, *hit) || is_item_of_key_line(part, *hit)
            })
            .collect();
        let mut kept = keep.iter();
        reading.hits.retain(|_| *kept.next().unwrap_or(&true));
        let mut kept = keep.iter();
        reading.runs.retain(|_| *kept.next().unwrap_or(&true));
    }
}

/// Takes out what stands inside a longer spelling or overlaps an earlier one, and returns it.
fn take_inner(hits: &mut Vec<Hit>) -> Vec<Hit> {
    let (mut end, mut inner) = (0, Vec::new());
    hits.retain(|hit| {
        let free = hit.start >= end;
        if free {
            end = hit.end;
        } else {
            inner.push(*hit);
        }
        free
    });
    inner
}

/// Whether a spelling stands inside one of these, which are in order.
fn is_inside(hit: Hit, outer: &[&Hit]) -> bool {
    let next = outer.partition_point(|other| other.start <= hit.start);
    next > 0 && hit.end <= outer[next - 1].end
}

/// The run of list neighbours that each spelling stands in, numbered.
fn runs(hits: &[Hit], part: &Folded<'_>) -> Vec<usize> {
    let mut run = 0;
    (0..hits.len())
        .map(|at| {
            if at > 0 && !is_list_gap(&part.folded[hits[at - 1].end..hits[at].start]) {
                run += 1;
            }
            run
        })
        .collect()
}

/// Neighbours in a list vouch for one another: a run with one sure skill, or of at least four, is a list of skills.
fn accept_lists(runs: &[usize], sure: &mut [bool]) {
    const ENOUGH: usize = 4;
    let mut start = 0;
    while start < runs.len() {
        let length = runs[start..].iter().take_while(|run| **run == runs[start]).count();
        let run = start..start + length;
        if length >= ENOUGH || (length > 1 && sure[run.clone()].contains(&true)) {
            sure[run].fill(true);
        }
        start += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, company: Option<&str>) -> FoundSkills {
        static SCANNER: std::sync::LazyLock<SkillScanner> = std::sync::LazyLock::new(SkillScanner::new);
        SCANNER.read(&[&Folded::new(text)], company)
    }

    fn found(text: &str) -> Vec<String> {
        read(text, None).skills.into_iter().map(|skill| skill.value.as_str().to_owned()).collect()
    }

    fn found_at(company: &str, text: &str) -> Vec<String> {
        read(text, Some(company)).skills.into_iter().map(|skill| skill.value.as_str().to_owned()).collect()
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
    fn a_skill_that_implies_the_word_vouches_for_it() {
        assert_eq!(found("You build Phoenix apps; our Elixir code is young"), ["elixir", "phoenix"]);
        assert_eq!(found("You build in Phoenix; our Python code is young"), ["python"]);
    }

    #[test]
    fn an_item_of_a_line_of_key_skills_counts() {
        assert_eq!(found("Key skills: data science, R, pricing"), ["r"]);
        assert_eq!(found("Letters: data science, R, pricing"), Vec::<String>::new());
    }

    #[test]
    fn a_product_name_within_a_sentence_is_no_verb() {
        assert_eq!(found("Everything is managed by Puppet. Excellent Excel modeling."), ["excel", "puppet"]);
        assert_eq!(found("Excel in your career. You excel at sales, react fast and spark joy."), Vec::<String>::new());
        assert_eq!(found("We are moving to React, with Spark a plus."), ["react", "spark"]);
    }

    #[test]
    fn a_trade_is_no_tool() {
        assert_eq!(found("SQL Developer wanted"), ["sql"]);
        assert_eq!(found("Toad, SQL Developer"), ["sql developer", "toad"]);
    }

    #[test]
    fn addresses_are_no_skills() {
        assert_eq!(found("See https://github.com/acme/java and mail jobs@python.org, www.acme.com/jobs.html"), Vec::<String>::new());
    }

    #[test]
    fn words_glued_to_the_next_line_are_read() {
        assert_eq!(found("Good knowledge of SQLExperience with TypeScriptStrong PowerShellCore"), ["sql", "typescript"]);
    }

    #[test]
    fn the_employers_own_product_counts_only_where_it_is_asked() {
        assert_eq!(found_at("Oracle", "At Oracle we build clouds. Oracle is everywhere."), Vec::<String>::new());
        assert_eq!(found_at("Oracle Corporation", "Experience with Oracle is asked"), ["oracle"]);
        assert_eq!(found_at("Acme", "Oracle runs our books"), ["oracle"]);
        assert_eq!(found("MongoDB is the leading data platform. Join Databricks. About Elastic."), Vec::<String>::new());
    }

    #[test]
    fn what_others_do_is_no_skill_of_the_job() {
        assert_eq!(found("Our customers include Oracle and Snowflake. We use Python."), ["python"]);
    }

    #[test]
    fn what_is_only_nice_to_have_is_known() {
        let reading = read(
            "Must: Java, SQL\n\nNice to have:\n- Kotlin\n- SQL tuning\n\nWe offer:\n- Linux laptops\nExperience in Go is a plus.",
            None,
        );
        let optional: Vec<&str> = reading.optional.iter().map(Skill::as_str).collect();
        assert_eq!(optional, ["go", "kotlin"]);
        assert_eq!(reading.skills.len(), 5);
    }

    #[test]
    fn nothing_is_implied() {
        assert_eq!(found("Node.js and Spring Boot"), ["node.js", "spring boot"]);
    }

    #[test]
    fn evidence_is_what_the_posting_wrote() {
        let skills = read("We run PostgreSQL™ and Golang", None).skills;
        assert_eq!(skills.iter().map(|skill| skill.evidence.as_str()).collect::<Vec<_>>(), ["Golang", "PostgreSQL"]);
    }
}
