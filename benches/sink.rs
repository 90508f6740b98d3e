//! Postfix's `smtp-sink` on a loopback port, for the benchmarks that send.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Program of Debian's package `postfix`.
pub const SINK: &str = "/usr/sbin/smtp-sink";

/// Postfix's sink, ended with its round.
pub struct Sink {
    child: Child,
    pub port: u16,
}

impl Sink {
    pub fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a loopback port").port();
        let mut command = Command::new(SINK);
        // It refuses to run as root without a user to change to, and may not change when it is not root.
        if Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
            command.args(["-u", "nobody"]);
        }
        command.arg(format!("127.0.0.1:{port}")).arg("256").stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("smtp-sink starts");
        let until = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { child, port }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
