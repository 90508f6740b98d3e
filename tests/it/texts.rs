//! The catalogue of texts: what is used is there, what is there is used, and every language says the same things.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use rolecall::domain::digest::Criterion;
use rolecall::domain::feedback::{Objection, Opinion};
use rolecall::domain::listing_event::{ListingEventKind, ListingPart};
use rolecall::domain::texts::word;
use rolecall::domain::webhook::CallFault;
use rolecall::domain::{CompanyKind, Education, EmploymentType, HiredBy, Language, PayExtra, Perk, Role, Seniority, WorkMode};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of a language: key, and the names of the values in it.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let file = std::fs::read_to_string(root().join(format!("config/texts/{language}.ftl"))).unwrap();
    let read = fluent_syntax::parser::parse(file.as_str()).unwrap_or_else(|(_, faults)| panic!("{language}.ftl: {faults:?}"));
    let mut texts = BTreeMap::new();
    for entry in read.body {
        let Entry::Message(message) = entry else { continue };
        let mut values = BTreeSet::new();
        collect(&message.value.unwrap(), &mut values);
        let key = message.id.name.to_owned();
        assert!(texts.insert(key, values).is_none(), "{language}.ftl has {} twice", message.id.name);
    }
    texts
}

fn collect(pattern: &Pattern<&str>, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => value(inline, values),
            Expression::Select { selector, variants } => {
                value(selector, values);
                for variant in variants {
                    collect(&variant.value, values);
                }
            }
        }
    }
}

fn value(inline: &InlineExpression<&str>, values: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(values.insert(id.name.to_owned())),
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            for one in positional {
                value(one, values);
            }
        }
        _ => {}
    }
}

/// What one family of words names: its prefix, and for each spelling the label the program has.
type Family = (&'static str, Vec<(&'static str, &'static str)>);

/// Words of closed sets, whose keys are made from their spellings.
fn families() -> Vec<Family> {
    macro_rules! of {
        ($prefix:literal, $set:ident) => {
            ($prefix, $set::ALL.iter().map(|one| (one.as_str(), one.label())).collect())
        };
    }
    vec![
        of!("role", Role),
        of!("level", Seniority),
        of!("mode", WorkMode),
        of!("contract", EmploymentType),
        of!("education", Education),
        of!("extra", PayExtra),
        of!("perk", Perk),
        of!("company", CompanyKind),
        of!("by", HiredBy),
        of!("opinion", Opinion),
        of!("objection", Objection),
        of!("criterion", Criterion),
        of!("event", ListingEventKind),
        of!("part", ListingPart),
        of!("call", CallFault),
    ]
}

/// Keys that are made from a prefix and a closed set that is no word of a fact.
const MADE: &[(&str, &[&str])] = &[
    ("box", &["backend_engineer", "database_administrator", "solutions_architect", "other", "instant", "daily", "weekly", "cron"]),
    ("box-said", &["pay", "seniority", "places", "work_modes", "employment_types", "companies", "roles", "education"]),
    ("day", &["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    ("month", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
    ("month-short", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
    ("reckoned", &["year", "month", "week", "day", "hour"]),
    (
        "fault",
        &[
            "other",
            "email",
            "pay",
            "places",
            "home_country",
            "experience_years",
            "keywords",
            "skills",
            "time_zone",
            "at",
            "cron",
            "days",
            "name",
        ],
    ),
];

fn made_keys() -> BTreeSet<String> {
    let words =
        families().into_iter().flat_map(|(prefix, words)| words.into_iter().map(move |(spelling, _)| format!("{prefix}-{spelling}")));
    let made = MADE.iter().flat_map(|(prefix, spellings)| spellings.iter().map(move |spelling| format!("{prefix}-{spelling}")));
    let hints = ["backend_engineer", "database_administrator", "solutions_architect", "instant", "daily", "weekly", "cron"];
    words.chain(made).chain(hints.map(|box_| format!("box-{box_}-hint"))).collect()
}

/// Every file of the rooms that say texts, without its own tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders: Vec<PathBuf> = ["src/web", "src/compose", "src/consent", "src/domain/texts"].map(|room| root().join(room)).into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if ["rs", "html", "txt"].iter().any(|ending| path.extension().is_some_and(|found| found == *ending)) {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path, text.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()));
            }
        }
    }
    files
}

/// The quoted words that stand behind a call.
fn called<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    // A method of that name is something else.
    let calls = text.match_indices(call).filter(|(at, _)| !text[..*at].ends_with(['.', '_']));
    calls.filter_map(move |(at, _)| text[at + call.len()..].split('"').next())
}

#[test]
fn every_text_that_is_used_is_there_in_english_and_none_is_there_unused() {
    let (english, made) = (texts(Language::English), made_keys());
    let mut used = made.clone();
    for (path, text) in sources() {
        let template = path.extension().is_some_and(|ending| ending != "rs");
        let calls: &[&str] = if template { &["t(\""] } else { &["said(\"", "say(\"", "say(language, \"", "say(language(), \""] };
        for key in calls.iter().flat_map(|call| called(&text, call)) {
            assert!(english.contains_key(key), "{} says {key:?}, which config/texts/en.ftl does not have", path.display());
        }
        let quoted = text.split('"').skip(1).filter(|words| english.contains_key(*words));
        used.extend(quoted.map(str::to_owned));
    }
    let lacking: Vec<&String> = made.iter().filter(|key| !english.contains_key(*key)).collect();
    assert!(lacking.is_empty(), "config/texts/en.ftl lacks {lacking:?}");
    let unused: Vec<&String> = english.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}: take them out of config/texts");
}

#[test]
fn every_language_has_the_texts_of_english_with_the_same_values_in_them() {
    let english = texts(Language::English);
    for language in Language::ALL.iter().filter(|one| **one != Language::English) {
        let theirs = texts(*language);
        let unknown: Vec<&String> = theirs.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(unknown.is_empty(), "{language}.ftl has texts that English does not know: {unknown:?}");
        let missing: Vec<&String> = english.keys().filter(|key| !theirs.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{language}.ftl lacks {missing:?}: readers see them in English");
        for (key, values) in &theirs {
            assert_eq!(values, &english[key], "{language}.ftl: the values of {key}");
        }
    }
}

#[test]
fn the_words_of_facts_are_in_english_what_the_program_calls_them() {
    for (prefix, words) in families() {
        for (spelling, label) in words {
            assert_eq!(word(Language::English, prefix, spelling), label, "{prefix}-{spelling}");
        }
    }
}

#[test]
fn no_text_can_break_a_page() {
    // Texts stand in pages as they are, in attributes too; this one stands in plain letters only.
    const PLAIN: &str = "letter-because-text";
    for language in Language::ALL {
        let file = std::fs::read_to_string(Path::new(&root()).join(format!("config/texts/{language}.ftl"))).unwrap();
        for line in file.lines().filter(|line| !line.starts_with('#') && !line.starts_with(PLAIN)) {
            let bare = line.replace("<strong>", "").replace("</strong>", "").replace("->", "");
            assert!(!bare.contains(['<', '>', '"', '&']), "{language}.ftl: {line}");
        }
    }
}
