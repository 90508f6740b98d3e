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

/// Set in the process of its own in which a test measures.
const ALONE: &str = "ROLECALL_TEST_MEASURES_ALONE";

/// Whether this is the process in which a test runs alone, so that it can measure its memory. If not, runs the test (its path
/// within the binary) in such a process, holds it to success, and says what it said in lines that begin with `told`.
pub fn is_alone(test: &str, told: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("the test has a program");
    let mut command = std::process::Command::new(program);
    let done = command.args([test, "--exact", "--nocapture"]).env(ALONE, "1").output().expect("the program runs once more");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{}{said}", String::from_utf8_lossy(&done.stdout));
    said.lines().filter(|line| line.starts_with(told)).for_each(say);
    false
}

/// A figure of `/proc/self/status` in KiB, such as `VmRSS` or its peak `VmHWM`.
pub fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says how much memory a process has");
    let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("the figure is there");
    line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().expect("a figure")
}

/// Lets the peak of memory begin anew; where that is not allowed, the peak of before counts too.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The Python that has Debian's modules, where it is Debian; another one may stand before it on the path.
pub fn python() -> &'static str {
    const DEBIAN: &str = "/usr/bin/python3";
    if std::path::Path::new(DEBIAN).exists() { DEBIAN } else { "python3" }
}
