//! `robots.txt` (RFC 9309): which pages made for people a program may read, and how fast.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use robotstxt::RobotsParseHandler;
use tokio::sync::Mutex as Turn;
use url::{Position, Url};

use crate::domain::FetchFault;
use crate::sources::failure::Failure;

/// What is read of one file; RFC 9309 2.5 asks for at least this much.
pub const MOST_BYTES: usize = 500 * 1024;

/// How long an answer is believed (RFC 9309 2.4).
const BELIEVED: Duration = Duration::from_hours(24);

/// When a host is asked again that gave no answer.
const ASKED_AGAIN: Duration = Duration::from_mins(15);

/// The longest `Crawl-delay` that is kept: a fetch of many pages still has to end before the next is due.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// Hosts whose rules are remembered, and the bytes they may have together.
const REMEMBERED: usize = 1_024;
const REMEMBERED_BYTES: usize = 8 * 1024 * 1024;

/// Rules longer than any address match nothing; the parser need not see them.
const MOST_LINE: usize = 2_083;

/// What one host says to us.
#[derive(Debug, Default)]
pub struct Rules {
    /// What to match, and whether it allows.
    rules: Vec<(String, bool)>,
    /// The least time between two requests.
    pub delay: Option<Duration>,
}

impl Rules {
    /// Reads what a file says to `product`: its own groups together, else those for all.
    pub fn read(bytes: &[u8], product: &str) -> Self {
        let whole = bytes.len() < MOST_BYTES;
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]);
        let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').split(['\n', '\r']).collect();
        if !whole {
            // Half a rule says something else than the whole one.
            lines.pop();
        }
        lines.retain(|line| line.len() <= MOST_LINE);
        let mut reader = Reader { product, ..Reader::default() };
        robotstxt::parse_robotstxt(&lines.join("\n"), &mut reader);
        reader.ours.unwrap_or(reader.all)
    }

    /// Whether an address may be read: the longest rule that matches decides, of two equally long the one that allows.
    pub fn allow(&self, url: &Url) -> bool {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let matching = self.rules.iter().filter(|(pattern, _)| matches(pattern, path));
        url.path() == "/robots.txt" || matching.max_by_key(|(pattern, allows)| (pattern.len(), *allows)).is_none_or(|(_, allows)| *allows)
    }

    fn bytes(&self) -> usize {
        self.rules.iter().map(|(pattern, _)| pattern.len() + size_of::<(String, bool)>()).sum()
    }
}

/// `*` stands for anything, a `$` at the end for the end; otherwise a rule matches what begins with it. Takes time in proportion to
/// the lengths, for both sides are written by others.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces: Vec<&str> = pattern.split('*').collect();
    let Some(mut rest) = path.strip_prefix(pieces.remove(0)) else { return false };
    let Some(last) = pieces.pop() else { return !to_the_end || rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if to_the_end { rest.ends_with(last) } else { rest.contains(last) }
}

/// Collects the groups that speak to us or to all.
#[derive(Default)]
struct Reader<'a> {
    product: &'a str,
    /// What the groups that name us say, if there is one.
    ours: Option<Rules>,
    all: Rules,
    /// Whom the group at hand speaks to.
    to_us: bool,
    to_all: bool,
    /// A rule was read since the last name: the next name begins a group.
    in_rules: bool,
}

impl Reader<'_> {
    /// Those that the group at hand speaks to.
    fn heard(&mut self) -> impl Iterator<Item = &mut Rules> {
        let ours = self.ours.as_mut().filter(|_| self.to_us);
        ours.into_iter().chain(self.to_all.then_some(&mut self.all))
    }

    fn rule(&mut self, pattern: &str, allows: bool) {
        self.in_rules = true;
        if pattern.is_empty() {
            return;
        }
        for rules in self.heard() {
            rules.rules.push((pattern.to_owned(), allows));
        }
    }
}

impl RobotsParseHandler for Reader<'_> {
    fn handle_robots_start(&mut self) {}

    fn handle_robots_end(&mut self) {}

    fn handle_user_agent(&mut self, _: u32, agent: &str) {
        if std::mem::take(&mut self.in_rules) {
            (self.to_us, self.to_all) = (false, false);
        }
        let end = agent.find(|letter: char| !(letter.is_ascii_alphabetic() || matches!(letter, '-' | '_'))).unwrap_or(agent.len());
        self.to_all |= agent.split_whitespace().next() == Some("*");
        if end > 0 && agent[..end].eq_ignore_ascii_case(self.product) {
            self.to_us = true;
            self.ours.get_or_insert_default();
        }
    }

    fn handle_allow(&mut self, _: u32, value: &str) {
        self.rule(value, true);
    }

    fn handle_disallow(&mut self, _: u32, value: &str) {
        self.rule(value, false);
    }

    fn handle_sitemap(&mut self, _: u32, _: &str) {}

    fn handle_unknown_action(&mut self, _: u32, action: &str, value: &str) {
        let delay = value.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let Some(delay) = delay.filter(|_| action.eq_ignore_ascii_case("crawl-delay")) else { return };
        for rules in self.heard() {
            rules.delay = Some(delay.min(LONGEST_DELAY));
        }
    }
}

