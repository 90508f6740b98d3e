//! The signature of a letter.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::mail::dkim::canon::{Letter, body, field, sha256};
use crate::mail::dkim::key::Key;
use crate::mail::error::MailSettingsError;
use crate::mail::settings::DkimSettings;

/// The fields that are signed, each once more than it stands in the letter, so that nobody can add another (RFC 6376 8.15).
const SIGNED: &[&str] = &[
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
];

/// Signs letters for a domain.
pub(in crate::mail) struct DkimSigner {
    domain: String,
    keys: Vec<(String, Key)>,
}

impl DkimSigner {
    /// Reads the keys. The first of each kind signs; further ones wait for their turn, so that their records can be published first.
    ///
    /// # Errors
    /// A key that cannot be read or is too weak; no key; a domain or selector that is none.
    pub(in crate::mail) fn new(settings: &DkimSettings) -> Result<Self, MailSettingsError> {
        let refuse = |key: &'static str, why: String| MailSettingsError::Value { key, why };
        let plain = |name: &str| {
            !name.is_empty()
                && name.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)))
        };
        if !plain(&settings.domain) {
            return Err(refuse("mail.dkim.domain", format!("{:?} is no domain: write the domain of mail.from", settings.domain)));
        }
        if settings.keys.is_empty() {
            return Err(refuse("mail.dkim.keys", "empty: give { selector = \"a\", file = \"/etc/rolecall/dkim-a.pem\" }".to_owned()));
        }
        let read = |key: &crate::mail::settings::DkimKey| {
            if !plain(&key.selector) {
                return Err(refuse("mail.dkim.keys", format!("the selector {:?} is no label of a domain", key.selector)));
            }
            let read = Key::read(&key.file).map_err(|why| refuse("mail.dkim.keys", format!("{}: {why}", key.file.display())))?;
            Ok((key.selector.clone(), read))
        };
        Ok(Self { domain: settings.domain.clone(), keys: settings.keys.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// The letter with its signatures before it. The same letter gets the same signatures.
    pub(in crate::mail) fn signed(&self, letter: &[u8], at: DateTime<Utc>) -> Option<Vec<u8>> {
        let parts = Letter::of(letter)?;
        let body_hash = STANDARD.encode(sha256(&body(parts.body)));
        let (names, head) = selected(&parts);
        let mut signed = Vec::with_capacity(letter.len() + 2_048);
        for algorithm in ["rsa-sha256", "ed25519-sha256"] {
            let Some((selector, key)) = self.keys.iter().find(|(_, key)| key.algorithm() == algorithm) else { continue };
            let mut value = format!(
                " v=1; a={algorithm}; c=relaxed/relaxed; d={}; s={selector};\r\n\tt={}; h={names};\r\n\tbh={body_hash};\r\n\tb=",
                self.domain,
                at.timestamp()
            );
            let text = format!("{head}{}", field("DKIM-Signature", &value).trim_end());
            fold(&mut value, &key.sign(text.as_bytes())?);
            signed.extend_from_slice(format!("DKIM-Signature:{value}\r\n").as_bytes());
        }
        signed.extend_from_slice(letter);
        Some(signed)
    }

    /// Name and value of the records to publish, one a key.
    pub(in crate::mail) fn records(&self) -> Vec<(String, String)> {
        let record = |(selector, key): &(String, Key)| Some((format!("{selector}._domainkey.{}", self.domain), key.record()?));
        self.keys.iter().filter_map(record).collect()
    }
}

/// The names for `h=`, folded, and the signed fields in their relaxed form: of several of one name the last comes first (RFC 6376 5.4.2).
fn selected(letter: &Letter<'_>) -> (String, String) {
    let (mut names, mut head) = (String::new(), String::new());
    for name in SIGNED {
        let standing = letter.fields.iter().rev().filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        let mut count = 1;
        for (known, value) in standing {
            head.push_str(&field(known, value));
            count += 1;
        }
        for _ in 0..count {
            let begin = if names.is_empty() {
                ""
            } else if names.len() - names.rfind('\n').unwrap_or(0) > 55 {
                ":\r\n\t "
            } else {
                ":"
            };
            let _ = write!(names, "{begin}{name}");
        }
    }
    (names, head)
}

fn fold(value: &mut String, signature: &str) {
    const COLUMNS: usize = 72;
    for (at, character) in signature.chars().enumerate() {
        if at > 0 && at % COLUMNS == 0 {
            value.push_str("\r\n\t ");
        }
        value.push(character);
    }
}
