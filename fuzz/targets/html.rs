//! A description, HTML or plain, to the text a reader sees.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::extract::html_to_text;

fuzz_target!(|bytes: &[u8]| {
    let read = html_to_text(&rolecall_fuzz::text(bytes));
    assert!(read.len() <= 3 * bytes.len().max(1) * 3, "a text grows at most by its replacement characters and its references");
    assert_eq!(read.trim(), read);
    assert!(!read.contains(['\r', '\0']));
});
