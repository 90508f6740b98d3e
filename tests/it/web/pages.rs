//! Every page there is, in each of its states, as a browser gets it.

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::api_token::Scope;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{DeliveryId, DeliveryKind, Language, PayPeriod, Posting, SourceState, SubscriberId, SubscriptionId};
use rolecall::web::WebSettings;

use super::admin::{FORM, HERE, cookie, enter, token};
use super::postbox::Postbox;
use super::site::{Answer, ParseEmail as _, Site, board, noon, posting};

/// A page or a letter as it was handed out, by a name.
pub struct Leaf {
    pub name: String,
    pub answer: Answer,
}

/// Collects pages.
struct Book {
    site: Site,
    leaves: Vec<Leaf>,
}

const WISHES: &[(&str, &str)] = &[
    ("name", "Rust in Pune"),
    ("roles", "backend_engineer"),
    ("skills_any", "rust, golang"),
    ("seniority", "senior"),
    ("pay", "25 LPA"),
    ("places", "Bangalore +50 km, Pune"),
    ("keywords", "postgresql -wordpress"),
    ("frequency", "daily"),
    ("at", "07:30"),
    ("time_zone", "Asia/Kolkata"),
];
const FAULTY: &[(&str, &str)] =
    &[("pay", "a lot"), ("keywords", "(kafka"), ("places", "Atlantis"), ("time_zone", "Mars/Base"), ("frequency", "daily")];

/// All pages in a language, then the two files they load. The operator's page speaks English only.
pub async fn every_page(language: Language) -> (Vec<Leaf>, Vec<Leaf>) {
    let mut site = Site::with(WebSettings { admin: true, ..WebSettings::default() }).await;
    site.speaks = language;
    let mut book = Book { site, leaves: Vec::new() };
    book.jobs().await;
    let (person, alert) = book.signing_up().await;
    book.living_with_it(person, alert).await;
    if language == Language::English {
        book.operator().await;
    }
    book.leaving(person, alert).await;
    book.refusals().await;
    let mut files = Vec::new();
    for name in ["style.css", "live.js"] {
        files.push(Leaf { name: name.to_owned(), answer: book.site.get(&format!("/{name}")).await });
    }
    (book.leaves, files)
}

