//! Reads feeds of jobs in XML entry by entry: a feed of a hundred megabytes is never held as a tree, only the entry at hand is.
//!
//! Made for what careless publishers send. A tag that is left open costs the entry it stands in; after a place that is no XML the
//! reader takes the feed up again at the next entry. Names are compared without namespace and capitals. A DOCTYPE is skipped:
//! no entity of its own is ever expanded, and nothing it names is ever opened.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::sources::adapter::{BadPosting, ReadError};
use crate::sources::shape::entities::decode;
use crate::sources::shape::json::web_page;
use crate::sources::shape::xml_entry::{Entry, Field};

/// Levels of one entry whose names are told apart; what is deeper counts to the last of them.
const MAX_DEPTH: usize = 12;

/// How many times its own length a broken feed may be looked through to find what can still be read.
const MAX_LOOKS: usize = 4;

/// What a broken feed may be looked through at least, in bytes: short feeds are cheap.
const LEAST_LOOK: usize = 1 << 20;

/// How a feed ended.
#[derive(Debug, Default)]
pub struct Feed {
    /// The name of the outermost element.
    pub root: String,
    /// Entries there were, broken ones too.
    pub entries: usize,
    /// Whether all of it was XML, from the first tag to the last.
    pub whole: bool,
    /// Where it was not, outside of the entries.
    pub bad: Vec<BadPosting>,
}

/// Reads a feed and hands over every entry; the first element with one of `names` says what its entries are called.
///
/// # Errors
/// A web page, or no XML at all.
pub fn each<'a>(text: &'a str, names: &[&str], take: &mut dyn FnMut(usize, Entry<'a>)) -> Result<Feed, ReadError> {
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err(web_page(text));
    }
    let mut walk = Walk { text, names, take, name: None, closed: false, entry: None, open: Vec::new(), feed: Feed::default() };
    walk.feed.whole = true;
    let mut left = (text.len() * MAX_LOOKS).max(LEAST_LOOK);
    let mut from = 0;
    while let Some(fault) = walk.run(from) {
        walk.broken(&fault);
        left = left.saturating_sub(fault.looked);
        match walk.next_entry(fault.at + 1) {
            Some(next) if left > 0 => from = next,
            _ => break,
        }
    }
    walk.end()
}

/// The way through one feed.
struct Walk<'a, 't> {
    text: &'a str,
    names: &'t [&'t str],
    take: &'t mut dyn FnMut(usize, Entry<'a>),
    /// What entries are called, as written.
    name: Option<String>,
    /// The outermost element was closed.
    closed: bool,
    entry: Option<Entry<'a>>,
    /// The elements that are open within the entry.
    open: Vec<Open>,
    feed: Feed,
}

/// A place that is no XML.
struct Break {
    at: usize,
    /// How many bytes it took to know.
    looked: usize,
    reason: String,
}

struct Open {
    name: String,
    path: String,
    text: String,
    from: usize,
    has_tags: bool,
}

