//! Which path is which page, and what holds for all of them: limits, the origin of forms, headers, trace spans without tokens.

use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;

use super::api::Problem;
use super::guard::comes_from_here;
use super::page::{SCRIPT, STYLE, notice, said};
use super::settings::WebSettings;
use super::speech::{Speech, say};
use super::state::{Shared, Site, WebState};
use super::{admin, api, feed, feedback, fits, health, jobs, leave, manage, metrics, subscribe};

/// Largest form.
const MOST_BODY_BYTES: usize = 64 * 1024;

/// Most bytes of postings that are sent to us at a time: as many as one answer of a board may have.
const MOST_PUSHED_BYTES: usize = 16 * 1024 * 1024;

/// Below this, everything answers as JSON.
const API: &str = "/api/";

/// What every answer carries. Nothing is loaded from elsewhere, nothing is framed, no link tells where one came from.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// The pages.
pub fn router(house: WebState, settings: &WebSettings) -> Router {
    let site = Site::new(house, settings);
    let (api, description) = api::routes(&site);
    // Written once: what it is made of takes ten times the room.
    let description = Bytes::from(serde_json::to_vec(&description).expect("names and texts are JSON"));
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let pages = if settings.admin { api.merge(admin::routes()) } else { api };
    pages
        .route("/api/openapi.json", get(async move || (json, description)))
        .route("/", get(subscribe::home))
        .route("/subscribe", post(subscribe::subscribe))
        .route("/confirm/{token}", get(subscribe::confirm_page).post(subscribe::confirm))
        .route("/link", get(subscribe::link_page).post(subscribe::link))
        .route("/manage/{token}", get(manage::manage_page).post(manage::manage))
        .route("/manage/{token}/export", get(manage::export))
        .route("/unsubscribe/{token}", get(leave::unsubscribe_page).post(leave::unsubscribe))
        .route("/renew/{token}", get(leave::renew_page).post(leave::renew))
        .route("/feedback/{token}", get(feedback::feedback_page).post(feedback::feedback))
        .route("/feeds/{token}", get(feed::feed))
        .route("/digests/{token}", get(jobs::digest))
        .route("/jobs", get(jobs::browse))
        .route("/jobs/pay", get(jobs::pay))
        .route("/jobs/{id}", get(jobs::job))
        .route("/fits", get(fits::fits))
        .route("/style.css", get(style))
        .route("/live.js", get(script))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .fallback(nowhere)
        .layer(from_fn_with_state(site.clone(), around))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(site)
}

/// A span names the route, never the path: paths hold tokens, queries hold wishes.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

/// What holds for every request: the origin of forms, the size and time of bodies, the headers of answers.
async fn around(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with(API) || path.starts_with("/admin") {
        return answered(&site, request, next).await;
    }
    let secure = site.house.base_url.scheme() == "https";
    Speech::of(&request).spoken(answered(&site, request, next), secure).await
}

/// The answer, in the language of its page.
async fn answered(site: &Site, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    // A program shows a token, which no browser adds by itself.
    let by_program = request.uri().path().starts_with(API);
    let private = by_program || route.contains("{token}") || !request.method().is_safe();
    // One click comes from mail services, by RFC 8058 without cookies and from any origin; the token alone is the right.
    let one_click = route == "/unsubscribe/{token}";
    let from_here = one_click || by_program || comes_from_here(request.method(), request.headers(), &site.house.base_url);
    let mut response = if from_here {
        match with_body(site, request, if route == api::POSTINGS { MOST_PUSHED_BYTES } else { MOST_BODY_BYTES }).await {
            Ok(request) => next.run(request).await,
            Err(refusal) => refusal,
        }
    } else {
        refuse(site, StatusCode::FORBIDDEN, "foreign-heading", said("foreign-line"))
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    if private {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
    site.requests.count(&route, response.status().as_u16(), begun.elapsed());
    response
}

/// Reads the body within its size and time, before any handler is bothered.
async fn with_body(site: &Site, request: Request, most: usize) -> Result<Request, Response> {
    let (head, body) = request.into_parts();
    let by_program = head.uri.path().starts_with(API);
    let refuse = |status, heading: &str, line: String| {
        if by_program { Problem::new(status, said(heading), line).into_response() } else { refuse(site, status, heading, line) }
    };
    match tokio::time::timeout(site.body_time, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(head, Body::from(bytes))),
        Ok(Err(_)) => {
            Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "large-heading", say("large-line", &[("kilobytes", (most / 1024).into())])))
        }
        Err(_) => Err(refuse(StatusCode::REQUEST_TIMEOUT, "slow-heading", said("slow-line"))),
    }
}

/// A refusal by the key of its heading.
fn refuse(site: &Site, status: StatusCode, heading: &str, line: String) -> Response {
    let first_page = said("first-page");
    notice(status, &site.house.service_name, &said(heading), &[line], Some(("/", &first_page))).unwrap_or_else(|_| status.into_response())
}

async fn style() -> Response {
    file("text/css; charset=utf-8", STYLE)
}

async fn script() -> Response {
    file("text/javascript; charset=utf-8", SCRIPT)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let keep = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    ([kind, keep], text).into_response()
}

async fn nowhere(State(site): State<Shared>, uri: Uri) -> Response {
    if uri.path().starts_with(API) {
        let mend = "GET /api/openapi.json describes what there is";
        return Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path", mend).into_response();
    }
    refuse(&site, StatusCode::NOT_FOUND, "nowhere-heading", said("nowhere-line"))
}
