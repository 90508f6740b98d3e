//! JSON Feed, also with a schema.org JobPosting in each item. A feed holds the newest entries only, so absence says nothing.
//!
//! <https://www.jsonfeed.org/version/1.1/>

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::fields::{list, name, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::plain_as_html;
use crate::sources::shape::{dates, detail, job_posting};

pub const KIND: Kind = Kind {
    name: "json_feed",
    description: "Any feed of jobs in JSON Feed, with or without JobPosting in its items",
    keys: &[Key { name: "url", description: "the feed's address", example: "https://example.org/jobs.json", need: Need::Required }],
    terms: Terms::open("as the publisher says; link back; hourly polling is enough for most", Duration::ZERO),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct JsonFeed {
    url: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(JsonFeed { url: options.url("url")? }))
}

impl Adapter for JsonFeed {
    fn first(&self) -> First {
        First::Ask(Request { accept: "application/feed+json, application/json;q=0.9, */*;q=0.5", ..Request::json(self.url.clone()) })
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        read(page)
    }
}

/// Reads one page of a feed; where it names a next one, that is asked for as this one was.
pub fn read(page: &Page) -> Result<Reading, ReadError> {
    let text = json::text(&page.bytes)?;
    let envelope = Envelope::open(&text, "items")?.named_by(&["id", "url"]);
    let language: Option<String> = envelope.beside("language");
    let authors = envelope.beside::<Value>("authors").or_else(|| envelope.beside("author")).unwrap_or_default();
    let mut reading = envelope.read(|item: Value| Some(posting(&item, &authors, language.clone(), &page.request.url)));
    let next: Option<String> = envelope.beside("next_url");
    let url = next.and_then(|next| page.request.url.join(&next).ok());
    let web = url.filter(|url| matches!(url.scheme(), "http" | "https") && *url != page.request.url);
    reading.next.extend(web.map(|url| Request { accept: page.request.accept, ..Request::json(url) }));
    Ok(reading)
}

/// An item's own fields first, then what its JobPosting says, then the feed's.
fn posting(item: &Value, authors: &Value, language: Option<String>, feed: &Url) -> Posting {
    let moment = |key: &str| text(&item[key]).and_then(|date| dates::from_text(&date));
    let url = text(&item["url"]).or_else(|| text(&item["external_url"]));
    let html = text(&item["content_html"]).or_else(|| text(&item["content_text"]).map(|plain| plain_as_html(&plain)));
    let mut posting = Posting {
        id: text(&item["id"]).or_else(|| url.clone()).unwrap_or_default(),
        title: text(&item["title"]).unwrap_or_default(),
        description: html,
        posted_at: moment("date_published"),
        updated_at: moment("date_modified"),
        apply_url: text(&item["external_url"]).filter(|external| url.as_ref() != Some(external)),
        url,
        tags: list(&item["tags"]).iter().filter_map(text).collect(),
        language: text(&item["language"]),
        ..Posting::default()
    };
    let beside = item.as_object().into_iter().flatten().filter(|(key, value)| key.starts_with('_') && is_job(key, value));
    for (_, job) in beside {
        let said = Posting { id: posting.id.clone(), url: posting.url.clone(), ..job_posting::described(job, feed) };
        posting = detail::completed(&said, posting);
    }
    let author = || list(&item["authors"]).iter().chain(list(authors)).find_map(name).filter(|name| !name.contains('@'));
    posting.company = posting.company.take().or_else(author);
    posting.description = posting.description.take().or_else(|| text(&item["summary"]));
    posting.language = posting.language.take().or(language);
    posting
}

/// Extensions begin with an underscore; the usual one for jobs is `_jobposting`.
fn is_job(key: &str, value: &Value) -> bool {
    key.to_ascii_lowercase().replace(['_', '-'], "") == "jobposting" || list(&value["@type"]).iter().any(|kind| kind == "JobPosting")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_posting_fills_what_its_item_leaves_open_also_without_a_type() {
        let job =
            json!({"title": "DBA (m/f)", "url": "/job/9", "hiringOrganization": "Kai AS", "jobLocationType": "Remote", "skills": ["SQL"]});
        let item = json!({"id": 7, "title": "DBA", "_jobposting": job, "_other": {"title": "no job", "url": "/no"}});
        let feed = Url::parse("https://a.example/feed.json").unwrap();
        let read = posting(&item, &Value::Null, Some("nb".into()), &feed);
        assert_eq!((read.id.as_str(), read.title.as_str(), read.url), ("7", "DBA", None));
        assert_eq!((read.company.as_deref(), read.language.as_deref()), (Some("Kai AS"), Some("nb")));
        assert_eq!((read.work_mode, read.tags), (Some(crate::domain::WorkMode::Remote), vec!["SQL".to_owned()]));
    }
}
