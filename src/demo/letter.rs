//! A letter in the demo's mailbox folder, read for showing.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart};

/// Files larger than this are shown by their raw link only; a letter of ten listings has some 60 KB.
const LARGEST_LETTER: u64 = 2 * 1024 * 1024;
/// Letters the list shows: newer ones push older ones off the page, not out of the folder.
const MOST_LISTED: usize = 200;
/// Headers worth showing, in this order.
const SHOWN_HEADERS: [&str; 12] = [
    "From",
    "To",
    "Date",
    "Subject",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Precedence",
    "Feedback-ID",
    "DKIM-Signature",
];

/// What the list shows of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// File name.
    pub name: String,
    /// Subject, decoded.
    pub subject: String,
    /// Recipients.
    pub to: String,
    /// When it was written.
    pub at: Option<DateTime<Utc>>,
    /// What sort of letter it is, in a word or two.
    pub kind: &'static str,
}

/// A whole letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What the list shows of it.
    pub envelope: Envelope,
    /// Headers of interest, name and decoded value.
    pub headers: Vec<(String, String)>,
    /// The HTML part.
    pub html: Option<String>,
    /// The text part.
    pub text: Option<String>,
}

/// The file of a letter, if the name is one: a plain file name ending in `.eml`, so that nothing outside the folder is reached.
pub fn path_of(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@+=,".contains(&byte));
    let letter = Path::new(name).extension().is_some_and(|ending| ending == "eml") && !name.starts_with('.');
    (plain && letter).then(|| folder.join(name))
}

/// The newest letters of a folder, newest first; a folder that is not there yet has none.
///
/// # Errors
/// The folder cannot be read.
pub fn list(folder: &Path) -> io::Result<Vec<Envelope>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A letter that is swept away while we look is not missed.
        let written = entry.metadata().and_then(|meta| meta.modified()).ok();
        files.extend(written.filter(|_| path_of(folder, &name).is_some()).map(|written| (written, name)));
    }
    files.sort_by(|a, b| b.cmp(a));
    let mut letters: Vec<Envelope> = files
        .into_iter()
        .take(MOST_LISTED)
        .filter_map(|(_, name)| read(folder, &name).ok().flatten())
        .map(|letter| letter.envelope)
        .collect();
    // A header's date has whole seconds: within one, the order of writing stands.
    letters.sort_by_key(|letter| std::cmp::Reverse(letter.at));
    Ok(letters)
}

/// One letter; none where there is no such letter, or it is no mail.
///
/// # Errors
/// The file cannot be read.
pub fn read(folder: &Path, name: &str) -> io::Result<Option<Letter>> {
    Ok(raw(folder, name)?.and_then(|bytes| understand(name, &bytes)))
}

