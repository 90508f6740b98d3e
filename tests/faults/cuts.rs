//! F3: power cuts, simulated. What the program wrote to its database and when it waited for the disk is recorded; then the power is cut at any
//! moment of the recording. What was waited for is there. Of everything else a sector may be there or not, each by itself. The database that
//! is left has to open, to be whole, and to have what was acknowledged before the cut.
//!
//! `ROLECALL_FAULT_POINTS=2000` cuts at so many moments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use rolecall::clock::Clock;
use rolecall::domain::EmailAddress;
use rolecall::store::{DatabaseSettings, Store};

use crate::recording::{Call, Recorded, read, words};
use crate::service::How;
use crate::world::World;
use crate::{from_environment, has, say, skipped};

/// Cuts where nobody says how many, and people who are acknowledged meanwhile; in a campaign the log of the database is written back too.
const CUTS: usize = 24;
const ADDED: usize = 30;
const ADDED_IN_A_CAMPAIGN: usize = 400;
/// What a disk writes whole.
const SECTOR: usize = 512;
/// The program itself looks at one image in so many; the others are opened by its store.
const LOOKED_AT: usize = 40;

/// One file on the disk.
#[derive(Default)]
struct Content {
    /// What survives.
    kept: Vec<u8>,
    /// What may: with the line it stands in.
    loose: Vec<(usize, Change)>,
    /// Whether its name survives.
    is_named: bool,
}

enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

impl Change {
    /// Does it, or of a write those sectors that `keeps` says.
    fn apply(&self, bytes: &mut Vec<u8>, mut keeps: impl FnMut() -> bool) {
        match self {
            Self::Cut(length) => {
                if keeps() {
                    bytes.resize(*length, 0);
                }
            }
            Self::Write(at, written) => {
                let mut from = 0;
                while from < written.len() {
                    let to = written.len().min(((at + from) / SECTOR + 1) * SECTOR - at);
                    if keeps() {
                        let end = (at + to).max(bytes.len());
                        bytes.resize(end, 0);
                        bytes[at + from..at + to].copy_from_slice(&written[from..to]);
                    }
                    from = to;
                }
            }
        }
    }
}

/// The files of a database on a disk.
struct Disk {
    folder: PathBuf,
    files: BTreeMap<PathBuf, Content>,
}

impl Disk {
    /// With what lies in a folder: whoever wrote it has ended long ago.
    fn of(folder: &Path) -> Self {
        let mut disk = Self { folder: folder.to_owned(), files: BTreeMap::new() };
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if disk.is_of_it(&path) {
                let file = Content { kept: std::fs::read(&path).unwrap(), is_named: true, ..Content::default() };
                disk.files.insert(path, file);
            }
        }
        disk
    }

    /// The database and its log; what else is written there (who has it open, what lanes note) is for those who live.
    fn is_of_it(&self, path: &Path) -> bool {
        path.parent() == Some(&self.folder) && path.extension().is_some_and(|kind| kind == "db" || kind == "db-wal")
    }

    fn take(&mut self, recorded: &Recorded) {
        match &recorded.call {
            Call::Synced(folder, _) if *folder == self.folder => self.files.values_mut().for_each(|file| file.is_named = true),
            Call::Made(path) | Call::Gone(path) | Call::Write(path, ..) | Call::Cut(path, _) | Call::Synced(path, _)
                if !self.is_of_it(path) => {}
            Call::Made(path) => drop(self.files.entry(path.clone()).or_default()),
            Call::Gone(path) => drop(self.files.remove(path)),
            Call::Write(path, at, bytes) => self.change(path, recorded.line, Change::Write(*at, bytes.clone())),
            Call::Cut(path, length) => self.change(path, recorded.line, Change::Cut(*length)),
            Call::Synced(path, began) => {
                let Some(file) = self.files.get_mut(path) else { return };
                let (synced, loose) = std::mem::take(&mut file.loose).into_iter().partition(|(line, _)| line < began);
                file.loose = loose;
                let synced: Vec<(usize, Change)> = synced;
                for (_, change) in &synced {
                    change.apply(&mut file.kept, || true);
                }
            }
        }
    }

    fn change(&mut self, path: &Path, line: usize, change: Change) {
        self.files.get_mut(path).expect("it was opened").loose.push((line, change));
    }

    /// What a power cut leaves of it, in this folder.
    fn cut(&self, chance: &mut Chance, into: &Path) {
        // Sometimes nothing that was not waited for is there, sometimes most of it.
        let keeps = [0, 8, 32, 56, 64][chance.below(5)];
        for (path, file) in &self.files {
            if !file.is_named && chance.below(2) == 0 {
                continue;
            }
            let mut bytes = file.kept.clone();
            file.loose.iter().for_each(|(_, change)| change.apply(&mut bytes, || chance.below(64) < keeps));
            std::fs::write(into.join(path.file_name().unwrap()), bytes).unwrap();
        }
    }
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// People who were acknowledged, and when that was known.
type Acknowledged = Vec<(DateTime<Utc>, String)>;

