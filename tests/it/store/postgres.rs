//! A Postgres of the test's own: made in a temporary folder, reached over a Unix socket, stopped when it is dropped.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server.
pub struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    as_user: Option<&'static str>,
}

impl Server {
    /// Makes and starts a server; none, said aloud, where there are no programs to do it with.
    pub fn start(suite: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED {suite}: no initdb and pg_ctl in PATH or /usr/lib/postgresql");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("rolecall-pg-").tempdir_in("/tmp").unwrap();
        // The server refuses to run as root, so it gets a user of its own who owns the folder.
        let as_user = is_root().then(|| if user_exists("postgres") { "postgres" } else { "nobody" });
        if let Some(user) = as_user {
            assert!(Command::new("chown").arg(user).arg(folder.path()).status().unwrap().success());
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let server = Self { programs, folder, as_user };
        let data = server.data();
        server.run("initdb", &["-D", &data, "-U", "rolecall", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        let socket = server.folder.path().display().to_string();
        let options = format!("-c listen_addresses= -c fsync=off -c max_connections=100 -k {socket}");
        let log = format!("{socket}/log");
        server.run("pg_ctl", &["-D", &data, "-w", "-t", "60", "-l", &log, "-o", &options, "start"]);
        Some(server)
    }

    /// The URL of a new, empty database.
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.path().display().to_string();
        self.run("createdb", &["-h", &socket, "-U", "rolecall", name]);
        format!("postgres://rolecall@{}/{name}", socket.replace('/', "%2F"))
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = match self.as_user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
        };
        // No pipes: the server would inherit them and keep whoever reads them waiting.
        let status = command.args(arguments).current_dir("/tmp").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{command:?} ended with {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
    }
}

fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.into_iter().find(|folder| ["initdb", "pg_ctl", "createdb"].iter().all(|name| folder.join(name).exists()))
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn user_exists(name: &str) -> bool {
    let users = std::fs::read_to_string(Path::new("/etc/passwd")).unwrap_or_default();
    users.lines().any(|line| line.split(':').next() == Some(name))
}
