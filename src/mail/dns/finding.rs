//! What one look into the DNS found.

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it should.
    Well,
    /// Something is wanting, and letters go out all the same.
    Wanting,
    /// To be mended: receivers will refuse letters, or lay them aside.
    Wrong,
}

/// What one look found, with the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// In words, and the record to publish where one is missing.
    pub says: String,
}

impl Finding {
    pub(in crate::mail::dns) fn well(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, standing: Standing::Well, says: says.into() }
    }

    pub(in crate::mail::dns) fn wanting(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, standing: Standing::Wanting, says: says.into() }
    }

    pub(in crate::mail::dns) fn wrong(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, standing: Standing::Wrong, says: says.into() }
    }
}

/// A text of the DNS for a line: short, and without what moves a terminal.
pub(in crate::mail::dns) fn quoted(text: &str) -> String {
    format!("\"{}\"", crate::domain::line::one_line(text, 200))
}
