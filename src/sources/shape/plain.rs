//! Plain lines out of HTML: titles with marks, the first line of a comment, whether a text shows anything.

use crate::sources::shape::entities::decode;

/// Elements within a word or a line; any other ends it.
const INLINE: [&str; 13] = ["a", "b", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u", "wbr"];

/// The text without tags in one line, entities decoded, white space folded. Runs in one pass; `<` before a blank or a figure is text.
pub fn line(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        kept.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
            kept.push('<');
            continue;
        }
        let Some(end) = rest.find('>') else {
            kept.push('<');
            break;
        };
        let name = rest[..end].trim_start_matches('/').split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name)) {
            kept.push(' ');
        }
        rest = &rest[end + 1..];
    }
    kept.push_str(rest);
    decode(&kept).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`line()`] of a field that may be missing; none where nothing is left.
pub fn field(html: Option<String>) -> Option<String> {
    html.map(|html| line(&html)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_letters_stay() {
        assert_eq!(line("Back End <b>Dev</b>eloper&nbsp;&amp; DBA, p99 < 5 ms"), "Back End Developer & DBA, p99 < 5 ms");
        assert_eq!(line("<P>One<BR/>line</p><!-- not --><li>more <a"), "One line more <a");
        assert_eq!(field(Some(" <b></b> ".into())), None);
    }

    #[test]
    fn tags_that_never_end_take_no_time_to_speak_of() {
        for hurts in ["<a ".repeat(1_000_000), "<div>".repeat(500_000), "< ".repeat(1_000_000), "</".repeat(1_000_000)] {
            let _ = line(&hurts);
        }
    }
}
