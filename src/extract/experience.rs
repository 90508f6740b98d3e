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
/// A figure with its years: `3 - 8 years`, `5+ yrs`, `five (5) years`, `10-years`, `mindestens drei Jahre`, `5 ans`. Boards glue lines
/// together (`Qualifications10+ years`), so a digit needs no blank before it.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = NUMBERS.iter().map(|(word, _)| *word).collect();
    let figure = format!(r"(?:\d{{1,2}}(?:\.\d)?|(?-u:\b)(?:{}))", words.join("|"));
    let unit = r"(?:(?:years?|yrs?|yoe|jahren?|jahre|ans|años?|anos?|anni|jaar|saal)(?-u:\b)|वर्ष|साल)";
    Regex::new(&format!(
        r"(?:(?P<low>{figure})\s*(?:\\?\+)?\s*(?:{unit}\s*)?(?:-|to|/|and|or|bis|à|se|al?)\s*)?(?P<high>{figure})\s*(?:\(\d{{1,2}}\+?\)\s*)?(?:\\?\+|plus|or more)?\s*-?\s*{unit}"
    ))
    .expect("a constant pattern")
});

/// Numbers as words, longest first where one begins another.
const NUMBERS: [(&str, f64); 38] = [
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("fourteen", 14.0),
    ("four", 4.0),
    ("fifteen", 15.0),
    ("five", 5.0),
    ("sixteen", 16.0),
    ("six", 6.0),
    ("seventeen", 17.0),
    ("seven", 7.0),
    ("eighteen", 18.0),
    ("eight", 8.0),
    ("nineteen", 19.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("twenty", 20.0),
    ("zwei", 2.0),
    ("drei", 3.0),
    ("vier", 4.0),
    ("fünf", 5.0),
    ("deux", 2.0),
    ("trois", 3.0),
    ("quatre", 4.0),
    ("cinq", 5.0),
    ("dos", 2.0),
    ("tres", 3.0),
    ("cuatro", 4.0),
    ("cinco", 5.0),
    ("dois", 2.0),
    ("duas", 2.0),
    ("três", 3.0),
    ("quatro", 4.0),
    ("zehn", 10.0),
];

/// `No experience needed`.
static NONE_NEEDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:no (?:prior |previous |work )?experience (?:is |in \w+ )?(?:needed|required|necessary)|may not have any prior experience|freshers? (?:can|may|are) )").expect("a constant pattern")
});

/// Reads the least years asked overall; the general figure, not that of one skill.
#[must_use]
pub fn min_years(title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<f64>> {
    let numbered = |line: &regex::Captures<'_>| {
        // `Experience: 1. You know …` counts its lines.
        line.get(1)
            .is_some_and(|figure| body.folded[figure.end()..].strip_prefix(". ").is_some_and(|rest| rest.starts_with(char::is_alphabetic)))
    };
    if let Some(line) = HEADER.captures(&body.folded).filter(|line| !numbered(line)) {
        let (whole, figure) = (line.get(0)?, line.get(1)?);
        let years = figure.as_str().parse().unwrap_or(0.0);
        return Some(Finding::stated(years, body.quote(whole.start(), whole.end())));
    }
    in_text(body).or_else(|| in_text(title)).or_else(|| in_brackets(title)).or_else(|| none_needed(body))
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
    if years > MOST_YEARS || is_piece_of_a_number(&text.folded[..whole.start()]) {
        return None;
    }
    if is_wished(&text.folded[..whole.start()]) {
        return None;
    }
    let (before, after) = text.around(whole.start(), whole.end(), 70, 70);
    let before = before.rsplit(['\n', '•']).next().unwrap_or(before);
    let after = after.split(['\n', '•']).next().unwrap_or(after);
    let near_before = before.rsplit(['.', ';']).next().unwrap_or(before);
    let near_after = after.split(". ").next().unwrap_or(after);
    // Glued texts run on into the next heading.
    let near_after = near_after.split("preferred qual").next().unwrap_or(near_after);
    let open = found.name("low").is_some() || whole.as_str().contains('+');
    let overall = open && (is_overall(near_before, near_after) || is_alone(&text.folded, whole.start(), whole.end()));
    let stated = overall || open && is_of_a_demand(near_before, near_after) || speaks_of_experience(near_before, near_after);
    if !stated || is_something_else(near_before, near_after) {
        return None;
    }
    let of = near_after.split_once("experience").map_or(near_after, |(words, _)| words);
    let general = overall || near_after.contains("experience") && of.len() < 40 || near_before.contains("experience");
    Some(Asked { years, start: whole.start(), end: whole.end(), general })
}

