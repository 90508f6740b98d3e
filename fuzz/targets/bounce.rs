//! A mail that came back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::domain::delivery::DeliveryId;
use rolecall::domain::letter_token::{letter_named_in, letter_token};
use rolecall::domain::{EmailAddress, Signer};
use rolecall::mail::report::read;

fuzz_target!(|mail: &[u8]| {
    let signer = Signer::new(b"a secret that no input knows");
    assert_eq!(letter_named_in(&signer, mail), None, "nobody can make the name of a letter up");
    let Ok(reports) = read(mail) else { return };
    assert!(!reports.is_empty());
    for report in &reports {
        assert!(!report.diagnostic.contains(['\n', '\r']), "one line: {:?}", report.diagnostic);
        for address in [&report.recipient, &report.original_recipient].into_iter().flatten() {
            assert_eq!(EmailAddress::parse(address.as_str()).as_ref(), Ok(address));
        }
    }
    // The same mail with the name of a letter in it proves to be about that letter.
    let mut named = mail.to_vec();
    named.extend_from_slice(format!(" {} ", letter_token(&signer, DeliveryId(7))).as_bytes());
    assert_eq!(letter_named_in(&signer, &named), Some(DeliveryId(7)));
});
