//! Readiness and figures of a real page: what is asked is answered, named well, and names nobody.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;
use rolecall::domain::SourceState;

use super::site::{Site, board, noon};
use crate::support::skipped;

fn packaging(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(name)
}

/// A service with a little of everything.
async fn lived_in() -> Site {
    let site = Site::start().await;
    site.publish(board()).await;
    site.subscriber("asha@gmail.com").await;
    let state = SourceState {
        last_attempt_at: Some(noon()),
        last_success_at: Some(noon()),
        last_yield: Some(4),
        usual_yield: Some(4.0),
        ..SourceState::default()
    };
    site.store.save_source_state("acme", &state, noon()).await.unwrap();
    site.tally.pass("alert", Duration::from_millis(20), noon(), Some(&[("queued", 3)]));
    site.tally.source_fault("acme", "gone");
    site
}

/// Every name of a series, as it stands before its labels or value.
fn series(text: &str) -> BTreeSet<&str> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['{', ' ']).next()).collect()
}

fn named(text: &str) -> BTreeSet<&str> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = text.match_indices("rolecall_").map(|(at, _)| &text[at..]);
    starts.map(|rest| &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]).collect()
}

#[tokio::test]
async fn figures_have_one_prefix_base_units_and_no_label_that_names_a_person_or_a_link() {
    let site = lived_in().await;
    let text = site.get("/metrics").await.body;
    for name in series(&text) {
        assert!(name.starts_with("rolecall_"), "{name}");
        for unit in ["_ms", "_millis", "_minutes", "_kb", "_mb"] {
            assert!(!name.ends_with(unit), "{name}");
        }
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(!line.contains('@') && !line.contains("://"), "{line}");
    }
    let lines = text.lines().collect::<Vec<_>>();
    let types = lines.iter().filter(|line| line.starts_with("# TYPE ") && line.ends_with(" counter"));
    for name in types.filter_map(|line| line.split(' ').nth(2)) {
        assert!(series(&text).contains(format!("{name}_total").as_str()), "{name}");
    }
    for words in [
        "rolecall_ready{check=\"database\"} 1",
        "rolecall_subscribers{state=\"active\"} 1",
        "rolecall_listings{state=\"open\"} 4",
        "rolecall_source_listings{source=\"acme\",kind=\"greenhouse\"} 4",
        "rolecall_source_faults_total{source=\"acme\",fault=\"gone\"} 1",
        "rolecall_pass_items_total{pass=\"alert\",item=\"queued\"} 3",
        "rolecall_http_requests_total{route=\"/confirm/{token}\",class=\"2xx\"} 1",
        "rolecall_build_info{version=",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn the_dashboard_and_the_rules_name_only_series_that_a_real_service_shows() {
    let site = lived_in().await;
    let text = site.get("/metrics").await.body;
    let shown = series(&text);
    // Nothing has come back in this one; the families are empty and say no more than their names.
    let known = |name: &&str| shown.contains(*name) || ["rolecall_returned_mails", "rolecall_returned_from"].contains(name);
    for file in ["grafana/rolecall.json", "prometheus/rolecall.rules.yml"] {
        let wanted = std::fs::read_to_string(packaging(file)).unwrap();
        let names = named(&wanted);
        assert!(names.len() > 10, "{file}: {names:?}");
        let missing: Vec<_> = names.iter().filter(|name| !known(name)).collect();
        assert!(missing.is_empty(), "{file} names {missing:?}, which no service shows");
    }
    let panels: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(packaging("grafana/rolecall.json")).unwrap()).unwrap();
    assert!(panels["panels"].as_array().unwrap().len() >= 20);
}

#[test]
fn every_alarm_names_a_paragraph_that_says_what_to_do() {
    let rules = std::fs::read_to_string(packaging("prometheus/rolecall.rules.yml")).unwrap();
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CARE.md")).unwrap();
    let headings: BTreeSet<String> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("#### "))
        .map(|heading| heading.to_lowercase().replace(": ", "-").replace(' ', "-"))
        .collect();
    let anchors: Vec<&str> = rules.lines().filter_map(|line| line.split_once("docs/CARE.md#")).map(|(_, anchor)| anchor.trim()).collect();
    assert_eq!(anchors.len(), rules.matches("- alert: ").count());
    for anchor in &anchors {
        assert!(headings.contains(*anchor), "{anchor} is not in {headings:?}");
    }
    assert_eq!(anchors.len(), headings.len(), "no paragraph tells of an alarm that is gone");
}

