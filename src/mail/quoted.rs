//! Quoted-printable (RFC 2045 6.7), broken where lettre's own encoder breaks it, but a line at a time.

use memchr::memchr_iter;

/// Longest line, the mark of a soft break included.
const MOST: usize = 76;
/// Bytes of a piece.
const PIECE: usize = 16;

/// A text with LF line ends in quoted-printable, with CRLF line ends.
pub(in crate::mail) fn quoted(text: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len() + text.len() / 8);
    let (text, mut from) = (text.as_bytes(), 0);
    for end in memchr_iter(b'\n', text) {
        encode_line(&text[from..end], &mut encoded);
        encoded.extend_from_slice(b"\r\n");
        from = end + 1;
    }
    encode_line(&text[from..], &mut encoded);
    encoded
}

fn encode_line(line: &[u8], encoded: &mut Vec<u8>) {
    if line.len() <= MOST && standing(line) == line.len() && !ends_blank(line) {
        return encoded.extend_from_slice(line);
    }
    let (mut column, mut rest) = (0, line);
    while !rest.is_empty() {
        let run = standing(&rest[..rest.len().min(MOST - 1 - column)]);
        let run = if run == rest.len() && ends_blank(rest) { run - 1 } else { run };
        encoded.extend_from_slice(&rest[..run]);
        column += run;
        rest = &rest[run..];
        let Some((first, behind)) = rest.split_first() else { return };
        let is_bare = stands(*first) && !(behind.is_empty() && ends_blank(rest));
        let width = if is_bare { 1 } else { 3 };
        // The last of a line may stand where else the mark of a soft break has to.
        if column + width > MOST - usize::from(!behind.is_empty()) {
            encoded.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if is_bare {
            encoded.push(*first);
        } else {
            encoded.extend_from_slice(&escaped(*first));
        }
        column += width;
        rest = behind;
    }
}

/// How many bytes at the beginning may stand for themselves. Pieces are looked at as a whole: that is how processors take many bytes at a time.
fn standing(bytes: &[u8]) -> usize {
    let whole = |piece: &&[u8]| piece.iter().fold(true, |all, byte| all & stands(*byte));
    let begin = bytes.chunks_exact(PIECE).take_while(whole).count() * PIECE;
    begin + bytes[begin..].iter().take_while(|byte| stands(**byte)).count()
}

/// Whether a byte may stand for itself.
const fn stands(byte: u8) -> bool {
    matches!(byte, b' '..=b'<' | b'>'..=b'~' | b'\t')
}

fn ends_blank(line: &[u8]) -> bool {
    matches!(line.last(), Some(b' ' | b'\t'))
}

const fn escaped(byte: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [b'=', DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

#[cfg(test)]
mod tests {
    use lettre::message::Body;
    use lettre::message::header::ContentTransferEncoding;
    use proptest::prelude::*;

    use super::*;

    fn by_lettre(text: &str) -> String {
        let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable).unwrap();
        String::from_utf8(body.into_vec()).unwrap()
    }

    fn ours(text: &str) -> String {
        String::from_utf8(quoted(text)).unwrap()
    }

    #[test]
    fn every_length_breaks_where_lettre_breaks_it() {
        for length in 0..240 {
            for end in ["", "=", " ", "\t", "  ", "é", "₹", "=x", "é ", "\n", " \n", "é\n\n"] {
                let text = format!("{}{end}", "x".repeat(length));
                assert_eq!(ours(&text), by_lettre(&text), "{length} {end:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_out_as_lettre_writes_it(text in "([a-z =\t.é₹🦀\n]|[a-z]{60,80}){0,60}") {
            prop_assert_eq!(ours(&text), by_lettre(&text));
        }
    }
}
