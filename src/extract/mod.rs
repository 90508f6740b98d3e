//! Turns a posting into facts, each with the words it rests on.
//!
//! The text is taken out of its HTML once and folded so that every byte stays where it was; each file reads one fact from it.
//! What is not said stays unknown. The words themselves are data: `config/vocabulary/*.toml`.

mod address;
mod date;
mod education;
mod employer;
mod employment;
mod experience;
mod extractor;
mod figure;
mod fingerprint;
mod fold;
mod html;
mod level_text;
mod level_title;
mod likeness;
mod number;
mod offer;
mod open_to;
mod optional;
mod pay;
mod pay_alone;
mod pay_budget;
mod pay_extras;
mod pay_place;
mod pay_worth;
mod perks;
mod phrase;
mod place;
mod role;
mod seniority;
mod skill_context;
mod skills;
mod terms;
mod title_key;
mod work_mode;

pub use extractor::Extractor;
pub use html::html_to_text;
