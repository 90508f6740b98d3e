//! What job feeds say beside the elements every feed has: place, contract, last day.
//!
//! feed-rs gives only what it knows, so these elements are looked up in the text of each `<item>`, by order.

use crate::domain::WorkMode;
use crate::sources::shape::entities::decode;
use crate::sources::shape::text::filled;
use crate::sources::shape::wording::work_mode;

/// The further elements of one entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// Regions, countries, cities.
    pub places: Vec<String>,
    /// The employer.
    pub company: Option<String>,
    /// Kind of contract.
    pub employment_type: Option<String>,
    /// Last day, as written.
    pub valid_through: Option<String>,
    /// Team or department.
    pub department: Option<String>,
    /// The feed's own remote flag.
    pub work_mode: Option<WorkMode>,
}

/// The further elements of each of `entries` entries; nothing when the items cannot be told apart for certain.
pub fn extras(text: &str, entries: usize) -> Vec<Extra> {
    let items: Vec<&str> = text.split("<item>").skip(1).collect();
    if items.len() == entries { items.into_iter().map(extra).collect() } else { Vec::new() }
}

fn extra(item: &str) -> Extra {
    let first = |names: &[&str]| names.iter().find_map(|name| elements(item, name).next());
    // `state` is where We Work Remotely says the employer sits: no place of the job.
    let mut places: Vec<String> = ["region", "country", "location"].iter().flat_map(|name| elements(item, name)).collect();
    if let Some(at) = item.find("<tt:location>") {
        let cities = elements(&item[at..], "tt:city").zip(elements(&item[at..], "tt:country").map(Some).chain(std::iter::repeat(None)));
        places.extend(cities.map(|(city, country)| country.map_or(city.clone(), |country| format!("{city}, {country}"))));
    }
    Extra {
        places,
        company: first(&["company", "job_listing:company"]),
        employment_type: first(&["type", "job_listing:job_type"]),
        valid_through: first(&["expires_at"]),
        department: first(&["tt:department", "department"]),
        work_mode: first(&["remoteStatus"]).and_then(|word| work_mode(&word)),
    }
}

/// The texts of the plain elements of a name, decoded; empty ones are left out.
fn elements<'a>(item: &'a str, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = item;
    std::iter::from_fn(move || {
        let from = rest.find(&open)? + open.len();
        let to = from + rest[from..].find(&close)?;
        let text = rest[from..to].trim();
        let text = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).map_or_else(|| decode(text), str::to_owned);
        rest = &rest[to..];
        Some(text)
    })
    .filter_map(|text| filled(Some(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_contract_and_last_day_are_found_by_item() {
        let feed = "<rss><item><region>Anywhere in the World</region><country></country><type>Contract</type>\
            <expires_at>Sun, 09 Aug 2026 13:52:20 +0000</expires_at></item><item><country><![CDATA[R & D]]></country>\
            <remoteStatus>hybrid</remoteStatus><tt:location><tt:city>Malmö</tt:city><tt:country>Sweden</tt:country></tt:location></item></rss>";
        let found = extras(feed, 2);
        assert_eq!(found[0].places, ["Anywhere in the World"]);
        assert_eq!(found[0].employment_type.as_deref(), Some("Contract"));
        assert!(found[0].valid_through.as_deref().is_some_and(|date| date.starts_with("Sun, 09")));
        assert_eq!(found[1].places, ["R & D", "Malmö, Sweden"]);
        assert_eq!(found[1].work_mode, Some(WorkMode::Hybrid));
    }

    #[test]
    fn items_that_do_not_add_up_give_nothing() {
        assert_eq!(extras("<item><region>a</region></item>", 2), []);
        assert_eq!(extras("<feed><entry/></feed>", 1), []);
    }
}
