//! What is wrong with an answer that can be read all the same: told to the operator, and no reason to lose what it brought.

/// Where an XML document says its encoding.
const HEAD: usize = 200;

/// What is wrong with the bytes of an answer, in words with the mend; none where nothing is.
pub fn of_bytes(bytes: &[u8]) -> Option<String> {
    if has_entities(bytes) {
        return Some("the feed declares XML entities of its own, which are not expanded; tell its publisher".to_owned());
    }
    if declares_another_encoding(bytes) {
        return None;
    }
    let broken = broken_places(bytes);
    (broken > 0).then(|| format!("{broken} places of the answer are no UTF-8, letters are lost there; tell its publisher"))
}

/// What is wrong with the entries of a whole list: repeated ids, or fewer than the platform counts.
pub fn of_list(duplicates: usize, came: usize, counted: Option<usize>) -> Option<String> {
    if let Some(total) = counted.filter(|total| *total != came) {
        return Some(format!("{came} entries came where the platform counts {total}; nothing is closed because of it while that lasts"));
    }
    match duplicates {
        0 => None,
        1 => Some("1 entry repeats the id of another, the first was kept; tell its publisher".to_owned()),
        many => Some(format!("{many} entries repeat the id of another, the first of each was kept; tell its publisher")),
    }
}

fn has_entities(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<") && bytes.windows(8).take(64 * 1024).any(|window| window == b"<!ENTITY")
}

fn declares_another_encoding(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || (head.contains("encoding=") || head.contains("charset=")) && !head.contains("utf-8")
}

/// Runs of bytes that are no UTF-8.
fn broken_places(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_letters_and_entities_are_told_and_other_encodings_are_none() {
        assert_eq!(of_bytes("{\"a\":\"Köln\"}".as_bytes()), None);
        assert!(of_bytes(b"{\"a\":\"K\xf6ln\",\"b\":\"\xff\"}").unwrap().starts_with("2 places"));
        assert_eq!(of_bytes(b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>K\xf6ln</a>"), None);
        assert!(of_bytes(b"<!DOCTYPE a [<!ENTITY lol \"lol\">]><a/>").unwrap().contains("entities"));
    }

    #[test]
    fn a_list_that_is_not_what_the_platform_counts_is_told() {
        assert_eq!(of_list(0, 12, Some(12)), None);
        assert!(of_list(1, 11, Some(12)).unwrap().contains("11 entries came where the platform counts 12"));
        assert!(of_list(2, 12, None).unwrap().contains("2 entries repeat"));
    }
}
