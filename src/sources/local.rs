//! Opens files for kinds that read from disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::AsyncReadExt;
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{Adapter, Page, Reading, Request};
use crate::sources::failure::Failure;
use crate::sources::harvest::Harvest;
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
pub async fn read_all(adapter: &Arc<dyn Adapter>, path: &Path, settings: &FetchSettings) -> Result<Harvest, Failure> {
    let mut all = Reading::default();
    let Files { read, flaw } = files(path).await.map_err(|error| unreadable(path, &error))?;
    for file in read {
        let bytes = read_bounded(&file, settings.max_bytes).await?;
        let url = Url::from_file_path(&file).map_err(|()| Failure::new(FetchFault::Misconfigured, "the path is not absolute"))?;
        let page = read_apart(adapter, Page { request: Request::json(url), bytes }).await?;
        all.items += page.items;
        all.postings.extend(page.postings);
        all.bad.extend(page.bad);
        all.closed.extend(page.closed);
        all.completeness = page.completeness;
    }
    Ok(Harvest { flaw, ..Harvest::from(all) })
}

/// Whether there is something to read at a path; its flaw, if it has one.
///
/// # Errors
/// The path cannot be opened.
pub async fn look(path: &Path) -> Result<Option<String>, Failure> {
    files(path).await.map(|files| files.flaw).map_err(|error| unreadable(path, &error))
}

/// The files that are read, and what is wrong with the folder.
struct Files {
    read: Vec<PathBuf>,
    flaw: Option<String>,
}

async fn files(path: &Path) -> std::io::Result<Files> {
    let path = tokio::fs::canonicalize(path).await?;
    if !tokio::fs::metadata(&path).await?.is_dir() {
        return Ok(Files { read: vec![path], flaw: None });
    }
    let (mut found, mut others) = (Vec::new(), 0_u64);
    let mut entries = tokio::fs::read_dir(&path).await?;
    while let Some(entry) = entries.next_entry().await? {
        let file = entry.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ENDINGS.contains(&ending) && entry.file_type().await?.is_file() {
            found.push(file);
        } else {
            others += 1;
        }
        if found.len() > MAX_FILES {
            return Err(std::io::Error::other(format!("more than {MAX_FILES} files")));
        }
    }
    found.sort();
    let unread = found.is_empty() && others > 0;
    let flaw = unread.then(|| {
        let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
        format!("no file in {} is read: only those whose names end in {endings} are", path.display())
    });
    Ok(Files { read: found, flaw })
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
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mended = |what: &str, mend| Failure::mended(FetchFault::Misconfigured, format!("{}: {what}", path.display()), mend);
    match error.kind() {
        std::io::ErrorKind::NotFound => mended("no such file or folder", "set path to one that is there"),
        std::io::ErrorKind::PermissionDenied => mended("it may not be read", "make it readable for this service"),
        _ => mended(&error.to_string(), "set path to a file, or a folder of files, that can be read"),
    }
}
