//! Ashby job boards: one call lists a whole board with texts and, when asked, structured pay.
//!
//! <https://developers.ashbyhq.com/docs/public-job-posting-api>. `isRemote` is true for hybrid jobs too, so `workplaceType` wins.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::posting::StructuredPay;
use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::text::{board_in, filled, join, place, plain_as_html};
use crate::sources::shape::wording::{self, pay_period};

pub const KIND: Kind = Kind {
    name: "ashby",
    description: "Ashby: the job board of one employer (jobs.ashbyhq.com)",
    keys: &[Key {
        name: "board",
        description: "the board's name, the last part of jobs.ashbyhq.com/NAME, with its capitals",
        example: "acme",
        need: Need::Required,
    }],
    terms: Terms::open("public API for job sites, no stated limit; keep to one or two requests a second", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    match url.host_str()? {
        "jobs.ashbyhq.com" => board(path.first()),
        "api.ashbyhq.com" => board(path.get(2)),
        _ => None,
    }
}

#[derive(Debug)]
struct Ashby {
    jobs: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://api.ashbyhq.com")?;
    let path = ["posting-api", "job-board", options.required("board")?];
    Ok(Box::new(Ashby { jobs: endpoint(&base, &path, &[("includeCompensation", "true")]) }))
}

impl Adapter for Ashby {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let mut reading = Envelope::open(&text, "jobs")?.read(|job: Job| (job.is_listed != Some(false)).then(|| job.posting()));
        reading.completeness = Completeness::Whole;
        Ok(reading)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    department: Option<String>,
    team: Option<String>,
    employment_type: Option<String>,
    location: Option<String>,
    #[serde(default)]
    secondary_locations: Vec<Secondary>,
    published_at: Option<String>,
    is_listed: Option<bool>,
    is_remote: Option<bool>,
    workplace_type: Option<String>,
    address: Option<Address>,
    #[serde(rename = "jobUrl")]
    page: Option<String>,
    apply_url: Option<String>,
    description_html: Option<String>,
    description_plain: Option<String>,
    should_display_compensation_on_job_postings: Option<bool>,
    compensation: Option<Compensation>,
}

#[derive(Deserialize)]
struct Secondary {
    location: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    postal_address: Option<PostalAddress>,
}

#[derive(Deserialize)]
struct PostalAddress {
    #[serde(rename = "addressLocality")]
    locality: Option<String>,
    #[serde(rename = "addressRegion")]
    region: Option<String>,
    #[serde(rename = "addressCountry")]
    country: Option<String>,
}

#[derive(Deserialize)]
struct Compensation {
    #[serde(rename = "compensationTierSummary")]
    summary: Option<String>,
    #[serde(rename = "scrapeableCompensationSalarySummary")]
    salary_summary: Option<String>,
    #[serde(default, rename = "compensationTiers")]
    tiers: Vec<Tier>,
    #[serde(default, rename = "summaryComponents")]
    over_all: Vec<Component>,
}

#[derive(Deserialize)]
struct Tier {
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    #[serde(rename = "compensationType")]
    what: Option<String>,
    interval: Option<String>,
    currency_code: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    min_value: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    max_value: Option<f64>,
}

impl Job {
    fn posting(self) -> Posting {
        let remote = self.is_remote.filter(|remote| *remote).map(|_| WorkMode::Remote);
        let in_link = || [&self.page, &self.apply_url].into_iter().find_map(|link| id_in(link.as_deref()?));
        let id = self.id.or_else(in_link).unwrap_or_default();
        let address = self.address.and_then(|address| address.postal_address);
        let country = address.as_ref().and_then(|address| filled(address.country.clone()));
        let written = address.and_then(|address| place([address.locality, address.region, address.country]));
        let others = self.secondary_locations.into_iter().filter_map(|at| at.location);
        let shown = self.compensation.filter(|_| self.should_display_compensation_on_job_postings != Some(false));
        Posting {
            company: board_in(self.page.as_deref()),
            id,
            title: self.title.unwrap_or_default(),
            location: join(filled(self.location).or(written).into_iter().chain(others)),
            description: filled(self.description_html).or_else(|| self.description_plain.map(|plain| plain_as_html(&plain))),
            salary: shown.as_ref().and_then(Compensation::salary),
            salary_text: shown.and_then(Compensation::written),
            employment_type: filled(self.employment_type),
            posted_at: self.published_at,
            url: filled(self.page),
            apply_url: self.apply_url,
            work_mode: self.workplace_type.as_deref().and_then(wording::work_mode).or(remote),
            department: join([self.department, self.team].into_iter().flatten()),
            country,
            ..Posting::default()
        }
    }
}

impl Compensation {
    fn written(self) -> Option<String> {
        filled(self.salary_summary).or_else(|| filled(self.summary))
    }

    /// The span of the salaries of all tiers (by place or level) that share currency and period with the first.
    fn salary(&self) -> Option<StructuredPay> {
        let in_tiers = self.tiers.iter().flat_map(|tier| &tier.components);
        let mut salaries: Vec<&Component> = in_tiers.filter(|component| component.is_salary()).collect();
        if salaries.is_empty() {
            salaries = self.over_all.iter().filter(|component| component.is_salary()).collect();
        }
        let first = salaries.first()?;
        let alike = || salaries.iter().filter(|pay| (&pay.currency_code, &pay.interval) == (&first.currency_code, &first.interval));
        Some(StructuredPay {
            min: alike().filter_map(|pay| pay.min_value).reduce(f64::min),
            max: alike().filter_map(|pay| pay.max_value).reduce(f64::max),
            currency: filled(first.currency_code.clone()),
            period: first.interval.as_deref().and_then(pay_period),
            estimated: false,
        })
    }
}

impl Component {
    fn is_salary(&self) -> bool {
        self.what.as_deref() == Some("Salary") && (self.min_value.is_some() || self.max_value.is_some())
    }
}

/// `03e2d4e1-…` in `https://jobs.ashbyhq.com/acme/03e2d4e1-…/application`, for lists that name no id.
fn id_in(link: &str) -> Option<String> {
    Url::parse(link).ok()?.path_segments()?.nth(1).filter(|id| !id.is_empty()).map(str::to_owned)
}
