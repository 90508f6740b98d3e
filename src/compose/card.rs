//! What a letter shows of one listing.

use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use crate::compose::age::Age;
use crate::compose::because::because;
use crate::compose::letter::LetterListing;
use crate::compose::links::{Links, outside_url};
use crate::domain::digest::{Criterion, Reason, Verdict};
use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::listing::Listing;
use crate::domain::pay::Pay;
use crate::domain::place_name::{country_names, place_name};
use crate::domain::texts::{figures, pay, say, word};
use crate::domain::work_mode::WorkMode;

/// Longest title and company name, in characters.
const MAX_NAME: usize = 120;
/// Longest place and pay, in characters.
const MAX_FACT: usize = 80;
/// The length of the line of text, in characters.
const MAX_SUMMARY: usize = 150;
/// Places named of one job before the rest is counted.
const MAX_PLACES: usize = 4;
/// Countries named for a remote job before the rest is counted.
const MAX_COUNTRIES: usize = 6;
/// Reasons given for one listing, and the length of each, in characters; there are eleven criteria.
const MAX_REASONS: usize = 11;
const MAX_REASON: usize = 90;

/// One listing as shown; every text is one clean line. Where to say what one thinks of it is the reader's own and stands apart.
#[derive(Debug, Clone, Default)]
pub(in crate::compose) struct Card {
    pub title: String,
    /// The listing's own page, else ours.
    pub url: String,
    pub company: String,
    /// The city or, for remote work, where it may be done from; empty where not stated.
    pub place: String,
    /// As published, with its period; empty where not stated.
    pub pay: String,
    /// The same without the period, for the subject.
    pub pay_short: String,
    /// Hybrid or on site; empty where not stated, and for remote work, which stands under place.
    pub work_mode: String,
    pub age: String,
    pub source: String,
    /// The beginning of its text.
    pub summary: String,
    /// What fits.
    pub fits: Vec<String>,
    /// What was wished for and is not stated.
    pub unstated: Vec<String>,
    /// Where to apply.
    pub apply_url: String,
    /// The host of it, so that the link says where it goes.
    pub apply_host: String,
}

impl Card {
    pub(in crate::compose) fn of(shown: &LetterListing<'_>, links: &Links, now: DateTime<Utc>, language: Language) -> Self {
        let listing = shown.listing;
        let own = links.job(listing.id);
        let page = outside_url(listing.posting.url.as_deref());
        let apply = outside_url(listing.posting.apply_url.as_deref()).or_else(|| page.clone());
        let host = apply.as_ref().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
        let stated = listing.facts.pay.as_ref().map(|found| &found.value);
        let shown_as =
            |written: fn(Language, &Pay) -> String| stated.map_or_else(String::new, |one| one_line(&written(language, one), MAX_FACT));
        Self {
            title: named(&listing.posting.title, "letter-untitled", language),
            company: named(listing.company(), "letter-unnamed", language),
            place: places(listing, &shown.also, language),
            work_mode: work_mode(listing, language),
            age: Age::of(listing.published_at(), now).said(language),
            source: one_line(listing.posting.credit.as_ref().unwrap_or(&listing.posting.source), MAX_FACT),
            summary: summary(&listing.text),
            fits: reasons(shown, Verdict::Holds, language),
            unstated: reasons(shown, Verdict::Unknown, language),
            url: page.map_or_else(|| own.clone(), String::from),
            apply_url: apply.map_or(own, String::from),
            apply_host: host,
            pay_short: shown_as(figures),
            pay: shown_as(pay),
        }
    }

    /// As templates know it, but for the reader's own link.
    pub(in crate::compose) fn words(&self) -> Value {
        context! {
            title => self.title.as_str(),
            url => self.url.as_str(),
            company => self.company.as_str(),
            place => self.place.as_str(),
            pay => self.pay.as_str(),
            work_mode => self.work_mode.as_str(),
            age => self.age.as_str(),
            source => self.source.as_str(),
            summary => self.summary.as_str(),
            fits => self.fits.clone(),
            unstated => self.unstated.clone(),
            apply_url => self.apply_url.as_str(),
            apply_host => self.apply_host.as_str(),
        }
    }
}

