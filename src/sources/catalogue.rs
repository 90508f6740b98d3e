//! Boards that come with Rolecall, `config/catalogue.csv`: facts from public lists, not verified.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use url::Url;

use crate::domain::nearest::nearest;
use crate::sources::found::{Found, by_address};

/// The file as it is in the binary.
const FILE: &str = include_str!("../../config/catalogue.csv");

/// A word that nothing in the catalogue has, or another value of `[catalogue]` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("catalogue.{key}: {fault}")]
pub struct CatalogueError {
    /// The key.
    pub key: &'static str,
    /// The fault and the mend.
    pub fault: String,
}

/// A board of the catalogue.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The employer, as public lists name it.
    pub company: String,
    /// The board's name on its platform.
    pub board: String,
    /// The employer's home or where most of its jobs are; empty where that is not known.
    pub country: String,
    /// Its branch, and `backend` where many jobs are.
    pub tags: Vec<String>,
    /// How it is read.
    pub found: Found,
}

/// Every board of the catalogue that this program can read, by kind and board.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| lines().filter_map(Entry::of).collect());
    &ENTRIES
}

/// The lines of the file, split into cells.
fn lines() -> impl Iterator<Item = [String; 6]> {
    let lines = FILE.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.filter_map(|line| cells(line).try_into().ok())
}

/// The cells of a line (RFC 4180, one line a row).
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

impl Entry {
    fn of([kind, board, address, company, country, tags]: [String; 6]) -> Option<Self> {
        let found = by_address(&Url::parse(&address).ok()?).filter(|found| found.kind.name == kind)?;
        let tags = tags.split(';').filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        Some(Self { company, board, country, tags, found })
    }

    /// The name of its source.
    pub fn source_name(&self) -> String {
        format!("catalogue/{}/{}", self.found.kind.name, self.board)
    }

    /// Whether a word of the operator's means it: the company, the board, or kind and board.
    pub fn is_called(&self, word: &str) -> bool {
        self.names().iter().any(|name| name.to_lowercase() == word.trim().to_lowercase())
    }

    /// The words that mean it.
    pub fn names(&self) -> [String; 4] {
        let with_kind = format!("{}/{}", self.found.kind.name, self.board);
        [self.company.clone(), self.board.clone(), with_kind, self.source_name()]
    }

    /// Whether it is of this country.
    pub fn is_in(&self, country: &str) -> bool {
        self.country.eq_ignore_ascii_case(country.trim())
    }

    /// Whether it has this tag.
    pub fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own.eq_ignore_ascii_case(tag.trim()))
    }
}

/// The entries of a country and with a tag, whose company, board or address has a text; what is not given does not restrict.
///
/// # Errors
/// No entry has that country or tag.
pub fn search(country: Option<&str>, tag: Option<&str>, text: Option<&str>) -> Result<Vec<&'static Entry>, CatalogueError> {
    check_countries("country", &country.map(str::to_owned).into_iter().collect::<Vec<_>>())?;
    check_tags("tag", &tag.map(str::to_owned).into_iter().collect::<Vec<_>>())?;
    let text = text.map(str::to_lowercase);
    let has_text = |entry: &Entry| {
        let shown = [entry.company.to_lowercase(), entry.board.to_lowercase(), entry.found.address.as_str().to_lowercase()];
        text.as_ref().is_none_or(|text| shown.iter().any(|shown| shown.contains(text)))
    };
    let fits =
        |entry: &&Entry| country.is_none_or(|country| entry.is_in(country)) && tag.is_none_or(|tag| entry.has(tag)) && has_text(entry);
    Ok(entries().iter().filter(fits).collect())
}

/// Finds the first word that is no country of an entry.
///
/// # Errors
/// Names it, under `key`, and the nearest.
pub fn check_countries(key: &'static str, words: &[String]) -> Result<(), CatalogueError> {
    let known = || entries().iter().map(|entry| entry.country.clone()).filter(|country| !country.is_empty()).collect();
    check_words(key, words, |entry, word| !word.trim().is_empty() && entry.is_in(word), known, "there are codes of ISO 3166")
}

/// Finds the first word that is no tag of an entry.
///
/// # Errors
/// As [`check_countries`].
pub fn check_tags(key: &'static str, words: &[String]) -> Result<(), CatalogueError> {
    let known = || entries().iter().flat_map(|entry| entry.tags.iter().cloned()).collect();
    check_words(key, words, Entry::has, known, "there are branches")
}

/// Finds the first word that no entry fits.
///
/// # Errors
/// As [`check_countries`].
pub fn check_words(
    key: &'static str,
    words: &[String],
    fits: impl Fn(&Entry, &str) -> bool,
    known: impl Fn() -> BTreeSet<String>,
    else_say: &str,
) -> Result<(), CatalogueError> {
    const FEW: usize = 60;
    let Some(word) = words.iter().find(|word| !entries().iter().any(|entry| fits(entry, word))) else { return Ok(()) };
    let known = known();
    let mend = match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None if known.len() <= FEW => format!("{else_say}: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
        None => else_say.to_owned(),
    };
    Err(CatalogueError { key, fault: format!("nothing in the catalogue has {word:?}; {mend}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::registry;
    use crate::sources::source::Source;

    #[test]
    fn every_line_is_whole_and_every_board_of_a_kind_we_read_makes_a_source() {
        let mut before = String::new();
        let (mut count, mut unread) = (0, Vec::new());
        for [kind, board, address, company, country, tags] in lines() {
            let place = format!("{kind} {board}").to_lowercase();
            assert!(place > before, "{place}: twice, or not in order");
            assert!(!company.is_empty() && (country.is_empty() || country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase())));
            assert!(tags.split(';').all(|tag| tag.chars().all(|c| c.is_ascii_lowercase())), "{place}: {tags}");
            (before, count) = (place, count + 1);
            if registry::find(&kind).is_ok() {
                let Some(entry) = Entry::of([kind, board, address, company, country, tags]) else {
                    unread.push(before.clone());
                    continue;
                };
                Source::build(&entry.found.settings(&entry.source_name())).unwrap();
            }
        }
        assert_eq!(unread, [""; 0], "the kind does not know the address");
        assert_eq!(FILE.lines().filter(|line| !line.starts_with('#')).count(), count + 1, "a line without six cells");
        assert!(count > 1_000 && entries().len() > 1_000);
    }

    #[test]
    fn the_catalogue_is_searched_by_country_tag_and_text() {
        let found = search(Some("in"), Some("fintech"), None).unwrap();
        assert!(found.iter().any(|entry| entry.company == "Paytm") && found.iter().all(|entry| entry.country == "IN"));
        assert_eq!(search(None, None, Some("GITLAB")).unwrap().len(), 1);
        assert!(search(Some("XX"), None, None).is_err() && search(None, Some("nothing"), None).is_err());
    }

    #[test]
    fn cells_may_be_quoted() {
        assert_eq!(cells("a,\"b, \"\"c\"\"\",,d"), ["a", "b, \"c\"", "", "d"]);
    }
}
