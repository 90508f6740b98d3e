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

impl Adapter for Push {
    fn first(&self) -> First {
        First::Wait
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let parcel = parcel(text.trim())?;
        let completeness = if parcel.complete { Completeness::Whole } else { Completeness::Newest };
        let mut reading = Reading { items: parcel.postings.len(), closed: parcel.closed, completeness, ..Reading::default() };
        for (index, item) in parcel.postings.into_iter().enumerate() {
            match read_line(item.get()) {
                Ok(posting) => reading.postings.push(posting),
                Err(reason) => reading.bad.push(BadPosting { index, id: json::id_of(item), reason: format!("posting {index}: {reason}") }),
            }
        }
        Ok(reading)
    }

    fn admits(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// An array, an object with `postings` or `closed`, or a posting a line.
fn parcel(text: &str) -> Result<Parcel<'_>, ReadError> {
    if text.starts_with('[') {
        return Ok(Parcel { postings: json::parse(text, "$")?, closed: Vec::new(), complete: false });
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let one = |text| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).ok();
    if let Some(fields) = one(text)
        && ["postings", "closed", "complete"].iter().any(|key| fields.contains_key(*key))
    {
        return json::parse(text, "$");
    }
    let parse = |(index, line): (usize, &&'_ str)| -> Result<(), ReadError> {
        json::parse::<&RawValue>(line, &format!("line {}", index + 1)).map(drop)
    };
    lines.iter().enumerate().try_for_each(parse)?;
    let postings = lines.into_iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(Parcel { postings, closed: Vec::new(), complete: false })
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
        assert!(read("{\"id\":\"1\",\"title\":\"a\"}\nnot json").unwrap_err().to_string().contains("line 2"));
        assert!(read(r#"{"postings":[],"clsed":[]}"#).unwrap_err().to_string().contains("clsed"));
        assert!(Push { token: "0123456789abcdef".into() }.admits("0123456789abcdef"));
        assert!(!Push { token: "0123456789abcdef".into() }.admits("0123456789abcdeg"));
    }
}
