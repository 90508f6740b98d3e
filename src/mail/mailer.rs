//! The mailer and its lanes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::delivery::{Blame, Outcome, Refusal};
use crate::domain::letter_token::ReturnPaths;
use crate::domain::message::Message;
use crate::domain::retry::RetryUnknown;
use crate::mail::dkim::DkimSigner;
use crate::mail::error::MailSettingsError;
use crate::mail::letter::LetterError;
use crate::mail::memory::MemoryMailbox;
use crate::mail::pace::Pace;
use crate::mail::parcel::Parcel;
use crate::mail::relay::Relay;
use crate::mail::sender::Sender;
use crate::mail::settings::{MailSettings, SendmailSettings, TransportKind};
use crate::mail::slip::{LaneSlips, Slips, no_slip};
use crate::mail::smtp::SmtpLane;
use crate::mail::{file, sendmail};

/// Lanes of transports that have no connections.
const LOCAL_LANES: usize = 2;
/// Most connections to one relay.
const MAX_CONNECTIONS: u16 = 256;

/// Hands letters over by the transport that was set up; clones share it.
#[derive(Clone)]
pub struct Mailer {
    shared: Arc<Shared>,
    return_paths: Option<Arc<ReturnPaths>>,
    slips: Option<Slips>,
}

struct Shared {
    sender: Sender,
    dkim: Option<DkimSigner>,
    transport: Transport,
    pace: Pace,
    lanes: usize,
    retry_unknown: RetryUnknown,
}

/// Where letters go.
enum Transport {
    Smtp(Arc<Relay>),
    Sendmail(SendmailSettings),
    File(PathBuf),
    Memory(MemoryMailbox),
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("lanes", &self.shared.lanes).finish_non_exhaustive()
    }
}

impl Mailer {
    /// Builds the transport; files go to `mail` below `data_dir`, which is made.
    ///
    /// # Errors
    /// Names the setting and the mend. Nothing is connected yet: see [`Mailer::probe`].
    pub fn new(settings: &MailSettings, data_dir: &Path) -> Result<Self, MailSettingsError> {
        let sender = settings.sender()?;
        settings.receivers.check()?;
        let dkim = settings.dkim.as_ref().map(DkimSigner::new).transpose()?;
        let (transport, lanes) = match settings.transport {
            TransportKind::Smtp => {
                let connections = settings.smtp.connections;
                if connections == 0 || connections > MAX_CONNECTIONS {
                    let why = format!("{connections} is not between 1 and {MAX_CONNECTIONS}");
                    return Err(MailSettingsError::Value { key: "mail.smtp.connections", why });
                }
                (Transport::Smtp(Arc::new(Relay::new(&settings.smtp, &sender)?)), usize::from(connections))
            }
            TransportKind::Sendmail => (Transport::Sendmail(settings.sendmail.clone()), LOCAL_LANES),
            TransportKind::File => {
                let folder = data_dir.join("mail");
                std::fs::create_dir_all(&folder).map_err(|source| MailSettingsError::Folder { folder: folder.clone(), source })?;
                (Transport::File(folder), LOCAL_LANES)
            }
        };
        let pace = Pace::new(settings.smtp.messages_per_second);
        Ok(Self {
            shared: Arc::new(Shared { sender, dkim, transport, pace, lanes, retry_unknown: settings.retry_unknown }),
            return_paths: None,
            slips: None,
        })
    }

    /// A mailer that keeps letters in memory, and the mailbox to look into.
    #[must_use]
    pub fn memory() -> (Self, MemoryMailbox) {
        let mailbox = MemoryMailbox::default();
        let sender = Sender::parse("Rolecall <alerts@rolecall.test>").expect("the address is well formed");
        let transport = Transport::Memory(mailbox.clone());
        let shared =
            Arc::new(Shared { sender, dkim: None, transport, pace: Pace::new(0), lanes: LOCAL_LANES, retry_unknown: RetryUnknown::Once });
        (Self { shared, return_paths: None, slips: None }, mailbox)
    }

    /// Gives each letter of the outbox a return path of its own, so that what comes back names it.
    #[must_use]
    pub fn returning_to(self, paths: ReturnPaths) -> Self {
        Self { return_paths: Some(Arc::new(paths)), ..self }
    }

    /// Name and value of the DKIM records that the operator publishes.
    #[must_use]
    pub fn dkim_records(&self) -> Vec<(String, String)> {
        self.shared.dkim.as_ref().map(DkimSigner::records).unwrap_or_default()
    }

    /// Whether a letter that may have arrived is sent once more.
    #[must_use]
    pub fn retry_unknown(&self) -> RetryUnknown {
        self.shared.retry_unknown
    }

