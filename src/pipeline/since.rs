//! What became of jobs that a person called good in feedback on a letter: closed, open again, or changed in title, place or pay.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::feedback::Opinion;
use crate::domain::listing_event::ListingPart;
use crate::domain::{Listing, ListingEvent, ListingEventKind, ListingId, Subscription};
use crate::store::{Store, StoreError};

/// How far back the last letter may lie.
const LOOKED_BACK: TimeDelta = TimeDelta::days(30);

/// What happened to the jobs that the person liked between the last letter and `until`, newest first; `anew` are told in this letter
/// anyway. Of each job what counts in the end: one that closed and is open again is no news.
///
/// # Errors
/// Those of the store.
pub async fn since_last_letter(
    store: &Store,
    subscription: &Subscription,
    until: DateTime<Utc>,
    anew: &[ListingId],
) -> Result<Vec<(Listing, ListingEvent)>, StoreError> {
    let liked = subscription.feedback.iter().filter(|said| said.opinion == Opinion::More).map(|said| said.listing);
    let ids: Vec<ListingId> = liked.filter(|id| !anew.contains(id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let letters = store.told(subscription.id, until, 1).await?;
    let last = letters.first().map_or(until - LOOKED_BACK, |(last, _)| (*last).max(until - LOOKED_BACK));
    let events = store.listing_events(&ids, last).await?;
    let mut ended = in_the_end(events.into_iter().filter(|event| event.happened_at <= until));
    ended.sort_by_key(|event| (std::cmp::Reverse(event.happened_at), event.listing));
    let ids: Vec<ListingId> = ended.iter().map(|event| event.listing).collect();
    let listings = store.listings(&ids).await?;
    let mut by_id: HashMap<ListingId, Listing> = listings.into_iter().map(|listing| (listing.id, listing)).collect();
    Ok(ended.into_iter().filter_map(|event| Some((by_id.remove(&event.listing)?, event))).collect())
}

/// One event a listing, of events in order of time.
fn in_the_end(events: impl Iterator<Item = ListingEvent>) -> Vec<ListingEvent> {
    let mut ended: HashMap<ListingId, ListingEvent> = HashMap::new();
    for mut event in events {
        event.differences.retain(|difference| difference.part != ListingPart::Text);
        let before = ended.get(&event.listing).map(|before| before.kind);
        match (before, event.kind) {
            // Closed and back within the time: nothing to tell.
            (Some(ListingEventKind::Closed), ListingEventKind::Relisted) => {
                ended.remove(&event.listing);
            }
            (_, ListingEventKind::Changed) if event.differences.is_empty() => {}
            (Some(ListingEventKind::Closed), ListingEventKind::Changed) => {}
            _ => {
                ended.insert(event.listing, event);
            }
        }
    }
    ended.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing_event::Difference;

    fn event(listing: i64, kind: ListingEventKind, parts: &[ListingPart]) -> ListingEvent {
        let differences = parts.iter().map(|part| Difference { part: *part, before: None, after: None }).collect();
        ListingEvent { listing: ListingId(listing), kind, happened_at: DateTime::UNIX_EPOCH, differences }
    }

    fn told(events: Vec<ListingEvent>) -> Vec<(i64, ListingEventKind)> {
        let mut told: Vec<_> = in_the_end(events.into_iter()).into_iter().map(|event| (event.listing.0, event.kind)).collect();
        told.sort_unstable();
        told
    }

    #[test]
    fn only_what_counts_in_the_end_is_told() {
        use ListingEventKind::{Changed, Closed, Relisted};
        let there_and_back = vec![event(1, Closed, &[]), event(1, Relisted, &[]), event(2, Closed, &[])];
        assert_eq!(told(there_and_back), [(2, Closed)]);
        let words = vec![event(1, Changed, &[ListingPart::Text]), event(2, Changed, &[ListingPart::Text, ListingPart::Pay])];
        assert_eq!(told(words), [(2, Changed)], "a new wording is no news, a new pay is");
        assert_eq!(told(vec![event(1, Changed, &[ListingPart::Pay]), event(1, Closed, &[])]), [(1, Closed)]);
        assert_eq!(told(vec![event(1, Relisted, &[])]), [(1, Relisted)], "it was told as closed in an earlier letter");
    }
}
