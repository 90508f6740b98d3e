//! What wishes bring now, as the page's script asks for it.

use chrono::Duration;
use reqwest::Method;

use super::site::{Site, board, noon, posting};

#[tokio::test]
async fn the_count_tells_how_many_fit_how_many_a_week_brings_and_the_newest_three() {
    let site = Site::start().await;
    let many =
        (0..8).map(|n| posting(&format!("m{n}"), "Backend Engineer", "Pune, India", &format!("<p>Services on MongoDB, team {n}.</p>")));
    site.publish(many.chain(board()).collect()).await;
    let fits = site.get("/fits?skills_any=mongodb").await;
    assert_eq!(fits.status, 200);
    assert!(fits.has("<strong>8</strong> of the 12 open jobs fit") && fits.has("about 2 a week"), "{}", fits.body);
    assert_eq!(fits.body.matches("<h2>").count(), 3);
    assert!(!fits.has("<html"), "a part of a page, to be put into one");
    let one = site.get("/fits?skills_any=rust").await;
    assert!(one.has("<strong>1</strong>") && one.has("fewer than one a week"), "{}", one.body);
    assert_eq!(one.headers.get("set-cookie"), None);
    assert_eq!(site.send(Method::HEAD, "/fits", &[], String::new()).await.status, 200);
    assert_eq!(site.send(Method::POST, "/fits", &[], String::new()).await.status, 405);
}

#[tokio::test]
async fn wishes_that_bring_nothing_are_told_which_of_them_keeps_the_jobs_away() {
    let site = Site::start().await;
    site.publish(board()).await;
    let nothing = site.get("/fits?skills_any=rust,postgresql&places=Chennai&work_modes=onsite&work_modes=hybrid").await;
    assert!(nothing.has("<strong>0</strong>") && nothing.has("Without “place” 2 would fit."), "{}", nothing.body);
    let empty = site.get("/fits").await;
    assert!(empty.has("<strong>4</strong> jobs are open right now") && empty.has("No wish is made yet"), "{}", empty.body);
}

#[tokio::test]
async fn wishes_that_bring_more_than_anybody_reads_are_told_how_to_narrow() {
    let site = Site::start().await;
    let many =
        (0..300).map(|n| posting(&format!("m{n}"), "Backend Engineer", "Pune, India", &format!("<p>Services on MongoDB, team {n}.</p>")));
    site.publish(many.collect()).await;
    let broad = site.get("/fits?roles=backend_engineer&seniority=senior").await;
    assert!(broad.has("<strong>300</strong>") && broad.has("about 75 a week"), "{}", broad.body);
    assert!(broad.has("more than anybody reads") && broad.has("Narrow it by skills, place, least pay."), "{}", broad.body);
}

#[tokio::test]
async fn a_fault_is_told_instead_of_a_count_with_the_place_of_it() {
    let site = Site::start().await;
    let fault = site.get("/fits?keywords=(kafka&pay=lots").await;
    assert_eq!(fault.status, 422);
    assert!(fault.has("character 7") && fault.body.matches("class=\"fault\"").count() == 2, "{}", fault.body);
    let hostile = site.get("/fits?keywords=%3Cscript%3E(&places=%3Cimg+src%3Dx%3E").await;
    assert!(!hostile.has("<script") && !hostile.has("<img"), "{}", hostile.body);
}

#[tokio::test]
async fn the_count_follows_what_opens_and_what_closes_without_reading_all_again() {
    let site = Site::start().await;
    let many = |from: usize, to: usize| {
        let one = |n| posting(&format!("m{n}"), "Backend Engineer", "Pune, India", &format!("<p>MongoDB with Kafka, team {n}.</p>"));
        (from..to).map(one).collect::<Vec<_>>()
    };
    site.publish(many(0, 700)).await;
    assert!(site.get("/fits?skills_any=mongodb").await.has("<strong>700</strong> of the 700"));
    site.publish(many(700, 1_300)).await;
    site.clock.set(noon() + Duration::seconds(10));
    assert!(site.get("/fits?skills_any=mongodb").await.has("<strong>1300</strong> of the 1300"));
    site.close_all_but(&["m3", "m800", "m1299"]).await;
    site.clock.set(noon() + Duration::seconds(80));
    let left = site.get("/fits?skills_any=mongodb").await;
    assert!(left.has("<strong>3</strong> of the 3") && left.has("about 325 a week"), "what closed still tells of a week: {}", left.body);
    site.publish(vec![posting("new", "Backend Engineer", "Pune, India", "<p>MongoDB and gRPC.</p>")]).await;
    site.clock.set(noon() + Duration::seconds(90));
    assert!(site.get("/fits?skills_any=mongodb").await.has("<strong>4</strong> of the 4"), "what has closed stays closed");
    assert!(site.get("/fits?keywords=kafka+-grpc").await.has("<strong>3</strong> of the 4"));
    assert!(site.get("/jobs?keywords=grpc").await.has("<strong>1</strong> job fits"));
}

#[tokio::test]
async fn the_page_offers_what_open_jobs_name_and_loads_nothing_but_its_own_two_files() {
    let site = Site::start().await;
    site.publish(board()).await;
    let page = site.get("/").await;
    assert!(page.has("<option>postgresql</option>") && page.has("<option>Pune</option>") && page.has("<option>India</option>"));
    let (style, script) = (site.get("/style.css").await, site.get("/live.js").await);
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    let whole = page.body.len() + style.body.len() + script.body.len();
    assert!(whole < 30_000, "{whole} bytes");
    assert_eq!(page.body.matches(" src=").count() + page.body.matches("<link").count(), 2);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
}
