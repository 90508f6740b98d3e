//! One-purpose rights in links: signed ones that need no row, and random ones of which only a digest is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::domain::email::EmailAddress;
use crate::domain::word::words;

words! {
    /// What a link may do; a token of one purpose is worth nothing for another.
    TokenPurpose, "token purpose" {
        /// Confirms an address (random, kept as a digest, used once).
        Confirm = "confirm", "confirm";
        /// Shows and changes the alerts of an address.
        Manage = "manage", "manage";
        /// Ends one alert; has no end.
        Unsubscribe = "unsubscribe", "unsubscribe";
        /// Shows all listings of one letter.
        Digest = "digest", "digest";
        /// Says what the person thinks of one listing of one letter.
        Feedback = "feedback", "feedback";
        /// Says that the alerts of an address are still wanted.
        Renew = "renew", "renew";
        /// Proves that a form was shown by our own page.
        Form = "form", "form";
        /// Keeps the operator signed in.
        Admin = "admin", "admin";
        /// Reads one alert as a feed.
        Feed = "feed", "feed";
    }
}

/// What a signed token says: up to three row ids and an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// Row ids; what they mean goes with the purpose (subscriber, subscription, listing or delivery).
    pub ids: [i64; 3],
    /// Good until this moment; none for ever.
    pub until: Option<DateTime<Utc>>,
}

/// Signs and checks tokens, and makes other keyed digests, under keys derived per purpose from the service's secret.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

const MAC_BYTES: usize = 16;
const VERSION: u8 = 1;

impl Signer {
    /// From the service's secret, of any length.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { key: Sha256::digest(secret).into() }
    }

    /// A token of letters, digits, `-` and `_`: version, ids, end and a 128-bit MAC.
    #[must_use]
    pub fn sign(&self, purpose: TokenPurpose, claims: Claims) -> String {
        let mut bytes = vec![VERSION];
        claims.ids.iter().for_each(|id| bytes.extend(id.to_be_bytes()));
        bytes.extend(claims.until.map_or(i64::MAX, |end| end.timestamp()).to_be_bytes());
        let mac = self.mac(purpose.as_str(), &bytes);
        bytes.extend_from_slice(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The claims of a token, if it was signed here for this purpose and has not ended. Compares in constant time.
    #[must_use]
    pub fn verify(&self, purpose: TokenPurpose, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        const CLAIM_BYTES: usize = 1 + 4 * 8;
        let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == CLAIM_BYTES + MAC_BYTES)?;
        let (claims, mac) = bytes.split_at(CLAIM_BYTES);
        let expected = self.mac(purpose.as_str(), claims);
        if !bool::from(subtle::ConstantTimeEq::ct_eq(&expected[..MAC_BYTES], mac)) || claims[0] != VERSION {
            return None;
        }
        let number = |index: usize| claims[1 + index * 8..9 + index * 8].try_into().ok().map(i64::from_be_bytes);
        let end = number(3)?;
        if end != i64::MAX && end <= now.timestamp() {
            return None;
        }
        let until = if end == i64::MAX { None } else { DateTime::from_timestamp(end, 0) };
        Some(Claims { ids: [number(0)?, number(1)?, number(2)?], until })
    }

    /// A keyed digest in hexadecimal, for what must be recognised but not kept (an address in a suppression list).
    #[must_use]
    pub fn digest(&self, purpose: &str, text: &str) -> String {
        hex(&self.mac(purpose, text.as_bytes()))
    }

    /// The keyed digest under which the suppression list knows an address, the same for every spelling of one mailbox.
    #[must_use]
    pub fn address_digest(&self, email: &EmailAddress) -> String {
        self.digest("address", &email.key())
    }

    pub(in crate::domain) fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let keyed = |key: &[u8], parts: &[&[u8]]| -> [u8; 32] {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
            for part in parts {
                mac.update(part);
            }
            mac.finalize().into_bytes().into()
        };
        keyed(&keyed(&self.key, &[purpose.as_bytes()]), &[bytes])
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(hidden)")
    }
}

/// A random token for a link, from 16 bytes of chance.
#[must_use]
pub fn random_token(chance: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(chance)
}

/// What is kept of a random token.
#[must_use]
pub fn token_digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_purpose_until_its_end_and_for_nothing_else() {
        let signer = Signer::new(b"secret");
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        let claims = Claims { ids: [1, 2, 3], until: DateTime::from_timestamp(2_000, 0) };
        let token = signer.sign(TokenPurpose::Manage, claims);
        assert_eq!(signer.verify(TokenPurpose::Manage, &token, now), Some(claims));
        assert_eq!(signer.verify(TokenPurpose::Unsubscribe, &token, now), None);
        assert_eq!(signer.verify(TokenPurpose::Manage, &token, DateTime::from_timestamp(2_000, 0).unwrap()), None);
        assert_eq!(Signer::new(b"other").verify(TokenPurpose::Manage, &token, now), None);
    }

    #[test]
    fn no_changed_character_passes() {
        let signer = Signer::new(b"secret");
        let token = signer.sign(TokenPurpose::Unsubscribe, Claims { ids: [7, 0, 0], until: None });
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(signer.verify(TokenPurpose::Unsubscribe, &changed, DateTime::UNIX_EPOCH), None);
        }
    }
}
