//! Places and the country of the work (ADR 12).
//!
//! A place text is cut into segments; each names cities, areas, states and countries, which explain one another: the country decides
//! which namesake is meant, a state in front of which a land stands makes that land a town. A code counts only in upper case and only
//! where places stand. `open_to` asks the same scanner who may apply for a remote job.

mod name;
mod postal;
mod scanner;
mod segment;
mod town;

pub(super) use name::Name;
pub(super) use postal::{COUNTRY_FIRST, TRADE_WORDS, coded_country};
pub(super) use scanner::PLACE_LINE;
pub use scanner::PlaceScanner;
