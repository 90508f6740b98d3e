//! Sources as the operator's page shows them: those that want looking at first, each with its last days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::{SourceDay, SourceState};
use crate::web::state::Site;

/// Units of a source's strip of days.
const DAY: usize = 6;
const HEIGHT: u32 = 24;
/// Sources shown unless all are asked for.
pub(super) const MOST_SHOWN: usize = 50;

/// A source as the page draws it.
#[derive(Debug, Serialize)]
pub(super) struct SourceView {
    name: String,
    kind: String,
    well: bool,
    paused: bool,
    health: String,
    last_success: String,
    listings: Option<u32>,
    usual: Option<String>,
    width: usize,
    days: Vec<DayView>,
    history: String,
}

#[derive(Debug, Serialize)]
struct DayView {
    x: usize,
    y: u32,
    height: u32,
    class: &'static str,
    says: String,
}

impl SourceView {
    /// Whether it needs no look.
    pub(super) const fn is_well(&self) -> bool {
        self.well
    }
}

/// All sources: wrong ones first, then paused ones, then by name.
pub(super) fn sources(
    site: &Site,
    states: &[(String, SourceState)],
    days: &BTreeMap<String, Vec<SourceDay>>,
    paused: &BTreeSet<String>,
    window: &[NaiveDate],
) -> Vec<SourceView> {
    let now = site.now();
    let view = |(name, kind): &(String, String)| {
        let state = states.iter().find(|(known, _)| known == name).map(|(_, state)| state.clone()).unwrap_or_default();
        let health = state.health(now);
        let paused = paused.contains(name);
        let days = days.get(name).map(Vec::as_slice).unwrap_or_default();
        let (fetches, failures) = days.iter().fold((0, 0), |(fetches, failures), day| (fetches + day.fetches, failures + day.failures));
        SourceView {
            name: name.clone(),
            kind: kind.clone(),
            well: paused || !health.is_wrong(),
            paused,
            health: if paused { "paused".to_owned() } else { health.to_string() },
            last_success: state.last_success_at.map_or_else(|| "never".to_owned(), |at| at.format("%-d %b, %H:%M").to_string()),
            listings: state.last_yield,
            usual: state.usual_yield.map(|usual| format!("{usual:.0}")),
            width: window.len() * DAY,
            days: window.iter().enumerate().filter_map(|(index, day)| strip(index, days.iter().find(|one| one.day == *day)?)).collect(),
            history: format!("asked {fetches} time{}, {failures} without success", if fetches == 1 { "" } else { "s" }),
        }
    };
    let mut views: Vec<SourceView> = site.house.sources.iter().map(view).collect();
    views.sort_by(|one, other| (one.well, !one.paused, &one.name).cmp(&(other.well, !other.paused, &other.name)));
    views
}

/// A day is as high as the share of its good answers, and never flat, so that colour is not all that tells it.
fn strip(index: usize, day: &SourceDay) -> Option<DayView> {
    let good = day.fetches.checked_sub(day.failures)?;
    let height = (HEIGHT * good / day.fetches.max(1)).max(HEIGHT / 6);
    let class = match day.failures {
        0 => "good",
        failures if failures * 2 < day.fetches => "warn",
        _ => "bad",
    };
    let says = format!("{}: {good} of {} answers good, {} new", day.day.format("%-d %b"), day.fetches, day.new);
    Some(DayView { x: index * DAY, y: HEIGHT - height, height, class, says })
}
