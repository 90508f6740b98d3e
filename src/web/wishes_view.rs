//! Wishes in everyday words, for pages that show an alert without its form.

use crate::domain::Preferences;
use crate::domain::preferences::{Facet, UnknownRule};

use super::pay_text::pay_text;
use super::place_text::{country_name, place_text};

/// Each wish as a label and its words; empty where nothing in particular is wished for.
pub(super) fn described(wishes: &Preferences) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let mut put = |label, words: Option<String>| rows.extend(words.map(|words| (label, words)));
    put("Role", facet(&wishes.roles, |role| role.label().to_owned()));
    put("Skills", skills(wishes));
    put("Level", facet(&wishes.seniority, |level| level.label().to_owned()));
    put("Experience", wishes.experience_years.map(|years| format!("{years} years")));
    let undisclosed = |rule| if rule == UnknownRule::Exclude { ", and only where pay is stated" } else { "" };
    put("Pay", wishes.salary.as_ref().map(|wish| format!("at least {}{}", pay_text(wish), undisclosed(wish.undisclosed))));
    put("Place", facet(&wishes.places, place_text));
    put("Work mode", facet(&wishes.work_modes, |mode| mode.label().to_owned()));
    put("Home", wishes.home_country.map(country_name));
    put("Contract", facet(&wishes.employment_types, |kind| kind.label().to_owned()));
    put("Education", facet(&wishes.education, |route| route.label().to_owned()));
    let names = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    put("Only at", names(&wishes.companies.only));
    put("Never at", names(&wishes.companies.never));
    put("Words", wishes.keywords.as_ref().map(ToString::to_string));
    rows
}

fn facet<T>(facet: &Facet<T>, shown: impl Fn(&T) -> String) -> Option<String> {
    if facet.is_open() {
        return None;
    }
    let words = facet.any.iter().map(shown).collect::<Vec<_>>().join(", ");
    let rule = if facet.unknown == UnknownRule::Exclude { "only where it is said" } else { "" };
    Some([words.as_str(), rule].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn skills(wishes: &Preferences) -> Option<String> {
    let parts = [("one of ", &wishes.skills.any), ("all of ", &wishes.skills.all), ("not ", &wishes.skills.none)];
    let said = parts.into_iter().filter(|(_, skills)| !skills.is_empty());
    let words: Vec<String> =
        said.map(|(how, skills)| format!("{how}{}", skills.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))).collect();
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
