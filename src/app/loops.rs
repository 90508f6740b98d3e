//! The loops of one configuration: they sleep until something is due or somebody wakes them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::agenda::Agenda;
use super::arrivals::{collect_loop, lmtp_loop};
use super::build::App;
use super::count::{alert_items, counted, deliver_items, ingest_items, report_items, sweep_items, webhook_items};
use super::heartbeat::heartbeat_loop;
use super::intake::intake_loop;
use super::lines::Lines;
use super::schedule::{Timetable, may_ask};
use super::set_back::LatestSeen;
use super::sleep::{LONGEST_SLEEP, WAKES_WITHIN, moment, pause};
use crate::pipeline::DeliverSummary;
use crate::store::StoreError;
use crate::web::Parcel;

/// Wait after a pass that failed, before it is tried again.
const AFTER_FAULT: Duration = Duration::from_secs(1);
/// Time between sweeps where anybody wrote to the database, and where nobody did: whatever a sweep may hold up comes with a write.
const SWEEP_EVERY: Duration = Duration::from_mins(15);
const SWEEP_AT_LEAST_EVERY: Duration = Duration::from_hours(6);
/// Time between looks at the health of sources.
const REPORT_EVERY: Duration = Duration::from_mins(30);

/// Who wakes whom, and where moments to come are written down.
#[derive(Debug, Clone)]
struct Wakes {
    agenda: Agenda,
    alert: Arc<Notify>,
    deliver: Arc<Notify>,
    webhook: Arc<Notify>,
}

/// Works until `stop`; whether it ended because of that, and not because a loop broke.
pub(super) async fn work(app: App, agenda: Agenda, parcels: Receiver<Parcel>, stop: CancellationToken) -> bool {
    let wakes = Wakes { agenda: agenda.clone(), alert: Arc::default(), deliver: Arc::default(), webhook: Arc::default() };
    let mut loops = JoinSet::new();
    loops.spawn(forward(app.consent.wake.clone(), wakes.clone(), stop.clone()));
    loops.spawn(fetch_loop(app.clone(), wakes.clone(), stop.clone()));
    loops.spawn(alert_loop(app.clone(), wakes.clone(), stop.clone()));
    loops.spawn(deliver_loop(app.clone(), wakes.clone(), stop.clone()));
    loops.spawn(webhook_loop(app.clone(), wakes.clone(), stop.clone()));
    loops.spawn(sweep_loop(app.clone(), stop.clone()));
    loops.spawn(report_loop(app.clone(), stop.clone()));
    loops.spawn(collect_loop(app.clone(), agenda, stop.clone()));
    loops.spawn(lmtp_loop(app.clone(), stop.clone()));
    loops.spawn(heartbeat_loop(app.clone(), stop.clone()));
    loops.spawn(intake_loop(app, parcels, move || wakes.alert.notify_one(), stop.clone()));
    let mut well = true;
    while let Some(ended) = loops.join_next().await {
        if !stop.is_cancelled() {
            error!(detail = ?ended, "a loop of the service broke; stopping");
            well = false;
            stop.cancel();
        }
    }
    well
}

/// What a person changed wakes the passes that it may concern.
async fn forward(consent: Arc<Notify>, wakes: Wakes, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = consent.notified() => {
                wakes.alert.notify_one();
                wakes.deliver.notify_one();
                wakes.webhook.notify_one();
            }
        }
    }
}

async fn alert_loop(app: App, wakes: Wakes, stop: CancellationToken) {
    let mut seen = LatestSeen::of(&app.store, app.clock.now()).await;
    while !stop.is_cancelled() {
        seen.look(&app.store, app.clock.now()).await;
        // A pass that is dropped leaves nothing half-done: what it committed stays, the rest is decided after the next start.
        let decided = tokio::select! {
            () = stop.cancelled() => return,
            decided = counted(&app, "alert", app.alert.run(), alert_items) => decided,
        };
        match decided {
            Ok(summary) => {
                if summary.queued > 0 {
                    wakes.deliver.notify_one();
                    wakes.webhook.notify_one();
                }
            }
            Err(fault) => {
                error!(detail = ?fault, "alerts cannot be decided; they are tried again");
                pause(AFTER_FAULT, &stop).await;
                continue;
            }
        }
        let due = moment(app.store.next_subscription_due().await, app.clock.now());
        wakes.agenda.rest(due, app.clock.now(), &wakes.alert, &app.alert.beat, &stop).await;
    }
}

async fn deliver_loop(app: App, wakes: Wakes, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let done = counted(&app, "deliver", deliver(&app, &stop), deliver_items).await;
        let now = app.clock.now();
        let pauses = app.deliver.gate.pauses(now).into_iter();
        app.tally.paused(pauses.map(|pause| (pause.whom, pause.until)).collect());
        match done {
            Ok(summary) if summary.relay_down => {
                let wait = app.deliver.gate.shut_until(now).and_then(|until| (until - now).to_std().ok()).unwrap_or(AFTER_FAULT);
                let wait = wait.min(LONGEST_SLEEP);
                app.deliver.beat.within(wait + WAKES_WITHIN);
                pause(wait, &stop).await;
            }
            Ok(_) => {
                let due = moment(app.store.next_delivery_due().await, app.clock.now());
                wakes.agenda.rest(due, app.clock.now(), &wakes.deliver, &app.deliver.beat, &stop).await;
            }
            Err(fault) => {
                error!(detail = ?fault, "letters cannot be claimed; they are tried again");
                pause(AFTER_FAULT, &stop).await;
            }
        }
    }
}

