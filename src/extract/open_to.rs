//! The countries a remote job is open to, where the posting says so.
//!
//! What stands beside `remote` in a place text, title or place line comes first; then a window of time zones or an eligibility
//! clause of the text; last a place field that names countries alone. What none of them says stays unknown.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Finding;
use crate::domain::place::Country;
use crate::domain::vocabulary::{countries, places};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, is_whole};
use crate::extract::place::{Name, PLACE_LINE, PlaceScanner};
use crate::extract::postal::COUNTRY_FIRST;
use crate::extract::window::zone_window;

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
/// The first line of a board that asks for headquarters, where remote companies write whence one may work.
static HEADQUARTERS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^headquarters:\s*([^\n]{2,160})").expect("a constant pattern"));
/// `remote` as a place of work, as it stands in place texts.
static REMOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:remote|remoto|remota|télétravail|teletrabajo|work from home|wfh|anywhere)(?-u:\b)").expect("a constant pattern")
});

/// Reads the countries of a remote job, sorted, each once; empty where the posting names no limit.
#[must_use]
pub fn open_to(scanner: &PlaceScanner, location: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Vec<Finding<Country>> {
    let mut found: Vec<Finding<Country>> = location.into_iter().chain([title.text]).flat_map(|text| beside_remote(scanner, text)).collect();
    if found.is_empty() {
        let line = PLACE_LINE.captures(&body.folded).or_else(|| HEADQUARTERS.captures(&body.folded));
        let line = line.and_then(|line| line.get(1)).map(|line| body.quote(line.start(), line.end()));
        found = line.map(|text| beside_remote(scanner, text)).unwrap_or_default();
    }
    if found.is_empty() {
        found = [title, body].into_iter().find_map(|text| clauses(scanner, text)).unwrap_or_default();
    }
    if found.is_empty() {
        found = location.map(|text| countries_alone(scanner, text)).unwrap_or_default();
    }
    found.sort_by_key(|found| found.value);
    found.dedup_by_key(|found| found.value);
    found
}

/// The countries and groups of countries that stand beside `remote` in a place text or title.
fn beside_remote(scanner: &PlaceScanner, text: &str) -> Vec<Finding<Country>> {
    let mut found = Vec::new();
    let pieces = pieces(text);
    for (at, piece) in pieces.iter().enumerate() {
        let folded = Folded::new(piece);
        let Some(remote) = REMOTE.find(&folded.folded) else { continue };
        let before = found.len();
        found.extend(named(scanner, &folded, remote.end()));
        // `Remote / EU`: the next piece, where it names countries alone.
        if found.len() == before
            && let Some(next) = pieces.get(at + 1)
            && folded.folded.trim().len() == remote.len()
        {
            found.extend(countries_alone(scanner, next));
        }
    }
    found
}

/// A text in pieces: at bars, semicolons and line ends, at ` / ` and ` or `, but never inside parentheses.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let cut = match c {
            '|' | '\n' => 1,
            ';' if depth == 0 => 1,
            ' ' if depth == 0 && text[at..].starts_with(" / ") => 3,
            ' ' if depth == 0 && text[at..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(" or ")) => 4,
            _ => continue,
        };
        if at >= start {
            pieces.push(&text[start..at]);
            start = at + cut;
            depth = if c == '|' || c == '\n' { 0 } else { depth };
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

/// What a piece with `remote` in it names: countries and groups anywhere in it; states where no city stands before `remote`; codes of
/// countries and states behind it.
fn named(scanner: &PlaceScanner, piece: &Folded<'_>, after: usize) -> Vec<Finding<Country>> {
    let names = scanner.names_in(piece);
    let city_before = names.iter().any(|(hit, name)| matches!(name, Name::City(_) | Name::Area(_)) && hit.start < after);
    let mut found = Vec::new();
    for (hit, name) in names.iter().filter(|(hit, _)| !is_clock(&piece.folded[hit.end..])) {
        match name {
            Name::Country(code) => found.push(Finding::stated(*code, piece.text)),
            Name::Region(index) => found.extend(region(*index, piece.text)),
            Name::Part(code) if hit.start >= after || !city_before => found.push(Finding::stated(*code, piece.text)),
            _ => {}
        }
    }
    // `us` is a pronoun; `US` is not.
    let us = piece.text.match_indices("US").map(|(at, _)| at).find(|at| is_whole(piece.text, *at, at + 2));
    if us.is_some_and(|at| !is_clock(&piece.folded[at + 2..])) {
        found.extend(code("US").map(|code| Finding::stated(code, piece.text)));
    }
    found.extend(codes_behind(piece.quote(after, piece.text.len())).map(|code| Finding::stated(code, piece.text)));
    found
}

/// Whether a name speaks of its hours, not of its people: `US time zones`, `EU hours`.
fn is_clock(after: &str) -> bool {
    let next = after.trim_start_matches(|c: char| !c.is_alphanumeric());
    ["time", "hours", "tz", "business hours", "working hours"].iter().any(|word| next.starts_with(word))
}

fn upper_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase()))
}

