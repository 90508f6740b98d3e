//! The composer: from nouns to messages.

use minijinja::{Environment, Value, context};

use crate::compose::card::Card;
use crate::compose::letter::{AlertLetter, ComposeError, LetterListing, ServiceNames};
use crate::compose::links::{CONFIRM_HOURS, Links, MANAGE_DAYS};
use crate::compose::report::{OperatorReport, SourceTrouble};
use crate::compose::sample::{self, HOSTILE, Sample};
use crate::compose::subject::headline;
use crate::compose::templates::{Rendered, engine, render};
use crate::domain::delivery::{Delivery, DeliveryKind};
use crate::domain::email::EmailAddress;
use crate::domain::letter_token::letter_token;
use crate::domain::line::one_line;
use crate::domain::listing::Listing;
use crate::domain::listing_event::{Difference, ListingEvent};
use crate::domain::message::{ListHeaders, Message, MessageId};
use crate::domain::subscription::Subscription;
use crate::domain::token::Signer;

/// Companies named under "more" before the rest is summed up.
const MAX_MORE_ROWS: usize = 8;
/// Longest name of an alert in a letter, in characters.
const MAX_ALERT_NAME: usize = 80;
/// Jobs of earlier letters of which is told what became, and the length of a value that changed, in characters.
const MAX_SINCE: usize = 5;
const MAX_CHANGE: usize = 60;
/// Sources named in a report to the operator before the rest is counted, and the length of what is said of each.
const MAX_TROUBLES: usize = 30;
const MAX_HEALTH: usize = 400;
/// The length of the preview line that mail programs show behind the subject, in characters.
const MAX_PREHEADER: usize = 110;

/// Writes all letters of the service.
pub struct Composer {
    engine: Environment<'static>,
    service: ServiceNames,
    links: Links,
    signer: Signer,
}

