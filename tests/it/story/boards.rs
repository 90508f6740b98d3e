//! The boards of the story: five platforms on one loopback port, in the platforms' own shapes, whose jobs open, change and close.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use rolecall::sources::{Source, SourceSettings};
use serde_json::{Value, json};

use super::TICK_MINUTES;
use crate::matching::draw::Chance;

/// A platform, as the story knows it.
pub struct Board {
    /// The operator's name of the source, which is its kind.
    pub kind: &'static str,
    /// A part of the path that only this platform is asked by.
    path: &'static str,
    /// Where its jobs' own pages are.
    pages: &'static str,
    /// Whether a job that it no longer has is closed (feeds and newest-first lists hold the newest only).
    pub whole: bool,
}

pub const BOARDS: [Board; 5] = [
    Board { kind: "greenhouse", path: "/v1/boards/nordlicht/", pages: "https://job-boards.greenhouse.io/nordlicht/jobs", whole: true },
    Board { kind: "lever", path: "/v0/postings/bahnsteig", pages: "https://jobs.lever.co/bahnsteig", whole: true },
    Board { kind: "ashby", path: "/posting-api/job-board/tidal", pages: "https://jobs.ashbyhq.com/tidal", whole: true },
    Board { kind: "arbeitnow", path: "/api/job-board-api", pages: "https://www.arbeitnow.com/jobs", whole: false },
    Board { kind: "rss", path: "/jobs.rss", pages: "https://weworkremotely.com/remote-jobs", whole: false },
];

/// One job on one board; times are ticks of the story.
struct Job {
    board: usize,
    number: usize,
    company: String,
    title: String,
    later_title: String,
    place: String,
    text: String,
    pay: Option<(u32, u32, &'static str)>,
    opens: i64,
    changes: i64,
    closes: i64,
    /// The tick at which it ends by its own word.
    ends: Option<i64>,
}

impl Job {
    fn title(&self, tick: i64) -> &str {
        if tick >= self.changes { &self.later_title } else { &self.title }
    }

    fn page(&self) -> String {
        format!("{}/{}", BOARDS[self.board].pages, 4_000_000 + self.number)
    }
}

/// All jobs there will be, and the moment of tick 0.
pub struct World {
    start: DateTime<Utc>,
    jobs: Vec<Job>,
}

const COMPANIES: &[&str] = &["Acme", "ACME", "Acme Söhne", "Go Rust", "Kettle", "Domspitzen GmbH", "Northwind Labs", "Tidal"];
const LEVELS: &[&str] = &["Senior ", "Staff ", "Junior ", "", ""];
const WORK: &[&str] =
    &["Backend Engineer", "Go Developer", "Rust Systems Engineer", "Backend Developer (C++)", "Data Engineer", "Site Reliability Engineer"];
const PLACES: &[&str] =
    &["Bengaluru, India", "Berlin, Germany", "Remote", "Remote - India", "San Francisco, CA, United States", "Pune, India", ""];
const STACKS: &[&str] =
    &["Go and gRPC", "Rust, Tokio and PostgreSQL", "C++ and C", "Node.js", "Java with Spring Boot", "SQL Server", "Golang, Kafka"];
const MODES: &[&str] = &["This is a hybrid role.", "You work on site.", "The role is fully remote.", "", ""];
const ASKS: &[&str] =
    &["5+ years of experience.", "At least 2 years of experience.", "A degree in computer science or equivalent experience.", "", ""];
const PAYS: &[Option<(u32, u32, &str)>] =
    &[None, None, Some((2_600_000, 4_200_000, "INR")), Some((60_000, 90_000, "EUR")), Some((40_000, 52_000, "USD"))];

/// What one team does, in words that no other team has: two jobs of one title at one employer are two.
fn matters(chance: &mut Chance) -> String {
    let words: Vec<String> = (0..40).map(|_| format!("matter{}", chance.below(100_000))).collect();
    words.join(" ")
}

/// How a board answered at a tick.
pub enum Answer {
    Body(String),
    Broken,
}

impl World {
    /// Draws a world: `first` jobs a board when the story begins, `daily` new ones a day after that.
    pub fn draw(chance: &mut Chance, start: DateTime<Utc>, ticks: i64, first: usize, daily: usize) -> Self {
        let mut world = Self { start, jobs: Vec::new() };
        let span = usize::try_from(ticks).expect("a short story");
        let later = daily * span * usize::try_from(TICK_MINUTES).expect("a short tick") / (24 * 60);
        for board in 0..BOARDS.len() {
            for number in 0..first + later {
                let opens = if number < first { -1 } else { 1 + tick(chance.below(span)) };
                world.add(chance, board, opens, span);
            }
        }
        world
    }

