//! The terms around the work: kind of contract, visa, and the language of the text.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{EmploymentType, Finding};
use crate::extract::fold::Folded;

static KINDS: LazyLock<[(EmploymentType, Regex); 6]> = LazyLock::new(|| {
    let pattern = |text: &str| Regex::new(text).expect("a constant pattern");
    [
        (
            EmploymentType::Internship,
            pattern(r"(?-u:\b)(?:intern(?:ship)?s?|working student|werkstudent(?:in)?|praktik(?:um|ant)|co-op)(?-u:\b)"),
        ),
        (EmploymentType::Apprenticeship, pattern(r"(?-u:\b)(?:apprentice(?:ship)?|traineeship|ausbildung)(?-u:\b)")),
        (EmploymentType::PartTime, pattern(r"(?-u:\b)(?:part[- _]?time|teilzeit|temps partiel)(?-u:\b)")),
        (
            EmploymentType::Contract,
            pattern(r"(?-u:\b)(?:contract(?:or)?|freelance(?:r)?|b2b|outside ir35|inside ir35|c2c|corp[- ]to[- ]corp|contractual)(?-u:\b)"),
        ),
        (EmploymentType::Temporary, pattern(r"(?-u:\b)(?:temporary|temp|fixed[- ]term|ftc|seasonal|befristet)(?-u:\b)")),
        (
            EmploymentType::FullTime,
            pattern(r"(?-u:\b)(?:full[- _]?time|permanent|regular|vollzeit|festanstellung|cdi|fte|salaried)(?-u:\b)"),
        ),
    ]
});
static VISA_NO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:no|not|cannot|can['’]t|unable to|don['’]t|do not|does not|won['’]t|will not|without)(?:\s\w+){0,6}?\s(?:visa|sponsor)\w*|visa[^.\n]{0,30}(?:not|no)\s(?:available|provided|offered|sponsor)|citizen/visa only|u\.?s\.? citizens? only|sponsorship (?:is )?(?:not|un)\s?available").expect("a constant pattern")
});
static VISA_YES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"visa (?:sponsorship|support|assistance|available|ok|sponsored|transfer)|(?:will|can|do|we|happy to|able to) sponsor|sponsor(?:s|ed|ing)? (?:\w+ ){0,3}visas?|sponsorship (?:is )?(?:available|offered|provided)|\|\s*visa\s*(?:\||$)|help with (?:\w+ )?visa|full-?time,? visa").expect("a constant pattern")
});

