//! Slips: what each lane has under way, in a file that outlives the process.
//!
//! The database says that a letter is `sending` from before its dot until its outcome is committed. A slip says more of that time: whether
//! the dot was sent, and the answer where one was read. It is written to the system's cache only, which a killed process does not take
//! along; after a crash of the machine it is not believed ([`Slips::mark`]). It keeps the bytes of the letter too, so that a second attempt
//! has the same.
//!
//! A lane has two, in turns: while a letter is on its way the outcome of the one before may not be committed yet. The outcome of the one before
//! that is, always.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Crc;
use sha2::{Digest as _, Sha256};

use crate::domain::DeliveryId;
use crate::domain::delivery::{Blame, Outcome, Refusal};
use crate::mail::parcel::Parcel;

/// The head: a mark, the length of the letter, the delivery, the length of the answer, a check of delivery and letter.
const HEAD: usize = 24;
/// Where the answer begins, and where the letter does.
const ANSWER_AT: u64 = 64;
const LETTER_AT: u64 = 4_096;
/// Changes with every start of the machine (Linux).
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The folder of slips.
#[derive(Debug, Clone)]
pub struct Slips {
    folder: Arc<PathBuf>,
}

/// What a slip says of a letter whose outcome may not have been committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRecord {
    /// Which one.
    pub delivery: DeliveryId,
    /// The answer, where one was read; else the dot was, or may have been, sent.
    pub answer: Option<Outcome>,
    /// The letter as it went out.
    pub letter: Vec<u8>,
}

impl Slips {
    /// Slips in a folder, which is made.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn in_folder(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder: Arc::new(folder) })
    }

    /// A number for this folder and this start of the machine; none where nothing is known of either. The slips are believed only where
    /// the database has the same.
    #[must_use]
    pub fn mark(&self) -> Option<i64> {
        let chance = std::fs::read(self.folder.join("mark")).ok()?;
        let boot = std::fs::read(BOOT_ID).ok()?;
        let digest = Sha256::new().chain_update(&chance).chain_update(&boot).finalize();
        digest.first_chunk().map(|bytes| i64::from_le_bytes(*bytes))
    }

    /// Empties the slips and gives them a new number; the old ones are told to nobody any more.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn renew(&self) -> io::Result<Option<i64>> {
        for path in self.paths()? {
            std::fs::remove_file(path)?;
        }
        let mut chance = [0; 16];
        getrandom::fill(&mut chance).map_err(|fault| io::Error::other(fault.to_string()))?;
        std::fs::write(self.folder.join("mark"), chance)?;
        Ok(self.mark())
    }

    /// What the slips say. One that was being written when the process ended says nothing, and nothing of its letter had left.
    ///
    /// # Errors
    /// A slip cannot be read.
    pub fn records(&self) -> io::Result<Vec<SlipRecord>> {
        let mut records = Vec::new();
        for path in self.paths()? {
            let mut bytes = Vec::new();
            File::open(path)?.read_to_end(&mut bytes)?;
            records.extend(record(&bytes));
        }
        Ok(records)
    }

    fn paths(&self) -> io::Result<Vec<PathBuf>> {
        let slip = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "slip");
        let entries = std::fs::read_dir(self.folder.as_path())?;
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        Ok(paths?.into_iter().filter(slip).collect())
    }

    /// The slips of one lane.
    ///
    /// # Errors
    /// They cannot be written.
    pub(in crate::mail) fn of_lane(&self, lane: usize) -> io::Result<LaneSlips> {
        let slip = |turn: &str| Slip::open(&self.folder.join(format!("{lane}{turn}.slip")));
        Ok(LaneSlips { current: slip("a")?, before: slip("b")? })
    }
}

/// What one lane has under way, and had just before.
#[derive(Debug)]
pub(in crate::mail) struct LaneSlips {
    current: Slip,
    before: Slip,
}

impl LaneSlips {
    /// From here on the final dot of this letter may be sent. One that is not of the outbox is not noted.
    pub(in crate::mail) fn dot(&mut self, parcel: &Parcel) -> io::Result<()> {
        let Some(delivery) = parcel.delivery() else { return Ok(()) };
        std::mem::swap(&mut self.current, &mut self.before);
        self.current.dot(delivery, &parcel.bytes)
    }

