//! A claimed delivery becomes a letter from what is true now: closed listings fall out, reasons are evaluated afresh.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::compose::{AlertLetter, Composer, LetterListing, RenewalLetter, SilenceLetter, WebhookLetter};
use crate::domain::delivery::Digest;
use crate::domain::feedback::{Heard, rejected};
use crate::domain::subscriber::SuppressionReason;
use crate::domain::text::fold_name;
use crate::domain::{
    Caps, DeliveryKind, EmailAddress, Listing, ListingId, Message, Rates, Selection, SubscriberState, Subscription, Verdict,
};
use crate::matching::{Subject, reasons};
use crate::pipeline::cleared::Cleared;
use crate::pipeline::shelf::{Shelf, Shelved};
use crate::pipeline::silence::{Silence, silence};
use crate::pipeline::since::since_last_letter;
use crate::store::{Claimed, Store, StoreError};

/// Who writes letters.
#[derive(Debug, Clone)]
pub struct LetterDesk {
    /// The templates.
    pub composer: Arc<Composer>,
    pub(in crate::pipeline) store: Store,
    pub(in crate::pipeline) rates: Rates,
    pub(in crate::pipeline) caps: Caps,
    shelf: Shelf,
    cleared: Cleared,
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
    /// A desk with the store that holds the listings, the templates, the rates that salaries compare by, and the caps of one mail.
    #[must_use]
    pub fn new(store: Store, composer: Arc<Composer>, rates: Rates, caps: Caps) -> Self {
        Self { shelf: Shelf::of(store.clone()), cleared: Cleared::default(), composer, store, rates, caps }
    }

    /// The same desk over another store.
    #[must_use]
    pub fn on(self, store: Store) -> Self {
        Self::new(store, self.composer, self.rates, self.caps)
    }

    /// Another pass begins: what was read for the one before is read anew.
    pub(in crate::pipeline) fn begin(&self) {
        self.shelf.clear();
        self.cleared.clear();
    }

    /// Looks up the addresses of letters that were just claimed in the suppression list. Where that fails each letter asks for itself.
    pub(in crate::pipeline) async fn look_up(&self, claimed: &[Claimed]) {
        let now = Instant::now();
        let digests: Vec<String> = claimed.iter().map(|one| self.composer.address_digest(&one.subscriber.email)).collect();
        match self.store.suppressed(&digests).await {
            Ok(suppressed) => self.cleared.keep(digests.into_iter().filter(|digest| !suppressed.contains(digest)), now),
            Err(fault) => tracing::debug!(detail = ?fault, "the suppression list cannot be read for letters that were claimed"),
        }
    }

    /// Why an address is never to be mailed.
    async fn suppression(&self, to: &EmailAddress) -> Result<Option<SuppressionReason>, StoreError> {
        let digest = self.composer.address_digest(to);
        if self.cleared.take(&digest) { Ok(None) } else { self.store.suppression(&digest).await }
    }

