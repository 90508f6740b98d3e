//! Posts to an address of our own, as a mail service does to unsubscribe somebody, to see how it is answered.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

/// Mail services wait no longer either.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The status that a form is answered with. A redirect is an answer and is not followed: RFC 8058 3.1 forbids it.
///
/// # Errors
/// Nobody answers, in words.
pub async fn post_form(address: &str, form: &'static str) -> Result<u16, String> {
    let words = |error: reqwest::Error| {
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |cause| cause.source());
        causes.last().map(ToString::to_string).unwrap_or_default()
    };
    let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).no_proxy().build().map_err(words)?;
    let request = client.post(address).header("content-type", "application/x-www-form-urlencoded").body(form);
    Ok(request.send().await.map_err(words)?.status().as_u16())
}
