//! Boards that misbehave: each fault gets its name, its mend and its wait, and none takes more time or memory than it is given.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use std::time::{Duration, Instant};

use rolecall::domain::{FetchFault, SourceState};
use rolecall::extract::Extractor;
use rolecall::sources::{Brought, FetchResult, FetchSettings, Fetched, Fetcher, KnownRows, read_payload};

use super::board::{Board, Reply, fetch_settings, fetcher, greenhouse_jobs, ids, now, reply};

/// The fetch failed with this fault, in these words and with a mend; the state says the same and waits.
#[track_caller]
fn failed_with(fetched: &Fetched, expected: FetchFault, words: &str) {
    let FetchResult::Failed { fault, text } = &fetched.result else { panic!("a failure was due: {:?}", fetched.result) };
    assert_eq!(*fault, expected, "{text}");
    assert!(text.contains(words), "{text}");
    assert!(text.contains("; ") && !text.starts_with(expected.label()), "the mend follows, the fault is not said twice: {text}");
    assert_eq!((fetched.state.fault, fetched.state.fault_text.as_ref()), (Some(expected), Some(text)));
    assert_eq!((fetched.state.failures, fetched.state.last_attempt_at), (1, Some(now())));
    assert!(fetched.state.not_before.is_some_and(|at| at > now()));
    assert_eq!(fetched.state.last_success_at, None);
}

#[tokio::test]
async fn each_unwelcome_status_has_its_fault() {
    for (status, fault) in [
        ("404 Not Found", FetchFault::Gone),
        ("410 Gone", FetchFault::Gone),
        ("401 Unauthorized", FetchFault::Blocked),
        ("403 Forbidden", FetchFault::Blocked),
        ("429 Too Many Requests", FetchFault::TooFast),
        ("500 Internal Server Error", FetchFault::ServerError),
        ("503 Service Unavailable", FetchFault::ServerError),
        ("400 Bad Request", FetchFault::Misconfigured),
        ("304 Not Modified", FetchFault::ServerError),
        ("200 OK", FetchFault::Empty),
        ("204 No Content", FetchFault::Empty),
    ] {
        let words = match &status[..3] {
            "304" => "not modified",
            "200" | "204" => "an empty body",
            figure => figure,
        };
        let body = if status.starts_with("20") { "" } else { "x" };
        failed_with(&Board::always(status, &[], body).await.fetch().await, fault, words);
    }
}

#[tokio::test]
async fn a_host_that_asks_for_rest_is_left_alone_by_all_its_boards() {
    let board = Board::always("429 Too Many Requests", &["retry-after: 7200"], "").await;
    let fetcher = fetcher();
    let first = board.greenhouse().fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now()).await;
    failed_with(&first, FetchFault::TooFast, "429");
    assert_eq!(first.state.not_before, Some(now() + Duration::from_hours(2)));
    let other = board.source("lever", &[("board", "other")]);
    failed_with(&other.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now()).await, FetchFault::TooFast, "left alone until");
    assert_eq!(board.asked().len(), 1, "the second board did not ask");
    other.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now() + Duration::from_hours(3)).await;
    assert_eq!(board.asked().len(), 2);
}

