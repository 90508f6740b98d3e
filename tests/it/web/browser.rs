//! The journeys of a person in a real browser, from the first page over the letters to erasing, on a phone and on a desk, with
//! JavaScript and without; each page is held to axe.

use std::path::PathBuf;

use chrono::Duration;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{Language, Message, PayPeriod, SubscriberId, SubscriberState};
use rolecall::web::WebSettings;
use serde_json::{Value, json};

use super::driver::Browser;
use super::postbox::Postbox;
use super::site::{ParseEmail as _, Site, board, posting};
use crate::support::{say, skipped};

/// Where `./test` puts axe-core of the npm registry.
pub fn axe() -> Option<String> {
    let place = std::env::var_os("ROLECALL_AXE").map(PathBuf::from);
    let place = place.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools/node_modules/axe-core/axe.min.js"));
    std::fs::read_to_string(place).ok()
}

struct Journey {
    site: Site,
    postbox: Postbox,
    letters: tempfile::TempDir,
    browser: Browser,
    axe: Option<String>,
    name: String,
    pages: usize,
}

impl Journey {
    async fn begin(width: u32, scripts: bool) -> Self {
        let site = Site::start().await;
        site.publish(board()).await;
        let axe = axe().filter(|_| scripts);
        if axe.is_none() && scripts {
            skipped("accessibility", "axe-core is not there: npm install --prefix target/tools axe-core");
        }
        let name = format!("{width}-{}", if scripts { "script" } else { "plain" });
        let (postbox, letters) = (Postbox::at(&site), tempfile::tempdir().unwrap());
        Self { site, postbox, letters, browser: Browser::open(width, scripts).await, axe, name, pages: 0 }
    }

    /// A person takes some seconds for a form.
    fn pass(&self, seconds: i64) {
        self.site.clock.set(self.site.clock.now() + Duration::seconds(seconds));
    }

    async fn open(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.site.url)).await;
    }

    /// Opens a letter as a mail program shows it; its links lead to this site.
    async fn read(&mut self, letter: &Message, name: &str) {
        let file = self.letters.path().join(format!("{name}.html"));
        std::fs::write(&file, letter.html.replace("https://jobs.example.org", &self.site.url)).unwrap();
        self.browser.go(&format!("file://{}", file.display())).await;
        self.look(name).await;
    }

    /// Takes a picture, looks whether anything sticks out, and holds the page to axe.
    async fn look(&mut self, page: &str) {
        self.pages += 1;
        self.browser.picture(&format!("{}-{page}", self.name)).await;
        let Some(axe) = &self.axe else { return };
        let wide = self.browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(wide, Value::from(0), "{page} at {} is wider than the window", self.name);
        self.browser.run(axe).await;
        let script = "const done = arguments[arguments.length - 1]; axe.run().then((r) => done(r.violations.map((v) => \
             v.id + ': ' + v.nodes.map((n) => n.html).join(' | '))), (e) => done([String(e)]))";
        let found = self.browser.run_later(script).await;
        assert_eq!(found, Value::Array(Vec::new()), "{page} at {}", self.name);
    }
}

/// From the first page to the button of the confirmation.
async fn subscribe(way: &mut Journey, scripts: bool) {
    way.open("/").await;
    way.look("home").await;
    if scripts {
        let zone =
            way.browser.run("return [document.querySelector('#time_zone').value, Intl.DateTimeFormat().resolvedOptions().timeZone]").await;
        assert_eq!(zone[0], zone[1], "the zone of the browser is offered");
    }
    way.browser.fill("#skills_any", "rust").await;
    way.browser.fill("#time_zone", "Asia/Kolkata").await;
    if scripts {
        way.browser.wait_for("#fits", "1 of the 4 open jobs fits").await;
        way.browser.wait_for("#told", "1 of the 4 open jobs fits").await;
    } else {
        way.browser.press("button[value=preview]").await;
        way.browser.wait_for("#fits", "1 of the 4 open jobs fits").await;
    }
    way.browser.fill("#email", "asha@example.org").await;
    way.browser.fill("#name", "Rust in Pune").await;
    way.look("filled").await;
    way.pass(5);
    way.browser.press("button[value=subscribe]").await;
    way.browser.wait_for("h1", "Look into your mailbox").await;
    way.look("look-into-your-mailbox").await;

    let confirmation = way.postbox.fetch_one().await;
    way.read(&confirmation, "letter-confirmation").await;
    way.browser.press("a[href*='/confirm/']").await;
    way.browser.wait_for("h1", "One press and it begins").await;
    way.look("confirm").await;
    way.browser.press("main button").await;
    way.browser.wait_for("main", "Thank you for subscribing to your personalised job alerts.").await;
    way.look("confirmed").await;
}

