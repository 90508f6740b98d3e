//! The subject of an alert: facts first, from the best listing, short enough for a phone.

use crate::compose::card::Card;
use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::texts::say;

/// Longest subject, in characters: what mail programs on phones show.
pub(in crate::compose) const MAX_SUBJECT: usize = 60;

/// `Rust Backend Engineer, ₹18-26 lakh a year, Pune + 6 more`: the title, then as many of pay and place (or, with `company`, the
/// company and the pay) as there is room for. The count is never cut.
pub(in crate::compose) fn headline(best: &Card, others: u32, with_company: bool, language: Language) -> String {
    let tail = if others == 0 { String::new() } else { format!(" {}", say(language, "letter-headline-more", &[("count", others.into())])) };
    let room = MAX_SUBJECT - tail.chars().count();
    let facts = if with_company { [&best.company, &best.pay_short] } else { [&best.pay_short, &best.place] };
    let mut text = one_line(&best.title, room);
    for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
        let longer = format!("{text}, {fact}");
        if longer.chars().count() <= room {
            text = longer;
        }
    }
    text + &tail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(title: &str, pay: &str, place: &str) -> Card {
        Card { title: title.into(), pay_short: pay.into(), place: place.into(), company: "Ledgerline".into(), ..Card::default() }
    }

    #[test]
    fn a_subject_names_the_best_listing_and_how_many_more() {
        let card = card("Rust Backend Engineer", "₹18-26 lakh", "Pune");
        assert_eq!(headline(&card, 6, false, Language::English), "Rust Backend Engineer, ₹18-26 lakh, Pune + 6 more");
        assert_eq!(headline(&card, 0, true, Language::English), "Rust Backend Engineer, Ledgerline, ₹18-26 lakh");
    }

    #[test]
    fn a_long_title_never_costs_the_count_and_never_passes_the_limit() {
        let long = headline(&card(&"Principal Engineer ".repeat(20), "₹18-26 lakh", "Pune"), u32::MAX, false, Language::English);
        assert!(long.chars().count() <= MAX_SUBJECT && long.ends_with("… + 4294967295 more"), "{long}");
        let snug = headline(&card("Senior Site Reliability and Backend Engineer", "₹18-26 lakh", "Pune"), 12, false, Language::English);
        assert_eq!(snug, "Senior Site Reliability and Backend Engineer, Pune + 12 more");
    }
}
