//! Figures of money in a text: number, size word, currency and period, as written.

use crate::domain::vocabulary::pay_words;
use crate::domain::{Currency, PayPeriod};
use crate::extract::number::{Number, numbers};

/// Most figures of one text that are looked at.
const MOST: usize = 400;

/// One figure as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// First byte, with its currency sign.
    pub start: usize,
    /// One past the last byte, with size, currency and period.
    pub end: usize,
    /// The number without its size word.
    pub number: f64,
    /// The size word behind it.
    pub size: Option<Size>,
    /// The currency written with it, or that its way of counting gives away.
    pub currency: Option<Currency>,
    /// The currency is a bare dollar sign.
    pub dollar: bool,
    /// The period written behind it.
    pub period: Option<PayPeriod>,
    /// A plus sign behind it: this much or more.
    pub plus: bool,
    /// A word runs into it (`Job description7 - 25 lakhs`): it counts only as the lower end of a range.
    pub glued: bool,
}

/// What a size word says: k, lakh, crore.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// What it multiplies by.
    pub times: f64,
    /// Only rupees are counted so.
    pub indian: bool,
}

impl Figure {
    /// The amount in units of the currency.
    #[must_use]
    pub fn units(&self) -> f64 {
        self.number * self.size.map_or(1.0, |size| size.times)
    }

    /// Whether a size word of the neighbour in a range is meant for this number too: the 12 of `12-18 LPA`.
    #[must_use]
    pub fn lacks_size(&self) -> bool {
        self.size.is_none() && self.number < 1_000.0
    }
}

/// Words with what they mean, the longest first.
type Words<T> = Vec<(&'static str, T)>;

/// Finds figures in folded text.
#[derive(Debug)]
pub struct FigureScanner {
    signs: Words<(Currency, bool)>,
    sizes: Words<Size>,
    alone: Words<PayPeriod>,
    periods: Words<PayPeriod>,
}

impl FigureScanner {
    /// Builds the scanner from the embedded words of pay.
    #[must_use]
    pub fn new() -> Self {
        let words = pay_words();
        let signs = words.sign.iter().flat_map(|sign| sign.write.iter().map(move |word| (word.as_str(), (sign.currency, sign.dollar))));
        let sizes = words
            .size
            .iter()
            .flat_map(|size| size.write.iter().map(move |word| (word.as_str(), Size { times: size.times, indian: size.indian })));
        let alone = words.period.iter().flat_map(|period| period.alone.iter().map(move |word| (word.as_str(), period.period)));
        let periods = words.period.iter().flat_map(|period| period.write.iter().map(move |word| (word.as_str(), period.period)));
        Self { signs: longest_first(signs), sizes: longest_first(sizes), alone: longest_first(alone), periods: longest_first(periods) }
    }

    /// The figures of a text, in order.
    #[must_use]
    pub fn figures(&self, folded: &str) -> Vec<Figure> {
        numbers(folded).take(MOST).filter_map(|number| self.figure(folded, &number)).collect()
    }

    fn figure(&self, text: &str, number: &Number) -> Option<Figure> {
        let (start, end) = (number.start, number.end);
        let sign = word_before(text, start, &self.signs);
        let glued = sign.is_none() && text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '#' | '_'));
        if glued && !is_after_a_long_word(text, start) {
            return None;
        }
        let mut figure = Figure { start, end, number: number.value, glued, ..Figure::default() };
        if let Some((at, (currency, dollar))) = sign {
            (figure.start, figure.currency, figure.dollar) = (at, Some(currency), dollar);
        }
        if text[figure.end..].starts_with("/-") || text[figure.end..].starts_with(",-") {
            figure.end += 2;
        }
        self.size_behind(text, &mut figure);
        self.sign_behind(text, &mut figure);
        if text[figure.end..].starts_with('+') {
            figure.plus = true;
            figure.end += 1;
            self.sign_behind(text, &mut figure);
        }
        self.period_behind(text, &mut figure);
        self.period_behind_plus(text, &mut figure);
        // `$31.931 Hourly`: three places behind the point, no thousands.
        if figure.dollar && figure.period == Some(PayPeriod::Hour) && figure.number >= 1_000.0 && is_pointed(&text[start..end]) {
            figure.number /= 1_000.0;
        }
        if text[figure.end..].starts_with(|c: char| c.is_ascii_digit() || c == '%') || is_power(&text[figure.end..]) {
            return None;
        }
        if figure.currency.is_none() && number.indian {
            figure.currency = Some(Currency::INR);
        }
        Some(figure)
    }

    /// `$1500 USD + monthly`
    fn period_behind_plus(&self, text: &str, figure: &mut Figure) {
        let Some(rest) = text[figure.end..].strip_prefix(" + ").filter(|_| figure.period.is_none()) else { return };
        let word = word_behind(text, text.len() - rest.len(), &self.alone);
        // `+ annual bonus` is paid beside it.
        if let Some((end, period)) = word.filter(|(end, _)| !text[*end..].trim_start().starts_with(char::is_alphabetic)) {
            (figure.plus, figure.period, figure.end) = (true, Some(period), end);
        }
    }

    fn size_behind(&self, text: &str, figure: &mut Figure) {
        let Some((end, size)) = word_behind(text, figure.end, &self.sizes) else { return };
        let rupees = figure.currency.is_none_or(|currency| currency == Currency::INR);
        if size.indian && !rupees {
            return;
        }
        figure.size = Some(size);
        if size.indian {
            figure.currency = Some(Currency::INR);
        }
        let word = text[figure.end..end].trim();
        figure.period = self.alone.iter().find(|(period, _)| *period == word).map(|(_, period)| *period);
        figure.end = end;
    }

    fn sign_behind(&self, text: &str, figure: &mut Figure) {
        let Some((end, (currency, dollar))) = word_behind(text, figure.end, &self.signs) else { return };
        // `PB-3 Rs. 15600`, `2018 $500`: the sign belongs to the next number.
        let next = text[end..].trim_start_matches(' ');
        if (dollar && next.len() == text.len() - end || figure.currency.is_none()) && digits_ahead(next) >= if dollar { 1 } else { 3 } {
            return;
        }
        if figure.currency.is_none() || figure.dollar {
            (figure.currency, figure.dollar) = (Some(currency), dollar);
        }
        figure.end = end;
    }

    /// The period behind the figure, directly or after `gross`, `in hand` and the like.
    fn period_behind(&self, text: &str, figure: &mut Figure) {
        let found = self.period_at(text, figure.end).or_else(|| {
            let rest = text[figure.end..].strip_prefix([' ', ','])?.trim_start_matches(['-', ' ', '–', ',']);
            let words = &pay_words().between_period;
            let rest = words.iter().find_map(|word| {
                let rest = rest.strip_prefix(word.as_str())?;
                rest.strip_prefix(' ').or_else(|| rest.starts_with('/').then_some(rest))
            })?;
            self.period_at(text, text.len() - rest.len())
        });
        if let Some((end, period)) = found {
            (figure.period, figure.end) = (Some(period), end);
        }
    }

    fn period_at(&self, text: &str, at: usize) -> Option<(usize, PayPeriod)> {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '(', '|', ',']).len();
        let at = at + skipped.min(3);
        if let Some(found) = word_behind(text, at, &self.alone) {
            return Some(found);
        }
        let rest = &text[at..];
        // `$18 HourlyRequirements`: the blank was lost.
        let glued =
            [("hourly", PayPeriod::Hour), ("monthly", PayPeriod::Month), ("annually", PayPeriod::Year), ("yearly", PayPeriod::Year)];
        if let Some((word, period)) = glued.into_iter().find(|(word, _)| rest.starts_with(word)) {
            return Some((at + word.len(), period));
        }
        INTRODUCERS.iter().filter(|word| rest.starts_with(**word)).find_map(|introducer| {
            let behind = at + introducer.len();
            let runs_on = introducer.contains("per ") || introducer.starts_with('/');
            let word = word_behind(text, behind, &self.alone).or_else(|| word_behind(text, behind, &self.periods));
            word.or_else(|| runs_on.then(|| run_on(text, behind)).flatten())
        })
    }
}

