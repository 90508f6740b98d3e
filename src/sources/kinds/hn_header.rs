//! The first line of a "Who is hiring?" comment: company, roles, place, pay and remote words, parted by pipes, in any order.
//!
//! The order is a habit, not a rule, so each part is known by what it looks like.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::WorkMode;
use crate::sources::kinds::hn_part::{CONTRACT, HYBRID, JOB_NAME, NOT_REMOTE, ONSITE, Part, REMOTE, ROLE, WEB, is_place, pattern};
use crate::sources::shape::plain::line;
use crate::sources::shape::text::join;

/// The longest title that is kept, in letters: some headers run on into the text.
const LONGEST_TITLE: usize = 160;

/// The longest part that is taken for a role or a place where it stands alone: what is longer has run on into the text.
const LONGEST_PART: usize = 120;

/// The most words of an employer's name; what is longer is a sentence.
const LONGEST_NAME: usize = 7;

/// How many lines of a comment are looked at for the name of a job when its header has none.
const LINES_FOR_ROLES: usize = 60;

static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?s)<a\s[^>]*?href="([^"]*)"[^>]*>.*?</a>"#));
static BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"<p>|</p>|<br ?/?>|\n"));
static DASH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+(?:—|–|--?|•|·)\s+"));
static OFFER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:hiring|hire|looking for|seeking|roles?|positions?|openings?|join|apply|careers?|jobs?|engineers?|developers?|interns?|full[ -]?time)\b",
    )
});
static HIRING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?P<company>.{2,60}?)\s*(?:\((?:yc|s|w)[^)]*\)\s*)?",
        r"(?:\s(?:is|are)\s+hiring\b(?:\s+(?:for|an?|our))*|\(yc[^)]*\)\s*:)\s*(?P<title>.*)$"
    ))
});
/// What a sentence begins with whose subject is no name.
static NO_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:we|i|i'm|i’m|our|they|hi|hey|who|my|here|the team)\b"));

/// What a comment's first line says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    /// The employer, without the batch of a start-up school or an address in brackets.
    pub company: Option<String>,
    /// The roles, or the whole line where none is named.
    pub title: String,
    /// Places and the words about remote work as they stand.
    pub location: Option<String>,
    /// The part that states pay.
    pub pay: Option<String>,
    /// Words of contract.
    pub employment_type: Option<String>,
    /// The one way of working that is named; none where there are several.
    pub work_mode: Option<WorkMode>,
}

/// Reads the header of a comment of HTML; none where the comment has no words, or none that offer work.
pub fn read(html: &str) -> Option<Header> {
    let with_links = LINK.replace_all(html, " $1 ");
    let mut lines = BREAK.split(&with_links).map(line).filter(|text| text.chars().any(char::is_alphanumeric));
    let first = lines.next()?;
    let piped = first.contains('|');
    let split: Vec<&str> = if piped { first.split('|').collect() } else { DASH.split(&first).collect() };
    let bare = split.into_iter().map(|part| WEB.replace_all(part, "").trim().to_owned());
    let parts: Vec<String> = bare.filter(|part| part.chars().any(char::is_alphanumeric)).collect();
    if !piped && !OFFER.is_match(html) {
        return None;
    }
    let told = if piped { None } else { sentence(&first) };
    let mut header = told.unwrap_or_else(|| if parts.len() > 1 { sorted(&parts, piped) } else { Header::default() });
    header.work_mode = work_mode(if parts.len() > 1 || first.len() < LONGEST_TITLE { &first } else { "" });
    if header.title.is_empty() {
        header.title = roles(lines).unwrap_or_else(|| parts.join(if piped { " | " } else { " - " }));
    }
    header.title = shortened(&header.title);
    Some(header).filter(|header| !header.title.is_empty())
}

/// A header that is a sentence: "Acme is hiring engineers", "Acme (YC W24): Engineer".
fn sentence(first: &str) -> Option<Header> {
    let found = HIRING.captures(first).filter(|found| !NO_NAME.is_match(&found["company"]))?;
    let title = found["title"].trim_matches([' ', '.', ':', '!', ',']).to_owned();
    let names_a_job = title.len() < LONGEST_TITLE && (ROLE.is_match(&title) || CONTRACT.is_match(&title));
    Some(Header { company: named(&found["company"]), title: if names_a_job { title } else { String::new() }, ..Header::default() })
}

