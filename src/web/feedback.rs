//! What a person thinks of one listing of one letter: a page with buttons, and what its buttons do.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use chrono::DateTime;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::listing_view::Card;
use super::page::{Answer, PageError, ended_link, page, said, unknown_link};
use super::person::speak_to;
use super::speech::{say, word};
use super::state::{Shared, Site};
use super::typed::Typed;
use crate::domain::feedback::{Feedback, Objection, Opinion};
use crate::domain::{Listing, ListingId, Skill, Subscription, SubscriptionId, TokenPurpose};

/// What was said, in words, for this page and the one that lists it.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    listing: i64,
    title: String,
    company: String,
    words: String,
}

impl Said {
    pub(super) fn of(feedback: &Feedback) -> Self {
        let why = match feedback.why {
            None => None,
            Some(Objection::Skill) => Some(feedback.skills.first().map_or_else(|| word("objection", "skill"), ToString::to_string)),
            Some(why) => Some(word("objection", why.as_str())),
        };
        let opinion = word("opinion", feedback.opinion.as_str());
        let words = match why {
            None => opinion,
            Some(why) => say("feedback-because", &[("opinion", opinion.into()), ("why", why.into())]),
        };
        Self { listing: feedback.listing.0, title: feedback.title.clone(), company: feedback.company.clone(), words }
    }
}

/// What a token is for.
struct Subject {
    alert: Subscription,
    listing: Listing,
}

/// The alert and the listing of a token, or the page that says why there are none.
async fn subject(site: &Site, token: &str) -> Result<Result<Subject, Answer>, PageError> {
    let service = &site.house.service_name;
    let verify = |now| site.house.signer.verify(TokenPurpose::Feedback, token, now);
    let Some(claims) = verify(site.now()) else {
        let was_good = verify(DateTime::UNIX_EPOCH).is_some();
        return Ok(Err(if was_good { ended_link(service) } else { unknown_link(service) }));
    };
    let [alert, listing, _] = claims.ids;
    let alert = site.house.store.subscription(SubscriptionId(alert)).await?;
    let listing = site.house.store.listing(ListingId(listing)).await?;
    if let Some(alert) = &alert {
        speak_to(site, alert.subscriber).await?;
    }
    Ok(alert.zip(listing).map(|(alert, listing)| Subject { alert, listing }).ok_or_else(|| ended_link(service)))
}

/// The page with the buttons; opening it changes nothing.
pub(super) async fn feedback_page(State(site): State<Shared>, Path(token): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let subject = match subject(&site, &token).await? {
        Ok(subject) => subject,
        Err(answer) => return answer,
    };
    let asked = Typed::parse(query.unwrap_or_default().as_bytes());
    shown(&site, StatusCode::OK, &subject, asked.one("say") == Opinion::NotForMe.as_str(), None)
}

fn shown(site: &Site, status: StatusCode, subject: &Subject, refusing: bool, fault: Option<&str>) -> Answer {
    let Subject { alert, listing } = subject;
    let said = alert.feedback.iter().find(|said| said.listing == listing.id).map(Said::of);
    let skills: Vec<String> = listing.facts.skills.iter().map(|found| found.value.to_string()).collect();
    let context = context! {
        service => site.house.service_name.as_str(),
        alert => alert.name.as_str(),
        job => Value::from(Serde(Card::of(listing, site.now()))),
        said => said.map(|said| Value::from(Serde(said))),
        skills,
        refusing,
        fault,
    };
    page(status, "feedback.html", context)
}

/// Keeps, or takes back, what was said.
pub(super) async fn feedback(State(site): State<Shared>, Path(token): Path<String>, body: Bytes) -> Answer {
    let subject_of = match subject(&site, &token).await? {
        Ok(subject) => subject,
        Err(answer) => return answer,
    };
    let typed = Typed::parse(&body);
    let (alert, listing) = (subject_of.alert.id, subject_of.listing.id);
    if typed.one("do") == "undo" {
        site.house.consent.unsay(alert, listing).await?;
    } else {
        let Ok(opinion) = typed.one("do").parse::<Opinion>() else {
            let fault = said("feedback-no-button");
            return shown(&site, StatusCode::UNPROCESSABLE_ENTITY, &subject_of, false, Some(&fault));
        };
        let why = typed.one("why").parse::<Objection>().ok();
        let skill = Skill::parse(typed.one("skill")).ok();
        let skill = skill.filter(|skill| subject_of.listing.facts.skills.iter().any(|found| found.value == *skill));
        if why == Some(Objection::Skill) && skill.is_none() {
            return shown(&site, StatusCode::UNPROCESSABLE_ENTITY, &subject_of, true, Some(&said("feedback-which-skill")));
        }
        site.house.consent.say(alert, Feedback::on(&subject_of.listing, opinion, why, skill, site.now())).await?;
    }
    match subject(&site, &token).await? {
        Ok(subject) => shown(&site, StatusCode::OK, &subject, false, None),
        Err(answer) => answer,
    }
}
