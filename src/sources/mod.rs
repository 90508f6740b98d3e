//! Asks boards politely and yields postings: one small file a platform.
//!
//! [`Source`] is one `[[source]]` of the configuration, ready to be asked; it drives an [`Adapter`], the state machine of its
//! platform, over answers that [`Fetcher`] brings. An adapter never touches the network, the clock or the meaning of a pay or a
//! place: it says what to ask and reads what came. A new platform is one file with an adapter and one line in `registry`.

mod adapter;
mod backoff;
mod circuit;
mod contact;
mod dates;
mod entities;
mod failure;
mod fetch;
mod fetch_client;
mod guard;
mod job_beside;
mod json;
mod kind;
mod lenient;
mod local;
mod options;
mod pace;
mod plain;
mod posting_line;
mod read;
mod registry;
mod robots;
mod settings;
mod site;
mod source;
mod state;
mod text;
mod wording;
mod xml;
mod xml_entry;

mod adzuna;
mod arbeitnow;
mod ashby;
mod bundesagentur;
mod eures;
mod comeet;
mod feed_extra;
mod file;
mod greenhouse;
mod hacker_news;
mod himalayas;
mod hn_header;
mod hn_part;
mod jobicy;
mod jooble;
mod lever;
mod push;
mod reed;
mod remoteok;
mod remotive;
mod rss;
mod solidjobs;
mod themuse;
mod usajobs;
mod weworkremotely;
mod workingnomads;
mod json_feed;
mod manatal;
mod personio;
mod pinpoint;
mod recruitee;
mod teamtailor;
mod workable;
mod xml_feed;

pub use adapter::{Adapter, BadPosting, Body, Completeness, First, MadeFor, Page, ReadError, Reading, Request};
pub use failure::Failure;
pub use fetch::{Answer, Fetcher, FetcherError, Place};
pub use kind::{Board, Kind, Leave, Terms};
pub use options::{Key, Need, SourceSettingsError};
pub use read::{ReadUrlError, read_payload, read_url};
pub use registry::kinds;
pub use settings::{FetchSettings, SourceSettings};
pub use source::{Brought, FetchResult, Fetched, KnownRows, Source};
pub use state::Validators;
