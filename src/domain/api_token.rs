//! A program's right to use the API: a bearer token (RFC 6750) with scopes, of which only a digest is kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::token::{random_token, token_digest};
use crate::domain::word::words;

words! {
    /// What a token may be used for.
    Scope, "scope" {
        /// Browse listings, count and forecast wishes.
        ListingsRead = "listings:read", "browse jobs, count and forecast wishes";
        /// Read people, their alerts, previews and exports.
        SubscribersRead = "subscribers:read", "read subscribers, their alerts and what is kept of them";
        /// Add, change, pause and erase people and alerts.
        SubscribersWrite = "subscribers:write", "add, change, pause and erase subscribers and alerts";
        /// Read how sources are.
        SourcesRead = "sources:read", "read how sources are";
        /// See and use the operator's page.
        Admin = "admin", "see and use the operator's page";
        /// Read the figures of the whole.
        StatusRead = "status:read", "read the figures of the service";
    }
}

/// The row id of a token; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiTokenId(pub i64);

/// A token on its way into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiToken {
    /// What the operator calls it.
    pub name: String,
    /// What it may be used for, sorted, each once.
    pub scopes: Vec<Scope>,
    /// Good until this moment; none for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// The digest of its secret part.
    pub digest: String,
}

/// A token as it is kept; its secret part is known to its holder alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Row id.
    pub id: ApiTokenId,
    /// What the operator calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Good until this moment; none for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The digest of its secret part.
    #[serde(skip)]
    pub digest: String,
}

/// What stands before the number of every token, so that programs that look for leaked secrets know one.
const PREFIX: &str = "rolecall";

/// What its holder shows: the number, by which it is found, and the secret, which is compared.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownToken {
    /// Row id.
    pub id: ApiTokenId,
    secret: String,
}

impl ShownToken {
    /// A new secret, from chance.
    #[must_use]
    pub fn secret(chance: [u8; 16]) -> String {
        random_token(chance)
    }

    /// The token of a number and its secret.
    #[must_use]
    pub const fn new(id: ApiTokenId, secret: String) -> Self {
        Self { id, secret }
    }

    /// Reads what a program shows: `rolecall.NUMBER.SECRET`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.strip_prefix('.')?.split_once('.')?;
        let id = id.parse().ok().map(ApiTokenId)?;
        Some(Self { id, secret: secret.to_owned() })
    }

    /// The whole, as its holder keeps it. Shown once.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}.{}.{}", self.id.0, self.secret)
    }
}

impl std::fmt::Debug for ShownToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShownToken({}, hidden)", self.id.0)
    }
}

impl ApiToken {
    /// Longest name, in characters.
    pub const MAX_NAME_CHARS: usize = 60;

    /// Whether `shown` is this token and is good at `now`. Compares in constant time.
    #[must_use]
    pub fn admits(&self, shown: &ShownToken, now: DateTime<Utc>) -> bool {
        let digest = token_digest(&shown.secret);
        let same = bool::from(subtle::ConstantTimeEq::ct_eq(digest.as_bytes(), self.digest.as_bytes()));
        same && self.id == shown.id && self.is_good(now)
    }

    /// Whether it is neither taken back nor past its end.
    #[must_use]
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }

    /// Whether it may be used for this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: i64, secret: &str) -> ApiToken {
        ApiToken {
            id: ApiTokenId(id),
            name: "crm".into(),
            scopes: vec![Scope::ListingsRead],
            created_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::from_timestamp(1_000, 0),
            revoked_at: None,
            digest: token_digest(secret),
        }
    }

    #[test]
    fn a_token_is_good_for_its_holder_until_its_end_or_until_it_is_taken_back() {
        let secret = ShownToken::secret([7; 16]);
        let kept = token(4, &secret);
        let shown = ShownToken::parse(&ShownToken::new(ApiTokenId(4), secret.clone()).text()).unwrap();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(kept.admits(&shown, at(999)) && !kept.admits(&shown, at(1_000)));
        assert!(!ApiToken { revoked_at: Some(at(5)), ..kept.clone() }.admits(&shown, at(6)));
        assert!(!kept.admits(&ShownToken::new(ApiTokenId(4), ShownToken::secret([8; 16])), at(1)));
        assert!(!kept.admits(&ShownToken::new(ApiTokenId(5), secret), at(1)));
        assert!(kept.may(Scope::ListingsRead) && !kept.may(Scope::SubscribersRead));
    }

    #[test]
    fn what_is_no_token_is_refused_and_none_is_ever_printed() {
        for bad in ["", "rolecall", "rolecall.", "rolecall.x.y", "rolecall.1", "other.1.x", "rolecall1.x"] {
            assert!(ShownToken::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", ShownToken::parse("rolecall.1.secret").unwrap()), "ShownToken(1, hidden)");
    }
}
