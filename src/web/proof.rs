//! Whether a person filled a form, without asking anybody else: a stamp that only the page gives out, used once and not at once, and
//! a field that only programs fill.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

use super::typed::Typed;
use crate::domain::token::Claims;
use crate::domain::{Signer, TokenPurpose};

/// How long a page may lie open before its form is sent.
const GOOD_HOURS: i64 = 24;

/// How long a person needs at least to fill the form.
const LEAST_MILLIS: i64 = 2_000;

/// Most used stamps remembered; beyond it the oldest half is forgotten, which errs on the side of letting people in.
const MOST_USED: usize = 50_000;

/// The field that is not shown; whatever fills it is no person.
pub(super) const TRAP: &str = "leave_empty";

/// What a form says of who filled it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// By a person, as far as one can tell.
    ByPerson,
    /// By a program: the hidden field is filled.
    ByProgram,
    /// The stamp is missing, too old, used, or so young that nobody can have filled the form: the form is shown once more.
    Unclear,
}

/// Gives out stamps and takes each back once.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    used: Mutex<HashMap<i64, DateTime<Utc>>>,
}

impl Stamps {
    /// A stamp for a form that is shown now.
    pub(super) fn new_stamp(signer: &Signer, now: DateTime<Utc>) -> String {
        let mut chance = [0_u8; 8];
        // Without chance two forms share a stamp, and the second is shown once more.
        let _ = getrandom::fill(&mut chance);
        let ids = [now.timestamp_millis(), i64::from_be_bytes(chance), 0];
        signer.sign(TokenPurpose::Form, Claims { ids, until: Some(now + Duration::hours(GOOD_HOURS)) })
    }

    /// Judges a form; a good stamp is used up by it.
    pub(super) fn judge(&self, typed: &Typed, signer: &Signer, now: DateTime<Utc>) -> Filled {
        if !typed.one(TRAP).is_empty() {
            return Filled::ByProgram;
        }
        let Some(claims) = signer.verify(TokenPurpose::Form, typed.one("stamp"), now) else { return Filled::Unclear };
        let [shown, chance, _] = claims.ids;
        if now.timestamp_millis() - shown < LEAST_MILLIS {
            return Filled::Unclear;
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MOST_USED {
            used.retain(|_, at| now - *at < Duration::hours(GOOD_HOURS / 2));
        }
        if used.len() >= MOST_USED {
            used.clear();
        }
        if used.insert(chance, now).is_some() { Filled::Unclear } else { Filled::ByPerson }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(stamp: &str, trap: &str) -> Typed {
        Typed::new(vec![("stamp".to_owned(), stamp.to_owned()), (TRAP.to_owned(), trap.to_owned())])
    }

    #[test]
    fn a_stamp_is_good_once_and_not_before_a_person_can_have_filled_the_form() {
        let (signer, stamps, now) = (Signer::new(b"secret"), Stamps::default(), DateTime::UNIX_EPOCH + Duration::days(1));
        let stamp = Stamps::new_stamp(&signer, now);
        let later = |seconds| now + Duration::seconds(seconds);
        assert_eq!(stamps.judge(&form(&stamp, ""), &signer, later(1)), Filled::Unclear);
        assert_eq!(stamps.judge(&form(&stamp, "x"), &signer, later(5)), Filled::ByProgram);
        assert_eq!(stamps.judge(&form(&stamp, ""), &signer, later(5)), Filled::ByPerson);
        assert_eq!(stamps.judge(&form(&stamp, ""), &signer, later(6)), Filled::Unclear, "used");
        let old = Stamps::new_stamp(&signer, now);
        assert_eq!(stamps.judge(&form(&old, ""), &signer, later(86_400)), Filled::Unclear);
        assert_eq!(stamps.judge(&form("", ""), &signer, later(5)), Filled::Unclear);
        assert_eq!(stamps.judge(&form(&Stamps::new_stamp(&Signer::new(b"other"), now), ""), &signer, later(5)), Filled::Unclear);
    }
}
