//! Open jobs: browsed by the same fields as `/jobs`, one with its facts and what happened to it, and what wishes bring.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::listing_event::Difference;
use crate::domain::{Education, EmploymentType, ListingEventKind, ListingId, Preferences, Role, Seniority, WorkMode};
use crate::pipeline::{self, Forecast};
use crate::web::api::asked::{Asked, Named, Sent};
use crate::web::api::problem::{Answer, Problem};
use crate::web::api::views::ListingView;
use crate::web::state::Shared;
use crate::web::typed::Typed;
use crate::web::wishes::read_preferences;

/// Listings of one answer, and the most of one.
const USUAL: i64 = 20;
const MOST: i64 = 100;

/// The parameters of browsing: those of the form of `/jobs`, and where to go on.
const PARAMETERS: &[&str] = &[
    "roles",
    "skills_any",
    "skills_all",
    "skills_none",
    "seniority",
    "experience_years",
    "pay",
    "places",
    "work_modes",
    "home_country",
    "employment_types",
    "education",
    "companies_only",
    "companies_never",
    "keywords",
    "said",
    "before",
    "limit",
];

/// Open jobs that fit, newest first.
#[derive(Serialize, ToSchema)]
struct ListingPage<'a> {
    /// How many fit in all.
    count: usize,
    /// Whether there are more open jobs than were looked at.
    cut: bool,
    /// Those of this page.
    listings: Vec<ListingView<'a>>,
    /// The value of `before` that brings the next page; none on the last.
    next: Option<i64>,
}

/// Open jobs, newest first, filtered by the fields of the page
#[utoipa::path(
    get,
    operation_id = "browse_listings",
    path = "/api/v1/listings",
    tag = "listings",
    params(
        ("roles" = Option<Vec<Role>>, Query, description = "Wanted roles"),
        ("skills_any" = Option<String>, Query, description = "At least one of these skills, parted by commas"),
        ("skills_all" = Option<String>, Query, description = "Every one of these skills, parted by commas"),
        ("skills_none" = Option<String>, Query, description = "Not one of these skills, parted by commas"),
        ("seniority" = Option<Vec<Seniority>>, Query, description = "Wanted levels"),
        ("experience_years" = Option<f64>, Query, description = "Years of experience the person has", minimum = 0, maximum = 80),
        ("pay" = Option<String>, Query, description = "The least pay in everyday spelling, such as 12 LPA or 90k EUR"),
        ("places" = Option<String>, Query, description = "Places, such as Bengaluru +50 km; Germany. A city may be followed by its state and its country: Pune, India is Pune"),
        ("work_modes" = Option<Vec<WorkMode>>, Query, description = "Wanted work modes"),
        ("home_country" = Option<String>, Query, description = "Where the person works from when the job is remote"),
        ("employment_types" = Option<Vec<EmploymentType>>, Query, description = "Wanted kinds of contract"),
        ("education" = Option<Vec<Education>>, Query, description = "Wanted education routes"),
        ("companies_only" = Option<String>, Query, description = "Only these companies, parted by semicolons"),
        ("companies_never" = Option<String>, Query, description = "Never these companies, parted by semicolons"),
        ("keywords" = Option<String>, Query, description = "A keyword query: words, \"phrases\", AND, OR, NOT, title: company: skill:"),
        ("said" = Option<Vec<String>>, Query, description = "Wishes that a job must state: seniority, pay, places, …"),
        ("before" = Option<i64>, Query, description = "The `next` of the page before"),
        ("limit" = Option<i64>, Query, description = "How many at most", minimum = 0, maximum = 100),
    ),
    responses((status = 200, body = ListingPage<'static>), (status = 422, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn browse(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::read(query.as_deref(), PARAMETERS)?;
    let limit = asked.number("limit", USUAL, 0..=MOST)?;
    let before = asked.number("before", i64::MAX, i64::MIN..=i64::MAX)?;
    let wishes = read_preferences(&Typed::new(asked.pairs()), &site.house.rates).map_err(|faults| {
        let (place, fault) = faults.into_iter().next().unwrap_or(("query", "it makes no sense".to_owned()));
        Problem::invalid(place, fault, "write it as the page /jobs takes it")
    })?;
    let now = site.now();
    let fitting = site.open.fitting(&wishes, now).await?;
    let from = fitting.found.partition_point(|(seq, _)| seq.0 >= before);
    let shown = &fitting.found[from..fitting.found.len().min(from + usize::try_from(limit).unwrap_or_default())];
    let more = fitting.found.len() > from + shown.len();
    let ids: Vec<ListingId> = shown.iter().map(|(_, id)| *id).collect();
    let listings = site.house.store.listings(&ids).await?;
    let page = ListingPage {
        count: fitting.found.len(),
        cut: fitting.cut,
        listings: listings.iter().map(|listing| ListingView::of(listing, now)).collect(),
        next: shown.last().filter(|_| more).map(|(seq, _)| seq.0),
    };
    Ok(Json(page).into_response())
}

/// A job with its text and its history.
#[derive(Serialize, ToSchema)]
struct ListingSheet<'a> {
    #[serde(flatten)]
    listing: ListingView<'a>,
    /// Its description as plain text.
    text: &'a str,
    /// What happened to it since it was published, oldest first.
    history: Vec<EventView>,
}

