//! Sitemaps: which pages a site has, or where its further sitemaps are.
//!
//! <https://www.sitemaps.org/protocol.html>: XML of at most 50 MB unpacked and 50,000 addresses, or one address a line.

use std::borrow::Cow;
use std::io::Read as _;

use url::Url;

use crate::sources::adapter::ReadError;
use crate::sources::shape::dates;
use crate::sources::shape::entities::decode;

/// The most bytes that a packed sitemap may hold.
const MOST_UNPACKED: u64 = 50 * 1024 * 1024;

/// The most addresses of one sitemap.
const MOST_ADDRESSES: usize = 50_000;

/// How far into the text its root must begin.
const HEAD: usize = 4_096;

/// What a sitemap holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Sitemap {
    /// Further sitemaps.
    Index(Vec<Address>),
    /// Pages.
    Pages(Vec<Address>),
}

/// An address of a sitemap.
#[derive(Debug, PartialEq, Eq)]
pub struct Address {
    /// Where to.
    pub url: Url,
    /// When it changed last, where the site says so.
    pub changed: Option<String>,
}

/// The bytes of an answer, unpacked where they are gzip.
///
/// # Errors
/// The gzip is broken, or holds more than a sitemap may.
pub fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut whole = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut whole);
    read.map_err(|error| ReadError::shape("the gzip", error))?;
    if whole.len() as u64 > MOST_UNPACKED {
        return Err(ReadError::shape("the gzip", format!("it holds more than {MOST_UNPACKED} bytes")));
    }
    Ok(Cow::Owned(whole))
}

/// Reads a sitemap; none if the text is something else.
pub fn read(text: &str) -> Option<Sitemap> {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    if head.contains("<sitemapindex") {
        Some(Sitemap::Index(addresses(text, "sitemap")))
    } else if head.contains("<urlset") {
        Some(Sitemap::Pages(addresses(text, "url")))
    } else if head.trim_start().starts_with("http") {
        let lines = text.lines().filter_map(|line| Url::parse(line.trim()).ok()).filter(is_web);
        Some(Sitemap::Pages(lines.take(MOST_ADDRESSES).map(|url| Address { url, changed: None }).collect()))
    } else {
        None
    }
}

/// The entries of XML, looked up in its text: nothing of it can be nested, and entities of a DOCTYPE stay unread.
fn addresses(text: &str, name: &str) -> Vec<Address> {
    let close = format!("</{name}>");
    let entry = |part: &str| {
        let url = element(part, "loc").and_then(|loc| Url::parse(&loc).ok()).filter(is_web)?;
        Some(Address { url, changed: element(part, "lastmod").and_then(|date| dates::from_text(&date)) })
    };
    text.split(close.as_str()).take(MOST_ADDRESSES).filter_map(entry).collect()
}

fn element(part: &str, name: &str) -> Option<String> {
    let inner = part.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>"))?.0.trim();
    let bare = inner.strip_prefix("<![CDATA[").and_then(|inner| inner.strip_suffix("]]>"));
    Some(bare.map_or_else(|| decode(inner), str::to_owned).trim().to_owned())
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sitemaps_are_read_in_all_their_forms() {
        let pages = |text| match read(text) {
            Some(Sitemap::Pages(pages)) => pages.into_iter().map(|page| (page.url.to_string(), page.changed)).collect::<Vec<_>>(),
            other => panic!("pages were due, not {other:?}"),
        };
        let xml = "<?xml version=\"1.0\"?><urlset><url><loc> https://a.example/1?b=1&amp;c=2 </loc><lastmod>2026-08-01</lastmod></url>
            <url><image:loc>https://a.example/i.png</image:loc><loc><![CDATA[https://a.example/2]]></loc></url><url><loc>no</loc></url></urlset>";
        let expected =
            [("https://a.example/1?b=1&c=2".to_owned(), Some("2026-08-01".to_owned())), ("https://a.example/2".to_owned(), None)];
        assert_eq!(pages(xml), expected);
        assert_eq!(pages("https://a.example/1\r\nftp://a.example/2\n"), [("https://a.example/1".to_owned(), None)]);
        let index = "<sitemapindex><sitemap><loc>https://a.example/jobs.xml.gz</loc></sitemap></sitemapindex>";
        assert!(matches!(read(index), Some(Sitemap::Index(parts)) if parts.len() == 1));
        assert_eq!(read("<html></html>"), None);
        assert!(unpacked(b"\x1f\x8b broken").is_err());
    }
}
