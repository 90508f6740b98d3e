//! What the words around a spelling say about it: the plain word, the skill, or a piece of an address.

use crate::domain::vocabulary::SkillEntry;
use crate::extract::fold::Folded;
use crate::extract::phrase::Hit;

/// How far around an ambiguous name its `near` words are looked for, in bytes.
const NEAR: usize = 40;
/// The longest gap between two neighbours of a list, in bytes.
const LIST_GAP: usize = 8;

/// Whether the word stands in a phrase that never means the skill.
pub fn never(entry: &SkillEntry, part: &Folded<'_>, hit: Hit) -> bool {
    const REACH: usize = 24;
    if entry.never.is_empty() {
        return false;
    }
    let (before, after) = part.around(hit.start, hit.end, REACH, REACH);
    let word = &part.folded[hit.start..hit.end];
    entry.never.iter().any(|phrase| {
        phrase.match_indices(word).any(|(at, _)| {
            let rest = &phrase[at + word.len()..];
            before.ends_with(&phrase[..at]) && after.starts_with(rest)
        })
    })
}

/// Whether a capitalised word has one of its `near` words close by.
pub fn near(entry: &SkillEntry, part: &Folded<'_>, hit: Hit) -> bool {
    if entry.near.is_empty() || !part.quote(hit.start, hit.end).starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()) {
        return false;
    }
    let (before, after) = part.around(hit.start, hit.end, NEAR, NEAR);
    let before = before.rsplit(['\n', '.', ';']).next().unwrap_or(before);
    let after = after.split(['\n', ';']).next().unwrap_or(after);
    entry.near.iter().any(|word| has_word(before, word) || has_word(after, word))
}

/// Whether a word begins in the text at a word boundary.
pub fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// Whether a word is capitalised, but not all in capitals, where no sentence begins.
pub fn is_proper(part: &Folded<'_>, hit: Hit) -> bool {
    let word = part.quote(hit.start, hit.end);
    let (before, _) = part.around(hit.start, hit.end, 4, 0);
    word.starts_with(char::is_uppercase)
        && word[1..].starts_with(char::is_lowercase)
        && before.strip_suffix(' ').is_some_and(|text| text.ends_with(|c: char| c.is_alphanumeric() || c == ','))
}

/// How a line of key skills begins.
const KEY_LINES: [&str; 24] = [
    "key skills",
    "it skills",
    "skills",
    "technical skills",
    "primary skills",
    "mandatory skills",
    "required skills",
    "must have skills",
    "desired skills",
    "other skills",
    "keywords",
    "technologies",
    "technology",
    "tech stack",
    "tech",
    "our stack",
    "our tech stack",
    "stack",
    "#stack",
    "tools",
    "languages",
    "programming languages",
    "frameworks",
    "databases",
];

/// Whether the spelling is a whole item of a line that lists key skills (`Key skills: pricing, R, forecasting`).
pub fn is_item_of_key_line(part: &Folded<'_>, hit: Hit) -> bool {
    /// How far back the line may begin.
    const REACH: usize = 600;
    let (before, after) = part.around(hit.start, hit.end, REACH, 2);
    let is_end = |c: char| matches!(c, ',' | ':' | '/' | '|' | ';' | '(' | ')' | '\n');
    let ends = after.trim_start_matches(' ').chars().next().is_none_or(|c| is_end(c) || c == '.');
    if !ends || !before.trim_end_matches(' ').ends_with(is_end) {
        return false;
    }
    let line = before.rsplit('\n').next().unwrap_or(before);
    let head = line.split(':').next().unwrap_or(line);
    line.len() > head.len() && KEY_LINES.contains(&head.trim_matches(|c: char| !c.is_alphanumeric() && c != '#'))
}

/// Whether the spelling is a piece of a link, a host or a mail address.
pub fn in_address(part: &Folded<'_>, hit: Hit) -> bool {
    /// How much of the word around is looked at.
    const REACH: usize = 80;
    const HOSTS: [&str; 14] = [".com", ".org", ".io", ".co", ".ai", ".dev", ".de", ".me", ".app", ".uk", ".in", ".edu", ".gov", ".fm"];
    let (before, after) = part.around(hit.start, hit.end, REACH, REACH);
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '<' | '>' | '"' | '(' | ')' | '[' | ']');
    let before = before.rsplit(is_end).next().unwrap_or(before);
    let after = after.split(is_end).next().unwrap_or(after);
    let is_host = HOSTS.iter().any(|host| after.strip_prefix(host).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
    is_host
        || before.contains("://")
        || before.contains("www.")
        || before.contains(".com/")
        || before.contains(".org/")
        || before.ends_with('@')
        || (before.contains('@') && before.contains('.'))
}

/// Words that begin the next line where a page lost its line ends (`SQLExperience with`).
const BEGINNINGS: [&str; 47] = [
    "Ability",
    "Additional",
    "Advanced",
    "Also",
    "And",
    "Bachelor",
    "Basic",
    "Build",
    "Degree",
    "Demonstrated",
    "Design",
    "Develop",
    "Education",
    "Excellent",
    "Experience",
    "Expert",
    "Familiar",
    "Good",
    "Hands",
    "Have",
    "Job",
    "Key",
    "Knowledge",
    "Master",
    "Minimum",
    "Must",
    "Nice",
    "Our",
    "PHD",
    "PhD",
    "Preferred",
    "Proficien",
    "Project",
    "Proven",
    "Qualifications",
    "Required",
    "Requirements",
    "Responsibilities",
    "Skills",
    "Solid",
    "Strong",
    "The",
    "Understanding",
    "We",
    "Work",
    "Writing",
    "You",
];

/// Whether only the beginning of the next line, glued to it, keeps the spelling from being a whole word.
pub fn glued(part: &Folded<'_>, hit: Hit) -> bool {
    let rest = &part.text[part.text.ceil_char_boundary(hit.end)..];
    let free = !part.folded[..hit.start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
    free && hit.end - hit.start > 2
        && rest.starts_with(|c: char| c.is_ascii_uppercase())
        && BEGINNINGS.iter().any(|word| rest.starts_with(word))
}

/// Whether what stands between two skills only separates them.
pub fn is_list_gap(gap: &str) -> bool {
    if gap.len() > LIST_GAP {
        return false;
    }
    let separated = gap == " - "
        || gap.contains([',', '/', '|', '&', ';', '+', '•', '·', '\n', '(', '*', '\\'])
        || ["and", "or", "und", "oder", "et"].iter().any(|word| has_word(gap, word));
    let mut letters = gap.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    separated && letters.all(|word| matches!(word, "and" | "or" | "with" | "und" | "oder" | "et"))
}
