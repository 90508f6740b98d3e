//! Postings that somebody sends to us, instead of our asking for them.
//!
//! The body is NDJSON or a JSON array of postings in the shape of `rolecall source read`, or an object
//! `{"postings": [...], "closed": ["id"], "complete": true}`: `closed` closes single jobs, `complete` says that the postings are
//! all there are, so that those not among them close.

use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use subtle::ConstantTimeEq as _;

use crate::sources::adapter::{Adapter, BadPosting, Completeness, First, Page, ReadError, Reading};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::json;
use crate::sources::shape::posting_line::read_line;

/// The shortest token: 16 random characters are beyond guessing over a network.
const SHORTEST_TOKEN: usize = 16;

pub const KIND: Kind = Kind {
    name: "push",
    description: "Postings (docs/POSTINGS.md) that are sent here: POST /api/v1/sources/NAME/postings with a bearer token",
    keys: &[Key {
        name: "token",
        description: "the secret that senders show, at least 16 characters; { file = ... } and { credential = ... } work as well",
        example: "a-long-random-text",
        need: Need::Required,
    }],
    terms: Terms::open("your own data", Duration::ZERO),
    knows: unknown,
    build,
};

struct Push {
    token: String,
}

impl std::fmt::Debug for Push {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Push")
    }
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let token = options.required("token")?;
    if token.len() < SHORTEST_TOKEN {
        return Err(options.bad("token", "at least 16 characters, best made by chance"));
    }
    Ok(Box::new(Push { token: token.to_owned() }))
}

/// The form that says more than postings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parcel<'a> {
    #[serde(borrow, default)]
    postings: Vec<&'a RawValue>,
    #[serde(default)]
    closed: Vec<String>,
    #[serde(default)]
    complete: bool,
}

/// What was sent, taken apart: each posting with the name of its place, be it JSON or not.
struct Sent<'a> {
    postings: Vec<(String, &'a str)>,
    closed: Vec<String>,
    complete: bool,
}

impl Adapter for Push {
    fn first(&self) -> First {
        First::Wait
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let sent = take_apart(&text)?;
        let completeness = if sent.complete { Completeness::Whole } else { Completeness::Newest };
        let mut reading = Reading { items: sent.postings.len(), closed: sent.closed, completeness, ..Reading::default() };
        for (index, (place, item)) in sent.postings.into_iter().enumerate() {
            match read_line(item) {
                Ok(posting) => reading.postings.push(posting),
                Err(reason) => {
                    let id = serde_json::from_str::<&RawValue>(item).ok().and_then(json::id_of);
                    reading.bad.push(BadPosting { index, id, reason: format!("{place}: {reason}") });
                }
            }
        }
        match reading.bad.first().and_then(|bad| bad.reason.split_once(": ")) {
            Some((place, reason)) if reading.postings.is_empty() && reading.closed.is_empty() => Err(ReadError::shape(place, reason)),
            _ => Ok(reading),
        }
    }

    fn admits(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// An array, an object with `postings` or `closed`, or a posting a line.
fn take_apart(text: &str) -> Result<Sent<'_>, ReadError> {
    if text.trim_start().starts_with('[') {
        return Ok(Sent { postings: by_number(json::parse(text, "$")?), closed: Vec::new(), complete: false });
    }
    let fields = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).unwrap_or_default();
    if ["postings", "closed", "complete"].iter().any(|key| fields.contains_key(*key)) {
        let Parcel { postings, closed, complete } = json::parse(text, "$")?;
        return Ok(Sent { postings: by_number(postings), closed, complete });
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let postings = lines.map(|(index, line)| (format!("line {}", index + 1), line)).collect();
    Ok(Sent { postings, closed: Vec::new(), complete: false })
}

fn by_number(postings: Vec<&RawValue>) -> Vec<(String, &str)> {
    postings.into_iter().enumerate().map(|(index, item)| (format!("posting {index}"), item.get())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::adapter::Request;

    fn read(body: &str) -> Result<Reading, ReadError> {
        let request = Request::json("http://push.invalid/".parse().unwrap());
        Push { token: "x".into() }.read(&Page { request, bytes: body.as_bytes().to_vec() })
    }

    #[test]
    fn lines_arrays_and_parcels_are_postings() {
        let line = r#"{"id":"1","title":"Rust Engineer"}"#;
        for body in [format!("{line}\n\n{}\n", line.replace('1', "2")), format!("[{line},{}]", line.replace('1', "2"))] {
            let reading = read(&body).unwrap();
            assert_eq!((reading.postings.len(), reading.completeness), (2, Completeness::Newest), "{body}");
        }
        let whole = read(&format!(r#"{{"postings":[{line},{{"id":"2"}}],"closed":["9"],"complete":true}}"#)).unwrap();
        assert_eq!((whole.postings.len(), whole.closed.len(), whole.completeness), (1, 1, Completeness::Whole));
        assert!(whole.bad[0].reason.contains("posting 1") && whole.bad[0].id.as_deref() == Some("2"));
        assert_eq!(read(r#"{"closed":["9"]}"#).unwrap().closed, ["9"]);
    }

    #[test]
    fn what_is_no_posting_names_its_place() {
        let some = read("\n{\"id\":\"1\",\"title\":\"a\"}\nnot json\n{\"id\":\"2\"}\n{\"id\":\"3\",\"title\":\"c\"}").unwrap();
        assert_eq!((some.postings.len(), some.items), (2, 4), "a line that is no JSON costs only itself");
        assert!(some.bad[0].reason.starts_with("line 3: ") && some.bad[0].id.is_none(), "{:?}", some.bad[0]);
        assert!(some.bad[1].reason.starts_with("line 4: ") && some.bad[1].id.as_deref() == Some("2"), "{:?}", some.bad[1]);
        assert!(read("\nnot json\n{\"id\":\"2\"}").unwrap_err().to_string().contains("line 2"), "nothing could be read");
        assert!(read(r#"{"postings":[],"clsed":[]}"#).unwrap_err().to_string().contains("clsed"));
        assert!(Push { token: "0123456789abcdef".into() }.admits("0123456789abcdef"));
        assert!(!Push { token: "0123456789abcdef".into() }.admits("0123456789abcdeg"));
    }
}
