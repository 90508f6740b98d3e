//! What a platform's file provides: what to ask first, and how an answer reads into postings and further requests.
//!
//! The work of one fetch is a small state machine: [`Adapter::first`], then [`Adapter::read`] on every page until no request is
//! left. Whatever an adapter must remember from one page to the next travels in the request (`about`), so adapters hold no state.

use std::path::PathBuf;

use url::Url;

use crate::domain::{FetchFault, Posting};

/// A platform's way of publishing jobs.
pub trait Adapter: std::fmt::Debug + Send + Sync {
    /// What to ask, or open, first.
    fn first(&self) -> First;

    /// Reads one answer into postings and what to ask next.
    ///
    /// `source` and the operator's own company are filled in by the caller.
    ///
    /// # Errors
    /// The answer as a whole is not of this platform's shape; a single bad posting is no error but a [`BadPosting`].
    fn read(&self, page: &Page) -> Result<Reading, ReadError>;

    /// Whether a sender with this token may bring postings; nobody may, unless the kind waits for them.
    fn admits(&self, _token: &str) -> bool {
        false
    }
}

/// How a fetch begins.
#[derive(Debug, Clone)]
pub enum First {
    /// By asking a server.
    Ask(Request),
    /// By opening a file, or all files of a folder.
    Open(PathBuf),
    /// Not by us: postings are brought.
    Wait,
}

/// One request to a server.
#[derive(Clone)]
pub struct Request {
    /// Where to.
    pub url: Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// Further headers, such as a key; their values are never shown.
    pub headers: Vec<(&'static str, String)>,
    /// What to send; with a body the method is POST.
    pub body: Option<Body>,
    /// The posting that this request completes, for platforms that keep the text on a page of its own.
    pub about: Option<Box<Posting>>,
    /// What is asked: an interface made for programs, or a page made for people.
    pub made_for: MadeFor,
}

/// Whom an address was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeFor {
    /// Programs: an interface or a feed.
    Programs,
    /// People: the host's `robots.txt` (RFC 9309) says whether a program may read it.
    People,
}

/// What a POST sends.
#[derive(Debug, Clone)]
pub enum Body {
    /// A JSON document.
    Json(String),
}

impl Request {
    fn get(url: Url, accept: &'static str) -> Self {
        Self { url, accept, headers: Vec::new(), body: None, about: None, made_for: MadeFor::Programs }
    }

    /// A GET that wants JSON.
    pub fn json(url: Url) -> Self {
        Self::get(url, "application/json")
    }

    /// A GET that wants XML.
    pub fn xml(url: Url) -> Self {
        Self::get(url, "application/xml, text/xml;q=0.9, */*;q=0.5")
    }

    /// A GET that wants a feed.
    pub fn feed(url: Url) -> Self {
        Self::get(url, "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5")
    }

    /// A GET of a page made for people.
    pub fn page(url: Url) -> Self {
        Self { made_for: MadeFor::People, ..Self::get(url, "text/html, application/xhtml+xml;q=0.9, */*;q=0.5") }
    }

    /// The same as a POST of a JSON document.
    #[must_use]
    pub fn post(self, json: String) -> Self {
        Self { body: Some(Body::Json(json)), ..self }
    }

    /// The same with a further header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, to complete a posting that a list named.
    #[must_use]
    pub fn about(self, posting: Posting) -> Self {
        Self { about: Some(Box::new(posting)), ..self }
    }
}

/// Keys may stand in the query and in headers: neither is shown.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        let (host, about) = (self.url.host_str(), self.about.as_ref().map(|posting| &posting.id));
        f.debug_struct("Request").field("host", &host).field("headers", &headers).field("about", &about).finish_non_exhaustive()
    }
}

/// The address of a call: `base` with path segments added, each escaped, and a query.
pub fn endpoint(base: &Url, segments: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// What was asked; for a file, its `file:` address.
    pub request: Request,
    /// The bytes of the answer, decompressed.
    pub bytes: Vec<u8>,
}