/// `Overall 8 to 12 years`, `10+ years in total`, `8-12 yrs exp.`
fn is_overall(before: &str, after: &str) -> bool {
    const BEHIND: [&str; 6] = ["exp", "experience", "overall", "total", "in total", "अनुभव"];
    let before = before.trim_end_matches([' ', ':', '-', '*']);
    let after = after.trim_start();
    let whole = |word: &str| after.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    let ends = !after.starts_with(char::is_alphabetic);
    ends && ["overall", "अनुभव"].iter().any(|word| before.ends_with(word)) || BEHIND.into_iter().any(whole)
}

/// `Must have: 5+ yrs in Java`
fn is_of_a_demand(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    before.trim_end_matches([' ', '*']).ends_with(':') && ["in ", "as ", "with "].iter().any(|word| after.starts_with(word))
}

/// `Rust, Postgres. 4+ years.`: a sentence, a part of a header or the end of a text that is nothing but the figure.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (text[..start].trim_end_matches(' '), text[end..].trim_start_matches(' '));
    let opens = before.ends_with(['.', ';', '|']) && !before.ends_with("..");
    opens && (after.is_empty() || after.starts_with(['.', ';', '|']))
}

/// `Java Developer (5-8 yrs)`; the years of a contract or of a child are no range in brackets beside a job.
fn in_brackets(title: &Folded<'_>) -> Option<Finding<f64>> {
    const NO_CAREER: [&str; 12] =
        ["contract", "fixed", "ftc", "term", "child", "kid", "nurser", "teach", "kinder", "nanny", "preschool", "toddler"];
    if NO_CAREER.iter().any(|word| title.folded.contains(word)) {
        return None;
    }
    FIGURE.captures_iter(&title.folded).take(MOST_FIGURES).find_map(|found| {
        let (whole, figure) = (found.get(0)?, found.name("low").or_else(|| found.name("high"))?);
        let open = found.name("low").is_some() || whole.as_str().contains('+');
        let bracketed = title.folded[..whole.start()].ends_with(['(', '[']) && title.folded[whole.end()..].starts_with([')', ']']);
        let years = number(figure.as_str()).filter(|years| open && bracketed && *years <= MOST_YEARS)?;
        Some(Finding::stated(years, title.sentence(whole.start(), whole.end())))
    })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| NUMBERS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value))
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
        "erfahrung",
        "expérience",
        "experiencia",
        "experiência",
        "esperienza",
        "ervaring",
    ];
    let asks = [
        "minimum",
        "at least",
        "min ",
        "min.",
        "experience",
        "exp:",
        "exp ",
        "requires",
        "required",
        "mindestens",
        "mínimo",
        "al menos",
        "au moins",
        "pelo menos",
    ];
    let begins = before.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    let goes_on = ["in ", "of ", "as ", "with "].iter().any(|word| after.trim_start().starts_with(word));
    begins && goes_on
        || after.trim().is_empty() && asks.iter().any(|word| before.contains(word))
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
        "mean you need to have",
        "depuis",
        "seit",
        "desde hace",
        "há",
        "über",
    ];
    let preferred = ["preferred", "prefered", "nice to have", "a plus", "is plus", "desirable", "ideally", "would be a bonus"];
    elsewhere.iter().any(|word| after.starts_with(word))
        || history.iter().any(|word| before.trim_end().ends_with(word.trim_end()))
        || preferred.iter().any(|word| after.contains(word) || before.contains(word))
}