/// What is known of one host's file.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its rules, or why they could not be had.
    pub rules: Result<Arc<Rules>, Failure>,
    until: DateTime<Utc>,
}

impl Known {
    /// What an answer means (RFC 9309 2.3.1): a file that cannot be had allows all, a host that cannot answer allows nothing for
    /// now, unless it answered before.
    pub fn of(answer: Result<Rules, Failure>, before: Option<Self>, now: DateTime<Utc>) -> Self {
        let failure = match answer {
            Ok(rules) => return Self { rules: Ok(Arc::new(rules)), until: now + BELIEVED },
            Err(failure) => failure,
        };
        if matches!(failure.fault, FetchFault::Gone | FetchFault::Blocked | FetchFault::Misconfigured) {
            return Self { rules: Ok(Arc::default()), until: now + BELIEVED };
        }
        let rules = before.and_then(|known| known.rules.ok()).ok_or(failure);
        Self { rules, until: now + ASKED_AGAIN }
    }

    /// Whether the host need not be asked again.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// Whether an address may be read.
    ///
    /// # Errors
    /// The file forbids it, or could not be read.
    pub fn judge(&self, url: &Url) -> Result<(), Failure> {
        let host = url.host_str().unwrap_or_default();
        let rules = self.rules.as_ref().map_err(|failure| Failure {
            text: format!("its pages are not read before robots.txt of {host} can be: {}", failure.text),
            ..failure.clone()
        })?;
        if rules.allow(url) {
            return Ok(());
        }
        let mend = "take another kind for this employer, or ask the owner of the site to allow us in robots.txt";
        Err(Failure::mended(FetchFault::Blocked, format!("robots.txt of {host} does not allow {}", url.path()), mend))
    }
}

/// One host's file; held while it is asked for, so that nobody else asks too.
type Cell = Arc<Turn<Option<Known>>>;

/// The files of all hosts that were asked for pages.
#[derive(Debug, Default)]
pub struct Robots(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    cells: HashMap<String, Cell>,
    bytes: usize,
}

impl Robots {
    /// The place of one origin's file.
    pub fn cell(&self, origin: &str) -> Cell {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.cells.len() >= REMEMBERED || all.bytes > REMEMBERED_BYTES {
            // Asking once more is cheap; keeping what other people wrote without bound is not.
            all.cells.retain(|_, cell| Arc::strong_count(cell) > 1);
            all.bytes = 0;
        }
        Arc::clone(all.cells.entry(origin.to_owned()).or_default())
    }

