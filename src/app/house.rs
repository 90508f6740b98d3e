//! The rooms with their pages: what one configuration gives a running service.

use axum::Router;
use tokio::sync::mpsc::Receiver;

use super::build::App;
use crate::web::{self, Parcel};

/// The rooms as one configuration built them, with the pages.
#[derive(Debug)]
pub struct House {
    /// The rooms.
    pub app: App,
    /// The pages.
    pub router: Router,
    /// Where postings that are sent to the page come out.
    pub parcels: Receiver<Parcel>,
}

impl House {
    /// A house with its usual pages.
    #[must_use]
    pub fn of(app: App) -> Self {
        let (state, parcels) = app.web_state();
        let router = web::router(state, &app.config.web);
        Self { app, router, parcels }
    }
}
