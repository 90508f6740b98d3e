//! Reads the amounts people type: `12 LPA`, `1.2 cr`, `90k EUR`, `€90,000`, `25,00,000 INR`, `50 USD/hour`.
//!
//! Honest rather than clever: what can be read in two ways is refused with the spellings that are understood.

use crate::domain::line::quoted;
use crate::domain::pay::AmountError;
use crate::domain::preferences::{SalaryWish, UnknownRule};
use crate::domain::{Amount, Currency, PayPeriod, Rates};

/// What is understood; the page shows it with every refusal.
const UNDERSTOOD: &str = "write one amount with its currency, such as 12 LPA, 1.2 cr, 90k EUR, $140,000 or 50 USD/hour";

/// A pay that cannot be read, and the mend.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PayTextError {
    /// No figure, or more than one.
    #[error("give one figure, the least you want: {UNDERSTOOD}")]
    Figures,
    /// A figure whose separators make no sense.
    #[error("{} is no figure: {UNDERSTOOD}", quoted(.0))]
    Figure(String),
    /// A word outside the grammar.
    #[error("{} is not understood: {UNDERSTOOD}", quoted(.0))]
    Word(String),
    /// A figure without a currency.
    #[error("the currency is missing: {UNDERSTOOD}")]
    NoCurrency,
    /// A currency without a rate.
    #[error("there is no exchange rate for {0}: give the amount in another currency")]
    NoRate(Currency),
    /// Two currencies or two periods.
    #[error("this can be read in two ways: {UNDERSTOOD}")]
    Twice,
    /// Not an amount of money.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// A piece of what was typed.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Figure(&'a str),
    Word(&'a str),
}

/// Reads a wished least pay; a year where no period is written, rupees where lakh or crore is.
///
/// # Errors
/// Names what is not understood and what would be.
pub fn parse_pay(text: &str, rates: &Rates, undisclosed: UnknownRule) -> Result<SalaryWish, PayTextError> {
    let lower = text.to_lowercase().replace("p.a.", "pa").replace("p.m.", "pm").replace("rs.", "rs ");
    let mut reading = Reading::default();
    for piece in pieces(&lower) {
        match piece {
            Piece::Figure(figure) if reading.figure.is_none() => reading.figure = Some(figure),
            Piece::Figure(_) => return Err(PayTextError::Figures),
            Piece::Word(word) => reading.word(word, rates)?,
        }
    }
    let figure = reading.figure.ok_or(PayTextError::Figures)?;
    let currency = reading.currency.or(reading.indian.then_some(Currency::INR)).ok_or(PayTextError::NoCurrency)?;
    let period = reading.period.unwrap_or(PayPeriod::Year);
    let factor = reading.factor.unwrap_or(1.0);
    let number = number(figure, reading.factor.is_some()).ok_or_else(|| PayTextError::Figure(figure.to_owned()))?;
    let min = Amount::from_units(number * factor)?;
    if rates.dollars_a_year(min, currency, period).is_none() {
        return Err(PayTextError::NoRate(currency));
    }
    Ok(SalaryWish { min, currency, period, undisclosed })
}

/// The wish as text that [`parse_pay`] reads back.
#[must_use]
pub fn pay_text(wish: &SalaryWish) -> String {
    const LAKH: f64 = 100_000.0;
    let (units, period) = (wish.min.units(), wish.period);
    if wish.currency == Currency::INR && period == PayPeriod::Year && wish.min.hundredths() % 100_000 == 0 && units >= LAKH {
        return format!("{} LPA", units / LAKH);
    }
    let text = format!("{units} {}", wish.currency);
    if period == PayPeriod::Year { text } else { format!("{text}/{period}") }
}

#[derive(Default)]
struct Reading<'a> {
    figure: Option<&'a str>,
    factor: Option<f64>,
    indian: bool,
    currency: Option<Currency>,
    period: Option<PayPeriod>,
}

impl Reading<'_> {
    fn word(&mut self, word: &str, rates: &Rates) -> Result<(), PayTextError> {
        let ok = match word {
            "per" | "a" | "an" | "at" | "least" | "from" | "min" | "minimum" | "/" | "+" | "ctc" => true,
            "k" | "thousand" => put(&mut self.factor, 1e3),
            "m" | "million" | "mn" => put(&mut self.factor, 1e6),
            "l" | "lakh" | "lakhs" | "lac" | "lacs" => self.indian(1e5),
            "cr" | "crore" | "crores" => self.indian(1e7),
            "lpa" => self.indian(1e5) && put(&mut self.period, PayPeriod::Year),
            "pa" | "annum" | "year" | "yearly" | "yr" | "y" | "annual" | "annually" => put(&mut self.period, PayPeriod::Year),
            "pm" | "month" | "monthly" | "mo" => put(&mut self.period, PayPeriod::Month),
            "week" | "weekly" | "wk" => put(&mut self.period, PayPeriod::Week),
            "day" | "daily" => put(&mut self.period, PayPeriod::Day),
            "hour" | "hourly" | "hr" | "h" => put(&mut self.period, PayPeriod::Hour),
            _ => put(&mut self.currency, currency(word, rates).ok_or_else(|| PayTextError::Word(word.to_owned()))?),
        };
        if ok { Ok(()) } else { Err(PayTextError::Twice) }
    }

    fn indian(&mut self, factor: f64) -> bool {
        self.indian = true;
        put(&mut self.factor, factor)
    }
}