/// Puts each part where it belongs.
fn sorted(parts: &[String], piped: bool) -> Header {
    let role_first = JOB_NAME.is_match(&parts[0]) && !parts[1..].iter().any(|part| Part::of(part) == Part::Role);
    let place_first = is_place(&parts[0]) || Part::of(&parts[0]) == Part::Mode;
    let mut kept = Header::default();
    let (mut roles, mut places, mut contracts) = (Vec::new(), Vec::new(), Vec::new());
    let mut perhaps_place = None;
    for (index, part) in parts.iter().enumerate() {
        contracts.extend(CONTRACT.find_iter(part).map(|word| word.as_str().to_owned()));
        match Part::of(part) {
            _ if index == 0 && !role_first && !place_first => kept.company = named(part),
            Part::Pay => kept.pay = kept.pay.or_else(|| Some(part.trim_end_matches([' ', '-', ',']).to_owned())),
            Part::Role if part.len() <= LONGEST_PART || roles.is_empty() => roles.push(part.clone()),
            Part::Place if part.len() <= LONGEST_PART => places.push((part.clone(), true)),
            Part::Place | Part::Mode => places.extend(REMOTE.find(part).map(|word| (word.as_str().to_owned(), false))),
            Part::Name if kept.company.is_none() && (piped || place_first) => kept.company = named(part),
            Part::Name => perhaps_place = perhaps_place.or_else(|| Some(part.clone())),
            Part::Role | Part::Other => {}
        }
    }
    let unknown_town = perhaps_place.filter(|_| !places.iter().any(|(_, is_place)| *is_place));
    let location = join(unknown_town.into_iter().chain(places.into_iter().map(|(place, _)| place)));
    Header { title: roles.join(", "), location, employment_type: join(contracts), ..kept }
}

/// An employer's name without what stands behind it in brackets.
fn named(part: &str) -> Option<String> {
    let whole = [" (", " [", " – ", " — "].iter().fold(part, |name, behind| name.split(behind).next().unwrap_or(name));
    let name = whole.trim_matches([' ', ',', ':', '-', '*', '`', '(', '[']).to_owned();
    let is_name = name.split_whitespace().count() <= LONGEST_NAME && !name.contains('…');
    (is_name && !name.is_empty() && name.len() <= 80).then_some(name)
}

/// The one way of working that is named.
fn work_mode(first: &str) -> Option<WorkMode> {
    let remote = REMOTE.is_match(first) && !NOT_REMOTE.is_match(first);
    match (remote, HYBRID.is_match(first), ONSITE.is_match(first)) {
        (true, false, false) => Some(WorkMode::Remote),
        (false, true, _) => Some(WorkMode::Hybrid),
        (false, false, true) => Some(WorkMode::Onsite),
        _ => None,
    }
}

/// The first lines of the text that are a job's name and nothing more.
fn roles(lines: impl Iterator<Item = String>) -> Option<String> {
    let names = lines.take(LINES_FOR_ROLES).filter_map(|line| {
        let bare = WEB.replace_all(&line, "");
        let bare = bare.rsplit(']').next().unwrap_or_default();
        let bare = bare.trim_matches(|letter: char| !letter.is_alphanumeric() && !"()+#".contains(letter));
        let short = bare.split_whitespace().count() <= 8 && !bare.contains(['?', '!', ':']) && !line.ends_with('.');
        (short && JOB_NAME.is_match(bare) && bare.starts_with(char::is_uppercase)).then(|| bare.to_owned())
    });
    join(names.take(3)).map(|names| names.replace("; ", ", "))
}

