//! Base pay as stated: the platform's own fields first, then its pay text, then the words of the posting.

use crate::domain::posting::StructuredPay;
use crate::domain::vocabulary::pay_words;
use crate::domain::{Amount, Country, Currency, Finding, Pay, PayPeriod};
use crate::extract::figure::{Figure, FigureScanner};
use crate::extract::fold::Folded;

/// Amounts up to this are placeholders of a form that had to be filled in.
const PLACEHOLDER: f64 = 1.0;

/// Finds base pay.
#[derive(Debug)]
pub struct PayScanner {
    figures: FigureScanner,
}

/// One or two figures that belong together.
#[derive(Debug)]
struct Offer {
    low: Option<f64>,
    high: Option<f64>,
    currency: Option<Currency>,
    dollar: bool,
    period: Option<PayPeriod>,
    /// A size word was written.
    sized: bool,
    /// The largest size word.
    times: f64,
    start: usize,
    end: usize,
}

impl PayScanner {
    /// Builds the scanner from the embedded words of pay.
    #[must_use]
    pub fn new() -> Self {
        Self { figures: FigureScanner::new() }
    }

    /// Reads the pay: structured fields, else the pay text, else title and text.
    #[must_use]
    pub fn read(
        &self,
        fields: Option<&StructuredPay>,
        field: Option<&str>,
        title: &Folded<'_>,
        body: &Folded<'_>,
        place: &PayPlace<'_>,
    ) -> Option<Finding<Pay>> {
        fields
            .and_then(|fields| structured(fields, place))
            .or_else(|| self.in_field(field?, place))
            .or_else(|| self.in_text(title, place))
            .or_else(|| self.in_text(body, place))
    }

    /// A pay field holds pay: the first offer counts, whatever surrounds it.
    fn in_field(&self, field: &str, place: &PayPlace<'_>) -> Option<Finding<Pay>> {
        /// Longest pay field that is read, in bytes.
        const MOST: usize = 1000;
        let text = Folded::new(&field[..field.floor_char_boundary(MOST)]);
        let figures = self.figures.figures(&text.folded);
        let offers = offers(&text, figures);
        let mut offer = offers.into_iter().find(|offer| {
            let (before, after) = text.around(offer.start, offer.end, 12, 6);
            let retirement = after.starts_with("(k)") || offer.high.or(offer.low) == Some(401_000.0) || before.contains("level");
            let substantial = offer.currency.is_some()
                || offer.period.is_some()
                || offer.sized
                || offer.high.or(offer.low).is_some_and(|units| units >= 1_000.0);
            !retirement && substantial
        })?;
        if offer.period.is_none() {
            offer.period = period_anywhere(&text.folded);
        }
        if offer.currency.is_none() || offer.dollar {
            offer.currency = place.money(offer.currency, offer.dollar);
        }
        finish(&offer, &text)
    }

    /// In a text a figure must be shown to be pay; the offer for the posting's own city comes first, then the best shown.
    fn in_text(&self, text: &Folded<'_>, place: &PayPlace<'_>) -> Option<Finding<Pay>> {
        let figures = self.figures.figures(&text.folded);
        let offers = offers(text, figures);
        let mut best: Option<(u8, Offer)> = None;
        for mut offer in offers {
            offer.currency = if offer.dollar { place.money(offer.currency, true) } else { offer.currency };
            let Some(worth) = worth(text, &mut offer, place) else { continue };
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, offer));
            }
        }
        finish(&best?.1, text)
    }
}

/// The period named anywhere in a pay field.
fn period_anywhere(folded: &str) -> Option<PayPeriod> {
    [
        ("hour", PayPeriod::Hour),
        ("month", PayPeriod::Month),
        ("week", PayPeriod::Week),
        ("annual", PayPeriod::Year),
        ("annum", PayPeriod::Year),
        ("per day", PayPeriod::Day),
        ("year", PayPeriod::Year),
    ]
    .into_iter()
    .find_map(|(word, period)| folded.contains(word).then_some(period))
}

