//! What is paid beside base pay: equity, bonus, commission, overtime, allowances, superannuation.

use crate::domain::vocabulary::pay_words;
use crate::domain::{Finding, PayExtra};
use crate::extract::fold::Folded;
use crate::extract::phrase::Phrases;

/// Finds what is paid beside base pay.
#[derive(Debug)]
pub struct ExtraScanner {
    phrases: Phrases,
    /// What each phrase means; none for one that only looks alike.
    meaning: Vec<Option<PayExtra>>,
}

impl ExtraScanner {
    /// Builds the scanner from the embedded words of pay.
    #[must_use]
    pub fn new() -> Self {
        let mut phrases = Vec::new();
        let mut meaning = Vec::new();
        for words in &pay_words().extra {
            for (list, extra) in [(&words.write, Some(words.extra)), (&words.never, None)] {
                phrases.extend(list.iter().map(String::as_str));
                meaning.extend(list.iter().map(|_| extra));
            }
        }
        Self { phrases: Phrases::new(&phrases), meaning }
    }

    /// Reads the extras of these texts: the first words for each, sorted.
    #[must_use]
    pub fn read(&self, texts: &[&Folded<'_>]) -> Vec<Finding<PayExtra>> {
        let mut found: Vec<Finding<PayExtra>> = Vec::new();
        for text in texts {
            for hit in self.phrases.all(&text.folded) {
                let Some(extra) = self.meaning[hit.phrase] else { continue };
                if found.iter().all(|finding| finding.value != extra) {
                    found.push(Finding::stated(extra, text.sentence(hit.start, hit.end)));
                }
            }
        }
        found.sort_by_key(|finding| finding.value);
        found
    }
}
