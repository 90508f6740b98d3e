//! What a request says, read strictly: a body of JSON, parameters, a number in the path. What is not understood is refused by its place.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::web::api::problem::Problem;
use crate::web::api::strict::Strict;

/// A body of JSON.
pub(super) struct Sent<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            let mend = "send JSON with the header Content-Type: application/json";
            let refusal = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is not said to be JSON", mend);
            return Err(refusal.at("Content-Type").with(header::ACCEPT, "application/json"));
        }
        let unread = |_| Problem::new(StatusCode::BAD_REQUEST, "the body broke off", "send it once more");
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let body: serde_json::Value = serde_json::from_slice(&bytes).map_err(|fault| {
            Problem::new(StatusCode::BAD_REQUEST, format!("the body is no JSON: {fault}"), "send one JSON object").at("body")
        })?;
        let value = serde_path_to_error::deserialize(Strict(body)).map_err(|fault| refusal(&fault.path().to_string(), fault.inner()))?;
        Ok(Self(value))
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// JSON that says something senseless names the field.
fn refusal(path: &str, fault: &serde_json::Error) -> Problem {
    let place = if path == "." { "body" } else { path };
    Problem::invalid(place, fault.to_string(), "send what GET /api/openapi.json describes")
}

/// What the path names: the number of a subscriber, an alert, a listing, the name of a source. What is none names nothing.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::<T>::from_request_parts(parts, state).await;
        named.map(|Path(named)| Self(named)).map_err(|_| Problem::unknown("thing"))
    }
}

/// The parameters of the query string, each known and each once.
pub(super) struct Asked(Vec<(String, String)>);

impl Asked {
    /// Reads a query string of which only these names are known.
    pub(super) fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let mend = if known.is_empty() { "leave it out".to_owned() } else { format!("give one of: {}", known.join(", ")) };
            return Err(Problem::invalid(name.as_str(), "this parameter is unknown", mend));
        }
        Ok(Self(pairs))
    }

    /// The last value of a parameter.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, name: &str, usual: i64, bounds: std::ops::RangeInclusive<i64>) -> Result<i64, Problem> {
        let Some(text) = self.one(name) else { return Ok(usual) };
        let (least, most) = (*bounds.start(), *bounds.end());
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        number.ok_or_else(|| Problem::invalid(name, format!("{text:?} is no number that fits here"), format!("give {least} to {most}")))
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.one(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Problem::invalid(name, format!("{other:?} is neither yes nor no"), "give true or false")),
        }
    }

    /// All pairs.
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        self.0
    }
}
