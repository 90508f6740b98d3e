//! Base pay as stated: the platform's own fields first, then its pay text, then the words of the posting.

use crate::domain::posting::StructuredPay;
use crate::domain::vocabulary::pay_words;
use crate::domain::{Amount, Currency, Finding, Pay, PayPeriod};
use crate::extract::figure::FigureScanner;
use crate::extract::fold::Folded;
use crate::extract::offer::{Offer, offers};
use crate::extract::pay_alone::Part;
use crate::extract::pay_budget::is_stipend_before_pay;
use crate::extract::pay_place::PayPlace;
use crate::extract::pay_worth::worth;

/// Amounts up to this are placeholders of a form that had to be filled in: `$0 - $60.94`, `$1 - $200K`.
const PLACEHOLDER: f64 = 1.0;

/// Finds base pay.
#[derive(Debug)]
pub struct PayScanner {
    figures: FigureScanner,
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
            .or_else(|| self.in_field(field?, place, || self.money_of_text(title, body, place)))
            .or_else(|| fuller(self.in_text(title, Part::Title, place), || self.in_text(body, Part::Body, place)))
    }

    /// A pay field holds pay: the first offer counts, whatever surrounds it.
    fn in_field(&self, field: &str, place: &PayPlace<'_>, of_text: impl FnOnce() -> Option<Currency>) -> Option<Finding<Pay>> {
        let text = Folded::new(read_part(field));
        let figures = self.figures.figures(&text.folded);
        let paid = offers(&text, figures).into_iter().filter(|offer| is_pay_in_field(&text, offer));
        let mut offer = paid.min_by_key(|offer| is_stipend_before_pay(&text, offer))?;
        if offer.period.is_none() {
            offer.period = period_anywhere(&text.folded);
        }
        if offer.currency.is_none() || offer.dollar {
            offer.currency = place.money(offer.currency, offer.dollar).or_else(of_text);
        }
        let typed = offer.period.or_else(|| typed_period(&offer, text.quote(offer.start, offer.end)));
        finish(&offer, typed, &text)
    }

    /// The currency in which the posting's own words state its pay.
    fn money_of_text(&self, title: &Folded<'_>, body: &Folded<'_>, place: &PayPlace<'_>) -> Option<Currency> {
        let stated = self.in_text(title, Part::Title, place).or_else(|| self.in_text(body, Part::Body, place))?;
        stated.value.currency
    }

    /// In a text a figure must be shown to be pay; the offer for the posting's own city comes first, then the best shown.
    fn in_text(&self, text: &Folded<'_>, part: Part, place: &PayPlace<'_>) -> Option<Finding<Pay>> {
        let figures = self.figures.figures(&text.folded);
        let offers = offers(text, figures);
        let mut best: Option<(u8, Offer)> = None;
        for mut offer in offers {
            offer.currency = if offer.dollar { place.money(offer.currency, true) } else { offer.currency };
            let Some(worth) = worth(text, &mut offer, part, place) else { continue };
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, offer));
            }
        }
        let (_, offer) = best?;
        let period = offer.period.or_else(|| is_yearly_anywhere(&offer).then_some(PayPeriod::Year));
        finish(&offer, period, text)
    }
}

/// The pay of the title; the text's where the title has none, or shows one end of the text's range (`$70/hr` for `$22 - $70/hour`).
fn fuller(title: Option<Finding<Pay>>, body: impl FnOnce() -> Option<Finding<Pay>>) -> Option<Finding<Pay>> {
    let Some(short) = title else { return body() };
    if short.value.min != short.value.max {
        return Some(short);
    }
    let whole = body().filter(|long| {
        let (one, two) = (&short.value, &long.value);
        one.currency == two.currency && one.period == two.period && two.min != two.max && [two.min, two.max].contains(&one.max)
    });
    Some(whole.unwrap_or(short))
}

/// What is read of a pay field; a longer one is no field.
pub fn read_part(field: &str) -> &str {
    /// Longest pay field that is read, in bytes.
    const MOST: usize = 1000;
    &field[..field.floor_char_boundary(MOST)]
}

