//! One job, once, as the store keeps it: twins are quiet, a new id is no new job, cities share a card, the employer's own leads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use chrono::{DateTime, TimeDelta, Utc};
use rolecall::domain::{ListingId, Posting, Seq, SourceState, Window};
use rolecall::extract::Extractor;
use rolecall::store::{Audience, DatabaseSettings, FetchRecord, FetchSummary, ReadPosting, Store};

const ALL: Window = Window { after: Seq(0), until: Seq(i64::MAX) };

struct Shelf {
    _folder: tempfile::TempDir,
    store: Store,
    extractor: Extractor,
    now: DateTime<Utc>,
}

impl Shelf {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", folder.path().join("kin.db").display()) }).await.unwrap();
        let now = DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z").unwrap().to_utc();
        Self { _folder: folder, store, extractor: Extractor::new(), now }
    }

    /// One fetch of a source: what it has that is new, and what it lost.
    async fn fetch(&self, source: &str, postings: &[Posting], missing: &[ListingId]) -> FetchSummary {
        let read = |posting: &Posting| {
            let listing = self.extractor.read(Posting { source: source.to_owned(), ..posting.clone() }, self.now);
            let likeness = Some(self.extractor.likeness(&listing));
            ReadPosting { posting_hash: posting.id.clone(), row_hash: None, likeness, listing }
        };
        let (read, missing) = (postings.iter().map(read).collect(), missing.to_vec());
        let (state, now) = (SourceState::default(), self.now);
        let record = FetchRecord { source, read, seen: vec![], missing, reread: vec![], audience: Audience::Alerts, state: &state, now };
        self.store.record_fetch(record).await.unwrap()
    }

    async fn id(&self, source: &str, external_id: &str) -> ListingId {
        self.store.known_listings(source).await.unwrap()[external_id].id
    }

    /// The ids that a page of open jobs shows.
    async fn open(&self) -> Vec<ListingId> {
        self.store.open_block(None, self.now, 50).await.unwrap().into_iter().map(|listing| listing.id).collect()
    }
}

fn job(id: &str, company: &str, place: &str) -> Posting {
    let duties: Vec<String> = (0..140).map(|number| format!("duty{}", number * 7_919 % 1_009)).collect();
    Posting {
        id: id.to_owned(),
        title: "Senior Rust Engineer".to_owned(),
        company: Some(company.to_owned()),
        location: Some(place.to_owned()),
        description: Some(format!("<p>You build the ledger of a bank in Rust and PostgreSQL.</p><p>{}</p>", duties.join(" "))),
        url: Some(format!("https://{}.example/jobs/{id}", company.to_lowercase().replace(' ', "-"))),
        ..Posting::default()
    }
}

#[tokio::test]
async fn the_same_job_of_another_source_is_quiet_and_shown_once() {
    let shelf = Shelf::new().await;
    shelf.fetch("board", &[job("1", "Deccan Pay", "Pune, India")], &[]).await;
    let copy = Posting { url: Some("https://aggregator.example/x".into()), ..job("x", "Deccan Pay Pvt Ltd", "Pune, India") };
    let summary = shelf.fetch("aggregator", &[copy], &[]).await;
    assert_eq!((summary.new, summary.twins), (1, 1));
    let told = shelf.store.block(ALL, Audience::Alerts, 10).await.unwrap();
    assert_eq!(told.len(), 1, "nobody is told twice");
    let status = shelf.store.status(shelf.now).await.unwrap();
    assert_eq!((status.open_listings, status.open_jobs), (2, 1), "two listings, one job");
    assert_eq!(shelf.open().await, [shelf.id("board", "1").await]);
}

#[tokio::test]
async fn a_job_under_a_new_id_stays_the_listing_it_was() {
    let mut shelf = Shelf::new().await;
    shelf.fetch("board", &[job("1", "Deccan Pay", "Pune, India")], &[]).await;
    let first = shelf.id("board", "1").await;
    let summary = shelf.fetch("board", &[job("2", "Deccan Pay", "Pune, India")], &[first]).await;
    assert_eq!((summary.new, summary.renamed, summary.closed), (0, 1, 0));
    assert_eq!(shelf.id("board", "2").await, first);
    assert!(!shelf.store.known_listings("board").await.unwrap().contains_key("1"));
    // Closed, and posted again within the month: it is open again. Later it is news.
    assert_eq!(shelf.fetch("board", &[], &[first]).await.closed, 1);
    shelf.now += TimeDelta::days(20);
    let again = shelf.fetch("board", &[job("3", "Deccan Pay", "Pune, India")], &[]).await;
    assert_eq!((again.new, again.renamed, again.relisted), (0, 1, 1));
    shelf.fetch("board", &[], &[first]).await;
    shelf.now += TimeDelta::days(31);
    assert_eq!(shelf.fetch("board", &[job("4", "Deccan Pay", "Pune, India")], &[]).await.new, 1);
}

#[tokio::test]
async fn one_job_in_two_cities_is_told_in_both_and_shares_a_card() {
    let shelf = Shelf::new().await;
    let cities = [job("1", "Deccan Pay", "Pune, India"), job("2", "Deccan Pay", "Chennai, India")];
    assert_eq!(shelf.fetch("board", &cities, &[]).await, FetchSummary { new: 2, ..FetchSummary::default() });
    let told = shelf.store.block(ALL, Audience::Alerts, 10).await.unwrap();
    let first = shelf.id("board", "1").await;
    assert_eq!(told.iter().map(|listing| listing.card).collect::<Vec<_>>(), [Some(first), Some(first)]);
    // A true twin, another team with a text of its own, keeps to itself.
    let other = Posting {
        description: Some("<p>You keep the risk models of traders running, in Rust on bare metal.</p>".repeat(6)),
        ..job("3", "Deccan Pay", "Pune, India")
    };
    assert_eq!(shelf.fetch("board", &[other], &[]).await, FetchSummary { new: 1, ..FetchSummary::default() });
    assert_eq!(shelf.store.block(ALL, Audience::Alerts, 10).await.unwrap()[2].card, None);
}

#[tokio::test]
async fn the_employers_own_listing_leads_the_staffing_copy_that_came_first() {
    let shelf = Shelf::new().await;
    shelf.fetch("agency", &[job("a", "Malabar Staffing Solutions", "Pune, India")], &[]).await;
    let summary = shelf.fetch("board", &[job("1", "Deccan Pay", "Pune, India")], &[]).await;
    assert_eq!((summary.new, summary.twins), (1, 1), "it was told already");
    assert_eq!(shelf.open().await, [shelf.id("board", "1").await], "and is shown as the employer's");
}
