//! The level: a marker in the title, a board's line, a level stated in the text, else the years asked for.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::vocabulary::titles;
use crate::domain::{Finding, Seniority};
use crate::extract::fold::Folded;
use crate::extract::level_text::{Stated, stated_level};
use crate::extract::level_title::{Mark, is_an_option, is_one_level_of_several, is_one_of_many, is_part_of_a_job};
use crate::extract::phrase::{Phrases, unhyphened};

/// A line of a board that names the level (`Seniority level`, `Mid-Senior level`).
static LEVEL_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:seniority|seniority level|experience level|career level|job level|level)\s*[:\n]\s*\**\s*(internship|intern|entry[- ]level|entry|junior|associate|mid[- ]senior(?: level)?|mid[- ]level|mid|intermediate|senior|staff|lead|director|executive|manager)").expect("a constant pattern")
});

/// Finds the markers of levels in titles.
#[derive(Debug)]
pub struct LevelScanner {
    phrases: Phrases,
    levels: Vec<Seniority>,
    /// Words that name a job beside another.
    jobs: Phrases,
}

impl LevelScanner {
    /// Builds the scanner from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        let words = titles();
        let groups = [
            (&words.intern, Seniority::Intern),
            (&words.entry, Seniority::Entry),
            (&words.mid, Seniority::Mid),
            (&words.senior, Seniority::Senior),
            (&words.lead, Seniority::LeadOrManager),
        ];
        let mut phrases = Vec::new();
        let mut levels = Vec::new();
        for (group, level) in groups {
            phrases.extend(group.iter().map(String::as_str));
            levels.extend(std::iter::repeat_n(level, group.len()));
        }
        let named = [&words.developer, &words.heads, &words.backend].into_iter().flatten().map(String::as_str);
        let jobs: Vec<&str> = named.chain(["devops", "front end", "frontend", "data science"]).collect();
        Self { phrases: Phrases::new(&phrases), levels, jobs: Phrases::new(&jobs) }
    }

    /// Reads the level; `years` is what the posting asks for.
    #[must_use]
    pub fn read(
        &self,
        title: &Folded<'_>,
        field: Option<&str>,
        body: &Folded<'_>,
        years: Option<&Finding<f64>>,
    ) -> Option<Finding<Seniority>> {
        match self.in_title(title) {
            Marker::One(level, words) => return Some(Finding::stated(level, &words)),
            Marker::Several => return None,
            Marker::None => {}
        }
        let line =
            field.and_then(|text| level_of(&text.to_lowercase()).map(|level| Finding::stated(level, text))).or_else(|| in_line(body));
        if line.is_some() {
            return line;
        }
        match stated_level(body) {
            Stated::One(level, start, end) => Some(Finding::stated(level, body.sentence(start, end))),
            Stated::Several => None,
            Stated::Nothing => years.map(by_years),
        }
    }

    fn in_title(&self, title: &Folded<'_>) -> Marker {
        let plain = unhyphened(&title.folded);
        let marks = self.phrases.all(&plain).into_iter().map(|hit| Mark { level: self.levels[hit.phrase], start: hit.start, end: hit.end });
        let marks: Vec<Mark> = marks.filter(|mark| !is_part_of_a_job(&plain, mark)).collect();
        let names_a_job = |part: &str| self.jobs.any(part);
        let several = |mark: &Mark| is_an_option(&title.folded, mark) || is_one_level_of_several(&plain, mark, &marks, names_a_job);
        if marks.iter().any(several) {
            return Marker::Several;
        }
        let found: Vec<Mark> = marks.into_iter().filter(|mark| !is_one_of_many(&title.folded, mark)).collect();
        settle(&found, title)
    }
}

/// What the markers of a title say together.
enum Marker {
    /// One level, with its words.
    One(Seniority, String),
    /// Several that do not go together.
    Several,
    /// Nothing.
    None,
}

/// One level stays; senior with lead or manager depends on which word carries the title.
fn settle(marks: &[Mark], title: &Folded<'_>) -> Marker {
    let mut levels: Vec<Seniority> = marks.iter().map(|mark| mark.level).collect();
    levels.sort_unstable();
    levels.dedup();
    let words = |level: Seniority| {
        let mark = marks.iter().find(|mark| mark.level == level);
        mark.map_or_else(String::new, |mark| title.quote(mark.start, mark.end).to_owned())
    };
    if levels.len() > 1 && marks.iter().all(|mark| mark.level != Seniority::Entry || title.folded[mark.start..mark.end] == *"associate") {
        levels.retain(|level| *level != Seniority::Entry);
    }
    match levels.as_slice() {
        [] => Marker::None,
        [only] => Marker::One(*only, words(*only)),
        [Seniority::Senior, Seniority::LeadOrManager] => {
            let level = senior_or_lead(marks, title);
            Marker::One(level, words(level))
        }
        [Seniority::Intern, Seniority::Entry] => Marker::One(Seniority::Intern, words(Seniority::Intern)),
        [Seniority::Entry | Seniority::Mid, Seniority::LeadOrManager] => {
            Marker::One(Seniority::LeadOrManager, words(Seniority::LeadOrManager))
        }
        _ => Marker::Several,
    }
}

