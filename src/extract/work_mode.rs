//! Remote, hybrid or on site, only where it is said.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Finding, WorkMode};
use crate::extract::fold::Folded;

static REMOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:remote(?:ly)?|work from (?:home|anywhere)|wfh|telecommut\w*|home[- ]?office|anywhere in the world|fully distributed|home[- ]based|télétravail|teletrabajo|mobiles arbeiten)(?-u:\b)").expect("a constant pattern")
});
/// Days of a week in the office or at home, as English, German, French and Spanish postings count them.
static DAYS: LazyLock<Regex> = LazyLock::new(|| {
    let count = r"(?:one|two|three|four|[1-4])(?:\s*[-–]\s*[1-5]| to [2-5])?\+?";
    let days = r"days?(?:['’]s?)?";
    let place = r"(?:in-office|in office|on-?site|remote|wfh|from home)";
    Regex::new(&[
        &format!(r"{count}\s*{days}\s*(?:/|a|per|each|in the|in|at|from|on(?-u:\b))\s*(?:week)?\s*(?:in|at|from|on)?\s*(?:the|our|your)?\s*(?:office|home|site|london|onsite|on-site)"),
        &format!(r"{count} (?:in-office|office|on-?site|remote|wfh) days|{count} (?:days|day['’]s) {place}"),
        &format!(r"(?:in the office|in office|on-?site|in-office) (?:for )?(?:at least |a minimum of |minimum )?{count} (?:times (?:a|per|each|/) ?week|{days})"),
        r"(?:some|couple of|couple|few|many|lots of|with) (?:remote|home[- ]?office|wfh) days|office a (?:couple|few)(?: of)? days|days? (?:remote|from home|wfh)",
        r"(?:wfh|work(?:ing)? from home) on (?:certain|some|selected) (?:week)?days",
        r"(?:ein|einen|zwei|drei|vier|[1-4]) tage?n? (?:pro woche |die woche |in der woche )?(?:im )?(?:home[- ]?office|office|büro|remote|mobil|vor ort)",
        r"(?:un|deux|trois|quatre|[1-4]) jours? (?:par semaine |/ ?semaine )?(?:de |en )?(?:télétravail|présentiel|remote)",
        r"(?:uno?|dos|tres|cuatro|[1-4]) días? (?:a la semana |por semana |semanales )?(?:de |en )?(?:teletrabajo|oficina|presencial|remoto|casa)",
    ]
    .join("|"))
    .expect("a constant pattern")
});
/// Part of the week by a word for it, also where a board runs lines together (`we offerHybrid working`) or tags its own (`#LI-Hybrid`).
const IN_PART: &str = r"(?:partly|partial|partially|part|semi)[- ]remote(?-u:\b)|hybrid (?:work|working|setup|schedule)(?-u:\b)|#li-?hybrid|hybridityö|half of their work time in|[1-9]0 ?% of (?:their|your|the) (?:working |work )?time (?:in|at|on)(?-u:\b)|unless (?:formally )?approved (?:to work|for) full(?:y)? remote|occasional remote|\(some remote|remote(?:ly)? on (?:mon|tues|wednes|thurs|fri)days?";
static IN_PART_OF_THE_WEEK: LazyLock<Regex> = LazyLock::new(|| Regex::new(IN_PART).expect("a constant pattern"));
static HYBRID: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"(?-u:\b)(?:hybrid|hybride|híbrido|híbrida|hybrides arbeiten|télétravail partiel)(?-u:\b)";
    Regex::new(&format!("{word}|{IN_PART}")).expect("a constant pattern")
});
/// A share of the week: `Mobiles Arbeiten bis zu 60 %`, `60% remote`.
static SHARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:remote|home[- ]?office|mobiles arbeiten|télétravail|teletrabajo|wfh|work from home)(?: work| working)?:? ?\(?(?:zu |von )?(?:bis zu|bis|up to|max\.?|maximal|jusqu['’]à|hasta un|hasta el|hasta)?\s?[1-9]\d? ?%",
        r"|(?-u:\b)[1-9]\d? ?% (?:der arbeitszeit |of the time |of your time )?(?:im |in |de |en )?(?:remote|home[- ]?office|mobil(?:es)? arbeiten|télétravail|teletrabajo|wfh|work(?:ing)? from home)(?-u:\b)",
    ))
    .expect("a constant pattern")
});
/// The whole week, which a head may offer beside a part of it: `Onsite with remote days, full remote considered`.
static WHOLLY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u:\b)(?:full|fully|100 ?%) remote(?-u:\b)").expect("a constant pattern"));
/// Away for a while, in the office for good: `WFH for 6 months, then office`, `initially remote, later WFO`.
static FOR_A_WHILE: LazyLock<Regex> = LazyLock::new(|| {
    let away = r"(?-u:\b)(?:remote(?:ly)?|work(?:ing)? from home|wfh|home[- ]?office)(?-u:\b)";
    let now = r"(?-u:\b)(?:for|till|until|upto|up to|during|to start|bis|zunächst|initially|temporarily|at first|now)(?-u:\b)";
    let first = r"(?-u:\b)(?:initially|temporarily|for now|as of now|currently|at first|zunächst)(?-u:\b)";
    let later = r"(?-u:\b)(?:then|later|eventually|afterwards?|thereafter|followed by|post that|after that|danach|dann)(?-u:\b)";
    let office = r"(?:office|wfo|work from office|on-?site|in person|büro|relocat)";
    let gap = |most: u8| format!(r"[^.\n|;]{{0,{most}}}");
    let (short, middle, long) = (gap(15), gap(25), gap(40));
    Regex::new(&format!("(?:{away}{middle}{now}|{first}{short}{away}){long}{later}{middle}{office}")).expect("a constant pattern")
});
static ONSITE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:on[- ]?site|no remote|not (?:an? )?(?:fully )?remote|remote(?:ly| work| options?)?:\s*no|remote(?: work)? (?:is )?not (?:considered|possible|available|offered|allowed|permitted|supported|an option)|in[- ]office|in[- ]person|(?:five|5) days (?:a|per) week in|office[- ]based|work from office|wfo|onsite only)(?-u:\b)").expect("a constant pattern")
});
/// Words that show that `remote` is no place of work.
static NO_REMOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[- ](?:sensing|access|desktop|monitoring|control|procedure|method|team|teams|office|offices|location|locations|server|servers|data|device|devices|support|diagnos|site|sites|employees|colleagues|users|debugging|management|areas|workforce|workers|communities|state|sales|interview|offshore|stakeholders|healthcare|patient|deposit|identity|code|host|execution|environment|infrastructure|sensed|piloted|operated|controlled|machines?|persons|corners|parts|partners|video|inspections?|and local)|^(?: options?)?:\s*(?:no|temporarily)(?-u:\b)|^(?: work)? (?:is )?not (?:considered|possible|available|offered|allowed|permitted|supported|an option)").expect("a constant pattern")
});
/// The word for remote work is one for the home.
static AT_HOME: LazyLock<Regex> = LazyLock::new(|| Regex::new("^(?:work from home|wfh|home|mobiles)").expect("a constant pattern"));
/// What stands before and behind a home for a while (`temporarily work from home`), or behind one that is a perk or a trade.
static NOT_AT_HOME: LazyLock<(Regex, Regex)> = LazyLock::new(|| {
    let before = r"(?-u:\b)(?:temporarily|currently|employees to|originating from|value-based|not be a) $";
    let behind = r"^(?:,? (?:for now|until|during|temporarily|due to)|[ -](?:equipment|budget|stipend|allowance|set-?up|services|mobile app\w*))(?-u:\b)";
    (Regex::new(before).expect("a constant pattern"), Regex::new(behind).expect("a constant pattern"))
});
/// A home that is the company's: `our home office in Orlando`, `the San Antonio Home Office`.
static HEADQUARTERS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:our|the|at)(?: [a-z]+){0,2} home[- ]office$").expect("a constant pattern"));
/// Words before and behind a home by which it is one for a part of the week, as far as is said.
static NOW_AND_THEN: LazyLock<(Regex, Regex)> = LazyLock::new(|| {
    let before = r"(?-u:\b)(?:flexib\w*|opportunit\w*|possibilit\w*|occasional\w*|some|partial|partially|mostly|limited|möglichkeit\w*)(?: to| of| for| auf| zum| zu| von| work)*,? $";
    let behind = r"^[ -](?:flexib|option|opportunit|polic|possib|on occasion|now and then|fine(?-u:\b)|(?:one|two|three|a few|several|some|[1-4])(?-u:\b)|möglich)";
    (Regex::new(before).expect("a constant pattern"), Regex::new(behind).expect("a constant pattern"))
});
static NO_HYBRID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[- ](?:cloud|clouds|app|apps|mobile|application|applications|environment|environments|architecture|infrastructure|it|data|solution|solutions|search|deployment|deployments|multi|integration|network|storage|on-prem|vehicle|database|role (?:that )?(?:combin|blend))").expect("a constant pattern")
});
/// A refusal before the word.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:no|not|non|never|isn['’]t|without|unable to (?:offer|support))[ -]?(?:a |an |fully |currently |offering |open to |any |available for |considering |remote or )*$").expect("a constant pattern")
});

