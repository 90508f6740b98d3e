//! The words of a listing in compact form, so that matching never reads its text again.

use crate::domain::text::{fold, words_of_folded};

/// The folded words of title, company and text, each in order, as 64-bit hashes.
///
/// Two different words meet in one hash with a chance of about one in 2^64 a pair, which is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Words of the title.
    pub title: Vec<u64>,
    /// Words of the company's name.
    pub company: Vec<u64>,
    /// Words of the description as text.
    pub text: Vec<u64>,
}

impl Words {
    /// Reads the words of a listing's three texts.
    #[must_use]
    pub fn of(title: &str, company: Option<&str>, text: &str) -> Self {
        Self { title: hashes(title), company: hashes(company.unwrap_or_default()), text: hashes(text) }
    }

    /// Eight bytes a word, little-endian, behind the lengths of title and company.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let lengths = [self.title.len() as u64, self.company.len() as u64];
        let words = self.title.iter().chain(&self.company).chain(&self.text).copied();
        lengths.into_iter().chain(words).flat_map(u64::to_le_bytes).collect()
    }

    /// Reads what [`Words::to_bytes`] wrote; none for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let mut numbers = numbers.iter().map(|eight| u64::from_le_bytes(*eight));
        let title = usize::try_from(numbers.next()?).ok()?;
        let company = usize::try_from(numbers.next()?).ok()?;
        let words: Vec<u64> = numbers.collect();
        let text = title.checked_add(company).filter(|start| rest.is_empty() && *start <= words.len())?;
        Some(Self { title: words[..title].to_vec(), company: words[title..text].to_vec(), text: words[text..].to_vec() })
    }
}

fn hashes(text: &str) -> Vec<u64> {
    words_of_folded(&fold(text)).map(word_hash).collect()
}

/// The hash of one folded word: FNV-1a with a final mix. It is stored, so it never changes.
#[must_use]
pub fn word_hash(word: &str) -> u64 {
    let fnv = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (fnv ^ (fnv >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_way_through_bytes() {
        let words = Words::of("Rust Engineer", Some("Acme & Söhne"), "We write Rust. Straße!");
        assert_eq!(Words::from_bytes(&words.to_bytes()), Some(words.clone()));
        assert_eq!(words.text[3], word_hash("strasse"));
        assert_eq!(words.title[0], words.text[2]);
    }

    #[test]
    fn broken_bytes_are_no_words() {
        let bytes = Words::of("a", None, "b").to_bytes();
        for cut in 0..bytes.len() {
            assert!(Words::from_bytes(&bytes[..cut]).is_none_or(|words| words.text.is_empty()), "{cut}");
        }
        assert_eq!(Words::from_bytes(&[0xff; 40]), None);
    }
}
