//! How long ago, in words.

use chrono::{DateTime, Utc};

use crate::domain::language::Language;
use crate::domain::texts::say;

/// `just now`, `12 min ago`, `2 h ago`, `3 days ago`, `5 weeks ago`; what lies ahead of `now` is just now.
pub(in crate::compose) fn age(then: DateTime<Utc>, now: DateTime<Utc>, language: Language) -> String {
    let ago = |key: &str, count: i64| say(language, key, &[("count", count.into())]);
    let minutes = (now - then).num_minutes();
    match (minutes, minutes / 60, minutes / (60 * 24)) {
        (..=1, ..) => say(language, "age-now", &[]),
        (_, 0, _) => ago("age-minutes", minutes),
        (_, hours, 0) => ago("age-hours", hours),
        (_, _, 1) => say(language, "age-day", &[]),
        (_, _, days @ ..=20) => ago("age-days", days),
        (_, _, days @ ..=60) => ago("age-weeks", days / 7),
        (_, _, days) => ago("age-months", days / 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_unit_people_would_use() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (minutes, words) in [
            (-5, "just now"),
            (0, "just now"),
            (12, "12 min ago"),
            (59, "59 min ago"),
            (125, "2 h ago"),
            (1_439, "23 h ago"),
            (1_440, "1 day ago"),
            (3 * 1_440, "3 days ago"),
            (21 * 1_440, "3 weeks ago"),
            (90 * 1_440, "3 months ago"),
        ] {
            assert_eq!(age(now - chrono::Duration::minutes(minutes), now, Language::English), words);
        }
    }
}
