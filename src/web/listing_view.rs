//! Listings as the templates draw them. The text of strangers goes in as text only, links only where they are http or https.

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::domain::facts::{Certainty, Facts, Finding};
use crate::domain::line::{one_line, plain_lines};
use crate::domain::place_name::{country_names, place_name};
use crate::domain::{Listing, Pay};

use super::page::said;
use super::speech::{day, pay, say, word};

/// Longest line drawn of a title, company or place, in characters.
const LINE: usize = 160;

/// Most characters drawn of a description.
const MOST_TEXT: usize = 40_000;

/// A listing in a row of others.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    id: i64,
    title: String,
    company: String,
    place: String,
    pay: Option<String>,
    tags: Vec<String>,
    date: String,
    open: bool,
}

impl Card {
    pub(super) fn of(listing: &Listing, now: DateTime<Utc>) -> Self {
        /// Most skills named on a card.
        const MOST_SKILLS: usize = 6;
        let facts = &listing.facts;
        let level = facts.seniority.as_ref().map(|found| word("level", found.value.as_str()));
        let mode = facts.work_mode.as_ref().map(|found| word("mode", found.value.as_str()));
        let skills = facts.skills.iter().take(MOST_SKILLS).map(|found| found.value.to_string());
        Self {
            id: listing.id.0,
            title: one_line(&listing.posting.title, LINE),
            company: one_line(listing.company(), LINE),
            place: place_of(listing),
            pay: facts.pay.as_ref().map(|found| one_line(&pay(&found.value), LINE)),
            tags: level.into_iter().chain(mode).chain(skills).collect(),
            date: day(listing.published_at()),
            open: listing.is_open(now),
        }
    }
}

impl Card {
    pub(super) const fn id(&self) -> i64 {
        self.id
    }