/// `Senior Product Manager` is senior, `Senior Manager` and `Lead` lead.
fn senior_or_lead(marks: &[Mark], title: &Folded<'_>) -> Seniority {
    let manages_things = marks.iter().filter(|mark| mark.level == Seniority::LeadOrManager).all(|mark| {
        let before = title.folded[..mark.start].trim_end();
        let word = &title.folded[mark.start..mark.end];
        word.starts_with("manager")
            && ["product", "program", "project", "account", "marketing", "technical product", "success"]
                .iter()
                .any(|thing| before.ends_with(thing))
    });
    let first = marks.first().map(|mark| mark.level);
    let slash = title.folded.contains('/')
        && first == Some(Seniority::Senior)
        && !["director", "head of", "vp ", "chief"].iter().any(|word| title.folded.contains(word));
    if manages_things || slash { Seniority::Senior } else { Seniority::LeadOrManager }
}

/// The level by the years asked.
fn by_years(years: &Finding<f64>) -> Finding<Seniority> {
    let level = match years.value {
        years if years < 2.0 => Seniority::Entry,
        years if years < 5.0 => Seniority::Mid,
        _ => Seniority::Senior,
    };
    Finding::inferred(level, &years.evidence)
}

/// The level a board writes into the text.
fn in_line(body: &Folded<'_>) -> Option<Finding<Seniority>> {
    let line = LEVEL_LINE.captures(&body.folded)?;
    let (whole, word) = (line.get(0)?, line.get(1)?);
    level_of(word.as_str()).map(|level| Finding::stated(level, body.quote(whole.start(), whole.end())))
}

/// A board's word for a level; `mid-senior` says two and so none.
fn level_of(word: &str) -> Option<Seniority> {
    let word = word.trim().replace(['-', '_'], " ");
    match word.as_str() {
        "internship" | "intern" => Some(Seniority::Intern),
        "entry level" | "entry" | "junior" | "associate" | "graduate" => Some(Seniority::Entry),
        "mid level" | "mid" | "intermediate" | "midweight" => Some(Seniority::Mid),
        "senior" | "senior level" | "staff" | "principal" | "expert" => Some(Seniority::Senior),
        "lead" | "director" | "executive" | "manager" | "management" => Some(Seniority::LeadOrManager),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(title: &str, years: Option<f64>) -> Option<Seniority> {
        let years = years.map(|years| Finding::stated(years, "years"));
        LevelScanner::new().read(&Folded::new(title), None, &Folded::new(""), years.as_ref()).map(|found| found.value)
    }

    #[test]
    fn the_title_comes_before_the_years() {
        use Seniority::{Entry, Intern, LeadOrManager, Mid, Senior};
        for (title, years, expected) in [
            ("Senior Backend Engineer", Some(1.0), Some(Senior)),
            ("Backend Engineer", Some(3.0), Some(Mid)),
            ("Backend Engineer", Some(0.0), Some(Entry)),
            ("Backend Engineer", None, None),
            ("Software Engineer II", None, Some(Mid)),
            ("Senior Product Manager", None, Some(Senior)),
            ("Senior Manager, Platform", None, Some(LeadOrManager)),
            ("Lead Backend Developer", Some(6.0), Some(LeadOrManager)),
            ("Graduate Engineer Intern", None, Some(Intern)),
            ("Junior to Senior Developers", None, None),
            ("Java Developer/ Lead/ Architect", Some(6.0), None),
            ("Desenvolvedor Backend Sênior", Some(3.0), Some(Senior)),
            ("Solutions Architect", None, None),
            ("Member of Technical Staff", None, None),
            ("Member of Technical Staff", Some(5.0), Some(Senior)),
            ("Senior Member of Technical Staff", None, Some(Senior)),
            ("Staff Engineer, Technical Infrastructure", None, Some(Senior)),
            ("DevOps Engineer | REMOTE for senior candidates", None, None),
            ("Internships - Software Engineering", None, Some(Intern)),
            ("Gruppenleitung (m/w/d) Sicherheit", None, Some(LeadOrManager)),
            ("Acme | DevOps Engineer, Senior QA Engineer | Oslo", Some(5.0), None),
            ("Acme | Senior Engineers, Data Scientists | Oslo", None, Some(Senior)),
            ("Acme | Lead AI Architect / AI Engineer / Backend Developer | Oslo", None, None),
            ("Acme | (Senior) Software Engineer; Product Managers | Oslo", None, None),
            ("SW Engineer/Sr. SW Engineer", None, None),
            ("Clinical Research Associate", None, None),
            ("Associate Scientist", None, Some(Entry)),
            ("Mathematics | systems and control internship", None, Some(Intern)),
            ("Backend Engineer (also unpaid internships)", None, None),
            ("Lehre zur/m Bürokauffrau/-mann (m/w/d)", None, Some(Entry)),
            ("Medior Java Developer", None, Some(Mid)),
        ] {
            assert_eq!(level(title, years), expected, "{title}");
        }
    }
}
