//! Oracle Recruiting career sites (Candidate Experience): a list in pages, and a call for each text.
//!
//! <https://docs.oracle.com/en/cloud/saas/human-resources/farws/>. Paging stands inside `finder`, and a site
//! may count one job more than it serves.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, segments};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, closed, one};
use crate::sources::shape::fields::{at, list, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::join;

/// Postings asked for in one page.
const PAGE: usize = 100;

/// The parts of a text in the order in which people see them.
const PARTS: [&str; 5] = [
    "/ExternalDescriptionStr",
    "/ExternalResponsibilitiesStr",
    "/ExternalQualificationsStr",
    "/CorporateDescriptionStr",
    "/OrganizationDescriptionStr",
];

pub const KIND: Kind = Kind {
    name: "oracle",
    description: "Oracle Recruiting: a career site of one employer (…oraclecloud.com/hcmUI/CandidateExperience)",
    keys: &[
        Key { name: "host", description: "the site's host", example: "acme.fa.us2.oraclecloud.com", need: Need::Required },
        Key { name: "site", description: "the site's number, behind /sites/ in its address", example: "CX_1", need: Need::Required },
        Key { name: "search", description: "only what this finds, for employers of thousands", example: "backend", need: Need::Optional },
    ],
    terms: Terms::open("what the career site itself asks; a call for each new posting", Duration::from_mins(15)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let host = url.host_str().filter(|_| path.iter().any(|part| part == "CandidateExperience"))?;
    let at = path.iter().position(|part| part == "sites")?;
    Some(vec![("host", host.to_owned()), ("site", path.get(at + 1)?.clone())])
}

#[derive(Debug)]
struct Oracle {
    api: Url,
    pages: String,
    site: String,
    search: Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let (host, site) = (options.required("host")?, options.required("site")?);
    let home = format!("https://{host}");
    if host.contains('/') || Url::parse(&home).is_err() {
        return Err(options.bad("host", "a host without https://, such as acme.fa.us2.oraclecloud.com"));
    }
    let api = endpoint(&options.base(&home)?, &["hcmRestApi", "resources", "latest"], &[]);
    Ok(Box::new(Oracle {
        api,
        pages: format!("{home}/hcmUI/CandidateExperience/en/sites/{site}/job"),
        site: site.to_owned(),
        search: options.text("search")?.map(str::to_owned),
    }))
}

/// The list stands in the only item of the answer; so does a single job.
#[derive(serde::Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    items: Vec<&'a serde_json::value::RawValue>,
}

impl Adapter for Oracle {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let whole = json::text(&page.bytes)?;
        let answer = json::parse::<Answer<'_>>(&whole, "$").ok();
        let text = match answer.as_ref().map(|answer| answer.items.as_slice()) {
            Some([]) if page.request.about.is_some() => return Ok(closed(page, &Posting::default())),
            Some([first, ..]) => first.get(),
            _ => whole.as_ref(),
        };
        if page.request.about.is_some() || !text.contains("\"requisitionList\"") && text.contains("\"Title\"") {
            return Ok(one(page, self.posting(&json::parse(text, "$")?)));
        }
        let envelope = Envelope::open(text, "requisitionList")?;
        let listed = envelope.read(|job: Value| Some(self.posting(&job)));
        let mut reading = ask_each(listed, |row| Some(self.detail(&row.id)));
        let end = offset(page) + reading.items;
        let total = envelope.beside::<usize>("TotalJobsCount");
        if reading.items > 0 && total.map_or(reading.items >= PAGE, |total| end < total) {
            reading.next.push(self.page(end));
        }
        reading.completeness = match total {
            _ if self.search.is_some() => Completeness::Newest,
            Some(total) if end + 1 == total => Completeness::Counted(end),
            Some(total) => Completeness::Counted(total),
            None => Completeness::Whole,
        };
        Ok(reading)
    }
}

/// Where a page begins; it stands in the finder that asked for it.
fn offset(page: &Page) -> usize {
    let finder = page.request.url.query_pairs().find(|(key, _)| key == "finder").map(|(_, finder)| finder.into_owned());
    let part = finder.as_deref().and_then(|finder| finder.split([';', ',']).find_map(|part| part.strip_prefix("offset=")));
    part.and_then(|offset| offset.parse().ok()).unwrap_or(0)
}

impl Oracle {
    fn page(&self, offset: usize) -> Request {
        let search = self.search.as_deref().map(|words| format!(",keyword=\"{}\"", words.replace('"', " "))).unwrap_or_default();
        let finder = format!("findReqs;siteNumber={},limit={PAGE},offset={offset}{search},sortBy=POSTING_DATES_DESC", self.site);
        let query = [("onlyData", "true"), ("expand", "requisitionList.secondaryLocations"), ("finder", finder.as_str())];
        Request::json(endpoint(&self.api, &["recruitingCEJobRequisitions"], &query))
    }

    fn detail(&self, id: &str) -> Request {
        let finder = format!("ById;Id=\"{id}\",siteNumber={}", self.site);
        let query = [("onlyData", "true"), ("expand", "all"), ("finder", finder.as_str())];
        Request::json(endpoint(&self.api, &["recruitingCEJobRequisitionDetails"], &query))
    }

    fn posting(&self, job: &Value) -> Posting {
        let id = at(job, &["/Id", "/RequisitionId", "/RequisitionNumber"]).unwrap_or_default();
        let others = list(&job["secondaryLocations"]).iter().filter_map(|place| text(place).or_else(|| at(place, &["/Name"])));
        let date = |keys: &[&str]| at(job, keys).and_then(|date| dates::from_text(&date));
        let parts: Vec<String> = PARTS.iter().filter_map(|part| at(job, &[part])).collect();
        let short = at(job, &["/ShortDescriptionStr"]);
        Posting {
            title: at(job, &["/Title"]).unwrap_or_default(),
            location: join(at(job, &["/PrimaryLocation"]).into_iter().chain(others)),
            description: if parts.is_empty() { short } else { Some(parts.join("\n")) },
            employment_type: join(["/JobSchedule", "/ContractType", "/WorkerType"].iter().filter_map(|key| at(job, &[key]))),
            posted_at: date(&["/PostedDate", "/ExternalPostedStartDate"]),
            valid_through: date(&["/PostingEndDate", "/ExternalPostedEndDate"]),
            url: (!id.is_empty()).then(|| format!("{}/{id}", self.pages)),
            work_mode: at(job, &["/WorkplaceType", "/WorkplaceTypeCode"]).and_then(|word| work_mode(&word)),
            department: at(job, &["/Department", "/Organization", "/JobFamily", "/JobFunction", "/Category"]),
            level: at(job, &["/JobLevel", "/ManagerLevel"]),
            education: at(job, &["/StudyLevel"]),
            country: at(job, &["/PrimaryLocationCountry"]),
            language: at(job, &["/Language"]),
            id,
            ..Posting::default()
        }
    }
}

fn work_mode(word: &str) -> Option<WorkMode> {
    let word = word.to_lowercase().replace(['_', '-', ' '], "");
    match () {
        () if word.contains("hybrid") => Some(WorkMode::Hybrid),
        () if word.contains("remote") => Some(WorkMode::Remote),
        () if word.contains("onsite") || word.contains("onpremise") => Some(WorkMode::Onsite),
        () => None,
    }
}
