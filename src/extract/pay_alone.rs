//! Whether a figure that no word calls pay is shown to be pay by where it stands: alone in a header's part, on its line, in its clause.

use crate::domain::vocabulary::pay_words;
use crate::domain::{Currency, PayPeriod};
use crate::extract::fold::Folded;
use crate::extract::offer::Offer;

/// Which part of a posting a figure stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The title, where hardly anything but pay is counted in money.
    Title,
    /// The text.
    Body,
}

/// Where the header line of a posting must have begun with its figure, in bytes.
const HEADER: usize = 400;

/// A figure alone on its line or in its clause, in the header line of a posting, or a wage in its title.
pub fn stands_alone(text: &Folded<'_>, offer: &Offer, part: Part) -> bool {
    let (before, after) = text.around(offer.start, offer.end, 3, 40);
    let on_line = before.trim_matches([' ', '*']).ends_with('\n') && after.trim_start_matches([' ', '*']).starts_with('\n');
    let piece = text.folded[..offer.start].rsplit('|').next().unwrap_or_default().trim();
    let opens = is_opener(piece) || matches!(piece, "" | "around");
    let yearly = is_wage(offer) && by_size(offer) == Some(PayPeriod::Year);
    on_line
        || is_in_header(text, offer) && (offer.is_sized() || opens && by_size(offer) == Some(PayPeriod::Year))
        || part == Part::Title && is_wage(offer) && is_told_in_a_title(text, offer)
        || is_wage(offer) && opens_the_text(text, offer)
        || yearly && (ends_a_teaser(text, offer) || ends_its_line(text, offer))
}

/// `| 150-200k |`, `Engineer (120K-160K)`: a range in thousands that fills a part of a header, without a sign.
pub fn is_bare_range_of_header(text: &Folded<'_>, offer: &Offer, part: Part) -> bool {
    let salaries = offer.low.is_some_and(|low| low >= 20_000.0) && offer.high.is_some_and(|high| high <= 700_000.0);
    let header = is_in_header(text, offer) || part == Part::Title;
    let (_, after) = text.around(offer.start, offer.end, 0, 4);
    let closed = after.is_empty() || after.trim_start().starts_with(['\n', '|', ')', '+', '&', ',']) || after.starts_with(" - ");
    header && offer.two && offer.times == Some(1_000.0) && salaries && closed && begins_behind(text, offer, &["\n", "|", "(", " - "])
}

/// `FinTech $130K`, `Options. Up to $182k Cusp Principal`, but not `$100K grant programme`: nothing follows, or `up to` stands before.
fn is_told_in_a_title(text: &Folded<'_>, offer: &Offer) -> bool {
    let (_, after) = text.around(offer.start, offer.end, 0, 4);
    let rest = after.trim_start_matches([' ', '!']);
    let parted = rest.is_empty() || rest.starts_with(['\n', '|', '(', ')', '[', ',', '.', '+', '/', '-']);
    (parted || offer.is_sized() && opener_before(text, offer).is_some()) && !is_beyond_a_wage(text, offer)
}

/// `works <$240k`, `$500k`: a size of the work, or more than anybody is paid who is told so without another word.
fn is_beyond_a_wage(text: &Folded<'_>, offer: &Offer) -> bool {
    const MOST: f64 = 250_000.0;
    let before = opener_before(text, offer).unwrap_or(&text.folded[..offer.start]).trim_end();
    offer.most().is_none_or(|most| most > MOST) || before.ends_with('<')
}

/// What stands before the words `up to` or `from` that stand right before the figure.
fn opener_before<'a>(text: &'a Folded<'_>, offer: &Offer) -> Option<&'a str> {
    let known = pay_words();
    let before = text.folded[..offer.start].trim_end();
    let words = known.up_to_before.iter().chain(&known.from_before).filter_map(|word| before.strip_suffix(word.as_str()));
    words.filter(|rest| !rest.ends_with(char::is_alphanumeric)).min_by_key(|rest| rest.len())
}

/// `Max. € 4.500,- | 36 hours`: the first words of a text.
fn opens_the_text(text: &Folded<'_>, offer: &Offer) -> bool {
    const FIRST: usize = 12;
    let (_, after) = text.around(offer.start, offer.end, 0, 4);
    offer.start < FIRST && begins_behind(text, offer, &[]) && after.trim_start().starts_with(['\n', '|', '('])
}

/// `A new build - Leeds CBD $120K`, `a site by the sea. $130K+`: the last words of a line of a board's card.
fn ends_a_teaser(text: &Folded<'_>, offer: &Offer) -> bool {
    const TEASER: usize = 300;
    let near = offer.is_sized() || begins_behind(text, offer, &[". ", ".", " - "]);
    text.folded.len() <= TEASER && near && ends_line(text, offer) && !is_beyond_a_wage(text, offer)
}

/// `Up to £38,000` as a line of its own or behind a dash.
fn ends_its_line(text: &Folded<'_>, offer: &Offer) -> bool {
    begins_behind(text, offer, &["\n", "|", "•", " - "]) && ends_line(text, offer)
}

fn ends_line(text: &Folded<'_>, offer: &Offer) -> bool {
    let after = text.folded[offer.end..].trim_start_matches(['.', '!', '*', '\\', ' ']);
    after.is_empty() || after.starts_with('\n')
}

/// Whether only words such as `up to` stand between the figure and one of these marks, or the beginning of the text.
fn begins_behind(text: &Folded<'_>, offer: &Offer, marks: &[&str]) -> bool {
    let (before, _) = text.around(offer.start, offer.end, 40, 0);
    let begins = (before.len() == offer.start).then_some(0);
    let Some(left) = marks.iter().filter_map(|mark| before.rfind(mark).map(|at| at + mark.len())).max().or(begins) else { return false };
    let lead = before[left..].trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '>' | '~'));
    lead.is_empty() || is_opener(lead)
}

/// Whether the figure stands in the first line, where that is parted by strokes.
fn is_in_header(text: &Folded<'_>, offer: &Offer) -> bool {
    let head = &text.folded[..offer.start];
    offer.start < HEADER && head.contains('|') && !head.contains('\n')
}

/// What the size of the figure says of its period.
fn by_size(offer: &Offer) -> Option<PayPeriod> {
    offer.most().zip(offer.currency).and_then(|(most, currency)| pay_words().period_of(most, currency))
}

/// Whether a signed figure has the size of a wage: a year's, or a month's where people are paid by the month; rupees say too little.
fn is_wage(offer: &Offer) -> bool {
    const YEARLY: std::ops::RangeInclusive<f64> = 15_000.0..=600_000.0;
    const MONTHLY: std::ops::RangeInclusive<f64> = 1_000.0..=60_000.0;
    let Some((least, most)) = offer.least().zip(offer.most()) else { return false };
    let plain = offer.currency != Some(Currency::INR) && offer.times.is_none_or(|times| times < 1e6);
    plain
        && match by_size(offer) {
            Some(PayPeriod::Year) => YEARLY.contains(&most) && least * 3.0 >= most,
            Some(PayPeriod::Month) => MONTHLY.contains(&least),
            _ => false,
        }
}

/// `up to`, `from`, `circa`.
fn is_opener(words: &str) -> bool {
    let known = pay_words();
    matches!(words, "ca" | "ca." | "circa" | "~" | "approx" | "approx." | "netto" | "brutto")
        || known.up_to_before.iter().chain(&known.from_before).any(|word| word == words)
}
