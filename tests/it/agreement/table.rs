//! The agreement as tables of a page: what `cargo test` prints is what the page shows.

use std::fmt::Write as _;

use super::reader::Agreement;
use super::score::{Counts, Score};

/// What stands where the readers of a set left a field out.
const NOT_LABELLED: &str = "not labelled";
/// Misses of one field that are printed.
const MOST_MISSES: usize = 400;

/// The figures the goals are set for, one row a figure and one column a set.
pub fn summary(sets: &[(&str, &Agreement)]) -> String {
    let mut out = String::from("| figure | goal |");
    for (name, set) in sets {
        let _ = write!(out, " {name} ({}) |", set.listings);
    }
    let _ = writeln!(out, "\n|---|---|{}", "---|".repeat(sets.len()));
    let rows: [Row; 11] = [
        ("role, macro F1", "0.93", |set| of_field(set, "role", Score::macro_f1)),
        ("is_backend, F1", "0.95", |set| of_field(set, "is_backend", |score| score.class("true").f1())),
        ("seniority, accuracy", "0.90", |set| of_field(set, "seniority", Score::accuracy)),
        ("work mode, accuracy", "0.93", |set| of_field(set, "remote", Score::accuracy)),
        ("pay, all four parts, of those stated", "0.97", |set| {
            format!("{} ({} of {})", figure(set.pay.accuracy()), set.pay.right, set.pay.all)
        }),
        ("pay invented", "0", |set| set.invented_pay.to_string()),
        ("skills, micro F1", "0.90", |set| labelled(set.skills, |counts| figure(counts.f1()))),
        ("skills, precision and recall", "", |set| {
            labelled(set.skills, |counts| format!("{} / {}", figure(counts.precision()), figure(counts.recall())))
        }),
        ("country, accuracy", "0.96", |set| of_field(set, "country", Score::accuracy)),
        ("min_years, accuracy", "0.95", |set| of_field(set, "min_years", Score::accuracy)),
        ("education, accuracy", "0.92", |set| of_field(set, "education", Score::accuracy)),
    ];
    for (name, goal, of) in rows {
        let _ = write!(out, "| {name} | {goal} |");
        for (_, set) in sets {
            let _ = write!(out, " {} |", of(set));
        }
        out.push('\n');
    }
    out
}

type Row = (&'static str, &'static str, fn(&Agreement) -> String);

/// A figure of a field, where the readers of a set labelled it.
fn of_field(set: &Agreement, field: &str, of: impl Fn(&Score) -> f64) -> String {
    set.fields.get(field).map_or_else(|| NOT_LABELLED.to_owned(), |score| figure(of(score)))
}

/// Precision, recall and F1 of each class of the fields that have classes.
pub fn classes(sets: &[(&str, &Agreement)]) -> String {
    let mut out = String::new();
    for field in ["role", "is_backend", "seniority", "remote", "education"] {
        let labelled: Vec<_> = sets.iter().filter_map(|(name, set)| Some((name, set.fields.get(field)?))).collect();
        let _ = write!(out, "\n| {field} |");
        for (name, _) in &labelled {
            let _ = write!(out, " {name}: P / R / F1 (due) |");
        }
        let _ = writeln!(out, "\n|---|{}", "---|".repeat(labelled.len()));
        let mut names: Vec<&String> = labelled.iter().flat_map(|(_, score)| score.classes.keys()).collect();
        names.sort();
        names.dedup();
        for class in names {
            let _ = write!(out, "| {class} |");
            for (_, score) in &labelled {
                let of = score.class(class);
                let _ = write!(out, " {} / {} / {} ({}) |", figure(of.precision()), figure(of.recall()), figure(of.f1()), of.due);
            }
            out.push('\n');
        }
    }
    out
}

/// Every answer that differs, for whoever mends the reading.
pub fn misses(set: &Agreement) -> String {
    let mut out = String::new();
    let mut sorted: Vec<_> = set.misses.iter().collect();
    sorted.sort_by_key(|miss| (miss.field, &miss.id));
    for miss in sorted.into_iter().take(MOST_MISSES) {
        let doubt = if miss.doubt { " (the reader had a doubt)" } else { "" };
        let _ = writeln!(out, "{:<10} {}: read {:?}, labelled {:?}{doubt}", miss.field, miss.id, miss.given, miss.due);
    }
    out
}

/// A figure, or nothing where no label names a skill.
fn labelled(counts: Counts, text: impl Fn(Counts) -> String) -> String {
    if counts.due == 0 { NOT_LABELLED.to_owned() } else { text(counts) }
}

fn figure(share: f64) -> String {
    format!("{share:.3}")
}
