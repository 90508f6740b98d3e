//! Why something a person asks for is not done.

use crate::consent::limits::{MAX_NAME_CHARS, MOST_ALERTS};
use crate::domain::preferences::PreferencesError;
use crate::store::StoreError;

/// What can go wrong when a person asks for something.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The store does not answer; nothing was changed, the same may be asked again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The wishes make no sense.
    #[error(transparent)]
    Preferences(#[from] PreferencesError),
    /// The name is too long.
    #[error("the name of an alert has at most {MAX_NAME_CHARS} characters: shorten it")]
    Name,
    /// As many alerts as one person may have.
    #[error("there are {MOST_ALERTS} alerts already: change or end one of them")]
    TooManyAlerts,
    /// The machine gives no random numbers; no token can be made.
    #[error("the system's random source does not answer: {0}")]
    Chance(getrandom::Error),
}
