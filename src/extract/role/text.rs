//! A posting as the roles see it, and what its text says by itself: jobs by name, the platform's own line.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::work::WorkSide;
use crate::domain::{Finding, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::is_whole;
use crate::extract::role::evidence::{Evidence, role_line};

/// A server-side job named in the text behind a header line: `Backend Engineers`, `Mid-Level Java Developer`, `Developer (C#)`.
static SERVER_JOB: LazyLock<Regex> = LazyLock::new(|| {
    let side = r"(?:back[ -]?end|full[ -]?stack|server[ -]side)[^.\n|]{0,20}(?:engineer|developer|devs?(?-u:\b))";
    let language =
        r"(?:(?-u:\b)(?:java|python|php|ruby|rails|golang|go|c#|node(?:\.?js)?|scala|django|elixir|clojure|kotlin)|[^a-z0-9]\.net)";
    let before = format!(r"{language}(?:/[a-z.#+]{{2,12}})?[ -](?:software |web )?(?:engineer|developer|programmer)");
    let behind = format!(r"(?:engineer|developer)s? \({language}[ ,/)]");
    Regex::new(&format!("{side}|{before}|{behind}|{SIDE_BEHIND}")).expect("a constant pattern")
});

/// `Software Engineer, Backend`, `Developer (Full Stack)`.
const SIDE_BEHIND: &str = r"(?:engineer|developer)s? ?[-–—,:(/] ?(?:back[ -]?end|full[ -]?stack)(?-u:\b)";

/// The platform's own word for the server's side: `Engineering / Backend`.
static BACK_END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i-u:\bback[ -]?end\b)").expect("a constant pattern"));

/// The same at the head of a line, or between its bars, as a post lists its jobs behind the one in its header: `2) Backend Developer | Remote`,
/// `Acme | Senior Full Stack Engineer | Pune`.
static LISTED_JOB: LazyLock<Regex> = LazyLock::new(|| {
    let level = r"(?:(?:senior|sr|lead|junior|jr|staff|principal|mid[- ]level|founding|experienced)[./ ]+){0,3}";
    let head = r"(?:^[ \t]*(?:[-*•+]|\d+[.)])?|^[^\n|]{1,60}\|)[ \t]*";
    let side = r"(?:back[ -]?end|full[ -]?stack)[^.\n|]{0,20}(?:engineer|developer|devs?(?-u:\b))";
    Regex::new(&format!("(?m){head}{level}(?:{side}|(?:software )?{SIDE_BEHIND})")).expect("a constant pattern")
});

/// A job at the client's side named in the text behind a header line: `Senior Front-End Engineer`, `React Native Developer`.
static CLIENT_JOB: LazyLock<Regex> = LazyLock::new(|| {
    let side = r"(?:front ?end|ui(?:/ux)?|react(?: ?\.?js| native|/javascript)?|ios|android|mobile)";
    Regex::new(&format!(r"(?-u:\b){side} (?:software |web |app |ui |application )?(?:engineer|developer|programmer)s?(?-u:\b)"))
        .expect("a constant pattern")
});

/// Somebody who builds, of whatever side.
static BUILDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:engineer|developer|programmer|coder|hacker|architect)s?(?-u:\b)|(?-u:\b)devs?(?-u:\b)|full ?stack")
        .expect("a constant pattern")
});

/// A posting as the roles see it.
pub struct Text<'a> {
    /// The title.
    pub title: &'a Folded<'a>,
    /// The folded title without hyphens.
    pub plain_title: String,
    /// The platform's own words for the job: department, tags.
    pub hints: &'a str,
    /// The text.
    pub body: &'a Folded<'a>,
    /// The folded text without hyphens.
    pub plain: String,
    /// The skills of both.
    pub skills: &'a [Finding<Skill>],
}

impl<'a> Text<'a> {
    /// The platform's own line for the kind of job, else its department and tags.
    #[must_use]
    pub fn line(&self) -> &'a str {
        role_line(self.body).unwrap_or(self.hints)
    }

    /// Whether the platform files the job under back end; a list of tags only names what is used.
    #[must_use]
    pub fn is_filed_under_back_end(&self) -> bool {
        BACK_END.is_match(self.line()) && !self.line().contains(',')
    }

    /// The words of a server-side job that the text names.
    #[must_use]
    pub fn server_job(&self) -> Option<&'a str> {
        self.quote(&SERVER_JOB)
    }

    /// The words of a server-side job in a list of jobs.
    #[must_use]
    pub fn listed_job(&self) -> Option<&'a str> {
        self.quote(&LISTED_JOB)
    }

    fn quote(&self, pattern: &Regex) -> Option<&'a str> {
        pattern.find(&self.body.folded).map(|hit| self.body.quote(hit.start(), hit.end()).trim())
    }

    /// Whether the text has this word.
    #[must_use]
    pub fn speaks_of(&self, word: &str) -> bool {
        self.plain.match_indices(word).any(|(at, _)| is_whole(&self.plain, at, at + word.len()))
    }

    /// The words that speak most for the server side, else the platform's word for the job, else the title.
    #[must_use]
    pub fn words(&self, evidence: &Evidence, line: &str) -> String {
        let line = if line.is_empty() { self.title.text } else { line };
        evidence.words(WorkSide::Server, self.title, self.body).unwrap_or_else(|| line.to_owned())
    }

    /// Whether each job that the text names is one of the client's side, whatever its company runs on: a list such as `backend and
    /// mobile engineers` names others too.
    #[must_use]
    pub fn is_only_at_the_client(&self) -> bool {
        let plain = &self.plain;
        let listed = |at: usize| plain[..at].trim_end().ends_with([',', '/', '&']) || plain[..at].ends_with("and ");
        let mut jobs = CLIENT_JOB.find_iter(plain).peekable();
        let mut rest = 0;
        let client_alone = jobs.peek().is_some()
            && jobs.all(|job| {
                let other = BUILDER.is_match(&plain[rest..job.start()]) || listed(job.start());
                rest = job.end();
                !other
            });
        client_alone && !BUILDER.is_match(&plain[rest..])
    }
}
