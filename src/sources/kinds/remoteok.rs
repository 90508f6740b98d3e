//! Remote OK: remote jobs of many employers, the newest in one answer, whose first element is the terms.
//!
//! <https://remoteok.com/api>. Texts are UTF-8 that was encoded as UTF-8 once more. Pay is in US dollars a year, and 0 is unknown.
//! Each text ends in a sentence against robots that holds a random word and the address of the reader: it is cut, else every
//! fetch would look like a change and keep our own address.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde::Deserialize;
use url::Url;

use crate::domain::{PayPeriod, Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, amount, loose};
use crate::sources::shape::pay;
use crate::sources::shape::plain;
use crate::sources::shape::text::filled;

pub const KIND: Kind = Kind {
    name: "remoteok",
    description: "Remote OK: remote jobs of many employers, the newest",
    keys: &[Key { name: "tag", description: "a tag, as Remote OK names it", example: "backend", need: Need::Optional }],
    terms: Terms::credit("link back with a followed link and name Remote OK, else access ends", Duration::from_hours(1), "Remote OK"),
    knows: unknown,
    build,
};

static ROBOT_CHECK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)(?:<br ?/?>\s*)*Please mention the word \*\*.{1,60}?\*\* and tag .*?(?:they(?:'|’)re human\.?|$)")
        .expect("a constant pattern")
});

#[derive(Debug)]
struct RemoteOk {
    jobs: Url,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let query: Vec<_> = options.text("tag")?.map(|tag| ("tag", tag)).into_iter().collect();
    Ok(Box::new(RemoteOk { jobs: endpoint(&options.base("https://remoteok.com")?, &["api"], &query) }))
}

impl Adapter for RemoteOk {
    fn first(&self) -> First {
        First::Ask(Request::json(self.jobs.clone()))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let mut envelope = Envelope::array(&text)?;
        envelope.items.retain(|item| serde_json::from_str::<Notice>(item.get()).map_or(true, |notice| notice.legal.is_none()));
        Ok(envelope.read(|job: Job| Some(job.posting())))
    }
}

/// The first element of every answer.
#[derive(Deserialize)]
struct Notice {
    legal: Option<String>,
}

#[derive(Deserialize)]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    position: Option<String>,
    company: Option<String>,
    location: Option<String>,
    tags: Option<Vec<String>>,
    description: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    epoch: Option<f64>,
    #[serde(default, deserialize_with = "loose")]
    date: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    salary_min: Option<f64>,
    #[serde(default, deserialize_with = "amount")]
    salary_max: Option<f64>,
    url: Option<String>,
    apply_url: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let mended = |text: Option<String>| text.map(|text| mended(&text));
        let place = mended(self.location).map(|place| place.trim_end_matches([' ', ',']).to_owned());
        #[expect(clippy::cast_possible_truncation, reason = "a number of seconds; one that is none is refused by the calendar")]
        let seconds = self.epoch.map(|seconds| seconds as i64);
        Posting {
            id: self.id.unwrap_or_default(),
            title: plain::field(mended(self.position)).unwrap_or_default(),
            company: plain::field(mended(self.company)),
            location: filled(place),
            description: filled(mended(self.description).map(|text| ROBOT_CHECK.replace_all(&text, "").into_owned())),
            posted_at: self.date.as_deref().and_then(dates::from_text).or_else(|| seconds.and_then(dates::from_seconds)),
            apply_url: filled(self.apply_url).filter(|apply| Some(apply) != self.url.as_ref()),
            url: filled(self.url),
            work_mode: Some(WorkMode::Remote),
            salary: pay::range(self.salary_min, self.salary_max, Some("USD".to_owned()), Some(PayPeriod::Year)),
            tags: self.tags.unwrap_or_default(),
            ..Posting::default()
        }
    }
}

/// Undoes a second encoding as UTF-8: letters that as bytes are a whole UTF-8 letter become that letter, all others stay.
fn mended(text: &str) -> String {
    if !text.chars().any(|letter| ('\u{c2}'..='\u{f4}').contains(&letter)) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut whole = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let (letter, used) = letter_at(&letters[at..]).unwrap_or((letters[at], 1));
        whole.push(letter);
        at += used;
    }
    whole
}

/// The letter that the next few letters are as bytes, and how many they are.
fn letter_at(letters: &[char]) -> Option<(char, usize)> {
    let length = match letters.first()? {
        '\u{c2}'..='\u{df}' => 2,
        '\u{e0}'..='\u{ef}' => 3,
        '\u{f0}'..='\u{f4}' => 4,
        _ => return None,
    };
    let bytes = letters.get(..length)?.iter().map(|letter| byte_of(*letter)).collect::<Option<Vec<u8>>>()?;
    Some((std::str::from_utf8(&bytes).ok()?.chars().next()?, length))
}

/// The byte that a letter was, read as Latin 1 or as Windows 1252.
fn byte_of(letter: char) -> Option<u8> {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let windows = || WINDOWS.iter().position(|known| *known == letter).and_then(|at| u8::try_from(at + 0x80).ok());
    u8::try_from(u32::from(letter)).ok().or_else(windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_twice_is_mended_and_all_else_stays() {
        assert_eq!(mended("We\u{e2}\u{80}\u{99}re hiring in K\u{c3}\u{b6}ln"), "We’re hiring in Köln");
        assert_eq!(mended("donâ€™t"), "don’t");
        for whole in ["Köln – Ärzte’s café", "São Paulo ãé", "plain", "Â", "日本"] {
            assert_eq!(mended(whole), whole);
        }
    }

    #[test]
    fn the_sentence_against_robots_is_cut() {
        let text =
            "Run our servers.<br/><br/>Please mention the word **KIND** and tag RMTAu when applying (#RMTAu). They see they're human.";
        assert_eq!(ROBOT_CHECK.replace_all(text, ""), "Run our servers.");
    }
}
