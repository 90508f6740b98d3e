//! Whole numbers as people of a language group their digits.

use crate::domain::language::Language;

/// `33.000` in German, `1,00,000` in Hindi. English pages write counts without a separator, as they always did.
#[must_use]
pub fn number(language: Language, count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let text = match language {
        Language::English => digits,
        Language::Hindi => grouped(&digits, &[3, 2], ","),
        Language::German => grouped(&digits, &[3], "."),
    };
    if count < 0 { format!("-{text}") } else { text }
}

/// Groups digits from the right by `sizes`, the last of which repeats: `[3]` gives 417,345 and `[3, 2]` gives 4,17,345.
pub(in crate::domain) fn grouped(digits: &str, sizes: &[usize], separator: &str) -> String {
    let mut groups = Vec::new();
    let mut end = digits.len();
    let mut sizes = sizes.iter().chain(sizes.last().into_iter().cycle());
    while end > 0 {
        let start = end.saturating_sub(sizes.next().copied().unwrap_or(end).max(1));
        groups.push(&digits[start..end]);
        end = start;
    }
    groups.reverse();
    groups.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_language_groups_them() {
        use Language::{English, German, Hindi};
        for (language, count, text) in [
            (English, 417_345, "417345"),
            (German, 417_345, "417.345"),
            (Hindi, 417_345, "4,17,345"),
            (Hindi, 12_345_678, "1,23,45,678"),
            (German, 999, "999"),
            (German, -1_000, "-1.000"),
            (Hindi, 0, "0"),
        ] {
            assert_eq!(number(language, count), text);
        }
    }
}
