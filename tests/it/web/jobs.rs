//! View jobs, and what wishes bring now.

use chrono::Duration;
use rolecall::domain::delivery::Digest;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::token::Claims;
use rolecall::domain::{DeliveryKind, ListingId, NewDelivery, PayPeriod, Selection, Seq, TokenPurpose, Window};

use super::site::{Site, board, noon, posting};

#[tokio::test]
async fn the_first_page_counts_what_is_open_and_what_fits() {
    let site = Site::start().await;
    site.publish(board()).await;
    let first = site.get("/").await;
    assert!(first.has("<strong>4</strong> jobs are open"), "{}", first.body);
    let style = site.get("/style.css").await;
    assert!(first.body.len() + style.body.len() < 30_000, "{} bytes", first.body.len() + style.body.len());

    let fits = site.get("/?skills_any=rust,golang&time_zone=Asia/Kolkata").await;
    assert!(fits.has("<strong>2</strong> of the 4 open jobs fit") && fits.has("value=\"rust,golang\""), "{}", fits.body);
    assert!(fits.has("Senior Backend Engineer (Rust)") && !fits.has("Database Administrator,"));
    let by_post = site.post("/subscribe", &[("do", "preview"), ("email", "asha@example.org"), ("skills_any", "rust")]).await;
    assert!(by_post.has("<strong>1</strong> of the 4 open jobs fits") && by_post.has("value=\"asha@example.org\""));
    assert!(site.letters().await.is_empty(), "looking is not subscribing");
    assert_eq!(site.get("/?pay=lots").await.status, 422);
}

#[tokio::test]
async fn the_count_follows_what_is_published() {
    let site = Site::start().await;
    site.publish(board()).await;
    assert!(site.get("/").await.has("<strong>4</strong>"));
    site.publish(vec![posting("9", "Staff Backend Engineer", "Pune, India", "<p>Rust.</p>")]).await;
    site.clock.set(noon() + Duration::seconds(6));
    assert!(site.get("/").await.has("<strong>5</strong>"));
}

#[tokio::test]
async fn open_jobs_are_browsed_page_by_page_with_the_filter_kept() {
    let site = Site::start().await;
    let many = (0..45).map(|n| {
        posting(
            &format!("many-{n}"),
            &format!("Backend Engineer no {n}"),
            "Pune, India",
            &format!("<p>Services on PostgreSQL, team {n}.</p>"),
        )
    });
    site.publish(many.chain(board()).collect()).await;
    let mut next = Some("/jobs?skills_any=postgresql".to_owned());
    let mut seen = Vec::new();
    while let Some(path) = next {
        let page = site.get(&path).await;
        assert!(page.has("<strong>47</strong>"), "{}", page.body);
        seen.extend(page.body.split("href=\"/jobs/").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()));
        next = page
            .body
            .split("<a class=\"button quiet\" href=\"")
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#x2f;", "/"));
        assert!(seen.len() <= 47, "a page comes twice");
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (47, 47));
}

