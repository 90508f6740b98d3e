//! A message as bytes for the wire (RFC 5322, 2045-2047), the same bytes at every attempt.

use base64::Engine as _;
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use crate::domain::line::plain_lines;
use crate::domain::message::{ListHeaders, Message};
use crate::domain::token::hex;
use crate::mail::quoted::quoted;
use crate::mail::sender::{Sender, header_text};

/// Longest subject and list name, in characters. lettre folds at blanks only, so an unbroken longer text would pass 998 bytes a line.
const MAX_HEADER_TEXT: usize = 200;
/// RFC 5322 2.1.1, without the line end.
const MAX_LINE_BYTES: usize = 998;

/// Why a message cannot be put into bytes; each is a fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The recipient's address is none for lettre.
    #[error("the recipient's address cannot be written")]
    Recipient,
    /// The return path is none for lettre.
    #[error("the return path cannot be written: look at mail.bounces.address")]
    ReturnPath,
    /// The key does not sign.
    #[error("the letter cannot be signed: look at mail.dkim.keys")]
    Signature,
    /// A Message-ID with characters that break a header.
    #[error("the message id {0:?} is not made of plain characters around one @")]
    Id(String),
    /// The unsubscribe link is no http address.
    #[error("the unsubscribe link is no http or https address")]
    UnsubscribeUrl,
    /// The list's id is no label of a domain.
    #[error("the list id {0:?} is not made of letters, digits and hyphens")]
    ListId(String),
    /// A header line beyond RFC 5322.
    #[error("a line of {0} bytes is longer than a mail may have")]
    LineTooLong(usize),
    /// lettre refused it.
    #[error("the letter cannot be built: {0}")]
    Build(String),
}

/// The letter as it goes over the wire: CRLF line ends, ASCII only, lines of at most 998 bytes.
///
/// Nothing in it is drawn by chance or from the clock: a second attempt is equal byte by byte.
///
/// # Errors
/// See [`LetterError`]; none can come from a listing or a name, which are cleaned here.
pub fn bytes(message: &Message, from: &Sender) -> Result<Vec<u8>, LetterError> {
    written(message, from, None)
}

/// The same, with the address that takes requests by mail to end the alert (RFC 2369 3.2).
pub(in crate::mail) fn written(message: &Message, from: &Sender, leave: Option<&Address>) -> Result<Vec<u8>, LetterError> {
    let id = checked_id(&message.id.0)?;
    let mut builder = lettre::Message::builder()
        .from(Mailbox::new(None, from.address().clone()))
        .to(Mailbox::new(None, recipient(message)?))
        .subject(header_text(&message.subject, MAX_HEADER_TEXT))
        .date(message.date.into())
        .message_id(Some(format!("<{id}>")))
        .raw_header(plain_header("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(list) = &message.list {
        for header in list_headers(list, from.domain(), leave)? {
            builder = builder.raw_header(header);
        }
    }
    let boundary = format!("=_{}", &hex(&Sha256::digest(id.as_bytes()))[..32]);
    let parts = MultiPart::alternative()
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, &message.text))
        .singlepart(part(ContentType::TEXT_HTML, &message.html));
    let mut letter = builder.multipart(parts).map_err(|error| LetterError::Build(error.to_string()))?;
    // lettre leaves a display name with a dot unquoted, which RFC 5322 has only in its obsolete syntax.
    if let Some(name) = from.display_name() {
        letter.headers_mut().insert_raw(plain_header("From", format!("{} <{}>", phrase(name), from.address())));
    }
    let bytes = letter.formatted();
    // Lines of the head; those of the parts are as long as their encodings allow.
    let lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).len());
    match lines.take_while(|length| *length > 0).max() {
        Some(longest) if longest > MAX_LINE_BYTES => Err(LetterError::LineTooLong(longest)),
        _ => Ok(bytes),
    }
}

/// The recipient as lettre writes it.
pub(in crate::mail) fn recipient(message: &Message) -> Result<Address, LetterError> {
    Address::new(message.to.local(), message.to.domain()).map_err(|_| LetterError::Recipient)
}

fn checked_id(id: &str) -> Result<&str, LetterError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_@+".contains(c);
    let sound = id.len() <= 200 && id.chars().all(plain) && id.matches('@').count() == 1 && !id.starts_with('@') && !id.ends_with('@');
    if sound { Ok(id) } else { Err(LetterError::Id(id.chars().take(80).collect())) }
}

