//! A21: visitors who open a thousand connections and say little.

use std::net::{IpAddr, UdpSocket};
use std::process::Command;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::service::How;
use crate::world::World;
use crate::{has, say, skipped};

/// Connections of the attacker.
const SLOW: usize = 1_000;

/// An address of this machine that is not loopback; where packets would go out by. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// What wrk measured of other visitors: requests, and the 99th of a hundred of their times.
fn others(page: &str) -> Option<String> {
    if !has("wrk") {
        return None;
    }
    let done = Command::new("wrk").args(["-t", "1", "-c", "8", "-d", "3s", "--latency", &format!("{page}/healthz")]).output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    let line = |word: &str| told.lines().find(|line| line.contains(word)).map(|line| line.trim().to_owned()).unwrap_or_default();
    assert!(!told.contains("Non-2xx"), "others are turned away: {told}");
    Some(format!("{}, {}", line("requests in"), line("99%")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_that_say_little_keep_nobody_else_out() {
    let Some(own) = own_address() else {
        return skipped("a thousand slow connections", "this machine has no address but loopback");
    };
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::default().with("ROLECALL__WEB__LISTEN", "0.0.0.0:0")).await;
    let port = service.page().rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let page = format!("http://127.0.0.1:{port}");
    let before = others(&page);
    let mut held = Vec::new();
    for _ in 0..SLOW {
        if let Ok(Ok(mut slow)) = tokio::time::timeout(Duration::from_secs(2), TcpStream::connect((own, port))).await {
            let _ = slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow").await;
            held.push(slow);
        }
    }
    assert!(held.len() > SLOW / 2, "only {} came in", held.len());
    let during = others(&page);
    world.next_letter(&service).await;
    drop(held);
    world.ends_well(service).await;
    match (before, during) {
        (Some(before), Some(during)) => {
            say(&format!("{SLOW} slow connections of one visitor; others before: {before}; meanwhile: {during}"));
        }
        _ => skipped("the times of other visitors", "wrk is not installed"),
    }
}
