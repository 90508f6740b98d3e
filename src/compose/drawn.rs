//! Cards as they stand in letters: one that looks the same for many readers is drawn once, and each gets a link of its own into it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::{Environment, Value, context};

use crate::compose::card::Card;
use crate::compose::links::Links;
use crate::compose::templates::{Fault, render_one};
use crate::domain::token::Signer;

/// Cards kept at most; beyond it all are drawn anew. One takes some three kilobytes.
const MOST: usize = 1_000;

/// The cards that were drawn of late in one language.
pub(in crate::compose) struct Board {
    /// Stands in them where the token of a reader belongs: made of the same letters as one, and known to nobody who writes listings.
    mark: String,
    drawn: Mutex<HashMap<Card, Arc<Drawn>>>,
}

/// A card in both parts of a letter, cut where the token of a reader belongs.
pub(in crate::compose) struct Drawn {
    html: Vec<String>,
    text: Vec<String>,
}

impl Board {
    pub(in crate::compose) fn new(signer: &Signer) -> Self {
        Self { mark: signer.digest("card", "token"), drawn: Mutex::default() }
    }

    /// A card as the templates draw it.
    pub(in crate::compose) fn drawn(&self, engine: &Environment<'static>, links: &Links, card: &Card) -> Result<Arc<Drawn>, Fault> {
        let lock = || self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(card) {
            return Ok(Arc::clone(known));
        }
        let context = context! { card => card.value(&links.feedback_by(&self.mark)) };
        let cut = |whole: String| whole.split(&self.mark).map(str::to_owned).collect();
        let html = cut(render_one(engine, "shared/card.html", &context)?);
        let text = cut(render_one(engine, "shared/card.txt", &context)?);
        let drawn = Arc::new(Drawn { html, text });
        let mut kept = lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(card.clone(), Arc::clone(&drawn));
        Ok(drawn)
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
    use crate::compose::sample::HOSTILE;
    use crate::compose::templates::TemplateSet;
    use crate::domain::language::Language;

    #[test]
    fn a_card_that_is_drawn_once_has_the_link_of_each_reader() {
        let signer = Signer::new(b"a secret of the house");
        let links = Links::new(&"https://jobs.example.org".parse().unwrap(), signer.clone());
        let (engine, board) = (TemplateSet::built_in().engine(Language::English).unwrap(), Board::new(&signer));
        let apply_url = "https://a.example/".to_owned();
        let card = Card { title: HOSTILE.to_owned(), fits: vec!["pay".to_owned()], apply_url, ..Card::default() };
        for token in ["AQ-_x", "another"] {
            let drawn = board.drawn(&engine, &links, &card).unwrap();
            let context = context! { card => card.value(&links.feedback_by(token)) };
            assert_eq!(drawn.html(token).as_str(), render_one(&engine, "shared/card.html", &context).ok().as_deref());
            assert_eq!(drawn.text(token).as_str(), render_one(&engine, "shared/card.txt", &context).ok().as_deref());
        }
        let other = Card { pay: "₹18 lakh".to_owned(), ..card };
        assert!(board.drawn(&engine, &links, &other).unwrap().html("x").to_string().contains("₹18 lakh"), "another card is drawn anew");
        assert_eq!(board.drawn.lock().unwrap().len(), 2);
    }
}
