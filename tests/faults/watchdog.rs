//! F20: a loop that breaks its promise, seen by whoever started the service: systemd hears no further sign of life.
//!
//! The service lives in a process of its own here, for systemd is told by variables of a process; that process is this test, run once more.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rolecall::app::serve;
use rolecall::web::Listeners;
use tokio::net::UnixDatagram;
use tokio_util::sync::CancellationToken;

use crate::heartbeat::house;

/// Set in the process that is watched: the folder in which it is told what to do.
const WATCHED: &str = "ROLECALL_TEST_IS_WATCHED";
/// systemd waits so long for a sign in this test, in microseconds; three come within.
const AWAITED: &str = "900000";
/// So long without a sign is more than systemd waits.
const SILENCE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_mins(1);

/// Serves; breaks a promise while there is a file `hang`, until there is a file `end`.
async fn is_watched(folder: &Path) {
    let house = house(folder, "").await;
    let (part, stop) = (house.app.pulse.part("loop of the test"), CancellationToken::new());
    let listeners = Listeners::open(&house.app.config.web).await.unwrap();
    let served = tokio::spawn(serve(house, listeners, None, stop.clone()));
    while !folder.join("end").exists() {
        part.within(if folder.join("hang").exists() { Duration::ZERO } else { PATIENCE });
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    served.await.unwrap().unwrap();
}

/// Whether a sign of life comes within a time.
async fn sign_within(systemd: &UnixDatagram, time: Duration) -> bool {
    let until = Instant::now() + time;
    let mut said = [0; 4096];
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        if let Ok(Ok(length)) = tokio::time::timeout(left, systemd.recv(&mut said)).await
            && String::from_utf8_lossy(&said[..length]).lines().any(|line| line == "WATCHDOG=1")
        {
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loop_that_breaks_its_promise_gets_no_further_sign_of_life_to_systemd() {
    if let Some(folder) = std::env::var_os(WATCHED) {
        return is_watched(&PathBuf::from(folder)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let systemd = UnixDatagram::bind(folder.path().join("systemd")).unwrap();
    let tell = |what: &str| std::fs::write(folder.path().join(what), "").unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    let name = "watchdog::a_loop_that_breaks_its_promise_gets_no_further_sign_of_life_to_systemd";
    again.args([name, "--exact"]).env(WATCHED, folder.path()).env("WATCHDOG_USEC", AWAITED);
    again.env("NOTIFY_SOCKET", folder.path().join("systemd")).stdout(Stdio::null()).stderr(Stdio::null());
    let mut watched = again.spawn().unwrap();
    for _ in 0..3 {
        assert!(sign_within(&systemd, PATIENCE).await, "it gives signs of life");
    }
    tell("hang");
    let begun = Instant::now();
    while sign_within(&systemd, SILENCE).await {
        assert!(begun.elapsed() < PATIENCE, "signs of life go on although a loop hangs");
    }
    std::fs::remove_file(folder.path().join("hang")).unwrap();
    assert!(sign_within(&systemd, PATIENCE).await, "who is heard of again is well again");
    tell("end");
    assert!(watched.wait().unwrap().success());
}
