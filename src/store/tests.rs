//! What holds for the room as a whole: every statement prepares on both databases, both schemas are one, migrations keep rows.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::{Executor as _, PgPool, SqlitePool};

use super::db::{DatabaseSettings, Store};
use super::error::StoreError;
use super::open::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use super::wire::Pool;
use super::{
    absence, api_token, attempt, change, claim, day, db, decision, end, expired, feedback, kin, life, listing_event, listing_read,
    listing_write, outbox, parked, queue, receiver, retire, returned, returned_read, run_out, set_back, sign_up, source, source_pause,
    status, subscriber, subscription, webhook, webhook_call,
};

#[path = "../../tests/it/store/postgres.rs"]
mod postgres;

const STATEMENTS: &[&[&str]] = &[
    absence::STATEMENTS,
    api_token::STATEMENTS,
    attempt::STATEMENTS,
    change::STATEMENTS,
    claim::STATEMENTS,
    day::STATEMENTS,
    db::STATEMENTS,
    decision::STATEMENTS,
    expired::STATEMENTS,
    feedback::STATEMENTS,
    kin::STATEMENTS,
    life::STATEMENTS,
    listing_event::STATEMENTS,
    listing_read::STATEMENTS,
    listing_write::STATEMENTS,
    outbox::STATEMENTS,
    parked::STATEMENTS,
    queue::STATEMENTS,
    receiver::STATEMENTS,
    retire::STATEMENTS,
    returned::STATEMENTS,
    returned_read::STATEMENTS,
    run_out::STATEMENTS,
    set_back::STATEMENTS,
    sign_up::STATEMENTS,
    source::STATEMENTS,
    source_pause::STATEMENTS,
    status::STATEMENTS,
    subscriber::STATEMENTS,
    subscription::STATEMENTS,
    webhook::STATEMENTS,
    webhook_call::STATEMENTS,
];

fn statements() -> impl Iterator<Item = &'static str> {
    STATEMENTS.iter().flat_map(|list| list.iter().copied())
}

async fn sqlite_store(folder: &Path) -> (Store, SqlitePool) {
    let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}/test.db", folder.display()) }).await.unwrap();
    let Pool::Sqlite(writer) = store.writer.clone() else { panic!("the URL says SQLite") };
    (store, writer)
}

async fn postgres_pool(url: String) -> PgPool {
    let Pool::Postgres(pool) = Store::open(&DatabaseSettings { url }).await.unwrap().writer else { panic!("the URL says Postgres") };
    pool
}

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let (_, writer) = sqlite_store(folder.path()).await;
    for statement in statements().chain([decision::SQLITE_STATEMENTS, end::SQLITE_STATEMENTS, outbox::SQLITE_STATEMENTS].concat()) {
        let prepared = writer.prepare(sqlx::SqlStr::from_static(statement)).await;
        assert!(prepared.is_ok(), "{statement}\n{}", prepared.err().unwrap());
    }
    assert!(statements().count() > 60);
}

#[tokio::test]
async fn every_statement_prepares_on_postgres() {
    let Some(server) = postgres::Server::start("the statements on Postgres") else { return };
    let pool = postgres_pool(server.database("statements")).await;
    let own = [claim::POSTGRES_STATEMENTS, decision::POSTGRES_STATEMENTS, end::POSTGRES_STATEMENTS, outbox::POSTGRES_STATEMENTS];
    for statement in statements().chain(own.concat()) {
        let prepared = pool.prepare(sqlx::SqlStr::from_static(statement)).await;
        assert!(prepared.is_ok(), "{statement}\n{}", prepared.err().unwrap());
    }
    pool.close().await;
}

/// Table, column, and whether it may be empty.
type Column = (String, String, bool);

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.\"notnull\" = 0 FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
const SQLITE_INDEXES: &str = "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'";
const POSTGRES_INDEXES: &str = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' \
     AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'";

