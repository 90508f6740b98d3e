//! Listings held in memory as blocks that are laid out already, so that a count over a hundred thousand of them is a matter of
//! ANDing machine words.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::facts::{Facts, Finding};
use crate::domain::{BlockListing, ListingId, Preferences, Rates, Seq};
use crate::matching::{KeptBlock, Lanes, Mask, Programs, Subject, WideBlock};
use crate::pipeline::forecast_from;

/// Machine words of one piece's masks.
const WORDS: usize = KeptBlock::LANES / 64;

/// What is published joins the newest piece up to this many, for that one is laid out anew each time.
const JOINED: usize = 512;

/// As many listings as one block takes, newest first.
#[derive(Debug)]
struct Piece {
    listings: Arc<Vec<BlockListing>>,
    lanes: Arc<Lanes<WORDS>>,
    open: Mask<WORDS>,
    /// What tells of a week.
    recent: Mask<WORDS>,
    /// What is open in several places.
    carded: Mask<WORDS>,
}

/// What wishes bring: what is open now, and what a week brings.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Count {
    /// Open listings that fit.
    pub(super) open: usize,
    /// Jobs that fit and came up in the days that a [`crate::pipeline::Forecast`] looks at, those that have closed since too; one in
    /// several places counts once.
    pub(super) recent: u32,
    /// The newest that are open.
    pub(super) newest: Vec<ListingId>,
}

/// Listings of one moment, newest first.
#[derive(Debug, Default)]
pub(super) struct Held(Vec<Piece>);

impl Held {
    /// Lays listings out, newest first; those that have closed count for what a week brings only.
    pub(super) fn of(listings: Vec<BlockListing>, now: DateTime<Utc>, rates: &Rates) -> Self {
        let mut pieces = Vec::new();
        let mut rest = listings.into_iter().map(slim).peekable();
        while rest.peek().is_some() {
            pieces.push(Piece::of(rest.by_ref().take(KeptBlock::LANES).collect(), now, rates));
        }
        Self(pieces)
    }

    /// The same with newer listings before it; only the newest piece is laid out anew.
    pub(super) fn with(&self, newer: Vec<BlockListing>, now: DateTime<Utc>, rates: &Rates) -> Self {
        let (first, rest) = match self.0.split_first() {
            Some((first, rest)) if first.listings.len() + newer.len() <= JOINED => (first.as_they_are(now), rest),
            _ => (Vec::new(), &self.0[..]),
        };
        let Self(mut pieces) = Self::of(newer.into_iter().chain(first).collect(), now, rates);
        pieces.extend(rest.iter().map(Piece::again));
        Self(pieces)
    }

    /// The same where only these are open.
    pub(super) fn with_open(&self, open: &HashSet<Seq>) -> Self {
        let again = |piece: &Piece| Piece { open: mask_of(&piece.listings, |listing| open.contains(&listing.seq)), ..piece.again() };
        Self(self.0.iter().map(again).collect())
    }

    /// The open listings, newest first.
    pub(super) fn open(&self) -> impl Iterator<Item = &BlockListing> {
        self.0.iter().flat_map(|piece| piece.open.lanes().map(|lane| &piece.listings[lane]))
    }

