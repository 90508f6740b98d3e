//! Passes are counted as they end: how long, what they did, whether they failed.

use std::future::Future;

use tokio::time::Instant;

use super::build::App;
use crate::domain::report::ReportKind;
use crate::pipeline::{AlertSummary, CollectSummary, DeliverSummary, IngestSummary, ReportSummary, SweepSummary, Taken, WebhookSummary};

/// What a pass did, by word.
type Items = Vec<(&'static str, u64)>;

/// Runs a pass and counts it under its name.
pub(super) async fn counted<S, E>(
    app: &App,
    name: &'static str,
    pass: impl Future<Output = Result<S, E>>,
    items: impl FnOnce(&S) -> Items,
) -> Result<S, E> {
    let begun = Instant::now();
    let done = pass.await;
    let items = done.as_ref().ok().map(items);
    app.tally.pass(name, begun.elapsed(), app.clock.now(), items.as_deref());
    done
}

pub(super) fn alert_items(summary: &AlertSummary) -> Items {
    let AlertSummary { welcomes, woken, decided, queued } = *summary;
    vec![("welcomed", welcomes), ("woken", woken), ("decided", decided), ("queued", queued)]
}

pub(super) fn deliver_items(summary: &DeliverSummary) -> Items {
    let DeliverSummary { sent, retrying, failed, parked, expired, cancelled, .. } = *summary;
    vec![("sent", sent), ("retrying", retrying), ("failed", failed), ("parked", parked), ("expired", expired), ("cancelled", cancelled)]
}

pub(super) fn webhook_items(summary: &WebhookSummary) -> Items {
    let WebhookSummary { taken, retrying, given_up, dropped, switched_off } = *summary;
    vec![("taken", taken), ("retrying", retrying), ("given_up", given_up), ("dropped", dropped), ("switched_off", switched_off)]
}

pub(super) fn ingest_items(summary: &IngestSummary) -> Items {
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let kept = &summary.kept;
    vec![
        ("postings", wide(summary.postings.unwrap_or_default())),
        ("bad", wide(summary.bad)),
        ("new", kept.new.into()),
        ("changed", kept.changed.into()),
        ("closed", kept.closed.into()),
        ("relisted", kept.relisted.into()),
    ]
}

pub(super) fn sweep_items(summary: &SweepSummary) -> Items {
    let SweepSummary { resumed, released, asked, expired, forgotten } = summary;
    vec![
        ("resumed", *resumed),
        ("released", *released),
        ("asked", *asked),
        ("expired", *expired),
        ("unconfirmed", forgotten.unconfirmed),
        ("listings", forgotten.listings),
        ("letters", forgotten.deliveries),
        ("people", forgotten.people),
        ("notes", forgotten.notes),
    ]
}

pub(super) fn report_items(summary: &ReportSummary) -> Items {
    vec![("wrong", u64::try_from(summary.wrong).unwrap_or(u64::MAX)), ("told", u64::from(summary.told))]
}

pub(super) fn collect_items(summary: &CollectSummary) -> Items {
    let CollectSummary { taken, set_aside, stuck, .. } = *summary;
    vec![("taken", taken), ("set_aside", set_aside), ("stuck", stuck)]
}

/// By what each recipient's part of the mail was.
pub(super) fn return_items(taken: &[Taken]) -> Items {
    let count = |kind: ReportKind| taken.iter().filter(|taken| taken.report.kind == kind && taken.effect.is_some()).count();
    ReportKind::ALL.iter().map(|kind| (kind.as_str(), u64::try_from(count(*kind)).unwrap_or(u64::MAX))).collect()
}
