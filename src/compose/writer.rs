//! Fills the templates: each letter from its nouns, or the fault of its template.

use std::sync::Arc;

use minijinja::{Environment, Value, context};

use crate::compose::alert::alert_value;
use crate::compose::drawn::{Board, Drawn};
use crate::compose::letter::{AlertLetter, LetterListing, RenewalLetter, ServiceNames, SilenceLetter, WebhookLetter};
use crate::compose::links::{CONFIRM_HOURS, Links, MANAGE_DAYS};
use crate::compose::notice::{renewal_value, silence_value, webhook_value};
use crate::compose::report::{OperatorReport, report_value};
use crate::compose::templates::{Fault, Rendered, render};
use crate::compose::values::{MAX_ALERT_NAME, alert_name};
use crate::domain::delivery::{Delivery, DeliveryKind};
use crate::domain::email::EmailAddress;
use crate::domain::language::Language;
use crate::domain::letter_token::letter_token;
use crate::domain::line::one_line;
use crate::domain::message::{ListHeaders, Message, MessageId};
use crate::domain::token::Signer;

/// Longest postal address and contact, in characters.
const MAX_POSTAL: usize = 300;

/// Who writes in one language: engine, names, links.
pub(in crate::compose) struct Writer {
    pub language: Language,
    pub engine: Environment<'static>,
    pub service: ServiceNames,
    pub links: Links,
    pub signer: Signer,
    pub board: Board,
}

impl Writer {
    pub(in crate::compose) fn confirmation(&self, delivery: &Delivery, to: &EmailAddress, token: &str) -> Result<Message, Fault> {
        let context = context! { confirm_url => self.links.confirm(token), confirm_hours => CONFIRM_HOURS };
        Ok(self.message(delivery, to, self.rendered("confirmation", context)?, None))
    }

    pub(in crate::compose) fn link(&self, delivery: &Delivery, to: &EmailAddress) -> Result<Message, Fault> {
        let context = context! { manage_url => self.links.manage(delivery), manage_days => MANAGE_DAYS };
        Ok(self.message(delivery, to, self.rendered("link", context)?, None))
    }

    pub(in crate::compose) fn goodbye(&self, delivery: &Delivery, to: &EmailAddress) -> Result<Message, Fault> {
        let context = context! { manage_url => self.links.manage(delivery), manage_days => MANAGE_DAYS };
        Ok(self.message(delivery, to, self.rendered("goodbye", context)?, None))
    }

    pub(in crate::compose) fn renewal(&self, letter: &RenewalLetter<'_>) -> Result<Message, Fault> {
        let unsubscribe_url = self.links.leave(letter.delivery.subscriber);
        let rendered = self.rendered("renewal", renewal_value(letter, &self.links, &unsubscribe_url, self.language))?;
        let name = one_line(&self.service.name, MAX_ALERT_NAME);
        let list = ListHeaders { id: "alerts".to_owned(), name, kind: letter.delivery.kind, unsubscribe_url };
        Ok(self.message(letter.delivery, letter.to, rendered, Some(list)))
    }

    pub(in crate::compose) fn silence(&self, letter: &SilenceLetter<'_>) -> Result<Message, Fault> {
        let alert = letter.subscription;
        let unsubscribe_url = self.links.unsubscribe(alert.subscriber, alert.id);
        let rendered = self.rendered("silence", silence_value(letter, &self.links, &unsubscribe_url, self.language))?;
        let id = format!("alert-{}", alert.id.0);
        let list = ListHeaders { id, name: alert_name(alert, self.language), kind: letter.delivery.kind, unsubscribe_url };
        Ok(self.message(letter.delivery, letter.to, rendered, Some(list)))
    }

    pub(in crate::compose) fn webhook(&self, letter: &WebhookLetter<'_>) -> Result<Message, Fault> {
        let alert = letter.subscription;
        let unsubscribe_url = self.links.unsubscribe(alert.subscriber, alert.id);
        let rendered = self.rendered("webhook", webhook_value(letter, &self.links, &unsubscribe_url, self.language))?;
        let id = format!("alert-{}", alert.id.0);
        let list = ListHeaders { id, name: alert_name(alert, self.language), kind: letter.delivery.kind, unsubscribe_url };
        Ok(self.message(letter.delivery, letter.to, rendered, Some(list)))
    }

    pub(in crate::compose) fn alert(&self, letter: &AlertLetter<'_>) -> Result<Message, Fault> {
        let alert = letter.subscription;
        let unsubscribe_url = self.links.unsubscribe(alert.subscriber, alert.id);
        let mail = match letter.delivery.kind {
            DeliveryKind::Welcome => "welcome",
            DeliveryKind::Instant => "instant",
            _ => "digest",
        };
        let draw = |shown: &LetterListing<'_>| self.board.drawn(&self.engine, &self.links, shown, letter.now);
        let cards: Vec<Arc<Drawn>> = letter.listings.iter().map(draw).collect::<Result<_, _>>()?;
        let rendered = self.rendered(mail, alert_value(letter, &cards, &self.links, &unsubscribe_url, self.language))?;
        let id = format!("alert-{}", alert.id.0);
        let list = ListHeaders { id, name: alert_name(alert, self.language), kind: letter.delivery.kind, unsubscribe_url };
        Ok(self.message(letter.delivery, letter.to, rendered, Some(list)))
    }

    pub(in crate::compose) fn report(&self, report: &OperatorReport) -> Result<Message, Fault> {
        let Rendered { subject, text, html } = self.rendered("operator", report_value(report))?;
        let digest = self.signer.digest("message-id", &format!("operator {}", report.now.timestamp_millis()));
        let id = MessageId(format!("operator.{}@{}", &digest[..16], self.service.sender_domain));
        Ok(Message { id, date: report.now, to: report.to.clone(), subject, text, html, delivery: None, list: None })
    }

    /// Fills a mail's templates; all of them know the service.
    fn rendered(&self, mail: &'static str, context: Value) -> Result<Rendered, Fault> {
        let service = context! {
            name => one_line(&self.service.name, MAX_ALERT_NAME),
            home => self.links.home(),
            postal_address => one_line(&self.service.postal_address, MAX_POSTAL),
            contact => one_line(&self.service.contact, MAX_POSTAL),
            contact_url => contact_url(&self.service.contact),
        };
        render(&self.engine, mail, &context! { service, ..context })
    }

    fn message(&self, delivery: &Delivery, to: &EmailAddress, rendered: Rendered, list: Option<ListHeaders>) -> Message {
        let Rendered { subject, text, html } = rendered;
        Message {
            id: self.message_id(delivery),
            date: delivery.created_at,
            to: to.clone(),
            subject,
            text,
            html,
            delivery: Some(delivery.id),
            list,
        }
    }

    /// The same at every attempt, and not to be guessed from the delivery's number: a copy of it in what comes back proves whose it is.
    /// The moment keeps it apart from that of a delivery whose number a restored database gave out again.
    fn message_id(&self, delivery: &Delivery) -> MessageId {
        let token = letter_token(&self.signer, delivery.id);
        MessageId(format!("{token}.{:x}@{}", delivery.created_at.timestamp(), self.service.sender_domain))
    }
}

/// The contact as an address to click on: a page as it is, a mail address with `mailto:`.
fn contact_url(contact: &str) -> String {
    let contact = contact.trim();
    let page = ["https://", "http://"].iter().any(|scheme| contact.starts_with(scheme));
    if page || contact.is_empty() { contact.to_owned() } else { format!("mailto:{contact}") }
}
