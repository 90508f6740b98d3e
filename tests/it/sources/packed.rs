//! Answers packed by gzip, brotli and zstd: read like plain ones, and stopped at the bound whatever they hold.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use rolecall::domain::FetchFault;

use super::board::{Board, greenhouse_jobs, ids};
use crate::support::{forget_peak, is_alone, memory};

/// What one answer may add to the memory of the whole process: the bound of its bytes, as much again for what its coding looks back
/// on (brotli keeps 16 MiB), and a little for both ends of the connection.
const MOST_GROWTH_KIB: u64 = 36 * 1024;

/// 64 MiB of blanks, packed by brotli.
const BROTLI_BOMB: &str = "cfffff7ff82540e2b14020f7fe9ffffffff04b00c4610180eefd3fffffffe1970088c32200ddfbfffcffffc72f0110870500baf7ff";

/// `{"jobs":[{"id":7,"title":"Backend Engineer","location":{"name":"Pune"}}],"meta":{"total":1}}`, packed by brotli.
const BROTLI_JOBS: &str = "1b5b00c01c077673ce87190cbc76b2d50895cef3b6237f60510651779b8e8a7e42a5b5b54e5f174bd88003d681c7601848073c3f0c56773ea0\
                           1707303951b1870273507a6adc1c632e817ef0a7d5e77e97a853ac02";

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn gzip(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..times {
        packer.write_all(bytes).unwrap();
    }
    packer.finish().unwrap()
}

/// A frame by RFC 8878 3.1.1 for a window of two to the power of `window_log` bytes; each block is its type, its size and its bytes.
fn zstd(window_log: u8, blocks: &[(u32, u32, &[u8])]) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, (window_log - 10) << 3];
    for (index, (kind, size, bytes)) in blocks.iter().enumerate() {
        let last = u32::from(index + 1 == blocks.len());
        frame.extend_from_slice(&(last | kind << 1 | size << 3).to_le_bytes()[..3]);
        frame.extend_from_slice(bytes);
    }
    frame
}

/// 64 MiB of blanks in blocks that say "this byte, 128 KiB times".
fn zstd_bomb(window_log: u8) -> Vec<u8> {
    zstd(window_log, &[(1, 128 * 1024, b" ".as_slice()); 512])
}

#[tokio::test]
async fn answers_of_every_coding_are_read() {
    let plain = greenhouse_jobs([7]);
    let raw = zstd(20, &[(0, u32::try_from(plain.len()).unwrap(), plain.as_bytes())]);
    let answers: [(&[&str], Vec<u8>); 3] = [
        (&["content-encoding: gzip"], gzip(plain.as_bytes(), 1)),
        (&["content-encoding: br"], from_hex(BROTLI_JOBS)),
        (&["content-encoding: zstd"], raw),
    ];
    for (headers, body) in answers {
        let board = Board::open(move |_| super::board::reply("200 OK", headers, &body)).await;
        assert_eq!(ids(&board.fetch().await), (vec!["7"], true), "{headers:?}");
        let head = board.heads.lock().unwrap()[0].to_lowercase();
        let accepted = head.lines().find_map(|line| line.strip_prefix("accept-encoding: ")).unwrap();
        assert!(["gzip", "br", "zstd"].iter().all(|coding| accepted.contains(coding)), "{accepted}");
    }
}

#[tokio::test]
async fn what_cannot_be_unpacked_is_a_changed_format() {
    for headers in [&["content-encoding: gzip"], &["content-encoding: br"], &["content-encoding: zstd"]] {
        let fetched = Board::always("200 OK", headers, vec![0xff; 200]).await.fetch().await;
        assert_eq!(fetched.state.fault, Some(FetchFault::ChangedFormat), "{headers:?}: {:?}", fetched.state.fault_text);
    }
}

/// Memory is counted for a whole process, so the measuring runs in one where nothing else does.
#[test]
fn a_bomb_of_any_coding_is_stopped_at_the_bound_and_costs_little_memory() {
    if !is_alone("sources::packed::a_bomb_of_any_coding_is_stopped_at_the_bound_and_costs_little_memory", "bomb") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // What a first fetch sets up for good is no cost of the bombs.
        Board::always("200 OK", &[], greenhouse_jobs([1])).await.fetch().await;
        explode("gzip", &["content-encoding: gzip"], gzip(&vec![b' '; 1024 * 1024], 64)).await;
        explode("brotli", &["content-encoding: br"], from_hex(BROTLI_BOMB)).await;
        explode("zstd", &["content-encoding: zstd"], zstd_bomb(23)).await;
        explode("zstd with a window of 128 MiB", &["content-encoding: zstd"], zstd_bomb(27)).await;
    });
}

async fn explode(name: &str, headers: &'static [&'static str], bomb: Vec<u8>) {
    let size = bomb.len();
    assert!(size < 100_000, "{size}");
    let board = Board::always("200 OK", headers, bomb).await;
    let before = memory("VmRSS");
    forget_peak();
    let started = Instant::now();
    let fetched = board.fetch().await;
    let growth = memory("VmHWM").saturating_sub(before);
    crate::support::say(&format!("bomb: {name}, {size} bytes for 64 MiB: +{growth} KiB, {:?}", started.elapsed()));
    assert_eq!(fetched.state.fault, Some(FetchFault::TooBig), "{name}: {:?}", fetched.state.fault_text);
    assert!(growth <= MOST_GROWTH_KIB, "{name}: +{growth} KiB");
    assert!(started.elapsed() < Duration::from_secs(5), "{name}: {:?}", started.elapsed());
}
