//! How the API refuses: problem details (RFC 9457) that name the place and the mend.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{PartialSchema, ToSchema};

use crate::consent::{ConsentError, MOST_ALERTS};
use crate::store::StoreError;

/// A refusal; boxed, for it is rare and every handler may answer with one.
#[derive(Debug)]
pub(in crate::web) struct Problem(Box<Details>);

impl PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Details::schema()
    }
}

impl ToSchema for Problem {}

/// Why a request was not done (RFC 9457), sent as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
struct Details {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the status.
    title: &'static str,
    /// The status again.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// Where: a field of the body (`preferences.keywords`), a parameter (`limit`), a header (`Content-Type`).
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// What to do.
    mend: String,
    /// Headers of the answer.
    #[serde(skip)]
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with its mend.
    pub(in crate::web) fn new(status: StatusCode, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Refused"),
            status: status.as_u16(),
            detail: detail.into(),
            place: None,
            mend: mend.into(),
            headers: Vec::new(),
        }))
    }

    /// Something in what was sent makes no sense.
    pub(super) fn invalid(place: impl Into<String>, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail, mend).at(place)
    }

    /// There is no such thing.
    pub(super) fn unknown(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {what} of this number"), "take numbers from the lists of this API")
    }

    /// It cannot be done as things stand.
    pub(super) fn conflict(detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail, mend)
    }

    /// Where it is wrong.
    #[must_use]
    pub(super) fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into());
        self
    }

    /// With a header of the answer.
    #[must_use]
    pub(super) fn with(mut self, name: header::HeaderName, value: &str) -> Self {
        self.0.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// To be asked again later.
    #[must_use]
    pub(super) fn again_in(self, seconds: u32) -> Self {
        self.with(header::RETRY_AFTER, &seconds.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = std::mem::take(&mut self.0.headers);
        let mut response = (status, axum::Json(self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.headers_mut().extend(headers);
        response
    }
}

/// When a store that does not answer may be asked again, in seconds.
const STORE_AGAIN: u32 = 30;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = ?error.to_string(), "a request of the API could not be answered");
        let again = "nothing was changed: send it once more in a while";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer", again).again_in(STORE_AGAIN)
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Store(error) => error.into(),
            ConsentError::Preferences(fault) => Self::invalid(format!("preferences.{}", fault.facet), fault.to_string(), fault.mend),
            ConsentError::Name => Self::invalid("name", error.to_string(), "shorten it"),
            ConsentError::TooManyAlerts => Self::conflict(format!("there are {MOST_ALERTS} alerts already"), "change or end one of them"),
            ConsentError::Chance(_) => {
                tracing::error!(error = ?error.to_string(), "a request of the API could not be answered");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the machine gives no random numbers", "tell the operator")
            }
        }
    }
}

/// What a handler of the API answers with.
pub(super) type Answer<T = Response> = Result<T, Problem>;
