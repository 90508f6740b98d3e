//! Right answers of one field, and the answers by class.

use std::collections::BTreeMap;

/// Precision and recall of one class, by counts.
#[derive(Default, Clone, Copy)]
pub struct Counts {
    pub right: usize,
    pub given: usize,
    pub due: usize,
}

impl Counts {
    pub fn precision(self) -> f64 {
        share(self.right, self.given)
    }

    pub fn recall(self) -> f64 {
        share(self.right, self.due)
    }

    /// The harmonic mean of both: twice the right ones over all given and due.
    pub fn f1(self) -> f64 {
        share(2 * self.right, self.given + self.due)
    }
}

/// A part of a whole; 1 where there was nothing to do.
#[expect(clippy::cast_precision_loss, reason = "a few thousand answers")]
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[derive(Default)]
pub struct Score {
    pub right: usize,
    pub all: usize,
    pub classes: BTreeMap<String, Counts>,
}

impl Score {
    /// Counts one answer and says whether it is right.
    pub fn add(&mut self, given: &str, due: &str) -> bool {
        self.all += 1;
        self.classes.entry(given.to_owned()).or_default().given += 1;
        let class = self.classes.entry(due.to_owned()).or_default();
        class.due += 1;
        if given == due {
            class.right += 1;
            self.right += 1;
        }
        given == due
    }

    pub fn accuracy(&self) -> f64 {
        share(self.right, self.all)
    }

    pub fn class(&self, name: &str) -> Counts {
        self.classes.get(name).copied().unwrap_or_default()
    }

    /// The mean of the F1 of the classes, whatever their size; of fewer than five listings nothing can be said.
    pub fn macro_f1(&self) -> f64 {
        const ENOUGH: usize = 5;
        let of_classes: Vec<f64> = self.classes.values().filter(|class| class.due >= ENOUGH).map(|class| class.f1()).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of classes")]
        let classes = of_classes.len().max(1) as f64;
        of_classes.iter().sum::<f64>() / classes
    }
}
