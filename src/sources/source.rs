//! One source, ready to be asked: drives its adapter from the first request to the last page.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::domain::cron::CronExpression;
use crate::domain::token::hex;
use crate::domain::{FetchFault, Posting, SourceState};
use crate::sources::adapter::{Adapter, BadPosting, First, Page, ReadError, Request};
use crate::sources::failure::Failure;
use crate::sources::fetch::{Answer, Fetcher, Place};
use crate::sources::flaws;
use crate::sources::harvest::{Harvest, KnownRows, Read};
use crate::sources::kind::{Kind, Leave};
use crate::sources::options::{Options, SourceSettingsError};
use crate::sources::pace::host_of;
use crate::sources::read::{finish, read_apart};
use crate::sources::settings::{FetchSettings, SourceSettings};
use crate::sources::state::{self, Validators};
use crate::sources::{local, registry};

/// The most pages of one list: 200 pages of 100 postings are more than any board has.
const MAX_PAGES: usize = 200;

/// The longest name of a source.
const MAX_NAME: usize = 100;

/// A configured source.
#[derive(Debug, Clone)]
pub struct Source {
    settings: SourceSettings,
    adapter: Arc<dyn Adapter>,
    kind: &'static Kind,
    host: Option<String>,
}

/// What a fetch did.
#[derive(Debug)]
pub struct Fetched {
    /// Where we are with the source now.
    pub state: SourceState,
    /// What came.
    pub result: FetchResult,
    /// Entries that repeated an id of the same answer; the first was kept.
    pub duplicates: usize,
    /// The place of its last answer, to be kept until what came is recorded.
    pub place: Option<Place>,
}

/// What a fetch brought.
#[derive(Debug, Clone)]
pub enum FetchResult {
    /// Nothing changed since last time.
    NotModified,
    /// An answer that could be read.
    Brought(Brought),
    /// Nothing, and why.
    Failed {
        /// The kind of fault.
        fault: FetchFault,
        /// What happened, and the mend.
        text: String,
    },
}

