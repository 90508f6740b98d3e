//! Chance that repeats itself.
//!
//! SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): ten lines, no dependency, and
//! the same numbers on every machine and in every year, which no library's "standard" generator promises.

/// The golden ratio in 64 bits: the step of the sequence.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence of numbers that follows from its seed alone.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The sequence for one thing in one world; different things have unrelated sequences.
    pub fn of(seed: u64, topic: &str, number: u64) -> Self {
        let topic = topic.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        let mut mixed = Self(seed ^ topic.rotate_left(17) ^ number.wrapping_mul(STEP));
        Self(mixed.next())
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`; 0 for a limit of 0. The bias of the remainder is of no matter for a play.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// Whether something of this many percent happens.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.index(from.len());
        &from[index]
    }

    /// Up to `count` different ones of several, in the order in which they stand.
    pub fn some<'a, T>(&mut self, from: &'a [T], count: usize) -> Vec<&'a T> {
        let mut wanted = count.min(from.len());
        let mut chosen = Vec::with_capacity(wanted);
        for (index, item) in from.iter().enumerate() {
            let left = from.len() - index;
            if self.index(left) < wanted {
                chosen.push(item);
                wanted -= 1;
            }
        }
        chosen
    }

    fn index(&mut self, limit: usize) -> usize {
        usize::try_from(self.below(u64::try_from(limit).unwrap_or(u64::MAX))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_sequence_is_the_published_one() {
        // First values of SplitMix64 for seed 1234567, as in the reference implementation of Vigna.
        let mut chance = Chance(1_234_567);
        let values = [chance.next(), chance.next(), chance.next()];
        assert_eq!(values, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn different_topics_and_numbers_have_unrelated_sequences() {
        let first = |topic, number| Chance::of(7, topic, number).next();
        assert_ne!(first("pay", 1), first("place", 1));
        assert_ne!(first("pay", 1), first("pay", 2));
        assert_eq!(first("pay", 1), first("pay", 1));
    }

    #[test]
    fn some_takes_as_many_as_asked_in_order_and_never_twice() {
        let all: Vec<u32> = (0..20).collect();
        for number in 0..50 {
            let taken: Vec<u32> = Chance::of(1, "some", number).some(&all, 6).into_iter().copied().collect();
            assert_eq!(taken.len(), 6);
            assert!(taken.is_sorted_by(|a, b| a < b));
        }
        assert_eq!(Chance::of(1, "some", 0).some(&all, 99).len(), 20);
    }
}
