//! What a program asked of a disk, as strace wrote it down.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

/// The calls that are recorded.
const CALLS: &str = "trace=openat,pwrite64,fsync,fdatasync,ftruncate,unlink";

/// A call that changes what a crash leaves.
#[derive(Debug, Clone)]
pub enum Call {
    /// A file was made, if it was not there.
    Made(PathBuf),
    Write(PathBuf, usize, Vec<u8>),
    Cut(PathBuf, usize),
    /// From which line on it was under way: what was written later, it does not promise.
    Synced(PathBuf, usize),
    Gone(PathBuf),
}

/// A call, when it was made, and in which line it stands.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub line: usize,
    pub at: DateTime<Utc>,
    pub call: Call,
}

/// The words that have a program recorded to a file. All threads, texts whole and in hexadecimal, handles with their files.
pub fn words(to: &Path) -> Vec<String> {
    let to = to.display().to_string();
    let fixed = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-ttt", "-y", "-xx", "-s", "1000000", "-e", CALLS, "-o", &to];
    fixed.map(str::to_owned).into()
}

/// Reads a recording. A line that was cut off by the end of the program counts for nothing.
pub fn read(text: &str) -> Vec<Recorded> {
    let mut under_way: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut recorded = Vec::new();
    for (line, whole) in text.lines().enumerate() {
        // The number of a thread is filled up with blanks to five places.
        let Some((thread, rest)) = whole.split_once(' ') else { continue };
        let Some((at, said)) = rest.trim_start().split_once(' ') else { continue };
        let Some(at) = moment(at) else { continue };
        let mut note = |line, call| recorded.push(Recorded { line, at, call });
        if let Some(begun) = said.strip_suffix(" <unfinished ...>") {
            under_way.insert(thread, (line, begun));
            // A write may leave something from its first moment on.
            if let Some(call) = change(begun) {
                note(line, call);
            }
        } else if said.starts_with("<... ") {
            let Some((first, begun)) = under_way.remove(thread) else { continue };
            if let Some(call) = sync(begun, said, first).or_else(|| made(begun)) {
                note(line, call);
            }
        } else if let Some(call) = change(said).or_else(|| sync(said, said, line)).or_else(|| made(said)) {
            note(line, call);
        }
    }
    recorded
}

/// A write, a cut or a removal.
fn change(said: &str) -> Option<Call> {
    let (name, arguments) = said.split_once('(')?;
    match name {
        "pwrite64" => {
            let rest = arguments.split_once(">, \"")?.1;
            let (bytes, rest) = rest.split_once('"')?;
            let at = rest.trim_start_matches(", ").split(", ").nth(1)?;
            Some(Call::Write(handle(arguments)?, number(at)?, bytes_of(bytes)?))
        }
        "ftruncate" => Some(Call::Cut(handle(arguments)?, number(arguments.split_once(">, ")?.1)?)),
        "unlink" => Some(Call::Gone(path_of(arguments.split('"').nth(1)?)?)),
        _ => None,
    }
}

fn sync(begun: &str, ended: &str, line: usize) -> Option<Call> {
    let (name, arguments) = begun.split_once('(')?;
    let is_sync = matches!(name, "fsync" | "fdatasync") && ended.ends_with("= 0");
    is_sync.then(|| handle(arguments)).flatten().map(|path| Call::Synced(path, line))
}

fn made(begun: &str) -> Option<Call> {
    let arguments = begun.strip_prefix("openat(")?;
    arguments.contains("O_CREAT").then(|| path_of(arguments.split('"').nth(1)?)).flatten().map(Call::Made)
}

/// The file behind a handle: `7<\x2f\x74>`.
fn handle(arguments: &str) -> Option<PathBuf> {
    path_of(arguments.split_once('<')?.1.split_once('>')?.0)
}

fn path_of(hexadecimal: &str) -> Option<PathBuf> {
    Some(PathBuf::from(String::from_utf8(bytes_of(hexadecimal)?).ok()?))
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = hexadecimal.as_bytes().chunks_exact(4);
    pairs.map(|four| u8::from_str_radix(str::from_utf8(four.get(2..)?).ok()?, 16).ok()).collect()
}

/// Seconds since 1970, with six places behind the point.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(text.replace('.', "").parse().ok()?)
}

fn number(text: &str) -> Option<usize> {
    text.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[test]
fn a_recording_is_read_to_the_letter() {
    let text = "\
7 100.500000 openat(AT_FDCWD<\\x2f>, \"\\x2f\\x61\", O_RDWR|O_CREAT, 0600) = 3<\\x2f\\x61>
7 101.500000 pwrite64(3<\\x2f\\x61>, \"\\x62\\x63\", 2, 4096) = 2
8     102.500000 fdatasync(3<\\x2f\\x61> <unfinished ...>
7 103.500000 pwrite64(3<\\x2f\\x61>, \"\\x64\", 1, 0) = 1
8 104.500000 <... fdatasync resumed>)        = 0
7 105.500000 fsync(3<\\x2f\\x61>) = -1 EIO (Input/output error)
7 106.500000 ftruncate(3<\\x2f\\x61>, 12) = 0
7 107.500000 pwrite64(3<\\x2f\\x61>, \"\\x65";
    let said: Vec<String> =
        read(text).into_iter().map(|one| format!("{} {} {:?}", one.line, one.at.timestamp_millis(), one.call)).collect();
    assert_eq!(
        said,
        [
            r#"0 100500 Made("/a")"#,
            r#"1 101500 Write("/a", 4096, [98, 99])"#,
            r#"3 103500 Write("/a", 0, [100])"#,
            r#"4 104500 Synced("/a", 2)"#,
            r#"6 106500 Cut("/a", 12)"#,
        ]
    );
}
