//! The first page, the form, the confirmation, and the way to a lost link.

use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::client::{Peer, client_of};
use super::fits::fits_text;
use super::form_view::form_value;
use super::page::{Answer, ended_link, notice, page, unknown_link};
use super::state::{Shared, Site};
use super::typed::Typed;
use super::wishes::{Faults, read_alert, read_preferences};
use super::wishes_view::described;
use crate::consent::{CONFIRM_HOURS, CONFIRMED_WORDS};
use crate::domain::{EmailAddress, Preferences};

/// The first page with a form in any state.
async fn first_page(site: &Site, status: StatusCode, typed: &Typed, wishes: Option<&Preferences>, faults: &Faults) -> Answer {
    let fits = match wishes {
        Some(wishes) => fits_text(site, wishes).await?.to_string(),
        None => String::new(),
    };
    let service = &site.house.service_name;
    let named = site.open.named(site.now()).await?;
    let fresh = wishes.is_some_and(|wishes| *wishes == Preferences::default());
    page(status, "home.html", context! { service, fits, fresh, named => Value::from(Serde(&*named)), form => form_value(typed, faults) })
}

/// What this is, and the form; with wishes in the query string, the form filled and what they bring now.
pub(super) async fn home(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let typed = Typed::parse(query.unwrap_or_default().as_bytes());
    if typed.is_empty() {
        return first_page(&site, StatusCode::OK, &Typed::blank(), Some(&Preferences::default()), &Faults::new()).await;
    }
    match read_preferences(&typed, &site.house.rates) {
        Ok(wishes) => first_page(&site, StatusCode::OK, &typed, Some(&wishes), &Faults::new()).await,
        Err(faults) => first_page(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, &faults).await,
    }
}

/// Keeps a sign-up, or shows what the wishes bring where the person asked for that first.
///
/// The wishes to be looked at come by POST as well, so that an address typed beside them never stands in a URL.
pub(super) async fn subscribe(State(site): State<Shared>, Extension(peer): Extension<Peer>, headers: HeaderMap, body: Bytes) -> Answer {
    let typed = Typed::parse(&body);
    let alert = read_alert(&typed, &site.house.rates);
    if typed.one("do") == "preview" {
        return match alert {
            Ok(alert) => first_page(&site, StatusCode::OK, &typed, Some(&alert.preferences), &Faults::new()).await,
            Err(faults) => first_page(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, &faults).await,
        };
    }
    let email = EmailAddress::parse(typed.one("email"));
    let (email, alert) = match (email, alert) {
        (Ok(email), Ok(alert)) => (email, alert),
        (email, alert) => {
            let mut faults = alert.err().unwrap_or_default();
            faults.extend(email.err().map(|fault| ("email", fault.to_string())));
            return first_page(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, &faults).await;
        }
    };
    if let Some(refusal) = too_many(&site, peer, &headers) {
        return refusal;
    }
    site.house.consent.subscribe(&email, alert, "web").await?;
    let lines = [
        "If this address can get alerts, a letter with a button is on its way. Press the button and your alerts begin.",
        &format!("The button works for {CONFIRM_HOURS} hours. Without it nothing is ever sent. Nothing there? Look into the spam folder."),
    ];
    notice(StatusCode::OK, &site.house.service_name, "Look into your mailbox", &lines, Some(("/jobs", "See open jobs meanwhile")))
}

/// The refusal of a client that sent as many forms as one may.
fn too_many(site: &Site, peer: Peer, headers: &HeaderMap) -> Option<Answer> {
    /// When such a client may come back.
    const RETRY_AFTER: HeaderValue = HeaderValue::from_static("3600");
    if site.limit.admits(client_of(peer, headers, &site.trusted_proxies), site.now()) {
        return None;
    }
    let line = "Many forms came from your network within the last hour. Please come back later.";
    let answer = notice(StatusCode::TOO_MANY_REQUESTS, &site.house.service_name, "Too many at once", &[line], None);
    Some(answer.map(|mut response: Response| {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        response
    }))
}

/// The page with the button; opening it changes nothing.
pub(super) async fn confirm_page(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some((subscriber, alert)) = site.house.consent.pending(&token).await? else { return dead_confirmation(&site, &token) };
    let (address, cadence) = (subscriber.email.masked(), alert.cadence.described());
    let wishes = Value::from(Serde(described(&alert.preferences)));
    page(StatusCode::OK, "confirm.html", context! { service, address, name => alert.name, cadence, wishes, words => CONFIRMED_WORDS })
}

/// Confirms.
pub(super) async fn confirm(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some((subscriber, alert)) = site.house.consent.confirm(&token, "web").await? else { return dead_confirmation(&site, &token) };
    let (cadence, manage) = (alert.cadence.described(), site.house.consent.manage_token(subscriber.id));
    page(StatusCode::OK, "confirmed.html", context! { service, name => alert.name, cadence, manage })
}

/// A token of the right shape was good once; any other never was.
fn dead_confirmation(site: &Site, token: &str) -> Answer {
    /// Sixteen bytes in base64 without padding.
    const TOKEN_CHARS: usize = 22;
    let shaped = token.len() == TOKEN_CHARS && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if shaped { ended_link(&site.house.service_name) } else { unknown_link(&site.house.service_name) }
}

/// The form for a new manage link.
pub(super) async fn link_page(State(site): State<Shared>) -> Answer {
    page(StatusCode::OK, "link.html", context! { service => site.house.service_name.as_str(), value => "", error => () })
}

/// Queues a letter with a new manage link, if there is somebody to get it.
pub(super) async fn link(State(site): State<Shared>, Extension(peer): Extension<Peer>, headers: HeaderMap, body: Bytes) -> Answer {
    let typed = Typed::parse(&body);
    let service = &site.house.service_name;
    let email = match EmailAddress::parse(typed.one("email")) {
        Ok(email) => email,
        Err(fault) => {
            let context = context! { service, value => typed.one("email"), error => fault.to_string() };
            return page(StatusCode::UNPROCESSABLE_ENTITY, "link.html", context);
        }
    };
    if let Some(refusal) = too_many(&site, peer, &headers) {
        return refusal;
    }
    site.house.consent.request_link(&email).await?;
    let lines = ["If this address has alerts here, a letter with a new link is on its way.", "The link works for a week."];
    notice(StatusCode::OK, service, "Look into your mailbox", &lines, None)
}
