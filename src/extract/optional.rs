//! Where a text speaks of what is only nice to have.

use std::ops::Range;
use std::sync::LazyLock;

use crate::extract::phrase::{Hit, Phrases};

/// What opens a wish: what follows in the sentence is optional, or the section under it where it is a heading.
const AHEAD: [&str; 29] = [
    "nice to have",
    "nice-to-have",
    "nice to haves",
    "nice-to-haves",
    "good to have",
    "good-to-have",
    "great to have",
    "bonus",
    "bonus points",
    "bonus skills",
    "extra credit",
    "preferred qualifications",
    "preferred skills",
    "preferred experience",
    "preferred requirements",
    "preferred",
    "desired skills",
    "desired",
    "desirable",
    "desirable skills",
    "ideally",
    "preferably",
    "pluses",
    "optional",
    "brownie points",
    "wünschenswert",
    "idealerweise",
    "von vorteil",
    "un plus",
];

/// What closes a wish: what came before it in the sentence is optional.
const BEHIND: [&str; 27] = [
    "a plus",
    "a big plus",
    "a huge plus",
    "a strong plus",
    "a definite plus",
    "a bonus",
    "nice to have",
    "good to have",
    "great to have",
    "is preferred",
    "are preferred",
    "preferred",
    "is desirable",
    "are desirable",
    "desirable",
    "desired",
    "an advantage",
    "advantageous",
    "beneficial",
    "would be great",
    "an asset",
    "not required",
    "optional",
    "wünschenswert",
    "von vorteil",
    "ein plus",
    "un plus",
];

static WORDS: LazyLock<Phrases> = LazyLock::new(|| {
    let words: Vec<&str> = AHEAD.iter().chain(BEHIND.iter().filter(|word| !AHEAD.contains(word))).copied().collect();
    Phrases::new(&words)
});
static ALL_WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| AHEAD.iter().chain(BEHIND.iter().filter(|word| !AHEAD.contains(word))).copied().collect());

/// Most marks looked at in one text.
const MOST: usize = 200;
/// A section is read at most so far under its heading, in bytes.
const SECTION: usize = 4_000;
/// A sentence reaches at most so far from its mark, in bytes.
const REACH: usize = 300;

/// The ranges of a folded text that speak of what is nice to have.
#[must_use]
pub fn optional_ranges(folded: &str) -> Vec<Range<usize>> {
    WORDS.all(folded).into_iter().take(MOST).map(|hit| range_of(folded, hit)).filter(|range| !range.is_empty()).collect()
}

fn range_of(folded: &str, hit: Hit) -> Range<usize> {
    let line = folded[..hit.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = folded[hit.end..].find('\n').map_or(folded.len(), |at| hit.end + at);
    if is_heading(&folded[line..hit.start], &folded[hit.end..line_end]) {
        return hit.start..section_end(folded, line_end);
    }
    let from = folded.floor_char_boundary(hit.start.saturating_sub(REACH)).max(line);
    let to = folded.ceil_char_boundary((hit.end + REACH).min(line_end));
    let before = &folded[from..hit.start];
    let after = &folded[hit.end..to];
    // Inside brackets only what the brackets hold is meant, or, where they hold the mark alone, what stands before them.
    if let Some(open) = before.rfind('(').filter(|open| !before[*open..].contains(')')) {
        let close = after.find(')').map_or(to, |at| hit.end + at);
        let alone = before[open + 1..].trim().is_empty() && after.trim_start().starts_with(')');
        return if alone {
            from + before[..open].rfind(['.', ';', ',', ')']).map_or(0, |at| at + 1)..hit.start
        } else {
            from + open..close
        };
    }
    let start = from + sentence_start(before);
    let end = hit.end + after.find([';', '!']).into_iter().chain(after.find(". ")).min().unwrap_or(after.len());
    let word = ALL_WORDS[hit.phrase];
    let closes = BEHIND.contains(&word) && !folded[start..hit.start].trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    if closes && !after.trim_start().starts_with(':') { start..hit.start } else { hit.start..end }
}

fn sentence_start(before: &str) -> usize {
    let stop = |mark: &str| before.rfind(mark).map(|at| at + mark.len());
    [stop(". "), stop("; "), stop("! "), stop(" - ")].into_iter().flatten().max().unwrap_or(0)
}

/// Whether a line holds little besides the mark: `Nice to have`, `Skills that are a plus:`, but not `Kotlin preferred`.
fn is_heading(before: &str, after: &str) -> bool {
    const MOST_BEFORE: usize = 24;
    const MOST_AFTER: usize = 40;
    let opens = !before.contains(char::is_alphanumeric) || after.trim_end_matches(['*', ' ']).ends_with(':');
    let is_item = before.trim_start().starts_with(['-', '*', '•', '·']) && !before.trim_start().starts_with("**");
    let is_short = before.len() <= MOST_BEFORE && after.len() <= MOST_AFTER;
    let is_sentence = before.contains([',', '(']) || after.trim_end_matches(['*', ' ']).ends_with('.');
    opens && is_short && !is_item && !is_sentence && !has_text_behind_colon(after)
}

fn has_text_behind_colon(after: &str) -> bool {
    after.split_once(':').is_some_and(|(_, rest)| rest.contains(char::is_alphanumeric))
}

/// Where the section under a heading ends: before the next line that is no item once there were items, else at the next empty line.
fn section_end(folded: &str, heading_end: usize) -> usize {
    let (mut at, mut items, mut lines) = (heading_end, false, 0);
    let limit = folded.floor_char_boundary(heading_end + SECTION);
    for line in folded[heading_end..limit].split_inclusive('\n') {
        let text = line.trim();
        let is_item = text.starts_with(['-', '*', '•', '·', '–']);
        let ends = if text.is_empty() { lines > 0 && !items } else { items && !is_item };
        if ends {
            break;
        }
        items |= is_item;
        lines += usize::from(!text.is_empty());
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn optional(text: &str) -> Vec<String> {
        let folded = text.to_lowercase();
        optional_ranges(&folded).into_iter().map(|range| folded[range].trim().to_owned()).collect()
    }

    #[test]
    fn a_sentence_with_a_plus_is_optional_and_its_neighbours_are_not() {
        assert_eq!(optional("Java is required. Kotlin is a plus. SQL too."), ["kotlin is"]);
        assert_eq!(optional("- Knowledge of Go preferred\n- Rust"), ["- knowledge of go"]);
        assert_eq!(optional("Kotlin preferred\n- Rust"), ["kotlin"]);
        assert_eq!(optional("Nice to have: Go, Rust. Must have: SQL"), ["nice to have: go, rust"]);
    }

    #[test]
    fn brackets_hold_their_own_wish() {
        assert_eq!(optional("Python (Go a plus), SQL"), ["(go a plus"]);
        assert_eq!(optional("SQL, Kotlin (preferred), Java"), ["kotlin ("]);
    }

    #[test]
    fn a_heading_rules_its_section() {
        assert_eq!(optional("Required\n- SQL\n\nNice to have\n- Go\n- Rust\n\nBenefits\n- Java"), ["nice to have\n- go\n- rust"]);
        assert_eq!(optional("Wünschenswert:\nGo\nRust\n\nJava"), ["wünschenswert:\ngo\nrust"]);
    }
}
