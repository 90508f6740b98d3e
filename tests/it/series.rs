//! Recorded polls of real boards over months, replayed in order through the real pass: what is new, changed, closed and back is
//! told as a count made from the raw answers says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rolecall::clock::Clock;
use rolecall::domain::{ListingEventKind, ListingId, SourceState};
use rolecall::extract::Extractor;
use rolecall::pipeline::IngestPass;
use rolecall::sources::{Fetcher, Source};
use rolecall::store::{DatabaseSettings, Store};
use serde_json::Value;

use crate::sources::board::{self, Board, reply};
use crate::support;

/// One job as the raw answer has it: what people see of it, and the platform's own moment of change.
#[derive(Clone, PartialEq, Eq)]
struct RawJob {
    seen: [String; 3],
    updated_at: String,
}

/// One poll: when, and every job by its id.
struct Poll {
    at: DateTime<Utc>,
    bytes: Vec<u8>,
    jobs: BTreeMap<String, RawJob>,
}

/// What a poll, or a whole series, told.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Told {
    new: usize,
    changed: usize,
    closed: usize,
    back: usize,
}

#[tokio::test]
async fn recorded_polls_tell_what_is_new_changed_closed_and_back() {
    let Some(data) = support::recorded_data() else { return support::skipped("series", "no recorded data") };
    let mut lines = vec![format!(
        "{:<34} {:>5} {:>5} {:>8} {:>8} {:>7} {:>7} {:>5} {:>13}",
        "board", "polls", "new", "changed", "closed", "back", "renamed", "open", "stamps moved"
    )];
    let (mut moved, mut empty, mut boards) = (0, 0, 0);
    for (kind, platform) in [("greenhouse", "greenhouse/series"), ("greenhouse", "greenhouse/series-list"), ("lever", "lever/series")] {
        for folder in folders(&data.join("payloads").join(platform)) {
            let polls = polls(&folder, kind);
            let (told, renamed, open) = replay(kind, &polls).await;
            let stamps = stamps(&polls);
            let name = format!("{platform}/{}", folder.file_name().unwrap().to_str().unwrap());
            lines.push(format!(
                "{name:<34} {:>5} {:>5} {:>8} {:>8} {:>7} {:>7} {:>5} {:>5} ({:>3} %)",
                polls.len(),
                told.new,
                told.changed,
                told.closed,
                told.back,
                renamed,
                open,
                stamps.0,
                100 * stamps.1 / stamps.0.max(1)
            ));
            (moved, empty, boards) = (moved + stamps.0, empty + stamps.1, boards + 1);
        }
    }
    for line in &lines {
        support::say(line);
    }
    support::say(&format!("stamps moved {moved}, of these {empty} ({} %) without a change that a reader sees", 100 * empty / moved.max(1)));
    assert!(boards >= 7, "the series were found");
}

/// Replays one board from its first poll; each poll is held against the raw answers. Tells the sums after the first poll.
async fn replay(kind: &str, polls: &[Poll]) -> (Told, usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", folder.path().join("series.db").display()) }).await.unwrap();
    let clock = Clock::manual(polls[0].at);
    let now_served = Arc::new(Mutex::new(Vec::new()));
    let (served, of_kind) = (Arc::clone(&now_served), kind.to_owned());
    let board = Board::open(move |head| reply("200 OK", &[], page(&of_kind, head, &served.lock().unwrap()))).await;
    let source: Source = board.source(kind, &[("board", "acme")]);
    let fetcher = Fetcher::new(&board::fetch_settings()).unwrap();
    let pass = IngestPass { store: store.clone(), fetcher, extractor: Extractor::new(), clock: clock.clone() };
    let mut renamed = 0;
    let (mut before, mut ever, mut sum): (BTreeMap<String, RawJob>, BTreeSet<String>, Told) = Default::default();
    for (number, poll) in polls.iter().enumerate() {
        clock.set(poll.at);
        poll.bytes.clone_into(&mut now_served.lock().unwrap());
        let summary = pass.run(&source).await.unwrap();
        assert_eq!((summary.postings, summary.bad, &summary.fault), (Some(poll.jobs.len()), 0, &None), "poll {number}");
        let due = expected(&before, &ever, &poll.jobs);
        let kept = summary.kept;
        let told =
            Told { new: kept.new as usize, closed: kept.closed as usize, back: kept.relisted as usize, changed: kept.changed as usize };
        // A job that came under a new id neither closed nor is it new.
        let moved = due.closed - told.closed;
        assert!(moved <= kept.renamed as usize, "poll {number} of {}", poll.at);
        assert_eq!(told.new + told.back + moved, due.new + due.back, "poll {number} of {}", poll.at);
        renamed += kept.renamed as usize;
        let changed = changed_ids(&store, poll.at).await;
        assert_eq!(changed.len(), told.changed, "each change is kept with what changed");
        check_changes(&before, &poll.jobs, &changed);
        if number > 0 {
            sum = Told {
                new: sum.new + told.new,
                changed: sum.changed + told.changed,
                closed: sum.closed + told.closed,
                back: sum.back + told.back,
            };
        }
        ever.extend(poll.jobs.keys().cloned());
        before.extend(poll.jobs.clone());
        before.retain(|id, _| poll.jobs.contains_key(id));
        let open: BTreeSet<String> =
            store.known_listings("acme").await.unwrap().into_iter().filter(|(_, listing)| listing.open).map(|(id, _)| id).collect();
        assert_eq!(open, poll.jobs.keys().cloned().collect::<BTreeSet<_>>(), "what is open is what the board has");
    }
    let state: SourceState = store.source_state("acme").await.unwrap();
    assert_eq!((state.fault, state.last_success_at), (None, Some(polls.last().unwrap().at)));
    (sum, renamed, before.len())
}