    /// How many listings are held.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.listings.len()).sum()
    }

    /// What several wishes bring; `newest` listings of each are named.
    pub(super) fn counts(&self, wishes: &[Preferences], newest: usize, rates: &Rates) -> Vec<Count> {
        let mut counts = vec![Count::default(); wishes.len()];
        let mut told = vec![HashSet::new(); wishes.len()];
        self.evaluate(wishes, rates, |at, piece, fits| {
            let count = &mut counts[at];
            let (mut open, mut recent) = (*fits, *fits);
            open.keep(&piece.open);
            recent.keep(&piece.recent);
            count.open += open.count() as usize;
            count.recent += recent.count();
            recent.keep(&piece.carded);
            for lane in recent.lanes() {
                count.recent -= u32::from(!told[at].insert(piece.listings[lane].card));
            }
            let named = newest - count.newest.len();
            count.newest.extend(open.lanes().take(named).map(|lane| piece.listings[lane].id));
        });
        counts
    }

    /// The open listings that fit, newest first.
    pub(super) fn fitting(&self, wishes: &Preferences, rates: &Rates) -> Vec<(Seq, ListingId)> {
        let mut found = Vec::new();
        self.evaluate(std::slice::from_ref(wishes), rates, |_, piece, fits| {
            let open = fits.lanes().filter(|lane| piece.open.has(*lane)).map(|lane| &piece.listings[lane]);
            found.extend(open.map(|listing| (listing.seq, listing.id)));
        });
        found
    }

    /// Holds wishes against every piece. Words are looked at last: reading the texts of a hundred thousand listings takes a second, and
    /// most wishes leave few of them.
    fn evaluate(&self, wishes: &[Preferences], rates: &Rates, mut on_hit: impl FnMut(usize, &Piece, &Mask<WORDS>)) {
        let whole = Programs::compile(wishes, rates);
        if !whole.ask_for_words() {
            for piece in &self.0 {
                whole.evaluate(&KeptBlock::over(&piece.lanes), |at, fits| on_hit(at, piece, fits));
            }
            return;
        }
        let first = Programs::compile(wishes.iter().map(|one| Preferences { keywords: None, ..one.clone() }), rates);
        for piece in &self.0 {
            let mut left = Mask::EMPTY;
            first.evaluate(&KeptBlock::over(&piece.lanes), |_, fits| left.add(fits));
            let lanes: Vec<usize> = left.lanes().collect();
            for lanes in lanes.chunks(WideBlock::LANES) {
                let subjects: Vec<Subject<'_>> = lanes.iter().map(|lane| Subject::of_block(&piece.listings[*lane])).collect();
                whole.evaluate(&WideBlock::new(&subjects), |at, found| {
                    let mut fits = Mask::EMPTY;
                    found.lanes().for_each(|lane| fits.set(lanes[lane]));
                    on_hit(at, piece, &fits);
                });
            }
        }
    }
}

impl Piece {
    fn of(listings: Vec<BlockListing>, now: DateTime<Utc>, rates: &Rates) -> Self {
        let subjects: Vec<Subject<'_>> = listings.iter().map(Subject::of_block).collect();
        let lanes = Arc::new(Lanes::to_keep(&subjects, rates));
        let since = forecast_from(now);
        let (open, recent) = (mask_of(&listings, |one| one.is_open(now)), mask_of(&listings, |one| one.came_up_after(since)));
        let carded = mask_of(&listings, |one| one.card.is_some());
        Self { listings: Arc::new(listings), lanes, open, recent, carded }
    }

    /// The listings, those that were found closed marked so.
    fn as_they_are(&self, now: DateTime<Utc>) -> Vec<BlockListing> {
        let marked = |(lane, listing): (usize, &BlockListing)| {
            let closed_at = listing.closed_at.or_else(|| (!self.open.has(lane)).then_some(now)).filter(|_| !self.open.has(lane));
            BlockListing { closed_at, ..listing.clone() }
        };
        self.listings.iter().enumerate().map(marked).collect()
    }

    fn again(&self) -> Self {
        let Self { open, recent, carded, .. } = *self;
        Self { listings: Arc::clone(&self.listings), lanes: Arc::clone(&self.lanes), open, recent, carded }
    }
}

fn mask_of(listings: &[BlockListing], which: impl Fn(&BlockListing) -> bool) -> Mask<WORDS> {
    let mut mask = Mask::EMPTY;
    listings.iter().enumerate().filter(|(_, listing)| which(listing)).for_each(|(lane, _)| mask.set(lane));
    mask
}

/// A listing without the words its facts rest on, which take more room than the facts and are not looked at here.
fn slim(mut listing: BlockListing) -> BlockListing {
    fn bare<'a, T: 'a>(findings: impl IntoIterator<Item = &'a mut Finding<T>>) {
        findings.into_iter().for_each(|finding| finding.evidence = String::new());
    }
    let Facts { role, is_backend, seniority, work_mode, remote_countries, pay, skills, places, country, .. } = &mut listing.facts;
    bare([role]);
    bare([is_backend]);
    bare(seniority);
    bare(work_mode);
    bare(remote_countries);
    bare(skills);
    bare(places);
    bare(country);
    if let Some(found) = pay {
        found.evidence = String::new();
        found.value.raw = String::new();
    }
    let Facts { min_years, education, employment_type, visa, language, .. } = &mut listing.facts;
    bare(min_years);
    bare(education);
    bare(employment_type);
    bare(visa);
    bare(language);
    listing
}
