//! Where an alert is posted to besides mail, as Standard Webhooks has it (<https://www.standardwebhooks.com>): signed, with an id that stays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use url::{Host, Url};

use crate::domain::digest::Selection;
use crate::domain::subscriber::SubscriberId;
use crate::domain::subscription::SubscriptionId;
use crate::domain::token::Signer;
use crate::domain::word::words;

words! {
    /// Why a call was not taken.
    CallFault, "fault of a webhook" {
        /// It answered, and not with success; redirects are not followed.
        Refused = "refused", "it answers with an error";
        /// It answered that it is gone for good (410).
        Gone = "gone", "it says that it is gone for good";
        /// No answer in time.
        Slow = "slow", "it takes too long to answer";
        /// No connection, or one that cannot be trusted.
        Unreachable = "unreachable", "it cannot be reached";
        /// The address leads where nothing is posted to.
        Forbidden = "forbidden", "its address leads where nothing may be posted to";
    }
}

/// What of a failed call is kept, and how long the other side asked to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// What kind of fault it is.
    pub fault: CallFault,
    /// What happened, in English.
    pub detail: String,
    /// The wait that was asked for.
    pub retry_after: Option<Duration>,
}

/// Which addresses may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Names of the public internet, by https.
    Public,
    /// Also http, and what is inside the network: for tests and for networks of one's own.
    Anywhere,
}

/// An address that an alert may be posted to, as far as that is known without asking DNS. Its path may be secret: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why an address cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookUrlError {
    /// It is no address, or another scheme, or has a user name, or is endless.
    #[error("give one https address without user name and password, such as https://example.org/jobs")]
    NotHttps,
    /// A number or a name of this machine.
    #[error("give the name of a host of the public internet")]
    NotPublic,
}

impl WebhookUrl {
    /// Longest address, in bytes.
    pub const MAX_BYTES: usize = 2_000;

    /// Reads what was typed.
    ///
    /// # Errors
    /// [`WebhookUrlError`]
    pub fn parse(text: &str, reach: Reach) -> Result<Self, WebhookUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| WebhookUrlError::NotHttps)?;
        let scheme = url.scheme() == "https" || (reach == Reach::Anywhere && url.scheme() == "http");
        if !scheme || !url.username().is_empty() || url.password().is_some() || url.as_str().len() > Self::MAX_BYTES {
            return Err(WebhookUrlError::NotHttps);
        }
        match url.host() {
            _ if reach == Reach::Anywhere => Ok(Self(url)),
            Some(Host::Domain(name)) if name.trim_end_matches('.').contains('.') && !name.trim_end_matches('.').ends_with(".localhost") => {
                Ok(Self(url))
            }
            _ => Err(WebhookUrlError::NotPublic),
        }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Its host: what may be shown and logged.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl std::fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookUrl({}, path hidden)", self.host())
    }
}

/// What signs the calls of one webhook. It is kept nowhere: the key of the service and a random text make it.
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    /// The secret of a webhook.
    #[must_use]
    pub fn of(signer: &Signer, nonce: &str) -> Self {
        Self(signer.mac("webhook", nonce.as_bytes()))
    }

    /// As its owner keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The header `webhook-signature` of a call.
    #[must_use]
    pub fn signature(&self, id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
        signature(&self.0, id, at, body)
    }
}

fn signature(key: &[u8], id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{}.", at.timestamp()).as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The webhook of an alert, and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Webhook {
    /// The number of its alert.
    #[schema(value_type = i64)]
    pub alert: SubscriptionId,
    /// Where the alert is posted to.
    pub url: String,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When a call was last taken.
    pub worked_at: Option<DateTime<Utc>>,
    /// Calls that failed since the last one that was taken.
    pub failures: u32,
    /// When the first of them failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why the last of them failed.
    pub fault: Option<CallFault>,
    /// What happened then, in English.
    pub detail: Option<String>,
    /// When it was switched off, because it failed for too long or said that it is gone. A test switches it on again.
    pub off_at: Option<DateTime<Utc>>,
    /// Calls that wait.
    pub waiting: u32,
    /// What its secret is made from.
    #[serde(skip)]
    #[schema(ignore)]
    pub nonce: String,
}

/// Waits after the first failure in a row, the second, and so on, in seconds; from then on the last one.
const WAITS: &[i64] = &[10, 60, 5 * 60, 30 * 60, 2 * 3_600, 6 * 3_600, 12 * 3_600, 24 * 3_600];
/// The longest wait that the other side may ask for.
const MOST_WAIT: Duration = Duration::days(1);

impl Webhook {
    /// A webhook that has taken nothing for so long, and failed so often meanwhile, is switched off.
    pub const GIVEN_UP_AFTER: Duration = Duration::days(3);
    /// The least failures before that: a service that was off itself does not know how the other one fared.
    pub const LEAST_FAILURES: u32 = 6;

