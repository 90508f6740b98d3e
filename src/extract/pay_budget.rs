//! Words that stand before pay and before other money too: `budget`, `stipend`, `LPM`.

use crate::domain::Currency;
use crate::domain::vocabulary::pay_words;
use crate::extract::fold::Folded;
use crate::extract::offer::Offer;

/// What may stand before `budget` where it is what a person is paid: `Client budget 1.4 LPM`, but no `training budget`.
const BUDGET_OF: &[&str] = &[
    "",
    "our",
    "the",
    "my",
    "client",
    "clients",
    "client's",
    "client’s",
    "max",
    "maximum",
    "approved",
    "hiring",
    "salary",
    "pay",
    "position",
    "fixed",
];

/// `Budget: upto 22 Lakhs per annum`: with its period written, and of the size of a wage, it is what the person is paid.
pub fn is_budget_of_a_person(line: &str, after: &str, offer: &Offer) -> bool {
    const WAGE: std::ops::RangeInclusive<f64> = 10_000.0..=600_000.0;
    const WAGE_IN_RUPEES: std::ops::RangeInclusive<f64> = 100_000.0..=15_000_000.0;
    let wage = if offer.currency == Some(Currency::INR) { WAGE_IN_RUPEES } else { WAGE };
    let a_year = offer.most().zip(offer.period).map(|(units, period)| units * period.per_year());
    let clause = line.rsplit(['.', '|', ';', '•', ',']).next().unwrap_or(line);
    let marks = |c: char| matches!(c, ' ' | ':' | '-' | '*' | '~' | '=');
    let clause = clause.trim_matches(marks);
    let open = pay_words().up_to_before.iter().find_map(|word| clause.strip_suffix(word.as_str())?.strip_suffix(marks));
    let clause = open.unwrap_or(clause).trim_matches(marks);
    let of = ["budget is", "budget range", "budget"].iter().find_map(|word| clause.strip_suffix(word));
    of.is_some_and(|of| BUDGET_OF.contains(&of.trim()))
        && a_year.is_some_and(|units| wage.contains(&units))
        && !after.trim_start().starts_with("for ")
}

/// `Stipend 15,000/month for first 6 months then 2.4 LPA`: what follows is the pay.
pub fn is_stipend_before_pay(text: &Folded<'_>, offer: &Offer) -> bool {
    let (before, after) = text.around(offer.start, offer.end, 30, 60);
    let after = after.split('\n').next().unwrap_or(after);
    let later = ["then ", "after that", "afterwards", "followed by"].iter().filter_map(|word| after.find(word)).min();
    before.contains("stipend") && later.is_some_and(|at| after[at..].contains(|c: char| c.is_ascii_digit()))
}

/// `20 LPM`: litres and lines a minute are written as lakhs a month are.
pub fn is_perhaps_a_flow(text: &Folded<'_>, offer: &Offer) -> bool {
    text.folded[offer.start..offer.end].contains("lpm")
}
