//! The relaxed forms of heads and bodies (RFC 6376 3.4.2, 3.4.4): what mail servers may do to blanks changes no signature.

use aws_lc_rs::digest::{Digest, SHA256, digest};
use memchr::memchr_iter;

/// A head and a body, as they stand in the bytes of a letter.
pub(in crate::mail::dkim) struct Letter<'a> {
    /// Name and raw value of each field, in order.
    pub fields: Vec<(&'a str, &'a str)>,
    /// Behind the empty line.
    pub body: &'a [u8],
}

impl<'a> Letter<'a> {
    /// Splits the bytes of a letter with CRLF line ends and a head of ASCII; none where they are none.
    pub(in crate::mail::dkim) fn of(bytes: &'a [u8]) -> Option<Self> {
        const END: &[u8] = b"\r\n\r\n";
        let end = bytes.windows(END.len()).position(|window| window == END)?;
        let head = std::str::from_utf8(&bytes[..end + 2]).ok()?;
        let mut fields = Vec::new();
        let mut rest = head;
        while !rest.is_empty() {
            let length = field_length(rest)?;
            fields.push(rest[..length].split_once(':')?);
            rest = &rest[length..];
        }
        Some(Self { fields, body: &bytes[end + END.len()..] })
    }
}

/// The bytes of the first field with the lines that continue it.
fn field_length(head: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += head[at..].find("\r\n")? + 2;
        if !head[at..].starts_with([' ', '\t']) {
            return Some(at);
        }
    }
}

/// `name:value` with the blanks of the value joined, and a line end.
pub(in crate::mail::dkim) fn field(name: &str, value: &str) -> String {
    let value: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}\r\n", name.trim().to_ascii_lowercase(), value.join(" "))
}

/// The body with joined blanks, none at the end of a line, and no empty lines at the end.
pub(in crate::mail::dkim) fn body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len());
    let mut kept = 0;
    let mut from = 0;
    for end in memchr_iter(b'\n', body).chain([body.len()]) {
        let line = &body[from..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        from = end + 1;
        let begin = relaxed.len();
        if is_relaxed(line) {
            relaxed.extend_from_slice(line);
        } else {
            join_blanks(line, &mut relaxed);
        }
        let empty = relaxed.len() == begin;
        relaxed.extend_from_slice(b"\r\n");
        if !empty {
            kept = relaxed.len();
        }
    }
    relaxed.truncate(kept);
    relaxed
}

/// Whether a line has single blanks only, and none at its end: then nothing is to be done. Looked at as a whole, not to the first hit: that
/// is how processors take many bytes at a time.
fn is_relaxed(line: &[u8]) -> bool {
    let joined = |one: u8, next: u8| matches!((one, next), (b' ', b' ') | (_, b'\t'));
    let found = line.iter().zip(line.iter().skip(1)).fold(false, |found, (one, next)| found | joined(*one, *next));
    !found && line.first() != Some(&b'\t') && line.last() != Some(&b' ')
}

fn join_blanks(line: &[u8], relaxed: &mut Vec<u8>) {
    let mut blank = false;
    for byte in line {
        if matches!(byte, b' ' | b'\t') {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            relaxed.push(b' ');
        }
        relaxed.push(*byte);
    }
}

pub(in crate::mail::dkim) fn sha256(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out_as_it_says() {
        // RFC 6376 3.4.5.
        let letter = Letter::of(b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n").unwrap();
        let head: String = letter.fields.iter().map(|(name, value)| field(name, value)).collect();
        assert_eq!(head, "a:X\r\nb:Y Z\r\n");
        assert_eq!(body(letter.body), b" C\r\nD E\r\n");
    }

    #[test]
    fn lines_with_blanks_in_any_place_are_relaxed_alike() {
        for (line, relaxed) in
            [("a b", "a b"), ("a  b", "a b"), ("a\tb", "a b"), ("a ", "a"), ("a\t", "a"), (" a", " a"), ("  ", ""), (" ", "")]
        {
            let sent = format!("{line}\r\nx\r\n");
            assert_eq!(body(sent.as_bytes()), format!("{relaxed}\r\nx\r\n").as_bytes(), "{line:?}");
        }
    }

    #[test]
    fn an_empty_body_is_empty_and_a_last_line_gets_its_end() {
        assert_eq!(body(b""), b"");
        assert_eq!(body(b"\r\n\r\n"), b"");
        assert_eq!(body(b"a"), b"a\r\n");
    }

    #[test]
    fn what_is_no_letter_is_not_split() {
        assert!(Letter::of(b"no end").is_none());
        assert!(Letter::of(b"no field\r\n\r\n").is_none());
    }
}