/// The title without an address, cut between words where it runs on.
fn shortened(title: &str) -> String {
    let title = title.trim_matches([' ', '|', '-', '–', '—', ',', ':']);
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let cut: String = title.chars().take(LONGEST_TITLE).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(html: &str) -> Header {
        read(html).unwrap()
    }

    #[test]
    fn parts_are_known_by_what_they_look_like_in_any_order() {
        let first = header(
            "Nordlicht (YC S21) | Senior Backend Engineer, SRE | Berlin, Germany | REMOTE (EU) | Full-time | €80k - €95k<p>We move money.",
        );
        assert_eq!(first.company.as_deref(), Some("Nordlicht"));
        assert_eq!(first.title, "Senior Backend Engineer, SRE");
        assert_eq!(first.location.as_deref(), Some("Berlin, Germany; REMOTE (EU)"));
        assert_eq!((first.pay.as_deref(), first.employment_type.as_deref()), (Some("€80k - €95k"), Some("Full-time")));
        assert_eq!(first.work_mode, Some(WorkMode::Remote));
        let turned = header(
            "DevOps Engineer | Kettle | Boston, MA | Onsite, full time | 120k USD | <a href=\"https:&#x2F;&#x2F;kettle.example\">x</a>",
        );
        assert_eq!((turned.company.as_deref(), turned.title.as_str()), (Some("Kettle"), "DevOps Engineer"));
        assert_eq!((turned.location.as_deref(), turned.pay.as_deref()), (Some("Boston, MA"), Some("120k USD")));
        assert_eq!((turned.work_mode, turned.employment_type.as_deref()), (Some(WorkMode::Onsite), Some("full time")));
        let dashed = header("Gartenbahn (Leipzig) — Platform Engineer — £85–120k + equity — Hybrid");
        assert_eq!((dashed.company.as_deref(), dashed.title.as_str()), (Some("Gartenbahn"), "Platform Engineer"));
        assert_eq!((dashed.pay.as_deref(), dashed.work_mode), (Some("£85–120k + equity"), Some(WorkMode::Hybrid)));
    }

    #[test]
    fn a_header_without_a_role_takes_it_from_the_lines_below() {
        let below = header(
            "Kettle | Remote (US, Canada) | <a href=\"https://kettle.example\">k</a><p>We sell tea.<p>- Staff Data Engineer<p>* Tea Taster<p>Golang Developer (Tallinn)",
        );
        assert_eq!((below.company.as_deref(), below.title.as_str()), (Some("Kettle"), "Staff Data Engineer, Golang Developer (Tallinn)"));
        assert_eq!(header("Kettle | Vilnius<p>Write to us.").title, "Kettle | Vilnius");
        let hiring = header("Kettle (YC W24) is hiring a database administrator");
        assert_eq!((hiring.company.as_deref(), hiring.title.as_str()), (Some("Kettle"), "database administrator"));
        let dashed = header("Kettle Works Is Hiring Software Engineers - Python");
        assert_eq!((dashed.company.as_deref(), dashed.title.as_str()), (Some("Kettle Works"), "Software Engineers - Python"));
        assert_eq!(header("Kettle (YC W24): Reliability Engineer").company.as_deref(), Some("Kettle"));
        assert_eq!(header("We are hiring engineers in Oslo").company, None);
    }

    #[test]
    fn several_ways_of_working_leave_the_choice_open() {
        let both = header("Kettle | Rust Developer | Oslo | REMOTE or ONSITE | Visa");
        assert_eq!((both.work_mode, both.location.as_deref()), (None, Some("Oslo; REMOTE")));
        assert_eq!(header("Kettle | Rust Developer | Oslo | No remote, on-site").work_mode, Some(WorkMode::Onsite));
        assert_eq!(header("New York, NY | Kettle | Rust Developer").company.as_deref(), Some("Kettle"));
        assert_eq!(
            header("Prolific.io (Boston / SF) | Accounting Exec | Django / React | Dallas, TX").location.as_deref(),
            Some("Dallas, TX")
        );
        assert_eq!(header("Boise, ID (Downtown) - Kettle - Full time").company.as_deref(), Some("Kettle"));
        assert_eq!(header("Kettle | Oslo | RELOCATION SUPPORT | Full-time (or 4 days)<p>Go Developer").title, "Go Developer");
        assert_eq!(read("<p> … "), None);
        assert_eq!(read("Thanks all, closed!"), None);
    }
}
