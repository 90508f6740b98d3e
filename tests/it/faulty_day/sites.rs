//! The servers of the day: what each has on its board at each tick, by plan, and how it fails.

use std::io::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rolecall::domain::FetchFault;
use rolecall::sources::{Source, SourceSettings};
use serde_json::json;

use crate::sources::board::{Board, Reply, reply};

/// The ticks during which faulty sites fail: from five to nine in the morning.
pub const FAULTY: Range<i64> = 20..36;

/// What a platform answers like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Greenhouse,
    /// More than a hundred jobs on two pages.
    Lever,
    /// The newest only: absence says nothing.
    Feed,
}

/// How a site fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Gone,
    EmptyBody,
    EmptyList,
    Challenge,
    Schema,
    SlowBody,
    EndlessBody,
    GzipBomb,
    RedirectLoop,
    Inside,
    TooFast,
    BadUtf8,
    EntityBomb,
    DeepJson,
    Duplicates,
    SecondPage,
    TotalLarger,
}

/// Each fault with what it is to be named as. A flawed answer is one that can be read; what it lacks closes nothing.
pub const FAULTS: [(&str, Fault, Shape, Option<FetchFault>); 17] = [
    ("404 board", Fault::Gone, Shape::Greenhouse, Some(FetchFault::Gone)),
    ("200 with nothing", Fault::EmptyBody, Shape::Greenhouse, Some(FetchFault::Empty)),
    ("200 with an empty list", Fault::EmptyList, Shape::Greenhouse, Some(FetchFault::Empty)),
    ("HTML challenge", Fault::Challenge, Shape::Greenhouse, Some(FetchFault::Blocked)),
    ("changed schema", Fault::Schema, Shape::Greenhouse, Some(FetchFault::ChangedFormat)),
    ("slow body", Fault::SlowBody, Shape::Greenhouse, Some(FetchFault::Slow)),
    ("endless body", Fault::EndlessBody, Shape::Greenhouse, Some(FetchFault::TooBig)),
    ("gzip bomb", Fault::GzipBomb, Shape::Greenhouse, Some(FetchFault::TooBig)),
    ("redirect loop", Fault::RedirectLoop, Shape::Greenhouse, Some(FetchFault::Misconfigured)),
    ("private address", Fault::Inside, Shape::Greenhouse, Some(FetchFault::Forbidden)),
    ("429, Retry-After", Fault::TooFast, Shape::Greenhouse, Some(FetchFault::TooFast)),
    ("bad UTF-8", Fault::BadUtf8, Shape::Greenhouse, Some(FetchFault::Flawed)),
    ("XML entity bomb", Fault::EntityBomb, Shape::Feed, Some(FetchFault::Flawed)),
    ("deep JSON", Fault::DeepJson, Shape::Greenhouse, Some(FetchFault::ChangedFormat)),
    ("duplicate ids", Fault::Duplicates, Shape::Greenhouse, Some(FetchFault::Flawed)),
    ("second page fails", Fault::SecondPage, Shape::Lever, Some(FetchFault::ServerError)),
    ("total larger", Fault::TotalLarger, Shape::Greenhouse, Some(FetchFault::Flawed)),
];

/// One job, by plan; times are ticks.
#[derive(Debug, Clone)]
pub struct Job {
    pub number: usize,
    pub opens: i64,
    pub closes: i64,
    /// It comes back under the same id.
    pub returns: i64,
    /// It gets another title.
    pub changes: i64,
}

impl Job {
    pub fn is_open(&self, tick: i64) -> bool {
        self.opens <= tick && (tick < self.closes || tick >= self.returns)
    }

    fn title(&self, tick: i64) -> String {
        let level = if tick >= self.changes { "Senior " } else { "" };
        format!("{level}Rust Backend Engineer, team {}", self.number)
    }
}

/// One server with its plan.
pub struct Site {
    pub name: String,
    pub shape: Shape,
    pub fault: Option<(Fault, Option<FetchFault>)>,
    pub jobs: Vec<Job>,
}

