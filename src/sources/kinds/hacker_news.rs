//! Hacker News "Who is hiring?": the newest thread of the month, each top comment one posting.
//!
//! <https://hn.algolia.com/api> tells which thread is the newest and gives it as one tree; answers of
//! <https://github.com/HackerNews/API> and lists of comments that were kept elsewhere are read too. Comments are edited for two
//! hours and deleted at will, so the thread is never taken for a whole board. Mail addresses are taken out before anything is kept.

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::kinds::hn_header::{self, Header};
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::shape::contact::without_addresses;
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::text::filled;

pub const KIND: Kind = Kind {
    name: "hacker_news",
    description: "Hacker News: the newest \"Who is hiring?\" thread, a posting for each top comment",
    keys: &[],
    terms: Terms::credit(
        "open interface without a stated limit; the thread is large, so hourly is enough",
        Duration::from_hours(1),
        "Hacker News",
    ),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct HackerNews {
    base: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    Ok(Box::new(HackerNews { base: options.base("https://hn.algolia.com")? }))
}

impl Adapter for HackerNews {
    fn first(&self) -> First {
        let query = [("tags", "story,author_whoishiring"), ("hitsPerPage", "20")];
        First::Ask(Request::json(endpoint(&self.base, &["api", "v1", "search_by_date"], &query)))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        if text.trim_start().starts_with('[') {
            return Ok(comments(&Envelope::array(&text)?, None));
        }
        let beside: Beside<'_> = json::parse(&text, "$")?;
        let Some(key) = beside.list() else {
            let alone = format!("[{text}]");
            return if beside.text.is_some() { Ok(comments(&Envelope::array(&alone)?, None)) } else { Err(beside.empty()) };
        };
        let envelope = Envelope::open(&text, key)?;
        if beside.title().is_some_and(|title| !is_of_employers(title)) {
            return Ok(Reading { items: envelope.items.len(), ..Reading::default() });
        }
        let stories: Vec<Item> = envelope.items.iter().filter_map(|item| story(item)).collect();
        if key == "hits" && stories.len() == envelope.items.len() {
            return self.newest(stories);
        }
        let story = beside.story_id.clone().or_else(|| beside.id.clone().filter(|_| key == "children"));
        Ok(comments(&envelope, story))
    }
}

impl HackerNews {
    /// Asks for the newest thread of employers among these stories.
    fn newest(&self, stories: Vec<Item>) -> Result<Reading, ReadError> {
        let items = stories.len();
        let threads = stories.into_iter().filter(|story| story.title.as_deref().is_some_and(is_of_employers));
        let newest = threads.filter_map(|story| story.id()?.parse::<u64>().ok()).max();
        let id = newest.ok_or_else(|| ReadError::shape("$.hits", "no story titled \"Who is hiring?\" among them"))?;
        let tree = endpoint(&self.base, &["api", "v1", "items", &id.to_string()], &[]);
        Ok(Reading { items, next: vec![Request::json(tree)], ..Reading::default() })
    }
}

/// Whether a thread's title is the one in which employers write, not "Who wants to be hired?" or "Freelancer?".
fn is_of_employers(title: &str) -> bool {
    let folded = title.to_lowercase();
    ["who is hiring", "who's hiring", "who’s hiring"].iter().any(|words| folded.contains(words))
}

fn story(item: &RawValue) -> Option<Item> {
    let story: Item = serde_json::from_str(item.get()).ok()?;
    (story.title.is_some() && story.comment_text.is_none()).then_some(story)
}

/// The shapes in which comments come: a tree, hits of a search, lists kept elsewhere.
#[derive(Deserialize)]
struct Beside<'a> {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    story_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    story_title: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    text: Option<String>,
    #[serde(default, deserialize_with = "loose", rename = "type")]
    kind: Option<String>,
    #[serde(borrow)]
    children: Option<&'a RawValue>,
    #[serde(borrow)]
    hits: Option<&'a RawValue>,
    #[serde(borrow)]
    comments: Option<&'a RawValue>,
    #[serde(borrow)]
    items: Option<&'a RawValue>,
    #[serde(borrow)]
    jobs: Option<&'a RawValue>,
}

