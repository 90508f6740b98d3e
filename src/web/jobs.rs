//! View jobs: browse what is open, one listing with its facts, all listings of one letter.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use chrono::DateTime;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::form_view::form_value;
use super::home::at_home;
use super::job_ld::job_posting;
use super::listing_view::{Card, Sheet};
use super::page::{Answer, notice, page, said, unknown_link};
use super::pay_chart::{PayPage, pay_rows};
use super::person::speak_to;
use super::state::Shared;
use super::typed::Typed;
use super::wishes::{Faults, read_preferences};
use crate::domain::{DeliveryId, ListingId, TokenPurpose};

/// Listings on one page of the browser.
const PAGE: usize = 20;

/// Open listings, newest first, filtered by the same fields as an alert.
pub(super) async fn browse(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let typed = at_home(Typed::parse(query.unwrap_or_default().as_bytes()));
    let now = site.now();
    let held = site.open.reading(now).await?;
    let (all, named) = (held.open(), Value::from(Serde(&*site.open.named(now).await?)));
    let service = &site.house.service_name;
    let wishes = match read_preferences(&typed, &site.house.rates) {
        Ok(wishes) => wishes,
        Err(faults) => {
            let form = form_value(&typed, &faults);
            let context = context! { service, form, all, named, filtered => true, count => (), cut => false, cards_list => Vec::<Value>::new(), pay => (), next => (), keep => () };
            return page(StatusCode::UNPROCESSABLE_ENTITY, "jobs.html", context);
        }
    };
    let fitting = site.open.fitting(&wishes, now).await?;
    let before = typed.one("before").parse::<i64>().unwrap_or(i64::MAX);
    let from = fitting.found.partition_point(|(seq, _)| seq.0 >= before);
    let shown = &fitting.found[from..fitting.found.len().min(from + PAGE)];
    let more = fitting.found.len() > from + shown.len();
    let ids: Vec<ListingId> = shown.iter().map(|(_, id)| *id).collect();
    let cards: Vec<Card> = site.house.store.listings(&ids).await?.iter().map(|listing| Card::of(listing, now)).collect();
    let keep = typed.as_query(None);
    let next = shown.last().filter(|_| more).map(|(seq, _)| typed.as_query(Some(("before", &seq.0.to_string()))));
    let context = context! {
        service,
        all,
        named,
        form => form_value(&typed, &Faults::new()),
        filtered => typed.wishes().next().is_some(),
        count => fitting.found.len(),
        cut => fitting.cut,
        cards_list => Value::from(Serde(cards)),
        pay => Value::from(Serde(pay_rows(&*site.open.pay(now).await?))),
        next,
        keep,
    };
    page(StatusCode::OK, "jobs.html", context)
}

/// What open jobs pay, by country, role and level.
pub(super) async fn pay(State(site): State<Shared>) -> Answer {
    let stats = site.open.pay(site.now()).await?;
    let service = &site.house.service_name;
    page(StatusCode::OK, "pay.html", context! { service, page => Value::from(Serde(PayPage::of(&stats))) })
}

/// One listing with its facts.
pub(super) async fn job(State(site): State<Shared>, Path(id): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let listing = match id.parse() {
        Ok(id) => site.house.store.listing(ListingId(id)).await?,
        Err(_) => None,
    };
    let Some(listing) = listing else {
        return notice(StatusCode::NOT_FOUND, service, &said("job-gone-heading"), &[said("job-gone")], Some(("/jobs", &said("jobs-see"))));
    };
    let described = site.describes(&listing.posting.source) && listing.is_open(site.now());
    let ld = described.then(|| job_posting(&listing, &site.house.base_url)).flatten();
    page(StatusCode::OK, "job.html", context! { service, ld, job => Value::from(Serde(Sheet::of(&listing, site.now()))) })
}

/// All listings of one letter: those it showed and those it folded away.
pub(super) async fn digest(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let now = site.now();
    let verify = |at| site.house.signer.verify(TokenPurpose::Digest, &token, at);
    let Some(claims) = verify(now) else {
        if verify(DateTime::UNIX_EPOCH).is_none() {
            return unknown_link(service);
        }
        return notice(StatusCode::GONE, service, &said("digest-gone-heading"), &[said("digest-gone")], Some(("/jobs", &said("jobs-see"))));
    };
    let delivery = site.house.store.delivery(DeliveryId(claims.ids[0])).await?;
    if let Some(delivery) = &delivery {
        speak_to(&site, delivery.subscriber).await?;
    }
    let Some(digest) = delivery.and_then(|delivery| delivery.digest) else { return unknown_link(service) };
    let cards = async |ids: &[ListingId]| {
        let listings = site.house.store.listings(ids).await?;
        Ok::<Value, crate::store::StoreError>(Value::from(Serde(listings.iter().map(|listing| Card::of(listing, now)).collect::<Vec<_>>())))
    };
    let (shown, folded) = (cards(&digest.selection.shown).await?, cards(&digest.selection.folded).await?);
    page(StatusCode::OK, "digest.html", context! { service, shown, folded, total => digest.selection.total })
}
