//! Comeet careers API: one call lists all positions with their texts in parts. There is no date of publication.
//!
//! <https://developers.comeet.com/reference/careers-api-overview>. The token is no secret: it stands in the script of the employer's
//! own career page.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, Completeness, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, segments, usable};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::fields::{flag, list, name, text};
use crate::sources::shape::json::{self, Envelope};
use crate::sources::shape::text::{place, sections};
use crate::sources::shape::wording::work_mode;

pub const KIND: Kind = Kind {
    name: "comeet",
    description: "Comeet: the positions of one employer (comeet.com/jobs/NAME/UID)",
    keys: &[
        Key {
            name: "uid",
            description: "the company's uid, such as 12.34A in comeet.com/jobs/NAME/UID",
            example: "12.34A",
            need: Need::Required,
        },
        Key {
            name: "token",
            description: "the careers API token, from the script of the employer's career page",
            example: "1A2B3C4D5E6F",
            need: Need::Required,
        },
    ],
    terms: Terms::open("public API of career pages, no stated limit", Duration::from_mins(5)),
    knows,
    build,
};

/// Only a call of the API itself names both keys.
fn knows(url: &Url) -> Option<Board> {
    let path = segments(url);
    let ["careers-api", _, "company", uid, ..] = path.iter().map(String::as_str).collect::<Vec<_>>()[..] else { return None };
    let token = url.query_pairs().find(|(key, _)| key == "token")?.1.into_owned();
    let ours = ["www.comeet.co", "www.comeet.com"].contains(&url.host_str()?);
    (ours && usable(&token) && !uid.is_empty()).then(|| vec![("uid", uid.to_owned()), ("token", token)])
}

#[derive(Debug)]
struct Comeet {
    positions: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://www.comeet.co")?;
    let path = ["careers-api", "2.0", "company", options.required("uid")?, "positions"];
    Ok(Box::new(Comeet { positions: endpoint(&base, &path, &[("token", options.required("token")?), ("details", "true")]) }))
}

impl Adapter for Comeet {
    fn first(&self) -> First {
        First::Ask(Request::json(self.positions.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let one = text.trim_start().starts_with('{').then(|| format!("[{text}]"));
        let envelope = match &one {
            // An error is an object too.
            Some(one) if text.contains("\"uid\"") => Envelope::array(one)?,
            _ => Envelope::open(&text, "positions")?,
        };
        let open = |position: &Value| flag(&position["is_internal"]) != Some(true);
        let mut reading = envelope.named_by(&["uid"]).read(|position: Value| open(&position).then(|| posting(&position)));
        reading.completeness = if one.is_some() { Completeness::Newest } else { Completeness::Whole };
        Ok(reading)
    }
}

fn posting(position: &Value) -> Posting {
    let at = &position["location"];
    let links = ["url_active_page", "url_comeet_hosted_page", "url_detected_page", "url_recruit_hosted_page"];
    let mode = text(&position["workplace_type"]).and_then(|word| work_mode(&word));
    let mut parts: Vec<&Value> = list(&position["details"]).iter().collect();
    parts.sort_by_key(|part| part["order"].as_i64());
    Posting {
        id: text(&position["uid"]).unwrap_or_default(),
        title: text(&position["name"]).unwrap_or_default(),
        company: text(&position["company_name"]),
        location: place([text(&at["city"]), text(&at["state"]), text(&at["country"])]).or_else(|| name(at)),
        description: sections(parts.into_iter().map(|part| (text(&part["name"]), text(&part["value"])))),
        employment_type: text(&position["employment_type"]),
        updated_at: text(&position["time_updated"]).and_then(|date| dates::from_text(&date)),
        url: links.iter().find_map(|key| text(&position[*key])),
        work_mode: mode.or_else(|| (flag(&at["is_remote"]) == Some(true)).then_some(WorkMode::Remote)),
        department: name(&position["department"]),
        level: text(&position["experience_level"]),
        country: text(&at["country"]),
        ..Posting::default()
    }
}