#[tokio::test]
async fn a_web_page_or_broken_json_is_a_changed_format() {
    let board = Board::always("200 OK", &["content-type: text/html"], "<!doctype html><title>We moved</title>").await;
    failed_with(&board.fetch().await, FetchFault::ChangedFormat, "We moved");
    let board = Board::always("200 OK", &[], "<html><title>Just a moment...</title></html>").await;
    failed_with(&board.fetch().await, FetchFault::Blocked, "Just a moment");
    let whole = greenhouse_jobs(1..50);
    let board = Board::always("200 OK", &[], &whole.as_bytes()[..whole.len() / 2]).await;
    failed_with(&board.fetch().await, FetchFault::ChangedFormat, "line 1");
    let board = Board::always("200 OK", &[], r#"{"error":"no such board"}"#).await;
    failed_with(&board.fetch().await, FetchFault::ChangedFormat, "$.jobs");
    let board = Board::always("200 OK", &[], r#"{"jobs":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}"#).await;
    failed_with(&board.fetch().await, FetchFault::ChangedFormat, "none of 2 entries could be read: at jobs[0]");
    let board = Board::always("200 OK", &[], "[".repeat(200_000)).await;
    failed_with(&board.fetch().await, FetchFault::ChangedFormat, "$");
}

#[tokio::test]
async fn broken_bytes_cost_a_letter_and_a_malformed_posting_only_itself() {
    let body = b"{\"jobs\":[{\"id\":1,\"title\":\"Caf\xff\"},{\"id\":2},{\"id\":3,\"title\":\"c\"}],\"meta\":{\"total\":3}}";
    let fetched = Board::always("200 OK", &[], body.to_vec()).await.fetch().await;
    let FetchResult::Brought(Brought { postings, bad, complete, .. }) = &fetched.result else { panic!("postings were due") };
    assert_eq!(postings.iter().map(|posting| posting.title.as_str()).collect::<Vec<_>>(), ["Caf\u{fffd}", "c"]);
    assert_eq!((bad.len(), bad[0].id.as_deref(), *complete), (1, Some("2"), true));
    assert_eq!(
        (fetched.state.fault, fetched.state.last_success_at),
        (Some(FetchFault::Flawed), Some(now())),
        "told, and a success all the same"
    );
}

static BLANKS: [u8; 64 * 1024] = [b' '; 64 * 1024];

#[tokio::test]
async fn a_body_that_announces_or_brings_too_much_is_refused() {
    let board = Board::open(|_| Reply::Whole(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n[".to_vec())).await;
    failed_with(&board.fetch().await, FetchFault::TooBig, "bytes");
    // A small bound: a busy machine must come to it within the time of one answer.
    let small = Fetcher::new(&FetchSettings { max_bytes: 256 * 1024, ..fetch_settings() }).unwrap();
    let endless = || Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), &BLANKS, Duration::ZERO);
    let endless = Board::open(move |_| endless()).await.greenhouse();
    failed_with(&endless.fetch(&small, &SourceState::default(), &KnownRows::new(), now()).await, FetchFault::TooBig, "bytes");
}

#[tokio::test]
async fn a_dripping_body_ends_with_the_time_of_one_answer() {
    let board = Board::open(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n[".to_vec(), b" ", Duration::from_millis(50))).await;
    let started = Instant::now();
    failed_with(&board.fetch().await, FetchFault::Slow, "1s 500ms");
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_that_breaks_or_never_comes_is_unreachable() {
    let cut = Board::open(|_| Reply::Whole(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"jobs\":[".to_vec())).await;
    failed_with(&cut.fetch().await, FetchFault::Unreachable, "");
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let board = Board { url: format!("http://{}", nobody.local_addr().unwrap()), heads: std::sync::Arc::default() };
    drop(nobody);
    failed_with(&board.fetch().await, FetchFault::Unreachable, "refused");
    let noise = Board::open(|_| Reply::Whole(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())).await;
    failed_with(&noise.fetch().await, FetchFault::Unreachable, "");
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_a_loop_ends() {
    let step =
        |head: &str| -> usize { head.split(['/', ' ', '?']).find_map(|part| part.strip_prefix("hop")).map_or(0, |n| n.parse().unwrap()) };
    let board = |last: usize| {
        Board::open(move |head| match step(head) {
            hop if hop < last => reply("302 Found", &[&format!("location: /hop{}", hop + 1)], ""),
            _ => reply("200 OK", &[], greenhouse_jobs([1])),
        })
    };
    assert_eq!(ids(&board(5).await.fetch().await), (vec!["1"], true));
    let endless = board(usize::MAX).await;
    failed_with(&endless.fetch().await, FetchFault::Misconfigured, "more than 5 redirects");
    assert_eq!(endless.asked().len(), 6);
    for (location, most) in [("location: /v1/boards/acme/jobs?content=true", 2), ("location: /hop0?key=s3cret", 3)] {
        let circle = Board::open(move |_| reply("302 Found", &[location], "")).await;
        let fetched = circle.fetch().await;
        failed_with(&fetched, FetchFault::Misconfigured, "redirects in a loop, back to 127.0.0.1/");
        assert!(!fetched.state.fault_text.unwrap().contains("s3cret"));
        assert_eq!(circle.asked().len(), most);
    }
}

/// Speaks TLS with a certificate that nobody signed.
fn self_signed() -> String {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    let certificate = CertificateDer::from(include_bytes!("../../fixtures/tls/self-signed.cert.der").to_vec());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(include_bytes!("../../fixtures/tls/self-signed.key.der").to_vec()));
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = std::sync::Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(std::sync::Arc::clone(&config)).unwrap();
            while session.is_handshaking() && session.complete_io(&mut socket).is_ok() {}
        }
    });
    url
}

#[tokio::test]
async fn a_bad_certificate_or_a_failed_handshake_is_no_matter_of_reaching_it() {
    let untrusted = Board { url: self_signed(), heads: std::sync::Arc::default() };
    failed_with(&untrusted.fetch().await, FetchFault::BadTls, "certificate");
    for greeting in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b""] {
        let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let board = Board { url: format!("https://{}", plain.local_addr().unwrap()), heads: std::sync::Arc::default() };
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            while let Ok((mut socket, _)) = plain.accept().await {
                let _ = socket.read(&mut [0; 4_096]).await;
                let _ = socket.write_all(greeting).await;
            }
        });
        failed_with(&board.fetch().await, FetchFault::BadTls, "");
    }
}

#[tokio::test]
async fn failures_in_a_row_wait_longer_and_a_good_answer_ends_them() {
    let board = Board::always("500 Internal Server Error", &[], "").await;
    let mut state = SourceState::default();
    let mut waits = Vec::new();
    for _ in 0..6 {
        state = board.greenhouse().fetch(&fetcher(), &state, &KnownRows::new(), now()).await.state;
        waits.push((state.not_before.unwrap() - now()).num_seconds());
    }
    assert!(waits.iter().zip([60, 120, 240, 480, 960, 1920]).all(|(wait, most)| (most / 2..=most).contains(wait)), "{waits:?}");
    let well = Board::always("200 OK", &[], greenhouse_jobs([1])).await;
    let state = well.greenhouse().fetch(&fetcher(), &state, &KnownRows::new(), now()).await.state;
    assert_eq!((state.failures, state.fault, state.not_before), (0, None, None));
}

