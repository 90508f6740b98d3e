//! What pages and letters say, in the reader's language: the texts of `config/texts`, one file a language, and numbers, days and pay as
//! people of that language write them.
//!
//! `catalogue` reads the files (Fluent) and says a text; `number`, `day`, `pay` and `cadence` write values; `template` gives templates `t`.

mod cadence;
mod catalogue;
mod day;
pub(in crate::domain) mod number;
mod pay;
mod template;

pub use cadence::cadence;
pub use catalogue::{Text, say, word};
pub use day::{long_day, short_day};
pub use number::number;
pub use pay::{figures, pay};
pub use template::teach;