impl Page {
    /// A number of the query that asked for this page, such as `skip` or `page`.
    pub fn number(&self, key: &str) -> Option<usize> {
        self.request.url.query_pairs().find(|(name, _)| name == key)?.1.parse().ok()
    }

    /// A number of the body that asked for this page, also one written as a text.
    pub fn number_in_body(&self, key: &str) -> Option<usize> {
        let Some(Body::Json(body)) = &self.request.body else { return None };
        let sent: serde_json::Value = serde_json::from_str(body).ok()?;
        sent[key].as_str().map_or_else(|| usize::try_from(sent[key].as_u64()?).ok(), |text| text.parse().ok())
    }
}

/// What one page says.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The postings that could be read.
    pub postings: Vec<Posting>,
    /// Those that could not, each with its reason.
    pub bad: Vec<BadPosting>,
    /// How many entries the page listed, those left out on purpose included.
    pub items: usize,
    /// The further pages to ask for; nothing when this was the last one.
    pub next: Vec<Request>,
    /// One request for each posting whose text stands on a page of its own; each is [`Request::about`] what the list said of it.
    /// A posting is asked for once, and again only when what the list says of it changes or a week has passed.
    pub details: Vec<Request>,
    /// Entries left out because another has the same id; filled in by the caller.
    pub repeated: usize,
    /// Ids that the platform itself says are closed.
    pub closed: Vec<String>,
    /// Whether the pages together are all there is.
    pub completeness: Completeness,
}

/// What the absence of a posting means for this kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Completeness {
    /// Nothing: the answer holds the newest only.
    #[default]
    Newest,
    /// The job is closed: all pages together are the whole board.
    Whole,
    /// The job is closed, if all pages together hold this many entries.
    Counted(usize),
}

/// An entry that could not be read; its neighbours were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPosting {
    /// Which entry of the answer, counted from 0.
    pub index: usize,
    /// Its id, where that much could be read.
    pub id: Option<String>,
    /// What is wrong, naming the place.
    pub reason: String,
}

/// Why an answer as a whole could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not of the platform's shape.
    #[error("at {place}: {reason}")]
    Shape {
        /// Where in the answer.
        place: String,
        /// What was found there.
        reason: String,
    },
    /// A page for people came instead of data.
    #[error("a web page came instead of data{}", title.as_deref().map(|title| format!(", titled {title:?}")).unwrap_or_default())]
    WebPage {
        /// The page's title.
        title: Option<String>,
        /// Whether it looks like a check for robots.
        kind: WebPage,
    },
    /// No adapter of that name.
    #[error("unknown kind {kind:?}; {hint}")]
    UnknownKind {
        /// What was given.
        kind: String,
        /// The nearest kind, or where to look.
        hint: String,
    },
    /// The reader gave up on the answer: a fault of ours, which costs only this answer.
    #[error("the answer could not be read by the {kind} adapter; please report it with the answer")]
    Gave {
        /// The adapter.
        kind: String,
    },
}

/// What sort of page came where data was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebPage {
    /// A check whether we are a person.
    Challenge,
    /// Anything else: a notice, an error, a front page.
    Other,
}

impl ReadError {
    /// A shape error at a place.
    pub fn shape(place: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Shape { place: place.into(), reason: reason.to_string() }
    }

    /// The fault it means for the source.
    pub const fn fault(&self) -> FetchFault {
        match self {
            Self::Shape { .. } | Self::Gave { .. } | Self::WebPage { kind: WebPage::Other, .. } => FetchFault::ChangedFormat,
            Self::WebPage { kind: WebPage::Challenge, .. } => FetchFault::Blocked,
            Self::UnknownKind { .. } => FetchFault::Misconfigured,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_escapes_what_the_operator_wrote() {
        let base = Url::parse("http://127.0.0.1:9/mirror/").unwrap();
        let url = endpoint(&base, &["v1", "boards", "A/B ..?c#d"], &[("content", "true")]);
        assert_eq!(url.as_str(), "http://127.0.0.1:9/mirror/v1/boards/A%2FB%20..%3Fc%23d?content=true");
    }
}
