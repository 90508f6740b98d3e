//! A small sample of a text's shingles, enough to tell how much of it another text shares.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words in a shingle.
const SHINGLE: usize = 3;
/// Most shingles that are kept: the share two texts have in common is then known to about 3 points of 100.
const KEPT: usize = 192;
/// Fewer comparable shingles than this say nothing about what is contained.
const FEW: usize = 5;

/// The least hashes of a text's shingles of three words, in rising order, and how many words it has.
///
/// Unlike a simhash, two such samples tell not only how alike two texts are but also how much of the shorter one stands in the
/// longer one: boards cut texts, strip lists and add their own lines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    /// Words in the text.
    pub words: u32,
    /// A hash of its words in no order, each once: cards list one set of skills in any order.
    pub bag: u64,
    /// Whether the text ends in an ellipsis, as boards end what they cut.
    pub cut: bool,
    #[serde(serialize_with = "packed", deserialize_with = "unpacked")]
    least: Vec<u32>,
}

/// How much two texts share, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Shingles of both, as a share of the shingles of either.
    pub alike: f32,
    /// Shingles of both, as a share of those of the text that has fewer.
    pub contained: f32,
}

impl Sketch {
    /// Samples a text given by the hashes of its words.
    #[must_use]
    pub fn of(words: &[u64], cut: bool) -> Self {
        let mut least: Vec<u32> = words.windows(SHINGLE).map(shingle).collect();
        if least.len() > 4 * KEPT {
            least.select_nth_unstable(4 * KEPT - 1);
            // Repeated shingles are rare; four times as many as are kept leave enough after they are merged.
            least.truncate(4 * KEPT);
        }
        least.sort_unstable();
        least.dedup();
        least.truncate(KEPT);
        least.shrink_to_fit();
        let mut bag = words.to_vec();
        bag.sort_unstable();
        bag.dedup();
        let bag = bag.iter().fold(bag.len() as u64, |hash, word| (hash.rotate_left(17) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Self { words: u32::try_from(words.len()).unwrap_or(u32::MAX), bag, cut, least }
    }

    /// The least hashes, of which two texts that share half of their shingles almost surely have one in common.
    #[must_use]
    pub fn first(&self, count: usize) -> &[u32] {
        &self.least[..count.min(self.least.len())]
    }

    /// Compares two samples without allocating.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Overlap {
        let end = self.end().min(other.end());
        let (mut mine, mut theirs) = (self.upto(end), other.upto(end));
        let (own, their) = (mine.len(), theirs.len());
        let mut both: u16 = 0;
        while let ([a, rest_a @ ..], [b, rest_b @ ..]) = (mine, theirs) {
            both += u16::from(a == b);
            if a <= b {
                mine = rest_a;
            }
            if b <= a {
                theirs = rest_b;
            }
        }
        let alike = share(both, own + their - usize::from(both));
        let (fewer, shorter, longer) = (own.min(their), self.words.min(other.words), self.words.max(other.words));
        // Of texts of like length the lengths themselves tell best; of a snippet the samples do.
        let contained = match (shorter.saturating_mul(4) >= longer, fewer < FEW) {
            (true, _) => (alike / (1.0 + alike) * (1.0 + ratio(longer, shorter))).min(1.0),
            (false, true) => alike,
            (false, false) => share(both, fewer),
        };
        Overlap { alike, contained }
    }

    /// Up to which hash the sample is complete.
    fn end(&self) -> u32 {
        if self.least.len() < KEPT { u32::MAX } else { self.least.last().copied().unwrap_or(u32::MAX) }
    }

    fn upto(&self, end: u32) -> &[u32] {
        &self.least[..self.least.partition_point(|hash| *hash <= end)]
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of texts need no more than 24 bits")]
fn ratio(longer: u32, shorter: u32) -> f32 {
    longer as f32 / shorter.max(1) as f32
}

fn share(part: u16, whole: usize) -> f32 {
    let whole = u16::try_from(whole).unwrap_or(u16::MAX);
    if whole == 0 { 0.0 } else { f32::from(part) / f32::from(whole) }
}

fn shingle(words: &[u64]) -> u32 {
    let mixed = words.iter().fold(0_u64, |hash, word| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (mixed >> 32) as u32
}

fn packed<S: Serializer>(least: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = least.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    serializer.serialize_str(&BASE64.encode(bytes))
}

fn unpacked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    let bytes = BASE64.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
    let (hashes, rest) = bytes.as_chunks::<4>();
    let least: Vec<u32> = hashes.iter().map(|four| u32::from_le_bytes(*four)).collect();
    if !rest.is_empty() || least.len() > KEPT || !least.is_sorted() {
        return Err(serde::de::Error::custom("a sketch is at most 192 numbers of four bytes in rising order"));
    }
    Ok(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Words;

    fn sketch(text: &str) -> Sketch {
        Sketch::of(&Words::of("", None, text).text, false)
    }

    fn numbered(from: u32, to: u32) -> String {
        (from..to).map(|number| format!("word{number}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_text_is_alike_to_itself_and_alien_to_another() {
        let text = sketch(&numbered(0, 900));
        assert_eq!(text.overlap(&text), Overlap { alike: 1.0, contained: 1.0 });
        assert_eq!(text.overlap(&sketch(&numbered(1000, 1900))), Overlap { alike: 0.0, contained: 0.0 });
    }

    #[test]
    fn a_snippet_is_contained_in_its_whole_text() {
        let (whole, snippet) = (sketch(&numbered(0, 700)), sketch(&numbered(100, 180)));
        let overlap = whole.overlap(&snippet);
        assert!(overlap.contained > 0.95 && overlap.alike < 0.3, "{overlap:?}");
        assert_eq!(snippet.overlap(&whole), overlap);
    }

    #[test]
    fn half_of_a_text_is_seen_as_about_half() {
        let overlap = sketch(&numbered(0, 600)).overlap(&sketch(&numbered(300, 900)));
        assert!((0.22..0.45).contains(&overlap.alike) && (0.38..0.62).contains(&overlap.contained), "{overlap:?}");
    }

    #[test]
    fn a_sketch_survives_the_way_through_json_and_broken_ones_are_refused() {
        let text = sketch(&numbered(0, 900));
        let json = serde_json::to_string(&text).unwrap();
        assert!(json.len() < 1100, "{}", json.len());
        assert_eq!(serde_json::from_str::<Sketch>(&json).unwrap(), text);
        for least in ["!", "AAA", "AQAAAAAAAAA"] {
            assert!(serde_json::from_str::<Sketch>(&format!(r#"{{"words":1,"bag":2,"cut":false,"least":"{least}"}}"#)).is_err(), "{least}");
        }
    }
}