#[tokio::test]
async fn both_schemas_have_the_same_tables_columns_and_indexes() {
    let Some(server) = postgres::Server::start("the comparison of the schemas") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_, sqlite) = sqlite_store(folder.path()).await;
    let pool = postgres_pool(server.database("schema")).await;
    let here: BTreeSet<Column> = sqlx::query_as(SQLITE_COLUMNS).fetch_all(&sqlite).await.unwrap().into_iter().collect();
    let there: BTreeSet<Column> = sqlx::query_as(POSTGRES_COLUMNS).fetch_all(&pool).await.unwrap().into_iter().collect();
    assert_eq!(here, there);
    assert!(here.len() > 60 && here.iter().any(|(_, _, nullable)| *nullable));
    let here: BTreeSet<String> = sqlx::query_scalar(SQLITE_INDEXES).fetch_all(&sqlite).await.unwrap().into_iter().collect();
    let there: BTreeSet<String> = sqlx::query_scalar(POSTGRES_INDEXES).fetch_all(&pool).await.unwrap().into_iter().collect();
    assert_eq!(here, there);
    pool.close().await;
}

#[test]
fn both_histories_have_the_same_steps() {
    let steps = |migrator: &Migrator| migrator.iter().map(|step| (step.version, step.description.to_string())).collect::<Vec<_>>();
    assert_eq!(steps(&SQLITE_MIGRATIONS), steps(&POSTGRES_MIGRATIONS));
    assert!(steps(&SQLITE_MIGRATIONS).len() >= 2);
}

/// A row for every table, as it could stand after the first step; later steps add theirs.
const LIVED_IN: &[&[&str]] = &[
    &[
        "INSERT INTO source_state (name, state) VALUES ('acme', '{}')",
        "INSERT INTO listing (seq, source, external_id, quiet, fingerprint, content_hash, posting_hash, first_seen, last_seen, facts, \
         words, posting, body) VALUES (1, 'acme', '1', FALSE, 'f', 'c', 'p', 1, 1, '{}', NO_BYTES, '{}', '')",
        "INSERT INTO subscriber (email, email_key, state, since, created_at, confirmed_at) \
         VALUES ('Asha@example.org', 'asha@example.org', 'active', 1, 1, 1)",
        "INSERT INTO suppression (email_digest, reason, created_at) VALUES ('d', 'asked', 1)",
        "INSERT INTO consent (subscriber_id, event, happened_at, origin, detail) VALUES (1, 'confirmed', 1, 'web', '')",
        "INSERT INTO subscription (subscriber_id, name, preferences, cadence, instant, decided_seq, welcomed, created_at, confirmed_at) \
         VALUES (1, 'Rust', '{}', '{}', FALSE, 0, TRUE, 1, 1)",
        "INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, 1, 'digest', 'queued', 3, 0, 1, 1)",
    ],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, 1, 'link', 'queued', 0, 0, 2, 2)"],
    &["INSERT INTO listing (seq, source, external_id, quiet, fingerprint, content_hash, posting_hash, first_seen, last_seen, facts, \
         words, posting, body, row_hash, read_at) VALUES (2, 'acme', '2', FALSE, 'f', 'c', 'p', 1, 1, '{}', NO_BYTES, '{}', '', 'r', 1)"],
    &["INSERT INTO listing (seq, source, external_id, quiet, fingerprint, content_hash, posting_hash, first_seen, last_seen, facts, \
         words, posting, body, likeness, job_id) VALUES (3, 'acme', '3', FALSE, 'f', 'c', 'p', 1, 1, '{}', NO_BYTES, '{}', '', '{}', 1)"],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, 1, 'link', 'queued', 0, 0, 3, 3)"],
    &["INSERT INTO subscription (subscriber_id, name, preferences, cadence, instant, decided_seq, welcomed, created_at, confirmed_at, \
         feedback) VALUES (1, 'Go', '{}', '{}', FALSE, 0, TRUE, 2, 2, '[]')"],
    &["INSERT INTO consent (subscriber_id, event, happened_at, origin, detail, page, words, client, client_until) \
         VALUES (1, 'changed', 2, 'web', '', '/manage', 'first', 'c', 3)"],
    &["INSERT INTO consent (subscriber_id, event, happened_at, origin, detail) VALUES (1, 'changed', 3, 'api', '')"],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, unanswered, due_at, created_at) \
         VALUES (1, 1, 'link', 'unknown', 0, 1, 1, 4, 4)"],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, 1, 'link', 'queued', 0, 0, 4, 4)"],
    &[
        "INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, NULL, 'renewal', 'queued', 3, 0, 4, 4)",
        "INSERT INTO consent (subscriber_id, event, happened_at, origin, detail) VALUES (1, 'renewed', 4, 'web', '')",
    ],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at, ended_at) \
         VALUES (1, 1, 'digest', 'expired', 3, 1, 5, 5, 5)"],
    &["INSERT INTO consent (subscriber_id, event, happened_at, origin, detail) VALUES (1, 'changed', 4, 'admin', '')"],
    &["INSERT INTO subscriber (email, email_key, state, since, created_at, language) \
         VALUES ('Anna@example.org', 'anna@example.org', 'pending', 5, 5, 'de')"],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at, domain) \
         VALUES (1, 1, 'link', 'queued', 0, 0, 6, 6, 'example.org')"],
    &["INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at) \
         VALUES (1, 1, 'webhook', 'queued', 3, 0, 6, 6)"],
];

