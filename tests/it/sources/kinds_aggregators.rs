//! Boards of many employers that need no key: every field to its place, one malformed entry named, pages and threads followed.

use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{PayPeriod, Posting, WorkMode};
use rolecall::sources::{Body, Completeness, Reading, Source, SourceSettings, kinds, read_payload};

use super::board::{Board, fetcher, ids, now, reply, settings};
use super::payload::{fixture, read, text};

/// A field of pay.
#[expect(clippy::unnecessary_wraps, reason = "it is compared with an optional field")]
pub fn pay(min: f64, max: f64, currency: &str, period: Option<PayPeriod>) -> Option<StructuredPay> {
    Some(StructuredPay { min: Some(min), max: Some(max), currency: text(currency), period, estimated: false })
}

/// The one entry that could not be read, and where its fault is; the good ones.
#[track_caller]
pub fn two_good_and_the_bad_one(reading: &Reading, id: Option<&str>, place: &str) -> [Posting; 2] {
    let [bad] = reading.bad.as_slice() else { panic!("one bad entry was due: {:?}", reading.bad) };
    assert_eq!(bad.id.as_deref(), id);
    assert!(bad.reason.contains(place), "{}", bad.reason);
    assert_eq!((reading.items, reading.completeness), (3, Completeness::Newest), "absence from a search says nothing");
    let [first, second] = reading.postings.as_slice() else { panic!("two postings were due: {:?}", reading.postings) };
    [first.clone(), second.clone()]
}

async fn fetched(board: &Board, kind: &str, options: &[(&str, &str)]) -> rolecall::sources::Fetched {
    board.source(kind, options).fetch(&fetcher(), &rolecall::domain::SourceState::default(), &std::collections::HashMap::new(), now()).await
}

#[tokio::test]
async fn hacker_news_asks_for_the_newest_thread_of_employers_and_reads_its_top_comments() {
    let board = Board::open(|head| match head.lines().next().unwrap_or_default() {
        line if line.contains("/api/v1/search_by_date?") => reply("200 OK", &[], fixture("hacker_news-threads.json")),
        line if line.contains("/api/v1/items/61000100 ") => reply("200 OK", &[], fixture("hacker_news-thread.json")),
        _ => reply("404 Not Found", &[], ""),
    })
    .await;
    let fetched = fetched(&board, "hacker_news", &[]).await;
    assert_eq!(ids(&fetched), (vec!["61000111", "61000114"], false));
    assert_eq!(board.asked(), ["GET /api/v1/search_by_date?tags=story%2Cauthor_whoishiring&hitsPerPage=20", "GET /api/v1/items/61000100"]);
}

#[test]
fn a_comment_gives_company_role_place_and_pay_and_keeps_no_address() {
    let reading = read("hacker_news", "hacker_news-thread.json");
    assert_eq!((reading.items, reading.bad.len()), (5, 1));
    assert!(reading.bad[0].reason.contains("children[2].created_at_i"), "{}", reading.bad[0].reason);
    let [first, second] = reading.postings.as_slice() else { panic!("two postings: {reading:?}") };
    assert_eq!((first.company.clone(), first.title.as_str()), (text("Kornspeicher"), "Senior Backend Engineer (Rust)"));
    assert_eq!((first.location.clone(), first.work_mode), (text("Leipzig, Germany; REMOTE (EU)"), Some(WorkMode::Remote)));
    assert_eq!((first.salary_text.clone(), first.employment_type.clone()), (text("€80k - €95k"), text("Full-time")));
    assert_eq!(first.url, text("https://news.ycombinator.com/item?id=61000111"));
    assert_eq!(first.posted_at, text("2026-11-02T16:05:00Z"));
    let words = first.description.as_deref().unwrap();
    assert!(words.contains("we don&#x27;t eat it") && words.ends_with("Write to … or …."), "{words}");
    assert_eq!((second.title.as_str(), second.work_mode), ("Database Administrator (PostgreSQL)", Some(WorkMode::Onsite)));
}