impl Book {
    fn keep(&mut self, name: &str, status: u16, answer: Answer) {
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.body);
        assert!(answer.body.contains("<main"), "{name} is a page: {}", answer.body);
        self.leaves.push(Leaf { name: name.to_owned(), answer });
    }

    async fn get(&mut self, name: &str, path: &str, status: u16) {
        let answer = self.site.get(path).await;
        self.keep(name, status, answer);
    }

    async fn post(&mut self, name: &str, path: &str, fields: &[(&str, &str)], status: u16) {
        let answer = self.site.post(path, fields).await;
        self.keep(name, status, answer);
    }

    async fn jobs(&mut self) {
        self.get("jobs-none", "/jobs", 200).await;
        self.site.publish(board().into_iter().chain((0..12).map(paid)).collect()).await;
        self.site.clock.set(noon() + Duration::hours(1));
        self.get("home", "/", 200).await;
        self.get("home-fits", "/?skills_any=rust,golang&time_zone=Asia/Kolkata", 200).await;
        self.get("home-nothing-fits", "/?skills_any=rust,postgresql&places=Chennai&work_modes=onsite", 200).await;
        self.get("jobs", "/jobs", 200).await;
        self.get("jobs-filtered", "/jobs?skills_any=rust", 200).await;
        self.get("jobs-faults", "/jobs?keywords=(kafka&pay=lots", 422).await;
        self.get("jobs-pay", "/jobs/pay", 200).await;
        self.get("job", "/jobs/1", 200).await;
        self.get("job-unknown", "/jobs/9999", 404).await;
        self.get("link", "/link", 200).await;
    }

    async fn signing_up(&mut self) -> (SubscriberId, SubscriptionId) {
        let (asha, missing, faulty) = ([("email", "asha@example.org")], [("email", "asha@nowhere")], [("email", "x@example.org")]);
        self.post("home-faults", "/subscribe", &[&missing[..], FAULTY].concat(), 422).await;
        let again = self.site.send(Method::POST, "/subscribe", &[FORM, HERE], "email=x%40example.org&stamp=forged".to_owned()).await;
        self.keep("home-once-more", 422, again);
        let preview = [&faulty[..], WISHES, &[("do", "preview")]].concat();
        self.post("home-preview", "/subscribe", &preview, 200).await;
        self.post("look-into-your-mailbox", "/subscribe", &[&asha[..], WISHES].concat(), 200).await;
        let confirm = format!("/confirm/{}", self.site.confirmation().await);
        self.get("confirm", &confirm, 200).await;
        self.post("confirmed", &confirm, &[], 200).await;
        self.get("confirm-used", &confirm, 410).await;
        self.get("confirm-unknown", "/confirm/nonsense", 404).await;
        self.post("link-sent", "/link", &asha, 200).await;
        self.post("link-fault", "/link", &missing, 422).await;
        let person = self.site.store.subscriber_by_email(&"asha@example.org".parse_email()).await.unwrap().unwrap();
        let alerts = self.site.store.subscriptions_of(person.id).await.unwrap();
        (person.id, alerts[0].id)
    }

    async fn living_with_it(&mut self, person: SubscriberId, alert: SubscriptionId) {
        Postbox::at(&self.site).fetch().await;
        let letters = self.site.store.deliveries_of(person, 10).await.unwrap();
        let welcome = letters.iter().find(|letter| letter.kind == DeliveryKind::Welcome).unwrap().id;
        let welcome = DeliveryId(welcome);
        let (digest, manage) = (self.site.digest(welcome), self.site.manage(person));
        self.get("digest", &digest, 200).await;
        let feedback = self.site.feedback(alert, 1);
        self.get("feedback", &feedback, 200).await;
        self.post("feedback-fault", &feedback, &[("do", "not_for_me"), ("why", "skill"), ("skill", "php")], 422).await;
        self.post("feedback-kept", &feedback, &[("do", "not_for_me"), ("why", "level")], 200).await;
        self.get("manage", &manage, 200).await;
        self.get("manage-changed", &format!("{manage}?done=changed"), 200).await;
        let hook = |url| [("do", "webhook-keep"), ("url", url)];
        let (own, id) = (format!("{manage}?webhook={}", alert.0), alert.0.to_string());
        self.get("webhook-none", &own, 200).await;
        self.post("webhook-fault", &manage, &[&hook("http://10.0.0.1/")[..], &[("alert", &id)]].concat(), 422).await;
        self.post("webhook-kept", &manage, &[&hook("https://hooks.example.org/jobs")[..], &[("alert", &id)]].concat(), 200).await;
        self.get("webhook", &own, 200).await;
        self.get("edit", &format!("{manage}?edit={}", alert.0), 200).await;
        self.get("add", &format!("{manage}?add=1"), 200).await;
        self.post("edit-faults", &manage, &[FAULTY, &[("do", "change"), ("alert", &alert.0.to_string())]].concat(), 422).await;
        self.post("pause-fault", &manage, &[("do", "pause"), ("until", "2036-01-01")], 422).await;
        self.site.post(&manage, &[("do", "pause"), ("until", "2026-12-24")]).await;
        self.get("manage-paused", &format!("{manage}?done=paused"), 200).await;
        self.site.post(&manage, &[("do", "resume")]).await;
        let renew = self.site.renew(person);
        self.get("renew", &renew, 200).await;
        self.post("renewed", &renew, &[], 200).await;
    }

    async fn operator(&mut self) {
        self.get("admin-door", "/admin", 200).await;
        let refused = enter(&self.site, "rolecall.1.x").await;
        self.keep("admin-refused", 403, refused);
        let at = self.site.clock.now();
        let state = SourceState { last_attempt_at: Some(at), last_success_at: Some(at), last_yield: Some(4), ..SourceState::default() };
        self.site.store.save_source_state("acme", &state, at).await.unwrap();
        self.site.post("/subscribe", &[("email", "new@example.org")]).await;
        let cookie = cookie(&enter(&self.site, &token(&self.site, Scope::Admin).await).await);
        let page = self.site.send(Method::GET, "/admin?done=paused&sources=all", &[("cookie", &cookie)], String::new()).await;
        self.keep("admin", 200, page);
    }

    async fn leaving(&mut self, person: SubscriberId, alert: SubscriptionId) {
        let manage = self.site.manage(person);
        self.site.post(&manage, &[("do", "add"), ("name", "Second"), ("frequency", "weekly"), ("days", "fri")]).await;
        let (one, all) = (self.site.unsubscribe(person, alert), self.site.unsubscribe(person, SubscriptionId(0)));
        self.get("unsubscribe", &one, 200).await;
        self.post("unsubscribed", &one, &[("scope", "this")], 200).await;
        self.get("unsubscribe-all", &all, 200).await;
        self.post("unsubscribed-all", &all, &[("scope", "all")], 200).await;
        self.get("unsubscribe-again", &one, 200).await;
        self.get("manage-none", &format!("{manage}?done=left"), 200).await;
        self.site.close_all_but(&["2", "3", "4"]).await;
        self.get("job-closed", "/jobs/1", 200).await;
        self.post("erase", &manage, &[("do", "erase")], 200).await;
        self.post("erased", &manage, &[("do", "erase-now")], 200).await;
        self.get("manage-ended", &manage, 410).await;
    }

    async fn refusals(&mut self) {
        self.get("nowhere", "/nowhere", 404).await;
        let foreign = self.site.send(Method::POST, "/link", &[("sec-fetch-site", "cross-site")], String::new()).await;
        self.keep("from-another-site", 403, foreign);
        let much = self.site.send(Method::POST, "/link", &[HERE], "x".repeat(70 * 1024)).await;
        self.keep("too-much", 413, much);
        let mut busy = Site::with(WebSettings { forms_per_hour_in_all: 1, ..WebSettings::default() }).await;
        busy.speaks = self.site.speaks;
        busy.post("/link", &[("email", "asha@example.org")]).await;
        let too_many = busy.post("/link", &[("email", "asha@example.org")]).await;
        self.keep("too-many", 429, too_many);
        busy.store.close().await;
        let away = busy.get("/").await;
        self.keep("unavailable", 503, away);
    }
}

/// One of several jobs of two countries that state their pay, so that there is something to reckon.
fn paid(n: u32) -> Posting {
    let (title, place, currency, least, step) = match n % 2 {
        0 => ("Senior Backend Engineer", "Berlin, Germany", "EUR", 80_000.0, 4_000.0),
        _ => ("Database Administrator", "Pune, India", "INR", 1_800_000.0, 150_000.0),
    };
    let mut paid = posting(&format!("paid-{n}"), title, place, &format!("<p>Java, team {n} of many.</p>"));
    let (sum, currency) = (Some(least + step * f64::from(n)), Some(currency.to_owned()));
    paid.company = Some(format!("Company {n}"));
    paid.salary = Some(StructuredPay { min: sum, max: sum, currency, period: Some(PayPeriod::Year), estimated: false });
    paid
}
