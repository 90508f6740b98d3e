//! Commits what lanes report: many lanes share a commit.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tracing::error;

use crate::domain::DeliveryId;
use crate::store::{Ended, Progress, Store};

/// Reports that share one commit at most.
const COMMIT_GROUP: usize = 64;
/// Wait before a commit that failed (a full disk) is tried again; no letter goes out meanwhile.
const COMMIT_RETRY: Duration = Duration::from_millis(500);

/// A report and whom to tell that it is committed, and whether the next letter has begun.
struct Report {
    progress: Progress,
    committed: oneshot::Sender<bool>,
}

/// Stands for a report until it is committed.
#[derive(Debug)]
pub(in crate::pipeline) struct Receipt(oneshot::Receiver<bool>);

impl Receipt {
    /// Waits for the commit; whether what was to begin has begun.
    pub(in crate::pipeline) async fn committed(self) -> bool {
        self.0.await.unwrap_or(false)
    }
}

/// Where lanes report; clones lead to the same commits.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Recorder {
    reports: mpsc::Sender<Report>,
}

impl Recorder {
    /// Starts committing to a store until every recorder is gone.
    pub(in crate::pipeline) fn start(store: Store) -> (Self, tokio::task::JoinHandle<()>) {
        let (reports, inbox) = mpsc::channel(COMMIT_GROUP);
        (Self { reports }, tokio::spawn(record(store, inbox)))
    }

    /// Reports how a letter ended and that another one begins, which share a commit. The receipt tells, once it is made, whether that other
    /// one may be handed over. It may not where its person left meanwhile.
    pub(in crate::pipeline) async fn report(&self, ended: Option<Ended>, begin: Option<DeliveryId>) -> Receipt {
        let (committed, wait) = oneshot::channel();
        if ended.is_some() || begin.is_some() {
            // Where nobody commits any more the sender is dropped, and nothing may begin.
            let _ = self.reports.send(Report { progress: Progress { ended, begin }, committed }).await;
        }
        Receipt(wait)
    }

    /// The same, waited for.
    pub(in crate::pipeline) async fn record(&self, ended: Option<Ended>, begin: Option<DeliveryId>) -> bool {
        self.report(ended, begin).await.committed().await
    }

    /// Records how letters ended that were not begun, with as few commits as may be.
    pub(in crate::pipeline) async fn record_all(&self, ended: Vec<Ended>) {
        let mut receipts = Vec::with_capacity(ended.len());
        for ended in ended {
            receipts.push(self.report(Some(ended), None).await);
        }
        for receipt in receipts {
            receipt.committed().await;
        }
    }
}

/// Commits in groups; while the database refuses, nobody is told and so nobody sends on.
async fn record(store: Store, mut inbox: mpsc::Receiver<Report>) {
    let mut group = Vec::with_capacity(COMMIT_GROUP);
    while inbox.recv_many(&mut group, COMMIT_GROUP).await > 0 {
        let reports: Vec<Progress> = group.iter().map(|report| report.progress.clone()).collect();
        let began = loop {
            match store.record_progress(&reports).await {
                Ok(began) => break began,
                Err(fault) => error!(detail = ?fault, letters = reports.len(), "outcomes cannot be recorded; sending waits"),
            }
            tokio::time::sleep(COMMIT_RETRY).await;
        };
        for (report, began) in group.drain(..).zip(began) {
            let _ = report.committed.send(began);
        }
    }
}