/// A name on one line, or the words for a missing one, by their key.
fn named(text: &str, missing: &str, language: Language) -> String {
    Some(one_line(text, MAX_NAME)).filter(|name| !name.is_empty()).unwrap_or_else(|| say(language, missing, &[]))
}

/// The place of a job, and the others it is open in: `Pune; Chennai and 3 more places`.
pub(in crate::compose) fn places(listing: &Listing, also: &[&Listing], language: Language) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in std::iter::once(listing).chain(also.iter().copied()).map(|one| place(one, language)) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len() {
        count if count <= MAX_PLACES => names.join("; "),
        count => {
            let values = [("places", names[..MAX_PLACES].join("; ").into()), ("count", (count - MAX_PLACES).into())];
            say(language, "letter-places", &values)
        }
    }
}

/// `Remote in Germany, Poland`, `Remote`, or the first place, else the place as the posting writes it.
fn place(listing: &Listing, language: Language) -> String {
    let facts = &listing.facts;
    if facts.work_mode.as_ref().is_some_and(|found| found.value == WorkMode::Remote) {
        let countries = country_names(facts.remote_countries.iter().map(|found| found.value));
        return match countries.len() {
            0 => say(language, "letter-remote", &[]),
            count if count <= MAX_COUNTRIES => say(language, "letter-remote-in", &[("countries", countries.join(", ").into())]),
            count => {
                let values = [("countries", countries[..MAX_COUNTRIES].join(", ").into()), ("count", (count - MAX_COUNTRIES).into())];
                say(language, "letter-remote-in-more", &values)
            }
        };
    }
    let found = facts.places.first().map(|found| match (&found.value.city, found.value.country) {
        (Some(city), _) => city.clone(),
        _ => place_name(&found.value),
    });
    let text = found.filter(|place| !place.is_empty()).or_else(|| listing.posting.location.clone()).unwrap_or_default();
    one_line(&text, MAX_FACT)
}

fn work_mode(listing: &Listing, language: Language) -> String {
    match &listing.facts.work_mode {
        Some(found) if found.value != WorkMode::Remote => word(language, "mode", found.value.as_str()),
        _ => String::new(),
    }
}

/// The beginning of a text, cut at the end of a word.
fn summary(text: &str) -> String {
    let line = one_line(text, MAX_SUMMARY);
    match line.strip_suffix('…').and_then(|cut| cut.rsplit_once(' ')) {
        Some((whole_words, _)) => format!("{}…", whole_words.trim_end_matches([',', ';', ':', '-', ' '])),
        None => line,
    }
}

/// The reasons of one verdict, each in a few words: `skills: rust`, `pay not stated`.
fn reasons(shown: &LetterListing<'_>, verdict: Verdict, language: Language) -> Vec<String> {
    let all = &shown.reasons;
    let said = |reason: &Reason| {
        let label = word(language, "criterion", reason.criterion.as_str());
        if verdict == Verdict::Unknown {
            return say(language, "letter-reason-unknown", &[("wish", label.into())]);
        }
        let what = [because(reason, shown.listing, language), reason.wish.clone()].into_iter().find(|text| !text.trim().is_empty());
        match what {
            None => label,
            Some(found) => say(language, "letter-reason", &[("wish", label.into()), ("found", found.into())]),
        }
    };
    // Each criterion stands once, however often a listing meets it.
    let first_of = |criterion: Criterion, at: usize| all.iter().position(|r| r.criterion == criterion && r.verdict == verdict) == Some(at);
    all.iter()
        .enumerate()
        .filter(|(at, reason)| reason.verdict == verdict && first_of(reason.criterion, *at))
        .take(MAX_REASONS)
        .map(|(_, reason)| one_line(&said(reason), MAX_REASON))
        .collect()
}
