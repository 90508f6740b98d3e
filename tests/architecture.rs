//! Who may import whom, read from `src` as text.
//!
//! Fails, naming file, import and rule, on an arrow outside the table, a circle of files, SQL outside `store`, the system clock
//! outside `clock.rs`, outgoing HTTP outside `sources/fetch.rs`, and SMTP outside `mail`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Room -> the rooms it may import besides itself.
const TABLE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("tally", &[]),
    ("pulse", &[]),
    ("telemetry", &["domain"]),
    ("sources", &["domain"]),
    ("extract", &["domain"]),
    ("matching", &["domain"]),
    ("compose", &["domain"]),
    ("mail", &["domain"]),
    ("store", &["domain"]),
    ("pipeline", &["sources", "extract", "matching", "compose", "mail", "store", "domain", "clock", "pulse"]),
    ("consent", &["compose", "store", "domain", "clock"]),
    ("web", &["consent", "pipeline", "matching", "store", "domain", "clock", "tally", "pulse"]),
    ("demo", &["domain", "clock"]),
    ("config", &["sources", "mail", "store", "web", "pipeline", "domain"]),
    (
        "app",
        &[
            "config",
            "telemetry",
            "web",
            "consent",
            "pipeline",
            "sources",
            "extract",
            "matching",
            "compose",
            "mail",
            "store",
            "domain",
            "clock",
            "tally",
            "pulse",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "telemetry",
            "demo",
            "web",
            "consent",
            "pipeline",
            "sources",
            "extract",
            "matching",
            "mail",
            "store",
            "domain",
            "clock",
        ],
    ),
    ("lib", &["*"]),
    ("main", &["cli"]),
];

