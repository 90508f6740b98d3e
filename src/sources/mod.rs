//! Asks boards politely and yields postings: one small file a platform.
//!
//! [`Source`] is one `[[source]]` of the configuration, ready to be asked; it drives an [`Adapter`], the state machine of its
//! platform, over answers that [`Fetcher`] brings. An adapter never touches the network, the clock or the meaning of a pay or a
//! place: it says what to ask and reads what came. A new platform is one file with an adapter and one line in `registry`.

mod adapter;
mod backoff;
mod circuit;
mod dates;
mod entities;
mod failure;
mod fetch;
mod fetch_client;
mod guard;
mod json;
mod kind;
mod local;
mod options;
mod pace;
mod posting_line;
mod read;
mod registry;
mod robots;
mod settings;
mod source;
mod state;
mod text;

mod arbeitnow;
mod ashby;
mod feed_extra;
mod file;
mod greenhouse;
mod jobicy;
mod lever;
mod push;
mod rss;

pub use adapter::{Adapter, BadPosting, Body, Completeness, First, MadeFor, Page, ReadError, Reading, Request};
pub use failure::Failure;
pub use fetch::{Answer, Fetcher, FetcherError};
pub use kind::{Board, Kind, Leave, Terms};
pub use options::{Key, Need, SourceSettingsError};
pub use read::{ReadUrlError, read_payload, read_url};
pub use registry::kinds;
pub use settings::{FetchSettings, SourceSettings};
pub use state::Validators;
pub use source::{Brought, FetchResult, Fetched, KnownRows, Source};
