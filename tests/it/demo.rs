//! Stories of the demo: a world that lives, boards in the platforms' shapes, recorded answers played back.

#![expect(clippy::unwrap_used, reason = "a story stops where something is not as told")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rolecall::clock::Clock;
use rolecall::demo::{Boards, Continent, DemoError, DemoMode, DemoSettings, Family, Replay, World};
use rolecall::domain::Posting;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support;

/// A demonstration under way, with time moved by hand.
struct Stage {
    boards: Boards,
    clock: Clock,
    stop: CancellationToken,
    web: reqwest::Client,
    folder: tempfile::TempDir,
}

fn beginning() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

impl Stage {
    async fn of_the_world() -> Self {
        let (clock, stop, folder) = (Clock::manual(beginning()), CancellationToken::new(), tempfile::tempdir().unwrap());
        let settings = DemoSettings { folder: folder.path().join("files"), ..DemoSettings::default() };
        let boards = Boards::start(listener().await, settings, clock.clone(), stop.clone()).await.unwrap();
        Self { boards, clock, stop, web: reqwest::Client::new(), folder }
    }

    async fn of_recorded(payloads: &Path) -> Self {
        let (clock, stop, folder) = (Clock::manual(beginning()), CancellationToken::new(), tempfile::tempdir().unwrap());
        let replay = Replay::open(payloads).unwrap();
        let boards = Boards::replay(listener().await, replay, DemoSettings::default(), clock.clone(), stop.clone()).unwrap();
        Self { boards, clock, stop, web: reqwest::Client::new(), folder }
    }

