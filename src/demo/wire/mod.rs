//! The wire shapes of the real platforms, one a file: jobs in, body out.

pub mod arbeitnow;
pub mod ashby;
pub mod greenhouse;
pub mod jobicy;
pub mod lever;
pub mod ndjson;
pub mod rss;
