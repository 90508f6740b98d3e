//! Politeness: robots.txt for pages made for people, one answer at a time from a host, and dead hosts left alone by all boards.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rolecall::domain::{DurationText, FetchFault, SourceState};
use rolecall::sources::{Answer, Failure, FetchSettings, Fetcher, KnownRows, Request, Validators};

use super::board::{Board, Reply, fetch_settings, fetcher, greenhouse_jobs, now, reply};

const PAGE: &str = "<!doctype html><title>Jobs at Tidewater</title>";

async fn read(fetcher: &Fetcher, board: &Board, path: &str, at: DateTime<Utc>) -> Result<Answer, Failure> {
    let request = Request::page(format!("{}{path}", board.url).parse().unwrap());
    fetcher.ask(&request, &Validators::default(), at).await
}

/// A site with this robots.txt, which counts how often it is asked for.
async fn site(robots: impl Fn() -> Reply + Send + Sync + 'static) -> Board {
    Board::with_robots(move |head| if head.starts_with("GET /robots.txt ") { robots() } else { reply("200 OK", &[], PAGE) }).await
}

#[tokio::test]
async fn pages_are_read_as_robots_txt_allows_and_it_is_asked_for_once_a_day() {
    let board = site(|| reply("200 OK", &[], "User-agent: *\nDisallow: /private\n")).await;
    let fetcher = fetcher();
    for path in ["/jobs", "/jobs/1"] {
        read(&fetcher, &board, path, now()).await.unwrap();
    }
    let refused = read(&fetcher, &board, "/private/2?key=s3cret", now()).await.unwrap_err();
    assert_eq!(refused.fault, FetchFault::Blocked);
    assert!(refused.text.contains("robots.txt of 127.0.0.1 does not allow /private/2;") && refused.text.contains("ask the owner"));
    assert_eq!(board.asked(), ["GET /robots.txt", "GET /jobs", "GET /jobs/1"]);
    read(&fetcher, &board, "/jobs", now() + Duration::from_hours(24)).await.unwrap();
    assert_eq!(board.asked()[3..], ["GET /robots.txt", "GET /jobs"]);
}

#[tokio::test]
async fn interfaces_made_for_programs_are_not_a_matter_of_robots_txt() {
    let board = Board::with_robots(|head| {
        if head.starts_with("GET /robots.txt ") {
            reply("200 OK", &[], "User-agent: *\nDisallow: /\n")
        } else {
            reply("200 OK", &[], greenhouse_jobs([1]))
        }
    })
    .await;
    assert_eq!(board.fetch().await.state.fault, None);
    assert_eq!(board.asked().len(), 1);
}

#[tokio::test]
async fn a_robots_txt_that_is_not_there_allows_all_and_one_that_fails_allows_nothing_for_now() {
    for status in ["404 Not Found", "403 Forbidden", "400 Bad Request"] {
        let board = site(move || reply(status, &[], "User-agent: *\nDisallow: /")).await;
        assert!(read(&fetcher(), &board, "/jobs", now()).await.is_ok(), "{status}");
    }
    let cases: [(&str, &[&str], FetchFault); 3] = [
        ("500 Internal Server Error", &[], FetchFault::ServerError),
        ("503 Service Unavailable", &["retry-after: 60"], FetchFault::TooFast),
        ("429 Too Many Requests", &[], FetchFault::TooFast),
    ];
    for (status, headers, fault) in cases {
        let board = site(move || reply(status, headers, "")).await;
        let refused = read(&fetcher(), &board, "/jobs", now()).await.unwrap_err();
        assert_eq!(refused.fault, fault, "{status}");
        assert!(refused.text.contains("robots.txt"), "{}", refused.text);
        assert_eq!(board.asked(), ["GET /robots.txt"], "the page itself is not asked for");
    }
}