    /// The answer to the letter was read; one that came before the dot is of no use here.
    pub(in crate::mail) fn answered(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.current.answered(outcome)
    }

    /// Nothing is under way, and nothing of a letter is kept.
    pub(in crate::mail) fn clear(&mut self) -> io::Result<()> {
        self.current.clear()?;
        self.before.clear()
    }
}

/// One letter under way.
#[derive(Debug)]
struct Slip {
    file: File,
    head: [u8; HEAD],
}

impl Slip {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        Ok(Self { file, head: [0; HEAD] })
    }

    fn dot(&mut self, delivery: DeliveryId, letter: &[u8]) -> io::Result<()> {
        let length = u32::try_from(letter.len()).map_err(io::Error::other)?;
        // The letter before the head: while the head is that of the letter before, which has its outcome, the slip says nothing new.
        self.file.write_all_at(letter, LETTER_AT)?;
        self.head = [0; HEAD];
        self.head[0] = b'd';
        self.head[4..8].copy_from_slice(&length.to_le_bytes());
        self.head[8..16].copy_from_slice(&delivery.0.to_le_bytes());
        self.head[20..24].copy_from_slice(&check(delivery, letter));
        self.file.write_all_at(&self.head, 0)
    }

    fn answered(&mut self, outcome: &Outcome) -> io::Result<()> {
        if self.head[0] != b'd' {
            return Ok(());
        }
        let answer = serde_json::to_vec(outcome).map_err(io::Error::other)?;
        let room = usize::try_from(LETTER_AT - ANSWER_AT).unwrap_or_default();
        if answer.len() > room {
            return Err(io::Error::other("the answer is longer than a slip has room for"));
        }
        self.file.write_all_at(&answer, ANSWER_AT)?;
        self.head[0] = b'a';
        self.head[16..20].copy_from_slice(&u32::try_from(answer.len()).map_err(io::Error::other)?.to_le_bytes());
        self.file.write_all_at(&self.head, 0)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.head = [0; HEAD];
        self.file.set_len(0)
    }
}

/// A letter that cannot be noted is not handed over: it waits like one for a relay that is down.
pub(in crate::mail) fn no_slip(fault: &io::Error) -> Outcome {
    Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: format!("what is under way cannot be noted on this disk: {fault}") })
}

/// Tells a letter from another one, or from parts of both: a disk that was torn off and mounted again may have the head of the one and the
/// text of the other, under one start of the machine.
fn check(delivery: DeliveryId, letter: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(&delivery.0.to_le_bytes());
    crc.update(letter);
    crc.sum().to_le_bytes()
}

