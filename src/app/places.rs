//! Places that the operator added: read from an extract, kept in the data folder, joined to the vocabulary at the next start.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::gazetteer::{CityEntry, add_places};
use crate::domain::geonames::{ATTRIBUTION, LICENCE, Populated, parse_line};

/// The file in the data folder.
const FILE: &str = "places.ndjson";
/// Most places that are kept, the largest: about 60 MB of memory with their names.
pub const MOST_PLACES: usize = 100_000;
/// Longest line that is read, in bytes; the longest of GeoNames has about 12,000.
const MAX_LINE: usize = 64 * 1024;

/// Why places cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", path.display())]
pub struct PlacesError {
    path: PathBuf,
    fault: std::io::Error,
}

/// The first line of the kept file: whose data it is, as its licence asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacesHeader {
    /// The licence of the data.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// How many places follow.
    pub places: usize,
    /// When they were last added to.
    pub imported_at: DateTime<Utc>,
}

/// A further line of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    population: u64,
    city: CityEntry,
}

/// What became of the lines of an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImportSummary {
    /// Lines read.
    pub lines: u64,
    /// Places taken from them.
    pub taken: usize,
    /// Lines that are no populated place, or a smaller one than asked for.
    pub passed_over: u64,
    /// Lines that could not be read.
    pub bad: u64,
    /// Places the data folder holds now.
    pub kept: usize,
}

/// One thing that is told while an extract is read.
#[derive(Debug)]
pub enum Told<'a> {
    /// A line that is left out.
    Bad {
        /// Its number, from 1.
        line: u64,
        /// The column and what is wrong with it.
        fault: &'a str,
    },
    /// So many lines and bytes are done.
    Done {
        /// Lines.
        lines: u64,
        /// Bytes.
        bytes: u64,
    },
}

/// Reads an extract of GeoNames, takes the places of at least `least` people, and keeps them with those of earlier imports in
/// `data_dir`, the largest first. The file is replaced as a whole or not at all. A bad line costs only itself.
///
/// # Errors
/// Names the file that cannot be read or written.
pub fn import(
    data_dir: &Path,
    extract: &Path,
    least: u64,
    now: DateTime<Utc>,
    mut tell: impl FnMut(&Told<'_>),
) -> Result<ImportSummary, PlacesError> {
    let unreadable = |fault| PlacesError { path: extract.to_owned(), fault };
    let mut reader = BufReader::with_capacity(1 << 16, std::fs::File::open(extract).map_err(unreadable)?);
    let mut summary = ImportSummary::default();
    let mut all = Places::default();
    let (mut line, mut bytes) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = read_line(&mut reader, &mut line).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        summary.lines += 1;
        bytes += read;
        match parsed(&line) {
            Ok(Some(place)) if place.population >= least => {
                summary.taken += 1;
                all.put(place);
            }
            Ok(_) => summary.passed_over += 1,
            Err(fault) => {
                summary.bad += 1;
                tell(&Told::Bad { line: summary.lines, fault: &fault });
            }
        }
        tell(&Told::Done { lines: summary.lines, bytes });
    }
    let earlier = read_kept(data_dir, |_, _| {})?.map(|(_, places)| places).unwrap_or_default();
    for place in earlier {
        all.put_new(place);
    }
    let places = all.largest();
    summary.kept = places.len();
    if summary.taken > 0 {
        keep(data_dir, &places, now)?;
    }
    Ok(summary)
}

fn parsed(line: &[u8]) -> Result<Option<Populated>, String> {
    if line.len() > MAX_LINE {
        return Err(format!("longer than {MAX_LINE} bytes"));
    }
    let text = std::str::from_utf8(line).map_err(|fault| format!("not UTF-8 from byte {} on", fault.valid_up_to()))?;
    parse_line(text).map_err(|fault| fault.to_string())
}

/// Reads one line and answers with its length; no more than a little over [`MAX_LINE`] of it is held.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    let held = reader.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', line)?;
    let mut read = held as u64;
    while held > MAX_LINE && !line.ends_with(b"\n") {
        let chunk = reader.fill_buf()?;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(chunk.len(), |at| at + 1);
        reader.consume(used);
        read += used as u64;
        if end.is_some() || used == 0 {
            break;
        }
    }
    Ok(read)
}

/// Places by name, country and rounded position, so that the same one is kept once.
#[derive(Default)]
struct Places(HashMap<(String, String), Populated>);

impl Places {
    fn key(place: &Populated) -> (String, String) {
        let city = &place.city;
        (city.name.clone(), format!("{} {:.1} {:.1}", city.country, city.latitude, city.longitude))
    }

    fn put(&mut self, place: Populated) {
        self.0.insert(Self::key(&place), place);
        if self.0.len() > MOST_PLACES * 2 {
            let largest = std::mem::take(self).largest();
            for place in largest {
                self.put_new(place);
            }
        }
    }

    fn put_new(&mut self, place: Populated) {
        self.0.entry(Self::key(&place)).or_insert(place);
    }

    fn largest(self) -> Vec<Populated> {
        let mut all: Vec<Populated> = self.0.into_values().collect();
        all.sort_by(|a, b| b.population.cmp(&a.population).then_with(|| a.city.name.cmp(&b.city.name)));
        all.truncate(MOST_PLACES);
        all
    }
}

