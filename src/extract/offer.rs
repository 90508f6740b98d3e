//! Figures that belong together: one amount, or the two ends of a range.

use crate::domain::vocabulary::pay_words;
use crate::domain::{Currency, PayPeriod};
use crate::extract::figure::{Figure, Size};
use crate::extract::fold::Folded;

/// One or two figures that belong together.
#[derive(Debug)]
pub struct Offer {
    /// The least; none for `up to`.
    pub low: Option<f64>,
    /// The most; none for `from`.
    pub high: Option<f64>,
    /// The currency that is written or given away by the way of counting.
    pub currency: Option<Currency>,
    /// The currency is a bare dollar sign.
    pub dollar: bool,
    /// The period written behind it.
    pub period: Option<PayPeriod>,
    /// Two figures were written.
    pub two: bool,
    /// What the largest size word multiplies by, where one was written.
    pub times: Option<f64>,
    /// The period is not written, it follows from the size.
    pub concluded: bool,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Offer {
    /// A size word was written.
    pub fn is_sized(&self) -> bool {
        self.times.is_some()
    }

    /// The larger end, or the only one.
    pub fn most(&self) -> Option<f64> {
        self.high.or(self.low)
    }

    /// The smaller end, or the only one.
    pub fn least(&self) -> Option<f64> {
        self.low.or(self.high)
    }

    /// Whether two figures without a period can only be an hour's: `$20-$36`, `$18.50 - $18.50`.
    pub fn is_hourly_by_size(&self) -> bool {
        let (Some(low), Some(high), Some(currency)) = (self.low, self.high, self.currency) else { return false };
        let western = !self.is_sized() && !["INR", "JPY", "KRW", "CNY"].contains(&currency.as_str());
        let cents = low.fract() > 0.0 || high.fract() > 0.0;
        western && low >= 7.0 && (low < high && high <= 90.0 || cents && high <= 200.0 && self.two)
    }

    /// Whether the next heading runs into its period, as where line breaks were lost: `$16 per hourReferral Incentives`.
    pub fn runs_on(&self, folded: &str) -> bool {
        self.period.is_some() && folded[..self.end].ends_with(char::is_alphabetic) && folded[self.end..].starts_with(char::is_alphabetic)
    }

    /// Both ends are given and differ.
    pub fn is_range(&self) -> bool {
        self.low.is_some() && self.high.is_some() && self.low != self.high
    }
}

/// Joins figures that a dash or `to` makes one range.
pub fn offers(text: &Folded<'_>, mut figures: Vec<Figure>) -> Vec<Offer> {
    for at in 1..figures.len() {
        heal_parted(&text.folded, &mut figures[at - 1..=at]);
    }
    let mut offers = Vec::new();
    let mut rest = figures.into_iter().peekable();
    while let Some(low) = rest.next() {
        let range = rest.next_if(|high| joins(text, &low, high));
        match range {
            Some(high) if is_cut(text, &low, &high) => {
                if offers.is_empty() {
                    offers.push(single(text, &Figure { plus: true, ..low }));
                }
            }
            Some(high) => offers.push(range_of(&low, &high)),
            None if low.glued => {}
            None => offers.push(single(text, &low)),
        }
    }
    offers
}

/// `€109,709 - €131, 651`: a blank that slipped into the upper end of a range.
fn heal_parted(text: &str, pair: &mut [Figure]) {
    let [low, high] = pair else { return };
    let grouped = low.size.is_none() && (10_000.0..1e6).contains(&low.number) && text[low.start..low.end].contains(',');
    let short = high.size.is_none() && high.period.is_none() && high.number * 1_000.0 > low.number && high.number < 1_000.0;
    let signed = low.currency.is_some() && low.currency == high.currency && low.end < high.start;
    if !(grouped && short && signed) || text[low.end..high.start].trim() != "-" {
        return;
    }
    let Some(rest) = text[high.end..].strip_prefix(", ") else { return };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if let (3, Ok(units)) = (digits, rest[..digits].parse::<f64>()) {
        (high.number, high.end) = (high.number * 1_000.0 + units, high.end + 2 + digits);
    }
}

/// Whether two figures are the ends of one range.
fn joins(text: &Folded<'_>, low: &Figure, high: &Figure) -> bool {
    if high.start < low.end || high.glued || low.plus {
        return false;
    }
    let gap = &text.folded[low.end..high.start];
    // Some boards put each part on a line of its own.
    let parted = text.folded[low.start..low.end].contains('\n');
    let gap = if parted || gap.matches('\n').count() == 2 { gap.trim_matches('\n') } else { gap };
    let gap = gap.trim_matches([' ', '\\', '(', ')', '*']);
    if gap.len() > 30 || low.glued && high.size.is_none() || is_year(text, low, high) {
        return false;
    }
    let (before, _) = text.around(low.start, low.end, 24, 0);
    let words = pay_words();
    let separator = words.range_between.iter().any(|word| word == gap)
        || matches!(gap, "and" | "&" | "und" | "et" | "en" | "y")
            && ["between", "zwischen", "entre", "tussen"].iter().any(|w| before.contains(w))
        || gap == "and" && is_named_range(text, low, high)
        || before.contains("min") && gap.trim_start_matches(['\n', ',', ';', '-']).starts_with("max");
    let same_money = low.currency.is_none() || high.currency.is_none() || low.currency == high.currency || low.dollar || high.dollar;
    separator && same_money || is_dashless(gap, low, high)
}

/// `the pay range for this role is $120,000 and $150,000`: two signed ends behind the word `range`.
fn is_named_range(text: &Folded<'_>, low: &Figure, high: &Figure) -> bool {
    let (before, _) = text.around(low.start, low.end, 40, 0);
    let clause = before.rsplit(['.', '\n', ';']).next().unwrap_or(before);
    let signed = low.currency.is_some() && low.currency == high.currency && low.size == high.size;
    signed && low.period.is_none() && clause.contains("range") && low.number < high.number
}

/// A year or a form's number before a signed figure: `(SQL 2017) - $70 p/h`, `on 1099 - $4,000-$6,000/month`.
fn is_year(text: &Folded<'_>, low: &Figure, high: &Figure) -> bool {
    let bare = low.currency.is_none() && low.size.is_none() && (1000.0..2040.0).contains(&low.number);
    bare && !text.folded[high.start..].starts_with(|c: char| c.is_ascii_digit())
}

/// `$30 $100/hour`: two signs side by side, the dash lost on the way.
fn is_dashless(gap: &str, low: &Figure, high: &Figure) -> bool {
    let signed = low.currency.is_some() && low.currency == high.currency && low.period.is_none() && high.period.is_some();
    gap.is_empty() && signed && low.size == high.size && low.number < high.number && high.number <= low.number * 5.0
}

/// Whether the text ends in the midst of the upper figure: `$130,000.00 - $180`.
fn is_cut(text: &Folded<'_>, low: &Figure, high: &Figure) -> bool {
    let end = text.folded[high.end..].trim_start_matches([',', '.', '…']);
    end.is_empty() && high.size.is_none() && high.period.is_none() && low.number >= 1_000.0 && high.number * 5.0 < low.number
}

fn range_of(low: &Figure, high: &Figure) -> Offer {
    let (mut first, mut second) = (low.clone(), high.clone());
    // `$1 - $200K`: a form wanted a number there.
    let filler = first.currency.is_some() && first.number <= 1.0 && !second.size.is_some_and(|size| size.indian);
    let scaled = first.number * second.size.map_or(1.0, |size| size.times);
    if first.lacks_size() && second.size.is_some() && scaled <= second.units() && !filler {
        first.size = second.size;
    } else if first.lacks_size()
        && second.size.is_none()
        && first.number >= 10.0
        && (10_000.0..1e6).contains(&second.number)
        && first.number * 1_000.0 <= second.number
    {
        // `€90 - €122,000`
        first.size = Some(Size { times: 1_000.0, indian: false });
    } else if second.lacks_size() {
        second.size = first.size;
    } else if first.lacks_size() && second.currency.is_none() && first.number > second.number && scaled <= second.units() * 2.0 {
        // `$200-148k`: the larger end first.
        first.size = second.size;
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
        two: true,
        concluded: false,
        times: [first.size, second.size].into_iter().flatten().map(|size| size.times).reduce(f64::max),
        start: low.start,
        end: high.end,
    }
}

/// One figure; `up to` and `from` before it, `+` and `and above` behind it open one side.
fn single(text: &Folded<'_>, figure: &Figure) -> Offer {
    let words = pay_words();
    let (before, after) = text.around(figure.start, figure.end, 40, 24);
    let before = before.trim_end_matches([' ', ':', '(', '*', '\\', '~', '\n']);
    let after = after.trim_start_matches([' ', '*', '\\']);
    // Two words may run into the heading before them: `Pay RateStarting at £15.20`.
    let whole = |word: &str, rest: &str| !rest.ends_with(char::is_alphanumeric) || word.contains(' ');
    let ends = |words: &[String]| words.iter().any(|word| before.strip_suffix(word.as_str()).is_some_and(|rest| whole(word, rest)));
    let open_above = figure.plus
        || ends(&words.from_before)
        || before.rsplit(['.', '\n', '|']).next().is_some_and(|clause| clause.trim_start().starts_with("minimum"))
        || words.from_behind.iter().any(|word| after.starts_with(word.as_str()))
        || matches!(after, "to $" | "- $" | "to £" | "- £" | "- €" | "to €");
    let units = figure.units();
    let closed_above = ends(&words.up_to_before);
    Offer {
        low: (!closed_above).then_some(units),
        high: (closed_above || !open_above).then_some(units),
        currency: figure.currency,
        dollar: figure.dollar,
        period: figure.period,
        two: false,
        concluded: false,
        times: figure.size.map(|size| size.times),
        start: figure.start,
        end: figure.end,
    }
}
