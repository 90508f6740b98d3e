//! Working Nomads: remote jobs of many employers, the newest in one bare array.
//!
//! The feed <https://www.workingnomads.com/api/exposed_jobs/> takes no parameters that are documented, so a category is picked here.
//! Jobs have no id of their own but a number in their link.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::plain;
use crate::sources::shape::text::filled;

pub const KIND: Kind = Kind {
    name: "workingnomads",
    description: "Working Nomads: remote jobs of many employers, the newest",
    keys: &[Key {
        name: "category",
        description: "keep one category only, as Working Nomads names it; all unless set",
        example: "Development",
        need: Need::Optional,
    }],
    terms: Terms::credit("link back to Working Nomads and name it; hourly is enough", Duration::from_hours(1), "Working Nomads"),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct WorkingNomads {
    jobs: Url,
    category: Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let jobs = endpoint(&options.base("https://www.workingnomads.com")?, &["api", "exposed_jobs", ""], &[]);
    Ok(Box::new(WorkingNomads { jobs, category: options.text("category")?.map(str::to_lowercase) }))
}

impl Adapter for WorkingNomads {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let wanted = |job: &Job| match (&self.category, &job.category_name) {
            (Some(wanted), Some(category)) => category.trim().to_lowercase() == *wanted,
            (wanted, _) => wanted.is_none(),
        };
        Ok(Envelope::array(&text)?.read(|job: Job| wanted(&job).then(|| job.posting())))
    }
}

#[derive(Deserialize)]
struct Job {
    url: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    description: Option<String>,
    company_name: Option<String>,
    category_name: Option<String>,
    /// Words parted by commas, or a list.
    #[serde(default)]
    tags: Value,
    location: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    pub_date: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let url = filled(self.url);
        let tags = match &self.tags {
            Value::String(words) => words.split(',').collect(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let tags = tags.into_iter().map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        Posting {
            id: url.as_deref().map(|url| number_in(url).unwrap_or_else(|| url.to_owned())).unwrap_or_default(),
            title: plain::field(self.title).unwrap_or_default(),
            company: plain::field(self.company_name),
            location: filled(self.location),
            description: filled(self.description),
            posted_at: self.pub_date.as_deref().and_then(dates::from_text),
            url,
            work_mode: Some(WorkMode::Remote),
            department: filled(self.category_name),
            tags,
            ..Posting::default()
        }
    }
}

/// The number in a link such as `https://www.workingnomads.com/job/go/1234/`.
fn number_in(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let number = url.path_segments()?.rfind(|part| !part.is_empty())?.to_owned();
    number.bytes().all(|letter| letter.is_ascii_digit()).then_some(number)
}