/// Words that give a duty away, and the only places that may have them.
const DUTIES: &[(&str, &[&str], &str)] = &[
    ("sqlx::", &["store/"], "SQL stands in the store only"),
    ("Utc::now", &["clock.rs"], "the system clock is read in clock.rs only: take a Clock or `now`"),
    ("SystemTime::now", &["clock.rs"], "the system clock is read in clock.rs only: take a Clock or `now`"),
    ("reqwest::", &["sources/fetch", "sources/guard", "sources/failure"], "outgoing HTTP stands in sources/fetch.rs (and its guard) only"),
    ("UdpSocket", &["mail/dns/"], "the DNS is asked in mail/dns only"),
    ("lettre::", &["mail/"], "SMTP and MIME stand in mail only"),
];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, without_comments(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

/// Drops comments and what stands behind `#[cfg(test)]`: tests may reach where the house may not.
fn without_comments(text: &str) -> String {
    let house = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    house.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// Every `crate::a::b` path of a file, groups in braces opened.
fn imports(file: &str, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let own = room(file);
    for (prefix, base) in [("crate::", ""), ("super::", own)] {
        for (at, _) in text.match_indices(prefix) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &text[at + prefix.len()..];
            for path in opened(rest) {
                let joined = if base.is_empty() { path } else { format!("{base}::{path}") };
                found.insert(joined);
            }
        }
    }
    found
}

/// The paths at the start of `text`: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn opened(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let head = &text[..end];
    let group = text[end..].starts_with('{') && (head.is_empty() || head.ends_with("::"));
    if !group {
        return vec![head.to_owned()];
    }
    let stem = head.trim_end_matches("::");
    let mut depth = 0;
    let mut parts = Vec::new();
    let mut start = end + 1;
    for (offset, c) in text[end..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let at = end + offset;
        if (c == ',' && depth == 1) || depth == 0 {
            parts.push(text[start..at].trim().to_owned());
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .flat_map(|part| opened(part))
        .map(|part| if stem.is_empty() { part } else { format!("{stem}::{part}") })
        .collect()
}

#[test]
fn every_arrow_stands_in_the_table() {
    let files = sources();
    let rooms: BTreeSet<&str> = files.keys().map(|file| room(file)).collect();
    let mut wrong = Vec::new();
    for (file, text) in &files {
        let Some((_, may)) = TABLE.iter().find(|(name, _)| *name == room(file)) else {
            wrong.push(format!("{file}: the room {:?} is not in the table", room(file)));
            continue;
        };
        for import in imports(file, text) {
            let to = import.split("::").next().unwrap_or_default().to_owned();
            if rooms.contains(to.as_str()) && to != room(file) && !may.contains(&"*") && !may.contains(&to.as_str()) {
                wrong.push(format!("{file}: imports crate::{import}, but {} may import {may:?} only", room(file)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_duty_leaves_its_room() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (word, places, rule) in DUTIES {
            if text.contains(word) && !places.iter().any(|place| file.starts_with(place)) {
                wrong.push(format!("{file}: has {word:?}: {rule}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn log_fields_are_written_by_debug_so_that_no_text_forges_a_line() {
    let may = ["retry_at", "due_at", "at"];
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for macro_name in ["error!(", "warn!(", "info!(", "debug!(", "trace!("] {
            for (at, _) in text.match_indices(macro_name) {
                let call = text[at..].split(");").next().unwrap_or_default();
                if call.contains("(%") || call.contains(", %") {
                    wrong.push(format!("{file}: a log field is written by %: use ?"));
                }
                for (place, _) in call.match_indices("= %") {
                    let field = call[..place].trim_end().rsplit([' ', ',', '(', '\n']).next().unwrap_or_default();
                    if !may.contains(&field) {
                        wrong.push(format!("{file}: the log field {field:?} is written by %: use ?"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file that an import leads to: the longest path of modules that is a file, or the door of the folder.
fn target(import: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<&str> = import.split("::").collect();
    (1..=parts.len()).rev().find_map(|n| {
        let path = parts[..n].join("/");
        [format!("{path}.rs"), format!("{path}/mod.rs")].into_iter().find(|file| files.contains_key(file))
    })
}

#[test]
fn no_circle_of_files() {
    let files = sources();
    let arrows: BTreeMap<&String, BTreeSet<String>> = files
        .iter()
        // A door leads to its children by `mod`; what it re-exports is no arrow of its own.
        .filter(|(file, _)| !file.ends_with("/mod.rs") && *file != "lib.rs")
        .map(|(file, text)| {
            let to = imports(file, text).iter().filter_map(|import| target(import, &files)).filter(|to| to != file).collect();
            (file, to)
        })
        .collect();
    for start in arrows.keys() {
        let mut reached: BTreeSet<&String> = BTreeSet::new();
        let mut open: Vec<&String> = arrows[start].iter().collect();
        while let Some(file) = open.pop() {
            assert!(file != *start, "{start} imports a file that leads back to it: {:?}", arrows[start]);
            if reached.insert(file) {
                open.extend(arrows.get(file).into_iter().flatten());
            }
        }
    }
}

#[test]
fn within_a_room_the_file_is_imported_and_from_outside_the_door() {
    let files = sources();
    let mut wrong = Vec::new();
    for (file, text) in &files {
        if file.ends_with("/mod.rs") {
            continue;
        }
        for import in imports(file, text) {
            let parts: Vec<&str> = import.split("::").collect();
            let own_door = parts[0] == room(file) && parts.len() >= 2 && file.contains('/');
            if own_door && target(&import, &files).is_some_and(|to| to == format!("{}/mod.rs", room(file))) {
                wrong.push(format!("{file}: imports crate::{import} through its own door; import the file"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_opens_groups_and_circles_are_seen() {
    assert_eq!(
        opened("domain::{Cadence, digest::{Caps, Window}, x};"),
        ["domain::Cadence", "domain::digest::Caps", "domain::digest::Window", "domain::x"]
    );
    assert_eq!(
        imports("web/page.rs", "use super::form::Form;\nuse crate::store::Store;"),
        BTreeSet::from(["store::Store".into(), "web::form::Form".into()])
    );
}
