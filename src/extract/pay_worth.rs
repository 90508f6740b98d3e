//! Whether the words around a figure show that it is base pay, and how well.

use std::borrow::Cow;

use crate::domain::vocabulary::{PayWords, pay_words};
use crate::domain::{Currency, PayPeriod};
use crate::extract::fold::Folded;
use crate::extract::offer::Offer;
use crate::extract::pay_alone::{Part, is_bare_range_of_header, stands_alone};
use crate::extract::pay_budget::{is_budget_of_a_person, is_perhaps_a_flow, is_stipend_before_pay};
use crate::extract::pay_place::PayPlace;

/// Worth of a figure that includes bonus or commission: it counts only where the base is not given.
const TOTAL: u8 = 1;

/// Less than this a year is no wage where no word says that it is one; it is rent, a fee or a benefit.
const LIVING: f64 = 10_000.0;

/// How well a text shows that an offer is base pay; none where it is no pay or might not be. Fills in what the words before the
/// figure say of its currency and period.
pub fn worth(text: &Folded<'_>, offer: &mut Offer, part: Part, place: &PayPlace<'_>) -> Option<u8> {
    let words = pay_words();
    let (before, after) = text.around(offer.start, offer.end, 110, 40);
    let after = if offer.runs_on(&text.folded) { "" } else { &*with_plus(text, offer, after) };
    let line = without_asides(line_or_heading(words, before));
    let budgeted = is_budget_of_a_person(&line, after, offer);
    let near = if budgeted { "" } else { &line[line.ceil_char_boundary(line.len().saturating_sub(45))..] };
    if is_no_pay(words, near, after, offer.most() == Some(401_000.0)) || (offer.times >= Some(1e6) && offer.currency != Some(Currency::INR))
    {
        return None;
    }
    let behind = says_pay_behind(words, after);
    let labelled = is_labelled(words, near);
    let clause = line.rsplit(['.', '|', ';', '•']).next().unwrap_or(&line);
    if !labelled && words.insured.iter().any(|word| contains_word(clause, word)) {
        return None;
    }
    if offer.currency.is_none() {
        let shown = behind || labelled || is_bare_range_of_header(text, offer, part);
        offer.currency = currency_of_bare(words, offer, near, shown, place)?;
    }
    if offer.dollar && (is_with_super(after) || text.folded[offer.start..offer.end].contains("super")) {
        offer.currency = Currency::parse("AUD").ok();
    }
    let said = behind || budgeted || says_pay(words, &line);
    if !said && part == Part::Body && is_perhaps_a_flow(text, offer) {
        return None;
    }
    offer.period =
        offer.period.or_else(|| period_before(words, &line)).or_else(|| line.starts_with("min").then(|| period_before(words, before))?);
    if offer.period.is_none() && (said && offer.is_hourly_by_size() || (behind || labelled) && is_with_cents(text, offer)) {
        (offer.period, offer.concluded) = (Some(PayPeriod::Hour), true);
    }
    let alone = stands_alone(text, offer, part);
    if !is_plausible(offer, said || alone, labelled) {
        return None;
    }
    // `up to $2,000 a year` without a word of pay is a benefit.
    let yearly = offer.most().zip(offer.currency).and_then(|(most, currency)| words.period_of(most, currency)) == Some(PayPeriod::Year);
    let living = offer.most().zip(offer.period).is_some_and(|(most, period)| most * period.per_year() >= LIVING);
    let period_alone = living && (offer.low.is_some() || yearly);
    let worth = match (said, offer.period.is_some(), offer.is_range()) {
        (true, _, true) => 6,
        (true, true, false) | (false, true, true) => 5,
        (true, false, false) => 4,
        (false, false, true) => 3,
        (false, true, false) if period_alone => 3,
        (false, false, false) if alone => 2,
        (false, _, false) => return None,
    };
    if is_total(&line, near, after) || is_stipend_before_pay(text, offer) {
        return Some(TOTAL);
    }
    let own_city = place.city.is_some_and(|city| !city.is_empty() && (before.contains(city) || paragraph(text, offer).contains(city)));
    let own_money = worth >= 5 && place.country.is_some() && offer.currency == place.money(None, false);
    Some(worth + u8::from(own_city) * 20 + u8::from(own_money) * 10)
}

/// What stands before the figure in its paragraph: `For Reno-based roles: on-target earnings are .. The base salary is ..`.
fn paragraph<'a>(text: &'a Folded<'_>, offer: &Offer) -> &'a str {
    const REACH: usize = 300;
    let (before, _) = text.around(offer.start, offer.end, REACH, 0);
    before.rsplit('\n').next().unwrap_or(before)
}

/// What stands before the figure on its line; where that is nothing, the heading above.
fn line_or_heading<'a>(words: &PayWords, before: &'a str) -> &'a str {
    const HEADING: usize = 70;
    let mut lines = before.rsplit('\n');
    let line = lines.next().unwrap_or(before);
    let said = line.trim_matches([' ', '*', '-', '\\']);
    let opens = words.up_to_before.iter().chain(&words.from_before).any(|word| word == said);
    if said.contains(char::is_alphanumeric) && !opens && !names_a_level(said) {
        return line;
    }
    let heading = |above: &&str| without_asides(above).contains(char::is_alphanumeric) && !names_a_level(above);
    lines.find(heading).filter(|heading| heading.len() <= HEADING).unwrap_or(line)
}

