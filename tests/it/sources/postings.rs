//! docs/POSTINGS.md is true: its example is read, and its table names each field of the type and no other.

use std::collections::BTreeSet;

use rolecall::domain::Posting;
use rolecall::sources::read_payload;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/POSTINGS.md");

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object of fields").keys().cloned().collect()
}

#[test]
fn the_page_of_postings_names_each_field_and_its_example_is_read() {
    let schema = serde_json::to_value(<Posting as utoipa::PartialSchema>::schema()).unwrap();
    let fields = keys(&schema["properties"]);
    let table: BTreeSet<String> = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned)).collect();
    assert_eq!(table, fields, "the table of the page");

    let example = PAGE.lines().find(|line| line.starts_with('{')).unwrap();
    let reading = read_payload("file", "acme", example.as_bytes()).unwrap();
    assert!(reading.bad.is_empty(), "{:?}", reading.bad);
    let (written, read): (Value, Value) = (serde_json::from_str(example).unwrap(), serde_json::to_value(&reading.postings[0]).unwrap());
    assert_eq!(keys(&written), fields, "the example of the page");
    for key in fields.iter().filter(|key| *key != "salary") {
        assert_eq!(written[key], read[key], "{key}");
    }
    let pay = reading.postings[0].salary.as_ref().unwrap();
    assert_eq!((pay.min, pay.max, pay.currency.as_deref()), (Some(3_000_000.0), Some(4_500_000.0), Some("INR")));
}
