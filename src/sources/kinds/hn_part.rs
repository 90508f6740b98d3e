//! What one part of a "Who is hiring?" header looks like: pay, place, role, a word about remote work.

use std::sync::LazyLock;

use regex::Regex;

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\(?(?:https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?)\)?$"));
/// An address of the web, its brackets too.
pub static WEB: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\(?\s*(?:https?://|www\.)[^\s|)]+\s*\)?"));
static PAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)[$€£¥₹]\s?\d|\d\s?[$€£¥₹]|\d\s?k\b|\b(?:usd|eur|gbp|cad|aud|chf|inr)\b.*\d|\d.*\b(?:usd|eur|gbp|cad|aud|chf|inr|lpa)\b")
});
static MONEY_WORDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:salary|equity|compensation|stock|visa|relocation|h1b|benefits)\b"));
/// Words of contract.
pub static CONTRACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:full[ -]?time|part[ -]?time|contract(?:or|ing)?|freelance|internships?|interns?|temporary|permanent|fte|w2|1099)\b")
});
/// Words for work from elsewhere.
pub static REMOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:remotely|remote|wfh|work from (?:home|anywhere)|telecommute)\b"));
/// Their denial.
pub static NOT_REMOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:no|not|non)[ -]remote\b"));
/// Partly in an office.
pub static HYBRID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bhybrid\b"));
/// Wholly in an office.
pub static ONSITE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:on-? ?site|in[ -]person|in[ -]office|local only)\b"));
/// Words that name what somebody does, weak ones too.
pub static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:engineers?|developers?|devs?|programmers?|architects?|administrators?|dba|sres?|swes?|sdets?|devops|designers?|managers?|",
        r"scientists?|analysts?|researchers?|consultants?|recruiters?|testers?|writers?|leads?|directors?|head of|vp|cto|ceo|coo|",
        r"specialists?|technicians?|roles|positions|openings|engineering|back[ -]?end|front[ -]?end|full[ -]?stack|qa|",
        r"advocates?|associates?|product|marketing|sales|support|data|devrel|machine learning)\b"
    ))
});
/// Words that name a person by their trade.
pub static JOB_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:engineers?|developers?|programmers?|architects?|administrators?|dba|sres?|swes?|designers?|managers?|scientists?|analysts?|",
        r"directors?|researchers?|consultants?|leads?|head of|cto)\b"
    ))
});
/// Words that make a part a role even beside words about remote work.
static CRAFT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:devops|engineering|qa|back[ -]?end|front[ -]?end|full[ -]?stack)\b"));
/// Names that tell a place from an employer; far from all there are, for a part is a place by where it stands as well.
const PLACES: &str = concat!(
    r"(?:NYC|SF|LA|DC|US|USA|UK|EU|EMEA|LATAM|APAC|Bay Area|London|Berlin|Paris|Munich|Amsterdam|Dublin|Barcelona|Madrid|Lisbon|Zurich|",
    r"Vienna|Stockholm|Oslo|Helsinki|Copenhagen|Prague|Warsaw|Toronto|Vancouver|Montreal|New York|San Francisco|Boston|Seattle|Austin|",
    r"Chicago|Denver|Portland|Los Angeles|Bangalore|Bengaluru|Tokyo|Singapore|Sydney|Melbourne|Worldwide|Anywhere|Europe|Germany|France|",
    r"Canada|India|Japan|Israel|Tel Aviv)"
);
static HAS_PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?:^|[\s/(]){PLACES}(?:$|[\s,;/)&])")));
static IS_PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^{PLACES}(?:\s*[,(/&;-].*|\s+(?:and|or|Bay|Area|City|onsite|office).*)?$")));
static CITY_AND_STATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Z][\w. -]+, ?[A-Z][A-Za-z. ]+(?:\(.*\))?$"));
static FIRM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:inc|llc|ltd|gmbh|corp|co|ag|sa|bv)\b\.?"));

/// A constant pattern of these files.
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file compile")
}

/// What a part of the header looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Money, or a figure that stands for it.
    Pay,
    /// Words about remote work or the contract, and nothing else.
    Mode,
    /// What somebody does.
    Role,
    /// Where.
    Place,
    /// A few capital words: an employer, or a town that is not known here.
    Name,
    /// Nothing that is kept.
    Other,
}

impl Part {
    /// What a part looks like, its addresses taken out.
    pub fn of(part: &str) -> Self {
        let names_mode = [&REMOTE, &HYBRID, &ONSITE].iter().any(|words| words.is_match(part));
        if part.is_empty() || ADDRESS.is_match(part) {
            Self::Other
        } else if PAY.is_match(part) {
            Self::Pay
        } else if is_mode_only(part) {
            Self::Mode
        } else if JOB_NAME.is_match(part) || CRAFT.is_match(part) {
            Self::Role
        } else if MONEY_WORDS.is_match(part) || !names_mode && CONTRACT.find(part).is_some_and(|word| word.start() == 0) {
            Self::Other
        } else if ROLE.is_match(part) && !names_mode {
            Self::Role
        } else if names_mode || is_place(part) || HAS_PLACE.is_match(part) && part.len() < 60 {
            Self::Place
        } else if part.split_whitespace().count() <= 4 && part.starts_with(char::is_uppercase) {
            Self::Name
        } else {
            Self::Other
        }
    }
}

/// Whether a whole part is a place: nothing else begins like it.
pub fn is_place(part: &str) -> bool {
    IS_PLACE.is_match(part) || CITY_AND_STATE.is_match(part) && !FIRM.is_match(part)
}

/// Whether nothing is left of a part without its words of contract and of remote work.
fn is_mode_only(part: &str) -> bool {
    let mut left = part.to_owned();
    for words in [&*CONTRACT, &REMOTE, &HYBRID, &ONSITE] {
        left = words.replace_all(&left, " ").into_owned();
    }
    let filler = ["or", "and", "only", "ok", "first", "fully", "preferred", "possible", "optional", "friendly", "100"];
    let mut words = left.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    left.len() < part.len() && words.all(|word| filler.contains(&word.to_lowercase().as_str()))
}
