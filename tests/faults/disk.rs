//! F4 to F7: the disk is full, fails, turns read-only, or loses its power.

use std::time::Duration;

use reqwest::StatusCode;

use crate::disks::Disk;
use crate::service::{How, Service};
use crate::world::{CONNECTIONS, World};
use crate::{has, rounds, say, skipped};

/// Refused this often in a row, a service is not merely unlucky.
const REFUSALS: usize = 5;
/// More people than fit into what little room a full disk has left.
const MOST_ADDED: usize = 2_000;

/// Adds people until several in a row are refused; each is taken or refused in order.
async fn add_until_refused(world: &World, page: &str, in_a_row: usize) {
    let mut refused = 0;
    for _ in 0..MOST_ADDED {
        match world.add(page).await {
            Some(StatusCode::CREATED) => refused = 0,
            Some(StatusCode::SERVICE_UNAVAILABLE) => refused += 1,
            other => panic!("neither taken nor refused in order: {other:?}"),
        }
        if refused == in_a_row {
            return;
        }
    }
    panic!("nothing was refused");
}

/// The small write that readiness tries may find a place in the log that no person fits into any more; in the end it does not.
async fn until_not_ready(world: &World, service: &Service) {
    for _ in 0..MOST_ADDED {
        if world.get(service, "/readyz").await == Some(503) {
            return;
        }
        let _ = world.add(service.page()).await;
    }
    panic!("a full disk is called ready\n{}", service.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_in_order_and_recovers_by_itself() {
    let Some(disk) = Disk::in_memory(12, "a full disk") else { return };
    let world = World::on(disk.folder()).await;
    world.board.grow(true);
    let service = world.ready(&How::default()).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds() {
        world.next_letter(&service).await;
        disk.fill();
        add_until_refused(&world, service.page(), REFUSALS).await;
        assert_eq!(world.get(&service, "/").await, Some(200), "pages are shown while the disk is full");
        assert_eq!(world.get(&service, "/jobs").await, Some(200));
        until_not_ready(&world, &service).await;
        disk.free();
        slowest = slowest.max(world.add_until_taken(&service).await);
        assert_eq!(world.get(&service, "/readyz").await, Some(200));
    }
    let verdict = world.ends_well(service).await;
    assert_eq!(verdict.repeated, 0, "{verdict:?}");
    say(&format!(
        "{} times a full disk: taken again {} ms at most after there was room, without a restart; {} acknowledged, {} due, 0 lost, 0 doubled",
        rounds(),
        slowest.as_millis(),
        verdict.acknowledged,
        verdict.due
    ));
}

/// Lets calls fail for a while, under load, and kills the service afterwards: what was acknowledged is there.
async fn calls_that_fail(what: &str) {
    if !has("strace") {
        return skipped(what, "strace is not installed");
    }
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::inject(what)).await;
    // The connection that failed is replaced, and a new one counts its calls anew: one refusal is all there is.
    add_until_refused(&world, service.page(), 1).await;
    assert_eq!(world.get(&service, "/").await, Some(200), "pages are shown meanwhile");
    let took = world.add_until_taken(&service).await;
    for _ in 0..REFUSALS {
        world.add_until_taken(&service).await;
    }
    service.kill();
    let service = world.ready(&How::default()).await;
    let verdict = world.ends_well(service).await;
    assert!(verdict.repeated <= CONNECTIONS, "{verdict:?}");
    say(&format!(
        "{what}: taken again after {} ms of trying, without a restart; {} acknowledged, {} due, 0 lost, 0 doubled",
        took.as_millis(),
        verdict.acknowledged,
        verdict.due
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_fsync_that_fails_is_not_acknowledged_and_later_ones_are() {
    calls_that_fail("fsync,fdatasync:error=EIO:when=20..40").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_no_writes_for_a_while_is_outlived() {
    calls_that_fail("pwrite64:error=EROFS:when=200..260").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_turned_read_only_costs_nothing_that_was_acknowledged() {
    let Some(disk) = Disk::with_journal(64, "a disk that turns read-only") else { return };
    let world = World::on(disk.folder()).await;
    let service = world.ready(&How::default()).await;
    world.add_until_taken(&service).await;
    if let Err(fault) = disk.give_up_writing() {
        return skipped("a disk that turns read-only", &fault);
    }
    add_until_refused(&world, service.page(), REFUSALS).await;
    assert_eq!(world.get(&service, "/").await, Some(200), "pages are shown meanwhile");
    assert_eq!(world.get(&service, "/readyz").await, Some(503));
    service.kill();
    disk.begin_again();
    let service = world.ready(&How::default()).await;
    world.add_until_taken(&service).await;
    let verdict = world.ends_well(service).await;
    say(&format!("a disk that turned read-only: {} acknowledged, 0 lost", verdict.acknowledged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let Some(disk) = Disk::with_journal(64, "power cuts") else { return };
    let world = World::on(disk.folder()).await;
    world.board.grow(true);
    for round in 0..2 * rounds() {
        let mut service = world.ready(&How::default()).await;
        let page = service.page().to_owned();
        for _ in 0..10 + round * 7 % 40 {
            let _ = world.add(&page).await;
        }
        if let Err(fault) = disk.cut_power() {
            return skipped("power cuts", &fault);
        }
        assert_ne!(world.add(&page).await, Some(StatusCode::CREATED), "nothing is acknowledged without power");
        assert!(service.ended().is_none(), "{}", service.log());
        service.kill();
        disk.begin_again();
        world.another_boot();
        world.verify().await;
    }
    let service = world.ready(&How::default()).await;
    let verdict = world.ends_well(service).await;
    assert!(verdict.repeated <= CONNECTIONS * 2 * rounds(), "{verdict:?}");
    say(&format!(
        "{} power cuts: {} acknowledged, {} due, 0 lost, 0 doubled, {} came again with their own Message-ID",
        2 * rounds(),
        verdict.acknowledged,
        verdict.due,
        verdict.repeated
    ));
}
