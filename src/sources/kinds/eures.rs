//! EURES: the European job mobility portal, which gathers what the public employment services of Europe list.
//!
//! The portal's own search, <https://europa.eu/eures/portal/jv-se/search>: a POST that wants every filter, empty ones too, and gives
//! fifty at most. It is not documented by its operator; the request follows what public clients of it send. Places are countries
//! and NUTS regions by code.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::domain::Posting;
use crate::sources::adapter::{Adapter, First, Page, ReadError, Reading, Request, endpoint};
use crate::sources::kind::{Kind, Terms, unknown};
use crate::sources::options::{Key, Need, Options, SourceSettingsError};
use crate::sources::shape::dates;
use crate::sources::shape::json::{self, Envelope, loose};
use crate::sources::shape::plain;
use crate::sources::shape::search;
use crate::sources::shape::text::{filled, join};

/// Jobs asked for in one page; the most that EURES gives.
const PAGE: usize = 50;

pub const KIND: Kind = Kind {
    name: "eures",
    description: "EURES: what the public employment services of Europe list, newest first",
    keys: &[
        search::words("keywords"),
        Key {
            name: "countries",
            description: "countries or NUTS regions, parted by commas; all unless set",
            example: "fi, de",
            need: Need::Optional,
        },
        Key { name: "pages", description: "how many pages of fifty to read; 2 unless set", example: "2", need: Need::Optional },
    ],
    terms: Terms::credit(
        "the portal's own search, open but undocumented; ask EURES before you show its jobs in a public service",
        Duration::from_hours(1),
        "EURES",
    ),
    knows: unknown,
    build,
};

#[derive(Debug)]
struct Eures {
    search: Url,
    keywords: String,
    countries: Vec<String>,
    pages: usize,
}

fn build(options: &Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError> {
    let base = options.base("https://europa.eu")?;
    let search = endpoint(&base, &["eures", "api", "jv-searchengine", "public", "jv-search", "search"], &[]);
    let keywords = search::asked(options, "keywords")?.to_owned();
    let codes = options.text("countries")?.unwrap_or_default().split(',').map(|code| code.trim().to_lowercase());
    let countries = codes.filter(|code| !code.is_empty()).collect();
    Ok(Box::new(Eures { search, keywords, countries, pages: options.count("pages")?.unwrap_or(2) }))
}

impl Eures {
    fn page(&self, number: usize) -> Request {
        let mut body = json!({
            "resultsPerPage": PAGE,
            "page": number,
            "sortSearch": "MOST_RECENT",
            "keywords": [{ "keyword": self.keywords, "specificSearchCode": "EVERYWHERE" }],
            "publicationPeriod": null,
            "minNumberPost": null,
            "locationCodes": self.countries,
            "requestLanguage": "en",
        });
        for filter in [
            "occupationUris",
            "skillUris",
            "requiredExperienceCodes",
            "positionScheduleCodes",
            "sectorCodes",
            "educationAndQualificationLevelCodes",
            "positionOfferingCodes",
            "euresFlagCodes",
            "otherBenefitsCodes",
            "requiredLanguages",
        ] {
            body[filter] = json!([]);
        }
        Request::json(self.search.clone()).post(body.to_string())
    }
}

impl Adapter for Eures {
    fn first(&self) -> First {
        First::Ask(self.page(1))
    }

    fn read(&self, page: &Page) -> Result<Reading, ReadError> {
        let text = json::text(&page.bytes)?;
        let envelope = Envelope::open(&text, "jvs")?;
        let mut reading = envelope.read(|job: Job| Some(job.posting()));
        let number = page.number_in_body("page").unwrap_or(1);
        let total = envelope.beside::<usize>("numberRecords").unwrap_or_default();
        if reading.items > 0 && number < self.pages && number * PAGE < total {
            reading.next.push(self.page(number + 1));
        }
        Ok(reading)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    #[serde(default, deserialize_with = "loose")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose")]
    title: Option<String>,
    description: Option<String>,
    creation_date: Option<i64>,
    last_modification_date: Option<i64>,
    location_map: Option<BTreeMap<String, Option<Vec<Option<String>>>>>,
    position_schedule_codes: Option<Vec<Option<String>>>,
    #[serde(default, deserialize_with = "loose")]
    position_offering_code: Option<String>,
    employer: Option<Employer>,
    available_languages: Option<Vec<String>>,
    translations: Option<BTreeMap<String, Translation>>,
}

#[derive(Deserialize)]
struct Employer {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Translation {
    title: Option<String>,
    description: Option<String>,
}

impl Job {
    fn posting(self) -> Posting {
        let language = self.available_languages.into_iter().flatten().next();
        let mut texts = self.translations.unwrap_or_default();
        // The employer's own words before what a search or a machine made of them.
        let own = language.as_ref().and_then(|language| texts.remove(language)).or_else(|| texts.into_values().next());
        let (own_title, own_text) = own.map_or((None, None), |own| (own.title, own.description));
        let codes = self.location_map.unwrap_or_default();
        let regions: Vec<String> = codes.values().flatten().flatten().flatten().cloned().collect();
        let contract = self.position_schedule_codes.into_iter().flatten().flatten().chain(self.position_offering_code);
        let id = self.id.unwrap_or_default();
        Posting {
            url: Some(format!("https://europa.eu/eures/portal/jv-se/jv-details/{id}?lang=en")).filter(|_| !id.is_empty()),
            id,
            title: plain::field(own_title).or_else(|| plain::field(self.title)).unwrap_or_default(),
            company: plain::field(self.employer.and_then(|employer| employer.name)),
            location: join(codes.keys().map(|code| country(code))),
            description: filled(own_text).or_else(|| filled(self.description)),
            employment_type: join(contract),
            posted_at: self.creation_date.and_then(dates::from_millis),
            updated_at: self.last_modification_date.filter(|changed| Some(*changed) != self.creation_date).and_then(dates::from_millis),
            tags: regions,
            country: if codes.len() == 1 { codes.into_keys().next() } else { None },
            language,
            ..Posting::default()
        }
    }
}

/// The name of a country of EURES; codes as the Union writes them, `EL` and `UK` too.
fn country(code: &str) -> &str {
    const COUNTRIES: [(&str, &str); 33] = [
        ("AT", "Austria"),
        ("BE", "Belgium"),
        ("BG", "Bulgaria"),
        ("CH", "Switzerland"),
        ("CY", "Cyprus"),
        ("CZ", "Czechia"),
        ("DE", "Germany"),
        ("DK", "Denmark"),
        ("EE", "Estonia"),
        ("EL", "Greece"),
        ("ES", "Spain"),
        ("FI", "Finland"),
        ("FR", "France"),
        ("HR", "Croatia"),
        ("HU", "Hungary"),
        ("IE", "Ireland"),
        ("IS", "Iceland"),
        ("IT", "Italy"),
        ("LI", "Liechtenstein"),
        ("LT", "Lithuania"),
        ("LU", "Luxembourg"),
        ("LV", "Latvia"),
        ("MT", "Malta"),
        ("NL", "Netherlands"),
        ("NO", "Norway"),
        ("PL", "Poland"),
        ("PT", "Portugal"),
        ("RO", "Romania"),
        ("SE", "Sweden"),
        ("SI", "Slovenia"),
        ("SK", "Slovakia"),
        ("UK", "United Kingdom"),
        ("GR", "Greece"),
    ];
    COUNTRIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map_or(code, |(_, name)| name)
}
