//! The nearest known word to one that is not known, for "did you mean".

/// The nearest of `known` to `given` by edit distance, when it is near enough to be what was meant.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(given, known, |letters| 1 + letters / 3)
}

/// The same among thousands, of which one is always somewhat near: one slip for every four letters.
pub fn nearest_of_many<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(given, known, |letters| letters / 4)
}

fn within<'a>(given: &str, known: impl IntoIterator<Item = &'a str>, slips: impl Fn(usize) -> usize) -> Option<&'a str> {
    let (distance, word) = known.into_iter().map(|word| (strsim::levenshtein(given, word), word)).min()?;
    (distance <= slips(word.chars().count())).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let known = ["greenhouse", "lever", "ashby", "rss"];
        assert_eq!(nearest("greenhous", known), Some("greenhouse"));
        assert_eq!(nearest("Lever", known), Some("lever"));
        assert_eq!(nearest("quux-board", known), None);
        assert_eq!(nearest("rss", []), None);
    }
}
