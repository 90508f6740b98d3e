//! What the pages are made from.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use url::Url;

use super::client::Limit;
use super::intake::Intake;
use super::open::OpenListings;
use super::proof::Stamps;
use super::requests::Requests;
use super::settings::WebSettings;
use crate::clock::Clock;
use crate::consent::Consent;
use crate::domain::api_token::ApiTokenId;
use crate::domain::webhook::Reach;
use crate::domain::{Rates, Signer};
use crate::pipeline::LetterDesk;
use crate::pulse::Pulse;
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
    /// The signs of life of its loops.
    pub pulse: Pulse,
    /// Writes the letters that the API shows before they are sent.
    pub desk: LetterDesk,
    /// Which addresses alerts may be posted to; none where they are posted nowhere.
    pub webhooks: Option<Reach>,
    /// What the service is called.
    pub service_name: String,
    /// The enabled sources: name and kind.
    pub sources: Vec<(String, String)>,
    /// Where postings that are sent to us go.
    pub intake: Intake,
    /// Where the service is reached from outside: the only base of links, and the origin that forms may come from.
    pub base_url: Url,
}

/// How many forms are taken within an hour, and how many requests of programs within a minute.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) networks: Limit<IpAddr>,
    pub(super) domains: Limit<String>,
    pub(super) all: Limit<()>,
    /// Programs, by their token.
    pub(super) callers: Limit<ApiTokenId>,
    /// Networks that show tokens that are none.
    pub(super) strangers: Limit<IpAddr>,
}

/// Most bad tokens of one network within a minute that are looked at: a guess costs a look into the database.
const MOST_STRANGERS: u32 = 30;

/// The state with what the pages keep for themselves.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) house: WebState,
    pub(super) open: OpenListings,
    pub(super) limits: Limits,
    pub(super) stamps: Stamps,
    pub(super) requests: Requests,
    pub(super) refused_domains: Vec<String>,
    /// Sources whose jobs are described to search engines.
    pub(super) described_sources: Vec<String>,
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
                networks: Limit::an_hour(settings.forms_per_hour),
                domains: Limit::an_hour(settings.forms_per_hour_and_domain),
                all: Limit::an_hour(settings.forms_per_hour_in_all),
                callers: Limit::a_minute(settings.api_requests_per_minute),
                strangers: Limit::a_minute(MOST_STRANGERS),
            },
            stamps: Stamps::default(),
            requests: Requests::default(),
            refused_domains: settings.refused_domains.iter().map(|domain| domain.trim().to_lowercase()).collect(),
            described_sources: settings.job_posting_json_ld.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
            metrics_from: settings.metrics_from.clone(),
            body_time: settings.body_timeout.get(),
            house,
        })
    }

    /// Whether the operator lets the jobs of a source be described to search engines.
    pub(super) fn describes(&self, source: &str) -> bool {
        self.described_sources.iter().any(|name| name == "*" || name == source)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.house.clock.now()
    }
}
