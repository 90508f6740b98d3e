//! Every kind of letter, as the service comes to write it: what people do and the calendar brings, in the order of a year.

use chrono::Duration;
use rolecall::domain::webhook::{CallFailure, CallFault, Reach, WebhookUrl};
use rolecall::domain::{DeliveryKind, Message};
use rolecall::store::CallEnd;

use super::postbox::Postbox;
use super::site::{ParseEmail as _, Site, board, noon, posting};

/// Where the links of letters lead.
pub const BASE: &str = "https://jobs.example.org";

/// The first link of a letter below a path of ours, as a path.
pub fn path_in(letter: &Message, below: &str) -> String {
    let links = letter.text.split(BASE).skip(1).filter_map(|rest| rest.split_whitespace().next());
    links.into_iter().find(|path| path.starts_with(below)).unwrap_or_else(|| panic!("no {below} in {}", letter.text)).to_owned()
}

fn is(letter: &Message, kind: DeliveryKind, email: &str) -> bool {
    letter.to.as_str() == email && letter.list.as_ref().is_some_and(|list| list.kind == kind)
}

fn job(id: &str) -> rolecall::domain::Posting {
    let title = format!("Backend Engineer, Rust, team {id}");
    posting(id, &title, "Pune, India", &format!("<p>Services in Rust on PostgreSQL for team {id}. On site.</p>"))
}

/// Lives through a year and hands each kind of letter over when it arrives, by a name.
pub async fn every_letter(site: &Site, mut each: impl AsyncFnMut(&'static str, &Message)) {
    let mut year = Year { site, postbox: Postbox::at(site) };
    site.publish(board()).await;
    year.asks("pia@example.org", "Rust, not confirmed", "daily", "rust").await;
    let confirmation = year.asks("asha@example.org", "Rust in Pune", "daily", "rust").await;
    each("confirmation", &confirmation).await;
    let welcome = year.confirms(&confirmation).await;
    each("welcome", &welcome).await;
    for (email, frequency, skill) in [("ravi@example.org", "instant", "rust"), ("tara@example.org", "daily", "cobol")] {
        let confirmation = year.asks(email, "An alert", frequency, skill).await;
        let welcome = year.confirms(&confirmation).await;
        if skill == "cobol" {
            each("welcome without a job", &welcome).await;
        }
    }

    site.post(&path_in(&welcome, "/feedback/"), &[("do", "more")]).await;
    let ravi = site.store.subscriber_by_email(&"ravi@example.org".parse_email()).await.unwrap().unwrap();
    let hooked = site.store.subscriptions_of(ravi.id).await.unwrap()[0].id;
    let hook = WebhookUrl::parse("https://hooks.example.org/jobs", Reach::Public).unwrap();
    site.consent.keep_webhook(hooked, &hook, "test").await.unwrap();
    site.publish(vec![job("10")]).await;
    year.after(Duration::seconds(10)).await;
    let instant = year.after(Duration::minutes(2)).await;
    each("instant", &instant[0]).await;
    let call = site.store.due_calls(site.clock.now(), 1).await.unwrap().remove(0);
    let gone = CallFailure { fault: CallFault::Gone, detail: "HTTP 410".to_owned(), retry_after: None };
    site.store.end_call(&call, &CallEnd::Off(gone), site.clock.now()).await.unwrap();
    each("webhook", &year.postbox.fetch_one().await).await;
    site.close_all_but(&["2", "3", "4", "10"]).await;
    let digest = year.after(Duration::hours(15)).await;
    assert!(is(&digest[0], DeliveryKind::Digest, "asha@example.org") && digest[0].text.contains("What became of jobs you liked"));
    each("digest with a closed job", &digest[0]).await;

    year.after(Duration::days(2)).await;
    each("confirmation, asked again", &year.asks("pia@example.org", "Rust, once more", "daily", "rust").await).await;
    each("confirmation of one more alert", &year.asks("asha@example.org", "A second alert", "weekly", "go").await).await;
    site.post("/link", &[("email", "asha@example.org")]).await;
    each("link", &year.postbox.fetch_one().await).await;
    let confirmation = year.asks("mina@example.org", "Rust for a while", "daily", "rust").await;
    let welcome = year.confirms(&confirmation).await;
    site.post(&path_in(&welcome, "/manage/"), &[("do", "leave")]).await;
    each("goodbye", &year.postbox.fetch_one().await).await;

    let silent = year.after(Duration::days(40)).await;
    each("silence", silent.iter().find(|letter| is(letter, DeliveryKind::Silence, "ravi@example.org")).unwrap()).await;
    let asked = year.after(Duration::days(125)).await;
    each("renewal", asked.iter().find(|letter| is(letter, DeliveryKind::Renewal, "tara@example.org")).unwrap()).await;
    assert!(site.clock.now() < noon() + Duration::days(180), "nobody has ended yet");
}

struct Year<'a> {
    site: &'a Site,
    postbox: Postbox,
}

impl Year<'_> {
    /// A sign-up on the page, and the confirmation letter of it.
    async fn asks(&mut self, email: &str, name: &str, frequency: &str, skill: &str) -> Message {
        let fields = [("email", email), ("name", name), ("skills_any", skill), ("frequency", frequency), ("time_zone", "Asia/Kolkata")];
        let answer = self.site.post("/subscribe", &[&fields[..], &[("at", "08:00")]].concat()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.postbox.fetch_one().await
    }

    /// The button of a confirmation letter's page, and the welcome letter that follows.
    async fn confirms(&mut self, confirmation: &Message) -> Message {
        let answer = self.site.post(&path_in(confirmation, "/confirm/"), &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.postbox.fetch_one().await
    }

    /// Time passes; the letters it brings.
    async fn after(&mut self, time: Duration) -> Vec<Message> {
        self.site.clock.set(self.site.clock.now() + time);
        self.postbox.fetch().await
    }
}