    fn add(&mut self, chance: &mut Chance, board: usize, opens: i64, span: usize) {
        let work = *chance.one(WORK);
        let title = format!("{}{work}", chance.one(LEVELS));
        let text = format!(
            "We run distributed systems for shops, number {}. You build them with {}. {} {} In this team: {}.",
            self.jobs.len(),
            chance.one(STACKS),
            chance.one(MODES),
            chance.one(ASKS),
            matters(chance)
        );
        let job = Job {
            board,
            number: self.jobs.len(),
            company: (*chance.one(COMPANIES)).to_owned(),
            later_title: format!("{}{}", chance.one(LEVELS), chance.one(WORK)),
            title,
            place: (*chance.one(PLACES)).to_owned(),
            text,
            pay: *chance.one(PAYS),
            opens,
            changes: if chance.percent(30) { opens.max(0) + tick(chance.below(span)) } else { i64::MAX },
            closes: if chance.percent(35) { opens.max(0) + 1 + tick(chance.below(span)) } else { i64::MAX },
            ends: chance.percent(20).then(|| opens.max(0) + 1 + tick(chance.below(span))),
        };
        // Some are on Arbeitnow as well a little later, word for word: a twin that alerts nobody a second time.
        if board == 0 && chance.percent(25) {
            let twin = Job {
                board: 3,
                number: self.jobs.len() + 1,
                company: job.company.clone(),
                title: job.title.clone(),
                later_title: job.title.clone(),
                place: job.place.clone(),
                text: job.text.clone(),
                pay: None,
                opens: job.opens.max(0) + 5,
                changes: i64::MAX,
                closes: i64::MAX,
                ends: None,
            };
            self.jobs.extend([job, twin]);
        } else {
            self.jobs.push(job);
        }
    }

    /// What a board answers at a tick.
    pub fn answer(&self, board: usize, tick: i64) -> Answer {
        // Now and then a board is out of order: nothing is learnt, nothing is closed.
        if tick > 8 && (tick + 5 * i64::try_from(board).expect("five boards")) % 23 == 0 {
            return Answer::Broken;
        }
        let mut jobs: Vec<&Job> = self.jobs.iter().filter(|job| job.board == board && job.opens <= tick && tick < job.closes).collect();
        jobs.sort_by_key(|job| (std::cmp::Reverse(job.opens), job.number));
        Answer::Body(match board {
            0 => self.greenhouse(&jobs, tick).to_string(),
            1 => self.lever(&jobs, tick).to_string(),
            2 => self.ashby(&jobs, tick).to_string(),
            3 => self.arbeitnow(&jobs, tick).to_string(),
            _ => self.feed(&jobs, tick),
        })
    }

    fn at(&self, tick: i64) -> DateTime<Utc> {
        self.start + Duration::minutes(tick * TICK_MINUTES)
    }

    fn greenhouse(&self, jobs: &[&Job], tick: i64) -> Value {
        let one = |job: &&Job| {
            let escaped = format!("&lt;p&gt;{}&lt;/p&gt;", job.text);
            json!({
                "absolute_url": job.page(), "id": 4_000_000 + job.number, "internal_job_id": job.number, "title": job.title(tick),
                "company_name": job.company, "location": {"name": job.place}, "updated_at": stamp(self.at(tick)),
                "first_published": stamp(self.at(job.opens)), "application_deadline": job.ends.map(|end| stamp(self.at(end))),
                "content": escaped, "metadata": null, "departments": [{"id": 11, "name": "Engineering"}], "offices": [],
            })
        };
        json!({"jobs": jobs.iter().map(one).collect::<Vec<_>>(), "meta": {"total": jobs.len()}})
    }

    fn lever(&self, jobs: &[&Job], tick: i64) -> Value {
        let one = |job: &&Job| {
            let pay =
                job.pay.map(|(min, max, currency)| json!({"currency": currency, "interval": "per-year-salary", "min": min, "max": max}));
            json!({
                "id": format!("0f5b7a0e-9b5c-4d0a-8f0b-{:012}", job.number), "text": job.title(tick),
                "categories": {"commitment": "Full-time", "team": "Platform", "location": job.place}, "country": null,
                "createdAt": self.at(job.opens).timestamp_millis(), "workplaceType": "unspecified", "hostedUrl": job.page(),
                "description": format!("<div>{}</div>", job.text), "descriptionPlain": job.text, "lists": [], "additional": "", "salaryRange": pay,
            })
        };
        jobs.iter().map(one).collect()
    }