/// Something that happened to a listing.
#[derive(Serialize, ToSchema)]
#[schema(as = ListingEvent)]
struct EventView {
    /// What.
    kind: ListingEventKind,
    /// When a fetch found it.
    happened_at: DateTime<Utc>,
    /// What changed; empty for other events.
    differences: Vec<Difference>,
}

/// One job with its facts, the words they rest on, its text and what changed
#[utoipa::path(
    get,
    operation_id = "show_listing",
    path = "/api/v1/listings/{id}",
    tag = "listings",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = ListingSheet<'static>),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(State(site): State<Shared>, Named(id): Named<i64>) -> Answer {
    let listing = site.house.store.listing(ListingId(id)).await?.ok_or_else(|| Problem::unknown("listing"))?;
    let events = site.house.store.listing_events(&[listing.id], DateTime::UNIX_EPOCH).await?;
    let history =
        events.into_iter().map(|event| EventView { kind: event.kind, happened_at: event.happened_at, differences: event.differences });
    let sheet = ListingSheet { listing: ListingView::of(&listing, site.now()), text: &listing.text, history: history.collect() };
    Ok(Json(sheet).into_response())
}

/// What wishes bring.
#[derive(Serialize, ToSchema)]
pub(super) struct Brings {
    /// Open jobs that fit now.
    open: usize,
    #[serde(flatten)]
    forecast: Forecast,
}

/// How many open jobs fit these wishes now, and how many a week they would have brought over the last 30 days
#[utoipa::path(
    post,
    operation_id = "forecast_wishes",
    path = "/api/v1/forecast",
    tag = "listings",
    request_body(content = Preferences, content_type = "application/json", example = json!({
        "roles": ["backend_engineer"], "skills": {"any": ["rust", "go"]}, "places": [{"country": "IN", "city": "Pune", "within_km": 50}]
    })),
    responses((status = 200, body = Brings), (status = 422, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn forecast(State(site): State<Shared>, Sent(wishes): Sent<Preferences>) -> Answer {
    brings(&site, &wishes).await
}

/// What checked wishes bring.
pub(super) async fn brings(site: &Shared, wishes: &Preferences) -> Answer<Response> {
    wishes.check().map_err(|fault| Problem::invalid(fault.facet, fault.to_string(), fault.mend))?;
    let now = site.now();
    let open = site.open.fitting(wishes, now).await?.found.len();
    let forecast = pipeline::forecast(&site.house.store, &site.house.rates, wishes, now).await?;
    Ok(Json(Brings { open, forecast }).into_response())
}