/// Joins figures that a dash or `to` makes one range.
fn offers(text: &Folded<'_>, figures: Vec<Figure>) -> Vec<Offer> {
    let mut offers = Vec::new();
    let mut rest = figures.into_iter().peekable();
    while let Some(low) = rest.next() {
        let range = rest.next_if(|high| joins(text, &low, high));
        offers.push(match range {
            Some(high) => range_of(&low, &high),
            None => single(text, &low),
        });
    }
    offers
}
/// What the place says about money.
#[derive(Debug, Clone, Copy, Default)]
pub struct PayPlace<'a> {
    /// The country of the work.
    pub country: Option<Country>,
    /// The posting's own city, as it writes it.
    pub city: Option<&'a str>,
}

impl PayPlace<'_> {
    /// The currency of a bare dollar sign or of bare figures in a pay field.
    fn money(&self, written: Option<Currency>, dollar: bool) -> Option<Currency> {
        let local = self.country.and_then(|country| pay_words().money.iter().find(|money| money.countries.contains(&country)));
        let local = local.map(|money| money.currency);
        if !dollar {
            return written.or(local);
        }
        local.filter(|currency| ["AUD", "CAD", "SGD", "HKD", "NZD"].contains(&currency.as_str())).or(written)
    }
}

/// Whether two figures are the ends of one range.
fn joins(text: &Folded<'_>, low: &Figure, high: &Figure) -> bool {
    if high.start < low.end {
        return false;
    }
    let gap = text.folded[low.end..high.start].trim_matches([' ', '\\', '(', ')', '*']);
    let (before, _) = text.around(low.start, low.end, 24, 0);
    let separator =
        matches!(gap, "-" | "to" | "~" | "until" | "bis" | "à" | "a" | "till" | "upto" | "up to" | "/-" | "- -" | "--" | "- to" | "hasta")
            || matches!(gap, "and" | "&" | "und" | "et")
                && (before.contains("between") || before.contains("zwischen") || before.contains("entre"));
    let same_money = low.currency.is_none() || high.currency.is_none() || low.currency == high.currency || low.dollar || high.dollar;
    separator && same_money && !low.plus
}

fn range_of(low: &Figure, high: &Figure) -> Offer {
    let (mut first, mut second) = (low.clone(), high.clone());
    if first.lacks_size() && first.number <= second.units() {
        first.times = second.times;
    } else if second.lacks_size() {
        second.times = first.times;
    }
    let (from, to) = (first.units(), second.units());
    let coded = [high, low].into_iter().find(|figure| figure.currency.is_some() && !figure.dollar);
    let signed = coded.or_else(|| [low, high].into_iter().find(|figure| figure.currency.is_some()));
    Offer {
        low: Some(from.min(to)),
        high: Some(from.max(to)),
        currency: signed.and_then(|figure| figure.currency),
        dollar: signed.is_some_and(|figure| figure.dollar),
        period: high.period.or(low.period),
        sized: first.times.or(second.times).is_some(),
        times: first.times.unwrap_or(1.0).max(second.times.unwrap_or(1.0)),
        start: low.start,
        end: high.end,
    }
}

/// One figure; `up to` and `from` before it, `+` and `and above` behind it open one side.
fn single(text: &Folded<'_>, figure: &Figure) -> Offer {
    let (before, after) = text.around(figure.start, figure.end, 24, 24);
    let before = before.trim_end_matches([' ', ':', '(', '*', '\\', '~']);
    let after = after.trim_start();
    let up_to = ["up to", "upto", "up", "max", "maximum", "bis", "bis zu", "jusqu'à", "hasta", "till", "max.", "up to a"];
    let from = [
        "from",
        "starting at",
        "starting from",
        "starts at",
        "over",
        "at least",
        "min",
        "minimum",
        "ab",
        "starting",
        "more than",
        "above",
        "minimum basic pay",
        "minimum of",
        "min.",
        "base hourly rate of",
        "starts from",
    ];
    let ends =
        |words: &[&str]| words.iter().any(|word| before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric)));
    let open_above = figure.plus
        || ends(&from)
        || ["and above", "& above", "and up", "or more", "plus per", "upwards", "onwards"].iter().any(|word| after.starts_with(word));
    let units = figure.units();
    let closed_above = ends(&up_to);
    Offer {
        low: (!closed_above).then_some(units),
        high: (closed_above || !open_above).then_some(units),
        currency: figure.currency,
        dollar: figure.dollar,
        period: figure.period,
        sized: figure.times.is_some(),
        times: figure.times.unwrap_or(1.0),
        start: figure.start,
        end: figure.end,
    }
}

