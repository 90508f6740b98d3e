//! Teamtailor career sites: a feed in RSS with fields of its own, in pages, with the texts.
//!
//! Of the site's two feeds this one alone says hybrid or on site, and the department. It gives a hundred jobs where nothing else is
//! asked for. The other one, JSON Feed with a schema.org JobPosting, is read as well.

use std::time::Duration;

use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, tenant};
use crate::sources::kinds::json_feed;
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::shape::text::{join, place};
use crate::sources::shape::wording::work_mode;
use crate::sources::shape::xml_entry::Entry;
use crate::sources::shape::xml_walk::each;
use crate::sources::shape::{dates, site, xml};

/// Jobs asked for in one page: as many as a site gives unasked, so that a full page is a full page everywhere.
const PAGE: usize = 100;

pub const KIND: Kind = Kind {
    name: "teamtailor",
    description: "Teamtailor: the career site of one employer (NAME.teamtailor.com or a host of its own)",
    keys: &[site::name("the site's name, the NAME in NAME.teamtailor.com"), site::URL],
    terms: Terms::open("public feed of career sites, no stated limit", Duration::from_mins(5)),
    knows,
    build,
};

/// Sites kept in North America have `.na` after the name.
fn knows(url: &Url) -> Option<Board> {
    let american = || tenant(url, "na.teamtailor.com").map(|name| name + ".na");
    match tenant(url, "teamtailor.com") {
        Some(name) => board(Some(&name)),
        None => Some(vec![("board", american()?)]),
    }
}

#[derive(Debug)]
struct Teamtailor {
    site: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Teamtailor { site: site::own(options, "teamtailor.com")? }))
}

impl Teamtailor {
    fn page(&self, offset: usize) -> Request {
        Request::feed(endpoint(&self.site, &["jobs.rss"], &[("per_page", &PAGE.to_string()), ("offset", &offset.to_string())]))
    }
}

impl Adapter for Teamtailor {
    fn first(&self) -> First {
        First::Ask(self.page(0))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = xml::text(&page.bytes)?;
        if text.trim_start().starts_with('{') {
            return json_feed::read(page);
        }
        let company = company(&text).or_else(|| tenant(&page.request.url, "teamtailor.com"));
        let (mut reading, root) = xml::read(&text, &["item"], |entry| posting(entry, company.clone()))?;
        if root != "rss" {
            return Err(ReadError::shape("the root", format!("<rss> was due, not <{root}>")));
        }
        if reading.items >= PAGE {
            reading.next.push(self.page(page.number("offset").unwrap_or(0) + reading.items));
        }
        Ok(reading)
    }
}

/// The channel's title: the employer.
fn company(text: &str) -> Option<String> {
    let mut title = None;
    let head = text.split("<item>").next().unwrap_or_default();
    let channel = format!("{head}</channel></rss>");
    each(&channel, &["channel"], &mut |_, entry| title = entry.text(&["title"])).ok()?;
    title
}

fn posting(entry: &Entry<'_>, company: Option<String>) -> Posting {
    let rows = entry.rows("locations/location", ["city", "name", "country"]);
    let country =
        rows.first().and_then(|[.., country]| country.clone()).filter(|first| rows.iter().all(|[.., at]| at.as_ref() == Some(first)));
    let link = entry.text(&["link"]);
    Posting {
        id: entry.text(&["guid"]).or_else(|| link.clone()).unwrap_or_default(),
        title: entry.text(&["title"]).unwrap_or_default(),
        company: entry.text(&["company_name", "company"]).or(company),
        location: join(rows.into_iter().filter_map(|[city, name, country]| place([city.or(name), country]))),
        country,
        description: entry.html(&["description", "encoded"]),
        employment_type: entry.text(&["employmenttype", "employment_type"]),
        posted_at: entry.text(&["pubdate"]).and_then(|date| dates::from_text(&date)),
        work_mode: entry.text(&["remotestatus"]).and_then(|word| work_mode(&word)),
        department: entry.text(&["department"]),
        tags: entry.all("role").chain(entry.all("division")).map(str::to_owned).collect(),
        url: link,
        ..Posting::default()
    }
}
