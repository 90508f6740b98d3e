//! Questions and answers of the DNS as bytes (RFC 1035 4), as far as five kinds of record need them.
//!
//! What comes is a stranger's: every length is looked at before it is followed, and a name that points on for ever ends.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Bytes before the question.
const HEAD: usize = 12;
/// A question for records of the internet.
const INTERNET: u16 = 1;
/// Where an answer stands that was asked under another name (RFC 1034 3.6.2).
const ALIAS: u16 = 5;
/// Longest name, and most pointers followed within one (each must lead to an earlier place, so that few are honest).
const MOST_NAME: usize = 255;
const MOST_JUMPS: usize = 32;
/// Datagrams up to this size come whole over nearly every way (RFC 9715).
const MOST_DATAGRAM: u16 = 1_232;

/// The kinds of record that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail::dns) enum Kind {
    A = 1,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail::dns) enum Data {
    Address(IpAddr),
    Name(String),
    MailHost(u16, String),
    Text(String),
}

/// What a server made of a question.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mail::dns) enum Outcome {
    /// The records; none where there are none, or no such name.
    Records(Vec<Data>),
    /// It does not say, by an error code (RFC 1035 4.1.1).
    Refused(u8),
}

/// A datagram, held against our question.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mail::dns) enum Answer {
    /// It is no answer to it.
    Foreign,
    /// It is, without its end.
    Cut,
    /// It is.
    Ours(Outcome),
}

/// A question and the number that its answer must bear; none where the name is no name of the DNS.
pub(in crate::mail::dns) fn question(name: &str, kind: Kind) -> Option<(u16, Vec<u8>)> {
    let mut number = [0; 2];
    getrandom::fill(&mut number).ok()?;
    let mut bytes = vec![number[0], number[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
    for label in name.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        bytes.push(length);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    if bytes.len() > HEAD + MOST_NAME {
        return None;
    }
    bytes.extend_from_slice(&(kind as u16).to_be_bytes());
    bytes.extend_from_slice(&INTERNET.to_be_bytes());
    // How large a datagram may be (RFC 6891 6.1.2): an OPT record at the root.
    bytes.extend_from_slice(&[0, 0, 41]);
    bytes.extend_from_slice(&MOST_DATAGRAM.to_be_bytes());
    bytes.extend_from_slice(&[0; 6]);
    Some((u16::from_be_bytes(number), bytes))
}

/// Reads an answer to the question with this number, name and kind.
pub(in crate::mail::dns) fn read(bytes: &[u8], number: u16, name: &str, kind: Kind) -> Answer {
    answer(bytes, number, name, kind).unwrap_or(Answer::Foreign)
}

fn answer(bytes: &[u8], number: u16, name: &str, kind: Kind) -> Option<Answer> {
    let mut reader = Reader { bytes, at: HEAD };
    let flags = word(bytes, 2)?;
    let (questions, answers) = (word(bytes, 4)?, word(bytes, 6)?);
    let ours = word(bytes, 0)? == number && flags & 0x8000 != 0 && questions == 1;
    let asked = reader.name()?;
    if !ours || !asked.eq_ignore_ascii_case(name.trim_end_matches('.')) || reader.word()? != kind as u16 || reader.word()? != INTERNET {
        return None;
    }
    if flags & 0x0200 != 0 {
        return Some(Answer::Cut);
    }
    let code = u8::try_from(flags & 15).unwrap_or_default();
    // 3: there is no such name.
    if !matches!(code, 0 | 3) {
        return Some(Answer::Ours(Outcome::Refused(code)));
    }
    let (mut wanted, mut found) = (asked, Vec::new());
    for _ in 0..answers {
        let (owner, of, class) = (reader.name()?, reader.word()?, reader.word()?);
        reader.at = reader.at.checked_add(4)?;
        let length = usize::from(reader.word()?);
        let end = reader.at.checked_add(length).filter(|end| *end <= bytes.len())?;
        if class == INTERNET && owner == wanted {
            match of {
                ALIAS => wanted = Reader { bytes, at: reader.at }.name()?,
                of if of == kind as u16 => found.push(data(bytes, reader.at, end, kind)?),
                _ => {}
            }
        }
        reader.at = end;
    }
    Some(Answer::Ours(Outcome::Records(found)))
}

/// What stands between two places as a record of a kind.
fn data(bytes: &[u8], at: usize, end: usize, kind: Kind) -> Option<Data> {
    let own = bytes.get(at..end)?;
    Some(match kind {
        Kind::A => Data::Address(IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(own).ok()?))),
        Kind::Aaaa => Data::Address(IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(own).ok()?))),
        Kind::Ptr => Data::Name(Reader { bytes, at }.name()?),
        Kind::Mx => Data::MailHost(word(bytes, at)?, Reader { bytes, at: at.checked_add(2)? }.name().filter(|_| own.len() > 2)?),
        Kind::Txt => {
            let (mut rest, mut text) = (own, Vec::new());
            while let Some((length, after)) = rest.split_first() {
                let (part, after) = after.split_at_checked(usize::from(*length))?;
                text.extend_from_slice(part);
                rest = after;
            }
            Data::Text(String::from_utf8_lossy(&text).into_owned())
        }
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at.checked_add(1)?)?]))
}

