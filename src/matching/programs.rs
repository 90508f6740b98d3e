//! The programs of many preferences, compiled once, and their evaluation over blocks.
//!
//! Programs that begin alike stand together behind their common expression: it is decided once for all of them, and where
//! no listing of the block is left, all of them are passed over.

use std::borrow::Borrow;

use crate::domain::pay::Rates;
use crate::domain::preferences::Preferences;
use crate::matching::block::Block;
use crate::matching::code::{Expression, halves, keep, read_number, write_expression, write_number};
use crate::matching::mask::Mask;
use crate::matching::reading::Reading;
use crate::matching::slots::{PlaceKeys, Slots};
use crate::matching::subject::Subject;
use crate::matching::wishes::expressions;

/// How many expressions at the beginning of a program may be shared with its neighbours; bounds the depth of the evaluation.
const SHARED: usize = 4;

/// Stands where a group begins; any other number is the length of a program.
const GROUP: u32 = 0;

/// Many preferences, ready to be held against blocks of listings.
#[derive(Debug)]
pub struct Programs {
    slots: Slots,
    code: Vec<u16>,
    count: usize,
}

impl Programs {
    /// Compiles preferences, borrowed or handed over one by one; an alert is known by its place in the row, from 0.
    #[must_use]
    pub fn compile<P: Borrow<Preferences>>(preferences: impl IntoIterator<Item = P>, rates: &Rates) -> Self {
        let (mut slots, mut keys) = (Slots::new(rates), PlaceKeys::default());
        let mut drafts = Drafts::default();
        for wishes in preferences {
            drafts.add(&expressions(wishes.borrow(), &mut slots, &mut keys));
        }
        let count = drafts.rows.len();
        Self { slots, code: drafts.write(), count }
    }

    /// How many alerts were compiled.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no alert.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether words are asked for, which no lanes tell.
    #[must_use]
    pub fn ask_for_words(&self) -> bool {
        !self.slots.terms.is_empty()
    }

    /// Resident bytes an alert: the code and everything it names.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn bytes_per_alert(&self) -> f64 {
        (self.code.capacity() * size_of::<u16>() + self.slots.bytes()) as f64 / self.count.max(1) as f64
    }

    /// Holds every alert against the block; calls back with the alert and the lanes that match, for those with at least one,
    /// in no particular order.
    pub fn evaluate<const WORDS: usize>(&self, block: &Block<'_, WORDS>, mut on_hit: impl FnMut(usize, &Mask<WORDS>)) {
        if block.is_empty() {
            return;
        }
        let reading = Reading::of(&self.slots, block);
        self.walk(0, self.code.len(), &reading, &block.lanes.everyone, &mut on_hit);
    }

    fn walk<const WORDS: usize, F: FnMut(usize, &Mask<WORDS>)>(
        &self,
        mut at: usize,
        end: usize,
        reading: &Reading<WORDS>,
        lanes: &Mask<WORDS>,
        on_hit: &mut F,
    ) {
        let code = &self.code[..end];
        while at < end {
            let mut left = *lanes;
            let head = read_number(code, &mut at);
            if head == GROUP {
                let stop = usize::from(code[at]) << 16 | usize::from(code[at + 1]);
                at += 2;
                keep(code, &mut at, reading, &mut left);
                if !left.is_empty() {
                    self.walk(at, stop, reading, &left, on_hit);
                }
                at = stop;
                continue;
            }
            let stop = at + head as usize;
            let alert = read_number(code, &mut at);
            while at < stop && !left.is_empty() {
                keep(code, &mut at, reading, &mut left);
            }
            if !left.is_empty() {
                on_hit(alert as usize, &left);
            }
            at = stop;
        }
    }
}

/// Whether one listing matches: the same programs, over a block of one.
#[must_use]
pub fn matches(preferences: &Preferences, subject: &Subject<'_>, rates: &Rates) -> bool {
    let mut matches = false;
    let subjects = [*subject];
    Programs::compile([preferences], rates).evaluate(&Block::<1>::new(&subjects), |_, _| matches = true);
    matches
}

/// Programs before they are put in order.
#[derive(Default)]
struct Drafts {
    /// The code of all, one after another.
    code: Vec<u16>,
    rows: Vec<Draft>,
}

/// One program: where its code stands, and where each of the first expressions ends.
struct Draft {
    alert: u32,
    start: usize,
    ends: [usize; SHARED],
    end: usize,
}

impl Drafts {
    fn add(&mut self, expressions: &[Expression]) {
        let start = self.code.len();
        let mut ends = [0; SHARED];
        for (at, expression) in expressions.iter().enumerate() {
            write_expression(&mut self.code, expression);
            if let Some(end) = ends.get_mut(at) {
                *end = self.code.len();
            }
        }
        let end = self.code.len();
        for missing in ends.iter_mut().skip(expressions.len()) {
            *missing = end;
        }
        let alert = u32::try_from(self.rows.len()).expect("fewer than 2^31 alerts");
        self.rows.push(Draft { alert, start, ends, end });
    }

    fn write(mut self) -> Vec<u16> {
        let drafts = self.code;
        self.rows.sort_unstable_by(|a, b| drafts[a.start..a.end].cmp(&drafts[b.start..b.end]).then(a.alert.cmp(&b.alert)));
        let mut code = Vec::with_capacity(drafts.len() + 4 * self.rows.len());
        write_rows(&self.rows, 0, &drafts, &mut code);
        code.shrink_to_fit();
        code
    }
}

