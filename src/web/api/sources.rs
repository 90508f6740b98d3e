//! How the sources are.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{RawQuery, State};
use chrono::{DateTime, Days, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Health, SourceDay, SourceState};
use crate::web::api::asked::{Asked, Named};
use crate::web::api::problem::{Answer, Problem};
use crate::web::state::{Shared, Site};

/// A source, and how it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Source)]
pub(super) struct SourceView {
    name: String,
    kind: String,
    /// One word: well, `not_asked`, paused, or what is wrong.
    health: &'static str,
    /// The same in a sentence, with the mend.
    says: String,
    /// When it was last asked.
    last_attempt_at: Option<DateTime<Utc>>,
    /// When it last answered well.
    last_success_at: Option<DateTime<Utc>>,
    /// When it last brought something new.
    last_new_at: Option<DateTime<Utc>>,
    /// Not asked before this moment.
    not_before: Option<DateTime<Utc>>,
    /// Failures in a row.
    failures: u32,
    /// Jobs of the last good answer.
    listings: Option<u32>,
    /// How many it usually has.
    usual_listings: Option<f64>,
}

impl SourceView {
    fn of(site: &Site, (name, kind): &(String, String), state: &SourceState, paused: &BTreeSet<String>) -> Self {
        let health = if paused.contains(name) { Health::Paused } else { state.health(site.now()) };
        Self {
            name: name.clone(),
            kind: kind.clone(),
            health: health.as_str(),
            says: health.to_string(),
            last_attempt_at: state.last_attempt_at,
            last_success_at: state.last_success_at,
            last_new_at: state.last_new_at,
            not_before: state.not_before,
            failures: state.failures,
            listings: state.last_yield,
            usual_listings: state.usual_yield,
        }
    }
}

/// The sources that are asked.
#[derive(Serialize, ToSchema)]
pub(super) struct SourceList {
    sources: Vec<SourceView>,
}

/// The sources that are asked, and how they are
#[utoipa::path(get, operation_id = "list_sources", path = "/api/v1/sources", tag = "sources", responses((status = 200, body = SourceList)))]
pub(super) async fn list(State(site): State<Shared>) -> Answer<Json<SourceList>> {
    let (states, paused) = (site.house.store.source_states().await?, site.house.store.paused_sources().await?);
    let state = |name: &str| states.iter().find(|(known, _)| known == name).map(|(_, state)| state.clone()).unwrap_or_default();
    let sources = site.house.sources.iter().map(|source| SourceView::of(&site, source, &state(&source.0), &paused));
    Ok(Json(SourceList { sources: sources.collect() }))
}

/// A source with what it did of late.
#[derive(Serialize, ToSchema)]
pub(super) struct SourceSheet {
    #[serde(flatten)]
    source: SourceView,
    /// What it did on each day, oldest first; days on which nobody asked it are left out.
    days: Vec<SourceDay>,
}

/// One source, how it is, and what it did on each day of late
#[utoipa::path(
    get,
    operation_id = "show_source",
    path = "/api/v1/sources/{name}",
    tag = "sources",
    params(
        ("name" = String, Path, description = "Its name"),
        ("days" = Option<i64>, Query, description = "How many days back", minimum = 1, maximum = 365),
    ),
    responses(
        (status = 200, body = SourceSheet),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(State(site): State<Shared>, Named(name): Named<String>, RawQuery(query): RawQuery) -> Answer<Json<SourceSheet>> {
    /// Days of history where nothing is said.
    const USUAL_DAYS: i64 = 14;
    let days = Asked::read(query.as_deref(), &["days"])?.number("days", USUAL_DAYS, 1..=365)?;
    let mend = "take its name from GET /api/v1/sources";
    let unknown = || Problem::new(axum::http::StatusCode::NOT_FOUND, "there is no source of this name that is asked", mend);
    let source = site.house.sources.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
    let first = site.now().date_naive() - Days::new(days.unsigned_abs() - 1);
    let (state, days) = (site.house.store.source_state(&name).await?, site.house.store.source_days(&name, first).await?);
    let paused = site.house.store.paused_sources().await?;
    Ok(Json(SourceSheet { source: SourceView::of(&site, source, &state, &paused), days }))
}
