//! One road: the evaluation of preferences over a window of listings, whatever is done with the result.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::domain::feedback::{Feedback, Heard, gain, rejected};
use crate::domain::{BlockListing, Caps, ListingId, Preferences, Rates, Selection, Seq, Subscription, Window};
use crate::matching::{Block, Candidate, Programs, Subject, score, select};
use crate::store::{Audience, Store, StoreError};

/// Listings of one block: as many bit lanes.
const LANES: usize = 512;
/// Machine words of one block's masks.
const WORDS: usize = LANES / 64;

/// Preferences and where to begin with them.
#[derive(Debug, Clone)]
pub struct Target {
    /// The wishes.
    pub preferences: Preferences,
    /// What was said of listings of earlier letters.
    pub feedback: Vec<Feedback>,
    /// Listings up to and with this are left out.
    pub after: Seq,
}

impl Target {
    /// What a subscription gets after a `seq`.
    #[must_use]
    pub fn of(subscription: &Subscription, after: Seq) -> Self {
        Self { preferences: subscription.preferences.clone(), feedback: subscription.feedback.clone(), after }
    }
}

/// A listing that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Which one.
    pub id: ListingId,
    /// What it has in common with the same job in other places; none where it is in one.
    pub card: Option<ListingId>,
    /// Its employer, as the cap per company sees it.
    pub company: String,
    /// How well it fits.
    pub score: f64,
    /// The moment its age is counted from.
    pub published_at: DateTime<Utc>,
}

/// What fits one target: all counted, the best kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fits {
    best: Vec<Fit>,
    total: u32,
    /// The jobs in several places that are counted.
    cards: HashSet<ListingId>,
}

impl Fits {
    /// Most fits kept of one target; the rest is only counted, so that one alert that fits everything costs no more than another.
    const MOST_KEPT: usize = 2 * Selection::MAX_FOLDED;

    fn add(&mut self, fit: Fit) {
        if fit.card.is_none_or(|card| self.cards.insert(card)) {
            self.total = self.total.saturating_add(1);
        }
        self.best.push(fit);
        if self.best.len() >= 2 * Self::MOST_KEPT {
            self.best.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.published_at.cmp(&a.published_at)).then(a.id.cmp(&b.id)));
            self.best.truncate(Self::MOST_KEPT);
        }
    }

    /// How many fit; a job in several places counts once.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// The best of them, in no order.
    #[must_use]
    pub fn best(&self) -> &[Fit] {
        &self.best
    }

    /// Ranks and caps; the total stays true.
    #[must_use]
    pub fn select(self, caps: Caps) -> Selection {
        let candidate =
            |fit: Fit| Candidate { id: fit.id, card: fit.card, company: fit.company, score: fit.score, published_at: fit.published_at };
        let selection = select(self.best.into_iter().map(candidate).collect(), caps);
        Selection { total: self.total, ..selection }
    }
}

/// Which listings of a window count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those open at a moment.
    OpenAt(DateTime<Utc>),
    /// All, closed ones too: for looking back.
    All,
    /// Those that came up after a moment, closed ones too: for what a week brings.
    CameUpAfter(DateTime<Utc>),
}

/// Evaluates targets over everything published up to `until`, block by block, and answers in their order.
///
/// # Errors
/// Those of the store.
pub async fn evaluate(
    store: &Store,
    rates: &Rates,
    targets: Vec<Target>,
    until: Seq,
    audience: Audience,
    which: Which,
    now: DateTime<Utc>,
) -> Result<Vec<Fits>, StoreError> {
    let oldest = targets.iter().map(|target| target.after).min().unwrap_or(until);
    let mut evaluation = Evaluation::new(targets, rates.clone(), now);
    let mut window = Window { after: oldest, until };
    while window.after < window.until {
        let listings = store.block(window, audience, u32::try_from(LANES).unwrap_or(u32::MAX)).await?;
        let Some(last) = listings.last() else { break };
        window.after = last.seq;
        evaluation = evaluation.over(listings, which).await;
    }
    Ok(evaluation.fits)
}

/// Evaluates targets over what is open now, newest first, up to `most` listings: for welcome letters.
///
/// # Errors
/// Those of the store.
pub async fn evaluate_open(
    store: &Store,
    rates: &Rates,
    targets: Vec<Target>,
    until: Seq,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Fits>, StoreError> {
    let mut evaluation = Evaluation::new(targets, rates.clone(), now);
    let mut before = Seq(until.0.saturating_add(1));
    let mut looked_at = 0;
    while looked_at < most {
        let listings = store.open_block(Some(before), now, u32::try_from(LANES).unwrap_or(u32::MAX)).await?;
        let Some(last) = listings.last() else { break };
        before = last.seq;
        looked_at += listings.len();
        evaluation = evaluation.over(listings, Which::OpenAt(now)).await;
    }
    Ok(evaluation.fits)
}

/// Targets compiled once, and what fits them so far.
struct Evaluation {
    targets: Vec<Target>,
    programs: Programs,
    rates: Rates,
    now: DateTime<Utc>,
    fits: Vec<Fits>,
}

impl Evaluation {
    fn new(targets: Vec<Target>, rates: Rates, now: DateTime<Utc>) -> Self {
        let programs = Programs::compile(targets.iter().map(|target| &target.preferences), &rates);
        let fits = vec![Fits::default(); targets.len()];
        Self { targets, programs, rates, now, fits }
    }

    /// Evaluates one block away from the async threads.
    async fn over(mut self, listings: Vec<BlockListing>, which: Which) -> Self {
        let work = tokio::task::spawn_blocking(move || {
            self.block(&listings, which);
            self
        });
        work.await.expect("evaluation neither panics nor is it aborted")
    }

    fn block(&mut self, listings: &[BlockListing], which: Which) {
        let counted = |listing: &&BlockListing| match which {
            Which::OpenAt(moment) => listing.is_open(moment),
            Which::All => true,
            Which::CameUpAfter(moment) => listing.came_up_after(moment),
        };
        let listings: Vec<&BlockListing> = listings.iter().filter(counted).collect();
        let subjects: Vec<Subject<'_>> = listings.iter().map(|listing| Subject::of_block(listing)).collect();
        let block = Block::<WORDS>::new(&subjects);
        let Self { targets, programs, rates, now, fits } = self;
        programs.evaluate(&block, |index, mask| {
            let target = &targets[index];
            for lane in mask.lanes() {
                let listing = listings[lane];
                let heard = Heard { id: listing.id, company: &listing.shown_company, facts: &listing.facts };
                if listing.seq > target.after && !rejected(&target.feedback, &heard, rates) {
                    let liked = gain(&target.feedback, &listing.facts);
                    fits[index].add(Fit {
                        id: listing.id,
                        card: listing.card,
                        company: listing.shown_company.clone(),
                        score: score(&target.preferences, &subjects[lane], listing.published_at, *now, rates) + liked,
                        published_at: listing.published_at,
                    });
                }
            }
        });
    }
}
