//! The oracle: what is due to whom in which letter, computed apart from the passes, the store and the clock of the service.
//!
//! It knows the bytes that the boards served, what each posting says (reading is judged elsewhere), who came and went when, and the
//! rules of the contract: the order of publication, what is open, the moments of each rhythm, and the brute-force meaning of
//! preferences in `oracle.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use rolecall::domain::text::{fold_name, words};
use rolecall::domain::{Caps, NewListing, Posting, Rates};
use rolecall::extract::Extractor;
use rolecall::sources::read_payload;

use super::boards::Board;
use super::people::{Person, Rhythm};
use crate::matching::oracle::{Told, Wished, matches};

/// Which letter: the alert, the moment it was decided (Unix seconds), and whether it is the welcome.
pub type Which = (i64, i64, bool);

/// A letter that is due.
#[derive(Debug, PartialEq, Eq)]
pub struct Due {
    pub to: String,
    /// The page of each job that fits, with its company: shown, or folded away by the caps.
    pub jobs: BTreeMap<String, String>,
}

/// A published listing, as it stands.
struct Published {
    board: usize,
    id: String,
    quiet: bool,
    /// The first listing of the same job.
    twin_of: Option<usize>,
    closed: bool,
    listing: NewListing,
    /// Company, title, place and text, word by word: what makes two postings one job.
    words: [Vec<String>; 4],
    /// Whether it fits a person, as far as that was asked.
    fits: HashMap<usize, bool>,
}

impl Published {
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        !self.closed && self.listing.valid_through.is_none_or(|end| end > now)
    }

    fn read(&mut self, listing: NewListing) {
        let posting = &listing.posting;
        self.words = [posting.company.as_deref(), Some(&posting.title), posting.location.as_deref(), Some(&listing.text)]
            .map(|text| words(text.unwrap_or_default()));
        self.fits.clear();
        self.listing = listing;
    }
}

/// Where one alert stands.
struct Alert {
    id: i64,
    person: usize,
    instant: bool,
    welcomed: bool,
    /// Published up to here is decided.
    cursor: usize,
    /// When an instant alert is decided next; none while it sleeps.
    wakes: Option<DateTime<Utc>>,
    /// The moments at which a digest is due, last one first.
    moments: Vec<DateTime<Utc>>,
    paused: bool,
}

/// What was published, who listens, and every letter that is due.
pub struct Ledger {
    extractor: Extractor,
    rates: Rates,
    grouping: Duration,
    published: Vec<Published>,
    asked: HashSet<usize>,
    alerts: Vec<Alert>,
    /// How far the sleeping ones have been looked at.
    scanned: usize,
    pub due: BTreeMap<Which, Due>,
}

impl Ledger {
    pub fn new(grouping: Duration) -> Self {
        Self {
            extractor: Extractor::new(),
            rates: Rates::default(),
            grouping,
            published: Vec::new(),
            asked: HashSet::new(),
            alerts: Vec::new(),
            scanned: 0,
            due: BTreeMap::new(),
        }
    }

    /// A board answered with these bytes.
    pub fn answered(&mut self, index: usize, board: &Board, body: &str, now: DateTime<Utc>) {
        let reading = read_payload(board.kind, board.kind, body.as_bytes()).unwrap();
        assert!(reading.bad.is_empty(), "{:?}", reading.bad);
        let first = self.asked.insert(index);
        let mut present = HashSet::new();
        for posting in reading.postings {
            present.insert(posting.id.clone());
            let known = self.published.iter().position(|one| one.board == index && one.id == posting.id);
            if let Some(known) = known.map(|known| &mut self.published[known]) {
                known.closed = false;
                if !says_the_same(&posting, &known.listing.posting) {
                    known.read(self.extractor.read(posting, now));
                }
                continue;
            }
            let (id, listing) = (posting.id.clone(), self.extractor.read(posting, now));
            let (words, fits) = Default::default();
            let mut new = Published { board: index, id, quiet: first, twin_of: None, closed: false, listing: listing.clone(), words, fits };
            new.read(listing);
            new.twin_of = self.published.iter().position(|other| other.words == new.words);
            new.quiet |= new.twin_of.is_some();
            self.published.push(new);
        }
        if board.whole {
            self.published.iter_mut().filter(|one| one.board == index && !present.contains(&one.id)).for_each(|one| one.closed = true);
        }
    }

    /// Somebody's alert is confirmed.
    pub fn confirmed(&mut self, id: i64, number: usize, person: &Person, until: DateTime<Utc>, now: DateTime<Utc>) {
        let mut moments = person.moments(now, until);
        moments.reverse();
        let (instant, cursor) = (matches!(person.rhythm, Rhythm::Instant), self.published.len());
        self.alerts.push(Alert { id, person: number, instant, welcomed: false, cursor, wakes: None, moments, paused: false });
    }

    /// Somebody left.
    pub fn left(&mut self, person: usize) {
        self.alerts.retain(|alert| alert.person != person);
    }

    /// Somebody paused: who sleeps has missed nothing so far, who was waiting for the grouping time still has it to come.
    pub fn paused(&mut self, person: usize) {
        let scanned = self.scanned;
        for alert in self.alerts.iter_mut().filter(|alert| alert.person == person) {
            alert.paused = true;
            if alert.instant && alert.welcomed && alert.wakes.is_none() {
                alert.cursor = alert.cursor.max(scanned);
            }
        }
    }