/// New, closed and back by the ids alone.
fn expected(before: &BTreeMap<String, RawJob>, ever: &BTreeSet<String>, now: &BTreeMap<String, RawJob>) -> Told {
    let new = now.keys().filter(|id| !ever.contains(*id)).count();
    let back = now.keys().filter(|id| ever.contains(*id) && !before.contains_key(*id)).count();
    Told { new, back, closed: before.keys().filter(|id| !now.contains_key(*id)).count(), changed: 0 }
}

/// The external ids of the listings that changed at a moment.
async fn changed_ids(store: &Store, at: DateTime<Utc>) -> BTreeSet<String> {
    let known = store.known_listings("acme").await.unwrap();
    let names: BTreeMap<ListingId, String> = known.into_iter().map(|(id, listing)| (listing.id, id)).collect();
    let ids: Vec<ListingId> = names.keys().copied().collect();
    let events = store.listing_events(&ids, at - chrono::TimeDelta::milliseconds(1)).await.unwrap();
    let changed = events.into_iter().filter(|event| event.kind == ListingEventKind::Changed);
    changed.inspect(|event| assert!(!event.differences.is_empty())).map(|event| names[&event.listing].clone()).collect()
}

/// Every job that was there before and whose words differ has changed, and no other. Jobs that come back are compared with what
/// they said when they left, which the raw neighbours do not know: they are left to the count.
fn check_changes(before: &BTreeMap<String, RawJob>, now: &BTreeMap<String, RawJob>, changed: &BTreeSet<String>) {
    for (id, job) in now {
        if let Some(old) = before.get(id) {
            let differs = old.seen.iter().map(|text| letters(text)).ne(job.seen.iter().map(|text| letters(text)));
            assert_eq!(changed.contains(id), differs, "job {id}: {:?} -> {:?}", old.seen[0], job.seen[0]);
        }
    }
}

/// The letters of a text without its tags and blanks, made with nothing of ours.
fn letters(html: &str) -> String {
    let once = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let decoded = once.replace("&nbsp;", " ").replace("&amp;", "&");
    let mut text = String::new();
    for (number, part) in decoded.split('<').enumerate() {
        let plain = if number == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) };
        text.push_str(plain);
        text.push(' ');
    }
    text.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Time stamps that moved between neighbouring polls, and how many of these moved with nothing that a reader sees.
fn stamps(polls: &[Poll]) -> (usize, usize) {
    let (mut moved, mut empty) = (0, 0);
    for pair in polls.windows(2) {
        for (id, job) in &pair[1].jobs {
            if let Some(old) = pair[0].jobs.get(id).filter(|old| old.updated_at != job.updated_at) {
                moved += 1;
                empty += usize::from(old.seen.iter().map(|text| letters(text)).eq(job.seen.iter().map(|text| letters(text))));
            }
        }
    }
    (moved, empty)
}

/// The answer for one request: Lever sends pages.
fn page(kind: &str, head: &str, whole: &[u8]) -> Vec<u8> {
    if kind != "lever" {
        return whole.to_vec();
    }
    let number = |key: &str| -> usize {
        let after = head.split_once(&format!("{key}=")).map_or("0", |(_, after)| after);
        after.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or("0").parse().unwrap_or(0)
    };
    let all: Vec<Value> = serde_json::from_slice(whole).unwrap();
    serde_json::to_vec(&all.iter().skip(number("skip")).take(number("limit")).collect::<Vec<_>>()).unwrap()
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn polls(folder: &Path, kind: &str) -> Vec<Poll> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| poll(file, kind)).collect()
}

fn poll(file: &Path, kind: &str) -> Poll {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    let stamp = file.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
    let day = NaiveDate::parse_from_str(stamp, "%Y-%m-%d").map(|day| day.and_hms_opt(12, 0, 0).unwrap());
    let at = day.or_else(|_| NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ")).unwrap().and_utc();
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    let list = if kind == "lever" { &whole } else { &whole["jobs"] };
    let jobs = list.as_array().unwrap().iter().map(|job| raw(job, kind)).collect();
    Poll { at, bytes, jobs }
}

fn raw(job: &Value, kind: &str) -> (String, RawJob) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id = job["id"].as_str().map_or_else(|| job["id"].to_string(), str::to_owned);
    if kind == "lever" {
        let lists: Vec<String> = job["lists"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|list| format!("{} {}", text(&list["text"]), text(&list["content"])))
            .collect();
        let places = &job["categories"]["allLocations"];
        let place = if places.is_array() { places.to_string() } else { text(&job["categories"]["location"]) };
        let body = [
            text(&job["description"]),
            lists.join(" "),
            text(&job["additional"]),
            text(&job["salaryDescriptionPlain"]),
            job["salaryRange"].to_string(),
        ];
        return (id, RawJob { seen: [text(&job["text"]), place, body.join(" ")], updated_at: String::new() });
    }
    let seen = [text(&job["title"]), text(&job["location"]["name"]), text(&job["content"])];
    (id, RawJob { seen, updated_at: text(&job["updated_at"]) })
}