/// Has the service recorded under load and ends it.
async fn record(world: &World, added: usize) -> (Vec<Recorded>, Acknowledged) {
    world.board.grow(true);
    let place = world.path("recording");
    let service = world.ready(&How { under: words(&place), ..How::default() }).await;
    let mut acknowledged = Vec::new();
    while acknowledged.len() < added {
        if world.add(service.page()).await == Some(StatusCode::CREATED) {
            acknowledged.push((Clock::System.now(), world.acknowledged().pop().unwrap()));
        }
    }
    service.kill();
    tokio::time::sleep(Duration::from_millis(500)).await;
    (read(&std::fs::read_to_string(place).unwrap()), acknowledged)
}

/// Opens what a cut left.
async fn look(image: &Path, acknowledged: &Acknowledged, before: DateTime<Utc>) -> usize {
    let file = image.join("rolecall.db");
    let settings = DatabaseSettings { url: format!("sqlite:{}", file.display()) };
    Store::inspect(&settings).await.expect("a start does not refuse what a power cut leaves");
    let store = Store::open(&settings).await.expect("a database that lost its power opens");
    let known: Vec<&String> = acknowledged.iter().filter(|(at, _)| *at < before).map(|(_, address)| address).collect();
    for address in &known {
        let found = store.subscriber_by_email(&EmailAddress::parse(address).unwrap()).await.unwrap();
        assert!(found.is_some(), "{address} was acknowledged and is gone");
    }
    store.close().await;
    let verified = Store::verify(&file).await.unwrap();
    assert!(verified.well, "{verified:?}");
    known.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_at_any_moment_of_a_recording_takes_nothing_that_was_acknowledged() {
    if !has("strace") {
        return skipped("power cuts of a recording", "strace is not installed");
    }
    let cuts = from_environment("ROLECALL_FAULT_POINTS", CUTS);
    let world = World::set().await;
    let mut disk = Disk::of(world.data());
    let (recorded, acknowledged) = record(&world, if cuts > CUTS { ADDED_IN_A_CAMPAIGN } else { ADDED }).await;
    assert!(!recorded.is_empty(), "{}", std::fs::read_to_string(world.path("log")).unwrap());
    let mut chance = Chance(20_261_126);
    let moments: Vec<usize> = (0..cuts).map(|_| chance.below(recorded.len())).collect();
    let wanted: BTreeSet<usize> = moments.iter().copied().collect();
    let (mut images, mut checked, mut loose) = (0, 0, 0);
    for (number, one) in recorded.iter().enumerate() {
        if wanted.contains(&number) {
            for _ in moments.iter().filter(|moment| **moment == number) {
                let image = tempfile::tempdir().unwrap();
                disk.cut(&mut chance, image.path());
                images += 1;
                if images % LOOKED_AT == 0 {
                    let data = image.path().display().to_string();
                    let verify = world.command(&How::default().with("ROLECALL__SERVICE__DATA_DIR", &data), &["verify"]).status().unwrap();
                    assert!(verify.success(), "{}", std::fs::read_to_string(world.path("log")).unwrap());
                }
                checked += look(image.path(), &acknowledged, one.at).await;
                loose += disk.files.values().map(|file| file.loose.len()).sum::<usize>();
            }
        }
        disk.take(one);
    }
    assert!(checked > images, "hardly anybody was acknowledged before a cut: not much of a proof");
    say(&format!(
        "{images} power cuts of a recording of {} calls ({} acknowledged): {checked} times somebody was looked for and found, {loose} writes had not been waited for, 0 lost, every database whole",
        recorded.len(),
        acknowledged.len()
    ));
}
