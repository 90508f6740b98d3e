//! The kinds there are, by name.

use crate::domain::nearest::nearest;
use crate::sources::kind::Kind;
use crate::sources::{arbeitnow, ashby, file, greenhouse, jobicy, lever, push, rss};

/// Every kind, by the order of the manual.
#[rustfmt::skip]
static KINDS: &[Kind] = &[
    // Boards of one employer, list and text in one call.
    greenhouse::KIND,
    lever::KIND,
    ashby::KIND,
    // Boards of one employer, a call for each text.
    // Boards of many employers.
    arbeitnow::KIND,
    jobicy::KIND,
    // Open formats.
    rss::KIND,
    file::KIND,
    push::KIND,
];

/// Every kind there is.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// The kind of a name.
///
/// # Errors
/// A hint: the nearest kind, or all of them.
pub fn find(name: &str) -> Result<&'static Kind, String> {
    let names = || KINDS.iter().map(|kind| kind.name);
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| match nearest(name, names()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
    })
}
