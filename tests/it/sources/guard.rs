//! No way to write an address leads a source inside the network, unless the operator said so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall::domain::{DurationText, FetchFault, SourceState};
use rolecall::sources::{FetchResult, FetchSettings, Fetcher, KnownRows, Source};

use super::board::{Board, fetch_settings, fetcher, greenhouse_jobs, ids, now, reply, settings};

/// Listens on all of loopback and counts who comes.
async fn canary() -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.expect("a port is free");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let visits = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&visits);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            drop(socket);
        }
    });
    (port, visits)
}

/// Loopback, private, link-local and other inner addresses, in every spelling that a URL parser or a resolver may understand.
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "0177.1",
    "127.0.0.1.",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "0",
    "0.0.0.0",
    "0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost.",
    "%6c%6f%63alhost",
    "%31%32%37.0.0.1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "10.0.0.1",
    "10.1",
    "0xa.1",
    "167772161",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "2852039166",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
];

/// The port is open, so that only the address can be refused.
fn public_only(port: u16) -> Fetcher {
    let settings = FetchSettings {
        ports: vec![port],
        timeout: DurationText::from_millis(1_500),
        per_host_interval: DurationText::from_millis(0),
        ..FetchSettings::default()
    };
    assert!(!settings.allow_private_addresses, "closed is the default");
    Fetcher::new(&settings).expect("the settings are good")
}

#[tokio::test]
async fn no_spelling_of_an_inner_address_is_ever_connected_to() {
    let (port, visits) = canary().await;
    let outward = public_only(port);
    let mut tried = 0;
    for host in HOSTS {
        for url in [format!("http://{host}:{port}/jobs"), format!("https://{host}:{port}/jobs")] {
            let Ok(source) = Source::build(&settings("rss", &[("url", &url)])) else { continue };
            let fetched = source.fetch(&outward, &SourceState::default(), &KnownRows::new(), now()).await;
            let FetchResult::Failed { fault, text } = fetched.result else { panic!("{url} was read") };
            assert_eq!(fault, FetchFault::Forbidden, "{url}: {text}");
            assert!(text.contains("allow_private_addresses"), "{text}");
            tried += 1;
        }
    }
    assert!(tried >= 80, "only {tried} were tried");
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_and_password_or_another_scheme_is_refused_even_where_private_addresses_are_allowed() {
    let (port, visits) = canary().await;
    let url = format!("http://one:two@127.0.0.1:{port}/");
    let source = Source::build(&settings("rss", &[("url", &url)])).unwrap();
    let fetched = source.fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    assert_eq!(fetched.state.fault, Some(FetchFault::Forbidden));
    for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/plain,x", "unix:/run/x"] {
        assert!(Source::build(&settings("rss", &[("url", url)])).is_err(), "{url}");
    }
    let board = Board::always("302 Found", &["location: file:///etc/passwd"], "").await;
    assert_ne!(board.fetch().await.state.fault, None);
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn another_port_of_a_public_host_is_not_asked_unless_it_is_listed() {
    let source = Source::build(&settings("rss", &[("url", "http://192.0.1.1:25/jobs")])).unwrap();
    let fetched = source.fetch(&public_only(443), &SourceState::default(), &KnownRows::new(), now()).await;
    assert_eq!(fetched.state.fault, Some(FetchFault::Forbidden));
    assert!(fetched.state.fault_text.unwrap().contains("port 25 is not among [fetch] ports"));
}

#[tokio::test]
async fn the_setting_opens_the_inside_and_nothing_else_does() {
    let board = Board::always("200 OK", &[], greenhouse_jobs([1])).await;
    let port = board.url.rsplit_once(':').unwrap().1.parse().unwrap();
    let refused = board.greenhouse().fetch(&public_only(port), &SourceState::default(), &KnownRows::new(), now()).await;
    assert_eq!(refused.state.fault, Some(FetchFault::Forbidden));
    assert_eq!(board.asked().len(), 0);
    let open = Fetcher::new(&FetchSettings { allow_private_addresses: true, ..fetch_settings() }).unwrap();
    assert_eq!(ids(&board.greenhouse().fetch(&open, &SourceState::default(), &KnownRows::new(), now()).await).0, ["1"]);
}

#[tokio::test]
async fn with_the_setting_a_redirect_inside_is_followed() {
    let inside = Board::always("200 OK", &[], greenhouse_jobs([7])).await;
    let location = format!("location: {}/x", inside.url);
    let board = Board::open(move |_| reply("302 Found", &[&location], "")).await;
    assert_eq!(ids(&board.fetch().await).0, ["7"]);
}
