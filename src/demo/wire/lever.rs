//! Lever postings API: `GET /v0/postings/{site}?mode=json&skip=&limit=`, a bare array.
//!
//! What is asked and done stands in `lists` as a run of `<li>` without a list tag; the rest in opening, body and additional.

use serde_json::{Value, json};

use crate::demo::job::{DemoJob, DemoMode, DemoPay, Section, escape};
use crate::domain::PayPeriod;

/// The postings of one site.
pub fn list(jobs: &[&DemoJob]) -> Value {
    jobs.iter().map(|job| entry(job)).collect()
}

fn entry(job: &DemoJob) -> Value {
    let id = job.uuid();
    let lists: Vec<&Section> = job.sections.iter().filter(|section| section.is_list()).collect();
    let mut prose = job.sections.iter().filter(|section| !section.is_list());
    let opening = prose.next();
    let rest: Vec<&Section> = prose.collect();
    let (body, additional) = rest.split_at(rest.len().min(1));
    let opening: Vec<&Section> = opening.into_iter().collect();
    let description: Vec<&Section> = opening.iter().chain(body).copied().collect();
    let places: Vec<&String> = std::iter::once(&job.location).chain(&job.more_places).collect();
    let mut entry = json!({
        "additionalPlain": plain(additional),
        "additional": html(additional),
        "categories": {
            "commitment": job.employment,
            "department": job.department,
            "location": job.location,
            "team": job.department,
            "allLocations": places,
        },
        "createdAt": job.published_at.timestamp_millis(),
        "descriptionPlain": plain(&description),
        "description": html(&description),
        "id": id,
        "lists": lists.iter().map(|section| json!({ "text": section.heading, "content": section.points_html() })).collect::<Value>(),
        "text": job.title,
        "country": job.iso,
        "workplaceType": match job.mode {
            DemoMode::Remote(_) => "remote",
            DemoMode::Hybrid => "hybrid",
            DemoMode::OnSite => "onsite",
        },
        "opening": html(&opening),
        "openingPlain": plain(&opening),
        "descriptionBody": html(body),
        "descriptionBodyPlain": plain(body),
        "hostedUrl": format!("https://jobs.{}/{}/{id}", job.domain, job.token),
        "applyUrl": format!("https://jobs.{}/{}/{id}/apply", job.domain, job.token),
    });
    if let Some(pay) = &job.pay {
        entry["salaryDescription"] = json!(format!("<div>{}</div>", escape(&pay.text)));
        entry["salaryDescriptionPlain"] = json!(pay.text);
        if let Some(range) = range(pay) {
            entry["salaryRange"] = range;
        }
    }
    entry
}

/// The structured range: the platform asks for both ends.
fn range(pay: &DemoPay) -> Option<Value> {
    let interval = match pay.period {
        PayPeriod::Year => "per-year-salary",
        PayPeriod::Month => "per-month-salary",
        PayPeriod::Week => "per-week-salary",
        PayPeriod::Day => "per-day-wage",
        PayPeriod::Hour => "per-hour-wage",
    };
    Some(json!({ "currency": pay.currency, "interval": interval, "min": pay.min?, "max": pay.max? }))
}

fn html(sections: &[&Section]) -> String {
    sections.iter().map(|section| section.html()).collect()
}

fn plain(sections: &[&Section]) -> String {
    sections.iter().map(|section| section.plain()).collect::<Vec<_>>().join("\n\n")
}
