//! How many postings a second are read into facts, beside merely lower-casing and splitting the same texts.
//!
//! Texts: the recorded corpus where it is present, else the hand-written fixtures. Run with `cargo bench --bench facts`.

use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rolecall::domain::Posting;
use rolecall::extract::{Extractor, html_to_text};

/// Postings read from the corpus; enough for steady figures within seconds.
const SAMPLE: usize = 10_000;
/// Rounds of each measurement; the fastest counts, so that neighbours on the machine do not.
const ROUNDS: usize = 3;
/// Times the few fixtures are repeated where there is no corpus.
const REPEATS: usize = 500;

fn main() {
    let (name, postings) = corpus().unwrap_or_else(fixtures);
    let bytes: usize = postings.iter().map(|posting| posting.description.as_deref().unwrap_or_default().len()).sum();
    println!("{} postings of {name}, {} bytes of text on average", postings.len(), bytes / postings.len().max(1));
    let extractor = Extractor::new();
    let now = chrono::DateTime::from_timestamp(1_772_323_200, 0).expect("a moment of 2026");
    let rows = [
        ("lower-case and split", fastest(&postings, |posting| words(&posting))),
        ("html to text", fastest(&postings, |posting| html_to_text(posting.description.as_deref().unwrap_or_default()).len())),
        ("Extractor::read", fastest(&postings, |posting| extractor.read(posting, now).facts.skills.len())),
    ];
    println!("{:<24} {:>14} {:>10} {:>8}", "", "postings/s", "us each", "ratio");
    let baseline = rows[0].1;
    for (what, rate) in rows {
        println!("{what:<24} {rate:>14.0} {:>10.1} {:>8.3}", 1e6 / rate, rate / baseline);
    }
}

/// The baseline: what any reader of the text must do at least.
fn words(posting: &Posting) -> usize {
    let lower = posting.description.as_deref().unwrap_or_default().to_lowercase();
    lower.split_whitespace().map(|word| black_box(word.to_owned()).len()).max().unwrap_or(0)
}

/// Postings a second in the fastest of some rounds.
#[expect(clippy::cast_precision_loss, reason = "a few thousand postings")]
fn fastest(postings: &[Posting], work: impl Fn(Posting) -> usize) -> f64 {
    let seconds = (0..ROUNDS).map(|_| {
        let copies = postings.to_vec();
        let start = Instant::now();
        for posting in copies {
            black_box(work(posting));
        }
        start.elapsed().as_secs_f64()
    });
    postings.len() as f64 / seconds.fold(f64::INFINITY, f64::min)
}

/// The recorded corpus: `ROLECALL_TEST_DATA`, or `../shared/data` beside the checkout.
fn corpus() -> Option<(&'static str, Vec<Posting>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("ROLECALL_TEST_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = std::fs::File::open(folder.join("corpus/train.ndjson.gz")).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).ok()?;
    Some(("the recorded corpus", text.lines().take(SAMPLE).filter_map(|line| serde_json::from_str(line).ok()).collect()))
}

fn fixtures() -> (&'static str, Vec<Posting>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract/postings.ndjson");
    let text = std::fs::read_to_string(path).expect("the fixtures ship with the source");
    let cases: Vec<serde_json::Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let postings: Vec<Posting> = cases.iter().filter_map(|case| serde_json::from_value(case["posting"].clone()).ok()).collect();
    ("the fixtures, repeated", std::iter::repeat_n(postings, REPEATS).flatten().collect())
}
