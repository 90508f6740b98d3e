//! A text beside its folded form, byte for byte, so that what is found in one can be quoted from the other.

/// What ends a line of a text or of a list.
const LINE_ENDS: [char; 3] = ['\n', '|', '•'];

/// A text and its folded form, in which every character stands where it stood.
///
/// Folding here is lower-casing that keeps the length; wide blanks become blanks and long dashes become ` - `. A position found in
/// `folded` is the same position in `text`, so evidence needs no map.
#[derive(Debug)]
pub struct Folded<'a> {
    /// As published.
    pub text: &'a str,
    /// Lower case, of the same length in bytes.
    pub folded: String,
}

impl<'a> Folded<'a> {
    /// Folds a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            push_folded(&mut folded, c);
        }
        debug_assert_eq!(folded.len(), text.len());
        Self { text, folded }
    }

    /// The words as published at this range of the folded text, widened to whole characters.
    #[must_use]
    pub fn quote(&self, start: usize, end: usize) -> &'a str {
        &self.text[self.text.floor_char_boundary(start)..self.text.ceil_char_boundary(end)]
    }

    /// Up to `before` and `after` bytes around a range, as folded text.
    #[must_use]
    pub fn around(&self, start: usize, end: usize, before: usize, after: usize) -> (&str, &str) {
        let from = self.folded.floor_char_boundary(start.saturating_sub(before));
        let to = self.folded.ceil_char_boundary((end + after).min(self.folded.len()));
        (&self.folded[from..start], &self.folded[end..to])
    }

    /// The words as published in the line that holds this range, whole words of at most about 120 bytes around it.
    #[must_use]
    pub fn sentence(&self, start: usize, end: usize) -> &'a str {
        const REACH: usize = 60;
        let start = self.text.floor_char_boundary(start);
        let end = self.text.ceil_char_boundary(end);
        let from = self.text.floor_char_boundary(start.saturating_sub(REACH));
        let to = self.text.ceil_char_boundary((end + REACH).min(self.text.len()));
        let head = &self.text[from..start];
        let from = match head.rfind(LINE_ENDS) {
            Some(at) => from + at + self.text[from + at..].chars().next().map_or(0, char::len_utf8),
            None if from == 0 => from,
            None => from + head.find(char::is_whitespace).unwrap_or(0),
        };
        let tail = &self.text[end..to];
        let to = match tail.find(LINE_ENDS) {
            Some(at) => end + at,
            None if to == self.text.len() => to,
            None => end + tail.rfind(char::is_whitespace).unwrap_or(tail.len()),
        };
        self.text[from.min(start)..to].trim()
    }
}

fn push_folded(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push_str(" - "),
        _ if c.is_whitespace() => out.extend(std::iter::repeat_n(' ', c.len_utf8())),
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => out.push(one),
                _ => out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_found_in_the_folded_text_is_quoted_as_published() {
        let text = "Gehalt: 60.000–75.000 € ÜBER Tarif";
        let folded = Folded::new(text);
        let at = folded.folded.find("60.000 - 75.000").unwrap();
        assert_eq!(folded.quote(at, at + "60.000 - 75.000".len()), "60.000–75.000");
        assert!(folded.folded.ends_with("über tarif"));
    }

    #[test]
    fn the_words_around_a_find_are_whole() {
        let text = "We are a small team, and whoever joins shall own what is built. Compensation is circa 150,000 of base pay, and to find out more you should get in touch with us.";
        let at = text.find("150,000").unwrap();
        let words = Folded::new(text).sentence(at, at + 7);
        assert_eq!(
            words,
            "joins shall own what is built. Compensation is circa 150,000 of base pay, and to find out more you should get in touch"
        );
        assert_eq!(Folded::new("short").sentence(1, 2), "short");
    }

    proptest! {
        #[test]
        fn folding_keeps_every_byte_in_its_place(text in ".*", a in 0usize..200, b in 0usize..200) {
            let folded = Folded::new(&text);
            prop_assert_eq!(folded.folded.len(), text.len());
            let (a, b) = (a.min(text.len()), b.min(text.len()));
            let (a, b) = (a.min(b), a.max(b));
            let _ = folded.quote(a, b);
            let _ = folded.sentence(a, b);
        }
    }
}
