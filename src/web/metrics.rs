//! Figures for Prometheus, read from the rows at each call: nothing is counted twice, and a restart loses none.

use std::sync::atomic::AtomicU64;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ipnet::IpNet;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::client::{Peer, client_of};
use super::state::{Shared, Site};
use crate::domain::SourceState;
use crate::store::{StoreError, StoreStatus};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Figures<L> = Family<L, Gauge<f64, AtomicU64>>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    state: String,
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

/// `GET /metrics`
pub(super) async fn metrics(State(site): State<Shared>, Extension(peer): Extension<Peer>, headers: HeaderMap) -> Response {
    if !may_read(peer, &headers, &site.metrics_from, &site.trusted_proxies) {
        return (StatusCode::FORBIDDEN, "figures are for the networks of [web] metrics_from\n").into_response();
    }
    match figures(&site).await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::warn!(error = ?error.to_string(), "figures cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Whether who asks is in one of the networks. Behind a proxy it is the client that counts, not the proxy.
fn may_read(peer: Peer, headers: &HeaderMap, from: &[IpNet], trusted: &[IpNet]) -> bool {
    let listed = |address: std::net::IpAddr| from.iter().any(|net| net.contains(&address));
    if headers.contains_key("x-forwarded-for") {
        return client_of(peer, headers, trusted).is_some_and(listed);
    }
    match peer {
        Peer::At(address) => listed(address.to_canonical()),
        Peer::Socket => true,
    }
}

async fn figures(site: &Site) -> Result<String, StoreError> {
    let now = site.now();
    let mut registry = Registry::with_prefix("rolecall");
    whole(&mut registry, &site.house.store.status(now).await?);
    let states = site.house.store.source_states().await?;
    sources(&mut registry, site, &states);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| StoreError::Unusable(error.to_string()))?;
    Ok(text)
}

fn whole(registry: &mut Registry, status: &StoreStatus) {
    let one = |registry: &mut Registry, name: &str, help: &str, value: f64| {
        let gauge = Gauge::<f64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    one(registry, "deliveries_pending", "Letters queued, being sent or waiting for another attempt", float(status.pending));
    let oldest = status.oldest_pending_seconds.map_or(0.0, |seconds| float(seconds.unsigned_abs()));
    one(registry, "oldest_pending_age_seconds", "Age of the oldest letter that is due", oldest);
    one(registry, "listings_open", "Listings that are open", float(status.open_listings));
    one(registry, "listings_closed", "Listings that are closed", float(status.closed_listings));
    one(registry, "subscriptions", "Confirmed alerts that have not ended", float(status.subscriptions));
    for (name, help, counts) in
        [("deliveries", "Letters by state", &status.deliveries), ("subscribers", "Subscribers by state", &status.subscribers)]
    {
        let family = Figures::<ByState>::default();
        for (state, count) in counts {
            family.get_or_create(&ByState { state: state.clone() }).set(float(*count));
        }
        registry.register(name, help, family);
    }
}

fn sources(registry: &mut Registry, site: &Site, states: &[(String, SourceState)]) {
    let (success, news, listings, usual, failures, health) =
        (Figures::default(), Figures::default(), Figures::default(), Figures::default(), Figures::default(), Figures::default());
    for (name, kind) in &site.house.sources {
        let state = states.iter().find(|(known, _)| known == name).map(|(_, state)| state.clone()).unwrap_or_default();
        let by = BySource { source: name.clone(), kind: kind.clone() };
        let set = |family: &Figures<BySource>, value: Option<f64>| {
            if let Some(value) = value {
                family.get_or_create(&by).set(value);
            }
        };
        set(&success, state.last_success_at.map(|at| at.timestamp().max(0).unsigned_abs()).map(float));
        set(&news, state.last_new_at.map(|at| at.timestamp().max(0).unsigned_abs()).map(float));
        set(&listings, state.last_yield.map(f64::from));
        set(&usual, state.usual_yield);
        set(&failures, Some(f64::from(state.failures)));
        let word = state.health(site.now()).as_str();
        health.get_or_create(&ByHealth { source: name.clone(), kind: kind.clone(), health: word }).set(1.0);
    }
    registry.register("source_last_success_timestamp_seconds", "When a source last answered well", success);
    registry.register("source_last_new_timestamp_seconds", "When a source last brought something new", news);
    registry.register("source_listings", "Postings of a source's last answer", listings);
    registry.register("source_usual_listings", "Postings that a source usually has", usual);
    registry.register("source_failures", "Failures of a source in a row", failures);
    registry.register("source_health", "1 for the word that says how a source is", health);
}

#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^53")]
const fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_for_the_networks_that_are_named_and_a_proxy_lends_its_own_to_nobody() {
        let nets = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpNet>>();
        let (from, trusted) = (nets(&["127.0.0.0/8", "10.1.0.0/16"]), nets(&["127.0.0.1/32"]));
        let plain = HeaderMap::new();
        let peer = |text: &str| Peer::At(text.parse().unwrap());
        assert!(may_read(peer("127.0.0.1"), &plain, &from, &trusted) && may_read(Peer::Socket, &plain, &from, &trusted));
        assert!(!may_read(peer("192.0.2.7"), &plain, &from, &trusted));
        let mut forwarded = HeaderMap::new();
        forwarded.insert("x-forwarded-for", "192.0.2.7".parse().unwrap());
        assert!(!may_read(peer("127.0.0.1"), &forwarded, &from, &trusted));
        forwarded.insert("x-forwarded-for", "10.1.2.3".parse().unwrap());
        assert!(may_read(peer("127.0.0.1"), &forwarded, &from, &trusted));
    }
}
