//! Greenhouse job board API: `GET /v1/boards/{token}/jobs?content=true`.
//!
//! The text is HTML escaped once more as entities; there is no pay field, so pay stands in the text. `updated_at` moves with every
//! change, as it does there.

use serde_json::{Value, json};

use crate::demo::job::{DemoJob, escape};

/// The list of one board, with or without the texts.
pub fn list(jobs: &[&DemoJob], content: Content) -> Value {
    let listed: Vec<Value> = jobs.iter().map(|job| entry(job, content)).collect();
    json!({ "meta": { "total": listed.len() }, "jobs": listed })
}

/// Whether the caller asked for the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// `content=true`.
    Full,
    /// Without it: titles and places only.
    Titles,
}

fn entry(job: &DemoJob, content: Content) -> Value {
    let id = job.long_id();
    let mut entry = json!({
        "absolute_url": format!("https://{}/jobs/{id}?gh_jid={id}", job.domain),
        "data_compliance": [{
            "type": "gdpr",
            "requires_consent": false,
            "requires_processing_consent": false,
            "requires_retention_consent": false,
            "retention_period": null,
            "demographic_data_consent_applies": false
        }],
        "internal_job_id": id - 1_200_000_000,
        "location": { "name": place(job) },
        "metadata": [{ "id": 4_595_831, "name": "Employment Type", "value": job.employment, "value_type": "single_select" }],
        "id": id,
        "updated_at": job.updated_at.to_rfc3339(),
        "requisition_id": format!("R-{}", 1_000 + job.number),
        "title": job.title,
        "company_name": job.company,
        "first_published": job.published_at.to_rfc3339(),
        "language": "en",
        "application_deadline": null,
    });
    if content == Content::Full {
        entry["content"] = Value::String(escape(&job.html()));
        entry["departments"] = json!([{ "id": 64_017, "name": job.department, "child_ids": [], "parent_id": null }]);
        let whole = format!("{}, {}", job.city, job.country);
        entry["offices"] = json!([{ "id": 78_881, "name": job.city, "location": whole, "child_ids": [], "parent_id": null }]);
    }
    entry
}

/// Several places stand in one string here, parted by a semicolon.
fn place(job: &DemoJob) -> String {
    std::iter::once(&job.location).chain(&job.more_places).cloned().collect::<Vec<_>>().join("; ")
}
