//! What it costs to hold alerts against listings: `cargo bench --bench matching [ALERTS...]` (100,000 and 1,000,000 unless given).
//!
//! The yardstick is the brute-force definition of the tests over prepared facts and token sets, measured in the same run, turn by
//! turn with the programs; at a million alerts it is asked every tenth one and scaled. Its preparation is not counted; ours, laying the
//! block out, is. Figures are medians of one thread. Each run ends with a check that both agree.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people and draws from small ranges"
)]

#[path = "../tests/it/oracle.rs"]
mod oracle;
mod workload;

use std::time::Instant;

use rolecall::domain::{Preferences, Rates};
use rolecall::matching::{Block, Programs};

/// Listings of a run: four wide blocks.
const LISTINGS: usize = 2_048;
/// Alerts the yardstick is asked at most.
const SAMPLE: usize = 100_000;
/// Listings the yardstick is asked for each wide block.
const ASKED: usize = 8;

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![100_000, 1_000_000] } else { given };
    let listings: Vec<workload::Told> = (0..LISTINGS).map(workload::listing).collect();
    println!(
        "| alerts | compile | bytes/alert | match rate | brute force | blocks of 64 | blocks of 512 | ratio 64 | ratio 512 | worst 512 |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for size in sizes {
        measure(size, &listings);
    }
}

/// What the work gives, and its milliseconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64() * 1e3)
}

fn measure(alerts: usize, listings: &[workload::Told]) {
    let rates = Rates::default();
    let ((), drawing) = timed(|| (0..alerts).for_each(|index| drop(std::hint::black_box(workload::alert(index)))));
    let (programs, compile) = timed(|| Programs::compile((0..alerts).map(workload::alert), &rates));
    let step = alerts.div_ceil(SAMPLE);
    let sample: Vec<Preferences> = (0..alerts).step_by(step).map(workload::alert).collect();
    let wished: Vec<_> = sample.iter().map(|wishes| oracle::Wished::new(wishes, &rates)).collect();
    let told: Vec<_> =
        listings.iter().map(|one| oracle::Told::new(&one.facts, &one.title, Some(&one.company), &one.text, &rates)).collect();
    let subjects: Vec<_> = listings.iter().map(workload::Told::subject).collect();
    let (mut wide, mut small, mut brute, mut hits) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (block, (subjects, told)) in subjects.chunks(512).zip(told.chunks(512)).enumerate() {
        let (found, ms) = timed(|| pairs::<8>(&programs, subjects));
        wide.push(ms / subjects.len() as f64);
        hits += found;
        for one in told.iter().step_by(told.len() / ASKED) {
            let (_, ms) = timed(|| std::hint::black_box(wished.iter().filter(|wished| oracle::matches(wished, one)).count()));
            brute.push(ms * alerts as f64 / wished.len() as f64);
        }
        for subjects in subjects.chunks(64) {
            let (_, ms) = timed(|| pairs::<1>(&programs, subjects));
            small.push(ms / subjects.len() as f64);
        }
        check(&programs, subjects, &wished[..], told, step, block);
    }
    let worst = wide.iter().copied().fold(0.0, f64::max);
    let (wide, small, brute) = (median(wide), median(small), median(brute));
    let rate = hits as f64 / (alerts * listings.len()) as f64 * 100.0;
    println!(
        "| {alerts} | {:.0} ms | {:.1} | {rate:.2} % | {brute:.3} ms | {small:.4} ms | {wide:.4} ms | {:.0}x | {:.0}x | {worst:.4} ms |",
        compile - drawing,
        programs.bytes_per_alert(),
        brute / small,
        brute / wide,
    );
}

fn pairs<const WORDS: usize>(programs: &Programs, subjects: &[rolecall::matching::Subject]) -> u64 {
    let mut pairs = 0;
    programs.evaluate(&Block::<WORDS>::new(subjects), |_, lanes| pairs += u64::from(lanes.count()));
    pairs
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Both agree for every asked alert on some listings of this block.
fn check(
    programs: &Programs,
    subjects: &[rolecall::matching::Subject],
    wished: &[oracle::Wished],
    told: &[oracle::Told],
    step: usize,
    block: usize,
) {
    let lanes: Vec<usize> = (block..told.len()).step_by(67).collect();
    let mut found = vec![Vec::new(); wished.len()];
    programs.evaluate(&Block::<8>::new(subjects), |alert, mask| {
        if alert % step == 0 {
            found[alert / step] = lanes.iter().copied().filter(|lane| mask.has(*lane)).collect();
        }
    });
    for (alert, (wished, found)) in wished.iter().zip(found).enumerate() {
        let expected: Vec<usize> = lanes.iter().copied().filter(|lane| oracle::matches(wished, &told[*lane])).collect();
        assert_eq!(found, expected, "alert {} in block {block}", alert * step);
    }
}
