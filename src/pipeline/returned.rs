//! Takes what came back: whose letter it is about, by proof first and by the mail's own words last, and what follows from it.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tracing::{info, warn};

use crate::clock::Clock;
use crate::domain::delivery::Refusal;
use crate::domain::letter_token::letter_named_in;
use crate::domain::report::{Report, ReportKind, ReturnEffect};
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use crate::domain::token::hex;
use crate::domain::{DeliveryId, EmailAddress, Signer, Subscriber, SubscriptionId};
use crate::mail::report::{NoMail, of_refusal, read};
use crate::store::{Charge, Claimed, Farewell, NewReturn, Returnee, Store, StoreError};

/// Longest mail that is kept because nobody understood it, in bytes.
const MAX_KEPT: usize = 64 * 1024;

/// Takes what came back.
#[derive(Debug, Clone)]
pub struct ReturnPass {
    /// Where it is recorded.
    pub store: Store,
    /// Knows the letters that were sent from here.
    pub signer: Signer,
    /// The clock.
    pub clock: Clock,
    /// Whether a mail that names no letter of ours is believed who it is about. Not where every letter has a return path of its own:
    /// there anybody could end anybody's alerts with a made-up report.
    pub trusts_words: bool,
}

/// What became of one recipient of a mail that came back.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What the mail says.
    pub report: Report,
    /// The address it is about, as we know it; else as the mail has it.
    pub recipient: Option<EmailAddress>,
    /// What followed; none where this mail was taken before.
    pub effect: Option<ReturnEffect>,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    /// It is none.
    #[error(transparent)]
    NoMail(#[from] NoMail),
    /// The store does not answer: to be tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose letter a mail is about.
struct Owner {
    subscriber: Subscriber,
    subscription: Option<SubscriptionId>,
    delivery: Option<DeliveryId>,
}

impl ReturnPass {
    /// Reads one raw mail and does what follows from it. Taken twice, it counts once.
    ///
    /// # Errors
    /// It is no mail, or the store does not answer.
    pub async fn take(&self, mail: &[u8]) -> Result<Vec<Taken>, ReturnError> {
        let reports = read(mail)?;
        let digest = hex(&Sha256::digest(mail));
        let named = self.named(mail).await?;
        let mut taken = Vec::with_capacity(reports.len());
        for report in about(reports, named.as_ref()) {
            let found = if named.is_none() && self.trusts_words { self.by_words(&report).await? } else { None };
            taken.push(self.record(report, named.as_ref().or(found.as_ref()), mail, &digest).await?);
        }
        Ok(taken)
    }

    /// The letter that a mail proves to be about.
    async fn named(&self, mail: &[u8]) -> Result<Option<Owner>, StoreError> {
        let Some(delivery) = letter_named_in(&self.signer, mail) else { return Ok(None) };
        let Some((id, subscription)) = self.store.delivery_owner(delivery).await? else { return Ok(None) };
        let subscriber = self.store.subscriber(id).await?;
        Ok(subscriber.map(|subscriber| Owner { subscriber, subscription, delivery: Some(delivery) }))
    }

    async fn by_words(&self, report: &Report) -> Result<Option<Owner>, StoreError> {
        for email in report.original_recipient.iter().chain(&report.recipient) {
            if let Some(subscriber) = self.store.subscriber_by_email(email).await? {
                return Ok(Some(Owner { subscriber, subscription: None, delivery: None }));
            }
        }
        Ok(None)
    }

    async fn record(&self, report: Report, owner: Option<&Owner>, mail: &[u8], digest: &str) -> Result<Taken, StoreError> {
        let now = self.clock.now();
        if let Some(alert) = owner.filter(|owner| report.is_opt_out && owner.delivery.is_some()).and_then(|owner| owner.subscription) {
            let consent = opted_out(now);
            self.store.end_subscription(alert, &consent, Farewell::Silent).await?;
        }
        let email_digest = owner.map(|owner| self.signer.address_digest(&owner.subscriber.email));
        let returnee = owner.zip(email_digest.as_deref()).map(|(owner, email_digest)| Returnee { id: owner.subscriber.id, email_digest });
        let kept = String::from_utf8_lossy(&mail[..mail.len().min(MAX_KEPT)]);
        let unknown = report.kind == ReportKind::Other;
        let came_back = NewReturn {
            report: &report,
            mail_digest: digest,
            delivery: owner.and_then(|owner| owner.delivery),
            subscriber: returnee,
            mail: unknown.then_some(kept.as_ref()),
            at: now,
        };
        let effect = self.store.record_return(&came_back).await?;
        let delivery = owner.and_then(|owner| owner.delivery).map(|id| id.0);
        let (kind, blame) = (report.kind.as_str(), report.blame.as_str());
        match effect {
            Some(effect @ (ReturnEffect::Suppressed | ReturnEffect::Paused)) => {
                warn!(?delivery, kind, blame, effect = effect.as_str(), "a letter came back");
            }
            Some(effect) => info!(?delivery, kind, blame, effect = effect.as_str(), "a mail came back"),
            None => info!(?delivery, kind, "a mail came back again"),
        }
        let recipient = owner.map(|owner| owner.subscriber.email.clone()).or_else(|| report.recipient.clone());
        Ok(Taken { report, recipient, effect })
    }
}

/// What the relay said in the dialogue of a letter that is given up; the words mean the same there as in a report.
pub(in crate::pipeline) fn charge(email_digest: String, claimed: &Claimed, refusal: &Refusal) -> Charge {
    Charge {
        report: of_refusal(refusal, &claimed.subscriber.email),
        digest: format!("dialogue {} {}", claimed.delivery.id.0, claimed.delivery.attempts),
        subscriber: claimed.subscriber.id,
        email_digest,
    }
}

/// A letter has one recipient: of several reports in a mail about it, the one that names the recipient counts, else the first.
fn about(reports: Vec<Report>, named: Option<&Owner>) -> Vec<Report> {
    let Some(owner) = named else { return reports };
    let ours = |report: &Report| {
        report.recipient.iter().chain(&report.original_recipient).any(|address| address.key() == owner.subscriber.email.key())
    };
    let chosen = reports.iter().find(|report| ours(report)).or_else(|| reports.first()).cloned();
    chosen.into_iter().collect()
}

fn opted_out(at: DateTime<Utc>) -> ConsentRecord {
    ConsentRecord {
        event: ConsentEvent::Unsubscribed,
        at,
        origin: "mail".into(),
        detail: "asked by mail to end this alert".into(),
        circumstances: Circumstances::default(),
    }
}
