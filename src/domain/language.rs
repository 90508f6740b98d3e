//! The languages that pages and letters are written in.

use crate::domain::word::words;

words! {
    /// A language of pages and letters, spelled as in `lang` (BCP 47), labelled as it calls itself.
    Language, "language" {
        /// The one that has every text.
        English = "en", "English";
        /// Hindi in Devanagari.
        Hindi = "hi", "हिन्दी";
        /// German.
        German = "de", "Deutsch";
    }
}

impl Default for Language {
    /// English.
    fn default() -> Self {
        Self::English
    }
}

impl Language {
    /// Longest `Accept-Language` that is looked at, in ranges.
    const MOST_RANGES: usize = 20;

    /// The first of the languages a browser asks for that we have, by weight, then by order (RFC 9110 12.5.4); none where we have none
    /// of them. Regions are passed over: `de-AT` is German.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let range = |text: &str| {
            let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
            let language = tag.trim().split('-').next()?.to_ascii_lowercase().parse().ok()?;
            (weight > 0.0).then_some((weight, language))
        };
        let ranges = header.split(',').take(Self::MOST_RANGES).filter_map(range);
        // Of equal weights the first stands.
        ranges.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, language)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_a_browser_likes_best_is_taken_as_far_as_we_have_it() {
        for (header, language) in [
            ("de", Some(Language::German)),
            ("de-AT,en;q=0.5", Some(Language::German)),
            ("hi-IN,hi;q=0.9,en-IN;q=0.8,en;q=0.7", Some(Language::Hindi)),
            ("fr-FR, fr;q=0.9, en;q=0.8, de;q=0.7", Some(Language::English)),
            ("en;q=0.2, DE ; q=0.9", Some(Language::German)),
            ("de;q=0, hi;q=0.1", Some(Language::Hindi)),
            ("ta-IN", None),
            ("*", None),
            ("", None),
            ("de;q=much", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
