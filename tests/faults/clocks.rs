//! F14: the clock of the machine is set while the real program runs, forwards and backwards, by minutes to days. libfaketime stands between
//! the program and its system: the wall clock jumps, the monotonic one goes on, as on a machine whose clock is set.
//!
//! `ROLECALL_FAULT_CLOCKS=500` sets it so often.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::service::How;
use crate::world::{CONNECTIONS, PEOPLE, World};
use crate::{from_environment, say, skipped};

/// How often it is set where nobody says so.
const SETS: usize = 6;
const DAY: i64 = 86_400;
/// It is never set farther than this from the true time.
const FARTHEST: i64 = 20 * DAY;
/// Whoever sleeps looks at the wall clock once a minute: nobody may need much longer than that to wake.
const WAKES_WITHIN: Duration = Duration::from_secs(75);

fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|path| path.exists())
}

/// Most at once, one daily, one weekly.
fn rhythm(reader: usize) -> Value {
    match reader {
        0 => json!({"frequency": "daily", "at": "07:30", "time_zone": "Europe/Berlin"}),
        1 => json!({"frequency": "weekly", "days": ["wed"], "at": "09:00", "time_zone": "Asia/Kolkata"}),
        _ => json!({"frequency": "instant"}),
    }
}

/// The clock that the service sees.
struct SetClock {
    place: PathBuf,
    ahead: i64,
    chance: u64,
}

impl SetClock {
    fn set(&mut self, ahead: i64) {
        self.ahead = ahead;
        // Renamed into its place, so that nobody reads half of it.
        let new = self.place.with_extension("new");
        std::fs::write(&new, format!("{ahead:+}\n")).unwrap();
        std::fs::rename(new, &self.place).unwrap();
    }

    fn below(&mut self, end: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 33) % end
    }

    /// Sets it by minutes, hours or days, forwards or backwards; by how many seconds.
    fn jump(&mut self) -> i64 {
        let unit = [60, 3_600, DAY][usize::try_from(self.below(3)).unwrap()];
        let by = unit * i64::try_from(1 + self.below(if unit == DAY { 9 } else { 50 })).unwrap() + i64::try_from(self.below(60)).unwrap();
        let back = if self.ahead.abs() > FARTHEST - 10 * DAY { self.ahead > 0 } else { self.below(2) == 0 };
        let by = if back { -by } else { by };
        self.set(self.ahead + by);
        by
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_at_any_moment_loses_nothing_and_doubles_nothing() {
    let Some(library) = library() else { return skipped("clocks that are set", "libfaketime is not installed (Debian: faketime)") };
    let sets = from_environment("ROLECALL_FAULT_CLOCKS", SETS);
    let world = World::of(rhythm).await;
    let mut clock = SetClock { place: world.path("clock"), ahead: 0, chance: 20_261_126 };
    clock.set(0);
    let how = How::default()
        .with("LD_PRELOAD", &library.display().to_string())
        .with("FAKETIME_TIMESTAMP_FILE", &clock.place.display().to_string())
        .with("FAKETIME_NO_CACHE", "1")
        .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .with("NO_FAKE_STAT", "1")
        .with("ROLECALL__ALERTS__INSTANT_GROUPING", "300ms");
    let service = world.ready(&how).await;
    let (mut slowest, mut back, mut least, mut most) = (Duration::ZERO, 0, i64::MAX, i64::MIN);
    for _ in 0..sets {
        world.board.grow(true);
        tokio::time::sleep(Duration::from_millis(clock.below(800))).await;
        let by = clock.jump();
        (back, least, most) = (back + usize::from(by < 0), least.min(by), most.max(by));
        let begun = Instant::now();
        // More than may have been on their way.
        let before = world.sink.count();
        while world.sink.count() < before + PEOPLE {
            assert!(begun.elapsed() < WAKES_WITHIN, "set by {by} s, and no letter comes any more\n{}", service.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        slowest = slowest.max(begun.elapsed());
        world.board.grow(false);
    }
    // The last digests, whatever the hour; then the days on which nobody has anything new to hear.
    clock.set(clock.ahead + 8 * DAY);
    let verdict = world.ends_well(service).await;
    assert!(verdict.repeated <= CONNECTIONS, "{verdict:?}");
    say(&format!(
        "{sets} times the clock was set, {back} of them back, by {least} to {most} s: {} letters, {} due, 0 lost, 0 doubled; new letters {} ms after it at most",
        verdict.letters,
        verdict.due,
        slowest.as_millis()
    ));
}
