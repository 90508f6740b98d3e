//! `rolecall match`: alerts held against postings, one line a match.

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::exit::CliError;
use super::facts::{Lines, Numbered, read_all};
use super::output::settle;
use super::talk::talk;
use crate::app::places::join_added_places;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{Alert, NewListing, Posting};
use crate::extract::Extractor;
use crate::matching::{Block, Programs, Subject};

/// `rolecall match`
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// Alerts, NDJSON
    #[arg(long, value_name = "FILE")]
    pub alerts: PathBuf,
    /// Postings, NDJSON
    #[arg(long, value_name = "FILE")]
    pub listings: PathBuf,
    /// End stderr with one JSON line of figures
    #[arg(long)]
    pub timing: bool,
}

/// Listings of one block.
const LANES: usize = 512;
/// Machine words of one block's masks.
const WORDS: usize = LANES / 64;
/// Alerts read at a time.
const CHUNK: usize = 10_000;

/// One line of the answer.
#[derive(serde::Serialize)]
struct Match<'a> {
    listing: &'a str,
    alert: &'a str,
}

/// The figures of `--timing`.
#[derive(Default, serde::Serialize)]
struct Timing {
    alerts: usize,
    listings: usize,
    matches: usize,
    load_ms: f64,
    match_ms: f64,
}

/// Prints every match.
pub fn matching(args: &MatchArgs, config: &Config) -> Result<(), CliError> {
    join_added_places(&config.service.data_dir).map_err(|fault| CliError::unavailable(fault.to_string()))?;
    let rates = config.rates()?;
    let begun = Instant::now();
    let (alerts, alert_lines) = read_alerts(args)?;
    let programs = Programs::compile(alerts.iter().map(|alert| &alert.preferences), &rates);
    let mut timing = Timing { alerts: alerts.len(), ..Timing::default() };
    let mut loading = begun.elapsed();
    let mut matching = Duration::ZERO;
    let (extractor, now) = (Extractor::new(), Clock::System.now());
    let mut lines = Lines::open(Some(&args.listings))?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    loop {
        let begun = Instant::now();
        let postings: Vec<Numbered<Posting>> = lines.chunk(LANES)?;
        if postings.is_empty() {
            break;
        }
        let listings = read_all(&extractor, postings, now);
        loading += begun.elapsed();
        let begun = Instant::now();
        timing.listings += listings.len();
        let found = hits(&programs, &listings);
        matching += begun.elapsed();
        timing.matches += found.len();
        for (alert, listing) in found {
            let line = Match { listing: &listings[listing].posting.id, alert: &alerts[alert].id };
            let json = serde_json::to_vec(&line).map_err(|fault| CliError::internal(&fault.to_string()))?;
            settle(out.write_all(&json).and_then(|()| out.write_all(b"\n")))?;
        }
    }
    settle(out.flush())?;
    let ended = alert_lines.end().and(lines.end());
    if args.timing {
        let ended = ended.map_err(CliError::said);
        (timing.load_ms, timing.match_ms) = (loading.as_secs_f64() * 1e3, matching.as_secs_f64() * 1e3);
        let json = serde_json::to_string(&timing).map_err(|fault| CliError::internal(&fault.to_string()))?;
        talk(&json);
        return ended;
    }
    ended
}

/// The pairs (alert, listing) of one block, by index.
fn hits(programs: &Programs, listings: &[NewListing]) -> Vec<(usize, usize)> {
    let subjects: Vec<Subject<'_>> = listings.iter().map(Subject::of_new).collect();
    let block = Block::<WORDS>::new(&subjects);
    let mut found = Vec::new();
    programs.evaluate(&block, |alert, mask| found.extend(mask.lanes().map(|lane| (alert, lane))));
    found
}

/// The alerts, and the lines they came from, for what was left out.
type ReadAlerts = (Vec<Alert>, Lines<Box<dyn std::io::BufRead>>);

/// Alerts whose preferences make sense; the others are reported by line and left out.
fn read_alerts(args: &MatchArgs) -> Result<ReadAlerts, CliError> {
    let mut lines = Lines::open(Some(&args.alerts))?;
    let mut alerts = Vec::new();
    loop {
        let chunk: Vec<Numbered<Alert>> = lines.chunk(CHUNK)?;
        if chunk.is_empty() {
            return Ok((alerts, lines));
        }
        for Numbered { line, value: alert } in chunk {
            match alert.preferences.check() {
                Ok(()) => alerts.push(alert),
                Err(fault) => lines.report(line, &fault.to_string()),
            }
        }
    }
}
