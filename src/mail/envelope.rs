//! What the relay is told of a letter: from whom, to whom, and how to name it when it comes back.

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{MailParameter, RcptParameter};

use crate::domain::letter_token::ReturnPaths;
use crate::domain::message::Message;
use crate::mail::letter::{LetterError, recipient};
use crate::mail::sender::Sender;

/// What a relay offers, of what lettre does not keep.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::mail) struct Offers {
    /// Delivery reports (RFC 3461).
    pub dsn: bool,
    /// Commands in groups (RFC 2920).
    pub pipelining: bool,
}

/// The envelope of one letter (RFC 5321 3.3).
pub(in crate::mail) struct Envelope {
    /// Where it comes back to: an address of its own where return paths are set up, else that of the sender.
    pub from: Address,
    /// To whom.
    pub to: Address,
    /// Its name for delivery reports (RFC 3461 4.4).
    pub id: Option<String>,
}

impl Envelope {
    pub(in crate::mail) fn of(message: &Message, sender: &Sender, paths: Option<&ReturnPaths>) -> Result<Self, LetterError> {
        let to = recipient(message)?;
        let own = paths.zip(message.delivery);
        let from = match own {
            Some((paths, delivery)) => paths.of(delivery).parse().map_err(|_| LetterError::ReturnPath)?,
            None => sender.address().clone(),
        };
        Ok(Self { from, to, id: own.map(|(paths, delivery)| paths.token(delivery)) })
    }

    /// The return path, where it is the letter's own.
    pub(in crate::mail) fn own_path(&self) -> Option<&Address> {
        self.id.as_ref().map(|_| &self.from)
    }

    /// MAIL; to a relay that knows of delivery reports, with what it is to say in one.
    pub(in crate::mail) fn mail(&self, offers: Offers) -> Mail {
        let other = |keyword: &str, value: String| MailParameter::Other { keyword: keyword.to_owned(), value: Some(value) };
        let parameters = match &self.id {
            Some(id) if offers.dsn => vec![other("RET", "HDRS".to_owned()), other("ENVID", id.clone())],
            _ => Vec::new(),
        };
        Mail::new(Some(self.from.clone()), parameters)
    }

    /// RCPT; to a relay that knows of delivery reports, with when to send one.
    pub(in crate::mail) fn rcpt(&self, offers: Offers) -> Rcpt {
        let other = |keyword: &str, value: String| RcptParameter::Other { keyword: keyword.to_owned(), value: Some(value) };
        let parameters = if offers.dsn && self.id.is_some() {
            // lettre writes values as xtext (RFC 3461 4), so the address goes in as it is.
            let original = format!("rfc822;{}", self.to);
            vec![other("NOTIFY", "FAILURE,DELAY".to_owned()), other("ORCPT", original)]
        } else {
            Vec::new()
        };
        Rcpt::new(self.to.clone(), parameters)
    }

    /// MAIL, RCPT and DATA as one group (RFC 2920).
    pub(in crate::mail) fn commands(&self, offers: Offers) -> String {
        format!("{}{}{Data}", self.mail(offers), self.rcpt(offers))
    }
}
