//! The API: what the pages and the command line do, for programs with a bearer token, as JSON (ADR 0021).
//!
//! `routes` joins the operations and makes their description from them; `admit` lets callers in by their token and its scopes; `problem`
//! is how everything is refused. The operations: `listings`, `subscribers`, `alerts`, `webhooks`, `suppressions`, `sources`, `push`, `status`.

mod admit;
mod alerts;
mod asked;
mod listings;
mod problem;
mod push;
mod routes;
mod sources;
mod status;
mod strict;
mod subscribers;
mod suppressions;
mod views;
mod webhooks;

pub(super) use problem::Problem;
pub(super) use routes::{POSTINGS, routes};
