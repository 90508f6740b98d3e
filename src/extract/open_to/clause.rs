//! Clauses of eligibility: `must be based in India`, `US residents only`, `within 4 hours of CET`.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::Country;
use crate::domain::vocabulary::countries;
use crate::extract::fold::Folded;
use crate::extract::open_to::run::{Cities, last_run, run_of_places};
use crate::extract::open_to::window::zone_window;
use crate::extract::place::PlaceScanner;

/// Most clauses of one text that are looked at.
const MOST_CLAUSES: usize = 40;
/// How far behind its trigger a clause may name places, in bytes.
const REACH: usize = 120;

/// Words that say that a place behind them is where one must be.
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:",
        // must be based in, candidates located in, applicants residing in
        r"(?:must|need to|needs to|have to|has to|should|required to|candidates?|applicants?|engineers?|developers?|anyone|individuals|people)(?: who)?(?: must| should)?(?: also)?(?: (?:be|are|is))?(?: currently| physically| already| permanently| legally)? (?:based|located|reside|resident|residents|residing|live|living)(?: and work| or based| or located)?(?: anywhere)? (?:with)?in",
        r"|(?:position|role|job|opportunity)(?: is| can be)? (?:only )?(?:open|available|limited|restricted)(?: only)? to (?:candidates|applicants|people|residents|those|employees)(?: who are)?(?: currently)?(?: based| located| residing| living)? (?:with)?(?:in|of|from)",
        r"|(?:only )?(?:considering|accepting|hiring|hire|recruiting)(?: candidates| applicants| applications| people| remotely| only| talent)*(?: based| located| residing)? (?:with)?(?:in|from|across)(?: the following (?:countries|locations|states):?)?",
        // remote within, remote role across, work from anywhere in
        r"|remote(?:ly)?(?:[- ]?(?:first|only|friendly))?(?: work(?:ing)?| role| position| job| opportunity| basis)?(?: is)?(?: possible| available| ok| allowed| based)?(?: from)?(?: anywhere)? (?:within|in|across|throughout|inside|from)",
        r"|(?:work(?:ing)?|live|based|located|remote|be)(?: remotely)?(?: from)? anywhere (?:with)?(?:in|across)",
        // authorized to work in, right to work in
        r"|(?:authori[sz]ed|eligible|eligibility|entitled|authori[sz]ation|permission|right|permit(?:ted)?|legally able)(?: to)?(?: live and)?(?: legally)? work(?: full[- ]time)?(?: remotely)?(?: for any employer)? (?:with)?in",
        r"|work authori[sz]ation (?:with)?in",
        r"|remote (?:aus|innerhalb|bundesweit in|depuis|desde|en|em)",
        r")(?-u:\b)"
    ))
    .expect("a constant pattern")
});
/// `US only`, `EU residents only`, `US-based candidates`, `US citizens only`: the place stands before.
static ONLY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[- ](?:based )?(?:residents? |citizens? |candidates? |applicants? |timezones? |locations? )?only(?-u:\b)|[- ]based (?:candidates|applicants|engineers|developers|only)|[- ](?:residents|citizens)(?: or (?:residents|green card holders))? only")
        .expect("a constant pattern")
});
/// Words around a place that say it is wished for, shut out, or somebody else's.
static NOT_SO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"prefer|ideally|not (?:be )?(?:able|available|open|possible|eligible|accept|consider|hire|hiring)|unable|cannot|can['’]t|except|exclud|outside|other than|nice to have|a plus|bonus if|offices? in|customers|clients|if you(?:['’]re| are)|sponsor|up to \d+ days|days per year|weeks per year|weeks a year").expect("a constant pattern")
});

/// The countries that eligibility clauses of a text name, or those of a window of time zones.
pub(super) fn clauses(scanner: &PlaceScanner, text: &Folded<'_>) -> Option<Vec<Finding<Country>>> {
    let mut found: Vec<Finding<Country>> = Vec::new();
    for clause in CLAUSE.find_iter(&text.folded).take(MOST_CLAUSES) {
        let behind = Folded::new(clause_at(text.text, clause.end()));
        let names = scanner.names_in(&behind);
        let (codes, end) = run_of_places(&names, &behind, 0, Cities::Count);
        if codes.is_empty() || not_so(text, clause.start(), clause.end() + end) {
            continue;
        }
        let evidence = text.quote(clause.start(), clause.end() + end).trim();
        found.extend(codes.into_iter().map(|code| Finding::stated(code, evidence)));
    }
    for only in ONLY.find_iter(&text.folded).take(MOST_CLAUSES) {
        let from = text.folded.floor_char_boundary(only.start().saturating_sub(40));
        let before = Folded::new(&text.text[text.text.ceil_char_boundary(from)..only.start()]);
        let codes = last_run(scanner, &before);
        if !codes.is_empty() && !not_so(text, only.start(), only.end()) {
            let evidence = text.sentence(only.start(), only.end());
            found.extend(codes.into_iter().map(|code| Finding::stated(code, evidence)));
        }
    }
    if found.is_empty() {
        let window = zone_window(text)?;
        let codes = countries().within_offsets(window.value.0, window.value.1);
        found.extend(codes.into_iter().map(|code| Finding::inferred(code, &window.evidence)));
    }
    (!found.is_empty()).then_some(found)
}

/// What stands behind a trigger, up to the end of its sentence. A full stop inside `U.S.` ends nothing.
fn clause_at(text: &str, from: usize) -> &str {
    let tail = &text[from..text.floor_char_boundary((from + REACH).min(text.len()))];
    let end = tail.char_indices().find(|(at, c)| {
        matches!(c, '\n' | ';' | '|' | '!' | '?' | '•')
            || (*c == '.' && tail[at + 1..].chars().next().is_none_or(char::is_whitespace) && !abbreviates(&tail[..*at]))
    });
    end.map_or(tail, |(at, _)| &tail[..at])
}

/// Whether a full stop behind this text belongs to a single letter: `U.S.`.
fn abbreviates(before: &str) -> bool {
    let mut back = before.chars().rev();
    back.next().is_some_and(|c| c.is_ascii_uppercase()) && back.next().is_none_or(|c| !c.is_alphanumeric())
}

/// Whether the words around a place take it back: `candidates in the UK are preferred`, `not available in California`.
fn not_so(text: &Folded<'_>, start: usize, end: usize) -> bool {
    let (before, _) = text.around(start, start, 40, 0);
    let (_, after) = text.around(end, end, 0, 40);
    let before = before.rsplit(['.', '\n', ';', '|']).next().unwrap_or_default();
    let after = after.split(['.', '\n', ';', '|']).next().unwrap_or_default();
    NOT_SO.is_match(before) || NOT_SO.is_match(after) || NOT_SO.is_match(&text.folded[start..end])
}
