//! Tokens of links and letters, and addresses: nothing that was not signed here is good for anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::domain::delivery::DeliveryId;
use rolecall::domain::letter_token::{letter_of, letter_token};
use rolecall::domain::token::Claims;
use rolecall::domain::{EmailAddress, Signer, TokenPurpose};

fuzz_target!(|bytes: &[u8]| {
    let (signer, now, text) = (Signer::new(b"a secret that no input knows"), rolecall_fuzz::now(), rolecall_fuzz::text(bytes));
    assert_eq!(signer.verify(TokenPurpose::Manage, &text, now), None);
    assert_eq!(letter_of(&signer, &text), None);
    mutated(&signer, bytes);
    if let Ok(address) = EmailAddress::parse(&text) {
        assert_eq!(EmailAddress::parse(address.as_str()).as_ref(), Ok(&address));
        assert!(!address.as_str().contains(['\r', '\n', '\0']), "no second header line: {address:?}");
        assert!(!address.masked().is_empty() && !address.key().is_empty());
        let _ = address.mailbox();
    }
});

/// A token made here, with one of its letters exchanged, is another token or none.
fn mutated(signer: &Signer, bytes: &[u8]) {
    let &[at, to, ref id @ ..] = bytes else { return };
    let Some(id) = id.first_chunk::<8>().map(|id| i64::from_le_bytes(*id)) else { return };
    let exchanged = |token: String| {
        let mut letters = token.clone().into_bytes();
        let at = usize::from(at) % letters.len();
        letters[at] = to;
        (token, String::from_utf8_lossy(&letters).into_owned())
    };
    let claims = Claims { ids: [id, !id, 0], until: None };
    let (token, other) = exchanged(signer.sign(TokenPurpose::Feedback, claims));
    assert_eq!(signer.verify(TokenPurpose::Feedback, &token, rolecall_fuzz::now()), Some(claims));
    assert_eq!(signer.verify(TokenPurpose::Manage, &token, rolecall_fuzz::now()), None);
    assert!(other == token || signer.verify(TokenPurpose::Feedback, &other, rolecall_fuzz::now()).is_none(), "{other}");
    let (token, other) = exchanged(letter_token(signer, DeliveryId(id)));
    assert_eq!(letter_of(signer, &token), Some(DeliveryId(id)));
    assert!(other.eq_ignore_ascii_case(&token) || letter_of(signer, &other).is_none(), "{other}");
}
