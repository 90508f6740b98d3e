//! A line of `rolecall check`.

/// How one check came out.
#[derive(Debug, serde::Serialize)]
pub struct Line {
    /// What was looked at.
    pub check: &'static str,
    /// Nothing is wrong.
    pub well: bool,
    /// Nothing is wrong, but something is wanting.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub warns: bool,
    /// In words, with the mend.
    pub says: String,
}

/// All is well.
pub fn well(check: &'static str, says: impl Into<String>) -> Line {
    Line { check, well: true, warns: false, says: says.into() }
}

/// Something is wanting.
pub fn warn(check: &'static str, says: impl Into<String>) -> Line {
    Line { warns: true, ..well(check, says) }
}

/// Something is wrong.
pub fn ill(check: &'static str, says: impl Into<String>) -> Line {
    Line { check, well: false, warns: false, says: says.into() }
}