/// What may stand between a figure and its period.
const INTRODUCERS: &[&str] = &[
    "per ", "per-", "/ per ", "/per ", "/ ", "/", "a ", "an ", "each ", "every ", "pro ", "par ", "por ", "je ", "im ", "al ", "au ", "p/",
];

/// A period that runs into the next heading, as texts do that lost their line breaks: `£15.20 per hourShifts`.
fn run_on(text: &str, at: usize) -> Option<(usize, PayPeriod)> {
    const WORDS: &[(&str, PayPeriod)] = &[
        ("hour", PayPeriod::Hour),
        ("annum", PayPeriod::Year),
        ("year", PayPeriod::Year),
        ("month", PayPeriod::Month),
        ("day", PayPeriod::Day),
    ];
    WORDS.iter().find(|(word, _)| text[at..].starts_with(word)).map(|(word, period)| (at + word.len(), *period))
}

/// Whether at least four letters run into the number: no product name such as `cat6`.
fn is_after_a_long_word(text: &str, start: usize) -> bool {
    let letters = text[..start].chars().rev().take_while(|c| c.is_alphabetic()).take(4);
    letters.count() == 4
}

/// How many digits the text begins with, grouping aside.
fn digits_ahead(text: &str) -> usize {
    text.bytes().take(8).take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.')).filter(u8::is_ascii_digit).count()
}

/// Whether one point parts three digits off.
fn is_pointed(number: &str) -> bool {
    number.split_once('.').is_some_and(|(_, places)| places.len() == 3)
}

/// Whether what follows makes the number one of science: `e5` of `4e5`.
fn is_power(after: &str) -> bool {
    after.strip_prefix('e').is_some_and(|rest| rest.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit()))
}

fn longest_first<T>(words: impl Iterator<Item = (&'static str, T)>) -> Words<T> {
    let mut words: Words<T> = words.collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words
}

/// The word that ends right before `at`, blanks aside, with where it begins.
fn word_before<T: Copy>(text: &str, at: usize, words: &Words<T>) -> Option<(usize, T)> {
    let head = &text[..at];
    let trimmed = head.trim_end_matches([' ', '\n']);
    let gap = &head[trimmed.len()..];
    if gap.len() > 3 {
        return None;
    }
    words.iter().find_map(|(word, meaning)| {
        let before = trimmed.strip_suffix(word)?;
        // Boards that lose their markup part `$` from its figure; a word at the end of a line belongs to that line.
        if gap.contains('\n') && !word.ends_with(['$', '£', '€', '₹']) {
            return None;
        }
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
