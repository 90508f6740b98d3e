//! Saved payloads and what is said of their reading, for the tests of all kinds.

use rolecall::domain::PayPeriod;
use rolecall::domain::posting::StructuredPay;
use rolecall::sources::{Reading, read_payload};

/// One file of the fixtures.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sources").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One file of the fixtures, as text.
pub fn fixture_text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// One file of the fixtures, read.
#[track_caller]
pub fn read(kind: &str, name: &str) -> Reading {
    read_payload(kind, "acme", &fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A text field.
#[expect(clippy::unnecessary_wraps, reason = "it is compared with optional fields")]
pub fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

/// A field of pay.
#[expect(clippy::unnecessary_wraps, reason = "it is compared with an optional field")]
pub fn pay(min: Option<f64>, max: Option<f64>, currency: &str, period: Option<PayPeriod>) -> Option<StructuredPay> {
    Some(StructuredPay { min, max, currency: text(currency), period, estimated: false })
}

/// The one entry that could not be read, and where its fault is.
#[track_caller]
pub fn the_bad_one(reading: &Reading, index: usize, id: Option<&str>, place: &str) {
    let [bad] = reading.bad.as_slice() else { panic!("one bad entry was due: {:?}", reading.bad) };
    assert_eq!((bad.index, bad.id.as_deref()), (index, id));
    assert!(bad.reason.contains(place), "{}", bad.reason);
}
