//! Who may see the operator's page: whoever sends a token of scope `admin` once, and then a cookie that lasts an hour.
//!
//! The cookie is signed, for this page alone, and names the token; a token that is taken back or has ended ends its cookies at once. No
//! script reads it (`HttpOnly`) and no other site's link or form brings it along (`SameSite=Strict`). Guesses are not counted: a token
//! holds 128 bits of chance.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::Duration;
use minijinja::context;

use crate::domain::TokenPurpose;
use crate::domain::api_token::{ApiToken, ApiTokenId, Scope, ShownToken};
use crate::domain::token::Claims;
use crate::web::page::{Answer, PageError, page};
use crate::web::state::{Shared, Site};

const COOKIE: &str = "rolecall_admin";
/// How long a sign-in lasts.
const LASTS: Duration = Duration::hours(1);

/// The token that the cookie of a request stands for, if it is good now.
pub(super) async fn operator(site: &Site, headers: &HeaderMap) -> Result<Option<ApiToken>, PageError> {
    let now = site.now();
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, value)) = pairs.find(|(name, _)| *name == COOKIE) else { return Ok(None) };
    let Some(claims) = site.house.signer.verify(TokenPurpose::Admin, value, now) else { return Ok(None) };
    let token = site.house.store.api_token(ApiTokenId(claims.ids[0])).await?;
    Ok(token.filter(|token| token.is_good(now) && token.may(Scope::Admin)))
}

/// The form that asks for a token.
pub(super) fn ask(site: &Site, status: StatusCode, refused: bool) -> Answer {
    let service = &site.house.service_name;
    private(page(status, "admin_sign_in.html", context! { service, refused }))
}

/// Nobody keeps a copy of these pages.
pub(super) fn private(answer: Answer) -> Answer {
    let mut response = answer?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}

/// `POST /admin/session`
pub(super) async fn sign_in(State(site): State<Shared>, body: Bytes) -> Answer {
    let typed = url::form_urlencoded::parse(&body).find(|(name, _)| name == "token").map(|(_, value)| value.trim().to_owned());
    let shown = typed.as_deref().and_then(ShownToken::parse);
    let now = site.now();
    let token = match &shown {
        Some(shown) => site.house.store.api_token(shown.id).await?.filter(|token| token.admits(shown, now) && token.may(Scope::Admin)),
        None => None,
    };
    let Some(token) = token else {
        tracing::warn!("somebody showed the operator's page a token that is none");
        return ask(&site, StatusCode::FORBIDDEN, true);
    };
    tracing::info!(token = token.id.0, "the operator's page was entered");
    let value = site.house.signer.sign(TokenPurpose::Admin, Claims { ids: [token.id.0, 0, 0], until: Some(now + LASTS) });
    Ok(with_cookie(&site, &value, LASTS.num_seconds()))
}

/// `POST /admin/leave`
pub(super) async fn leave(State(site): State<Shared>) -> Response {
    with_cookie(&site, "", 0)
}

fn with_cookie(site: &Site, value: &str, seconds: i64) -> Response {
    let secure = if site.house.base_url.scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/admin; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut response: Response = Redirect::to("/admin").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
