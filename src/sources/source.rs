//! One source, ready to be asked: drives its adapter from the first request to the last page.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::cron::CronExpression;
use crate::domain::{FetchFault, Posting, SourceState};
use crate::sources::adapter::{Adapter, BadPosting, Completeness, First, Page, Reading, Request};
use crate::sources::failure::Failure;
use crate::sources::fetch::{Answer, Fetcher};
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::read::{finish, read_apart};
use crate::sources::settings::SourceSettings;
use crate::sources::state::{self, Validators};
use crate::sources::{local, registry};

/// The most requests of one fetch: 200 pages of 100 postings are more than any board has.
const MAX_REQUESTS: usize = 200;

/// The longest name of a source.
const MAX_NAME: usize = 100;

/// How many answers' worth of bytes and time one fetch may use altogether.
const ANSWERS_WORTH: u32 = 4;

/// A configured source.
#[derive(Debug, Clone)]
pub struct Source {
    settings: SourceSettings,
    adapter: Arc<dyn Adapter>,
    kind: &'static str,
    host: Option<String>,
}

/// What a fetch did.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where we are with the source now.
    pub state: SourceState,
    /// What came.
    pub result: FetchResult,
    /// Entries that repeated an id of the same answer; the first was kept.
    pub duplicates: usize,
}

/// What a fetch brought.
#[derive(Debug, Clone)]
pub enum FetchResult {
    /// Nothing changed since last time.
    NotModified,
    /// Postings, each id once.
    Postings {
        /// The postings.
        postings: Vec<Posting>,
        /// Entries that could not be read.
        bad: Vec<BadPosting>,
        /// Whether a job that is not among them is closed: every page was read, every entry could be, and the counts agree.
        complete: bool,
    },
    /// Nothing, and why.
    Failed {
        /// The kind of fault.
        fault: FetchFault,
        /// What happened, and the mend.
        text: String,
    },
}

impl Source {
    /// Makes a source of its settings.
    ///
    /// # Errors
    /// The kind or a key is unknown, a key is missing, or a value cannot be used.
    pub fn build(settings: &SourceSettings) -> Result<Self, SourceSettingsError> {
        let kind = registry::find(&settings.kind).map_err(|hint| SourceSettingsError::UnknownKind {
            name: settings.name.clone(),
            kind: settings.kind.clone(),
            hint,
        })?;
        check_general(settings)?;
        let adapter = (kind.build)(&Options::check(settings, kind.keys)?)?;
        let host = match adapter.first() {
            First::Ask(request) => request.url.host_str().map(str::to_owned),
            First::Open(_) => None,
        };
        Ok(Self { settings: settings.clone(), adapter: adapter.into(), kind: kind.name, host })
    }

    /// The operator's name for it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its own schedule, if it has one.
    pub fn schedule(&self) -> Option<&str> {
        self.settings.schedule.as_deref()
    }

    /// Whether it is to be asked at all.
    pub fn enabled(&self) -> bool {
        self.settings.enabled
    }

    /// The host that is asked; none for files.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Asks the source once, all its pages, and says what came and where we are with it now. Whether it is due is the caller's
    /// question; every bound is [`crate::sources::FetchSettings`]'.
    pub async fn fetch(&self, fetcher: &Fetcher, old: &SourceState, now: DateTime<Utc>) -> Fetched {
        let known = Validators { etag: old.etag.clone(), last_modified: old.last_modified.clone() };
        let harvest = match self.adapter.first() {
            First::Ask(request) => self.ask_all(fetcher, request, known, now).await,
            First::Open(path) => local::read_all(&self.adapter, &path, fetcher.settings()).await.map(Harvest::from),
        };
        let outcome = match harvest {
            Ok(harvest) if harvest.unchanged => {
                Fetched { state: state::unchanged(old, now), result: FetchResult::NotModified, duplicates: 0 }
            }
            Ok(harvest) => self.settle(harvest, fetcher.settings().max_items, old, now),
            Err(failure) => Fetched {
                state: state::failed(old, now, &failure, chance()),
                result: FetchResult::Failed { fault: failure.fault, text: failure.text },
                duplicates: 0,
            },
        };
        tracing::debug!(source = ?self.name(), fault = ?outcome.state.fault, listings = ?outcome.state.last_yield, "source asked");
        outcome
    }

