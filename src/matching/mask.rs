//! Bit lanes: one bit a listing of a block.

/// A set of the listings of a block, by lane. `Mask<1>` has 64 lanes, `Mask<8>` 512.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Mask<WORDS> {
    /// How many listings fit.
    pub const LANES: usize = WORDS * 64;
    /// No listing.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// The first `count` lanes.
    #[must_use]
    pub fn first(count: usize) -> Self {
        let mut mask = Self::EMPTY;
        for lane in 0..count.min(Self::LANES) {
            mask.set(lane);
        }
        mask
    }

    /// These lanes.
    pub(super) fn of(lanes: &[u16]) -> Self {
        let mut mask = Self::EMPTY;
        for lane in lanes {
            mask.set(usize::from(*lane));
        }
        mask
    }

    /// Adds a lane.
    pub fn set(&mut self, lane: usize) {
        self.0[lane / 64] |= 1 << (lane % 64);
    }

    /// Whether a lane is in it.
    #[must_use]
    pub fn has(&self, lane: usize) -> bool {
        self.0[lane / 64] >> (lane % 64) & 1 == 1
    }

    /// Whether no lane is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// How many lanes are in it.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The lanes in it, in order.
    pub fn lanes(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then_some(rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// Keeps what is in both.
    pub fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Takes out what is in the other.
    pub(super) fn drop(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Adds what is in the other.
    pub fn add(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_come_back_in_order_across_words() {
        let mut mask = Mask::<8>::EMPTY;
        assert!(mask.is_empty());
        for lane in [511, 0, 63, 64, 200] {
            mask.set(lane);
        }
        assert_eq!(mask.lanes().collect::<Vec<_>>(), [0, 63, 64, 200, 511]);
        assert_eq!(mask.count(), 5);
        assert!(mask.has(64) && !mask.has(65));
    }

    #[test]
    fn the_first_lanes_never_run_over_the_end() {
        assert_eq!(Mask::<1>::first(3).lanes().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(Mask::<1>::first(64).count(), 64);
        assert_eq!(Mask::<1>::first(900), Mask::<1>::first(64));
    }

    #[test]
    fn sets_are_kept_dropped_and_added() {
        let (low, all) = (Mask::<2>::first(10), Mask::<2>::first(100));
        let mut mask = all;
        mask.drop(&low);
        assert_eq!(mask.count(), 90);
        mask.add(&low);
        assert_eq!(mask, all);
        mask.keep(&low);
        assert_eq!(mask, low);
    }
}