/// Fills a slot; false where it holds something else already.
fn put<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    slot.as_ref().is_none_or(|held| *held == value) && {
        *slot = Some(value);
        true
    }
}

fn currency(word: &str, rates: &Rates) -> Option<Currency> {
    let code = match word {
        "₹" | "rs" | "re" | "rupee" | "rupees" => "INR",
        "$" | "us$" | "dollar" | "dollars" => "USD",
        "€" | "euro" | "euros" => "EUR",
        "£" | "pound" | "pounds" => "GBP",
        "¥" | "yen" => "JPY",
        "a$" => "AUD",
        "c$" => "CAD",
        "s$" => "SGD",
        "r$" => "BRL",
        "zł" => "PLN",
        code => return Currency::parse(code).ok().filter(|given| rates.currencies().any(|known| known == *given)),
    };
    Currency::parse(code).ok()
}

/// Cuts a text into figures (with the separators inside them) and words (letters, with a currency sign behind them).
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let length = if first.is_ascii_digit() {
            figure_length(rest)
        } else if first.is_alphabetic() {
            let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            letters + usize::from(rest[letters..].starts_with('$') && letters <= 2)
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(if first.is_ascii_digit() { Piece::Figure(piece) } else { Piece::Word(piece) })
    })
}

/// A figure runs over digits and over separators that a digit follows.
fn figure_length(text: &str) -> usize {
    let inside = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}');
    let run = text.find(|c: char| !inside(c)).unwrap_or(text.len());
    text[..run].trim_end_matches(|c: char| !c.is_ascii_digit()).len()
}

/// Reads a figure. A last group of three digits belongs to the whole number (`90.000`, `25,00,000`) unless a factor follows (`1.250 m`).
fn number(figure: &str, with_factor: bool) -> Option<f64> {
    let groups: Vec<&str> = figure.split(|c: char| !c.is_ascii_digit()).collect();
    let separators: Vec<char> = figure.chars().filter(|c| !c.is_ascii_digit()).collect();
    let (last, before) = groups.split_last()?;
    if before.is_empty() {
        return last.parse().ok();
    }
    let last_sign = *separators.last()?;
    let alone = separators.iter().filter(|sign| **sign == last_sign).count() == 1;
    let decimal = matches!(last_sign, '.' | ',') && alone && (last.len() != 3 || (with_factor && before.len() == 1));
    let whole = if decimal { before } else { groups.as_slice() };
    let grouped = whole.len() == 1
        || (whole[1..].iter().all(|group| (2..=3).contains(&group.len())) && whole.last().is_some_and(|group| group.len() == 3));
    if !grouped || whole[0].len() > 3 && whole.len() > 1 {
        return None;
    }
    let whole = whole.concat();
    if decimal { format!("{whole}.{last}").parse().ok() } else { whole.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SalaryWish, PayTextError> {
        parse_pay(text, &Rates::default(), UnknownRule::Include)
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        use PayPeriod::{Day, Hour, Month, Week, Year};
        let cases = [
            ("12 LPA", 1_200_000.0, "INR", Year),
            ("12.5lpa", 1_250_000.0, "INR", Year),
            ("12 lakh", 1_200_000.0, "INR", Year),
            ("₹12L", 1_200_000.0, "INR", Year),
            ("1.2 cr", 12_000_000.0, "INR", Year),
            ("25,00,000 INR", 2_500_000.0, "INR", Year),
            ("Rs. 80,000 per month", 80_000.0, "INR", Month),
            ("90k EUR", 90_000.0, "EUR", Year),
            ("€90,000", 90_000.0, "EUR", Year),
            ("90.000 €", 90_000.0, "EUR", Year),
            ("90 000 euros a year", 90_000.0, "EUR", Year),
            ("$140k", 140_000.0, "USD", Year),
            ("$1,234,567.50", 1_234_567.5, "USD", Year),
            ("A$150k p.a.", 150_000.0, "AUD", Year),
            ("50 USD/hour", 50.0, "USD", Hour),
            ("18,50 € / h", 18.5, "EUR", Hour),
            ("£450/day", 450.0, "GBP", Day),
            ("CHF 1'900 weekly", 1_900.0, "CHF", Week),
            ("at least 20000 pln per month", 20_000.0, "PLN", Month),
        ];
        for (text, units, currency, period) in cases {
            let wish = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((wish.min.units(), wish.currency.as_str(), wish.period), (units, currency, period), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_refused_with_what_is_understood() {
        let cases =
            ["", "lots", "90000", "12-18 LPA", "12 LPA 13", "90k EUR USD", "50 USD/hour a month", "9,0,0 EUR", "12 xyz", "1e400 USD"];
        for text in cases {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains("12 LPA"), "{text}: {error}");
        }
        assert!(matches!(read("999999999999 EUR"), Err(PayTextError::Amount(_))));
    }

    #[test]
    fn a_wish_is_written_so_that_it_is_read_back() {
        for text in ["12 LPA", "12.5 LPA", "90000 EUR", "50.5 USD/hour", "80000 INR/month", "99999 INR"] {
            let wish = read(text).unwrap();
            assert_eq!(pay_text(&wish), text);
            assert_eq!(read(&pay_text(&wish)).unwrap(), wish);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in ".{0,40}") {
            let _ = read(&text);
        }
    }
}