    /// Counts what was read towards the bound.
    pub fn count(&self, rules: &Rules) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes += rules.bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse(&format!("https://jobs.example{path}")).unwrap()
    }

    #[track_caller]
    fn allows(text: &str, open: &[&str], closed: &[&str]) {
        let rules = Rules::read(text.as_bytes(), "rolecall");
        for (paths, expected) in [(open, true), (closed, false)] {
            for path in paths {
                assert_eq!(rules.allow(&url(path)), expected, "{path} by {text}");
            }
        }
    }

    #[test]
    fn the_longest_rule_decides_and_of_two_equal_ones_the_kinder() {
        allows("User-agent: *\nDisallow: /jobs\nAllow: /jobs/public\n", &["/", "/jobs/public/1"], &["/jobs", "/jobs/1"]);
        allows("user-agent: *\ndisallow: /a\nallow: /a\n", &["/a"], &[]);
        allows("User-agent: *\nDisallow: /\n", &["/robots.txt"], &["/", "/x"]);
        allows("User-agent: *\nDisallow:\n", &["/"], &[]);
        allows("", &["/"], &[]);
        allows("<html><body>Not found</body></html>", &["/"], &[]);
    }

    #[test]
    fn groups_that_name_us_are_taken_together_and_silence_those_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: RoleCall/2.0\nUser-agent: other\nDisallow: /a\n\nUser-agent: other\n\
                    Disallow: /b\n\nUser-agent: rolecall\nDisallow: /c\n";
        allows(text, &["/", "/b"], &["/a", "/c"]);
        allows("User-agent: rolecaller\nDisallow: /\n", &["/"], &[]);
        allows("User-agent: rolecall\n\nUser-agent: *\nDisallow: /\n", &[], &["/x"]);
    }

    #[test]
    fn stars_and_ends_match_as_they_are_written() {
        let text = "User-agent: *\nDisallow: /*/apply\nDisallow: /*.pdf$\nDisallow: /search?*q=\nDisallow: /end$\n";
        allows(text, &["/apply", "/a.pdf?x", "/search?p=1", "/end/", "/e"], &["/jobs/1/apply/now", "/x/a.pdf", "/search?p=1&q=2", "/end"]);
        assert!(matches("/*", "/") && matches("*", "") && matches("$", "") && !matches("$", "/") && matches("/a*b*c$", "/abbcc"));
    }

    #[test]
    fn hostile_files_cost_neither_time_nor_a_panic() {
        let started = std::time::Instant::now();
        let stars = format!("User-agent: *\nDisallow: /{}\n", "*a".repeat(1_000));
        let umlauts = format!("User-agent: *\nDisallow: /{}\nDisallow: /x\n", "é".repeat(9_000));
        let many = format!("\u{feff}User-agent: *\n{}", "Disallow: /zz*q\r\n".repeat(40_000));
        let address = url(&format!("/{}", "a".repeat(1_900)));
        for text in [stars, umlauts, many, "\u{0}:\u{0}".repeat(9_999), "%".repeat(3_000)] {
            Rules::read(text.as_bytes(), "rolecall").allow(&address);
        }
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        allows("\u{feff}User-agent: *\nDisallow: /x", &[], &["/x"]);
        let cut = format!("User-agent: *\n{}\nDisallow: /jobs", "#".repeat(1_000).repeat(512));
        let rules = Rules::read(&cut.as_bytes()[..MOST_BYTES], "rolecall");
        assert!(rules.allow(&url("/j")), "half a rule is none");
    }

    #[test]
    fn a_delay_is_kept_up_to_a_bound() {
        let delay = |text: &str| Rules::read(text.as_bytes(), "rolecall").delay;
        assert_eq!(delay("User-agent: *\nCrawl-delay: 2.5\n"), Some(Duration::from_millis(2_500)));
        assert_eq!(delay("User-agent: *\nCrawl-delay: 86400\n"), Some(LONGEST_DELAY));
        for none in ["User-agent: x\nCrawl-delay: 2\n", "User-agent: *\nCrawl-delay: -1\n", "User-agent: *\nCrawl-delay: NaN\n"] {
            assert_eq!(delay(none), None, "{none}");
        }
    }

    #[test]
    fn what_cannot_be_had_allows_all_and_a_host_that_fails_allows_what_it_did_before() {
        let now = DateTime::UNIX_EPOCH;
        let failed = |fault| Err(Failure::new(fault, "x"));
        for fault in [FetchFault::Gone, FetchFault::Blocked, FetchFault::Misconfigured] {
            assert_eq!(Known::of(failed(fault), None, now).judge(&url("/x")), Ok(()));
        }
        let dead = Known::of(failed(FetchFault::ServerError), None, now);
        let refused = dead.judge(&url("/x")).unwrap_err();
        assert_eq!(refused.fault, FetchFault::ServerError);
        assert!(refused.text.contains("robots.txt of jobs.example"), "{refused}");
        assert!(dead.is_fresh(now + Duration::from_mins(14)) && !dead.is_fresh(now + Duration::from_mins(15)));
        let before = Known::of(Ok(Rules::read(b"User-agent: *\nDisallow: /x", "rolecall")), None, now);
        assert!(before.is_fresh(now + Duration::from_hours(23)) && !before.is_fresh(now + Duration::from_hours(24)));
        let kept = Known::of(failed(FetchFault::Slow), Some(before), now);
        assert_eq!((kept.judge(&url("/y")), kept.judge(&url("/x")).unwrap_err().fault), (Ok(()), FetchFault::Blocked));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let robots = Robots::default();
        let held = robots.cell("held");
        for number in 0..=REMEMBERED {
            robots.cell(&number.to_string());
        }
        assert!(robots.0.lock().unwrap().cells.len() < 9);
        assert!(Arc::ptr_eq(&held, &robots.cell("held")));
        let text = format!("User-agent: *\n{}", "Disallow: /a\n".repeat(30_000));
        let rules = Rules::read(text.as_bytes(), "rolecall");
        for number in 0..9 {
            robots.cell(&number.to_string());
            robots.count(&rules);
        }
        robots.cell("one more");
        assert!(robots.0.lock().unwrap().cells.len() < 9);
    }
}
