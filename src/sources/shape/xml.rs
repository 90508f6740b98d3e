//! Postings out of feeds in XML, whatever letters they are written in.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::domain::Posting;
use crate::sources::adapter::{BadPosting, Completeness, ReadError, Reading};
use crate::sources::shape::json::complete;
use crate::sources::shape::text::filled;
use crate::sources::shape::xml_entry::Entry;
use crate::sources::shape::xml_walk::each;

/// Reads a feed whose entries have one of `names`: the postings, and the name of the outermost element. A feed that is XML from the
/// first tag to the last is taken as whole.
///
/// # Errors
/// A web page, or no XML at all.
pub fn read(text: &str, names: &[&str], mut posting: impl FnMut(&Entry<'_>) -> Posting) -> Result<(Reading, String), ReadError> {
    let mut reading = Reading::default();
    let feed = each(text, names, &mut |index, entry| {
        let place = format!("{}[{index}]", names[0]);
        let posting = posting(&entry);
        let id = filled(Some(posting.id.clone()));
        let read = entry.fault.map_or(Ok(posting), |fault| Err(format!("at {place}: {fault}")));
        match read.and_then(|posting| complete(posting, &place)) {
            Ok(posting) => reading.postings.push(posting),
            Err(reason) => reading.bad.push(BadPosting { index, id, reason }),
        }
    })?;
    reading.items = feed.entries;
    reading.bad.extend(feed.bad);
    reading.completeness = if feed.whole { Completeness::Whole } else { Completeness::Newest };
    Ok((reading, feed.root))
}

/// The text of an XML answer: UTF-8 where it is that, else by its first bytes or by what it says of itself.
///
/// # Errors
/// It is packed.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if bytes.starts_with(b"\x1f\x8b") {
        return Err(ReadError::shape("the first byte", "this is gzip; unpack it first"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.trim_start_matches('\u{feff}').into());
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let label = head.split_once("encoding=").map(|(_, rest)| rest.split(['"', '\'']).nth(1).unwrap_or_default().to_owned());
    let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())).unwrap_or(encoding_rs::UTF_8);
    Ok(encoding.decode(bytes).0)
}

/// The text with its declarations made blank: it is UTF-8 already, and a parser that believes what one of them says of the encoding would
/// read it wrong, or fall where it stands farther in than the first 64 bytes.
pub fn undeclared(text: Cow<'_, str>) -> Cow<'_, str> {
    let found = declarations(&text);
    if found.is_empty() {
        return text;
    }
    let mut text = text.into_owned();
    for range in found {
        let blank = " ".repeat(range.len());
        text.replace_range(range, &blank);
    }
    text.into()
}

fn declarations(text: &str) -> Vec<Range<usize>> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
    let mut found = Vec::new();
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or_default();
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return found,
            Ok(Event::Decl(_)) => found.push(from..usize::try_from(reader.buffer_position()).unwrap_or_default()),
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_made_blank_and_what_only_looks_like_one_stays() {
        let first = r#"<?xml version="1.0" encoding="ISO-8859-1"?>"#;
        let blank = " ".repeat(first.len());
        assert_eq!(undeclared(format!("{first}<a>\u{e9}</a>").into()), format!("{blank}<a>\u{e9}</a>"));
        assert_eq!(undeclared(format!("\n<a>& {first}</b>{first}").into()), format!("\n<a>& {blank}</b>{blank}"));
        for kept in [format!("<a><![CDATA[{first}]]></a>"), format!("<!-- {first} --><a/>"), "<?xml-stylesheet href='a'?><a/>".into()] {
            assert_eq!(undeclared(kept.as_str().into()), kept);
        }
    }
}
