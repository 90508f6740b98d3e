//! What wishes bring now, as the page's script asks for it.

use chrono::Duration;
use reqwest::Method;

use super::site::{ParseEmail as _, Site, board, noon, posting};

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
        (0..310).map(|n| posting(&format!("m{n}"), "Backend Engineer", "Pune, India", &format!("<p>Services on MongoDB, team {n}.</p>")));
    site.publish(many.collect()).await;
    let broad = site.get("/fits?roles=backend_engineer&seniority=senior").await;
    assert!(broad.has("<strong>310</strong>") && broad.has("about 72 a week"), "{}", broad.body);
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
    assert!(left.has("<strong>3</strong> of the 3") && left.has("about 303 a week"), "what closed still tells of a week: {}", left.body);
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

#[tokio::test]
async fn who_wishes_for_one_country_is_counted_as_working_from_there_and_may_say_otherwise() {
    let site = Site::start().await;
    let remote = |id: &str, place: &str| posting(id, "Backend Engineer", place, "<p>Rust services with your team.</p>");
    let board = vec![remote("r1", "Remote (India only)"), remote("r2", "Remote (Germany only)"), remote("p1", "Pune, India")];
    site.publish(board).await;
    let fits = |query: &'static str| site.get(query);
    let india = fits("/fits?places=India").await;
    assert!(india.has("<strong>2</strong> of the 3") && india.has(r#"data-country="IN" data-home="India""#), "{}", india.body);
    assert!(!india.has("“You work from”"), "{}", india.body);
    let emptied = fits("/fits?places=India&home_offered=IN").await;
    assert!(emptied.has("<strong>1</strong> of the 3") && emptied.has("“You work from”"), "{}", emptied.body);
    assert!(fits("/fits?places=India&home_country=Germany").await.has("<strong>2</strong> of the 3"));
    let two = fits("/fits?places=India,+Germany").await;
    assert!(two.has("<strong>1</strong> of the 3") && two.has("are found once “You work from” is filled in"), "{}", two.body);
    assert!(!fits("/fits?places=India,+Germany&work_modes=onsite").await.has("“You work from”"), "no remote job is wished for");
    assert!(fits("/fits?places=Pune,+Maharashtra,+India").await.has("<strong>2</strong> of the 3"), "Pune, and from home");
    let page = fits("/jobs?places=India").await;
    assert!(page.has("<strong>2</strong>") && page.has(r#"value="India" placeholder="India""#), "it is shown: {}", page.body);
    assert!(page.has(r#"name="home_offered" value="IN""#), "{}", page.body);
}

#[tokio::test]
async fn a_skill_nobody_knows_is_told_with_the_nearest_and_kept() {
    let site = Site::start().await;
    site.publish(board()).await;
    let fits = site.get("/fits?skills_any=postgress,+golangg,+rust,+zzyzx").await;
    assert_eq!(fits.status, 200);
    assert!(fits.has("“postgress” is no skill known here: did you mean “postgres”?"), "{}", fits.body);
    assert!(fits.has("“golangg” is no skill known here: did you mean “golang”?"), "{}", fits.body);
    assert!(fits.has("“zzyzx” is no skill known here; “Words of the text”") && !fits.has("“rust” is no"), "{}", fits.body);
}

#[tokio::test]
async fn the_country_taken_from_the_places_is_kept_with_the_alert_and_stays_away_once_emptied() {
    let site = Site::start().await;
    let fields = [("email", "asha@example.org"), ("places", "Indore, Madhya Pradesh"), ("home_country", ""), ("home_offered", "")];
    assert_eq!(site.post("/subscribe", &fields).await.status, 200);
    let token = site.confirmation().await;
    let confirm = site.get(&format!("/confirm/{token}")).await;
    assert!(confirm.has("Works from") && confirm.has("India"), "{}", confirm.body);
    site.post(&format!("/confirm/{token}"), &[]).await;
    let person = site.store.subscriber_by_email(&"asha@example.org".parse_email()).await.unwrap().unwrap().id;
    let wishes = async || site.store.subscriptions_of(person).await.unwrap()[0].preferences.clone();
    let kept = wishes().await;
    assert_eq!((kept.places.any.len(), kept.home_country.map(|home| home.to_string())), (1, Some("IN".to_owned())));
    let alert = site.store.subscriptions_of(person).await.unwrap()[0].id.0.to_string();
    let manage = site.manage(person);
    let form = site.get(&format!("{manage}?edit={alert}")).await;
    assert!(form.has(r#"name="home_offered" value="IN""#), "{}", form.body);
    let emptied = [("do", "change"), ("alert", &*alert), ("places", "Indore"), ("home_country", ""), ("home_offered", "IN")];
    site.post(&manage, &emptied).await;
    assert_eq!(wishes().await.home_country, None);
    let moved = [("do", "change"), ("alert", &*alert), ("places", "Berlin"), ("home_country", ""), ("home_offered", "IN")];
    site.post(&manage, &moved).await;
    assert_eq!(wishes().await.home_country.map(|home| home.to_string()), Some("DE".to_owned()));
}
