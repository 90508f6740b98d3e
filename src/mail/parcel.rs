//! A letter ready to go: its envelope and its signed bytes.

use crate::domain::DeliveryId;
use crate::domain::letter_token::ReturnPaths;
use crate::domain::message::Message;
use crate::mail::dkim::DkimSigner;
use crate::mail::envelope::Envelope;
use crate::mail::letter::{self, LetterError};
use crate::mail::sender::Sender;

/// A letter ready to go.
pub struct Parcel {
    pub(in crate::mail) message: Message,
    pub(in crate::mail) envelope: Envelope,
    pub(in crate::mail) bytes: Vec<u8>,
}

impl Parcel {
    /// Puts a message into bytes and signs them.
    pub(in crate::mail) fn pack(
        message: Message,
        sender: &Sender,
        paths: Option<&ReturnPaths>,
        dkim: Option<&DkimSigner>,
    ) -> Result<Self, LetterError> {
        let envelope = Envelope::of(&message, sender, paths)?;
        let bytes = letter::written(&message, sender, envelope.own_path())?;
        let bytes = match dkim {
            Some(dkim) => dkim.signed(&bytes, message.date).ok_or(LetterError::Signature)?,
            None => bytes,
        };
        Ok(Self { message, envelope, bytes })
    }

    /// The same with the bytes of an earlier attempt.
    #[must_use]
    pub fn as_before(self, bytes: Vec<u8>) -> Self {
        Self { bytes, ..self }
    }

    /// The signed bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The delivery it belongs to, where it has one.
    pub(in crate::mail) fn delivery(&self) -> Option<DeliveryId> {
        self.message.delivery
    }
}