/// Quoted-printable, or base64 where most of the text is not ASCII and would grow threefold.
fn part(content_type: ContentType, text: &str) -> SinglePart {
    let text = plain_lines(text);
    let foreign = text.bytes().filter(|byte| !byte.is_ascii()).count();
    let body = if foreign * 4 > text.len() {
        // With its line ends already, which lettre would put in one after the other.
        Body::new_with_encoding(text.replace('\n', "\r\n"), ContentTransferEncoding::Base64).unwrap_or_else(Body::new)
    } else {
        Body::dangerous_pre_encoded(quoted(&text), ContentTransferEncoding::QuotedPrintable)
    };
    SinglePart::builder().header(content_type).body(body)
}

fn list_headers(list: &ListHeaders, domain: &str, leave: Option<&Address>) -> Result<[HeaderValue; 4], LetterError> {
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if list.id.is_empty() || list.id.len() > 63 || !list.id.chars().all(label) {
        return Err(LetterError::ListId(list.id.chars().take(80).collect()));
    }
    let url = url::Url::parse(&list.unsubscribe_url).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or(LetterError::UnsubscribeUrl)?;
    if url.as_str().contains(['<', '>', ',', ' ']) {
        return Err(LetterError::UnsubscribeUrl);
    }
    let by_mail = leave.map(|address| format!(", <mailto:{address}?subject=unsubscribe>")).unwrap_or_default();
    Ok([
        plain_header("List-Id", format!("{} <{}.{domain}>", phrase(&list.name), list.id)),
        plain_header("List-Unsubscribe", format!("<{url}>{by_mail}")),
        plain_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        plain_header("Feedback-ID", format!("{}:alert:rolecall:{}", list.kind, sender_id(domain))),
    ])
}

/// The last field of a Feedback-ID: 5 to 15 characters, the same in every letter of a sender (Google, "Feedback loop", 6254652).
fn sender_id(domain: &str) -> String {
    format!("rc{}", &hex(&Sha256::digest(domain.as_bytes()))[..10])
}

/// A phrase (RFC 5322 3.2.5): a quoted string, or encoded words of at most 75 characters.
fn phrase(name: &str) -> String {
    const BYTES_A_WORD: usize = 45;
    let name = header_text(name, MAX_HEADER_TEXT);
    if name.is_ascii() {
        return format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut pieces = vec![String::new()];
    for c in name.chars() {
        if pieces.last().is_some_and(|piece| piece.len() + c.len_utf8() > BYTES_A_WORD) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    let words: Vec<String> =
        pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(piece))).collect();
    words.join(" ")
}

