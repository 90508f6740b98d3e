//! The texts of `config/texts`, and saying one of them. What a language lacks is said in English.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::domain::language::Language;
use crate::domain::texts::number::number;

/// The file of a language, embedded.
const fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../config/texts/en.ftl"),
        Language::Hindi => include_str!("../../../config/texts/hi.ftl"),
        Language::German => include_str!("../../../config/texts/de.ftl"),
    }
}

static CATALOGUES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| Language::ALL.iter().map(|one| bundle(*one)).collect());

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale = language.as_str().parse().expect("the spelling of a language is a language tag");
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks of direction around each value serve languages that are written from right to left; mail programs show them as boxes.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| written(value, Language::English),
        Language::Hindi => |value, _| written(value, Language::Hindi),
        Language::German => |value, _| written(value, Language::German),
    }));
    let file =
        FluentResource::try_new(source(language).to_owned()).expect("the embedded texts are read; a test names the line that is not");
    bundle.add_resource(file).expect("no text stands twice; a test names the one that does");
    bundle
}

/// Numbers as the language writes them; all else as it is.
#[expect(clippy::cast_possible_truncation, reason = "counts and years, far below 2^53")]
fn written(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(given) if given.value.fract() == 0.0 => Some(number(language, given.value as i64)),
        _ => None,
    }
}

/// A value within a text.
#[derive(Debug, Clone)]
pub enum Text {
    /// Words, as they are.
    Words(String),
    /// A number, which may decide between one and many, and is written as the language writes it.
    Number(i64),
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<usize> for Text {
    fn from(count: usize) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Text {
    fn from(count: u32) -> Self {
        Self::Number(i64::from(count))
    }
}

impl From<i64> for Text {
    fn from(count: i64) -> Self {
        Self::Number(count)
    }
}

/// A text in a language, with its values filled in; none where English has no such text.
pub(in crate::domain::texts) fn find(language: Language, key: &str, values: &[(&str, Text)]) -> Option<String> {
    let mut arguments = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        let value = match value {
            Text::Words(words) => FluentValue::from(words.as_str()),
            Text::Number(count) => FluentValue::from(*count),
        };
        arguments.set(*name, value);
    }
    [language, Language::English].into_iter().find_map(|language| {
        let bundle = CATALOGUES.get(Language::ALL.iter().position(|one| *one == language)?)?;
        let mut faults = Vec::new();
        let said = bundle.format_pattern(bundle.get_message(key)?.value()?, Some(&arguments), &mut faults).into_owned();
        debug_assert!(faults.is_empty(), "{key}: {faults:?}");
        Some(said)
    })
}

/// A text in a language, with its values filled in.
///
/// The key itself where there is no such text, which a test forbids: every key in `src` is one of English.
#[must_use]
pub fn say(language: Language, key: &str, values: &[(&str, Text)]) -> String {
    find(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// The words for a value of a closed set: `level-senior` by `("level", "senior")`.
#[must_use]
pub fn word(language: Language, family: &str, spelling: &str) -> String {
    say(language, &format!("{family}-{spelling}"), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_said_with_its_values_and_its_own_plural() {
        let trouble = |language, count: usize| say(language, "form-trouble", &[("count", count.into())]);
        assert!(trouble(Language::English, 1).starts_with("One thing needs"));
        assert!(trouble(Language::English, 2).starts_with("2 things need"));
        assert!(trouble(Language::German, 2).starts_with("Bitte sehen Sie 2 Angaben"));
        // Hindi says none as it says one.
        assert!(trouble(Language::Hindi, 0).starts_with("एक बात"));
        assert_eq!(word(Language::German, "mode", "onsite"), "vor Ort");
    }

    #[test]
    fn a_number_within_a_text_is_written_as_its_language_writes_it() {
        let fit = |language| say(language, "fits-fit", &[("count", 2_usize.into()), ("all", 100_000_usize.into())]);
        assert!(fit(Language::English).contains("of the 100000 open jobs"), "as it always was");
        assert!(fit(Language::German).contains("von 100.000 offenen Stellen"));
        assert!(fit(Language::Hindi).contains("1,00,000 खुली नौकरियों"));
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_and_what_none_has_is_not_said() {
        let file = FluentResource::try_new("only-here = x".to_owned()).unwrap();
        let mut poor = bundle(Language::German);
        poor.add_resource(file).unwrap();
        assert!(poor.has_message("only-here") && !CATALOGUES[0].has_message("only-here"));
        assert_eq!(find(Language::German, "only-here", &[]), None, "English decides what there is");
        assert_eq!(say(Language::German, "no-such-text", &[]), "no-such-text");
    }
}
