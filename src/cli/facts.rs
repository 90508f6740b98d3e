//! `rolecall facts`: postings in, facts out, line by line and in order.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::exit::CliError;
use super::facts_explained::explained;
use super::output::settle;
use super::talk::talk;
use crate::app::places::join_added_places;
use crate::clock::Clock;
use crate::domain::{NewListing, Posting};
use crate::extract::Extractor;

/// Postings read at a time; they are spread over the processors.
const CHUNK: usize = 2_048;

/// A posting and where it stood.
pub struct Numbered<T> {
    /// The line, from 1.
    pub line: usize,
    /// What it held.
    pub value: T,
}

/// Reads NDJSON in chunks. A line that does not parse is reported with its number and left out.
pub struct Lines<R> {
    place: String,
    reader: R,
    line: usize,
    bad: usize,
}

impl Lines<Box<dyn BufRead>> {
    /// Opens a file, or standard input.
    pub fn open(path: Option<&Path>) -> Result<Self, CliError> {
        let (place, reader): (String, Box<dyn BufRead>) = match path {
            None => ("standard input".to_owned(), Box::new(BufReader::new(std::io::stdin()))),
            Some(path) => {
                let file = File::open(path).map_err(|fault| CliError::unreadable(path, &fault))?;
                (path.display().to_string(), Box::new(BufReader::new(file)))
            }
        };
        Ok(Self { place, reader, line: 0, bad: 0 })
    }
}

impl<R: BufRead> Lines<R> {
    /// The next values, at most `most`; none at the end.
    pub fn chunk<T: serde::de::DeserializeOwned>(&mut self, most: usize) -> Result<Vec<Numbered<T>>, CliError> {
        let mut values = Vec::new();
        let mut bytes = Vec::new();
        while values.len() < most {
            bytes.clear();
            let read =
                self.reader.read_until(b'\n', &mut bytes).map_err(|fault| CliError::unavailable(format!("{}: {fault}", self.place)))?;
            if read == 0 {
                break;
            }
            self.line += 1;
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match parse(&bytes) {
                Ok(value) => values.push(Numbered { line: self.line, value }),
                Err(fault) => self.report(self.line, &fault),
            }
        }
        Ok(values)
    }

    /// Reports one line that is left out.
    pub fn report(&mut self, line: usize, fault: &str) {
        self.bad += 1;
        talk(&format!("rolecall: {}, line {line}: {fault}; the line is left out", self.place));
    }

    /// An error if lines were left out.
    pub fn end(self) -> Result<(), CliError> {
        match self.bad {
            0 => Ok(()),
            bad => Err(CliError::data(format!("{}: {bad} of {} lines were left out, mend them as said above", self.place, self.line))),
        }
    }
}

/// One line as one object; the fault names the key, and the column where the text itself is broken.
fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let text = bytes.trim_ascii();
    if !text.starts_with(b"{") {
        return Err("column 1: an object is expected here, { to begin with".to_owned());
    }
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|fault| {
        let path = fault.path().to_string();
        let inner = fault.into_inner();
        let said = inner.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        match (inner.is_data(), path.as_str()) {
            (true, "." | "?") => said.to_owned(),
            (true, _) => format!("{path}: {said}"),
            (false, _) => format!("column {}: {said}", inner.column()),
        }
    })?;
    json.end().map_err(|_| "there is more than one value on the line".to_owned())?;
    Ok(value)
}

/// Reads postings on all processors, in order.
pub fn read_all(extractor: &Extractor, postings: Vec<Numbered<Posting>>, now: DateTime<Utc>) -> Vec<NewListing> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = postings.len().div_ceil(threads).max(1);
    let mut shares: Vec<Vec<Posting>> = Vec::new();
    for (index, posting) in postings.into_iter().enumerate() {
        if index % size == 0 {
            shares.push(Vec::with_capacity(size));
        }
        if let Some(share) = shares.last_mut() {
            share.push(posting.value);
        }
    }
    std::thread::scope(|scope| {
        let read =
            |share: Vec<Posting>| scope.spawn(move || share.into_iter().map(|posting| extractor.read(posting, now)).collect::<Vec<_>>());
        let threads: Vec<_> = shares.into_iter().map(read).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("extraction does not panic: property tests feed it any text")).collect()
    })
}

/// How facts are printed.
#[derive(Debug, Clone, Copy)]
pub enum Print {
    /// One line of JSON a posting, as the contract has it.
    Lines,
    /// Each fact with its words, for people.
    Explained,
}

/// Prints the facts of postings, in their order; places that were added lie in the data folder.
pub fn facts(file: Option<&Path>, data_dir: Option<&Path>, print: Print) -> Result<(), CliError> {
    if let Some(folder) = data_dir {
        join_added_places(folder).map_err(|fault| CliError::unavailable(fault.to_string()))?;
    }
    let extractor = Extractor::new();
    let now = Clock::System.now();
    let mut lines = Lines::open(file)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    loop {
        let postings: Vec<Numbered<Posting>> = lines.chunk(CHUNK)?;
        if postings.is_empty() {
            break;
        }
        for listing in read_all(&extractor, postings, now) {
            let text = match print {
                Print::Lines => serde_json::to_string(&listing.facts.line(&listing.posting.id)),
                Print::Explained => Ok(explained(&listing)),
            };
            let text = text.map_err(|fault| CliError::internal(&fault.to_string()))?;
            settle(writeln!(out, "{text}"))?;
        }
    }
    settle(out.flush())?;
    lines.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Alert;

    #[test]
    fn a_broken_line_is_told_by_column_and_a_wrong_value_by_key() {
        for (line, words) in [
            (r#"{"id":"1""#, "column 9: EOF while parsing an object"),
            ("[]\n", "column 1: an object is expected"),
            (r#"{"id":"1","preferences":{"roles":["plumber"]}}"#, "preferences.roles[0]: unknown role"),
            (r#"{"id":"1","preferences":{"keywords":"kafka AND (a OR"}}"#, "keywords, character 16: a word is missing here"),
            (r#"{"id":"1"} {"id":"2"}"#, "more than one value"),
        ] {
            let fault = parse::<Alert>(line.as_bytes()).unwrap_err();
            assert!(fault.contains(words) && !fault.contains("line 1"), "{line}: {fault}");
        }
    }

    #[test]
    fn a_posting_may_say_null_for_any_text() {
        let posting: Posting = parse(br#"{"id":7,"source":null,"title":null,"company":null}"#).unwrap();
        assert_eq!(posting, Posting { id: "7".into(), ..Posting::default() });
    }
}
