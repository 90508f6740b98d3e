//! What a request wants of a board.

use serde::Deserialize;

use crate::demo::catalogue::BoardKind;
use crate::demo::wire::greenhouse::Content;

/// One request, whichever platform it is for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The platform.
    pub kind: BoardKind,
    /// The board; empty for the first list of a platform that does not name its boards.
    pub board: String,
    /// The query.
    pub turn: Turn,
}

/// Which part of a list is wanted; each platform reads its own keys, unknown keys are ignored as they are there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// Greenhouse: with the texts.
    pub content: Option<String>,
    /// Arbeitnow: the page, from 1.
    pub page: Option<usize>,
    /// Lever: so many postings are left out.
    pub skip: Option<usize>,
    /// Lever: so many at most.
    pub limit: Option<usize>,
}

impl Turn {
    /// Whether Greenhouse's texts are wanted.
    pub fn content(&self) -> Content {
        if self.content.as_deref() == Some("true") { Content::Full } else { Content::Titles }
    }

    /// The page wanted, from 1.
    pub fn page(&self) -> usize {
        self.page.unwrap_or(1).max(1)
    }

    /// How many postings come before the ones wanted.
    pub fn skip(&self) -> usize {
        self.skip.unwrap_or(0)
    }
}
