//! How many postings a second are read into facts, beside merely lower-casing and splitting the same texts; the slowest of them;
//! and what hostile ones cost.
//!
//! Texts: the recorded corpus where it is present, else the hand-written fixtures. Run with `cargo bench --bench facts`.

use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall::domain::Posting;
use rolecall::extract::{Extractor, html_to_text};
use rustix::time::{ClockId, clock_gettime};

/// Rounds of each measurement; the fastest counts, so that neighbours on the machine do not.
const ROUNDS: usize = 3;
/// Times the few fixtures are repeated where there is no corpus.
const REPEATS: usize = 500;
/// The slowest postings named.
const SLOWEST: usize = 10;
/// Ordinary postings that hostile ones are put among.
const ORDINARY: usize = 1_000;

fn main() {
    let (name, postings) = corpus().unwrap_or_else(fixtures);
    let bytes: usize = postings.iter().map(|posting| posting.description.as_deref().unwrap_or_default().len()).sum();
    println!("{} postings of {name}, {} bytes of text on average", postings.len(), bytes / postings.len().max(1));
    let extractor = Extractor::new();
    let before = peak_memory();
    let rows = [
        ("lower-case and split", fastest(&postings, words)),
        ("html to text", fastest(&postings, |posting| html_to_text(posting.description.as_deref().unwrap_or_default()).len())),
        ("Extractor::facts", fastest(&postings, |posting| extractor.facts(posting).skills.len())),
        ("Extractor::read", fastest(&postings, |posting| extractor.read(posting.clone(), now()).facts.skills.len())),
    ];
    println!("{:<24} {:>14} {:>10} {:>8}", "", "postings/s", "us each", "ratio");
    let baseline = rows[0].1;
    for (what, rate) in rows {
        println!("{what:<24} {rate:>14.0} {:>10.1} {:>8.3}", 1e6 / rate, rate / baseline);
    }
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        println!("peak memory {after} KB; {before} KB of it held before the first posting was read");
    }
    slowest(&extractor, &postings);
    hostile(&extractor, &postings);
}

fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_772_323_200, 0).expect("a moment of 2026")
}

/// The baseline: what any reader of the text must do at least.
fn words(posting: &Posting) -> usize {
    let lower = posting.description.as_deref().unwrap_or_default().to_lowercase();
    lower.split_whitespace().map(|word| black_box(word.to_owned()).len()).max().unwrap_or(0)
}

/// Postings a second in the fastest of some rounds.
#[expect(clippy::cast_precision_loss, reason = "a few ten thousand postings")]
fn fastest(postings: &[Posting], work: impl Fn(&Posting) -> usize) -> f64 {
    let seconds = (0..ROUNDS).map(|_| timed(postings, &work).as_secs_f64());
    postings.len() as f64 / seconds.fold(f64::INFINITY, f64::min)
}

/// What some postings take of the processor; what else runs on the machine is not counted.
fn timed<'a>(postings: impl IntoIterator<Item = &'a Posting>, work: impl Fn(&Posting) -> usize) -> Duration {
    let start = processor_time();
    for posting in postings {
        black_box(work(posting));
    }
    processor_time().saturating_sub(start)
}

/// What this thread has had of the processor.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let nanos = u32::try_from(time.tv_nsec).expect("less than a second");
    Duration::new(u64::try_from(time.tv_sec).expect("time goes forward"), nanos)
}

/// The most memory this process ever held, in KB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// Names the slowest postings, each at its fastest of some rounds.
fn slowest(extractor: &Extractor, postings: &[Posting]) {
    let time = |posting: &Posting| {
        let rounds = (0..ROUNDS).map(|_| timed([posting], |posting| extractor.facts(posting).skills.len()));
        rounds.min().unwrap_or_default()
    };
    let mut times: Vec<(Duration, &Posting)> = postings.iter().map(|posting| (time(posting), posting)).collect();
    times.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    println!("the slowest {SLOWEST}:");
    for (time, posting) in times.iter().take(SLOWEST) {
        let length = posting.description.as_deref().unwrap_or_default().len();
        println!("{:>10.3} ms {length:>8} bytes  {}", time.as_secs_f64() * 1e3, posting.id);
    }
}

/// What hostile postings cost: each by itself, and ten among a thousand ordinary ones.
fn hostile(extractor: &Extractor, postings: &[Posting]) {
    println!("hostile postings:");
    let read = |posting: &Posting| extractor.facts(posting).skills.len();
    let hostile: Vec<Posting> = hostile_texts()
        .into_iter()
        .map(|(name, text)| Posting { id: name.to_owned(), title: text.clone(), description: Some(text), ..Posting::default() })
        .collect();
    for posting in &hostile {
        let time = (0..ROUNDS).map(|_| timed([posting], read)).min().unwrap_or_default();
        println!("{:>10.3} ms {:>8} bytes  {}", time.as_secs_f64() * 1e3, posting.title.len(), posting.id);
    }
    let ordinary = &postings[..ORDINARY.min(postings.len())];
    let nested: Vec<&Posting> = hostile.iter().filter(|posting| posting.id.starts_with("nested")).cycle().take(10).collect();
    let fastest = |among: &[&Posting]| {
        let rounds = (0..ROUNDS).map(|_| timed(ordinary.iter().chain(among.iter().copied()), read));
        rounds.min().unwrap_or_default().as_secs_f64() * 1e3
    };
    let (alone, mixed) = (fastest(&[]), fastest(&nested));
    println!("{} ordinary postings {alone:.1} ms; with 10 nested ones {mixed:.1} ms: {:.2} times", ordinary.len(), mixed / alone);
}

/// Texts that stall readers of HTML or of prose; the nested ones took html5ever's tree 3 to 60 s.
fn hostile_texts() -> Vec<(&'static str, String)> {
    vec![
        ("nested lists, 80 KB", "<ul><li>".repeat(10_000)),
        ("nested divs, 200 KB", "<div>".repeat(40_000)),
        ("nested divs, 500 KB", "<div>".repeat(100_000)),
        ("attributes of one tag", format!("<p {}>", (0..90_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join(" "))),
        ("open scripts", "<script>".repeat(40_000)),
        ("open quotes", "<a x=\"".repeat(50_000)),
        ("references", "&amp".repeat(100_000)),
        ("skills and figures", "1,00,000 - c, go and 5 years remote bachelor $ ".repeat(25_000)),
        ("one skill", "java, ".repeat(170_000)),
        ("doubtful words", "go r c access spring ".repeat(50_000)),
        ("nice to have", "nice to have (a plus ".repeat(50_000)),
        ("digits", "9".repeat(1_000_000)),
        ("one word", "a".repeat(1_000_000)),
        ("signs of money", "₹".repeat(300_000)),
        ("new lines", "\n".repeat(1_000_000)),
    ]
}

/// The recorded corpus: `ROLECALL_TEST_DATA`, or `../shared/data` beside the checkout.
fn corpus() -> Option<(&'static str, Vec<Posting>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("ROLECALL_TEST_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = std::fs::File::open(folder.join("corpus/train.ndjson.gz")).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).ok()?;
    Some(("the recorded corpus", text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()))
}

fn fixtures() -> (&'static str, Vec<Posting>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract/postings.ndjson");
    let text = std::fs::read_to_string(path).expect("the fixtures ship with the source");
    let cases: Vec<serde_json::Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let postings: Vec<Posting> = cases.iter().filter_map(|case| serde_json::from_value(case["posting"].clone()).ok()).collect();
    ("the fixtures, repeated", std::iter::repeat_n(postings, REPEATS).flatten().collect())
}