/// `Level 2:`, `Technician/Level I -`: a line of a list by levels.
fn names_a_level(line: &str) -> bool {
    const LONGEST_NAME: usize = 3;
    line.rfind("level ").is_some_and(|at| line[at + "level ".len()..].trim_matches([' ', ':', '-', '*']).len() <= LONGEST_NAME)
        || line.contains("level ") && line.contains(['$', '£', '€'])
}

/// `£41.87 PAYE`: nobody writes the pence of a year.
fn is_with_cents(text: &Folded<'_>, offer: &Offer) -> bool {
    let western = offer.currency.is_some_and(|currency| ["USD", "GBP", "EUR", "AUD", "CAD"].contains(&currency.as_str()));
    let cents = text.folded[offer.start..offer.end].contains(['.', ',']);
    western && cents && !offer.is_sized() && offer.most().is_some_and(|most| (7.0..=150.0).contains(&most))
}

/// What follows a figure, with the plus sign that was read as its own: `$180K+ bonus` is pay and a bonus, no bonus of 180K.
fn with_plus<'a>(text: &Folded<'_>, offer: &Offer, after: &'a str) -> Cow<'a, str> {
    if text.folded[..offer.end].ends_with('+') { Cow::Owned(format!("+ {}", after.trim_start())) } else { Cow::Borrowed(after) }
}

/// The line without what it says in brackets: `pay range (not including bonus)`.
fn without_asides(line: &str) -> Cow<'_, str> {
    let mut rest = line;
    let mut kept = String::new();
    while let Some((open, close)) = rest.find('(').and_then(|open| Some((open, open + rest[open..].find(')')?))) {
        kept.push_str(&rest[..open]);
        rest = &rest[close + 1..];
    }
    if kept.is_empty() { Cow::Borrowed(rest) } else { Cow::Owned(kept + rest) }
}

fn says_pay(words: &PayWords, text: &str) -> bool {
    words.pay_words.iter().any(|word| contains_word(text, word)) || words.pay_right_before.iter().any(|word| is_after(text, word))
}

