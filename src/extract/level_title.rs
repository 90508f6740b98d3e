//! Which words of levels in a title count: not those of a job's name, nor those of one job among several.

use crate::domain::Seniority;

/// A marker of a level in a title.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// The level it names.
    pub level: Seniority,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Words that name a job and no level: a product manager leads no people, `lead generation` is no lead, `2` may be a shift.
pub fn is_part_of_a_job(plain: &str, mark: &Mark) -> bool {
    let before = plain[..mark.start].trim_end();
    let after = plain[mark.end..].trim_start();
    let word = &plain[mark.start..mark.end];
    match word {
        "2" => !["engineer", "developer", "sde", "level", "programmer"].iter().any(|job| before.ends_with(job)),
        "lead" | "leads" => ["generation", "gen ", "time"].iter().any(|thing| after.starts_with(thing)),
        "stage" | "head" | "president" => after.starts_with("start") || after.starts_with("count"),
        // A member of technical staff may be of any level; senior candidates may be wanted beside others.
        "staff" => after.starts_with("augment") || before.ends_with("technical"),
        "senior" => after.starts_with("candidates"),
        "associate" => ["director", "vp", "vice"].iter().any(|thing| after.starts_with(thing)) || is_the_job_itself(before, after),
        // `(also unpaid internships)` tells of others.
        "intern" | "interns" | "internship" | "internships" => {
            before.rsplit(['(', '|']).next().is_some_and(|aside| aside.contains("also "))
        }
        _ => false,
    }
}

/// `Research Associate`: the word that carries the title. `Associate, Software` and `Associate Engineer` name a level.
fn is_the_job_itself(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphanumeric)
}

/// In a header line of several jobs, a manager or an intern at the end of a list says nothing of the others.
pub fn is_one_of_many(folded: &str, mark: &Mark) -> bool {
    if !folded.contains('|') || !matches!(mark.level, Seniority::LeadOrManager | Seniority::Intern) {
        return false;
    }
    let segment = folded[..mark.start].rsplit('|').next().unwrap_or_default();
    // `systems and control internship` is one job.
    let and = if mark.level == Seniority::Intern { segment.trim_end().ends_with(" and") } else { segment.contains(" and ") };
    segment.contains([',', ';', '/', '&']) || and || segment.contains(" or ")
}

/// `Acme | (Senior) Software Engineer; Product Managers` and `Developer / Lead / Architect` leave the level open.
pub fn is_an_option(folded: &str, mark: &Mark) -> bool {
    let before = folded[..mark.start].trim_end();
    let after = folded[mark.end..].trim_start();
    let slashes = mark.level == Seniority::LeadOrManager
        && folded[mark.start..mark.end] == *"lead"
        && before.ends_with('/')
        && after.starts_with('/');
    let behind = after.trim_start_matches(['.', '-', ' ']).strip_prefix(')').map(|rest| rest.trim_start_matches([' ', '-']));
    let begins =
        before.strip_suffix('(').is_some_and(|rest| rest.trim_end().is_empty() || rest.trim_end().ends_with(['|', ',', '/', ';', ':']));
    slashes || folded.contains('|') && begins && behind.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Whether a title of several jobs names the level of one alone. `names_a_job` says of a piece whether it names a job.
pub fn is_one_level_of_several(plain: &str, mark: &Mark, marks: &[Mark], names_a_job: impl Fn(&str) -> bool) -> bool {
    let without_a_level =
        |from: usize, to: usize| names_a_job(&plain[from..to]) && !marks.iter().any(|other| from <= other.start && other.end <= to);
    let header = plain.contains('|');
    let pieces = pieces(plain, header);
    let Some(own) = pieces.iter().position(|(from, to)| *from <= mark.start && mark.end <= *to) else { return false };
    let (_, to) = pieces[own];
    match mark.level {
        // `DevOps Engineer, Senior QA Engineer`: the first has none. The first piece of a header is the company's.
        Seniority::Senior | Seniority::Mid | Seniority::Entry => {
            let first = usize::from(header);
            names_a_job(&plain[mark.end..to]) && pieces.iter().take(own).skip(first).any(|(from, to)| without_a_level(*from, *to))
                || header && mark.level == Seniority::Entry && others_behind(&pieces[own + 1..], without_a_level)
        }
        _ => header && others_behind(&pieces[own + 1..], without_a_level),
    }
}

/// `Lead AI Architect / Backend / Frontend`: two further jobs of no level.
fn others_behind(pieces: &[(usize, usize)], without_a_level: impl Fn(usize, usize) -> bool) -> bool {
    pieces.iter().filter(|(from, to)| without_a_level(*from, *to)).count() >= 2
}

/// The pieces of a title that may each name a job: a header lists them by commas too.
fn pieces(plain: &str, header: bool) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, byte) in plain.bytes().enumerate() {
        if byte == b'/' || header && matches!(byte, b'|' | b',' | b';' | b'&') {
            pieces.push((start, at));
            start = at + 1;
        }
    }
    pieces.push((start, plain.len()));
    pieces
}
