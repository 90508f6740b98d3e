//! What makes two postings one job, and what makes a posting new to a reader.

use sha2::{Digest as _, Sha256};

use crate::domain::text::{fold, fold_name, words_of_folded};
use crate::domain::words::word_hash;
use crate::domain::{Fingerprint, Posting, Words};

/// A digest of the folded words of company, title, place and body; punctuation, case and white space do not count.
#[must_use]
pub fn fingerprint(posting: &Posting, words: &Words) -> Fingerprint {
    let place = fold(posting.location.as_deref().unwrap_or_default());
    let place: Vec<u64> = words_of_folded(&place).map(word_hash).collect();
    let mut digest = Sha256::new();
    for part in [&words.company, &words.title, &place, &words.text] {
        digest.update((part.len() as u64).to_le_bytes());
        for word in part {
            digest.update(word.to_le_bytes());
        }
    }
    Fingerprint(hex(&digest.finalize()))
}

/// A digest of what a reader sees: title, place, pay and body. A changed time stamp or tracking link is no change.
#[must_use]
pub fn content_hash(posting: &Posting, text: &str) -> String {
    let pay = posting.salary.as_ref().map(|pay| format!("{:?} {:?} {:?} {:?}", pay.min, pay.max, pay.currency, pay.period));
    let parts = [
        fold_name(&posting.title),
        fold_name(posting.location.as_deref().unwrap_or_default()),
        fold_name(posting.salary_text.as_deref().unwrap_or_default()),
        pay.unwrap_or_default(),
        fold_name(text),
    ];
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize())
}

/// Half of the digest is enough: two of a million million jobs meet with a chance of 10^-15.
fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting() -> Posting {
        Posting { title: "Rust Engineer".into(), company: Some("Acme".into()), location: Some("Pune".into()), ..Posting::default() }
    }

    fn print_of(posting: &Posting, text: &str) -> Fingerprint {
        fingerprint(posting, &Words::of(&posting.title, posting.company.as_deref(), text))
    }

    #[test]
    fn one_job_on_two_boards_has_one_fingerprint() {
        let twin = Posting { id: "other".into(), title: "RUST  engineer".into(), url: Some("https://b.example/1".into()), ..posting() };
        assert_eq!(print_of(&posting(), "We write Rust."), print_of(&twin, "we write\n rust"));
    }

    #[test]
    fn another_city_body_or_company_is_another_job() {
        let here = print_of(&posting(), "We write Rust.");
        assert_ne!(here, print_of(&Posting { location: Some("Chennai".into()), ..posting() }, "We write Rust."));
        assert_ne!(here, print_of(&Posting { company: Some("Beta".into()), ..posting() }, "We write Rust."));
        assert_ne!(here, print_of(&posting(), "We write Go."));
    }

    #[test]
    fn a_changed_time_stamp_is_not_a_change_but_a_changed_pay_is() {
        let same = Posting { updated_at: Some("2026-01-01".into()), posted_at: Some("2026-01-02".into()), ..posting() };
        assert_eq!(content_hash(&posting(), "text"), content_hash(&same, "text"));
        let richer = Posting { salary_text: Some("12-18 LPA".into()), ..posting() };
        assert_ne!(content_hash(&posting(), "text"), content_hash(&richer, "text"));
    }
}
