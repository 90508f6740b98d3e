//! The operator is told of sources that want looking at, and of letters that are kept back: at most once a day, and only when something is wrong.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};

use crate::clock::Clock;
use crate::compose::{Composer, OperatorReport, SourceTrouble};
use crate::domain::{EmailAddress, FetchFault, Health, Outcome, SourceState};
use crate::mail::Mailer;
use crate::pipeline::gate::Gate;
use crate::store::{Store, StoreError};

/// The least time between two reports; a little under a day, so that the hour does not wander.
const BETWEEN: TimeDelta = TimeDelta::minutes(24 * 60 - 5);

/// What a report needs.
#[derive(Debug, Clone)]
pub struct ReportPass {
    /// Where the states are.
    pub store: Store,
    /// Who writes.
    pub composer: Arc<Composer>,
    /// Who hands over.
    pub mailer: Mailer,
    /// The time.
    pub clock: Clock,
    /// The enabled sources: name and kind.
    pub sources: Vec<(String, String)>,
    /// Whom to tell; nobody where none.
    pub operator: Option<EmailAddress>,
    /// What is let through.
    pub gate: Gate,
}

/// What one report pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportSummary {
    /// Sources that want looking at.
    pub wrong: usize,
    /// Whether the operator was told by mail.
    pub told: bool,
}

impl ReportPass {
    /// Looks at every source and tells the operator, unless they were told within a day.
    ///
    /// # Errors
    /// Those of the store. A letter that cannot be handed over is logged, and the next pass tries again.
    pub async fn run(&self) -> Result<ReportSummary, StoreError> {
        let now = self.clock.now();
        let wrong = self.wrong(now).await?;
        let mut summary = ReportSummary { wrong: wrong.len(), told: false };
        // Of a mail server that is away no mail can tell.
        let sending: Vec<String> = self.gate.pauses(now).into_iter().filter(|pause| pause.whom != "relay").map(|pause| pause.why).collect();
        let well = wrong.is_empty() && sending.is_empty();
        let Some(to) = self.operator.clone().filter(|_| !well) else { return Ok(summary) };
        if !self.store.may_tell_operator(now, now - BETWEEN).await? {
            return Ok(summary);
        }
        let message = self.composer.report(&OperatorReport { to, now, sources: self.sources.len(), wrong, sending });
        let mut lane = self.mailer.lane();
        let outcome = lane.send(&message).await;
        lane.close().await;
        summary.told = matches!(outcome, Outcome::Accepted(_) | Outcome::Unknown(_));
        if summary.told {
            info!(sources = summary.wrong, "operator told");
        } else {
            warn!(outcome = ?outcome, "the operator could not be told; the next pass tries again");
            self.store.operator_not_told(now).await?;
        }
        Ok(summary)
    }

    /// The sources that want looking at, those in trouble longest first.
    async fn wrong(&self, now: DateTime<Utc>) -> Result<Vec<SourceTrouble>, StoreError> {
        let states: HashMap<String, SourceState> = self.store.source_states().await?.into_iter().collect();
        let paused = self.store.paused_sources().await?;
        let mut wrong: Vec<SourceTrouble> = Vec::new();
        for (name, kind) in self.sources.iter().filter(|(name, _)| !paused.contains(name)) {
            let Some(state) = states.get(name).filter(|state| lasts(state)) else { continue };
            let health = state.health(now);
            // Whoever brings postings brings them when there are any.
            let rests = kind == "push" && matches!(health, Health::Unasked { .. });
            if health.is_wrong() && !rests {
                let (name, kind, last_success_at) = (name.clone(), kind.clone(), state.last_success_at);
                wrong.push(SourceTrouble { name, kind, health, last_success_at });
            }
        }
        wrong.sort_by_key(|trouble| trouble.last_success_at);
        for trouble in &wrong {
            warn!(source = ?trouble.name, health = trouble.health.as_str(), detail = ?trouble.health.to_string(), "source wants looking at");
        }
        Ok(wrong)
    }
}

/// One failure may pass by itself; the second in a row, and an answer that is much too small, are told.
fn lasts(state: &SourceState) -> bool {
    match state.fault {
        None | Some(FetchFault::Empty) => true,
        Some(FetchFault::Flawed) => state.fault_since < state.last_attempt_at,
        Some(_) => state.failures >= 2,
    }
}
