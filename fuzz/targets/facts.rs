//! A whole posting, as one line of NDJSON, to its facts; bytes that are no posting are read as a description.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rolecall::domain::{Posting, Words};
use rolecall::extract::Extractor;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(Extractor::new);

fuzz_target!(|bytes: &[u8]| {
    let posting = serde_json::from_slice(bytes).unwrap_or_else(|_| described(rolecall_fuzz::text(bytes)));
    let listing = EXTRACTOR.read(posting, rolecall_fuzz::now());
    rolecall_fuzz::hold(&listing.facts);
    assert_eq!(Words::from_bytes(&listing.words.to_bytes()).as_ref(), Some(&listing.words));
    assert_eq!(EXTRACTOR.facts(&listing.posting), listing.facts, "the same posting, the same facts");
    let likeness = EXTRACTOR.likeness(&listing);
    let _ = serde_json::to_string(&listing.posting).expect("a posting is written as JSON");
    drop(likeness);
});

/// The first line as the title, the second as the place, the rest as the text.
fn described(text: String) -> Posting {
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    Posting { title: lines.next().unwrap_or_default(), location: lines.next(), description: lines.next(), ..Posting::default() }
}
