//! One bounded pass over everything: `rolecall run`.

use std::collections::HashMap;

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::build::{App, AppError};
use super::lines::Lines;
use super::schedule::{Timetable, may_ask};
use crate::domain::{DurationText, SourceState};
use crate::mail::{Mailer, MemoryMailbox};
use crate::pipeline::{AlertSummary, DeliverSummary};
use crate::store::{DatabaseSettings, Store, StoreError};

/// What one pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// Sources asked.
    pub sources_asked: u32,
    /// Sources that failed.
    pub sources_failed: u32,
    /// Listings published for the first time.
    pub new_listings: u32,
    /// Listings that closed.
    pub closed_listings: u32,
    /// Letters queued.
    pub queued: u64,
    /// Letters sent.
    pub sent: u64,
    /// Letters to be tried again.
    pub retrying: u64,
    /// Letters given up.
    pub failed: u64,
    /// Letters refused for a fault on our side: they wait for the operator.
    pub parked: u64,
}

impl App {
    /// The states of all sources by name.
    pub(super) async fn source_states(&self) -> Result<HashMap<String, SourceState>, StoreError> {
        Ok(self.store.source_states().await?.into_iter().collect())
    }

    /// Takes what came back, asks every source that is due, decides every alert that is due, delivers, and returns. Instant alerts wait for no grouping
    /// time: all hits of the pass are together already.
    ///
    /// # Errors
    /// Those of the store; what was committed before stays.
    pub async fn run_once(&mut self) -> Result<RunSummary, AppError> {
        self.alert.settings.instant_grouping = DurationText::from_secs(0);
        self.deliver.recover().await?;
        self.sweep.run().await?;
        // A Maildir that cannot be read holds up nobody's letter; it is told at the end.
        let collected = self.collect.run().await;
        let mut summary = self.ask_due_sources().await?;
        let AlertSummary { queued, .. } = self.alert.run().await?;
        let DeliverSummary { sent, retrying, failed, parked, .. } = self.deliver.run(&CancellationToken::new()).await?;
        // After the letters: a program that answers slowly holds up none of them.
        self.webhook.run(&CancellationToken::new()).await?;
        summary = RunSummary { queued, sent, retrying, failed, parked, ..summary };
        self.report.run().await?;
        collected?;
        Ok(summary)
    }

    /// Asks the sources that are due, those of one host one after the other.
    async fn ask_due_sources(&self) -> Result<RunSummary, AppError> {
        let now = self.clock.now();
        let states = self.source_states().await?;
        let mut due = Timetable::new(&self.sources, &states, now).take_due(&self.sources, now);
        let paused = self.store.paused_sources().await?;
        due.retain(|index| {
            let source = &self.sources[*index].source;
            if paused.contains(source.name()) {
                return false;
            }
            states.get(source.name()).is_none_or(|state| may_ask(source, state, now))
        });
        let mut summary = RunSummary::default();
        let lines = Lines::of(&self.sources, self.config.fetch.per_host_concurrency);
        let mut asked = tokio::task::JoinSet::new();
        for index in due {
            let (pass, source, lines) = (self.ingest.clone(), self.sources[index].source.clone(), lines.clone());
            asked.spawn(async move {
                let _turn = lines.turn(&source).await;
                pass.run(&source).await
            });
        }
        for ingested in asked.join_all().await {
            let ingested = ingested?;
            summary.sources_asked += 1;
            summary.sources_failed += u32::from(ingested.fault.is_some());
            summary.new_listings += ingested.kept.new;
            summary.closed_listings += ingested.kept.closed;
        }
        Ok(summary)
    }
}

/// A pass over a copy of the database, whose letters stay in memory: `run --dry-run`.
#[derive(Debug)]
pub struct DryRun {
    /// What the pass would do.
    pub summary: RunSummary,
    /// The letters it would send.
    pub mailbox: MemoryMailbox,
}

impl App {
    /// Does what [`App::run_once`] does on a copy of the database and writes nothing.
    ///
    /// # Errors
    /// Those of the store; a database that cannot be copied (Postgres).
    pub async fn dry_run(mut self) -> Result<DryRun, AppError> {
        let unusable = |fault: std::io::Error| StoreError::Unusable(format!("the folder for temporary files: {fault}"));
        let folder = tempfile::tempdir().map_err(unusable)?;
        let copy = folder.path().join("copy.db");
        self.store.backup(&copy).await?;
        self.store.close().await;
        let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", copy.display()) }).await?;
        let (mailer, mailbox) = Mailer::memory();
        self.store = store.clone();
        self.ingest.store = store.clone();
        self.alert.store = store.clone();
        self.deliver.store = store.clone();
        self.deliver.desk = self.deliver.desk.on(store.clone());
        self.report.store = store.clone();
        self.sweep.store = store.clone();
        // A call cannot be taken back.
        self.webhook.poster = None;
        // What it takes it deletes.
        self.collect.maildir = None;
        self.report.mailer = mailer.clone();
        self.deliver.mailer = mailer;
        let summary = self.run_once().await?;
        store.close().await;
        Ok(DryRun { summary, mailbox })
    }
}
