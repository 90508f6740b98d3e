//! Lays out what fuzzing starts from: the fixtures of the tests, which are written by hand, in the shape each target reads.
//!
//! `seeds FOLDER` fills `FOLDER/TARGET/`; the few seeds that no fixture holds lie in `fuzz/seeds`.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("give the folder that is to be filled"))?;
    let (folder, fixtures) = (Path::new(&folder), Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures"));
    payloads(&folder.join("payloads"), &fixtures.join("sources"))?;
    pay(&folder.join("pay"), &fixtures.join("extract/pay.ndjson"))?;
    for name in ["postings", "traps_place", "traps_role", "traps_skills"] {
        postings(folder, name, &fixtures.join(format!("extract/{name}.ndjson")))?;
    }
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/rolecall.toml");
    put(&folder.join("configuration"), "manual", &fs::read(manual)?)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), bytes)
}

/// Answers of boards, each under the name of its kind. The pages made for people serve the reader of careers pages too.
fn payloads(to: &Path, from: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_file() {
            continue;
        }
        let stem = name.split(['.', '-']).next().unwrap_or_default();
        let kind = match stem {
            "atom" => "rss",
            "feed" => "json_feed",
            "jobposting" => "json_ld",
            other => other,
        };
        let payload = fs::read(entry.path())?;
        put(to, &name, &[kind.as_bytes(), b"\n", &payload].concat())?;
        if name.ends_with(".html") {
            put(&to.with_file_name("careers"), &name, &payload)?;
        }
    }
    Ok(())
}

fn values(file: &Path) -> io::Result<Vec<Value>> {
    Ok(fs::read_to_string(file)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Words of pay as field, title and text.
fn pay(to: &Path, from: &Path) -> io::Result<()> {
    for (at, case) in values(from)?.iter().enumerate() {
        let part = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        put(to, &format!("case-{at}"), [part("field"), part("title"), part("text")].join("\n").as_bytes())?;
    }
    Ok(())
}

/// Whole postings, and their texts for the reader of HTML.
fn postings(to: &Path, name: &str, from: &Path) -> io::Result<()> {
    for (at, case) in values(from)?.iter().enumerate() {
        let posting = &case["posting"];
        put(&to.join("facts"), &format!("{name}-{at}"), posting.to_string().as_bytes())?;
        if let Some(text) = posting["description"].as_str().filter(|text| text.contains('<')) {
            put(&to.join("html"), &format!("{name}-{at}"), text.as_bytes())?;
        }
    }
    Ok(())
}