    fn ashby(&self, jobs: &[&Job], tick: i64) -> Value {
        let one = |job: &&Job| {
            json!({
                "id": format!("6d1c3f0a-5a51-4f5c-9f8e-{:012}", job.number), "title": job.title(tick), "department": "R&D",
                "employmentType": "FullTime", "location": job.place, "secondaryLocations": [], "isListed": true,
                "publishedAt": stamp(self.at(job.opens)), "jobUrl": job.page(), "descriptionHtml": format!("<p>{}</p>", job.text),
                "descriptionPlain": job.text, "shouldDisplayCompensationOnJobPostings": false,
            })
        };
        json!({"apiVersion": "1", "jobs": jobs.iter().map(one).collect::<Vec<_>>()})
    }

    fn arbeitnow(&self, jobs: &[&Job], tick: i64) -> Value {
        let one = |job: &&Job| {
            json!({
                "slug": format!("job-{}", job.number), "company_name": job.company, "title": job.title(tick),
                "description": format!("<p>{}</p>", job.text), "remote": false, "url": job.page(), "tags": [], "job_types": [],
                "location": job.place, "created_at": self.at(job.opens).timestamp(),
            })
        };
        json!({"data": jobs.iter().map(one).collect::<Vec<_>>(), "links": {"next": null}, "meta": {"current_page": 1}})
    }

    fn feed(&self, jobs: &[&Job], tick: i64) -> String {
        let one = |job: &&Job| {
            format!(
                "<item><title>{}: {}</title><region>Anywhere in the World</region><type>Full-Time</type>\
                 <description>&lt;p&gt;{}&lt;/p&gt;</description><pubDate>{}</pubDate>{}<guid>{url}</guid><link>{url}</link></item>\n",
                job.company,
                job.title(tick),
                job.text,
                self.at(job.opens).to_rfc2822(),
                job.ends.map(|end| format!("<expires_at>{}</expires_at>", self.at(end).to_rfc2822())).unwrap_or_default(),
                url = job.page(),
            )
        };
        let items: String = jobs.iter().map(one).collect();
        format!(
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Back-End Jobs</title><link>https://weworkremotely.com/</link><description>Jobs</description>\n{items}</channel></rss>"
        )
    }
}

fn tick(number: usize) -> i64 {
    i64::try_from(number).expect("a short story")
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Serves a world on a loopback port at the tick that is set, and answers "not modified" where nothing is; the sources that ask it.
pub async fn serve(world: Arc<World>, tick: Arc<AtomicI64>) -> Vec<Source> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let base = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    let answer = move |uri: Uri, headers: HeaderMap| {
        let reply = reply(&world, tick.load(Ordering::SeqCst), uri.path(), &headers);
        std::future::ready(reply)
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    BOARDS.iter().map(|board| source(board, &base)).collect()
}

fn reply(world: &World, tick: i64, path: &str, headers: &HeaderMap) -> Response {
    let Some(board) = BOARDS.iter().position(|board| path.starts_with(board.path)) else { return StatusCode::NOT_FOUND.into_response() };
    let Answer::Body(body) = world.answer(board, tick) else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let tag = format!("\"{}\"", rolecall::domain::token::token_digest(&body));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = if board == 4 { "application/rss+xml" } else { "application/json" };
    ([(header::CONTENT_TYPE, kind), (header::ETAG, tag.as_str())], body).into_response()
}

fn source(board: &Board, base: &str) -> Source {
    let (key, value) = match board.kind {
        "greenhouse" => ("board", "nordlicht".to_owned()),
        "lever" => ("board", "bahnsteig".to_owned()),
        "ashby" => ("board", "tidal".to_owned()),
        "arbeitnow" => ("pages", String::new()),
        _ => ("url", format!("{base}{}", board.path)),
    };
    let value = if value.is_empty() { toml::Value::Integer(1) } else { toml::Value::String(value) };
    let mut settings = SourceSettings::new(board.kind, board.kind, toml::Table::from_iter([(key.to_owned(), value)]));
    if board.kind != "rss" {
        settings.base_url = Some(base.parse().expect("a loopback address"));
    }
    Source::build(&settings).expect("the source is configured right")
}