/// A place in a message.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn word(&mut self) -> Option<u16> {
        let word = word(self.bytes, self.at)?;
        self.at += 2;
        Some(word)
    }

    /// A name in lower case without its last dot; the root is a dot. It may go on at an earlier place (RFC 1035 4.1.4).
    fn name(&mut self) -> Option<String> {
        let (mut name, mut at, mut jumps) = (String::new(), self.at, 0);
        loop {
            let length = usize::from(*self.bytes.get(at)?);
            match length {
                0 => {
                    self.at = if jumps == 0 { at + 1 } else { self.at };
                    return Some(if name.is_empty() { ".".to_owned() } else { name });
                }
                1..=63 => {
                    let label = self.bytes.get(at + 1..at + 1 + length)?;
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(&String::from_utf8_lossy(label).to_ascii_lowercase());
                    at += 1 + length;
                }
                192.. => {
                    let target = usize::from(word(self.bytes, at)? & 0x3fff);
                    self.at = if jumps == 0 { at + 2 } else { self.at };
                    jumps += 1;
                    if target >= at || jumps > MOST_JUMPS {
                        return None;
                    }
                    at = target;
                }
                _ => return None,
            }
            if name.len() > MOST_NAME {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An answer to a question, with these records behind it: name, kind, what it says.
    fn answered(name: &str, kind: Kind, flags: u16, records: &[(&[u8], u16, &[u8])]) -> (u16, Vec<u8>) {
        let (number, mut bytes) = question(name, kind).unwrap();
        bytes.truncate(bytes.len() - 11);
        bytes[2..4].copy_from_slice(&flags.to_be_bytes());
        bytes[6..12].copy_from_slice(&[0, u8::try_from(records.len()).unwrap(), 0, 0, 0, 0]);
        for (owner, of, says) in records {
            bytes.extend_from_slice(owner);
            bytes.extend_from_slice(&of.to_be_bytes());
            bytes.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            bytes.extend_from_slice(&u16::try_from(says.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(says);
        }
        (number, bytes)
    }

    /// A pointer to the name of the question.
    const ASKED: &[u8] = &[0xc0, 12];
    const WELL: u16 = 0x8180;

    fn records(name: &str, kind: Kind, records: &[(&[u8], u16, &[u8])]) -> Answer {
        let (number, bytes) = answered(name, kind, WELL, records);
        read(&bytes, number, name, kind)
    }

    fn ours(data: Vec<Data>) -> Answer {
        Answer::Ours(Outcome::Records(data))
    }

    #[test]
    fn records_of_each_kind_are_read() {
        let text = [&[3][..], b"v=s", &[3], b"pf1"].concat();
        assert_eq!(records("example.org", Kind::Txt, &[(ASKED, 16, &text)]), ours(vec![Data::Text("v=spf1".into())]));
        let address = ours(vec![Data::Address("192.0.2.25".parse().unwrap())]);
        assert_eq!(records("mail.Example.org", Kind::A, &[(ASKED, 1, &[192, 0, 2, 25])]), address);
        let mx = [&[0, 10, 4][..], b"mail", ASKED].concat();
        assert_eq!(records("example.org", Kind::Mx, &[(ASKED, 15, &mx)]), ours(vec![Data::MailHost(10, "mail.example.org".into())]));
        assert_eq!(records("example.org", Kind::Mx, &[(ASKED, 15, &[0, 0, 0])]), ours(vec![Data::MailHost(0, ".".into())]));
        let six = "2001:db8::1".parse::<Ipv6Addr>().unwrap();
        assert_eq!(records("x.org", Kind::Aaaa, &[(ASKED, 28, &six.octets())]), ours(vec![Data::Address(IpAddr::V6(six))]));
        let name = [&[1][..], b"A", ASKED].concat();
        assert_eq!(records("x.org", Kind::Ptr, &[(ASKED, 12, &name)]), ours(vec![Data::Name("a.x.org".into())]));
    }

    #[test]
    fn an_alias_is_followed_and_what_was_not_asked_is_left() {
        let alias = [&[4][..], b"host", ASKED].concat();
        let host: &[u8] = &[4, b'h', b'o', b's', b't', 0xc0, 12];
        let found = records("x.org", Kind::A, &[(ASKED, 5, &alias), (host, 1, &[192, 0, 2, 1]), (&[1, b'y', 0], 1, &[192, 0, 2, 66])]);
        assert_eq!(found, ours(vec![Data::Address("192.0.2.1".parse().unwrap())]));
    }

    #[test]
    fn what_is_no_answer_to_the_question_is_not_taken_for_one() {
        let (number, bytes) = answered("x.org", Kind::A, WELL, &[(ASKED, 1, &[192, 0, 2, 1])]);
        for (number, name, kind) in [(number ^ 1, "x.org", Kind::A), (number, "y.org", Kind::A), (number, "x.org", Kind::Txt)] {
            assert_eq!(read(&bytes, number, name, kind), Answer::Foreign);
        }
        let of = |flags| {
            let (number, bytes) = answered("x.org", Kind::A, flags, &[]);
            read(&bytes, number, "x.org", Kind::A)
        };
        assert_eq!((of(0x0100), of(0x8380)), (Answer::Foreign, Answer::Cut));
        assert_eq!((of(0x8183), of(0x8182)), (ours(vec![]), Answer::Ours(Outcome::Refused(2))));
        assert!(question("a..b", Kind::A).is_none() && question(&"a".repeat(64), Kind::A).is_none());
        assert!(question(&"abcdefg.".repeat(40), Kind::A).is_none());
    }

    #[test]
    fn a_name_that_points_on_for_ever_and_a_length_beyond_the_end_are_refused() {
        let here = u8::try_from(HEAD + 7 + 4).unwrap();
        for owner in [&[0xc0, here][..], &[0xc0, 200], &[0x80, 1], &[63, b'a']] {
            assert_eq!(records("x.org", Kind::A, &[(owner, 1, &[192, 0, 2, 1])]), Answer::Foreign, "{owner:?}");
        }
        for (kind, of, says) in
            [(Kind::A, 1, &[1, 2, 3][..]), (Kind::Txt, 16, &[9, b'a']), (Kind::Mx, 15, &[0]), (Kind::Ptr, 12, &[5, b'a'])]
        {
            assert_eq!(records("x.org", kind, &[(ASKED, of, says)]), Answer::Foreign, "{says:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall(tail in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..200, flip in any::<(u8, u8)>()) {
            let says = [&[4][..], b"mail", ASKED].concat();
            let (number, mut bytes) = answered("x.org", Kind::Ptr, WELL, &[(ASKED, 12, &says), (ASKED, 12, &tail)]);
            let at = usize::from(flip.0) % bytes.len();
            bytes[at] = flip.1;
            bytes.truncate(bytes.len().saturating_sub(cut));
            for kind in [Kind::A, Kind::Ptr, Kind::Mx, Kind::Txt, Kind::Aaaa] {
                let _ = read(&bytes, number, "x.org", kind);
                let _ = read(&tail, number, "x.org", kind);
            }
        }
    }
}
