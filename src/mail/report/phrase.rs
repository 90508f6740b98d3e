//! The phrases of mail servers, as data: `config/vocabulary/bounces.toml`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::mail::report::address::words;

/// The file, list by list; its comments say what each means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    full: Vec<String>,
    unknown: Vec<String>,
    host: Vec<String>,
    disabled: Vec<String>,
    late: Vec<String>,
    delayed: Vec<String>,
    sender: Vec<String>,
    blocklists: Vec<String>,
    report: Vec<String>,
    copy: Vec<String>,
    away: Vec<String>,
}

/// What a phrase means; several may hold of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail::report) enum Meaning {
    Full,
    Unknown,
    Host,
    Disabled,
    Late,
    Delayed,
    Sender,
    Report,
    Away,
}

/// The meanings found in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::mail::report) struct Meanings(u16);

impl Meanings {
    const fn add(&mut self, meaning: Meaning) {
        self.0 |= 1 << meaning as u16;
    }

    pub(in crate::mail::report) const fn has(self, meaning: Meaning) -> bool {
        self.0 & (1 << meaning as u16) != 0
    }

    /// Whether the text says why a letter came back.
    pub(in crate::mail::report) fn says_why(self) -> bool {
        use Meaning::{Disabled, Full, Host, Late, Sender, Unknown};
        [Full, Unknown, Host, Disabled, Late, Sender].into_iter().any(|meaning| self.has(meaning))
    }
}

struct Phrases {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
    /// Held against the text with its links and hosts, which name lists of bad senders.
    lists: AhoCorasick,
    copy: Vec<String>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let lists: Lists =
        toml::from_str(include_str!("../../../config/vocabulary/bounces.toml")).expect("the embedded phrases parse; a test reads them");
    let groups = [
        (Meaning::Full, lists.full),
        (Meaning::Unknown, lists.unknown),
        (Meaning::Host, lists.host),
        (Meaning::Disabled, lists.disabled),
        (Meaning::Late, lists.late),
        (Meaning::Delayed, lists.delayed),
        (Meaning::Sender, lists.sender),
        (Meaning::Report, lists.report),
        (Meaning::Away, lists.away),
    ];
    let all: Vec<(Meaning, String)> =
        groups.into_iter().flat_map(|(meaning, list)| list.into_iter().map(move |phrase| (meaning, phrase))).collect();
    let build = |phrases: &[String]| {
        let builder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(phrases);
        builder.expect("the phrases are far below the limits of the automaton")
    };
    let (meanings, phrases): (Vec<Meaning>, Vec<String>) = all.into_iter().unzip();
    Phrases { automaton: build(&phrases), meanings, lists: build(&lists.blocklists), copy: lists.copy }
});

/// What a text means. Addresses, links and host names are no words of it: mailboxes are called `full@` and hosts `spam.`.
pub(in crate::mail::report) fn meanings(text: &str) -> Meanings {
    let phrases = &*PHRASES;
    let mut found = Meanings::default();
    for hit in phrases.automaton.find_overlapping_iter(&words(text)) {
        found.add(phrases.meanings[hit.pattern().as_usize()]);
    }
    if phrases.lists.is_match(&text.to_ascii_lowercase()) {
        found.add(Meaning::Sender);
    }
    found
}

/// The words of the mail server, without the copy of the letter behind them.
pub(in crate::mail::report) fn without_copy(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t', '>']).to_lowercase();
        if at > 0 && PHRASES.copy.iter().any(|mark| bare.starts_with(mark.as_str())) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrases_are_in_lower_case_and_no_phrase_is_empty() {
        let lists: toml::Table = toml::from_str(include_str!("../../../config/vocabulary/bounces.toml")).unwrap();
        for (list, phrases) in lists {
            for phrase in phrases.as_array().unwrap() {
                let phrase = phrase.as_str().unwrap();
                assert!(phrase.chars().count() >= 2 && phrase == phrase.to_lowercase(), "{list}: {phrase:?}");
            }
        }
    }

    #[test]
    fn names_of_mailboxes_and_hosts_are_no_words_of_a_text() {
        assert_eq!(meanings("<user-unknown@spam.example.org>: rejected by mailbox-full.example.net"), Meanings::default());
        assert!(meanings("550 <a@b.org>: User\n   unknown").has(Meaning::Unknown));
    }

    #[test]
    fn the_copy_of_the_letter_is_cut_off() {
        let text = "It failed:\n  a@b.org\n\n------ This is a copy of the message. ------\nSubject: user unknown\n";
        assert_eq!(without_copy(text), "It failed:\n  a@b.org\n\n");
        assert_eq!(without_copy("Received: at the very start\n"), "Received: at the very start\n");
    }
}
