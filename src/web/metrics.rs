//! `GET /metrics`: figures for Prometheus, in OpenMetrics text. No label is an address, a link or a path.
//!
//! `metrics_rows` reads the database, `metrics_passes` what the passes counted, `metrics_process` the process, and `requests` counts
//! what the page answers.

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
use super::{health, metrics_passes, metrics_process, metrics_rows};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCheck {
    check: &'static str,
}

/// `GET /metrics`
pub(super) async fn metrics(State(site): State<Shared>, Extension(peer): Extension<Peer>, headers: HeaderMap) -> Response {
    if !may_read(peer, &headers, &site.metrics_from, &site.trusted_proxies) {
        return (StatusCode::FORBIDDEN, "figures are for the networks of [web] metrics_from\n").into_response();
    }
    match figures(&site).await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
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

/// Where the database does not answer, what is known without it is still told, and that it does not.
async fn figures(site: &Site) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("rolecall");
    metrics_process::register(&mut registry);
    site.requests.register(&mut registry);
    metrics_passes::register(&mut registry, &site.house.tally.counts());
    let checks = health::checks(site).await;
    let ready = Family::<ByCheck, Gauge>::default();
    for check in &checks {
        ready.get_or_create(&ByCheck { check: check.name }).set(i64::from(check.well));
    }
    registry.register("ready", "1 for each thing that readiness rests on and that is well", ready);
    if let Err(error) = metrics_rows::register(&mut registry, site).await {
        tracing::warn!(error = ?error.to_string(), "figures of the database cannot be read");
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
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
