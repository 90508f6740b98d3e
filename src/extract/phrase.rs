//! Finding many phrases at once, as whole words.

use aho_corasick::{AhoCorasick, MatchKind};

/// Where a phrase stands, and which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Index of the phrase.
    pub phrase: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A set of lower-case phrases, found in folded text in one walk.
#[derive(Debug)]
pub struct Phrases {
    automaton: AhoCorasick,
    /// How many of the phrases count; those behind them only take words away from these.
    count: usize,
}

impl Phrases {
    /// Builds the set; `phrases` are folded already.
    #[must_use]
    pub fn new<T: AsRef<str>>(phrases: &[T]) -> Self {
        Self::except::<T, T>(phrases, &[])
    }

    /// Builds the set with longer phrases in which its words mean something else: `go`, but not in `go to market`.
    #[must_use]
    pub fn except<T: AsRef<str>, U: AsRef<str>>(phrases: &[T], never: &[U]) -> Self {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(phrases.iter().map(AsRef::as_ref).chain(never.iter().map(AsRef::as_ref)))
            .expect("the vocabulary is far below the limits of the automaton");
        Self { automaton, count: phrases.len() }
    }

    /// Every phrase that stands as whole words, where several overlap the earliest and longest, in order.
    #[must_use]
    pub fn all(&self, folded: &str) -> Vec<Hit> {
        let mut hits = self.every(folded, usize::MAX, |hit| is_whole(folded, hit.start, hit.end));
        let mut end = 0;
        hits.retain(|hit| {
            let free = hit.start >= end;
            if free {
                end = hit.end;
            }
            free && hit.phrase < self.count
        });
        hits
    }

    /// The first `most` phrases that pass, also those inside one another, by start and the longer first.
    #[must_use]
    pub fn every(&self, folded: &str, most: usize, passes: impl Fn(&Hit) -> bool) -> Vec<Hit> {
        let found = self.automaton.find_overlapping_iter(folded);
        let hits = found.map(|found| Hit { phrase: found.pattern().as_usize(), start: found.start(), end: found.end() });
        let mut hits: Vec<Hit> = hits.filter(passes).take(most).collect();
        hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        hits
    }

    /// The first phrase in the text.
    #[must_use]
    pub fn first(&self, folded: &str) -> Option<Hit> {
        self.all(folded).into_iter().next()
    }

    /// Whether any phrase stands in the text.
    #[must_use]
    pub fn any(&self, folded: &str) -> bool {
        if self.count < self.automaton.patterns_len() {
            return self.first(folded).is_some();
        }
        self.automaton.find_overlapping_iter(folded).any(|found| is_whole(folded, found.start(), found.end()))
    }
}

/// Whether the range is not a piece of a longer word: `c` is none of `c++`, `js` none of `foo.js`.
#[must_use]
pub fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let before = text[..start].chars().next_back();
    let mut after = text[end..].chars();
    let (next, second) = (after.next(), after.next());
    if before.is_some_and(word) || next.is_some_and(word) {
        return false;
    }
    let short = end - start <= 3;
    if short && before == Some('.') && text[..start - 1].ends_with(word) {
        return false;
    }
    let last_is_word = text[start..end].chars().next_back().is_some_and(word);
    !(last_is_word && (next == Some('#') || (next == Some('+') && second == Some('+'))))
}

/// The same text with hyphens as blanks, byte for byte, so that `back-end` is found as `back end`.
#[must_use]
pub fn unhyphened(folded: &str) -> String {
    folded.replace(['-', '_'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_counts_as_whole_words_and_the_longest_wins() {
        let phrases = Phrases::new(&["c", "c++", "java", "spring", "spring boot", "js", "node.js", ".net", "asp.net"]);
        let found = |text: &str| phrases.all(text).iter().map(|hit| text[hit.start..hit.end].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("c, c++ and c#; javascript; java."), ["c", "c++", "java"]);
        assert_eq!(found("spring boots, spring boot"), ["spring", "spring boot"]);
        assert_eq!(found("node.js and foo.js and js"), ["node.js", "js"]);
        assert_eq!(found("asp.net, .net; www.acme.net"), ["asp.net", ".net"]);
    }
}
