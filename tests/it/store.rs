//! The store told as stories, each on a SQLite file and, where a server can be started, on Postgres.

#![expect(clippy::unwrap_used, reason = "a story is a test, also where it is told by functions")]

mod alerting;
pub mod delivering;
mod files;
mod keeping;
mod people;
pub mod postgres;
mod publishing;
mod returning;
mod tokens;
mod words;

use rolecall::store::{DatabaseSettings, Store};

/// A SQLite store in a folder; its own folder is made by opening it.
async fn sqlite(folder: &std::path::Path, name: &str) -> Store {
    Store::open(&DatabaseSettings { url: format!("sqlite:{}/data/{name}.db", folder.display()) }).await.unwrap()
}

/// Tells every story on a fresh database, opened by name.
macro_rules! all_stories {
    ($name:ident => $open:expr) => {
        all_stories!($name => $open;
            publishing::numbers_become_visible_in_order_under_two_writers
            publishing::nobody_waits_for_the_whole_of_a_large_fetch
            publishing::a_fetch_heals_changes_and_closes
            publishing::twins_and_old_stock_are_kept_quiet
            publishing::windows_and_open_blocks_page_through_everything
            people::an_address_confirms_pauses_resumes_and_leaves
            people::a_sign_up_is_bounded_and_replaced
            people::a_known_address_signs_up_beside_what_it_has
            people::what_was_never_confirmed_is_swept
            people::an_erased_person_leaves_no_row
            people::every_pause_ends_at_its_moment
            alerting::two_workers_decide_one_window_and_one_letter_goes_out
            alerting::a_paused_person_is_not_decided
            alerting::instant_subscriptions_sleep_wake_and_change
            alerting::a_welcome_is_queued_once
            alerting::what_a_clock_ahead_has_reckoned_comes_by_the_right_one
            alerting::attempts_end_once
            alerting::eight_workers_claim_each_delivery_once
            delivering::every_event_moves_a_letter_as_it_is_drawn_and_no_other
            delivering::a_crash_gives_back_what_was_not_begun_and_doubts_what_was
            delivering::what_a_crash_gives_back_keeps_its_place
            delivering::where_it_is_set_so_a_letter_that_may_have_arrived_is_never_sent_again
            delivering::who_leaves_while_a_worker_has_the_letter_does_not_get_it
            delivering::leases_are_renewed_and_end
            returning::a_letter_that_its_mailbox_refuses_ends_with_what_follows_from_it_in_one_commit
            returning::a_mailbox_that_is_gone_is_mailed_no_more
            returning::failures_of_a_mailbox_are_counted_over_days
            returning::what_was_not_understood_is_kept_for_a_while_and_goes_with_who_is_named_in_it
            keeping::what_is_too_old_goes_and_the_counts_stay
            keeping::a_sweep_goes_on_until_nothing_is_left
            keeping::each_kind_is_swept_when_it_has_run_out
            keeping::a_source_rests_until_it_is_resumed
            tokens::a_token_is_kept_by_its_digest_until_it_is_taken_back
        )
    };
    ($name:ident => $open:expr; $($room:ident::$story:ident)+) => { $({
        let $name = stringify!($story);
        let store = $open;
        $room::$story(&store).await;
        store.close().await;
    })+ };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_stories_hold_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    all_stories!(name => sqlite(folder.path(), name).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_stories_hold_on_postgres() {
    let Some(server) = postgres::Server::start("the store's stories on Postgres") else { return };
    all_stories!(name => Store::open(&DatabaseSettings { url: server.database(name) }).await.unwrap());
}

#[tokio::test]
async fn a_backup_of_postgres_names_the_tool_for_it() {
    let Some(server) = postgres::Server::start("the backup of Postgres") else { return };
    let store = Store::open(&DatabaseSettings { url: server.database("kept") }).await.unwrap();
    let error = store.backup(std::path::Path::new("/nowhere/copy.db")).await.unwrap_err().to_string();
    assert!(error.contains("pg_dump"), "{error}");
}