#[test]
fn the_rules_read_and_the_alarm_of_a_queue_that_stands_still_fires() {
    if Command::new("promtool").arg("--version").output().is_err() {
        return skipped("the alert rules", "promtool is not installed (Debian: prometheus)");
    }
    for arguments in [["check", "rules", "rolecall.rules.yml"], ["test", "rules", "rolecall.test.yml"]] {
        let done = Command::new("promtool").args(arguments).current_dir(packaging("prometheus")).output().unwrap();
        assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    }
}

#[tokio::test]
async fn readiness_names_each_thing_it_rests_on_in_text_and_json() {
    let site = Site::start().await;
    let text = site.get("/readyz").await;
    assert_eq!(text.status, 200);
    for check in ["ready\n", "ok   database:", "ok   schema:", "ok   queue:", "ok   passes:"] {
        assert!(text.has(check), "{check}: {}", text.body);
    }
    let json = site.send(reqwest::Method::GET, "/readyz", &[("accept", "application/json")], String::new()).await;
    let value: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(value["ready"], true);
    assert!(value["checks"].as_array().unwrap().iter().all(|check| check["well"] == true));
}

#[tokio::test]
async fn a_queue_that_stands_still_is_not_ready_and_a_long_one_that_moves_is() {
    let site = Site::start().await;
    let fields = [("email", "asha@example.org"), ("name", "Rust"), ("skills_any", "rust"), ("frequency", "daily"), ("at", "08:00")];
    assert_eq!(site.post("/subscribe", &fields).await.status, 200);
    site.clock.set(noon() + TimeDelta::minutes(14));
    assert_eq!(site.get("/readyz").await.status, 200, "a letter may wait for a quarter of an hour");
    site.clock.set(noon() + TimeDelta::minutes(16));
    let stuck = site.get("/readyz").await;
    assert_eq!(stuck.status, 503);
    assert!(stuck.has("not ready\n") && stuck.has("FAIL queue: 1 letters wait") && stuck.has("ok   database"), "{}", stuck.body);
    assert!(site.get("/metrics").await.has("rolecall_ready{check=\"queue\"} 0"));
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named_and_the_rest_of_the_figures_is_still_told() {
    let site = Site::start().await;
    site.store.close().await;
    let down = site.get("/readyz").await;
    assert_eq!(down.status, 503);
    assert!(down.has("FAIL database: it takes no writes"), "{}", down.body);
    let figures = site.get("/metrics").await;
    assert_eq!(figures.status, 200);
    assert!(
        figures.has("rolecall_ready{check=\"database\"} 0") && figures.has("rolecall_process_resident_memory_bytes"),
        "{}",
        figures.body
    );
}

#[tokio::test]
async fn a_pass_that_broke_its_promise_is_not_ready_and_is_named_in_text_json_and_figures() {
    let site = Site::start().await;
    site.pulse.part("deliver").within(Duration::from_hours(1));
    assert_eq!(site.get("/readyz").await.status, 200, "a promise that is not due yet is kept");
    site.pulse.part("alert").within(Duration::ZERO);
    let late = site.get("/readyz").await;
    assert_eq!(late.status, 503);
    assert!(late.has("FAIL passes: the alert loop") && late.has("ok   queue"), "{}", late.body);
    let json = site.send(reqwest::Method::GET, "/readyz", &[("accept", "application/json")], String::new()).await;
    let value: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!((json.status.as_u16(), &value["ready"]), (503, &false.into()));
    let passes = value["checks"].as_array().unwrap().iter().find(|check| check["name"] == "passes").unwrap();
    assert!(passes["well"] == false && passes["says"].as_str().unwrap().contains("alert loop"), "{passes}");
    assert!(site.get("/metrics").await.has("rolecall_ready{check=\"passes\"} 0"));
    site.pulse.part("alert").within(Duration::from_hours(1));
    assert_eq!(site.get("/readyz").await.status, 200, "once it is heard of again");
}
