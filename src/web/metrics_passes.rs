//! Figures of the passes and of how sources failed, counted since the start.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::tally::Counts;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByPass {
    pass: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByResult {
    pass: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByItem {
    pass: &'static str,
    item: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByWhom {
    whom: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByFault {
    source: String,
    fault: &'static str,
}

pub(super) fn register(registry: &mut Registry, counts: &Counts) {
    let (runs, items) = (Family::<ByResult, Counter>::default(), Family::<ByItem, Counter>::default());
    let took = Family::<ByPass, Counter<f64, AtomicU64>>::default();
    let (last_took, last_end) = (Family::<ByPass, Gauge<f64, AtomicU64>>::default(), Family::<ByPass, Gauge>::default());
    for (pass, count) in &counts.passes {
        let by = ByPass { pass };
        runs.get_or_create(&ByResult { pass, result: "well" }).inc_by(count.well);
        runs.get_or_create(&ByResult { pass, result: "failed" }).inc_by(count.failed);
        took.get_or_create(&by).inc_by(count.took.as_secs_f64());
        last_took.get_or_create(&by).set(count.last_took.as_secs_f64());
        if let Some(at) = count.last_end {
            last_end.get_or_create(&by).set(at.timestamp());
        }
        for (item, number) in &count.items {
            items.get_or_create(&ByItem { pass, item }).inc_by(*number);
        }
    }
    registry.register("pass_runs", "Runs of a pass, by how they ended", runs);
    registry.register("pass_items", "What a pass did, by word", items);
    registry.register_with_unit("pass_time", "Time spent in a pass", Unit::Seconds, took);
    registry.register_with_unit("pass_last_duration", "Time that the last run of a pass took", Unit::Seconds, last_took);
    registry.register_with_unit("pass_last_end_timestamp", "When the last run of a pass ended", Unit::Seconds, last_end);
    let paused = Family::<ByWhom, Gauge>::default();
    for whom in ["relay", "refusals"] {
        paused.get_or_create(&ByWhom { whom: whom.to_owned() }).set(0);
    }
    for whom in counts.paused.keys() {
        paused.get_or_create(&ByWhom { whom: whom.clone() }).set(1);
    }
    registry.register("sending_paused", "Whether letters are kept back: relay and refusals from everybody, else from a receiver", paused);
    let faults = Family::<ByFault, Counter>::default();
    for ((source, fault), number) in &counts.source_faults {
        faults.get_or_create(&ByFault { source: source.clone(), fault }).inc_by(*number);
    }
    registry.register("source_faults", "Failures of a source, by their class", faults);
}
