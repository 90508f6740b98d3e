//! Words of a text, as keyword queries and matching see them.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

/// Folds a text for comparison: NFKC, then Unicode case folding (contract part 6).
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    UniCase::unicode(text.nfkc().collect::<String>()).to_folded_case()
}

/// The words of a text that is already folded: runs of letters, digits and underscore.
pub fn words_of_folded(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The words of a text, folded.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    words_of_folded(&fold(text)).map(str::to_owned).collect()
}

/// A name as company names are compared: trimmed and case-folded, inner white space as one blank.
#[must_use]
pub fn fold_name(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_digits_and_underscore() {
        assert_eq!(words("C++/Node.js, snake_case; ﬁne Straße 4,17"), ["c", "node", "js", "snake_case", "fine", "strasse", "4", "17"]);
        assert_eq!(words("  --  "), Vec::<String>::new());
    }

    #[test]
    fn company_names_compare_trimmed_and_folded() {
        assert_eq!(fold_name("  ACME  Staffing "), fold_name("acme staffing"));
    }
}
