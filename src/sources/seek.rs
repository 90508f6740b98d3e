//! Looks for the board behind an address: by the address itself, else in the page that stands there.

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::FetchFault;
use crate::sources::adapter::{ReadError, Request, WebPage};
use crate::sources::failure::Failure;
use crate::sources::fetch::{Answer, Fetcher};
use crate::sources::recognise::{Seen, in_page};
use crate::sources::shape::json;
use crate::sources::state::Validators;

/// Fetches a page as a polite visitor does, once, and gives the boards that it names.
///
/// # Errors
/// The page cannot be read, or is a check whether we are a person.
pub async fn seek(page: &Url, fetcher: &Fetcher, now: DateTime<Utc>) -> Result<Seen, Failure> {
    let request = Request::page(page.clone());
    let Answer::Body { bytes, .. } = fetcher.ask(&request, &Validators::default(), now).await? else {
        return Err(Failure::new(FetchFault::Misconfigured, "\"not modified\" without having been asked"));
    };
    let text = String::from_utf8_lossy(&bytes);
    let seen = in_page(&text, page);
    match json::web_page(&text) {
        error @ ReadError::WebPage { kind: WebPage::Challenge, .. } if seen.found.is_empty() => Err(Failure::new(error.fault(), error)),
        _ => Ok(seen),
    }
}
