//! A board that brings jobs and takes others away, hour by hour.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

/// Words that jobs hold and people wish for.
const WORDS: usize = 20;
/// New jobs within one day, one by one.
const A_DAY: usize = 40;
/// A job is open for so many days, longer than anybody waits for a letter.
const OPEN_DAYS: usize = 10;
/// Jobs that are there before anybody subscribes.
const FIRST: usize = 40;

/// The board; clones are one.
#[derive(Clone, Default)]
pub struct SoakBoard(Arc<AtomicUsize>);

impl SoakBoard {
    /// Starts it; its address.
    pub async fn open(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let board = self.clone();
        let answer = move || std::future::ready(([("content-type", "application/json")], board.payload()));
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
        address
    }

    /// An hour has passed: new jobs, and the oldest are gone.
    pub fn next_hour(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Jobs that there were until now beside the first.
    pub fn jobs(&self) -> usize {
        self.0.load(Ordering::SeqCst) * A_DAY / 24
    }

    /// What somebody wishes for.
    pub fn word(number: usize) -> String {
        format!("wordnumber{}", number % WORDS)
    }

    /// The jobs somebody wishes for, by their addresses.
    pub fn wished(&self, person: usize) -> Vec<String> {
        (FIRST..FIRST + self.jobs()).filter(|job| job % WORDS == person % WORDS).map(address).collect()
    }

    fn payload(&self) -> String {
        let until = FIRST + self.jobs();
        let from = until.saturating_sub(FIRST + OPEN_DAYS * A_DAY);
        let one = |number: usize| {
            json!({
                "absolute_url": address(number), "id": number, "internal_job_id": number, "title": format!("Backend Engineer, Team {number}"),
                "company_name": format!("Company {}", number % 97), "location": {"name": "Berlin, Germany"},
                "updated_at": "2026-08-03T07:41:55Z", "metadata": null, "departments": [], "offices": [],
                "content": format!("&lt;p&gt;Job {number}: you build {} with Rust and PostgreSQL.&lt;/p&gt;", Self::word(number)),
            })
        };
        let jobs: Vec<_> = (from..until).map(one).collect();
        json!({"meta": {"total": jobs.len()}, "jobs": jobs}).to_string()
    }
}

fn address(number: usize) -> String {
    format!("https://job-boards.greenhouse.io/acme/jobs/{number}")
}
