//! A keyword query: parsed, held against one listing, and against its opposite.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rolecall::domain::{NewListing, Posting, Preferences, Query, Rates};
use rolecall::extract::Extractor;
use rolecall::matching::{Subject, matches, reasons};

static LISTING: LazyLock<NewListing> = LazyLock::new(|| {
    let posting = Posting {
        title: "Backend Engineer (Rust)".into(),
        company: Some("Narmada Pay".into()),
        description: Some("Distributed systems with Kafka, PostgreSQL and node.js. C++ is a plus; no WordPress.".into()),
        ..Posting::default()
    };
    Extractor::new().read(posting, rolecall_fuzz::now())
});

fn fits(query: Query) -> bool {
    let (wishes, rates) = (Preferences { keywords: Some(query), ..Preferences::default() }, Rates::default());
    let subject = Subject::of_new(&LISTING);
    let fits = matches(&wishes, &subject, &rates);
    let told = reasons(&wishes, &subject, &rates);
    assert_eq!(fits, told.iter().all(|reason| reason.verdict != rolecall::domain::Verdict::Fails), "the reasons say what was decided");
    fits
}

fuzz_target!(|bytes: &[u8]| {
    let text = rolecall_fuzz::text(bytes);
    match Query::parse(&text) {
        Ok(query) => {
            assert_eq!(Query::parse(query.as_str()).as_ref(), Ok(&query), "a query that was read can be read again");
            let holds = fits(query);
            if let Ok(opposite) = Query::parse(&format!("NOT ({text})")) {
                assert_ne!(holds, fits(opposite), "either a query holds or its opposite");
            }
        }
        Err(fault) => assert!((1..=text.chars().count() + 1).contains(&fault.position), "{fault} of {text:?}"),
    }
});
