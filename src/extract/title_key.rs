//! The words of a title that tell one job from another: level, team, language and trade stay, decoration goes.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::text::{fold, words_of_folded};
use crate::domain::vocabulary::{countries, places};
use crate::domain::words::word_hash;

/// Words that say nothing about which job it is.
static FILLER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a an and the of for in at to with und et de la le en y job jobs opening openings vacancy hiring urgent urgently immediate \
     req requisition ref id role position stellenangebot bei"
        .split(' ')
        .collect()
});
/// Where and how the work is done: noise in a title, as place and work mode are read elsewhere.
static WHERE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "remote remotely hybrid onsite on site office in based anywhere wfh home worldwide global only area or and us usa uk eu ca \
     the greater fully 100 within telework"
        .split(' ')
        .collect()
});
/// Marks of gender in job titles of several countries.
const GENDERS: &[&str] = &["m", "w", "f", "d", "x", "h", "i", "gn", "div", "mwd", "mfd", "all", "genders", "gender"];

/// Words that say a level.
static LEVELS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "senior junior lead principal staff head chief director manager intern internship trainee apprentice entry level graduate \
     grad associate assistant vp vice president expert experienced mid founding working student i ii iii iv v 1 2 3 4 5 6 7 l1 l2 \
     l3 l4 l5 l6 l7"
        .split(' ')
        .collect()
});
static LEVEL_WORDS: LazyLock<HashSet<u64>> = LazyLock::new(|| LEVELS.iter().map(|word| word_hash(word)).collect());

/// Names of cities, countries, their parts and groups.
static PLACE_NAMES: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let cities = places().cities().iter().filter(|city| !city.word).flat_map(|city| city.aliases.iter().chain([&city.name]));
    let lands = countries()
        .countries()
        .iter()
        .flat_map(|land| land.aliases.iter().chain([&land.name]).chain(&land.parts).chain(land.postal.keys()));
    let regions = countries().regions().iter().flat_map(|region| region.aliases.iter().chain([&region.name]));
    cities.chain(lands).chain(regions).map(|name| word_hash(&words_of_folded(&fold(name)).collect::<Vec<_>>().join(" "))).collect()
});

/// A title as a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TitleKey {
    /// The telling words, in no order.
    pub key: u64,
    /// The same words one by one, in rising order.
    pub words: Vec<u32>,
    /// Those of them that say a level.
    pub level: u64,
    /// The places named behind the title proper (`- Germany`), as one key; none where there are none.
    pub place: Option<u64>,
}

/// Reads a title. `own` are the hashes of words that the posting says elsewhere: its place and its employer.
pub(super) fn title_key(title: &str, own: &[u64]) -> TitleKey {
    let folded = plain(&fold(title));
    let mut kept: Vec<u64> = Vec::with_capacity(12);
    let mut named: Vec<u64> = Vec::new();
    for segment in segments(&folded) {
        let words: Vec<&str> = words_of_folded(segment).filter(|word| !is_number(word)).collect();
        let is_gender = words.len() <= 4 && words.iter().all(|word| GENDERS.contains(word));
        if words.is_empty() || is_gender {
            continue;
        }
        if !kept.is_empty() && is_place(&words, own) {
            named.extend(words.iter().filter(|word| !WHERE.contains(*word)).map(|word| word_hash(word)));
            continue;
        }
        keep(&words, &mut kept);
    }
    let mut level: Vec<u64> = kept.iter().copied().filter(|word| LEVEL_WORDS.contains(word)).collect();
    let key = of_set(&mut kept);
    let mut words: Vec<u32> = kept.iter().map(|word| (word >> 32) as u32).collect();
    words.sort_unstable();
    TitleKey { key, words, level: of_set(&mut level), place: (!named.is_empty()).then(|| of_set(&mut named)) }
}

/// Whether a part of a title is nothing but a place: a known name, or words of the posting's own place and employer.
fn is_place(words: &[&str], own: &[u64]) -> bool {
    let foreign = |word: &&&str| !WHERE.contains(**word) && !own.contains(&word_hash(word));
    let rest: Vec<&str> = words.iter().filter(foreign).copied().collect();
    let named: Vec<&str> = words.iter().filter(|word| !WHERE.contains(*word)).copied().collect();
    [rest, named].iter().any(|words| words.is_empty() || PLACE_NAMES.contains(&word_hash(&words.join(" "))))
}

