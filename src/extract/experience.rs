//! The least years of experience a posting asks for.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::extract::fold::Folded;

/// No posting asks for more; larger figures are ages of companies.
const MOST_YEARS: f64 = 30.0;
/// Most figures of one posting that are looked at.
const MOST_FIGURES: usize = 40;

/// A line of a card or header: `Experience: 3-8 Yrs`.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\W*(?:minimum |required |work |total |overall )?(?:experience|exp)(?: required| level| range)?\.?\W*[:\-]\W*(\d{1,2}(?:\.\d)?|fresher|any)[^\n]{0,60}").expect("a constant pattern")
});
/// A figure with its years: `3 - 8 years`, `5+ yrs`, `five (5) years`, `10-years`.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?P<low>\d{1,2}(?:\.\d)?|zero|one|two|three|four|five)\s*\+?\s*(?:(?:years?|yrs?)\s*)?(?:-|to|/|and|or)\s*)?(?P<high>\d{1,2}(?:\.\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen)\s*(?:\(\d{1,2}\+?\)\s*)?(?:\+|plus|or more)?\s*-?\s*(?:years?|yrs?|yoe)(?-u:\b)").expect("a constant pattern")
});

/// `No experience needed`.
static NONE_NEEDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:no (?:prior |previous |work )?experience (?:is |in \w+ )?(?:needed|required|necessary)|may not have any prior experience|freshers? (?:can|may|are) )").expect("a constant pattern")
});

/// Reads the least years asked overall; the general figure, not that of one skill.
#[must_use]
pub fn min_years(title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<f64>> {
    if let Some(line) = HEADER.captures(&body.folded) {
        let whole = line.get(0)?;
        let years = line.get(1)?.as_str().parse().unwrap_or(0.0);
        return Some(Finding::stated(years, body.quote(whole.start(), whole.end())));
    }
    in_text(body).or_else(|| in_text(title)).or_else(|| none_needed(body))
}

fn none_needed(body: &Folded<'_>) -> Option<Finding<f64>> {
    let found = NONE_NEEDED.find(&body.folded)?;
    Some(Finding::stated(0.0, body.quote(found.start(), found.end())))
}

/// One figure of a text with what it is worth as an answer.
struct Asked {
    years: f64,
    start: usize,
    end: usize,
    /// Asked of the whole career, not of one skill.
    general: bool,
}

fn in_text(text: &Folded<'_>) -> Option<Finding<f64>> {
    let asked: Vec<Asked> = FIGURE.captures_iter(&text.folded).take(MOST_FIGURES).filter_map(|found| read(text, &found)).collect();
    let chosen = asked.iter().find(|one| one.general).or_else(|| asked.first())?;
    let years = alternatives(text, &asked, chosen);
    Some(Finding::stated(years, text.sentence(chosen.start, chosen.end)))
}

/// Of figures in one sentence joined by `or`, the smaller counts.
fn alternatives(text: &Folded<'_>, asked: &[Asked], chosen: &Asked) -> f64 {
    const REACH: usize = 200;
    let joined = |other: &&Asked| {
        other.start > chosen.end && other.start - chosen.end < REACH && {
            let between = &text.folded[chosen.end..other.start];
            between.contains(" or ") && !between.contains('\n')
        }
    };
    asked.iter().filter(joined).map(|other| other.years).fold(chosen.years, f64::min)
}

fn read(text: &Folded<'_>, found: &regex::Captures<'_>) -> Option<Asked> {
    let whole = found.get(0)?;
    let first = found.name("low").or_else(|| found.name("high"))?;
    let years = number(first.as_str())?;
    if years > MOST_YEARS {
        return None;
    }
    let (before, after) = text.around(whole.start(), whole.end(), 70, 70);
    let before = before.rsplit(['\n', '•']).next().unwrap_or(before);
    let after = after.split(['\n', '•']).next().unwrap_or(after);
    let near_before = before.rsplit(['.', ';']).next().unwrap_or(before);
    let near_after = after.split(". ").next().unwrap_or(after);
    if !speaks_of_experience(near_before, near_after) || is_something_else(near_before, near_after) {
        return None;
    }
    let of = near_after.split_once("experience").map_or(near_after, |(words, _)| words);
    let general = near_after.contains("experience") && of.len() < 40 || near_before.contains("experience");
    Some(Asked { years, start: whole.start(), end: whole.end(), general })
}

fn number(text: &str) -> Option<f64> {
    const WORDS: [(&str, f64); 13] = [
        ("zero", 0.0),
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("twelve", 12.0),
        ("fifteen", 15.0),
    ];
    text.parse().ok().or_else(|| WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value))
}

fn speaks_of_experience(before: &str, after: &str) -> bool {
    let words = [
        "experience",
        "exp ",
        "hands-on",
        "hands on",
        "professional",
        "working",
        "work ",
        "industry",
        "background",
        "developing",
        "programming",
        "building",
        "writing",
        "development",
        "engineering",
        "in software",
        "in a ",
        "relevant",
        "administer",
        "managing",
        "coding",
    ];
    let asks = ["minimum", "at least", "min ", "min.", "experience", "exp:", "exp ", "requires", "required"];
    after.trim().is_empty() && asks.iter().any(|word| before.contains(word))
        || words.iter().any(|word| after.contains(word))
        || asks.iter().any(|word| before.contains(word))
}

fn is_something_else(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    let elsewhere = [
        "ago",
        "old",
        "of age",
        "contract",
        "in business",
        "warranty",
        "of history",
        "in a row",
        "anniversary",
        "of growth",
        "of vesting",
        "vesting",
        "of runway",
        "program",
        "degree",
        "diploma",
        "of college",
        "university",
        "renewable",
        "of service",
    ];
    let history = [
        "the last ",
        "the past ",
        "over the ",
        "founded",
        "for over ",
        "for more than ",
        "for nearly ",
        "in the next ",
        "next ",
        "within ",
        "every ",
        "first ",
        "we have ",
        "our team has",
        "with over ",
        "bring over",
    ];
    let preferred = ["preferred", "nice to have", "a plus", "is plus", "desirable", "ideally", "would be a bonus"];
    elsewhere.iter().any(|word| after.starts_with(word))
        || history.iter().any(|word| before.trim_end().ends_with(word.trim_end()))
        || preferred.iter().any(|word| after.contains(word) || before.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(text: &str) -> Option<f64> {
        min_years(&Folded::new(""), &Folded::new(text)).map(|found| found.value)
    }

    #[test]
    fn the_least_general_figure_counts() {
        for (text, expected) in [
            ("Experience: 3-8 Yrs\nKey skills: Java", 3.0),
            ("Minimum experience: Any (new grads ok)", 0.0),
            ("5+ years of professional experience in Java", 5.0),
            ("You have at least three (3) years of experience.", 3.0),
            ("PhD or equivalent OR +10-years full-time Software Engineering work experience.", 10.0),
            ("5+ years of experience with a degree or 7+ years without", 5.0),
            ("4 to 6 yrs of exp in Oracle DBA", 4.0),
            ("2–5 years’ experience", 2.0),
        ] {
            assert_eq!(years(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn ages_and_wishes_are_no_demand() {
        for text in [
            "Founded 10 years ago",
            "over the last 5 years we grew",
            "3+ years experience preferred",
            "a 2 year contract",
            "401(k) after 1 year",
            "",
        ] {
            assert_eq!(years(text), None, "{text}");
        }
    }
}