    /// `well`, `failing` or `off`, as figures count it.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        match (self.off_at, self.failures) {
            (Some(_), _) => "off",
            (None, 0) => "well",
            (None, _) => "failing",
        }
    }

    /// When another call may go out after one more failure; none where it is to be switched off.
    #[must_use]
    pub fn after(&self, failure: &CallFailure, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let failures = self.failures.saturating_add(1);
        let worn_out = self.failing_since.is_some_and(|since| now - since >= Self::GIVEN_UP_AFTER) && failures >= Self::LEAST_FAILURES;
        if worn_out || failure.fault == CallFault::Gone {
            return None;
        }
        let step = usize::try_from(self.failures).unwrap_or(usize::MAX).min(WAITS.len() - 1);
        let asked = failure.retry_after.unwrap_or_default().min(MOST_WAIT);
        Some(now + Duration::seconds(WAITS[step]).max(asked))
    }
}

/// A call on its way: one step of an alert, or a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookCall {
    /// Row id; never used twice.
    pub id: i64,
    /// The listings; none for a test.
    pub selection: Option<Selection>,
    /// Attempts that failed so far.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
}

impl WebhookCall {
    /// Attempts before one call is given up although its webhook takes others.
    pub const MOST_ATTEMPTS: u32 = 15;

    /// The header `webhook-id`: the same at every attempt. The moment keeps it apart from that of a call whose number a restored database
    /// gave out again.
    #[must_use]
    pub fn message_id(&self) -> String {
        format!("call_{}_{:x}", self.id, self.created_at.timestamp_millis())
    }
}

/// A call whose turn it is, with its webhook.
#[derive(Debug, Clone)]
pub struct DueCall {
    /// Where to.
    pub webhook: Webhook,
    /// Whose.
    pub subscriber: SubscriberId,
    /// What.
    pub call: WebhookCall,
    /// Since when the webhook has been due; once it is taken, until when it is.
    pub due_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(failures: u32, failing_since: Option<DateTime<Utc>>) -> Webhook {
        Webhook {
            alert: SubscriptionId(1),
            url: "https://x.example/".into(),
            created_at: DateTime::UNIX_EPOCH,
            worked_at: None,
            failures,
            failing_since,
            fault: None,
            detail: None,
            off_at: None,
            waiting: 0,
            nonce: String::new(),
        }
    }

    fn failure(fault: CallFault, retry_after: Option<i64>) -> CallFailure {
        CallFailure { fault, detail: String::new(), retry_after: retry_after.map(Duration::seconds) }
    }

    #[test]
    fn only_https_addresses_with_a_public_name_are_taken() {
        for good in ["https://hooks.example.org/a?b=c", " https://example.org:8443/ "] {
            assert!(WebhookUrl::parse(good, Reach::Public).is_ok(), "{good}");
        }
        let long = format!("https://example.org/{}", "a".repeat(2_000));
        for bad in ["", "x", "http://example.org/", "https://a:b@example.org/", "file:///etc/passwd", &long] {
            assert_eq!(WebhookUrl::parse(bad, Reach::Public), Err(WebhookUrlError::NotHttps), "{bad}");
        }
        for bad in
            ["https://127.0.0.1/", "https://2130706433/", "https://[::1]/", "https://localhost/", "https://a.localhost./", "https://db/"]
        {
            assert_eq!(WebhookUrl::parse(bad, Reach::Public), Err(WebhookUrlError::NotPublic), "{bad}");
            assert!(WebhookUrl::parse(bad, Reach::Anywhere).is_ok(), "{bad}");
        }
        let url = WebhookUrl::parse("https://hooks.example.org/s3cret", Reach::Public).unwrap();
        assert_eq!(format!("{url:?}"), "WebhookUrl(hooks.example.org, path hidden)");
    }

    /// The vector of the libraries of Standard Webhooks.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let header = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b"{\"test\": 2432232314}");
        assert_eq!(header, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let signer = Signer::new(b"key");
        let (one, other) = (WebhookSecret::of(&signer, "a").text(), WebhookSecret::of(&signer, "b").text());
        assert!(one != other && one.starts_with("whsec_") && STANDARD.decode(&one[6..]).unwrap().len() == 32);
    }

    #[test]
    fn waits_grow_until_it_is_switched_off_and_gone_is_gone_at_once() {
        let (mut now, mut waits) = (DateTime::UNIX_EPOCH, Vec::new());
        let mut failing = hook(0, None);
        while let Some(again) = failing.after(&failure(CallFault::Refused, None), now) {
            waits.push((again - now).num_seconds());
            failing = hook(failing.failures + 1, Some(failing.failing_since.unwrap_or(now)));
            now = again;
        }
        assert!(waits.is_sorted() && waits[0] == 10 && waits.len() >= 8, "{waits:?}");
        let lasted = now - DateTime::UNIX_EPOCH;
        assert!(lasted >= Duration::days(3) && lasted < Duration::days(5), "{lasted}");
        assert_eq!(hook(0, None).after(&failure(CallFault::Gone, None), now), None);
        let asked = |seconds| hook(0, None).after(&failure(CallFault::Refused, Some(seconds)), now).unwrap() - now;
        assert_eq!([asked(1), asked(600), asked(9_999_999)], [Duration::seconds(10), Duration::seconds(600), Duration::days(1)]);
        let long_ago = Some(now - Duration::days(30));
        assert!(hook(1, long_ago).after(&failure(CallFault::Slow, None), now).is_some(), "it was asked too seldom to be given up");
    }
}
