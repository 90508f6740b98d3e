//! What stands beside `remote` in a place text, a title or a line that names the place: `Remote (US, Canada)`, `EMEA - Remote`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::Country;
use crate::domain::vocabulary::countries;
use crate::extract::fold::Folded;
use crate::extract::open_to::codes::{alone_behind, is_code, listed};
use crate::extract::open_to::run::{US, countries_alone};
use crate::extract::phrase::is_whole;
use crate::extract::place::{Name, PlaceScanner};

/// How far from `remote` a name still speaks of it, in bytes.
const REACH: usize = 60;

/// `remote` as a place of work, as it stands in place texts.
static REMOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:remote|remoto|remota|télétravail|teletrabajo|work from home|wfh|anywhere)(?-u:\b)").expect("a constant pattern")
});
/// Words that say that a place is where the firm sits, or that the whole world may apply.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:hq|headquarter(?:s|ed)?|offices?|we(?: are|['’]re)|international(?:ly)?|worldwide|global(?:ly)?|overlap)(?-u:\b)",
    )
    .expect("a constant pattern")
});
/// A wish behind a name: `(US preferred)`.
static WISHED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\s\w-]{0,24}prefer").expect("a constant pattern"));

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The field for places.
    PlaceField,
    /// A title, or a line of the text.
    Words,
}

/// The countries and groups of countries that stand beside `remote`.
pub(super) fn beside_remote(scanner: &PlaceScanner, text: &str, origin: Origin) -> Vec<Finding<Country>> {
    let mut found = Vec::new();
    let pieces = pieces(text);
    for (at, piece) in pieces.iter().enumerate() {
        let folded = Folded::new(piece);
        let Some(remote) = REMOTE.find(&folded.folded) else { continue };
        let before = found.len();
        found.extend(named(scanner, &folded, remote.range(), origin));
        // `Remote / EU`: the next piece, where it names countries alone.
        if found.len() == before
            && let Some(next) = pieces.get(at + 1)
            && folded.folded.trim().len() == remote.len()
        {
            found.extend(countries_alone(scanner, next));
        }
    }
    found
}

/// A text in pieces: at bars, semicolons and line ends, at ` / ` and ` or `, but never inside parentheses.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let cut = match c {
            '|' | '\n' => 1,
            ';' if depth == 0 => 1,
            ' ' if depth == 0 && text[at..].starts_with(" / ") => 3,
            ' ' if depth == 0 && text[at..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(" or ")) => 4,
            _ => continue,
        };
        if at >= start {
            pieces.push(&text[start..at]);
            start = at + cut;
            depth = if c == '|' || c == '\n' { 0 } else { depth };
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

/// Whether a name speaks of its hours, not of its people: `US time zones`, `EU hours`.
fn is_clock(after: &str) -> bool {
    let next = after.trim_start_matches(|c: char| !c.is_alphanumeric());
    ["time", "hours", "tz", "business hours", "working hours"].iter().any(|word| next.starts_with(word))
}

/// What a piece names: countries and groups near `remote`; states where no city stands before it; codes behind it.
fn named(scanner: &PlaceScanner, piece: &Folded<'_>, remote: Range<usize>, origin: Origin) -> Vec<Finding<Country>> {
    let group = group_behind(piece.text, remote.end);
    let list = group.clone().and_then(|group| listed(scanner, &piece.text[group]));
    let in_list = |at: usize| list.is_some() && group.as_ref().is_some_and(|group| group.contains(&at));
    let speaks = |start: usize, end: usize| {
        let near = start <= remote.end + REACH && end + REACH >= remote.start;
        let part = part_around(&piece.folded, start, end);
        let behind = &piece.folded[end..];
        near && !in_list(start) && !is_clock(behind) && !WISHED.is_match(behind) && !ASIDE.is_match(part)
    };
    let names = scanner.names_in(piece);
    let city_before = names.iter().any(|(hit, name)| matches!(name, Name::City(_) | Name::Area(_)) && hit.start < remote.end);
    let mut found: Vec<Country> = Vec::new();
    for (hit, name) in names.iter().filter(|(hit, _)| speaks(hit.start, hit.end)) {
        match name {
            Name::Country(code) => found.push(*code),
            Name::Region(index) => found.extend(&countries().regions()[*index].countries),
            Name::Part(code) if hit.start >= remote.end || !city_before => found.push(*code),
            _ => {}
        }
    }
    // `us` is a pronoun; `US` is not.
    let us = piece.text.match_indices("US").map(|(at, _)| at).find(|at| is_whole(piece.text, *at, at + 2));
    found.extend(us.filter(|at| speaks(*at, at + 2)).map(|_| US));
    found.extend(list.unwrap_or_else(|| code_behind(&piece.text[remote.end..], origin)));
    found.into_iter().map(|code| Finding::stated(code, piece.text)).collect()
}

/// What stands in the parentheses right behind a position.
fn group_behind(text: &str, from: usize) -> Option<Range<usize>> {
    let tail = &text[from..];
    let open =
        tail.find(|c: char| !(c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—'))).filter(|at| tail[*at..].starts_with('('))?;
    let inside = &tail[open + 1..];
    let end = inside.find([')', '(']).unwrap_or(inside.len());
    Some(from + open + 1..from + open + 1 + end)
}

/// What stands around a range between the nearest parentheses.
fn part_around(text: &str, start: usize, end: usize) -> &str {
    let from = text[..start].rfind(['(', ')']).map_or(0, |at| at + 1);
    let to = text[end..].find(['(', ')']).map_or(text.len(), |at| end + at);
    &text[from..to]
}

/// The code that ends a piece right behind `remote`.
fn code_behind(behind: &str, origin: Origin) -> Vec<Country> {
    let code = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—'));
    let separator = &behind[..behind.len() - code.len()];
    let code = code.trim_end_matches(|c: char| !c.is_alphanumeric());
    if separator.is_empty() || !is_code(code) { Vec::new() } else { alone_behind(code, separator, origin == Origin::PlaceField) }
}