/// How well a text shows that an offer is base pay; none where it is no pay or might not be.
fn worth(text: &Folded<'_>, offer: &mut Offer, place: &PayPlace<'_>) -> Option<u8> {
    let (before, after) = text.around(offer.start, offer.end, 110, 40);
    let line = before.rsplit('\n').next().unwrap_or(before);
    let near = &line[line.ceil_char_boundary(line.len().saturating_sub(45))..];
    let said = says_pay(line);
    if is_no_pay(near, after) || (offer.times >= 1e6 && offer.currency != Some(Currency::INR)) {
        return None;
    }
    let bare_range = offer.sized && offer.low != offer.high && offer.high >= Some(20_000.0) && says_pay(near);
    if offer.currency.is_none() && !bare_range {
        return None;
    }
    offer.period = offer.period.or_else(|| period_before(line));
    if !is_plausible(offer) {
        return None;
    }
    let range = offer.low.is_some() && offer.high.is_some() && offer.low != offer.high;
    // `up to $10,000 a year` without a word of pay is a benefit.
    let period_alone = offer.period.is_some() && offer.low.is_some();
    let worth = match (said, offer.period.is_some(), range) {
        (true, _, true) => 6,
        (true, true, false) | (false, true, true) => 5,
        (true, false, false) => 4,
        (false, false, true) => 3,
        (false, true, false) if period_alone => 3,
        (false, false, false) if stands_alone(text, offer) => 2,
        (false, _, false) => return None,
    };
    let total = line.contains("ote")
        && (line.contains("(ote)") || line.contains("on-target") || line.contains("on target"))
        && !line.contains("base");
    let own = place.city.is_some_and(|city| !city.is_empty() && before.contains(city));
    Some(if total { 1 } else { worth + u8::from(own) * 10 })
}

fn says_pay(words: &str) -> bool {
    pay_words().pay_words.iter().any(|word| contains_word(words, word))
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric) && !text[at + word.len()..].starts_with(char::is_alphanumeric))
}

