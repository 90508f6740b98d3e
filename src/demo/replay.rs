//! Recorded answers of real boards, played back: `rolecall demo --payloads DIR`.
//!
//! A file under `DIR/<kind>/` is one board named after it; a folder under `DIR/<kind>/series*/` is one board that moves on to its
//! next poll, in the order of the file names, every tick. Nothing of it is shipped or kept: files are read when they are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::demo::answer::{Answer, Packing};
use crate::demo::ask::Ask;
use crate::demo::catalogue::BoardKind;
use crate::demo::error::DemoError;
use crate::demo::source::DemoSource;

/// The kinds that can be replayed, with their folders.
const FOLDERS: [(&str, BoardKind); 7] = [
    ("greenhouse", BoardKind::Greenhouse),
    ("lever", BoardKind::Lever),
    ("ashby", BoardKind::Ashby),
    ("jobicy", BoardKind::Jobicy),
    ("arbeitnow", BoardKind::Arbeitnow),
    ("rss", BoardKind::Rss),
    ("weworkremotely", BoardKind::Rss),
];

/// Files larger than this are no answers of a board.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// Recorded boards, found once and read when asked for.
#[derive(Debug)]
pub struct Replay {
    boards: BTreeMap<(BoardKind, String), Vec<PathBuf>>,
}

impl Replay {
    /// Looks through a folder of recorded answers.
    ///
    /// # Errors
    /// The folder cannot be read; it holds no known answer.
    pub fn open(folder: &Path) -> Result<Self, DemoError> {
        let mut boards = BTreeMap::new();
        entries(folder)?;
        for (name, kind) in FOLDERS {
            let folder = folder.join(name);
            if folder.is_dir() {
                find(kind, &folder, &mut boards)?;
            }
        }
        if boards.is_empty() {
            let kinds = FOLDERS.map(|(name, _)| name).join(", ");
            return Err(DemoError::NoPayloads { path: folder.to_path_buf(), kinds });
        }
        Ok(Self { boards })
    }

    /// How many boards were found.
    pub fn board_count(&self) -> usize {
        self.boards.len()
    }

    /// The recorded answer to a request at a tick; none where there is no such board or its file has gone.
    pub fn answer(&self, ask: &Ask, tick: u64) -> Option<Answer> {
        let polls = if ask.board.is_empty() {
            self.boards.iter().find(|((kind, _), _)| *kind == ask.kind).map(|(_, polls)| polls)?
        } else {
            self.boards.get(&(ask.kind, ask.board.clone()))?
        };
        let turn = usize::try_from(tick).unwrap_or(usize::MAX).min(polls.len().saturating_sub(1));
        let path = polls.get(turn)?;
        let body = read(path).inspect_err(|fault| tracing::warn!(path = ?path, ?fault, "a recorded answer cannot be read")).ok()?;
        if ask.turn.page() > 1 || ask.turn.skip() > 0 {
            // A capture is the whole list: there is nothing behind it.
            return Some(Answer::json(&nothing(ask.kind)));
        }
        if path.extension().is_some_and(|ending| ending == "gz") {
            return Some(Answer { media_type: "application/json; charset=utf-8", body, packing: Packing::Gzip });
        }
        match ask.kind {
            BoardKind::Rss => Some(Answer { media_type: "application/rss+xml; charset=utf-8", body, packing: Packing::Plain }),
            kind => Some(Answer::json(&wrapped(kind, serde_json::from_slice(&body).ok()?))),
        }
    }

    /// The sources to fetch.
    pub fn sources(&self, root: &str) -> Vec<DemoSource> {
        let mut listed = BTreeSet::new();
        self.boards
            .keys()
            .map(|(kind, board)| {
                let name = format!("replay-{}-{}", kind.name(), tidy(board));
                match kind {
                    BoardKind::Greenhouse | BoardKind::Lever | BoardKind::Ashby => DemoSource::board(*kind, name, board, root),
                    BoardKind::Rss => DemoSource::feed(*kind, name, format!("{root}/feeds/{board}/jobs.rss")),
                    BoardKind::Jobicy | BoardKind::Arbeitnow | BoardKind::File => {
                        let is_first = listed.insert(*kind);
                        let root = if is_first { String::from(root) } else { format!("{root}/also/{board}") };
                        DemoSource::list(*kind, name, root)
                    }
                }
            })
            .collect()
    }
}

type Found = BTreeMap<(BoardKind, String), Vec<PathBuf>>;

/// Boards directly in a kind's folder, and those in its series.
fn find(kind: BoardKind, folder: &Path, found: &mut Found) -> Result<(), DemoError> {
    for path in entries(folder)? {
        let name = file_name(&path);
        if path.is_dir() && name.starts_with("series") {
            for board in entries(&path)?.into_iter().filter(|path| path.is_dir()) {
                let polls: Vec<PathBuf> = entries(&board)?.into_iter().filter(|poll| is_answer(kind, poll)).collect();
                if !polls.is_empty() {
                    found.insert((kind, tidy(&format!("{name}-{}", file_name(&board)))), polls);
                }
            }
        } else if is_answer(kind, &path) {
            let board = name.split('.').next().unwrap_or(&name);
            found.insert((kind, tidy(board)), vec![path]);
        }
    }
    Ok(())
}

/// The entries of a folder in the order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DemoError> {
    let unreadable = |fault: io::Error| DemoError::Unreadable { path: folder.to_path_buf(), fault };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Whether a file is a list as this kind sends it: single jobs and trees, which captures hold too, are other calls.