    /// Writes the letter of a delivery, or says why it is not to be sent.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn prepare(&self, claimed: &Claimed, now: DateTime<Utc>) -> Result<Prepared, StoreError> {
        let Claimed { delivery, subscriber, subscription } = claimed;
        // Whatever queued it: an address on the suppression list gets nothing.
        if let Some(reason) = self.suppression(&subscriber.email).await? {
            return Ok(Prepared::Cancelled(format!("the address is suppressed: {}", reason.label())));
        }
        let (to, state) = (&subscriber.email, subscriber.state);
        let composer = self.composer.speaking(subscriber.language);
        let cancelled = |why: &str| Ok(Prepared::Cancelled(why.to_owned()));
        match (delivery.kind, state) {
            (DeliveryKind::Confirmation, _) => match &delivery.secret {
                Some(token) => Ok(Prepared::Letter(composer.confirmation(delivery, to, token))),
                None => cancelled("its confirmation link is used or replaced"),
            },
            (DeliveryKind::Link, _) => Ok(Prepared::Letter(composer.link(delivery, to))),
            (DeliveryKind::Goodbye, SubscriberState::Ended) => Ok(Prepared::Letter(composer.goodbye(delivery, to))),
            (DeliveryKind::Goodbye, _) => cancelled("the person is back"),
            (DeliveryKind::Renewal, SubscriberState::Active | SubscriberState::Paused) => self.renewal(claimed).await,
            (_, SubscriberState::Active) => match subscription {
                Some(alert) if delivery.kind == DeliveryKind::Silence => self.silence(claimed, alert).await,
                Some(alert) if delivery.kind == DeliveryKind::Webhook => self.webhook(claimed, alert).await,
                Some(alert) => match &delivery.digest {
                    Some(digest) => self.alert(claimed, alert, digest, now).await,
                    None => cancelled("it has no listings"),
                },
                None => cancelled("the alert has ended"),
            },
            _ => Ok(Prepared::Cancelled(format!("the subscriber is {}", state.label()))),
        }
    }

    /// The question whether the alerts are still wanted, unless it is answered.
    async fn renewal(&self, claimed: &Claimed) -> Result<Prepared, StoreError> {
        let Claimed { delivery, subscriber, .. } = claimed;
        if subscriber.alive_at > delivery.created_at {
            return Ok(Prepared::Cancelled("there was a sign of life meanwhile".to_owned()));
        }
        let alerts = self.store.subscriptions_of(subscriber.id).await?;
        let (to, confirmed_at, alive_at) = (&subscriber.email, subscriber.confirmed_at, subscriber.alive_at);
        let letter = RenewalLetter { delivery, to, alerts: &alerts, confirmed_at, alive_at };
        Ok(Prepared::Letter(self.composer.speaking(subscriber.language).renewal(&letter)))
    }

    /// Why an alert brought nothing, unless something fits meanwhile.
    async fn silence(&self, claimed: &Claimed, subscription: &Subscription) -> Result<Prepared, StoreError> {
        let Claimed { delivery, subscriber, .. } = claimed;
        let Silence { fitting, published, keeps_away } = silence(&self.store, &self.rates, subscription, delivery.created_at).await?;
        if fitting > 0 {
            return Ok(Prepared::Cancelled("something fits meanwhile".to_owned()));
        }
        let (to, confirmed_at) = (&subscriber.email, subscriber.confirmed_at);
        let letter = SilenceLetter { delivery, to, subscription, confirmed_at, published, keeps_away };
        Ok(Prepared::Letter(self.composer.speaking(subscriber.language).silence(&letter)))
    }

    /// That a webhook is off, unless it is on again or gone.
    async fn webhook(&self, claimed: &Claimed, subscription: &Subscription) -> Result<Prepared, StoreError> {
        let Claimed { delivery, subscriber, .. } = claimed;
        let Some(webhook) = self.store.webhook(subscription.id).await?.filter(|webhook| webhook.off_at.is_some()) else {
            return Ok(Prepared::Cancelled("the webhook is on again, or gone".to_owned()));
        };
        let (to, confirmed_at) = (&subscriber.email, subscriber.confirmed_at);
        let letter = WebhookLetter { delivery, to, subscription, confirmed_at, webhook: &webhook };
        Ok(Prepared::Letter(self.composer.speaking(subscriber.language).webhook(&letter)))
    }

    async fn alert(
        &self,
        claimed: &Claimed,
        subscription: &Subscription,
        digest: &Digest,
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
        // Instant alerts are short and many: what became of jobs that the reader liked is told in digests.
        let since = match claimed.delivery.kind {
            DeliveryKind::Digest => since_last_letter(&self.store, subscription, claimed.delivery.created_at, &anew).await?,
            _ => Vec::new(),
        };
        // Ages are told from the moment it was queued, so that a second attempt has the same bytes.
        let now = claimed.delivery.created_at;
        let letter = AlertLetter {
            delivery: &claimed.delivery,
            to: &claimed.subscriber.email,
            subscription,
            confirmed_at: claimed.subscriber.confirmed_at,
            listings,
            since,
            more,
            total,
            closed: dropped,
            now,
        };
        Ok(Prepared::Letter(self.composer.speaking(claimed.subscriber.language).alert(&letter)))
    }

    /// Every job of a letter: its listings, the one that was selected first.
    pub(in crate::pipeline) async fn jobs(&self, ids: &[ListingId], selection: &Selection) -> Result<Vec<Vec<Arc<Shelved>>>, StoreError> {
        let siblings = |id: ListingId| selection.also.iter().filter(move |(shown, _)| *shown == id).map(|(_, sibling)| *sibling);
        let places = |id: &ListingId| std::iter::once(*id).chain(siblings(*id)).collect::<Vec<_>>();
        let all: Vec<ListingId> = ids.iter().flat_map(places).collect();
        let mut found = self.shelf.listings(&all).await?;
        Ok(ids.iter().map(|id| places(id).iter().filter_map(|id| found.remove(id)).collect()).collect())
    }

    /// Of each job what is open and fits the present wishes, with the reasons: one listing, and those of its other places.
    pub(in crate::pipeline) fn still_fitting<'a>(
        &self,
        jobs: &'a [Vec<Arc<Shelved>>],
        subscription: &Subscription,
        now: DateTime<Utc>,
    ) -> Vec<LetterListing<'a>> {
        let judged = |shelved: &'a Shelved| {
            let reasons = reasons(&subscription.preferences, &Subject::of(&shelved.listing), &self.rates);
            reasons.iter().all(|reason| reason.verdict != Verdict::Fails).then_some((shelved, reasons))
        };
        let letter_listing = |job: &'a Vec<Arc<Shelved>>| {
            let heard = |listing: &Listing| {
                rejected(&subscription.feedback, &Heard { id: listing.id, company: listing.company(), facts: &listing.facts }, &self.rates)
            };
            let open = |shelved: &&Shelved| shelved.listing.is_open(now) && !heard(&shelved.listing);
            let mut fitting = job.iter().map(Arc::as_ref).filter(open).filter_map(judged);
            let (Shelved { listing, reading }, reasons) = fitting.next()?;
            let also = fitting.map(|(shelved, _)| &shelved.listing).collect();
            Some(LetterListing { listing, reading: *reading, reasons, also })
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
