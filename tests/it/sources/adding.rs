//! Looking for the board behind a careers page, asked over a wire.

use rolecall::domain::FetchFault;
use rolecall::sources::seek;

use super::board::{Board, fetcher, now, reply};

/// A careers page, below a frame that speaks of other things.
fn careers(jobs: &str) -> String {
    format!(
        "<!doctype html><html><head><title>Work at Malabar Ledger</title>\
         <link rel=\"alternate\" type=\"application/rss+xml\" title=\"News\" href=\"/news.rss\"></head>\
         <body><h1>Work with us</h1><a href=\"https://www.linkedin.com/company/malabar\">us elsewhere</a>{jobs}</body></html>"
    )
}

async fn page(jobs: &str) -> Board {
    let page = careers(jobs);
    Board::open(move |head| match head.split(' ').nth(1) {
        Some("/careers") => reply("200 OK", &["content-type: text/html; charset=utf-8"], &page),
        _ => reply("404 Not Found", &[], ""),
    })
    .await
}

#[tokio::test]
async fn a_careers_page_gives_its_board_away() {
    let site = page(r#"<script src="https://boards.greenhouse.io/embed/job_board/js?for=malabarledger"></script>"#).await;
    let seen = seek(&format!("{}/careers", site.url).parse().unwrap(), &fetcher(), now()).await.unwrap();
    let found: Vec<_> = seen.found.iter().map(|found| (found.kind.name, found.keys.clone())).collect();
    assert_eq!(found, [("greenhouse", vec![("board", "malabarledger".to_owned())])]);
    let pages: Vec<String> = site.asked().into_iter().filter(|line| !line.contains("robots.txt")).collect();
    assert_eq!(pages, ["GET /careers"], "the page is asked for once, and nothing else");
}

#[tokio::test]
async fn a_feed_of_jobs_is_taken_where_no_board_is_named() {
    let site = page(r#"<link rel="alternate" type="application/rss+xml" title="Open positions" href="/open.rss">"#).await;
    let seen = seek(&format!("{}/careers", site.url).parse().unwrap(), &fetcher(), now()).await.unwrap();
    let found: Vec<_> = seen.found.iter().map(|found| (found.kind.name, found.name().to_owned(), found.address.to_string())).collect();
    assert_eq!(found, [("rss", "127.0.0.1".to_owned(), format!("{}/open.rss", site.url))]);
}

#[tokio::test]
async fn a_page_that_is_gone_or_asks_for_a_person_says_so() {
    let site = page("").await;
    let gone = seek(&format!("{}/jobs", site.url).parse().unwrap(), &fetcher(), now()).await.unwrap_err();
    assert_eq!(gone.fault, FetchFault::Gone);
    let wall = Board::open(|head| match head.split(' ').nth(1) {
        Some("/careers") => {
            reply("200 OK", &["content-type: text/html"], "<html><title>Just a moment...</title><body>captcha</body></html>")
        }
        _ => reply("404 Not Found", &[], ""),
    })
    .await;
    let blocked = seek(&format!("{}/careers", wall.url).parse().unwrap(), &fetcher(), now()).await.unwrap_err();
    assert_eq!(blocked.fault, FetchFault::Blocked);
}