impl<'a> Walk<'a, '_> {
    /// Reads on from a place to where it cannot.
    fn run(&mut self, from: usize) -> Option<Break> {
        let mut reader = Reader::from_str(&self.text[from..]);
        let config = reader.config_mut();
        (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
        loop {
            let at = from + usize::try_from(reader.buffer_position()).unwrap_or_default();
            let event = match reader.read_event() {
                Ok(Event::Eof) => return None,
                Ok(event) => event,
                // Nearly all such faults are something that is never closed, and so was looked for to the end.
                Err(error) => return Some(Break { at, looked: self.text.len() - at, reason: error.to_string() }),
            };
            let after = from + usize::try_from(reader.buffer_position()).unwrap_or_default();
            if let Err(reason) = self.event(event, at, after) {
                return Some(Break { at, looked: after - at, reason });
            }
        }
    }

    fn event(&mut self, event: Event<'a>, at: usize, after: usize) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.start(&tag, at, after),
            Event::Empty(tag) => {
                self.start(&tag, at, after);
                self.stop(&local(tag.name().as_ref()), after);
            }
            Event::End(tag) => self.stop(&local(tag.name().as_ref()), at),
            Event::Text(text) => self.say(&text),
            Event::CData(text) => {
                let end = self.name.as_ref().map(|name| format!("</{name}>"));
                if end.is_some_and(|end| text.contains(&end)) {
                    return Err("a CDATA section runs over the end of its entry".to_owned());
                }
                self.say(&text);
            }
            Event::GeneralRef(reference) => self.say(&referred(&reference)),
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: usize, after: usize) {
        let name = local(tag.name().as_ref());
        if self.feed.root.is_empty() {
            self.feed.root.clone_from(&name);
        }
        let begins = match &self.name {
            Some(chosen) => local(chosen) == name,
            None => self.names.contains(&name.as_str()),
        };
        if begins {
            if self.entry.is_some() {
                self.hand_over(at, Some(format!("its <{name}> is not closed")));
            }
            self.name.get_or_insert_with(|| tag.name().as_ref().to_owned());
            self.entry = Some(Entry { fields: attributes(tag), fault: None });
        } else if self.entry.is_some() {
            self.open.iter_mut().for_each(|open| open.has_tags = true);
            if self.open.len() < MAX_DEPTH {
                let path = self.open.last().map_or_else(|| name.clone(), |outer| format!("{}/{name}", outer.path));
                self.open.push(Open { name, path, text: String::new(), from: after, has_tags: false });
            }
        }
    }

    /// Closes what a closing tag closes, and all that was left open within it.
    fn stop(&mut self, name: &str, at: usize) {
        if self.entry.is_none() {
            self.closed |= name == self.feed.root;
        } else if let Some(level) = self.open.iter().rposition(|open| open.name == name) {
            while self.open.len() > level {
                self.close(at);
            }
        } else if self.name.as_deref().is_some_and(|chosen| local(chosen) == name) {
            let fault = self.open.first().map(|open| format!("its <{}> is not closed", open.name));
            self.hand_over(at, fault);
            self.closed |= name == self.feed.root;
        }
    }

    fn close(&mut self, at: usize) {
        if let (Some(open), Some(entry)) = (self.open.pop(), &mut self.entry) {
            let inner = open.has_tags.then(|| self.text.get(open.from..at)).flatten();
            entry.fields.push(Field { path: open.path, text: open.text, inner });
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    /// Gives an entry away that ends at a place.
    fn hand_over(&mut self, at: usize, fault: Option<String>) {
        self.feed.whole &= fault.is_none();
        while !self.open.is_empty() {
            self.close(at);
        }
        if let Some(entry) = self.entry.take() {
            (self.take)(self.feed.entries, Entry { fault, ..entry });
            self.feed.entries += 1;
        }
    }

    fn broken(&mut self, fault: &Break) {
        self.feed.whole = false;
        let reason = format!("no XML at byte {}: {}", fault.at, fault.reason);
        if self.entry.is_some() {
            self.hand_over(fault.at, Some(reason));
        } else {
            self.feed.bad.push(BadPosting { index: self.feed.entries, id: None, reason });
        }
    }

    /// Where the next entry begins.
    fn next_entry(&self, from: usize) -> Option<usize> {
        let start = format!("<{}", self.name.as_ref()?);
        let from = self.text.ceil_char_boundary(from);
        let rest = &self.text[from..];
        let begins = |at: &usize| rest[at + start.len()..].starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace());
        rest.match_indices(&start).map(|(at, _)| at).find(begins).map(|at| from + at)
    }

    fn end(mut self) -> Result<Feed, ReadError> {
        if self.feed.root.is_empty() {
            return Err(ReadError::shape("the first byte", "XML was due, and there is no tag"));
        }
        if self.entry.is_some() {
            self.hand_over(self.text.len(), Some("the feed ends within it".to_owned()));
        } else if !self.closed && self.feed.whole {
            let reason = format!("the feed ends without </{}>: it was cut off", self.feed.root);
            self.feed.bad.push(BadPosting { index: self.feed.entries, id: None, reason });
        }
        self.feed.whole &= self.closed;
        Ok(self.feed)
    }
}

fn attributes(tag: &BytesStart<'_>) -> Vec<Field<'static>> {
    let mut marks = tag.attributes();
    let marks = marks.with_checks(false).flatten();
    marks.map(|mark| Field { path: format!("@{}", local(mark.key.as_ref())), text: decode(&mark.value), inner: None }).collect()
}

/// A name without namespace and capitals.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// What a reference stands for: a character, by XML's or HTML's table, never what a DOCTYPE makes of it.
fn referred(name: &str) -> Cow<'_, str> {
    resolve_predefined_entity(name).map_or_else(|| decode(&format!("&{name};")).into(), Cow::Borrowed)
}