    /// Reads page after page. A failure on the first page is the fetch's; on a later one it ends the harvest early.
    async fn ask_all(&self, fetcher: &Fetcher, first: Request, known: Validators, now: DateTime<Utc>) -> Result<Harvest, Failure> {
        let mut harvest = Harvest::default();
        let mut left = VecDeque::from([first]);
        let mut budget = Budget::new(fetcher);
        while let Some(request) = left.pop_front().filter(|_| harvest.failure.is_none()) {
            if harvest.requests > 0 && (budget.is_spent() || harvest.reading.postings.len() >= fetcher.settings().max_items) {
                harvest.cut = true;
                break;
            }
            let known = if harvest.requests == 0 { known.clone() } else { Validators::default() };
            harvest.requests += 1;
            let about = request.about.as_ref().map(|posting| posting.id.clone());
            match self.ask(fetcher, &mut budget, request, &known, now).await {
                Ok(None) => harvest.unchanged = harvest.requests == 1,
                Ok(Some((reading, validators))) => {
                    harvest.validators = validators;
                    left.extend(harvest.take(reading));
                }
                Err(failure) if harvest.requests == 1 => return Err(failure),
                Err(failure) => harvest.lose(about, failure),
            }
        }
        Ok(harvest)
    }

    async fn ask(
        &self,
        fetcher: &Fetcher,
        budget: &mut Budget,
        request: Request,
        known: &Validators,
        now: DateTime<Utc>,
    ) -> Result<Option<(Reading, Validators)>, Failure> {
        let (bytes, validators) = match fetcher.ask(&request, known, now).await? {
            Answer::NotModified => return Ok(None),
            Answer::Body { bytes, validators, took } => {
                budget.spend(bytes.len(), took);
                (bytes, validators)
            }
        };
        let reading = read_apart(&self.adapter, Page { request, bytes }).await?;
        match reading.bad.first() {
            Some(bad) if reading.postings.is_empty() && reading.bad.len() == reading.items => {
                let words = format!("none of {} entries could be read: {}", reading.items, bad.reason);
                Err(Failure::new(FetchFault::ChangedFormat, words))
            }
            _ => Ok(Some((reading, validators))),
        }
    }

    /// Turns a harvest into the result and the new state.
    fn settle(&self, mut harvest: Harvest, max_items: usize, old: &SourceState, now: DateTime<Utc>) -> Fetched {
        let all_there = harvest.is_all_there();
        let mut reading = std::mem::take(&mut harvest.reading);
        let duplicates = finish(&mut reading, &self.settings.name, self.settings.company.as_deref());
        let cut = reading.postings.len() > max_items;
        reading.postings.truncate(max_items);
        // One page's validators say nothing about the others.
        let validators = if harvest.requests <= 1 { harvest.validators } else { Validators::default() };
        let (state, in_keeping) = match &harvest.failure {
            Some(failure) => (state::failed(old, now, failure, chance()), false),
            None => state::brought(old, now, reading.postings.len(), validators),
        };
        let complete = all_there && in_keeping && !cut && reading.bad.is_empty();
        Fetched { state, result: FetchResult::Postings { postings: reading.postings, bad: reading.bad, complete }, duplicates }
    }
}

/// Checks what every kind has: a name that can stand in a log line, and a schedule that can be understood.
fn check_general(settings: &SourceSettings) -> Result<(), SourceSettingsError> {
    let bad = |key: &str, expected: String| SourceSettingsError::BadValue { name: settings.name.clone(), key: key.to_owned(), expected };
    let name = settings.name.as_str();
    if name.is_empty() || name.trim() != name || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad("name", format!("a name of 1 to {MAX_NAME} characters in one line, without blanks around it")));
    }
    if let Some(schedule) = &settings.schedule {
        CronExpression::parse(schedule).map_err(|error| bad("schedule", format!("a cron expression: {error}")))?;
    }
    Ok(())
}

