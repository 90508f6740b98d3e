//! Workday career sites: POST for the list, twenty at a time, and a call for each text.
//!
//! No documentation is public; this is what the sites' own pages ask. Only the first page tells the total for certain, the words
//! about the day ("Posted 8 Days Ago") are no date, and a total with an empty page means that we were refused.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, segments, tenant, usable};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, closed, has, one};
use crate::sources::shape::fields::{at, flag, list, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::join;

/// Postings asked for in one page; more are refused.
const PAGE: usize = 20;

/// Where some sites stop counting: what a list of so many leaves out is not closed.
const COUNTED_TO: usize = 2_000;

pub const KIND: Kind = Kind {
    name: "workday",
    description: "Workday: one career site of an employer (TENANT.wdN.myworkdayjobs.com/SITE)",
    keys: &[
        Key { name: "board", description: "the tenant and the site, as tenant/site", example: "acme/External", need: Need::Required },
        Key { name: "instance", description: "the data centre in the address, such as wd5", example: "wd5", need: Need::Required },
        Key { name: "search", description: "only what this finds, for employers of thousands", example: "backend", need: Need::Optional },
    ],
    terms: Terms::open("what the career site itself asks; many tenants share a host, so slowly", Duration::from_mins(15)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let (rest, instance) = url.host_str()?.strip_suffix(".myworkdayjobs.com")?.split_once('.')?;
    let name = tenant(url, &format!("{instance}.myworkdayjobs.com")).filter(|_| instance.starts_with("wd") && usable(rest))?;
    let path = segments(url);
    let is_language = |part: &String| part.len() == 5 && part.as_bytes()[2] == b'-';
    let site = match path.first()? {
        first if first == "wday" => path.get(3)?,
        first if is_language(first) => path.get(1)?,
        first => first,
    };
    (!site.contains('.')).then(|| vec![("board", format!("{name}/{site}")), ("instance", instance.to_owned())])
}

#[derive(Debug)]
struct Workday {
    /// Where the interface of the site begins.
    api: Url,
    /// Where its pages for people begin.
    pages: String,
    search: Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let (board, instance) = (options.required("board")?, options.required("instance")?);
    let parts = board.split_once('/').filter(|(tenant, site)| !tenant.is_empty() && !site.is_empty() && !site.contains('/'));
    let (tenant, site) = parts.ok_or_else(|| options.bad("board", "the tenant and the site, such as \"acme/External\""))?;
    let home = format!("https://{tenant}.{instance}.myworkdayjobs.com");
    let api = endpoint(&options.base(&home)?, &["wday", "cxs", tenant, site], &[]);
    Ok(Box::new(Workday { api, pages: format!("{home}/{site}"), search: options.text("search")?.map(str::to_owned) }))
}

impl Adapter for Workday {
    fn first(&self) -> First {
        First::Ask(self.page(0, None))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if page.request.about.is_some() || has(&text, "jobPostingInfo") {
            let job: Value = json::parse(&text, "$")?;
            let posting = self.posting(&job);
            let gone = flag(&job["jobPostingInfo"]["posted"]) == Some(false);
            return Ok(if gone { closed(page, &posting) } else { one(page, posting) });
        }
        let envelope = Envelope::open(&text, "jobPostings")?;
        let mut reading = ask_each(envelope.read(|row: Value| Some(self.row(&row))), |row| self.detail(row));
        let said = page.request.url.fragment().and_then(|total| total.parse().ok());
        let total = said.or_else(|| envelope.beside::<usize>("total"));
        let end = page.number_in_body("offset").unwrap_or_default() + reading.items;
        if reading.items > 0 && total.is_none_or(|total| end < total) {
            reading.next.push(self.page(end, total));
        }
        reading.completeness = match total {
            Some(total) if self.search.is_none() && total < COUNTED_TO => Completeness::Counted(total),
            _ => Completeness::Newest,
        };
        Ok(reading)
    }
}

impl Workday {
    /// A page of the list. The total of the first page travels in the fragment, which no server sees.
    fn page(&self, offset: usize, total: Option<usize>) -> Request {
        let mut url = endpoint(&self.api, &["jobs"], &[]);
        url.set_fragment(total.map(|total| total.to_string()).as_deref());
        let search = self.search.as_deref().unwrap_or_default();
        Request::json(url).post(json!({"appliedFacets": {}, "limit": PAGE, "offset": offset, "searchText": search}).to_string())
    }

    fn detail(&self, row: &Posting) -> Option<Request> {
        let path = row.url.as_deref()?.strip_prefix(&self.pages)?;
        Url::parse(&format!("{}{path}", self.api)).ok().map(Request::json)
    }

    fn row(&self, row: &Value) -> Posting {
        let path = at(row, &["/externalPath"]).map(|path| format!("/{}", path.trim_start_matches('/')));
        let id = path.as_deref().and_then(requisition).or_else(|| list(&row["bulletFields"]).first().and_then(text));
        Posting {
            id: id.or_else(|| path.clone()).unwrap_or_default(),
            title: at(row, &["/title"]).unwrap_or_default(),
            location: at(row, &["/locationsText"]).filter(|text| !is_a_count(text)),
            employment_type: at(row, &["/timeType"]),
            url: path.map(|path| format!("{}{path}", self.pages)),
            work_mode: at(row, &["/remoteType"]).and_then(|word| work_mode(&word)),
            ..Posting::default()
        }
    }

    fn posting(&self, job: &Value) -> Posting {
        let info = &job["jobPostingInfo"];
        let path = at(info, &["/jobPostingId"]);
        let id = path.as_deref().and_then(requisition).or_else(|| at(info, &["/jobReqId", "/id"]));
        let places = list(&info["additionalLocations"]).iter().filter_map(|place| text(place).or_else(|| at(place, &["/descriptor"])));
        let date = |key: &str| at(info, &[key]).and_then(|date| dates::from_text(&date));
        Posting {
            id: id.unwrap_or_default(),
            title: at(info, &["/title"]).unwrap_or_default(),
            company: at(job, &["/hiringOrganization/name"]),
            location: join(at(info, &["/location", "/location/descriptor"]).into_iter().chain(places)),
            description: at(info, &["/jobDescription"]),
            employment_type: at(info, &["/timeType"]),
            posted_at: date("/startDate"),
            valid_through: date("/endDate"),
            url: at(info, &["/externalUrl"]).or_else(|| path.map(|path| format!("{}/job/{path}", self.pages))),
            work_mode: at(info, &["/remoteType"]).and_then(|word| work_mode(&word)),
            country: at(info, &["/jobRequisitionLocation/country/alpha2Code", "/country/alpha2Code", "/country/descriptor"]),
            ..Posting::default()
        }
    }
}

/// `RQ221571-1` in `/job/Wiesbaden/Data-Engineer_RQ221571-1`: one requisition may be posted more than once.
fn requisition(path: &str) -> Option<String> {
    let (_, id) = path.rsplit_once('_')?;
    (!id.contains('/') && id.contains(|letter: char| letter.is_ascii_digit())).then(|| id.to_owned())
}

/// "3 Locations" is no place.
fn is_a_count(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let counts = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    counts && words.next().is_some() && words.next().is_none()
}

fn work_mode(word: &str) -> Option<WorkMode> {
    let word = word.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if has(&["hybrid", "flex"]) => Some(WorkMode::Hybrid),
        () if has(&["not remote", "on-site", "onsite", "on site", "in office", "in-office", "office based"]) => Some(WorkMode::Onsite),
        () if has(&["remote", "virtual", "home"]) => Some(WorkMode::Remote),
        () => None,
    }
}
