//! The rehearsal: every letter written for people and listings that mean no good, full and empty, before the first one is due.

use crate::compose::sample::{self, HOSTILE, Sample};
use crate::compose::templates::Fault;
use crate::compose::writer::Writer;
use crate::domain::delivery::DeliveryKind;
use crate::domain::message::Message;

/// A letter of the rehearsal.
pub(in crate::compose) struct Rehearsed {
    /// The folder of its templates.
    pub mail: &'static str,
    /// What came of it.
    pub rendered: Result<Message, Fault>,
    /// What both of its parts must have: the name in templates, and the link.
    pub must_have: Vec<(&'static str, String)>,
}

/// All letters.
pub(in crate::compose) fn rehearsals(writer: &Writer) -> Vec<Rehearsed> {
    let (sample, links) = (Sample::new(), &writer.links);
    let mut all = Vec::new();
    let mut add = |mail, rendered, must_have| all.push(Rehearsed { mail, rendered, must_have });
    let of = sample::delivery;
    let (confirmation, link, goodbye) = (of(DeliveryKind::Confirmation), of(DeliveryKind::Link), of(DeliveryKind::Goodbye));
    let confirmed = writer.confirmation(&confirmation, &sample.to, HOSTILE);
    add("confirmation", confirmed, vec![]);
    let plain = writer.confirmation(&confirmation, &sample.to, "token");
    add("confirmation", plain, vec![("confirm_url", links.confirm("token"))]);
    add("link", writer.link(&link, &sample.to), vec![("manage_url", links.manage(&link))]);
    add("goodbye", writer.goodbye(&goodbye, &sample.to), vec![]);
    add("operator", writer.report(&sample::report(&sample.to)), vec![]);
    let renewal = of(DeliveryKind::Renewal);
    for letter in sample.renewals(&renewal) {
        let must = vec![("renew_url", links.renew(&renewal)), ("unsubscribe_url", links.leave(renewal.subscriber))];
        add("renewal", writer.renewal(&letter), must);
    }
    let unsubscribe = || vec![("unsubscribe_url", links.unsubscribe(sample.subscription.subscriber, sample.subscription.id))];
    let silence = of(DeliveryKind::Silence);
    for letter in sample.silences(&silence) {
        add("silence", writer.silence(&letter), unsubscribe());
    }
    let webhook = of(DeliveryKind::Webhook);
    for hook in sample.webhooks() {
        add("webhook", writer.webhook(&sample.webhook_letter(&webhook, &hook)), unsubscribe());
    }
    for (mail, kind) in [("welcome", DeliveryKind::Welcome), ("instant", DeliveryKind::Instant), ("digest", DeliveryKind::Digest)] {
        let delivery = of(kind);
        for letter in sample.letters(&delivery) {
            add(mail, writer.alert(&letter), unsubscribe());
        }
    }
    all
}
