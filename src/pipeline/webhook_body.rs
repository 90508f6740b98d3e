//! What is posted to a webhook, as JSON: the listings that one step of an alert brought, from what is true now.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::letter::LetterDesk;
use crate::compose::LetterListing;
use crate::domain::line::one_line;
use crate::domain::{Listing, ListingId, Selection, Subscription, Verdict};
use crate::store::StoreError;

/// Most listings of one call, best first; how many fitted is told beside them.
const MOST_LISTINGS: usize = 50;
/// Largest body in bytes; listings that make it larger are left out from the end.
const MOST_BYTES: usize = 256 * 1024;
/// Longest line of a title, company or place, in characters.
const LINE: usize = 200;

/// The body with what an alert brought; none where all of it has closed or fits no more.
pub(in crate::pipeline) async fn news_body(
    desk: &LetterDesk,
    alert: &Subscription,
    selection: &Selection,
    queued_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let ids: Vec<ListingId> = selection.shown.iter().chain(&selection.folded).copied().take(MOST_LISTINGS).collect();
    let jobs = desk.jobs(&ids, selection).await?;
    let fitting = desk.still_fitting(&jobs, alert, now);
    let mut room = MOST_BYTES;
    let listings = fitting.iter().map(|fitting| listing_value(desk, fitting));
    let listings: Vec<Value> = listings
        .take_while(|value| {
            let bytes = value.to_string().len();
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        })
        .collect();
    if listings.is_empty() {
        return Ok(None);
    }
    let mut data = alert_value(alert);
    data["total"] = selection.total.into();
    data["listings"] = listings.into();
    Ok(Some(body("alert.due", queued_at, &data)))
}

/// The body of a test.
pub(in crate::pipeline) fn test_body(alert: &Subscription, queued_at: DateTime<Utc>) -> Vec<u8> {
    body("webhook.test", queued_at, &alert_value(alert))
}

fn body(kind: &str, at: DateTime<Utc>, data: &Value) -> Vec<u8> {
    json!({"type": kind, "timestamp": at, "data": data}).to_string().into_bytes()
}

fn alert_value(alert: &Subscription) -> Value {
    json!({"alert": {"id": alert.id.0, "name": alert.name}})
}

fn listing_value(desk: &LetterDesk, fitting: &LetterListing<'_>) -> Value {
    let LetterListing { listing, reasons, also, .. } = fitting;
    let mut value = place_value(desk, listing);
    let posting = &listing.posting;
    value["title"] = one_line(&posting.title, LINE).into();
    value["company"] = one_line(listing.company(), LINE).into();
    value["source"] = posting.source.as_str().into();
    value["credit"] = posting.credit.as_deref().into();
    value["published_at"] = json!(listing.published_at());
    value["valid_through"] = json!(listing.valid_through);
    value["facts"] = json!(listing.facts.line(&posting.id));
    value["fits"] = reasons.iter().filter(|reason| reason.verdict == Verdict::Holds).map(|reason| reason.criterion.as_str()).collect();
    value["also"] = also.iter().map(|other| place_value(desk, other)).collect();
    value
}

/// What is the listing's own where one job has several places.
fn place_value(desk: &LetterDesk, listing: &Listing) -> Value {
    let web = |text: &String| url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = [&listing.posting.url, &listing.posting.apply_url].into_iter().flatten().find_map(web).map(String::from);
    let location = listing.posting.location.as_deref().map(|text| one_line(text, LINE));
    json!({"id": listing.id.0, "location": location, "url": url, "page": desk.composer.links().job(listing.id)})
}
