//! JazzHR boards: a list made for people, the texts in the JSON-LD of their pages.
//!
//! A board without jobs keeps the frame of its list; a page without that frame is another page.

use std::collections::HashSet;
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
use crate::sources::shape::markup::{attribute, elements, own_address, page_text};
use crate::sources::shape::plain;
use crate::sources::shape::text::filled;
use crate::sources::shape::{fields, json};

/// What begins a row of the list, and of the table that boards of old have.
const ROWS: [&str; 2] = ["list-group-item-heading", "job_title_link"];

/// What the frame of a board has, with jobs or without.
const FRAMES: [&str; 3] = ["list-group", "jobs-list", "jobs_table"];

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
        if found.items == 0 && text_of(&html).is_some() {
            return Ok(one(page, shown_posting(&html, page)));
        }
        if page.request.about.is_some() || found.items > 0 {
            if found.postings.is_empty() {
                return if found.bad.is_empty() { Err(none_found(&html)) } else { Ok(found) };
            }
            let mut posting = found.postings.swap_remove(0);
            posting.id = posting.url.as_deref().and_then(key_in).unwrap_or(posting.id);
            return Ok(one(page, posting));
        }
        if !FRAMES.iter().any(|frame| html.contains(frame)) {
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
        let layout = ROWS.iter().find(|row| html.contains(**row)).unwrap_or(&ROWS[0]);
        let mut seen = HashSet::new();
        let rows = html.match_indices(layout).map(|(at, _)| html[..at].rfind('<').map_or(at, |tag| tag));
        let starts: Vec<usize> = rows.collect();
        for (index, start) in starts.iter().enumerate() {
            let row = &html[*start..starts.get(index + 1).copied().unwrap_or(html.len())];
            let posting = self.row(row, company.as_ref());
            // The table stands twice in the page, for wide screens and for narrow ones.
            if !posting.id.is_empty() && !seen.insert(posting.id.clone()) {
                continue;
            }
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
        let cell = |class: &str| {
            let (_, rest) = row.split_once(class)?.1.split_once('>')?;
            filled(rest.split("</td").next().map(plain::line))
        };
        Posting {
            id: url.as_ref().and_then(|url| key_in(url.as_str())).unwrap_or_default(),
            title: plain::line(shown),
            company: company.cloned(),
            location: behind("fa-map-marker").or_else(|| cell("resumator-job-location-column")),
            department: behind("fa-sitemap").or_else(|| cell("resumator-department-column")),
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

/// A job page of old without JSON-LD: what people see.
fn shown_posting(html: &str, page: &Page) -> Posting {
    let said = |sign: &str| {
        let (_, shown) = html.split_once(sign)?.1.split_once('>')?;
        filled(shown.split("</div").next().map(plain::line))
    };
    let heading = ["<h1", "<h2"].iter().find_map(|tag| {
        let (_, header) = html.split_once("job-header")?;
        filled(elements(header, tag, &tag.replace('<', "</")).first().map(|(_, shown)| plain::line(shown)))
    });
    let url = own_address(html).unwrap_or_else(|| page.request.url.to_string());
    Posting {
        id: key_in(&url).unwrap_or_default(),
        title: heading.unwrap_or_default(),
        location: said("title=\"Location\""),
        employment_type: said("resumator-job-employment"),
        description: text_of(html),
        url: Some(url),
        ..Posting::default()
    }
}

fn is_the_text(tag: &str) -> bool {
    attribute(tag, "id").is_some_and(|id| id == "job-description")
}

/// What stands in the block of the text, to the end of that block.
fn text_of(html: &str) -> Option<String> {
    let at = html.match_indices("<div").find(|(at, _)| html[*at..].split('>').next().is_some_and(is_the_text))?.0;
    let rest = html[at..].split_once('>')?.1;
    let mut depth = 1;
    let ends = rest.match_indices("<div").map(|(at, _)| (at, 1)).chain(rest.match_indices("</div").map(|(at, _)| (at, -1)));
    let mut ends: Vec<(usize, i32)> = ends.collect();
    ends.sort_unstable();
    let end = ends.into_iter().find_map(|(at, step)| {
        depth += step;
        (depth == 0).then_some(at)
    });
    filled(Some(rest[..end.unwrap_or(rest.len())].to_owned()))
}

/// `sf4i9HFuTa` in `/apply/sf4i9HFuTa/Admissions-Clerk` and in `/apply/jobs/details/sf4i9HFuTa`.
fn key_in(url: &str) -> Option<String> {
    let rest = url.split_once("/apply/")?.1;
    let rest = rest.strip_prefix("jobs/details/").unwrap_or(rest);
    rest.split(['/', '?', '#']).next().filter(|key| !key.is_empty() && *key != "jobs").map(str::to_owned)
}
