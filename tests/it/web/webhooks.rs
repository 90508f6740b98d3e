//! The webhook of an alert on its page, in each language, and for programs.

use reqwest::Method;
use rolecall::domain::Language;
use rolecall::domain::api_token::Scope;
use rolecall::domain::webhook::{CallFailure, CallFault};
use rolecall::store::CallEnd;
use serde_json::json;

use super::site::{Answer, Site};

impl Answer {
    /// Whether the page shows these words, slashes and all.
    fn shows(&self, words: &str) -> bool {
        self.body.replace("&#x2f;", "/").contains(words)
    }
}

const HOOK: &str = "https://hooks.example.org/in?key=s3cret";

#[tokio::test]
async fn a_person_gives_an_alert_a_webhook_in_each_language_without_a_script() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let (manage, id) = (site.manage(subscriber), alert.0.to_string());
    for (language, on, new, off, test) in [
        (Language::English, "Post this alert to a program", "On. Nothing has been posted yet.", "Switched off on", "A test is on its way"),
        (
            Language::German,
            "Diesen Alert an ein Programm senden",
            "Gesendet wurde noch nichts",
            "Abgeschaltet am",
            "Ein Test ist unterwegs",
        ),
        (Language::Hindi, "यह alert किसी program को भेजिए", "अभी कुछ नहीं भेजा गया", "को बंद हुआ", "Test भेजा जा रहा है"),
    ] {
        site.post(&manage, &[("do", "language"), ("language", language.as_str())]).await;
        assert!(site.get(&manage).await.has(&format!("{manage}?webhook={id}")));
        let own = format!("{manage}?webhook={id}");
        let page = site.get(&own).await;
        assert!(page.has(on) && page.has("value=\"webhook-keep\"") && !page.has("webhook-drop"), "{language}: {}", page.body);
        for bad in ["http://hooks.example.org/", "https://127.0.0.1/", "nonsense"] {
            let refused = site.post(&manage, &[("do", "webhook-keep"), ("alert", &id), ("url", bad)]).await;
            assert!(refused.status == 422 && refused.has("aria-invalid") && refused.shows(bad), "{language}: {}", refused.body);
        }
        let kept = site.post(&manage, &[("do", "webhook-keep"), ("alert", &id), ("url", HOOK)]).await;
        assert!(kept.status == 200 && kept.has("<code class=\"secret\">whsec_"), "{language}: {}", kept.body);
        let page = site.get(&own).await;
        assert!(page.has(new) && page.shows(HOOK) && !page.has("whsec_"), "the secret is shown once: {}", page.body);

        let tested = site.post(&manage, &[("do", "webhook-test"), ("alert", &id)]).await;
        assert_eq!(tested.headers["location"], format!("{own}&done=tested"));
        assert!(site.get(&format!("{own}&done=tested")).await.has(test));
        let due = site.store.due_calls(site.clock.now(), 9).await.unwrap().remove(0);
        let gone = CallFailure { fault: CallFault::Gone, detail: "HTTP 410".into(), retry_after: None };
        assert!(site.store.end_call(&due, &CallEnd::Off(gone), site.clock.now()).await.unwrap());
        let page = site.get(&own).await;
        assert!(page.has(off) && page.has("HTTP 410") && page.has("17:30"), "by the clock of the alert: {}", page.body);
        let dropped = site.post(&manage, &[("do", "webhook-drop"), ("alert", &id)]).await;
        assert_eq!(dropped.headers["location"], format!("{manage}?done=unhooked"));
        assert_eq!(site.store.webhook(alert).await.unwrap(), None);
    }
    assert_eq!(site.post(&manage, &[("do", "webhook-keep"), ("alert", "99"), ("url", HOOK)]).await.status, 410);
}

#[tokio::test]
async fn a_webhook_is_exported_and_erased_with_its_person_and_nobody_elses_can_be_touched() {
    let site = Site::start().await;
    let (asha, alert) = site.subscriber("asha@example.org").await;
    let (ravi, _) = site.subscriber("ravi@example.org").await;
    let id = alert.0.to_string();
    assert_eq!(site.post(&site.manage(asha), &[("do", "webhook-keep"), ("alert", &id), ("url", HOOK)]).await.status, 200);
    for button in ["webhook-drop", "webhook-test", "webhook-keep"] {
        let touched = site.post(&site.manage(ravi), &[("do", button), ("alert", &id), ("url", "https://evil.example/")]).await;
        assert_eq!(touched.status, 410, "{button}");
    }
    let kept = site.everything(asha).await;
    assert!(kept.contains(HOOK) && kept.contains("is posted to hooks.example.org as well") && !kept.contains("nonce"), "{kept}");
    site.consent.test_webhook(alert).await.unwrap();
    site.consent.erase(asha).await.unwrap();
    assert_eq!((site.store.webhook(alert).await.unwrap(), site.store.webhook_stock().await.unwrap().waiting), (None, 0));
}

#[tokio::test]
async fn a_program_does_the_same_with_the_scopes_of_people() {
    let site = Site::start().await;
    let (_, alert) = site.subscriber("asha@example.org").await;
    let both = site.token("crm", &[Scope::SubscribersRead, Scope::SubscribersWrite]).await;
    let reads = site.token("reader", &[Scope::SubscribersRead]).await;
    let place = format!("/api/v1/alerts/{}/webhook", alert.0);
    assert_eq!(site.api(&both, Method::GET, &place, None).await.status, 404);
    for bad in ["http://hooks.example.org/", "https://[::1]/"] {
        let refused = site.api(&both, Method::PUT, &place, Some(json!({"url": bad}))).await;
        assert!(refused.status == 422 && refused.json()["place"] == "url", "{}", refused.body);
    }
    assert_eq!(site.api(&reads, Method::PUT, &place, Some(json!({"url": HOOK}))).await.status, 403);
    let kept = site.api(&both, Method::PUT, &place, Some(json!({"url": HOOK}))).await.json();
    assert!(kept["secret"].as_str().unwrap().starts_with("whsec_") && kept["webhook"]["url"] == HOOK, "{kept}");
    assert_eq!(site.api(&both, Method::POST, &format!("{place}/test"), None).await.status, 202);
    let shown = site.api(&reads, Method::GET, &place, None).await.json();
    assert!(
        shown["waiting"] == 1 && shown["worked_at"].is_null() && shown.get("nonce").is_none() && shown.get("secret").is_none(),
        "{shown}"
    );
    let figures = site.get("/metrics").await.body;
    assert!(figures.contains("rolecall_webhooks{state=\"well\"} 1") && figures.contains("rolecall_webhook_calls_waiting 1"), "{figures}");
    assert_eq!(site.api(&both, Method::DELETE, &place, None).await.status, 204);
    assert_eq!(site.api(&both, Method::DELETE, &place, None).await.status, 404);
    assert_eq!(site.api(&both, Method::POST, &format!("{place}/test"), None).await.status, 404);
}
