//! What the DNS says of the domains that letters are from, held against what it must say for letters to be welcome.

mod ask;
mod dkim;
mod dmarc;
mod finding;
mod host;
mod spf;
mod survey;

pub use ask::{Dns, DnsFault};
pub use finding::{Finding, Standing};
pub use survey::{Domains, survey};
