//! Looks whether SQLite's log was damaged while nobody had it open.
//!
//! SQLite itself takes the first frame that does not fit its checksum for the end of the log and goes on without a word: right after
//! a power cut, where the last commit was torn, but a flipped bit in the middle would lose every commit behind it. The two can be
//! told apart. A commit is on the disk before the next one begins (`synchronous = FULL`), so behind a torn commit there is at most that
//! commit's own last frame; behind a damaged frame there are the last frames of whole commits. File format: sqlite.org/fileformat2.html, 4.

use std::fs;
use std::io;
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Of the two magic numbers, the one whose checksums read words with the high byte first.
const MAGIC: u32 = 0x377f_0682;
/// Last frames of commits that may stand behind a torn one: its own.
const TORN: usize = 1;

/// What is wrong with the log beside a database; none where all is well or there is no log.
pub(super) fn damage(database: &Path) -> io::Result<Option<String>> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    match fs::read(log) {
        Ok(bytes) => Ok(fault(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn fault(log: &[u8]) -> Option<String> {
    if log.len() <= HEADER {
        return None;
    }
    let (header, frames) = log.split_at(HEADER);
    let magic = word(header, 0);
    let size = usize::try_from(word(header, 8)).ok().filter(|size| size.is_power_of_two() && (512..=65_536).contains(size));
    let sum = Sum { high_first: magic == MAGIC | 1, state: (0, 0) };
    let (Some(size), true) = (size, magic & !1 == MAGIC) else { return Some("its header does not read".to_owned()) };
    let mut sum = sum.add(&header[..24]);
    if sum.state != (word(header, 24), word(header, 28)) {
        return Some("its header does not fit its checksum".to_owned());
    }
    let salts = &header[16..24];
    let mut frames = frames.chunks_exact(FRAME_HEADER + size).enumerate();
    let broken = frames.by_ref().find_map(|(number, frame)| {
        if &frame[8..16] != salts {
            return Some((number, frame));
        }
        sum = sum.add(&frame[..8]).add(&frame[FRAME_HEADER..]);
        (sum.state != (word(frame, 16), word(frame, 20))).then_some((number, frame))
    });
    let (number, first) = broken?;
    let ends_commit = |frame: &[u8]| &frame[8..16] == salts && word(frame, 4) != 0;
    let behind = usize::from(ends_commit(first)) + frames.filter(|(_, frame)| ends_commit(frame)).count();
    (behind > TORN).then(|| format!("frame {} does not fit its checksum, and {behind} commits stand behind it", number + 1))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_be_bytes(four.try_into().expect("four bytes")))
}

/// The running checksum over pairs of words.
#[derive(Clone, Copy)]
struct Sum {
    high_first: bool,
    state: (u32, u32),
}

impl Sum {
    fn add(self, bytes: &[u8]) -> Self {
        let read = |four: &[u8]| {
            let four = four.try_into().expect("a chunk of eight has two words");
            if self.high_first { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
        };
        let state = bytes.chunks_exact(8).fold(self.state, |(first, second), pair| {
            let first = first.wrapping_add(read(&pair[..4])).wrapping_add(second);
            (first, second.wrapping_add(read(&pair[4..])).wrapping_add(first))
        });
        Self { state, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DatabaseSettings, Store};

    /// A log with many commits, as a service that was killed leaves it.
    async fn left_behind(folder: &Path) -> Vec<u8> {
        let path = folder.join("rolecall.db");
        let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", path.display()) }).await.unwrap();
        for _ in 0..40 {
            store.probe_write().await.unwrap();
        }
        std::fs::read(folder.join("rolecall.db-wal")).unwrap()
    }

    #[tokio::test]
    async fn a_log_that_was_left_behind_is_whole_wherever_its_last_commit_was_torn() {
        let folder = tempfile::tempdir().unwrap();
        let log = left_behind(folder.path()).await;
        assert_eq!(fault(&log), None);
        assert_eq!(damage(&folder.path().join("rolecall.db")).unwrap(), None);
        assert_eq!(damage(&folder.path().join("other.db")).unwrap(), None);
        for end in (HEADER..log.len()).step_by(997) {
            assert_eq!(fault(&log[..end]), None, "cut at {end}");
        }
        let mut torn = log.clone();
        *torn.last_mut().unwrap() ^= 1;
        assert_eq!(fault(&torn), None, "the last frame alone may be torn");
    }

    #[tokio::test]
    async fn a_flipped_bit_before_whole_commits_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let log = left_behind(folder.path()).await;
        for at in (0..log.len() / 2).step_by(509).chain([4, 9, 17, 25, 40, 50]) {
            let mut flipped = log.clone();
            flipped[at] ^= 0x10;
            assert!(fault(&flipped).is_some(), "flipped at {at} of {}", log.len());
        }
    }

    #[tokio::test]
    async fn frames_of_an_earlier_round_behind_the_end_are_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = left_behind(folder.path()).await;
        let half = log.len() / 2;
        let size = FRAME_HEADER + 4096;
        let from = HEADER + (half - HEADER) / size * size;
        for frame in log[from..].chunks_exact_mut(size) {
            frame[8] ^= 0xff;
        }
        assert_eq!(fault(&log), None);
    }
}
