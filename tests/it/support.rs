//! What several stories need.

use std::path::PathBuf;

/// The folder of recorded real data: `ROLECALL_TEST_DATA`, or `../shared/data` beside the checkout; none where it is not there.
///
/// A test that needs it and gets none returns after [`skipped`] has said so aloud.
pub fn recorded_data() -> Option<PathBuf> {
    let folder = std::env::var_os("ROLECALL_TEST_DATA").map_or_else(|| checkout().join("../shared/data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The checkout that cargo runs the tests of, which need not be the one they were built in.
fn checkout() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
}

/// Says aloud that a suite was skipped, and why.
pub fn skipped(suite: &str, why: &str) {
    say(&format!("SKIPPED {suite}: {why}"));
}

/// Says a line past the test runner, which keeps what `println!` prints of a test that passes.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
