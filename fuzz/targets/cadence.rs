//! A schedule: the first line a moment and a zone, the rest a cron expression or the `delivery` object of an alert.
#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use rolecall::domain::Cadence;
use rolecall::domain::cron::CronExpression;

/// The years a schedule is asked for.
const FROM: i64 = 0;
const UNTIL: i64 = 4_102_444_800;

fuzz_target!(|bytes: &[u8]| {
    let Some((moment, rest)) = bytes.split_first_chunk::<4>() else { return };
    let after = DateTime::from_timestamp(i64::from(u32::from_le_bytes(*moment)).clamp(FROM, UNTIL), 0).expect("within the years");
    let text = rolecall_fuzz::text(rest);
    let (zone, schedule) = text.split_once('\n').unwrap_or(("UTC", &text));
    if let Ok(cadence) = serde_json::from_str::<Cadence>(schedule) {
        assert!(!cadence.described().is_empty());
        rising(after, |from| cadence.next_due(from));
        let written = serde_json::to_string(&cadence).expect("a cadence is written as JSON");
        assert_eq!(serde_json::from_str::<Cadence>(&written).ok().as_ref(), Some(&cadence), "{written}");
    }
    if let (Ok(expression), Ok(zone)) = (CronExpression::parse(schedule), zone.parse()) {
        assert_eq!(CronExpression::parse(expression.as_str()).as_ref().ok(), Some(&expression));
        rising(after, |from| expression.next_after(from, zone));
    }
});

/// The next three moments, each later than the one before.
fn rising(after: DateTime<Utc>, next: impl Fn(DateTime<Utc>) -> Option<DateTime<Utc>>) {
    let mut from = after;
    for _ in 0..3 {
        let Some(due) = next(from) else { return };
        assert!(due > from, "{due} is not after {from}");
        from = due;
    }
}
