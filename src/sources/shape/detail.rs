//! Platforms that list without texts: a request for each row of the list, and the row completed by what comes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::domain::Posting;
use crate::sources::adapter::{BadPosting, Page, Reading, Request};
use crate::sources::shape::json::complete;
use crate::sources::shape::text::filled;

/// Whether an answer is a JSON object with this key.
pub fn has(text: &str, key: &str) -> bool {
    serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(text).is_ok_and(|object| object.contains_key(key))
}

/// Asks for the page of each posting that was listed; a posting without a request stands as it is.
pub fn ask_each(mut reading: Reading, request: impl Fn(&Posting) -> Option<Request>) -> Reading {
    for row in std::mem::take(&mut reading.postings) {
        match request(&row) {
            Some(request) => reading.details.push(request.about(row)),
            None => reading.postings.push(row),
        }
    }
    reading
}

/// What the page of one posting says, completing the row that asked for it.
pub fn one(page: &Page, posting: Posting) -> Reading {
    let whole = match page.request.about.as_deref() {
        Some(row) => completed(row, posting),
        None => posting,
    };
    let id = filled(Some(whole.id.clone()));
    let mut reading = Reading { items: 1, ..Reading::default() };
    match complete(whole, "the posting") {
        Ok(whole) => reading.postings.push(whole),
        Err(reason) => reading.bad.push(BadPosting { index: 0, id, reason }),
    }
    reading
}

/// The page of a posting that says the posting is closed.
pub fn closed(page: &Page, posting: &Posting) -> Reading {
    let id = page.request.about.as_ref().map_or(&posting.id, |row| &row.id).clone();
    Reading { items: 1, closed: vec![id], ..Reading::default() }
}

/// A row with what its own page says; the row keeps its identity and speaks where the page is silent.
pub fn completed(row: &Posting, page: Posting) -> Posting {
    let row = row.clone();
    Posting {
        id: row.id,
        source: row.source,
        title: if page.title.trim().is_empty() { row.title } else { page.title },
        company: page.company.or(row.company),
        location: page.location.or(row.location),
        description: page.description.or(row.description),
        salary_text: page.salary_text.or(row.salary_text),
        employment_type: page.employment_type.or(row.employment_type),
        posted_at: page.posted_at.or(row.posted_at),
        url: row.url.or(page.url),
        apply_url: page.apply_url.or(row.apply_url),
        updated_at: page.updated_at.or(row.updated_at),
        valid_through: page.valid_through.or(row.valid_through),
        work_mode: page.work_mode.or(row.work_mode),
        salary: page.salary.or(row.salary),
        department: page.department.or(row.department),
        tags: if page.tags.is_empty() { row.tags } else { page.tags },
        level: page.level.or(row.level),
        education: page.education.or(row.education),
        country: page.country.or(row.country),
        credit: page.credit.or(row.credit),
        language: page.language.or(row.language),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn a_row_keeps_its_identity_and_gains_what_its_page_says() {
        let url = Url::parse("https://board.example/7").unwrap();
        let row = Posting { id: "7".into(), title: "Engineer".into(), location: Some("Pune".into()), ..Posting::default() };
        let page = Page { request: Request::json(url.clone()).about(row.clone()), bytes: Vec::new() };
        let said = Posting { id: "x".into(), description: Some("<p>Rust</p>".into()), ..Posting::default() };
        let reading = one(&page, said.clone());
        assert_eq!(reading.postings, [Posting { description: Some("<p>Rust</p>".into()), ..row }]);
        assert_eq!(closed(&page, &said).closed, ["7"]);
        let alone = Page { request: Request::json(url), bytes: Vec::new() };
        assert_eq!(one(&alone, said).bad[0].id.as_deref(), Some("x"), "without a row it needs a title of its own");
    }
}