/// Delivers where a letter is due: a look into the outbox costs less than lanes that find it empty.
async fn deliver(app: &App, stop: &CancellationToken) -> Result<DeliverSummary, StoreError> {
    let due = app.store.next_delivery_due().await?;
    if due.is_none_or(|due| due > app.clock.now()) {
        return Ok(DeliverSummary::default());
    }
    Box::pin(app.deliver.run(stop)).await
}

/// Posts to webhooks beside the mail; a webhook that is switched off is told by mail.
async fn webhook_loop(app: App, wakes: Wakes, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match counted(&app, "webhook", app.webhook.run(&stop), webhook_items).await {
            Ok(summary) => {
                if summary.switched_off > 0 {
                    wakes.deliver.notify_one();
                }
                let due = if app.webhook.poster.is_some() { moment(app.store.next_call_due().await, app.clock.now()) } else { None };
                wakes.agenda.rest(due, app.clock.now(), &wakes.webhook, &app.webhook.beat, &stop).await;
            }
            Err(fault) => {
                error!(detail = ?fault, "calls of webhooks cannot be looked for; they are tried again");
                pause(AFTER_FAULT, &stop).await;
            }
        }
    }
}

/// Sweeps; the first time at once, for what ran out while the service was down.
async fn sweep_loop(app: App, stop: CancellationToken) {
    let mut changes = app.store.changes();
    while !stop.is_cancelled() {
        changes.look();
        let swept = counted(&app, "sweep", app.sweep.run(), sweep_items).await;
        if let Err(fault) = &swept {
            error!(detail = ?fault, "sweep failed; the next one tries again");
        }
        let begun = Instant::now();
        pause(SWEEP_EVERY, &stop).await;
        while swept.is_ok() && begun.elapsed() < SWEEP_AT_LEAST_EVERY && !changes.look() && !stop.is_cancelled() {
            pause(SWEEP_EVERY, &stop).await;
        }
    }
}

/// Looks at the health of sources; the first time once they have been asked.
async fn report_loop(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        pause(REPORT_EVERY, &stop).await;
        if !stop.is_cancelled()
            && let Err(fault) = counted(&app, "report", Box::pin(app.report.run()), report_items).await
        {
            error!(detail = ?fault, "the health of sources cannot be read; the next pass tries again");
        }
    }
}

/// Asks sources when they are due, each by itself, so that a slow one holds up nobody.
async fn fetch_loop(app: App, wakes: Wakes, stop: CancellationToken) {
    let states = match app.source_states().await {
        Ok(states) => states,
        Err(fault) => {
            error!(detail = ?fault, "source states cannot be read; every source is asked now");
            HashMap::new()
        }
    };
    let mut table = Timetable::new(&app.sources, &states, app.clock.now());
    let lines = Lines::of(&app.sources, app.config.fetch.per_host_concurrency);
    let mut under_way: JoinSet<usize> = JoinSet::new();
    let mut busy: HashSet<usize> = HashSet::new();
    let (never, beat) = (Arc::new(Notify::new()), app.pulse.part("fetch"));
    while !stop.is_cancelled() {
        while let Some(done) = under_way.try_join_next() {
            if let Ok(index) = done {
                busy.remove(&index);
            }
        }
        for index in table.take_due(&app.sources, app.clock.now()) {
            if busy.insert(index) {
                under_way.spawn(ask(app.clone(), index, lines.clone(), wakes.clone(), stop.clone()));
            }
        }
        wakes.agenda.rest(table.next(), app.clock.now(), &never, &beat, &stop).await;
    }
    while under_way.join_next().await.is_some() {}
}

/// Asks one source in its host's turn; answers with its index.
async fn ask(app: App, index: usize, lines: Lines, wakes: Wakes, stop: CancellationToken) -> usize {
    let source = &app.sources[index].source;
    let work = async {
        let _turn = lines.turn(source).await;
        if app.store.paused_sources().await?.contains(source.name()) {
            return Ok(None);
        }
        let state = app.store.source_state(source.name()).await?;
        if !may_ask(source, &state, app.clock.now()) {
            return Ok(None);
        }
        counted(&app, "ingest", app.ingest.run(source), ingest_items).await.map(Some)
    };
    tokio::select! {
        () = stop.cancelled() => {}
        done = work => match done {
            Ok(Some(summary)) => {
                if let Some(fault) = summary.class {
                    app.tally.source_fault(source.name(), fault.as_str());
                }
                if summary.kept.new > 0 {
                    wakes.alert.notify_one();
                }
            }
            Ok(None) => {}
            Err(fault) => error!(source = source.name(), detail = ?fault, "what the source answered cannot be recorded; it is asked again"),
        }
    }
    index
}
