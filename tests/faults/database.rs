//! F8, F10, F21: others are at the database too.

use std::time::Duration;

use reqwest::StatusCode;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use crate::say;
use crate::service::How;
use crate::world::World;

/// The log of a database may grow to this size: 64 MB.
const MOST_LOG: u64 = 64 << 20;

/// Another program that has the database open.
pub async fn another_program(world: &World) -> SqliteConnection {
    SqliteConnectOptions::new().filename(world.data().join("rolecall.db")).busy_timeout(Duration::from_mins(1)).connect().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_another_program_holds_is_waited_for_and_then_refused_in_order() {
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::default()).await;
    let mut other = another_program(&world).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let waits = world.add_until_taken(&service);
    let lets_go = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        other.execute("ROLLBACK").await.unwrap();
    };
    tokio::join!(waits, lets_go);
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    assert_eq!(world.add(service.page()).await, Some(StatusCode::SERVICE_UNAVAILABLE), "{}", service.log());
    assert_eq!(world.get(&service, "/jobs").await, Some(200), "pages are shown meanwhile");
    other.execute("ROLLBACK").await.unwrap();
    let took = world.add_until_taken(&service).await;
    other.close().await.unwrap();
    let verdict = world.ends_well(service).await;
    assert_eq!(verdict.repeated, 0, "{verdict:?}");
    say(&format!("a lock of another program: taken again after {} ms; {} due, 0 lost, 0 doubled", took.as_millis(), verdict.due));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_the_database_stays_small_while_much_is_written_and_read() {
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::default()).await;
    let mut reader = another_program(&world).await;
    let log = world.data().join("rolecall.db-wal");
    let (mut most, mut with_reader) = (0, 0);
    for round in 0..120 * crate::rounds() {
        // Somebody reads for a while, over and over, as a copy or an export does.
        match round % 40 {
            10 => drop(reader.execute("BEGIN; SELECT COUNT(*) FROM subscriber").await.unwrap()),
            30 => drop(reader.execute("COMMIT").await.unwrap()),
            _ => {}
        }
        world.add_until_taken(&service).await;
        let size = std::fs::metadata(&log).unwrap().len();
        most = most.max(size);
        if (10..30).contains(&(round % 40)) {
            with_reader = with_reader.max(size);
        }
    }
    assert!(most <= MOST_LOG, "the log has {most} bytes");
    reader.close().await.unwrap();
    let verdict = world.ends_well(service).await;
    assert_eq!(std::fs::metadata(&log).map_or(0, |meta| meta.len()), 0, "a stop in order leaves no log");
    say(&format!(
        "the log of the database: {} KiB at most while {} people were added, {} KiB while another program read",
        most >> 10,
        verdict.acknowledged,
        with_reader >> 10
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_service_on_the_same_data_is_refused_and_commands_work_beside_the_first() {
    let world = World::set().await;
    let service = world.ready(&How::default()).await;
    for _ in 0..3 {
        let second = world.command(&How::default(), &["serve"]).status().unwrap();
        assert_eq!(second.code(), Some(75), "{}", service.log());
    }
    assert!(service.log().contains("another rolecall runs on this data folder: stop it first"), "{}", service.log());
    let status: serde_json::Value = serde_json::from_str(&world.finish(&["status", "--json"])).unwrap();
    assert_eq!(status["failed"], 0);
    world.finish(&["subscriber", "add", "beside@example.org", "--confirmed"]);
    world.add_until_taken(&service).await;
    world.ends_well(service).await;
}
