//! We Work Remotely: its public feeds, one a category, read as any feed is.
//!
//! <https://weworkremotely.com/remote-job-rss-feed>. The terms of its interface forbid services for job seekers; the feeds are
//! public, but leave is the operator's to have.

use std::time::Duration;

use url::Url;

use crate::sources::adapter::{Adapter, endpoint};
use crate::sources::kind::{Board, Kind, Terms, segments};
use crate::sources::kinds::rss;
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::settings::SourceSettings;

/// The feed for those who build what is behind a page.
const CATEGORY: &str = "remote-back-end-programming-jobs";

pub const KIND: Kind = Kind {
    name: "weworkremotely",
    description: "We Work Remotely: remote jobs of many employers, the newest of a category",
    keys: &[Key {
        name: "category",
        description: "the category, as its feed is named, or all; remote-back-end-programming-jobs unless set",
        example: CATEGORY,
        need: Need::Optional,
    }],
    terms: Terms::credit(
        "link back and name We Work Remotely; the terms of its interface forbid services for job seekers; hourly is enough",
        Duration::from_hours(1),
        "We Work Remotely",
    )
    .forbidding(),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    if url.host_str()?.trim_start_matches("www.") != "weworkremotely.com" {
        return None;
    }
    let path = segments(url);
    let category = match (path.first()?.as_str(), path.get(1)) {
        ("remote-jobs.rss" | "remote-jobs", None) => "all".to_owned(),
        ("categories", Some(name)) => name.trim_end_matches(".rss").to_owned(),
        _ => return None,
    };
    Some(vec![("category", category)])
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://weworkremotely.com")?;
    let feed = match options.text("category")?.unwrap_or(CATEGORY) {
        "all" => endpoint(&base, &["remote-jobs.rss"], &[]),
        category => endpoint(&base, &["categories", &format!("{category}.rss")], &[]),
    };
    let keys = [("url", feed.as_str()), ("titles", "company: title")];
    let table = keys.into_iter().map(|(key, value)| (key.to_owned(), toml::Value::from(value))).collect();
    let preset = SourceSettings::new("weworkremotely", rss::KIND.name, table);
    (rss::KIND.build)(&Options::check(&preset, rss::KIND.keys)?)
}
