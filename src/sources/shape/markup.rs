//! Looking things up in the text of a web page: one pass, whatever the page; no tree is built of it.

use std::borrow::Cow;

use crate::sources::shape::entities::decode;

/// How much of a page's start may name its encoding.
const HEAD: usize = 2_048;

/// The text of a page: UTF-8, or Latin-1 where the page says so; what is neither is replaced.
pub fn page_text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    if ["iso-8859-1", "windows-1252"].iter().any(|charset| head.contains(charset)) {
        return Cow::Owned(bytes.iter().copied().map(char::from).collect());
    }
    String::from_utf8_lossy(bytes)
}

/// Every tag that begins with `open` (lower case, such as `<a `), and the text up to `close` behind it.
pub fn elements<'a>(html: &'a str, open: &str, close: &str) -> Vec<(&'a str, &'a str)> {
    let folded = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = folded[at..].find(open).map(|start| at + start) {
        let Some(inner) = folded[start..].find('>').map(|end| start + end + 1) else { break };
        let end = folded[inner..].find(close).map_or(html.len(), |end| inner + end);
        found.push((&html[start..inner], &html[inner..end]));
        at = end;
    }
    found
}

/// The value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let folded = tag.to_ascii_lowercase();
    let mut at = 0;
    while let Some(start) = folded[at..].find(name).map(|start| at + start) {
        at = start + name.len();
        let apart = tag[..start].ends_with(|letter: char| letter.is_ascii_whitespace() || matches!(letter, '"' | '\''));
        let Some(value) = tag[at..].trim_start().strip_prefix('=').filter(|_| apart) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let text = match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split(|letter: char| letter.is_ascii_whitespace() || letter == '>').next(),
        };
        return text.map(decode);
    }
    None
}

/// The address a saved page gives itself.
pub fn own_address(html: &str) -> Option<String> {
    let named = |open: &str, key: &str, is: &str, holds: &str| {
        let found = elements(html, open, "<").into_iter().find(|(tag, _)| attribute(tag, key).is_some_and(|value| value == is));
        found.and_then(|(tag, _)| attribute(tag, holds))
    };
    named("<link ", "rel", "canonical", "href").or_else(|| named("<meta ", "property", "og:url", "content"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_attributes_are_found_however_they_are_written() {
        let html = r#"<A data-href="no" HREF='/a?b=1&amp;c=2' class=x>One <b>job</b>&amp;<br>more</A><a href=/b>Two</a>"#;
        let found = elements(html, "<a ", "</a");
        assert_eq!(found.iter().map(|(tag, _)| attribute(tag, "href").unwrap()).collect::<Vec<_>>(), ["/a?b=1&c=2", "/b"]);
        assert_eq!((found[0].1, attribute(found[0].0, "class").as_deref()), ("One <b>job</b>&amp;<br>more", Some("x")));
        assert_eq!(attribute("<a title=\"href\">", "href"), None);
    }

    #[test]
    fn a_page_is_read_in_the_encoding_it_names() {
        assert_eq!(page_text(b"<meta charset=\"ISO-8859-1\">K\xf6ln"), "<meta charset=\"ISO-8859-1\">Köln");
        assert_eq!(page_text(b"\xef\xbb\xbfK\xc3\xb6ln"), "Köln");
        assert_eq!(page_text(b"K\xf6ln"), "K\u{fffd}ln");
        assert_eq!(own_address(r#"<link rel="canonical" href="https://a.example/1">"#).as_deref(), Some("https://a.example/1"));
        assert_eq!(own_address(r#"<meta content="https://a.example/2" property="og:url" />"#).as_deref(), Some("https://a.example/2"));
    }

    #[test]
    fn a_page_that_was_made_to_hurt_takes_no_time_to_speak_of() {
        let hurts = ["<a ".repeat(1_000_000), "<a href=".repeat(300_000), "<div>".repeat(500_000), "<a >".repeat(500_000)];
        for page in &hurts {
            assert!(elements(page, "<a ", "</a").len() <= 1);
            let _ = own_address(page);
        }
    }
}
