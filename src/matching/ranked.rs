//! Lanes in the order of a figure they have, so that those below or above any figure are found without looking at each.

use crate::matching::mask::Mask;

/// Lanes between two marks: at most so many are set one by one.
const STRIDE: usize = 64;

/// The lanes that have a figure, in its order.
#[derive(Debug, Clone)]
pub(super) struct Ranked<const WORDS: usize> {
    /// Lowest first.
    figures: Vec<f64>,
    /// The lane of each figure.
    lanes: Vec<u16>,
    /// The lanes of the first figures, after every [`STRIDE`] of them.
    marks: Vec<Mask<WORDS>>,
    known: Mask<WORDS>,
}

impl<const WORDS: usize> Ranked<WORDS> {
    /// Ranks the figure of each lane that has one.
    pub(super) fn of(figures: impl IntoIterator<Item = Option<f64>>) -> Self {
        const { assert!(Mask::<WORDS>::LANES <= 1 << u16::BITS, "a lane fits into 16 bits") };
        let mut ranked: Vec<(f64, u16)> = (0..=u16::MAX).zip(figures).filter_map(|(lane, figure)| Some((figure?, lane))).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (figures, lanes): (Vec<f64>, Vec<u16>) = ranked.into_iter().unzip();
        let (mut marks, mut known) = (Vec::with_capacity(1 + lanes.len() / STRIDE), Mask::EMPTY);
        for (at, lane) in lanes.iter().enumerate() {
            if at % STRIDE == 0 {
                marks.push(known);
            }
            known.set(usize::from(*lane));
        }
        Self { figures, lanes, marks, known }
    }

    /// The lanes with a figure.
    pub(super) const fn known(&self) -> &Mask<WORDS> {
        &self.known
    }

    /// The lanes with a figure of at most this.
    pub(super) fn at_most(&self, most: f64) -> Mask<WORDS> {
        self.first(self.figures.partition_point(|figure| *figure <= most))
    }

    /// The lanes with a figure of at least this.
    pub(super) fn at_least(&self, least: f64) -> Mask<WORDS> {
        let mut mask = self.known;
        mask.drop(&self.first(self.figures.partition_point(|figure| *figure < least)));
        mask
    }

    /// The lanes of the lowest so many figures.
    fn first(&self, count: usize) -> Mask<WORDS> {
        let Some(mut first) = self.marks.get(count / STRIDE).copied() else { return self.known };
        for lane in &self.lanes[count / STRIDE * STRIDE..count] {
            first.set(usize::from(*lane));
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_figure_parts_the_lanes_as_looking_at_each_would(
            figures in proptest::collection::vec(proptest::option::of(0..90_u8), 0..=256),
            asked in 0..90_u8,
        ) {
            let figures: Vec<Option<f64>> = figures.into_iter().map(|figure| figure.map(f64::from)).collect();
            let ranked = Ranked::<4>::of(figures.iter().copied());
            let asked = f64::from(asked);
            let lanes = |which: &dyn Fn(f64) -> bool| -> Vec<usize> {
                (0..figures.len()).filter(|lane| figures[*lane].is_some_and(which)).collect()
            };
            prop_assert_eq!(ranked.known().lanes().collect::<Vec<_>>(), lanes(&|_| true));
            prop_assert_eq!(ranked.at_most(asked).lanes().collect::<Vec<_>>(), lanes(&|figure| figure <= asked));
            prop_assert_eq!(ranked.at_least(asked).lanes().collect::<Vec<_>>(), lanes(&|figure| figure >= asked));
        }
    }
}