/// Writes the file beside its place and moves it there.
fn keep(data_dir: &Path, places: &[Populated], now: DateTime<Utc>) -> Result<(), PlacesError> {
    let path = data_dir.join(FILE);
    let header = PlacesHeader { licence: LICENCE.into(), attribution: ATTRIBUTION.into(), places: places.len(), imported_at: now };
    let write = || {
        std::fs::create_dir_all(data_dir)?;
        let mut file = tempfile::NamedTempFile::new_in(data_dir)?;
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        serde_json::to_writer(&mut out, &header)?;
        out.write_all(b"\n")?;
        for place in places {
            serde_json::to_writer(&mut out, &Kept { population: place.population, city: place.city.clone() })?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|fault| PlacesError { path: path.clone(), fault })
}

/// What the data folder holds; none where nothing was added. `bad` is told the number and the fault of a line that is left out.
fn read_kept(data_dir: &Path, mut bad: impl FnMut(usize, &str)) -> Result<Option<(PlacesHeader, Vec<Populated>)>, PlacesError> {
    let path = data_dir.join(FILE);
    let fault = |fault| PlacesError { path: path.clone(), fault };
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(other) => return Err(fault(other)),
    };
    let mut lines = BufReader::new(file).lines();
    let Some(first) = lines.next().transpose().map_err(fault)? else { return Ok(None) };
    let header: PlacesHeader = serde_json::from_str(&first).map_err(|said| fault(std::io::Error::other(format!("line 1: {said}"))))?;
    let mut places = Vec::new();
    for (at, line) in lines.take(MOST_PLACES).enumerate() {
        match serde_json::from_str::<Kept>(&line.map_err(fault)?) {
            Ok(kept) => places.push(Populated { city: kept.city, population: kept.population }),
            Err(said) => bad(at + 2, &said.to_string()),
        }
    }
    Ok(Some((header, places)))
}

/// Whose data the data folder holds, and how much; none where nothing was added.
///
/// # Errors
/// Names the file.
pub fn added_places(data_dir: &Path) -> Result<Option<PlacesHeader>, PlacesError> {
    Ok(read_kept(data_dir, |_, _| {})?.map(|(header, _)| header))
}

/// Joins what the data folder holds to the vocabulary of this process; to be called before the first place is looked up.
///
/// # Errors
/// Names the file.
pub fn join_added_places(data_dir: &Path) -> Result<(), PlacesError> {
    let tell = |line: usize, fault: &str| tracing::warn!(file = FILE, line, fault, "a line of the added places is left out");
    let Some((header, places)) = read_kept(data_dir, tell)? else { return Ok(()) };
    let cities: Vec<CityEntry> = places.into_iter().map(|place| place.city).collect();
    let count = cities.len();
    match add_places(cities) {
        Ok(()) => tracing::info!(places = count, attribution = header.attribution, "places were added to the vocabulary"),
        Err(late) => tracing::debug!(?late, "the vocabulary of places is in use already"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, population: &str) -> String {
        format!("1\t{name}\t{name}\t\t15.335\t76.46\tP\tPPL\tIN\t\t19\t\t\t\t{population}\t\t467\tAsia/Kolkata\t2024-01-01\n")
    }

    fn read(folder: &Path, text: &str, least: u64) -> (ImportSummary, Vec<String>) {
        let extract = folder.join("IN.txt");
        std::fs::write(&extract, text).unwrap();
        let mut told = Vec::new();
        let summary = import(folder, &extract, least, DateTime::UNIX_EPOCH, |event| {
            if let Told::Bad { line, fault } = event {
                told.push(format!("line {line}: {fault}"));
            }
        });
        (summary.unwrap(), told)
    }

    #[test]
    fn an_extract_is_kept_with_its_attribution_and_a_bad_line_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let text = line("Hampi", "2777")
            + &line("Badami", "many")
            + "x\ty\n"
            + &line("Hosapete", "206167")
            + &"z".repeat(MAX_LINE * 3)
            + "\n"
            + &line("Gadag", "5");
        let (summary, told) = read(folder.path(), &text, 1_000);
        assert_eq!(summary, ImportSummary { lines: 6, taken: 2, passed_over: 1, bad: 3, kept: 2 });
        assert!(told[0].starts_with("line 2: column 15 (population): \"many\"") && told[1].starts_with("line 3: 2 columns"), "{told:?}");
        assert!(told[2].starts_with("line 5: longer than"), "{told:?}");
        let header = added_places(folder.path()).unwrap().unwrap();
        assert_eq!((header.places, header.licence.as_str()), (2, "CC BY 4.0"));
        assert!(header.attribution.contains("GeoNames"));
        let (_, places) = read_kept(folder.path(), |line, fault| panic!("{line}: {fault}")).unwrap().unwrap();
        assert_eq!(places.iter().map(|place| place.city.name.as_str()).collect::<Vec<_>>(), ["Hosapete", "Hampi"]);
    }

    #[test]
    fn a_second_import_adds_and_may_run_twice() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            read(folder.path(), &line("Hampi", "2777"), 0);
            let (summary, _) = read(folder.path(), &line("Hosapete", "206167"), 0);
            assert_eq!(summary.kept, 2);
        }
        let (summary, _) = read(folder.path(), "nothing\n", 0);
        assert_eq!((summary.taken, summary.kept), (0, 2));
    }
}