impl Draft {
    /// Where the expression at `depth` begins; those before it are shared already.
    fn begin(&self, depth: usize) -> usize {
        if depth == 0 { self.start } else { self.ends[depth - 1] }
    }

    /// The code of the expression at `depth`; empty where the program has ended, or where nothing more is shared.
    fn shared<'a>(&self, depth: usize, drafts: &'a [u16]) -> &'a [u16] {
        self.ends.get(depth).map_or(&[], |end| &drafts[self.begin(depth)..*end])
    }
}

fn write_rows(mut rows: &[Draft], depth: usize, drafts: &[u16], code: &mut Vec<u16>) {
    while let Some(first) = rows.first() {
        let shared = first.shared(depth, drafts);
        let alike = rows.iter().take_while(|row| row.shared(depth, drafts) == shared).count();
        let (group, rest) = rows.split_at(alike);
        if alike > 1 && !shared.is_empty() {
            write_group(group, depth, shared, drafts, code);
        } else {
            for row in group {
                write_program(row, depth, drafts, code);
            }
        }
        rows = rest;
    }
}

fn write_group(group: &[Draft], depth: usize, shared: &[u16], drafts: &[u16], code: &mut Vec<u16>) {
    write_number(code, GROUP);
    let patch = code.len();
    code.extend([0, 0]);
    code.extend_from_slice(shared);
    write_rows(group, depth + 1, drafts, code);
    let end = u32::try_from(code.len()).expect("programs take less than 8 GiB");
    code[patch..patch + 2].copy_from_slice(&halves(end));
}

fn write_program(row: &Draft, depth: usize, drafts: &[u16], code: &mut Vec<u16>) {
    let mut alert = Vec::with_capacity(2);
    write_number(&mut alert, row.alert);
    let tail = &drafts[row.begin(depth)..row.end];
    write_number(code, u32::try_from(alert.len() + tail.len()).expect("a program is short"));
    code.extend_from_slice(&alert);
    code.extend_from_slice(tail);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::{Facts, Finding};
    use crate::domain::role::Role;
    use crate::domain::seniority::Seniority;
    use crate::domain::skill::Skill;
    use crate::domain::words::Words;

    fn facts(seniority: Seniority, skill: &str) -> Facts {
        let json = serde_json::json!({
            "role": Finding::stated(Role::BackendEngineer, "engineer"),
            "is_backend": Finding::stated(true, "engineer"),
            "seniority": Finding::stated(seniority, "level"),
            "skills": [Finding::stated(Skill::parse(skill).unwrap(), skill)],
        });
        serde_json::from_value(json).unwrap()
    }

    fn wishes(json: &str) -> Preferences {
        serde_json::from_str(json).unwrap()
    }

    fn hits(programs: &Programs, subjects: &[Subject<'_>]) -> Vec<(usize, Vec<usize>)> {
        let mut hits = Vec::new();
        programs.evaluate(&Block::<1>::new(subjects), |alert, lanes| hits.push((alert, lanes.lanes().collect())));
        hits.sort_unstable();
        hits
    }

    #[test]
    fn alerts_that_begin_alike_share_their_beginning_and_keep_their_own_end() {
        let all = [
            r#"{"seniority":["mid"],"skills":{"all":["rust"]}}"#,
            r#"{"seniority":["mid"],"skills":{"all":["go"]}}"#,
            r#"{"seniority":["mid"]}"#,
            r#"{"seniority":["senior"],"skills":{"all":["rust"]}}"#,
            r#"{"seniority":["mid"],"skills":{"all":["rust"]}}"#,
            "{}",
        ];
        let programs = Programs::compile(all.map(wishes), &Rates::default());
        let (mid, senior, words) = (facts(Seniority::Mid, "rust"), facts(Seniority::Senior, "go"), Words::default());
        let subjects = [&mid, &senior].map(|facts| Subject { facts, words: &words, company: None });
        assert_eq!(hits(&programs, &subjects), [(0, vec![0]), (2, vec![0]), (4, vec![0]), (5, vec![0, 1])]);
    }

    #[test]
    fn thousands_of_distinct_wishes_keep_their_numbers() {
        let all = (0..40_000).map(|number| wishes(&format!(r#"{{"skills":{{"any":["s{number}","t{number}"]}}}}"#)));
        let programs = Programs::compile(all, &Rates::default());
        let (first, last, words) = (facts(Seniority::Mid, "s0"), facts(Seniority::Mid, "t39999"), Words::default());
        let subjects = [&first, &last].map(|facts| Subject { facts, words: &words, company: None });
        assert_eq!(hits(&programs, &subjects), [(0, vec![0]), (39_999, vec![1])]);
        assert_eq!(programs.len(), 40_000);
    }

    #[test]
    fn the_same_wishes_a_thousand_times_cost_a_few_bytes_each() {
        let json = r#"{"roles":["backend_engineer"],"skills":{"any":["rust","go"]},"keywords":"kafka OR \"distributed systems\""}"#;
        let programs = Programs::compile(vec![wishes(json); 1_000], &Rates::default());
        assert!(programs.bytes_per_alert() < 48.0, "{}", programs.bytes_per_alert());
    }
}
