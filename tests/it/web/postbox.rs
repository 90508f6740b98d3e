//! A mailbox at a served page: the daemon's own passes decide, write and hand over what is due, and here it arrives.

use rolecall::domain::retry::RetryUnknown;
use rolecall::domain::{Message, Rates};
use rolecall::mail::{Mailer, MemoryMailbox};
use rolecall::pipeline::{AlertPass, AlertSettings, DeliverPass, DeliverSettings, RetentionSettings, SweepPass};
use rolecall::pulse::Beat;
use tokio_util::sync::CancellationToken;

use super::site::Site;

/// Where the letters of a site arrive.
pub struct Postbox {
    sweep: SweepPass,
    alert: AlertPass,
    deliver: DeliverPass,
    mailbox: MemoryMailbox,
    opened: usize,
}

impl Postbox {
    /// The mailbox of everybody who has an alert there.
    pub fn at(site: &Site) -> Self {
        let (mailer, mailbox) = Mailer::memory();
        let (store, clock, settings) = (site.store.clone(), site.clock.clone(), DeliverSettings::default());
        let rules = settings.rules(RetryUnknown::Once);
        Self {
            sweep: SweepPass { store: store.clone(), rules, retention: RetentionSettings::default(), clock: clock.clone() },
            alert: AlertPass {
                store: store.clone(),
                rates: Rates::default(),
                settings: AlertSettings::default(),
                clock: clock.clone(),
                beat: Beat::default(),
            },
            deliver: DeliverPass {
                store,
                mailer,
                desk: site.desk.clone(),
                settings,
                clock,
                beat: Beat::default(),
                gate: rolecall::pipeline::Gate::default(),
            },
            mailbox,
            opened: 0,
        }
    }

    /// Lets the daemon do what is due now; the letters that came of it.
    pub async fn fetch(&mut self) -> Vec<Message> {
        self.sweep.run().await.unwrap();
        self.alert.run().await.unwrap();
        self.deliver.run(&CancellationToken::new()).await.unwrap();
        let letters = self.mailbox.messages().split_off(self.opened);
        self.opened += letters.len();
        letters
    }

    /// The one letter that comes now.
    pub async fn fetch_one(&mut self) -> Message {
        let mut letters = self.fetch().await;
        let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
        assert_eq!(letters.len(), 1, "{subjects:?}");
        letters.remove(0)
    }
}
