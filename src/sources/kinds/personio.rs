//! Personio career sites: one XML document lists all positions with their texts.
//!
//! <https://developer.personio.de/reference/get_xml>. An empty list is a document of seventy bytes and healthy. There is no link: it
//! is made of the id. `experienced` is what the form has chosen beforehand, so as a level it says nothing.

use std::time::Duration;

use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Board, Kind, Terms, board, tenant};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::pay::range;
use crate::sources::shape::site;
use crate::sources::shape::text::{join, sections};
use crate::sources::shape::wording::pay_period;
use crate::sources::shape::xml;
use crate::sources::shape::xml_entry::Entry;

pub const KIND: Kind = Kind {
    name: "personio",
    description: "Personio: the career site of one employer (NAME.jobs.personio.de or .com)",
    keys: &[
        Key { name: "board", description: "the site's name, the NAME in NAME.jobs.personio.de", example: "acme", need: Need::Required },
        Key { name: "region", description: "the site's ending: de or com", example: "com", need: Need::Optional },
        Key {
            name: "language",
            description: "the language of the texts, as two letters; en if not given",
            example: "de",
            need: Need::Optional,
        },
    ],
    terms: Terms::open("public XML of career sites; answers 429 when asked in bursts", Duration::from_mins(5)),
    knows,
    build,
};

fn knows(url: &Url) -> Option<Board> {
    let on = |domain: &str| board(tenant(url, domain).as_ref());
    on("jobs.personio.de").or_else(|| {
        let mut keys = on("jobs.personio.com")?;
        keys.push(("region", "com".to_owned()));
        Some(keys)
    })
}

#[derive(Debug)]
struct Personio {
    site: Url,
    language: String,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let site = match options.choice("region", &["de", "com"])? {
        "com" => site::on_platform(options, "jobs.personio.com")?,
        _ => site::on_platform(options, "jobs.personio.de")?,
    };
    Ok(Box::new(Personio { site, language: options.text("language")?.unwrap_or("en").to_owned() }))
}

impl Adapter for Personio {
    fn first(&self) -> First {
        First::Ask(Request::xml(endpoint(&self.site, &["xml"], &[("language", &self.language)])))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = xml::text(&page.bytes)?;
        let company = tenant(&page.request.url, "jobs.personio.de").or_else(|| tenant(&page.request.url, "jobs.personio.com"));
        let (reading, root) = xml::read(&text, &["position"], |entry| self.posting(entry, company.clone()))?;
        if reading.items == 0 && root != "workzag-jobs" {
            return Err(ReadError::shape("the root", format!("<workzag-jobs> was due, not <{root}>")));
        }
        Ok(reading)
    }
}

impl Personio {
    fn posting(&self, entry: &Entry<'_>, company: Option<String>) -> Posting {
        let id = entry.text(&["id"]).unwrap_or_default();
        let sum = |path: &str| entry.text(&[path]).and_then(|sum| sum.parse::<f64>().ok()).filter(|sum| *sum > 0.0);
        let parts = entry.rows("jobdescriptions/jobdescription", ["name", "value"]);
        Posting {
            title: entry.text(&["name"]).unwrap_or_default(),
            company: entry.text(&["subcompany"]).or(company),
            location: join(entry.all("office").chain(entry.all("additionaloffices/office"))),
            description: sections(parts.into_iter().map(|[heading, html]| (heading, html))),
            employment_type: join(entry.all("employmenttype").chain(entry.all("schedule"))),
            posted_at: entry.text(&["createdat"]).and_then(|date| dates::from_text(&date)),
            url: (!id.is_empty()).then(|| endpoint(&self.site, &["job", &id], &[]).into()),
            salary: range(
                sum("salaryinformation/min"),
                sum("salaryinformation/max"),
                entry.text(&["salaryinformation/currencycode", "salaryinformation/currencysymbol"]),
                entry.text(&["salaryinformation/type"]).and_then(|word| pay_period(&word)),
            ),
            department: entry.text(&["department"]),
            tags: entry
                .all("keywords")
                .flat_map(|words| words.split(','))
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            level: entry.text(&["seniority"]).filter(|word| word != "experienced"),
            id,
            ..Posting::default()
        }
    }
}
