//! A board in Greenhouse's shape that has new jobs each time it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;

/// Jobs that are there before anybody subscribes.
pub const FIRST: usize = 3;

const COMPANIES: [&str; 5] = ["Acme", "Kettle", "Domspitzen", "Northwind", "Tidal"];
const TITLES: [&str; 4] = ["Rust Backend Engineer", "Senior Go Developer", "Backend Developer", "Java Platform Engineer"];
const STACKS: [&str; 3] = ["Kafka and PostgreSQL", "Redis", "gRPC"];

/// The board; clones are one.
#[derive(Clone, Default)]
pub struct Board {
    jobs: Arc<AtomicUsize>,
    still: Arc<AtomicBool>,
}

impl Board {
    /// Starts it with its first jobs and nothing new yet; its address.
    pub async fn open(&self) -> String {
        self.jobs.store(FIRST, Ordering::SeqCst);
        self.grow(false);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let board = self.clone();
        let answer = move || std::future::ready(board.answer());
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
        address
    }

    /// Whether new jobs appear from now on.
    pub fn grow(&self, grows: bool) {
        self.still.store(!grows, Ordering::SeqCst);
    }

    fn answer(&self) -> ([(&'static str, &'static str); 1], String) {
        if !self.still.load(Ordering::SeqCst) {
            let jobs = self.jobs.load(Ordering::SeqCst);
            self.jobs.fetch_add(1 + jobs % 3, Ordering::SeqCst);
        }
        ([("content-type", "application/json")], self.payload())
    }

    /// What it answers now.
    pub fn payload(&self) -> String {
        let one = |number: usize| {
            json!({
                "absolute_url": format!("https://job-boards.greenhouse.io/acme/jobs/{number}"), "id": number, "internal_job_id": number,
                "title": TITLES[number % TITLES.len()], "company_name": COMPANIES[number % COMPANIES.len()],
                "location": {"name": "Berlin, Germany"}, "updated_at": "2026-08-03T07:41:55Z", "metadata": null,
                "content": format!("&lt;p&gt;Job {number}: you build it with {}.&lt;/p&gt;", STACKS[number % STACKS.len()]),
                "departments": [], "offices": [],
            })
        };
        let jobs: Vec<_> = (0..self.jobs.load(Ordering::SeqCst)).map(one).collect();
        json!({"meta": {"total": jobs.len()}, "jobs": jobs}).to_string()
    }
}
