//! Rolecall: a job-alert subscription daemon for backend developers.
//!
//! # The map of the house
//! The ground floor, [`domain`], holds the nouns. Six rooms of verbs stand on it side by side and do not know each other:
//! [`sources`] asks boards for postings, [`extract`] turns a posting into facts, [`matching`] holds preferences against listings,
//! [`compose`] writes letters, [`mail`] hands them over, [`store`] keeps everything. One hall, [`pipeline`], carries a listing
//! through them, one pass a file; the other, [`consent`], does what a person asks for. The doors are [`web`] and [`cli`];
//! [`app`] builds the rooms from [`config`], runs the passes and stops in order. [`clock`] is the only one who knows the time,
//! [`pulse`] tells who works from who hangs, [`telemetry`] sets up the voice, [`demo`] plays the boards for `rolecall demo`.
//!
//! Every arrow runs down; `tests/architecture.rs` holds the table of who may import whom.

pub mod app;
pub mod cli;
pub mod clock;
pub mod compose;
pub mod config;
pub mod consent;
pub mod demo;
pub mod domain;
pub mod extract;
pub mod mail;
pub mod matching;
pub mod pipeline;
pub mod pulse;
pub mod sources;
pub mod store;
pub mod tally;
pub mod telemetry;
pub mod web;