impl Site {
    /// A site that publishes every 45 minutes; of its jobs some change, some close an hour or two later, and half of these come back.
    pub fn healthy(shape: Shape) -> Self {
        let first = if shape == Shape::Lever { 120 } else { 12 };
        let later = (0..30).map(|number| {
            let opens = 1 + 3 * number;
            let closes = if number % 3 == 0 { opens + 5 } else { i64::MAX };
            let returns = if number % 6 == 0 { closes + 6 } else { i64::MAX };
            let changes = if number % 5 == 1 { opens + 2 } else { i64::MAX };
            (opens, closes, returns, changes)
        });
        let plan = std::iter::repeat_n((-1, i64::MAX, i64::MAX, i64::MAX), first).chain(later);
        let jobs = plan.enumerate().map(|(number, (opens, closes, returns, changes))| Job { number, opens, closes, returns, changes });
        Self { name: format!("healthy {shape:?}").to_lowercase(), shape, fault: None, jobs: jobs.collect() }
    }

    /// A site that fails for some hours, in which one job closes and one opens.
    pub fn faulty(name: &str, fault: Fault, shape: Shape, named: Option<FetchFault>) -> Self {
        let first = if shape == Shape::Lever { 120 } else { 12 };
        let job = |number, opens, closes| Job { number, opens, closes, returns: i64::MAX, changes: i64::MAX };
        let mut jobs: Vec<Job> = (0..first).map(|number| job(number, -1, i64::MAX)).collect();
        jobs[0].closes = 30;
        jobs[1].closes = 84;
        jobs.extend(
            [(8, i64::MAX), (28, i64::MAX), (60, 80)].into_iter().enumerate().map(|(at, (opens, closes))| job(first + at, opens, closes)),
        );
        Self { name: name.to_owned(), shape, fault: Some((fault, named)), jobs }
    }

    pub fn is_faulty(&self, tick: i64) -> bool {
        self.fault.is_some() && FAULTY.contains(&tick)
    }

    /// The page of a job, by which a letter names it.
    pub fn page(&self, job: &Job) -> String {
        format!("https://{}.example/jobs/{}", self.name.replace([' ', ','], "-").to_lowercase(), job.number)
    }

    /// The id by which the store knows a job.
    pub fn id(&self, job: &Job) -> String {
        if self.shape == Shape::Feed { self.page(job) } else { job.number.to_string() }
    }

    fn open(&self, tick: i64) -> Vec<&Job> {
        self.jobs.iter().filter(|job| job.is_open(tick)).collect()
    }

    fn text(&self, job: &Job) -> String {
        format!("You build services in Rust for team {} of {}.", job.number, self.name)
    }

    fn greenhouse(&self, jobs: &[&Job], total: usize, tick: i64) -> String {
        let one = |job: &&Job| {
            json!({"id": job.number, "title": job.title(tick), "company_name": self.name, "location": {"name": "Pune, India"},
                   "absolute_url": self.page(job), "content": format!("&lt;p&gt;{}&lt;/p&gt;", self.text(job))})
        };
        json!({"jobs": jobs.iter().map(one).collect::<Vec<_>>(), "meta": {"total": total}}).to_string()
    }

    fn lever(&self, jobs: &[&Job], head: &str, tick: i64) -> String {
        let skip = number(head, "skip");
        let one = |job: &&Job| {
            json!({"id": job.number.to_string(), "text": job.title(tick), "categories": {"location": "Pune, India"},
                   "hostedUrl": self.page(job), "descriptionPlain": self.text(job), "description": self.text(job)})
        };
        jobs.iter().skip(skip).take(number(head, "limit")).map(one).collect::<serde_json::Value>().to_string()
    }

    fn feed(&self, jobs: &[&Job], tick: i64) -> String {
        let one = |job: &&Job| {
            let (title, page) = (job.title(tick), self.page(job));
            format!(
                "<item><title>{title}</title><description>{}</description><guid>{page}</guid><link>{page}</link></item>",
                self.text(job)
            )
        };
        let items: String = jobs.iter().map(one).collect();
        format!(
            "<rss version=\"2.0\"><channel><title>{}</title><link>https://x.example/</link><description>Jobs</description>{items}</channel></rss>",
            self.name
        )
    }

    /// What it answers at a tick.
    fn answer(&self, head: &str, tick: i64) -> Reply {
        let jobs = self.open(tick);
        if let Some((fault, _)) = self.fault.filter(|_| self.is_faulty(tick)) {
            return self.fail(fault, &jobs, head, tick);
        }
        reply(
            "200 OK",
            &[],
            match self.shape {
                Shape::Greenhouse => self.greenhouse(&jobs, jobs.len(), tick),
                Shape::Lever => self.lever(&jobs, head, tick),
                Shape::Feed => self.feed(&jobs, tick),
            },
        )
    }

