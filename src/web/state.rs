//! What the pages are made from.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use url::Url;

use super::client::FormLimit;
use super::intake::Intake;
use super::open::OpenListings;
use super::proof::Stamps;
use super::requests::Requests;
use super::settings::WebSettings;
use crate::clock::Clock;
use crate::consent::Consent;
use crate::domain::{Rates, Signer};
use crate::store::Store;
use crate::tally::Tally;

/// What the pages need from the house.
#[derive(Debug, Clone)]
pub struct WebState {
    /// Read only; changes go through `consent`.
    pub store: Store,
    /// Does what a person asks for.
    pub consent: Consent,
    /// Verifies the tokens of links.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
    /// Exchange rates, for wishes of pay.
    pub rates: Rates,
    /// What the running service counts of itself.
    pub tally: Tally,
    /// What the service is called.
    pub service_name: String,
    /// The enabled sources: name and kind.
    pub sources: Vec<(String, String)>,
    /// Where postings that are sent to us go.
    pub intake: Intake,
    /// Where the service is reached from outside: the only base of links, and the origin that forms may come from.
    pub base_url: Url,
}

/// How many forms are taken within an hour.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) networks: FormLimit<IpAddr>,
    pub(super) domains: FormLimit<String>,
    pub(super) all: FormLimit<()>,
}

/// The state with what the pages keep for themselves.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) house: WebState,
    pub(super) open: OpenListings,
    pub(super) limits: Limits,
    pub(super) stamps: Stamps,
    pub(super) requests: Requests,
    pub(super) refused_domains: Vec<String>,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) metrics_from: Vec<IpNet>,
    pub(super) body_time: std::time::Duration,
}

/// As handlers take it.
pub(super) type Shared = Arc<Site>;

impl Site {
    pub(super) fn new(house: WebState, settings: &WebSettings) -> Shared {
        let open = OpenListings::new(house.store.clone(), house.rates.clone(), settings.open_listings);
        Arc::new(Self {
            open,
            limits: Limits {
                networks: FormLimit::new(settings.forms_per_hour),
                domains: FormLimit::new(settings.forms_per_hour_and_domain),
                all: FormLimit::new(settings.forms_per_hour_in_all),
            },
            stamps: Stamps::default(),
            requests: Requests::default(),
            refused_domains: settings.refused_domains.iter().map(|domain| domain.trim().to_lowercase()).collect(),
            trusted_proxies: settings.trusted_proxies.clone(),
            metrics_from: settings.metrics_from.clone(),
            body_time: settings.body_timeout.get(),
            house,
        })
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.house.clock.now()
    }
}
