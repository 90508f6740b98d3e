//! Reading JSON answers entry by entry, so that one malformed posting never loses its neighbours.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::Posting;
use crate::sources::adapter::{BadPosting, ReadError, Reading, WebPage};
use crate::sources::shape::{fields, mended, pay};

/// Keys that most platforms name an entry by.
const IDS: [&str; 4] = ["id", "slug", "uuid", "guid"];

/// The text of an answer: UTF-8, with what is not replaced by U+FFFD (so that a broken byte costs a letter, not the answer).
///
/// # Errors
/// A web page came instead.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if bytes.starts_with(b"\x1f\x8b") {
        return Err(ReadError::shape("the first byte", "this is gzip; unpack it first"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        return Err(web_page(&String::from_utf8_lossy(bytes)));
    }
    Ok(String::from_utf8_lossy(bytes))
}

/// What a page for people says about itself.
pub fn web_page(html: &str) -> ReadError {
    let folded = html.to_ascii_lowercase();
    let title = folded.find("<title").and_then(|at| {
        let from = at + folded[at..].find('>')? + 1;
        let to = from + folded[from..].find('<')?;
        Some(html[from..to].split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect::<String>())
    });
    let signs = ["captcha", "just a moment", "challenge-platform", "cf-chl", "are you a human", "attention required"];
    let kind = if signs.iter().any(|sign| folded.contains(sign)) { WebPage::Challenge } else { WebPage::Other };
    ReadError::WebPage { title: title.filter(|title| !title.is_empty()), kind }
}

/// Keys under which a job that comes by itself has its title.
const TITLES: [&str; 5] = ["title", "name", "text", "jobOpeningName", "position_name"];

/// Keys under which saved answers and older interfaces hold their list.
const LISTS: [&str; 7] = ["jobs", "data", "results", "items", "postings", "positions", "content"];

/// The list of entries that stands under another key than the platform's own.
fn other_list<'a>(beside: &BTreeMap<Cow<'a, str>, &'a RawValue>) -> Option<&'a RawValue> {
    let lists = LISTS.iter().filter_map(|key| beside.get(*key).copied());
    lists.into_iter().find(|list| serde_json::from_str::<Vec<BTreeMap<Cow<'_, str>, &RawValue>>>(list.get()).is_ok())
}

/// An answer's list of entries, not yet read, and what stands beside it.
#[derive(Debug)]
pub struct Envelope<'a> {
    /// The entries.
    pub items: Vec<&'a RawValue>,
    beside: BTreeMap<Cow<'a, str>, &'a RawValue>,
    key: &'static str,
    ids: &'static [&'static str],
}

impl<'a> Envelope<'a> {
    /// Opens an answer whose entries are under `key`; a bare array is taken as those entries, and one
    /// entry by itself (the call for a single job) as a list of one.
    ///
    /// # Errors
    /// No JSON, no such key, or no list under it.
    pub fn open(text: &'a str, key: &'static str) -> Result<Self, ReadError> {
        if text.trim_start().starts_with('[') {
            return Ok(Self { items: parse(text, "$")?, beside: BTreeMap::new(), key, ids: &IDS });
        }
        let beside: BTreeMap<Cow<'a, str>, &'a RawValue> = parse(text, "$")?;
        let Some(list) = beside.get(key).copied().or_else(|| other_list(&beside)) else {
            if ["id", "_id", "uid"].iter().any(|id| beside.contains_key(*id)) && TITLES.iter().any(|title| beside.contains_key(*title)) {
                return Ok(Self { items: vec![parse(text, "$")?], beside: BTreeMap::new(), key, ids: &IDS });
            }
            let keys = beside.keys().take(12).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
            return Err(ReadError::shape(format!("$.{key}"), format!("nothing there; the answer has: {keys}")));
        };
        Ok(Self { items: parse(list.get(), &format!("$.{key}"))?, beside, key, ids: &IDS })
    }

    /// Opens an answer that is a bare array of entries, or one that is saved under a key or by itself.
    ///
    /// # Errors
    /// No JSON, or no array.
    pub fn array(text: &'a str) -> Result<Self, ReadError> {
        let array = || parse(text, "$").map(|items| Self { items, beside: BTreeMap::new(), key: "", ids: &IDS });
        if text.trim_start().starts_with('{') { Self::open(text, "").or_else(|_| array()) } else { array() }
    }

    /// Names an entry that cannot be read by the first of these keys that it has.
    #[must_use]
    pub fn named_by(self, ids: &'static [&'static str]) -> Self {
        Self { ids, ..self }
    }

    /// What stands beside the entries under `key`, where it can be read as that.
    pub fn beside<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.beside.get(key)?.get()).ok()
    }

    /// Reads every entry as `T` and turns it into a posting; `Ok(None)` leaves an entry out on purpose.
    pub fn read<T: DeserializeOwned>(&self, posting: impl Fn(T) -> Option<Posting>) -> Reading {
        let mut reading = Reading { items: self.items.len(), ..Reading::default() };
        for (index, item) in self.items.iter().enumerate() {
            let read = parse::<T>(item.get(), &format!("{}[{index}]", self.key));
            let read = read.or_else(|error| mended::read(item.get()).ok_or_else(|| error.to_string()));
            let checked =
                read.and_then(|item| posting(item).map(|posting| complete(posting, &format!("{}[{index}]", self.key))).transpose());
            match checked {
                Ok(posting) => reading.postings.extend(posting),
                Err(reason) => reading.bad.push(BadPosting { index, id: first_of(item, self.ids), reason }),
            }
        }
        reading
    }
}

/// A posting needs an id and a title; everything else may be missing.
pub fn complete(posting: Posting, place: &str) -> Result<Posting, String> {
    for (name, value) in [("id", &posting.id), ("title", &posting.title)] {
        if value.trim().is_empty() {
            return Err(format!("at {place}: it has no {name}"));
        }
    }
    Ok(posting)
}