    fn fail(&self, fault: Fault, jobs: &[&Job], head: &str, tick: i64) -> Reply {
        let whole = || self.greenhouse(jobs, jobs.len(), tick);
        match fault {
            Fault::Gone => reply("404 Not Found", &[], "no such board"),
            Fault::EmptyBody => reply("200 OK", &[], ""),
            Fault::EmptyList => reply("200 OK", &[], self.greenhouse(&[], 0, tick)),
            Fault::Challenge => reply("200 OK", &["content-type: text/html"], "<!doctype html><title>Just a moment...</title>"),
            Fault::Schema => reply("200 OK", &[], whole().replace("\"jobs\"", "\"openings\"")),
            Fault::SlowBody => Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), b" ", Duration::from_millis(50)),
            Fault::EndlessBody => Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), &BLANKS, Duration::ZERO),
            Fault::GzipBomb => reply("200 OK", &["content-encoding: gzip"], bomb()),
            Fault::RedirectLoop => reply("302 Found", &["location: ?content=true"], ""),
            // Answers well: that the address is inside is the guard's finding.
            Fault::Inside => reply("200 OK", &[], whole()),
            Fault::TooFast => reply("429 Too Many Requests", &["retry-after: 3600"], ""),
            Fault::BadUtf8 => {
                let mut bytes = whole().into_bytes();
                bytes.iter_mut().filter(|byte| **byte == b'B').for_each(|byte| *byte = 0xff);
                reply("200 OK", &[], bytes)
            }
            Fault::EntityBomb => {
                let trap =
                    "<item><title>&lol9;</title><description>You build &lol9; in Rust.</description><guid>trap</guid></item></channel>";
                reply("200 OK", &[], format!("{}{}", entities(), self.feed(jobs, tick).replace("</channel>", trap)))
            }
            Fault::DeepJson => reply("200 OK", &[], "[".repeat(200_000)),
            Fault::Duplicates => {
                let twice: Vec<&Job> = jobs.iter().chain(jobs).copied().collect();
                reply("200 OK", &[], self.greenhouse(&twice, twice.len(), tick))
            }
            Fault::SecondPage if number(head, "skip") > 0 => reply("502 Bad Gateway", &[], ""),
            Fault::SecondPage => reply("200 OK", &[], self.lever(jobs, head, tick)),
            Fault::TotalLarger => reply("200 OK", &[], self.greenhouse(&jobs[..jobs.len() - 4], jobs.len(), tick)),
        }
    }

    /// Starts the server; the source that asks it.
    pub async fn serve(self: &Arc<Self>, tick: Arc<AtomicI64>) -> Source {
        let site = Arc::clone(self);
        let board = Board::open(move |head| site.answer(head, tick.load(Ordering::SeqCst))).await;
        let (kind, key, value) = match self.shape {
            Shape::Greenhouse => ("greenhouse", "board", "acme".to_owned()),
            Shape::Lever => ("lever", "board", "acme".to_owned()),
            Shape::Feed => ("rss", "url", format!("{}/jobs.rss", board.url)),
        };
        let mut settings = SourceSettings::new(&self.name, kind, toml::Table::from_iter([(key.to_owned(), value.into())]));
        settings.company = Some(format!("Company {}", self.name));
        settings.base_url = (self.shape != Shape::Feed).then(|| board.url.parse().unwrap());
        Source::build(&settings).unwrap()
    }
}

static BLANKS: [u8; 256 * 1024] = [b' '; 256 * 1024];

fn number(head: &str, key: &str) -> usize {
    head.split_once(&format!("{key}=")).unwrap().1.split(['&', ' ']).next().unwrap().parse().unwrap()
}

/// 64 MiB of blanks.
fn bomb() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let blanks = vec![b' '; 1024 * 1024];
    (0..64).for_each(|_| packer.write_all(&blanks).unwrap());
    packer.finish().unwrap()
}

/// Entities of which the last is a thousand million times the first.
fn entities() -> String {
    let laugh = |n: u32| format!("<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10));
    format!("<!DOCTYPE rss [<!ENTITY lol0 \"lol\">{}]>", (1..=9).map(laugh).collect::<String>())
}
