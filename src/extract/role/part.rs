//! The parts of a title: what separates one job from the next, and what is only a remark.

/// Whether what stands in brackets may name jobs of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brackets {
    /// A remark on the job before them.
    Whole,
    /// A list, as headers have it: `Engineers (Data, Platform)`.
    Open,
}

/// Parts of a title that may each name a job, with their places.
#[must_use]
pub fn split(plain: &str, at: usize, brackets: Brackets) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut index, mut depth) = (0, 0, 0_usize);
    let bytes = plain.as_bytes();
    while index < bytes.len() {
        match bytes[index] {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let cut = if depth > 0 && brackets == Brackets::Whole { 0 } else { separator(plain, index) };
        if cut > 0 {
            parts.push((at + start, &plain[start..index]));
            start = index + cut;
        }
        index += cut.max(1);
    }
    parts.push((at + start, &plain[start..]));
    parts
}

/// The length of the separator of jobs at this byte; none in `PL/SQL`, `Back/Front End` and `Analyst / Programmer`.
fn separator(plain: &str, index: usize) -> usize {
    match plain.as_bytes()[index] {
        b'/' if plain[..index].ends_with("pl") || is_analyst_developer(plain, index) || is_both_ends(plain, index) => 0,
        b'/' | b',' | b';' | b'&' => 1,
        b' ' if plain[index..].starts_with(" and ") => 5,
        b' ' if plain[index..].starts_with(" or ") => 4,
        b' ' if plain[index..].starts_with(" + ") => 3,
        _ => 0,
    }
}

/// `Analyst / Developer`, `Programmer/Analyst`: one job in two words.
fn is_analyst_developer(plain: &str, index: usize) -> bool {
    let (before, after) = (plain[..index].trim_end(), plain[index + 1..].trim_start());
    let builds = |word: &str| word == "developer" || word == "programmer";
    let first = before.rsplit(' ').next().unwrap_or(before);
    let second = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(after);
    first == "analyst" && builds(second) || builds(first) && second == "analyst"
}

/// `Back/Front End`: one job at both ends.
fn is_both_ends(plain: &str, index: usize) -> bool {
    let (before, after) = (plain[..index].trim_end(), plain[index + 1..].trim_start());
    before.ends_with("back") && after.starts_with("front") || before.ends_with("front") && after.starts_with("back")
}

/// What stands before `with`, which begins a wish and names no job.
#[must_use]
pub fn before_wish(part: &str) -> &str {
    part.split(" with ").next().unwrap_or(part)
}

/// `Front End / Full Stack`: one job at both sides, the client's by name.
#[must_use]
pub fn at_the_front(part: &str) -> bool {
    const FULL: [&str; 2] = ["full stack", "fullstack"];
    const FRONT: [&str; 2] = ["front end", "frontend"];
    let beside = |first: &str, second: &str| {
        part.match_indices(first).any(|(at, _)| {
            let rest = part[at + first.len()..].trim_start();
            rest.strip_prefix('/').is_some_and(|rest| rest.trim_start().starts_with(second))
        })
    };
    FULL.iter().any(|full| FRONT.iter().any(|front| beside(full, front) || beside(front, full)))
}