/// Parses JSON; an error names the place, starting from `root`.
///
/// # Errors
/// No JSON, or not of the shape of `T`.
pub fn parse<'a, T: Deserialize<'a>>(text: &'a str, root: &str) -> Result<T, ReadError> {
    let mut input = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." => root.to_owned(),
            path if path.starts_with('[') => format!("{root}{path}"),
            path => format!("{root}.{path}"),
        };
        ReadError::shape(place, error.inner())
    })?;
    input.end().map_err(|error| ReadError::shape(root, error))?;
    Ok(value)
}

/// The id of an entry that could not be read, where that much can be.
pub fn id_of(item: &RawValue) -> Option<String> {
    first_of(item, &IDS)
}

fn first_of(item: &RawValue, keys: &[&str]) -> Option<String> {
    // Field by field: what is wrong with one says nothing of the others.
    let entry: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(item.get()).ok()?;
    keys.iter().find_map(|key| fields::text(&serde_json::from_str(entry.get(*key)?.get()).ok()?))
}

/// For `deserialize_with`: a text, or a number or bool as one; white space around it is cut, and what is then empty is none.
pub fn loose<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a text or a number")]
    enum Loose {
        Text(String),
        Whole(i64),
        Number(f64),
        Flag(bool),
    }
    let text = match Option::<Loose>::deserialize(input)? {
        None => return Ok(None),
        Some(Loose::Text(text)) => text,
        Some(Loose::Whole(number)) => number.to_string(),
        Some(Loose::Number(number)) => number.to_string(),
        Some(Loose::Flag(flag)) => flag.to_string(),
    };
    let trimmed = text.trim();
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

/// For `deserialize_with`: an [`amount()`](pay::amount).
pub fn amount<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<f64>, D::Error> {
    let value = Value::deserialize(input)?;
    if value.is_object() || value.is_array() {
        return Err(serde::de::Error::custom("expected a text or a number"));
    }
    Ok(pay::amount(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Item {
        #[serde(default, deserialize_with = "loose")]
        id: Option<String>,
        title: String,
        #[serde(default, deserialize_with = "amount")]
        pay: Option<f64>,
    }

    fn posting(item: Item) -> Posting {
        let salary_text = item.pay.map(|pay| pay.to_string());
        Posting { id: item.id.unwrap_or_default(), title: item.title, salary_text, ..Posting::default() }
    }

    #[test]
    fn one_malformed_entry_never_loses_its_neighbours() {
        let text = r#"{"jobs":[{"id":1,"title":"a","pay":"1,200"},{"id":2,"title":[]},{"title":"c"},{"id":4,"title":"d","pay":1e400},7,
            {"id":"6","title":"\ud83d"},{"id":"7","title":"g","pay":0}],"total":7}"#;
        let envelope = Envelope::open(text, "jobs").unwrap();
        assert_eq!(envelope.beside::<usize>("total"), Some(7));
        let reading = envelope.read(|item| Some(posting(item)));
        assert_eq!(reading.items, 7);
        assert_eq!(reading.postings.iter().map(|posting| posting.id.as_str()).collect::<Vec<_>>(), ["1", "7"]);
        assert_eq!(reading.postings[0].salary_text.as_deref(), Some("1200"));
        assert_eq!(reading.postings[1].salary_text, None);
        assert_eq!(reading.bad.iter().map(|bad| bad.index).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(reading.bad[0].id.as_deref(), Some("2"));
        assert!(reading.bad[0].reason.contains("jobs[1].title"), "{}", reading.bad[0].reason);
        assert!(reading.bad[1].reason.contains("no id"), "{}", reading.bad[1].reason);
    }

    #[test]
    fn an_answer_of_another_shape_names_the_place() {
        let open = |text| Envelope::open(text, "jobs").map(|envelope| envelope.items.len()).map_err(|error| error.to_string());
        assert_eq!(open("[{},{}]"), Ok(2));
        assert!(open(r#"{"status":404,"error":"no"}"#).unwrap_err().contains("$.jobs"));
        assert!(open(r#"{"jobs":{}}"#).unwrap_err().contains("$.jobs"));
        assert!(open(r#"{"jobs":[{"id":1},{"#).unwrap_err().contains("line 1"));
        assert!(open("").is_err());
        assert!(open(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_by_the_first_key_that_it_has() {
        let text = r#"[{"guid":"b","id":7,"slug":"a","code":"J1"},{"id":{},"slug":" ","guid":"b"},{"code":"J3"},[1],5]"#;
        let named = |envelope: Envelope<'_>| {
            let reading = envelope.read(|_: Value| Some(Posting::default()));
            reading.bad.into_iter().map(|bad| bad.id).collect::<Vec<_>>()
        };
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(named(Envelope::array(text).unwrap()), [some("7"), some("b"), None, None, None]);
        let by_code = Envelope::array(text).unwrap().named_by(&["code", "slug"]);
        assert_eq!(named(by_code), [some("J1"), None, some("J3"), None, None]);
    }

    #[test]
    fn a_web_page_is_recognised_and_a_robot_check_too() {
        let error = text(b"\xef\xbb\xbf \n<!doctype html><title>Career\n page</title>").unwrap_err();
        assert_eq!(error, ReadError::WebPage { title: Some("Career page".into()), kind: WebPage::Other });
        let error = text(b"<html><head><title>Just a moment...</title>").unwrap_err();
        assert!(matches!(error, ReadError::WebPage { kind: WebPage::Challenge, .. }));
        assert_eq!(text(b"{\"a\":\"\xff\"}").unwrap(), "{\"a\":\"\u{fffd}\"}");
    }
}