/// Reads the kind of contract: the platform's field, else the title and the first lines of the text.
#[must_use]
pub fn employment_type(field: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<EmploymentType>> {
    const HEAD: usize = 600;
    if let Some(found) = field.and_then(|text| kind_in(&Folded::new(text), text.len())) {
        return Some(found);
    }
    let in_title = kind_in(title, title.text.len());
    in_title.or_else(|| {
        kind_in(body, HEAD)
            .filter(|found| matches!(found.value, EmploymentType::FullTime | EmploymentType::PartTime | EmploymentType::Contract))
    })
}

/// The first kind, by rarity, in the first `head` bytes.
fn kind_in(text: &Folded<'_>, head: usize) -> Option<Finding<EmploymentType>> {
    let head = &text.folded[..text.folded.floor_char_boundary(head)];
    let both = KINDS[2].1.is_match(head) && KINDS[5].1.is_match(head);
    if both {
        return None;
    }
    KINDS.iter().find_map(|(kind, pattern)| {
        let found = pattern.find(head)?;
        Some(Finding::stated(*kind, text.quote(found.start(), found.end())))
    })
}

/// Whether a visa is sponsored, where it is said.
#[must_use]
pub fn visa(title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<bool>> {
    [title, body].into_iter().find_map(|text| {
        let refused = VISA_NO.find(&text.folded).map(|found| (false, found));
        let (value, found) = refused.or_else(|| VISA_YES.find(&text.folded).map(|found| (true, found)))?;
        Some(Finding::stated(value, text.sentence(found.start(), found.end())))
    })
}

/// The frequent small words of a language.
const SMALL_WORDS: [(&str, &[&str]); 9] = [
    ("en", &["the", "and", "of", "to", "with", "for", "in", "you", "we", "our", "is", "are", "experience", "skills", "years"]),
    ("de", &["und", "der", "die", "das", "mit", "für", "wir", "sie", "du", "ist", "von", "eine", "zu", "dich", "den", "bei", "oder"]),
    ("fr", &["et", "le", "la", "les", "des", "vous", "nous", "une", "pour", "avec", "dans", "est", "votre", "du", "sur", "au"]),
    ("es", &["y", "el", "los", "las", "una", "para", "con", "que", "en", "del", "se", "es", "tu", "por", "como"]),
    ("pt", &["e", "os", "uma", "para", "com", "que", "em", "do", "da", "você", "não", "como", "por", "dos", "mais"]),
    ("nl", &["en", "de", "het", "een", "van", "met", "voor", "je", "wij", "bij", "zijn", "op", "jij", "ons"]),
    ("it", &["e", "il", "gli", "una", "per", "con", "che", "di", "del", "della", "nel", "sono", "come", "alla"]),
    ("pl", &["i", "w", "z", "na", "do", "się", "jest", "oraz", "dla", "że", "od", "jako", "nie", "lub"]),
    ("sv", &["och", "att", "en", "det", "som", "för", "med", "är", "du", "vi", "av", "till", "på", "ett"]),
];

/// The language of the text by its small words; none for texts too short to tell.
#[must_use]
pub fn language(field: Option<&str>, body: &Folded<'_>) -> Option<Finding<String>> {
    /// Words read, and the fewest that decide.
    const SAMPLE: usize = 400;
    const FEWEST: usize = 6;
    if let Some(code) = field.map(str::trim).filter(|code| code.len() >= 2 && code.as_bytes()[..2].iter().all(u8::is_ascii_alphabetic)) {
        return Some(Finding::stated(code[..2].to_ascii_lowercase(), code));
    }
    let words: Vec<&str> = body.folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(SAMPLE).collect();
    let counts = SMALL_WORDS.map(|(code, small)| (words.iter().filter(|word| small.contains(word)).count(), code));
    let (most, code) = *counts.iter().max_by_key(|(count, _)| *count)?;
    let second = counts.iter().filter(|(_, other)| *other != code).map(|(count, _)| *count).max().unwrap_or(0);
    let evidence = body.text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    (most >= FEWEST && most * 4 > second * 5).then(|| Finding::inferred(code.to_owned(), &evidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Folded<'_> {
        Folded::new(words)
    }

    #[test]
    fn the_kind_of_contract_is_the_platforms_word_first() {
        let kind = |field, title: &'static str| employment_type(field, &text(title), &text("")).map(|found| found.value);
        assert_eq!(kind(Some("Full Time, Permanent"), "Contract engineer"), Some(EmploymentType::FullTime));
        assert_eq!(kind(Some("FULL_TIME"), ""), Some(EmploymentType::FullTime));
        assert_eq!(kind(None, "Backend Intern"), Some(EmploymentType::Internship));
        assert_eq!(kind(None, "Acme | Full-time"), Some(EmploymentType::FullTime));
    }

    #[test]
    fn a_visa_is_read_only_where_it_is_said() {
        let visa = |body: &'static str| visa(&text(""), &text(body)).map(|found| found.value);
        assert_eq!(visa("Visa sponsorship available"), Some(true));
        assert_eq!(visa("We are unable to sponsor new visas"), Some(false));
        assert_eq!(visa("A Visa card"), None);
    }

    #[test]
    fn the_language_shows_in_its_small_words() {
        let code = |body: &'static str| language(None, &text(body)).map(|found| found.value);
        assert_eq!(code("Wir suchen dich für unser Team und bieten eine Stelle mit Zukunft bei der Firma").as_deref(), Some("de"));
        assert_eq!(code("You will work with our team in the office and build services for the world").as_deref(), Some("en"));
        assert_eq!(code("Java, Spring"), None);
    }
}