const COUNT_ROWS: &str = "SELECT (SELECT COUNT(*) FROM source_state) + (SELECT COUNT(*) FROM listing) + (SELECT COUNT(*) FROM subscriber) \
     + (SELECT COUNT(*) FROM suppression) + (SELECT COUNT(*) FROM consent) + (SELECT COUNT(*) FROM subscription) \
     + (SELECT COUNT(*) FROM delivery)";

/// Goes through the history step by step, living in the database after each.
macro_rules! live_through {
    ($migrations:expr, $pool:expr, $no_bytes:literal) => {
        assert_eq!($migrations.iter().count(), LIVED_IN.len(), "give the new migration rows to survive");
        let mut rows = 0;
        for (step, lived) in $migrations.iter().zip(LIVED_IN) {
            $migrations.run_to(step.version, $pool).await.unwrap();
            let kept: i64 = sqlx::query_scalar(COUNT_ROWS).fetch_one($pool).await.unwrap();
            assert_eq!(kept, rows, "migration {} keeps every row", step.version);
            for row in *lived {
                sqlx::query(sqlx::AssertSqlSafe(row.replace("NO_BYTES", $no_bytes))).execute($pool).await.unwrap();
                rows += 1;
            }
        }
        $migrations.run($pool).await.unwrap();
        let kept: i64 = sqlx::query_scalar(COUNT_ROWS).fetch_one($pool).await.unwrap();
        assert_eq!(kept, rows, "running the history again changes nothing");
    };
}

#[tokio::test]
async fn every_migration_keeps_the_rows_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/lived-in.db?mode=rwc", folder.path().display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    live_through!(SQLITE_MIGRATIONS, &pool, "x''");
}

#[tokio::test]
async fn every_migration_keeps_the_rows_of_postgres() {
    let Some(server) = postgres::Server::start("the migrations on Postgres") else { return };
    let pool = PgPool::connect(&server.database("lived")).await.unwrap();
    live_through!(POSTGRES_MIGRATIONS, &pool, "''");
    pool.close().await;
}

#[tokio::test]
async fn what_came_back_keeps_its_letter_when_the_table_of_letters_is_written_anew() {
    const BEFORE: i64 = 20_261_127_010_000;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/anew.db?mode=rwc", folder.path().display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    SQLITE_MIGRATIONS.run_to(BEFORE, &pool).await.unwrap();
    let letters = LIVED_IN[0].iter().chain(LIVED_IN[1]).filter(|row| !row.contains("NO_BYTES"));
    for row in letters.chain(&[RETURNED]) {
        sqlx::query(*row).execute(&pool).await.unwrap();
    }
    sqlx::query("DELETE FROM delivery WHERE id = 2").execute(&pool).await.unwrap();
    SQLITE_MIGRATIONS.run(&pool).await.unwrap();
    let about: Option<i64> = sqlx::query_scalar("SELECT delivery_id FROM returned").fetch_one(&pool).await.unwrap();
    assert_eq!(about, Some(1));
    sqlx::query(LIVED_IN[1][0]).execute(&pool).await.unwrap();
    let newest: i64 = sqlx::query_scalar("SELECT MAX(id) FROM delivery").fetch_one(&pool).await.unwrap();
    assert_eq!(newest, 3, "the number of a letter that is gone is not used again");
}

