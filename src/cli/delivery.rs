//! `rolecall delivery ...`: single letters, and what the operator does about those that wait for them.

use clap::Subcommand;

use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::App;
use crate::domain::{DeliveryId, DeliveryState};
use crate::store::DeliveryRecord;

/// `rolecall delivery ...`
#[derive(Debug, Subcommand)]
pub enum DeliveryCommand {
    /// Letters in one state, oldest first
    List {
        /// queued, leased, sending, retrying, unknown, parked, sent, failed, expired or cancelled
        #[arg(long, default_value = "parked")]
        state: DeliveryState,
        /// At most so many
        #[arg(long, value_name = "COUNT", default_value_t = 100)]
        limit: u32,
    },
    /// Let parked letters go again, or such as may have arrived
    Retry {
        /// Their numbers
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<i64>,
        /// All that are parked
        #[arg(long)]
        all: bool,
    },
    /// Cancel letters that are not under way
    Cancel {
        /// Their numbers
        #[arg(required_unless_present = "all_parked", conflicts_with = "all_parked")]
        ids: Vec<i64>,
        /// All that are parked
        #[arg(long)]
        all_parked: bool,
    },
}

/// Letters read, or let go, at a time.
const PAGE: u32 = 500;

/// Runs one of them.
pub async fn delivery(command: DeliveryCommand, app: &App, format: Format) -> Result<(), CliError> {
    let now = app.clock.now();
    match command {
        DeliveryCommand::List { state, limit } => list(app, state, limit, format).await,
        DeliveryCommand::Retry { all, ids } => {
            let mut released = 0;
            for page in pages(app, all, &ids).await? {
                released += app.store.release_deliveries(&page, now).await?;
            }
            said(released, "waiting again")
        }
        DeliveryCommand::Cancel { all_parked, ids } => {
            let mut cancelled = 0;
            for page in pages(app, all_parked, &ids).await? {
                cancelled += app.store.cancel_deliveries(&page, now).await?;
            }
            said(cancelled, "cancelled")
        }
    }
}

/// The letters that are meant: those named, or all that are parked.
async fn pages(app: &App, all: bool, ids: &[i64]) -> Result<Vec<Vec<DeliveryId>>, CliError> {
    if !all {
        return Ok(vec![ids.iter().map(|id| DeliveryId(*id)).collect()]);
    }
    let mut pages: Vec<Vec<DeliveryId>> = Vec::new();
    loop {
        let after = pages.last().and_then(|page| page.last()).copied().unwrap_or(DeliveryId(0));
        let found = app.store.deliveries_in(DeliveryState::Parked, after, PAGE).await?;
        if found.is_empty() {
            return Ok(pages);
        }
        pages.push(found.iter().map(|record| DeliveryId(record.id)).collect());
    }
}

fn said(changed: u64, what: &str) -> Result<(), CliError> {
    if changed == 0 {
        return Err(CliError::data("nothing to do: no such letter is parked; `rolecall delivery list` shows them"));
    }
    talk(&format!("rolecall: {changed} {what}"));
    Ok(())
}

async fn list(app: &App, state: DeliveryState, limit: u32, format: Format) -> Result<(), CliError> {
    let (mut after, mut left) = (DeliveryId(0), limit);
    while left > 0 {
        let page = app.store.deliveries_in(state, after, left.min(PAGE)).await?;
        let Some(last) = page.last() else { break };
        (after, left) = (DeliveryId(last.id), left - u32::try_from(page.len()).unwrap_or(left));
        for record in &page {
            print(record, format)?;
        }
    }
    Ok(())
}

fn print(record: &DeliveryRecord, format: Format) -> Result<(), CliError> {
    if format == Format::Json {
        return output::json(record);
    }
    let detail = record.detail.as_deref().unwrap_or_default();
    output::line(&format!(
        "{:>8}  {}  {:<12}  {:>2} attempts  subscriber {}  {detail}",
        record.id,
        record.created_at.format("%Y-%m-%d %H:%M"),
        record.kind.as_str(),
        record.attempts,
        record.subscriber.0
    ))
}
