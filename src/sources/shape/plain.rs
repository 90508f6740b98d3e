//! Plain lines out of small pieces of HTML: titles with marks, the first line of a comment.

use crate::sources::shape::entities::decode;

/// The text without tags, entities decoded, white space folded.
pub fn line(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let tag = rest[1..].starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        let end = rest.find('>').filter(|_| tag);
        if let Some(end) = end {
            rest = &rest[end + 1..];
        } else {
            kept.push('<');
            rest = &rest[1..];
        }
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
        assert_eq!(line("Back End <b>Developer</b>&nbsp;&amp; DBA, p99 < 5 ms"), "Back End Developer & DBA, p99 < 5 ms");
        assert_eq!(field(Some(" <b></b> ".into())), None);
    }
}
