//! Sources that die say so the same day: to the operator, by mail, at most once a day.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rolecall::clock::Clock;
use rolecall::compose::{Composer, ServiceNames};
use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::{EmailAddress, FetchFault, Outcome, Signer, SourceState};
use rolecall::mail::{Mailer, MemoryMailbox};
use rolecall::pipeline::ReportPass;
use rolecall::store::{DatabaseSettings, Store};

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T06:00:00Z").unwrap().to_utc() + TimeDelta::hours(hours)
}

struct Office {
    _folder: tempfile::TempDir,
    store: Store,
    clock: Clock,
    pass: ReportPass,
    mailbox: MemoryMailbox,
}

async fn office() -> Office {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", folder.path().join("office.db").display()) }).await.unwrap();
    let clock = Clock::manual(at(0));
    let names = ServiceNames {
        name: "House".into(),
        base_url: "https://jobs.example.org".parse().unwrap(),
        postal_address: String::new(),
        contact: String::new(),
        sender_domain: "example.org".into(),
    };
    let (mailer, mailbox) = Mailer::memory();
    let pass = ReportPass {
        gate: rolecall::pipeline::Gate::default(),
        store: store.clone(),
        composer: Arc::new(Composer::new(names, Signer::new(b"a secret of the house")).unwrap()),
        mailer,
        clock: clock.clone(),
        sources: ["well", "gone", "slow", "empty"].map(|name| (name.to_owned(), "greenhouse".to_owned())).to_vec(),
        operator: Some(EmailAddress::parse("ops@example.org").unwrap()),
    };
    Office { _folder: folder, store, clock, pass, mailbox }
}

impl Office {
    async fn note(&self, name: &str, fault: Option<FetchFault>, failures: u32) {
        let now = self.clock.now();
        let state = SourceState {
            last_attempt_at: Some(now),
            last_success_at: Some(at(-1)),
            fault,
            fault_text: fault.map(|_| "HTTP 404; look at the career page".to_owned()),
            fault_since: fault.map(|_| now),
            failures,
            last_yield: Some(12),
            ..SourceState::default()
        };
        self.store.save_source_state(name, &state, now).await.unwrap();
    }

    async fn at(&self, hours: i64) -> (usize, bool) {
        self.clock.set(at(hours));
        let summary = self.pass.run().await.unwrap();
        (summary.wrong, summary.told)
    }
}

#[tokio::test]
async fn the_operator_is_told_once_a_day_of_what_lasts() {
    let office = office().await;
    office.note("well", None, 0).await;
    office.note("slow", Some(FetchFault::Slow), 1).await;
    assert_eq!(office.at(0).await, (0, false), "one failure may pass by itself");
    office.note("gone", Some(FetchFault::Gone), 2).await;
    office.note("empty", Some(FetchFault::Empty), 0).await;
    assert_eq!(office.at(1).await, (2, true));
    assert_eq!(office.at(2).await, (2, false), "once a day is enough");
    let letter = office.mailbox.messages().pop().unwrap();
    assert_eq!(letter.subject, "House: 2 of 4 sources want looking at");
    assert!(letter.list.is_none() && letter.to.as_str() == "ops@example.org");
    for words in ["* gone (greenhouse)", "the board is gone", "look at the career page", "last success: 2026-11-22 05:00Z", "* empty"] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(!letter.text.contains("slow") && letter.html.contains("gone"));
    office.note("gone", Some(FetchFault::Gone), 5).await;
    assert_eq!(office.at(25).await, (2, true));
    assert_eq!(office.mailbox.messages().len(), 2);
}

#[tokio::test]
async fn a_report_that_is_refused_is_tried_again_and_without_an_address_nobody_is_told() {
    let mut office = office().await;
    office.note("gone", Some(FetchFault::Gone), 3).await;
    let down = Refusal { blame: Blame::Relay, code: None, text: "connection refused".into() };
    office.mailbox.answer_next(Outcome::Later(down));
    assert_eq!(office.at(1).await, (1, false));
    assert_eq!(office.at(2).await, (1, true));
    office.pass.operator = None;
    assert_eq!(office.at(48).await, (1, false));
}

#[tokio::test]
async fn each_day_of_a_source_is_kept_and_forgotten_after_its_time() {
    let office = office().await;
    for hours in [0, 1, 20] {
        office.clock.set(at(hours));
        office.note("gone", (hours == 1).then_some(FetchFault::ServerError), u32::from(hours == 1)).await;
    }
    let days = office.store.source_days("gone", NaiveDate::MIN).await.unwrap();
    let told: Vec<_> = days.iter().map(|day| (day.day.to_string(), day.fetches, day.failures, day.fault, day.least)).collect();
    assert_eq!(
        told,
        [("2026-11-22".to_owned(), 2, 1, Some(FetchFault::ServerError), Some(12)), ("2026-11-23".to_owned(), 1, 0, None, Some(12))]
    );
    assert_eq!(office.store.forget_source_days(at(24).date_naive()).await.unwrap(), 1);
    assert_eq!(office.store.source_days("gone", NaiveDate::MIN).await.unwrap().len(), 1);
}