#[tokio::test]
async fn a_letter_that_may_be_sent_once_more_keeps_its_bytes_over_the_next_steps_of_the_schema() {
    const BEFORE: i64 = 20_261_127_193_000;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/anew.db?mode=rwc", folder.path().display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    SQLITE_MIGRATIONS.run_to(BEFORE, &pool).await.unwrap();
    for row in LIVED_IN[0].iter().filter(|row| !row.contains("NO_BYTES")).chain(LIVED_IN[8]).chain(&[RETURNED]) {
        sqlx::query(*row).execute(&pool).await.unwrap();
    }
    sqlx::query("INSERT INTO delivery_letter (delivery_id, letter) VALUES (2, x'01')").execute(&pool).await.unwrap();
    SQLITE_MIGRATIONS.run(&pool).await.unwrap();
    let kept: (i64, i64, Vec<u8>) = sqlx::query_as(
        "SELECT returned.delivery_id, delivery.unanswered, delivery_letter.letter FROM returned, delivery \
         JOIN delivery_letter ON delivery_letter.delivery_id = delivery.id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(kept, (1, 1, vec![1]));
}

const RETURNED: &str = "INSERT INTO returned (mail_digest, delivery_id, kind, blame, is_delay, diagnostic, effect, returned_at) \
     VALUES ('m', 1, 'soft', 'relay', FALSE, '', 'none', 1)";

#[tokio::test]
async fn the_database_is_copied_before_its_schema_is_changed_and_the_newest_three_copies_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let steps: Vec<i64> = SQLITE_MIGRATIONS.iter().map(|step| step.version).collect();
    let old = steps[steps.len() - 2];
    let pool = SqlitePool::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap();
    SQLITE_MIGRATIONS.run_to(old, &pool).await.unwrap();
    sqlx::query(LIVED_IN[0][2]).execute(&pool).await.unwrap();
    pool.close().await;
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    for number in ["20200101000000", "20210101000000", "20220101000000"] {
        std::fs::write(backups.join(format!("before-migration-from-{number}.db")), "older").unwrap();
    }
    std::fs::write(backups.join("mine.db"), "the operator's").unwrap();
    let (store, _) = sqlite_store(folder.path()).await;
    assert_eq!(store.schema().await.unwrap(), (steps[steps.len() - 1], steps[steps.len() - 1]));
    let mut names: Vec<String> =
        std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let copy = format!("before-migration-from-{old}.db");
    let kept = ["before-migration-from-20210101000000.db", "before-migration-from-20220101000000.db", copy.as_str(), "mine.db"];
    assert_eq!(names, kept);
    let verified = Store::verify(&backups.join(copy)).await.unwrap();
    assert!(verified.well && verified.schema == old && verified.subscribers == 1, "{verified:?}");
}

const FUTURE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
     VALUES (29991231000000, 'of the future', TRUE, '', 0)";

#[tokio::test]
async fn a_newer_schema_is_refused_before_anything_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (store, writer) = sqlite_store(folder.path()).await;
    sqlx::query(FUTURE).execute(&writer).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(folder.path().join("test.db")).unwrap();
    let settings = DatabaseSettings { url: format!("sqlite:{}/test.db", folder.path().display()) };
    let error = Store::open(&settings).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 29_991_231_000_000, known } if known > 20_260_000_000_000), "{error}");
    assert!(std::fs::read(folder.path().join("test.db")).unwrap() == bytes, "not a byte of the file has changed");

    let Some(server) = postgres::Server::start("the newer schema on Postgres") else { return };
    let url = server.database("future");
    let pool = postgres_pool(url.clone()).await;
    sqlx::query(FUTURE).execute(&pool).await.unwrap();
    pool.close().await;
    assert!(matches!(Store::open(&DatabaseSettings { url }).await, Err(StoreError::NewerSchema { .. })));
}

