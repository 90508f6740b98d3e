//! The clock on a wall, and the instants it shows.

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// Maps wall-clock time to an instant: the first pass of a doubled hour; the end of a skipped hour, or the minute before it when
/// the skip runs into the next date; none on a date that the zone skipped whole.
pub(crate) fn instant_of(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    const LONGEST_GAP_MINUTES: i64 = 26 * 60;
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.with_timezone(&Utc)),
        LocalResult::None => {
            let exists = |minutes: i64| match zone.from_local_datetime(&(wall + Duration::minutes(minutes))) {
                LocalResult::Single(instant) => Some(instant),
                LocalResult::Ambiguous(_, latest) if minutes < 0 => Some(latest),
                LocalResult::Ambiguous(earliest, _) => Some(earliest),
                LocalResult::None => None,
            };
            let gap_end = (1..=LONGEST_GAP_MINUTES).find_map(exists).map(|t| {
                // The gap ends on the transition itself, whatever the second of `wall`.
                t - Duration::seconds(i64::from(chrono::Timelike::second(&wall)))
            })?;
            if gap_end.date_naive() == wall.date() {
                return Some(gap_end.with_timezone(&Utc));
            }
            let before_gap = (1..=LONGEST_GAP_MINUTES).find_map(|minutes| exists(-minutes))?;
            (before_gap.date_naive() == wall.date()).then(|| before_gap.with_timezone(&Utc))
        }
    }
}
