//! The terms around the work: visa, help with moving, and the language of the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::extract::fold::Folded;

static VISA_NO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:no|not|cannot|can['’]t|unable to|don['’]t|do not|does not|won['’]t|will not|without)(?:\s\w+){0,6}?\s(?:visa|sponsor)\w*|visa[^.\n]{0,30}(?:not|no)\s(?:available|provided|offered|sponsor)|citizen/visa only|u\.?s\.? citizens? only|sponsorship (?:is )?(?:not|un)\s?available").expect("a constant pattern")
});
static VISA_YES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"visa (?:sponsorship|support|assistance|available|ok|sponsored|transfer)|(?:will|can|do|we|happy to|able to) sponsor|sponsor(?:s|ed|ing)? (?:\w+ ){0,3}visas?|sponsorship (?:is )?(?:available|offered|provided)|\|\s*visa\s*(?:\||$)|help with (?:\w+ )?visa|full-?time,? visa").expect("a constant pattern")
});

/// Whether a visa is sponsored, where it is said.
#[must_use]
pub fn visa(title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<bool>> {
    [title, body].into_iter().find_map(|text| {
        let refused = VISA_NO.find(&text.folded).map(|found| (false, found));
        let (value, found) = refused.or_else(|| VISA_YES.find(&text.folded).map(|found| (true, found)))?;
        Some(Finding::stated(value, text.sentence(found.start(), found.end())))
    })
}

static RELOCATION_NO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"no relocation|(?:not|unable to|cannot|can['’]t|won['’]t|don['’]t) (?:\w+ ){0,3}?relocation|relocation (?:\w+ ){0,3}?(?:is not|not|isn['’]t|unavailable)(?-u:\b)|keine umzugs|sans aide au déménagement").expect("a constant pattern")
});
static RELOCATION_YES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"relocation (?:package|assistance|support|bonus|allowance|budget|help|reimbursement|stipend|benefits?|costs? covered|expenses? covered|(?:\w+ ){0,2}?(?:available|provided|offered|possible))|(?:help|assist|support)\w*(?: you)?(?: with| to)? (?:your )?relocat\w+|(?:paid|offer|provide|cover)\w* (?:\w+ ){0,2}?relocation|we(?:['’]ll| will| can) relocate you|umzugshilfe|umzugsunterstützung|aide (?:à la relocation|au déménagement)|ayuda (?:de|para la) reubicación|\|\s*relocation\s*(?:\||$)").expect("a constant pattern")
});

/// Whether help with moving house is given, where it is said.
#[must_use]
pub fn relocation(title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<bool>> {
    [title, body].into_iter().find_map(|text| {
        let refused = RELOCATION_NO.find(&text.folded).map(|found| (false, found));
        let (value, found) = refused.or_else(|| RELOCATION_YES.find(&text.folded).map(|found| (true, found)))?;
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

/// Each small word with the languages it belongs to, one bit a row of the table: one look a word instead of one a row and word.
static LANGUAGES_OF: LazyLock<HashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut of = HashMap::new();
    for (row, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in *words {
            *of.entry(*word).or_insert(0) |= 1 << row;
        }
    }
    of
});

/// The language of the text by its small words; none for texts too short to tell.
#[must_use]
pub fn language(field: Option<&str>, body: &Folded<'_>) -> Option<Finding<String>> {
    /// Words read, and the fewest that decide.
    const SAMPLE: usize = 400;
    const FEWEST: usize = 6;
    if let Some(code) = field.map(str::trim).filter(|code| code.len() >= 2 && code.as_bytes()[..2].iter().all(u8::is_ascii_alphabetic)) {
        return Some(Finding::stated(code[..2].to_ascii_lowercase(), code));
    }
    let words = body.folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(SAMPLE);
    let mut counts = SMALL_WORDS.map(|(code, _)| (0, code));
    for languages in words.filter_map(|word| LANGUAGES_OF.get(word)) {
        for (row, (count, _)) in counts.iter_mut().enumerate() {
            *count += usize::from((languages >> row) & 1 == 1);
        }
    }
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
    fn a_visa_is_read_only_where_it_is_said() {
        let visa = |body: &'static str| visa(&text(""), &text(body)).map(|found| found.value);
        assert_eq!(visa("Visa sponsorship available"), Some(true));
        assert_eq!(visa("We are unable to sponsor new visas"), Some(false));
        assert_eq!(visa("A Visa card"), None);
    }

    #[test]
    fn help_with_moving_is_read_only_where_it_is_said() {
        let moves = |body: &'static str| relocation(&text(""), &text(body)).map(|found| found.value);
        assert_eq!(moves("We offer a relocation package."), Some(true));
        assert_eq!(moves("We help you with relocation"), Some(true));
        assert_eq!(moves("Relocation assistance is not available"), Some(false));
        assert_eq!(moves("We do not offer relocation assistance"), Some(false));
        assert_eq!(moves("Relocation of data centres"), None);
    }

    #[test]
    fn the_language_shows_in_its_small_words() {
        let code = |body: &'static str| language(None, &text(body)).map(|found| found.value);
        assert_eq!(code("Wir suchen dich für unser Team und bieten eine Stelle mit Zukunft bei der Firma").as_deref(), Some("de"));
        assert_eq!(code("You will work with our team in the office and build services for the world").as_deref(), Some("en"));
        assert_eq!(code("Java, Spring"), None);
    }
}
