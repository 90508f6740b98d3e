//! Figures that are read from the rows at each call: nothing is counted twice, and a restart loses none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::state::Site;
use crate::domain::SourceState;
use crate::store::{Queue, StoreError};

type Figures<L> = Family<L, Gauge<f64, AtomicU64>>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByStateAndKind {
    state: String,
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKindAndReceiver {
    kind: String,
    receiver: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: String,
    receiver: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySource {
    source: String,
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByHealth {
    source: String,
    kind: String,
    health: &'static str,
}

pub(super) async fn register(registry: &mut Registry, site: &Site) -> Result<(), StoreError> {
    let store = &site.house.store;
    let now = site.now();
    queue(registry, &store.queue_at(now).await?, now);
    letters(registry, &store.letters_by_receiver().await?);
    let stock = store.stock().await?;
    one(registry, "subscriptions", "Confirmed alerts that have not ended", float(stock.subscriptions));
    by_state(registry, "subscribers", "Subscribers by state", &stock.subscribers);
    by_state(registry, "listings", "Listings by state", &stock.listings);
    let webhooks = store.webhook_stock().await?;
    by_state(registry, "webhooks", "Webhooks of alerts by state: well, failing, off", &webhooks.by_state);
    one(registry, "webhook_calls_waiting", "Calls that wait for their webhook", float(webhooks.waiting));
    let waited = webhooks.waiting_since.map_or(0, |since| (now - since).num_seconds().max(0).unsigned_abs());
    one(registry, "webhook_oldest_call_seconds", "How long the oldest of them has waited", float(waited));
    let family = Figures::<ByKind>::default();
    for (kind, count) in store.returned_since(chrono::DateTime::UNIX_EPOCH).await? {
        family.get_or_create(&ByKind { kind }).set(float(count));
    }
    registry.register("returned_mails", "Mails that came back and are remembered, by kind", family);
    let family = Figures::<ByKindAndReceiver>::default();
    for (kind, receiver, count) in store.returned_by_receiver().await? {
        family.get_or_create(&ByKindAndReceiver { kind, receiver }).set(float(count));
    }
    registry.register("returned_from", "Mails that came back about known readers, by kind and by who runs the mailbox", family);
    sources(registry, site, &store.source_states().await?, &store.paused_sources().await?);
    if let Some((database, log)) = store.file_sizes() {
        bytes(registry, "database_size", "The database file", database);
        bytes(registry, "database_wal", "The database's write-ahead log", log);
    }
    Ok(())
}

fn one(registry: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn bytes(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(float(value));
    registry.register_with_unit(name, help, Unit::Bytes, gauge);
}

fn by_state(registry: &mut Registry, name: &str, help: &str, counts: &BTreeMap<String, u64>) {
    let family = Figures::<ByState>::default();
    for (state, count) in counts {
        family.get_or_create(&ByState { state: state.clone() }).set(float(*count));
    }
    registry.register(name, help, family);
}

fn queue(registry: &mut Registry, queue: &Queue, now: chrono::DateTime<chrono::Utc>) {
    let age = |since: Option<chrono::DateTime<chrono::Utc>>| {
        since.map_or(0.0, |since| float((now - since).num_milliseconds().max(0).unsigned_abs()) / 1_000.0)
    };
    one(registry, "queue_pending", "Letters on their way: queued, under way or waiting for another attempt", float(queue.pending()));
    one(registry, "queue_due", "Letters that are due now", float(queue.due));
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(age(queue.due_since));
    registry.register_with_unit("queue_oldest_due_age", "How long the letter that is due longest has waited", Unit::Seconds, gauge);
    let (letters, ages) = (Figures::default(), Figures::default());
    for waiting in &queue.waiting {
        let by = ByStateAndKind { state: waiting.state.clone(), kind: waiting.kind.clone() };
        letters.get_or_create(&by).set(float(waiting.letters));
        ages.get_or_create(&by).set(age(waiting.due_since));
    }
    registry.register("queue_letters", "Letters that have not ended, by state and kind", letters);
    registry.register_with_unit("queue_age", "How long the first of them has been due, by state and kind", Unit::Seconds, ages);
}

/// All outcomes of letters are there from the start, so that a rate over the first of them is one.
fn letters(registry: &mut Registry, counts: &[(String, String, u64)]) {
    let family = Family::<ByOutcome, Counter>::default();
    for outcome in ["sent", "failed", "retrying"] {
        drop(family.get_or_create(&ByOutcome { outcome: outcome.to_owned(), receiver: "other".to_owned() }));
    }
    for (outcome, receiver, count) in counts {
        family.get_or_create(&ByOutcome { outcome: outcome.clone(), receiver: receiver.clone() }).inc_by(*count);
    }
    registry.register("deliveries", "Attempts to deliver a letter, by outcome and by who runs the mailbox", family);
}

fn sources(registry: &mut Registry, site: &Site, states: &[(String, SourceState)], resting: &BTreeSet<String>) {
    let paused = Figures::<BySource>::default();
    let (success, asked, news) = (Figures::default(), Figures::default(), Figures::default());
    let (listings, usual, failures, health) = (Figures::default(), Figures::default(), Figures::default(), Figures::default());
    for (name, kind) in &site.house.sources {
        let state = states.iter().find(|(known, _)| known == name).map(|(_, state)| state.clone()).unwrap_or_default();
        let by = BySource { source: name.clone(), kind: kind.clone() };
        let set = |family: &Figures<BySource>, value: Option<f64>| {
            if let Some(value) = value {
                family.get_or_create(&by).set(value);
            }
        };
        let seconds = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| at.timestamp().max(0).unsigned_abs()).map(float);
        set(&success, seconds(state.last_success_at));
        set(&asked, seconds(state.last_attempt_at));
        set(&news, seconds(state.last_new_at));
        set(&listings, state.last_yield.map(f64::from));
        set(&usual, state.usual_yield);
        set(&paused, Some(if resting.contains(name) { 1.0 } else { 0.0 }));
        set(&failures, Some(f64::from(state.failures)));
        let word = state.health(site.now()).as_str();
        health.get_or_create(&ByHealth { source: name.clone(), kind: kind.clone(), health: word }).set(1.0);
    }
    let mut at = |name: &str, help: &str, family| registry.register_with_unit(name, help, Unit::Seconds, family);
    at("source_last_success_timestamp", "When a source last answered well", success);
    at("source_last_attempt_timestamp", "When a source was last asked", asked);
    at("source_last_new_timestamp", "When a source last brought something new", news);
    registry.register("source_paused", "1 for a source that the operator lets rest", paused);
    registry.register("source_listings", "Postings of a source's last answer", listings);
    registry.register("source_usual_listings", "Postings that a source usually has", usual);
    registry.register("source_failures_in_a_row", "Failures of a source in a row", failures);
    registry.register("source_health", "1 for the word that says how a source is", health);
}

#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds are far below 2^53")]
const fn float(count: u64) -> f64 {
    count as f64
}
