//! The kind of contract, in English, German, French, Spanish and Dutch.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{EmploymentType, Finding};
use crate::extract::fold::Folded;

/// How far into the text a kind is looked for, in bytes; farther down it is told of others.
const HEAD: usize = 600;

/// The kinds, the rarer and more telling first.
static KINDS: LazyLock<[(EmploymentType, Regex); 6]> = LazyLock::new(|| {
    let pattern = |words: &str| Regex::new(&format!(r"(?-u:\b)(?:{words})(?-u:\b)")).expect("a constant pattern");
    [
        (
            EmploymentType::Internship,
            pattern(
                r"intern(?:ship)?s?|co-op|working student|werkstudent(?:in)?|praktik(?:um|ant|antin)|pflichtpraktikum|stagiaire|stage (?:de fin|conventionné)|offre de stage|becari[oa]|prácticas|estágio|estagiári[oa]|stageplek|stagiair|meewerkstage",
            ),
        ),
        (
            EmploymentType::Apprenticeship,
            pattern(r"apprentice(?:ship)?|traineeship|ausbildung|auszubildende[r]?|duales studium|alternance|apprentissage|aprendizaje"),
        ),
        (
            EmploymentType::PartTime,
            pattern(r"part[- _]?time|teilzeit|temps partiel|media jornada|tiempo parcial|jornada parcial|meio período|deeltijd|parttime"),
        ),
        (
            EmploymentType::Contract,
            pattern(
                r"contract(?:or)?|freelance(?:r)?|freiberuflich|freiberufler|freie mitarbeit|indépendant|autónomo|b2b|outside ir35|inside ir35|c2c|corp[- ]to[- ]corp|contractual|contract[- ]to[- ]hire|zzp|zzp'er",
            ),
        ),
        (
            EmploymentType::Temporary,
            pattern(
                r"temporary|temp|temp[- ]to[- ]perm|fixed[- ]term|ftc|seasonal|befristet(?:e|er|es)?|zeitarbeit|cdd|intérim|temporal|contrato temporal|tijdelijk|bepaalde tijd",
            ),
        ),
        (
            EmploymentType::FullTime,
            pattern(
                r"full[- _]?time|permanent|regular|vollzeit|festanstellung|unbefristet(?:e|er|es)?|cdi|temps plein|temps complet|jornada completa|tiempo completo|contrato indefinido|indefinido|tempo integral|voltijd|fulltime|onbepaalde tijd|vast contract|fte|salaried",
            ),
        ),
    ]
});

/// Reads the kind of contract: the platform's field, else the title and the first lines of the text.
#[must_use]
pub fn employment_type(field: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<EmploymentType>> {
    if let Some(found) = field.and_then(|text| kind_in(&Folded::new(text), text.len())) {
        return Some(found);
    }
    let in_title = kind_in(title, title.text.len());
    in_title.or_else(|| {
        kind_in(body, HEAD)
            .filter(|found| matches!(found.value, EmploymentType::FullTime | EmploymentType::PartTime | EmploymentType::Contract))
    })
}

/// The first kind, by rarity, in the first `head` bytes.
fn kind_in(text: &Folded<'_>, head: usize) -> Option<Finding<EmploymentType>> {
    let head = &text.folded[..text.folded.floor_char_boundary(head)];
    let both = KINDS[2].1.is_match(head) && KINDS[5].1.is_match(head);
    if both {
        return None;
    }
    KINDS.iter().find_map(|(kind, pattern)| {
        let found = pattern.find(head)?;
        Some(Finding::stated(*kind, text.quote(found.start(), found.end())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(field: Option<&str>, title: &str, body: &str) -> Option<EmploymentType> {
        employment_type(field, &Folded::new(title), &Folded::new(body)).map(|found| found.value)
    }

    #[test]
    fn the_kind_of_contract_is_the_platforms_word_first() {
        use EmploymentType::{FullTime, Internship};
        assert_eq!(kind(Some("Full Time, Permanent"), "Contract engineer", ""), Some(FullTime));
        assert_eq!(kind(Some("FULL_TIME"), "", ""), Some(FullTime));
        assert_eq!(kind(None, "Backend Intern", ""), Some(Internship));
        assert_eq!(kind(None, "Acme | Full-time", ""), Some(FullTime));
    }

    #[test]
    fn the_kind_is_read_in_five_languages() {
        use EmploymentType::{Contract, FullTime, Internship, PartTime, Temporary};
        for (field, due) in [
            ("Vollzeit, unbefristet", FullTime),
            ("Befristete Anstellung", Temporary),
            ("Freiberuflich", Contract),
            ("CDI", FullTime),
            ("CDD", Temporary),
            ("Offre de stage", Internship),
            ("Temps partiel", PartTime),
            ("Jornada completa", FullTime),
            ("Prácticas", Internship),
            ("Media jornada", PartTime),
            ("Deeltijd", PartTime),
            ("Tijdelijk contract", Contract),
            ("Freelance", Contract),
        ] {
            assert_eq!(kind(Some(field), "", ""), Some(due), "{field}");
        }
    }

    #[test]
    fn a_word_that_holds_a_kind_is_none() {
        for title in ["Internal Tools Engineer", "International Buyer", "Template Designer", "Contractual Law Reader Tempo"] {
            assert_ne!(kind(None, title, ""), Some(EmploymentType::Internship), "{title}");
            assert_ne!(kind(None, title, ""), Some(EmploymentType::Temporary), "{title}");
        }
        assert_eq!(kind(None, "", &format!("{}We also employ interns and freelancers.", "Words. ".repeat(100))), None);
    }
}
