//! F1, F2, F22: the process ends in the middle of a call.

use std::time::{Duration, Instant};

use crate::service::How;
use crate::world::{CONNECTIONS, World};
use crate::{from_environment, has, rounds, say, skipped};

/// Calls at which it is killed where nobody says how many: in the start, in the first answer of a board, among letters. A connection to the
/// database makes many more writes than it waits for the disk.
const WRITES: [usize; 4] = [3, 24, 110, 260];
const FSYNCS: [usize; 4] = [1, 4, 8, 12];
const WORDS: [usize; 4] = [2, 9, 24, 57];
/// A point that is not reached within this time after READY is given up: the service is killed then.
const ROUND: Duration = Duration::from_secs(15);
/// The same in a campaign, whose far points take long to come to.
const ROUND_OF_A_CAMPAIGN: Duration = Duration::from_secs(40);
/// A board that has grown for so many points is replaced by a new one, so that a campaign does not get slower and slower.
const POINTS_OF_A_WORLD: usize = 25;

fn points(usual: [usize; 4]) -> Vec<usize> {
    match from_environment("ROLECALL_FAULT_POINTS", 0) {
        0 => usual.to_vec(),
        points => (1..=points).collect(),
    }
}

/// Kills the service at the N-th call of each thread, for every point, under load; afterwards nothing may be missing.
async fn killed_at_each(calls: &str, usual: [usize; 4]) {
    if !has("strace") {
        return skipped(&format!("kills at {calls}"), "strace is not installed");
    }
    let begun = Instant::now();
    let round = if from_environment("ROLECALL_FAULT_POINTS", 0) > 0 { ROUND_OF_A_CAMPAIGN } else { ROUND };
    let (mut killed, mut unreached, mut due, mut acknowledged, mut repeated) = (0, 0, 0, 0, 0);
    for points in points(usual).chunks(POINTS_OF_A_WORLD) {
        let world = World::set().await;
        world.board.grow(true);
        for point in points {
            let mut service = world.start(&How::inject(&format!("{calls}:signal=SIGKILL:when={point}")));
            if world.load_until_it_ends(&mut service, round).await {
                killed += 1;
            } else {
                unreached += 1;
            }
            service.kill();
        }
        let service = world.ready(&How::default()).await;
        let verdict = world.ends_well(service).await;
        assert!(verdict.repeated <= CONNECTIONS * points.len(), "{verdict:?}");
        due += verdict.due;
        acknowledged += verdict.acknowledged;
        repeated += verdict.repeated;
    }
    assert!(killed > 0, "no point was reached: not much of a proof");
    say(&format!(
        "killed at {killed} calls of {calls} ({unreached} were not reached): {acknowledged} acknowledged, {due} due, 0 lost, 0 doubled, {repeated} came again with their own Message-ID; {:.0} s",
        begun.elapsed().as_secs_f64()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_write_to_the_database_loses_nothing() {
    killed_at_each("pwrite64", WRITES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_fsync_loses_nothing() {
    killed_at_each("fsync,fdatasync", FSYNCS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_word_to_the_mail_server_or_a_visitor_loses_nothing() {
    killed_at_each("sendto,writev", WORDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_killed_at_any_step_of_the_schema_begins_well_again() {
    if !has("strace") {
        return skipped("kills in the first start", "strace is not installed");
    }
    let mut killed = 0;
    for point in points(WRITES) {
        let world = World::bare().await;
        for _ in 0..2 {
            let mut service = world.start(&How::inject(&format!("pwrite64:signal=SIGKILL:when={point}")));
            if !service.ready().await {
                killed += 1;
            }
            service.kill();
        }
        let service = world.ready(&How::default()).await;
        assert_eq!(world.get(&service, "/readyz").await, Some(200), "{}", service.log());
        assert_eq!(service.stop().await.code(), Some(0));
    }
    assert!(killed > 0, "no point was reached: not much of a proof");
    say(&format!("first starts: killed {killed} times before READY, every start after it was well"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_under_way_at_a_kill_goes_out_right_after_the_next_start() {
    let kills = 4 * rounds();
    let world = World::set().await;
    world.board.grow(true);
    let mut service = world.ready(&How::default()).await;
    let (mut slowest, mut starts) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..kills {
        world.next_letter(&service).await;
        while world.sink.under_way() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        service.kill();
        let begun = Instant::now();
        service = world.ready(&How::default()).await;
        starts = starts.max(begun.elapsed());
        let ready = Instant::now();
        world.next_letter(&service).await;
        slowest = slowest.max(ready.elapsed());
    }
    let verdict = world.ends_well(service).await;
    assert!(verdict.repeated <= CONNECTIONS * kills, "{verdict:?}");
    say(&format!(
        "{kills} kills with a letter under way: READY after {} ms at most, the first letter {} ms after READY at most; {} due, 0 lost, 0 doubled, {} came again",
        starts.as_millis(),
        slowest.as_millis(),
        verdict.due,
        verdict.repeated
    ));
}
