//! Preferences with one wish less: for saying which wish keeps the most away.

use crate::domain::digest::Criterion;
use crate::domain::preferences::{CompanyWish, Facet, Preferences, SkillWish};

/// Takes one wish away.
type Drop = fn(&mut Preferences);

const WISHES: &[(Criterion, Drop)] = &[
    (Criterion::Role, |wishes| wishes.roles = Facet::default()),
    (Criterion::Skills, |wishes| wishes.skills = SkillWish::default()),
    (Criterion::Seniority, |wishes| wishes.seniority = Facet::default()),
    (Criterion::Experience, |wishes| wishes.experience_years = None),
    (Criterion::Salary, |wishes| wishes.salary = None),
    (Criterion::Place, |wishes| wishes.places = Facet::default()),
    (Criterion::WorkMode, |wishes| wishes.work_modes = Facet::default()),
    (Criterion::EmploymentType, |wishes| wishes.employment_types = Facet::default()),
    (Criterion::Education, |wishes| wishes.education = Facet::default()),
    (Criterion::Company, |wishes| wishes.companies = CompanyWish::default()),
    (Criterion::Keywords, |wishes| wishes.keywords = None),
];

/// Each wish that is made, and the preferences without it.
#[must_use]
pub fn loosened(preferences: &Preferences) -> Vec<(Criterion, Preferences)> {
    let without = |(criterion, drop): &(Criterion, Drop)| {
        let mut fewer = preferences.clone();
        drop(&mut fewer);
        (fewer != *preferences).then_some((*criterion, fewer))
    };
    WISHES.iter().filter_map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_can_be_dropped_and_only_what_is_wished_is() {
        assert_eq!(WISHES.iter().map(|(criterion, _)| *criterion).collect::<Vec<_>>(), Criterion::ALL);
        assert!(loosened(&Preferences::default()).is_empty());
        let text = r#"{"roles":["backend_engineer"],"skills":{"any":["rust"]},"seniority":["senior"],"experience_years":5,
            "salary":{"min":1,"currency":"EUR"},"places":[{"country":"DE"}],"work_modes":["remote"],"employment_types":["full_time"],
            "education":["none_stated"],"companies":{"never":["Acme"]},"keywords":"kafka"}"#;
        let all: Preferences = serde_json::from_str(text).unwrap();
        let fewer = loosened(&all);
        assert_eq!(fewer.len(), Criterion::ALL.len());
        assert!(fewer.iter().all(|(_, one)| loosened(one).len() == Criterion::ALL.len() - 1));
    }
}
