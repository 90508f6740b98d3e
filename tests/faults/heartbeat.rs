//! The signs of life to somebody outside: while all is well, and only then.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rolecall::app::{App, House, serve};
use rolecall::clock::Clock;
use rolecall::config::Config;
use rolecall::web::Listeners;
use sqlx::{Connection as _, Executor as _};
use tokio_util::sync::CancellationToken;

use crate::database::another_program;
use crate::service::How;
use crate::world::World;

/// Signs come five times a second here; a second without one is silence.
const SILENCE: Duration = Duration::from_secs(1);
/// Long enough for a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// What only the monitor and we know.
const PATH: &str = "/ping/a-secret-of-the-monitor";

/// Who waits for signs of life; clones are one.
#[derive(Clone, Default)]
struct Monitor(Arc<AtomicUsize>);

impl Monitor {
    /// Starts it; its address.
    async fn open(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}{PATH}", listener.local_addr().unwrap());
        let signs = Arc::clone(&self.0);
        let heard = axum::routing::get(move || {
            signs.fetch_add(1, Ordering::SeqCst);
            std::future::ready("OK")
        });
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().route(PATH, heard)).await });
        address
    }

    async fn hears(&self) {
        let (before, begun) = (self.0.load(Ordering::SeqCst), Instant::now());
        while self.0.load(Ordering::SeqCst) < before + 2 {
            assert!(begun.elapsed() < PATIENCE, "no sign of life comes");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until it hears nothing any more.
    async fn hears_nothing(&self) {
        let begun = Instant::now();
        loop {
            let before = self.0.load(Ordering::SeqCst);
            tokio::time::sleep(SILENCE).await;
            if self.0.load(Ordering::SeqCst) == before {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "signs of life go on");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_outside_hears_of_a_service_only_while_it_can_write() {
    let (world, monitor) = (World::set().await, Monitor::default());
    let address = monitor.open().await;
    let how = How::default().with("ROLECALL__SERVICE__HEARTBEAT_URL", &address).with("ROLECALL__SERVICE__HEARTBEAT_EVERY", "200ms");
    let service = world.ready(&how).await;
    monitor.hears().await;
    let mut other = another_program(&world).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    service.says("takes no writes").await;
    monitor.hears_nothing().await;
    other.execute("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    monitor.hears().await;
    service.says("heartbeats are sent again").await;
    let log = service.log();
    assert!(!log.contains("a-secret-of-the-monitor"), "{log}");
    world.ends_well(service).await;
}

/// The rooms of a service that lives in this process, with its data in a folder; `more` are further lines of `[service]`.
pub async fn house(folder: &Path, more: &str) -> House {
    let data = toml::Value::String(folder.display().to_string());
    let text = format!("[service]\ndata_dir = {data}\n{more}\n[web]\nlisten = \"127.0.0.1:0\"\n[fetch]\nallow_private_addresses = true\n");
    House::of(App::build(Config::parse("the test", &text, &[]).unwrap(), Clock::System).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_that_hangs_silences_the_heartbeat_until_it_is_heard_of_again() {
    let (folder, monitor) = (tempfile::tempdir().unwrap(), Monitor::default());
    let address = monitor.open().await;
    let more = format!("heartbeat_url = \"{address}\"\nheartbeat_every = \"200ms\"");
    let house = house(folder.path(), &more).await;
    let (pass, stop) = (house.app.pulse.part("pass of the test"), CancellationToken::new());
    let listeners = Listeners::open(&house.app.config.web).await.unwrap();
    let served = tokio::spawn(serve(house, listeners, None, stop.clone()));
    monitor.hears().await;
    pass.within(Duration::ZERO);
    monitor.hears_nothing().await;
    pass.within(Duration::from_hours(1));
    monitor.hears().await;
    stop.cancel();
    served.await.unwrap().unwrap();
}