/// What a person does with an alert: say what one thinks of a job, change, pause, resume.
async fn live_with_it(way: &mut Journey, welcome: &Message, person: SubscriberId) {
    way.read(welcome, "letter-welcome").await;
    way.browser.press("a[href*='/feedback/']").await;
    way.browser.wait_for("h1", "What do you think of this job?").await;
    way.look("feedback").await;
    way.browser.press("summary").await;
    way.browser.press("input[value=level]").await;
    way.browser.press("button[value=not_for_me]").await;
    way.browser.wait_for("main", "You said: not for me, because of the level.").await;
    way.look("feedback-kept").await;

    way.open(&way.site.manage(person)).await;
    way.browser.wait_for("main", "What you said of jobs (1)").await;
    way.look("manage").await;
    way.browser.press("a[href*='edit=']").await;
    way.browser.wait_for("h1", "Change this alert").await;
    way.look("edit").await;
    way.browser.fill("#name", "Rust anywhere").await;
    way.browser.press("button[value=change]").await;
    way.browser.wait_for("main", "Your changes are kept.").await;
    way.browser.press("button[value=pause]").await;
    way.browser.wait_for("main", "Your alerts are paused").await;
    way.look("paused").await;
    way.browser.press("button[value=resume]").await;
    way.browser.wait_for("main", "Your alerts are on again.").await;

    way.open("/jobs").await;
    way.look("jobs").await;
    way.browser.press(".card a").await;
    way.browser.wait_for("main", "What we understood").await;
    way.look("job").await;
    way.open("/link").await;
    way.look("link").await;
}

async fn the_whole_way(width: u32, scripts: bool) {
    let mut way = Journey::begin(width, scripts).await;
    subscribe(&mut way, scripts).await;
    let person = way.site.store.subscriber_by_email(&"asha@example.org".parse_email()).await.unwrap().unwrap();
    assert_eq!(person.state, SubscriberState::Active);
    let welcome = way.postbox.fetch_one().await;
    live_with_it(&mut way, &welcome, person.id).await;

    way.read(&welcome, "letter-again").await;
    way.browser.press("a[href*='/unsubscribe/']").await;
    way.browser.wait_for("h1", "End this alert?").await;
    way.look("unsubscribe").await;
    way.browser.press("main button").await;
    way.browser.wait_for("h1", "This alert has ended").await;
    let goodbye = way.postbox.fetch_one().await;
    way.read(&goodbye, "letter-goodbye").await;
    way.browser.press("a[href*='/manage/']").await;
    way.browser.wait_for("h1", "Your alerts").await;
    way.browser.press("button[value=erase]").await;
    way.browser.wait_for("h1", "Erase everything about you?").await;
    way.look("erase").await;
    way.browser.press("button[value=erase-now]").await;
    way.browser.wait_for("h1", "Everything about you is erased").await;
    assert_eq!(way.site.store.subscriber(person.id).await.unwrap(), None);
    let axe = if way.axe.is_some() { ", 0 violations by axe" } else { "" };
    say(&format!("{} pages and letters in the browser at {}{axe}", way.pages, way.name));
}

#[tokio::test]
async fn a_person_goes_the_whole_way_in_a_browser_on_a_phone_and_on_a_desk_with_scripts_and_without() {
    if !Browser::is_here() {
        return skipped("journeys in a browser", "chromium and chromedriver are not installed (Debian packages chromium, chromium-driver)");
    }
    for (width, scripts) in [(360, true), (1_280, true), (360, false), (1_280, false)] {
        the_whole_way(width, scripts).await;
    }
}

