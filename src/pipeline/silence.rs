//! Why an alert brought nothing: what was published meanwhile, and which wish kept the most of it away.

use chrono::{DateTime, Duration, Utc};

use super::evaluate::{Fits, Target, Which, evaluate};
use crate::domain::loosened::loosened;
use crate::domain::{Criterion, Preferences, Rates, Subscription};
use crate::store::{Audience, Store, StoreError};

/// What the last [`Subscription::SILENT_DAYS`] brought, and would have brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Jobs that fitted after all.
    pub fitting: u32,
    /// Jobs published.
    pub published: u32,
    /// Wishes without which some would have fitted, and how many, most first.
    pub keeps_away: Vec<(Criterion, u32)>,
}

/// Looks back from a moment, with the wishes as they are now.
///
/// # Errors
/// Those of the store.
pub async fn silence(store: &Store, rates: &Rates, subscription: &Subscription, now: DateTime<Utc>) -> Result<Silence, StoreError> {
    let after = store.seq_at(now - Duration::days(Subscription::SILENT_DAYS)).await?;
    let until = store.newest_seq().await?;
    let (criteria, fewer): (Vec<Criterion>, Vec<Preferences>) = loosened(&subscription.preferences).into_iter().unzip();
    let wishes = |preferences| Target { preferences, ..Target::of(subscription, after) };
    let anything = Target { preferences: Preferences::default(), feedback: Vec::new(), after };
    let mut targets = vec![anything, Target::of(subscription, after)];
    targets.extend(fewer.into_iter().map(wishes));
    let fits = evaluate(store, rates, targets, until, Audience::Alerts, Which::All, now).await?;
    let mut totals = fits.iter().map(Fits::total);
    let (published, fitting) = (totals.next().unwrap_or_default(), totals.next().unwrap_or_default());
    let mut keeps_away: Vec<(Criterion, u32)> = criteria.into_iter().zip(totals).filter(|(_, total)| *total > fitting).collect();
    keeps_away.sort_by_key(|(_, total)| std::cmp::Reverse(*total));
    Ok(Silence { fitting, published, keeps_away })
}
