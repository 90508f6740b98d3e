//! Arbeitnow: `GET /api/job-board-api?page=`, one paged list; no pay fields, dates in epoch seconds.

use serde_json::{Value, json};

use crate::demo::job::DemoJob;

/// Jobs on one page; the platform has 100, a small page makes the reader turn pages.
pub const PAGE: usize = 20;

/// One page, counted from 1; `root` is the address of the board.
pub fn page(jobs: &[&DemoJob], number: usize, root: &str) -> Value {
    let pages = jobs.len().div_ceil(PAGE).max(1);
    let start = number.saturating_sub(1).saturating_mul(PAGE);
    let newest_first: Vec<&&DemoJob> = jobs.iter().rev().skip(start).take(PAGE).collect();
    let link = |page: usize| format!("{root}/api/job-board-api?page={page}");
    json!({
        "data": newest_first.iter().map(|job| entry(job)).collect::<Value>(),
        "links": {
            "first": link(1),
            "last": null,
            "prev": (number > 1).then(|| link(number - 1)),
            "next": (number < pages).then(|| link(number + 1)),
        },
        "meta": {
            "current_page": number,
            "from": start + 1,
            "path": format!("{root}/api/job-board-api"),
            "per_page": PAGE,
            "to": start + newest_first.len(),
            "terms": "These jobs are made up for a demonstration.",
        },
    })
}

fn entry(job: &DemoJob) -> Value {
    json!({
        "slug": job.slug(),
        "company_name": job.company,
        "title": job.title,
        "description": job.html(),
        "remote": job.is_remote(),
        "url": job.page(),
        "tags": if job.is_remote() { json!(["Remote", job.department]) } else { json!([job.department]) },
        "job_types": [job.employment],
        "location": job.location,
        "created_at": job.published_at.timestamp(),
    })
}
