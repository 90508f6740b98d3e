//! What the pages of one fetch bring together: postings, those that wait, those that are still there, and whether that is all.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use crate::domain::token::hex;
use crate::domain::{FetchFault, Posting};
use crate::sources::adapter::{BadPosting, Completeness, Reading, Request};
use crate::sources::failure::Failure;
use crate::sources::fetch::Place;
use crate::sources::flaws;
use crate::sources::state::Validators;

/// What is known of a source's postings before it is asked: the row digests (see `Brought::rows`) of those whose own page need
/// not be read again, by id.
pub type KnownRows = HashMap<String, String>;

/// One answer, read.
pub struct Read {
    pub reading: Reading,
    pub validators: Validators,
    pub place: Option<Place>,
    /// What is wrong with it all the same.
    pub flaw: Option<String>,
}

/// What the pages of one fetch brought so far.
#[derive(Debug, Default)]
pub struct Harvest {
    pub reading: Reading,
    pub seen: HashSet<String>,
    pub details: Vec<(String, Request)>,
    pub still: Vec<String>,
    pub waiting: Vec<String>,
    pub rows: HashMap<String, String>,
    pub requests: usize,
    pub validators: Validators,
    pub place: Option<Place>,
    /// Entries of lists that repeat an id.
    pub repeated: usize,
    pub flaw: Option<String>,
    pub unchanged: bool,
    pub cut: bool,
    pub failure: Option<Failure>,
    /// The failure came after the list was read.
    pub failed_late: bool,
}

impl From<Reading> for Harvest {
    fn from(reading: Reading) -> Self {
        Self { reading, ..Self::default() }
    }
}

impl Harvest {
    /// Postings found so far, read or not.
    pub fn found(&self) -> usize {
        self.reading.postings.len() + self.details.len() + self.still.len()
    }

    /// Adds a page and gives what is to be asked next: nothing after a page without a new id, for then the server ignores paging.
    pub fn take(&mut self, page: Reading, known: &KnownRows) -> Vec<Request> {
        let before = self.seen.len();
        self.seen.extend(page.postings.iter().map(|posting| posting.id.clone()));
        let empty = page.postings.is_empty() && page.details.is_empty();
        for request in page.details {
            let Some(posting) = &request.about else { continue };
            if self.seen.insert(posting.id.clone()) {
                let row = row_digest(posting);
                match known.get(&posting.id) {
                    Some(old) if *old == row => self.still.push(posting.id.clone()),
                    _ => self.details.push((row, request)),
                }
            } else {
                self.repeated += 1;
            }
        }
        let news = self.seen.len() > before || empty;
        let all = &mut self.reading;
        all.bad.extend(page.bad.into_iter().map(|bad| BadPosting { index: bad.index + all.items, ..bad }));
        all.items += page.items;
        all.postings.extend(page.postings);
        all.closed.extend(page.closed);
        all.completeness = page.completeness;
        if news { page.next } else { Vec::new() }
    }

    /// The page of one posting was read.
    pub fn complete(&mut self, id: &str, row: &str, page: Reading) {
        let all = &mut self.reading;
        all.closed.extend(page.closed);
        all.bad.extend(page.bad.into_iter().map(|bad| BadPosting { index: all.items, id: Some(id.to_owned()), ..bad }));
        for posting in page.postings {
            self.rows.insert(posting.id.clone(), row.to_owned());
            all.postings.push(posting);
        }
    }

    /// The page of one posting did not come. Gone, it is closed; unreadable, it costs that posting; refused, no more are asked for.
    pub fn lose(&mut self, id: String, failure: Failure) {
        match failure.fault {
            FetchFault::Gone => self.reading.closed.push(id),
            FetchFault::ChangedFormat | FetchFault::TooBig | FetchFault::Empty => {
                self.reading.bad.push(BadPosting { index: self.reading.items, id: Some(id), reason: failure.text });
            }
            _ => {
                self.waiting.push(id);
                self.failure = Some(failure);
                self.failed_late = true;
            }
        }
    }