/// Spellings in which a sign makes the word.
fn plain(folded: &str) -> String {
    let mut text = folded.to_owned();
    for (sign, word) in [("c++", " cpp "), ("c#", " csharp "), (".net", " dotnet ")] {
        if text.contains(sign) {
            text = text.replace(sign, word);
        }
    }
    text
}

fn segments(folded: &str) -> impl Iterator<Item = &str> {
    let marks = ['|', '(', ')', '[', ']', '{', '}', ';', ',', ':', '@', '–', '—', '•'];
    folded.split(marks).flat_map(|part| part.split(" -")).flat_map(|part| part.split("- "))
}

fn keep(words: &[&str], kept: &mut Vec<u64>) {
    for (at, word) in words.iter().enumerate() {
        let near = |at: usize| words.get(at).is_some_and(|word| GENDERS.contains(word));
        let is_gender = GENDERS.contains(word) && (near(at + 1) || (at > 0 && near(at - 1)));
        // One letter that is not ASCII is what is left of a dash that was decoded wrongly.
        let broken = !word.is_ascii() && word.chars().count() == 1;
        let noise = broken
            || is_gender
            || FILLER.contains(word)
            || matches!(*word, "remote" | "remotely" | "hybrid" | "onsite" | "wfh" | "telework");
        if !noise {
            match *word {
                "frontend" => kept.extend([word_hash("front"), word_hash("end")]),
                "backend" => kept.extend([word_hash("back"), word_hash("end")]),
                "fullstack" => kept.extend([word_hash("full"), word_hash("stack")]),
                other => kept.push(word_hash(singular(canonical(other)))),
            }
        }
    }
}

/// One spelling of what titles write in two.
fn canonical(word: &str) -> &str {
    match word {
        "sr" | "snr" => "senior",
        "jr" | "jnr" => "junior",
        "mgr" => "manager",
        "engr" | "eng" => "engineer",
        "dev" => "developer",
        other => other,
    }
}

/// `insights` as `insight`: boards and headlines use both.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|stem| stem.len() >= 4 && stem.is_ascii() && !stem.ends_with(['s', 'u', 'i'])).unwrap_or(word)
}

/// A requisition number: five signs or more of which three are digits, or four digits that are no year.
fn is_number(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    (word.len() >= 5 && digits >= 3) || (word.len() == 4 && digits == 4 && !year)
}

/// One hash of a set of words.
fn of_set(words: &mut Vec<u64>) -> u64 {
    words.sort_unstable();
    words.dedup();
    words.iter().fold(words.len() as u64, |hash, word| (hash.rotate_left(17) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(title: &str) -> u64 {
        title_key(title, &[word_hash("chemnitz")]).key
    }

    #[test]
    fn decoration_does_not_make_another_title() {
        let plain = key("Senior Data Engineer");
        for title in [
            "Sr. Data Engineer (m/w/d)",
            "JR0068574 - Senior Data Engineer",
            "Data Engineer, Senior",
            "Senior Data Engineer (Remote - US)",
            "Senior Data Engineer | Berlin",
            "SENIOR DATA ENGINEER w/m/d - Chemnitz",
            "[Job 30804] Senior Data Engineer, Germany",
        ] {
            assert_eq!(key(title), plain, "{title}");
        }
        assert_eq!(key("Front-End Developer"), key("Frontend Dev"));
    }

    #[test]
    fn level_team_language_and_trade_make_another_title() {
        let titles = [
            "Data Engineer",
            "Senior Data Engineer",
            "Data Engineer II",
            "Data Engineer, Payments",
            "Data Engineer (German speaking)",
            "C++ Developer",
            "C# Developer",
            "C Developer",
            "Back-end Engineer L6",
            "Back-end Engineer L5",
            "Junior Data Engineer",
            "Data Engineer (New Grad)",
        ];
        let keys: HashSet<u64> = titles.iter().map(|title| key(title)).collect();
        assert_eq!(keys.len(), titles.len());
    }

    #[test]
    fn a_place_behind_the_title_is_told_apart() {
        let (here, there) = (title_key("Engineer - Germany", &[]), title_key("Engineer - Ireland", &[]));
        assert_eq!(here.key, there.key);
        assert!(here.place.is_some() && here.place != there.place);
    }
}
