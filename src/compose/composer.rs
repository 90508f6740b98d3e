//! The composer: from nouns to messages.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use crate::compose::drawn::Board;
use crate::compose::example;
use crate::compose::letter::{AlertLetter, ComposeError, RenewalLetter, ServiceNames, SilenceLetter, WebhookLetter};
use crate::compose::links::Links;
use crate::compose::rehearsal::{Rehearsed, rehearsals};
use crate::compose::report::OperatorReport;
use crate::compose::templates::TemplateSet;
use crate::compose::writer::Writer;
use crate::domain::delivery::{Delivery, DeliveryKind};
use crate::domain::email::EmailAddress;
use crate::domain::language::Language;
use crate::domain::message::Message;
use crate::domain::token::Signer;

/// Writes all letters of the service, in one language at a time; cheap to clone.
#[derive(Clone)]
pub struct Composer {
    office: Arc<Office>,
    speaks: Language,
}

/// What the writers of all languages share, and the writer of each, made when the first letter in its language is due.
struct Office {
    templates: TemplateSet,
    service: ServiceNames,
    links: Links,
    signer: Signer,
    /// In the order of [`Language::ALL`].
    writers: [OnceLock<Writer>; Language::ALL.len()],
}

impl std::fmt::Debug for Composer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composer").field("service", &self.office.service).field("speaks", &self.speaks).finish_non_exhaustive()
    }
}

/// Why rendering cannot fail: names and types in the contexts are fixed, and the samples cover full and empty values of each.
const RENDERED_BEFORE: &str =
    "every template was rendered with values of the same shape: ours by a test, others in Composer::with_templates";

impl Composer {
    /// Over the templates that are part of the program, of which a test renders each against hostile samples.
    ///
    /// # Errors
    /// A base address that is none of the web.
    pub fn new(service: ServiceNames, signer: Signer) -> Result<Self, ComposeError> {
        Self::over(TemplateSet::built_in(), service, signer)
    }

    /// The same with the templates of a folder in place of ours, as far as it has them. Compiles each and renders it against hostile
    /// samples, so that nothing can fail when a letter is due.
    ///
    /// # Errors
    /// Names the file, the line and the mend.
    pub fn with_templates(folder: &Path, service: ServiceNames, signer: Signer) -> Result<Self, ComposeError> {
        let composer = Self::over(TemplateSet::from_folder(folder)?, service, signer)?;
        composer.office.rehearse()?;
        Ok(composer)
    }

    fn over(templates: TemplateSet, service: ServiceNames, signer: Signer) -> Result<Self, ComposeError> {
        if !matches!(service.base_url.scheme(), "http" | "https") || !service.base_url.has_host() {
            return Err(ComposeError::BaseUrl(service.base_url));
        }
        let links = Links::new(&service.base_url, signer.clone());
        let office = Office { templates, service, links, signer, writers: Default::default() };
        Ok(Self { office: Arc::new(office), speaks: Language::default() })
    }

    /// The same, in another language.
    #[must_use]
    pub fn speaking(&self, language: Language) -> Self {
        Self { office: Arc::clone(&self.office), speaks: language }
    }

    fn writer(&self) -> &Writer {
        let place = Language::ALL.iter().position(|language| *language == self.speaks).expect("every language is one of all");
        self.office.writers[place].get_or_init(|| self.office.writer(self.speaks).expect(RENDERED_BEFORE))
    }

    /// A letter of a kind as an example: what is in it is made up, its links lead nowhere.
    #[must_use]
    pub fn example(&self, kind: DeliveryKind, to: &EmailAddress, now: DateTime<Utc>) -> Message {
        example::letter(self.writer(), kind, to, now).expect(RENDERED_BEFORE)
    }

    /// A report to the operator as an example.
    #[must_use]
    pub fn example_report(&self, to: &EmailAddress, now: DateTime<Utc>) -> Message {
        example::report(self.writer(), to, now).expect(RENDERED_BEFORE)
    }

    /// The links of this service.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.office.links
    }

    /// The keyed digest under which the suppression list knows an address.
    #[must_use]
    pub fn address_digest(&self, email: &EmailAddress) -> String {
        self.office.signer.address_digest(email)
    }

    /// Asks for the confirmation of an address. Nothing in it was typed by whoever filled in the form, so that the form cannot be
    /// used to write to strangers.
    #[must_use]
    pub fn confirmation(&self, delivery: &Delivery, to: &EmailAddress, token: &str) -> Message {
        self.writer().confirmation(delivery, to, token).expect(RENDERED_BEFORE)
    }

    /// Brings a fresh manage link to the delivery's subscriber.
    #[must_use]
    pub fn link(&self, delivery: &Delivery, to: &EmailAddress) -> Message {
        self.writer().link(delivery, to).expect(RENDERED_BEFORE)
    }

    /// A welcome letter, an instant alert or a digest, by the kind of its delivery.
    #[must_use]
    pub fn alert(&self, letter: &AlertLetter<'_>) -> Message {
        self.writer().alert(letter).expect(RENDERED_BEFORE)
    }

    /// Asks whether the alerts are still wanted.
    #[must_use]
    pub fn renewal(&self, letter: &RenewalLetter<'_>) -> Message {
        self.writer().renewal(letter).expect(RENDERED_BEFORE)
    }

    /// Says that an alert brought nothing for a month, and which wish keeps the most away.
    #[must_use]
    pub fn silence(&self, letter: &SilenceLetter<'_>) -> Message {
        self.writer().silence(letter).expect(RENDERED_BEFORE)
    }

    /// Says that the webhook of an alert was switched off, and why.
    #[must_use]
    pub fn webhook(&self, letter: &WebhookLetter<'_>) -> Message {
        self.writer().webhook(letter).expect(RENDERED_BEFORE)
    }

    /// Confirms that all alerts have ended.
    #[must_use]
    pub fn goodbye(&self, delivery: &Delivery, to: &EmailAddress) -> Message {
        self.writer().goodbye(delivery, to).expect(RENDERED_BEFORE)
    }

    /// Tells the operator which sources want looking at.
    #[must_use]
    pub fn report(&self, report: &OperatorReport) -> Message {
        self.speaking(Language::English).writer().report(report).expect(RENDERED_BEFORE)
    }
}

impl Office {
    fn writer(&self, language: Language) -> Result<Writer, ComposeError> {
        let (service, links, signer) = (self.service.clone(), self.links.clone(), self.signer.clone());
        let board = Board::new(&signer, language);
        Ok(Writer { language, engine: self.templates.engine(language)?, service, links, signer, board })
    }

    /// Writes every letter in every language.
    fn rehearse(&self) -> Result<(), ComposeError> {
        for language in Language::ALL {
            let writer = self.writer(*language)?;
            for Rehearsed { mail, rendered, must_have } in rehearsals(&writer) {
                let message = rendered.map_err(|fault| self.templates.fault(&fault))?;
                self.templates.check(mail, &message, &must_have)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_templates_pass_the_rehearsal_in_every_language() {
        let service = ServiceNames {
            name: "Rolecall".to_owned(),
            base_url: "https://jobs.example.org".parse().unwrap(),
            postal_address: "1 High Street".to_owned(),
            contact: String::new(),
            sender_domain: "jobs.example.org".to_owned(),
        };
        Composer::new(service, Signer::new(b"a secret of the house")).unwrap().office.rehearse().unwrap();
    }
}
