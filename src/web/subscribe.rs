//! The first page, the form, the confirmation, and the way to a lost link.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::fits::fits_text;
use super::form_view::form_value;
use super::home::at_home;
use super::page::{Answer, ended_link, fault, notice, page, said, unknown_link};
use super::proof::{Filled, Stamps, TRAP};
use super::speech::{language, prefer, say};
use super::state::{Shared, Site};
use super::typed::Typed;
use super::visitor::Visitor;
use super::wishes::{Faults, read_alert, read_preferences};
use super::wishes_view::described;
use crate::consent::{CONFIRM_HOURS, ConsentError, MANAGE_DAYS, Origin, confirmed_words};
use crate::domain::{EmailAddress, Preferences, texts};

/// The first page with a form in any state.
async fn first_page(site: &Site, status: StatusCode, typed: &Typed, wishes: Option<&Preferences>, faults: &Faults) -> Answer {
    first_page_with(site, status, typed, wishes, faults, false).await
}

async fn first_page_with(
    site: &Site,
    status: StatusCode,
    typed: &Typed,
    wishes: Option<&Preferences>,
    faults: &Faults,
    again: bool,
) -> Answer {
    let fits = match wishes {
        Some(wishes) => fits_text(site, wishes).await?.to_string(),
        None => String::new(),
    };
    let service = &site.house.service_name;
    let named = site.open.named(site.now()).await?;
    let fresh = wishes.is_some_and(|wishes| *wishes == Preferences::default());
    let (stamp, named) = (Stamps::new_stamp(&site.house.signer, site.now()), Value::from(Serde(&*named)));
    page(status, "home.html", context! { service, fits, fresh, named, stamp, trap => TRAP, again, form => form_value(typed, faults) })
}

