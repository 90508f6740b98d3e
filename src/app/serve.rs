//! The daemon: a start that says when it is ready, a reload that keeps every connection, a stop in order.

use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::agenda::Agenda;
use super::build::{App, AppError};
use super::house::House;
use super::loops::work;
use super::reload::reloaded;
use super::systemd;
use crate::config::{Config, ConfigError};
use crate::web::{self, Listeners, Parcel, Serving};

/// Everything has this long to stop.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// How a running service takes up another configuration.
pub struct Reload {
    /// Comes when it is asked for: SIGHUP.
    pub signal: Signal,
    /// Reads the configuration anew.
    pub read: Box<dyn Fn() -> Result<Config, ConfigError> + Send>,
}

/// Serves the page and runs the passes until `stop`, then ends in order: nothing new is begun, letters under way are finished and
/// recorded, the database is closed.
///
/// # Errors
/// What keeps the service from starting, or that a part of it broke.
pub async fn serve(house: House, listeners: Listeners, reload: Option<Reload>, stop: CancellationToken) -> Result<(), AppError> {
    let House { app, router, parcels } = house;
    let released = app.deliver.recover().await?;
    app.store.probe_write().await?;
    info!(page = listeners.described(), handed_over = listeners.handed_over, sources = app.sources.len(), released, "rolecall serves");
    let (serving, served) = watch::channel(Serving { router, settings: app.config.web.clone() });
    let mut parts = JoinSet::new();
    let web_stop = stop.clone();
    parts.spawn(async move {
        web::serve(listeners, served, web_stop.clone()).await;
        web_stop.is_cancelled()
    });
    let agenda = Agenda::default();
    parts.spawn(keep(&app, agenda.clone(), stop.clone()));
    let attended = tokio::spawn(systemd::attend(app.store.clone(), app.clock.clone(), app.pulse.clone(), agenda.clone(), stop.clone()));
    let store = app.store.clone();
    systemd::ready();
    let well = live(app, parcels, &agenda, &serving, reload, &mut parts, &stop).await;
    systemd::stopping();
    let drained = tokio::time::timeout(STOP_WITHIN, async { while parts.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        warn!(seconds = STOP_WITHIN.as_secs(), "not everything stopped in time; what was under way is tried again at the next start");
        parts.abort_all();
    }
    attended.abort();
    store.close().await;
    info!("rolecall stopped");
    if well { Ok(()) } else { Err(AppError::Broken) }
}

/// Works by one configuration after the other until the stop; whether it was asked for, and not because a part broke.
async fn live(
    mut app: App,
    parcels: Receiver<Parcel>,
    agenda: &Agenda,
    serving: &watch::Sender<Serving>,
    mut reload: Option<Reload>,
    parts: &mut JoinSet<bool>,
    stop: &CancellationToken,
) -> bool {
    let mut until = stop.child_token();
    parts.spawn(work(app.clone(), agenda.clone(), parcels, until.clone()));
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return true,
            // The loops of an earlier configuration end well, after their last letters.
            Some(ended) = parts.join_next() => if !matches!(ended, Ok(true)) {
                error!(detail = ?ended, "a part of the service broke; stopping");
                stop.cancel();
                return false;
            },
            () = asked(reload.as_mut()) => {
                let Some(reload) = &reload else { continue };
                systemd::reloading();
                if let Some(next) = reloaded(&app, &reload.read) {
                    until.cancel();
                    until = stop.child_token();
                    app = next.app;
                    parts.spawn(work(app.clone(), agenda.clone(), next.parcels, until.clone()));
                    serving.send_replace(Serving { router: next.router, settings: app.config.web.clone() });
                }
                systemd::ready();
            }
        }
    }
}

/// Keeps the agenda of all loops; whether it ended because of the stop.
fn keep(app: &App, agenda: Agenda, stop: CancellationToken) -> impl Future<Output = bool> + Send + 'static {
    let kept = agenda.keep(app.store.changes(), app.clock.clone(), app.pulse.clone(), stop.clone());
    async move {
        kept.await;
        stop.is_cancelled()
    }
}

/// Waits until a reload is asked for.
async fn asked(reload: Option<&mut Reload>) {
    let heard = match reload {
        Some(reload) => reload.signal.recv().await,
        None => None,
    };
    if heard.is_none() {
        std::future::pending::<()>().await;
    }
}
