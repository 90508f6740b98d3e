//! Carries a listing through the rooms: one pass a file, each bounded, each safe to run twice.
//!
//! `ingest` asks one source and publishes what is new; `alert` decides subscriptions and fills the outbox; `deliver` empties it;
//! `webhook` posts what alerts brought to programs of their owners; `sweep` ends what has run out; `returned` takes what came back, `collect` out of a Maildir;
//! `report` tells the operator of sources that want looking at. `explain` answers questions with the same evaluation and writes nothing.

mod alert;
mod breaker;
mod cleared;
mod collect;
mod deliver;
mod evaluate;
mod explain;
mod gate;
mod ingest;
mod judge;
mod lane;
mod letter;
mod pool;
mod queues;
mod recorder;
mod recover;
mod report;
mod retention;
mod returned;
mod shelf;
mod silence;
mod since;
mod sweep;
mod tally;
mod webhook;
mod webhook_body;

pub use alert::{AlertPass, AlertSettings, AlertSummary};
pub use collect::{CollectError, CollectPass, CollectSummary};
pub use deliver::{DeliverPass, DeliverSettings};
pub use evaluate::{Fit, Fits, Target, evaluate};
pub use explain::{AboutAWeek, Explanation, FORECAST_DAYS, Forecast, explain, forecast, forecast_from, preview, preview_letter, replay};
pub use gate::{Gate, Pause};
pub use ingest::{IngestPass, IngestSummary, TakeError};
pub use letter::{LetterDesk, Prepared};
pub use report::{ReportPass, ReportSummary};
pub use retention::{Forgotten, RetentionSettings};
pub use returned::{ReturnError, ReturnPass, Taken};
pub use sweep::{SweepPass, SweepSummary};
pub use tally::DeliverSummary;
pub use webhook::{WebhookPass, WebhookSummary};
