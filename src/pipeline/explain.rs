//! The same evaluation, asked and not acted on: explain, forecast, preview, replay.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::evaluate::{Target, Which, evaluate};
use super::letter::{LetterDesk, Prepared};
use crate::domain::delivery::Digest;
use crate::domain::feedback::Heard;
use crate::domain::{
    Caps, Delivery, DeliveryId, DeliveryKind, DeliveryState, Listing, ListingId, Preferences, Rates, Reason, Selection, Subscriber,
    SubscriberState, Subscription, SubscriptionId, Verdict, Window,
};
use crate::matching::{Subject, reasons};
use crate::store::{Audience, Claimed, Store, StoreError};

/// Why a listing reaches, or does not reach, a subscription.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// Whether every wished criterion lets it pass.
    pub fits: bool,
    /// Each wished criterion with its verdict and the words it rests on.
    pub reasons: Vec<Reason>,
    /// What else keeps it from being mailed, in words: closed, published quietly, decided before.
    pub notes: Vec<String>,
}

/// Explains one pair.
#[must_use]
pub fn explain(subscription: &Subscription, listing: &Listing, rates: &Rates, now: DateTime<Utc>) -> Explanation {
    let reasons = reasons(&subscription.preferences, &Subject::of(listing), rates);
    let fits = reasons.iter().all(|reason| reason.verdict != Verdict::Fails);
    let mut notes = Vec::new();
    let heard = Heard { id: listing.id, company: listing.company(), facts: &listing.facts };
    for said in subscription.feedback.iter().filter(|said| said.rejects(&heard, rates)) {
        let why = said.why.map_or_else(String::new, |why| format!(", because of {}", why.label()));
        notes.push(format!("{:?}{why} was said of listing {}: it is not mailed", said.opinion.label(), said.listing.0));
    }
    if !listing.is_open(now) {
        notes.push("the listing is closed: it is not mailed".to_owned());
    }
    if listing.quiet {
        notes.push("it was published quietly (there before its source was added, or a twin of one already told): it reaches welcome letters and pages only".to_owned());
    }
    if listing.seq <= subscription.cursor {
        notes.push(format!("it was published as number {} and this alert is decided up to {}", listing.seq.0, subscription.cursor.0));
    } else {
        notes.push(format!("it was published as number {}, after {}: the next letter decides it", listing.seq.0, subscription.cursor.0));
    }
    Explanation { fits, reasons, notes }
}

/// How many listings some preferences would have brought.
///
/// Of a service that is young this tells by the days that boards name: what had closed before it looked is not known to it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Forecast {
    /// Listings that fit, published in the days looked at; a job in several places counts once.
    pub fitting: u32,
    /// Days looked at.
    pub days: f64,
    /// Per week.
    pub per_week: f64,
}

/// Days a forecast looks back.
pub const FORECAST_DAYS: u32 = 30;

/// What a week brings, as people are told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AboutAWeek {
    /// Nothing in all the days looked at.
    None,
    /// Something, but less than one.
    Few,
    /// Rounded.
    Many(u32),
}

impl Forecast {
    /// By how many fit of what [came up](crate::domain::BlockListing::came_up_after) since [`forecast_from`].
    #[must_use]
    pub fn of(fitting: u32) -> Self {
        let days = f64::from(FORECAST_DAYS);
        Self { fitting, days, per_week: f64::from(fitting) * 7.0 / days }
    }

    /// The same in a word.
    #[must_use]
    pub const fn about_a_week(&self) -> AboutAWeek {
        match self.fitting.saturating_mul(7) {
            0 => AboutAWeek::None,
            sevenfold if sevenfold < FORECAST_DAYS => AboutAWeek::Few,
            sevenfold => AboutAWeek::Many((sevenfold + FORECAST_DAYS / 2) / FORECAST_DAYS),
        }
    }
}

/// Since when a forecast counts.
#[must_use]
pub fn forecast_from(now: DateTime<Utc>) -> DateTime<Utc> {
    now - Duration::days(i64::from(FORECAST_DAYS))
}

/// Looks back over the last 30 days; listings that were published quietly count by the day their board names.
///
/// # Errors
/// Those of the store.
pub async fn forecast(store: &Store, rates: &Rates, preferences: &Preferences, now: DateTime<Utc>) -> Result<Forecast, StoreError> {
    let from = forecast_from(now);
    let (after, until) = (store.seq_at(from).await?, store.newest_seq().await?);
    let target = Target { preferences: preferences.clone(), feedback: Vec::new(), after };
    let fits = evaluate(store, rates, vec![target], until, Audience::Quiet, Which::CameUpAfter(from), now).await?;
    Ok(Forecast::of(fits.first().map_or(0, super::evaluate::Fits::total)))
}

