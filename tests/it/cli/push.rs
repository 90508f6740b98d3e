//! Postings that are sent to the running service, and the figures it shows.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Place, free_port};

const TOKEN: &str = "a-token-of-this-test";

/// The answer to one request.
pub(super) fn ask(port: u16, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut answer = String::new();
    if let Ok(mut link) = TcpStream::connect(("127.0.0.1", port)) {
        let _ = link.set_read_timeout(Some(Duration::from_secs(20)));
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
        let _ = write!(link, "{head}{body}");
        let _ = link.read_to_string(&mut answer);
    }
    answer
}

fn send(port: u16, source: &str, token: &str, body: &str) -> String {
    ask(port, "POST", &format!("/api/v1/sources/{source}/postings"), &format!("Authorization: Bearer {token}\r\n"), body)
}

#[test]
fn postings_that_are_sent_are_kept_told_and_closed() {
    let place = Place::new();
    let port = free_port();
    place.write("token", TOKEN);
    place.write(
        "rolecall.toml",
        &format!(
            "{}[alerts]\ninstant_grouping = \"0s\"\n[web]\nlisten = \"127.0.0.1:{port}\"\n[[source]]\nname = \"partner\"\nkind = \"push\"\ntoken = {{ file = \"token\" }}\n",
            super::CONFIG
        ),
    );
    place.write("wishes.json", r#"{"preferences":{"skills":{"any":["rust"]}},"delivery":{"frequency":"instant"}}"#);
    place.data("subscriber add ann@gmail.com --confirmed --preferences wishes.json");
    let daemon = place.start("serve");
    let until = Instant::now() + Duration::from_mins(1);
    while !ask(port, "GET", "/readyz", "", "").contains(" 200 ") || place.letters().is_empty() {
        assert!(Instant::now() < until, "the daemon did not get ready and welcome within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    let line = super::posting("p1", "Staff Backend Engineer").replace("Malabar Ledger", "Konkan Rail Data");
    assert!(send(port, "partner", "another-token-of-16", &line).starts_with("HTTP/1.1 401"));
    assert!(send(port, "local", TOKEN, &line).starts_with("HTTP/1.1 401"), "a source that is asked takes nothing");
    let refused = send(port, "partner", TOKEN, "{\"id\":");
    assert!(refused.starts_with("HTTP/1.1 422") && refused.contains("line 1"), "{refused}");
    let kept = send(port, "partner", TOKEN, &format!("no JSON\n{line}{{\"id\":\"p2\"}}\n"));
    assert!(kept.starts_with("HTTP/1.1 200") && kept.contains("\"new\":1") && kept.contains("\"bad\":2"), "{kept}");
    assert!(kept.contains("\"line 1: ") && kept.contains("\"line 3: "), "each bad line is told with its number: {kept}");
    while place.letters().len() < 2 {
        assert!(Instant::now() < until, "the posting was not told within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(send(port, "partner", TOKEN, &line).contains("\"new\":0"), "sent twice, it is new once");
    assert!(send(port, "partner", TOKEN, r#"{"closed":["p1"]}"#).contains("\"closed\":1"));
    let figures = ask(port, "GET", "/metrics", "", "");
    for words in [
        "rolecall_listings{state=\"closed\"} 1",
        "rolecall_deliveries_total{outcome=\"sent\",receiver=\"google\"} 2",
        "rolecall_source_health{source=\"partner\",kind=\"push\",health=\"well\"} 1",
        "rolecall_source_last_success_timestamp_seconds{source=\"local\",kind=\"file\"} 1",
        "# EOF",
    ] {
        assert!(figures.contains(words), "{words}: {figures}");
    }
    assert_eq!(daemon.stop(), Some(0));
}
