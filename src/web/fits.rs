//! What wishes bring now: how many open listings, how many a week, the newest of them, and what to change where that is nothing or
//! more than anybody reads. Asked by the page's script while a person types, drawn into the page without it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::held::Count;
use super::home::{at_home, is_missing};
use super::listing_view::Card;
use super::open::Reading;
use super::page::{Answer, PageError, fault, fragment, said};
use super::speech::{language, say};
use super::state::{Shared, Site};
use super::typed::Typed;
use super::wishes::read_preferences;
use crate::domain::place_name::country_name;
use crate::domain::preferences::{CompanyWish, Facet, SkillWish};
use crate::domain::vocabulary::skills;
use crate::domain::{ListingId, Preferences};
use crate::pipeline::{AboutAWeek, FORECAST_DAYS, Forecast};

/// Listings shown below the count.
const SHOWN: usize = 3;

/// More than this a week is more than anybody reads: ten a day.
const BROAD_A_WEEK: u32 = 70;

/// A wish by the key of its everyday name, and how to drop it.
type Wish = (&'static str, fn(&mut Preferences));

/// The wishes that can be dropped or made.
const WISHES: &[Wish] = &[
    ("wish-skills", |wishes| wishes.skills = SkillWish::default()),
    ("wish-level", |wishes| wishes.seniority = Facet::default()),
    ("wish-place", |wishes| wishes.places = Facet::default()),
    ("wish-pay", |wishes| wishes.salary = None),
    ("wish-mode", |wishes| wishes.work_modes = Facet::default()),
    ("wish-years", |wishes| wishes.experience_years = None),
    ("wish-words", |wishes| wishes.keywords = None),
    ("wish-role", |wishes| wishes.roles = Facet::default()),
    ("wish-contract", |wishes| wishes.employment_types = Facet::default()),
    ("wish-education", |wishes| wishes.education = Facet::default()),
    ("wish-companies", |wishes| wishes.companies = CompanyWish::default()),
];

/// Of [`WISHES`], how many narrow best.
const NARROWING: usize = 4;

/// The count by itself, for the page's script. The address is no wish: the script leaves it out, and it is not looked at.
pub(super) async fn fits(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let typed = at_home(Typed::parse(query.unwrap_or_default().as_bytes()));
    match read_preferences(&typed, &site.house.rates) {
        Ok(wishes) => Ok(Html(fits_text(&site, &wishes).await?.to_string()).into_response()),
        Err(faults) => {
            let faults: Vec<String> = faults.iter().map(|(field, says)| fault(field, says)).collect();
            let words = fragment("fits.html", context! { faults, preview => () })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(words)).into_response())
        }
    }
}

/// What fits the wishes now, drawn; the same answer as long as the same reading of the open listings is in use.
pub(super) async fn fits_text(site: &Site, wishes: &Preferences) -> Result<Arc<str>, PageError> {
    let reading = site.open.reading(site.now()).await?;
    // What was drawn speaks a language.
    let key = format!("{} {}", language(), serde_json::to_string(wishes).unwrap_or_default());
    if let Some(answer) = reading.answers.get(&key) {
        return Ok(answer);
    }
    let preview = preview(site, &reading, wishes).await?;
    let drawn: Arc<str> = fragment("fits.html", context! { preview, faults => Vec::<String>::new() })?.into();
    reading.answers.keep(key, Arc::clone(&drawn));
    Ok(drawn)
}

async fn preview(site: &Site, reading: &Arc<Reading>, wishes: &Preferences) -> Result<Value, PageError> {
    let count = site.open.counts(reading, vec![wishes.clone()], SHOWN).await.pop().unwrap_or_default();
    let cards = cards(site, reading, &count.newest).await?;
    let without = if count.open == 0 { without(site, reading, wishes).await } else { None };
    Ok(context! {
        count => count.open,
        all => reading.open(),
        cut => reading.cut(),
        any => *wishes == Preferences::default(),
        week => a_week(&count),
        narrow => narrowing(&count, wishes),
        without,
        cards,
        home => wishes.home_country.map(|country| (country.to_string(), country_name(country))),
        homeless => is_missing(wishes),
        skills => unknown_skills(wishes),
    })
}

