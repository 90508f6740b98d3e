//! Pages and letters in the reader's language: guessed, chosen, kept.

use std::collections::BTreeSet;

use rolecall::domain::{DeliveryKind, Language};
use rolecall::pipeline::{AlertPass, AlertSettings, Prepared};
use rolecall::pulse::Beat;

use super::site::{Answer, ParseEmail as _, Site, board};

async fn get(site: &Site, path: &str, header: &'static str, value: &str) -> Answer {
    site.send(reqwest::Method::GET, path, &[(header, value)], String::new()).await
}

#[tokio::test]
async fn a_page_speaks_what_the_browser_asks_for_and_english_where_it_asks_for_nothing_we_have() {
    let site = Site::start().await;
    site.publish(board()).await;
    let german = get(&site, "/", "accept-language", "de-DE,de;q=0.9,en;q=0.5").await;
    assert!(german.has("<html lang=\"de\">") && german.has("Job-Alerts, die passen, und sonst nichts"), "{}", german.body);
    assert!(german.has("<strong>4</strong> Stellen sind gerade offen.") && german.has("Mindestgehalt"));
    assert_eq!(german.headers["vary"], "accept-language, cookie");
    let hindi = get(&site, "/", "accept-language", "hi-IN").await;
    assert!(hindi.has("<html lang=\"hi\">") && hindi.has("अभी <strong>4</strong> नौकरियाँ खुली हैं।"), "{}", hindi.body);
    for asked in ["fr-FR,fr;q=0.9", "", "xx"] {
        let english = get(&site, "/", "accept-language", asked).await;
        assert!(english.has("<html lang=\"en\">") && english.has("Job alerts that fit, and nothing else"), "{asked}");
    }
    assert!(site.get("/").await.has("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_choice_on_the_page_is_kept_and_counts_more_than_the_browser() {
    let site = Site::start().await;
    site.publish(board()).await;
    let page = get(&site, "/?skills_any=rust", "accept-language", "hi").await;
    assert!(page.has("href=\"?skills_any=rust&amp;lang=de\" lang=\"de\""), "{}", page.body);
    assert!(!page.headers.contains_key("set-cookie"), "a guess is not kept");
    let chosen = get(&site, "/?skills_any=rust&lang=de", "accept-language", "hi").await;
    assert!(
        chosen.has("<html lang=\"de\">") && chosen.has("value=\"rust\"") && chosen.has("<strong>1</strong> von 4 offenen Stellen passt")
    );
    let cookie = chosen.headers["set-cookie"].to_str().unwrap();
    assert_eq!(cookie, "lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure");
    let later = get(&site, "/jobs", "cookie", "other=1; lang=de").await;
    assert!(later.has("<html lang=\"de\">") && later.has("<h1>Offene Stellen</h1>"));
    assert!(later.has("2.800.000-4.200.000 ₹ im Jahr"), "{}", later.body);
    for nonsense in ["/?lang=xx", "/?lang=%00", "/?lang="] {
        let page = site.get(nonsense).await;
        assert!(page.status == 200 && page.has("<html lang=\"en\">") && !page.headers.contains_key("set-cookie"), "{nonsense}");
    }
    assert!(site.get("/?lang=de").await.has("value=\"08:00\""), "the form begins as it does in English");
    let answer = site.post("/subscribe", &[("do", "preview"), ("skills_any", "rust")]).await;
    assert!(!answer.has("?lang="), "an answer to a form cannot be asked for again by a link");
}

#[tokio::test]
async fn who_subscribes_on_a_german_page_is_answered_and_written_to_in_german() {
    let site = Site::start().await;
    site.publish(board()).await;
    let fields = format!("email=anna%40example.org&name=Rust&skills_any=rust&frequency=daily&at=08%3A00&stamp={}", site.stamp());
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("accept-language", "de")];
    let answer = site.send(reqwest::Method::POST, "/subscribe", &headers, fields).await;
    assert!(answer.has("Sehen Sie in Ihr Postfach") && answer.has("Der Knopf gilt 72 Stunden."), "{}", answer.body);

    let email = "anna@example.org".parse_email();
    let subscriber = site.store.subscriber_by_email(&email).await.unwrap().unwrap();
    assert_eq!(subscriber.language, Language::German);
    let letters = site.letters().await;
    let Prepared::Letter(letter) = site.desk.prepare(&letters[0], site.clock.now()).await.unwrap() else { panic!("a letter is due") };
    assert_eq!(letter.subject, "Bestätigen Sie Ihre Job-Alerts von Rolecall");
    assert!(letter.text.contains("Der Link gilt 72 Stunden.") && letter.html.contains("<html lang=\"de\""), "{}", letter.text);
    assert!(letter.text.starts_with("Bitte bestätigen Sie Ihre Adresse\n=================================\n"), "{}", letter.text);

    // On another machine, whose browser asks for nothing: the person's own language.
    let confirm = format!("/confirm/{}", letters[0].delivery.secret.as_ref().unwrap());
    assert!(site.get(&confirm).await.has("Ein Druck, und es beginnt"));
    assert!(site.get(&format!("{confirm}?lang=en")).await.has("One press and it begins"), "a choice counts more");
    assert!(site.post(&confirm, &[]).await.has("Der Alert <strong>Rust</strong> läuft, täglich um 08:00 Uhr"));
    let record = site.store.consent_record(subscriber.id).await.unwrap();
    assert!(record[0].detail.contains("Senden Sie Job-Alerts") && record[1].detail.contains("Ja, das ist meine Adresse"), "{record:?}");
    assert!(record.iter().all(|line| line.circumstances.words.is_some()));
}

async fn welcome(site: &Site) -> rolecall::domain::Message {
    let (store, rates, clock) = (site.store.clone(), rolecall::domain::Rates::default(), site.clock.clone());
    AlertPass { store, rates, settings: AlertSettings::default(), clock, beat: Beat::default() }.run().await.unwrap();
    let letters = site.letters().await;
    let claimed = letters.iter().find(|claimed| claimed.delivery.kind == DeliveryKind::Welcome).expect("a welcome letter is due");
    match site.desk.prepare(claimed, site.clock.now()).await.unwrap() {
        Prepared::Letter(letter) => letter,
        Prepared::Cancelled(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn a_language_kept_on_the_manage_page_is_what_letters_speak_from_then_on() {
    let site = Site::start().await;
    site.publish(board()).await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let manage = site.manage(subscriber);
    let page = site.get(&manage).await;
    assert!(page.has("<option value=\"en\" lang=\"en\" selected>English</option>") && page.has("value=\"hi\" lang=\"hi\">हिन्दी</option>"));
    let kept = site.post(&manage, &[("do", "language"), ("language", "hi")]).await;
    assert_eq!(kept.headers["location"], format!("{manage}?done=spoken&lang=hi"));
    assert!(site.get(&manage).await.has("<h1>आपके alerts</h1>"), "without a cookie too");
    assert_eq!(site.post(&manage, &[("do", "language"), ("language", "tlh")]).await.status, 422);

    let letter = welcome(&site).await;
    assert_eq!(letter.subject, "स्वागत है: 1 खुली नौकरी आपके alert से मेल खाती है");
    for told in ["₹28-42 लाख सालाना", "यह आपको क्यों दिख रही है: skills: rust", "रोज़ 08:00 बजे (Asia/Kolkata)", "22 नवंबर 2026", "hybrid"]
    {
        assert!(letter.text.contains(told), "{told}: {}", letter.text);
    }
    assert!(site.get(&site.unsubscribe(subscriber, alert)).await.has("<h1>यह alert बंद करना है?</h1>"));
    let record = site.store.consent_record(subscriber).await.unwrap();
    assert!(record.iter().any(|line| line.detail == "letters in hi"));
}

#[tokio::test]
async fn nobody_changes_the_language_of_who_gets_alerts_by_typing_the_address() {
    let site = Site::start().await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    site.clock.set(site.clock.now() + chrono::Duration::days(2));
    let fields = format!("email=asha%40example.org&skills_any=go&stamp={}", site.stamp());
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("accept-language", "de")];
    assert_eq!(site.send(reqwest::Method::POST, "/subscribe", &headers, fields).await.status, 200);
    assert_eq!(site.consent.subscriber(subscriber).await.unwrap().unwrap().language, Language::English);
}

#[tokio::test]
async fn every_page_is_drawn_in_every_language_and_none_shows_the_key_of_a_text() {
    let site = Site::start().await;
    site.publish(board()).await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let (manage, feedback) = (site.manage(subscriber), site.feedback(alert, 1));
    let pages = [
        "/".to_owned(),
        "/?pay=lots&places=Atlantis&experience_years=x&cron=x&frequency=cron&skills_any=%26".to_owned(),
        "/?skills_any=cobol&pay=90+LPA".to_owned(),
        "/jobs".to_owned(),
        "/jobs?skills_any=rust".to_owned(),
        "/jobs/1".to_owned(),
        "/jobs/99".to_owned(),
        "/jobs/pay".to_owned(),
        "/link".to_owned(),
        "/nowhere".to_owned(),
        "/confirm/nonsense".to_owned(),
        manage.clone(),
        format!("{manage}?add=1"),
        format!("{manage}?edit={}", alert.0),
        format!("{manage}?webhook={}", alert.0),
        format!("{manage}?done=changed"),
        site.unsubscribe(subscriber, alert),
        feedback,
    ];
    let keys: BTreeSet<String> = include_str!("../../../config/texts/en.ftl")
        .lines()
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
        .filter(|key| key.contains('-'))
        .collect();
    for path in pages {
        let mut drawn = BTreeSet::new();
        for language in Language::ALL {
            let page = get(&site, &path, "cookie", &format!("lang={language}")).await;
            assert!(page.has(&format!("<html lang=\"{language}\">")), "{path} in {language}: {}", page.body);
            for shown in page.body.split('>').filter_map(|rest| rest.split('<').next()) {
                assert!(!keys.contains(shown.trim()), "{path} in {language} shows {shown}");
            }
            drawn.insert(page.body.split("<h1>").nth(1).unwrap_or_default().split("</h1>").next().unwrap_or_default().to_owned());
        }
        let own_title = path == "/jobs/1";
        assert_eq!(drawn.len(), if own_title { 1 } else { 3 }, "{path}: {drawn:?}");
    }
    for operator in ["/admin", "/healthz", "/api/openapi.json"] {
        let page = get(&site, operator, "accept-language", "de").await;
        assert!(!page.has("lang=\"de\"") && !page.headers.contains_key("vary"), "{operator}");
    }
}