/// What this is, and the form; with wishes in the query string, the form filled and what they bring now.
pub(super) async fn home(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let typed = at_home(Typed::parse(query.unwrap_or_default().as_bytes()));
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
pub(super) async fn subscribe(State(site): State<Shared>, visitor: Visitor, body: Bytes) -> Answer {
    let typed = at_home(Typed::parse(&body));
    let alert = read_alert(&typed, &site.house.rates);
    if typed.one("do") == "preview" {
        return match alert {
            Ok(alert) => first_page(&site, StatusCode::OK, &typed, Some(&alert.preferences), &Faults::new()).await,
            Err(faults) => first_page(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, &faults).await,
        };
    }
    let email = read_address(&site, &typed);
    let (email, alert) = match (email, alert) {
        (Ok(email), Ok(alert)) => (email, alert),
        (email, alert) => {
            let mut faults = alert.err().unwrap_or_default();
            faults.extend(email.err().map(|fault| ("email", fault)));
            return first_page(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, &faults).await;
        }
    };
    if let Some(refusal) = too_many(&site, visitor, &email) {
        return refusal;
    }
    match site.stamps.judge(&typed, &site.house.signer, site.now()) {
        Filled::Unclear => {
            let (status, faults) = (StatusCode::UNPROCESSABLE_ENTITY, Faults::new());
            return first_page_with(&site, status, &typed, Some(&alert.preferences), &faults, true).await;
        }
        // Whoever fills the hidden field learns nothing from the answer.
        Filled::ByProgram => alike(async { Ok(()) }).await?,
        Filled::ByPerson => {
            let origin = Origin::page("/", visitor.0).in_language(language());
            alike(site.house.consent.subscribe(&email, alert, origin)).await?;
        }
    }
    let lines = [said("mailbox-letter"), say("mailbox-button", &[("hours", CONFIRM_HOURS.into())])];
    let (heading, meanwhile) = (said("mailbox-heading"), said("mailbox-meanwhile"));
    notice(StatusCode::OK, &site.house.service_name, &heading, &lines, Some(("/jobs", &meanwhile)))
}

/// The address of a form, or why it cannot get alerts.
fn read_address(site: &Site, typed: &Typed) -> Result<EmailAddress, String> {
    let email = EmailAddress::parse(typed.one("email")).map_err(|fault| fault.to_string())?;
    let within = |domain: &str, refused: &str| domain == refused || domain.strip_suffix(refused).is_some_and(|rest| rest.ends_with('.'));
    if site.refused_domains.iter().any(|refused| within(email.domain(), refused)) {
        return Err(format!("addresses of {} cannot get alerts here: give another one", email.domain()));
    }
    Ok(email)
}

/// Does something about an address and takes the same time for every one: what is known of it must not show in how long it takes.
async fn alike(work: impl Future<Output = Result<(), ConsentError>>) -> Result<(), ConsentError> {
    /// Longer than a commit to disk usually takes.
    const LEAST: std::time::Duration = std::time::Duration::from_millis(150);
    let (done, ()) = tokio::join!(work, tokio::time::sleep(LEAST));
    done
}

/// The refusal of a form where as many were sent as one network, one domain or all may send.
fn too_many(site: &Site, visitor: Visitor, email: &EmailAddress) -> Option<Answer> {
    /// When one may come back.
    const RETRY_AFTER: HeaderValue = HeaderValue::from_static("3600");
    let (limits, now) = (&site.limits, site.now());
    let admitted = visitor.0.is_none_or(|network| limits.networks.admits(network, now))
        && limits.domains.admits(email.domain().to_owned(), now)
        && limits.all.admits((), now);
    if admitted {
        return None;
    }
    let answer = notice(StatusCode::TOO_MANY_REQUESTS, &site.house.service_name, &said("many-heading"), &[said("many-line")], None);
    Some(answer.map(|mut response: Response| {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        response
    }))
}

/// The page with the button; opening it changes nothing.
pub(super) async fn confirm_page(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some((subscriber, alert)) = site.house.consent.pending(&token).await? else { return dead_confirmation(&site, &token) };
    prefer(subscriber.language);
    let (address, cadence) = (subscriber.email.masked(), texts::cadence(language(), &alert.cadence));
    let wishes = Value::from(Serde(described(&alert.preferences)));
    page(
        StatusCode::OK,
        "confirm.html",
        context! { service, address, name => alert.name, cadence, wishes, words => confirmed_words(language()) },
    )
}

/// Confirms.
pub(super) async fn confirm(State(site): State<Shared>, visitor: Visitor, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    if let Some((subscriber, _)) = site.house.consent.pending(&token).await? {
        prefer(subscriber.language);
    }
    let origin = Origin::page("/confirm", visitor.0).in_language(language());
    let Some((subscriber, alert)) = site.house.consent.confirm(&token, origin).await? else {
        return dead_confirmation(&site, &token);
    };
    let (cadence, manage) = (texts::cadence(language(), &alert.cadence), site.house.consent.manage_token(subscriber.id));
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
    link_form(&site, StatusCode::OK, &Typed::default(), None, false)
}

/// Queues a letter with a new manage link, if there is somebody to get it.
pub(super) async fn link(State(site): State<Shared>, visitor: Visitor, body: Bytes) -> Answer {
    let typed = Typed::parse(&body);
    let service = &site.house.service_name;
    let email = match EmailAddress::parse(typed.one("email")) {
        Ok(email) => email,
        Err(error) => return link_form(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(&fault("email", &error.to_string())), false),
    };
    if let Some(refusal) = too_many(&site, visitor, &email) {
        return refusal;
    }
    match site.stamps.judge(&typed, &site.house.signer, site.now()) {
        Filled::Unclear => return link_form(&site, StatusCode::UNPROCESSABLE_ENTITY, &typed, None, true),
        Filled::ByProgram => alike(async { Ok(()) }).await?,
        Filled::ByPerson => alike(site.house.consent.request_link(&email)).await?,
    }
    let lines = [said("mailbox-link"), say("mailbox-link-days", &[("days", MANAGE_DAYS.into())])];
    notice(StatusCode::OK, service, &said("mailbox-heading"), &lines, None)
}

fn link_form(site: &Site, status: StatusCode, typed: &Typed, error: Option<&str>, again: bool) -> Answer {
    let (service, value) = (site.house.service_name.as_str(), typed.one("email"));
    let stamp = Stamps::new_stamp(&site.house.signer, site.now());
    page(status, "link.html", context! { service, value, error, stamp, trap => TRAP, again })
}
