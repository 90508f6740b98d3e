//! Boards of one employer with list and text in one call, and open feeds: each kind reads its platform's shape.

use rolecall::domain::{PayPeriod, Posting, SourceState, WorkMode};
use rolecall::sources::{Completeness, Fetched, KnownRows, Reading, Source, kinds, read_payload};
use url::Url;

use super::board::{Board, fetcher, ids, now, reply, settings};
use super::payload::{fixture_text as fixture, pay, text};
use crate::support;

#[track_caller]
fn read(kind: &str, text: &str) -> Reading {
    read_payload(kind, "acme", text.as_bytes()).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// Which entries could not be read, by place and id.
fn bad(reading: &Reading) -> Vec<(usize, Option<&str>)> {
    reading.bad.iter().map(|bad| (bad.index, bad.id.as_deref())).collect()
}

/// The board that a kind knows by an address.
fn known(kind: &str, url: &str) -> Option<Vec<(&'static str, String)>> {
    let kind = kinds().iter().find(|known| known.name == kind).expect("the kind is there");
    (kind.knows)(&Url::parse(url).expect("an address"))
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what a kind knows")]
fn named(board: &str) -> Option<Vec<(&'static str, String)>> {
    Some(vec![("board", board.to_owned())])
}

async fn fetch(board: &Board, kind: &str, options: &[(&str, &str)]) -> Fetched {
    board.source(kind, options).fetch(&fetcher(), &SourceState::default(), &KnownRows::new(), now()).await
}

#[test]
fn workable_folds_the_rows_of_one_job_and_keeps_hidden_places_hidden() {
    let reading = read("workable", &fixture("workable.json"));
    assert_eq!((reading.items, reading.completeness, bad(&reading)), (4, Completeness::Whole, vec![(2, Some("BADBADBAD0"))]));
    let [first, second] = reading.postings.as_slice() else { panic!("two jobs: {reading:?}") };
    let expected = Posting {
        id: "A1B2C3D4E5".into(),
        source: "acme".into(),
        title: "Backend Engineer, Charts".into(),
        company: text("Leuchtturm Labs"),
        location: text("Kiel, Schleswig-Holstein, Germany; Porto, Portugal"),
        country: text("Germany"),
        description: text("<p>Rust &amp; PostgreSQL.</p>"),
        employment_type: text("Full-time"),
        posted_at: text("2026-08-05"),
        url: text("https://apply.workable.com/j/A1B2C3D4E5"),
        apply_url: text("https://apply.workable.com/j/A1B2C3D4E5/apply"),
        department: text("Engineering"),
        level: text("Mid-Senior level"),
        education: text("Bachelor's Degree"),
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!((second.work_mode, &second.location, &second.education), (Some(WorkMode::Remote), &None, &None));
}

#[test]
fn workable_reads_the_calls_of_the_page_itself_too() {
    let list = r#"{"total":2,"results":[{"id":9,"shortcode":"AA","title":"DBA","remote":false,"workplace":"hybrid","type":"full",
        "location":{"country":"Spain","countryCode":"ES","city":"Vigo","region":""},"department":["Data","Ops"],"published":"2026-08-01T00:00:00.000Z"}]}"#;
    let reading = read("workable", list);
    let job = &reading.postings[0];
    assert_eq!(
        (reading.completeness, job.location.clone(), job.work_mode),
        (Completeness::Counted(2), text("Vigo, Spain"), Some(WorkMode::Hybrid))
    );
    assert_eq!((job.department.clone(), job.url.clone()), (text("Data; Ops"), text("https://apply.workable.com/acme/j/AA/")));
    let one = read("workable", r#"{"shortcode":"AA","title":"DBA","description":"<p>a</p>","requirements":"<p>b</p>","benefits":""}"#);
    assert_eq!(one.postings[0].description, text("<p>a</p>\n<h3>Requirements</h3><p>b</p>"));
    assert_eq!(one.completeness, Completeness::Newest, "one job is no board");
}

#[test]
fn recruitee_counts_an_offer_once_whatever_its_languages() {
    let reading = read("recruitee", &fixture("recruitee.json"));
    assert_eq!((reading.items, reading.completeness, bad(&reading)), (4, Completeness::Whole, vec![(1, Some("2707002"))]));
    let [first, second] = reading.postings.as_slice() else { panic!("two open offers: {reading:?}") };
    let expected = Posting {
        id: "2707001".into(),
        source: "acme".into(),
        title: "Backend Engineer (Go)".into(),
        company: text("Polderwerk"),
        location: text("Utrecht, Netherlands; Gent, East Flanders, Belgium"),
        country: text("NL"),
        description: text("<p>Dikes &amp; data.</p>\n<ul><li>Go</li></ul>"),
        employment_type: text("fulltime_permanent"),
        posted_at: text("2026-08-10T15:13:59Z"),
        updated_at: text("2026-08-11T08:00:00Z"),
        valid_through: text("2026-10-01T00:00:00Z"),
        url: text("https://polderwerk.recruitee.com/o/backend-engineer-go"),
        apply_url: text("https://polderwerk.recruitee.com/o/backend-engineer-go/c/new"),
        work_mode: Some(WorkMode::Hybrid),
        salary: pay(Some(4500.0), Some(5800.0), "EUR", Some(PayPeriod::Month)),
        department: text("Engineering"),
        tags: vec!["go".into(), "postgres".into()],
        level: text("mid_level"),
        education: text("bachelor_degree"),
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!((second.title.as_str(), second.language.clone()), ("Databasebeheerder", text("nl")));
    assert_eq!((second.description.clone(), second.location.clone()), (text("<p>SQL.</p>"), text("NL")));
    assert_eq!((&second.salary, second.posted_at.clone()), (&None, text("2026-08-01T09:30:00Z")));
    let whole = format!("{reading:?}");
    assert!(!whole.contains("polderwerk.example>") && !whole.contains("x1y2z@"), "no address of a recruiter is taken");
}

#[test]
fn personio_joins_its_texts_and_never_expands_an_entity() {
    let reading = read("personio", &fixture("personio.xml"));
    assert_eq!((reading.items, bad(&reading)), (4, vec![(1, Some("1700002")), (2, Some("1700003"))]));
    assert!(reading.bad[0].reason.contains("position[1]") && reading.bad[0].reason.contains("<name>"), "{}", reading.bad[0].reason);
    assert_eq!(reading.completeness, Completeness::Newest, "a feed with broken XML proves no absence");
    let [first, second] = reading.postings.as_slice() else { panic!("two positions: {reading:?}") };
    assert_eq!((first.id.as_str(), first.title.as_str()), ("1700001", "Backend-Entwickler (m/w/d) – Lager"));
    assert_eq!((first.company.clone(), first.location.clone()), (text("Harz Digital SE & Co. KG"), text("Goslar; Leipzig")));
    let description = concat!(
        "<p>Ohne Titel</p>\n<h3>Deine Aufgaben</h3><ul><li>Kotlin &amp; PostgreSQL</li></ul>\n",
        "<h3>Profil &amp; Weg</h3><p>3 Jahre</p> &house; &file;"
    );
    assert_eq!(first.description, text(description));
    assert_eq!(first.salary, pay(Some(52_000.0), Some(64_000.0), "EUR", Some(PayPeriod::Year)));
    assert_eq!((first.employment_type.clone(), first.department.clone()), (text("permanent; full-time"), text("Produkt & Technik")));
    assert_eq!((first.tags.join("|"), first.posted_at.clone()), ("kotlin|backend|postgres".into(), text("2026-06-26T09:43:48+00:00")));
    assert_eq!(first.url, text("https://acme.jobs.personio.de/job/1700001"));
    assert_eq!((&first.level, second.level.clone(), &second.salary), (&None, text("student"), &None), "the form's default says nothing");
}

#[test]
fn an_empty_personio_feed_is_healthy_and_another_document_is_not() {
    let empty = read("personio", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<workzag-jobs></workzag-jobs>");
    assert_eq!((empty.items, empty.completeness), (0, Completeness::Whole));
    assert_eq!(read("personio", "<workzag-jobs/>").completeness, Completeness::Whole);
    for (other, word) in
        [("<error>no</error>", "workzag-jobs"), ("<!DOCTYPE html><title>Sorry</title>", "Sorry"), ("no", "tag"), ("", "tag")]
    {
        let message = read_payload("personio", "acme", other.as_bytes()).unwrap_err().to_string();
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn teamtailor_reads_its_feed_with_places_and_mode() {
    let reading = read("teamtailor", &fixture("teamtailor.rss"));
    assert_eq!((reading.items, reading.completeness, bad(&reading)), (3, Completeness::Whole, vec![(1, Some("bad-one"))]));
    let [first, second] = reading.postings.as_slice() else { panic!("two jobs: {reading:?}") };
    let expected = Posting {
        id: "0c0c1111-2222-4333-8444-555566667777".into(),
        source: "acme".into(),
        title: "Backend Engineer & Guide".into(),
        company: text("Fjordkraft Labs"),
        location: text("Bergen, Norway; Malmö Central, Sweden"),
        description: text("<p>Elixir &amp; SQL</p>"),
        posted_at: text("2026-08-25T08:48:06Z"),
        url: text("https://career.fjordkraft.example/jobs/8264001-backend-engineer"),
        work_mode: Some(WorkMode::Hybrid),
        department: text("Engineering"),
        tags: vec!["Backend".into()],
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!((second.work_mode, &second.location), (None, &None), "none means that nothing was said");
}

#[test]
fn a_job_posting_in_a_json_feed_fills_what_the_item_leaves_open() {
    for kind in ["teamtailor", "json_feed"] {
        let reading = read(kind, &fixture("jobposting-feed.json"));
        assert_eq!((reading.items, reading.completeness), (3, Completeness::Newest));
        assert_eq!(bad(&reading), [(1, None)]);
        assert_eq!(
            reading.next.iter().map(|next| next.url.as_str()).collect::<Vec<_>>(),
            ["https://career.fjordkraft.example/jobs.json?page=2"]
        );
        let [first, second] = reading.postings.as_slice() else { panic!("two items: {reading:?}") };
        let expected = Posting {
            id: "0c0c1111-2222-4333-8444-555566667777".into(),
            source: "acme".into(),
            title: "Backend Engineer".into(),
            company: text("Fjordkraft Labs AS"),
            location: text("Bergen, Vestland, NO; Oslo, NO"),
            country: text("NO"),
            description: text("<p>Elixir &amp; SQL</p>"),
            employment_type: text("FULL_TIME; CONTRACTOR"),
            posted_at: text("2026-08-25T10:48:06+02:00"),
            updated_at: text("2026-08-26T08:00:00Z"),
            valid_through: text("2026-10-01T00:00:00Z"),
            url: text("https://career.fjordkraft.example/jobs/8264001"),
            apply_url: text("https://apply.example/8264001"),
            work_mode: Some(WorkMode::Remote),
            salary: pay(Some(700_000.0), Some(850_000.0), "NOK", Some(PayPeriod::Year)),
            tags: vec!["backend".into()],
            language: text("en"),
            ..Posting::default()
        };
        assert_eq!(first, &expected);
        assert_eq!((second.id.as_str(), second.title.as_str(), second.company.clone()), ("77", "DBA", text("Kai AS")));
        assert_eq!((second.description.clone(), &second.salary), (text("<p>Plain &amp; simple</p>"), &None), "words are no pay");
        assert_eq!((second.posted_at.clone(), second.location.clone()), (text("2026-07-10T13:52:00Z"), text("Tromsø")));
    }
}

#[test]
fn pinpoint_joins_its_sections_and_hides_pay_that_is_not_to_be_shown() {
    let reading = read("pinpoint", &fixture("pinpoint.json"));
    assert_eq!((reading.items, reading.completeness, bad(&reading)), (3, Completeness::Whole, vec![(1, Some("310002"))]));
    let [first, second] = reading.postings.as_slice() else { panic!("two postings: {reading:?}") };
    let expected = Posting {
        id: "310001".into(),
        source: "acme".into(),
        title: "Senior Backend Engineer".into(),
        company: text("quayside"),
        location: text("St Helier"),
        description: text(concat!(
            "<div>We run harbours.</div>\n<h3>What you will do</h3><ul><li>Own bookings</li></ul>\n",
            "<h3>What you bring &amp; share</h3><p>Ruby</p>"
        )),
        salary_text: text("£60,000 - £75,000 / year"),
        employment_type: text("Permanent - Full Time"),
        valid_through: text("2026-10-28T23:59:59+01:00"),
        url: text("https://quayside.pinpointhq.com/en/postings/aaaa-1"),
        work_mode: Some(WorkMode::Hybrid),
        salary: pay(Some(60_000.0), Some(75_000.0), "GBP", Some(PayPeriod::Year)),
        department: text("Engineering; Digital"),
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!((&second.salary, &second.salary_text, second.work_mode), (&None, &None, Some(WorkMode::Onsite)));
    assert_eq!(second.location, text("Leeds, West Yorkshire"));
    assert_eq!(second.url, text("https://acme.pinpointhq.com/en/postings/cccc-3"));
}

#[test]
fn comeet_orders_its_texts_and_leaves_internal_positions_out() {
    let reading = read("comeet", &fixture("comeet.json"));
    assert_eq!((reading.items, reading.completeness, bad(&reading)), (4, Completeness::Whole, vec![(1, Some("11.102"))]));
    let [first, second] = reading.postings.as_slice() else { panic!("two positions: {reading:?}") };
    let expected = Posting {
        id: "11.101".into(),
        source: "acme".into(),
        title: "Backend Engineer".into(),
        company: text("Orbit Sensors"),
        location: text("Haifa, IL"),
        country: text("IL"),
        description: text("<h3>Description</h3><p>Satellites &amp; sand.</p>\n<h3>Requirements</h3><ul><li>Rust</li></ul>"),
        employment_type: text("Full-time"),
        updated_at: text("2026-08-12T02:36:49Z"),
        url: text("https://orbit.example/careers/11.101"),
        work_mode: Some(WorkMode::Hybrid),
        department: text("R&D"),
        level: text("Senior"),
        ..Posting::default()
    };
    assert_eq!(first, &expected);
    assert_eq!((second.work_mode, second.location.clone()), (Some(WorkMode::Remote), text("Anywhere")));
    assert_eq!(read("comeet", r#"{"uid":"1","name":"One"}"#).completeness, Completeness::Newest);
    assert!(read_payload("comeet", "acme", br#"{"status":400,"error":"token"}"#).is_err());
}

#[tokio::test]
async fn manatal_is_read_to_its_last_page_and_counted() {
    let board =
        Board::open(|head| reply("200 OK", &[], fixture(if head.contains("page=2") { "manatal-2.json" } else { "manatal-1.json" }))).await;
    let fetched = fetch(&board, "manatal", &[("board", "kiln")]).await;
    assert_eq!(ids(&fetched), (vec!["3164001", "3164002", "3164004"], true));
    let calls = ["GET /api/v1.0/c/kiln/jobs/?page_size=50&page=1", "GET /api/v1.0/c/kiln/jobs/?page_size=50&page=2"];
    assert_eq!(board.asked(), calls, "the address of the next page is made here, not taken from the answer");
    let reading = read("manatal", &fixture("manatal-1.json"));
    let [first, second] = reading.postings.as_slice() else { panic!("two jobs") };
    assert_eq!((first.salary.clone(), &second.salary), (pay(Some(40.0), Some(55.5), "USD", None), &None), "pay that is hidden stays so");
    assert_eq!((first.location.clone(), second.location.clone()), (text("Hanoi, Vietnam"), text("Hue, Vietnam")));
    assert_eq!(first.url, text("https://www.careers-page.com/acme/job/RY6X46AA"));
    assert_eq!(bad(&read("manatal", &fixture("manatal-2.json"))), [(0, Some("3164003"))]);
}

#[tokio::test]
async fn teamtailor_asks_for_further_pages_while_they_are_full() {
    let board = Board::open(|head| {
        let offset: usize = head.split("offset=").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|n| n.parse().ok()).unwrap();
        let items: Vec<String> =
            (offset..130.min(offset + 100)).map(|n| format!("<item><title>Job {n}</title><guid>g-{n}</guid></item>")).collect();
        reply("200 OK", &[], format!("<rss><channel><title>T</title>{}</channel></rss>", items.concat()))
    })
    .await;
    let fetched = fetch(&board, "teamtailor", &[("board", "acme")]).await;
    let (found, complete) = ids(&fetched);
    assert_eq!((found.len(), found[129], complete), (130, "g-129", true));
    assert_eq!(board.asked(), ["GET /jobs.rss?per_page=100&offset=0", "GET /jobs.rss?per_page=100&offset=100"]);
}

#[tokio::test]
async fn every_board_asks_its_own_call_and_an_empty_board_is_whole() {
    for (kind, options, call, body) in [
        ("workable", [("board", "acme")].as_slice(), "GET /api/v1/widget/accounts/acme?details=true", r#"{"name":"A","jobs":[]}"#),
        ("recruitee", &[("board", "acme")], "GET /api/offers/", r#"{"offers":[]}"#),
        ("personio", &[("board", "acme"), ("region", "com")], "GET /xml?language=en", "<workzag-jobs></workzag-jobs>"),
        ("teamtailor", &[("board", "acme")], "GET /jobs.rss?per_page=100&offset=0", "<rss><channel></channel></rss>"),
        ("pinpoint", &[("board", "acme")], "GET /postings.json", r#"{"data":[]}"#),
        ("comeet", &[("uid", "A.1"), ("token", "T")], "GET /careers-api/2.0/company/A.1/positions?token=T&details=true", "[]"),
        ("manatal", &[("board", "acme")], "GET /api/v1.0/c/acme/jobs/?page_size=50&page=1", r#"{"count":0,"next":null,"results":[]}"#),
    ] {
        let board = Board::always("200 OK", &[], body).await;
        let fetched = fetch(&board, kind, options).await;
        assert_eq!(ids(&fetched), (vec![], true), "{kind}");
        assert_eq!(board.asked(), [call]);
    }
}

#[test]
fn boards_are_known_by_their_addresses() {
    for (kind, url, board) in [
        ("workable", "https://apply.workable.com/acme/j/A1B2/", named("acme")),
        ("workable", "https://apply.workable.com/api/v1/widget/accounts/acme?details=true", named("acme")),
        ("workable", "https://acme.workable.com/", named("acme")),
        ("workable", "https://apply.workable.com/j/A1B2", None),
        ("recruitee", "https://acme.recruitee.com/o/x", named("acme")),
        ("recruitee", "https://www.recruitee.com/", None),
        ("personio", "https://acme.jobs.personio.de/job/1", named("acme")),
        ("teamtailor", "https://acme.teamtailor.com/jobs", named("acme")),
        ("teamtailor", "https://acme.na.teamtailor.com/jobs", named("acme.na")),
        ("pinpoint", "https://acme.pinpointhq.com/en/postings/1", named("acme")),
        ("manatal", "https://www.careers-page.com/acme/job/AB", named("acme")),
        ("manatal", "https://www.careers-page.com/api/v1.0/c/acme/jobs/", named("acme")),
        ("comeet", "https://www.comeet.com/jobs/acme/A.1", None),
        ("xml_feed", "https://acme.example/jobs.xml", None),
    ] {
        assert_eq!(known(kind, url), board, "{kind} {url}");
    }
    let com = vec![("board", "acme".to_owned()), ("region", "com".to_owned())];
    assert_eq!(known("personio", "https://acme.jobs.personio.com/"), Some(com));
    let keys = vec![("uid", "A.1".to_owned()), ("token", "T1".to_owned())];
    assert_eq!(known("comeet", "https://www.comeet.co/careers-api/2.0/company/A.1/positions?token=T1"), Some(keys));
}

#[test]
fn a_career_site_of_its_own_host_is_named_by_its_address() {
    let host =
        |kind: &str, options: &[(&str, &str)]| Source::build(&settings(kind, options)).map(|source| source.host().map(str::to_owned));
    assert_eq!(host("teamtailor", &[("url", "https://jobs.acme.example/en/jobs?x=1")]).unwrap(), text("jobs.acme.example"));
    assert_eq!(host("recruitee", &[("url", "https://jobs.acme.example")]).unwrap(), text("jobs.acme.example"));
    assert_eq!(host("teamtailor", &[("board", "acme.na")]).unwrap(), text("acme.na.teamtailor.com"));
    assert_eq!(host("personio", &[("board", "acme"), ("region", "com")]).unwrap(), text("acme.jobs.personio.com"));
    for options in [[].as_slice(), &[("board", "evil.example/#")], &[("url", "jobs")]] {
        let message = host("pinpoint", options).unwrap_err().to_string();
        assert!(message.contains("acme") && (message.contains("\"board\"") || message.contains("\"url\"")), "{message}");
    }
}

#[test]
fn an_xml_feed_gives_its_fields_however_they_are_written() {
    let reading = read("xml_feed", &fixture("xml_feed.xml"));
    assert_eq!((reading.items, bad(&reading)), (6, vec![(2, Some("K-3"))]));
    let [first, second, third, fourth] = reading.postings.as_slice() else { panic!("four jobs: {reading:?}") };
    let expected = Posting {
        id: "K-1".into(),
        source: "acme".into(),
        title: "Backend Engineer (Rust) & more".into(),
        company: text("Kettle & Söhne"),
        location: text("Pune, Maharashtra, IN; Chennai, IN"),
        country: text("IN"),
        description: text("<p>Build in <b>Rust</b> &amp; SQL.</p>"),
        salary_text: text("Rs 18,00,000 per year"),
        employment_type: text("fulltime; contract"),
        posted_at: text("2026-07-10T09:00:00Z"),
        valid_through: text("2026-09-30"),
        url: text("https://kettle.example/jobs/1?a=1&b=2"),
        work_mode: Some(WorkMode::Remote),
        tags: vec!["Engineering".into(), "Backend".into()],
        level: text("3+ years"),
        education: text("Bachelors"),
        ..Posting::default()
    };
    assert_eq!(first, &expected, "a repeated reference with the same title is a further place");
    assert_eq!(second.title, "R&D &passwd; &lol2; Engineer at AT&T", "no entity of the document is expanded");
    assert_eq!((second.description.clone(), second.location.clone()), (text("<p>Pick &amp; pack.</p>"), text("Köln, DE")));
    assert_eq!((second.posted_at.clone(), &second.salary_text), (text("2026-07-09T18:30:00+02:00"), &None));
    assert_eq!(third.description, text("<p>Tea<br>and <ul><li>Go</ul></p>"), "tags that were not escaped are the text");
    assert_eq!((&third.posted_at, third.work_mode, third.location.clone()), (&None, Some(WorkMode::Remote), text("Leeds; Hull")));
    assert_eq!((fourth.id.as_str(), fourth.title.as_str()), ("K-1 https://kettle.example/jobs/6", "Another job"));
    assert_eq!(fourth.description, text("<p>twice</p>"));
}

#[tokio::test]
async fn an_xml_feed_knows_the_order_of_its_dates_when_it_is_told() {
    let board = Board::always("200 OK", &[], fixture("xml_feed.xml")).await;
    let fetched = fetch(&board, "xml_feed", &[("url", &board.url.clone()), ("dates", "day first")]).await;
    let rolecall::sources::FetchResult::Brought(brought) = fetched.result else { panic!("postings were due") };
    let fourth = brought.postings.iter().find(|posting| posting.id == "K-4").unwrap();
    assert_eq!((fourth.posted_at.clone(), brought.complete), (text("2026-08-07"), false));
}

#[test]
fn a_broken_place_costs_its_entry_and_the_proof_of_absence() {
    let job = |n: u32| format!("<job><referencenumber>{n}</referencenumber><title>Job {n}</title></job>");
    let feed = |middle: &str| format!("<source>{}{middle}{}</source>", job(1), job(3));
    for middle in [
        "<job><referencenumber>2</referencenumber><title>a</job>",
        "<job><referencenumber>2</referencenumber><title>a</title>",
        "<job><referencenumber>2</referencenumber><title><![CDATA[a</title></job><job><title>]]></title></job>",
        "<job><referencenumber>2</referencenumber><title><!-- a</title></job>",
        "<job><referencenumber>2</referencenumber><title>a</title><? </job>",
    ] {
        let reading = read("xml_feed", &feed(middle));
        let found: Vec<&str> = reading.postings.iter().map(|posting| posting.id.as_str()).collect();
        assert_eq!(found, ["1", "3"], "{middle}");
        assert_eq!((bad(&reading)[0], reading.completeness), ((1, Some("2")), Completeness::Newest), "{middle}");
    }
    let whole = read("xml_feed", &feed("<job><title>no id</title></job>"));
    assert_eq!((whole.postings.len(), bad(&whole), whole.completeness), (2, vec![(1, None)], Completeness::Whole));
}

#[test]
fn a_broken_tail_keeps_what_came_before_and_is_named() {
    let whole = fixture("xml_feed.xml");
    let marks = ["</source>", "<title>Another", "Bare HTML", "]]></description>", "<url>https://kettle.example/jobs/2"];
    for end in marks.iter().map(|mark| whole.rfind(mark).unwrap()) {
        let reading = read("xml_feed", &whole[..end]);
        assert_eq!((reading.postings[0].id.as_str(), reading.completeness), ("K-1", Completeness::Newest), "cut at {end}");
        assert!(!reading.bad.is_empty(), "cut at {end}");
    }
    let sound: Vec<&str> = whole.split("  <job>").filter(|job| !job.contains("K-3")).collect();
    let sound = sound.join("  <job>");
    assert_eq!(read("xml_feed", &sound).completeness, Completeness::Whole);
    for end in (0..sound.trim_end().len()).filter(|end| sound.is_char_boundary(*end)).step_by(5) {
        let read = read_payload("xml_feed", "acme", &sound.as_bytes()[..end]);
        assert!(read.is_err() || read.is_ok_and(|reading| reading.completeness == Completeness::Newest), "cut at {end}");
    }
    assert!(read_payload("xml_feed", "acme", b"<source><publisher>x</publisher>").is_err());
    assert!(read_payload("xml_feed", "acme", b"<source><![CDATA[").is_err());
    assert_eq!(read("xml_feed", "<source><publisher>x</publisher></source>").completeness, Completeness::Whole);
    assert_eq!(read("xml_feed", "<status>maintenance</status>").completeness, Completeness::Newest, "no feed closes no job");
}

#[test]
fn a_feed_of_nothing_but_broken_places_is_not_looked_through_again_and_again() {
    for (piece, end) in [("<job><title><![CDATA[", ""), ("<job><title><![CDATA[</job>", "]]>"), ("<job><description><b>", "")] {
        let reading = read("xml_feed", &format!("<source>{}{end}", piece.repeat(20_000)));
        assert!(reading.postings.is_empty() && !reading.bad.is_empty(), "{piece}");
        assert_eq!(reading.completeness, Completeness::Newest);
    }
}

#[test]
fn an_xml_feed_may_be_written_in_older_letters() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><jobs><job id=\"7\"><name>B\xfcro &eacute; &amp;</name></job></jobs>";
    let reading = read_payload("xml_feed", "acme", latin).unwrap();
    assert_eq!((reading.postings[0].id.as_str(), reading.postings[0].title.as_str()), ("7", "Büro é &"));
    let wide: Vec<u8> = "\u{feff}<jobs><job><id>8</id><title>Ä</title></job></jobs>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_payload("xml_feed", "acme", &wide).unwrap().postings[0].title, "Ä");
}

#[test]
fn the_feed_made_by_hand_is_read_in_full() {
    let Some(data) = support::recorded_data() else { return support::skipped("sources::kinds_boards", "no recorded data") };
    let reading = read_payload("xml_feed", "acme", &std::fs::read(data.join("payloads/by-hand/xml_feed.xml")).unwrap()).unwrap();
    assert_eq!((reading.items, reading.completeness, reading.bad.len()), (2, Completeness::Whole, 0));
    let [first, second] = reading.postings.as_slice() else { panic!("two jobs") };
    assert_eq!((first.id.as_str(), first.posted_at.clone()), ("EX-1041", text("2026-07-10T09:00:00Z")));
    assert_eq!((first.location.clone(), first.work_mode), (text("Pune, Maharashtra, IN"), Some(WorkMode::Remote)));
    assert_eq!((second.description.clone(), second.employment_type.clone()), (text("<p>Pick and pack.</p>"), text("parttime; contract")));
}

proptest::proptest! {
    #[test]
    fn no_broken_feed_makes_a_reader_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let feed = pieces.concat();
        for kind in ["xml_feed", "personio", "teamtailor"] {
            let _ = read_payload(kind, "acme", feed.as_bytes());
            let _ = read_payload(kind, "acme", format!("<source><job>{feed}</job></source>").as_bytes());
        }
    }
}

/// What feeds are broken with.
const PIECES: &[&str] = &[
    "<job>",
    "</job>",
    "<job id='é",
    "<item>",
    "</item>",
    "<position/>",
    "<title>",
    "</title>",
    "<description>",
    "<br>",
    "<p>",
    "</p>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!DOCTYPE x [",
    "<!ENTITY a \"b\">",
    "]>",
    "<?",
    "?>",
    "<",
    ">",
    "&",
    "&amp;",
    "&#0;",
    "&#xD800;",
    "&a;",
    "é",
    "🌍",
    "\u{0}",
    "<locations><location>",
    "</location>",
    "<source>",
    "</source>",
    "K-1",
    "\"",
    "'",
    "/",
    " ",
];

#[test]
fn pinpoint_and_workable_read_links_and_places_in_their_other_writings() {
    let pinpoint = read(
        "pinpoint",
        r#"{"data":[{"id":7,"title":"Miller","url":"/en/postings/a","compensation_minimum":5,"compensation_currency":"GBP","compensation_frequency":"per year"}]}"#,
    );
    assert_eq!(pinpoint.postings[0].url, text("https://acme.pinpointhq.com/en/postings/a"));
    assert_eq!(pinpoint.postings[0].salary, pay(Some(5.0), None, "GBP", Some(PayPeriod::Year)));
    let workable =
        read("workable", r#"{"jobs":[{"shortcode":"A","title":"Miller","location":{"country_code":"PL","telecommuting":true}}]}"#);
    assert_eq!((&workable.postings[0].country, workable.postings[0].work_mode), (&text("PL"), Some(WorkMode::Remote)));
}
