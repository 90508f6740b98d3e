//! Wishes in everyday words, for pages that show an alert without its form.

use crate::domain::place_name::country_name;
use crate::domain::preferences::{Facet, SalaryWish, UnknownRule};
use crate::domain::{Preferences, Skill};

use super::page::said;
use super::pay_text::pay_text;
use super::place_text::place_text;
use super::speech::{say, word};

/// Each wish as a label and its words; empty where nothing in particular is wished for.
pub(super) fn described(wishes: &Preferences) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut put = |label: &str, words: Option<String>| rows.extend(words.map(|words| (said(label), words)));
    put("told-role", facet(&wishes.roles, |role| word("role", role.as_str())));
    put("told-skills", skills(wishes));
    put("told-level", facet(&wishes.seniority, |level| word("level", level.as_str())));
    put("told-experience", wishes.experience_years.map(|years| say("told-years", &[("years", years.to_string().into())])));
    put("told-pay", wishes.salary.as_ref().map(least_pay));
    put("told-place", facet_by("; ", &wishes.places, place_text));
    put("told-mode", facet(&wishes.work_modes, |mode| word("mode", mode.as_str())));
    put("told-home", wishes.home_country.map(country_name));
    put("told-contract", facet(&wishes.employment_types, |kind| word("contract", kind.as_str())));
    put("told-education", facet(&wishes.education, |route| word("education", route.as_str())));
    let names = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    put("told-only-at", names(&wishes.companies.only));
    put("told-never-at", names(&wishes.companies.never));
    put("told-words", wishes.keywords.as_ref().map(ToString::to_string));
    rows
}

fn least_pay(wish: &SalaryWish) -> String {
    let key = if wish.undisclosed == UnknownRule::Exclude { "told-least-stated" } else { "told-least" };
    say(key, &[("pay", pay_text(wish).into())])
}

fn facet<T>(facet: &Facet<T>, shown: impl Fn(&T) -> String) -> Option<String> {
    facet_by(", ", facet, shown)
}

fn facet_by<T>(between: &str, facet: &Facet<T>, shown: impl Fn(&T) -> String) -> Option<String> {
    if facet.is_open() {
        return None;
    }
    let words = facet.any.iter().map(shown).collect::<Vec<_>>().join(between);
    let rule = if facet.unknown == UnknownRule::Exclude { said("told-only-where-said") } else { String::new() };
    Some([words, rule].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn skills(wishes: &Preferences) -> Option<String> {
    let parts = [("told-one-of", &wishes.skills.any), ("told-all-of", &wishes.skills.all), ("told-not", &wishes.skills.none)];
    let named = parts.into_iter().filter(|(_, skills)| !skills.is_empty());
    let joined = |skills: &[Skill]| skills.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let words: Vec<String> = named.map(|(how, skills)| say(how, &[("skills", joined(skills).into())])).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_told_in_words() {
        let wishes: Preferences = serde_json::from_str(
            r#"{"skills":{"any":["rust","go"],"none":["php"]},"seniority":{"any":["senior"],"unknown":"exclude"},
                "salary":{"min":2500000,"currency":"INR"},"places":[{"country":"IN","city":"Bengaluru","within_km":50}]}"#,
        )
        .unwrap();
        let told: Vec<String> = described(&wishes).into_iter().map(|(label, words)| format!("{label}: {words}")).collect();
        assert_eq!(
            told,
            ["Skills: one of rust, go; not php", "Level: senior, only where it is said", "Pay: at least 25 LPA", "Place: Bengaluru +50 km"]
        );
        assert!(described(&Preferences::default()).is_empty());
    }
}
