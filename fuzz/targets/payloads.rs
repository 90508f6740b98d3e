//! The answer of a job board: the first line names the kind, the rest is what came. A line that names none stands for some kind all
//! the same, so that a mutated name is not lost.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use rolecall::sources::{kinds, read_payload};

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (name, payload) = bytes.split_at(end);
    let sum: usize = name.iter().map(|byte| usize::from(*byte)).sum();
    let kind = kinds().iter().find(|kind| kind.name.as_bytes() == name).unwrap_or(&kinds()[sum % kinds().len()]);
    let Ok(reading) = read_payload(kind.name, "acme", payload.get(1..).unwrap_or_default()) else { return };
    let ids: HashSet<&str> = reading.postings.iter().map(|posting| posting.id.as_str()).collect();
    assert_eq!(ids.len(), reading.postings.len(), "each id once");
    for posting in &reading.postings {
        assert_eq!(posting.source, "acme");
        let line = serde_json::to_string(posting).expect("a posting is written as JSON");
        assert_eq!(serde_json::from_str::<rolecall::domain::Posting>(&line).expect("what was written is read").id, posting.id);
    }
    assert!(reading.bad.iter().all(|bad| !bad.reason.is_empty()));
});
