//! When letters come, in words.

use chrono::Weekday;

use crate::domain::cadence::{Cadence, Rhythm};
use crate::domain::language::Language;
use crate::domain::texts::catalogue::{Text, say, word};

/// `daily at 08:00 (Asia/Kolkata)`, `täglich um 08:00 Uhr (Europe/Berlin)`.
#[must_use]
pub fn cadence(language: Language, cadence: &Cadence) -> String {
    let zone = || ("zone", Text::from(cadence.zone().name()));
    let clock = |at: &chrono::NaiveTime| ("at", Text::from(at.format("%H:%M").to_string()));
    let day = |day: &Weekday| word(language, "day", &day.to_string().to_lowercase());
    match cadence.rhythm() {
        Rhythm::Instant => say(language, "cadence-instant", &[]),
        Rhythm::Daily { at, days } if days.is_empty() || days.len() == 7 => say(language, "cadence-daily", &[clock(at), zone()]),
        Rhythm::Daily { at, days } => {
            let names: Vec<String> = days.iter().map(day).collect();
            say(language, "cadence-days", &[("days", names.join(", ").into()), clock(at), zone()])
        }
        Rhythm::Weekly { at, day: on } => say(language, "cadence-weekly", &[("day", day(on).into()), clock(at), zone()]),
        Rhythm::Cron(expression) => say(language, "cadence-schedule", &[("schedule", expression.as_str().into()), zone()]),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::domain::cron::CronExpression;

    #[test]
    fn english_says_what_the_cadence_says_of_itself_and_others_their_own() {
        let at = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        let days = vec![Weekday::Mon, Weekday::Fri];
        let rhythms = [
            (Rhythm::Instant, "sobald eine Stelle erscheint", "नौकरी आते ही"),
            (Rhythm::Daily { at, days: vec![] }, "täglich um 08:00 Uhr (Asia/Kolkata)", "रोज़ 08:00 बजे (Asia/Kolkata)"),
            (Rhythm::Daily { at, days }, "Mo, Fr um 08:00 Uhr (Asia/Kolkata)", "सोम, शुक्र को 08:00 बजे (Asia/Kolkata)"),
            (Rhythm::Weekly { at, day: Weekday::Sun }, "jede Woche So um 08:00 Uhr (Asia/Kolkata)", "हर रवि को 08:00 बजे (Asia/Kolkata)"),
            (
                Rhythm::Cron(CronExpression::parse("0 9 * * 1-5").unwrap()),
                "nach dem Zeitplan 0 9 * * 1-5 (Asia/Kolkata)",
                "schedule 0 9 * * 1-5 से (Asia/Kolkata)",
            ),
        ];
        for (rhythm, german, hindi) in rhythms {
            let one = Cadence::new(rhythm, chrono_tz::Asia::Kolkata);
            assert_eq!(cadence(Language::English, &one), one.described());
            assert_eq!((cadence(Language::German, &one).as_str(), cadence(Language::Hindi, &one).as_str()), (german, hindi));
        }
    }
}
