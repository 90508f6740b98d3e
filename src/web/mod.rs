//! The page: subscribe, confirm, manage, unsubscribe, view jobs. Works without JavaScript, counts while one types with it; GET and HEAD never change anything.
//!
//! `router` joins the pages and what holds for all of them; `listener` and `server` accept connections. Changes go through [`crate::consent`];
//! the store is only read.

mod admin;
mod api;
mod client;
mod crowd;
mod feed;
mod feedback;
mod fits;
mod form_view;
mod guard;
mod health;
mod held;
mod intake;
mod job_ld;
mod jobs;
mod kept;
mod leave;
mod listener;
mod listing_view;
mod manage;
mod metrics;
mod metrics_passes;
mod metrics_process;
mod metrics_rows;
mod named;
mod open;
mod page;
mod pay_chart;
mod pay_stats;
mod pay_text;
mod person;
mod place_text;
mod proof;
mod requests;
mod router;
mod server;
mod settings;
mod speech;
mod state;
mod subscribe;
mod typed;
mod visitor;
mod webhook;
mod wishes;
mod wishes_view;

pub use health::STUCK_AFTER;
pub use intake::{INTAKE_PLACES, Intake, NotTaken, Parcel, Taken};
pub use listener::{Listener, Listeners, ServeError};
pub use pay_text::{PayTextError, parse_pay, pay_text};
pub use place_text::{PlaceTextError, parse_places, place_text};
pub use router::router;
pub use server::{Serving, serve};
pub use settings::WebSettings;
pub use state::WebState;
