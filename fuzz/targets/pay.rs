//! Pay in a field, a title and a text: the three lines of the input.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rolecall::domain::Posting;
use rolecall::extract::Extractor;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(Extractor::new);

fuzz_target!(|bytes: &[u8]| {
    let text = rolecall_fuzz::text(bytes);
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let (field, title, body) = (lines.next(), lines.next().unwrap_or_default(), lines.next());
    let posting = Posting { salary_text: field, title, description: body, location: Some("Pune".into()), ..Posting::default() };
    if let Some(pay) = EXTRACTOR.facts(&posting).pay {
        rolecall_fuzz::pay_holds(&pay);
        assert!(text.chars().any(|c| c.is_numeric()) || spelled(&text), "pay without a digit: {pay:?}");
    }
});

/// Figures may be written in words: `ten lakh`.
fn spelled(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["lakh", "lac", "crore", "thousand", "hundred"].iter().any(|word| lower.contains(word))
}
