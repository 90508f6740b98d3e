//! One integration binary: stories told against the real parts.

mod receiver;
mod support;

mod agreement;
mod bounces;
mod cli;
mod compose;
mod dedup;
mod demo;
mod domain;
mod extract;
mod faulty_day;
mod gazetteer;
mod health;
mod kin;
mod mail;
mod matching;
mod pay;
mod pipeline;
mod series;
mod sources;
mod store;
mod story;
mod texts;
mod web;
mod years;