    /// Somebody is back: an instant alert is looked at at once, a digest comes at the next regular time.
    pub fn resumed(&mut self, person: usize, now: DateTime<Utc>) {
        for alert in self.alerts.iter_mut().filter(|alert| alert.person == person) {
            alert.paused = false;
            alert.wakes = Some(now);
            alert.moments.retain(|moment| *moment > now);
        }
    }

    /// The passes ran: every letter that is due now.
    pub fn decide(&mut self, people: &[Person], now: DateTime<Utc>) {
        let mut alerts = std::mem::take(&mut self.alerts);
        for alert in alerts.iter_mut().filter(|alert| !alert.paused) {
            let person = &people[alert.person];
            if !alert.welcomed {
                alert.welcomed = true;
                alert.wakes = Some(now);
                self.letter(alert, person, 0..alert.cursor, true, now);
            } else if alert.instant && alert.wakes.is_none() {
                let new = self.scanned..self.published.len();
                if !self.fitting(alert, person, new, false, now).is_empty() {
                    alert.cursor = alert.cursor.max(self.scanned);
                    alert.wakes = Some(now + self.grouping);
                }
            }
            let due =
                if alert.instant { alert.wakes.is_some_and(|at| at <= now) } else { alert.moments.last().is_some_and(|at| *at <= now) };
            if due {
                self.letter(alert, person, alert.cursor..self.published.len(), false, now);
                alert.cursor = self.published.len();
                alert.wakes = None;
                while alert.moments.last().is_some_and(|at| *at <= now) {
                    alert.moments.pop();
                }
            }
        }
        self.alerts = alerts;
        self.scanned = self.published.len();
    }

    fn letter(&mut self, alert: &Alert, person: &Person, window: std::ops::Range<usize>, welcome: bool, now: DateTime<Utc>) {
        let jobs = self.fitting(alert, person, window, welcome, now);
        if !jobs.is_empty() || welcome {
            let before = self.due.insert((alert.id, now.timestamp(), welcome), Due { to: person.email.clone(), jobs });
            assert!(before.is_none(), "the oracle decides each letter once");
        }
    }

    /// What is open in a window and fits; quiet ones count for a welcome only.
    fn fitting(
        &mut self,
        alert: &Alert,
        person: &Person,
        window: std::ops::Range<usize>,
        quiet: bool,
        now: DateTime<Utc>,
    ) -> BTreeMap<String, String> {
        if window.is_empty() {
            return BTreeMap::new();
        }
        let wished = Wished::new(&person.preferences, &self.rates);
        let mut fitting = BTreeMap::new();
        // What is browsed (welcome letters) shows a job once: its first listing, as long as that is open.
        let led: Vec<bool> = self.published.iter().map(|one| one.twin_of.is_some_and(|head| !self.published[head].closed)).collect();
        let shown = |one: &Published, led: bool| one.is_open(now) && if quiet { !led } else { !one.quiet };
        let led = &led[window.clone()];
        for (one, _) in self.published[window].iter_mut().zip(led).filter(|(one, led)| shown(one, **led)) {
            let Published { listing, fits, .. } = one;
            let NewListing { posting, facts, text, .. } = listing;
            let company = posting.company.as_deref();
            let judge = || matches(&wished, &Told::new(facts, &posting.title, company, text, &self.rates));
            if *fits.entry(alert.person).or_insert_with(judge) {
                let page = posting.url.clone().expect("every job of the story has a page");
                fitting.insert(page, fold_name(company.unwrap_or(&posting.source)));
            }
        }
        fitting
    }

    /// How many listings were published, and how many of them are closed.
    pub fn figures(&self, now: DateTime<Utc>) -> (usize, usize) {
        (self.published.len(), self.published.iter().filter(|one| !one.is_open(now)).count())
    }
}

/// Platforms move the time stamp of change without a change.
fn says_the_same(one: &Posting, other: &Posting) -> bool {
    Posting { updated_at: None, ..one.clone() } == Posting { updated_at: None, ..other.clone() }
}

impl Due {
    /// How many of these a letter shows: so many of one company, so many in all.
    pub fn shown(&self, caps: Caps) -> usize {
        let mut companies: BTreeMap<&str, usize> = BTreeMap::new();
        for company in self.jobs.values() {
            *companies.entry(company).or_default() += 1;
        }
        companies.values().map(|count| (*count).min(caps.per_company)).sum::<usize>().min(caps.listings)
    }

    /// What is wrong with the jobs that a letter shows; none where nothing is.
    pub fn fault(&self, shown: &BTreeSet<String>, caps: Caps) -> Option<String> {
        let mut companies: BTreeMap<&str, usize> = BTreeMap::new();
        for job in shown {
            let Some(company) = self.jobs.get(job) else { return Some(format!("{job} is not due")) };
            *companies.entry(company).or_default() += 1;
        }
        if let Some((company, count)) = companies.into_iter().find(|(_, count)| *count > caps.per_company) {
            return Some(format!("{count} of {company}"));
        }
        (shown.len() != self.shown(caps)).then(|| format!("{} are shown, {} would be", shown.len(), self.shown(caps)))
    }
}
