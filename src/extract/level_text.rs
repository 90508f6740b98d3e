//! A level that the text states of the one who is wanted: `we are looking for a senior Java developer`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::Seniority;
use crate::extract::fold::Folded;

/// How far into a text is read, in bytes: who is wanted is said early.
const REACH: usize = 6_000;
/// Most statements of one text that are looked at.
const MOST: usize = 10;

/// What a text says of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// One level, and where it stands.
    One(Seniority, usize, usize),
    /// Several that do not go together.
    Several,
    /// Nothing.
    Nothing,
}

/// The words of levels, as they stand before a job.
const LEVEL: &str =
    r"(?P<level>senior|sr\.?|snr|junior|jr\.?|jnr|lead|principal|staff|mid[- ](?:level|weight)|intermediate|entry[- ]level|graduate)";
/// Up to four words of the field, then the word of the job: ` C#/WPF ERP developer`.
const JOB: &str = r"(?P<field>(?:[ ,/-]+[a-z0-9.+#&]+){0,4}?)[ /-]+(?:engineer|developer|architect|analyst|administrator|dba|programmer|consultant|scientist|designer|manager|tester|specialist|technician|dev|accountant|professional)s?(?-u:\b)";

/// `looking for a highly motivated senior …`
static WANTED: LazyLock<Regex> = LazyLock::new(|| {
    let wants = r"(?:looking (?:for|to (?:add|hire|recruit|appoint|bring))|seeking|seeks|searching for|in search of|hiring|recruiting|opportunit(?:y|ies) for|opening for|requires?|we need|position for|role for|vacancy for|on the lookout for|suchen|recherchons|buscamos|op zoek naar)";
    let between = r"(?: (?:an?|the|some|several|multiple|two|three|our|new|another|talented|strong|motivated|skilled|passionate|driven|exceptional|great|additional|more|and|to|join|hands-on|very|enthusiastic|full[- ]time|remote|dynamic|ambitious|brilliant|creative|java|python|eine?n?|une?|una|een|[a-z]+ly|[a-z]+-based))";
    Regex::new(&format!("{wants}{between}{{0,6}} {LEVEL}{JOB}")).expect("a constant pattern")
});
/// The first words of a text, as teasers begin: `Sydney based senior developer`.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    let before = r"(?:(?:an?|the|this|our|[a-z]+[- ]based|exciting|new|great|immediate|permanent|contract|opportunity|for|role) ){0,4}";
    Regex::new(&format!("^[^a-z0-9]*{before}{LEVEL}{JOB}")).expect("a constant pattern")
});
/// `As an intermediate engineer, you will …`
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?-u:\b)as (?:an?|our|the) (?:new )?{LEVEL}{JOB},? (?:\S+ ){{0,4}}?(?:you|will)(?-u:\b)"))
        .expect("a constant pattern")
});
/// Another level that is joined behind: `mid-level to senior`.
static JOINED_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[ -]*(?:level )?(?:/|or|to|and|and/or|&|,|-|\+) ?(?:an? )?(?:senior|sr|junior|jr|lead|principal|staff|mid|midlevel|intermediate|entry|graduate)(?-u:\b)|^ ?\+").expect("a constant pattern")
});
/// Another level that is joined before it.
static JOINED_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:junior|mid|midlevel|regular|medior|senior|entry|lead|principal|staff|intermediate|experienced|level) ?(?:/|or|to|and|and/or|&|-|,) ?(?:an? )?$").expect("a constant pattern")
});
/// A level within the field: `senior or lead engineer`.
static WITHIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:senior|junior|lead|mid|principal|staff)(?-u:\b)").expect("a constant pattern"));

/// What the text states of the level of the one who is wanted, not of colleagues (`mentor junior developers`).
#[must_use]
pub fn stated_level(body: &Folded<'_>) -> Stated {
    let text = &body.folded[..body.folded.floor_char_boundary(REACH)];
    let found = WANTED.captures_iter(text).chain(OPENING.captures_iter(text)).chain(ADDRESSED.captures_iter(text)).take(MOST);
    let mut stated = Stated::Nothing;
    for captures in found {
        stated = match (stated, one(text, &captures)) {
            (Stated::Nothing, this) => this,
            (Stated::One(level, start, end), Stated::One(this, ..)) if level == this => Stated::One(level, start, end),
            _ => return Stated::Several,
        };
    }
    stated
}

fn one(text: &str, captures: &Captures<'_>) -> Stated {
    let (Some(whole), Some(level), Some(field)) = (captures.get(0), captures.name("level"), captures.name("field")) else {
        return Stated::Nothing;
    };
    let joined = JOINED_BEHIND.is_match(&text[level.end()..]) || JOINED_BEFORE.is_match(&text[..level.start()]);
    if joined || WITHIN.is_match(field.as_str()) {
        return Stated::Several;
    }
    let level = match level.as_str().trim_end_matches('.') {
        "junior" | "jr" | "jnr" | "graduate" | "entry level" | "entry-level" => Seniority::Entry,
        "intermediate" => Seniority::Mid,
        "lead" => Seniority::LeadOrManager,
        word if word.starts_with("mid") => Seniority::Mid,
        _ => Seniority::Senior,
    };
    Stated::One(level, whole.start(), whole.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(text: &str) -> Option<Seniority> {
        match stated_level(&Folded::new(text)) {
            Stated::One(level, ..) => Some(level),
            Stated::Several | Stated::Nothing => None,
        }
    }

    #[test]
    fn a_level_counts_where_it_is_the_one_who_is_wanted() {
        use Seniority::{Entry, LeadOrManager, Mid, Senior};
        for (text, expected) in [
            ("We're looking for a Senior Ruby on Rails Developer to join us.", Some(Senior)),
            ("Acme is looking to add Senior Android and iOS developers to its team.", Some(Senior)),
            ("Sydney based senior C#/WPF ERP developer, flexible hours", Some(Senior)),
            ("Apply now.\nAs an intermediate engineer, you ship features.", Some(Mid)),
            ("We are seeking a highly motivated junior data analyst.", Some(Entry)),
            ("We're hiring a lead software engineer.", Some(LeadOrManager)),
            ("Wir suchen einen Senior Java Entwickler Developer", Some(Senior)),
            ("You will mentor junior developers and work with senior engineers.", None),
            ("Looking for a mid-level to senior front-end engineer.", None),
            ("We are looking for junior and senior engineers.", None),
            ("Looking for a senior engineer. Also hiring a junior engineer.", None),
            ("5+ years of experience as a lead developer for banks", None),
            ("We're looking for:\n- Senior Backend Engineer\n- Designer", None),
        ] {
            assert_eq!(level(text), expected, "{text}");
        }
    }
}
