//! Postings on their way from the page to whoever keeps them.

use axum::body::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

/// Parcels that may wait to be taken; the next sender is told to come back.
pub const INTAKE_PLACES: usize = 16;

/// Postings on their way in.
#[derive(Debug)]
pub struct Parcel {
    /// The source they are sent to.
    pub source: String,
    /// What the sender shows.
    pub token: String,
    /// The postings, as sent.
    pub body: Bytes,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<Taken, NotTaken>>,
}

/// Where parcels go.
pub type Intake = mpsc::Sender<Parcel>;

/// What became of a parcel that was taken: every posting in it that can be read is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Taken {
    /// Published for the first time.
    pub new: u32,
    /// Of the new ones, those that an open listing was already told as.
    pub twins: u32,
    /// Changed in something a reader sees.
    pub changed: u32,
    /// Open again.
    pub relisted: u32,
    /// Closed.
    pub closed: u32,
    /// Left out, for they could not be read.
    pub bad: usize,
    /// The first of those: which line or posting it is, and what is wrong with it.
    pub faults: Vec<String>,
}

/// Why a parcel was not taken; nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// No such source, or not this sender: who asks does not learn which.
    Stranger,
    /// It cannot be read, and where.
    Unreadable(String),
    /// It cannot be kept now.
    NotNow,
}
