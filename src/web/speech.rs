//! Which language a page speaks: the one chosen on the page (`?lang=de`, kept in a cookie of two letters), else the one kept with the
//! person whose link it is, else the one the browser asks for, else English.
//!
//! It is held beside the request's task, because every page and every refusal needs it and none decides by it. Programs and the
//! operator's page speak English.

use std::cell::Cell;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use url::form_urlencoded;

use super::typed::LANGUAGE_FIELD;
use crate::domain::texts::{self, Text};
use crate::domain::{Language, Pay};

tokio::task_local! {
    static SPEECH: Speech;
}

/// The cookie of a choice.
const COOKIE: &str = "lang";

/// How long a choice is kept: a year.
const KEPT_SECONDS: u32 = 365 * 24 * 60 * 60;

/// What the page of a request speaks.
#[derive(Debug, Clone)]
pub(super) struct Speech {
    language: Cell<Language>,
    /// Chosen on this page or an earlier one.
    chosen: bool,
    /// Chosen with this request.
    chosen_now: bool,
    /// The query without the choice, for links that choose anew; none where the page is an answer to a form.
    query: Option<String>,
}

/// A language to choose.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    code: &'static str,
    name: &'static str,
    query: String,
}

impl Speech {
    /// What a request asks for.
    pub(super) fn of(request: &Request) -> Self {
        let pairs: Vec<_> = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).collect();
        let asked = pairs.iter().rev().find(|(name, _)| name == LANGUAGE_FIELD).and_then(|(_, value)| value.parse().ok());
        let rest = pairs.iter().filter(|(name, _)| name != LANGUAGE_FIELD);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let chosen: Option<Language> = asked.or_else(|| kept(request.headers()));
        let accepted = || request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| Language::accepted(value.to_str().ok()?));
        Self {
            language: Cell::new(chosen.or_else(accepted).unwrap_or_default()),
            chosen: chosen.is_some(),
            chosen_now: asked.is_some(),
            query: request.method().is_safe().then_some(query),
        }
    }

    /// Does the work of a request in its language.
    pub(super) async fn spoken(self, work: impl Future<Output = Response>, secure: bool) -> Response {
        let chosen_now = self.chosen_now.then(|| self.language.get());
        let mut response = SPEECH.scope(self, work).await;
        let headers = response.headers_mut();
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
        }
        if let Some(language) = chosen_now {
            let secure = if secure { "; Secure" } else { "" };
            let cookie = format!("{COOKIE}={language}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}");
            headers.extend(HeaderValue::from_str(&cookie).map(|cookie| (header::SET_COOKIE, cookie)));
        }
        response
    }
}

/// The choice that a cookie keeps.
fn kept(headers: &HeaderMap) -> Option<Language> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| value.parse().ok())
}

/// What this page speaks.
pub(super) fn language() -> Language {
    SPEECH.try_with(|speech| speech.language.get()).unwrap_or_default()
}

/// Speaks what is kept with the person whose page this is, unless something was chosen.
pub(super) fn prefer(language: Language) {
    // Outside of a request there is nobody to speak to.
    let _ = SPEECH.try_with(|speech| {
        if !speech.chosen {
            speech.language.set(language);
        }
    });
}

/// The languages to choose from, each with the query that chooses it; none where the page is an answer to a form.
pub(super) fn choices() -> Vec<Choice> {
    let query = SPEECH.try_with(|speech| speech.query.clone()).ok().flatten();
    let choice = |query: &String, one: &Language| {
        let before = if query.is_empty() { String::new() } else { format!("{query}&") };
        Choice { code: one.as_str(), name: one.label(), query: format!("{before}{LANGUAGE_FIELD}={one}") }
    };
    query.map(|query| Language::ALL.iter().map(|one| choice(&query, one)).collect()).unwrap_or_default()
}

/// A text in the language of this page.
pub(super) fn say(key: &str, values: &[(&str, Text)]) -> String {
    texts::say(language(), key, values)
}

/// The words for a value of a closed set, in the language of this page.
pub(super) fn word(family: &str, spelling: &str) -> String {
    texts::word(language(), family, spelling)
}

/// Pay in the language of this page.
pub(super) fn pay(stated: &Pay) -> String {
    texts::pay(language(), stated)
}

/// A day in the language of this page.
pub(super) fn day(at: chrono::DateTime<chrono::Utc>) -> String {
    texts::short_day(language(), at.date_naive())
}