#[tokio::test]
async fn a_robots_txt_that_failed_is_asked_for_again_and_one_that_was_read_keeps_its_word() {
    let broken = Arc::new(AtomicBool::new(false));
    let fails = Arc::clone(&broken);
    let board = site(move || {
        if fails.load(Ordering::SeqCst) {
            reply("502 Bad Gateway", &[], "")
        } else {
            reply("200 OK", &[], "User-agent: rolecall\nDisallow: /private\n")
        }
    })
    .await;
    let fetcher = fetcher();
    read(&fetcher, &board, "/jobs", now()).await.unwrap();
    broken.store(true, Ordering::SeqCst);
    let tomorrow = now() + Duration::from_hours(25);
    read(&fetcher, &board, "/jobs", tomorrow).await.unwrap();
    assert_eq!(read(&fetcher, &board, "/private", tomorrow).await.unwrap_err().fault, FetchFault::Blocked);
    broken.store(false, Ordering::SeqCst);
    read(&fetcher, &board, "/jobs", tomorrow + Duration::from_mins(15)).await.unwrap();
    assert_eq!(board.asked().iter().filter(|line| line.contains("robots")).count(), 3);
}

#[tokio::test]
async fn robots_txt_is_read_through_redirects_and_a_page_that_redirects_away_is_judged_where_it_ends() {
    let board = Board::with_robots(|head| match head.split(' ').nth(1).unwrap() {
        "/robots.txt" => reply("301 Moved", &["location: /a"], ""),
        "/a" => reply("302 Found", &["location: /b"], ""),
        "/b" => reply("200 OK", &[], "User-agent: *\nDisallow: /private\n"),
        "/jobs" => reply("302 Found", &["location: /private/jobs"], ""),
        _ => reply("200 OK", &[], PAGE),
    })
    .await;
    let fetcher = fetcher();
    assert!(read(&fetcher, &board, "/open", now()).await.is_ok());
    assert_eq!(read(&fetcher, &board, "/jobs", now()).await.unwrap_err().fault, FetchFault::Blocked);
    let endless = site(|| reply("302 Found", &["location: /robots.txt"], "")).await;
    assert!(read(&fetcher, &endless, "/jobs", now()).await.is_ok(), "RFC 9309 2.3.1.2: as if it were not there");
}

#[tokio::test]
async fn an_endless_robots_txt_is_read_up_to_its_bound() {
    let board = Board::with_robots(|head| {
        if head.starts_with("GET /robots.txt ") {
            Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n".to_vec(), &[b'#'; 16_000], Duration::ZERO)
        } else {
            reply("200 OK", &[], PAGE)
        }
    })
    .await;
    let fetcher = fetcher();
    assert!(read(&fetcher, &board, "/jobs", now()).await.is_ok());
    assert_eq!(read(&fetcher, &board, "/private", now()).await.unwrap_err().fault, FetchFault::Blocked);
}

#[tokio::test]
async fn a_crawl_delay_keeps_requests_apart() {
    let board = site(|| reply("200 OK", &[], "User-agent: *\nCrawl-delay: 0.2\n")).await;
    let fetcher = fetcher();
    let started = std::time::Instant::now();
    for path in ["/1", "/2", "/3"] {
        read(&fetcher, &board, path, now()).await.unwrap();
    }
    assert!(started.elapsed() >= Duration::from_millis(400), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_challenge_page_is_named_for_pages_too_and_so_is_nothing_at_all() {
    for (status, headers, body, fault) in [
        ("200 OK", &[][..], "<!DOCTYPE html><html><title>Just a moment...</title>", FetchFault::Blocked),
        ("503 Service Unavailable", &["cf-mitigated: challenge"], "<html>", FetchFault::Blocked),
        ("200 OK", &[], "<html><title>Jobs</title><script src=captcha.js></script></html>", FetchFault::Empty),
        ("200 OK", &[], " \r\n", FetchFault::Empty),
        ("204 No Content", &[], "", FetchFault::Empty),
    ] {
        let board = Board::always(status, headers, body).await;
        match read(&fetcher(), &board, "/jobs", now()).await {
            Ok(_) => assert!(body.contains("captcha"), "a page may guard its form: {body}"),
            Err(failure) => assert_eq!(failure.fault, fault, "{status} {body}"),
        }
    }
}

/// A board that answers after a moment and knows how many it answered at the same time.
async fn busy() -> (Board, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let board = Board { url: format!("http://{}", listener.local_addr().unwrap()), heads: Arc::default() };
    let (most, running) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut socket, _)) = listener.accept().await {
            let (running, seen) = (Arc::clone(&running), Arc::clone(&seen));
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4_096]).await;
                seen.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(60)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]").await;
            });
        }
    });
    (board, most)
}

