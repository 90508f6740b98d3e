//! Jobicy: `GET /api/v2/remote-jobs`, one list of remote jobs; plain strings hold entities (`&amp;`), as they do there.

use serde_json::{Value, json};

use crate::demo::catalogue::Level;
use crate::demo::job::{DemoJob, DemoMode, escape};
use crate::domain::PayPeriod;

/// The newest jobs first, as the platform lists them.
pub fn list(jobs: &[&DemoJob]) -> Value {
    let listed: Vec<Value> = jobs.iter().rev().map(|job| entry(job)).collect();
    json!({
        "apiVersion": "2.1.0",
        "documentationUrl": "https://jobicy.example/jobs-rss-feed",
        "friendlyNotice": "These jobs are made up for a demonstration.",
        "jobCount": listed.len(),
        "jobs": listed,
    })
}

fn entry(job: &DemoJob) -> Value {
    let id = 150_000 + job.number;
    let mut entry = json!({
        "id": id,
        "url": job.page(),
        "jobSlug": format!("{id}-{}", job.slug()),
        "jobTitle": escape(&job.title),
        "companyName": escape(&job.company),
        "jobIndustry": [escape(&job.department)],
        "jobType": [job.employment],
        "jobGeo": geo(&job.mode),
        "jobLevel": level(job.level),
        "jobExcerpt": job.plain().chars().take(180).collect::<String>(),
        "jobDescription": job.html(),
        "pubDate": job.published_at.to_rfc3339(),
    });
    if let Some(pay) = &job.pay {
        entry["salaryMin"] = json!(pay.min.or(pay.max));
        entry["salaryMax"] = json!(pay.max.or(pay.min));
        entry["salaryCurrency"] = json!(pay.currency);
        entry["salaryPeriod"] = json!(match pay.period {
            PayPeriod::Year => "yearly",
            PayPeriod::Month => "monthly",
            PayPeriod::Week => "weekly",
            PayPeriod::Day => "daily",
            PayPeriod::Hour => "hourly",
        });
    }
    entry
}

fn geo(mode: &DemoMode) -> String {
    match mode {
        DemoMode::Remote(limit) => limit.trim_end_matches(" only").replace("US", "USA").replace("Worldwide", "Anywhere"),
        DemoMode::Hybrid | DemoMode::OnSite => String::from("Anywhere"),
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Intern => "Internship",
        Level::Junior => "Junior",
        Level::Mid => "Midweight",
        Level::Senior | Level::Lead => "Senior",
    }
}
