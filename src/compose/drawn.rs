//! Cards as they stand in letters: one that looks the same for many readers is drawn once, and each gets a link of its own into it.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use minijinja::{Environment, Value, context};

use crate::compose::age::Age;
use crate::compose::card::{Card, places};
use crate::compose::letter::{LetterListing, Reading};
use crate::compose::links::Links;
use crate::compose::templates::{Fault, render_one};
use crate::domain::language::Language;
use crate::domain::token::Signer;

/// Cards kept at most; beyond it all are drawn anew. One takes some four kilobytes.
const MOST: usize = 1_000;

/// The cards that were drawn of late in one language.
pub(in crate::compose) struct Board {
    language: Language,
    /// Stands in them where the token of a reader belongs: made of the same letters as one, and known to nobody who writes listings.
    mark: String,
    drawn: Mutex<HashMap<Look, Arc<Drawn>>>,
    /// Keyed by chance, so that nobody can write two wishes that come out alike.
    digests: RandomState,
}

/// What two cards of one reading of a listing can differ in. What the listing itself says is in none: read anew it is another reading.
#[derive(PartialEq, Eq, Hash)]
struct Look {
    reading: Reading,
    age: Age,
    /// Where the job is open in other places, which are listings of their own.
    places: String,
    /// A digest of the reasons.
    reasons: u64,
}

/// A card in both parts of a letter, cut where the token of a reader belongs; its words, and the same as templates know them.
pub(in crate::compose) struct Drawn {
    pub card: Card,
    pub words: Value,
    html: Vec<String>,
    text: Vec<String>,
}

impl Board {
    pub(in crate::compose) fn new(signer: &Signer, language: Language) -> Self {
        Self { language, mark: signer.digest("card", "token"), drawn: Mutex::default(), digests: RandomState::new() }
    }

    /// A listing as the templates draw it.
    pub(in crate::compose) fn drawn(
        &self,
        engine: &Environment<'static>,
        links: &Links,
        shown: &LetterListing<'_>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Drawn>, Fault> {
        let LetterListing { listing, reading, reasons, also } = shown;
        let places = if also.is_empty() { String::new() } else { places(listing, also, self.language) };
        let reasons = self.digests.hash_one(reasons);
        let this = Look { reading: *reading, age: Age::of(listing.published_at(), now), places, reasons };
        let lock = || self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&this) {
            return Ok(Arc::clone(known));
        }
        let drawn = Arc::new(self.draw(engine, links, Card::of(shown, links, now, self.language))?);
        let mut kept = lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(this, Arc::clone(&drawn));
        Ok(drawn)
    }

    fn draw(&self, engine: &Environment<'static>, links: &Links, card: Card) -> Result<Drawn, Fault> {
        let words = card.words();
        let context = context! { card => context! { feedback_url => links.feedback_by(&self.mark), ..words.clone() } };
        let cut = |whole: String| whole.split(&self.mark).map(str::to_owned).collect();
        let html = cut(render_one(engine, "shared/card.html", &context)?);
        let text = cut(render_one(engine, "shared/card.txt", &context)?);
        Ok(Drawn { card, words, html, text })
    }
}

impl Drawn {
    /// For the reader of a token: markup.
    pub(in crate::compose) fn html(&self, token: &str) -> Value {
        Value::from_safe_string(self.html.join(token))
    }

    /// For the reader of a token: text.
    pub(in crate::compose) fn text(&self, token: &str) -> Value {
        Value::from(self.text.join(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::sample::{HOSTILE, Sample};
    use crate::compose::templates::TemplateSet;
    use crate::domain::digest::{Criterion, Reason, Verdict};

    fn board() -> (Environment<'static>, Links, Board) {
        let signer = Signer::new(b"a secret of the house");
        let links = Links::new(&"https://jobs.example.org".parse().unwrap(), signer.clone());
        (TemplateSet::built_in().engine(Language::English).unwrap(), links, Board::new(&signer, Language::English))
    }

    #[test]
    fn a_card_that_is_drawn_once_has_the_link_of_each_reader() {
        let (engine, links, board) = board();
        let card =
            Card { title: HOSTILE.to_owned(), fits: vec!["pay".to_owned()], apply_url: "https://a.example/".to_owned(), ..Card::default() };
        let drawn = board.draw(&engine, &links, card).unwrap();
        for token in ["AQ-_x", "another"] {
            let context = context! { card => context! { feedback_url => links.feedback_by(token), ..drawn.words.clone() } };
            assert_eq!(drawn.html(token).as_str(), render_one(&engine, "shared/card.html", &context).ok().as_deref());
            assert_eq!(drawn.text(token).as_str(), render_one(&engine, "shared/card.txt", &context).ok().as_deref());
        }
    }

    #[test]
    fn a_card_is_drawn_anew_whatever_of_it_is_another() {
        let (engine, links, board) = board();
        let (sample, now) = (Sample::new(), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let drawn = |shown: &LetterListing<'_>, now| board.drawn(&engine, &links, shown, now).unwrap();
        let shown = LetterListing { listing: &sample.full, reading: Reading::new(), reasons: vec![], also: vec![] };
        let first = drawn(&shown, now);
        assert!(Arc::ptr_eq(&first, &drawn(&shown, now)), "it is drawn once");
        let reason = |wish: &str| Reason {
            criterion: Criterion::Skills,
            verdict: Verdict::Holds,
            wish: wish.to_owned(),
            found: String::new(),
            evidence: String::new(),
        };
        let mut changed = sample.full.clone();
        changed.posting.title = "Another title".to_owned();
        changed.facts.pay = None;
        for (other, now) in [
            (LetterListing { listing: &changed, reading: Reading::new(), ..shown.clone() }, now),
            (LetterListing { reasons: vec![reason("rust")], ..shown.clone() }, now),
            (LetterListing { reasons: vec![reason("go")], ..shown.clone() }, now),
            (LetterListing { also: vec![&sample.bare], ..shown.clone() }, now),
            (shown.clone(), now + chrono::Duration::days(40)),
        ] {
            let other = drawn(&other, now);
            assert!(!Arc::ptr_eq(&first, &other));
        }
        let anew = drawn(&LetterListing { listing: &changed, reading: Reading::new(), ..shown.clone() }, now);
        assert!(anew.html("x").to_string().contains("Another title") && anew.card.pay.is_empty());
        assert!(drawn(&LetterListing { reasons: vec![reason("go")], ..shown.clone() }, now).text("x").to_string().contains("go"));
    }
}
