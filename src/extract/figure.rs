//! Figures of money in a text: number, size word, currency and period, as written.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::vocabulary::pay_words;
use crate::domain::{Currency, PayPeriod};

/// Most figures of one text that are looked at.
const MOST: usize = 400;

/// A number as people group it: 4,17,345 and 417,345.50; 1.234,56; 1'234; 60 000; 18.5.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}\.\d{4,6}|\d{1,3}(?:,\d{2,3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:['’]\d{3})+(?:\.\d{1,2})?|\d{1,3}(?: {1,2}\d{3})+(?:[.,]\d{1,2})?|\d+(?:\.\d{1,6}|,\d{1,2})?")
        .expect("a constant pattern")
});

/// One figure as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// First byte, with its currency sign.
    pub start: usize,
    /// One past the last byte, with size, currency and period.
    pub end: usize,
    /// The number without its size word.
    pub number: f64,
    /// What the size word multiplies by.
    pub times: Option<f64>,
    /// The currency written with it, or that its way of counting gives away.
    pub currency: Option<Currency>,
    /// The currency is a bare dollar sign.
    pub dollar: bool,
    /// The period written behind it.
    pub period: Option<PayPeriod>,
    /// A plus sign behind it: this much or more.
    pub plus: bool,
}

impl Figure {
    /// The amount in units of the currency.
    #[must_use]
    pub fn units(&self) -> f64 {
        self.number * self.times.unwrap_or(1.0)
    }

    /// Whether a size word of the neighbour in a range is meant for this number too: the 12 of `12-18 LPA`.
    #[must_use]
    pub fn lacks_size(&self) -> bool {
        self.times.is_none() && self.number < 1_000.0
    }
}

/// Words with what they mean, the longest first.
type Words<T> = Vec<(&'static str, T)>;

/// Finds figures in folded text.
#[derive(Debug)]
pub struct FigureScanner {
    signs: Words<(Currency, bool)>,
    sizes: Words<(f64, bool)>,
    alone: Words<PayPeriod>,
    periods: Words<PayPeriod>,
}

impl FigureScanner {
    /// Builds the scanner from the embedded words of pay.
    #[must_use]
    pub fn new() -> Self {
        let words = pay_words();
        let signs = words.sign.iter().flat_map(|sign| sign.write.iter().map(move |word| (word.as_str(), (sign.currency, sign.dollar))));
        let sizes = words.size.iter().flat_map(|size| size.write.iter().map(move |word| (word.as_str(), (size.times, size.indian))));
        let alone = words.period.iter().flat_map(|period| period.alone.iter().map(move |word| (word.as_str(), period.period)));
        let periods = words.period.iter().flat_map(|period| period.write.iter().map(move |word| (word.as_str(), period.period)));
        Self { signs: longest_first(signs), sizes: longest_first(sizes), alone: longest_first(alone), periods: longest_first(periods) }
    }

    /// The figures of a text, in order.
    #[must_use]
    pub fn figures(&self, folded: &str) -> Vec<Figure> {
        NUMBER.find_iter(folded).take(MOST).filter_map(|number| self.figure(folded, number.start(), number.end())).collect()
    }

    fn figure(&self, text: &str, start: usize, end: usize) -> Option<Figure> {
        let (number, grouped_indian) = parse_number(&text[start..end])?;
        let sign = word_before(text, start, &self.signs);
        if sign.is_none() && text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '#' | '_')) {
            return None;
        }
        let mut figure = Figure { start, end, number, times: None, currency: None, dollar: false, period: None, plus: false };
        if let Some((at, (currency, dollar))) = sign {
            (figure.start, figure.currency, figure.dollar) = (at, Some(currency), dollar);
        }
        if text[figure.end..].starts_with("/-") {
            figure.end += 2;
        }
        self.size_behind(text, &mut figure);
        self.sign_behind(text, &mut figure);
        if text[figure.end..].starts_with('+') {
            figure.plus = true;
            figure.end += 1;
        }
        self.period_behind(text, &mut figure);
        if text[figure.end..].starts_with(|c: char| c.is_ascii_digit() || c == '%') {
            return None;
        }
        if figure.currency.is_none() && grouped_indian {
            figure.currency = Some(Currency::INR);
        }
        Some(figure)
    }

    fn size_behind(&self, text: &str, figure: &mut Figure) {
        let Some((end, (times, indian))) = word_behind(text, figure.end, &self.sizes) else { return };
        let rupees = figure.currency.is_none_or(|currency| currency == Currency::INR);
        if indian && !rupees {
            return;
        }
        figure.times = Some(times);
        if indian {
            figure.currency = Some(Currency::INR);
        }
        let word = text[figure.end..end].trim();
        figure.period = self.alone.iter().find(|(period, _)| *period == word).map(|(_, period)| *period);
        figure.end = end;
    }

    fn sign_behind(&self, text: &str, figure: &mut Figure) {
        let Some((end, (currency, dollar))) = word_behind(text, figure.end, &self.signs) else { return };
        // `USD 10 - £20`: the sign belongs to the next number.
        if dollar && text[end..].starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        if figure.currency.is_none() || figure.dollar {
            (figure.currency, figure.dollar) = (Some(currency), dollar);
        }
        figure.end = end;
    }

    fn period_behind(&self, text: &str, figure: &mut Figure) {
        let rest = &text[figure.end..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '(', '|', ',']).len();
        let at = figure.end + skipped.min(3);
        if let Some((end, period)) = word_behind(text, at, &self.alone) {
            (figure.period, figure.end) = (Some(period), end);
            return;
        }
        let rest = &text[at..];
        let introducers = ["per ", "/ ", "/", "a ", "an ", "each ", "every ", "pro ", "par ", "por ", "je ", "im ", "al ", "au "];
        for introducer in introducers.iter().filter(|word| rest.starts_with(**word)) {
            if let Some((end, period)) =
                word_behind(text, at + introducer.len(), &self.alone).or_else(|| word_behind(text, at + introducer.len(), &self.periods))
            {
                (figure.period, figure.end) = (Some(period), end);
                return;
            }
        }
    }
}

fn longest_first<T>(words: impl Iterator<Item = (&'static str, T)>) -> Words<T> {
    let mut words: Words<T> = words.collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words
}

/// The word that ends right before `at`, blanks aside, with where it begins.
fn word_before<T: Copy>(text: &str, at: usize, words: &Words<T>) -> Option<(usize, T)> {
    let head = &text[..at];
    let trimmed = head.trim_end_matches(' ');
    if head.len() - trimmed.len() > 3 {
        return None;
    }
    words.iter().find_map(|(word, meaning)| {
        let before = trimmed.strip_suffix(word)?;
        let glued = word.starts_with(char::is_alphabetic) && before.ends_with(char::is_alphanumeric);
        (!glued).then_some((before.len(), *meaning))
    })
}

/// The word that begins right behind `at`, at most two blanks aside, with where it ends.
fn word_behind<T: Copy>(text: &str, at: usize, words: &Words<T>) -> Option<(usize, T)> {
    let rest = &text[at..];
    let trimmed = rest.trim_start_matches(' ');
    if rest.len() - trimmed.len() > 2 {
        return None;
    }
    words.iter().find_map(|(word, meaning)| {
        let after = trimmed.strip_prefix(word)?;
        let glued = word.ends_with(char::is_alphabetic) && after.starts_with(char::is_alphanumeric);
        (!glued).then_some((text.len() - after.len(), *meaning))
    })
}

/// The value of a number, and whether it is grouped the Indian way.
fn parse_number(text: &str) -> Option<(f64, bool)> {
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '\'' | '’')).collect();
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
