//! Whose page a link opens, as far as the page speaks to that person.

use super::page::PageError;
use super::speech::prefer;
use super::state::Site;
use crate::domain::SubscriberId;

/// Speaks the language kept with a person, unless another one was chosen.
pub(super) async fn speak_to(site: &Site, id: SubscriberId) -> Result<(), PageError> {
    if let Some(subscriber) = site.house.consent.subscriber(id).await? {
        prefer(subscriber.language);
    }
    Ok(())
}