/// A header of ours, folded at blanks; the value is ASCII without line ends by construction.
fn plain_header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::delivery::DeliveryKind;
    use crate::domain::email::EmailAddress;
    use crate::domain::message::MessageId;

    fn message() -> Message {
        Message {
            id: MessageId("41.0123456789abcdef@alerts.example.org".into()),
            date: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            to: EmailAddress::parse("asha@example.org").unwrap(),
            subject: "Rust Backend Engineer, ₹18-26 lakh".into(),
            text: "Namaste\n.\nFrom the ledger\n".into(),
            html: "<p>Namaste</p>".into(),
            delivery: None,
            list: Some(ListHeaders {
                id: "alert-17".into(),
                name: "Rust in Pune".into(),
                kind: DeliveryKind::Digest,
                unsubscribe_url: "https://alerts.example.org/unsubscribe/AQ-_x".into(),
            }),
        }
    }

    fn text(message: &Message) -> String {
        String::from_utf8(bytes(message, &Sender::parse("Rolecall <alerts@example.org>").unwrap()).unwrap()).unwrap()
    }

    /// The header fields in order, unfolded.
    fn fields(letter: &str) -> Vec<(String, String)> {
        let head = letter.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n").map(|line| line.split_once(": ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap()).collect()
    }

    #[test]
    fn a_letter_has_each_header_once_and_both_parts() {
        let letter = text(&message());
        let fields = fields(&letter);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        for name in [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "Feedback-ID",
            "MIME-Version",
            "Content-Type",
        ] {
            assert_eq!(names.iter().filter(|found| **found == name).count(), 1, "{name} in {names:?}");
        }
        let value = |name: &str| fields.iter().find(|(found, _)| found == name).unwrap().1.as_str();
        assert_eq!(value("Message-ID"), "<41.0123456789abcdef@alerts.example.org>");
        assert_eq!(value("Date"), "Fri, 15 Jan 2027 08:00:00 +0000");
        assert_eq!(value("List-Id"), "\"Rust in Pune\" <alert-17.example.org>");
        assert_eq!(value("List-Unsubscribe"), "<https://alerts.example.org/unsubscribe/AQ-_x>");
        assert_eq!(value("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert_eq!(value("Auto-Submitted"), "auto-generated");
        let feedback: Vec<&str> = value("Feedback-ID").split(':').collect();
        assert!(feedback[..3] == ["digest", "alert", "rolecall"] && feedback.len() == 4 && (5..=15).contains(&feedback[3].len()));
        assert!(letter.find("text/plain").unwrap() < letter.find("text/html").unwrap());
    }

    #[test]
    fn a_feedback_id_tells_the_kind_of_letter_and_never_whose_it_is() {
        let mut found = std::collections::BTreeSet::new();
        for number in 0..200_u32 {
            let mut letter = Message {
                id: MessageId(format!("{number}.0123456789abcdef@alerts.example.org")),
                to: EmailAddress::parse(&format!("reader{number}@example.org")).unwrap(),
                ..message()
            };
            let list = letter.list.as_mut().unwrap();
            list.id = format!("alert-{number}");
            list.kind = DeliveryKind::ALL[number as usize % DeliveryKind::ALL.len()];
            found.extend(fields(&text(&letter)).into_iter().filter(|(name, _)| name == "Feedback-ID").map(|(_, value)| value));
        }
        assert_eq!(found.len(), DeliveryKind::ALL.len(), "one a kind: {found:?}");
        for value in found {
            let parts: std::collections::BTreeSet<&str> = value.split(':').collect();
            assert!(parts.len() == 4 && !value.contains("reader"), "four fields that differ: {value}");
        }
    }

    #[test]
    fn a_letter_with_a_return_path_may_be_answered_by_mail_to_end_its_alert() {
        let (from, leave) = (Sender::parse("alerts@example.org").unwrap(), "bounces+abc@example.org".parse().unwrap());
        let letter = String::from_utf8(written(&message(), &from, Some(&leave)).unwrap()).unwrap();
        let value = fields(&letter).into_iter().find(|(name, _)| name == "List-Unsubscribe").unwrap().1;
        assert_eq!(value, "<https://alerts.example.org/unsubscribe/AQ-_x>, <mailto:bounces+abc@example.org?subject=unsubscribe>");
    }

    #[test]
    fn a_second_attempt_is_equal_byte_by_byte() {
        assert_eq!(text(&message()), text(&message()));
        let other = Message { id: MessageId("42.0123456789abcdef@alerts.example.org".into()), ..message() };
        let boundary = |letter: &str| letter.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_ne!(boundary(&text(&message())), boundary(&text(&other)));
    }

    #[test]
    fn names_of_strangers_add_no_header_and_break_no_line() {
        let plain: Vec<String> = fields(&text(&message())).into_iter().map(|(name, _)| name).collect();
        let long = ["x".repeat(10_000), "बेंगलुरु ".repeat(2_000), "🦀".repeat(3_000)];
        let hostile = [
            "a\r\nBcc: b@c.org",
            "a\nBcc: b@c.org",
            "a\rBcc: b",
            "nul\0nul",
            "\u{202e}evil",
            "=?utf-8?q?=0D=0ABcc:x?=",
            "\"",
            "\\",
            "",
            "<a@b.org>",
        ];
        for name in hostile.iter().map(|name| (*name).to_owned()).chain(long) {
            let mut message =
                Message { subject: name.clone(), text: format!("{name}\r\n.\r\n{name}\r{name}"), html: name.clone(), ..message() };
            message.list.as_mut().unwrap().name.clone_from(&name);
            let from = Sender::parse(&format!("{name} <alerts@example.org>")).unwrap();
            let letter = String::from_utf8(bytes(&message, &from).unwrap()).unwrap();
            let names: Vec<String> = fields(&letter).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, plain, "{name:?}");
            assert!(letter.is_ascii() && !letter.replace("\r\n", "").contains(['\r', '\n', '\0']), "{name:?}");
            assert!(letter.lines().all(|line| line.len() <= MAX_LINE_BYTES), "{name:?}");
            assert!(!letter.contains("=?utf-8?q?=0D"), "{name:?}");
        }
    }

    #[test]
    fn what_only_a_bug_can_bring_is_refused() {
        let from = Sender::parse("alerts@example.org").unwrap();
        for id in ["", "a", "a@", "@b", "a@b@c", "a@b\r\nBcc: x", "a b@c", "a@b>"] {
            assert!(bytes(&Message { id: MessageId(id.into()), ..message() }, &from).is_err(), "{id:?}");
        }
        for url in ["", "mailto:a@b.org", "javascript:x", "https://x.org/a>,<mailto:b@c.org"] {
            let mut message = message();
            message.list.as_mut().unwrap().unsubscribe_url = url.into();
            let built = bytes(&message, &from).map(|letter| String::from_utf8(letter).unwrap());
            assert!(built.is_err() || !built.unwrap().contains(",<mailto"), "{url:?}");
        }
    }
}
