//! Names of places that follow one another: `the US, Canada or the United Kingdom`.

use crate::domain::Finding;
use crate::domain::place::Country;
use crate::domain::vocabulary::{countries, places};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, is_whole};
use crate::extract::place::{Name, PlaceScanner};

/// The United States, whose two letters are a pronoun in small ones and therefore no word of the vocabulary.
pub(super) const US: Country = Country::from_letters(*b"US");

/// Whether cities count towards their country, or end the run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cities {
    Count,
    Stop,
}

/// The countries of the names that follow one another from `start` on with only commas, slashes and small words between, and where the
/// last of them ends.
pub(super) fn run_of_places(names: &[(Hit, Name)], text: &Folded<'_>, start: usize, cities: Cities) -> (Vec<Country>, usize) {
    let (mut found, mut end) = (Vec::new(), start);
    loop {
        let next = names.iter().find(|(hit, _)| hit.start >= end && joins(&text.folded[end..hit.start]));
        // `US` in upper case is no word of the vocabulary: in small letters it is a pronoun.
        if let Some(us) = upper_us(text.text, end) {
            found.push(US);
            end = us;
            continue;
        }
        let Some((hit, name)) = next else { break };
        match name {
            Name::Country(code) | Name::Part(code) => found.push(*code),
            Name::Region(index) => found.extend(&countries().regions()[*index].countries),
            Name::City(_) | Name::Area(_) if cities == Cities::Stop => break,
            Name::City(index) => {
                let city = &places().cities()[*index];
                if city.word || !text.quote(hit.start, hit.end).starts_with(char::is_uppercase) {
                    break;
                }
                found.push(city.country);
            }
            Name::Area(index) => found.push(places().areas()[*index].country),
        }
        end = hit.end;
    }
    while text.folded[end..].starts_with(')') {
        end += 1;
    }
    (found, end)
}

/// The end of an upper-case `US` that joins on at `from`.
fn upper_us(text: &str, from: usize) -> Option<usize> {
    let tail = text.get(from..)?;
    let at = tail.find("US")?;
    let whole = !tail[at + 2..].starts_with(|c: char| c.is_alphanumeric());
    (at <= 24 && whole && joins(&tail[..at].to_lowercase())).then_some(from + at + 2)
}

/// Whether only separators and small words stand between two places.
fn joins(gap: &str) -> bool {
    gap.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '&' | '(' | ')' | '-' | ':' | '+' | '.' | '*')).all(|word| {
        matches!(
            word,
            "" | "and"
                | "or"
                | "the"
                | "either"
                | "both"
                | "any"
                | "of"
                | "country"
                | "state"
                | "in"
                | "within"
                | "und"
                | "oder"
                | "et"
                | "y"
                | "e"
                | "ou"
                | "o"
                | "continental"
                | "anywhere"
                | "entire"
                | "all"
                | "eligible"
                | "countries"
                | "mainland"
                | "contiguous"
                | "lower"
                | "48"
        )
    })
}

/// The countries of a text that names countries and groups of them and nothing else.
pub(super) fn countries_alone(scanner: &PlaceScanner, text: &str) -> Vec<Finding<Country>> {
    let folded = Folded::new(text);
    let names = scanner.names_in(&folded);
    let (found, end) = run_of_places(&names, &folded, 0, Cities::Stop);
    if end < folded.folded.trim_end().len() {
        return Vec::new();
    }
    found.into_iter().map(|code| Finding::inferred(code, text)).collect()
}

/// The countries of the names that stand right at the end of a text: `... EU or UK` before ` only`.
pub(super) fn last_run(scanner: &PlaceScanner, before: &Folded<'_>) -> Vec<Country> {
    let end = before.text.trim_end().len();
    let names = scanner.names_in(before);
    let upper = |hit: &Hit| before.quote(hit.start, hit.end).starts_with(char::is_uppercase);
    let lands =
        names.iter().filter(|(hit, name)| upper(hit) && matches!(name, Name::Country(_) | Name::Region(_))).map(|(hit, _)| hit.start);
    let us = before.text.match_indices("US").map(|(at, _)| at).filter(|at| is_whole(before.text, *at, at + 2));
    let mut starts: Vec<usize> = lands.chain(us).collect();
    starts.sort_unstable();
    let runs = starts.into_iter().map(|start| run_of_places(&names, before, start, Cities::Stop));
    runs.filter(|(_, until)| *until == end).map(|(found, _)| found).next().unwrap_or_default()
}
