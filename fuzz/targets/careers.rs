//! The careers page of an employer: which boards it names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::sources::in_page;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let page = Url::parse("https://www.example.com/careers").expect("a constant address");
    let seen = in_page(&rolecall_fuzz::text(bytes), &page);
    for found in &seen.found {
        assert!(!found.name().is_empty());
        assert!(found.is_within(found), "a board is within itself");
    }
});
