//! Hostile samples: every template is rendered against them before the first letter is due.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::compose::letter::{AlertLetter, LetterListing, Reading, RenewalLetter, SilenceLetter, WebhookLetter};
use crate::compose::report::{OperatorReport, SourceTrouble};
use crate::domain::cadence::{Cadence, Rhythm};
use crate::domain::delivery::{Delivery, DeliveryId, DeliveryKind};
use crate::domain::delivery_state::DeliveryState;
use crate::domain::digest::{Criterion, Reason, Verdict};
use crate::domain::email::EmailAddress;
use crate::domain::facts::{Facts, Finding};
use crate::domain::listing::{Fingerprint, Listing, ListingId, Seq};
use crate::domain::listing_event::{Difference, ListingEvent, ListingEventKind, ListingPart};
use crate::domain::pay::Pay;
use crate::domain::posting::Posting;
use crate::domain::preferences::Preferences;
use crate::domain::role::Role;
use crate::domain::source::{FetchFault, Health};
use crate::domain::subscriber::SubscriberId;
use crate::domain::subscription::{Subscription, SubscriptionId};
use crate::domain::webhook::{CallFault, Webhook};
use crate::domain::words::Words;

/// Markup that must never come out of a template as markup.
pub(in crate::compose) const HOSTILE: &str = "<script>\"'&</td></table>{{ x }}</title></style>";

/// A report on sources of hostile names.
pub(in crate::compose) fn report(to: &EmailAddress) -> OperatorReport {
    let health = Health::Faulty { fault: FetchFault::Gone, text: HOSTILE.to_owned(), since: DateTime::UNIX_EPOCH };
    let trouble = SourceTrouble { name: HOSTILE.to_owned(), kind: "rss".to_owned(), health, last_success_at: None };
    OperatorReport { to: to.clone(), now: DateTime::UNIX_EPOCH, sources: 2, wrong: vec![trouble], sending: vec![HOSTILE.to_owned()] }
}

/// A person and listings that mean no good.
pub(in crate::compose) struct Sample {
    pub to: EmailAddress,
    pub subscription: Subscription,
    pub full: Listing,
    pub bare: Listing,
}

impl Sample {
    pub(in crate::compose) fn new() -> Self {
        let subscription = Subscription {
            id: SubscriptionId(1),
            subscriber: SubscriberId(1),
            name: HOSTILE.to_owned(),
            preferences: Preferences::default(),
            cadence: Cadence::new(Rhythm::Instant, Tz::UTC),
            feedback: Vec::new(),
            cursor: Seq(0),
            due_at: None,
            welcomed: false,
            created_at: DateTime::UNIX_EPOCH,
        };
        let hostile = || Some(HOSTILE.to_owned());
        let full = Posting {
            title: HOSTILE.to_owned(),
            source: HOSTILE.to_owned(),
            company: hostile(),
            location: hostile(),
            url: Some(format!("https://x.example/?q={HOSTILE}")),
            apply_url: Some(format!("https://y.example/#{HOSTILE}")),
            ..Posting::default()
        };
        let pay = Pay { min: None, max: None, currency: None, period: None, raw: HOSTILE.to_owned() };
        let mut full = listing(full, HOSTILE.to_owned());
        full.facts.pay = Some(Finding::stated(pay, HOSTILE));
        let to = EmailAddress::parse("somebody@example.org").expect("the sample address is well formed");
        Self { to, subscription, full, bare: listing(Posting::default(), String::new()) }
    }

    /// Letters with no listing, with one that says nothing, and with one that says too much.
    pub(in crate::compose) fn letters<'a>(&'a self, delivery: &'a Delivery) -> [AlertLetter<'a>; 3] {
        let bare = LetterListing { listing: &self.bare, reading: Reading::new(), reasons: vec![], also: vec![] };
        let full = LetterListing { listing: &self.full, reading: Reading::new(), reasons: reasons(), also: vec![&self.full, &self.bare] };
        let empty = AlertLetter {
            delivery,
            to: &self.to,
            subscription: &self.subscription,
            confirmed_at: None,
            listings: vec![],
            since: vec![],
            more: vec![],
            total: 0,
            closed: 0,
            now: DateTime::UNIX_EPOCH + TimeDelta::days(2),
        };
        let single = AlertLetter { listings: vec![bare.clone()], total: 1, ..empty.clone() };
        let crowded = AlertLetter {
            confirmed_at: Some(DateTime::UNIX_EPOCH),
            listings: vec![full, bare],
            since: self.since(),
            more: vec![(HOSTILE.to_owned(), 2)],
            total: 9,
            closed: 1,
            ..empty.clone()
        };
        [empty, single, crowded]
    }
}