#[test]
fn lists_of_comments_are_read_without_replies_and_what_was_removed() {
    let reading = read("hacker_news", "hacker_news-comments.json");
    assert_eq!((reading.items, reading.bad.len()), (5, 0));
    let titles: Vec<&str> = reading.postings.iter().map(|posting| posting.title.as_str()).collect();
    assert_eq!(titles, ["Backend Engineer", "database administrator"]);
    let bare = br#"[{"id":7,"by":"x","time":1793635500,"text":"Seilbahn | Go Developer | Oslo"}]"#;
    assert_eq!(read_payload("hacker_news", "acme", bare).unwrap().postings.len(), 1);
    let hits = br#"{"story_title":"Ask HN: Who is hiring?","hits":[{"objectID":"8","comment_text":"Seilbahn | Go Developer | Oslo","created_at":"2026-11-03T10:00:00Z","parent_id":3,"story_id":3},
        {"objectID":"9","comment_text":"Which developer?","parent_id":8,"story_id":3}]}"#;
    let hits = read_payload("hacker_news", "acme", hits).unwrap();
    assert_eq!((hits.items, hits.postings.len()), (2, 1));
    assert_eq!(hits.postings[0].posted_at, text("2026-11-03T10:00:00Z"));
}

#[test]
fn threads_of_those_who_look_for_work_are_no_postings() {
    for title in ["Ask HN: Who wants to be hired? (November 2026)", "Ask HN: Freelancer? Seeking freelancer?"] {
        let tree = format!(r#"{{"id":3,"title":"{title}","children":[{{"id":4,"parent_id":3,"text":"Go | Developer | Remote"}}]}}"#);
        let reading = read_payload("hacker_news", "acme", tree.as_bytes()).unwrap();
        assert_eq!((reading.items, reading.postings.len()), (1, 0), "{title}");
    }
    let empty = read_payload("hacker_news", "acme", br#"{"id":3,"title":"Ask HN: Who is hiring?","children":[]}"#).unwrap();
    assert_eq!((empty.items, empty.postings.len()), (0, 0));
    let none = read_payload("hacker_news", "acme", br#"{"hits":[]}"#).unwrap_err().to_string();
    assert!(none.contains("Who is hiring?"), "{none}");
}

#[test]
fn remotive_reads_pay_as_text_and_empty_words_as_none() {
    let [first, second] = two_good_and_the_bad_one(&read("remotive", "remotive.json"), Some("3000002"), "no title");
    assert_eq!((first.id.as_str(), first.title.as_str()), ("3000001", "Backend Engineer & DBA"));
    assert_eq!((first.salary_text.clone(), first.location.clone()), (text("€70k - €85k"), text("Europe, UK")));
    assert_eq!((first.posted_at.clone(), first.work_mode), (text("2026-11-20T08:15:30Z"), Some(WorkMode::Remote)));
    assert_eq!((&second.salary_text, &second.employment_type), (&None, &None));
}

#[test]
fn remote_ok_is_mended_and_its_terms_are_no_entry() {
    let [first, second] = two_good_and_the_bad_one(&read("remoteok", "remoteok.json"), Some("9000002"), "company");
    assert_eq!((first.title.as_str(), first.location.clone()), ("Backend Engineer – Köln", text("Köln")));
    assert_eq!(first.description, text("We don’t eat it."), "the sentence against robots holds the reader's own address");
    assert_eq!(first.salary, pay(90_000.0, 120_000.0, "USD", Some(PayPeriod::Year)));
    assert_eq!((&first.apply_url, first.posted_at.clone()), (&None, text("2026-11-20T20:20:00+00:00")));
    assert_eq!((&second.salary, second.posted_at.clone()), (&None, text("2026-11-20T18:06:40Z")));
    assert_eq!(second.apply_url, text("https://seilbahn.example/apply"));
}

#[tokio::test]
async fn himalayas_reads_the_newest_pages_and_no_more() {
    let reading = read("himalayas", "himalayas.json");
    let [first, second] = two_good_and_the_bad_one(&reading, Some("https://himalayas.app/companies/kantine/jobs/cook"), "companyName");
    assert_eq!(first.salary, pay(80_000.0, 95_000.0, "EUR", Some(PayPeriod::Year)));
    assert_eq!((first.location.clone(), first.level.clone()), (text("Germany; Austria"), text("Mid-level; Senior")));
    assert_eq!((first.posted_at.clone(), first.valid_through.clone()), (text("2026-11-20T18:20:00Z"), text("2026-12-20T18:20:00Z")));
    assert_eq!((second.location.clone(), second.apply_url.clone()), (text("India"), text("https://seilbahn.example/apply/7")));
    assert_eq!(second.posted_at, text("2026-11-20T15:53:20Z"), "the same moment in milliseconds, as a text");
    let board = Board::open(|head| {
        let jobs: Vec<String> = (0..20).map(|n| format!(r#"{{"title":"Job","guid":"{}-{n}"}}"#, head.split(' ').nth(1).unwrap())).collect();
        reply("200 OK", &[], format!(r#"{{"totalCount":100000,"jobs":[{}]}}"#, jobs.join(",")))
    })
    .await;
    let fetched = fetched(&board, "himalayas", &[]).await;
    assert_eq!((ids(&fetched).0.len(), ids(&fetched).1), (100, false));
    assert_eq!(board.asked().last().unwrap(), "GET /jobs/api?limit=20&offset=80");
}

#[tokio::test]
async fn the_muse_reads_numbered_pages_to_the_last() {
    let reading = read("themuse", "themuse.json");
    let [first, second] = two_good_and_the_bad_one(&reading, Some("24000002"), "locations");
    assert_eq!((first.location.clone(), first.company.clone()), (text("Flexible / Remote; Austin, TX"), text("Kornspeicher")));
    assert_eq!((first.level.clone(), first.tags.join(",")), (text("Mid Level"), "Software Engineering".to_owned()));
    assert_eq!((second.location, second.url), (None, text("https://www.themuse.com/jobs/seilbahn/dba")));
    let board = Board::open(|head| {
        let number = u8::from(!head.contains("page=0"));
        reply("200 OK", &[], format!(r#"{{"page":{number},"page_count":2,"results":[{{"id":{number},"name":"Job"}}]}}"#))
    })
    .await;
    assert_eq!(ids(&fetched(&board, "themuse", &[("level", "Mid Level")]).await), (vec!["0", "1"], false));
    assert_eq!(board.asked()[1], "GET /api/public/jobs?category=Software+Engineering&level=Mid+Level&page=1");
}

#[test]
fn eures_speaks_the_employers_language_and_names_countries() {
    let reading = read("eures", "eures.json");
    let [first, second] = two_good_and_the_bad_one(&reading, Some("TjIgODE"), "locationMap");
    assert_eq!((first.title.as_str(), first.language.clone()), ("Backend-kehittäjä", text("fi")));
    assert_eq!(first.description, text("Rakennat palveluja.<br>Kotlin &amp; SQL"));
    assert_eq!((first.location.clone(), first.country.clone(), first.tags.join(",")), (text("Finland"), text("FI"), "FI1B1".to_owned()));
    assert_eq!((first.posted_at.clone(), first.updated_at.clone()), (text("2026-11-20T18:20:00.123Z"), text("2026-11-20T19:20:00Z")));
    assert_eq!(first.url, text("https://europa.eu/eures/portal/jv-se/jv-details/TjEgODE?lang=en"));
    assert_eq!((second.location.clone(), second.description.clone()), (text("Germany; Greece"), text("<p>Tables.</p>")));
    let [next] = reading.next.as_slice() else { panic!("a second page was due") };
    let Some(Body::Json(body)) = &next.body else { panic!("a POST was due") };
    assert!(body.contains(r#""page":2"#) && body.contains(r#""keyword":"backend developer""#), "{body}");
}

#[tokio::test]
async fn working_nomads_keeps_the_category_that_is_wanted() {
    let [first, second] = two_good_and_the_bad_one(&read("workingnomads", "workingnomads.json"), None, "[1].description");
    assert_eq!((first.id.as_str(), first.tags.join(",")), ("1800001", "rust,sql".to_owned()));
    assert_eq!((first.posted_at.clone(), second.department.clone()), (text("2026-11-20T09:24:39-04:00"), text("Writing")));
    let board = Board::always("200 OK", &[], fixture("workingnomads.json")).await;
    assert_eq!(ids(&fetched(&board, "workingnomads", &[("category", "development")]).await), (vec!["1800001"], false));
    assert_eq!(board.asked(), ["GET /api/exposed_jobs/"]);
}

#[tokio::test]
async fn solid_jobs_states_pay_a_month_and_is_told_who_asks() {
    let reading = read("solidjobs", "solidjobs.json");
    let [first, second] = two_good_and_the_bad_one(&reading, None, "salary");
    assert_eq!(first.salary, pay(18_000.0, 24_000.0, "PLN", Some(PayPeriod::Month)));
    assert_eq!((first.location.clone(), first.employment_type.clone()), (text("Gdańsk; Kraków"), text("full_time; B2B")));
    assert_eq!((first.work_mode, second.work_mode), (Some(WorkMode::Remote), Some(WorkMode::Hybrid)));
    assert_eq!((first.tags.join(","), first.level.clone()), ("Go,PostgreSQL".to_owned(), text("Senior")));
    let board = Board::always("200 OK", &[], r#"{"totalCount":0,"jobs":[]}"#).await;
    assert_eq!(ids(&fetched(&board, "solidjobs", &[]).await), (vec![], false));
    let asked = "GET /public-api/offers/IT?campaign=rolecall&pageSize=100&sortActive=validFrom&sortDirection=desc&pageIndex=0";
    assert_eq!(board.asked(), [asked]);
    assert!(board.heads.lock().unwrap()[0].to_lowercase().contains("x-api-version: 1.0"));
}

#[tokio::test]
async fn we_work_remotely_is_its_public_feed_of_a_category() {
    let postings = read("weworkremotely", "weworkremotely.rss").postings;
    assert_eq!((postings[0].company.clone(), postings[0].work_mode), (text("Kettle & Sons"), Some(WorkMode::Remote)));
    let board = Board::always("200 OK", &[], fixture("weworkremotely.rss")).await;
    assert_eq!(ids(&fetched(&board, "weworkremotely", &[]).await).0.len(), 2);
    fetched(&board, "weworkremotely", &[("category", "all")]).await;
    assert_eq!(board.asked(), ["GET /categories/remote-back-end-programming-jobs.rss", "GET /remote-jobs.rss"]);
    let kind = kinds().iter().find(|kind| kind.name == "weworkremotely").unwrap();
    let known = |url: &str| (kind.knows)(&url.parse().unwrap());
    assert_eq!(
        known("https://weworkremotely.com/categories/remote-devops-jobs.rss"),
        Some(vec![("category", "remote-devops-jobs".to_owned())])
    );
    assert_eq!(known("https://weworkremotely.com/company/kettle"), None);
}

#[test]
fn boards_whose_terms_forbid_it_are_off_until_the_operator_has_leave() {
    let on = |settings: &SourceSettings| Source::build(settings).unwrap().enabled();
    for kind in ["remotive", "weworkremotely"] {
        let mut settings = settings(kind, &[]);
        assert!(!on(&settings), "{kind}");
        settings.leave = true;
        assert!(on(&settings), "{kind}");
    }
    assert!(on(&settings("hacker_news", &[])));
}