fn record(bytes: &[u8]) -> Option<SlipRecord> {
    let number = |at: usize| bytes.get(at..at + 4)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize);
    let delivery = DeliveryId(i64::from_le_bytes(*bytes.get(8..16)?.first_chunk()?));
    let letter_at = usize::try_from(LETTER_AT).ok()?;
    let letter = bytes.get(letter_at..letter_at + number(4)?)?.to_vec();
    if bytes.get(20..24)? != check(delivery, &letter) {
        return None;
    }
    let answer_at = usize::try_from(ANSWER_AT).ok()?;
    let answer = match bytes.first()? {
        b'd' => None,
        b'a' => Some(serde_json::from_slice(bytes.get(answer_at..answer_at + number(16)?)?).ok()?),
        _ => return None,
    };
    Some(SlipRecord { delivery, answer, letter })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::email::EmailAddress;
    use crate::domain::message::{Message, MessageId};
    use crate::mail::sender::Sender;

    fn parcel(delivery: i64) -> Parcel {
        let message = Message {
            id: MessageId(format!("{delivery}.0@example.org")),
            date: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            to: EmailAddress::parse("asha@example.org").unwrap(),
            subject: "Rust in Pune".into(),
            text: "Namaste\n".into(),
            html: "<p>Namaste</p>".into(),
            delivery: Some(DeliveryId(delivery)),
            list: None,
        };
        Parcel::pack(message, &Sender::parse("Rolecall <alerts@example.org>").unwrap(), None, None).unwrap()
    }

    #[test]
    fn a_slip_says_whether_the_dot_was_sent_and_what_was_answered() {
        let folder = tempfile::tempdir().unwrap();
        let slips = Slips::in_folder(folder.path().join("under_way")).unwrap();
        assert_eq!(slips.records().unwrap(), []);
        let mut slip = slips.of_lane(0).unwrap().current;
        assert_eq!(slips.records().unwrap(), [], "an empty slip says nothing");
        slip.dot(DeliveryId(7), b"From: a\r\n").unwrap();
        let sent = SlipRecord { delivery: DeliveryId(7), answer: None, letter: b"From: a\r\n".to_vec() };
        assert_eq!(slips.records().unwrap(), std::slice::from_ref(&sent));
        let answer = Outcome::Accepted("2.0.0 queued as 4Z7".into());
        slip.answered(&answer).unwrap();
        assert_eq!(slips.records().unwrap(), [SlipRecord { answer: Some(answer), ..sent }]);
        slip.dot(DeliveryId(8), b"From: b").unwrap();
        assert_eq!(slips.records().unwrap()[0].letter, b"From: b");
        slip.clear().unwrap();
        assert_eq!(slips.records().unwrap(), []);
    }

    #[test]
    fn a_lane_tells_of_its_letter_and_of_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let slips = Slips::in_folder(folder.path().to_owned()).unwrap();
        let mut lane = slips.of_lane(0).unwrap();
        let told = || {
            let mut told: Vec<_> =
                slips.records().unwrap().into_iter().map(|record| (record.delivery.0, record.answer.is_some())).collect();
            told.sort_unstable();
            told
        };
        let accepted = Outcome::Accepted("2.0.0".into());
        lane.dot(&parcel(1)).unwrap();
        lane.answered(&accepted).unwrap();
        lane.dot(&parcel(2)).unwrap();
        assert_eq!(told(), [(1, true), (2, false)], "the outcome of the first may not be committed yet");
        lane.answered(&accepted).unwrap();
        // The third is refused before its dot.
        lane.answered(&Outcome::Unknown("x".into())).unwrap();
        assert_eq!(told(), [(1, true), (2, true)]);
        lane.dot(&parcel(4)).unwrap();
        assert_eq!(told(), [(2, true), (4, false)]);
        lane.clear().unwrap();
        assert_eq!(told(), []);
    }

    #[test]
    fn half_a_slip_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let slips = Slips::in_folder(folder.path().to_owned()).unwrap();
        let mut slip = slips.of_lane(3).unwrap().current;
        slip.dot(DeliveryId(7), b"From: a\r\n").unwrap();
        slip.answered(&Outcome::Unknown("x".into())).unwrap();
        let path = folder.path().join("3a.slip");
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            assert_eq!(record(&whole[..length]), None, "{length} bytes");
        }
        assert!(record(&whole).is_some());
    }

    #[test]
    fn the_head_of_one_letter_with_the_text_of_another_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let slips = Slips::in_folder(folder.path().to_owned()).unwrap();
        let path = folder.path().join("0a.slip");
        let mut slip = slips.of_lane(0).unwrap().current;
        slip.dot(DeliveryId(7), b"To: a\r\n").unwrap();
        let before = std::fs::read(&path).unwrap();
        slip.dot(DeliveryId(8), b"To: b\r\n").unwrap();
        let mut torn = std::fs::read(&path).unwrap();
        let text = usize::try_from(LETTER_AT).unwrap();
        torn[text..].copy_from_slice(&before[text..]);
        assert_eq!(record(&torn), None, "the letter of another person");
    }

    #[test]
    fn slips_that_were_renewed_have_another_number_and_nothing_to_say() {
        let folder = tempfile::tempdir().unwrap();
        let slips = Slips::in_folder(folder.path().to_owned()).unwrap();
        assert_eq!(slips.mark(), None, "a folder that nobody marked is not believed");
        let first = slips.renew().unwrap();
        assert_eq!(slips.mark(), first);
        slips.of_lane(0).unwrap().current.dot(DeliveryId(1), b"x").unwrap();
        assert_ne!(slips.renew().unwrap(), first);
        assert_eq!(slips.records().unwrap(), []);
    }
}
