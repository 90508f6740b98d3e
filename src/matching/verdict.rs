//! How each criterion of some preferences comes out for one listing. What blocks decide for many, this says of one, criterion by
//! criterion; tests hold the two together.

use crate::domain::digest::{Criterion, Verdict};
use crate::domain::facts::Finding;
use crate::domain::pay::Rates;
use crate::domain::preferences::{Facet, Preferences, UnknownRule};
use crate::domain::query::{Field, Node};
use crate::domain::skill::Skill;
use crate::domain::text;
use crate::domain::vocabulary;
use crate::domain::words::word_hash;
use crate::domain::work_mode::WorkMode;
use crate::matching::place::{ListedPlace, WishedPlace};
use crate::matching::subject::Subject;
use crate::matching::wishes::wants_remote;

/// How one criterion comes out; none where nothing is wished for that restricts.
pub(super) fn verdict(criterion: Criterion, wishes: &Preferences, subject: &Subject<'_>, rates: &Rates) -> Option<Verdict> {
    let facts = subject.facts;
    match criterion {
        Criterion::Role => facet(&wishes.roles, Some(facts.role.value)).filter(|_| !wishes.roles.any.is_empty()),
        Criterion::Skills => skills(wishes, subject),
        Criterion::Seniority => facet(&wishes.seniority, value(facts.seniority.as_ref())),
        Criterion::Experience => {
            let asked = value(facts.min_years.as_ref());
            wishes.experience_years.map(|years| asked.map_or(Verdict::Unknown, |asked| known(asked <= years)))
        }
        Criterion::Salary => salary(wishes, subject, rates),
        Criterion::Place => place(wishes, subject),
        Criterion::WorkMode => facet(&wishes.work_modes, value(facts.work_mode.as_ref())),
        Criterion::EmploymentType => facet(&wishes.employment_types, value(facts.employment_type.as_ref())),
        Criterion::Education => facet(&wishes.education, Some(facts.education_route())).filter(|_| !wishes.education.any.is_empty()),
        Criterion::Company => company(wishes, subject),
        Criterion::Keywords => wishes.keywords.as_ref().map(|query| known(holds(query.root(), subject))),
    }
}

fn value<T: Copy>(found: Option<&Finding<T>>) -> Option<T> {
    found.map(|finding| finding.value)
}

const fn known(holds: bool) -> Verdict {
    if holds { Verdict::Holds } else { Verdict::Fails }
}

fn unknown(rule: UnknownRule) -> Verdict {
    match rule {
        UnknownRule::Include => Verdict::Unknown,
        UnknownRule::Exclude => Verdict::Fails,
    }
}

fn facet<T: PartialEq>(facet: &Facet<T>, value: Option<T>) -> Option<Verdict> {
    if facet.is_open() {
        return None;
    }
    Some(value.map_or(unknown(facet.unknown), |value| known(facet.any.is_empty() || facet.any.contains(&value))))
}

/// Whether a listing names a wished skill, by whatever spelling it is wished.
pub(super) fn names(subject: &Subject<'_>, skill: &Skill) -> bool {
    let name = vocabulary::skills().name(skill);
    subject.facts.skills.iter().any(|found| found.value.as_str() == name)
}

fn skills(wishes: &Preferences, subject: &Subject<'_>) -> Option<Verdict> {
    let wish = &wishes.skills;
    if wish.any.is_empty() && wish.all.is_empty() && wish.none.is_empty() {
        return None;
    }
    let any = wish.any.is_empty() || wish.any.iter().any(|skill| names(subject, skill));
    let all = wish.all.iter().all(|skill| names(subject, skill));
    let none = !wish.none.iter().any(|skill| names(subject, skill));
    Some(known(any && all && none))
}

fn salary(wishes: &Preferences, subject: &Subject<'_>, rates: &Rates) -> Option<Verdict> {
    let wish = wishes.salary.as_ref()?;
    let least = rates.dollars_a_year(wish.min, wish.currency, wish.period);
    let pay = subject.facts.pay.as_ref().and_then(|pay| rates.comparable(&pay.value));
    Some(pay.zip(least).map_or(unknown(wish.undisclosed), |(pay, least)| known(pay >= least)))
}

fn place(wishes: &Preferences, subject: &Subject<'_>) -> Option<Verdict> {
    if wishes.places.any.is_empty() {
        return None;
    }
    let facts = subject.facts;
    if facts.work_mode.as_ref().is_some_and(|mode| mode.value == WorkMode::Remote) {
        let home = |country| wishes.home_country == Some(country);
        let open = facts.remote_countries.is_empty() || facts.remote_countries.iter().any(|found| home(found.value));
        return Some(known(wants_remote(wishes) && open));
    }
    let listed = ListedPlace::all_of(facts);
    let places: Vec<_> = wishes.places.any.iter().flat_map(WishedPlace::all_of).collect();
    let fits: Vec<_> = places.iter().flat_map(|wish| listed.iter().map(|place| wish.fit(place))).collect();
    if fits.contains(&Verdict::Holds) {
        return Some(Verdict::Holds);
    }
    Some(if fits.contains(&Verdict::Unknown) { unknown(wishes.places.unknown) } else { Verdict::Fails })
}

fn company(wishes: &Preferences, subject: &Subject<'_>) -> Option<Verdict> {
    let wish = &wishes.companies;
    if wish.only.is_empty() && wish.never.is_empty() {
        return None;
    }
    let Some(company) = subject.folded_company() else {
        return Some(if wish.only.is_empty() { Verdict::Unknown } else { unknown(wish.unknown) });
    };
    let among = |names: &[String]| names.iter().any(|name| text::fold_name(name) == company);
    Some(known((wish.only.is_empty() || among(&wish.only)) && !among(&wish.never)))
}

/// Whether a keyword query holds.
fn holds(node: &Node, subject: &Subject<'_>) -> bool {
    match node {
        Node::And(parts) => parts.iter().all(|part| holds(part, subject)),
        Node::Or(parts) => parts.iter().any(|part| holds(part, subject)),
        Node::Not(part) => !holds(part, subject),
        Node::Term { field, words } => stands(*field, words, subject),
    }
}

/// Whether the words of a term stand side by side in one field.
pub(super) fn stands(field: Option<Field>, words: &[String], subject: &Subject<'_>) -> bool {
    let sought: Vec<u64> = words.iter().map(|word| word_hash(word)).collect();
    let within = |part: &[u64]| part.windows(sought.len()).any(|window| window == sought);
    let listed = subject.words;
    match field {
        None => within(&listed.title) || within(&listed.company) || within(&listed.text),
        Some(Field::Title) => within(&listed.title),
        Some(Field::Company) => within(&listed.company),
        Some(Field::Skill) => subject.facts.skills.iter().any(|skill| {
            let name: Vec<u64> = text::words(skill.value.as_str()).iter().map(|word| word_hash(word)).collect();
            within(&name)
        }),
    }
}
