//! Opens files for kinds that read from disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::AsyncReadExt;
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{Adapter, Page, Reading, Request};
use crate::sources::failure::Failure;
use crate::sources::read::read_apart;
use crate::sources::settings::FetchSettings;

/// The most files of one folder.
const MAX_FILES: usize = 10_000;

/// Endings of files with postings; others in the folder are left alone.
const ENDINGS: [&str; 4] = ["ndjson", "jsonl", "json", "txt"];

/// Reads a file, or every file with postings of a folder in the order of names, each within the size of one answer.
///
/// # Errors
/// The path cannot be opened, a file is too large, or is not of the adapter's shape.
pub async fn read_all(adapter: &Arc<dyn Adapter>, path: &Path, settings: &FetchSettings) -> Result<Reading, Failure> {
    let mut all = Reading::default();
    for file in files(path).await.map_err(|error| unreadable(path, &error))? {
        let bytes = read_bounded(&file, settings.max_bytes).await?;
        let url = Url::from_file_path(&file).map_err(|()| Failure::new(FetchFault::Misconfigured, "the path is not absolute"))?;
        let page = read_apart(adapter, Page { request: Request::json(url), bytes }).await?;
        all.items += page.items;
        all.postings.extend(page.postings);
        all.bad.extend(page.bad);
        all.closed.extend(page.closed);
        all.completeness = page.completeness;
    }
    Ok(all)
}

async fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let path = tokio::fs::canonicalize(path).await?;
    if !tokio::fs::metadata(&path).await?.is_dir() {
        return Ok(vec![path]);
    }
    let mut found = Vec::new();
    let mut entries = tokio::fs::read_dir(&path).await?;
    while let Some(entry) = entries.next_entry().await? {
        let file = entry.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ENDINGS.contains(&ending) && entry.file_type().await?.is_file() {
            found.push(file);
        }
        if found.len() > MAX_FILES {
            return Err(std::io::Error::other(format!("more than {MAX_FILES} files")));
        }
    }
    found.sort();
    Ok(found)
}

async fn read_bounded(file: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let opened = tokio::fs::File::open(file).await.map_err(|error| unreadable(file, &error))?;
    let mut bytes = Vec::new();
    opened.take(most as u64 + 1).read_to_end(&mut bytes).await.map_err(|error| unreadable(file, &error))?;
    if bytes.len() > most {
        return Err(Failure::new(FetchFault::TooBig, format!("{} has more than {most} bytes", file.display())));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let fault = if error.kind() == std::io::ErrorKind::NotFound { FetchFault::Gone } else { FetchFault::Misconfigured };
    Failure::new(fault, format!("{}: {error}", path.display()))
}
