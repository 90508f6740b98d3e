//! Ten years of every zone: a digest comes once on every date that a zone has, whatever its clocks do, and never in the past.
//!
//! `ROLECALL_TIME=all` goes through all zones, ten years and every half hour of the day; by default a part is gone through, with the
//! zones whose clocks do the oddest things in it.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use rolecall::domain::Cadence;
use rolecall::domain::cadence::Rhythm;
use rolecall::domain::cron::CronExpression;

use crate::support::say;

/// Clocks that change at midnight, by half an hour, with the moon, or moved over the date line or to another hour for good.
const ODD: [&str; 12] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
];
/// Of the other zones, one in so many is gone through by default.
const ONE_IN: usize = 40;
/// Of the half hours of a day, one in so many.
const HALF_HOURS_BY: usize = 5;
const HALF_HOUR: TimeDelta = TimeDelta::minutes(30);
const HALF_HOURS_OF_A_DAY: usize = 48;

struct Part {
    zones: Vec<Tz>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    by: usize,
}

impl Part {
    fn of_the_environment() -> Self {
        let all = std::env::var_os("ROLECALL_TIME").is_some_and(|what| what == "all");
        let odd = ODD.iter().map(|name| name.parse().unwrap());
        let some = odd.chain(chrono_tz::TZ_VARIANTS.into_iter().step_by(ONE_IN)).collect();
        let first_of = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
        Self {
            zones: if all { chrono_tz::TZ_VARIANTS.to_vec() } else { some },
            from: first_of(2026),
            until: first_of(if all { 2036 } else { 2027 }),
            by: if all { 1 } else { HALF_HOURS_BY },
        }
    }

    /// Goes through the zones on two threads; the sum of what they count.
    fn count(&self, of: impl Fn(Tz) -> u64 + Sync) -> u64 {
        let (left, right) = self.zones.split_at(self.zones.len() / 2);
        let sum = |zones: &[Tz]| zones.iter().map(|zone| of(*zone)).sum::<u64>();
        std::thread::scope(|threads| {
            let other = threads.spawn(|| sum(right));
            sum(left) + other.join().unwrap()
        })
    }

    /// The dates that a zone has, in their order.
    fn dates(&self, zone: Tz) -> Vec<NaiveDate> {
        let mut dates: Vec<NaiveDate> = Vec::new();
        let mut moment = self.from;
        while moment < self.until {
            let date = moment.with_timezone(&zone).date_naive();
            if dates.last() != Some(&date) {
                dates.push(date);
            }
            moment += HALF_HOUR;
        }
        dates
    }
}

/// Fires of a cadence on these dates, each later than the one before; every date but the two at the ends must have one.
fn once_on_every_date(cadence: &Cadence, dates: &[NaiveDate], from: DateTime<Utc>) -> u64 {
    let zone = cadence.zone();
    let (mut now, mut fires) = (from, 0);
    for (at, date) in dates.iter().enumerate() {
        let due = cadence.next_due(now).unwrap();
        assert!(due > now, "{zone}: {due} is not after {now}");
        let shown = due.with_timezone(&zone).date_naive();
        if at == 0 && shown != *date {
            // The hour of the first date lay before the beginning.
            assert_eq!(shown, dates[1], "{zone}");
            continue;
        }
        assert_eq!(shown, *date, "{zone}: after {now}");
        (now, fires) = (due, fires + 1);
    }
    fires
}

#[test]
fn every_zone_has_one_digest_on_each_of_its_dates_at_whatever_half_hour() {
    let part = Part::of_the_environment();
    let fires = part.count(|zone| {
        let dates = part.dates(zone);
        let at = |half: usize| NaiveTime::MIN + HALF_HOUR * i32::try_from(half).unwrap();
        let daily = |half: usize| Cadence::new(Rhythm::Daily { at: at(half), days: vec![] }, zone);
        (0..HALF_HOURS_OF_A_DAY).step_by(part.by).map(|half| once_on_every_date(&daily(half), &dates, part.from)).sum()
    });
    assert!(fires > 10_000);
    say(&format!(
        "{} zones, {} to {}: {fires} daily digests, each date of a zone has exactly one",
        part.zones.len(),
        part.from,
        part.until
    ));
}

#[test]
fn a_cron_of_every_half_hour_is_always_ahead_and_never_far() {
    let part = Part::of_the_environment();
    let cron = CronExpression::parse("*/30 * * * *").unwrap();
    let asked = part.count(|zone| {
        let (mut now, mut asked) = (part.from, 0);
        while now < part.until {
            // Asked at every half hour, not only when it has fired: in the midst of changes too.
            let due = cron.next_after(now, zone).unwrap();
            assert!(due > now, "{zone}: {due} is not after {now}");
            // A doubled hour is passed over the second time: Troll doubles two.
            assert!(due - now <= TimeDelta::minutes(150), "{zone}: nothing between {now} and {due}");
            (now, asked) = (now + HALF_HOUR * i32::try_from(part.by).unwrap(), asked + 1);
        }
        asked
    });
    say(&format!("{} zones, {} to {}: asked {asked} times, the next moment lay ahead each time", part.zones.len(), part.from, part.until));
}