fn is_answer(kind: BoardKind, path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    match (kind, ending) {
        (BoardKind::Rss, "rss" | "xml") => true,
        (BoardKind::Rss, _) => false,
        (_, "gz") => path.with_extension("").extension().is_some_and(|inner| inner == "json"),
        (_, "json") => {
            let value = read(path).ok().and_then(|body| serde_json::from_slice::<Value>(&body).ok());
            value.is_some_and(|value| value.is_array() || list_key(kind).is_some_and(|key| value[key].is_array()))
        }
        _ => false,
    }
}

/// The key under which a kind keeps its list; none for a bare array.
const fn list_key(kind: BoardKind) -> Option<&'static str> {
    match kind {
        BoardKind::Greenhouse | BoardKind::Ashby | BoardKind::Jobicy => Some("jobs"),
        BoardKind::Arbeitnow => Some("data"),
        BoardKind::Lever | BoardKind::Rss | BoardKind::File => None,
    }
}

/// Puts back the envelope that a trimmed capture lost.
fn wrapped(kind: BoardKind, body: Value) -> Value {
    let Some(key) = list_key(kind) else { return body };
    let mut whole = if body.is_array() { json!({ key: body }) } else { body };
    let count = whole[key].as_array().map_or(0, Vec::len);
    let missing = match kind {
        BoardKind::Greenhouse => json!({ "meta": { "total": count } }),
        BoardKind::Ashby => json!({ "apiVersion": "1" }),
        BoardKind::Jobicy => json!({ "apiVersion": "2.1.0", "jobCount": count, "friendlyNotice": "" }),
        _ => json!({
            "links": { "first": null, "last": null, "prev": null, "next": null },
            "meta": { "current_page": 1, "from": 1, "per_page": 100, "to": count },
        }),
    };
    if let (Value::Object(whole), Value::Object(missing)) = (&mut whole, missing) {
        for (key, value) in missing {
            whole.entry(key).or_insert(value);
        }
    }
    whole
}

fn nothing(kind: BoardKind) -> Value {
    wrapped(kind, json!([]))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST_FILE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than any answer of a board"));
    }
    fs::read(path)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A name that fits a path segment and a source's name.
fn tidy(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Ask, BoardKind, Replay, json, tidy, wrapped};

    fn ask(kind: BoardKind, board: &str) -> Ask {
        Ask { kind, board: board.to_owned(), turn: crate::demo::ask::Turn::default() }
    }

    #[test]
    fn files_are_boards_and_a_series_is_one_board_that_moves_on_and_stays_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("lever/acme.json", "[]");
        write("lever/readme.txt", "no board");
        write("lever/series/acme/2.json", "[{\"id\":\"b\"}]");
        write("lever/series/acme/1.json", "[{\"id\":\"a\"}]");
        write("unknown/acme.json", "[]");
        let replay = Replay::open(folder.path()).unwrap();
        assert_eq!(replay.board_count(), 2);
        let body =
            |board: &str, tick| replay.answer(&ask(BoardKind::Lever, board), tick).map(|answer| String::from_utf8(answer.body).unwrap());
        assert_eq!(body("acme", 3).as_deref(), Some("[]"));
        assert_eq!(body("series-acme", 0).as_deref(), Some("[{\"id\":\"a\"}]"));
        assert_eq!(body("series-acme", 1).as_deref(), Some("[{\"id\":\"b\"}]"));
        assert_eq!(body("series-acme", 99), body("series-acme", 1));
        assert_eq!(body("../lever/acme", 0), None);
    }

    #[test]
    fn further_lists_of_a_platform_without_board_names_stand_under_a_path_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("jobicy")).unwrap();
        for name in ["a.json", "b.json"] {
            std::fs::write(folder.path().join("jobicy").join(name), format!("{{\"jobs\":[{{\"jobTitle\":\"{name}\"}}]}}")).unwrap();
        }
        let replay = Replay::open(folder.path()).unwrap();
        let roots: Vec<String> = replay.sources("http://127.0.0.1:9").into_iter().filter_map(|source| source.base_url).collect();
        assert_eq!(roots, ["http://127.0.0.1:9", "http://127.0.0.1:9/also/b"]);
        let title = |board: &str| {
            let body = replay.answer(&ask(BoardKind::Jobicy, board), 0).unwrap().body;
            serde_json::from_slice::<serde_json::Value>(&body).unwrap()["jobs"][0]["jobTitle"].clone()
        };
        assert_eq!((title(""), title("b")), (json!("a.json"), json!("b.json")));
    }

    #[test]
    fn a_trimmed_capture_gets_its_envelope_back_and_a_whole_one_is_left_alone() {
        assert_eq!(wrapped(BoardKind::Greenhouse, json!([{ "id": 1 }])), json!({ "jobs": [{ "id": 1 }], "meta": { "total": 1 } }));
        let whole = json!({ "jobs": [], "meta": { "total": 167 } });
        assert_eq!(wrapped(BoardKind::Greenhouse, whole.clone()), whole);
        assert_eq!(wrapped(BoardKind::Lever, json!([])), json!([]));
        assert_eq!(wrapped(BoardKind::Arbeitnow, json!({ "data": [1] }))["links"]["next"], json!(null));
    }

    #[test]
    fn a_board_name_fits_a_path_segment() {
        assert_eq!(tidy("Acme & Söhne/2"), "Acme---S-hne-2");
    }
}