#[tokio::test]
async fn a_slow_source_does_not_hold_the_others() {
    let slow = Board::open(|_| Reply::Drip(Vec::new(), b"", Duration::from_millis(50))).await;
    let quick = Board::always("200 OK", &[], greenhouse_jobs([1])).await;
    let fetcher = Fetcher::new(&fetch_settings()).unwrap();
    let (stuck, source) = (slow.greenhouse(), quick.greenhouse());
    let held = {
        let fetcher = fetcher.clone();
        tokio::spawn(async move { stuck.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now()).await })
    };
    let started = Instant::now();
    assert_eq!(ids(&source.fetch(&fetcher, &SourceState::default(), &KnownRows::new(), now()).await).0, ["1"]);
    assert!(started.elapsed() < Duration::from_secs(1));
    failed_with(&held.await.unwrap(), FetchFault::Slow, "");
}

#[test]
fn xml_that_expands_nests_or_reaches_for_files_costs_nothing() {
    let item = |title: &str| format!("<item><title>{title}</title><link>https://x.example/1</link></item>");
    let laugh = |n: u32| format!("<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10));
    let laughs = (1..=9).map(laugh).collect::<Vec<_>>().concat();
    let bomb = format!("<!DOCTYPE rss [<!ENTITY lol0 \"lol\">{laughs}]><rss version=\"2.0\"><channel>{}</channel></rss>", item("&lol9;"));
    let nested = format!("<rss version=\"2.0\"><channel>{}</channel></rss>", "<item>".repeat(100_000));
    let started = Instant::now();
    for xml in [bomb, nested] {
        if let Ok(reading) = read_payload("rss", "acme", xml.as_bytes()) {
            assert!(reading.postings.iter().all(|posting| posting.title.len() < 1_000));
        }
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn a_feed_is_read_wherever_it_declares_its_letters() {
    let declared = r#"<?xml version="1.0" encoding="ISO-8859-1"?>"#;
    let entry = "<item><title>Entwickler f\u{fc}r Z\u{fc}ge</title><link>https://x.example/1</link></item>";
    let feed = |inside: &str| format!("<rss version=\"2.0\"><channel>{inside}</channel></rss>");
    let at_first = format!("{declared}{}", feed(entry));
    let late = format!("{}{declared}{}", "\n".repeat(100), feed(entry));
    let twice = format!("{declared}{}", feed(&format!("{declared}{entry}")));
    for xml in [at_first, late, twice] {
        let latin: Vec<u8> = xml.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let reading = read_payload("rss", "acme", &latin).unwrap();
        assert_eq!(reading.postings[0].title, "Entwickler f\u{fc}r Z\u{fc}ge", "{xml}");
    }
}

#[test]
fn numbers_that_no_pay_can_be_are_no_pay() {
    let offer = |min: &str, max: &str| {
        format!(
            r#"{{"offers": [{{"id": 1, "title": "Rust Engineer", "careers_url": "https://acme.recruitee.com/o/1",
                "salary": {{"min": {min}, "max": {max}, "currency": "INR", "period": "year"}}}}]}}"#
        )
    };
    let read = |min: &str, max: &str| read_payload("recruitee", "acme", offer(min, max).as_bytes());
    let extractor = Extractor::new();
    let pay_of = |posting| serde_json::to_value(extractor.read(posting, now()).facts.line("1")).unwrap()["salary"].clone();
    // Good figures come through, so that what follows says something.
    let good = read("2500000", "3500000").unwrap().postings.remove(0);
    assert_eq!(pay_of(good)["min"], 2_500_000.0);
    let odd = [
        "1e400",
        "-1e400",
        "-0",
        "0",
        "-5",
        "1e308",
        "1e-300",
        "99999999999999999999999999999999",
        "\"1e400\"",
        "\"NaN\"",
        "\"∞\"",
        "true",
        "[]",
    ];
    for (min, max) in odd.iter().flat_map(|min| odd.iter().map(move |max| (min, max))) {
        // What is no JSON at all is refused as a whole; what is one costs its pay and nothing else.
        let Ok(reading) = read(min, max) else { continue };
        for posting in reading.postings {
            let pay = pay_of(posting);
            assert!(pay.is_null(), "{min} to {max} became {pay}");
        }
    }
}

#[test]
fn json_without_a_bottom_costs_nothing() {
    let started = Instant::now();
    for open in ["[", "{\"jobs\":", "{\"a\":[", "{\"offers\":[{\"id\":"] {
        for kind in ["greenhouse", "lever", "ashby", "recruitee", "json_feed", "remotive", "file"] {
            let reading = read_payload(kind, "acme", open.repeat(100_000).as_bytes());
            assert!(reading.is_err() || reading.is_ok_and(|reading| reading.postings.is_empty()), "{kind}");
        }
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
