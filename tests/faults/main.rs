//! Faults, injected for real: the program runs as a child process while its disk, its system calls, its mail server and its limits fail.
//!
//! Each test names the row of `docs/FAULTS.md` that it is the proof of. What a machine does not allow (root, strace, mounts) is said
//! aloud and skipped. `ROLECALL_FAULT_POINTS=200` kills at each of the first 200 calls of a kind instead of at a few,
//! `ROLECALL_FAULT_ROUNDS` repeats what is done once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../kill/board.rs"]
mod board;
mod clocks;
mod crowd;
mod cuts;
mod database;
mod disk;
mod disks;
mod doors;
mod gate;
mod heartbeat;
mod kills;
mod limits;
mod post;
mod recording;
mod secrets;
mod service;
#[path = "../kill/sink.rs"]
mod sink;
mod soak;
mod soak_board;
mod soak_post;
mod soak_service;
mod watchdog;
mod world;

/// Says a line past the test runner, which keeps what `println!` prints of a test that passes.
fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Says aloud what was not tested, and why.
fn skipped(what: &str, why: &str) {
    say(&format!("SKIPPED {what}: {why}"));
}

/// Whether a program can be run here.
fn has(program: &str) -> bool {
    std::process::Command::new(program).arg("--version").output().is_ok()
}

/// A number from the environment.
fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// How often what is done once by default is repeated.
fn rounds() -> usize {
    from_environment("ROLECALL_FAULT_ROUNDS", 1)
}
