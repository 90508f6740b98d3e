//! The people of the story: what they wish for, when they want to hear of it, when they come and go.

use chrono::{DateTime, Datelike as _, Duration, NaiveDateTime, Timelike as _, Utc, Weekday};
use chrono_tz::Tz;
use rolecall::domain::{Cadence, NewSubscription, Preferences, Role, WorkMode};
use serde_json::json;

use crate::matching::draw::{self, Chance};

/// How somebody comes to be subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Added by the operator.
    Added,
    /// By the form, and confirmed from the mailbox.
    Confirmed,
    /// By the form, and never confirmed.
    Silent,
}

/// Somebody with one alert; times are ticks.
pub struct Person {
    pub email: String,
    pub way: Way,
    pub joins: i64,
    pub leaves: Option<i64>,
    pub pauses: Option<(i64, i64)>,
    pub preferences: Preferences,
    pub rhythm: Rhythm,
    pub zone: Tz,
}

/// Whether a schedule rings at a minute on the wall.
type Meaning = fn(NaiveDateTime) -> bool;

/// When alerts are due, as the person says it.
#[derive(Debug, Clone, Copy)]
pub enum Rhythm {
    Instant,
    Daily(u32, u32, &'static [Weekday]),
    Weekly(u32, u32, Weekday),
    /// A cron expression, and its meaning.
    Cron(&'static str, Meaning),
}

const ZONES: &[Tz] =
    &[Tz::UTC, Tz::Asia__Kolkata, Tz::Europe__Berlin, Tz::America__Los_Angeles, Tz::Pacific__Auckland, Tz::Asia__Kathmandu];
const MINUTES: &[u32] = &[0, 0, 10, 30, 55];
const CRONS: &[(&str, Meaning)] = &[
    ("0 */3 * * *", |wall| wall.minute() == 0 && wall.hour().is_multiple_of(3)),
    ("30 9-17/2 * * *", |wall| wall.minute() == 30 && (9..=17).contains(&wall.hour()) && wall.hour() % 2 == 1),
    ("0,30 1-3 * * 0,6", |wall| {
        wall.minute().is_multiple_of(30) && (1..=3).contains(&wall.hour()) && wall.weekday().number_from_monday() > 5
    }),
    ("10 7 24 * 1", |wall| (wall.hour(), wall.minute()) == (7, 10) && (wall.day() == 24 || wall.weekday() == Weekday::Mon)),
];

impl Person {
    /// Draws the person with a number, in a story of so many ticks.
    pub fn draw(chance: &mut Chance, number: usize, ticks: usize) -> Self {
        let way = match number % 20 {
            0 => Way::Confirmed,
            1 if number % 100 == 1 => Way::Silent,
            _ => Way::Added,
        };
        let tick = |number: usize| i64::try_from(number).expect("a short story");
        let joins = if chance.percent(80) { 0 } else { tick(chance.below(ticks / 2)) };
        let after = |chance: &mut Chance| joins + 1 + tick(chance.below(ticks / 2));
        let leaves = chance.percent(5).then(|| after(chance));
        let pauses =
            (leaves.is_none() && chance.percent(5)).then(|| after(chance)).map(|from| (from, from + 1 + tick(chance.below(ticks / 3))));
        Self {
            email: format!("reader{number}@example.org"),
            way,
            joins,
            leaves,
            pauses,
            preferences: preferences(chance),
            rhythm: rhythm(chance),
            zone: *chance.one(ZONES),
        }
    }

    /// What the person asks the service for.
    pub fn subscription(&self, number: usize) -> NewSubscription {
        let time = |hour: u32, minute: u32| format!("{hour:02}:{minute:02}");
        let names = |days: &[Weekday]| days.iter().map(|day| day.to_string().to_lowercase()).collect::<Vec<_>>();
        let zone = self.zone.name();
        let delivery = match self.rhythm {
            Rhythm::Instant => json!({"frequency": "instant", "time_zone": zone}),
            Rhythm::Daily(hour, minute, days) => {
                json!({"frequency": "daily", "at": time(hour, minute), "days": names(days), "time_zone": zone})
            }
            Rhythm::Weekly(hour, minute, day) => {
                json!({"frequency": "weekly", "at": time(hour, minute), "days": names(&[day]), "time_zone": zone})
            }
            Rhythm::Cron(expression, _) => json!({"frequency": expression, "time_zone": zone}),
        };
        let cadence: Cadence = serde_json::from_value(delivery).unwrap();
        NewSubscription { name: format!("Alert {number}"), preferences: self.preferences.clone(), cadence }
    }

    /// Every moment at which a digest is due, found minute by minute on the clock on the wall: a wall-clock time that comes twice
    /// counts once, the first time.
    pub fn moments(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let rings: Box<dyn Fn(NaiveDateTime) -> bool> = match self.rhythm {
            Rhythm::Instant => return Vec::new(),
            Rhythm::Daily(hour, minute, days) => {
                Box::new(move |wall| (wall.hour(), wall.minute()) == (hour, minute) && (days.is_empty() || days.contains(&wall.weekday())))
            }
            Rhythm::Weekly(hour, minute, day) => {
                Box::new(move |wall| (wall.hour(), wall.minute()) == (hour, minute) && wall.weekday() == day)
            }
            Rhythm::Cron(_, meaning) => Box::new(meaning),
        };
        // An hour earlier, so that the first of a doubled pair is known.
        let mut seen = std::collections::HashSet::new();
        let minutes = (-120..(end - start).num_minutes()).map(|minute| start + Duration::minutes(minute));
        let all = minutes.filter(|moment| {
            let wall = moment.with_timezone(&self.zone).naive_local();
            rings(wall) && seen.insert(wall)
        });
        all.filter(|moment| *moment > start).collect()
    }
}

fn rhythm(chance: &mut Chance) -> Rhythm {
    let hour = u32::try_from(chance.below(24)).expect("an hour");
    let minute = *chance.one(MINUTES);
    match chance.below(10) {
        0..=3 => Rhythm::Instant,
        4..=6 => Rhythm::Daily(hour, minute, chance.one::<&[Weekday]>(&[&[], &[], &[Weekday::Sun], &[Weekday::Sat, Weekday::Mon]])),
        7 => Rhythm::Weekly(hour, minute, *chance.one(&[Weekday::Sat, Weekday::Sun])),
        _ => {
            let (text, meaning) = *chance.one(CRONS);
            Rhythm::Cron(text, meaning)
        }
    }
}

/// Awkward wishes of every kind for one half, plain ones for the other.
fn preferences(chance: &mut Chance) -> Preferences {
    if chance.percent(50) {
        // Not all that can be drawn is taken: a place needs a country or a city.
        let drawn = std::iter::repeat_with(|| draw::preferences(chance)).find(|wishes| wishes.check().is_ok());
        return drawn.expect("some are taken");
    }
    let query = chance.percent(50).then(|| draw::query(chance, 2));
    let mut wishes = Preferences { keywords: query.and_then(|text| rolecall::domain::Query::parse(&text).ok()), ..Preferences::default() };
    if chance.percent(60) {
        wishes.roles = vec![Role::BackendEngineer].into();
    }
    if chance.percent(30) {
        wishes.work_modes = vec![*chance.one(WorkMode::ALL)].into();
    }
    if chance.percent(30) {
        wishes.companies = rolecall::domain::preferences::CompanyWish {
            only: vec!["Acme".into(), "Kettle".into(), "Tidal".into()],
            never: vec!["acme söhne".into()],
            ..Default::default()
        };
    }
    wishes
}