/// Listings as cards, in their order; each is read and drawn once for all who ask of the same reading.
async fn cards(site: &Site, reading: &Reading, ids: &[ListingId]) -> Result<Vec<Value>, PageError> {
    let (spoken, now) = (language(), site.now());
    let mut drawn: HashMap<ListingId, Arc<str>> = ids.iter().filter_map(|id| Some((*id, reading.cards.get(&(*id, spoken))?))).collect();
    let missing: Vec<ListingId> = ids.iter().filter(|id| !drawn.contains_key(id)).copied().collect();
    if !missing.is_empty() {
        for listing in site.house.store.listings(&missing).await? {
            let card: Arc<str> = fragment("card.html", context! { job => Value::from(Serde(Card::of(&listing, now))) })?.into();
            reading.cards.keep((listing.id, spoken), Arc::clone(&card));
            drawn.insert(listing.id, card);
        }
    }
    Ok(ids.iter().filter_map(|id| drawn.get(id)).map(|card| Value::from_safe_string(card.to_string())).collect())
}

/// Skills nobody here knows, each with the one it may be a slip of: they are looked for all the same.
fn unknown_skills(wishes: &Preferences) -> Vec<String> {
    /// Most that are told of at a time.
    const MOST_TOLD: usize = 3;
    let SkillWish { any, all, none } = &wishes.skills;
    let unknown = any.iter().chain(all).chain(none).filter(|skill| !skills().knows(skill)).take(MOST_TOLD);
    unknown
        .map(|skill| match skills().nearest(skill) {
            Some(near) => say("fits-skill-near", &[("skill", skill.as_str().into()), ("near", near.into())]),
            None => say("fits-skill-unknown", &[("skill", skill.as_str().into())]),
        })
        .collect()
}

/// How many a week, in words.
fn a_week(count: &Count) -> String {
    let days = ("days", FORECAST_DAYS.into());
    match Forecast::of(count.recent).about_a_week() {
        AboutAWeek::None => say("fits-week-none", &[days]),
        AboutAWeek::Few => say("fits-week-few", &[days]),
        AboutAWeek::Many(1) => say("fits-week-one", &[days]),
        AboutAWeek::Many(many) => say("fits-week", &[days, ("count", many.into())]),
    }
}

/// Wishes not made yet that would narrow ones that are too broad.
fn narrowing(count: &Count, wishes: &Preferences) -> Option<Vec<String>> {
    let open = |(label, drop): &Wish| dropped(wishes, *drop).is_none().then(|| said(label));
    let is_broad = matches!(Forecast::of(count.recent).about_a_week(), AboutAWeek::Many(many) if many > BROAD_A_WEEK);
    is_broad.then(|| WISHES.iter().take(NARROWING).filter_map(open).collect())
}

/// Where nothing fits: the wish without which the most would, and how many.
async fn without(site: &Site, reading: &Arc<Reading>, wishes: &Preferences) -> Option<(String, usize)> {
    let fewer = WISHES.iter().filter_map(|(label, drop)| Some((*label, dropped(wishes, *drop)?)));
    let (labels, fewer): (Vec<&str>, Vec<Preferences>) = fewer.unzip();
    let counts = site.open.counts(reading, fewer, 0).await;
    labels
        .into_iter()
        .zip(counts)
        .map(|(label, count)| (said(label), count.open))
        .filter(|(_, open)| *open > 0)
        .max_by_key(|(_, open)| *open)
}

/// The wishes without one of them; none where it is not made.
fn dropped(wishes: &Preferences, drop: fn(&mut Preferences)) -> Option<Preferences> {
    let mut fewer = wishes.clone();
    drop(&mut fewer);
    (fewer != *wishes).then_some(fewer)
}
