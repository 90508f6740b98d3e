//! Feeds: RSS, Atom and JSON Feed. They hold the newest entries only, so absence says nothing.

use std::time::Duration;

use feed_rs::model::{Entry, Text};
use feed_rs::parser::Builder;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, BadPosting, First, Page, ReadError, Reading, Request};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::kinds::feed_extra::{Extra, extras};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::entities::decode;
use crate::sources::shape::json;
use crate::sources::shape::text::{filled, join};
use crate::sources::shape::xml;

pub const KIND: Kind = Kind {
    name: "rss",
    description: "Any feed of jobs: RSS, Atom or JSON Feed (We Work Remotely, Teamtailor, many career pages)",
    keys: &[
        Key { name: "url", description: "the feed's address", example: "https://example.org/jobs.rss", need: Need::Required },
        Key {
            name: "titles",
            description: "how the feed writes titles: \"title\", \"company: title\", or \"auto\", which knows We Work Remotely",
            example: "company: title",
            need: Need::Optional,
        },
    ],
    terms: Terms::open("as the publisher says; link back; hourly polling is enough for most", Duration::ZERO),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Feed {
    url: Url,
    titles: &'static str,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(Feed { url: options.url("url")?, titles: options.choice("titles", &["auto", "title", COMPANY_FIRST])? }))
}

/// Titles that begin with the employer.
const COMPANY_FIRST: &str = "company: title";

impl Adapter for Feed {
    fn first(&self) -> First {
        First::Ask(Request::feed(self.url.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let parser = Builder::new().base_uri(Some(page.request.url.as_str())).timestamp_parser(moment).id_generator(identity).build();
        let text = xml::undeclared(xml::text(&page.bytes)?);
        let feed = parser.parse(text.as_bytes()).map_err(|error| refused(&text, &error))?;
        let mut beside = extras(&text, feed.entries.len()).into_iter();
        let mut reading = Reading { items: feed.entries.len(), ..Reading::default() };
        for (index, entry) in feed.entries.into_iter().enumerate() {
            let posting = self.posting(entry, beside.next().unwrap_or_default());
            let id = posting.id.clone();
            match json::complete(posting, &format!("entry {}", index + 1)) {
                Ok(posting) => reading.postings.push(posting),
                Err(reason) => reading.bad.push(BadPosting { index, id: filled(Some(id)), reason }),
            }
        }
        Ok(reading)
    }
}

/// The identity of an entry that gives none: its link without the parameters that only count visitors, else its title.
#[expect(clippy::ref_option, reason = "feed-rs calls it in this form")]
fn identity(links: &[feed_rs::model::Link], title: &Option<Text>, _feed: Option<&str>) -> String {
    let Some(mut url) = links.first().and_then(|link| Url::parse(&link.href).ok()) else {
        return title.as_ref().map(|title| title.content.trim().to_owned()).unwrap_or_default();
    };
    let kept: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(name, _)| !name.starts_with("utm_")).collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.into()
}

/// Feeds of small publishers hold dates of every form; feed-rs knows fewer than we do.
fn moment(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let read = dates::from_text(text)?;
    chrono::DateTime::parse_from_rfc3339(&read).ok().map(|moment| moment.to_utc())
}

/// A web page where a feed was due says so; anything else is a changed format.
fn refused(text: &str, error: &feed_rs::parser::ParseFeedError) -> ReadError {
    let start: String = text.chars().take(4_096).collect();
    if start.to_ascii_lowercase().contains("<html") { json::web_page(&start) } else { ReadError::shape("the feed", error) }
}

impl Feed {
    fn posting(&self, entry: Entry, extra: Extra) -> Posting {
        let url = link(entry.links);
        let remote_board = url.as_deref().is_some_and(|url| url.starts_with("https://weworkremotely.com/"));
        let company_first = match self.titles {
            "auto" => remote_board,
            form => form == COMPANY_FIRST,
        };
        let whole = entry.title.map(|title| plain(&title)).unwrap_or_default();
        let (company, title) = match whole.split_once(": ") {
            Some((company, title)) if company_first => (Some(company.to_owned()), title.to_owned()),
            _ => (entry.authors.into_iter().filter_map(|author| author.name).find(|name| !name.contains('@')), whole),
        };
        let body = entry.content.and_then(|content| content.body).filter(|body| !body.trim().is_empty());
        Posting {
            id: entry.id,
            title: title.trim().to_owned(),
            company: filled(company).or(extra.company),
            location: join(extra.places),
            description: body.or_else(|| entry.summary.map(|summary| summary.content)),
            employment_type: extra.employment_type,
            posted_at: entry.published.or(entry.updated).map(dates::shown),
            updated_at: entry.updated.filter(|updated| Some(*updated) != entry.published).map(dates::shown),
            valid_through: extra.valid_through.as_deref().and_then(dates::from_text),
            url,
            work_mode: extra.work_mode.or(remote_board.then_some(WorkMode::Remote)),
            department: extra.department,
            tags: entry.categories.into_iter().map(|category| decode(&category.label.unwrap_or(category.term))).collect(),
            ..Posting::default()
        }
    }
}

/// The entry's own page: the link without a relation or with `alternate`, else the first.
fn link(links: Vec<feed_rs::model::Link>) -> Option<String> {
    let own = links.iter().position(|link| matches!(link.rel.as_deref(), None | Some("alternate")));
    links.into_iter().nth(own.unwrap_or(0)).map(|link| link.href)
}

/// A title as plain text: titles in feeds are often escaped once more than they should be.
fn plain(title: &Text) -> String {
    decode(title.content.trim())
}
