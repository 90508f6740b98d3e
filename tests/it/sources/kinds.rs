//! Each kind reads its platform's shape: every field to its place, one malformed entry named, its neighbours kept.

use std::time::Duration;

use rolecall::domain::{PayPeriod, Posting, SourceState, WorkMode};
use rolecall::sources::{Brought, Completeness, FetchResult, FetchSettings, Fetcher, KnownRows, Source, kinds, read_payload};

use super::board::{fetcher, now, settings};
use super::payload::{pay, read, text, the_bad_one};

#[test]
fn greenhouse_gives_its_fields_and_unescapes_the_text_once() {
    let reading = read("greenhouse", "greenhouse.json");
    assert_eq!((reading.items, reading.completeness), (4, Completeness::Counted(4)));
    the_bad_one(&reading, 2, Some("4410018011"), "jobs[2].location");
    let [first, second, third] = reading.postings.as_slice() else { panic!("three postings") };
    let expected = Posting {
        id: "4410018007".into(),
        source: "acme".into(),
        title: "Senior Backend Engineer, Payments & Ledger".into(),
        company: text("Nordlicht"),
        location: text("Bengaluru, India"),
        description: text(concat!(
            "<div class=\"content-intro\"><p>Nordlicht moves money for 4,000 shops.</p></div><h2>What you'll do</h2>",
            "<ul><li>Own our ledger in Rust &amp; PostgreSQL</li><li>Keep p99 &lt; 50&nbsp;ms</li></ul>"
        )),
        posted_at: text("2026-08-03T07:41:55-04:00"),
        updated_at: text("2026-08-20T04:15:09-04:00"),
        valid_through: text("2026-09-30T23:59:59-04:00"),
        url: text("https://job-boards.greenhouse.io/nordlicht/jobs/4410018007"),
        department: text("Engineering"),
        language: text("en"),
        salary: pay(Some(2_800_000.0), Some(4_200_000.0), "INR", None),
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!(second.location, text("Leipzig; Pune"), "offices speak where the job names no place");
    assert_eq!(third.department, text("Engineering; Platform"));
}

#[test]
fn a_bare_list_and_a_single_job_are_greenhouse_too() {
    let bare = read_payload("greenhouse", "acme", br#"[{"id":1,"title":"a"},{"id":2,"title":"b"}]"#).unwrap();
    assert_eq!((bare.postings.len(), bare.completeness), (2, Completeness::Whole));
    assert_eq!(read_payload("greenhouse", "acme", br#"{"id":1,"title":"a","questions":[]}"#).unwrap().postings.len(), 1);
}

#[test]
fn lever_joins_its_texts_once_each_in_order() {
    let reading = read("lever", "lever.json");
    assert_eq!((reading.items, reading.completeness, reading.next.len()), (4, Completeness::Whole, 0));
    the_bad_one(&reading, 2, Some("0f5b7a0e-9b5c-4d0a-8f0b-1d2f7f1c9a03"), "createdAt");
    let [first, second, third] = reading.postings.as_slice() else { panic!("three postings") };
    let description = first.description.as_deref().unwrap();
    let order = ["We sell tickets", "You build the checkout", "What you bring", "<li>Kafka</li>", "No cover letter"];
    let places: Vec<usize> = order.iter().map(|part| description.find(part).unwrap_or_else(|| panic!("{part}"))).collect();
    assert!(places.is_sorted(), "{description}");
    assert!(order.iter().all(|part| description.matches(part).count() == 1), "{description}");
    assert_eq!(first.location, text("Berlin; Munich"));
    assert_eq!((first.company.clone(), first.country.clone()), (text("bahnsteig"), text("DE")));
    assert_eq!((first.work_mode, first.posted_at.clone()), (Some(WorkMode::Onsite), text("2026-08-03T21:30:34.123Z")));
    assert_eq!(first.salary, pay(Some(68_000.0), Some(84_000.0), "EUR", Some(PayPeriod::Year)));
    assert_eq!((first.department.clone(), first.salary_text.clone()), (text("Engineering; Checkout"), text("Plus a yearly bonus.")));
    assert_eq!(first.apply_url.as_deref().map(|url| url.ends_with("/apply")), Some(true));
    assert_eq!(second.description, text("<p>Pipelines &lt; 5 minutes.<br>Spark &amp; Rust.</p>"));
    assert_eq!((second.work_mode, &second.salary), (None, &None), "a one-time payment is no pay for a period");
    assert_eq!(third.salary, pay(None, Some(18.5), "EUR", Some(PayPeriod::Hour)), "0 is no least pay");
}

#[test]
fn ashby_trusts_the_workplace_before_the_flag_and_spans_the_salaries() {
    let reading = read("ashby", "ashby.json");
    assert_eq!((reading.items, reading.completeness), (4, Completeness::Whole));
    the_bad_one(&reading, 3, Some("6d1c3f0a-5a51-4f5c-9f8e-000000000004"), "no title");
    let [first, second] = reading.postings.as_slice() else { panic!("two listed postings") };
    assert_eq!((first.title.as_str(), first.company.clone()), ("Staff Backend Engineer", text("Tidal Store")));
    assert_eq!(first.location, text("San Francisco, CA; Remote (US)"));
    assert_eq!((first.work_mode, first.country.clone()), (Some(WorkMode::Hybrid), text("United States")));
    assert_eq!(first.salary, pay(Some(180_000.0), Some(250_000.0), "USD", Some(PayPeriod::Year)), "equity and bonus are no base pay");
    assert_eq!((first.salary_text.clone(), first.employment_type.clone()), (text("$180K - $250K"), text("FullTime")));
    assert_eq!((second.work_mode, second.location.clone()), (Some(WorkMode::Remote), text("Chennai, India")));
    assert_eq!((&second.salary, &second.salary_text), (&None, &None), "pay that is not to be shown is not read");
}

#[test]
fn jobicy_decodes_its_plain_texts_and_leaves_empty_pay_out() {
    let reading = read("jobicy", "jobicy.json");
    assert_eq!((reading.items, reading.completeness), (3, Completeness::Newest));
    the_bad_one(&reading, 2, Some("151003"), "no title");
    let [first, second] = reading.postings.as_slice() else { panic!("two postings") };
    assert_eq!((first.id.as_str(), first.title.as_str()), ("151001", "Backend Developer – Billing & Tax"));
    assert_eq!((first.company.clone(), first.location.clone()), (text("Meyer & Co"), text("Europe")));
    assert_eq!(first.salary, pay(Some(52_000.0), Some(64_000.0), "EUR", Some(PayPeriod::Year)));
    assert_eq!((first.work_mode, first.level.clone()), (Some(WorkMode::Remote), text("Midweight")));
    assert_eq!((second.employment_type.clone(), second.posted_at.clone()), (text("contract"), text("2026-08-02T09:30:00Z")));
    assert_eq!((&second.salary, second.department.clone()), (&None, text("Dev")));
}

#[test]
fn arbeitnow_reads_epochs_and_says_remote_only_where_the_board_does() {
    let reading = read("arbeitnow", "arbeitnow-1.json");
    let [first, second] = reading.postings.as_slice() else { panic!("two postings") };
    assert_eq!((first.id.as_str(), first.posted_at.clone()), ("backend-entwickler-koeln-1001", text("2026-08-03T21:30:34Z")));
    assert_eq!((first.work_mode, second.work_mode), (Some(WorkMode::Remote), None));
    assert_eq!(first.tags, ["Java", "IT"]);
    assert_eq!(reading.next.iter().map(|next| next.url.query().unwrap()).collect::<Vec<_>>(), ["page=2"]);
    the_bad_one(&read("arbeitnow", "arbeitnow-2.json"), 2, Some("kaputt-1004"), "created_at");
}

#[test]
fn we_work_remotely_parts_company_and_title_and_gives_the_region() {
    let reading = read("rss", "weworkremotely.rss");
    assert_eq!((reading.items, reading.completeness), (3, Completeness::Newest));
    the_bad_one(&reading, 2, Some("https://weworkremotely.com/remote-jobs/untitled"), "no title");
    let [first, second] = reading.postings.as_slice() else { panic!("two postings") };
    assert_eq!((first.company.clone(), first.title.as_str()), (text("Kettle & Sons"), "Senior Ruby Engineer: Payments"));
    assert_eq!((first.location.clone(), first.employment_type.clone()), (text("Anywhere in the World"), text("Full-Time")));
    assert_eq!(first.work_mode, Some(WorkMode::Remote), "the board has no other jobs");
    assert_eq!((first.posted_at.clone(), first.valid_through.clone()), (text("2026-07-10T13:52:20Z"), text("2026-08-09T13:52:20Z")));
    assert!(first.description.as_deref().is_some_and(|html| html.contains("<p>Ruby &amp; Postgres.</p>")));
    assert_eq!((second.location.clone(), second.posted_at.clone()), (text("Europe Only; 🇵🇹 Portugal"), None));
}

#[test]
fn atom_and_json_feeds_are_feeds_too_and_entities_bring_no_file() {
    let atom = read("rss", "atom.xml");
    let [first, second] = atom.postings.as_slice() else { panic!("two entries: {atom:?}") };
    assert_eq!((first.title.as_str(), first.company.clone()), ("Backend-Entwickler für Fahrpläne", text("Gartenbahn eG")));
    assert_eq!(first.url, text("https://gartenbahn.example/stellen/1"));
    assert_eq!(first.description, text("<p>Elixir &amp; SQLite</p>"));
    assert_eq!(second.id, "https://gartenbahn.example/stellen/2?id=2");
    assert!(!second.title.contains("root:"), "{}", second.title);
    let json = read("rss", "feed.json");
    assert_eq!(json.postings.iter().map(|posting| posting.id.as_str()).collect::<Vec<_>>(), ["L-1", "L-2"]);
    assert_eq!((json.postings[0].tags.join(","), json.postings[1].description.clone()), ("backend,R&D".into(), text("Plain words.")));
}

#[tokio::test]
async fn a_folder_of_postings_is_read_whole_and_a_broken_line_is_named() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sources/postings");
    let source = Source::build(&settings("file", &[("path", folder)])).unwrap();
    assert_eq!(source.host(), None);
    let fetched = source.fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await;
    let FetchResult::Brought(Brought { postings, bad, complete, .. }) = fetched.result else { panic!("postings were due") };
    assert_eq!(postings.iter().map(|posting| posting.id.as_str()).collect::<Vec<_>>(), ["n-1", "7", "m-1"]);
    assert!(postings.iter().all(|posting| posting.source == "acme") && !complete);
    assert_eq!(postings[0].salary, pay(Some(3_000_000.0), Some(4_200_000.0), "INR", Some(PayPeriod::Year)));
    assert_eq!(bad.len(), 2);
    assert!(bad[0].reason.contains("a.ndjson line 4"), "{}", bad[0].reason);
    assert!(bad[1].reason.contains("b.jsonl line 2") && bad[1].reason.contains("work_mode"), "{}", bad[1].reason);
    assert_eq!(bad[1].id, text("m-2"));
}

#[test]
fn what_is_read_can_be_written_and_read_again() {
    let before = read("greenhouse", "greenhouse.json").postings;
    let lines: Vec<String> = before.iter().map(|posting| serde_json::to_string(posting).unwrap()).collect();
    assert_eq!(read_payload("file", "acme", lines.join("\n").as_bytes()).unwrap().postings, before);
}

#[test]
fn every_kind_says_what_it_is_what_it_needs_and_what_its_operator_asks() {
    for kind in kinds() {
        assert!(kind.description.len() > 10 && kind.terms.says.len() > 10, "{}", kind.name);
        let options: Vec<(&str, &str)> =
            kind.keys.iter().map(|key| (key.name, key.example)).filter(|(key, _)| *key != "count" && *key != "pages").collect();
        assert!(Source::build(&settings(kind.name, &options)).is_ok(), "the examples of {} work", kind.name);
    }
}

#[test]
fn wrong_settings_name_source_key_and_mend() {
    let error = |kind: &str, options: &[(&str, &str)]| Source::build(&settings(kind, options)).unwrap_err().to_string();
    for (message, parts) in [
        (error("greenhous", &[]), ["acme", "greenhous", "did you mean \"greenhouse\"?"]),
        (error("quux", &[]), ["acme", "quux", "there are: greenhouse, lever"]),
        (error("greenhouse", &[("bord", "x")]), ["acme", "bord", "did you mean \"board\"?"]),
        (error("greenhouse", &[("board", "x"), ("basurl", "x")]), ["acme", "basurl", "did you mean \"base_url\"?"]),
        (error("greenhouse", &[]), ["acme", "\"board\"", "board = \"acme\""]),
        (error("greenhouse", &[("board", " ")]), ["acme", "board", "not empty"]),
        (error("lever", &[("board", "x"), ("region", "mars")]), ["acme", "region", "global, eu"]),
        (error("rss", &[("url", "jobs.rss")]), ["acme", "url", "https://"]),
        (error("rss", &[("url", "file:///etc/passwd")]), ["acme", "url", "http or https"]),
    ] {
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    let mut schedule = settings("greenhouse", &[("board", "x")]);
    schedule.schedule = text("every day");
    let message = Source::build(&schedule).unwrap_err().to_string();
    assert!(message.contains("schedule") && message.contains("acme"), "{message}");
    schedule.schedule = text("0 */10 * * * *");
    assert_eq!(Source::build(&schedule).unwrap().schedule(), Some("0 */10 * * * *"));
    schedule.name = "a\nb".into();
    assert!(Source::build(&schedule).is_err());
    assert!(read_payload("greenhous", "x", b"{}").unwrap_err().to_string().contains("greenhouse"));
}

/// What a kind makes of an answer that is written here.
#[track_caller]
fn made_of(kind: &str, text: &str) -> rolecall::sources::Reading {
    read_payload(kind, "acme", text.as_bytes()).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

#[test]
fn greenhouse_reads_pay_where_it_is_transparent_and_lists_that_are_null() {
    let ranges = |ranges: &str| {
        let job = format!(r#"{{"id":7,"title":"Counsel","departments":null,"offices":null,"pay_input_ranges":[{ranges}]}}"#);
        made_of("greenhouse", &job).postings[0].salary.clone()
    };
    let range = r#"{"min_cents":20000000,"max_cents":"26000000","currency_type":"USD","title":"Annual pay range"}"#;
    assert_eq!(ranges(range), pay(Some(200_000.0), Some(260_000.0), "USD", Some(PayPeriod::Year)));
    assert_eq!(ranges(&format!("{range},{range}")), None, "one of several is nobody's in particular");
}

#[test]
fn lever_reads_parts_that_are_null_and_pay_without_a_period() {
    let job = |pay: &str| {
        let job = format!(
            r#"{{"data":[{{"id":"a","text":"Miller","categories":null,"lists":null,"createdAt":"1751559111614","workplaceType":"Hybrid",
            "salaryRange":{pay}}}]}}"#
        );
        let reading = made_of("lever", &job);
        assert_eq!((reading.items, reading.bad.len(), reading.postings[0].work_mode), (1, 0, Some(WorkMode::Hybrid)));
        assert_eq!(reading.postings[0].posted_at, text("2025-07-03T16:11:51.614Z"));
        reading.postings[0].salary.clone()
    };
    assert_eq!(job(r#"{"min":1000,"max":2000,"currency":"EUR"}"#), pay(Some(1000.0), Some(2000.0), "EUR", None));
    assert_eq!(job(r#"{"min":1000,"currency":"EUR","interval":"year"}"#), pay(Some(1000.0), None, "EUR", Some(PayPeriod::Year)));
    assert_eq!(job(r#"{"min":1000,"currency":"EUR","interval":"bi-week-salary"}"#), None);
}

#[test]
fn ashby_finds_the_id_in_the_link_and_the_pay_beside_the_tiers() {
    let reading = made_of(
        "ashby",
        r#"{"jobs":[{"title":"Miller","isListed":"true","workplaceType":"ONSITE","jobUrl":"https://jobs.ashbyhq.com/acme/a-1","secondaryLocations":null,
        "compensation":{"compensationTiers":null,"summaryComponents":[{"compensationType":"Salary","interval":"1 YEAR","currencyCode":"EUR","minValue":5}]}}]}"#,
    );
    let [job] = reading.postings.as_slice() else { panic!("one job: {reading:?}") };
    assert_eq!((job.id.as_str(), job.company.as_deref(), job.work_mode), ("a-1", Some("acme"), Some(WorkMode::Onsite)));
    assert_eq!(job.salary, pay(Some(5.0), None, "EUR", Some(PayPeriod::Year)));
}

#[tokio::test]
async fn files_take_their_turn_among_the_answers_that_are_worked_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.ndjson");
    std::fs::write(&path, "{\"id\": \"1\", \"title\": \"Backend Engineer\"}\n").unwrap();
    let source = Source::build(&settings("file", &[("path", path.to_str().unwrap())])).unwrap();
    let fetcher = Fetcher::new(&FetchSettings { concurrency: 1, ..FetchSettings::default() }).unwrap();
    let (state, known) = (SourceState::default(), KnownRows::new());
    let first = source.fetch(&fetcher, &state, &known, now()).await;
    let mut second = std::pin::pin!(source.fetch(&fetcher, &state, &known, now()));
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut second).await.is_err(), "the first is not recorded yet");
    drop(first);
    assert!(matches!(second.await.result, FetchResult::Brought(_)));
}
