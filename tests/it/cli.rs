//! The command as an operator types it: the real program in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod adding;
mod arriving;
mod care;
mod checking;
mod commands;
mod faults;
mod letters;
mod matching;
mod passes;
mod push;
mod returning;
mod sealed;
mod tokens;
mod webhooks;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A folder with a configuration: one file source, letters as files.
struct Place {
    folder: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    talk: String,
}

const CONFIG: &str = r#"
[service]
data_dir = "data"
[mail]
transport = "file"
[[source]]
name = "local"
kind = "file"
path = "postings.ndjson"
schedule = "*/5 * * * *"
"#;

impl Place {
    /// With two listings: a backend engineer's and a gardener's.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.write("rolecall.toml", CONFIG);
        place.write("postings.ndjson", &format!("{}{}", posting("1", "Senior Backend Engineer"), posting("2", "Gardener")));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["ROLECALL_CONFIG", "CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "RUST_LOG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command given as words.
    fn run(&self, line: &str) -> Done {
        let words: Vec<&str> = line.split_whitespace().collect();
        Done::of(self.command(&words).output().unwrap())
    }

    /// Runs a command that must succeed; gives its stdout.
    fn data(&self, line: &str) -> String {
        let done = self.run(line);
        assert_eq!(done.code, Some(0), "rolecall {line}: {done:?}");
        done.out
    }

    /// Runs a command with `--json` that must succeed; gives the value of each line.
    fn json(&self, line: &str) -> Vec<Value> {
        let out = self.data(&format!("{line} --json"));
        out.lines().map(|one| serde_json::from_str(one).unwrap_or_else(|fault| panic!("rolecall {line}: {one}: {fault}"))).collect()
    }

    /// The letters kept so far, oldest first.
    fn letters(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.path("data/mail")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// A process that goes on until it is stopped.
    fn start(&self, line: &str) -> Running {
        let words: Vec<&str> = line.split_whitespace().collect();
        Running(self.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Done {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), talk: text(output.stderr) }
    }
}

/// A process that is ended with its test, whatever becomes of that.
struct Running(Child);

impl Running {
    /// Asks it to stop, and gives its exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A line of postings.
fn posting(id: &str, title: &str) -> String {
    let value = serde_json::json!({
        "id": id, "source": "local", "title": title, "company": "Malabar Ledger", "location": "Bengaluru, India",
        "description": "<p>Build payment services in Rust and Postgres.</p><p>3+ years of experience.</p>",
        "salary_text": "INR 30,00,000 - 45,00,000 a year", "employment_type": "full time", "posted_at": "2026-11-20",
        "url": format!("https://jobs.example.com/{id}"),
    });
    format!("{value}\n")
}

/// A port that nobody listens on at this moment.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Every file below a folder with what it holds.
fn snapshot(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
