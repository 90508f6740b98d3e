//! What every question needs: the store, the time, the signer, and the record of a consent.

use std::sync::Arc;

use chrono::Duration;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::consent::origin::Origin;
use crate::consent::words::{WORDS_VERSION, agreed_words};
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use crate::domain::{EmailAddress, Signer};
use crate::store::Store;

/// How long a consent tells, by a keyed digest, from which network it came.
const CLIENT_DAYS: i64 = 30;

/// The hall of consent; cheap to clone.
#[derive(Debug, Clone)]
pub struct Consent {
    pub(in crate::consent) store: Store,
    pub(in crate::consent) clock: Clock,
    pub(in crate::consent) signer: Signer,
    /// Notified after every change that a pass should act on at once.
    pub wake: Arc<Notify>,
}

impl Consent {
    /// Over a store, with the clock and the signer of the service.
    #[must_use]
    pub fn new(store: Store, clock: Clock, signer: Signer) -> Self {
        Self { store, clock, signer, wake: Arc::new(Notify::new()) }
    }

    /// The keyed digest under which the suppression list knows an address.
    pub(in crate::consent) fn address_digest(&self, email: &EmailAddress) -> String {
        self.signer.address_digest(email)
    }

    /// The keyed digest under which confirmation mails to a mailbox are counted.
    pub(in crate::consent) fn mailbox_digest(&self, email: &EmailAddress) -> String {
        self.signer.digest("mailbox", &email.mailbox())
    }

    pub(in crate::consent) fn record<'a>(&self, event: ConsentEvent, origin: impl Into<Origin<'a>>, detail: String) -> ConsentRecord {
        let (at, Origin { from, page, network, language }) = (self.clock.now(), origin.into());
        let agreed = matches!(event, ConsentEvent::Requested | ConsentEvent::Confirmed) || detail.ends_with(&agreed_words(language));
        let circumstances = Circumstances {
            page: page.map(str::to_owned),
            words: agreed.then(|| WORDS_VERSION.to_owned()),
            client: network.map(|network| self.signer.digest("client", &network.to_string())),
            client_until: network.map(|_| at + Duration::days(CLIENT_DAYS)),
        };
        ConsentRecord { event, at, origin: from.to_owned(), detail, circumstances }
    }
}
