//! Letters that became too old: their listings go into the next letter of the alert.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::{Tx, id_list, portions, values};
use crate::domain::{DeliveryId, Selection, SubscriptionId};

const ANY: &str = "SELECT subscription_id FROM delivery WHERE state = 'expired' AND NOT carried LIMIT 1";
const OF_SUBSCRIPTIONS: &str = concat!(
    "SELECT subscription_id, id, selection FROM delivery WHERE state = 'expired' AND NOT carried AND selection IS NOT NULL \
     AND subscription_id IN ",
    id_list!(),
    " ORDER BY id"
);
const CARRY: &str = "UPDATE delivery SET carried = TRUE WHERE id = $1 AND state = 'expired'";
/// A digest has its hour; an instant alert sleeps until something wakes it.
const WAKE: &str = "UPDATE subscription SET due_at = $2 WHERE instant AND welcomed AND due_at IS NULL AND confirmed_at IS NOT NULL \
     AND ended_at IS NULL AND id = (SELECT delivery.subscription_id FROM delivery WHERE delivery.id = $1 AND delivery.selection IS NOT NULL)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ANY, OF_SUBSCRIPTIONS, CARRY, WAKE];

/// Letters that wait while a mail server is away expire together; they share one letter if they do so within this time, in minutes.
const GATHERED_MINUTES: i64 = 1;

/// A letter that is not sent any more, and the listings it was to bring.
pub type Untold = (DeliveryId, Selection);

impl Store {
    /// What letters that expired were to bring and no later one has brought, by subscription, oldest first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn untold(&self, ids: &[SubscriptionId]) -> Result<HashMap<SubscriptionId, Vec<Untold>>, StoreError> {
        let mut untold: HashMap<SubscriptionId, Vec<Untold>> = HashMap::new();
        let any: Option<(Option<i64>,)> = self.reader.row(ANY, values![]).await?;
        if any.is_none() {
            return Ok(untold);
        }
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        for portion in portions(&ids) {
            let values: Vec<_> = portion.into_iter().map(Into::into).collect();
            let rows: Vec<(i64, i64, String)> = self.reader.rows(OF_SUBSCRIPTIONS, &values).await?;
            for (subscription, delivery, selection) in rows {
                let selection = Cells { table: "delivery", row: delivery }.json(&selection)?;
                untold.entry(SubscriptionId(subscription)).or_default().push((DeliveryId(delivery), selection));
            }
        }
        Ok(untold)
    }
}

/// The listings of these letters stand in a later one.
pub(super) async fn carried(tx: &mut Tx, letters: &[DeliveryId]) -> Result<(), StoreError> {
    for id in letters {
        tx.run(CARRY, values![*id]).await?;
    }
    Ok(())
}

/// Sees to it that the alert of a letter that expired is decided again.
pub(super) async fn wake(tx: &mut Tx, letter: DeliveryId, at: DateTime<Utc>) -> Result<(), StoreError> {
    tx.run(WAKE, values![letter, at + Duration::minutes(GATHERED_MINUTES)]).await?;
    Ok(())
}
