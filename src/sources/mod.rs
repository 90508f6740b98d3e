//! Asks boards politely and yields postings: one small file a platform.
//!
//! [`Source`] is one `[[source]]` of the configuration, ready to be asked; it drives an [`Adapter`], the state machine of its
//! platform, over answers that [`Fetcher`] brings. An adapter never touches the network, the clock or the meaning of a pay or a
//! place: it says what to ask and reads what came. A new platform is one file in `kinds` with an adapter and one line in `registry`;
//! `shape` reads what platforms send; the files of this folder ask politely and keep count.

mod adapter;
mod backoff;
mod catalogue;
mod catalogue_settings;
mod circuit;
mod failure;
mod fetch;
mod fetch_client;
mod fetch_probe;
mod fetch_webhook;
mod flaws;
mod found;
mod guard;
mod harvest;
mod kind;
mod kinds;
mod local;
mod options;
mod pace;
mod read;
mod recognise;
mod registry;
mod robots;
mod seek;
mod settings;
mod shape;
mod source;
mod state;

pub use adapter::{Adapter, BadPosting, Body, Completeness, First, MadeFor, Page, ReadError, Reading, Request};
pub use catalogue::{CatalogueError, Entry, entries, search};
pub use catalogue_settings::CatalogueSettings;
pub use failure::Failure;
pub use fetch::{Answer, Fetcher, FetcherError, Place};
pub use fetch_probe::post_form;
pub use fetch_webhook::{Poster, PosterError, WebhookSettings};
pub use found::{Found, by_address};
pub use harvest::KnownRows;
pub use kind::{Board, Kind, Leave, Terms};
pub use options::{Key, Need, SourceSettingsError};
pub use read::{ReadUrlError, read_payload, read_url};
pub use recognise::{Seen, in_page};
pub use registry::kinds;
pub use robots::Rules as RobotsRules;
pub use seek::seek;
pub use settings::{FetchSettings, SourceSettings};
pub use source::{Brought, FetchResult, Fetched, Source};
pub use state::Validators;
