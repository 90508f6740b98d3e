//! JazzHR boards: a list made for people, the texts in the JSON-LD of their pages.
//!
//! A board without jobs keeps the frame of its list; a page without that frame is another page.

use std::time::Duration;

use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, BadPosting, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::detail::{ask_each, one};
use crate::sources::shape::job_posting::{none_found, postings_in_html};
use crate::sources::shape::json::complete;
use crate::sources::shape::ld_json::{is_type, parse, scripts};
use crate::sources::shape::markup::{attribute, elements, page_text};
use crate::sources::shape::plain;
use crate::sources::shape::text::filled;
use crate::sources::shape::{fields, json};

/// What begins a row of the list.
const ROW: &str = "list-group-item-heading";

pub const KIND: Kind = Kind {
    name: "jazzhr",
    description: "JazzHR: the board of one employer (NAME.applytojob.com)",
    keys: &[Key { name: "board", description: "the name before .applytojob.com", example: "acme", need: Need::Required }],
    terms: Terms::open("pages made for people: robots.txt is obeyed, one page for each new posting", Duration::from_mins(15)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    tenant(url, "applytojob.com").map(|name| vec![("board", name)])
}

#[derive(Debug)]
struct JazzHr {
    base: Url,
    home: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let home = format!("https://{}.applytojob.com/", options.required("board")?);
    let wrong = |_| options.bad("board", "the name before .applytojob.com");
    Ok(Box::new(JazzHr { base: options.base(&home)?, home: Url::parse(&home).map_err(wrong)? }))
}

impl Adapter for JazzHr {
    fn first(&self) -> First {
        First::Ask(Request::page(endpoint(&self.base, &["apply", "jobs"], &[])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let html = page_text(&page.bytes);
        let mut found = postings_in_html(&html, &page.request.url);
        if page.request.about.is_some() || found.items > 0 {
            if found.postings.is_empty() {
                return if found.bad.is_empty() { Err(none_found(&html)) } else { Ok(found) };
            }
            let mut posting = found.postings.swap_remove(0);
            posting.id = posting.url.as_deref().and_then(key_in).unwrap_or(posting.id);
            return Ok(one(page, posting));
        }
        if !html.contains("list-group") {
            return Err(json::web_page(&html));
        }
        Ok(ask_each(self.rows(&html), |row| {
            let path = Url::parse(row.url.as_deref()?).ok()?.path().to_owned();
            Some(Request::page(endpoint(&self.base, &path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>(), &[])))
        }))
    }
}

impl JazzHr {
    fn rows(&self, html: &str) -> Reading {
        let company = employer(html);
        let mut reading = Reading { completeness: Completeness::Whole, ..Reading::default() };
        for (index, row) in html.split(ROW).skip(1).enumerate() {
            let posting = self.row(row, company.as_ref());
            let id = filled(Some(posting.id.clone()));
            match complete(posting, &format!("row {}", index + 1)) {
                Ok(posting) => reading.postings.push(posting),
                Err(reason) => reading.bad.push(BadPosting { index, id, reason }),
            }
            reading.items += 1;
        }
        reading
    }

    fn row(&self, row: &str, company: Option<&String>) -> Posting {
        let (tag, shown) = elements(row, "<a ", "</a").into_iter().next().unwrap_or_default();
        let url = attribute(tag, "href").and_then(|link| self.home.join(&link).ok());
        let behind = |sign: &str| {
            let (_, rest) = row.split_once(sign)?.1.split_once("</i>")?;
            filled(rest.split("</li").next().map(plain::line))
        };
        Posting {
            id: url.as_ref().and_then(|url| key_in(url.as_str())).unwrap_or_default(),
            title: plain::line(shown),
            company: company.cloned(),
            location: behind("fa-map-marker"),
            department: behind("fa-sitemap"),
            url: url.map(String::from),
            ..Posting::default()
        }
    }
}

/// The employer, as the page says in its first JSON-LD.
fn employer(html: &str) -> Option<String> {
    let said = scripts(html).into_iter().filter_map(|script| parse(script).ok()).find(|value| is_type(value, "Organization"))?;
    fields::at(&said, &["/name"])
}

/// `sf4i9HFuTa` in `/apply/sf4i9HFuTa/Admissions-Clerk`.
fn key_in(url: &str) -> Option<String> {
    let rest = url.split_once("/apply/")?.1;
    rest.split(['/', '?', '#']).next().filter(|key| !key.is_empty() && *key != "jobs").map(str::to_owned)
}
