//! Searches that need a key or a call for each text: keys go where the platform wants them, rows become whole postings.

use std::collections::HashMap;

use rolecall::domain::{PayPeriod, SourceState, WorkMode};
use rolecall::sources::{FetchResult, Fetched, read_payload};

use super::board::{Board, fetcher, ids, now, reply};
use super::kinds_aggregators::{pay, two_good_and_the_bad_one};
use super::payload::{fixture, read, text};

async fn fetched(board: &Board, kind: &str, options: &[(&str, &str)]) -> Fetched {
    board.source(kind, options).fetch(&fetcher(), &SourceState::default(), &HashMap::new(), now()).await
}

/// The postings of a fetch, rows and details together.
fn postings(fetched: &Fetched) -> &[rolecall::domain::Posting] {
    match &fetched.result {
        FetchResult::Brought(brought) => &brought.postings,
        other => panic!("postings were due, not {other:?}"),
    }
}

#[tokio::test]
async fn adzuna_marks_a_guess_of_pay_and_follows_its_pages() {
    let reading = read("adzuna", "adzuna.json");
    let [first, second] = two_good_and_the_bad_one(&reading, Some("5900000003"), "location");
    assert_eq!((first.title.as_str(), first.company.clone()), ("Senior Backend Developer", text("Harbour Ledger")));
    assert_eq!(first.location, text("Leeds, West Yorkshire, Yorkshire And The Humber, UK"));
    assert_eq!(first.salary, pay(60_000.0, 70_000.0, "GBP", None));
    assert_eq!((first.employment_type.clone(), first.country.clone()), (text("full_time; permanent"), text("UK")));
    let guess = second.salary.as_ref().unwrap();
    assert!(guess.estimated && guess.min == Some(41_234.5), "a guess of the board's is marked as one: {guess:?}");
    assert_eq!(second.location, text("UK"));
    let board = Board::open(|head| {
        let number = if head.contains("/search/1?") { 1 } else { 2 };
        reply("200 OK", &[], format!(r#"{{"count":120,"results":[{{"id":{number},"title":"Job"}}]}}"#))
    })
    .await;
    let keys = [("app_id", "me"), ("app_key", "secret"), ("country", "IN"), ("what", "rust")];
    assert_eq!(ids(&fetched(&board, "adzuna", &keys).await), (vec!["1", "2"], false));
    let asked = "GET /v1/api/jobs/in/search/2?what=rust&sort_by=date&results_per_page=50&app_id=me&app_key=secret";
    assert_eq!(board.asked()[1], asked);
}

#[tokio::test]
async fn usajobs_gives_its_texts_in_order_and_pay_for_known_times_only() {
    let reading = read("usajobs", "usajobs.json");
    let [first, second] = two_good_and_the_bad_one(&reading, None, "no title");
    let parts = ["You keep the lights on.", "One year of Java &lt; or C#.", "Write services.", "Read logs.", "A degree helps."];
    assert_eq!(first.description, text(&parts.map(|part| format!("<p>{part}</p>")).join("\n")));
    assert_eq!((first.id.as_str(), first.url.clone()), ("880000100", text("https://www.usajobs.gov/job/880000100")));
    assert_eq!((first.location.clone(), first.work_mode), (text("Denver, Colorado; Boise, Idaho"), None));
    assert_eq!(first.salary, pay(106_437.0, 158_322.0, "USD", Some(PayPeriod::Year)));
    assert_eq!((first.posted_at.clone(), first.employment_type.clone()), (text("2026-11-06T00:00:00Z"), text("Full-time; Permanent")));
    assert_eq!((second.location.clone(), second.work_mode), (text("Anywhere in the U.S. (remote job)"), Some(WorkMode::Remote)));
    let hourly = second.salary.unwrap();
    assert_eq!((hourly.min, hourly.max, hourly.period), (Some(41.5), None, Some(PayPeriod::Hour)));
    let board = Board::always("200 OK", &[], r#"{"SearchResult":{"SearchResultCountAll":0,"SearchResultItems":[]}}"#).await;
    assert_eq!(ids(&fetched(&board, "usajobs", &[("key", "k+1="), ("email", "jobs@acme.example")]).await), (vec![], false));
    assert_eq!(board.asked(), ["GET /api/Search?JobCategoryCode=2210&ResultsPerPage=500&Page=1"]);
    let head = board.heads.lock().unwrap()[0].to_lowercase();
    assert!(head.contains("authorization-key: k+1=\r\n") && head.contains("user-agent: jobs@acme.example\r\n"), "{head}");
}

#[tokio::test]
async fn reed_completes_its_rows_and_reads_british_dates() {
    let [first, second] = two_good_and_the_bad_one(&read("reed", "reed-search.json"), None, "no title");
    assert_eq!((first.posted_at.clone(), first.valid_through.clone()), (text("2026-11-10"), text("2026-12-21")));
    assert_eq!((first.title.as_str(), &second.salary), ("Backend Developer - Go & SQL", &None));
    let alone = read("reed", "reed-job.json");
    assert_eq!((alone.postings[0].id.as_str(), alone.postings[0].company.clone()), ("52000001", text("Harbour Ledger")));
    let board = Board::open(|head| match head.split(' ').nth(1).unwrap_or_default() {
        path if path.starts_with("/api/1.0/search?") => reply("200 OK", &[], fixture("reed-search.json")),
        "/api/1.0/jobs/52000001" => reply("200 OK", &[], fixture("reed-job.json")),
        "/api/1.0/jobs/52000003" => reply("200 OK", &[], r#"{"jobId":52000003,"jobDescription":"<p>Front desk.</p>"}"#),
        _ => reply("404 Not Found", &[], ""),
    })
    .await;
    let fetched = fetched(&board, "reed", &[("key", "k"), ("location", "Leeds")]).await;
    let [first, second] = postings(&fetched) else { panic!("two postings: {fetched:?}") };
    assert_eq!(first.description, text("<p>You build our ledger in Go.</p>"));
    assert_eq!(first.salary, pay(55_000.0, 65_000.0, "GBP", Some(PayPeriod::Year)));
    assert_eq!(
        (first.employment_type.clone(), first.salary_text.clone()),
        (text("Permanent; full time"), text("£55,000 - £65,000 per annum"))
    );
    assert_eq!(
        (second.title.as_str(), second.location.clone()),
        ("Receptionist", text("W1D 3QF")),
        "what the call leaves out is in the row"
    );
    assert_eq!(board.asked()[0], "GET /api/1.0/search?keywords=backend+developer&locationName=Leeds&resultsToTake=100&resultsToSkip=0");
    assert!(board.heads.lock().unwrap().iter().all(|head| head.to_lowercase().contains("authorization: basic azo=")));
}

#[test]
fn jooble_takes_marks_out_of_titles_and_empty_texts_for_none() {
    let [first, second] = two_good_and_the_bad_one(&read("jooble", "jooble.json"), Some("43"), "no title");
    assert_eq!((first.id.as_str(), first.title.as_str()), ("-8123456789012345678", "Back End Developer"));
    assert_eq!((first.company.clone(), first.salary_text.clone()), (text("Mahesh & Sons"), text("Rs 15,00,000 per year")));
    assert_eq!(first.posted_at, text("2026-11-10T00:00:00Z"));
    assert_eq!((&second.location, &second.company, &second.salary_text), (&None, &None, &None));
}

#[tokio::test]
async fn the_german_agency_is_read_in_both_versions_and_asked_for_each_text() {
    let reading = read("bundesagentur", "bundesagentur-search.json");
    let [first, second] = two_good_and_the_bad_one(&reading, None, "stellenlokationen");
    assert_eq!(first.location, text("Hamburg, DEUTSCHLAND; Leipzig, SACHSEN, DEUTSCHLAND"));
    assert_eq!((first.work_mode, first.employment_type.clone()), (Some(WorkMode::Hybrid), text("Vollzeit; UNBEFRISTET")));
    assert_eq!((first.posted_at.clone(), second.apply_url.clone()), (text("2026-11-19"), text("https://seilbahn.example/stellen/3")));
    let old = read("bundesagentur", "bundesagentur-v4.json").postings;
    assert_eq!((old[0].id.as_str(), old[0].company.clone()), ("10001-2000000009-S", text("Kornspeicher GmbH")));
    assert_eq!((old[0].location.clone(), old[0].posted_at.clone()), (text("Leipzig, Sachsen, Deutschland"), text("2026-11-17")));
    let none = read_payload("bundesagentur", "acme", br#"{"maxErgebnisse":0,"page":1}"#).unwrap();
    assert_eq!((none.items, none.postings.len()), (0, 0), "without hits there is no list");
    assert!(read_payload("bundesagentur", "acme", br#"{"error":"no"}"#).is_err());
    let board = Board::open(|head| match head.split(' ').nth(1).unwrap_or_default() {
        path if path.contains("/pc/v6/jobs?") => reply("200 OK", &[], fixture("bundesagentur-search.json")),
        path if path.ends_with("/pc/v4/jobdetails/MTAwMDEtMjAwMDAwMDAwMS1T") => reply("200 OK", &[], fixture("bundesagentur-job.json")),
        _ => reply("404 Not Found", &[], ""),
    })
    .await;
    let fetched = fetched(&board, "bundesagentur", &[("where", "Hamburg")]).await;
    let [whole] = postings(&fetched) else { panic!("one posting, the other is gone: {fetched:?}") };
    assert!(whole.description.as_deref().is_some_and(|text| text.contains("- Dienste in Rust")));
    assert_eq!((whole.work_mode, whole.location.clone()), (Some(WorkMode::Hybrid), text("Hamburg, DEUTSCHLAND")));
    assert!(board.asked()[0].contains("was=Backend+Entwickler&wo=Hamburg&veroeffentlichtseit=7"), "{:?}", board.asked());
    assert!(board.heads.lock().unwrap().iter().all(|head| head.to_lowercase().contains("x-api-key: jobboerse-jobsuche")));
}
