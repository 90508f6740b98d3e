//! Keeps everything: all the SQL there is. Rows are private; nouns go in and out.
//!
//! One SQL text serves SQLite (the default: WAL, one writer, a pool of readers) and Postgres (by URL): `wire` holds the enum of two
//! typed pools and the macro that runs one body on either. Every method that changes anything is one transaction.

mod absence;
mod api_token;
mod attempt;
mod cell;
mod change;
mod changes;
mod claim;
mod day;
mod db;
mod decision;
mod end;
mod error;
mod expired;
mod feedback;
mod kin;
mod life;
mod listing;
mod listing_event;
mod listing_read;
mod listing_write;
mod open;
mod outbox;
mod parked;
mod queue;
mod receiver;
mod restore;
mod retire;
mod returned;
mod returned_read;
mod run_out;
mod set_back;
mod sign_up;
mod source;
mod source_pause;
mod status;
mod subscriber;
mod subscription;
#[cfg(test)]
mod tests;
mod verify;
mod wal;
mod webhook;
mod webhook_call;
mod whole;
mod wire;

pub use attempt::Progress;
pub use change::Farewell;
pub use changes::Changes;
pub use day::ByDay;
pub use db::{DatabaseSettings, Store};
pub use decision::{Decided, Decision};
pub use end::Ended;
pub use error::StoreError;
pub use expired::Untold;
pub use listing::{Audience, FetchRecord, FetchSummary, KnownListing, ReadPosting};
pub use outbox::{Claimed, DeliveryRecord};
pub use queue::{Queue, Waiting};
pub use receiver::ReceiverRecord;
pub use restore::Restored;
pub use returned::{Charge, NewReturn, Returnee};
pub use returned_read::ReturnRecord;
pub use run_out::TooOld;
pub use sign_up::{Begun, SubscribeRequest};
pub use status::{Stock, StoreStatus};
pub use verify::{Inspected, Verified};
pub use webhook::WebhookStock;
pub use webhook_call::CallEnd;
