//! Reading one payload without a configured source: `rolecall source read KIND FILE-OR-URL`.

use std::collections::HashSet;
use std::io::Read as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{Adapter, Page, ReadError, Reading, Request};
use crate::sources::failure::Failure;
use crate::sources::fetch::{Answer, Fetcher};
use crate::sources::options::{Key, Need, Options};
use crate::sources::registry;
use crate::sources::settings::SourceSettings;
use crate::sources::state::Validators;

/// The most bytes that a packed payload may hold: a feed of a hundred megabytes is normal.
const MOST_UNPACKED: u64 = 256 * 1024 * 1024;

/// Reads one payload with the adapter of `kind`, without a network; what it would ask next stays in [`Reading::next`].
///
/// # Errors
/// The kind is unknown, or the payload is not of its shape.
pub fn read_payload(kind: &str, source_name: &str, bytes: &[u8]) -> Result<Reading, ReadError> {
    let url = Url::parse("file:///payload").map_err(|error| ReadError::shape("$", error))?;
    let page = Page { request: Request::json(url), bytes: unpacked(bytes)? };
    let mut reading = example(kind)?.read(&page)?;
    with_rows(&mut reading);
    reading.repeated = finish(&mut reading, source_name, None);
    Ok(reading)
}

/// Counts in what a list says of postings whose text stands elsewhere: one payload alone has no more.
fn with_rows(reading: &mut Reading) {
    let rows = reading.details.iter().filter_map(|request| request.about.as_deref().cloned());
    reading.postings.extend(rows.collect::<Vec<_>>());
}

/// Asks for one address and reads the answer with the adapter of `kind`.
///
/// # Errors
/// As [`read_payload`], or the address brought no answer.
pub async fn read_url(kind: &str, source_name: &str, url: &Url, fetcher: &Fetcher, now: DateTime<Utc>) -> Result<Reading, ReadUrlError> {
    let adapter: Arc<dyn Adapter> = example(kind)?.into();
    let request = Request { accept: "*/*", ..Request::json(url.clone()) };
    let Answer::Body { bytes, .. } = fetcher.ask(&request, &Validators::default(), now).await? else {
        return Err(Failure::new(FetchFault::Misconfigured, "\"not modified\" without having been asked").into());
    };
    let mut reading = read_apart(&adapter, Page { request, bytes }).await?;
    with_rows(&mut reading);
    reading.repeated = finish(&mut reading, source_name, None);
    Ok(reading)
}

/// Why an address could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadUrlError {
    /// No answer, or none that could be read.
    #[error(transparent)]
    Fetch(#[from] Failure),
    /// The kind is unknown.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// A payload as it is, or what its gzip holds, up to [`MOST_UNPACKED`].
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(bytes.to_vec());
    }
    let mut whole = Vec::new();
    let packed = flate2::read::MultiGzDecoder::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut whole);
    packed.map_err(|error| ReadError::shape("the gzip", error))?;
    if whole.len() as u64 > MOST_UNPACKED {
        return Err(ReadError::shape("the gzip", format!("it holds more than {MOST_UNPACKED} bytes")));
    }
    Ok(whole)
}

/// An adapter with the examples of its required keys, or of its first key where one of several is needed: enough to read, for an
/// adapter only asks with them.
fn example(kind: &str) -> Result<Box<dyn Adapter>, ReadError> {
    let found = registry::find(kind).map_err(|hint| ReadError::UnknownKind { kind: kind.to_owned(), hint })?;
    let with = |keys: &mut dyn Iterator<Item = &Key>| {
        let table = keys.map(|key| (key.name.to_owned(), toml::Value::from(key.example))).collect();
        let settings = SourceSettings::new("example", kind, table);
        Options::check(&settings, found.keys).and_then(|options| (found.build)(&options))
    };
    let required = with(&mut found.keys.iter().filter(|key| key.need == Need::Required));
    required.or_else(|_| with(&mut found.keys.iter().take(1))).map_err(|_| ReadError::Gave { kind: kind.to_owned() })
}

/// Fills in what only the configuration knows and keeps each id once; the number of repeated ids.
pub fn finish(reading: &mut Reading, source: &str, company: Option<&str>) -> usize {
    let before = reading.postings.len();
    let mut seen = HashSet::new();
    reading.postings.retain(|posting| seen.insert(posting.id.clone()));
    for posting in &mut reading.postings {
        source.clone_into(&mut posting.source);
        if let Some(company) = company {
            posting.company = Some(company.to_owned());
        }
    }
    before - reading.postings.len()
}

/// Reads a page on a thread of its own: large answers take their time, and a reader that panics costs this answer only.
pub async fn read_apart(adapter: &Arc<dyn Adapter>, page: Page) -> Result<Reading, Failure> {
    let adapter = Arc::clone(adapter);
    let read = tokio::task::spawn_blocking(move || adapter.read(&page)).await;
    match read {
        Ok(read) => read.map_err(|error| Failure::new(error.fault(), error)),
        Err(_) => Err(Failure::new(FetchFault::ChangedFormat, "the adapter gave up on this answer")),
    }
}
