//! Perks, the kind of company, and whether a recruiter posts the job: one walk over the text for all three.

use crate::domain::vocabulary::term_words;
use crate::domain::{CompanyKind, Finding, HiredBy, Perk};
use crate::extract::fold::Folded;
use crate::extract::phrase::Phrases;

/// What a wording of the vocabulary stands for.
#[derive(Debug, Clone, Copy)]
enum Term {
    Perk(Perk),
    Company(CompanyKind),
    Hired(HiredBy),
}

/// Finds the terms around the work.
#[derive(Debug)]
pub struct TermScanner {
    phrases: Phrases,
    terms: Vec<Term>,
    /// Parts of company names, and what they say.
    names: Phrases,
    of_names: Vec<Term>,
}

/// What the text says of the one who offers, and of what comes with the job.
#[derive(Debug, Default)]
pub struct Terms {
    /// Perks, each once, sorted.
    pub perks: Vec<Finding<Perk>>,
    /// The kind of company.
    pub company_kind: Option<Finding<CompanyKind>>,
    /// Recruiter or employer.
    pub hired_by: Option<Finding<HiredBy>>,
}

impl TermScanner {
    /// Builds the scanner from the embedded vocabulary.
    #[must_use]
    pub fn new() -> Self {
        let words = term_words();
        let perks = words.perk.iter().flat_map(|entry| entry.write.iter().map(|word| (word, Term::Perk(entry.perk))));
        let kinds = words.company.iter().flat_map(|entry| entry.write.iter().map(|word| (word, Term::Company(entry.kind))));
        let agency = words.agency.iter().map(|word| (word, Term::Hired(HiredBy::Agency)));
        let direct = words.direct.iter().map(|word| (word, Term::Hired(HiredBy::Employer)));
        let (phrases, terms): (Vec<_>, Vec<_>) = perks.chain(kinds).chain(agency).chain(direct).unzip();
        let public = words.public_names.iter().map(|word| (word, Term::Company(CompanyKind::PublicSector)));
        let recruiters = words.agency_names.iter().map(|word| (word, Term::Hired(HiredBy::Agency)));
        let (names, of_names): (Vec<_>, Vec<_>) = public.chain(recruiters).unzip();
        Self { phrases: Phrases::new(&phrases), terms, names: Phrases::new(&names), of_names }
    }

    /// Reads the company's name and the text.
    #[must_use]
    pub fn read(&self, company: Option<&str>, body: &Folded<'_>) -> Terms {
        let mut found = Terms::default();
        if let Some(company) = company {
            let name = Folded::new(company);
            for hit in self.names.all(&name.folded) {
                found.keep(self.of_names[hit.phrase], company);
            }
        }
        for hit in self.phrases.all(&body.folded) {
            let (before, _) = body.around(hit.start, hit.end, 12, 0);
            let refused = ["no ", "not ", "without ", "ohne "].iter().any(|word| before.trim_start().ends_with(word));
            let term = self.terms[hit.phrase];
            if !(refused && matches!(term, Term::Perk(_))) {
                found.keep(term, body.sentence(hit.start, hit.end));
            }
        }
        found.perks.sort_by_key(|perk| perk.value);
        found
    }
}

impl Terms {
    /// Keeps the first finding of each.
    fn keep(&mut self, term: Term, evidence: &str) {
        match term {
            Term::Perk(perk) if self.perks.iter().all(|known| known.value != perk) => self.perks.push(Finding::stated(perk, evidence)),
            Term::Company(kind) if self.company_kind.is_none() => self.company_kind = Some(Finding::stated(kind, evidence)),
            Term::Hired(by) if self.hired_by.is_none() => self.hired_by = Some(Finding::stated(by, evidence)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(company: &str, body: &str) -> Terms {
        TermScanner::new().read(Some(company), &Folded::new(body))
    }

    #[test]
    fn perks_are_tags_with_the_words_they_rest_on() {
        let found =
            read("Acme", "We offer 25 days holiday, private medical insurance and a £1,000 learning budget.\nWe work a 4-day week.");
        let perks: Vec<Perk> = found.perks.iter().map(|perk| perk.value).collect();
        assert_eq!(perks, [Perk::PaidLeave, Perk::HealthInsurance, Perk::FourDayWeek, Perk::LearningBudget]);
        assert!(found.perks.iter().all(|perk| !perk.evidence.is_empty()));
        let german = read("Acme", "30 Tage Urlaub, Gleitzeit, Jobticket");
        assert_eq!(german.perks.iter().map(|perk| perk.value).collect::<Vec<_>>(), [Perk::PaidLeave, Perk::FlexibleHours, Perk::Commuting]);
    }

    #[test]
    fn what_is_refused_is_no_perk() {
        assert!(read("Acme", "There is no relocation package.").perks.is_empty());
    }

    #[test]
    fn a_company_is_what_it_says_of_itself() {
        let kind = |company, body| read(company, body).company_kind.map(|found| found.value);
        assert_eq!(kind("Acme", "We are a startup of ten."), Some(CompanyKind::Startup));
        assert_eq!(kind("Acme", "A Series C scale-up"), Some(CompanyKind::Scaleup));
        assert_eq!(kind("City of Springfield", ""), Some(CompanyKind::PublicSector));
        assert_eq!(kind("Acme", "Experience in a startup is welcome"), None);
        assert_eq!(kind("Acme", "We sell to governments"), None);
    }

    #[test]
    fn a_recruiter_shows_by_name_or_by_words() {
        let by = |company, body| read(company, body).hired_by.map(|found| found.value);
        assert_eq!(by("Narmada Staffing Ltd", ""), Some(HiredBy::Agency));
        assert_eq!(by("Narmada", "Our client is looking for an engineer."), Some(HiredBy::Agency));
        assert_eq!(by("Narmada", "Direct applicants only, no agencies please."), Some(HiredBy::Employer));
        assert_eq!(by("Narmada", "You will work with our clients."), None);
        assert_eq!(by("Hayson Software", "Build our client portal"), None);
    }
}
