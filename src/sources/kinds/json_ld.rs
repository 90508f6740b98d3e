//! Career pages that carry schema.org JobPosting: one page, or every job page of a sitemap.
//!
//! <https://developers.google.com/search/docs/appearance/structured-data/job-posting>. Nearly every platform and most career sites
//! of employers write it, for search engines; so this kind reads boards that have no interface of their own.

use std::time::Duration;

use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request};
use crate::sources::kind::{Kind, Terms, segments, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::detail::one;
use crate::sources::shape::job_posting::{none_found, postings_in_html, untracked};
use crate::sources::shape::markup::page_text;
use crate::sources::shape::sitemap::{self, Address, Sitemap};

/// The most sitemaps of an index that are asked for; more than one fetch may ask, so that what is left out is known to be.
const MOST_SITEMAPS: usize = 500;

/// The fragment of a sitemap that an index named: an index there is not followed.
const NAMED: &str = "named-by-index";

pub const KIND: Kind = Kind {
    name: "json_ld",
    description: "Any career page with schema.org JobPosting (JSON-LD): a page with jobs, or a sitemap of job pages",
    keys: &[
        Key {
            name: "url",
            description: "a page that holds JobPostings, or a sitemap (XML, also packed, also an index) whose job pages do",
            example: "https://example.org/sitemap.xml",
            need: Need::Required,
        },
        Key {
            name: "matching",
            description: "only addresses of the sitemap that contain this; without it, those that look like jobs",
            example: "/jobs/",
            need: Need::Optional,
        },
    ],
    terms: Terms::open("as the site says; its robots.txt is obeyed, and one page at a time is read", Duration::from_mins(30)),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct JsonLd {
    url: Url,
    matching: Option<String>,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(JsonLd { url: options.url("url")?, matching: options.text("matching")?.map(str::to_owned) }))
}

impl Adapter for JsonLd {
    fn first(&self) -> First {
        First::Ask(Request::page(self.url.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let bytes = sitemap::unpacked(&page.bytes)?;
        let text = page_text(&bytes);
        if let Some(row) = page.request.about.as_deref() {
            return job_page(page, row, &text);
        }
        match sitemap::read(&text) {
            Some(Sitemap::Index(parts)) => further(page, parts),
            Some(Sitemap::Pages(pages)) => self.pages(page, pages),
            None => {
                let reading = postings_in_html(&text, &page.request.url);
                if reading.items == 0 { Err(none_found(&text)) } else { Ok(reading) }
            }
        }
    }
}

impl JsonLd {
    /// The job pages of a sitemap, newest first; what else the site has is left alone.
    fn pages(&self, page: &Page, mut pages: Vec<Address>) -> Result<Reading, ReadError> {
        let named = pages.len();
        // A sitemap speaks for its own site; a saved one has none.
        let saved = page.request.url.scheme() == "file";
        pages.retain(|address| (saved || site(&address.url) == site(&self.url)) && self.wants(&address.url));
        pages.sort_by(|a, b| b.changed.cmp(&a.changed));
        if pages.is_empty() && named > 0 && self.matching.is_none() && page.request.url.fragment() != Some(NAMED) {
            let reason = format!("none of {named} addresses looks like a job; say by \"matching\" which are");
            return Err(ReadError::shape("the sitemap", reason));
        }
        let details = pages.iter().map(|address| Request::page(address.url.clone()).about(row(address)));
        Ok(Reading { items: pages.len(), details: details.collect(), completeness: Completeness::Whole, ..Reading::default() })
    }

    fn wants(&self, url: &Url) -> bool {
        match &self.matching {
            Some(part) => url.as_str().contains(part.as_str()),
            None => looks_like_a_job(url),
        }
    }
}

/// The site an address belongs to: its domain without the parts before, such as `www`.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let labels: Vec<&str> = host.rsplit('.').take(2).collect();
    if host.parse::<std::net::Ipv4Addr>().is_ok() { host.to_owned() } else { labels.join(".") }
}

/// What a sitemap says of a posting: where it is. The words of its address stand for the title until its page is read.
fn row(address: &Address) -> Posting {
    let url = untracked(&address.url);
    let words = |part: &String| part.chars().filter(|letter| letter.is_alphabetic()).count();
    let title = segments(&url).into_iter().max_by_key(words).unwrap_or_default().replace(['-', '_', '+'], " ");
    Posting { id: url.to_string(), title, updated_at: address.changed.clone(), url: Some(url.into()), ..Posting::default() }
}

/// Whether an address is that of one job: below a path of jobs, or named after one.
fn looks_like_a_job(url: &Url) -> bool {
    const PATHS: [&str; 22] = [
        "job",
        "career",
        "karriere",
        "vacanc",
        "vacature",
        "position",
        "opening",
        "stelle",
        "opportunit",
        "emploi",
        "empleo",
        "offre",
        "offer",
        "requisition",
        "recruit",
        "role",
        "lavor",
        "vaga",
        "praca",
        "arbeit",
        "work-with",
        "apply",
    ];
    const ELSEWHERE: [&str; 8] = ["blog", "news", "press", "category", "tag", "author", "event", "legal"];
    let parts: Vec<String> = segments(url).iter().map(|part| part.to_lowercase()).collect();
    let Some((last, path)) = parts.split_last() else { return false };
    let speaks = |part: &String| PATHS.iter().any(|word| part.contains(word));
    let one = last.len() > 3 && last.contains(|letter: char| letter == '-' || letter == '_' || letter.is_ascii_digit());
    let elsewhere = parts.iter().any(|part| ELSEWHERE.contains(&part.as_str()));
    !elsewhere && (path.iter().any(speaks) || one && speaks(last))
}

/// The sitemaps of an index: those that speak of jobs, where some do.
fn further(page: &Page, parts: Vec<Address>) -> Result<Reading, ReadError> {
    if page.request.url.fragment() == Some(NAMED) {
        return Err(ReadError::shape("the sitemap", "an index that another index named; give its own address as url"));
    }
    let of_jobs = |part: &Address| ["job", "career", "vacanc", "stelle", "position"].iter().any(|word| part.url.path().contains(word));
    let some = parts.iter().any(of_jobs);
    let asked = parts.into_iter().filter(|part| !some || of_jobs(part)).take(MOST_SITEMAPS).map(|mut part| {
        part.url.set_fragment(Some(NAMED));
        Request::page(part.url)
    });
    Ok(Reading { next: asked.collect(), completeness: Completeness::Whole, ..Reading::default() })
}

/// The page of one posting. Without any it says nothing: the posting then counts as absent, and is closed when it stays so.
fn job_page(page: &Page, row: &Posting, text: &str) -> Result<Reading, ReadError> {
    let mut found = postings_in_html(text, &page.request.url);
    match found.postings.len() {
        0 if found.bad.is_empty() => match none_found(text) {
            challenge @ ReadError::WebPage { .. } => Err(challenge),
            _ => Ok(Reading { items: 1, ..Reading::default() }),
        },
        0 => Ok(found),
        1 => Ok(one(page, found.postings.remove(0))),
        // A page of several is a list; each of them has a page of its own.
        _ => {
            let own = found.postings.into_iter().find(|posting| posting.url == row.url);
            Ok(own.map_or_else(Reading::default, |posting| one(page, posting)))
        }
    }
}