#[tokio::test]
async fn a_job_shows_its_facts_with_the_words_they_rest_on_and_says_when_it_is_closed() {
    let site = Site::start().await;
    let mut ends = posting("7", "Senior Backend Engineer", "Pune, India", "<p>5+ years of Rust.</p><script>alert(1)</script><b>bold</b>");
    ends.valid_through = Some("2026-11-25".to_owned());
    ends.apply_url = Some("javascript:alert(1)".to_owned());
    site.publish(vec![ends]).await;
    let page = site.get("/jobs/1").await;
    assert!(page.has("<q>") && page.has("senior") && page.has("Apply at acme.example"), "{}", page.body);
    assert!(!page.has("<script") && !page.has("javascript:") && !page.has("<b>"));
    site.clock.set(noon() + Duration::days(10));
    let closed = site.get("/jobs/1").await;
    assert!(closed.has("This job was closed") && !closed.has("Apply at"));
    for nothing in ["/jobs/99", "/jobs/x", "/jobs/-1"] {
        assert_eq!(site.get(nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn the_page_of_a_letter_shows_what_it_showed_and_what_it_folded_away() {
    let site = Site::start().await;
    site.publish(board()).await;
    let (subscriber, subscription) = site.subscriber("asha@example.org").await;
    let selection = Selection { shown: vec![ListingId(2), ListingId(1)], folded: vec![ListingId(4)], total: 3, ..Selection::default() };
    let letter = NewDelivery {
        subscriber,
        subscription: Some(subscription),
        kind: DeliveryKind::Digest,
        due_at: noon(),
        digest: Some(Digest { window: Window { after: Seq(0), until: Seq(4) }, selection }),
        secret: None,
    };
    let id = site.store.queue(&letter, noon()).await.unwrap();
    let page = site.get(&site.digest(id)).await;
    let places = ["Backend Developer, Go", "Senior Backend Engineer (Rust)", "Left out of the letter", "Solutions Architect"];
    let found: Vec<usize> = places.iter().map(|words| page.body.find(words).unwrap_or_else(|| panic!("{words}: {}", page.body))).collect();
    assert!(found.is_sorted(), "{found:?}");
    assert_eq!(site.get("/digests/nonsense").await.status, 404);
    let ended = Claims { ids: [id.0, 0, 0], until: Some(noon() - Duration::days(1)) };
    assert_eq!(site.get(&format!("/digests/{}", site.signer.sign(TokenPurpose::Digest, ended))).await.status, 410);
}

#[tokio::test]
async fn the_browser_tells_what_open_jobs_pay() {
    let site = Site::start().await;
    let paid = |n: i64| {
        let mut paid = posting(
            &n.to_string(),
            &format!("Senior Backend Engineer, {}", ["Ads", "Billing", "Cards", "Data", "Edge"][usize::try_from(n).unwrap()]),
            "Berlin, Germany",
            &format!("<p>Java, team {n}.</p>"),
        );
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let euros = 80_000.0 + 1_000.0 * n as f64;
        paid.salary = Some(StructuredPay {
            min: Some(euros),
            max: Some(euros),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            estimated: false,
        });
        paid
    };
    site.publish((0..5).map(paid).collect()).await;
    let page = site.get("/jobs").await;
    assert!(page.has("backend engineer, senior") && page.has("€82,000 a year") && page.has("€81,000-83,000 a year"), "{}", page.body);
    assert!(page.has("<small>Germany, EUR</small>"), "a row names its country: {}", page.body);
}

#[tokio::test]
async fn the_page_of_pay_draws_each_country_and_tells_the_same_in_a_table() {
    let site = Site::start().await;
    let job = |n: i64, place: &str, pay: Option<(f64, &str)>| {
        let mut job = posting(&format!("pay-{n}"), &format!("Backend Engineer no {n}"), place, &format!("<p>Java, team {n}.</p>"));
        job.salary = pay.map(|(figure, currency)| StructuredPay {
            min: Some(figure),
            max: Some(figure),
            currency: Some(currency.to_owned()),
            period: Some(PayPeriod::Year),
            estimated: false,
        });
        job
    };
    let lakh = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0].into_iter().zip(1..).map(|(lakh, n)| job(n, "Pune, India", Some((lakh * 1e5, "INR"))));
    let euros = [50e3, 60e3, 70e3, 80e3, 90e3].into_iter().zip(11..).map(|(euros, n)| job(n, "Berlin, Germany", Some((euros, "EUR"))));
    let silent = (21..25).map(|n| job(n, "Pune, India", None));
    site.publish(lakh.chain(euros).chain(silent).collect()).await;
    let page = site.get("/jobs/pay").await;
    assert!(page.has("11 of 15 open jobs state their pay (73 %)."), "{}", page.body);
    for told in [
        "<h2 id=\"IN-INR\">India, INR</h2>",
        "<td>₹22.5 lakh</td><td>₹35 lakh</td><td>₹47.5 lakh</td><td>6 of 10 (60 %)</td>",
        "<h2 id=\"DE-EUR\">Germany, EUR</h2>",
        "<td>€60,000</td><td>€70,000</td><td>€80,000</td><td>5 of 5 (100 %)</td>",
        "aria-label=\"backend engineer, all levels: median ₹35 lakh, the middle half ₹22.5-47.5 lakh\"",
    ] {
        assert!(page.has(told), "{told}: {}", page.body);
    }
    assert!(site.get("/jobs").await.has("href=\"/jobs/pay\""));
    assert!(Site::start().await.get("/jobs/pay").await.has("Too few open jobs state their pay"));
}
