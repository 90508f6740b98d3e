//! An answer of a board, with its validator: unchanged bodies are a 304 (RFC 9110 13.1.2).

use std::fmt::Write as _;

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Bytes of the body's digest in a validator.
const VALIDATOR_BYTES: usize = 16;

/// What a board says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Media type.
    pub media_type: &'static str,
    /// The body as sent.
    pub body: Vec<u8>,
    /// How it is packed.
    pub packing: Packing,
}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    Plain,
    /// gzip, as recorded; every HTTP client of note unpacks it.
    Gzip,
}

impl Answer {
    /// A JSON body.
    pub fn json(value: &serde_json::Value) -> Self {
        Self { media_type: "application/json; charset=utf-8", body: value.to_string().into_bytes(), packing: Packing::Plain }
    }

    /// A feed.
    pub fn rss(text: String) -> Self {
        Self { media_type: "application/rss+xml; charset=utf-8", body: text.into_bytes(), packing: Packing::Plain }
    }

    /// The response to a request with these headers: the body, or 304 where the caller has it already.
    pub fn respond(self, request: &HeaderMap) -> Response {
        let validator = self.validator();
        let tag = HeaderValue::from_str(&validator).expect("hexadecimal digits in quotes are a header value");
        if request.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| names(known, &validator)) {
            return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
        }
        let mut response = ([(ETAG, tag), (CONTENT_TYPE, HeaderValue::from_static(self.media_type))], self.body).into_response();
        if self.packing == Packing::Gzip {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    fn validator(&self) -> String {
        let digest = Sha256::digest(&self.body);
        let mut tag = String::from("\"");
        for byte in digest.iter().take(VALIDATOR_BYTES) {
            write!(tag, "{byte:02x}").expect("writing to a string cannot fail");
        }
        tag.push('"');
        tag
    }
}

/// Whether a list of validators names this one; weak comparison.
fn names(list: &str, validator: &str) -> bool {
    list.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == validator)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_validator_is_found_in_a_list_and_weak_or_strong() {
        assert!(names("\"a\", W/\"b\"", "\"b\""));
        assert!(names("*", "\"b\""));
        assert!(!names("\"a\"", "\"b\""));
    }
}
