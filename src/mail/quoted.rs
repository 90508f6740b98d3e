//! Quoted-printable (RFC 2045 6.7), broken where lettre's own encoder breaks it, but a line at a time.

/// Longest line, the mark of a soft break included.
const MOST: usize = 76;

/// A text with LF line ends in quoted-printable, with CRLF line ends.
pub(in crate::mail) fn quoted(text: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len() + text.len() / 8);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            encoded.extend_from_slice(b"\r\n");
        }
        encode_line(line.as_bytes(), &mut encoded);
    }
    encoded
}

fn encode_line(line: &[u8], encoded: &mut Vec<u8>) {
    if line.len() <= MOST && line.iter().all(|byte| stands(*byte)) && !ends_blank(line) {
        return encoded.extend_from_slice(line);
    }
    let (mut column, mut rest) = (0, line);
    while !rest.is_empty() {
        let run = rest.iter().take(MOST - 1 - column).take_while(|byte| stands(**byte)).count();
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

/// Whether a byte may stand for itself.
const fn stands(byte: u8) -> bool {
    (byte >= b' ' && byte <= b'~' && byte != b'=') || byte == b'\t'
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