/// What the pages of one fetch brought so far.
#[derive(Debug, Default)]
struct Harvest {
    reading: Reading,
    seen: HashSet<String>,
    requests: usize,
    validators: Validators,
    unchanged: bool,
    cut: bool,
    failure: Option<Failure>,
}

impl From<Reading> for Harvest {
    fn from(reading: Reading) -> Self {
        Self { reading, ..Self::default() }
    }
}

impl Harvest {
    /// Adds a page and gives what is to be asked next: nothing after a page without a new id, for then the server ignores paging.
    fn take(&mut self, page: Reading) -> Vec<Request> {
        let before = self.seen.len();
        self.seen.extend(page.postings.iter().map(|posting| posting.id.clone()));
        let news = self.seen.len() > before || page.postings.is_empty();
        let all = &mut self.reading;
        all.bad.extend(page.bad.into_iter().map(|bad| BadPosting { index: bad.index + all.items, ..bad }));
        all.items += page.items;
        all.postings.extend(page.postings);
        all.completeness = page.completeness;
        if news { page.next } else { Vec::new() }
    }

    /// A later request failed. The page of one posting costs that posting; anything else ends the harvest.
    fn lose(&mut self, about: Option<String>, failure: Failure) {
        match (about, failure.fault) {
            (Some(id), FetchFault::Gone | FetchFault::ChangedFormat | FetchFault::TooBig) => {
                self.reading.bad.push(BadPosting { index: self.requests - 1, id: Some(id), reason: failure.text });
            }
            _ => self.failure = Some(failure),
        }
    }

    fn is_all_there(&self) -> bool {
        let counts = match self.reading.completeness {
            Completeness::Newest => false,
            Completeness::Whole => true,
            Completeness::Counted(total) => total == self.reading.items,
        };
        counts && !self.cut && self.failure.is_none()
    }
}

/// The bytes and the time that a fetch may still use; standing in line for a host does not count.
struct Budget {
    requests: usize,
    bytes: usize,
    time: Duration,
}

impl Budget {
    fn new(fetcher: &Fetcher) -> Self {
        let settings = fetcher.settings();
        let bytes = settings.max_bytes.saturating_mul(ANSWERS_WORTH as usize);
        Self { requests: MAX_REQUESTS, bytes, time: settings.timeout.get().saturating_mul(ANSWERS_WORTH) }
    }

    fn spend(&mut self, bytes: usize, time: Duration) {
        self.requests = self.requests.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        self.time = self.time.saturating_sub(time);
    }

    fn is_spent(&self) -> bool {
        self.requests == 0 || self.bytes == 0 || self.time.is_zero()
    }
}

/// A little chance to spread waits; without a working generator sources merely return together.
fn chance() -> u8 {
    let mut byte = [128];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_one_posting_costs_that_posting_and_a_refusal_ends_the_harvest() {
        let mut harvest = Harvest { requests: 3, ..Harvest::default() };
        harvest.lose(Some("p-2".into()), Failure::new(FetchFault::Gone, "HTTP 404"));
        assert_eq!((harvest.reading.bad[0].id.as_deref(), harvest.failure.is_none()), (Some("p-2"), true));
        harvest.lose(Some("p-3".into()), Failure::new(FetchFault::TooFast, "HTTP 429"));
        assert!(harvest.failure.is_some());
        let mut harvest = Harvest::default();
        harvest.lose(None, Failure::new(FetchFault::Gone, "HTTP 404"));
        assert!(harvest.failure.is_some() && harvest.reading.bad.is_empty());
    }

    #[test]
    fn counts_decide_whether_all_is_there() {
        let with = |completeness, items| Harvest::from(Reading { items, completeness, ..Reading::default() });
        assert!(with(Completeness::Whole, 0).is_all_there());
        assert!(with(Completeness::Counted(3), 3).is_all_there());
        assert!(!with(Completeness::Counted(3), 2).is_all_there());
        assert!(!with(Completeness::Newest, 9).is_all_there());
        assert!(!Harvest { cut: true, ..with(Completeness::Whole, 1) }.is_all_there());
    }
}
