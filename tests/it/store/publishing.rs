//! Listings come in, change, close and come back.

use rolecall::domain::{ListingId, Seq, Window};
use rolecall::store::{Audience, FetchSummary, Store};

use super::words::{Fetch, at, posting, publish};

const ALL: Window = Window { after: Seq(0), until: Seq(i64::MAX) };

pub async fn numbers_become_visible_in_order_under_two_writers(store: &Store) {
    const FETCHES: usize = 20;
    let writers = ["north", "south"].map(|source| {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..FETCHES {
                let read = (0..3).map(|n| posting(&format!("{round}-{n}"), &format!("{source} {round} {n}"))).collect();
                Fetch { read, ..Fetch::default() }.record(&store, source).await;
            }
        })
    });
    // Whoever reads meanwhile never sees a gap that is filled later.
    let mut seen = 0;
    while seen < FETCHES * 6 {
        let block = store.block(ALL, Audience::Quiet, 1_000).await.unwrap();
        let numbers: Vec<i64> = block.iter().map(|listing| listing.seq.0).collect();
        assert_eq!(numbers, (1..=i64::try_from(block.len()).unwrap()).collect::<Vec<_>>());
        seen = block.len();
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(store.newest_seq().await.unwrap(), Seq(120));
}

pub async fn nobody_waits_for_the_whole_of_a_large_fetch(store: &Store) {
    const COUNT: usize = 1_500;
    let large = tokio::spawn({
        let store = store.clone();
        async move { publish(&store, "large", COUNT).await }
    });
    let mut seen = 0;
    while seen == 0 {
        seen = store.newest_seq().await.unwrap().0;
        tokio::task::yield_now().await;
    }
    assert!(usize::try_from(seen).unwrap() < COUNT, "others wrote and read only after all of it");
    large.await.unwrap();
    assert_eq!(store.newest_seq().await.unwrap(), Seq(1_500));
}

pub async fn a_fetch_heals_changes_and_closes(store: &Store) {
    publish(store, "acme", 40).await;
    let known = store.known_listings("acme").await.unwrap();
    let id = |n: usize| known[&format!("acme-{n}")].id;
    assert!(known.values().all(|listing| listing.open));
    let everything: Vec<ListingId> = (0..40).map(id).collect();

    let missing = everything[10..].to_vec();
    let summary =
        Fetch { seen: everything[..10].to_vec(), missing: missing.clone(), minutes: 5, ..Fetch::default() }.record(store, "acme").await;
    assert_eq!(summary, FetchSummary { closed: 30, ..FetchSummary::default() });
    assert_eq!(store.listing(id(39)).await.unwrap().unwrap().closed_at, Some(at(5)));
    assert_eq!(store.listing(id(3)).await.unwrap().unwrap().last_seen, at(5));

    let mut read = vec![posting("acme-0", "acme staff engineer"), posting("acme-39", "acme engineer 39")];
    read[0].listing.posted_at = Some(at(-60));
    let summary = Fetch { read, seen: everything[10..39].to_vec(), minutes: 10, ..Fetch::default() }.record(store, "acme").await;
    assert_eq!(summary, FetchSummary { changed: 1, relisted: 30, ..FetchSummary::default() });
    let changed = store.listing(id(0)).await.unwrap().unwrap();
    assert_eq!((changed.seq, changed.posting.title.as_str()), (Seq(1), "acme staff engineer"));
    assert_eq!((changed.first_seen, changed.last_seen, changed.posted_at), (at(0), at(10), Some(at(-60))));
    assert_eq!(changed.words, posting("", "acme staff engineer").listing.words);

    let status = store.status(at(10)).await.unwrap();
    assert_eq!((status.open_listings, status.closed_listings, status.newest_seq), (40, 0, 40));
    let state = store.source_state("acme").await.unwrap();
    assert_eq!((state.last_yield, state.last_success_at), (Some(7), Some(at(10))));
    assert_eq!(store.source_states().await.unwrap(), vec![("acme".to_owned(), state)]);
    let back: Vec<ListingId> = everything.iter().rev().copied().chain([ListingId(9_999)]).collect();
    let listings = store.listings(&back).await.unwrap();
    assert_eq!(listings.iter().map(|listing| listing.id).collect::<Vec<_>>(), back[..40]);
}

pub async fn twins_and_old_stock_are_kept_quiet(store: &Store) {
    let stock = Fetch { read: vec![posting("1", "platform engineer")], quiet: true, ..Fetch::default() }.record(store, "board").await;
    assert_eq!(stock, FetchSummary { new: 1, ..FetchSummary::default() });
    let read = vec![posting("a", "go engineer"), posting("b", "go engineer"), posting("c", "rust engineer")];
    let summary = Fetch { read, ..Fetch::default() }.record(store, "mirror").await;
    assert_eq!(summary, FetchSummary { new: 3, twins: 1, ..FetchSummary::default() });
    let told = store.block(ALL, Audience::Alerts, 10).await.unwrap();
    assert_eq!(told.iter().map(|listing| listing.seq.0).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(store.block(ALL, Audience::Quiet, 10).await.unwrap().len(), 4);

    // A platform that renames every id in one fetch tells nobody twice.
    let missing = store.known_listings("mirror").await.unwrap().values().map(|known| known.id).collect();
    let renamed =
        Fetch { read: vec![posting("new-c", "rust engineer")], missing, minutes: 5, ..Fetch::default() }.record(store, "mirror").await;
    assert_eq!(renamed, FetchSummary { new: 1, twins: 1, closed: 3, ..FetchSummary::default() });
    // Once the job was really gone, it is news again.
    let again = Fetch { read: vec![posting("a2", "go engineer")], minutes: 10, ..Fetch::default() }.record(store, "board").await;
    assert_eq!(again, FetchSummary { new: 1, ..FetchSummary::default() });
}

pub async fn windows_and_open_blocks_page_through_everything(store: &Store) {
    publish(store, "one", 5).await;
    let mut late = posting("late", "late engineer");
    late.listing.valid_through = Some(at(30));
    late.listing.posting.company = None;
    late.listing.posted_at = Some(at(60));
    Fetch { read: vec![late], minutes: 20, ..Fetch::default() }.record(store, "two").await;

    let first = store.block(Window { after: Seq(1), until: Seq(5) }, Audience::Alerts, 3).await.unwrap();
    assert_eq!(first.iter().map(|listing| listing.seq.0).collect::<Vec<_>>(), [2, 3, 4]);
    let rest = store.block(Window { after: Seq(4), until: Seq(5) }, Audience::Alerts, 3).await.unwrap();
    assert_eq!(rest.iter().map(|listing| listing.seq.0).collect::<Vec<_>>(), [5]);

    let open = store.open_block(None, at(25), 2).await.unwrap();
    assert_eq!(open.iter().map(|listing| listing.seq.0).collect::<Vec<_>>(), [6, 5]);
    assert_eq!((open[0].shown_company.as_str(), open[0].company.as_deref()), ("two", None));
    assert_eq!(open[0].published_at, at(20), "a date in the future counts from when it was first seen");
    assert_eq!(store.open_block(None, at(31), 10).await.unwrap().len(), 5, "what ended by its own word is not open");
    assert_eq!(store.open_block(Some(Seq(3)), at(25), 10).await.unwrap().len(), 2);
    assert_eq!(store.seq_at(at(-1)).await.unwrap(), Seq(0));
    assert_eq!(store.seq_at(at(19)).await.unwrap(), Seq(5));
    assert_eq!(store.seq_at(at(20)).await.unwrap(), Seq(6));
}
