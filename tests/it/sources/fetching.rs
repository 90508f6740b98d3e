//! Fetching as it should go: conditional requests, pages, counts, and when absence proves something.

use rolecall::domain::{DurationText, FetchFault, SourceState};
use rolecall::sources::{FetchResult, FetchSettings, Fetcher, KnownRows, Source, read_url};

use super::board::{Board, fetch_settings, fetcher, greenhouse_jobs, ids, now, reply, settings};

fn lever_page(ids: std::ops::Range<usize>) -> String {
    let rows: Vec<String> = ids.map(|id| format!(r#"{{"id":"{id}","text":"Job {id}"}}"#)).collect();
    format!("[{}]", rows.join(","))
}

fn number(head: &str, key: &str) -> usize {
    let after = head.split_once(&format!("{key}=")).expect("the query has the key").1;
    after.split(['&', ' ']).next().and_then(|figure| figure.parse().ok()).expect("a figure")
}

#[tokio::test]
async fn the_second_fetch_sends_the_validators_and_takes_304_for_an_answer() {
    let board = Board::open(|head| {
        if head.to_lowercase().contains("if-none-match: \"v1\"") {
            reply("304 Not Modified", &[], "")
        } else {
            reply("200 OK", &["etag: \"v1\"", "last-modified: Sun, 22 Nov 2026 09:00:00 GMT"], greenhouse_jobs(1..=4))
        }
    })
    .await;
    let source = board.greenhouse();
    let first = source.fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    assert_eq!(ids(&first), (vec!["1", "2", "3", "4"], true));
    assert_eq!((first.state.etag.as_deref(), first.state.last_yield), (Some("\"v1\""), Some(4)));
    let second = source.fetch(&fetcher(), &first.state, &KnownRows::new(), now()).await;
    assert!(matches!(second.result, FetchResult::NotModified));
    assert_eq!((second.state.etag.clone(), second.state.last_success_at), (first.state.etag.clone(), Some(now())));
    let heads = board.heads.lock().unwrap().clone();
    assert!(heads[1].contains("if-modified-since: Sun, 22 Nov 2026 09:00:00 GMT"), "{}", heads[1]);
    assert!(heads[0].contains(&format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION"))), "{}", heads[0]);
    assert!(heads[0].starts_with("GET /v1/boards/acme/jobs?content=true HTTP/1.1"), "{}", heads[0]);
}

#[tokio::test]
async fn lever_pages_are_read_to_the_end_and_no_validator_is_kept_for_many_pages() {
    let board = Board::open(|head| {
        let skip = number(head, "skip");
        reply("200 OK", &["etag: \"p\""], lever_page(skip..(skip + number(head, "limit")).min(250)))
    })
    .await;
    let fetched = board.source("lever", &[("board", "acme")]).fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    let (found, complete) = ids(&fetched);
    assert_eq!((found.len(), complete, fetched.state.etag), (250, true, None));
    assert_eq!(board.asked()[2], "GET /v0/postings/acme?mode=json&skip=200&limit=100");
}

#[tokio::test]
async fn a_server_that_ignores_paging_is_not_asked_for_ever() {
    let board = Board::always("200 OK", &[], lever_page(0..142)).await;
    let fetched = board.source("lever", &[("board", "acme")]).fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    assert_eq!((ids(&fetched).0.len(), fetched.duplicates), (142, 142));
    assert_eq!(board.asked().len(), 2);
}

#[tokio::test]
async fn a_later_page_that_fails_keeps_the_first_and_closes_nothing() {
    let board = Board::open(|head| match number(head, "skip") {
        0 => reply("200 OK", &[], lever_page(0..100)),
        _ => reply("502 Bad Gateway", &[], ""),
    })
    .await;
    let fetched = board.source("lever", &[("board", "acme")]).fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    let (found, complete) = ids(&fetched);
    assert_eq!((found.len(), complete), (100, false));
    assert_eq!((fetched.state.fault, fetched.state.failures), (Some(FetchFault::ServerError), 1));
    assert!(fetched.state.not_before.is_some());
}

#[tokio::test]
async fn a_fetch_stops_at_its_most_items_and_then_closes_nothing() {
    let board = Board::open(|head| reply("200 OK", &[], lever_page(number(head, "skip")..number(head, "skip") + 100))).await;
    let bounded = Fetcher::new(&FetchSettings { max_items: 250, ..fetch_settings() }).unwrap();
    let fetched = board.source("lever", &[("board", "acme")]).fetch(&bounded, &SourceState::default(), &KnownRows::new(), now()).await;
    let (found, complete) = ids(&fetched);
    assert_eq!((found.len(), complete, board.asked().len()), (250, false, 3));
}

#[tokio::test]
async fn arbeitnow_follows_its_pages_on_the_server_that_was_configured() {
    let board = Board::open(|head| match number(head, "page") {
        1 => reply("200 OK", &[], include_bytes!("../../fixtures/sources/arbeitnow-1.json")),
        _ => reply("200 OK", &[], include_bytes!("../../fixtures/sources/arbeitnow-2.json")),
    })
    .await;
    let fetched = board.source("arbeitnow", &[]).fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    let (found, complete) = ids(&fetched);
    assert_eq!(found, ["backend-entwickler-koeln-1001", "datenbank-admin-bonn-1002", "rust-engineer-berlin-1003"]);
    assert_eq!((complete, fetched.duplicates), (false, 1), "the newest pages prove no absence");
    assert_eq!(board.asked(), ["GET /api/job-board-api?page=1", "GET /api/job-board-api?page=2"]);
}

#[tokio::test]
async fn an_id_that_comes_twice_is_kept_once() {
    let fetched = Board::always("200 OK", &[], greenhouse_jobs([1, 2, 1, 1])).await.fetch().await;
    assert_eq!((ids(&fetched), fetched.duplicates), ((vec!["1", "2"], false), 2), "a repeated entry may stand where another should");
    let told = fetched.state.fault_text.as_deref().unwrap_or_default();
    assert!(told.contains("2 entries came where the platform counts 4"), "{told}");
}

#[tokio::test]
async fn fewer_entries_than_announced_prove_no_absence() {
    let body = greenhouse_jobs(1..=3).replace("\"total\":3", "\"total\":4");
    assert_eq!(ids(&Board::always("200 OK", &[], body).await.fetch().await), (vec!["1", "2", "3"], false));
}

#[tokio::test]
async fn a_board_that_suddenly_halves_is_doubted_and_its_postings_still_come() {
    let full = Board::always("200 OK", &["etag: \"a\""], greenhouse_jobs(1..=40)).await.fetch().await;
    for (left, complete) in [(0, false), (19, false), (21, true)] {
        let board = Board::always("200 OK", &["etag: \"b\""], greenhouse_jobs(1..=left)).await;
        let fetched = board.greenhouse().fetch(&fetcher(), &full.state, &KnownRows::new(), now()).await;
        let (found, whole) = ids(&fetched);
        assert_eq!((found.len(), whole), (left as usize, complete));
        assert_eq!(fetched.state.fault, (!complete).then_some(FetchFault::Empty));
        assert_eq!(fetched.state.etag.is_some(), complete, "a doubted answer is asked for again in full");
        assert!(fetched.state.fault_text.is_none_or(|text| text.contains("usually about 40")));
    }
}

#[tokio::test]
async fn requests_to_one_host_keep_their_distance() {
    let board = Board::open(|head| reply("200 OK", &[], lever_page(number(head, "skip")..(number(head, "skip") + 100).min(250)))).await;
    let fetcher = Fetcher::new(&FetchSettings { per_host_interval: DurationText::from_millis(80), ..fetch_settings() }).unwrap();
    let started = std::time::Instant::now();
    board.source("lever", &[("board", "acme")]).fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now()).await;
    assert!(started.elapsed() >= std::time::Duration::from_millis(160), "{:?}", started.elapsed());
}

#[tokio::test]
async fn one_address_can_be_read_without_a_source() {
    let board = Board::always("200 OK", &[], greenhouse_jobs(1..=2)).await;
    let url = format!("{}/anything", board.url).parse().unwrap();
    let reading = read_url("greenhouse", "trial", &url, &fetcher(), now()).await.unwrap();
    assert_eq!((reading.postings.len(), reading.postings[0].source.as_str()), (2, "trial"));
    let error = read_url("rss", "trial", &url, &fetcher(), now()).await.unwrap_err().to_string();
    assert!(error.contains("feed"), "{error}");
}

#[tokio::test]
async fn a_source_begins_once_its_texts_are_read_or_none_comes_any_more() {
    let one_at_a_time = Fetcher::new(&FetchSettings { max_details: 1, ..fetch_settings() }).unwrap();
    let board_of = |with_jobs: bool| {
        Board::open(move |head| {
            let page = |number: u32| format!("<url><loc>http://{}/jobs/{number}</loc></url>", host(head));
            let job = r#"<script type="application/ld+json">{"@type":"JobPosting","title":"Rust Engineer","url":"/jobs/x"}</script>"#;
            match head.split_whitespace().nth(1) {
                Some("/sitemap.xml") => reply("200 OK", &[], format!("<urlset>{}{}</urlset>", page(1), page(2))),
                _ if with_jobs => reply("200 OK", &[], job),
                _ => reply("200 OK", &[], "<html><title>About us</title></html>"),
            }
        })
    };
    for (with_jobs, begun) in [(true, false), (false, true)] {
        let board = board_of(with_jobs).await;
        let url = format!("{}/sitemap.xml", board.url);
        let source = Source::build(&settings("json_ld", &[("url", &url)])).unwrap();
        let fetched = source.fetch(&one_at_a_time, &SourceState::default(), &KnownRows::new(), now()).await;
        let FetchResult::Brought(brought) = &fetched.result else { panic!("{:?}", fetched.result) };
        assert_eq!((brought.waiting.len(), fetched.state.first_success_at.is_some()), (1, begun), "with jobs: {with_jobs}");
    }
}

fn host(head: &str) -> &str {
    head.lines().find_map(|line| line.to_lowercase().starts_with("host:").then(|| line[5..].trim())).unwrap_or_default()
}
