//! The nouns: everything the other rooms talk about, without IO and without a clock.
//!
//! Text from outside becomes one of these types by one `parse`; inside, nothing takes a bare string for an address, a pay or a
//! time zone. The words are those of the glossary in `docs/ARCHITECTURE.md`.

pub mod cadence;
pub mod cron;
pub mod delivery;
pub mod digest;
pub mod duration;
pub mod education;
pub mod email;
pub mod employment;
pub mod facts;
pub mod likeness;
pub mod line;
pub mod listing;
pub mod listing_event;
pub mod message;
pub mod nearest;
pub mod pay;
pub mod place;
pub mod posting;
pub mod preferences;
pub mod query;
pub mod role;
pub mod secret;
pub mod seniority;
pub mod sketch;
pub mod skill;
pub mod source;
pub mod subscriber;
pub mod subscription;
pub mod text;
pub mod token;
pub mod vocabulary;
mod wall;
pub mod word;
pub mod words;
pub mod work_mode;

pub use cadence::Cadence;
pub use delivery::{Delivery, DeliveryId, DeliveryKind, DeliveryState, NewDelivery, Outcome};
pub use digest::{Caps, Criterion, Reason, Selection, Verdict, Window};
pub use duration::DurationText;
pub use education::Education;
pub use email::EmailAddress;
pub use employment::EmploymentType;
pub use facts::{Certainty, Facts, Finding};
pub use likeness::{Likeness, Relation};
pub use listing::{BlockListing, Fingerprint, Listing, ListingId, NewListing, Seq};
pub use listing_event::{ListingEvent, ListingEventKind};
pub use message::{ListHeaders, Message, MessageId};
pub use pay::{Amount, Currency, Pay, PayPeriod, Rates};
pub use place::{Country, GeoPoint, Place};
pub use posting::Posting;
pub use preferences::Preferences;
pub use query::Query;
pub use role::Role;
pub use secret::Secret;
pub use seniority::Seniority;
pub use skill::Skill;
pub use source::{FetchFault, Health, SourceDay, SourceState};
pub use subscriber::{Subscriber, SubscriberId, SubscriberState};
pub use subscription::{Alert, NewSubscription, Subscription, SubscriptionId};
pub use token::{Signer, TokenPurpose};
pub use words::Words;
pub use work_mode::WorkMode;
