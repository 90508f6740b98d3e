//! The name of a letter on its way and back: in its return path, its envelope id and its Message-ID, so that whatever comes back names
//! the delivery it belongs to, and nobody can make one up.
//!
//! One version byte, eight of the delivery's id, seven of a MAC, in base32 (RFC 4648) without padding and in lower case, because mailers
//! fold the case of addresses.

use crate::domain::delivery::DeliveryId;
use crate::domain::email::{EmailAddress, EmailAddressError};
use crate::domain::token::Signer;

const VERSION: u8 = 1;
const MAC_BYTES: usize = 7;
const BYTES: usize = 1 + 8 + MAC_BYTES;
/// The length of a token, in characters.
pub const TOKEN_CHARS: usize = 26;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The token of a delivery.
#[must_use]
pub fn letter_token(signer: &Signer, delivery: DeliveryId) -> String {
    let mut bytes = [0; BYTES];
    bytes[0] = VERSION;
    bytes[1..9].copy_from_slice(&delivery.0.to_be_bytes());
    let mac = signer.mac("letter", &bytes[..9]);
    bytes[9..].copy_from_slice(&mac[..MAC_BYTES]);
    base32(&bytes)
}

/// The delivery that a token names, if it was made here. Compares in constant time.
#[must_use]
pub fn letter_of(signer: &Signer, token: &str) -> Option<DeliveryId> {
    let bytes = unbase32(token).filter(|bytes| bytes[0] == VERSION)?;
    let mac = signer.mac("letter", &bytes[..9]);
    let ours = bool::from(subtle::ConstantTimeEq::ct_eq(&mac[..MAC_BYTES], &bytes[9..]));
    ours.then(|| bytes[1..9].try_into().ok().map(|id| DeliveryId(i64::from_be_bytes(id))))?
}

/// The first delivery that a mail names anywhere: in the address it came to, an envelope id, or the copy of the letter in it.
#[must_use]
pub fn letter_named_in(signer: &Signer, mail: &[u8]) -> Option<DeliveryId> {
    let words = mail.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| word.len() == TOKEN_CHARS);
    words.filter_map(|word| std::str::from_utf8(word).ok()).find_map(|word| letter_of(signer, word))
}

/// Where letters come back to: one address a delivery, `local+TOKEN@domain`.
#[derive(Debug, Clone)]
pub struct ReturnPaths {
    local: String,
    domain: String,
    signer: Signer,
}

impl ReturnPaths {
    /// From the address that all of them share, such as `bounces@example.org`.
    ///
    /// # Errors
    /// It is no address, or leaves no room for a token.
    pub fn parse(address: &str, signer: Signer) -> Result<Self, EmailAddressError> {
        /// RFC 5321 4.5.3.1.1, less the separator and the token.
        const MOST_LOCAL: usize = 64 - 1 - TOKEN_CHARS;
        let address = EmailAddress::parse(address)?;
        if address.local().len() > MOST_LOCAL {
            return Err(EmailAddressError::Length);
        }
        Ok(Self { local: address.local().to_owned(), domain: address.domain().to_owned(), signer })
    }

    /// The return path of a delivery.
    #[must_use]
    pub fn of(&self, delivery: DeliveryId) -> String {
        format!("{}+{}@{}", self.local, self.token(delivery), self.domain)
    }

    /// The token of a delivery, for the envelope id (RFC 3461 4.4).
    #[must_use]
    pub fn token(&self, delivery: DeliveryId) -> String {
        letter_token(&self.signer, delivery)
    }
}

fn base32(bytes: &[u8; BYTES]) -> String {
    let number = u128::from_be_bytes(*bytes);
    let digit = |at: usize| {
        // 26 digits hold 130 bits: the last digit has the last three bits and two zeros.
        let shift = 123_i32 - 5 * i32::try_from(at).unwrap_or_default();
        let five = if shift >= 0 { number >> shift } else { number << -shift };
        char::from(ALPHABET[usize::try_from(five & 31).unwrap_or_default()])
    };
    (0..TOKEN_CHARS).map(digit).collect()
}

fn unbase32(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != TOKEN_CHARS {
        return None;
    }
    let mut number: u128 = 0;
    for (at, byte) in text.bytes().enumerate() {
        let value = ALPHABET.iter().position(|letter| *letter == byte.to_ascii_lowercase()).and_then(|value| u128::try_from(value).ok())?;
        if at + 1 < TOKEN_CHARS {
            number = (number << 5) | value;
        } else if value.trailing_zeros() >= 2 {
            number = (number << 3) | (value >> 2);
        } else {
            return None;
        }
    }
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new(b"secret")
    }

    #[test]
    fn a_token_names_its_delivery_and_survives_mailers_that_fold_case() {
        for id in [0, 1, 41, i64::MAX] {
            let token = letter_token(&signer(), DeliveryId(id));
            assert!(token.len() == TOKEN_CHARS && token.bytes().all(|b| ALPHABET.contains(&b)), "{token}");
            assert_eq!(letter_of(&signer(), &token), Some(DeliveryId(id)));
            assert_eq!(letter_of(&signer(), &token.to_uppercase()), Some(DeliveryId(id)));
            assert_eq!(letter_of(&Signer::new(b"other"), &token), None);
        }
    }

    #[test]
    fn no_changed_character_passes() {
        let token = letter_token(&signer(), DeliveryId(41));
        for at in 0..token.len() {
            for other in ALPHABET {
                let mut changed = token.clone().into_bytes();
                changed[at] = *other;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(letter_of(&signer(), &changed).is_some(), changed == token, "{changed}");
            }
        }
    }

    #[test]
    fn a_mail_names_its_letter_wherever_the_token_stands() {
        let paths = ReturnPaths::parse("bounces@example.org", signer()).unwrap();
        let path = paths.of(DeliveryId(7));
        for mail in [
            format!("To: <{}>\r\n", path.to_uppercase()),
            format!("Original-Envelope-Id: {}\n", paths.token(DeliveryId(7))),
            format!("x\n\nReturn-Path: {}=example.net@relay", path.replace('@', "=")),
        ] {
            assert_eq!(letter_named_in(&signer(), mail.as_bytes()), Some(DeliveryId(7)), "{mail}");
        }
        assert_eq!(letter_named_in(&signer(), b"To: bounces+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"), None);
        assert!(EmailAddress::parse(&path).is_ok());
        assert!(ReturnPaths::parse(&format!("{}@example.org", "b".repeat(40)), signer()).is_err());
    }
}