/// What a subscription would be sent now; its cursor stays.
///
/// # Errors
/// Those of the store.
pub async fn preview(
    store: &Store,
    rates: &Rates,
    subscription: &Subscription,
    caps: Caps,
    now: DateTime<Utc>,
) -> Result<(Window, Selection), StoreError> {
    let window = Window { after: subscription.cursor, until: store.newest_seq().await? };
    let target = Target::of(subscription, window.after);
    let fits = evaluate(store, rates, vec![target], window.until, Audience::Alerts, Which::OpenAt(now), now).await?;
    Ok((window, fits.into_iter().next().unwrap_or_default().select(caps)))
}

/// The letter that a subscription would be sent now, were its subscriber active; nothing is queued.
///
/// # Errors
/// Those of the store.
pub async fn preview_letter(
    desk: &LetterDesk,
    subscriber: Subscriber,
    subscription: Subscription,
    now: DateTime<Utc>,
) -> Result<(Selection, Prepared), StoreError> {
    let (window, selection) = preview(&desk.store, &desk.rates, &subscription, desk.caps, now).await?;
    if selection.total == 0 {
        return Ok((selection, Prepared::Cancelled("nothing new fits this alert now".into())));
    }
    let delivery = Delivery {
        id: DeliveryId(0),
        subscriber: subscriber.id,
        subscription: Some(subscription.id),
        kind: if subscription.cadence.is_instant() { DeliveryKind::Instant } else { DeliveryKind::Digest },
        state: DeliveryState::Queued,
        unanswered: 0,
        attempts: 0,
        created_at: now,
        digest: Some(Digest { window, selection: selection.clone() }),
        secret: None,
    };
    let subscriber = Subscriber { state: SubscriberState::Active, ..subscriber };
    let claimed = Claimed { delivery, subscriber, subscription: Some(subscription) };
    Ok((selection, desk.prepare(&claimed, now).await?))
}

/// What one subscription would have been sent.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// The moment its digest before `at` was due.
    pub since: DateTime<Utc>,
    /// What fits, best first.
    pub listings: Vec<ListingId>,
    /// How many fit in all.
    pub total: u32,
}

/// Subscriptions replayed at a time.
const REPLAY_PAGE: u32 = 1_000;
/// What an instant alert is replayed over.
const INSTANT_HOURS: i64 = 1;
/// How far back the digest before is looked for.
const LONGEST_PERIOD_DAYS: i64 = 8;

/// What every subscription would have sent at a moment: listings first seen between its due moment before and `at`.
///
/// # Errors
/// Those of the store.
pub async fn replay(store: &Store, rates: &Rates, at: DateTime<Utc>, caps: Caps) -> Result<Vec<Replayed>, StoreError> {
    let until = store.seq_at(at).await?;
    let mut replayed = Vec::new();
    let mut after = SubscriptionId(0);
    loop {
        let page = store.active_subscriptions(after, REPLAY_PAGE).await?;
        let Some(last) = page.last() else { return Ok(replayed) };
        after = last.id;
        let mut targets = Vec::with_capacity(page.len());
        let mut since = Vec::with_capacity(page.len());
        for subscription in &page {
            let moment = period_start(subscription, at);
            since.push(moment);
            targets.push(Target::of(subscription, store.seq_at(moment).await?));
        }
        let fits = evaluate(store, rates, targets, until, Audience::Alerts, Which::All, at).await?;
        for ((subscription, since), fits) in page.iter().zip(since).zip(fits) {
            let selection = fits.select(caps);
            if selection.total > 0 {
                let (subscription, name) = (subscription.id, subscription.name.clone());
                replayed.push(Replayed { subscription, name, since, listings: selection.shown, total: selection.total });
            }
        }
    }
}

/// The last due moment of a subscription before `at`.
fn period_start(subscription: &Subscription, at: DateTime<Utc>) -> DateTime<Utc> {
    let mut moment = at - Duration::days(LONGEST_PERIOD_DAYS);
    if subscription.cadence.is_instant() {
        return at - Duration::hours(INSTANT_HOURS);
    }
    while let Some(next) = subscription.cadence.next_due(moment).filter(|next| *next < at) {
        moment = next;
    }
    moment
}
