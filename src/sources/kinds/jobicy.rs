//! Jobicy: remote jobs, the newest hundred at most.
//!
//! <https://github.com/Jobicy/remote-jobs-api>. Plain strings hold HTML entities; dates were without zone in older versions.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::entities::decode;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::wording::pay_period;

pub const KIND: Kind = Kind {
    name: "jobicy",
    description: "Jobicy: remote jobs of many employers, the newest hundred",
    keys: &[
        Key { name: "count", description: "how many of the newest, at most 100", example: "100", need: Need::Optional },
        Key { name: "geo", description: "a region, as Jobicy names it", example: "usa", need: Need::Optional },
        Key { name: "industry", description: "a category, as Jobicy names it", example: "dev", need: Need::Optional },
        Key { name: "tag", description: "a word to search for", example: "rust", need: Need::Optional },
    ],
    terms: Terms::credit(
        "link back to Jobicy; not for competing job aggregators; not more than once an hour; listings are some hours late",
        Duration::from_hours(1),
        "Jobicy",
    ),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Jobicy {
    jobs: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let count = options.count("count")?.unwrap_or(100).min(100).to_string();
    let mut query = vec![("count", count.as_str())];
    for key in ["geo", "industry", "tag"] {
        query.extend(options.text(key)?.map(|value| (key, value)));
    }
    let base = options.base("https://jobicy.com")?;
    Ok(Box::new(Jobicy { jobs: endpoint(&base, &["api", "v2", "remote-jobs"], &query) }))
}

impl Adapter for Jobicy {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        Ok(Envelope::open(&json::text(&page.bytes)?, "jobs")?.read(|job: Job| Some(job.posting())))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, rename = "jobTitle", deserialize_with = "loose")]
    title: Option<String>,
    company_name: Option<String>,
    #[serde(default, rename = "jobIndustry")]
    industry: Words,
    #[serde(default, rename = "jobType")]
    contract: Words,
    #[serde(rename = "jobGeo")]
    geo: Option<String>,
    #[serde(rename = "jobLevel")]
    level: Option<String>,
    #[serde(rename = "jobDescription")]
    description: Option<String>,
    pub_date: Option<String>,
    url: Option<String>,
    #[serde(default, alias = "annualSalaryMin", deserialize_with = "amount")]
    salary_min: Option<f64>,
    #[serde(default, alias = "annualSalaryMax", deserialize_with = "amount")]
    salary_max: Option<f64>,
    salary_currency: Option<String>,
    salary_period: Option<String>,
}

/// One word or several: the field changed between versions.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Many(Vec<String>),
    One(String),
    None(()),
}

impl Default for Words {
    fn default() -> Self {
        Self::None(())
    }
}

impl Words {
    fn decoded(self) -> Vec<String> {
        match self {
            Self::Many(words) => words.iter().map(|word| decode(word)).collect(),
            Self::One(word) => vec![decode(&word)],
            Self::None(()) => Vec::new(),
        }
    }
}

impl Job {
    fn posting(self) -> Posting {
        let plain = |text: Option<String>| filled(text.map(|text| decode(&text)));
        let industries = self.industry.decoded();
        let period = self.salary_period.as_deref().and_then(pay_period);
        Posting {
            id: self.id.unwrap_or_default(),
            title: plain(self.title).unwrap_or_default(),
            company: plain(self.company_name),
            location: plain(self.geo),
            description: self.description,
            employment_type: join(self.contract.decoded()),
            posted_at: self.pub_date.as_deref().and_then(dates::from_text),
            url: self.url,
            work_mode: Some(WorkMode::Remote),
            salary: pay::range(self.salary_min, self.salary_max, filled(self.salary_currency), period),
            department: join(&industries),
            level: plain(self.level),
            ..Posting::default()
        }
    }
}