fn code(text: &str) -> Option<Country> {
    Country::parse(text).ok()
}

/// Codes in upper case right behind `remote`: `Remote (IN)`, `Remote KY`, `Remote (San Francisco, CA, US; TW)`. A code that is both a
/// state of the US and a country says nothing, except where it stands alone and the state hires few: `Remote (IN)`.
fn codes_behind(text: &str) -> impl Iterator<Item = Country> {
    let behind = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—'));
    let codes = match behind.strip_prefix('(') {
        Some(inside) => inside.split(')').next().unwrap_or_default(),
        None => behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default(),
    };
    let alone = codes.trim().len() == 2;
    let codes = if codes.contains("time") || codes.contains("hours") { "" } else { codes };
    upper_words(codes).filter_map(move |word| {
        let country = countries().by_code(word).map(|entry| entry.code);
        let state = countries().state(word).map(|(code, _)| code);
        match (country, state) {
            (Some(country), None) => Some(country),
            (Some(country), Some(_)) if alone && COUNTRY_FIRST.contains(&word) => Some(country),
            (None, state) => state,
            _ => None,
        }
    })
}

fn region(index: usize, evidence: &str) -> impl Iterator<Item = Finding<Country>> {
    countries().regions()[index].countries.iter().map(move |code| Finding::stated(*code, evidence))
}

/// The countries of a text that names countries and groups of them and nothing else.
fn countries_alone(scanner: &PlaceScanner, text: &str) -> Vec<Finding<Country>> {
    let folded = Folded::new(text);
    let names = scanner.names_in(&folded);
    let (found, end) = run_of_places(&names, &folded, 0, Cities::Stop);
    if end < folded.folded.trim_end().len() {
        return Vec::new();
    }
    found.into_iter().map(|code| Finding::inferred(code, text)).collect()
}

/// The countries that eligibility clauses of a text name, or those of a window of time zones.
fn clauses(scanner: &PlaceScanner, text: &Folded<'_>) -> Option<Vec<Finding<Country>>> {
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
        let codes = last_place(scanner, &before);
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

/// Whether cities count towards their country, or end the run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cities {
    Count,
    Stop,
}

/// The countries of the names that follow one another from `start` on with only commas, slashes and small words between, and where the
/// last of them ends.
fn run_of_places(names: &[(Hit, Name)], text: &Folded<'_>, start: usize, cities: Cities) -> (Vec<Country>, usize) {
    let (mut found, mut end) = (Vec::new(), start);
    loop {
        let next = names.iter().find(|(hit, _)| hit.start >= end && joins(&text.folded[end..hit.start]));
        // `US` in upper case is no word of the vocabulary: in small letters it is a pronoun.
        if let Some(us) = upper_us(text.text, end) {
            found.extend(code("US"));
            end = us;
            continue;
        }
        let Some((hit, name)) = next else { break };
        match name {
            Name::Country(code) | Name::Part(code) => found.push(*code),
            Name::Region(index) => found.extend(&countries().regions()[*index].countries),
            Name::City(_) | Name::Area(_) if cities == Cities::Stop => break,
            Name::City(index) => {
                let city = &places().cities()[*index];
                if city.word || !text.quote(hit.start, hit.end).starts_with(char::is_uppercase) {
                    break;
                }
                found.push(city.country);
            }
            Name::Area(index) => found.push(places().areas()[*index].country),
        }
        end = hit.end;
    }
    while text.folded[end..].starts_with(')') {
        end += 1;
    }
    (found, end)
}

/// The end of an upper-case `US` that joins on at `from`.
fn upper_us(text: &str, from: usize) -> Option<usize> {
    let tail = text.get(from..)?;
    let at = tail.find("US")?;
    let whole = !tail[at + 2..].starts_with(|c: char| c.is_alphanumeric());
    (at <= 24 && whole && joins(&tail[..at].to_lowercase())).then_some(from + at + 2)
}

/// Whether only separators and small words stand between two places.
fn joins(gap: &str) -> bool {
    gap.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '&' | '(' | ')' | '-' | ':' | '+' | '.' | '*')).all(|word| {
        matches!(
            word,
            "" | "and"
                | "or"
                | "the"
                | "either"
                | "both"
                | "any"
                | "of"
                | "country"
                | "state"
                | "in"
                | "within"
                | "und"
                | "oder"
                | "et"
                | "y"
                | "e"
                | "ou"
                | "o"
                | "continental"
                | "anywhere"
                | "entire"
                | "all"
                | "eligible"
                | "countries"
                | "mainland"
                | "contiguous"
                | "lower"
                | "48"
        )
    })
}