fn says_pay_behind(words: &PayWords, after: &str) -> bool {
    let after = after.trim_start_matches([' ', ')', ',', '\\', '*']).replace("\\+", "+");
    words.pay_behind.iter().any(|word| after.strip_prefix(word.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

fn contains_word(text: &str, word: &str) -> bool {
    last_word(text, word).is_some()
}

/// Where the word last stands as a whole word.
fn last_word(text: &str, word: &str) -> Option<usize> {
    text.rmatch_indices(word)
        .find(|(at, _)| !text[..*at].ends_with(char::is_alphabetic) && !text[at + word.len()..].starts_with(char::is_alphanumeric))
        .map(|(at, _)| at)
}

/// Whether the words right around a figure speak of other money.
fn is_no_pay(words: &PayWords, near: &str, after: &str, retirement: bool) -> bool {
    let clause = near.rsplit(['.', '|', ';', '•', '(']).next().unwrap_or(near);
    let after = after.trim_start_matches([' ', ')', ',', '\\', '*']);
    // An offer or a range may be of anything: `referral bonuses, offering up to`, `the bonus range is`.
    let strong = words.pay_words.iter().filter(|word| !word.starts_with("offer") && !word.starts_with("range"));
    let pay_last = strong.filter_map(|word| clause.rfind(word.as_str())).max();
    let other_last = words.never_before.iter().filter_map(|word| last_word(clause, word)).max();
    // `Learning budget (€1,500 - €2,000)`: what a bracket opens with belongs to the words before it.
    let outside = near.rsplit(['.', '|', ';', '•']).next().unwrap_or(near);
    let aside = outside.rfind('(').filter(|open| !outside[*open..].contains(char::is_alphanumeric)).map_or("", |open| &outside[..open]);
    let of_others = words.never_before.iter().any(|word| contains_word(aside, word)) && !says_pay(words, aside);
    let behind =
        words.never_after.iter().any(|word| after.strip_prefix(word.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
    let earned = after.starts_with("in ") && after.split(['.', '\n']).next().is_some_and(|clause| contains_word(clause, "revenue"));
    let salary_and_equity = after.starts_with("equity range") || after.starts_with("equity") && clause.contains("salary");
    behind && !salary_and_equity
        || after.starts_with("(k)")
        || of_others
        || earned
        || is_price(words, clause)
        || retirement
        || other_last.is_some_and(|other| pay_last.is_none_or(|pay| pay < other))
}

/// `reports cost only $18`: a word of prices, small words aside, is the last before the figure.
fn is_price(words: &PayWords, clause: &str) -> bool {
    let mut rest = clause.trim_end();
    while let Some(shorter) =
        words.price_between.iter().find_map(|word| rest.strip_suffix(word.as_str()).filter(|left| left.ends_with(' ')))
    {
        rest = shorter.trim_end();
    }
    let last = |word: &String| rest.strip_suffix(word.as_str()).is_some_and(|left| !left.ends_with(char::is_alphanumeric));
    words.price_before.iter().any(last)
}

/// The currency of a figure without a sign, where the words show that it is pay all the same; none where they do not.
#[expect(clippy::option_option, reason = "no pay and pay of unknown currency are two answers")]
fn currency_of_bare(words: &PayWords, offer: &Offer, near: &str, shown: bool, place: &PayPlace<'_>) -> Option<Option<Currency>> {
    // `CTC: 60.0 - 84.0 PA`: cost to company is what Indian offers are counted in.
    if offer.period == Some(PayPeriod::Year) && is_after(near, "ctc") {
        return Some(Some(Currency::INR));
    }
    let salary = offer.is_sized() && offer.most().is_some_and(|most| (20_000.0..=1_000_000.0).contains(&most));
    let open = offer.low != offer.high;
    // `salary range for this position is 145,500.00 - 270,600.00`
    let grouped = offer.two && offer.low.is_some_and(|low| low >= 20_000.0) && offer.most().is_some_and(|most| most <= 1_000_000.0);
    let named = shown || ["salary", "compensation range", "pay range"].iter().any(|word| contains_word(near, word));
    let is_pay = salary && (shown || open && says_pay(words, near) || open && offer.period == Some(PayPeriod::Year))
        || grouped && named
        || offer.period.is_some() && is_labelled(words, near);
    is_pay.then(|| place.money(None, false))
}

/// Whether a form's own label stands right before the figure: `Salary:`, `Pay range -`.
fn is_labelled(words: &PayWords, near: &str) -> bool {
    words.labels.iter().any(|label| is_after(near, label))
}

/// Whether the figure follows this word, signs aside.
fn is_after(near: &str, word: &str) -> bool {
    let near = near.trim_end_matches([' ', ':', '-', '*', ';', '(']);
    near.strip_suffix("up to")
        .unwrap_or(near)
        .trim_end_matches([' ', ':', '-', '*'])
        .strip_suffix(word)
        .is_some_and(|rest| !rest.ends_with(char::is_alphabetic))
}

/// Superannuation is paid beside the wage in Australia alone.
fn is_with_super(after: &str) -> bool {
    let after = after.trim_start();
    after.contains("superannuation")
        || ["+ super", "+super", "plus super", "inc super", "incl super", "including super"].iter().any(|word| after.starts_with(word))
}

/// `annual salary of`, `hourly rate:` before a figure.
fn period_before(words: &PayWords, line: &str) -> Option<PayPeriod> {
    let (at, period) = words
        .period_before
        .iter()
        .flat_map(|words| words.write.iter().filter_map(|word| Some((line.rfind(word.as_str())?, words.period))))
        .max_by_key(|(at, _)| *at)?;
    says_pay(words, &line[at..]).then_some(period)
}

/// Whether the size fits a wage for the period.
fn is_plausible(offer: &Offer, said: bool, labelled: bool) -> bool {
    let (most, least) = (offer.most().unwrap_or(0.0), offer.least().unwrap_or(0.0));
    let rupees = offer.currency == Some(Currency::INR);
    // What stands behind a form's own label is kept as typed: `CTC: 60.0 - 84.0 PA`, `Salary: $90,000 to $110,000 /hour`.
    let labelled = labelled && (offer.is_range() || offer.period == Some(PayPeriod::Hour) && most.fract() > 0.0);
    let by_size = offer.currency.and_then(|currency| pay_words().period_of(most, currency));
    let (from, to) = match offer.period {
        Some(PayPeriod::Hour) if labelled => (2.0, 1_000_000.0),
        Some(PayPeriod::Year) if labelled => (1.0, 100_000_000.0),
        Some(PayPeriod::Hour) => (2.0, 5_000.0),
        Some(PayPeriod::Day) => (15.0, 100_000.0),
        Some(PayPeriod::Week) => (50.0, 500_000.0),
        Some(PayPeriod::Month) => (150.0, 50_000_000.0),
        Some(PayPeriod::Year) if rupees => (20_000.0, 100_000_000.0),
        Some(PayPeriod::Year) => (2_000.0, 50_000_000.0),
        None if said && by_size.is_some() => (500.0, 100_000_000.0),
        None if rupees => (5_000.0, 100_000_000.0),
        None => (5_000.0, 3_000_000.0),
    };
    (from..=to).contains(&most) && least > 0.0 && most <= least.max(1.0) * 20.0
}

/// Whether the figure counts bonus or commission in.
fn is_total(line: &str, near: &str, after: &str) -> bool {
    let after = after.trim_start_matches([' ', ')', ',', '\\', '*']);
    let behind =
        ["ote", "tc", "total comp", "total target", "total cash", "on target", "on-target"].iter().any(|word| after.starts_with(word));
    let before = near.contains("total comp") || near.contains("total target") || near.contains("total cash");
    let on_target = line.contains("(ote)") || line.contains("on-target") || line.contains("on target");
    (behind || before || on_target) && !contains_word(line, "base")
}
