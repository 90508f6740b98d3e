//! Signing keys, as `openssl genpkey` writes them.

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::mail::dkim::canon::sha256;

/// Least length of an RSA key (RFC 8301 3.2 asks for 1024 and advises 2048; receivers count less as unsigned).
const LEAST_RSA_BITS: usize = 2_048;

/// A private key.
pub(in crate::mail::dkim) enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    /// Reads a key from a PEM file: RSA (PKCS #1 or #8) or Ed25519 (PKCS #8). The fault says the mend.
    pub(in crate::mail::dkim) fn read(file: &Path) -> Result<Self, String> {
        let der = PrivateKeyDer::from_pem_file(file).map_err(|fault| format!("{fault}: give the path of a private key in PEM"))?;
        let rsa = match &der {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).ok(),
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).ok(),
            _ => None,
        };
        if let Some(rsa) = rsa {
            let bits = rsa.public_modulus_len() * 8;
            return if bits < LEAST_RSA_BITS {
                Err(format!("an RSA key of {bits} bits: make one of {LEAST_RSA_BITS}"))
            } else {
                Ok(Self::Rsa(Box::new(rsa)))
            };
        }
        let PrivateKeyDer::Pkcs8(key) = &der else { return Err(unknown_kind()) };
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der()).map(Self::Ed25519).map_err(|_| unknown_kind())
    }

    /// The name of the algorithm in a signature.
    pub(in crate::mail::dkim) const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// Signs a text, or for Ed25519 its SHA-256 (RFC 8463 3), in base64.
    pub(in crate::mail::dkim) fn sign(&self, text: &[u8]) -> Option<String> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
                Some(STANDARD.encode(signature))
            }
            Self::Ed25519(key) => Some(STANDARD.encode(key.sign(sha256(text).as_ref()))),
        }
    }

    /// What the operator publishes (RFC 6376 3.6.1).
    pub(in crate::mail::dkim) fn record(&self) -> Option<String> {
        use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
        Some(match self {
            Self::Rsa(key) => {
                let der: PublicKeyX509Der<'_> = key.public_key().as_der().ok()?;
                format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der.as_ref()))
            }
            Self::Ed25519(key) => format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key().as_ref())),
        })
    }
}

fn unknown_kind() -> String {
    format!(
        "neither an RSA key of {LEAST_RSA_BITS} bits or more nor an Ed25519 key: make one with openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
    )
}
