//! Letters on their way out: `cargo bench --bench sending [LETTERS]` (4,000 unless given).
//!
//! The yardstick is Postfix's `smtp-source` into the same `smtp-sink` in the same round: as many messages of the same size over as many
//! sessions, and nothing thought, written or kept for them. Ours are signed (RSA-2048) and each has its state in SQLite on disk.
//! - *ready*: letters that are written and signed already are begun, handed over and recorded as sent.
//! - *whole*: which listings fit is decided, letters are written, signed, begun, handed over and recorded as sent.
//! - *20 ms*: one connection through a relay of bytes that takes 10 ms each way.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "sending/delay.rs"]
mod delay;
#[path = "sending/house.rs"]
mod house;
#[path = "sending/ready.rs"]
mod ready;
mod sink;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sink::{SINK, Sink};

/// Rounds; figures are medians of their ratios.
const ROUNDS: usize = 5;
/// Sessions of both.
const SESSIONS: u16 = 16;
/// Letters over the slow way.
const SLOW_LETTERS: usize = 300;
/// Program of Debian's package `postfix`.
const SOURCE: &str = "/usr/sbin/smtp-source";

fn main() {
    let letters = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(4_000);
    if !Path::new(SINK).exists() || !Path::new(SOURCE).exists() {
        eprintln!("SKIPPED sending: smtp-sink and smtp-source are not installed (Debian package postfix)");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    println!(
        "| round | smtp-source/s | ready/s | share | whole/s | share | CPU ms a letter, all of the whole | deciding | writing and signing | RSA |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let (mut ready_shares, mut whole_shares, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let sink = Sink::start();
        let ready = runtime.block_on(ready::ready(sink.port, letters, SESSIONS));
        let whole = runtime.block_on(house::whole(sink.port, letters, SESSIONS));
        let yardstick = yardstick(sink.port, letters, ready.size, SESSIONS);
        let rsa = house::rsa_milliseconds();
        let rate = |time: Duration| letters as f64 / time.as_secs_f64();
        let milliseconds = |cpu: Duration| cpu.as_secs_f64() * 1e3 / letters as f64;
        let (cpu, deciding, writing) = (milliseconds(whole.cpu), milliseconds(whole.cpu_deciding), milliseconds(ready.cpu_writing));
        let (ready_share, whole_share) = (rate(ready.took) / rate(yardstick), rate(whole.took) / rate(yardstick));
        println!(
            "| {round} | {:.0} | {:.0} | {ready_share:.2} | {:.0} | {whole_share:.2} | {cpu:.2} | {deciding:.2} | {writing:.2} | {rsa:.2} |",
            rate(yardstick),
            rate(ready.took),
            rate(whole.took)
        );
        ready_shares.push(ready_share);
        whole_shares.push(whole_share);
        beyond.push(cpu - rsa);
    }
    println!(
        "\nmedians: ready {:.2}, whole {:.2}, CPU beyond RSA {:.2} ms a letter (decision, letter, signature, SMTP, database)",
        median(ready_shares),
        median(whole_shares),
        median(beyond)
    );
    let sink = Sink::start();
    let slow = runtime.block_on(delay::start(sink.port, Duration::from_millis(10)));
    let ours = runtime.block_on(ready::ready(slow, SLOW_LETTERS, 1));
    let theirs = yardstick(slow, SLOW_LETTERS, ours.size, 1);
    let rate = |time: Duration| SLOW_LETTERS as f64 / time.as_secs_f64();
    println!("one connection over 20 ms: ours {:.1}/s, smtp-source {:.1}/s", rate(ours.took), rate(theirs));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The generator's time for as many messages of this size.
fn yardstick(port: u16, messages: usize, size: usize, sessions: u16) -> Duration {
    let mut command = Command::new(SOURCE);
    command.args(["-d", "-s", &sessions.to_string(), "-m", &messages.to_string(), "-l", &size.to_string()]);
    command.args(["-f", "alerts@jobs.example.org", "-t", "reader@example.org"]).arg(format!("127.0.0.1:{port}"));
    let begun = Instant::now();
    let ended = command.stdout(Stdio::null()).status().expect("smtp-source runs");
    assert!(ended.success(), "smtp-source: {ended}");
    begun.elapsed()
}
