//! F17, F26: a stop at any moment, and a log that nobody takes.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use reqwest::StatusCode;

use crate::service::How;
use crate::world::World;
use crate::{from_environment, say};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_at_any_moment_ends_in_order() {
    const SIGTERM: i32 = 15;
    let stops = from_environment("ROLECALL_FAULT_POINTS", 8);
    let world = World::set().await;
    world.board.grow(true);
    let (mut chance, mut early) = (20_261_126_u64, 0);
    for stop in 0..stops {
        let mut service = world.start(&How::default());
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = Duration::from_millis((chance >> 33) % 1_500);
        // Every other one is stopped in the midst of its start.
        if stop % 2 == 0 {
            assert!(service.ready().await, "{}", service.log());
        }
        tokio::time::sleep(wait).await;
        let log = service.log();
        let ended = service.stop().await;
        // Before it listens for signals, the system ends it.
        early += usize::from(ended.signal() == Some(SIGTERM));
        assert!(ended.code() == Some(0) || ended.signal() == Some(SIGTERM) && !log.contains("rolecall serves"), "{ended}\n{log}");
    }
    let service = world.ready(&How::default()).await;
    let verdict = world.ends_well(service).await;
    assert_eq!(verdict.repeated, 0, "a stop in order repeats nothing: {verdict:?}");
    say(&format!("{stops} stops at any moment ({early} before it listened): {} due, 0 lost, 0 doubled, 0 came again", verdict.due));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_cannot_be_written_stops_nothing() {
    let world = World::set().await;
    world.board.grow(true);
    // Nobody else listens on this address of the loopback network.
    let id = std::process::id();
    let page = format!("127.77.{}.{}:18080", id / 250 % 250 + 1, id % 250 + 1);
    let mut command = world.command(&How::default().with("ROLECALL__WEB__LISTEN", &page), &["serve"]);
    command.stderr(File::options().write(true).open("/dev/full").unwrap());
    let mut child = command.spawn().unwrap();
    let page = format!("http://{page}");
    while world.add(&page).await != Some(StatusCode::CREATED) {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = world.sink.count();
    while world.sink.count() < before + 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let service = world.ready(&How::default()).await;
    world.ends_well(service).await;
}
