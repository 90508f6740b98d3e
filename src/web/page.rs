//! Templates and what a page is sent as.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::speech;
use crate::consent::ConsentError;
use crate::domain::Language;
use crate::domain::texts::teach;
use crate::store::StoreError;

/// The stylesheet, embedded.
pub(super) const STYLE: &str = include_str!("templates/style.css");

/// The script of pages that count while one types, embedded.
pub(super) const SCRIPT: &str = include_str!("templates/live.js");

/// The templates of each language, in the order of [`Language::ALL`].
static TEMPLATES: LazyLock<Vec<Environment<'static>>> = LazyLock::new(|| Language::ALL.iter().map(|one| templates(*one)).collect());

fn templates(language: Language) -> Environment<'static> {
    const PAGES: &[(&str, &str)] = &[
        ("base.html", include_str!("templates/base.html")),
        ("form.html", include_str!("templates/form.html")),
        ("feed.atom", include_str!("templates/feed.atom")),
        ("feedback.html", include_str!("templates/feedback.html")),
        ("fits.html", include_str!("templates/fits.html")),
        ("admin.html", include_str!("templates/admin.html")),
        ("admin_sign_in.html", include_str!("templates/admin_sign_in.html")),
        ("card.html", include_str!("templates/card.html")),
        ("cards.html", include_str!("templates/cards.html")),
        ("home.html", include_str!("templates/home.html")),
        ("notice.html", include_str!("templates/notice.html")),
        ("confirm.html", include_str!("templates/confirm.html")),
        ("confirmed.html", include_str!("templates/confirmed.html")),
        ("manage.html", include_str!("templates/manage.html")),
        ("edit.html", include_str!("templates/edit.html")),
        ("webhook.html", include_str!("templates/webhook.html")),
        ("erase.html", include_str!("templates/erase.html")),
        ("unsubscribe.html", include_str!("templates/unsubscribe.html")),
        ("renew.html", include_str!("templates/renew.html")),
        ("link.html", include_str!("templates/link.html")),
        ("digest.html", include_str!("templates/digest.html")),
        ("jobs.html", include_str!("templates/jobs.html")),
        ("job.html", include_str!("templates/job.html")),
        ("pay.html", include_str!("templates/pay.html")),
    ];
    let mut environment = Environment::new();
    // Set before the first template is added: escaping is decided when a template is compiled.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    teach(&mut environment, language);
    for (name, source) in PAGES {
        environment.add_template(name, source).expect("the embedded templates compile; a test renders each");
    }
    environment
}

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// The store does not answer; the same may be asked again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked cannot be done.
    #[error(transparent)]
    Consent(ConsentError),
    /// A template is at fault.
    #[error("a page cannot be rendered: {0:#}")]
    Template(#[from] minijinja::Error),
}

impl From<ConsentError> for PageError {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Store(error) => Self::Store(error),
            other => Self::Consent(other),
        }
    }
}

/// What a handler answers with.
pub(super) type Answer = Result<Response, PageError>;

/// Renders a part of a page.
pub(super) fn fragment(template: &str, context: Value) -> Result<String, PageError> {
    let language = speech::language();
    let spoken = Language::ALL.iter().position(|one| *one == language).unwrap_or_default();
    Ok(TEMPLATES[spoken].get_template(template)?.render(context)?)
}

/// Renders a page.
pub(super) fn page(status: StatusCode, template: &str, context: Value) -> Answer {
    let languages = Value::from(Serde(speech::choices()));
    let body = fragment(template, context! { languages, ..context })?;
    Ok((status, Html(body)).into_response())
}

/// A page with a heading, a few sentences and at most one link.
pub(super) fn notice(status: StatusCode, service: &str, heading: &str, lines: &[String], link: Option<(&str, &str)>) -> Answer {
    let link = link.map(|(href, words)| context! { href, words });
    let lines = Value::from(Serde(lines));
    page(status, "notice.html", context! { service, heading, lines, link })
}

/// A text without values, in the language of this page.
pub(super) fn said(key: &str) -> String {
    speech::say(key, &[])
}

/// What is wrong with a field, told for its reader: English says it exactly, other languages what the field wants, and that beside it.
pub(super) fn fault(field: &str, says: &str) -> String {
    const TOLD: &[&str] =
        &["email", "pay", "places", "home_country", "experience_years", "keywords", "skills", "time_zone", "at", "cron", "days", "name"];
    let field = if field.starts_with("skills") { "skills" } else { field };
    let field = TOLD.iter().find(|told| **told == field).unwrap_or(&"other");
    speech::say(&format!("fault-{field}"), &[("says", says.into())])
}

/// The answer for a link that is unknown here: never made, or mistyped.
pub(super) fn unknown_link(service: &str) -> Answer {
    let lines = [said("unknown-lost"), said("unknown-again")];
    notice(StatusCode::NOT_FOUND, service, &said("unknown-heading"), &lines, Some(("/link", &said("link-new"))))
}

/// The answer for a link that was good once.
pub(super) fn ended_link(service: &str) -> Answer {
    let lines = [said("ended-why"), said("ended-well")];
    notice(StatusCode::GONE, service, &said("ended-heading"), &lines, Some(("/link", &said("link-new"))))
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        /// When a client may ask again.
        const RETRY_AFTER: HeaderValue = HeaderValue::from_static("30");
        let (status, heading, line) = match &self {
            Self::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy-heading", said("busy-line")),
            Self::Consent(error @ ConsentError::TooManyAlerts) => {
                (StatusCode::CONFLICT, "most-heading", fault("other", &error.to_string()))
            }
            Self::Consent(error @ (ConsentError::Preferences(_) | ConsentError::Name)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "kept-not-heading", fault("other", &error.to_string()))
            }
            Self::Consent(_) | Self::Template(_) => (StatusCode::INTERNAL_SERVER_ERROR, "wrong-heading", said("wrong-line")),
        };
        if status.is_server_error() {
            tracing::error!(error = ?self.to_string(), "a page could not be answered");
        }
        let mut response = notice(status, "Job alerts", &said(heading), &[line], None).unwrap_or_else(|_| status.into_response());
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
