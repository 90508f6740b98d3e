//! A job's page tells search engines what the posting states, where the operator lets it, and no text can break out of it.

use chrono::Duration;
use rolecall::domain::Posting;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{PayPeriod, WorkMode};
use rolecall::web::WebSettings;
use serde_json::{Value, json};

use super::site::{Answer, Site, noon, posting};

const OPENS: &str = "<script type=\"application/ld+json\">";

async fn describing(sources: &[&str]) -> Site {
    let job_posting_json_ld = sources.iter().map(|&name| name.to_owned()).collect();
    Site::with(WebSettings { job_posting_json_ld, ..WebSettings::default() }).await
}

/// The page of the only listing.
async fn page(site: &Site, job: Posting) -> Answer {
    site.publish(vec![job]).await;
    let answer = site.get("/jobs/1").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

/// What a search engine reads, as it reads it: up to the first end of a script.
fn described(page: &Answer) -> Option<Value> {
    let (_, rest) = page.body.split_once(OPENS)?;
    let (data, _) = rest.split_once("</script").unwrap();
    Some(serde_json::from_str(data).unwrap_or_else(|fault| panic!("{fault}: {data}")))
}

fn paid() -> Posting {
    let pay = StructuredPay {
        min: Some(2_800_000.0),
        max: Some(3_400_000.0),
        currency: Some("INR".to_owned()),
        period: Some(PayPeriod::Year),
        ..StructuredPay::default()
    };
    Posting {
        salary: Some(pay),
        employment_type: Some("Full-time".to_owned()),
        valid_through: Some("2026-12-24T00:00:00Z".to_owned()),
        posted_at: Some("2026-11-20".to_owned()),
        ..posting("7", "Senior Backend Engineer", "Bengaluru, India", "<p>Rust &amp; Go.</p><p>Second part.</p>")
    }
}

#[tokio::test]
async fn a_job_is_described_with_all_that_is_required_of_it() {
    let site = describing(&["acme"]).await;
    let page = page(&site, paid()).await;
    let said = described(&page).unwrap();
    for (name, value) in [
        ("@context", json!("https://schema.org/")),
        ("@type", json!("JobPosting")),
        ("title", json!("Senior Backend Engineer")),
        ("datePosted", json!("2026-11-20")),
        ("hiringOrganization", json!({"@type": "Organization", "name": "Acme Payments"})),
        ("employmentType", json!("FULL_TIME")),
        ("directApply", json!(false)),
        ("url", json!("https://jobs.example.org/jobs/1")),
        ("validThrough", json!("2026-12-24T00:00:00Z")),
    ] {
        assert_eq!(said[name], value, "{name}: {said:#}");
    }
    assert!(said["description"].as_str().unwrap().starts_with("<p>Rust &amp; Go."), "{said:#}");
    let address = &said["jobLocation"][0]["address"];
    assert_eq!((&address["addressCountry"], &address["addressLocality"]), (&json!("IN"), &json!("Bengaluru")));
    let salary = &said["baseSalary"];
    assert_eq!((&salary["currency"], &salary["value"]["unitText"]), (&json!("INR"), &json!("YEAR")));
    assert_eq!((&salary["value"]["minValue"], &salary["value"]["maxValue"]), (&json!(2_800_000), &json!(3_400_000)));
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));
}

#[tokio::test]
async fn a_remote_job_says_from_where_it_can_be_done() {
    let site = describing(&["*"]).await;
    let job = Posting { work_mode: Some(WorkMode::Remote), ..posting("8", "Backend Engineer", "Remote, Germany", "<p>Go.</p>") };
    let said = described(&page(&site, job).await).unwrap();
    assert_eq!((&said["jobLocationType"], &said["jobLocation"]), (&json!("TELECOMMUTE"), &Value::Null));
    assert_eq!(said["applicantLocationRequirements"], json!([{"@type": "Country", "name": "DE"}]));
}

#[tokio::test]
async fn no_text_of_a_stranger_ends_the_script_it_stands_in() {
    let site = describing(&["acme"]).await;
    let attack = "</script><script>alert(1)</script><!-- <script> ]]> \u{2028} \" \\";
    let job = Posting {
        title: format!("Engineer {attack}"),
        company: Some(format!("Acme {attack}")),
        description: Some(format!("Rust. {attack} &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;")),
        ..paid()
    };
    let page = page(&site, job).await;
    let said = described(&page).unwrap();
    assert!(said["title"].as_str().unwrap().contains("</script><script>alert(1)</script>"), "it is read back as it was written: {said:#}");
    assert!(!said["description"].as_str().unwrap().contains("<img"), "within the description it is text: {said:#}");
    assert_eq!(page.body.matches("<script").count(), 1, "{}", page.body);
    assert_eq!(page.body.matches("</script").count(), 1, "{}", page.body);
}

#[tokio::test]
async fn nothing_is_said_of_other_sources_of_closed_jobs_or_of_jobs_without_employer_or_place() {
    for sources in [&[][..], &["another"]] {
        let site = describing(sources).await;
        assert!(described(&page(&site, paid()).await).is_none(), "{sources:?}");
    }
    let lacking = [
        Posting { company: None, ..paid() },
        Posting { location: None, ..paid() },
        Posting { work_mode: Some(WorkMode::Remote), location: Some("Remote".to_owned()), ..paid() },
    ];
    for job in lacking {
        let site = describing(&["acme"]).await;
        let shown = format!("{job:?}");
        assert!(described(&page(&site, job).await).is_none(), "{shown}");
    }
    let site = describing(&["acme"]).await;
    assert!(described(&page(&site, paid()).await).is_some());
    site.clock.set(noon() + Duration::days(40));
    assert!(described(&site.get("/jobs/1").await).is_none(), "it has ended by its own word");
}