/// Reads the mode: the platform's flag, then place and title, then the text.
///
/// Of a hybrid job the days are kept as evidence, from the text where place and title only say the word.
#[must_use]
pub fn work_mode(flag: Option<WorkMode>, location: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<WorkMode>> {
    let days = || first(&DAYS, &NO_HYBRID, body).map(|(start, end)| body.sentence(start, end));
    if let Some(mode) = flag {
        let evidence = if mode == WorkMode::Hybrid { days() } else { None };
        return Some(Finding::stated(mode, evidence.unwrap_or(mode.label())));
    }
    let location = location.map(Folded::new);
    let mut heads: Vec<&Folded<'_>> = location.iter().collect();
    heads.push(title);
    let found = heads.iter().find_map(|head| in_head(head));
    match found {
        // `ONSITE` in the head, and the text lets people stay at home for a part of the week.
        Some(found) if found.value != WorkMode::Remote => {
            let in_part = || first(&IN_PART_OF_THE_WEEK, &NO_HYBRID, body).map(|(start, end)| body.sentence(start, end));
            Some(days().or_else(in_part).map_or(found, |words| Finding::stated(WorkMode::Hybrid, words)))
        }
        Some(found) => Some(found),
        None => in_body(body),
    }
}

/// A place text or title: a choice that includes remote is remote.
fn in_head(head: &Folded<'_>) -> Option<Finding<WorkMode>> {
    let remote = remote(head);
    let hybrid = hybrid(head);
    let onsite = ONSITE.find(&head.folded).map(|found| (found.start(), found.end()));
    let (mode, (start, end)) = match (remote, hybrid, onsite) {
        (_, Some(at), _) => first(&WHOLLY, &NO_REMOTE, head).map_or((WorkMode::Hybrid, at), |at| (WorkMode::Remote, at)),
        (Some(found), None, _) => found,
        (None, None, Some(at)) => (WorkMode::Onsite, at),
        (None, None, None) => return None,
    };
    Some(Finding::stated(mode, head.sentence(start, end)))
}

/// The text: hybrid where some days are named, remote where the work is, on site only where it is said of the work.
fn in_body(body: &Folded<'_>) -> Option<Finding<WorkMode>> {
    let hybrid = hybrid(body);
    let remote = remote(body);
    let (mode, (start, end)) = match (hybrid, remote) {
        (Some(at), _) => (WorkMode::Hybrid, at),
        (None, Some(found)) => found,
        (None, None) => (WorkMode::Onsite, onsite_in_body(body)?),
    };
    Some(Finding::stated(mode, body.sentence(start, end)))
}

/// The days that are counted, which say most; else the word.
fn hybrid(text: &Folded<'_>) -> Option<(usize, usize)> {
    let share = || text.folded.contains('%').then(|| first(&SHARE, &NO_HYBRID, text)).flatten();
    first(&DAYS, &NO_HYBRID, text).or_else(|| first(&HYBRID, &NO_HYBRID, text)).or_else(share)
}

/// The word for remote work, with what it comes to: who is remote for a while only has a job on site, who may stay at home now and then a
/// hybrid one.
fn remote(text: &Folded<'_>) -> Option<(WorkMode, (usize, usize))> {
    let around = |at: (usize, usize), (before, behind): &(Regex, Regex)| {
        let (earlier, later) = text.around(at.0, at.1, 40, 20);
        before.is_match(earlier) || behind.is_match(later)
    };
    let is_home = |at: (usize, usize)| AT_HOME.is_match(&text.folded[at.0..at.1]);
    let found: Vec<(usize, usize)> = all(&REMOTE, &NO_REMOTE, text).collect();
    if !found.is_empty()
        && let Some(passing) = FOR_A_WHILE.find(&text.folded)
    {
        return Some((WorkMode::Onsite, (passing.start(), passing.end())));
    }
    let elsewhere = |at: (usize, usize)| {
        let upto = &text.folded[text.folded.floor_char_boundary(at.0.saturating_sub(40))..at.1];
        !is_home(at) || !around(at, &NOT_AT_HOME) && !HEADQUARTERS.is_match(upto)
    };
    let found: Vec<(usize, usize)> = found.into_iter().filter(|at| elsewhere(*at)).collect();
    let first = *found.first()?;
    if let Some(away) = found.iter().find(|at| !is_home(**at)) {
        return Some((WorkMode::Remote, *away));
    }
    let mode = if around(first, &NOW_AND_THEN) { WorkMode::Hybrid } else { WorkMode::Remote };
    Some((mode, first))
}

fn onsite_in_body(body: &Folded<'_>) -> Option<(usize, usize)> {
    ONSITE.find_iter(&body.folded).map(|found| (found.start(), found.end())).find(|(start, end)| {
        let (before, after) = body.around(*start, *end, 40, 40);
        let word = &body.folded[*start..*end];
        let said =
            ["only", "role", "position", "required", "full-time", "full time", "100%", "location", "work ", "5 days", "must", "basis"];
        // `In-office perks`, `onsite gym`: what a place offers to who is there.
        let offered = ["perk", "lunch", "gym", "parking", "caf"].iter().any(|thing| after.trim_start().starts_with(thing));
        !offered
            && (word.contains("remote") || word.contains("days") || said.iter().any(|hint| before.contains(hint) || after.contains(hint)))
    })
}

/// The first match of `pattern` that is neither something else nor refused.
fn first(pattern: &Regex, something_else: &Regex, text: &Folded<'_>) -> Option<(usize, usize)> {
    all(pattern, something_else, text).next()
}

/// The matches of `pattern`, of the first so many, that are neither something else nor refused.
fn all<'a>(pattern: &'a Regex, something_else: &'a Regex, text: &'a Folded<'a>) -> impl Iterator<Item = (usize, usize)> + 'a {
    const MOST: usize = 20;
    pattern.find_iter(&text.folded).take(MOST).map(|found| (found.start(), found.end())).filter(|(start, end)| {
        let (before, after) = text.around(*start, *end, 30, 20);
        !something_else.is_match(after) && !REFUSED.is_match(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(location: &str, title: &str, body: &str) -> Option<WorkMode> {
        work_mode(None, Some(location), &Folded::new(title), &Folded::new(body)).map(|found| found.value)
    }

    #[test]
    fn only_what_is_said_counts() {
        use WorkMode::{Hybrid, Onsite, Remote};
        assert_eq!(mode("Remote (US)", "", ""), Some(Remote));
        assert_eq!(mode("Pune", "Acme | ONSITE, REMOTE | Pune", ""), Some(Remote));
        assert_eq!(mode("Pune", "Acme | ONSITE | Pune", ""), Some(Onsite));
        assert_eq!(mode("Pune", "Acme | Onsite with remote days, full remote considered", ""), Some(Remote));
        assert_eq!(mode("Pune", "Acme | Hybrid, not fully remote", ""), Some(Hybrid));
        assert_eq!(mode("Pune", "Engineer", "We work 2 days a week in the office."), Some(Hybrid));
        assert_eq!(mode("Wien", "Engineer", "Dazu 2 Tage Homeoffice pro Woche"), Some(Hybrid));
        assert_eq!(mode("Pune", "Engineer", "You are in the office 3 days per week."), Some(Hybrid));
        assert_eq!(mode("Lyon", "Engineer", "2 jours de télétravail par semaine"), Some(Hybrid));
        assert_eq!(mode("Pune", "Engineer", "Hybrid cloud and remote sensing"), None);
        assert_eq!(mode("Pune", "Engineer", "No remote work."), Some(Onsite));
        assert_eq!(mode("Pune", "Engineer", "We have offices in Pune"), None);
        assert_eq!(mode("Pune", "Engineer", "This hybrid role combines data engineering and support"), None);
        assert_eq!(mode("Pune", "Engineer", "Work Remotely: Temporarily due to COVID-19"), None);
        assert_eq!(mode("Pune", "Engineer", "Work Remotely: No"), Some(Onsite));
        assert_eq!(mode("Pune", "Engineer", "This is not a remote or hybrid position."), Some(Onsite));
        assert_eq!(mode("Pune", "Engineer", "Ability to work at our facility (Remote work not considered)"), Some(Onsite));
        assert_eq!(mode("Pune", "Engineer", "Remote Options: No"), Some(Onsite));
        assert_eq!(mode("Pune", "Engineer", "remotely sensed data from remote corners of the globe"), None);
    }

    #[test]
    fn remote_in_part_or_for_a_while_is_not_remote() {
        use WorkMode::{Hybrid, Onsite, Remote};
        for (location, text, expected) in [
            ("Noida - WFH for 3 months, then office", "", Onsite),
            ("Pune", "WFH till March then WFO", Onsite),
            ("Pune", "Initially remote, later work from office", Onsite),
            ("Summit (remote to start due to COVID then onsite)", "", Onsite),
            ("Pune", "Remote until summer, then hybrid", Hybrid),
            ("Ulm", "Mobiles Arbeiten bis zu 60 %", Hybrid),
            ("Ulm", "Bis zu 40% Homeoffice", Hybrid),
            ("Leeds", "80% remote", Hybrid),
            ("Leeds", "100% remote", Remote),
            ("Leeds", "Remote for now and later", Remote),
            ("Leeds", "Work from home for good, office in Leeds", Remote),
        ] {
            assert_eq!(mode(location, "", text), Some(expected), "{location} {text}");
        }
    }

    #[test]
    fn a_home_now_and_then_or_of_the_company_is_not_remote() {
        use WorkMode::{Hybrid, Remote};
        for (text, expected) in [
            ("Flexible work from home options", Some(Hybrid)),
            ("with flexibility to work from home.", Some(Hybrid)),
            ("Casual work environment and WFH flexibility", Some(Hybrid)),
            ("Flex hours, including occasional work from home", Some(Hybrid)),
            ("die Möglichkeit auf Homeoffice", Some(Hybrid)),
            ("Homeoffice möglich", Some(Hybrid)),
            ("Flexibility to work from home. Remote within the UK.", Some(Remote)),
            ("the ability to work from home or from the office", Some(Remote)),
            ("Work From Home (100%)", Some(Remote)),
            ("This position is a virtual work from home position.", Some(Remote)),
            ("Centralized home-office equipment ordering", None),
            ("Whether working at our home office in suburban Orlando", None),
            ("a WFH budget for you to outfit your space", None),
            ("our staff will temporarily work from home until it is safe to return", None),
            ("Home-office equipment ordering. In-office perks: lunch, full-time", None),
        ] {
            assert_eq!(mode("Pune", "Engineer", text), expected, "{text}");
        }
    }

    #[test]
    fn days_at_home_and_in_the_office_are_counted_in_many_ways() {
        for (location, text) in [
            ("London (1 - 2 day's onsite per week)", ""),
            ("Barcelona ONSITE", "3–4 days onsite in Eixample."),
            ("NYC (In-Office 3-4 days)", ""),
            ("Berlin | ONSITE", "Feel free to work from home on certain weekdays."),
            ("Stellenbosch, onsite", "We do allow some REMOTE days during the week."),
            ("München", "Drei Tage pro Woche im Office oder beim Kunden"),
            ("Toronto | Onsite (partial remote)", ""),
            ("London | Onsite/Lots of remote days", ""),
            ("Prague | ONSITE", "Also a partial remote work is possible."),
            ("Krems | ONSITE", "Hybrid setup: 40-60% home office after onboarding."),
            ("Chicago", "Unless approved for full remote work, employees must spend at least 50% of their time in their assigned office."),
            ("Chicago | ONSITE (Some REMOTE)", ""),
            ("Leeds", "Benefits includeHybrid working model with some flexible working"),
            ("London", "Benefits#LI-AB3 #LI-HybridOur Engineering career map"),
        ] {
            assert_eq!(mode(location, "", text), Some(WorkMode::Hybrid), "{location} {text}");
        }
        let interviews = "A call, then 1 day onsite interview, or one day on-site with the team.";
        assert_eq!(mode("Pune | ONSITE", "", interviews), Some(WorkMode::Onsite));
    }

    #[test]
    fn a_hybrid_job_keeps_the_days_as_its_evidence() {
        let body = Folded::new("We work hybrid.\nYou are with us 3 days a week in the office.");
        for (flag, location) in [(None, Some("Pune (Hybrid)")), (Some(WorkMode::Hybrid), None), (None, None)] {
            let found = work_mode(flag, location, &Folded::new("Engineer"), &body).unwrap();
            assert_eq!(found.value, WorkMode::Hybrid);
            assert!(found.evidence.contains("3 days a week in the office"), "{}", found.evidence);
        }
    }
}
