//! The file source: postings, a line each (contract part 4).

use crate::demo::job::{DemoJob, DemoMode};
use crate::domain::posting::StructuredPay;
use crate::domain::{Posting, WorkMode};

/// All lines of the file.
pub fn lines(jobs: &[&DemoJob], source: &str) -> String {
    jobs.iter().filter_map(|job| serde_json::to_string(&posting(job, source)).ok()).map(|line| line + "\n").collect()
}

fn posting(job: &DemoJob, source: &str) -> Posting {
    let places: Vec<&str> = std::iter::once(&job.location).chain(&job.more_places).map(String::as_str).collect();
    Posting {
        id: format!("{}-{}", job.token, job.number),
        source: String::from(source),
        title: job.title.clone(),
        company: Some(job.company.clone()),
        location: Some(places.join("; ")),
        description: Some(job.plain()),
        salary_text: job.pay.as_ref().map(|pay| pay.text.clone()),
        employment_type: Some(String::from(job.employment)),
        posted_at: Some(job.published_at.to_rfc3339()),
        url: Some(job.page()),
        updated_at: (job.revision > 0).then(|| job.updated_at.to_rfc3339()),
        work_mode: Some(match job.mode {
            DemoMode::Remote(_) => WorkMode::Remote,
            DemoMode::Hybrid => WorkMode::Hybrid,
            DemoMode::OnSite => WorkMode::Onsite,
        }),
        salary: job.pay.as_ref().map(|pay| StructuredPay {
            min: pay.min.map(f64::from),
            max: pay.max.map(f64::from),
            currency: Some(String::from(pay.currency)),
            period: Some(pay.period),
            estimated: false,
        }),
        department: Some(job.department.clone()),
        country: Some(job.iso.clone()),
        ..Posting::default()
    }
}
