//! The service of the soak: the real rooms with a clock that is moved by hand, in a process of its own.

use std::path::Path;

use chrono::{DateTime, Utc};
use rolecall::app::App;
use rolecall::clock::Clock;
use rolecall::config::Config;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

/// Set in its process: the folder it works in.
pub const PLACE: &str = "ROLECALL_TEST_SOAKS_IN";

/// Works at each hour it is told, and answers with what it holds, until nobody tells it any more.
pub async fn plays_the_service(folder: &Path) {
    let text = std::fs::read_to_string(folder.join("rolecall.toml")).unwrap();
    let clock = Clock::manual(DateTime::UNIX_EPOCH);
    let app = App::build(Config::parse("the soak", &text, &[]).unwrap(), clock.clone()).await.unwrap();
    let mut talk = BufReader::new(UnixStream::connect(folder.join("place")).await.unwrap());
    let log = folder.join("data/rolecall.db-wal");
    let mut line = String::new();
    while talk.read_line(&mut line).await.unwrap() > 0 {
        clock.set(DateTime::parse_from_rfc3339(line.trim()).unwrap().with_timezone(&Utc));
        line.clear();
        let (sent, queued) = work(&app).await;
        let size = std::fs::metadata(&log).map_or(0, |meta| meta.len());
        app.sweep.run().await.unwrap();
        let said = json!({"memory": memory(), "log": size, "sent": sent, "queued": queued});
        talk.get_mut().write_all(format!("{said}\n").as_bytes()).await.unwrap();
    }
    app.store.close().await;
}

/// What the loops do within one hour: ask, decide, deliver as long as the mail server takes letters.
async fn work(app: &App) -> (u64, u64) {
    for scheduled in app.sources.iter() {
        let summary = app.ingest.run(&scheduled.source).await.unwrap();
        assert_eq!(summary.fault, None);
    }
    let queued = app.alert.run().await.unwrap().queued;
    let (stop, mut sent) = (CancellationToken::new(), 0);
    loop {
        let summary = app.deliver.run(&stop).await.unwrap();
        sent += summary.sent;
        if !summary.relay_down || summary.sent == 0 {
            return (sent, queued);
        }
    }
}

/// Resident memory in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
