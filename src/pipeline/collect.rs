//! Empties the Maildir into which a mail server puts what comes back.

use tracing::{info, warn};

use crate::mail::{Arrived, Maildir};
use crate::pipeline::returned::{ReturnError, ReturnPass};
use crate::store::StoreError;

/// Mails taken in one run, so that a flood does not hold up the stop.
const MOST: usize = 500;

/// Empties a Maildir.
#[derive(Debug, Clone)]
pub struct CollectPass {
    /// The Maildir; without one there is nothing to do.
    pub maildir: Option<Maildir>,
    /// Takes each mail.
    pub returned: ReturnPass,
}

/// What one run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CollectSummary {
    /// Mails recorded, or recorded before, and deleted.
    pub taken: u64,
    /// Files that are no mail or cannot be read: now in `cur`.
    pub set_aside: u64,
    /// Files that could be neither deleted nor moved.
    pub stuck: u64,
    /// Whether more waits.
    pub more: bool,
}

/// Why a Maildir was not emptied.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// It is none, or not ours to read.
    #[error("the Maildir cannot be read: {0}: set mail.bounces.maildir to one that this service may read and write")]
    Maildir(std::io::Error),
    /// The store does not answer: to be tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of one file.
enum Ended {
    Taken,
    SetAside,
    Gone,
}

impl CollectPass {
    /// Takes what has arrived. A mail is deleted only once what it says is committed: killed in between, it is taken again and counts
    /// once. A file that cannot be used costs only itself.
    ///
    /// # Errors
    /// No Maildir, or the store's; what was taken before stays taken.
    pub async fn run(&self) -> Result<CollectSummary, CollectError> {
        let Some(maildir) = &self.maildir else { return Ok(CollectSummary::default()) };
        let arrived = maildir.arrived(MOST).await.map_err(CollectError::Maildir)?;
        let mut summary = CollectSummary { more: arrived.len() == MOST, ..CollectSummary::default() };
        for mail in &arrived {
            match self.take(maildir, mail).await? {
                Ok(Ended::Taken) => summary.taken += 1,
                Ok(Ended::SetAside) => summary.set_aside += 1,
                Ok(Ended::Gone) => {}
                Err(fault) => {
                    warn!(folder = ?maildir.folder(), ?fault, "a file of the Maildir can be neither deleted nor moved");
                    summary.stuck += 1;
                }
            }
        }
        if summary.taken + summary.set_aside > 0 {
            info!(taken = summary.taken, set_aside = summary.set_aside, "the Maildir was emptied");
        }
        Ok(summary)
    }

    async fn take(&self, maildir: &Maildir, mail: &Arrived) -> Result<std::io::Result<Ended>, StoreError> {
        let why = match maildir.read(mail).await {
            Ok(None) => return Ok(Ok(Ended::Gone)),
            Ok(Some(bytes)) => match self.returned.take(&bytes).await {
                Ok(_) => return Ok(maildir.delete(mail).await.map(|()| Ended::Taken)),
                Err(ReturnError::Store(fault)) => return Err(fault),
                Err(ReturnError::NoMail(fault)) => fault.to_string(),
            },
            Err(fault) => fault.to_string(),
        };
        let moved = maildir.set_aside(mail).await;
        if moved.is_ok() {
            warn!(folder = ?maildir.folder(), ?why, "a file of the Maildir that is no mail was moved to cur");
        }
        Ok(moved.map(|()| Ended::SetAside))
    }
}
