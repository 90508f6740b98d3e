//! Kinds that list without texts: the list, the page of each posting, and both together against a board that answers by a script.

use std::io::Write as _;

use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{PayPeriod, Posting, SourceState, WorkMode};
use rolecall::sources::{Brought, Completeness, FetchResult, KnownRows, MadeFor, ReadError, Source, kinds, read_payload};

use super::board::{Board, Reply, fetcher, now, reply, settings};
use super::payload::{fixture_text as fixture, read, the_bad_one};

fn the_only(kind: &str, name: &str) -> Posting {
    let reading = read(kind, name);
    assert_eq!((reading.items, reading.bad.len(), reading.postings.len()), (1, 0, 1), "{name}");
    reading.postings.into_iter().next().expect("it was counted just before")
}

fn ids(postings: &[Posting]) -> Vec<&str> {
    postings.iter().map(|posting| posting.id.as_str()).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with an optional field")]
fn pay(min: f64, max: f64, currency: &str, period: PayPeriod) -> Option<StructuredPay> {
    Some(StructuredPay { min: Some(min), max: Some(max), currency: Some(currency.to_owned()), period: Some(period), estimated: false })
}

fn ok(body: impl AsRef<[u8]>) -> Reply {
    reply("200 OK", &[], body)
}

fn missing() -> Reply {
    reply("404 Not Found", &[], "")
}

async fn fetched(source: &Source, known: &KnownRows) -> Brought {
    match source.fetch(&fetcher(), &SourceState::default(), known, now()).await.result {
        FetchResult::Brought(brought) => brought,
        other => panic!("postings were due, not {other:?}"),
    }
}

/// What a board brings that answers each path by a fixture; everything else is missing there.
async fn followed(kind: &str, options: &[(&str, &str)], answers: &'static [(&'static str, &'static str)]) -> (Brought, Vec<String>) {
    let board = Board::open(|head| {
        let answer = answers.iter().find(|(start, _)| head.starts_with(start));
        answer.map_or_else(missing, |(_, name)| ok(fixture(name)))
    });
    let board = board.await;
    let brought = fetched(&board.source(kind, options), &KnownRows::new()).await;
    (brought, board.asked())
}

#[test]
fn a_page_of_json_ld_is_read_with_all_its_quirks() {
    let reading = read("json_ld", "json_ld.html");
    assert_eq!(
        (reading.items, reading.completeness, ids(&reading.postings)),
        (4, Completeness::Newest, vec!["4711", "https://gartenbahn.example/stellen/4713"])
    );
    let [untitled, broken] = reading.bad.as_slice() else { panic!("{:?}", reading.bad) };
    assert_eq!((untitled.id.as_deref(), untitled.reason.contains("no title")), (Some("4712"), true));
    assert!(broken.reason.contains("script 4"), "{}", broken.reason);
    let [first, second] = reading.postings.as_slice() else { panic!("two postings") };
    assert_eq!(first.title, "Backend-Entwickler:in für Fahrpläne & Takte");
    assert_eq!(first.url.as_deref(), Some("https://gartenbahn.example/stellen/4711?lang=de"));
    let text = first.description.as_deref().unwrap();
    assert!(text.starts_with("<p>Elixir &amp; SQLite\tauf der Schiene.\nMit Plan.</p>") && text.contains("Takte rechnen"), "{text}");
    assert_eq!((first.location.as_deref(), first.country.as_deref()), (Some("Köln, NRW, DE; Bonn, NRW, DE"), Some("DE")));
    assert_eq!((first.company.as_deref(), first.employment_type.as_deref()), (Some("Gartenbahn eG"), Some("FULL_TIME; PART_TIME")));
    assert_eq!((first.posted_at.as_deref(), first.valid_through.as_deref()), (Some("2026-08-01"), Some("2026-12-31T23:59:59+01:00")));
    assert_eq!(first.salary, pay(58_000.0, 72_000.0, "EUR", PayPeriod::Year));
    assert_eq!((first.tags.join(","), first.education.as_deref()), ("Elixir,SQLite".into(), Some("bachelor degree")));
    assert_eq!((second.work_mode, second.location.as_deref()), (Some(WorkMode::Remote), Some("Germany; Austria")));
    assert_eq!((&second.salary, &second.salary_text, second.company.as_deref()), (&None, &None, Some("Gartenbahn eG")));
}

#[test]
fn a_page_without_jobs_a_robot_check_and_a_bare_document_are_told_apart() {
    let error = |html: &str| read_payload("json_ld", "acme", html.as_bytes()).unwrap_err();
    assert!(error("<html><title>Team</title></html>").to_string().contains("no schema.org JobPosting in it; its title is \"Team\""));
    assert!(matches!(error("<html><title>Just a moment...</title></html>"), ReadError::WebPage { .. }));
    let bare = read_payload("json_ld", "acme", br#"{"@type":"JobPosting","title":"A","url":"https://a.example/1"}"#).unwrap();
    assert_eq!(ids(&bare.postings), ["https://a.example/1"]);
    let one_name = r#"[{"@type":"JobPosting","title":"A","identifier":"Acme","url":"https://a.example/1"},
        {"@type":"JobPosting","title":"B","identifier":"Acme","url":"https://a.example/2"}]"#;
    assert_eq!(ids(&read_payload("json_ld", "acme", one_name.as_bytes()).unwrap().postings), ["Acme", "https://a.example/2#B, "]);
}

#[test]
fn a_sitemap_names_job_pages_newest_first_and_leaves_the_rest_alone() {
    let reading = read("json_ld", "json_ld-sitemap.xml");
    assert_eq!((reading.items, reading.completeness), (2, Completeness::Whole));
    let rows: Vec<(&str, &str)> = reading.postings.iter().map(|posting| (posting.id.as_str(), posting.title.as_str())).collect();
    let expected = [
        ("https://gartenbahn.example/en/jobs/4712/data-engineer", "data engineer"),
        ("https://gartenbahn.example/jobs/senior-backend-engineer-4711", "senior backend engineer 4711"),
    ];
    assert_eq!(rows, expected);
    assert!(reading.details.iter().all(|request| request.made_for == MadeFor::People));
    let none = "<urlset><url><loc>https://gartenbahn.example/team</loc></url></urlset>";
    assert!(read_payload("json_ld", "acme", none.as_bytes()).unwrap_err().to_string().contains("matching"));
}

#[tokio::test]
async fn an_index_of_packed_sitemaps_is_followed_to_each_job_page_once() {
    let board = Board::open(|head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        let page = |id: u32, title: &str| {
            let object = format!(r#"{{"@type":"JobPosting","title":"{title}","identifier":"R-{id}","description":"<p>Text {id}</p>"}}"#);
            ok(format!("<script type=\"application/ld+json\">{object}</script>"))
        };
        match head.split(' ').nth(1).unwrap_or_default() {
            "/sitemap.xml" => ok(format!(
                "<sitemapindex><sitemap><loc>http://{host}/pages.xml</loc></sitemap><sitemap><loc>http://{host}/jobs.xml.gz</loc></sitemap></sitemapindex>"
            )),
            "/jobs.xml.gz" => {
                let url = |id: u32| format!("<url><loc>http://{host}/o/{id}</loc></url>");
                let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                let text = format!("<urlset>{}<url><loc>http://{host}/team</loc></url></urlset>", (1..=4).map(url).collect::<String>());
                packed.write_all(text.as_bytes()).unwrap();
                ok(packed.finish().unwrap())
            }
            "/o/1" => page(1, "Rust Engineer"),
            "/o/2" => page(2, "Clerk"),
            "/o/3" => ok("<title>This job is gone</title>"),
            _ => missing(),
        }
    });
    let board = board.await;
    let url = format!("{}/sitemap.xml", board.url);
    let source = Source::build(&settings("json_ld", &[("url", &url), ("matching", "/o/")])).unwrap();
    let first = fetched(&source, &KnownRows::new()).await;
    let id = |number: u32| format!("{}/o/{number}", board.url);
    assert_eq!(ids(&first.postings), [id(1), id(2)]);
    assert_eq!((first.postings[0].title.as_str(), first.postings[0].description.as_deref()), ("Rust Engineer", Some("<p>Text 1</p>")));
    assert_eq!((first.closed.clone(), first.complete, first.bad.len()), (vec![id(4)], true, 0));
    assert!(!board.asked().contains(&"GET /pages.xml".to_owned()), "an index that names sitemaps of jobs is followed to those");
    let again = fetched(&source, &first.rows).await;
    assert_eq!((again.postings.len(), again.still), (0, vec![id(1), id(2)]));
}

#[tokio::test]
async fn smartrecruiters_completes_its_rows_with_the_parts_of_the_text_in_order() {
    let list = read("smartrecruiters", "smartrecruiters.json");
    assert_eq!((list.items, list.completeness, list.next.len(), ids(&list.postings).len()), (3, Completeness::Counted(3), 0, 2));
    the_bad_one(&list, 2, Some("744000111222335"), "content[2]");
    let clerk = &list.postings[1];
    assert_eq!(
        (clerk.location.as_deref(), clerk.work_mode, clerk.country.as_deref()),
        (Some("Leeds, gb"), Some(WorkMode::Remote), Some("GB"))
    );
    let answers = &[
        ("GET /v1/companies/Kettle1/postings?limit=100&offset=0", "smartrecruiters.json"),
        ("GET /v1/companies/Kettle1/postings/744000111222333", "smartrecruiters-job.json"),
    ];
    let (brought, _) = followed("smartrecruiters", &[("board", "Kettle1")], answers).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    let text = job.description.as_deref().unwrap();
    let places: Vec<usize> = ["We boil water", "boiler's back end", "<li>Go</li>"].iter().map(|part| text.find(part).unwrap()).collect();
    assert!(places.is_sorted() && !text.contains("Additional"), "{text}");
    assert_eq!(
        (job.location.as_deref(), job.work_mode, job.level.as_deref()),
        (Some("Pune, MH, India"), Some(WorkMode::Hybrid), Some("Mid-Senior Level"))
    );
    assert_eq!(
        (job.department.as_deref(), job.url.as_deref()),
        (Some("Platform"), Some("https://jobs.smartrecruiters.com/Kettle1/744000111222333"))
    );
    assert_eq!((brought.closed, brought.complete), (vec!["744000111222334".to_owned()], true), "the clerk's page is gone");
}

#[tokio::test]
async fn workday_pages_by_what_it_sends_and_trusts_the_first_total() {
    let rows = |from: usize, to: usize| {
        let row = |id: usize| format!(r#"{{"title":"Job {id}","externalPath":"/job/Pune/Job_R-{id}","locationsText":"Pune"}}"#);
        (from..to).map(row).collect::<Vec<_>>().join(",")
    };
    let board = Board::open(move |head| match head {
        _ if head.contains("GET ") => ok(fixture("workday-job.json")),
        _ if head.contains("\"offset\":0,") => ok(format!(r#"{{"total":45,"jobPostings":[{}]}}"#, rows(0, 20))),
        _ if head.contains("\"offset\":20,") => ok(format!(r#"{{"total":0,"jobPostings":[{}]}}"#, rows(20, 40))),
        _ => ok(format!(r#"{{"total":0,"jobPostings":[{}]}}"#, rows(40, 43))),
    });
    let board = board.await;
    let keys = [("board", "acme/External"), ("instance", "wd5")];
    let brought = fetched(&board.source("workday", &keys), &KnownRows::new()).await;
    assert_eq!((brought.postings.len(), brought.complete), (43, false), "two of 45 were not shown");
    let asked = board.asked();
    assert_eq!((asked[0].as_str(), asked.iter().filter(|line| line.starts_with("POST")).count()), ("POST /wday/cxs/acme/External/jobs", 4));
    assert!(asked.contains(&"GET /wday/cxs/acme/External/job/Pune/Job_R-42".to_owned()));
    let searched = board.source("workday", &[keys[0], keys[1], ("search", "rust")]);
    assert!(!fetched(&searched, &KnownRows::new()).await.complete);
    assert!(board.heads.lock().unwrap().iter().any(|head| head.contains("\"searchText\":\"rust\"")));
}

#[test]
fn workday_takes_no_date_from_words_and_no_place_from_a_count() {
    let list = read("workday", "workday.json");
    the_bad_one(&list, 1, None, "jobPostings[1]");
    let [data, cloud] = list.postings.as_slice() else { panic!("two rows") };
    assert_eq!((data.id.as_str(), data.location.as_deref(), &data.posted_at), ("R-1001", Some("Pune"), &None));
    assert_eq!((cloud.id.as_str(), &cloud.location, cloud.work_mode), ("R-1003-1", &None, Some(WorkMode::Remote)));
    let job = the_only("workday", "workday-job.json");
    assert_eq!((job.id.as_str(), job.location.as_deref(), job.company.as_deref()), ("R-1001", Some("Pune; Leeds"), Some("Acme Rail Ltd.")));
    assert_eq!(
        (job.posted_at.as_deref(), job.valid_through.as_deref(), job.country.as_deref()),
        (Some("2026-07-07"), Some("2026-09-30"), Some("IN"))
    );
    assert_eq!((job.work_mode, job.employment_type.as_deref()), (Some(WorkMode::Hybrid), Some("Full time")));
    let refused = read_payload("workday", "acme", br#"{"total":1963,"jobPostings":[]}"#).unwrap();
    assert_eq!((refused.completeness, refused.next.len()), (Completeness::Counted(1963), 0), "an empty page closes nothing");
}

#[tokio::test]
async fn bamboohr_gives_date_pay_and_text_from_the_page_of_the_job() {
    let list = read("bamboohr", "bamboohr.json");
    assert_eq!((list.items, list.completeness), (3, Completeness::Counted(3)));
    the_bad_one(&list, 2, Some("88"), "no title");
    let support = &list.postings[1];
    assert_eq!(
        (support.location.as_deref(), support.work_mode, support.country.as_deref()),
        (Some("London, Ontario, Canada"), Some(WorkMode::Remote), Some("Canada"))
    );
    let answers = &[("GET /careers/list ", "bamboohr.json"), ("GET /careers/86/detail ", "bamboohr-job.json")];
    let (brought, _) = followed("bamboohr", &[("board", "acme")], answers).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    assert_eq!((job.posted_at.as_deref(), job.salary_text.as_deref()), (Some("2026-08-04"), Some("$95,000 - $110,000")));
    assert_eq!(
        (job.work_mode, job.level.as_deref(), job.url.as_deref()),
        (Some(WorkMode::Onsite), Some("Experienced"), Some("https://acme.bamboohr.com/careers/86"))
    );
    assert_eq!(the_only("bamboohr", "bamboohr-job.json").id, "86", "the page of a job names it in its link");
}

#[tokio::test]
async fn breezy_takes_the_text_from_the_page_and_the_places_from_the_list() {
    let list = read("breezy", "breezy.json");
    assert_eq!((list.items, list.completeness), (3, Completeness::Whole));
    the_bad_one(&list, 2, Some("088ac6d52140"), "no title");
    assert_eq!((&list.postings[1].location, &list.postings[1].salary_text), (&None, &None));
    let answers = &[("GET /json ", "breezy.json"), ("GET /p/98323abf2296-go-engineer ", "breezy-job.html")];
    let (brought, asked) = followed("breezy", &[("board", "acme")], answers).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    assert_eq!((job.id.as_str(), job.location.as_deref()), ("98323abf2296", Some("Miami, FL, United States; Cádiz, Spain")));
    assert_eq!((job.salary_text.as_deref(), job.salary.clone()), (Some("$50 – $60 / hour"), pay(50.0, 60.0, "USD", PayPeriod::Hour)));
    assert!(job.description.as_deref().is_some_and(|text| text.contains("Go &amp; NATS")) && job.work_mode == Some(WorkMode::Remote));
    assert!(asked.contains(&"GET /p/088ac6d52139".to_owned()), "{asked:?}");
    assert_eq!(the_only("breezy", "breezy-job.html").id, "98323abf2296");
}

#[tokio::test]
async fn rippling_folds_the_rows_of_one_job_and_spans_its_pay() {
    let list = read("rippling", "rippling.json");
    assert_eq!((list.items, list.details.len(), list.completeness), (4, 2, Completeness::Whole));
    the_bad_one(&list, 1, Some("2f0674e6-0000-4000-8000-000000000002"), "no title");
    assert_eq!(list.postings[0].location.as_deref(), Some("New York, NY; Remote (New Jersey, US)"));
    assert_eq!(list.postings[1].url.as_deref(), Some("https://ats.rippling.com/acme/jobs/2f0674e6-0000-4000-8000-000000000003"));
    let answers = &[
        ("GET /platform/api/ats/v1/board/acme/jobs ", "rippling.json"),
        ("GET /platform/api/ats/v1/board/acme/jobs/2f0674e6-0000-4000-8000-000000000001 ", "rippling-job.json"),
    ];
    let (brought, _) = followed("rippling", &[("board", "acme")], answers).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    assert_eq!((job.company.as_deref(), job.posted_at.as_deref()), (Some("Acme Pay"), Some("2026-08-05T10:00:00.000Z")));
    assert_eq!(job.salary, pay(150_000.0, 200_000.0, "USD", PayPeriod::Year));
    assert_eq!(
        (job.employment_type.as_deref(), job.description.as_deref()),
        (Some("Salaried, full-time"), Some("<p>We move pay.</p>\n<p>You own the ledger.</p>"))
    );
}

#[tokio::test]
async fn jazzhr_reads_the_list_for_people_and_an_empty_frame_is_an_empty_board() {
    let list = read("jazzhr", "jazzhr.html");
    assert_eq!((list.items, list.completeness), (3, Completeness::Whole));
    the_bad_one(&list, 1, Some("Tg23QkBXzM"), "row 2: it has no title");
    let [first, clerk] = list.postings.as_slice() else { panic!("two rows") };
    assert_eq!((first.title.as_str(), first.company.as_deref()), ("Backend Developer – R&D", Some("Acme Care")));
    assert_eq!((first.location.as_deref(), first.department.as_deref()), (Some("Bowling Green, KY"), Some("Software & Data")));
    assert_eq!((clerk.id.as_str(), &clerk.location), ("7vqozGIHcS", &None));
    assert!(list.details.iter().all(|request| request.made_for == MadeFor::People));
    let answers = &[("GET /apply/jobs ", "jazzhr.html"), ("GET /apply/sf4i9HFuTa/Backend-Developer-RD ", "jazzhr-job.html")];
    let (brought, _) = followed("jazzhr", &[("board", "acme")], answers).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    assert_eq!((job.id.as_str(), job.posted_at.as_deref(), job.level.as_deref()), ("sf4i9HFuTa", Some("2026-07-31"), Some("Mid Level")));
    assert_eq!((job.department.as_deref(), brought.closed), (Some("Software & Data"), vec!["7vqozGIHcS".to_owned()]));
    let empty = read_payload("jazzhr", "acme", b"<html><ul class='list-group'></ul></html>").unwrap();
    assert_eq!((empty.items, empty.completeness), (0, Completeness::Whole));
    assert!(matches!(read_payload("jazzhr", "acme", b"<html><title>Moved</title></html>"), Err(ReadError::WebPage { .. })));
}

#[tokio::test]
async fn eightfold_walks_its_pages_by_what_came_and_asks_only_for_missing_texts() {
    let list = read("eightfold", "eightfold.json");
    assert_eq!((list.items, list.completeness, list.details.len(), list.next.len()), (3, Completeness::Counted(4), 1, 1));
    the_bad_one(&list, 1, Some("1099555326552"), "positions[1]");
    assert!(list.next[0].url.query().is_some_and(|query| query.contains("start=3")), "{}", list.next[0].url);
    let second = r#"{"count":4,"positions":[{"id":"4","name":"Clerk","job_description":"<p>Paper</p>","locations":[]}]}"#;
    let board = Board::open(move |head| match head.split(' ').nth(1).unwrap_or_default() {
        "/api/apply/v2/jobs?domain=acme.example&query=&start=0&num=10&sort_by=timestamp" => ok(fixture("eightfold.json")),
        "/api/apply/v2/jobs?domain=acme.example&query=&start=3&num=10&sort_by=timestamp" => ok(second),
        "/api/apply/v2/jobs/1099555326551?domain=acme.example" => ok(fixture("eightfold-job.json")),
        _ => missing(),
    });
    let board = board.await;
    let brought = fetched(&board.source("eightfold", &[("board", "acme"), ("domain", "acme.example")]), &KnownRows::new()).await;
    assert_eq!((ids(&brought.postings), brought.complete), (vec!["1099555326553", "4", "1099555326551"], true));
    let job = &brought.postings[2];
    assert_eq!((job.location.as_deref(), job.work_mode), (Some("Charlotte, NC, United States"), Some(WorkMode::Onsite)));
    assert_eq!((job.posted_at.as_deref(), job.description.as_deref()), (Some("2026-08-04T00:00:00Z"), Some("<p>Plan &amp; ship.</p>")));
    let newer = Source::build(&settings("eightfold", &[("board", "acme"), ("interface", "pcsx")]));
    assert!(newer.is_ok());
    let both = format!(r#"{{"status":200,"data":{}}}"#, fixture("eightfold.json"));
    assert_eq!(read_payload("eightfold", "acme", both.as_bytes()).unwrap().items, 3, "the newer interface wraps the same list");
    assert!(read_payload("eightfold", "acme", br#"{"message":"PCSX is not enabled"}"#).is_err());
}

#[tokio::test]
async fn oracle_counts_one_more_than_it_serves_and_says_when_a_job_is_gone() {
    let list = read("oracle", "oracle.json");
    assert_eq!((list.items, list.completeness, list.next.len()), (3, Completeness::Counted(3), 1));
    the_bad_one(&list, 2, None, "requisitionList[2]");
    assert_eq!(
        list.postings[1].location.as_deref(),
        Some("SAN FRANCISCO, CA, United States; HOUSTON, TX, United States; MIAMI, FL, United States")
    );
    let board = Board::open(|head| match head {
        _ if head.contains("Id%3D%2226876%22") => ok(fixture("oracle-job.json")),
        _ if head.contains("Id%3D%22") => ok(r#"{"items":[],"count":0}"#),
        _ if head.contains("offset%3D0") => ok(fixture("oracle.json")),
        _ => ok(r#"{"items":[{"TotalJobsCount":4,"requisitionList":[]}]}"#),
    });
    let board = board.await;
    let source = board.source("oracle", &[("host", "acme.fa.us2.oraclecloud.com"), ("site", "CX_1")]);
    let brought = fetched(&source, &KnownRows::new()).await;
    let [job] = brought.postings.as_slice() else { panic!("{:?}", brought.postings) };
    assert_eq!(job.description.as_deref(), Some("<p>Lead delivery.</p>\n<ul><li>Own the roadmap</li></ul>\n<p>Five years.</p>"));
    assert_eq!((job.work_mode, job.posted_at.as_deref()), (Some(WorkMode::Onsite), Some("2026-08-19T00:00:00+00:00")));
    assert_eq!(job.url.as_deref(), Some("https://acme.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/26876"));
    assert_eq!(brought.closed, ["25587"]);
}

#[test]
fn boards_are_known_by_their_addresses() {
    for (kind, url, keys) in [
        ("smartrecruiters", "https://careers.smartrecruiters.com/Avalanche1", "board=Avalanche1"),
        ("smartrecruiters", "https://jobs.smartrecruiters.com/oneclick-ui/company/Kettle1/publication/x", "board=Kettle1"),
        ("workday", "https://acme.wd502.myworkdayjobs.com/en-US/careers/job/Pune/X_R-1", "board=acme/careers instance=wd502"),
        ("workday", "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs", "board=acme/External instance=wd5"),
        ("bamboohr", "https://acme.bamboohr.com/jobs/", "board=acme"),
        ("breezy", "https://acme.breezy.hr/p/1-x", "board=acme"),
        ("rippling", "https://ats.us1.rippling.com/en-GB/acme/jobs", "board=acme"),
        ("rippling", "https://api.rippling.com/platform/api/ats/v1/board/acme/jobs", "board=acme"),
        ("jazzhr", "https://acme.applytojob.com/apply", "board=acme"),
        ("eightfold", "https://acme.eightfold.ai/careers?domain=acme.org", "board=acme domain=acme.org"),
        ("oracle", "https://x.fa.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/1", "host=x.fa.oraclecloud.com site=CX_1"),
    ] {
        let kind = kinds().iter().find(|known| known.name == kind).unwrap();
        let found = (kind.knows)(&url.parse().unwrap()).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(found.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" "), keys, "{url}");
        let keys: Vec<(&str, &str)> = found.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert!(Source::build(&settings(kind.name, &keys)).is_ok(), "{url}");
    }
    let knowing = |url: &str| kinds().iter().filter(|kind| (kind.knows)(&url.parse().unwrap()).is_some()).count();
    for url in ["https://www.breezy.hr/", "https://app.bamboohr.com/x", "https://acme.example/careers", "https://myworkdayjobs.com/x"] {
        assert_eq!(knowing(url), 0, "{url}");
    }
    let wrong = Source::build(&settings("workday", &[("board", "acme"), ("instance", "wd5")])).unwrap_err().to_string();
    assert!(wrong.contains("the tenant and the site"), "{wrong}");
}

/// What a kind makes of an answer that is written here.
#[track_caller]
fn made_of(kind: &str, text: &str) -> rolecall::sources::Reading {
    read_payload(kind, "acme", text.as_bytes()).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

#[test]
fn jazzhr_reads_boards_and_pages_of_old_too() {
    let empty = made_of("jazzhr", "<div class='jobs-list'><h2>There are no open positions at this time.</h2></div>");
    assert_eq!((empty.items, empty.completeness), (0, Completeness::Whole));
    let row = |key: &str, title: &str, place: &str| {
        format!(
            r#"<tr class="resumator-table-row-0"><td><a class="job_title_link" href="/apply/jobs/details/{key}?&">{title}</a></td>
            <td class="resumator-job-location-column">{place}</td></tr>"#
        )
    };
    let rows = row("Ab12", "Miller &amp; Baker", "Kiel") + &row("Cd34", "Cook", " ");
    let table = made_of("jazzhr", &format!("<table id='jobs_table'>{rows}</table><table>{rows}</table>"));
    assert_eq!((table.items, ids(&table.postings)), (2, vec!["Ab12", "Cd34"]));
    let first = &table.postings[0];
    assert_eq!((first.title.as_str(), first.location.as_deref(), &table.postings[1].location), ("Miller & Baker", Some("Kiel"), &None));
    let page = made_of(
        "jazzhr",
        r#"<link rel="canonical" href="https://acme.applytojob.com/apply/Ab12/Miller"><div class="page"><div class="job-header"><div><h1>Miller</h1>
        </div></div><div title="Location"><i class='fa'></i>Kiel</div><div id='resumator-job-employment'><i></i>Full Time</div>
        <div class="description" id="job-description"><div>Mill</div><p>Flour</p></div><div>Apply</div></div>"#,
    );
    let [job] = page.postings.as_slice() else { panic!("one job: {page:?}") };
    assert_eq!((job.id.as_str(), job.title.as_str(), job.location.as_deref()), ("Ab12", "Miller", Some("Kiel")));
    assert_eq!((job.employment_type.as_deref(), job.description.as_deref()), (Some("Full Time"), Some("<div>Mill</div><p>Flour</p>")));
}

#[test]
fn rippling_reads_places_in_parts() {
    let list = made_of(
        "rippling",
        r#"{"items":[{"id":"a","name":"Miller","locations":[{"city":"Toronto","countryCode":"CA","workplaceType":"HYBRID"}]}],"totalPages":1}"#,
    );
    assert_eq!((list.postings[0].location.as_deref(), list.postings[0].work_mode), (Some("Toronto, CA"), Some(WorkMode::Hybrid)));
}