/// Whether the words right around a figure speak of other money.
fn is_no_pay(near: &str, after: &str) -> bool {
    let words = pay_words();
    let clause = near.rsplit(['.', '|', ';', '•', '(']).next().unwrap_or(near);
    let after = after.trim_start_matches([' ', ')', ',', '\\', '*']);
    let pay_last = words.pay_words.iter().filter_map(|word| clause.rfind(word.as_str())).max();
    let other_last =
        words.never_before.iter().filter(|word| contains_word(clause, word)).filter_map(|word| clause.rfind(word.as_str())).max();
    let behind =
        words.never_after.iter().any(|word| after.strip_prefix(word.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
    behind && !after.starts_with("equity range")
        || after.starts_with("(k)")
        || other_last.is_some_and(|other| pay_last.is_none_or(|pay| pay < other))
}

/// `annual salary of`, `hourly rate:` before a figure.
fn period_before(line: &str) -> Option<PayPeriod> {
    let words = [
        ("annual", PayPeriod::Year),
        ("per annum", PayPeriod::Year),
        ("yearly", PayPeriod::Year),
        ("per year", PayPeriod::Year),
        ("hourly", PayPeriod::Hour),
        ("per hour", PayPeriod::Hour),
        ("monthly", PayPeriod::Month),
        ("per month", PayPeriod::Month),
        ("day rate", PayPeriod::Day),
        ("daily", PayPeriod::Day),
        ("per day", PayPeriod::Day),
        ("weekly", PayPeriod::Week),
    ];
    let last = words.iter().filter_map(|(word, period)| line.rfind(word).map(|at| (at, *period))).max_by_key(|(at, _)| *at)?;
    says_pay(&line[last.0..]).then_some(last.1)
}

/// Whether the size fits a wage for the period.
fn is_plausible(offer: &Offer) -> bool {
    let most = offer.high.or(offer.low).unwrap_or(0.0);
    let least = offer.low.or(offer.high).unwrap_or(0.0);
    let rupees = offer.currency == Some(Currency::INR);
    let (from, to) = match offer.period {
        Some(PayPeriod::Hour) => (2.0, 5_000.0),
        Some(PayPeriod::Day) => (15.0, 100_000.0),
        Some(PayPeriod::Week) => (50.0, 500_000.0),
        Some(PayPeriod::Month) => (150.0, 50_000_000.0),
        Some(PayPeriod::Year) if rupees => (20_000.0, 100_000_000.0),
        Some(PayPeriod::Year) => (2_000.0, 50_000_000.0),
        None if rupees => (5_000.0, 100_000_000.0),
        None => (5_000.0, 3_000_000.0),
    };
    (from..=to).contains(&most) && least > 0.0 && most <= least.max(1.0) * 20.0
}

/// A figure alone on its line, or in the header line of a posting.
fn stands_alone(text: &Folded<'_>, offer: &Offer) -> bool {
    const HEADER: usize = 400;
    let (before, after) = text.around(offer.start, offer.end, 3, 40);
    let alone = before.trim_matches([' ', '*']).ends_with('\n') && after.trim_start_matches([' ', '*']).starts_with('\n');
    let header =
        offer.start < HEADER && text.folded[..offer.start].contains(" | ") && !text.folded[..offer.start].contains('\n') && offer.sized;
    alone || header
}

/// The finished pay; a period that is not written is concluded only where the size leaves no other reading.
fn finish(offer: &Offer, text: &Folded<'_>) -> Option<Finding<Pay>> {
    let amount = |units: Option<f64>| units.filter(|units| *units > PLACEHOLDER).and_then(|units| Amount::from_units(units).ok());
    let (min, max) = (amount(offer.low), amount(offer.high));
    if min.is_none() && max.is_none() {
        return None;
    }
    let yearly = |currency: Currency| {
        let from = pay_words().yearly_from.iter().find(|from| from.currency == currency)?.amount;
        (offer.high.or(offer.low)? >= from).then_some(PayPeriod::Year)
    };
    let period = offer.period.or_else(|| yearly(offer.currency?));
    let raw = text.sentence(offer.start, offer.end);
    let estimated = text.folded.contains("est.)") || text.folded.contains("estimated");
    let pay = Pay { min, max, currency: offer.currency, period, raw: text.quote(offer.start, offer.end).to_owned() };
    let sure = !estimated && offer.period.is_some();
    Some(if sure { Finding::stated(pay, raw) } else { Finding::inferred(pay, raw) })
}

/// Pay from a platform's structured fields; zero means that nothing was filled in.
fn structured(fields: &StructuredPay, place: &PayPlace<'_>) -> Option<Finding<Pay>> {
    let amount = |units: Option<f64>| units.filter(|units| *units > PLACEHOLDER).and_then(|units| Amount::from_units(units).ok());
    let (min, max) = (amount(fields.min), amount(fields.max));
    let (min, max) = if max.is_some() && min > max { (max, min) } else { (min, max) };
    if min.is_none() && max.is_none() {
        return None;
    }
    let currency = fields.currency.as_deref().and_then(|code| Currency::parse(code).ok()).or_else(|| place.money(None, false));
    let figures = [min, max].into_iter().flatten().map(|amount| amount.units().to_string()).collect::<Vec<_>>().join("-");
    let period = fields.period.map(|period| format!(" a {}", period.label())).unwrap_or_default();
    let raw = format!("{} {figures}{period}", fields.currency.as_deref().unwrap_or_default()).trim().to_owned();
    Some(Finding::stated(Pay { min, max, currency, period: fields.period, raw: raw.clone() }, &raw))
}
