//! `rolecall run` and `serve`: a listing reaches a subscriber once, at its hour.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use chrono::Days;
use rolecall::clock::Clock;

use super::{Place, free_port, posting, snapshot};

/// An hour of one of the coming days: subscriptions are due after the real now, which the command takes when they are added.
fn moment(days: u64, time: &str) -> String {
    let now = Clock::System.now();
    format!("{}T{time}:00Z", now.date_naive().checked_add_days(Days::new(days)).unwrap())
}

#[test]
fn a_listing_added_between_two_passes_reaches_a_daily_subscriber_once_at_its_hour() {
    let place = Place::new();
    place.write(
        "alert.json",
        r#"{"name":"Backend","preferences":{"roles":["backend_engineer"]},"delivery":{"frequency":"daily","at":"08:00","time_zone":"Asia/Kolkata"}}"#,
    );
    place.data("subscriber add ann@example.org --preferences alert.json --confirmed");
    let first = &place.json(&format!("run --now {}", moment(1, "03:00")))[0];
    assert_eq!((&first["new_listings"], &first["sent"]), (&2.into(), &1.into()), "the welcome letter: {first}");

    place.write("postings.ndjson", &(place.read("postings.ndjson") + &posting("3", "Backend Engineer, Payments")));
    let early = &place.json(&format!("run --now {}", moment(2, "02:25")))[0];
    assert_eq!((&early["new_listings"], &early["queued"]), (&1.into(), &0.into()), "before its hour: {early}");
    let due = &place.json(&format!("run --now {}", moment(2, "02:30")))[0];
    assert_eq!((&due["queued"], &due["sent"]), (&1.into(), &1.into()), "08:00 in Kolkata is 02:30 UTC: {due}");
    for later in [moment(2, "02:31"), moment(3, "02:30")] {
        assert_eq!(place.json(&format!("run --now {later}"))[0]["queued"], 0, "{later}");
    }
    let letters = place.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[1].contains("To: ann@example.org") && letters[1].contains("Backend Engineer, Payments"), "{}", letters[1]);
    assert!(!letters[1].contains("Gardener"));
}

#[test]
fn a_dry_run_says_what_would_be_sent_and_leaves_every_byte_as_it_was() {
    let place = Place::new();
    place.data("subscriber add ann@example.org --confirmed");
    place.data(&format!("run --now {}", moment(1, "03:00")));
    place.write("postings.ndjson", &(place.read("postings.ndjson") + &posting("3", "Backend Engineer, Payments")));
    let before = snapshot(&place.path("data"));
    let due = moment(2, "08:00");
    let said = place.data(&format!("run --dry-run --now {due}"));
    assert!(said.contains("ann@example.org") && said.contains("Backend Engineer, Payments"), "{said}");
    let letters = place.json(&format!("run --dry-run --now {due}"));
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["to"], "ann@example.org");
    assert!(before == snapshot(&place.path("data")), "a dry run wrote");
    assert_eq!(place.json(&format!("run --now {due}"))[0]["sent"], 1, "what was said is then done");
}

#[test]
fn a_dry_run_makes_nothing_where_nothing_is() {
    let place = Place::new();
    place.data("run --dry-run");
    assert!(!place.path("data").exists());
}

#[test]
fn the_daemon_serves_mails_on_its_own_and_stops_in_order() {
    let place = Place::new();
    let port = free_port();
    place.write("rolecall.toml", &format!("{}[web]\nlisten = \"127.0.0.1:{port}\"\n", super::CONFIG));
    place.data("subscriber add ann@example.org --confirmed");
    let daemon = place.start("serve");
    let until = Instant::now() + Duration::from_secs(30);
    while !get(port, "/readyz").contains(" 200 ") || place.letters().is_empty() {
        assert!(Instant::now() < until, "the daemon did not get ready and send within 30 s: {:?}", place.run("status"));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(place.json("status")[0]["delivered"], 1, "while the daemon runs");
    place.data("backup copy.db");
    assert_eq!(daemon.stop(), Some(0));
    assert!(std::fs::metadata(place.path("copy.db")).unwrap().len() > 4_096);
    assert_eq!(place.json("subscriber list")[0]["state"], "active");
}

/// The answer to one request; empty while nobody listens.
fn get(port: u16, path: &str) -> String {
    let mut answer = String::new();
    if let Ok(mut link) = TcpStream::connect(("127.0.0.1", port)) {
        let _ = link.set_read_timeout(Some(Duration::from_secs(5)));
        let _ = write!(link, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let _ = link.read_to_string(&mut answer);
    }
    answer
}

#[test]
fn a_running_service_counts_its_own_passes_and_how_a_source_failed() {
    let place = Place::new();
    let port = free_port();
    let gone = "[[source]]\nname = \"gone\"\nkind = \"file\"\npath = \"gone.ndjson\"\n";
    place.write("rolecall.toml", &format!("{}{gone}[web]\nlisten = \"127.0.0.1:{port}\"\n", super::CONFIG));
    place.data("subscriber add ann@example.org --confirmed");
    let daemon = place.start("serve");
    let shows = |text: &str, pass: &str| {
        let series = format!("rolecall_pass_last_duration_seconds{{pass=\"{pass}\"}} ");
        let took = text.lines().find_map(|line| line.strip_prefix(&series)).and_then(|figure| figure.parse::<f64>().ok());
        took.is_some_and(|took| took > 0.0) && text.contains(&format!("rolecall_pass_runs_total{{pass=\"{pass}\",result=\"well\"}} "))
    };
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let text = get(port, "/metrics");
        let passes = ["ingest", "alert", "deliver", "sweep"].iter().all(|pass| shows(&text, pass));
        let items = ["pass=\"ingest\",item=\"new\"} 2", "pass=\"deliver\",item=\"sent\"} 1"].iter().all(|words| text.contains(words));
        if passes && items && text.contains("rolecall_source_faults_total{source=\"gone\",fault=\"") {
            break;
        }
        assert!(Instant::now() < until, "not every pass was counted within 30 s: {text}");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(daemon.stop(), Some(0));
}
