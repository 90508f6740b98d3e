//! What people said of listings, kept with the alert it bears on.

use chrono::{DateTime, Utc};

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::subscriber::alive;
use super::wire::values;
use crate::domain::feedback::Feedback;
use crate::domain::{ListingId, SubscriberId, SubscriptionId};

const OWNER: &str = "SELECT subscriber_id FROM subscription WHERE id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL";
/// Takes the row lock, so that two words said at once are both kept.
const READ: &str = "UPDATE subscription SET name = name WHERE id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL RETURNING feedback";
const WRITE: &str = "UPDATE subscription SET feedback = $2 WHERE id = $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OWNER, READ, WRITE];

impl Store {
    /// Keeps what was said of a listing, instead of what was said of it before; beyond [`Feedback::MOST`] the oldest is forgotten.
    /// False where the subscription has ended.
    ///
    /// # Errors
    /// The database's own, or a row that does not read; then nothing is kept.
    pub async fn put_feedback(&self, id: SubscriptionId, said: Feedback) -> Result<bool, StoreError> {
        self.change_feedback(id, Some(said.at), |kept| {
            kept.retain(|other| other.listing != said.listing);
            kept.push(said);
            let over = kept.len().saturating_sub(Feedback::MOST);
            kept.drain(..over);
        })
        .await
    }

    /// Forgets what was said of a listing. False where the subscription has ended.
    ///
    /// # Errors
    /// The database's own, or a row that does not read; then nothing is forgotten.
    pub async fn drop_feedback(&self, id: SubscriptionId, listing: ListingId) -> Result<bool, StoreError> {
        self.change_feedback(id, None, |kept| kept.retain(|other| other.listing != listing)).await
    }

    async fn change_feedback(
        &self,
        id: SubscriptionId,
        said_at: Option<DateTime<Utc>>,
        change: impl FnOnce(&mut Vec<Feedback>),
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let owner: Option<(i64,)> = tx.row(OWNER, values![id]).await?;
        // The person's row first, as everywhere, so that nobody waits in a circle.
        if let Some(((owner,), at)) = owner.zip(said_at) {
            alive(&mut tx, SubscriberId(owner), at).await?;
        }
        let row: Option<(String,)> = tx.row(READ, values![id]).await?;
        let Some((kept,)) = row else { return Ok(false) };
        let mut kept: Vec<Feedback> = Cells { table: "subscription", row: id.0 }.json(&kept)?;
        change(&mut kept);
        tx.run(WRITE, values![id, &to_json("subscription", &kept)?]).await?;
        tx.commit().await?;
        Ok(true)
    }
}