    /// Title and company, on one line.
    pub(super) fn headline(&self) -> String {
        [self.title.as_str(), self.company.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Place, pay and tags, on one line.
    pub(super) fn line(&self) -> String {
        let parts = [Some(self.place.as_str()), self.pay.as_deref()].into_iter().flatten().chain(self.tags.iter().map(String::as_str));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// A fact with the words it rests on.
#[derive(Debug, Serialize)]
pub(super) struct FactRow {
    label: String,
    value: String,
    evidence: String,
    inferred: bool,
}

/// A listing on its own page.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    card: Card,
    facts: Vec<FactRow>,
    text: String,
    apply: Option<Link>,
    first_seen: String,
    /// Whom the terms of its source ask to name.
    credit: Option<String>,
    closed_at: Option<String>,
}

/// A link that is safe to draw, and where it leads.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    href: String,
    host: String,
}

impl Link {
    /// Only http and https, only with a host, which is shown in its ASCII form; a name before the host only serves to deceive.
    fn of(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = url.host_str().filter(|_| url.username().is_empty() && url.password().is_none())?.to_owned();
        Some(Self { href: url.into(), host })
    }
}

impl Sheet {
    pub(super) fn of(listing: &Listing, now: DateTime<Utc>) -> Self {
        let posting = &listing.posting;
        let ended = listing.closed_at.or(listing.valid_through).filter(|_| !listing.is_open(now));
        Self {
            card: Card::of(listing, now),
            facts: fact_rows(&listing.facts),
            text: plain_lines(&listing.text).chars().take(MOST_TEXT).collect(),
            apply: [&posting.apply_url, &posting.url].into_iter().flatten().find_map(|text| Link::of(text)),
            first_seen: day(listing.first_seen),
            credit: posting.credit.as_deref().map(|credit| one_line(credit, LINE)),
            closed_at: ended.map(day),
        }
    }
}

fn place_of(listing: &Listing) -> String {
    let stated = listing.posting.location.as_deref().map(|text| one_line(text, LINE)).filter(|text| !text.is_empty());
    stated.or_else(|| listing.facts.places.first().map(|found| place_name(&found.value))).unwrap_or_default()
}

fn fact_rows(facts: &Facts) -> Vec<FactRow> {
    let mut rows = vec![row("fact-role", &facts.role, |role| word("role", role.as_str()))];
    let mut put = |row: Option<FactRow>| rows.extend(row);
    put(facts.seniority.as_ref().map(|found| row("fact-level", found, |level| word("level", level.as_str()))));
    let years = |years: &f64| say("fact-years", &[("years", years.to_string().into())]);
    put(facts.min_years.as_ref().map(|found| row("fact-experience", found, years)));
    put(facts.pay.as_ref().map(|found| row("fact-pay", found, |stated| one_line(&pay(stated), LINE))));
    put(facts.pay.as_ref().and_then(a_year));
    put(list("fact-extras", &facts.pay_extras, |extra| word("extra", extra.as_str())));
    let places: Vec<String> = facts.places.iter().map(|found| place_name(&found.value)).collect();
    put(list_of("fact-place", &facts.places, &places));
    put(facts.work_mode.as_ref().map(|found| row("fact-mode", found, |mode| word("mode", mode.as_str()))));
    let open_to = country_names(facts.remote_countries.iter().map(|found| found.value));
    put(list_of("fact-remote-from", &facts.remote_countries, &open_to));
    let (optional, asked): (Vec<_>, Vec<_>) = facts.skills.iter().cloned().partition(|found| facts.optional_skills.contains(&found.value));
    put(list("fact-skills", &asked, ToString::to_string));
    put(list("fact-nice", &optional, ToString::to_string));
    put(facts.employment_type.as_ref().map(|found| row("fact-contract", found, |kind| word("contract", kind.as_str()))));
    put(facts.education.as_ref().map(|found| row("fact-education", found, |route| word("education", route.as_str()))));
    put(facts.visa.as_ref().map(|found| row("fact-visa", found, |yes| said(if *yes { "fact-visa-yes" } else { "fact-visa-no" }))));
    put(facts
        .relocation
        .as_ref()
        .map(|found| row("fact-moving", found, |yes| said(if *yes { "fact-moving-yes" } else { "fact-moving-no" }))));
    put(list("fact-perks", &facts.perks, |perk| word("perk", perk.as_str())));
    put(facts.company_kind.as_ref().map(|found| row("fact-company", found, |kind| word("company", kind.as_str()))));
    put(facts.hired_by.as_ref().map(|found| row("fact-posted-by", found, |by| word("by", by.as_str()))));
    rows
}

/// Pay for less than a year as it comes to in one, with what that assumes.
fn a_year(found: &Finding<Pay>) -> Option<FactRow> {
    let yearly = found.value.yearly()?;
    let assumption = found.value.period.map_or_else(String::new, |period| word("reckoned", period.as_str()));
    let value = one_line(&say("fact-reckoned", &[("pay", pay(&yearly.pay).into()), ("with", assumption.into())]), LINE);
    Some(FactRow { label: said("fact-a-year"), value, evidence: String::new(), inferred: true })
}

fn row<T>(label: &str, found: &Finding<T>, shown: impl Fn(&T) -> String) -> FactRow {
    let evidence = one_line(&found.evidence, Finding::<()>::MAX_EVIDENCE);
    FactRow { label: said(label), value: one_line(&shown(&found.value), LINE), evidence, inferred: found.certainty == Certainty::Inferred }
}

/// Several findings of one kind in one row, with the words of each once.
fn list<T>(label: &str, found: &[Finding<T>], shown: impl Fn(&T) -> String) -> Option<FactRow> {
    list_of(label, found, &[found.iter().map(|finding| shown(&finding.value)).collect::<Vec<_>>().join(", ")])
}

/// The same by values of its own, which may have commas in them.
fn list_of<T>(label: &str, found: &[Finding<T>], values: &[String]) -> Option<FactRow> {
    const MOST_WORDS: usize = 600;
    let first = found.first()?;
    let mut words: Vec<&str> = found.iter().map(|finding| finding.evidence.as_str()).filter(|text| !text.is_empty()).collect();
    words.dedup();
    Some(FactRow {
        label: said(label),
        value: one_line(&values.join(" · "), MOST_WORDS),
        evidence: one_line(&words.join(" · "), MOST_WORDS),
        inferred: first.certainty == Certainty::Inferred,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_of_the_web_are_drawn_and_their_host_is_shown_plainly() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "mailto:a@b.c",
            "https://",
            "https://bank.example@evil.example/",
            "java\nscript:x",
        ] {
            assert!(Link::of(bad).is_none(), "{bad}");
        }
        // A Cyrillic letter among Latin ones.
        assert_eq!(Link::of("https://jobs.\u{430}cme.example/1").unwrap().host, "jobs.xn--cme-5cd.example");
    }
}
