//! What the templates of welcome letters, instant alerts and digests are filled with.

use std::sync::Arc;

use minijinja::{Value, context};

use crate::compose::card::Card;
use crate::compose::drawn::Drawn;
use crate::compose::letter::{AlertLetter, LetterListing};
use crate::compose::links::Links;
use crate::compose::subject::headline;
use crate::compose::values::{MAX_ALERT_NAME, alert_name, subscription_value};
use crate::domain::delivery::DeliveryKind;
use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::listing::Listing;
use crate::domain::listing_event::{Difference, ListingEvent};
use crate::domain::texts::{cadence, say, word};

/// Companies named under "more" before the rest is summed up.
const MAX_MORE_ROWS: usize = 8;
/// Jobs of earlier letters of which is told what became, and the length of a value that changed, in characters.
const MAX_SINCE: usize = 5;
const MAX_CHANGE: usize = 60;
/// The length of the preview line that mail programs show behind the subject, in characters.
const MAX_PREHEADER: usize = 110;

/// All of it but the service.
pub(in crate::compose) fn alert_value(
    letter: &AlertLetter<'_>,
    cards: &[Arc<Drawn>],
    links: &Links,
    unsubscribe_url: &str,
    language: Language,
) -> Value {
    let shown = u32::try_from(cards.len()).unwrap_or(u32::MAX);
    // What is said to fit is open now: shown + more = total.
    let total = letter.total.saturating_sub(letter.closed).max(shown);
    let more = total - shown;
    let instant = letter.delivery.kind == DeliveryKind::Instant;
    let best = cards.first().map_or_else(String::new, |best| headline(&best.card, total - 1, instant, language));
    context! {
        alert => subscription_value(letter.subscription, letter.confirmed_at, language),
        headline => best,
        preheader => preheader(cards, letter, language),
        cards => card_values(letter, links, cards),
        shown,
        total,
        closed => letter.closed,
        more => more_value(&letter.more, more),
        since => since_value(&letter.since, links, language),
        digest_url => links.digest(letter.delivery),
        manage_url => links.manage(letter.delivery),
        unsubscribe_url,
    }
}

/// The cards as they are drawn (`html`, `text`), and what stands in them.
fn card_values(letter: &AlertLetter<'_>, links: &Links, cards: &[Arc<Drawn>]) -> Vec<Value> {
    let value = |(shown, drawn): (&LetterListing<'_>, &Arc<Drawn>)| {
        let token = links.feedback_token(letter.delivery, letter.subscription.id, shown.listing.id);
        let feedback_url = links.feedback_by(&token);
        context! { html => drawn.html(&token), text => drawn.text(&token), feedback_url, ..drawn.words.clone() }
    };
    letter.listings.iter().zip(cards).map(value).collect()
}

/// What mail programs show behind the subject: the second and third best, or what the only one says of itself.
fn preheader(cards: &[Arc<Drawn>], letter: &AlertLetter<'_>, language: Language) -> String {
    let named = |card: &Card| {
        let facts = [&card.title, &card.company, &card.pay_short];
        facts.into_iter().filter(|fact| !fact.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    };
    let text = match cards {
        [] => format!("{}: {}", alert_name(letter.subscription, language), cadence(language, &letter.subscription.cadence)),
        [only] => [only.card.company.as_str(), only.card.summary.as_str()].join(": "),
        [_, rest @ ..] => rest.iter().take(2).map(|drawn| named(&drawn.card)).collect::<Vec<_>>().join(" · "),
    };
    one_line(&text, MAX_PREHEADER)
}

/// How many are not shown, by company as far as that is known; the rows and `others` add up to `count`.
fn more_value(companies: &[(String, u32)], count: u32) -> Value {
    let mut left = count;
    let mut rows = Vec::new();
    for (company, theirs) in companies.iter().take(MAX_MORE_ROWS) {
        let theirs = (*theirs).min(left);
        if theirs > 0 {
            left -= theirs;
            rows.push(context! { company => one_line(company, MAX_ALERT_NAME), count => theirs });
        }
    }
    context! { count, rows, others => left }
}

/// What became of jobs that the reader liked, a line each; what is not shown is counted.
fn since_value(since: &[(Listing, ListingEvent)], links: &Links, language: Language) -> Value {
    let line = |(listing, event): &(Listing, ListingEvent)| {
        let title = Some(one_line(&listing.posting.title, MAX_ALERT_NAME)).filter(|title| !title.is_empty());
        context! {
            what => word(language, "event", event.kind.as_str()),
            title => title.unwrap_or_else(|| say(language, "letter-a-job", &[])),
            company => one_line(listing.company(), MAX_ALERT_NAME),
            url => links.job(listing.id),
            changes => event.differences.iter().map(|one| change_words(one, language)).collect::<Vec<_>>(),
        }
    };
    let rows: Vec<Value> = since.iter().take(MAX_SINCE).map(line).collect();
    context! { more => since.len() - rows.len(), rows }
}

/// `pay: 30 LPA, was not stated`
fn change_words(difference: &Difference, language: Language) -> String {
    let said = |text: &Option<String>| {
        let line = one_line(text.as_deref().unwrap_or_default(), MAX_CHANGE);
        if line.is_empty() { say(language, "letter-not-stated", &[]) } else { line }
    };
    let part = word(language, "part", difference.part.as_str());
    let values = [("part", part.into()), ("after", said(&difference.after).into()), ("before", said(&difference.before).into())];
    say(language, "letter-changed", &values)
}
