//! Ashby posting API: `GET /posting-api/job-board/{name}?includeCompensation=true`.

use serde_json::{Value, json};

use crate::demo::job::{DemoJob, DemoMode, DemoPay};
use crate::domain::PayPeriod;

/// The board of one employer.
pub fn list(jobs: &[&DemoJob]) -> Value {
    json!({ "jobs": jobs.iter().map(|job| entry(job)).collect::<Value>(), "apiVersion": "1" })
}

fn entry(job: &DemoJob) -> Value {
    let id = job.uuid();
    let more: Vec<Value> = job.more_places.iter().map(|place| json!({ "location": place, "address": null })).collect();
    let page = format!("https://jobs.{}/{}/{id}", job.domain, job.token);
    json!({
        "id": id,
        "title": job.title,
        "department": job.department,
        "team": job.department,
        "employmentType": match job.employment {
            "Internship" => "Intern",
            "Contract" => "Contract",
            "Part-time" => "PartTime",
            _ => "FullTime",
        },
        "location": job.location,
        "shouldDisplayCompensationOnJobPostings": job.pay.is_some(),
        "secondaryLocations": more,
        "publishedAt": job.published_at.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string(),
        "isListed": true,
        "isRemote": job.is_remote(),
        "workplaceType": match job.mode {
            DemoMode::Remote(_) => "Remote",
            DemoMode::Hybrid => "Hybrid",
            DemoMode::OnSite => "OnSite",
        },
        "address": {
            "postalAddress": { "addressRegion": job.region, "addressCountry": job.country, "addressLocality": job.city },
        },
        "jobUrl": page,
        "applyUrl": format!("{page}/application"),
        "descriptionHtml": job.html(),
        "descriptionPlain": job.plain(),
        "compensation": compensation(job.pay.as_ref()),
    })
}

/// With nothing to show, the platform sends the object all the same, empty.
fn compensation(pay: Option<&DemoPay>) -> Value {
    let Some(pay) = pay else {
        return json!({
            "compensationTierSummary": null,
            "scrapeableCompensationSalarySummary": null,
            "compensationTiers": [],
            "summaryComponents": [],
        });
    };
    let interval = match pay.period {
        PayPeriod::Year => "1 YEAR",
        PayPeriod::Month => "1 MONTH",
        PayPeriod::Week => "1 WEEK",
        PayPeriod::Day => "1 DAY",
        PayPeriod::Hour => "1 HOUR",
    };
    let component = json!({
        "compensationType": "Salary",
        "interval": interval,
        "currencyCode": pay.currency,
        "minValue": pay.min,
        "maxValue": pay.max,
    });
    json!({
        "compensationTierSummary": pay.text,
        "scrapeableCompensationSalarySummary": pay.text,
        "compensationTiers": [{ "title": "", "tierSummary": pay.text, "additionalInformation": null, "components": [component.clone()] }],
        "summaryComponents": [component],
    })
}