#[tokio::test]
async fn the_frequent_questions_are_answered_from_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let (_, writer) = sqlite_store(folder.path()).await;
    for (statement, index) in [
        (claim::STATEMENTS[0], "delivery_pending"),
        (outbox::NEXT_DUE, "delivery_due"),
        (change::CANCEL, "delivery_subscription"),
        (subscription::DUE, "subscription_due"),
        (subscription::SLEEPING, "subscription_sleeping"),
        (subscription::UNWELCOMED, "subscription_unwelcomed"),
        (listing_read::OPEN_BLOCK, "listing_open"),
        (kin::BY_WORDS, "listing_fingerprint"),
    ] {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"))).fetch_all(&writer).await.unwrap();
        assert!(plan.iter().any(|(.., step)| step.contains(index)), "{index}: {statement}\n{plan:?}");
        assert!(plan.iter().all(|(.., step)| !step.contains("TEMP B-TREE")), "sorted by hand: {statement}\n{plan:?}");
    }
}

/// Fills the database up to a page limit until a write fails, as a full disk would.
async fn fill(pool: &SqlitePool) -> sqlx::Error {
    let mut connection = pool.acquire().await.unwrap();
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.unwrap();
    let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 2));
    sqlx::query(limit).execute(&mut *connection).await.unwrap();
    drop(connection);
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let write = sqlx::query("INSERT INTO source_state (name, state) VALUES ('x', hex(zeroblob(100000)))").execute(&mut *tx).await;
    write.expect_err("there is no room for it")
}

#[tokio::test]
async fn after_a_full_disk_the_next_write_succeeds_without_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let (store, writer) = sqlite_store(folder.path()).await;
    assert!(fill(&writer).await.to_string().contains("full"));
    store.probe_write().await.unwrap();
    store.probe_write().await.unwrap();
}

#[tokio::test]
async fn without_the_cure_a_full_disk_wedges_the_only_writer() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = sqlite_store(folder.path()).await;
    store.close().await;
    let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = options.connect(&format!("sqlite:{}/test.db", folder.path().display())).await.unwrap();
    assert!(fill(&pool).await.to_string().contains("full"));
    let error = pool.begin_with("BEGIN IMMEDIATE").await.expect_err("when sqlx has mended this, the hook in open.rs can go");
    assert!(error.to_string().contains("transaction depth"), "{error}");
}

#[tokio::test]
async fn a_letter_that_does_not_read_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (store, writer) = sqlite_store(folder.path()).await;
    for row in LIVED_IN[0].iter().chain(LIVED_IN[1]).filter(|row| !row.contains("NO_BYTES")) {
        sqlx::query(*row).execute(&writer).await.unwrap();
    }
    let now = chrono::DateTime::UNIX_EPOCH + chrono::Duration::hours(1);
    let claimed = store.claim(now, now, 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.delivery.id.0).collect::<Vec<_>>(), Vec::<i64>::new(), "the cadence {{}} reads in neither");
    sqlx::query("UPDATE delivery SET subscription_id = NULL, state = 'queued' WHERE id = 2").execute(&writer).await.unwrap();
    let claimed = store.claim(now, now, 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.delivery.id.0).collect::<Vec<_>>(), [2]);
    let record = &store.deliveries_of(claimed[0].subscriber.id, 10).await.unwrap()[1];
    assert_eq!(record.state, crate::domain::DeliveryState::Parked);
    assert!(record.detail.as_deref().is_some_and(|detail| detail.contains("table subscription, row 1")), "{record:?}");
}

#[tokio::test]
async fn a_reader_that_closes_a_moment_after_the_store_does_not_keep_it_from_being_marked_as_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = sqlite_store(folder.path()).await;
    let file = folder.path().join("test.db");
    store.close().await;
    if file.with_file_name("test.db-wal").exists() {
        return eprintln!("SKIPPED a mark of a whole database: something here keeps databases from being closed to their end");
    }
    let (store, _) = sqlite_store(folder.path()).await;
    let reader = sqlx::sqlite::SqlitePoolOptions::new().connect_with(super::open::sqlite_options(&file).read_only(true)).await.unwrap();
    reader.execute("SELECT COUNT(*) FROM delivery").await.unwrap();
    store.close().await;
    assert!(file.with_file_name("test.db-wal").exists(), "the reader still has it open");
    let settings = DatabaseSettings { url: format!("sqlite:{}", file.display()) };
    let later = async {
        tokio::time::sleep(std::time::Duration::from_millis(120)).await;
        reader.close().await;
    };
    tokio::join!(Store::mark_whole(&settings), later);
    assert!(file.with_file_name("test.db-whole").exists() && !file.with_file_name("test.db-wal").exists());
}