/// What one fetch found on the board.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// Postings that were read, each id once.
    pub postings: Vec<Posting>,
    /// Entries that could not be read.
    pub bad: Vec<BadPosting>,
    /// Ids that are still there as they were: what the list says of them did not change.
    pub still: Vec<String>,
    /// Ids that are there, but whose own page was not read this time.
    pub waiting: Vec<String>,
    /// Ids that are closed, whatever else is known: the platform says so, or their own page is gone.
    pub closed: Vec<String>,
    /// For platforms that list without texts: a digest of what the list said of each posting that was read, by id.
    pub rows: HashMap<String, String>,
    /// Whether a job that is named nowhere here is closed: every page was read, the counts agree, no entry without an id was lost.
    pub complete: bool,
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
            First::Ask(request) => Some(host_of(&request.url)),
            First::Open(_) | First::Wait => None,
        };
        Ok(Self { settings: settings.clone(), adapter: adapter.into(), kind, host })
    }

    /// The operator's name for it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        self.kind.name
    }

    /// Whom its terms ask to name beside its jobs.
    pub fn credit(&self) -> Option<&'static str> {
        self.kind.terms.credit
    }

    /// The least time between two fetches, by the platform's terms; a server of the operator's own has none.
    pub fn every(&self) -> Duration {
        if self.settings.base_url.is_some() { Duration::ZERO } else { self.kind.terms.every }
    }

    /// Whether its terms forbid what we do and the operator has not said that they have leave.
    pub fn lacks_leave(&self) -> bool {
        self.kind.terms.leave == Leave::Needed && !self.settings.leave
    }

    /// Its own schedule, if it has one.
    pub fn schedule(&self) -> Option<&str> {
        self.settings.schedule.as_deref()
    }

    /// Whether it is to be asked at all.
    pub fn enabled(&self) -> bool {
        self.settings.enabled && !self.lacks_leave()
    }

    /// The host that is asked, with a port of its own; none for files.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Asks the source once, all its pages, and says what came and where we are with it now. Whether it is due is the caller's
    /// question; every bound is [`crate::sources::FetchSettings`]'.
    ///
    /// `known` are the postings whose own page need not be read again.
    pub async fn fetch(&self, fetcher: &Fetcher, old: &SourceState, known: &KnownRows, now: DateTime<Utc>) -> Fetched {
        let validators = Validators { etag: old.etag.clone(), last_modified: old.last_modified.clone() };
        let harvest = match self.adapter.first() {
            First::Ask(request) => self.ask_all(fetcher, request, validators, known, now).await,
            First::Open(path) => {
                let place = fetcher.place().await;
                let read = local::read_all(&self.adapter, &path, fetcher.settings()).await;
                read.map(|harvest| Harvest { place, ..harvest }).map_err(Failure::on_disk)
            }
            First::Wait => return Fetched { state: old.clone(), result: FetchResult::NotModified, duplicates: 0, place: None },
        };
        let mut outcome = match harvest {
            Ok(harvest) if harvest.unchanged => {
                Fetched { state: state::unchanged(old, now), result: FetchResult::NotModified, duplicates: 0, place: None }
            }
            Ok(harvest) => self.settle(harvest, fetcher.settings().max_items, old, now),
            Err(failure) => Fetched {
                state: state::failed(old, now, &failure, chance()),
                result: FetchResult::Failed { fault: failure.fault, text: failure.text },
                duplicates: 0,
                place: None,
            },
        };
        outcome.state.asked_with = Some(self.settings_digest());
        tracing::debug!(source = ?self.name(), fault = ?outcome.state.fault, listings = ?outcome.state.last_yield, "source asked");
        outcome
    }

    /// Whether it was last asked with other settings: what went wrong then says nothing of now.
    pub fn has_changed_since(&self, state: &SourceState) -> bool {
        state.asked_with.as_ref().is_some_and(|with| *with != self.settings_digest())
    }

    /// A digest of the settings that decide what is asked for, cut short: it tells nobody a secret among them.
    fn settings_digest(&self) -> String {
        let SourceSettings { kind, base_url, options, .. } = &self.settings;
        let digest = Sha256::digest(format!("{kind}\n{base_url:?}\n{options}"));
        hex(&digest[..8])
    }

    /// What can be said of a source on this disk without reading it: what is wrong with its path; none for sources elsewhere.
    ///
    /// # Errors
    /// There is nothing to read.
    pub async fn look(&self) -> Result<Option<String>, Failure> {
        match self.adapter.first() {
            First::Open(path) => local::look(&path).await,
            First::Ask(_) | First::Wait => Ok(None),
        }
    }

    /// Whether postings are brought to it instead of its being asked.
    pub fn waits(&self) -> bool {
        matches!(self.adapter.first(), First::Wait)
    }

    /// Whether a sender with this token may bring postings.
    pub fn admits(&self, token: &str) -> bool {
        self.adapter.admits(token)
    }

    /// Reads postings that were brought.
    ///
    /// # Errors
    /// They cannot be read at all; single ones that cannot are left out and named.
    pub fn take(&self, bytes: &[u8], settings: &FetchSettings, old: &SourceState, now: DateTime<Utc>) -> Result<Fetched, ReadError> {
        let url = Url::parse("push:postings").map_err(|error| ReadError::shape("$", error))?;
        let reading = self.adapter.read(&Page { request: Request::json(url), bytes: bytes.to_vec() })?;
        let mut fetched = self.settle(Harvest::from(reading), settings.max_items, old, now);
        // How many a sender brings at a time says nothing about their board.
        fetched.state.usual_yield = None;
        Ok(fetched)
    }

    /// Reads page after page, then what stands on pages of single postings. A failure on the first page is the fetch's; on a later
    /// one it ends the harvest early.
    async fn ask_all(
        &self,
        fetcher: &Fetcher,
        first: Request,
        validators: Validators,
        known: &KnownRows,
        now: DateTime<Utc>,
    ) -> Result<Harvest, Failure> {
        let mut harvest = Harvest::default();
        let mut left = VecDeque::from([first]);
        let mut budget = Budget::new(fetcher);
        while let Some(request) = left.pop_front().filter(|_| harvest.failure.is_none()) {
            if harvest.requests > 0 && (budget.is_spent() || harvest.found() >= fetcher.settings().max_items) {
                harvest.cut = true;
                break;
            }
            let with = if harvest.requests == 0 { validators.clone() } else { Validators::default() };
            harvest.requests += 1;
            // Nobody waits for a place while keeping one.
            harvest.place = None;
            match self.ask(fetcher, &mut budget, request, &with, now).await {
                Ok(None) => harvest.unchanged = harvest.requests == 1,
                Ok(Some(Read { reading, validators, place, flaw })) => {
                    (harvest.validators, harvest.place) = (validators, place);
                    harvest.flaw = harvest.flaw.take().or(flaw);
                    left.extend(harvest.take(reading, known));
                }
                Err(failure) if harvest.requests == 1 => return Err(failure),
                Err(failure) => harvest.failure = Some(failure),
            }
        }
        self.ask_details(fetcher, &mut harvest, now).await;
        Ok(harvest)
    }

    /// Reads the pages of single postings, as many as one fetch may; each costs only itself, unless the server refuses us.
    async fn ask_details(&self, fetcher: &Fetcher, harvest: &mut Harvest, now: DateTime<Utc>) {
        let mut budget = Budget::of_details(fetcher);
        for (row, request) in std::mem::take(&mut harvest.details) {
            let id = request.about.as_ref().map(|posting| posting.id.clone()).unwrap_or_default();
            if harvest.failure.is_some() || budget.is_spent() {
                harvest.waiting.push(id);
                continue;
            }
            harvest.requests += 1;
            harvest.place = None;
            match self.ask(fetcher, &mut budget, request, &Validators::default(), now).await {
                Ok(Some(Read { reading, place, .. })) => {
                    harvest.place = place;
                    harvest.complete(&id, &row, reading);
                }
                Ok(None) => harvest.waiting.push(id),
                Err(failure) => harvest.lose(id, failure),
            }
        }
    }

    async fn ask(
        &self,
        fetcher: &Fetcher,
        budget: &mut Budget,
        request: Request,
        known: &Validators,
        now: DateTime<Utc>,
    ) -> Result<Option<Read>, Failure> {
        let Answer::Body { bytes, validators, took, place } = fetcher.ask(&request, known, now).await? else { return Ok(None) };
        budget.spend(bytes.len(), took);
        let flaw = flaws::of_bytes(&bytes);
        let reading = read_apart(&self.adapter, Page { request, bytes }).await?;
        match reading.bad.first() {
            Some(bad) if reading.postings.is_empty() && reading.bad.len() == reading.items => {
                let words = format!("none of {} entries could be read: {}", reading.items, bad.reason);
                Err(Failure::new(FetchFault::ChangedFormat, words))
            }
            _ => Ok(Some(Read { reading, validators, place, flaw })),
        }
    }

    /// Turns a harvest into the result and the new state.
    fn settle(&self, mut harvest: Harvest, max_items: usize, old: &SourceState, now: DateTime<Utc>) -> Fetched {
        let duplicates = harvest.repeated + finish(&mut harvest.reading, &self.settings.name, self.settings.company.as_deref());
        for posting in &mut harvest.reading.postings {
            posting.credit = self.credit().map(str::to_owned);
        }
        let all_there = harvest.is_all_there(duplicates);
        let flaw = harvest.flaw(duplicates);
        let mut reading = std::mem::take(&mut harvest.reading);
        let cut = reading.postings.len() > max_items;
        reading.postings.truncate(max_items);
        // One page's validators say nothing about the others, and a list that is unchanged does not bring the texts that wait.
        let validators = if harvest.requests <= 1 { harvest.validators } else { Validators::default() };
        let count = reading.postings.len() + harvest.still.len() + harvest.waiting.len() + reading.bad.len();
        let (mut state, in_keeping) = match &harvest.failure {
            Some(failure) => (state::failed(old, now, failure, chance()), false),
            None => state::brought(old, now, count, validators),
        };
        if !harvest.waiting.is_empty() && !harvest.rows.is_empty() {
            // The first good fetch is not over as long as texts of it come in; pages that never bring one do not hold it up.
            state.first_success_at = old.first_success_at;
        }
        if let Some(flaw) = flaw.filter(|_| state.fault.is_none()) {
            state = state::flawed(&state, old, now, flaw);
        }
        let list_is_whole = harvest.failure.is_none() || harvest.failed_late;
        let all_named = reading.bad.iter().all(|bad| bad.id.is_some());
        let complete =
            all_there && list_is_whole && (in_keeping || harvest.failed_late && state::in_keeping(old, count)) && !cut && all_named;
        let brought = Brought {
            postings: reading.postings,
            bad: reading.bad,
            still: harvest.still,
            waiting: harvest.waiting,
            closed: reading.closed,
            rows: harvest.rows,
            complete,
        };
        Fetched { state, result: FetchResult::Brought(brought), duplicates, place: harvest.place }
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

/// The bytes and the time that a fetch may still use; standing in line for a host does not count.
struct Budget {
    requests: usize,
    bytes: usize,
    time: Duration,
}

impl Budget {
    fn new(fetcher: &Fetcher) -> Self {
        let settings = fetcher.settings();
        Self { requests: MAX_PAGES, bytes: settings.max_total_bytes, time: settings.max_total_time.get() }
    }

    /// Pages of single postings are many and small.
    fn of_details(fetcher: &Fetcher) -> Self {
        Self { requests: fetcher.settings().max_details, ..Self::new(fetcher) }
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
