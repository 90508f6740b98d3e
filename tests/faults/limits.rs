//! F19, F25: too few file handles, too little memory.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::net::TcpStream;

use crate::service::How;
use crate::world::{CONNECTIONS, World};
use crate::{has, say, skipped};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitors_who_take_every_file_handle_do_not_keep_letters_from_going_out() {
    const VISITORS: usize = 300;
    if !has("prlimit") {
        return skipped("too few file handles", "prlimit is not installed");
    }
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::under(&["prlimit", "--nofile=128:128"])).await;
    let address = service.page().trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for _ in 0..VISITORS {
        if let Ok(Ok(visitor)) = tokio::time::timeout(Duration::from_secs(1), TcpStream::connect(&address)).await {
            held.push(visitor);
        }
    }
    assert!(held.len() > 128, "only {} visitors came in", held.len());
    for _ in 0..3 {
        world.next_letter(&service).await;
    }
    drop(held);
    let took = world.add_until_taken(&service).await;
    let verdict = world.ends_well(service).await;
    assert_eq!(verdict.repeated, 0, "{verdict:?}");
    say(&format!(
        "{VISITORS} idle visitors and 128 file handles: letters went out, visitors were served again after {} ms",
        took.as_millis()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_that_cannot_be_had_costs_nothing_that_was_acknowledged() {
    if !has("prlimit") {
        return skipped("too little memory", "prlimit is not installed");
    }
    let world = World::set().await;
    world.board.grow(true);
    let mut ends = 0;
    // Less than it has by now, as much, and a little more.
    for (of, more_kib) in [(2_u64, 0), (1, 0), (1, 4_096)] {
        let mut service = world.ready(&How::default()).await;
        let status = std::fs::read_to_string(format!("/proc/{}/status", service.id())).unwrap();
        let has = status.lines().find_map(|line| line.strip_prefix("VmSize:")).unwrap();
        let has: u64 = has.trim().trim_end_matches(" kB").parse().unwrap();
        let limit = format!("--as={}", (has / of + more_kib) << 10);
        assert!(std::process::Command::new("prlimit").args(["--pid", &service.id().to_string(), &limit]).status().unwrap().success());
        let page = service.page().to_owned();
        for _ in 0..40 {
            if let Some(status) = world.add(&page).await {
                assert!(status == StatusCode::CREATED || status.is_server_error(), "{status}");
            }
        }
        ends += usize::from(service.ended().is_some());
        service.kill();
    }
    let service = world.ready(&How::default()).await;
    let verdict = world.ends_well(service).await;
    assert!(verdict.repeated <= CONNECTIONS * 3, "{verdict:?}");
    say(&format!("3 limits of memory ({ends} ended it): {} acknowledged, {} due, 0 lost, 0 doubled", verdict.acknowledged, verdict.due));
}
