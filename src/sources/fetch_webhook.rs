//! Posts alerts to webhooks: through the wall that sources are asked through, without following anything, within a bounded time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::DurationText;
use crate::domain::FetchFault;
use crate::domain::webhook::{CallFailure, CallFault, Reach};
use crate::sources::backoff;
use crate::sources::fetch_client::{Resolver, meaning};
use crate::sources::guard::Wall;
use crate::sources::settings::FetchSettings;

/// `[webhooks]`: how alerts are posted to programs of their owners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// Whether people may give their alerts a webhook, and whether what waits is posted.
    pub enabled: bool,
    /// Also by http, on any port, and to addresses inside the network: for tests.
    pub allow_private_addresses: bool,
    /// The ports of the public internet that may be posted to.
    pub ports: Vec<u16>,
    /// The longest that an answer may take.
    pub timeout: DurationText,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { enabled: true, allow_private_addresses: false, ports: vec![443, 8443], timeout: DurationText::from_secs(15) }
    }
}

impl WebhookSettings {
    /// The longest time that may be set: a claim lasts longer.
    const MOST_TIME: Duration = Duration::from_mins(1);

    /// Which addresses people may give; none where they may give no webhook.
    #[must_use]
    pub fn reach(&self) -> Option<Reach> {
        self.enabled.then_some(if self.allow_private_addresses { Reach::Anywhere } else { Reach::Public })
    }
}

/// Why nothing can be posted.
#[derive(Debug, thiserror::Error)]
#[error("[webhooks] cannot be used: {0}")]
pub struct PosterError(String);

/// Posts calls; cheap to clone.
#[derive(Debug, Clone)]
pub struct Poster {
    client: Client,
    wall: Wall,
    settings: FetchSettings,
}

impl Poster {
    /// A poster by these settings, under the name that `[fetch]` gives us; none where they are switched off.
    ///
    /// # Errors
    /// A setting cannot be used, or TLS cannot be set up.
    pub fn new(settings: &WebhookSettings, fetch: &FetchSettings) -> Result<Option<Self>, PosterError> {
        if settings.timeout.get().is_zero() || settings.timeout.get() > WebhookSettings::MOST_TIME {
            return Err(PosterError("timeout: give a time of at most \"1m\", such as \"15s\"".to_owned()));
        }
        if !settings.enabled {
            return Ok(None);
        }
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let settings = FetchSettings {
            allow_private_addresses: settings.allow_private_addresses,
            ports: settings.ports.clone(),
            timeout: settings.timeout,
            ..fetch.clone()
        };
        let wall = Wall::new(&settings);
        let builder = || {
            Client::builder()
                .user_agent(settings.agent())
                .timeout(settings.timeout.get())
                .pool_max_idle_per_host(0)
                .no_proxy()
                .referer(false)
                .https_only(!settings.allow_private_addresses)
                .redirect(Policy::none())
                .dns_resolver(Resolver(wall.clone()))
        };
        // On a machine without certificates every call fails and says why; nothing else does.
        let client = builder().build().or_else(|_| builder().tls_certs_only([]).build()).map_err(|error| PosterError(error.to_string()))?;
        Ok(Some(Self { client, wall, settings }))
    }

    /// Posts JSON once; of the answer only its status counts, and how long to stay away.
    ///
    /// # Errors
    /// Whatever is no success.
    pub async fn post(
        &self,
        url: &str,
        headers: [(&'static str, String); 3],
        body: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<(), CallFailure> {
        let forbidden = |detail: String| CallFailure { fault: CallFault::Forbidden, detail, retry_after: None };
        let url = Url::parse(url).map_err(|fault| forbidden(fault.to_string()))?;
        self.wall.check(&url).map_err(|fault| forbidden(fault.to_string()))?;
        let mut call = self.client.post(url).header(CONTENT_TYPE, "application/json").body(body);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        match call.send().await {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(refused(&response, now)),
            Err(error) => {
                let failure = meaning(&error, &self.settings);
                let fault = match failure.fault {
                    FetchFault::Forbidden => CallFault::Forbidden,
                    FetchFault::Slow => CallFault::Slow,
                    _ => CallFault::Unreachable,
                };
                // What stands behind it is the mend of an operator of sources.
                let detail = failure.text.split("; ").next().unwrap_or_default().to_owned();
                Err(CallFailure { fault, detail, retry_after: None })
            }
        }
    }
}

fn refused(response: &Response, now: DateTime<Utc>) -> CallFailure {
    let status = response.status();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|header| backoff::retry_after(header, now)).and_then(|seconds| i64::try_from(seconds).ok());
    let fault = if status == StatusCode::GONE { CallFault::Gone } else { CallFault::Refused };
    CallFailure { fault, detail: format!("HTTP {}", status.as_u16()), retry_after: seconds.and_then(TimeDelta::try_seconds) }
}
