//! Talk on stderr.

use std::io::Write as _;

use crate::domain::line::plain_lines;

/// Says a line. Where nobody listens any more nothing is lost: `eprintln!` would end the program in a panic there.
pub fn talk(line: &str) {
    let _ = std::io::stderr().lock().write_all(format!("{}\n", plain_lines(line)).as_bytes());
}