impl std::fmt::Debug for Composer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composer").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Composer {
    /// Compiles every template and renders each against hostile samples, so that nothing can fail when a letter is due.
    ///
    /// # Errors
    /// A fault in a template, or a base address that is none of the web.
    pub fn new(service: ServiceNames, signer: Signer) -> Result<Self, ComposeError> {
        if !matches!(service.base_url.scheme(), "http" | "https") || !service.base_url.has_host() {
            return Err(ComposeError::BaseUrl(service.base_url));
        }
        let links = Links::new(&service.base_url, signer.clone());
        let composer = Self { engine: engine()?, service, links, signer };
        composer.rehearse()?;
        Ok(composer)
    }

    /// Renders every mail against hostile samples, full and empty.
    fn rehearse(&self) -> Result<(), ComposeError> {
        let check = |kind, message: Message| {
            if message.html.contains("<script>") { Err(ComposeError::Unescaped(kind)) } else { Ok(()) }
        };
        let sample = Sample::new();
        let (confirmation, link) = (sample::delivery(DeliveryKind::Confirmation), sample::delivery(DeliveryKind::Link));
        check(confirmation.kind, self.try_confirmation(&confirmation, &sample.to, HOSTILE)?)?;
        check(link.kind, self.try_link(&link, &sample.to)?)?;
        self.try_report(&sample::report(&sample.to))?;
        for delivery in [DeliveryKind::Welcome, DeliveryKind::Instant, DeliveryKind::Digest].map(sample::delivery) {
            for letter in sample.letters(&delivery) {
                check(delivery.kind, self.try_alert(&letter)?)?;
            }
        }
        Ok(())
    }

    /// The links of this service.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Asks for the confirmation of an address. Nothing in it was typed by whoever filled in the form, so that the form cannot be
    /// used to write to strangers.
    #[must_use]
    pub fn confirmation(&self, delivery: &Delivery, to: &EmailAddress, token: &str) -> Message {
        self.try_confirmation(delivery, to, token).expect(RENDERED_BEFORE)
    }

    /// Brings a fresh manage link to the delivery's subscriber.
    #[must_use]
    pub fn link(&self, delivery: &Delivery, to: &EmailAddress) -> Message {
        self.try_link(delivery, to).expect(RENDERED_BEFORE)
    }

    /// A welcome letter, an instant alert or a digest, by the kind of its delivery.
    #[must_use]
    pub fn alert(&self, letter: &AlertLetter<'_>) -> Message {
        self.try_alert(letter).expect(RENDERED_BEFORE)
    }

    /// Tells the operator which sources want looking at.
    #[must_use]
    pub fn report(&self, report: &OperatorReport) -> Message {
        self.try_report(report).expect(RENDERED_BEFORE)
    }

    fn try_report(&self, report: &OperatorReport) -> Result<Message, ComposeError> {
        let source = |trouble: &SourceTrouble| {
            let success = trouble.last_success_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%MZ").to_string());
            context! {
                name => one_line(&trouble.name, MAX_ALERT_NAME),
                kind => trouble.kind.as_str(),
                health => one_line(&trouble.health.to_string(), MAX_HEALTH),
                last_success => success,
            }
        };
        let context = context! {
            service => self.service_value(),
            sources => report.sources,
            count => report.wrong.len(),
            wrong => report.wrong.iter().take(MAX_TROUBLES).map(source).collect::<Vec<_>>(),
            more => report.wrong.len().saturating_sub(MAX_TROUBLES),
        };
        let Rendered { subject, text, html } = render(&self.engine, "operator", &context)?;
        let digest = self.signer.digest("message-id", &format!("operator {}", report.now.timestamp_millis()));
        let id = MessageId(format!("operator.{}@{}", &digest[..16], self.service.sender_domain));
        Ok(Message { id, date: report.now, to: report.to.clone(), subject, text, html, delivery: None, list: None })
    }

    fn try_confirmation(&self, delivery: &Delivery, to: &EmailAddress, token: &str) -> Result<Message, ComposeError> {
        let context =
            context! { service => self.service_value(), confirm_url => self.links.confirm(token), confirm_hours => CONFIRM_HOURS };
        Ok(self.message(delivery, to, render(&self.engine, "confirmation", &context)?, None))
    }

    fn try_link(&self, delivery: &Delivery, to: &EmailAddress) -> Result<Message, ComposeError> {
        let context = context! { service => self.service_value(), manage_url => self.links.manage(delivery), manage_days => MANAGE_DAYS };
        Ok(self.message(delivery, to, render(&self.engine, "link", &context)?, None))
    }

    fn try_alert(&self, letter: &AlertLetter<'_>) -> Result<Message, ComposeError> {
        let subscription = letter.subscription;
        let unsubscribe_url = self.links.unsubscribe(subscription.subscriber, subscription.id);
        let mail = match letter.delivery.kind {
            DeliveryKind::Welcome => "welcome",
            DeliveryKind::Instant => "instant",
            DeliveryKind::Digest | DeliveryKind::Confirmation | DeliveryKind::Link => "digest",
        };
        let rendered = render(&self.engine, mail, &self.alert_value(letter, &unsubscribe_url))?;
        let name = alert_name(subscription);
        let list = ListHeaders { id: format!("alert-{}", subscription.id.0), name, kind: letter.delivery.kind, unsubscribe_url };
        Ok(self.message(letter.delivery, letter.to, rendered, Some(list)))
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

    /// The keyed digest under which the suppression list knows an address.
    #[must_use]
    pub fn address_digest(&self, email: &EmailAddress) -> String {
        self.signer.address_digest(email)
    }

    fn service_value(&self) -> Value {
        context! {
            name => one_line(&self.service.name, MAX_ALERT_NAME),
            home => self.links.home(),
            postal_address => one_line(&self.service.postal_address, 300),
        }
    }

    fn alert_value(&self, letter: &AlertLetter<'_>, unsubscribe_url: &str) -> Value {
        let feedback = |shown: &LetterListing<'_>| self.links.feedback(letter.delivery, letter.subscription.id, shown.listing.id);
        let card = |shown| Card::of(shown, &self.links, feedback(shown), letter.now);
        let cards: Vec<Card> = letter.listings.iter().map(card).collect();
        let shown = u32::try_from(cards.len()).unwrap_or(u32::MAX);
        // What is said to fit is open now: shown + more = total.
        let total = letter.total.saturating_sub(letter.closed).max(shown);
        let more = total - shown;
        let instant = letter.delivery.kind == DeliveryKind::Instant;
        let best = cards.first().map_or_else(String::new, |best| headline(best, total - 1, instant));
        context! {
            service => self.service_value(),
            alert => context! {
                name => alert_name(letter.subscription),
                cadence => letter.subscription.cadence.described(),
                instant => letter.subscription.cadence.is_instant(),
            },
            headline => best,
            preheader => preheader(&cards, letter),
            cards => cards.iter().map(card_value).collect::<Vec<_>>(),
            shown,
            total,
            closed => letter.closed,
            more => more_value(&letter.more, more),
            since => since_value(&letter.since, &self.links),
            digest_url => self.links.digest(letter.delivery),
            manage_url => self.links.manage(letter.delivery),
            unsubscribe_url,
        }
    }
}