#[tokio::test]
async fn a_host_answers_as_many_at_a_time_as_the_setting_says() {
    assert_eq!(FetchSettings::default().per_host_concurrency, 1);
    for per_host_concurrency in [1, 3] {
        let (board, most) = busy().await;
        let fetcher = Fetcher::new(&FetchSettings { per_host_concurrency, ..fetch_settings() }).unwrap();
        let asks: Vec<_> = (0..6)
            .map(|number| {
                let (fetcher, url) = (fetcher.clone(), format!("{}/{number}", board.url).parse().unwrap());
                tokio::spawn(async move { fetcher.ask(&Request::json(url), &Validators::default(), now()).await.is_ok() })
            })
            .collect();
        for ask in asks {
            assert!(ask.await.unwrap());
        }
        assert_eq!(most.load(Ordering::SeqCst), per_host_concurrency);
    }
}

#[tokio::test]
async fn a_dead_host_of_a_thousand_boards_is_asked_a_few_times_and_heals_by_one_probe() {
    let well = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&well);
    let board = Board::open(move |_| {
        if answers.load(Ordering::SeqCst) {
            reply("200 OK", &[], greenhouse_jobs([1]))
        } else {
            reply("500 Internal Server Error", &[], "")
        }
    })
    .await;
    let fetcher = fetcher();
    let round = async |at: DateTime<Utc>| {
        let before = board.asked().len();
        let asks: Vec<_> = (0..1_000)
            .map(|number| {
                let (fetcher, source) = (fetcher.clone(), board.source("greenhouse", &[("board", &format!("board-{number}"))]));
                tokio::spawn(async move { source.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), at).await.state })
            })
            .collect();
        let mut faults = 0;
        for ask in asks {
            let state = ask.await.unwrap();
            faults += usize::from(state.fault == Some(FetchFault::ServerError));
        }
        (board.asked().len() - before, faults)
    };
    assert_eq!(round(now()).await, (5, 1_000));
    assert_eq!(round(now() + Duration::from_mins(4)).await, (0, 1_000));
    assert_eq!(round(now() + Duration::from_mins(5)).await, (1, 1_000), "one probe");
    well.store(true, Ordering::SeqCst);
    assert_eq!(round(now() + Duration::from_mins(14)).await, (0, 1_000));
    assert_eq!(round(now() + Duration::from_mins(15)).await, (1_000, 0));
}

#[tokio::test]
async fn a_fetch_ends_when_its_bytes_or_its_time_are_used_up() {
    let page = |head: &str| {
        let skip: usize = head.split_once("skip=").unwrap().1.split(['&', ' ']).next().unwrap().parse().unwrap();
        let rows: Vec<String> = (skip..skip + 100).map(|id| format!(r#"{{"id":"{id}","text":"Job {id}"}}"#)).collect();
        reply("200 OK", &[], format!("[{}]", rows.join(",")))
    };
    for settings in [
        FetchSettings { max_total_bytes: 5_000, ..fetch_settings() },
        FetchSettings { max_total_time: DurationText::from_millis(1), ..fetch_settings() },
    ] {
        let board = Board::open(page).await;
        let bounded = Fetcher::new(&settings).unwrap();
        let source = board.source("lever", &[("board", "acme")]);
        let fetched = source.fetch(&bounded, &SourceState::default(), &KnownRows::new(), now()).await;
        assert!(!super::board::ids(&fetched).1 && (1..=3).contains(&board.asked().len()), "{:?}", board.asked());
    }
}