/// Whether the figure behind this text only ends a longer one (`2015 years`, `$5`, `1.5`); a full stop before it is a glued sentence.
fn is_piece_of_a_number(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | ',') => back.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_digit() || matches!(c, '$' | '€' | '£' | '₹'),
        None => false,
    }
}

/// Whether the last heading before a figure opens a list of wishes, not of demands.
fn is_wished(before: &str) -> bool {
    const REACH: usize = 600;
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(REACH))..];
    let wish = ["preferred qualification", "preferred skill", "nice to have", "nice-to-have", "bonus points"];
    let Some(at) = wish.iter().filter_map(|word| near.rfind(word)).max() else { return false };
    let demand = ["basic qualification", "minimum qualification", "required", "requirement", "must have", "what you bring", "experience:"];
    !demand.iter().any(|word| near[at + 1..].contains(word))
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
            ("Minimum of eleven years of experience", 11.0),
            ("Basic Qualifications:3 years of software development experience Preferred Qualifications:5 years of Go", 3.0),
            ("2\\+ years of professional experience", 2.0),
            ("Mindestens drei Jahre Berufserfahrung", 3.0),
            ("7-14 ans d’expérience pro", 7.0),
            ("Al menos 2 años de experiencia", 2.0),
            ("Mínimo de 4 anos de experiência", 4.0),
            ("2 se 4 saal ka experience", 2.0),
            ("• 4+ years in user research", 4.0),
            ("We need: 6+ yrs in Kotlin, Ktor.", 6.0),
            ("Overall 7 to 11 years, Oracle and backups.", 7.0),
            ("C++ and Qt. 4+ years.", 4.0),
            ("9+ years overall, three of them with people.", 9.0),
            ("MySQL, Patroni. 6–9 yrs.", 6.0),
            ("Kafka; 8-12 yrs exp", 8.0),
            ("Pune | 12-16 years | immediate joiners", 12.0),
            ("Python; 6-9 yrs exp.", 6.0),
            ("अनुभव 3-5 वर्ष", 3.0),
            ("अनुभव: 2-3 साल", 2.0),
            ("Django. 2-4 वर्ष अनुभव", 2.0),
            ("Work with large data sets.3 years of relevant programming experience", 3.0),
        ] {
            assert_eq!(years(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_range_in_the_brackets_of_a_title_counts() {
        let of = |title: &str| min_years(&Folded::new(title), &Folded::new("")).map(|found| found.value);
        assert_eq!(of("Java Developer (5-8 yrs)"), Some(5.0));
        assert_eq!(of("DBA [10+ years]"), Some(10.0));
        assert_eq!(of("Developer (2 years)"), None);
        assert_eq!(of("Developer, contract (2-3 years)"), None);
        assert_eq!(of("Nursery Assistant (3-5 years)"), None);
    }

    #[test]
    fn ages_and_wishes_are_no_demand() {
        for text in [
            "Founded 10 years ago",
            "over the last 5 years we grew",
            "3+ years experience preferred",
            "a 2 year contract",
            "This doesn’t mean you need to have 5+ years experience in the industry",
            "Theodo grandit depuis 15 ans",
            "Preferred Qualifications\n1. 1 year experience in a support role",
            "in the year 2015 years of experience",
            "Unser Haus hat über 20 Jahre Erfahrung",
            "401(k) after 1 year",
            "Duration: 2-3 years.",
            "We grow fast. 5 years.",
            "Contract length:\n1-2 years",
            "The company: 10+ years in business.",
            "You are 18+ years old.",
            "the team's overall 3-5 year vision",
            "Estimated length: 1 year with possible extension to 2 years.",
            "up to a maximum period of 3 years in total.",
            "Prefered qualifications: 3-5 years as an analyst",
            "Acme has been here for 10+ years.",
            "",
        ] {
            assert_eq!(years(text), None, "{text}");
        }
    }
}
