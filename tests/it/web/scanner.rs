//! A mail scanner at work: it opens every link of every letter, and nothing may come of it; then one click of a mail service.

use std::collections::BTreeSet;

use reqwest::Method;
use rolecall::domain::{Message, SubscriberId, SubscriptionId, TokenPurpose};
use scraper::{Html, Selector};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use super::letters::{BASE, every_letter};
use super::site::Site;
use crate::support::say;

/// Every row of every table, to the last column.
async fn dump(site: &Site) -> String {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(site.folder().join("rolecall.db")).read_only(true);
    let mut reader = options.connect().await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetch_all(&mut reader).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut all = String::new();
    for table in tables {
        let columns: Vec<String> =
            sqlx::query_scalar("SELECT name FROM pragma_table_info($1)").bind(&table).fetch_all(&mut reader).await.unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let rows = format!("SELECT {} FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || "));
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut reader).await.unwrap();
        all = [all, table, rows.join("\n")].join("\n");
    }
    all
}

/// What differs, line by line, for whoever has to find out why.
fn difference(before: &str, after: &str) -> Vec<String> {
    let (was, is): (BTreeSet<&str>, BTreeSet<&str>) = (before.lines().collect(), after.lines().collect());
    was.symmetric_difference(&is).map(|line| line.chars().take(300).collect()).collect()
}

/// All that an HTML page or a letter leads to.
fn links(html: &str) -> BTreeSet<String> {
    let any = Selector::parse("[href], [src], [action]").unwrap();
    let page = Html::parse_document(html);
    let led = page.select(&any).flat_map(|node| ["href", "src", "action"].into_iter().filter_map(move |name| node.attr(name)));
    led.map(str::to_owned).collect()
}

/// The paths on this service that a letter leads to, its headers too; what leads elsewhere has to be the job's own address.
fn paths(name: &str, letter: &Message) -> BTreeSet<String> {
    let in_text = letter.text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned);
    let in_headers = letter.list.iter().map(|list| list.unsubscribe_url.clone());
    let all = links(&letter.html).into_iter().chain(in_text).chain(in_headers).filter(|link| !link.starts_with("mailto:"));
    let outside = |link: &String| link.strip_prefix(BASE).is_none();
    let (outside, ours): (BTreeSet<String>, BTreeSet<String>) = all.partition(outside);
    assert!(outside.iter().all(|link| link.starts_with("https://acme.example/jobs/")), "{name}: {outside:?}");
    ours.iter().map(|link| link[BASE.len()..].to_owned()).collect()
}

/// Opens a path as a scanner does, and what the page leads to; how many requests that were.
async fn scan(site: &Site, name: &str, path: &str) -> usize {
    let mut requests = 0;
    for method in [Method::GET, Method::HEAD, Method::GET, Method::HEAD] {
        let answer = site.send(method.clone(), path, &[], String::new()).await;
        assert_eq!(answer.status, 200, "{name}: {method} {path}: {}", answer.body);
        requests += 1;
        if method != Method::GET {
            continue;
        }
        for link in links(&answer.body).iter().filter(|link| link.starts_with('/')) {
            for method in [Method::GET, Method::HEAD] {
                let status = site.send(method, link, &[], String::new()).await.status;
                assert!(status.is_success() || status == 405, "{name}: {link} of {path}: {status}");
                requests += 1;
            }
        }
    }
    requests
}

#[tokio::test]
async fn a_scanner_that_follows_every_link_of_every_letter_twice_changes_no_row_and_one_click_unsubscribes() {
    let site = Site::start().await;
    let (mut kinds, mut followed, mut requests, mut clicks) = (0, 0, 0, Vec::new());
    every_letter(&site, async |name, letter| {
        let (paths, before) = (paths(name, letter), dump(&site).await);
        assert!(paths.len() >= 2, "{name}: {paths:?}");
        for path in &paths {
            requests += scan(&site, name, path).await;
        }
        let changed = difference(&before, &dump(&site).await);
        assert!(changed.is_empty(), "{name}: {changed:#?}");
        kinds += 1;
        followed += paths.len();
        clicks.extend(letter.list.as_ref().map(|list| (name, list.unsubscribe_url[BASE.len()..].to_owned())));
    })
    .await;
    assert_eq!((kinds, clicks.len()), (12, 7), "every kind, and each that belongs to a list");
    say(&format!("a scanner: {kinds} letters, {followed} links, {requests} requests, 0 rows changed"));
    for (name, path) in clicks {
        one_click(&site, name, &path).await;
    }
}

/// One click as RFC 8058 has it: no cookie, no redirect, from anywhere, as often as one likes.
async fn one_click(site: &Site, name: &str, path: &str) {
    let token = path.strip_prefix("/unsubscribe/").unwrap();
    let [subscriber, alert, _] = site.signer.verify(TokenPurpose::Unsubscribe, token, site.clock.now()).unwrap().ids;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://mail.example")];
    let mut first = None;
    for _ in 0..2 {
        let answer = site.send(Method::POST, path, &headers, "List-Unsubscribe=One-Click".to_owned()).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        assert!(!answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("location"), "{name}");
        let left = site.store.subscriptions_of(SubscriberId(subscriber)).await.unwrap();
        let stays = left.iter().any(|one| alert == 0 || one.id == SubscriptionId(alert));
        assert!(!stays, "{name}: unsubscribed");
        let after = dump(site).await;
        let again = first.get_or_insert_with(|| after.clone());
        assert_eq!(difference(again, &after), Vec::<String>::new(), "{name}: the second click changes nothing");
    }
}
