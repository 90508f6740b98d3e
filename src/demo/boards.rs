//! The server of the demo boards: the real platforms' paths on a loopback port.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path as UrlPath, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::demo::answer::Answer;
use crate::demo::ask::{Ask, Turn};
use crate::demo::catalogue::BoardKind;
use crate::demo::error::DemoError;
use crate::demo::replay::Replay;
use crate::demo::settings::DemoSettings;
use crate::demo::source::DemoSource;
use crate::demo::steps::Steps;
use crate::demo::theatre::{FILE_SOURCE, Theatre};
use crate::demo::world::World;

/// The shortest time between two writings of the file source: a test may tick faster than a disk should be asked to.
const SHORTEST_WRITING: Duration = Duration::from_millis(200);

/// Boards being played, until the token that they were started with is cancelled.
#[derive(Debug)]
pub struct Boards {
    address: SocketAddr,
    sources: Vec<DemoSource>,
    schedule: String,
    tasks: Vec<JoinHandle<()>>,
}

/// What is played.
enum Stage {
    World(Arc<Theatre>),
    Recorded { replay: Replay, steps: Steps, clock: Clock },
}

impl Stage {
    fn answer(&self, ask: &Ask) -> Option<Answer> {
        match self {
            Self::World(theatre) => theatre.answer(ask),
            Self::Recorded { replay, steps, clock } => replay.answer(ask, steps.at(clock.now())),
        }
    }
}

impl Boards {
    /// Plays the made-up world on `listener`, and writes its file source into the settings' folder, until `stop`.
    ///
    /// # Errors
    /// The listener has no address; the folder cannot be written.
    pub async fn start(listener: TcpListener, settings: DemoSettings, clock: Clock, stop: CancellationToken) -> Result<Self, DemoError> {
        let address = listener.local_addr().map_err(DemoError::NoAddress)?;
        let world = World::new(settings.seed, clock.now(), settings.tick);
        let theatre = Arc::new(Theatre::new(world, clock, root(address)));
        let file = settings.folder.join(format!("{FILE_SOURCE}.ndjson"));
        write(&file, theatre.file()).await?;
        let sources = theatre.sources(&file.to_string_lossy());
        let server = tokio::spawn(serve(listener, Stage::World(Arc::clone(&theatre)), stop.clone()));
        let writer = tokio::spawn(keep_writing(file, theatre, settings.tick.max(SHORTEST_WRITING), stop));
        Ok(Self { address, sources, schedule: settings.schedule, tasks: vec![server, writer] })
    }

    /// Plays recorded answers on `listener` until `stop`; a series moves on by one poll a tick.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn replay(
        listener: TcpListener,
        replay: Replay,
        settings: DemoSettings,
        clock: Clock,
        stop: CancellationToken,
    ) -> Result<Self, DemoError> {
        let address = listener.local_addr().map_err(DemoError::NoAddress)?;
        let sources = replay.sources(&root(address));
        let steps = Steps::new(clock.now(), settings.tick);
        let server = tokio::spawn(serve(listener, Stage::Recorded { replay, steps, clock }, stop));
        Ok(Self { address, sources, schedule: settings.schedule, tasks: vec![server] })
    }

    /// Where the boards are.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many sources there are to fetch.
    pub const fn source_count(&self) -> usize {
        self.sources.len()
    }

    /// The `[[source]]` tables for the caller's configuration; the addresses are private, so it must allow those too.
    pub fn config_toml(&self) -> String {
        self.sources.iter().map(|source| source.toml(&self.schedule)).collect::<Vec<_>>().join("\n")
    }

    /// Waits until everything has ended after the token was cancelled.
    ///
    /// # Errors
    /// A task broke down.
    pub async fn stopped(self) -> Result<(), DemoError> {
        for task in self.tasks {
            task.await.map_err(DemoError::Broken)?;
        }
        Ok(())
    }
}

fn root(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn serve(listener: TcpListener, stage: Stage, stop: CancellationToken) {
    if let Err(fault) = axum::serve(listener, router(stage)).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(?fault, "the demo boards ended");
    }
}

/// Each platform's path; `/also/{board}` in front gives further boards of the platforms that do not name theirs.
fn router(stage: Stage) -> Router {
    Router::new()
        .route("/v1/boards/{board}/jobs", named(BoardKind::Greenhouse))
        .route("/v0/postings/{board}", named(BoardKind::Lever))
        .route("/posting-api/job-board/{board}", named(BoardKind::Ashby))
        .route("/feeds/{board}/jobs.rss", named(BoardKind::Rss))
        .route("/api/v2/remote-jobs", unnamed(BoardKind::Jobicy))
        .route("/also/{board}/api/v2/remote-jobs", named(BoardKind::Jobicy))
        .route("/api/job-board-api", unnamed(BoardKind::Arbeitnow))
        .route("/also/{board}/api/job-board-api", named(BoardKind::Arbeitnow))
        .with_state(Arc::new(stage))
}

type Method = axum::routing::MethodRouter<Arc<Stage>>;

fn named(kind: BoardKind) -> Method {
    get(move |State(stage): State<Arc<Stage>>, UrlPath(board): UrlPath<String>, Query(turn): Query<Turn>, headers: HeaderMap| async move {
        respond(&stage, &Ask { kind, board, turn }, &headers)
    })
}

fn unnamed(kind: BoardKind) -> Method {
    get(move |State(stage): State<Arc<Stage>>, Query(turn): Query<Turn>, headers: HeaderMap| async move {
        respond(&stage, &Ask { kind, board: String::new(), turn }, &headers)
    })
}

fn respond(stage: &Stage, ask: &Ask, headers: &HeaderMap) -> Response {
    match stage.answer(ask) {
        Some(answer) => answer.respond(headers),
        None => (StatusCode::NOT_FOUND, Json(serde_json::json!({ "status": 404, "error": "Not found" }))).into_response(),
    }
}

async fn keep_writing(file: PathBuf, theatre: Arc<Theatre>, every: Duration, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(fault) = write(&file, theatre.file()).await {
            tracing::warn!(?fault, "the demo's file of jobs stays as it was");
        }
    }
}

/// Writes beside and renames, so that a reader never sees half a file.
async fn write(file: &Path, text: String) -> Result<(), DemoError> {
    let unwritable = |fault: io::Error| DemoError::Unwritable { path: file.to_path_buf(), fault };
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(unwritable)?;
    }
    let beside = file.with_extension("ndjson.new");
    tokio::fs::write(&beside, text).await.map_err(unwritable)?;
    tokio::fs::rename(&beside, file).await.map_err(unwritable)
}
