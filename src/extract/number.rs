//! Numbers as people of many countries group them.

use std::sync::LazyLock;

use regex::Regex;

/// A number as people group it: 4,17,345 and 417,345.50; 1.234,56; 1'234; 60 000; 18.5; `41\.87` as markdown escapes it.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}\.\d{4,6}|\d{1,3}(?:,\d{2,3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:['’]\d{3})+(?:\.\d{1,2})?|\d{1,3}(?: {1,2}\d{3})+(?:[.,]\d{1,2})?|\d+(?:\\?\.\d{1,6}|,\d{1,2})?")
        .expect("a constant pattern")
});

/// Most digits of a number that can be money; longer ones are identities and noise.
const MOST_DIGITS: usize = 15;

/// A number and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its value, not negative.
    pub value: f64,
    /// It is grouped as only India does: 4,17,345.
    pub indian: bool,
}

/// The numbers of a text, in order; one too long for money is infinite, so that nothing it belongs to is read as pay.
pub fn numbers(folded: &str) -> impl Iterator<Item = Number> {
    NUMBER.find_iter(folded).filter_map(|found| {
        let (value, indian) = parse(found.as_str())?;
        Some(Number { start: found.start(), end: found.end(), value, indian })
    })
}

/// The value of a number, and whether it is grouped the Indian way.
fn parse(text: &str) -> Option<(f64, bool)> {
    if text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return Some((f64::INFINITY, false));
    }
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '\'' | '’' | '\\')).collect();
    let groups: Vec<&str> = compact.split(',').collect();
    let dots: Vec<&str> = compact.split('.').collect();
    let thousands = |parts: &[&str]| parts.len() > 1 && parts[1..].iter().all(|part| part.len() == 3);
    let indian = groups.len() > 2 && groups[1..groups.len() - 1].iter().all(|part| part.len() == 2);
    let plain = if groups.len() > 1 && dots.len() <= 2 && !compact.contains('.') {
        if thousands(&groups) || indian { compact.replace(',', "") } else { compact.replacen(',', ".", 1) }
    } else if groups.len() > 1 && compact.rfind(',') < compact.rfind('.') {
        compact.replace(',', "")
    } else if groups.len() == 2 {
        compact.replace('.', "").replace(',', ".")
    } else if thousands(&dots) {
        compact.replace('.', "")
    } else {
        compact
    };
    plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| (number, indian))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_grouping_gives_the_same_number() {
        for (text, value) in [
            ("4,17,345", 417_345.0),
            ("1,00,00,000", 10_000_000.0),
            ("417,345.50", 417_345.5),
            ("1.234,56", 1_234.56),
            ("60.000", 60_000.0),
            ("1'234'567", 1_234_567.0),
            ("110’000", 110_000.0),
            ("60 000", 60_000.0),
            ("18.5", 18.5),
            ("1,5", 1.5),
            ("16.1418", 16.1418),
            ("41\\.87", 41.87),
        ] {
            let found: Vec<f64> = numbers(text).map(|number| number.value).collect();
            assert_eq!(found, [value], "{text}");
        }
    }

    #[test]
    fn a_number_of_thirty_digits_is_no_money() {
        for text in ["9".repeat(30), "1,00".repeat(200), format!("1{}", " 000".repeat(50))] {
            assert!(numbers(&text).any(|number| number.value.is_infinite()), "{text}");
        }
    }
}