    /// How many letters can be under way at once.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.shared.lanes
    }

    /// A new lane; it connects when it has a letter to send.
    #[must_use]
    pub fn lane(&self) -> Lane {
        let smtp = match &self.shared.transport {
            Transport::Smtp(relay) => Some(SmtpLane::new(Arc::clone(relay))),
            _ => None,
        };
        Lane { shared: Arc::clone(&self.shared), return_paths: self.return_paths.clone(), smtp, under_way: None }
    }

    /// A lane that notes what it has under way, where slips are kept; no two at a time have one number.
    ///
    /// # Errors
    /// Its slips cannot be written.
    pub fn noting_lane(&self, number: usize) -> std::io::Result<Lane> {
        let under_way = self.slips.as_ref().map(|slips| slips.of_lane(number)).transpose()?;
        Ok(Lane { under_way, ..self.lane() })
    }

    /// Notes in files below a folder what lanes have under way, so that a kill leaves no doubt that can be avoided.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn noting_in(self, data_dir: &Path) -> Result<Self, MailSettingsError> {
        let folder = data_dir.join("under_way");
        let slips = Slips::in_folder(folder.clone()).map_err(|source| MailSettingsError::Folder { folder, source })?;
        Ok(Self { slips: Some(slips), ..self })
    }

    /// What lanes had under way, where that is noted.
    #[must_use]
    pub fn slips(&self) -> Option<&Slips> {
        self.slips.as_ref()
    }

    /// Tries the way without sending a letter: connects, greets, protects and logs in.
    ///
    /// # Errors
    /// What is wrong, in words for an operator.
    pub async fn probe(&self) -> Result<String, String> {
        match &self.shared.transport {
            Transport::Smtp(relay) => SmtpLane::new(Arc::clone(relay)).probe().await,
            Transport::Sendmail(settings) => match tokio::fs::metadata(&settings.program).await {
                Ok(found) if found.is_file() => Ok(format!("letters go to {}", settings.program.display())),
                Ok(_) => Err(format!("{} is no program: set mail.sendmail.program", settings.program.display())),
                Err(error) => Err(format!("{}: {error}: set mail.sendmail.program", settings.program.display())),
            },
            Transport::File(folder) => Ok(format!("letters are kept in {}", folder.display())),
            Transport::Memory(_) => Ok("letters are kept in memory".to_owned()),
        }
    }
}

/// One way out that carries one letter at a time. Before it is given another one, the outcome of the letter before the last has to be kept
/// elsewhere: it notes two.
pub struct Lane {
    shared: Arc<Shared>,
    return_paths: Option<Arc<ReturnPaths>>,
    smtp: Option<SmtpLane>,
    under_way: Option<LaneSlips>,
}

impl Lane {
    /// Puts a letter into signed bytes, with its envelope.
    ///
    /// # Errors
    /// A fault of ours: see [`LetterError`].
    pub fn pack(&self, message: Message) -> Result<Parcel, LetterError> {
        Parcel::pack(message, &self.shared.sender, self.return_paths.as_deref(), self.shared.dkim.as_ref())
    }

    /// Packs one letter and hands it over.
    pub async fn send(&mut self, message: &Message) -> Outcome {
        match self.pack(message.clone()) {
            Ok(parcel) => self.hand_over(&parcel).await,
            Err(error) => Outcome::Never(Refusal { blame: Blame::Sender, code: None, text: error.to_string() }),
        }
    }

    /// Whether it is of use to name the next letter when one is handed over. Where letters wait for turns of a pace it is not.
    #[must_use]
    pub fn goes_ahead(&self) -> bool {
        !self.shared.pace.is_set() && self.smtp.as_ref().is_some_and(SmtpLane::goes_ahead)
    }

    /// Hands one letter over and says what became of it. Bounded by the timeouts of the steps; dropping it drops the connection.
    pub async fn hand_over(&mut self, parcel: &Parcel) -> Outcome {
        self.hand_over_before(parcel, None).await
    }

    /// The same where it is known which letter is to be the next: a relay may hear of it already (RFC 2920), which binds nobody.
    pub async fn hand_over_before(&mut self, parcel: &Parcel, next: Option<&Parcel>) -> Outcome {
        let shared = &self.shared;
        shared.pace.turn().await;
        let outcome = match (&shared.transport, &mut self.smtp) {
            (Transport::Smtp(relay), smtp) => {
                smtp.get_or_insert_with(|| SmtpLane::new(Arc::clone(relay))).send(parcel, next, self.under_way.as_mut()).await
            }
            (transport, _) => match self.under_way.as_mut().map_or(Ok(()), |slips| slips.dot(parcel)) {
                Err(fault) => no_slip(&fault),
                Ok(()) => match transport {
                    Transport::Sendmail(settings) => {
                        sendmail::hand_over(settings, &parcel.envelope.from, &parcel.envelope.to, &parcel.bytes).await
                    }
                    Transport::File(folder) => file::keep(folder, &parcel.message, &parcel.bytes).await,
                    Transport::Memory(mailbox) => mailbox.take(&parcel.message),
                    Transport::Smtp(_) => unreachable!("it has a lane of its own"),
                },
            },
        };
        if let Some(slips) = &mut self.under_way
            && let Err(fault) = slips.answered(&outcome)
        {
            tracing::warn!(detail = ?fault, "an answer cannot be noted beside the database: a crash now would doubt its letter");
        }
        outcome
    }

    /// Says goodbye to the relay (QUIT), where a connection is open; forgets what the lane had under way.
    pub async fn close(mut self) {
        if let Some(slips) = &mut self.under_way
            && let Err(fault) = slips.clear()
        {
            tracing::warn!(detail = ?fault, "the record of the last letters cannot be emptied");
        }
        if let Some(smtp) = &mut self.smtp {
            smtp.close().await;
        }
    }
}
