//! The SQLite file: made, refused, copied, emptied of what was erased.

use rolecall::domain::Seq;
use rolecall::store::{DatabaseSettings, Store, StoreError};

use super::sqlite;
use super::words::{Fetch, at, posting, publish, somebody, welcome};

async fn open(url: String) -> Result<Store, StoreError> {
    Store::open(&DatabaseSettings { url }).await
}

#[tokio::test]
async fn an_unusable_place_is_named_with_its_mend() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let error = open(format!("sqlite:{}/file/rolecall.db", folder.path().display())).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unusable(text) if text.contains("/file") && text.contains("database.url")), "{error}");
    let error = open(format!("sqlite:{}", folder.path().display())).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unusable(text) if text.contains("is a folder")), "{error}");
    for url in ["mysql://somewhere", "sqlite:", "sqlite::memory:", ""] {
        let error = open(url.to_owned()).await.unwrap_err();
        assert!(matches!(&error, StoreError::Unusable(text) if text.contains("postgres://")), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rolecall.db");
    let rubbish = "this is no database ".repeat(500);
    std::fs::write(&path, &rubbish).unwrap();
    let error = open(format!("sqlite:{}", path.display())).await.unwrap_err();
    assert!(matches!(&error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), rubbish);
}

#[tokio::test]
async fn what_was_kept_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path(), "kept").await;
    publish(&store, "acme", 3).await;
    store.probe_write().await.unwrap();
    store.close().await;
    let store = sqlite(folder.path(), "kept").await;
    assert_eq!(store.newest_seq().await.unwrap(), Seq(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_writing_opens_as_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path(), "busy").await;
    publish(&store, "before", 5).await;
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 0..200 {
                Fetch { read: vec![posting(&n.to_string(), &format!("engineer {n}"))], ..Fetch::default() }.record(&store, "acme").await;
            }
        })
    };
    for round in 0..3 {
        let newest_before = store.newest_seq().await.unwrap();
        let copy = folder.path().join(format!("copy-{round}.db"));
        store.backup(&copy).await.unwrap();
        assert!(matches!(store.backup(&copy).await, Err(StoreError::Unusable(_))), "a backup never overwrites");
        let restored = open(format!("sqlite:{}", copy.display())).await.unwrap();
        let newest = restored.newest_seq().await.unwrap();
        let status = restored.status(at(0)).await.unwrap();
        assert!(newest >= newest_before);
        assert_eq!(i64::try_from(status.open_listings).unwrap(), newest.0, "counter and rows are of one moment");
        let known = restored.known_listings("before").await.unwrap();
        assert_eq!(known, store.known_listings("before").await.unwrap());
        restored.close().await;
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn no_byte_of_an_erased_address_is_left_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path(), "forget").await;
    let mut people = Vec::new();
    for n in 0..30 {
        let (id, alert) = somebody(&store, &format!("unforgettable-{n}"), "daily").await;
        welcome(&store, alert, Some(at(9))).await;
        people.push(id);
    }
    let holds = |needle: &str| {
        let files: Vec<_> = std::fs::read_dir(folder.path().join("data")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!files.is_empty());
        files.iter().any(|file| std::fs::read(file).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes()))
    };
    assert!(holds("unforgettable-7@"), "the search finds what is there");
    for id in people {
        assert!(store.erase(id).await.unwrap());
    }
    assert!(!holds("unforgettable"));
}