/// Why rendering cannot fail: names and types in the contexts are fixed, and the samples cover full and empty values of each.
const RENDERED_BEFORE: &str = "every template was rendered with values of the same shape in Composer::new";

fn alert_name(subscription: &Subscription) -> String {
    Some(one_line(&subscription.name, MAX_ALERT_NAME)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Your job alert".to_owned())
}

/// What mail programs show behind the subject: the second and third best, or what the only one says of itself.
fn preheader(cards: &[Card], letter: &AlertLetter<'_>) -> String {
    let named = |card: &Card| {
        let facts = [&card.title, &card.company, &card.pay_short];
        facts.into_iter().filter(|fact| !fact.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    };
    let text = match cards {
        [] => format!("{}: {}", alert_name(letter.subscription), letter.subscription.cadence.described()),
        [only] => [only.company.as_str(), only.summary.as_str()].join(": "),
        [_, rest @ ..] => rest.iter().take(2).map(named).collect::<Vec<_>>().join(" · "),
    };
    one_line(&text, MAX_PREHEADER)
}

/// How many are not shown, by company as far as that is known; the rows and `others` add up to `count`.
fn more_value(companies: &[(String, u32)], count: u32) -> Value {
    let mut left = count;
    let mut rows = Vec::new();
    for (company, theirs) in companies.iter().take(MAX_MORE_ROWS) {
        let theirs = (*theirs).min(left);
        if theirs > 0 {
            left -= theirs;
            rows.push(context! { company => one_line(company, MAX_ALERT_NAME), count => theirs });
        }
    }
    context! { count, rows, others => left }
}

/// What became of jobs told earlier, a line each; what is not shown is counted.
fn since_value(since: &[(Listing, ListingEvent)], links: &Links) -> Value {
    let line = |(listing, event): &(Listing, ListingEvent)| {
        let title = Some(one_line(&listing.posting.title, MAX_ALERT_NAME)).filter(|title| !title.is_empty());
        context! {
            what => event.kind.label(),
            title => title.unwrap_or_else(|| "a job without a title".to_owned()),
            company => one_line(listing.company(), MAX_ALERT_NAME),
            url => links.job(listing.id),
            changes => event.differences.iter().map(change_words).collect::<Vec<_>>(),
        }
    };
    let rows: Vec<Value> = since.iter().take(MAX_SINCE).map(line).collect();
    context! { more => since.len() - rows.len(), rows }
}

/// `pay: 30 LPA, was not stated`
fn change_words(difference: &Difference) -> String {
    let said = |text: &Option<String>| {
        let line = one_line(text.as_deref().unwrap_or_default(), MAX_CHANGE);
        if line.is_empty() { "not stated".to_owned() } else { line }
    };
    format!("{}: {}, was {}", difference.part.label(), said(&difference.after), said(&difference.before))
}

fn card_value(card: &Card) -> Value {
    context! {
        title => card.title.as_str(),
        url => card.url.as_str(),
        company => card.company.as_str(),
        place => card.place.as_str(),
        pay => card.pay.as_str(),
        work_mode => card.work_mode.as_str(),
        age => card.age.as_str(),
        source => card.source.as_str(),
        summary => card.summary.as_str(),
        fits => card.fits.clone(),
        unstated => card.unstated.clone(),
        apply_url => card.apply_url.as_str(),
        apply_host => card.apply_host.as_str(),
        feedback_url => card.feedback_url.as_str(),
    }
}
