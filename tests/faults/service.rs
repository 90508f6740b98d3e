//! One run of the program: how it is started, when it says that it is ready, how it ends.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::UnixDatagram;

/// It has to say READY, or to end, within this time: a slow machine may have its time.
const STARTS_WITHIN: Duration = Duration::from_mins(1);
/// What it is to say has to be said within this time.
const SAYS_WITHIN: Duration = Duration::from_mins(1);
/// It has to stop on SIGTERM within this time.
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// What stands around a run: a program that runs it (strace, prlimit), variables that override the configuration.
#[derive(Clone, Default)]
pub struct How {
    pub under: Vec<String>,
    pub variables: Vec<(String, String)>,
}

impl How {
    /// Under another program.
    pub fn under(words: &[&str]) -> Self {
        Self { under: words.iter().map(|word| (*word).to_owned()).collect(), ..Self::default() }
    }

    /// Under strace, which does this to a call: `fsync,fdatasync:error=EIO:when=3..5`.
    pub fn inject(what: &str) -> Self {
        let calls = what.split(':').next().unwrap_or_default();
        // The program stays our child (-D), so that its exit is seen.
        Self::under(&["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e", &format!("inject={what}")])
    }

    /// With a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A running `rolecall serve`; killed when dropped.
pub struct Service {
    child: Child,
    talk: Arc<UnixDatagram>,
    log: PathBuf,
    /// Where its own lines begin in the log.
    from: usize,
    page: Option<String>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub fn start(mut command: Command, talk: UnixDatagram, log: PathBuf) -> Self {
        let from = std::fs::metadata(&log).map_or(0, |meta| usize::try_from(meta.len()).unwrap());
        Self { child: command.spawn().unwrap(), talk: Arc::new(talk), log, from, page: None }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it is ready; false where it ended before.
    pub async fn ready(&mut self) -> bool {
        let until = Instant::now() + STARTS_WITHIN;
        let mut said = [0; 4096];
        loop {
            assert!(Instant::now() < until, "it neither says READY nor ends\n{}", self.log());
            let heard = tokio::time::timeout(Duration::from_millis(20), self.talk.recv(&mut said)).await;
            if let Ok(Ok(length)) = heard
                && String::from_utf8_lossy(&said[..length]).lines().any(|line| line == "READY=1")
            {
                self.page = Some(self.told_page());
                // systemd goes on listening.
                let talk = Arc::clone(&self.talk);
                tokio::spawn(async move { while talk.recv(&mut [0; 4096]).await.is_ok() {} });
                return true;
            }
            if self.ended().is_some() {
                return false;
            }
        }
    }

    /// Its own lines of the log.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes[self.from.min(bytes.len())..]).into_owned()
    }

    /// Waits until its log has these words.
    pub async fn says(&self, words: &str) {
        let until = Instant::now() + SAYS_WITHIN;
        while !self.log().contains(words) {
            assert!(Instant::now() < until, "it does not say {words:?}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn told_page(&self) -> String {
        let log = self.log();
        let told = log.rsplit_once("page=").expect("a ready service has told its page").1;
        told.trim_start_matches('"').split(['"', ' ', '\n']).next().unwrap().to_owned()
    }

    /// Where its pages are.
    pub fn page(&self) -> &str {
        self.page.as_deref().expect("it was waited for")
    }

    /// Kills it, as a crash or the kernel would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    /// Asks it to stop; how it ended.
    pub async fn stop(mut self) -> ExitStatus {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let until = Instant::now() + STOPS_WITHIN;
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(Instant::now() < until, "it does not stop; its threads wait in\n{}\n{}", self.threads(), self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What each thread waits for: its name, and the number and arguments of its system call (`running` where there is none).
    fn threads(&self) -> String {
        let folder = format!("/proc/{}/task", self.child.id());
        let tell = |thread: std::fs::DirEntry| {
            let read = |what| std::fs::read_to_string(thread.path().join(what)).unwrap_or_else(|fault| fault.to_string());
            format!("{} {}: {}\n", thread.file_name().display(), read("comm").trim(), read("syscall").trim())
        };
        std::fs::read_dir(folder).map(|threads| threads.flatten().map(tell).collect()).unwrap_or_default()
    }
}