    async fn ask(&self, path: &str) -> reqwest::Response {
        self.web.get(format!("http://{}{path}", self.boards.address())).send().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        let response = self.ask(path).await;
        assert_eq!(response.status(), 200, "{path}");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    fn sources(&self) -> Vec<toml::Table> {
        let read: toml::Table = toml::from_str(&self.boards.config_toml()).unwrap();
        read["source"].as_array().unwrap().iter().map(|source| source.as_table().unwrap().clone()).collect()
    }

    fn boards_of(&self, kind: &str) -> Vec<String> {
        let of_kind = self.sources().into_iter().filter(|source| source["kind"].as_str() == Some(kind));
        of_kind.map(|source| source["board"].as_str().unwrap().to_owned()).collect()
    }

    fn pass_ticks(&self, ticks: i32) {
        self.clock.set(self.clock.now() + TimeDelta::seconds(10) * ticks);
    }
}

fn world() -> World {
    World::new(DemoSettings::default().seed, beginning(), Duration::from_secs(10))
}

#[test]
fn the_world_begins_with_more_than_two_hundred_jobs_on_three_continents_in_all_families() {
    let jobs = world().at(0);
    assert!(jobs.len() >= 200, "{}", jobs.len());
    for continent in [Continent::Asia, Continent::Europe, Continent::America] {
        let there = jobs.iter().filter(|job| job.continent == continent).count();
        assert!(there >= 40, "{there} in {continent:?}");
    }
    let least = [(Family::Backend, 60), (Family::Database, 20), (Family::Architect, 15), (Family::OtherTech, 25), (Family::Other, 25)];
    for (family, least) in least {
        let count = jobs.iter().filter(|job| job.family == family).count();
        assert!(count >= least, "{count} of {family:?}");
    }
    let ids: BTreeSet<_> = jobs.iter().map(rolecall::demo::DemoJob::uuid).collect();
    assert_eq!(ids.len(), jobs.len(), "an id is used twice");
}

#[test]
fn pay_is_spelled_as_each_country_does_and_some_say_nothing() {
    let jobs = world().at(0);
    let texts: Vec<&str> = jobs.iter().filter_map(|job| job.pay.as_ref().map(|pay| pay.text.as_str())).collect();
    let spellings = ["a year", "lakh", "LPA", "per month", "K - $", "per year", "an hour", "€", "per day", "£", "CHF", "PLN", "CA$", "R$"];
    for spelling in spellings {
        assert!(texts.iter().any(|text| text.contains(spelling)), "nobody pays {spelling:?}");
    }
    let silent = jobs.len() - texts.len();
    assert!((20..120).contains(&silent), "{silent} say nothing of pay");
}

#[test]
fn remote_work_is_limited_in_many_ways_and_hybrid_and_on_site_exist() {
    let jobs = world().at(0);
    let limits: BTreeSet<&str> = jobs
        .iter()
        .filter_map(|job| match &job.mode {
            DemoMode::Remote(limit) => Some(limit.as_str()),
            DemoMode::Hybrid | DemoMode::OnSite => None,
        })
        .collect();
    for limit in ["India only", "US only", "EMEA", "Worldwide"] {
        assert!(limits.contains(limit), "{limits:?}");
    }
    for mode in [DemoMode::Hybrid, DemoMode::OnSite] {
        assert!(jobs.iter().filter(|job| job.mode == mode).count() >= 30, "{mode:?}");
    }
}

#[test]
fn ways_into_the_job_are_stated_in_many_ways() {
    let all: String = world().at(0).iter().map(|job| job.plain().to_lowercase()).collect();
    for way in ["boot camp", "apprenticeship", "or equivalent practical experience", "no degree required", "b.tech", "visa"] {
        assert!(all.contains(way), "nobody mentions {way:?}");
    }
}

#[tokio::test]
async fn greenhouse_boards_answer_with_escaped_texts_only_when_asked_for() {
    let stage = Stage::of_the_world().await;
    for board in stage.boards_of("greenhouse") {
        let full = stage.json(&format!("/v1/boards/{board}/jobs?content=true")).await;
        let jobs = full["jobs"].as_array().unwrap();
        assert_eq!(full["meta"]["total"].as_u64(), Some(jobs.len() as u64));
        assert!(jobs.len() >= 4, "{board} has {}", jobs.len());
        for job in jobs {
            let content = job["content"].as_str().unwrap();
            assert!(content.starts_with("&lt;") && !content.contains('<'), "{content}");
            assert!(job["id"].is_u64() && job["absolute_url"].as_str().unwrap().contains("gh_jid="));
            assert!(DateTime::parse_from_rfc3339(job["first_published"].as_str().unwrap()).unwrap() <= beginning());
        }
        let titles = stage.json(&format!("/v1/boards/{board}/jobs")).await;
        assert!(titles["jobs"][0].get("content").is_none());
    }
}

#[tokio::test]
async fn lever_sites_answer_with_a_bare_array_in_parts() {
    let stage = Stage::of_the_world().await;
    let board = &stage.boards_of("lever")[0];
    let all = stage.json(&format!("/v0/postings/{board}?mode=json")).await;
    let all = all.as_array().unwrap();
    let rest = stage.json(&format!("/v0/postings/{board}?mode=json&skip=2&limit=3")).await;
    assert_eq!(rest.as_array().unwrap()[..], all[2..5]);
    for job in all {
        assert_eq!(job["id"].as_str().unwrap().len(), 36);
        assert!(job["createdAt"].as_i64().unwrap() > 1_700_000_000_000, "epoch milliseconds");
        assert!(job["lists"][0]["content"].as_str().unwrap().starts_with("<li>"));
        assert!(!job["openingPlain"].as_str().unwrap().is_empty());
    }
    assert!(all.iter().any(|job| job["salaryRange"]["currency"].is_string()));
}

#[tokio::test]
async fn ashby_boards_answer_with_pay_in_tiers() {
    let stage = Stage::of_the_world().await;
    let mut paid = 0;
    for board in stage.boards_of("ashby") {
        let answer = stage.json(&format!("/posting-api/job-board/{board}?includeCompensation=true")).await;
        assert_eq!(answer["apiVersion"], "1");
        for job in answer["jobs"].as_array().unwrap() {
            assert!(job["isListed"].as_bool().unwrap() && job["descriptionHtml"].as_str().unwrap().contains("<li>"));
            let tiers = job["compensation"]["compensationTiers"].as_array().unwrap();
            assert_eq!(tiers.is_empty(), !job["shouldDisplayCompensationOnJobPostings"].as_bool().unwrap());
            paid += tiers.iter().filter(|tier| tier["components"][0]["compensationType"] == "Salary").count();
        }
    }
    assert!(paid > 5, "{paid}");
}

#[tokio::test]
async fn jobicy_and_arbeitnow_answer_with_one_list_of_many_employers() {
    let stage = Stage::of_the_world().await;
    let jobicy = stage.json("/api/v2/remote-jobs?count=100").await;
    let jobs = jobicy["jobs"].as_array().unwrap();
    assert_eq!(jobicy["jobCount"].as_u64(), Some(jobs.len() as u64));
    assert!(jobs.iter().all(|job| job["jobGeo"].is_string() && job["jobType"].is_array()));

    let (mut page, mut slugs) = (1, BTreeSet::new());
    loop {
        let answer = stage.json(&format!("/api/job-board-api?page={page}")).await;
        let data = answer["data"].as_array().unwrap();
        slugs.extend(data.iter().map(|job| job["slug"].as_str().unwrap().to_owned()));
        if answer["links"]["next"].is_null() {
            break;
        }
        assert_eq!(data.len(), 20, "page {page}");
        page += 1;
        assert!(page < 10);
    }
    assert!(page >= 2 && slugs.len() > 20, "{} on {page} pages", slugs.len());
}

#[tokio::test]
async fn a_feed_is_read_by_a_feed_reader() {
    let stage = Stage::of_the_world().await;
    let source = stage.sources().into_iter().find(|source| source["kind"].as_str() == Some("rss")).unwrap();
    let bytes = stage.web.get(source["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
    let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
    assert!(feed.entries.len() >= 4, "{}", feed.entries.len());
    for entry in feed.entries {
        assert!(entry.summary.unwrap().content.contains("Location:") && entry.published.is_some());
    }
}

#[tokio::test]
async fn the_file_source_holds_a_posting_a_line() {
    let stage = Stage::of_the_world().await;
    let source = stage.sources().into_iter().find(|source| source["kind"].as_str() == Some("file")).unwrap();
    let path = Path::new(source["path"].as_str().unwrap());
    assert!(path.starts_with(stage.folder.path()));
    let text = std::fs::read_to_string(path).unwrap();
    let postings: Vec<Posting> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(postings.len() >= 8, "{}", postings.len());
    assert!(postings.iter().all(|posting| !posting.id.is_empty() && posting.company.is_some() && posting.url.is_some()));
}

#[tokio::test]
async fn the_file_source_follows_the_world() {
    let (clock, stop, folder) = (Clock::manual(beginning()), CancellationToken::new(), tempfile::tempdir().unwrap());
    let settings = DemoSettings { folder: folder.path().to_owned(), tick: Duration::from_millis(200), ..DemoSettings::default() };
    let _boards = Boards::start(listener().await, settings, clock.clone(), stop.clone()).await.unwrap();
    let file = folder.path().join("demo-file.ndjson");
    let before = std::fs::read_to_string(&file).unwrap();
    clock.set(beginning() + TimeDelta::minutes(5));
    let changed = async {
        while std::fs::read_to_string(&file).unwrap() == before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), changed).await.expect("the file is written again within a tick");
    stop.cancel();
}

#[tokio::test]
async fn every_job_of_the_world_is_on_exactly_one_board() {
    let stage = Stage::of_the_world().await;
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    for source in stage.sources() {
        let kind = source["kind"].as_str().unwrap();
        let board = source.get("board").and_then(toml::Value::as_str).unwrap_or_default();
        let count = match kind {
            "greenhouse" => stage.json(&format!("/v1/boards/{board}/jobs")).await["jobs"].as_array().unwrap().len(),
            "lever" => stage.json(&format!("/v0/postings/{board}")).await.as_array().unwrap().len(),
            "ashby" => stage.json(&format!("/posting-api/job-board/{board}")).await["jobs"].as_array().unwrap().len(),
            _ => 0,
        };
        *by_kind.entry(kind.to_owned()).or_default() += count;
    }
    let jobs = world().at(0);
    for kind in ["greenhouse", "lever", "ashby"] {
        assert_eq!(by_kind[kind], jobs.iter().filter(|job| job.board.name() == kind).count(), "{kind}");
    }
}

#[tokio::test]
async fn an_unchanged_board_is_a_304_and_a_changed_one_is_not() {
    let stage = Stage::of_the_world().await;
    let path = format!("/v1/boards/{}/jobs?content=true", stage.boards_of("greenhouse")[0]);
    let etag = stage.ask(&path).await.headers()["etag"].clone();
    let again =
        |tag: reqwest::header::HeaderValue| stage.web.get(format!("http://{}{path}", stage.boards.address())).header("if-none-match", tag);
    let unchanged = again(etag.clone()).send().await.unwrap();
    assert_eq!(unchanged.status(), 304);
    assert!(unchanged.bytes().await.unwrap().is_empty());
    stage.pass_ticks(200);
    assert_eq!(again(etag).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn boards_show_new_jobs_as_time_passes_and_unknown_boards_are_not_found() {
    let stage = Stage::of_the_world().await;
    let titles = async || {
        let mut all = BTreeSet::new();
        for board in stage.boards_of("greenhouse") {
            let answer = stage.json(&format!("/v1/boards/{board}/jobs")).await;
            all.extend(answer["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_u64().unwrap()));
        }
        all
    };
    let before = titles().await;
    stage.pass_ticks(30);
    let after = titles().await;
    assert!(after.difference(&before).count() >= 3);
    assert!(before.difference(&after).count() >= 1, "nothing closed");
    for path in ["/v1/boards/nobody/jobs", "/v0/postings/tamarindpay", "/posting-api/job-board/nobody", "/feeds/nobody/jobs.rss"] {
        assert_eq!(stage.ask(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_boards_stop_when_they_are_told_to() {
    let stage = Stage::of_the_world().await;
    stage.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), stage.boards.stopped()).await.expect("the tasks end").unwrap();
}

#[tokio::test]
async fn recorded_answers_are_served_in_their_shapes_and_series_move_on() {
    let Some(data) = support::recorded_data() else {
        return support::skipped("demo replay", "no recorded data");
    };
    let stage = Stage::of_recorded(&data.join("payloads")).await;
    let kinds: BTreeSet<String> = stage.sources().iter().map(|source| source["kind"].as_str().unwrap().to_owned()).collect();
    for kind in ["greenhouse", "lever", "ashby", "jobicy", "arbeitnow", "rss"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
    for board in stage.boards_of("greenhouse").iter().filter(|board| !board.starts_with("series")) {
        let answer = stage.json(&format!("/v1/boards/{board}/jobs?content=true")).await;
        assert!(answer["jobs"].is_array() && answer["meta"]["total"].is_u64(), "{board}");
    }
    assert!(stage.json("/api/job-board-api?page=1").await["links"].is_object());
    assert_eq!(stage.json("/api/job-board-api?page=2").await["data"].as_array().map(Vec::len), Some(0));
    assert!(stage.json("/api/v2/remote-jobs").await["jobs"].as_array().is_some_and(|jobs| !jobs.is_empty()));
    for source in stage.sources().iter().filter(|source| source["kind"].as_str() == Some("rss")) {
        assert_eq!(stage.web.get(source["url"].as_str().unwrap()).send().await.unwrap().status(), 200);
    }

    let series = "/v1/boards/series-luno/jobs?content=true";
    let first = stage.ask(series).await;
    let tag = first.headers()["etag"].clone();
    assert!(stage.json(series).await["jobs"].as_array().is_some_and(|jobs| jobs.len() >= 10), "packed captures are unpacked on the way");
    stage.pass_ticks(1);
    assert_ne!(stage.ask(series).await.headers()["etag"], tag, "the next poll differs");
    stage.pass_ticks(1_000);
    assert_eq!(stage.ask(series).await.status(), 200, "the last poll stays");
}

#[test]
fn a_folder_without_recorded_answers_is_refused_with_what_is_expected() {
    let empty = tempfile::tempdir().unwrap();
    std::fs::create_dir(empty.path().join("lever")).unwrap();
    std::fs::write(empty.path().join("lever/one-job.json"), "{\"id\":1}").unwrap();
    let refused = Replay::open(empty.path()).unwrap_err();
    assert!(matches!(refused, DemoError::NoPayloads { .. }));
    let text = refused.to_string();
    assert!(text.contains(&*empty.path().to_string_lossy()) && text.contains("greenhouse") && text.contains(".json"), "{text}");
    let missing = Replay::open(&empty.path().join("nowhere")).unwrap_err();
    assert!(missing.to_string().contains("nowhere"), "{missing}");
}
