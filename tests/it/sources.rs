//! Boards, asked: fixtures of every kind, recorded answers, and servers that misbehave.

mod adding;
pub mod board;
mod faults;
mod fetching;
mod guard;
mod kinds;
mod kinds_aggregators;
mod kinds_boards;
mod kinds_lists;
mod kinds_searches;
mod packed;
mod payload;
mod polite;
mod postings;
mod recorded;
