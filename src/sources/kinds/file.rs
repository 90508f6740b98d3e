//! Postings from disk: NDJSON, or an array of the same, in the shape that `rolecall source read` writes and `rolecall facts` reads.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::value::RawValue;

use crate::sources::adapter::{Adapter, BadPosting, Completeness, First, Page, ReadError, Reading};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::json;
use crate::sources::shape::posting_line::read_line;

pub const KIND: Kind = Kind {
    name: "file",
    description: "A file, or a folder of files, of postings as JSON (docs/POSTINGS.md): one a line, or an array",
    keys: &[Key {
        name: "path",
        description: "the file, or the folder (its .ndjson, .jsonl, .json and .txt files are read)",
        example: "/var/lib/rolecall/postings",
        need: Need::Required,
    }],
    terms: Terms::open("your own data; a posting that is no longer in the files counts as closed", Duration::ZERO),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Files {
    path: PathBuf,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Files { path: PathBuf::from(options.required("path")?) }))
}

impl Adapter for Files {
    fn first(&self) -> First {
        First::Open(self.path.clone())
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let name = page.request.url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let text = json::text(&page.bytes)?;
        let mut reading = Reading { completeness: Completeness::Whole, ..Reading::default() };
        for (place, entry) in entries(&text).map_err(|error| ReadError::shape(name, error))? {
            match read_line(entry) {
                Ok(posting) => reading.postings.push(posting),
                Err(reason) => {
                    let id = serde_json::from_str::<&RawValue>(entry).ok().and_then(json::id_of);
                    reading.bad.push(BadPosting { index: reading.items, id, reason: format!("{name} {place}: {reason}") });
                }
            }
            reading.items += 1;
        }
        Ok(reading)
    }
}

/// The postings of a file, not yet read, each with its place: those of an array, or one a line.
fn entries(text: &str) -> Result<Vec<(String, &str)>, ReadError> {
    if text.trim_start().starts_with('[') {
        let items: Vec<&RawValue> = json::parse(text, "$")?;
        return Ok(items.into_iter().enumerate().map(|(index, item)| (format!("posting {}", index + 1), item.get())).collect());
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(lines.map(|(number, line)| (format!("line {}", number + 1), line)).collect())
}
