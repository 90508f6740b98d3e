//! The world's life: which jobs are open at a tick.
//!
//! A pure function of seed and tick, so that a poll is repeatable and a test can look at any hour: job `n` is written from the
//! seed and `n` alone, and so are the tick it opens, the tick it changes and the tick it closes.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::demo::catalogue::Catalogue;
use crate::demo::chance::Chance;
use crate::demo::job::DemoJob;
use crate::demo::steps::Steps;
use crate::demo::writer::Writer;

/// Jobs that are open when the world begins.
const FIRST_JOBS: u64 = 260;
/// The first jobs close one after another over this many ticks.
const FIRST_JOBS_LIFE: u64 = 520;
/// A later job stays open at least this many ticks,
const SHORTEST_LIFE: u64 = 90;
/// and less than this many: bounds what one tick has to look at, and holds the world at about 270 open jobs.
const LONGEST_LIFE: u64 = 450;
/// Of a hundred jobs so many change their pay or place once.
const CHANGING_PERCENT: u64 = 30;
/// Oldest job at the beginning, in hours.
const OLDEST_HOURS: u64 = 26 * 24;

/// A made-up world of employers and their open jobs.
#[derive(Debug)]
pub struct World {
    seed: u64,
    steps: Steps,
    catalogue: Catalogue,
}

/// The moments of one job, in ticks.
struct Life {
    opens: u64,
    changes: Option<u64>,
    closes: u64,
}

impl World {
    /// A world that begins at `opened_at` and takes `tick` for a step.
    pub fn new(seed: u64, opened_at: DateTime<Utc>, tick: Duration) -> Self {
        Self { seed, steps: Steps::new(opened_at, tick), catalogue: Catalogue::embedded() }
    }

    /// The number of whole ticks that have passed at `now`; 0 before the beginning.
    pub fn tick_at(&self, now: DateTime<Utc>) -> u64 {
        self.steps.at(now)
    }

    /// What the world is made of.
    pub(in crate::demo) const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The jobs that are open at a tick, oldest first.
    pub fn at(&self, tick: u64) -> Vec<DemoJob> {
        let newest = FIRST_JOBS + tick;
        let oldest = if tick < FIRST_JOBS_LIFE { 0 } else { newest - LONGEST_LIFE.min(newest) };
        let writer = Writer::new(self.seed, &self.catalogue);
        (oldest..newest)
            .filter_map(|number| {
                let life = self.life(number);
                (life.opens <= tick && tick < life.closes).then(|| {
                    let changed = life.changes.filter(|moment| *moment <= tick);
                    let published_at = self.published_at(number);
                    let updated_at = changed.map_or(published_at, |moment| self.steps.moment(moment));
                    writer.write(number, u32::from(changed.is_some()), published_at, updated_at)
                })
            })
            .collect()
    }

    fn life(&self, number: u64) -> Life {
        let mut chance = Chance::of(self.seed, "life", number);
        let changes = chance.percent(CHANGING_PERCENT);
        let (opens, lasts) = if number < FIRST_JOBS {
            (0, 1 + chance.below(FIRST_JOBS_LIFE - 1))
        } else {
            (number - FIRST_JOBS + 1, SHORTEST_LIFE + chance.below(LONGEST_LIFE - SHORTEST_LIFE))
        };
        Life { opens, changes: changes.then(|| opens + 1 + chance.below(lasts)), closes: opens + lasts }
    }

    fn published_at(&self, number: u64) -> DateTime<Utc> {
        if number >= FIRST_JOBS {
            return self.steps.moment(number - FIRST_JOBS + 1);
        }
        let oldest = OLDEST_HOURS * 60;
        let age = oldest - oldest * number / FIRST_JOBS + Chance::of(self.seed, "age", number).below(50);
        self.steps.opened_at - TimeDelta::minutes(i64::try_from(age).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{DateTime, DemoJob, Duration, World};
    use crate::demo::catalogue::Family;

    fn world() -> World {
        World::new(20_260_901, DateTime::UNIX_EPOCH, Duration::from_secs(10))
    }

    #[test]
    fn the_same_seed_and_tick_are_the_same_world_and_another_seed_is_another() {
        assert_eq!(world().at(37), world().at(37));
        let other = World::new(1, DateTime::UNIX_EPOCH, Duration::from_secs(10));
        let titles = |world: &World| world.at(0).into_iter().map(|job| job.title).collect::<Vec<_>>();
        assert_ne!(titles(&world()), titles(&other));
    }

    #[test]
    fn there_are_always_more_than_two_hundred_jobs_and_never_more_than_four_hundred() {
        let world = world();
        for tick in (0..2_000).step_by(97).chain([100_000, 10_000_000]) {
            let open = world.at(tick).len();
            assert!((200..400).contains(&open), "{open} at tick {tick}");
        }
    }

    #[test]
    fn each_tick_publishes_one_job_and_nothing_comes_back() {
        let world = world();
        let numbers = |tick: u64| world.at(tick).into_iter().map(|job| job.number).collect::<BTreeSet<_>>();
        let mut before = numbers(0);
        let mut closed = BTreeSet::new();
        for tick in 1..=60 {
            let now = numbers(tick);
            assert_eq!(now.difference(&before).count(), 1, "tick {tick}");
            assert!(now.is_disjoint(&closed), "a closed job came back at tick {tick}");
            closed.extend(before.difference(&now).copied());
            before = now;
        }
        assert!(closed.len() > 10, "only {} closed in ten minutes", closed.len());
    }

    #[test]
    fn a_change_is_of_pay_or_place_and_of_nothing_else() {
        let world = world();
        let open = |tick: u64| world.at(tick).into_iter().map(|job| (job.number, job)).collect::<BTreeMap<u64, DemoJob>>();
        let (mut paid, mut moved) = (0, 0);
        let (first, later) = (open(0), open(120));
        for (number, job) in &later {
            let Some(old) = first.get(number).filter(|old| old.revision < job.revision) else { continue };
            assert_eq!((&old.title, &old.company, &old.location, old.long_id()), (&job.title, &job.company, &job.location, job.long_id()));
            assert!(job.updated_at > old.updated_at && job.published_at == old.published_at);
            paid += usize::from(old.pay != job.pay);
            moved += usize::from(old.more_places != job.more_places);
        }
        assert!(paid >= 3 && moved >= 3, "{paid} changes of pay, {moved} of place");
    }

    #[test]
    fn most_new_jobs_are_the_ones_that_alerts_wait_for() {
        let jobs = world().at(400);
        let wanted = jobs.iter().filter(|job| matches!(job.family, Family::Backend | Family::Database | Family::Architect)).count();
        assert!(wanted * 100 / jobs.len() >= 55, "{wanted} of {}", jobs.len());
    }

    #[test]
    fn no_two_texts_read_as_copies() {
        let jobs = world().at(0);
        let lines = |job: &DemoJob| job.plain().lines().map(String::from).collect::<BTreeSet<_>>();
        let texts: Vec<BTreeSet<String>> = jobs.iter().map(lines).collect();
        for (index, one) in texts.iter().enumerate() {
            for (other, two) in texts.iter().enumerate().skip(index + 1) {
                let common = one.intersection(two).count();
                let smaller = one.len().min(two.len());
                assert!(common * 10 < smaller * 7, "{} and {} share {common} of {smaller} lines", jobs[index].title, jobs[other].title);
            }
        }
    }

    #[test]
    fn no_blank_of_a_sentence_is_left_open() {
        for job in world().at(600) {
            assert!(!job.plain().contains(['{', '}']) && !job.title.contains(['{', '}']), "{}", job.plain());
        }
    }
}
