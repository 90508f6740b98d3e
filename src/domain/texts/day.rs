//! Days as people of a language write them.

use chrono::{Datelike as _, NaiveDate};

use crate::domain::language::Language;
use crate::domain::texts::catalogue::{say, word};

/// `20 Nov 2026`, `20. Nov. 2026`.
#[must_use]
pub fn short_day(language: Language, day: NaiveDate) -> String {
    written(language, day, "date-short", "month-short")
}

/// `20 November 2026`, `20 नवंबर 2026`.
#[must_use]
pub fn long_day(language: Language, day: NaiveDate) -> String {
    written(language, day, "date-long", "month")
}

fn written(language: Language, day: NaiveDate, key: &str, months: &str) -> String {
    let month = word(language, months, &day.month().to_string());
    // As words: a year has no separators.
    say(language, key, &[("day", day.day().to_string().into()), ("month", month.into()), ("year", day.year().to_string().into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_the_language_writes_it() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 5).unwrap();
        assert_eq!(short_day(Language::English, day), day.format("%-d %b %Y").to_string());
        assert_eq!(long_day(Language::English, day), day.format("%-d %B %Y").to_string());
        assert_eq!((short_day(Language::German, day), long_day(Language::German, day)), ("5. Nov. 2026".into(), "5. November 2026".into()));
        assert_eq!(long_day(Language::Hindi, day), "5 नवंबर 2026");
    }
}
