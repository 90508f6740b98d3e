//! What happens to a listing after it was published: it changes, closes, comes back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::listing::ListingId;
use crate::domain::posting::Posting;
use crate::domain::text::fold_name;
use crate::domain::word::words;

words! {
    /// What happened to a listing.
    ListingEventKind, "listing event" {
        /// Something that a reader sees changed.
        Changed = "changed", "changed";
        /// It can no longer be applied to.
        Closed = "closed", "closed";
        /// It was closed and is open again.
        Relisted = "relisted", "open again";
    }
}

words! {
    /// A part of a listing that a reader sees.
    ListingPart, "part of a listing" {
        /// The title.
        Title = "title", "title";
        /// Where the work is.
        Place = "place", "place";
        /// What is paid.
        Pay = "pay", "pay";
        /// The description.
        Text = "text", "description";
    }
}

/// One difference between what a listing said before and what it says now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// Which part.
    pub part: ListingPart,
    /// What it said before; none where it said nothing, and for descriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it says now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Something that happened to a listing, as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingEvent {
    /// The listing.
    pub listing: ListingId,
    /// What happened.
    pub kind: ListingEventKind,
    /// When a fetch found it.
    pub happened_at: DateTime<Utc>,
    /// What changed; empty for other events.
    pub differences: Vec<Difference>,
}

/// What a reader would see changed between two states of one posting, each with its description as plain text. Case and white
/// space do not count, nor do time stamps and links.
#[must_use]
pub fn differences(before: (&Posting, &str), after: (&Posting, &str)) -> Vec<Difference> {
    let ((old, old_text), (new, new_text)) = (before, after);
    let parts = [
        (ListingPart::Title, Some(old.title.clone()), Some(new.title.clone())),
        (ListingPart::Place, old.location.clone(), new.location.clone()),
        (ListingPart::Pay, pay(old), pay(new)),
    ];
    let folded = |text: &Option<String>| fold_name(text.as_deref().unwrap_or_default());
    let seen = parts.into_iter().filter(|(_, before, after)| folded(before) != folded(after));
    let mut found: Vec<Difference> = seen.map(|(part, before, after)| Difference { part, before, after }).collect();
    if fold_name(old_text) != fold_name(new_text) {
        found.push(Difference { part: ListingPart::Text, before: None, after: None });
    }
    found
}

/// Pay as the posting states it, in one line.
fn pay(posting: &Posting) -> Option<String> {
    if let Some(text) = posting.salary_text.clone().filter(|text| !text.trim().is_empty()) {
        return Some(text);
    }
    let pay = posting.salary.as_ref()?;
    let bounds = match (pay.min, pay.max) {
        (Some(min), Some(max)) if min < max => format!("{min} to {max}"),
        (Some(least), None) => format!("from {least}"),
        (None, Some(most)) => format!("up to {most}"),
        (Some(one), Some(_)) => one.to_string(),
        (None, None) => return None,
    };
    let period = pay.period.map(|period| format!(" a {}", period.as_str())).unwrap_or_default();
    Some(format!("{} {bounds}{period}", pay.currency.as_deref().unwrap_or_default()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::posting::StructuredPay;

    fn posting() -> Posting {
        Posting { title: "Rust Engineer".into(), location: Some("Pune".into()), ..Posting::default() }
    }

    #[test]
    fn only_what_a_reader_sees_is_a_difference() {
        let stamped = Posting { updated_at: Some("2026-01-01".into()), title: "RUST engineer".into(), ..posting() };
        assert_eq!(differences((&posting(), "We write Rust."), (&stamped, "We write\nRust.")), []);
        let moved = Posting { location: Some("Pune; Remote".into()), ..posting() };
        let found = differences((&posting(), "a"), (&moved, "b"));
        assert_eq!(found.iter().map(|difference| difference.part).collect::<Vec<_>>(), [ListingPart::Place, ListingPart::Text]);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (Some("Pune"), Some("Pune; Remote")));
    }

    #[test]
    fn pay_that_appears_is_told_in_a_line() {
        let salary = Some(StructuredPay {
            min: Some(1_200_000.0),
            max: Some(1_800_000.0),
            currency: Some("INR".into()),
            ..StructuredPay::default()
        });
        let paid = Posting { salary, ..posting() };
        let found = differences((&posting(), ""), (&paid, ""));
        assert_eq!(
            (found[0].part, found[0].before.as_deref(), found[0].after.as_deref()),
            (ListingPart::Pay, None, Some("INR 1200000 to 1800000"))
        );
    }
}
