//! Holds preferences against listings: compile, block, evaluate, rank, reasons.
//!
//! # How
//! Everything that preferences ask for - a skill, a word or phrase, a class of levels and contracts, a least pay, a place - has one
//! number, its slot. [`Programs::compile`] turns each alert into a short row of expressions over slots. A [`Block`] lays listings out
//! as bit lanes; reading it fills one [`Mask`] a slot; then ANDing and ORing masks decides 64 or 512 listings at once. Programs that
//! begin alike stand together and are passed over together where no lane is left. Phrases and fields need no second look: the walk
//! over a listing's words knows where a longer term goes on. [`reasons()`] and [`score`] say of one listing what programs decide for many; `tests/it`
//! holds both to a brute-force definition.
//!
//! # How part 6 of the contract is read where it is short
//! - **Role** is always known. **Education** too: a listing that says nothing is `none_stated`, a value one can wish for.
//! - **Level, work mode, contract**: unknown passes unless the facet says `exclude`; no values with `exclude` demands that it is said.
//! - **Skills** compare by canonical names; a listing without skills names none: it fails `any` and `all` and passes `none`.
//! - **Experience**: a listing that asks for at most the years one has, or does not say, passes.
//! - **Salary**: the most that is offered (else the least), per year and in dollars, reaches the wish. Pay without figure, currency, period
//!   or rate is undisclosed; a wish in a currency without a rate can be compared with no pay.
//! - **Companies** compare by folded names. Where none is named, `only` follows its `unknown`, `never` passes.
//! - **Places**: none wished for passes. A remote listing passes when remote is wanted and it names no country or the home country.
//!   Any other passes when one wish fits one of its places (its country alone where it names no place; the country of a place that
//!   names none). A wish fits by country and by the city's canonical name, or by distance where both points are known; one for an area
//!   (Delhi NCR) is one for each of its cities. A part that the listing does not say passes unless the facet says `exclude`.
//! - **Keywords**: a term holds if its words stand side by side within title, company or text, never across; `skill:` looks within
//!   one canonical skill name.

mod block;
mod class;
mod code;
mod mask;
mod place;
mod programs;
mod rank;
mod ranked;
mod reading;
mod reasons;
mod slots;
mod subject;
mod verdict;
mod wishes;

pub use block::{Block, KeptBlock, Lanes, SmallBlock, WideBlock};
pub use mask::Mask;
pub use programs::{Programs, matches};
pub use rank::{Candidate, score, select};
pub use reasons::reasons;
pub use subject::Subject;