/// The place that stands right at the end of a text: `... EU` before ` only`.
fn last_place(scanner: &PlaceScanner, before: &Folded<'_>) -> Vec<Country> {
    let end = before.text.trim_end().len();
    if before.text[..end].ends_with("US") && !before.text[..end - 2].ends_with(char::is_alphanumeric) {
        return code("US").into_iter().collect();
    }
    let names = scanner.names_in(before);
    let Some((hit, name)) = names.last().filter(|(hit, _)| hit.end == end) else { return Vec::new() };
    let upper = before.quote(hit.start, hit.end).starts_with(char::is_uppercase);
    match name {
        Name::Country(code) if upper => vec![*code],
        Name::Region(index) if upper => countries().regions()[*index].countries.clone(),
        _ => Vec::new(),
    }
}

/// Whether the words around a place take it back: `candidates in the UK are preferred`, `not available in California`.
fn not_so(text: &Folded<'_>, start: usize, end: usize) -> bool {
    let (before, _) = text.around(start, start, 40, 0);
    let (_, after) = text.around(end, end, 0, 40);
    let before = before.rsplit(['.', '\n', ';', '|']).next().unwrap_or_default();
    let after = after.split(['.', '\n', ';', '|']).next().unwrap_or_default();
    NOT_SO.is_match(before) || NOT_SO.is_match(after) || NOT_SO.is_match(&text.folded[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(location: &str, title: &str, body: &str) -> Vec<String> {
        let location = Some(location).filter(|text| !text.is_empty());
        let found = open_to(&PlaceScanner::new(), location, &Folded::new(title), &Folded::new(body));
        found.into_iter().map(|found| found.value.as_str().to_owned()).collect()
    }

    fn size_of(group: &str) -> usize {
        countries().regions().iter().find(|region| region.name == group).unwrap().countries.len()
    }

    #[test]
    fn a_place_field_says_who_may_apply() {
        assert_eq!(open("Remote (US, Canada)", "", ""), ["CA", "US"]);
        assert_eq!(open("Remote (US/Canada)", "", ""), ["CA", "US"]);
        assert_eq!(open("US only - Remote", "", ""), ["US"]);
        assert_eq!(open("Remote - EMEA", "", "").len(), size_of("EMEA"));
        assert_eq!(open("Remote, Kentucky", "", ""), ["US"]);
        assert_eq!(open("IN / Remote (IN)", "", ""), ["IN"]);
        assert_eq!(open("Remote (San Francisco, CA, US; New York, NY, US; TW)", "", ""), ["TW", "US"]);
        assert_eq!(open("Argentina, Brazil, Canada, United States", "", ""), ["AR", "BR", "CA", "US"]);
    }

    #[test]
    fn a_city_beside_remote_limits_nothing() {
        assert!(open("San Francisco, CA, US / Remote", "", "").is_empty());
        assert!(open("", "Acme | Engineer | San Jose OR Remote", "").is_empty());
        assert!(open("Austin, TX (Remote)", "", "").is_empty());
        assert!(open("Remote (US time zones)", "", "").is_empty());
        assert!(open("Berlin, Germany", "", "We work remotely.").is_empty());
    }

    #[test]
    fn a_clause_of_the_text_says_who_may_apply() {
        for (body, due) in [
            ("You must be based in India.", &["IN"][..]),
            ("Candidates must be located in the US or Canada.", &["CA", "US"]),
            ("Must be legally authorized to work in the US.", &["US"]),
            ("Fully remote within the United Kingdom and Ireland.", &["GB", "IE"]),
            ("Work from anywhere in Brazil!", &["BR"]),
            ("This position is open to candidates in Poland only.", &["PL"]),
            ("Location: Albania, remote", &["AL"]),
            ("Headquarters: San Francisco, CA, or Remote within United States", &["US"]),
            ("US residents only", &["US"]),
            ("Applicants must reside in California or Texas", &["US"]),
        ] {
            assert_eq!(open("Remote", "", body), due, "{body}");
        }
        assert_eq!(open("Remote", "", "Work from anywhere in Europe").len(), size_of("Europe"));
        assert_eq!(open("Remote", "", "Location: Remote / EU").len(), size_of("European Union"));
    }

    #[test]
    fn a_wish_a_refusal_and_a_boast_limit_nothing() {
        for body in [
            "Candidates based in the UK are preferred, others are welcome.",
            "We are not able to hire remotely in California.",
            "Our customers live in India. Join us only if you like it.",
            "We have offices in Germany and work remotely.",
            "You may work remotely from within Europe for up to 40 days per year.",
            "We hired engineers from Google.",
        ] {
            assert!(open("Remote", "", body).is_empty(), "{body}: {:?}", open("Remote", "", body));
        }
    }

    #[test]
    fn a_window_of_time_zones_is_the_countries_within() {
        let found = open_to(&PlaceScanner::new(), None, &Folded::new(""), &Folded::new("You work within 2 hours of CET."));
        assert!(found.iter().all(|found| found.certainty == crate::domain::Certainty::Inferred));
        let codes: Vec<&str> = found.iter().map(|found| found.value.as_str()).collect();
        assert!(["DE", "GB", "ZA", "TR"].iter().all(|code| codes.contains(code)), "{codes:?}");
        assert!(!["US", "IN", "BR"].iter().any(|code| codes.contains(code)), "{codes:?}");
    }
}