/// One letter as it is on disk; none where there is no such letter.
///
/// # Errors
/// The file cannot be read.
pub fn raw(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    let Some(path) = path_of(folder, name) else { return Ok(None) };
    match std::fs::symlink_metadata(&path) {
        Ok(meta) if !meta.is_file() || meta.len() > LARGEST_LETTER => Ok(None),
        Ok(_) => std::fs::read(path).map(Some),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn understand(name: &str, bytes: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse(bytes)?;
    let headers = SHOWN_HEADERS.iter().filter_map(|header| Some((String::from(*header), shown(&message, header)?))).collect();
    let at = message.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
    let envelope = Envelope {
        name: String::from(name),
        subject: message.subject().unwrap_or("(no subject)").to_owned(),
        to: message.to().map(addresses).unwrap_or_default(),
        at,
        kind: kind(&message),
    };
    // The parser makes each of the two from the other where one is missing; only what the letter has is shown.
    let has_html = message.parts.iter().any(MessagePart::is_text_html);
    let has_text = message.parts.iter().any(|part| part.is_text() && !part.is_text_html());
    let html = message.body_html(0).filter(|_| has_html).map(Cow::into_owned);
    let text = message.body_text(0).filter(|_| has_text).map(Cow::into_owned);
    Some(Letter { envelope, headers, html, text })
}

fn shown(message: &Message<'_>, header: &str) -> Option<String> {
    match header {
        "Subject" => message.subject().map(String::from),
        "From" => message.from().map(addresses),
        "To" => message.to().map(addresses),
        "Date" => message.date().map(mail_parser::DateTime::to_rfc822),
        "Message-ID" => message.message_id().map(|id| format!("<{id}>")),
        _ => match message.header(header)? {
            HeaderValue::Empty => None,
            _ => message.header_raw(header).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")),
        },
    }
}

fn addresses(list: &Address<'_>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => String::from(address),
        (name, None) => name.unwrap_or_default().to_owned(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A letter of an alert can be unsubscribed from; a confirmation holds a confirm link and cannot; the rest is service mail.
fn kind(message: &Message<'_>) -> &'static str {
    if message.header("List-Unsubscribe").is_some() {
        "job alert"
    } else if message.body_text(0).is_some_and(|text| text.contains("/confirm/")) {
        "confirmation"
    } else {
        "service letter"
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{list, path_of, read, understand};

    fn letter(head: &str, body: &str) -> Vec<u8> {
        format!("{head}\n\n{body}").replace('\n', "\r\n").into_bytes()
    }

    #[test]
    fn only_a_plain_name_of_a_letter_is_one() {
        let folder = Path::new("/letters");
        assert_eq!(path_of(folder, "20260302T080000Z-a@b.eml"), Some(folder.join("20260302T080000Z-a@b.eml")));
        for name in ["", ".eml", "a.txt", "a.eml.part", ".a.eml", "a/b.eml", "../a.eml", "a\\b.eml", "a\0.eml", "ä.eml"] {
            assert_eq!(path_of(folder, name), None, "{name:?}");
        }
    }

    #[test]
    fn the_kind_follows_from_what_the_reader_can_do_with_the_letter() {
        let kind = |head: &str, body: &str| understand("a.eml", &letter(head, body)).unwrap().envelope.kind;
        assert_eq!(kind("Subject: a\nList-Unsubscribe: <http://localhost/u>", "see /confirm/x"), "job alert");
        assert_eq!(kind("Subject: a", "http://localhost/confirm/abc"), "confirmation");
        assert_eq!(kind("Subject: a", "good bye"), "service letter");
    }

    #[test]
    fn encoded_headers_and_parts_are_decoded() {
        let head = "Subject: =?utf-8?B?UnVzdCBpbiBLw7Zsbg==?=\nTo: =?utf-8?Q?J=C3=B6rg?= <j@example.org>, k@example.org\n\
                    Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable";
        let read = understand("a.eml", &letter(head, "5 =E2=82=AC")).unwrap();
        assert_eq!(read.envelope.subject, "Rust in Köln");
        assert_eq!(read.envelope.to, "Jörg <j@example.org>, k@example.org");
        assert_eq!(read.text.as_deref().map(str::trim), Some("5 €"));
        assert_eq!((read.html, read.envelope.at), (None, None));
    }

    #[test]
    fn a_letter_of_html_alone_has_no_text_part() {
        let read = understand("a.eml", &letter("Subject: a\nContent-Type: text/html", "<p>Hello</p>")).unwrap();
        assert_eq!(read.html.as_deref().map(str::trim), Some("<p>Hello</p>"));
        assert_eq!(read.text, None);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_an_empty_mailbox() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("mail");
        assert_eq!(list(&missing).unwrap(), Vec::new());
        assert_eq!(read(&missing, "a.eml").unwrap(), None);
    }

    #[test]
    fn a_letter_that_is_far_too_large_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("big.eml"), vec![b'a'; 2 * 1024 * 1024 + 1]).unwrap();
        assert_eq!(read(folder.path(), "big.eml").unwrap(), None);
        assert_eq!(list(folder.path()).unwrap(), Vec::new());
    }
}
