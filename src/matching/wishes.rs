//! Preferences as expressions: each wish that restricts becomes one, in the order that lets programs share their beginnings.

use crate::domain::preferences::{Preferences, UnknownRule};
use crate::domain::query::Node;
use crate::domain::work_mode::WorkMode;
use crate::matching::class::Class;
use crate::matching::code::Expression;
use crate::matching::slots::{PlaceKeys, Slots};

/// What must hold of a listing for it to match, all of it; the wishes that most people share come first.
pub(super) fn expressions(wishes: &Preferences, slots: &mut Slots, keys: &mut PlaceKeys) -> Vec<Expression> {
    let mut all = Vec::new();
    all.extend(place(wishes, slots, keys));
    let class = Class::of_wishes(wishes);
    if class != Class::ANY {
        all.push(Expression::Has(slots.class(class)));
    }
    skills(wishes, slots, &mut all);
    all.extend(wishes.experience_years.map(|years| Expression::Has(slots.years(years))));
    all.extend(wishes.salary.as_ref().map(|wish| Expression::Has(slots.floor(wish))));
    companies(wishes, slots, &mut all);
    if let Some(query) = &wishes.keywords {
        flat(query.root(), slots, &mut all);
    }
    all
}

fn place(wishes: &Preferences, slots: &mut Slots, keys: &mut PlaceKeys) -> Option<Expression> {
    if wishes.places.any.is_empty() {
        return None;
    }
    let unknown = wishes.places.unknown;
    let mut any: Vec<_> = wishes.places.any.iter().flat_map(|wish| slots.place(wish, unknown, keys)).collect();
    if wants_remote(wishes) {
        any.push(slots.remote(wishes.home_country));
    }
    any.sort_unstable();
    any.dedup();
    Some(Expression::Any(any.into_iter().map(Expression::Has).collect()))
}

/// Whether a remote listing is welcome at all: no work mode is wished for, or remote is among them.
pub(super) fn wants_remote(wishes: &Preferences) -> bool {
    wishes.work_modes.any.is_empty() || wishes.work_modes.any.contains(&WorkMode::Remote)
}

fn skills(wishes: &Preferences, slots: &mut Slots, all: &mut Vec<Expression>) {
    let mut has = |list: &[_]| -> Vec<_> {
        let mut slots: Vec<_> = list.iter().map(|skill| slots.skill(skill)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().map(Expression::Has).collect()
    };
    let wish = &wishes.skills;
    all.extend(has(&wish.all));
    if !wish.any.is_empty() {
        all.push(one_of(has(&wish.any)));
    }
    if !wish.none.is_empty() {
        all.push(Expression::None(has(&wish.none)));
    }
}

fn one_of(mut parts: Vec<Expression>) -> Expression {
    if parts.len() == 1 { parts.swap_remove(0) } else { Expression::Any(parts) }
}

fn companies(wishes: &Preferences, slots: &mut Slots, all: &mut Vec<Expression>) {
    let wish = &wishes.companies;
    if !wish.only.is_empty() {
        let mut any: Vec<_> = wish.only.iter().map(|name| Expression::Has(slots.company(name))).collect();
        if wish.unknown == UnknownRule::Include {
            any.push(Expression::Has(slots.nameless()));
        }
        all.push(one_of(any));
    }
    if !wish.never.is_empty() {
        all.push(Expression::None(wish.never.iter().map(|name| Expression::Has(slots.company(name))).collect()));
    }
}

/// The parts of a query that must all hold, each by itself, so that the first that fails ends the program.
fn flat(node: &Node, slots: &mut Slots, all: &mut Vec<Expression>) {
    match node {
        Node::And(parts) => parts.iter().for_each(|part| flat(part, slots, all)),
        _ => all.push(expression(node, slots)),
    }
}

fn expression(node: &Node, slots: &mut Slots) -> Expression {
    match node {
        Node::And(parts) => Expression::All(parts.iter().map(|part| expression(part, slots)).collect()),
        Node::Or(parts) => Expression::Any(parts.iter().map(|part| expression(part, slots)).collect()),
        Node::Not(part) => match &**part {
            Node::Or(parts) => Expression::None(parts.iter().map(|part| expression(part, slots)).collect()),
            part => Expression::None(vec![expression(part, slots)]),
        },
        Node::Term { field, words } => Expression::Has(slots.term(*field, words)),
    }
}