impl Sample {
    /// Questions about no alert and about one.
    pub(in crate::compose) fn renewals<'a>(&'a self, delivery: &'a Delivery) -> [RenewalLetter<'a>; 2] {
        let none = RenewalLetter { delivery, to: &self.to, alerts: &[], confirmed_at: None, alive_at: DateTime::UNIX_EPOCH };
        let one =
            RenewalLetter { alerts: std::slice::from_ref(&self.subscription), confirmed_at: Some(DateTime::UNIX_EPOCH), ..none.clone() };
        [none, one]
    }

    /// Silence that no wish, and that two wishes are to blame for.
    pub(in crate::compose) fn silences<'a>(&'a self, delivery: &'a Delivery) -> [SilenceLetter<'a>; 2] {
        let subscription = &self.subscription;
        let none = SilenceLetter { delivery, to: &self.to, subscription, confirmed_at: None, published: 0, keeps_away: vec![] };
        let keeps_away = vec![(Criterion::Salary, 9), (Criterion::Place, 1)];
        let two = SilenceLetter { published: 12, keeps_away, confirmed_at: Some(DateTime::UNIX_EPOCH), ..none.clone() };
        [none, two]
    }

    /// One that failed for long and one that is gone, with an address that means no good.
    pub(in crate::compose) fn webhooks(&self) -> [Webhook; 2] {
        let worn_out = Webhook {
            alert: self.subscription.id,
            url: format!("https://{}.example/{HOSTILE}", "a".repeat(60)),
            created_at: DateTime::UNIX_EPOCH,
            worked_at: None,
            failures: 9,
            failing_since: Some(DateTime::UNIX_EPOCH),
            fault: Some(CallFault::Refused),
            detail: Some(HOSTILE.to_owned()),
            off_at: Some(DateTime::UNIX_EPOCH),
            waiting: 0,
            nonce: String::new(),
        };
        let gone = Webhook { fault: Some(CallFault::Gone), failing_since: None, url: HOSTILE.to_owned(), ..worn_out.clone() };
        [worn_out, gone]
    }

    /// A letter about one of them.
    pub(in crate::compose) fn webhook_letter<'a>(&'a self, delivery: &'a Delivery, webhook: &'a Webhook) -> WebhookLetter<'a> {
        WebhookLetter { delivery, to: &self.to, subscription: &self.subscription, confirmed_at: Some(DateTime::UNIX_EPOCH), webhook }
    }

    /// Everything that can become of a job told earlier.
    fn since(&self) -> Vec<(Listing, ListingEvent)> {
        let hostile = || Some(HOSTILE.to_owned());
        let differences = vec![Difference { part: ListingPart::Pay, before: None, after: hostile() }];
        let event = |kind, differences| ListingEvent { listing: ListingId(1), kind, happened_at: DateTime::UNIX_EPOCH, differences };
        let kinds = ListingEventKind::ALL.iter().map(|kind| (self.full.clone(), event(*kind, differences.clone())));
        kinds.chain([(self.bare.clone(), event(ListingEventKind::Closed, vec![]))]).collect()
    }
}

fn reasons() -> Vec<Reason> {
    let reason =
        |verdict| Reason { criterion: Criterion::Skills, verdict, wish: HOSTILE.into(), found: HOSTILE.into(), evidence: HOSTILE.into() };
    vec![reason(Verdict::Holds), reason(Verdict::Unknown), reason(Verdict::Fails)]
}

/// A delivery of this kind.
pub(in crate::compose) fn delivery(kind: DeliveryKind) -> Delivery {
    Delivery {
        id: DeliveryId(1),
        subscriber: SubscriberId(1),
        subscription: Some(SubscriptionId(1)),
        kind,
        state: DeliveryState::Sending,
        unanswered: 0,
        attempts: 1,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        digest: None,
        secret: None,
    }
}

fn listing(posting: Posting, text: String) -> Listing {
    Listing {
        id: ListingId(1),
        seq: Seq(1),
        quiet: false,
        posting,
        text,
        words: Words::default(),
        facts: facts(),
        fingerprint: Fingerprint(String::new()),
        first_seen: DateTime::UNIX_EPOCH,
        last_seen: DateTime::UNIX_EPOCH,
        posted_at: None,
        valid_through: None,
        closed_at: None,
    }
}

fn facts() -> Facts {
    Facts {
        role: Finding::stated(Role::Other, ""),
        is_backend: Finding::stated(false, ""),
        seniority: None,
        work_mode: None,
        remote_countries: vec![],
        pay: None,
        pay_extras: vec![],
        skills: vec![],
        optional_skills: vec![],
        places: vec![],
        country: None,
        min_years: None,
        education: None,
        employment_type: None,
        visa: None,
        relocation: None,
        perks: Vec::new(),
        company_kind: None,
        hired_by: None,
        language: None,
    }
}
