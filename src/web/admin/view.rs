//! What the operator's page shows.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use crate::store::{ByDay, Queue, StoreError};
use crate::web::admin::chart::{Chart, Kind, Series, chart, window};
use crate::web::admin::session::{ask, operator, private};
use crate::web::admin::source_view::{MOST_SHOWN, sources};
use crate::web::health;
use crate::web::page::{Answer, page};
use crate::web::state::{Shared, Site};

/// Days that charts show.
const DAYS: u64 = 30;

/// What was done last, as the redirect carries it: a closed set, so that a link cannot make the page say anything.
const DONE: &[(&str, &str)] = &[
    ("paused", "The source is paused: it is not asked until you resume it."),
    ("resumed", "The source is asked again when it is next due."),
    ("released", "The parked letters are on their way again."),
    ("suppressed", "The address is never mailed again; its alerts have ended."),
    ("unsuppressed", "The address may be mailed again, once somebody signs it up."),
    ("nothing", "There was nothing to do: it is so already, or the name is not known."),
    ("address", "That is no mail address; nothing was changed."),
];

const LETTERS: &[Series] = &[Series { word: "sent", label: "sent", class: "good" }];
const TROUBLE: &[Series] = &[
    Series { word: "failed", label: "given up", class: "bad" },
    Series { word: "hard", label: "came back for good", class: "warn" },
    Series { word: "soft", label: "came back for now", class: "soft" },
    Series { word: "complaint", label: "complaints", class: "dark" },
];
const PEOPLE: &[Series] = &[
    Series { word: "active", label: "active", class: "good" },
    Series { word: "paused", label: "paused", class: "soft" },
    Series { word: "pending", label: "not confirmed", class: "warn" },
];
const LISTINGS: &[Series] =
    &[Series { word: "new", label: "new", class: "good" }, Series { word: "closed", label: "closed", class: "soft" }];

/// Letters of one state and kind.
#[derive(Debug, Serialize)]
struct QueueRow {
    state: String,
    kind: String,
    letters: u64,
    due: String,
}

/// `GET /admin`
pub(super) async fn show(State(site): State<Shared>, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let Some(token) = operator(&site, &headers).await? else { return ask(&site, StatusCode::OK, false) };
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let of = |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let done = of("done").and_then(|word| DONE.iter().find(|(known, _)| *known == word)).map(|(_, words)| *words);
    let now = site.now();
    let window = window(now.date_naive(), DAYS);
    let store = &site.house.store;
    let queue = store.queue_at(now).await?;
    let stock = store.stock().await?;
    let days = store.all_source_days(window.first().copied().unwrap_or_default()).await?;
    let mut views = sources(&site, &store.source_states().await?, &days, &store.paused_sources().await?, &window);
    let wrong = views.iter().filter(|view| !view.is_well()).count();
    let hidden = if of("sources") == Some("all") { 0 } else { views.len().saturating_sub(MOST_SHOWN.max(wrong)) };
    views.truncate(views.len() - hidden);
    let charts = charts(&site, &window, &days_of_listings(&days)).await?;
    let checks = health::checks(&site).await;
    let context = context! {
        service => site.house.service_name.as_str(),
        done,
        token => token.name,
        at => now.format("%-d %B %Y, %H:%M UTC").to_string(),
        ready => checks.iter().all(|check| check.well),
        checks => Serde(&checks),
        pending => queue.pending(),
        oldest => queue.due_since.map(|since| age(now - since)),
        parked => queue.waiting.iter().filter(|waiting| waiting.state == "parked").map(|waiting| waiting.letters).sum::<u64>(),
        queue => Serde(rows(&queue, now)),
        people => stock.subscribers.get("active").copied().unwrap_or_default(),
        alerts => stock.subscriptions,
        open => stock.listings.get("open").copied().unwrap_or_default(),
        jobs => store.open_jobs(now).await?,
        all_sources => site.house.sources.len(),
        wrong,
        hidden,
        sources => Serde(&views),
        charts => Serde(&charts),
    };
    private(page(StatusCode::OK, "admin.html", context))
}

async fn charts(site: &Site, window: &[chrono::NaiveDate], listings: &ByDay) -> Result<Vec<Chart>, StoreError> {
    let first = window.first().copied().unwrap_or_default();
    let store = &site.house.store;
    let letters = store.letters_by_day(first).await?;
    let mut trouble = store.returned_by_day(first).await?;
    for (day, words) in &letters {
        if let Some(failed) = words.get("failed") {
            trouble.entry(*day).or_default().insert("failed".to_owned(), *failed);
        }
    }
    let mut people = store.people_by_day(first).await?;
    // The note of today is a quarter of an hour old at most; the tile beside the chart is of now.
    people.insert(site.now().date_naive(), store.stock().await?.subscribers);
    Ok(vec![
        chart("letters", "Letters sent, to people since erased too", Kind::Events, LETTERS, window, &letters),
        chart("trouble", "Letters that did not arrive", Kind::Events, TROUBLE, window, &trouble),
        chart("people", "People", Kind::Stock, PEOPLE, window, &people),
        chart("listings", "Listings", Kind::Events, LISTINGS, window, listings),
    ])
}

/// What all sources brought on each day.
fn days_of_listings(days: &std::collections::BTreeMap<String, Vec<crate::domain::SourceDay>>) -> ByDay {
    let mut sums = ByDay::new();
    for day in days.values().flatten() {
        let words = sums.entry(day.day).or_default();
        *words.entry("new".to_owned()).or_default() += u64::from(day.new);
        *words.entry("closed".to_owned()).or_default() += u64::from(day.closed);
    }
    sums
}

fn rows(queue: &Queue, now: chrono::DateTime<chrono::Utc>) -> Vec<QueueRow> {
    let row = |waiting: &crate::store::Waiting| QueueRow {
        state: waiting.state.clone(),
        kind: waiting.kind.clone(),
        letters: waiting.letters,
        due: match waiting.due_since {
            _ if waiting.state == "parked" => "waits for you".to_owned(),
            Some(since) => format!("for {}", age(now - since)),
            None => "later".to_owned(),
        },
    };
    queue.waiting.iter().map(row).collect()
}

/// A length of time as one figure.
fn age(length: chrono::TimeDelta) -> String {
    match length.num_seconds().max(0) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7_200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
