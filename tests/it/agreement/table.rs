//! The agreement as tables of a page: what `cargo test` prints is what the page shows.

use std::fmt::Write as _;

use super::reader::Agreement;
use super::score::Counts;

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
        ("role, macro F1", "0.93", |set| figure(set.fields["role"].macro_f1())),
        ("is_backend, F1", "0.95", |set| figure(set.fields["is_backend"].class("true").f1())),
        ("seniority, accuracy", "0.90", |set| figure(set.fields["seniority"].accuracy())),
        ("work mode, accuracy", "0.93", |set| figure(set.fields["remote"].accuracy())),
        ("pay, all four parts, of those stated", "0.97", |set| {
            format!("{} ({} of {})", figure(set.pay.accuracy()), set.pay.right, set.pay.all)
        }),
        ("pay invented", "0", |set| set.invented_pay.to_string()),
        ("skills, micro F1", "0.90", |set| labelled(set.skills, |counts| figure(counts.f1()))),
        ("skills, precision and recall", "", |set| {
            labelled(set.skills, |counts| format!("{} / {}", figure(counts.precision()), figure(counts.recall())))
        }),
        ("country, accuracy", "0.96", |set| figure(set.fields["country"].accuracy())),
        ("min_years, accuracy", "0.95", |set| figure(set.fields["min_years"].accuracy())),
        ("education, accuracy", "0.92", |set| figure(set.fields["education"].accuracy())),
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

/// Precision, recall and F1 of each class of the fields that have classes.
pub fn classes(sets: &[(&str, &Agreement)]) -> String {
    let mut out = String::new();
    for field in ["role", "is_backend", "seniority", "remote", "education"] {
        let _ = write!(out, "\n| {field} |");
        for (name, _) in sets {
            let _ = write!(out, " {name}: P / R / F1 (due) |");
        }
        let _ = writeln!(out, "\n|---|{}", "---|".repeat(sets.len()));
        let mut names: Vec<&String> = sets.iter().flat_map(|(_, set)| set.fields[field].classes.keys()).collect();
        names.sort();
        names.dedup();
        for class in names {
            let _ = write!(out, "| {class} |");
            for (_, set) in sets {
                let Counts { due, .. } = set.fields[field].class(class);
                let of = set.fields[field].class(class);
                let _ = write!(out, " {} / {} / {} ({due}) |", figure(of.precision()), figure(of.recall()), figure(of.f1()));
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
    if counts.due == 0 { "not labelled".to_owned() } else { text(counts) }
}

fn figure(share: f64) -> String {
    format!("{share:.3}")
}
