//! A claimed delivery becomes a letter from what is true now: closed listings fall out, reasons are evaluated afresh.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::compose::{AlertLetter, Composer, LetterListing};
use crate::domain::delivery::Digest;
use crate::domain::feedback::{Heard, rejected};
use crate::domain::text::fold_name;
use crate::domain::{
    Caps, DeliveryKind, EmailAddress, Listing, ListingId, Message, Rates, Selection, SubscriberState, Subscription, Verdict,
};
use crate::matching::{Subject, reasons};
use crate::pipeline::since::since_last_letter;
use crate::store::{Claimed, Store, StoreError};

/// Who writes letters.
#[derive(Debug, Clone)]
pub struct LetterDesk {
    /// Where the listings are.
    pub store: Store,
    /// The templates.
    pub composer: Arc<Composer>,
    /// The rates that salaries compare by.
    pub rates: Rates,
    /// The caps of one mail.
    pub caps: Caps,
}

/// What became of a claimed delivery before it is handed over.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time lives, on its way to a connection")]
pub enum Prepared {
    /// To be sent.
    Letter(Message),
    /// Not to be sent any more, and why.
    Cancelled(String),
}

/// Listings looked at for one letter, as a multiple of what it shows: enough to fill up what has closed, few enough to stay cheap.
const LOOKED_AT_FACTOR: usize = 2;

impl LetterDesk {
    /// Writes the letter of a delivery, or says why it is not to be sent.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn prepare(&self, claimed: &Claimed, now: DateTime<Utc>) -> Result<Prepared, StoreError> {
        let Claimed { delivery, subscriber, subscription } = claimed;
        // Whatever queued it: an address on the suppression list gets nothing.
        if let Some(reason) = self.store.suppression(&self.composer.address_digest(&subscriber.email)).await? {
            return Ok(Prepared::Cancelled(format!("the address is suppressed: {}", reason.label())));
        }
        match delivery.kind {
            DeliveryKind::Confirmation => Ok(match &delivery.secret {
                Some(token) => Prepared::Letter(self.composer.confirmation(delivery, &subscriber.email, token)),
                None => Prepared::Cancelled("its confirmation link is used or replaced".into()),
            }),
            DeliveryKind::Link => Ok(Prepared::Letter(self.composer.link(delivery, &subscriber.email))),
            DeliveryKind::Welcome | DeliveryKind::Instant | DeliveryKind::Digest => {
                if subscriber.state != SubscriberState::Active {
                    return Ok(Prepared::Cancelled(format!("the subscriber is {}", subscriber.state.label())));
                }
                match (subscription, &delivery.digest) {
                    (Some(subscription), Some(digest)) => self.alert(claimed, subscription, digest, &subscriber.email, now).await,
                    (None, _) => Ok(Prepared::Cancelled("the alert has ended".into())),
                    (_, None) => Ok(Prepared::Cancelled("it has no listings".into())),
                }
            }
        }
    }

    async fn alert(
        &self,
        claimed: &Claimed,
        subscription: &Subscription,
        digest: &Digest,
        to: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Prepared, StoreError> {
        let selection = &digest.selection;
        let ids: Vec<ListingId> =
            selection.shown.iter().chain(&selection.folded).copied().take(self.caps.listings * LOOKED_AT_FACTOR).collect();
        let jobs = self.jobs(&ids, selection).await?;
        let fitting = self.still_fitting(&jobs, subscription, now);
        let dropped = u32::try_from(ids.len() - fitting.len()).unwrap_or(u32::MAX);
        if fitting.is_empty() && claimed.delivery.kind != DeliveryKind::Welcome {
            return Ok(Prepared::Cancelled("every listing has closed or fits no more".into()));
        }
        let (shown, more) = cap(fitting, self.caps);
        let total = digest.selection.total.max(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        let listings = shown;
        let anew: Vec<ListingId> = listings.iter().map(|shown| shown.listing.id).collect();
        // Instant alerts are short and many: what became of earlier jobs is told in digests.
        let since = match claimed.delivery.kind {
            DeliveryKind::Digest => since_last_letter(&self.store, subscription.id, claimed.delivery.created_at, &anew).await?,
            _ => Vec::new(),
        };
        // Ages are told from the moment it was queued, so that a second attempt has the same bytes.
        let now = claimed.delivery.created_at;
        let letter = AlertLetter { delivery: &claimed.delivery, to, subscription, listings, since, more, total, closed: dropped, now };
        Ok(Prepared::Letter(self.composer.alert(&letter)))
    }

    /// Every job of a letter: its listings, the one that was selected first.
    async fn jobs(&self, ids: &[ListingId], selection: &Selection) -> Result<Vec<Vec<Listing>>, StoreError> {
        let siblings = |id: ListingId| selection.also.iter().filter(move |(shown, _)| *shown == id).map(|(_, sibling)| *sibling);
        let places = |id: &ListingId| std::iter::once(*id).chain(siblings(*id)).collect::<Vec<_>>();
        let all: Vec<ListingId> = ids.iter().flat_map(places).collect();
        let listings = self.store.listings(&all).await?;
        let mut found: HashMap<ListingId, Listing> = listings.into_iter().map(|listing| (listing.id, listing)).collect();
        Ok(ids.iter().map(|id| places(id).iter().filter_map(|id| found.remove(id)).collect()).collect())
    }

    /// Of each job what is open and fits the present wishes, with the reasons: one listing, and those of its other places.
    fn still_fitting<'a>(&self, jobs: &'a [Vec<Listing>], subscription: &Subscription, now: DateTime<Utc>) -> Vec<LetterListing<'a>> {
        let judged = |listing: &'a Listing| {
            let reasons = reasons(&subscription.preferences, &Subject::of(listing), &self.rates);
            reasons.iter().all(|reason| reason.verdict != Verdict::Fails).then_some((listing, reasons))
        };
        let letter_listing = |job: &'a Vec<Listing>| {
            let heard = |listing: &Listing| {
                rejected(&subscription.feedback, &Heard { id: listing.id, company: listing.company(), facts: &listing.facts }, &self.rates)
            };
            let mut fitting = job.iter().filter(|listing| listing.is_open(now) && !heard(listing)).filter_map(judged);
            let (listing, reasons) = fitting.next()?;
            Some(LetterListing { listing, reasons, also: fitting.map(|(listing, _)| listing).collect() })
        };
        jobs.iter().filter_map(letter_listing).collect()
    }
}

/// What is shown, and how many more each company has.
type Capped<'a> = (Vec<LetterListing<'a>>, Vec<(String, u32)>);

/// Applies the caps to jobs in ranked order.
fn cap(ranked: Vec<LetterListing<'_>>, caps: Caps) -> Capped<'_> {
    let mut shown = Vec::new();
    let mut more: Vec<(String, u32)> = Vec::new();
    let mut by_company: HashMap<String, usize> = HashMap::new();
    for fitting in ranked {
        let company = fitting.listing.company();
        let count = by_company.entry(fold_name(company)).or_default();
        if shown.len() < caps.listings && *count < caps.per_company {
            *count += 1;
            shown.push(fitting);
        } else if let Some((_, n)) = more.iter_mut().find(|(known, _)| known == company) {
            *n += 1;
        } else {
            more.push((company.to_owned(), 1));
        }
    }
    (shown, more)
}
