//! Pinpoint career sites: one call lists all postings with their texts in parts. There is no date of publication.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, tenant};
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::fields::{flag, list, name, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::pay::{amount, range};
use crate::sources::shape::site;
use crate::sources::shape::text::{join, place, sections};
use crate::sources::shape::wording::{pay_period, work_mode};

pub const KIND: Kind = Kind {
    name: "pinpoint",
    description: "Pinpoint: the career site of one employer (NAME.pinpointhq.com or a host of its own)",
    keys: &[site::name("the site's name, the NAME in NAME.pinpointhq.com"), site::URL],
    terms: Terms::open("public call of career sites, no stated limit", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    board(tenant(url, "pinpointhq.com").as_ref())
}

#[derive(Debug)]
struct Pinpoint {
    site: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Pinpoint { site: site::own(options, "pinpointhq.com")? }))
}

impl Adapter for Pinpoint {
    fn first(&self) -> First {
        First::Ask(Request::json(endpoint(&self.site, &["postings.json"], &[])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let mut reading = Envelope::open(&text, "data")?.read(|job: Value| Some(self.posting(&job)));
        reading.completeness = Completeness::Whole;
        Ok(reading)
    }
}

impl Pinpoint {
    fn posting(&self, job: &Value) -> Posting {
        let link = text(&job["url"]).or_else(|| text(&job["path"]));
        let url = link.and_then(|link| self.site.join(&link).ok()).map(String::from);
        let host = url.as_deref().and_then(|url| Url::parse(url).ok());
        let part = |key: &str| (text(&job[format!("{key}_header")]), text(&job[key]));
        let shown = flag(&job["compensation_visible"]) != Some(false);
        let (min, max) = (amount(&job["compensation_minimum"]), amount(&job["compensation_maximum"]));
        let period = text(&job["compensation_frequency"]).and_then(|word| pay_period(&word));
        let departments = [&job["job"]["department"], &job["department"], &job["job"]["division"], &job["division"]];
        Posting {
            id: text(&job["id"]).unwrap_or_default(),
            title: text(&job["title"]).unwrap_or_default(),
            company: host.and_then(|host| tenant(&host, "pinpointhq.com")),
            location: join(
                list(&job["location"]).iter().filter_map(|at| name(at).or_else(|| place([text(&at["city"]), text(&at["province"])]))),
            ),
            description: sections(["description", "key_responsibilities", "skills_knowledge_expertise", "benefits"].map(part)),
            salary_text: text(&job["compensation"]).filter(|_| shown),
            employment_type: text(&job["employment_type_text"]).or_else(|| text(&job["employment_type"])),
            valid_through: text(&job["deadline_at"]).and_then(|date| dates::from_text(&date)),
            url,
            work_mode: ["workplace_type", "workplace_type_text"].iter().find_map(|key| work_mode(&text(&job[*key])?)),
            salary: range(min, max, text(&job["compensation_currency"]), period).filter(|_| shown),
            department: join(departments.into_iter().filter_map(name)),
            ..Posting::default()
        }
    }
}
