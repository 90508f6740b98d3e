//! Names of products that are the employer's own, or somebody else's: what the job asks is not what the company sells.

use std::collections::BTreeSet;

use crate::domain::text::fold_name;
use crate::domain::vocabulary::skills;
use crate::extract::fold::Folded;
use crate::extract::phrase::Hit;
use crate::extract::skill_context::has_word;

/// Words at the end of a company's name that are no part of it.
const FORMS: [&str; 16] =
    ["inc", "ltd", "llc", "gmbh", "corp", "corporation", "co", "company", "limited", "pvt", "private", "plc", "ag", "se", "india", "labs"];

/// The entries of the vocabulary that the employer makes.
#[derive(Debug, Default)]
pub struct Employer {
    own: BTreeSet<usize>,
}

impl Employer {
    /// By the company's name as the platform gives it.
    #[must_use]
    pub fn of(company: Option<&str>) -> Self {
        let folded = fold_name(company.unwrap_or_default());
        let mut name = folded.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#'));
        while let Some((rest, last)) = name.rsplit_once(' ').filter(|(_, last)| FORMS.contains(last)) {
            debug_assert!(!last.is_empty());
            name = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
        }
        if name.is_empty() {
            return Self::default();
        }
        let makes = |index: &usize| {
            let entry = &skills().entries()[*index];
            entry.name == name || entry.aliases.iter().chain(&entry.doubtful).any(|known| known == name)
        };
        Self { own: (0..skills().entries().len()).filter(makes).collect() }
    }

    /// Notes a product whose name is that of the employer.
    pub fn note(&mut self, index: usize) {
        self.own.insert(index);
    }

    /// Whether this entry is a product of the employer.
    #[must_use]
    pub fn makes(&self, index: usize) -> bool {
        self.own.contains(&index)
    }
}

/// Whether the name is used as that of the employer: `At Oracle, we`, `About Elastic`, `Join Databricks`, `MongoDB is the leading`.
#[must_use]
pub fn introduces_itself(part: &Folded<'_>, hit: Hit) -> bool {
    const SELF_PRAISE: [&str; 22] = [
        "leading",
        "leader",
        "company",
        "global",
        "provider",
        "world",
        "startup",
        "start-up",
        "mission",
        "building",
        "hiring",
        "looking for",
        "seeking",
        "committed",
        "proud",
        "equal opportunity",
        "an equal",
        "pioneer",
        "fastest",
        "trusted",
        "growing",
        "one of the",
    ];
    let (before, after) = part.around(hit.start, hit.end, 12, 60);
    if !part.quote(hit.start, hit.end).starts_with(char::is_uppercase) {
        return false;
    }
    let before = before.rsplit(['\n', '.', '!']).next().unwrap_or(before);
    let after = after.split(['\n', '.']).next().unwrap_or(after);
    let of_us = [", we", ", our", ", you", " we ", " our ", " you "].iter().any(|word| after.starts_with(word));
    if has_word(before, "at ") && before.ends_with("at ") && (of_us || after.starts_with("'s") || after.starts_with("’s")) {
        return true;
    }
    let heads_the_line =
        |word: &str| before.ends_with(word) && before.trim_end_matches(word).trim_matches(['-', '*', '#', ' ', '.', '!']).is_empty();
    if (heads_the_line("about ") || heads_the_line("join ")) && !after.trim_start().starts_with(char::is_alphanumeric) {
        return true;
    }
    let is = [" is ", " was founded", "'s mission", "’s mission", " are "]
        .iter()
        .find_map(|word| after.strip_prefix(word).map(|rest| (word, rest)));
    is.is_some_and(|(word, rest)| {
        word.len() > 5 || SELF_PRAISE.iter().any(|praise| rest.get(..praise.len() + 24).unwrap_or(rest).contains(praise))
    })
}

/// Whether the name stands for what others are or use: clients, backers, earlier employers.
#[must_use]
pub fn is_of_others(part: &Folded<'_>, hit: Hit) -> bool {
    const OTHERS: [&str; 19] = [
        "customers include",
        "clients include",
        "customers such as",
        "clients such as",
        "customers like",
        "clients like",
        "companies like",
        "companies such as",
        "trusted by",
        "backed by",
        "investors",
        "founders of",
        "previously at",
        "formerly at",
        "worked at",
        "used by",
        "partners include",
        "acquired by",
        "alumni of",
    ];
    let (before, _) = part.around(hit.start, hit.end, 80, 0);
    let before = before.rsplit(['\n', '.', ';']).next().unwrap_or(before);
    before.len() > 7 && OTHERS.iter().any(|words| before.contains(words))
}

/// Whether the sentence asks for skill in what it names.
#[must_use]
pub fn is_asked(part: &Folded<'_>, hit: Hit) -> bool {
    const ASKING: [&str; 15] = [
        "experience",
        "knowledge",
        "proficien",
        "familiar",
        "skill",
        "expertise",
        "hands-on",
        "background in",
        "fluen",
        "understanding of",
        "certif",
        "years",
        "kenntnisse",
        "erfahrung",
        "comfortable with",
    ];
    let (before, after) = part.around(hit.start, hit.end, 120, 80);
    let before = before.rsplit(['\n', '.', ';']).next().unwrap_or(before);
    let after = after.split(['\n', '.', ';']).next().unwrap_or(after);
    ASKING.iter().any(|word| has_word(before, word) || has_word(after, word))
}
