//! Text of strangers made harmless for a line, a header or a letter.
//!
//! Listings, alert names and replies of servers come from outside. Control characters can break a header or a terminal; bidi and
//! zero-width characters can make a text read as something it is not (Unicode TR 36 and TR 39). They never carry a fact we show.

use std::borrow::Cow;

/// One line: hidden characters gone, white space of every kind folded to single blanks, at most `most` characters with `…` for the rest.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most * 4));
    let mut count = 0;
    let mut blank = false;
    for c in text.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)) {
        if c == ' ' {
            blank = !line.is_empty();
            continue;
        }
        if count + usize::from(blank) >= most {
            return shorten(&line);
        }
        if blank {
            line.push(' ');
            count += 1;
            blank = false;
        }
        line.push(c);
        count += 1;
    }
    line
}

/// Text of strangers within a sentence of English: one short line in quotation marks, its letters as they were typed.
#[must_use]
pub fn quoted(text: &str) -> String {
    /// Longest text that is said again, in characters.
    const MOST_QUOTED: usize = 80;
    format!("“{}”", one_line(text, MOST_QUOTED))
}

/// Several lines: hidden characters and all control characters but the line feed gone.
#[must_use]
pub fn plain_lines(text: &str) -> Cow<'_, str> {
    let goes = |c: char| c != '\n' && (c.is_control() || is_hidden(c));
    if has(text, goes) { Cow::Owned(text.replace(goes, "")) } else { Cow::Borrowed(text) }
}

/// Whether a text has such a character, which is none of those that most texts are made of. Pieces are looked at as a whole, not to the first
/// hit: that is how processors take many bytes at a time.
fn has(text: &str, sought: impl Fn(char) -> bool + Copy) -> bool {
    const PIECE: usize = 32;
    let usual = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    let at = |place: usize| text.get(place..).is_some_and(|rest| rest.starts_with(sought));
    text.as_bytes().chunks(PIECE).enumerate().any(|(number, piece)| {
        let plain = piece.iter().fold(true, |all, byte| all & usual(*byte));
        !plain && piece.iter().enumerate().any(|(place, byte)| !usual(*byte) && at(number * PIECE + place))
    })
}

/// Whether a character is invisible or turns the direction of what follows.
fn is_hidden(c: char) -> bool {
    !c.is_ascii()
        && matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Takes the last character, and a blank before it, for the mark that something is missing.
fn shorten(line: &str) -> String {
    let mut kept = line.chars();
    kept.next_back();
    format!("{}…", kept.as_str().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_breaks_a_line_or_turns_it_around_stays() {
        assert_eq!(one_line("a\r\nBcc: b\0c", 50), "a Bcc: b c");
        assert_eq!(one_line("\u{202e}evil\u{202c} \u{200b}\u{feff}x\u{2028}y\u{85}z", 50), "evil x y z");
        assert_eq!(one_line("  बेंगलुरु   🦀 ", 50), "बेंगलुरु 🦀");
        assert_eq!(plain_lines("a\r\n\tb\u{202e}\nc\u{1b}[31m"), "a\nb\nc[31m");
    }

    #[test]
    fn what_is_hidden_is_found_wherever_it_stands() {
        for at in 0..70 {
            for hidden in ['\u{202e}', '\u{ad}', '\0', '\u{7f}', '\u{85}', '\u{e0001}'] {
                for foreign in ["", "é", "₹", "🦀"] {
                    let (before, behind) = (format!("{}{foreign}", "x".repeat(at)), format!("{foreign}y\n"));
                    assert_eq!(plain_lines(&format!("{before}{hidden}{behind}")), before + &behind, "{at} {hidden:?} {foreign}");
                }
            }
        }
        assert!(matches!(plain_lines("₹18-26 lakh · बेंगलुरु\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_long_line_is_cut_by_characters_and_says_so() {
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcde…");
        assert_eq!(one_line("abcd efg", 6), "abcd…".to_owned());
        assert_eq!(one_line(&"é".repeat(10_000), 200).chars().count(), 200);
    }
}