#[tokio::test]
async fn no_text_of_strangers_makes_a_page_wider_than_a_phone() {
    if !Browser::is_here() {
        return skipped(
            "hostile names on a phone",
            "chromium and chromedriver are not installed (Debian packages chromium, chromium-driver)",
        );
    }
    let site = Site::with(WebSettings { admin: true, ..WebSettings::default() }).await;
    let long = "X".repeat(150);
    let mut job = posting("long", &format!("Rust{long}"), &long, &format!("<p>Backend services in Rust, {long}.</p><p>{long}</p>"));
    (job.company, job.credit) = (Some(long.clone()), Some(long.clone()));
    job.salary_text = Some("₹28,00,000 - ₹42,00,000 a year".to_owned());
    site.publish(board().into_iter().chain([job]).collect()).await;
    let companies = format!("{long}\nAcme");
    let wishes = [("name", &long[..100]), ("skills_any", "rust"), ("companies_never", &companies), ("keywords", &format!("-{long}"))];
    let fields = [("email", "asha@example.org"), ("frequency", "daily"), ("at", "08:00")];
    assert_eq!(site.post("/subscribe", &[&fields[..], &wishes[..]].concat()).await.status, 200);
    let confirm = format!("/confirm/{}", site.confirmation().await);
    site.post(&confirm, &[]).await;
    let person = site.store.subscriber_by_email(&"asha@example.org".parse_email()).await.unwrap().unwrap().id;
    let alert = site.store.subscriptions_of(person).await.unwrap()[0].id;
    let listing = 1 + i64::try_from(board().len()).unwrap();
    let feedback = site.feedback(alert, listing);
    assert!(site.post(&feedback, &[("do", "not_for_me")]).await.has("You said"));
    let (manage, unsubscribe) = (site.manage(person), site.unsubscribe(person, alert));
    let (edit, webhook) = (format!("{manage}?edit={}", alert.0), format!("{manage}?webhook={}", alert.0));
    let (typed, wrong) = (format!("/?skills_any=rust&name={long}"), format!("/jobs?keywords=({long}&places={long}&companies_only={long}"));
    let job = format!("/jobs/{listing}");
    let browser = Browser::open(360, true).await;
    let mut shown = 0;
    for path in ["/", "/jobs", &job, &typed, &wrong, &manage, &edit, &webhook, &feedback, &unsubscribe, "/jobs/pay", "/admin"] {
        browser.go(&format!("{}{path}", site.url)).await;
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true })").await;
        let wide = browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]").await;
        assert_eq!(wide[0], wide[1], "{path} sticks out");
        shown += usize::from(browser.run("return document.body.textContent.includes('XXXX')").await == json!(true));
        browser.picture(&format!("hostile-names-{shown}-360")).await;
    }
    assert_eq!(shown, 9, "pages that show a name of strangers");
}

#[tokio::test]
async fn the_table_of_pay_fits_a_phone_in_every_language() {
    if !Browser::is_here() {
        return skipped(
            "the table of pay on a phone",
            "chromium and chromedriver are not installed (Debian packages chromium, chromium-driver)",
        );
    }
    let site = Site::start().await;
    let job = |(n, place, figure, currency): (i64, &str, f64, &str)| {
        let mut job =
            posting(&format!("pay-{n}"), &format!("Senior Database Administrator no {n}"), place, &format!("<p>Oracle, team {n}.</p>"));
        let pay = StructuredPay { min: Some(figure), max: Some(figure), currency: Some(currency.to_owned()), ..StructuredPay::default() };
        job.salary = Some(StructuredPay { period: Some(PayPeriod::Year), ..pay });
        job
    };
    let lakh = (1..7).map(|n| (n, "Pune, India", 4_750_000.0, "INR"));
    site.publish(lakh.chain((11..17).map(|n| (n, "Zurich, Switzerland", 123_456.0, "CHF"))).map(job).collect()).await;
    let browser = Browser::open(360, true).await;
    for language in Language::ALL {
        browser.go(&format!("{}/jobs/pay?lang={language}", site.url)).await;
        let wide = "const boxes = [...document.querySelectorAll('.scroll')]; \
             return boxes.length ? boxes.map((box) => box.scrollWidth - box.clientWidth) : ['no table']";
        assert_eq!(browser.run(wide).await, json!([0, 0]), "{language}");
        let broken =
            "return [...document.querySelectorAll('.folded td')].filter((cell) => cell.offsetHeight > 30).map((cell) => cell.textContent)";
        assert_eq!(browser.run(broken).await, json!([]), "{language}: no figure is broken");
        browser.picture(&format!("pay-table-{language}-360")).await;
    }
    browser.resize(1_280).await;
    let rows = "return [...document.querySelectorAll('.folded tr')].every((row) => getComputedStyle(row).display === 'table-row')";
    assert_eq!(browser.run(rows).await, json!(true), "a desk keeps its table");
}
