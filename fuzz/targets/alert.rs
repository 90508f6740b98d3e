//! An alert of contract part 6 as one line of JSON: read, held against a few listings, told, and written again.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rolecall::domain::subscription::Alert;
use rolecall::domain::{NewListing, Posting, Rates, Verdict};
use rolecall::extract::Extractor;
use rolecall::matching::{Subject, matches, reasons, score};

static LISTINGS: LazyLock<Vec<NewListing>> = LazyLock::new(|| {
    let extractor = Extractor::new();
    let told = [
        ("Backend Engineer (Rust)", "Bengaluru, India", "Hybrid, 3-6 years of Rust, Go and Kafka. ₹30-45 LPA. Full-time."),
        ("Senior Database Administrator", "Remote (US)", "PostgreSQL and Oracle. $120,000 - $150,000 a year. Degree required."),
        ("Solutions Architect", "London / Delhi NCR", "AWS. No PHP."),
        ("Developer", "", ""),
    ];
    let postings = told.map(|(title, place, text)| Posting {
        title: title.into(),
        company: Some("Acme Staffing".into()),
        location: Some(place.into()),
        description: Some(text.into()),
        ..Posting::default()
    });
    postings.into_iter().map(|posting| extractor.read(posting, rolecall_fuzz::now())).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(alert) = serde_json::from_slice::<Alert>(bytes) else { return };
    if alert.preferences.check().is_err() {
        return;
    }
    let (wishes, rates, now) = (&alert.preferences, Rates::default(), rolecall_fuzz::now());
    for listing in LISTINGS.iter() {
        let subject = Subject::of_new(listing);
        let fits = matches(wishes, &subject, &rates);
        let told = reasons(wishes, &subject, &rates);
        assert_eq!(fits, told.iter().all(|reason| reason.verdict != Verdict::Fails), "the reasons say what was decided: {told:?}");
        assert!(score(wishes, &subject, now, now, &rates).is_finite());
    }
    let written = serde_json::to_string(&alert).expect("an alert is written as JSON");
    let again: Alert = serde_json::from_str(&written).expect("what was written is read");
    assert_eq!(again, alert, "{written}");
    if let Some(cadence) = &alert.delivery {
        assert!(!cadence.described().is_empty());
        assert!(cadence.next_due(now).is_none_or(|due| due > now));
    }
});
