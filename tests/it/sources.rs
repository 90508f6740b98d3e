//! Boards, asked: fixtures of every kind, recorded answers, and servers that misbehave.

mod board;
mod faults;
mod fetching;
mod guard;
mod kinds;
mod recorded;
