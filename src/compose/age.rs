//! How long ago, in words.

use chrono::{DateTime, Utc};

use crate::domain::language::Language;
use crate::domain::texts::say;

/// An age as it is told: a unit, by the key of its words, and how many of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::compose) struct Age(&'static str, i64);

impl Age {
    /// What lies ahead of `now` is just now.
    pub(in crate::compose) fn of(then: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let minutes = (now - then).num_minutes();
        match (minutes, minutes / 60, minutes / (60 * 24)) {
            (..=1, ..) => Self("age-now", 0),
            (_, 0, _) => Self("age-minutes", minutes),
            (_, hours, 0) => Self("age-hours", hours),
            (_, _, 1) => Self("age-day", 1),
            (_, _, days @ ..=20) => Self("age-days", days),
            (_, _, days @ ..=60) => Self("age-weeks", days / 7),
            (_, _, days) => Self("age-months", days / 30),
        }
    }

    /// `just now`, `12 min ago`, `2 h ago`, `3 days ago`, `5 weeks ago`.
    pub(in crate::compose) fn said(self, language: Language) -> String {
        say(language, self.0, &[("count", self.1.into())])
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
            assert_eq!(Age::of(now - chrono::Duration::minutes(minutes), now).said(Language::English), words);
        }
    }
}
