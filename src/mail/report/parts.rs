//! The parts of a mail that came back.

use std::borrow::Cow;

use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::domain::email::EmailAddress;
use crate::mail::report::field::{Group, groups};
use crate::mail::report::phrase::without_copy;

/// Text of one part looked at, in bytes: what a mail server says stands at the beginning.
const MAX_TEXT: usize = 64 * 1024;

/// A mail that came back, taken apart.
pub(in crate::mail::report) struct Parts<'a> {
    message: Message<'a>,
    /// The mail server's words, without the copy of the letter.
    pub(in crate::mail::report) text: String,
    /// The text, the copy included.
    pub(in crate::mail::report) whole_text: String,
}

impl<'a> Parts<'a> {
    /// Takes a mail apart; nothing where it has none of the fields that every mail has.
    pub(in crate::mail::report) fn of(bytes: &'a [u8]) -> Option<Self> {
        const FIELDS: &[&str] = &["from", "to", "subject", "date", "received", "return-path", "message-id", "mime-version", "content-type"];
        let message = MessageParser::default().parse(bytes)?;
        let is_field = |name: &str| FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name));
        if !message.headers().iter().any(|header| is_field(header.name())) {
            return None;
        }
        let bodies = (0..message.text_body_count()).filter_map(|at| message.body_text(at));
        // A mail whose boundary is wrong has no parts, but its text is there.
        let body = || readable(&String::from_utf8_lossy(bytes.get(message.root_part().offset_body as usize..).unwrap_or_default()));
        let whole_text = bodies.map(|body| readable(&body)).find(|body| !body.trim().is_empty()).unwrap_or_else(body);
        let text = without_copy(&whole_text).to_owned();
        Some(Self { message, text, whole_text })
    }

    /// A field of the mail's own head, as text.
    pub(in crate::mail::report) fn header(&self, name: &str) -> Option<String> {
        let raw = self.message.headers_raw().find(|(known, _)| known.eq_ignore_ascii_case(name));
        raw.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    pub(in crate::mail::report) fn subject(&self) -> &str {
        self.message.subject().unwrap_or_default()
    }

    /// The address in From.
    pub(in crate::mail::report) fn from(&self) -> Option<&str> {
        self.message.from().and_then(Address::first).and_then(|from| from.address())
    }

    /// The addresses of the mail's own To.
    pub(in crate::mail::report) fn own_to(&self) -> Vec<EmailAddress> {
        listed(self.message.to())
    }

    /// The text of every part of this type, outside the copy of the letter.
    pub(in crate::mail::report) fn of_type(&self, main: &str, sub: &str) -> Vec<String> {
        self.parts()
            .filter(|part| part.is_content_type(main, sub))
            .map(|part| readable(&String::from_utf8_lossy(part.contents())))
            .collect()
    }

    /// The fields of delivery reports: the mail's own, else those of a report that it forwards.
    pub(in crate::mail::report) fn delivery_status(&self) -> Vec<String> {
        const SUBTYPES: &[&str] = &["delivery-status", "global-delivery-status"];
        let of = |part: &MessagePart<'_>| {
            let fits = SUBTYPES.iter().any(|sub| part.is_content_type("message", sub));
            fits.then(|| readable(&String::from_utf8_lossy(part.contents())))
        };
        let own: Vec<String> = self.parts().filter_map(of).collect();
        if !own.is_empty() {
            return own;
        }
        self.parts().filter_map(MessagePart::message).flat_map(|inner| inner.parts.iter().filter_map(of)).collect()
    }

    /// The first field group of the letter's own head, from the copy that came with it.
    pub(in crate::mail::report) fn original(&self) -> Option<Group> {
        let attached = self.parts().find_map(|part| match &part.body {
            PartType::Message(copy) => Some(String::from_utf8_lossy(copy.raw_message()).into_owned()),
            _ => (part.is_content_type("text", "rfc822-headers") || part.is_content_type("message", "rfc822-headers"))
                .then(|| String::from_utf8_lossy(part.contents()).into_owned()),
        });
        let copied = || Some(self.whole_text.get(self.text.len()..)?.to_owned()).filter(|copy| !copy.is_empty());
        let text = attached.or_else(copied)?;
        groups(text.get(..text.floor_char_boundary(MAX_TEXT))?)
            .into_iter()
            .find(|group| ["to", "from", "subject"].iter().any(|name| group.get(name).is_some()))
    }

    /// Whether a copy of a letter is attached.
    pub(in crate::mail::report) fn has_message(&self) -> bool {
        self.parts().any(|part| matches!(part.body, PartType::Message(_)))
    }

    fn parts(&self) -> impl Iterator<Item = &MessagePart<'a>> {
        self.message.parts.iter()
    }

    /// The return path, where the mail has one; empty for `<>`.
    pub(in crate::mail::report) fn return_path(&self) -> Option<String> {
        match self.message.return_path() {
            HeaderValue::Empty => None,
            value => Some(value.as_text().unwrap_or_default().to_owned()),
        }
    }
}

fn listed(list: Option<&Address<'_>>) -> Vec<EmailAddress> {
    let Some(list) = list else { return Vec::new() };
    list.iter().filter_map(|one| EmailAddress::parse(one.address()?).ok()).collect()
}

/// Bounded, with the escapes of ISO-2022-JP read where a part did not name its charset.
fn readable(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(MAX_TEXT)];
    let text = if text.contains("\u{1b}$") { encoding_rs::ISO_2022_JP.decode(text.as_bytes()).0 } else { Cow::Borrowed(text) };
    text.replace("\r\n", "\n")
}
