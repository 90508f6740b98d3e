//! Boards, asked: fixtures of every kind, recorded answers, and servers that misbehave.

pub mod board;
mod adding;
mod board;
mod faults;
mod fetching;
mod guard;
mod kinds;
mod packed;
mod polite;
mod kinds_aggregators;
mod kinds_searches;
mod kinds_boards;
mod kinds_lists;
mod recorded;