    /// Whether the list was read to its end; an entry that repeats the id of another stands for none of those the platform counts.
    pub fn is_all_there(&self, duplicates: usize) -> bool {
        let counts = match self.reading.completeness {
            Completeness::Newest => false,
            Completeness::Whole => true,
            Completeness::Counted(total) => total + duplicates == self.reading.items,
        };
        counts && !self.cut && (self.failure.is_none() || self.failed_late)
    }

    /// What is wrong with the answers though they could be read.
    pub fn flaw(&self, duplicates: usize) -> Option<String> {
        let counted = match self.reading.completeness {
            Completeness::Counted(total) if !self.cut && self.failure.is_none() => Some(total),
            _ => None,
        };
        let entries = |count| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
        let bad = self.reading.bad.first().map(|bad| format!("{} could not be read: {}", entries(self.reading.bad.len()), bad.reason));
        self.flaw.clone().or_else(|| flaws::of_list(duplicates, self.reading.items - duplicates.min(self.reading.items), counted)).or(bad)
    }
}

/// A digest of what a list says of a posting, its moment of change aside.
fn row_digest(posting: &Posting) -> String {
    let said = Posting { updated_at: None, ..posting.clone() };
    let json = serde_json::to_vec(&said).expect("a posting is plain texts and numbers");
    hex(&Sha256::digest(json))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn the_page_of_one_posting_costs_that_posting_and_a_refusal_ends_the_harvest() {
        let mut harvest = Harvest { requests: 3, ..Harvest::from(Reading { completeness: Completeness::Whole, ..Reading::default() }) };
        harvest.lose("p-1".into(), Failure::new(FetchFault::Gone, "HTTP 404"));
        harvest.lose("p-2".into(), Failure::new(FetchFault::ChangedFormat, "no JSON"));
        assert_eq!((harvest.reading.closed.as_slice(), harvest.reading.bad[0].id.as_deref()), (["p-1".to_owned()].as_slice(), Some("p-2")));
        assert!(harvest.failure.is_none());
        harvest.lose("p-3".into(), Failure::new(FetchFault::TooFast, "HTTP 429"));
        assert!(harvest.failure.is_some() && harvest.waiting == ["p-3"] && harvest.is_all_there(0), "the list itself was whole");
    }

    #[test]
    fn a_posting_on_a_page_of_its_own_is_read_once_until_its_row_changes() {
        let url = Url::parse("https://board.example/1").unwrap();
        let row = |title: &str| Posting { id: "1".into(), title: title.into(), ..Posting::default() };
        let page = |title: &str| Reading { items: 1, details: vec![Request::json(url.clone()).about(row(title))], ..Reading::default() };
        let known = KnownRows::from([("1".to_owned(), row_digest(&row("Engineer")))]);
        let mut same = Harvest::default();
        same.take(page("Engineer"), &known);
        assert_eq!((same.still.as_slice(), same.details.len()), (["1".to_owned()].as_slice(), 0));
        let mut changed = Harvest::default();
        changed.take(page("Senior Engineer"), &known);
        assert_eq!((changed.still.len(), changed.details.len()), (0, 1));
        changed.take(page("Senior Engineer"), &known);
        assert_eq!(changed.details.len(), 1, "an id that is listed twice is asked for once");
    }

    #[test]
    fn counts_decide_whether_all_is_there() {
        let with = |completeness, items| Harvest::from(Reading { items, completeness, ..Reading::default() });
        assert!(with(Completeness::Whole, 0).is_all_there(0));
        assert!(with(Completeness::Counted(3), 3).is_all_there(0));
        assert!(!with(Completeness::Counted(3), 2).is_all_there(0));
        assert!(!with(Completeness::Newest, 9).is_all_there(0));
        assert!(!Harvest { cut: true, ..with(Completeness::Whole, 1) }.is_all_there(0));
    }
}
