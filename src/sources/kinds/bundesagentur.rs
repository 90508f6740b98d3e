//! Bundesagentur für Arbeit: the job search of the German employment agency; the text stands in a call for each job.
//!
//! <https://jobsuche.api.bund.dev>. The key is public. The search moved from version 4 to 6 and renamed its fields: both are read.
//! An answer without hits has no list. The day of entry is not the day of posting.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::detail::{ask_each, one};
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::text::{filled, join};

/// Jobs asked for in one page.
const PAGE: usize = 100;

pub const KIND: Kind = Kind {
    name: "bundesagentur",
    description: "Bundesagentur für Arbeit: the job search of the German employment agency",
    keys: &[
        Key {
            name: "what",
            description: "words to search for; Backend Entwickler unless set",
            example: "Backend Entwickler",
            need: Need::Optional,
        },
        Key { name: "where", description: "a place to search around", example: "Hamburg", need: Need::Optional },
        Key { name: "within_km", description: "how far around the place, in kilometres", example: "50", need: Need::Optional },
        Key { name: "days", description: "how old a posting may be, in days; 7 unless set", example: "7", need: Need::Optional },
        Key { name: "pages", description: "how many pages of a hundred to read; 2 unless set", example: "2", need: Need::Optional },
    ],
    terms: Terms::credit(
        "public interface with a public key; a call for each new job, so be slow",
        Duration::from_hours(1),
        "Bundesagentur für Arbeit",
    ),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Bundesagentur {
    service: Url,
    search: Url,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let service = endpoint(&options.base("https://rest.arbeitsagentur.de")?, &["jobboerse", "jobsuche-service", "pc"], &[]);
    let (size, days) = (PAGE.to_string(), options.text("days")?.unwrap_or("7"));
    let mut query = vec![("was", options.text("what")?.unwrap_or("Backend Entwickler"))];
    query.extend(options.text("where")?.map(|place| ("wo", place)));
    query.extend(options.text("within_km")?.map(|distance| ("umkreis", distance)));
    query.extend([("veroeffentlichtseit", days), ("pav", "false"), ("zeitarbeit", "false"), ("size", &size)]);
    let search = endpoint(&service, &["v6", "jobs"], &query);
    Ok(Box::new(Bundesagentur { service, search, pages: options.count("pages")?.unwrap_or(2) }))
}

impl Bundesagentur {
    fn page(&self, number: usize) -> Request {
        ask(endpoint(&self.search, &[], &[("page", &number.to_string())]))
    }

    fn detail(&self, id: &str) -> Request {
        ask(endpoint(&self.service, &["v4", "jobdetails", &STANDARD.encode(id)], &[]))
    }
}

fn ask(url: Url) -> Request {
    Request::json(url).header("X-API-Key", "jobboerse-jobsuche")
}

impl Adapter for Bundesagentur {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let head: Head = json::parse(&text, "$")?;
        let envelope = match Envelope::open(&text, "ergebnisliste").or_else(|_| Envelope::open(&text, "stellenangebote")) {
            Ok(envelope) => envelope,
            Err(_) if head.total.is_some() => return Ok(Reading::default()),
            Err(_) if head.is_a_job() => return Ok(one(page, json::parse::<Job>(&text, "$")?.posting())),
            Err(error) => return Err(error),
        };
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let number = page.number("page").unwrap_or(1);
        let total = head.total.and_then(|total| total.parse::<usize>().ok()).unwrap_or_default();
        if reading.items > 0 && number < self.pages && number * PAGE < total {
            reading.next.push(self.page(number + 1));
        }
        Ok(ask_each(reading, |row| Some(self.detail(&row.id))))
    }
}

/// What tells the answers apart.
#[derive(Deserialize)]
struct Head {
    #[serde(default, rename = "maxErgebnisse", deserialize_with = "loose")]
    total: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    referenznummer: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    refnr: Option<String>,
}

impl Head {
    const fn is_a_job(&self) -> bool {
        self.referenznummer.is_some() || self.refnr.is_some()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    referenznummer: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    refnr: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    stellenangebots_titel: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    titel: Option<String>,
    firma: Option<String>,
    arbeitgeber: Option<String>,
    hauptberuf: Option<String>,
    beruf: Option<String>,
    stellenlokationen: Option<Vec<Location>>,
    arbeitsort: Option<Address>,
    arbeitsorte: Option<Vec<Address>>,
    datum_erste_veroeffentlichung: Option<String>,
    aktuelle_veroeffentlichungsdatum: Option<String>,
    stellenangebots_beschreibung: Option<String>,
    stellenbeschreibung: Option<String>,
    homeofficemoeglich: Option<bool>,
    arbeitszeit_vollzeit: Option<bool>,
    vertragsdauer: Option<String>,
    #[serde(rename = "externeURL")]
    externe_url: Option<String>,
    #[serde(rename = "externeUrl")]
    externe_adresse: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    adresse: Option<Address>,
}

#[derive(Deserialize)]
struct Address {
    ort: Option<String>,
    region: Option<String>,
    land: Option<String>,
}

impl Address {
    /// Town, state and country; a state that is its own town is named once.
    fn line(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for part in [&self.ort, &self.region, &self.land].into_iter().flatten().map(|part| part.trim()) {
            if !part.is_empty() && !parts.iter().any(|known| known.to_lowercase() == part.to_lowercase()) {
                parts.push(part);
            }
        }
        parts.join(", ")
    }
}

impl Job {
    fn posting(self) -> Posting {
        let listed = self.stellenlokationen.into_iter().flatten().filter_map(|location| location.adresse);
        let places: Vec<Address> = listed.chain(self.arbeitsort).chain(self.arbeitsorte.into_iter().flatten()).collect();
        let hours = self.arbeitszeit_vollzeit.filter(|full| *full).map(|_| "Vollzeit".to_owned());
        let id = self.referenznummer.or(self.refnr).unwrap_or_default();
        let date = self.datum_erste_veroeffentlichung.or(self.aktuelle_veroeffentlichungsdatum);
        Posting {
            url: Some(format!("https://www.arbeitsagentur.de/jobsuche/jobdetail/{id}")).filter(|_| !id.is_empty()),
            id,
            title: self.stellenangebots_titel.or(self.titel).unwrap_or_default(),
            company: filled(self.firma).or_else(|| filled(self.arbeitgeber)),
            location: join(places.iter().map(Address::line)),
            description: filled(self.stellenangebots_beschreibung).or_else(|| filled(self.stellenbeschreibung)),
            employment_type: join(hours.into_iter().chain(filled(self.vertragsdauer))),
            posted_at: date.as_deref().and_then(dates::from_text),
            apply_url: filled(self.externe_url).or_else(|| filled(self.externe_adresse)),
            // "Possible" is some days at home, not a job from anywhere.
            work_mode: self.homeofficemoeglich.filter(|possible| *possible).map(|_| WorkMode::Hybrid),
            country: places.into_iter().find_map(|place| filled(place.land)),
            tags: filled(self.hauptberuf).or_else(|| filled(self.beruf)).into_iter().collect(),
            ..Posting::default()
        }
    }
}