impl Beside<'_> {
    fn list(&self) -> Option<&'static str> {
        let tree = self.children.filter(|_| self.kind.as_deref() != Some("comment"));
        let lists = [("children", tree), ("hits", self.hits), ("comments", self.comments), ("items", self.items), ("jobs", self.jobs)];
        lists.into_iter().find(|(_, list)| list.is_some()).map(|(key, _)| key)
    }

    fn title(&self) -> Option<&str> {
        self.title.as_deref().or(self.story_title.as_deref())
    }

    fn empty(&self) -> ReadError {
        let thread = self.title().map(|title| format!("; a story titled {title:?} without its comments")).unwrap_or_default();
        ReadError::shape("$", format!("none of: children, hits, comments, items, jobs{thread}"))
    }
}

/// Reads the comments whose parent is the story.
fn comments(envelope: &Envelope<'_>, story: Option<String>) -> Reading {
    let story = story.or_else(|| common_parent(envelope));
    envelope.read(|item: Item| item.posting(story.as_deref()))
}

/// The story of a list that does not name it: the parent of most, for replies are fewer than posts; of equals the older.
fn common_parent(envelope: &Envelope<'_>) -> Option<String> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for item in &envelope.items {
        let parent = serde_json::from_str::<Item>(item.get()).ok().and_then(|item| item.parent()?.parse().ok());
        *counts.entry(parent.unwrap_or_default()).or_default() += usize::from(parent.is_some());
    }
    let most = counts.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id)))?;
    Some(most.0.to_string())
}

#[derive(Deserialize)]
struct Item {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, rename = "objectID", deserialize_with = "loose")]
    object_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    parent: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    parent_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    story_id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    story_title: Option<String>,
    text: Option<String>,
    comment_text: Option<String>,
    time: Option<i64>,
    created_at_i: Option<i64>,
    #[serde(default, deserialize_with = "loose")]
    created_at: Option<String>,
    #[serde(default)]
    deleted: Option<bool>,
    #[serde(default)]
    dead: Option<bool>,
}

impl Item {
    fn id(&self) -> Option<&str> {
        self.id.as_deref().or(self.object_id.as_deref())
    }

    fn parent(&self) -> Option<&str> {
        self.parent.as_deref().or(self.parent_id.as_deref())
    }

    fn posting(self, story: Option<&str>) -> Option<Posting> {
        let story = self.story_id.as_deref().or(story);
        let reply = self.parent().is_some_and(|parent| story.is_some_and(|story| parent != story));
        let gone = self.deleted == Some(true) || self.dead == Some(true);
        let elsewhere = self.story_title.as_deref().is_some_and(|title| !is_of_employers(title));
        if reply || gone || elsewhere {
            return None;
        }
        let id = self.id().unwrap_or_default().to_owned();
        let text = filled(self.comment_text).or_else(|| filled(self.text)).filter(|text| !is_no_posting(text))?;
        let text = without_addresses(&text);
        let Header { company, title, location, pay, employment_type, work_mode } = hn_header::read(&text)?;
        let moment = self.time.or(self.created_at_i).and_then(dates::from_seconds);
        Some(Posting {
            url: Some(format!("https://news.ycombinator.com/item?id={id}")),
            id,
            title,
            company,
            location,
            description: Some(text),
            salary_text: pay,
            employment_type,
            posted_at: moment.or_else(|| self.created_at.as_deref().and_then(dates::from_text)),
            work_mode,
            ..Posting::default()
        })
    }
}

/// Removed comments keep a word in brackets; people who look for work write in the wrong thread.
fn is_no_posting(text: &str) -> bool {
    let folded: String = text.chars().take(400).collect::<String>().to_lowercase();
    ["[flagged]", "[dead]", "[deleted]"].contains(&folded.trim())
        || folded.trim_start().starts_with("seeking work")
        || folded.contains("willing to relocate:")
}
