//! The countries of a remote job, from the first text that says them.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::Country;
use crate::extract::fold::Folded;
use crate::extract::open_to::beside::{Origin, beside_remote};
use crate::extract::open_to::clause::clauses;
use crate::extract::open_to::run::countries_alone;
use crate::extract::place::{PLACE_LINE, PlaceScanner};

/// The first line of a board that asks for headquarters, where remote companies write whence one may work.
static HEADQUARTERS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^headquarters:\s*([^\n]{2,160})").expect("a constant pattern"));
/// What such a board writes behind it.
const ITS_PAGE: &str = " url:";

/// Reads the countries of a remote job, sorted, each once; empty where the posting names no limit.
#[must_use]
pub fn open_to(scanner: &PlaceScanner, location: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Vec<Finding<Country>> {
    let mut found = location.map(|text| beside_remote(scanner, text, Origin::PlaceField)).unwrap_or_default();
    found.extend(beside_remote(scanner, title.text, Origin::Words));
    if found.is_empty() {
        let line = PLACE_LINE.captures(&body.folded).or_else(|| HEADQUARTERS.captures(&body.folded));
        let line = line.and_then(|line| line.get(1)).map(|line| {
            let end = line.as_str().find(ITS_PAGE).map_or(line.end(), |at| line.start() + at);
            body.quote(line.start(), end)
        });
        found = line.map(|text| beside_remote(scanner, text, Origin::Words)).unwrap_or_default();
    }
    if found.is_empty() {
        found = [title, body].into_iter().find_map(|text| clauses(scanner, text)).unwrap_or_default();
    }
    if found.is_empty() {
        found = location.map(|text| countries_alone(scanner, text)).unwrap_or_default();
    }
    found.sort_by_key(|found| found.value);
    found.dedup_by_key(|found| found.value);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::countries;

    fn open(location: &str, title: &str, body: &str) -> Vec<String> {
        let location = Some(location).filter(|text| !text.is_empty());
        let found = open_to(&PlaceScanner::new(), location, &Folded::new(title), &Folded::new(body));
        found.into_iter().map(|found| found.value.as_str().to_owned()).collect()
    }

    fn size_of(group: &str) -> usize {
        countries().regions().iter().find(|region| region.name == group).unwrap().countries.len()
    }

    #[test]
    fn a_place_field_says_who_may_apply() {
        assert_eq!(open("Remote (US, Canada)", "", ""), ["CA", "US"]);
        assert_eq!(open("Remote (US/Canada)", "", ""), ["CA", "US"]);
        assert_eq!(open("US only - Remote", "", ""), ["US"]);
        assert_eq!(open("Remote - EMEA", "", "").len(), size_of("EMEA"));
        assert_eq!(open("Remote, Kentucky", "", ""), ["US"]);
        assert_eq!(open("IN / Remote (IN)", "", ""), ["IN"]);
        assert_eq!(open("Remote (San Francisco, CA, US; New York, NY, US; TW)", "", ""), ["TW", "US"]);
        assert_eq!(open("Argentina, Brazil, Canada, United States", "", ""), ["AR", "BR", "CA", "US"]);
    }

    #[test]
    fn a_city_beside_remote_limits_nothing() {
        assert!(open("San Francisco, CA, US / Remote", "", "").is_empty());
        assert!(open("", "Acme | Engineer | San Jose OR Remote", "").is_empty());
        assert!(open("Austin, TX (Remote)", "", "").is_empty());
        assert!(open("Remote (US time zones)", "", "").is_empty());
        assert!(open("Berlin, Germany", "", "We work remotely.").is_empty());
    }

    #[test]
    fn two_capitals_are_a_code_only_among_places() {
        for said in [
            "Acme | Boston, MA | Remote OK",
            "Acme | Onsite, REMOTE OK",
            "Acme | Engineer (Remote OK)",
            "Acme | Remote-OK | Full-time",
            "Remote AI Engineer",
            "Engineer (Remote, AI)",
            "Acme | Remote QA",
            "Remote IT Support",
            "Acme | Remote (US Timezones)",
            "Acme | Remote PT/ET Hours",
            "Acme | Remote (West Coast preferred, open to MT/CT/ET)",
            "Acme | Remote (ET/CT)",
            "Acme | Remote (US preferred)",
            "Acme | REMOTE (US + international with US-ET overlap)",
            "Acme | Remote (we are in Akron, Ohio)",
            "Acme | Remote (HQ in Columbus, OH)",
            "Acme | Remote (NA only)",
        ] {
            let said_by = open("", said, "");
            assert!(said_by.is_empty(), "{said}: {said_by:?}");
        }
        assert!(open("San José", "", "Headquarters: San José, Costa Rica URL: http://acme.example We seek a remote designer.").is_empty());
    }

    #[test]
    fn what_stands_beside_a_code_decides_what_it_means() {
        for (location, due) in [
            ("Remote (US; CA)", &["CA", "US"][..]),
            ("Remote (CO; BR; AR; PE)", &["AR", "BR", "CO", "PE"]),
            ("Remote (US; GB; DE; ES; PL; NL; IN)", &["DE", "ES", "GB", "IN", "NL", "PL", "US"]),
            ("Remote (US, CA)", &["CA", "US"]),
            ("Remote (US or CA)", &["CA", "US"]),
            ("Remote (CA, US)", &["US"]),
            ("Remote (UT, US)", &["US"]),
            ("Remote (Mumbai, MH, IN; DL, IN)", &["IN"]),
            ("Remote (Amsterdam, NH, NL; Amsterdam, North Holland, NL)", &["NL"]),
            ("Remote (London, England, GB; Dublin, D, IE)", &["GB", "IE"]),
            ("Remote (Toronto, ON, CA; Austin, TX, US)", &["CA", "US"]),
            ("Remote (TX/NY/CA)", &["US"]),
            ("Remote (Canada; US; Mexico)", &["CA", "MX", "US"]),
            ("Remote - TX", &["US"]),
            ("Remote, OR", &["US"]),
            ("Remote (PL)", &["PL"]),
        ] {
            assert_eq!(open(location, "", ""), due, "{location}");
        }
        for unclear in ["Remote (CA)", "Remote (CO/AL)", "Remote (GA)"] {
            assert!(open(unclear, "", "").is_empty(), "{unclear}: {:?}", open(unclear, "", ""));
        }
        assert_eq!(open("", "Acme | Onsite/Remote | USA/Canada only", ""), ["CA", "US"]);
    }

    #[test]
    fn a_clause_of_the_text_says_who_may_apply() {
        for (body, due) in [
            ("You must be based in India.", &["IN"][..]),
            ("Candidates must be located in the US or Canada.", &["CA", "US"]),
            ("Must be legally authorized to work in the US.", &["US"]),
            ("Fully remote within the United Kingdom and Ireland.", &["GB", "IE"]),
            ("Work from anywhere in Brazil!", &["BR"]),
            ("This position is open to candidates in Poland only.", &["PL"]),
            ("Location: Albania, remote", &["AL"]),
            ("Headquarters: San Francisco, CA, or Remote within United States", &["US"]),
            (
                "Headquarters: Remote - US About Acme We build what shops sell with, and for a long time have done nothing else, anywhere",
                &["US"],
            ),
            ("US residents only", &["US"]),
            ("Applicants must reside in California or Texas", &["US"]),
        ] {
            assert_eq!(open("Remote", "", body), due, "{body}");
        }
        assert_eq!(open("Remote", "", "Work from anywhere in Europe").len(), size_of("Europe"));
        assert_eq!(open("Remote", "", "Location: Remote / EU").len(), size_of("European Union"));
    }

    #[test]
    fn a_wish_a_refusal_and_a_boast_limit_nothing() {
        for body in [
            "Candidates based in the UK are preferred, others are welcome.",
            "We are not able to hire remotely in California.",
            "Our customers live in India. Join us only if you like it.",
            "We have offices in Germany and work remotely.",
            "You may work remotely from within Europe for up to 40 days per year.",
            "We hired engineers from Google.",
        ] {
            assert!(open("Remote", "", body).is_empty(), "{body}: {:?}", open("Remote", "", body));
        }
    }

    #[test]
    fn a_window_of_time_zones_is_the_countries_within() {
        let found = open_to(&PlaceScanner::new(), None, &Folded::new(""), &Folded::new("You work within 2 hours of CET."));
        assert!(found.iter().all(|found| found.certainty == crate::domain::Certainty::Inferred));
        let codes: Vec<&str> = found.iter().map(|found| found.value.as_str()).collect();
        assert!(["DE", "GB", "ZA", "TR"].iter().all(|code| codes.contains(code)), "{codes:?}");
        assert!(!["US", "IN", "BR"].iter().any(|code| codes.contains(code)), "{codes:?}");
    }
}