/// Whether a figure of a pay field is one of pay: no retirement plan, no grade, and either all that the field holds or too large for
/// a number of something else.
fn is_pay_in_field(text: &Folded<'_>, offer: &Offer) -> bool {
    let (before, after) = text.around(offer.start, offer.end, 14, 6);
    let retirement =
        after.starts_with("(k)") || offer.most() == Some(401_000.0) || before.contains("level") || before.contains("grade pay");
    let substantial =
        offer.currency.is_some() || offer.period.is_some() || offer.is_sized() || offer.most().is_some_and(|units| units >= 1_000.0);
    let alone = !text.folded.contains(char::is_alphabetic);
    let placeholder = offer.most().is_none_or(|units| units <= PLACEHOLDER);
    !retirement && (substantial || alone) && !placeholder
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

/// The period of a range that a pay field writes without one: a wage of two digits is for an hour, and one of three digits was
/// typed in thousands a year. A single figure of that size says too little.
fn typed_period(offer: &Offer, raw: &str) -> Option<PayPeriod> {
    // `Pay: $27.00`: nobody writes the cents of a year.
    let with_cents = raw.contains('.') && offer.dollar && offer.most().is_some_and(|most| (7.0..=100.0).contains(&most));
    if offer.is_hourly_by_size() || with_cents && !offer.is_sized() {
        return Some(PayPeriod::Hour);
    }
    let thousands = offer.low.is_some_and(|low| low >= 75.0) && offer.most().is_some_and(|most| (100.0..=450.0).contains(&most));
    let western = offer.currency.is_some_and(|currency| !["INR", "JPY", "KRW"].contains(&currency.as_str()));
    (!offer.is_sized() && western && offer.is_range() && thousands || is_yearly_anywhere(offer)).then_some(PayPeriod::Year)
}

/// The finished pay; a period that is not written is concluded only where the size leaves no other reading.
fn finish(offer: &Offer, period: Option<PayPeriod>, text: &Folded<'_>) -> Option<Finding<Pay>> {
    let (min, max) = ends(offer.low, offer.high)?;
    let raw = text.sentence(offer.start, offer.end);
    let period = period.or_else(|| pay_words().period_of(offer.most()?, offer.currency?));
    let pay = Pay { min, max, currency: offer.currency, period, raw: text.quote(offer.start, offer.end).to_owned() };
    let sure = !is_estimate(text, offer) && offer.period.is_some() && !offer.concluded;
    Some(if sure { Finding::stated(pay, raw) } else { Finding::inferred(pay, raw) })
}

/// Whether two figures without a currency can only be a year's, whatever the money: `90000-120000`.
fn is_yearly_anywhere(offer: &Offer) -> bool {
    const SALARIES: std::ops::RangeInclusive<f64> = 30_000.0..=300_000.0;
    offer.currency.is_none() && offer.two && offer.most().is_some_and(|most| SALARIES.contains(&most))
}

/// Whether the board says that it made the figure up: `$56K - $100K (Glassdoor est.)`, `£65,829 per year - estimated`.
fn is_estimate(text: &Folded<'_>, offer: &Offer) -> bool {
    let (before, after) = text.around(offer.start, offer.end, 30, 30);
    ["est.)", "estimated", "predicted"].iter().any(|word| after.contains(word)) || before.contains("estimated")
}

/// Both ends as amounts; zero and one were typed to get past a form. None where an end is beyond all money.
fn ends(low: Option<f64>, high: Option<f64>) -> Option<(Option<Amount>, Option<Amount>)> {
    let amount = |units: Option<f64>| units.filter(|units| *units > PLACEHOLDER).map(Amount::from_units).transpose();
    let (min, max) = (amount(low).ok()?, amount(high).ok()?);
    (min.is_some() || max.is_some()).then_some((min, max))
}

/// Pay from a platform's structured fields; zero means that nothing was filled in.
fn structured(fields: &StructuredPay, place: &PayPlace<'_>) -> Option<Finding<Pay>> {
    let (min, max) = ends(fields.min, fields.max)?;
    let (min, max) = if max.is_some() && min > max { (max, min) } else { (min, max) };
    let currency = fields.currency.as_deref().and_then(|code| Currency::parse(code).ok()).or_else(|| place.money(None, false));
    let figures = [min, max].into_iter().flatten().map(|amount| amount.units().to_string()).collect::<Vec<_>>().join("-");
    let said = fields.period.map(|period| format!(" a {}", period.label())).unwrap_or_default();
    let raw = format!("{} {figures}{said}", fields.currency.as_deref().unwrap_or_default()).trim().to_owned();
    let period = fields.period.or_else(|| pay_words().period_of(max.or(min)?.units(), currency?));
    let sure = fields.period.is_some() && !fields.estimated;
    let pay = Pay { min, max, currency, period, raw: raw.clone() };
    Some(if sure { Finding::stated(pay, &raw) } else { Finding::inferred(pay, &raw) })
}
