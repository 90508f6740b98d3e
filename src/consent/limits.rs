//! How much one person may have.

/// Most alerts of one subscriber; nobody reads more.
pub const MOST_ALERTS: usize = 50;

/// Longest name of an alert, in characters.
pub const MAX_NAME_CHARS: usize = 100;
