//! Letters as people get them: what they say, that the counts add up, and that a listing cannot change what they are.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

mod page;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use html5ever::tokenizer::Tag;
use page::{loose_texts, shape, tags, urls};
use rolecall::compose::{AlertLetter, ComposeError, Composer, LetterListing, Reading, RenewalLetter, ServiceNames, SilenceLetter};
use rolecall::domain::cadence::{Cadence, Rhythm};
use rolecall::domain::delivery::{Delivery, DeliveryId, DeliveryKind};
use rolecall::domain::delivery_state::DeliveryState;
use rolecall::domain::digest::{Criterion, Reason, Verdict};
use rolecall::domain::facts::{Facts, Finding};
use rolecall::domain::language::Language;
use rolecall::domain::letter_token::letter_of;
use rolecall::domain::listing::{Fingerprint, Listing, ListingId, Seq};
use rolecall::domain::listing_event::{Difference, ListingEvent, ListingEventKind, ListingPart};
use rolecall::domain::pay::{Amount, Currency, Pay, PayPeriod};
use rolecall::domain::token::{Signer, TokenPurpose};
use rolecall::domain::{
    Country, EmailAddress, Message, Place, Posting, Preferences, Role, SubscriberId, Subscription, SubscriptionId, Words, WorkMode,
};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 2, 30, 0).unwrap()
}

fn signer() -> Signer {
    Signer::new(b"a secret of the tests")
}

fn composer() -> Composer {
    let service = ServiceNames {
        name: "Rolecall".into(),
        base_url: "https://alerts.example.org/jobs-for-you/".parse().unwrap(),
        postal_address: "12 Residency Road, Bengaluru 560025, India".into(),
        contact: "post@alerts.example.org".into(),
        sender_domain: "alerts.example.org".into(),
    };
    Composer::new(service, signer()).unwrap()
}

fn asha() -> EmailAddress {
    EmailAddress::parse("asha@example.org").unwrap()
}

fn delivery(kind: DeliveryKind) -> Delivery {
    Delivery {
        id: DeliveryId(41),
        subscriber: SubscriberId(7),
        subscription: Some(SubscriptionId(17)),
        kind,
        state: DeliveryState::Sending,
        unanswered: 0,
        attempts: 1,
        created_at: now(),
        digest: None,
        secret: None,
    }
}

fn subscription(name: &str) -> Subscription {
    let at = chrono::NaiveTime::from_hms_opt(8, 0, 0).unwrap();
    Subscription {
        id: SubscriptionId(17),
        subscriber: SubscriberId(7),
        name: name.into(),
        preferences: Preferences::default(),
        cadence: Cadence::new(Rhythm::Daily { at, days: vec![] }, chrono_tz::Asia::Kolkata),
        feedback: Vec::new(),
        cursor: Seq(0),
        due_at: None,
        welcomed: true,
        created_at: now(),
    }
}

fn facts() -> Facts {
    serde_json::from_value(serde_json::json!({
        "role": Finding::stated(Role::BackendEngineer, "Backend Engineer"),
        "is_backend": Finding::stated(true, "Backend Engineer"),
    }))
    .unwrap()
}

fn listing(id: i64, title: &str, company: &str, text: &str) -> Listing {
    Listing {
        id: ListingId(id),
        seq: Seq(id),
        quiet: false,
        posting: Posting {
            id: id.to_string(),
            source: "ledgerline".into(),
            title: title.into(),
            company: Some(company.into()),
            location: Some("Pune, Maharashtra".into()),
            url: Some(format!("https://boards.example/{}/jobs/{id}?lang=en&ref=feed", company.to_lowercase())),
            ..Posting::default()
        },
        text: text.into(),
        words: Words::default(),
        facts: facts(),
        fingerprint: Fingerprint(id.to_string()),
        first_seen: now() - Duration::minutes(130),
        last_seen: now(),
        posted_at: None,
        valid_through: None,
        closed_at: None,
    }
}

/// A listing with everything we may know of it.
fn rust_in_pune() -> Listing {
    let text = "You will build the ledger that settles 40 million UPI payments a day. Rust, PostgreSQL and Kafka; on call one week in \
                eight. We pair a lot and write things down, and we ship every day.";
    let mut listing = listing(1, "Rust Backend Engineer", "Ledgerline", text);
    let lakh = |count: f64| Some(Amount::from_units(count * 100_000.0).unwrap());
    let pay =
        Pay { min: lakh(18.0), max: lakh(26.0), currency: Some(Currency::INR), period: Some(PayPeriod::Year), raw: "18-26 LPA".into() };
    listing.facts.pay = Some(Finding::stated(pay, "18-26 LPA"));
    listing.facts.work_mode = Some(Finding::stated(WorkMode::Hybrid, "three days in the office"));
    let pune = Place { city: Some("Pune".into()), country: Country::parse("IN").ok(), ..Place::default() };
    listing.facts.places = vec![Finding::stated(pune, "Pune")];
    listing.posting.apply_url = Some("https://apply.example/ledgerline/1".into());
    listing
}

fn go_remote() -> Listing {
    let mut listing =
        listing(2, "Senior Go Engineer, Payments", "Nordkraft", "Own the services that bill two million meters across the north.");
    let pay = Pay {
        min: Some(Amount::from_units(72_000.0).unwrap()),
        max: None,
        currency: Currency::parse("EUR").ok(),
        period: Some(PayPeriod::Year),
        raw: "ab 72.000 EUR".into(),
    };
    listing.facts.pay = Some(Finding::stated(pay, "ab 72.000 EUR"));
    listing.facts.work_mode = Some(Finding::stated(WorkMode::Remote, "remote within DE or PL"));
    listing.facts.remote_countries = ["DE", "PL"].iter().map(|code| Finding::stated(Country::parse(code).unwrap(), code)).collect();
    listing.first_seen = now() - Duration::days(3);
    listing
}

fn reason(criterion: Criterion, verdict: Verdict, found: &str) -> Reason {
    Reason { criterion, verdict, wish: "rust or go".into(), found: found.into(), evidence: found.into() }
}

fn shown(listing: &Listing) -> LetterListing<'_> {
    let reasons = vec![
        reason(Criterion::Skills, Verdict::Holds, "rust, postgresql"),
        reason(Criterion::Place, Verdict::Holds, "Pune"),
        reason(Criterion::Seniority, Verdict::Unknown, ""),
    ];
    LetterListing { listing, reading: Reading::new(), reasons, also: vec![] }
}

/// A letter of this kind with these listings, out of `total`.
fn letter(kind: DeliveryKind, listings: &[Listing], more: &[(&str, u32)], total: u32, closed: u32) -> Message {
    composer().alert(&AlertLetter {
        delivery: &delivery(kind),
        to: &asha(),
        subscription: &subscription("Rust in Pune"),
        confirmed_at: Some(now() - Duration::days(3)),
        listings: listings.iter().map(shown).collect(),
        since: vec![],
        more: more.iter().map(|(company, count)| ((*company).to_owned(), *count)).collect(),
        total,
        closed,
        now: now(),
    })
}

#[test]
fn a_digest_reads_like_this() {
    let message = letter(DeliveryKind::Digest, &[rust_in_pune(), go_remote()], &[("Acme", 3), ("Globex", 2)], 9, 1);
    assert_eq!(message.subject, "Rust Backend Engineer, ₹18-26 lakh, Pune + 7 more");
    insta::assert_snapshot!("digest_text", message.text);
    insta::assert_snapshot!("digest_html", message.html);
}

#[test]
fn a_reason_is_said_in_the_readers_language() {
    let remote = go_remote();
    let criteria = [Criterion::Role, Criterion::Salary, Criterion::Place, Criterion::WorkMode];
    let mut reasons: Vec<Reason> = criteria.map(|criterion| reason(criterion, Verdict::Holds, "said in English")).into();
    reasons.push(reason(Criterion::Skills, Verdict::Holds, Reason::NONE_OF_THESE));
    reasons.push(reason(Criterion::Keywords, Verdict::Holds, "payments"));
    for (language, words) in [
        (
            Language::English,
            "role: backend engineer · pay: from €72,000 a year · place: remote, open to Germany, Poland · work mode: remote · skills: none of these",
        ),
        (
            Language::German,
            "Arbeit: Backend-Entwicklung · Gehalt: ab 72.000 € im Jahr · Ort: remote, offen für Germany, Poland · Arbeitsweise: remote · Kenntnisse: nichts davon",
        ),
        (
            Language::Hindi,
            "काम: backend engineer · वेतन: €72,000 से सालाना · जगह: remote, Germany, Poland के लिए खुली · काम का तरीक़ा: remote · skills: इनमें से कुछ नहीं",
        ),
    ] {
        let letter = AlertLetter {
            delivery: &delivery(DeliveryKind::Instant),
            to: &asha(),
            subscription: &subscription("Go"),
            confirmed_at: None,
            listings: vec![LetterListing { listing: &remote, reading: Reading::new(), reasons: reasons.clone(), also: vec![] }],
            since: vec![],
            more: vec![],
            total: 1,
            closed: 0,
            now: now(),
        };
        let text = composer().speaking(language).alert(&letter).text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn an_instant_alert_names_company_and_pay() {
    let message = letter(DeliveryKind::Instant, &[rust_in_pune()], &[], 1, 0);
    assert_eq!(message.subject, "Rust Backend Engineer, Ledgerline, ₹18-26 lakh");
    assert!(message.text.contains("1 new job fits") && !message.text.contains("more that"), "{}", message.text);
}

#[test]
fn a_welcome_thanks_and_says_honestly_when_nothing_fits_yet() {
    let empty = letter(DeliveryKind::Welcome, &[], &[], 0, 0);
    assert_eq!(empty.subject, "Welcome: your job alert is on");
    for part in [&empty.text, &empty.html] {
        assert!(
            part.contains("Thank you for subscribing to your personalised job alerts.")
                && part.contains("Nothing that is open now fits yet")
        );
    }
    let full = letter(DeliveryKind::Welcome, &[rust_in_pune()], &[], 12, 0);
    assert_eq!(full.subject, "Welcome: 12 open jobs fit your alert now");
    assert!(full.text.contains("12 open jobs fit already") && full.text.contains("+ 11 more that fit"), "{}", full.text);
}

#[test]
fn what_is_shown_and_what_is_not_add_up_to_what_fits() {
    for (total, closed, rows, fits, more) in [
        (9, 1, &[("Acme", 3), ("Globex", 2)][..], "8 new jobs fit", Some("+ 6 more that fit: Acme (3), Globex (2) and 1 elsewhere")),
        (3, 0, &[("Acme", 5)], "3 new jobs fit", Some("+ 1 more that fits: Acme (1)\n")),
        (4, 0, &[], "4 new jobs fit", Some("+ 2 more that fit\n")),
        (3, 1, &[("Acme", 1)], "2 new jobs fit", None),
        (0, 5, &[], "2 new jobs fit", None),
    ] {
        let message = letter(DeliveryKind::Digest, &[rust_in_pune(), go_remote()], rows, total, closed);
        assert!(message.text.contains(fits) && message.html.contains(fits), "{}", message.text);
        match more {
            Some(words) => assert!(message.text.contains(words), "{}", message.text),
            None => assert!(!message.text.contains("more that") && !message.html.contains("more that"), "{}", message.text),
        }
    }
}

#[test]
fn every_address_of_the_html_part_stands_in_the_text_part() {
    let listings = [rust_in_pune(), go_remote()];
    let alerts =
        [DeliveryKind::Welcome, DeliveryKind::Instant, DeliveryKind::Digest].map(|kind| letter(kind, &listings, &[("Acme", 4)], 6, 0));
    let others = [
        composer().confirmation(&delivery(DeliveryKind::Confirmation), &asha(), "tok_en-1"),
        composer().link(&delivery(DeliveryKind::Link), &asha()),
    ];
    for message in alerts.iter().chain(&others) {
        let found = urls(&message.html);
        assert!(found.len() >= 2);
        for url in found {
            assert!(message.text.contains(&url), "{url} is missing in\n{}", message.text);
        }
    }
}

#[test]
fn a_hostile_listing_adds_no_node_and_no_foreign_link() {
    let payloads = [
        "<script>alert(1)</script>",
        "</td></tr></table><img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "' onmouseover='alert(1)",
        "</title><iframe src=//evil.example>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[x",
        "&lt;b&gt;",
        "&#60;b&#62;",
        "{{ service }}",
        "{% raw %}",
        "<a href=\"https://evil.example\">here</a>",
        "\u{202e}gpj.exe",
        "a\0b",
        "a\u{1b}]8;;https://evil.example\u{7}b",
        "\u{feff}<b>",
        "＜script＞",
        "</style><style>*{}</style>",
    ];
    let hosts = ["alerts.example.org", "boards.example", "apply.example"];
    let told = |payload: &str| {
        let mut listing = rust_in_pune();
        listing.posting.title = payload.into();
        listing.posting.company = Some(payload.into());
        listing.posting.source = payload.into();
        listing.text = payload.repeat(3);
        listing.facts.places[0].value.city = Some(payload.into());
        listing.facts.pay.as_mut().unwrap().value = Pay { min: None, max: None, currency: None, period: None, raw: payload.into() };
        listing.posting.url = Some(format!("https://boards.example/{payload}"));
        listing.posting.apply_url = Some(format!("https://apply.example/?q={payload}"));
        let mut shown = shown(&listing);
        shown.reasons.push(reason(Criterion::Keywords, Verdict::Holds, payload));
        composer().alert(&AlertLetter {
            delivery: &delivery(DeliveryKind::Digest),
            to: &asha(),
            subscription: &subscription(payload),
            confirmed_at: None,
            listings: vec![shown],
            since: vec![],
            more: vec![(payload.into(), 1)],
            total: 2,
            closed: 0,
            now: now(),
        })
    };
    let plain = shape(&told("plain").html);
    for payload in payloads {
        let message = told(payload);
        assert_eq!(shape(&message.html), plain, "{payload:?}");
        for url in urls(&message.html).into_iter().filter(|url| url != "mailto:post@alerts.example.org") {
            let url = url::Url::parse(&url).unwrap();
            assert!(url.host_str().is_some_and(|host| hosts.contains(&host)), "{payload:?} made {url}");
        }
        let hidden = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{feff}';
        for part in [&message.subject, &message.text, &message.html] {
            assert!(!part.contains(hidden), "{payload:?} left a hidden character in {part:?}");
        }
    }
}

/// A text that runs from right to left turns nothing around but itself: not the figures beside it, and not the words of the letter.
#[test]
fn a_job_in_arabic_or_hebrew_keeps_its_direction_to_itself() {
    let from_right = |text: &str| text.chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c));
    for (title, company, place, text) in [
        ("مهندس برمجيات (Rust) - 5 سنوات", "شركة البيانات 24", "دبي", "نبني خدمات الدفع بلغة Rust و PostgreSQL."),
        ("מפתח/ת צד שרת, Go ו-Rust", "חברת הנתונים בע״מ", "תל אביב", "אנחנו בונים שירותי תשלומים."),
    ] {
        let mut listing = rust_in_pune();
        listing.posting.title = title.into();
        listing.posting.company = Some(company.into());
        listing.facts.places[0].value.city = Some(place.into());
        listing.text = text.into();
        listing.facts.pay.as_mut().unwrap().value =
            Pay { min: None, max: None, currency: None, period: None, raw: "١٨٬٠٠٠ درهم".into() };
        let mut shown = shown(&listing);
        shown.reasons.push(reason(Criterion::Keywords, Verdict::Holds, title));
        let event = ListingEvent {
            listing: listing.id,
            kind: ListingEventKind::Changed,
            happened_at: now(),
            differences: vec![Difference { part: ListingPart::Place, before: Some(place.into()), after: Some(company.into()) }],
        };
        let message = composer().alert(&AlertLetter {
            delivery: &delivery(DeliveryKind::Digest),
            to: &asha(),
            subscription: &subscription(title),
            confirmed_at: Some(now()),
            listings: vec![shown],
            since: vec![(listing.clone(), event)],
            more: vec![(company.into(), 3)],
            total: 4,
            closed: 0,
            now: now(),
        });
        assert!(message.html.matches(company).count() >= 3 && message.html.contains(title), "{}", message.html);
        let loose: Vec<String> = loose_texts(&message.html).into_iter().filter(|text| from_right(text)).collect();
        assert_eq!(loose, Vec::<String>::new());
        assert!(message.text.contains(title) && message.subject.starts_with(title), "{}", message.subject);
        let alert = |kind| {
            let told = subscription(title);
            let (delivery, to, confirmed_at) = (&delivery(kind), &asha(), Some(now()));
            match kind {
                DeliveryKind::Renewal => {
                    composer().renewal(&RenewalLetter { delivery, to, alerts: &[told], confirmed_at, alive_at: now() })
                }
                _ => {
                    composer().silence(&SilenceLetter { delivery, to, subscription: &told, confirmed_at, published: 9, keeps_away: vec![] })
                }
            }
        };
        for message in [alert(DeliveryKind::Renewal), alert(DeliveryKind::Silence)] {
            assert!(message.html.contains(title) && !loose_texts(&message.html).iter().any(|text| from_right(text)), "{}", message.html);
        }
    }
}

#[test]
fn a_link_that_is_no_web_address_leads_to_our_own_page_instead() {
    for bad in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "https://bank.example@evil.example"] {
        let mut listing = rust_in_pune();
        listing.posting.url = Some(bad.into());
        listing.posting.apply_url = Some(bad.into());
        let message = letter(DeliveryKind::Digest, &[listing], &[], 1, 0);
        assert!(message.text.contains("https://alerts.example.org/jobs-for-you/jobs/1\n"), "{}", message.text);
        assert!(!message.html.contains(bad) && !message.text.contains(bad), "{bad}");
    }
}

#[test]
fn the_tokens_of_a_letter_claim_what_their_pages_check() {
    let message = letter(DeliveryKind::Digest, &[rust_in_pune()], &[], 2, 0);
    let token = |path: &str| {
        let start = message.text.find(path).unwrap() + path.len();
        message.text[start..].split_whitespace().next().unwrap().to_owned()
    };
    let claims = |purpose, token: &str, days| signer().verify(purpose, token, now() + Duration::days(days));
    let manage = token("/manage/");
    assert_eq!(claims(TokenPurpose::Manage, &manage, 29).unwrap().ids, [7, 0, 0]);
    assert!(claims(TokenPurpose::Manage, &manage, 30).is_none());
    assert_eq!(claims(TokenPurpose::Unsubscribe, &token("/unsubscribe/"), 40_000).unwrap().ids, [7, 17, 0]);
    let digest = token("/digests/");
    assert_eq!(claims(TokenPurpose::Digest, &digest, 59).unwrap().ids, [41, 0, 0]);
    assert!(claims(TokenPurpose::Digest, &digest, 60).is_none());
    let list = message.list.unwrap();
    assert_eq!((list.id.as_str(), list.name.as_str()), ("alert-17", "Rust in Pune"));
    assert!(list.unsubscribe_url.ends_with(&token("/unsubscribe/")));
}

#[test]
fn two_attempts_of_one_delivery_are_one_message() {
    let first = letter(DeliveryKind::Digest, &[rust_in_pune()], &[], 1, 0);
    assert_eq!(first, letter(DeliveryKind::Digest, &[rust_in_pune()], &[], 1, 0));
    let (token, moment) = first.id.0.strip_suffix("@alerts.example.org").unwrap().split_once('.').unwrap();
    assert_eq!(letter_of(&signer(), token), Some(DeliveryId(41)), "what comes back is known by it: {token}");
    assert!(!moment.is_empty() && moment.bytes().all(|byte| byte.is_ascii_hexdigit()), "{moment}");
    let other = Delivery { id: DeliveryId(42), ..delivery(DeliveryKind::Link) };
    assert_ne!(composer().link(&other, &asha()).id, composer().link(&delivery(DeliveryKind::Link), &asha()).id);
}

#[test]
fn a_confirmation_holds_its_link_and_no_list_header() {
    let message = composer().confirmation(&delivery(DeliveryKind::Confirmation), &asha(), "tok_en-1");
    assert_eq!(message.subject, "Confirm your job alerts from Rolecall");
    assert!(message.text.contains("https://alerts.example.org/jobs-for-you/confirm/tok_en-1\n"));
    assert!(message.list.is_none() && !message.text.contains("asha"));
}

#[test]
fn a_letter_of_25_long_listings_stays_below_what_mail_programs_clip() {
    const CLIPPED_FROM: usize = 80 * 1024;
    let mut long = rust_in_pune();
    long.posting.title = "Principal Distributed Systems and Backend Engineer ".repeat(4);
    long.text = "We build payments infrastructure for small shops all over the country and beyond it. ".repeat(40);
    let listings = vec![long; 25];
    let message = letter(DeliveryKind::Digest, &listings, &[("Acme", 40)], 80, 0);
    let from = rolecall::mail::Sender::parse("Rolecall <alerts@example.org>").unwrap();
    let wire = String::from_utf8(rolecall::mail::bytes(&message, &from).unwrap()).unwrap();
    let html = wire.split("Content-Type: text/html").nth(1).unwrap().len();
    eprintln!("25 listings: html {} bytes, encoded {html}, whole letter {}", message.html.len(), wire.len());
    assert!(html <= CLIPPED_FROM, "{html} bytes");
    assert!(message.subject.chars().count() <= 60, "{}", message.subject);
}

#[test]
fn letters_can_be_read_by_everyone() {
    for message in
        [letter(DeliveryKind::Digest, &[rust_in_pune()], &[("Acme", 1)], 2, 0), composer().link(&delivery(DeliveryKind::Link), &asha())]
    {
        let all = tags(&message.html);
        let attribute = |tag: &Tag, name: &str| tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        let names: BTreeSet<&str> = all.iter().map(|tag| &*tag.name).collect();
        assert!(names.contains("title") && all.iter().filter(|tag| &*tag.name == "h1").count() == 1);
        assert_eq!(attribute(all.iter().find(|tag| &*tag.name == "html").unwrap(), "lang").as_deref(), Some("en"));
        assert!(all.iter().filter(|tag| &*tag.name == "table").all(|table| attribute(table, "role").as_deref() == Some("presentation")));
        assert!(["img", "script", "link", "iframe", "form"].iter().all(|name| !names.contains(name)), "{names:?}");
        for size in message.html.match_indices("font-size:").map(|(at, key)| &message.html[at + key.len()..]) {
            let pixels: u32 = size.split("px").next().unwrap().parse().unwrap();
            assert!(pixels >= 14, "{pixels} px");
        }
    }
}

/// Every letter there is, as its example, and the report to the operator.
fn every_letter() -> Vec<Message> {
    let composer = composer();
    let mut all: Vec<Message> = DeliveryKind::ALL.iter().map(|kind| composer.example(*kind, &asha(), now())).collect();
    all.push(composer.example_report(&asha(), now()));
    all
}

#[test]
fn no_letter_loads_anything_or_tells_that_it_was_opened() {
    let plain = ["html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2", "ul", "li"];
    let plain: BTreeSet<&str> = plain.into_iter().chain(["a", "strong", "span", "code", "main", "tbody"]).collect();
    for message in every_letter() {
        for tag in tags(&message.html) {
            assert!(plain.contains(&*tag.name), "<{}> in {}", tag.name, message.subject);
            let loads =
                |name: &str| matches!(name, "src" | "srcset" | "background" | "poster" | "data" | "action") || name.starts_with("on");
            assert!(tag.attrs.iter().all(|attribute| !loads(&attribute.name.local)), "{tag:?}");
        }
        let lower = message.html.to_lowercase();
        assert!(["url(", "@import", "@font-face", "<!--[if"].iter().all(|way| !lower.contains(way)), "{}", message.subject);
    }
    // The link of a job is the job's own address: nothing in between counts who follows it.
    let html = letter(DeliveryKind::Digest, &[rust_in_pune()], &[], 1, 0).html;
    let (job, apply) = ("https://boards.example/ledgerline/jobs/1?lang=en&ref=feed", "https://apply.example/ledgerline/1");
    assert!([job, apply].iter().all(|link| urls(&html).iter().any(|url| url == link)), "{:?}", urls(&html));
}

#[test]
fn every_letter_says_who_sends_it_why_and_where_to_complain() {
    for message in every_letter() {
        for part in [&message.text, &message.html] {
            for said in ["Rolecall", "12 Residency Road, Bengaluru 560025, India", "post@alerts.example.org"] {
                assert!(part.contains(said), "{said} is missing in {}", message.subject);
            }
        }
        if let Some(list) = &message.list {
            assert!(message.text.contains(&list.unsubscribe_url) && urls(&message.html).contains(&list.unsubscribe_url));
        }
    }
    let digest = letter(DeliveryKind::Digest, &[rust_in_pune()], &[], 1, 0);
    for part in [&digest.text, &digest.html] {
        assert!(part.contains("You get this because you subscribed") && part.contains("You agreed to it on"), "{part}");
        assert!(part.contains("Change or pause your alerts") && part.contains("Unsubscribe from this alert"));
    }
}

#[test]
fn every_letter_has_a_dark_dress_and_no_ground_in_plain_black_or_white() {
    for message in every_letter() {
        let all = tags(&message.html);
        let attribute = |tag: &Tag, name: &str| tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        let schemes = all.iter().find(|tag| attribute(tag, "name").as_deref() == Some("color-scheme")).unwrap();
        assert_eq!(attribute(schemes, "content").as_deref(), Some("light dark"));
        assert!(message.html.contains("@media (prefers-color-scheme: dark)"));
        let lower = message.html.to_lowercase();
        for plain in [
            "background:#fff;",
            "background:#ffffff",
            "background: #fff",
            "background:#000",
            "background: #000",
            "color:#000",
            "color: #000",
        ] {
            assert!(!lower.contains(plain), "{plain} in {}", message.subject);
        }
    }
}

/// WCAG 2.2 1.4.3: the colours of text on its ground in the layout, light and dark.
#[test]
fn the_colours_of_the_letters_have_contrast() {
    let light = |hex: &str| {
        let channel = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(channel(1)) + 0.7152 * linear(channel(3)) + 0.0722 * linear(channel(5))
    };
    let html = composer().link(&delivery(DeliveryKind::Link), &asha()).html;
    for (text, ground) in [
        ("#1f2430", "#fdfdfe"),
        ("#566072", "#fdfdfe"),
        ("#0b57d0", "#fdfdfe"),
        ("#ffffff", "#0b57d0"),
        ("#e8eaed", "#1e232b"),
        ("#b0b7c3", "#1e232b"),
        ("#8ab4f8", "#1e232b"),
        ("#14171c", "#8ab4f8"),
    ] {
        assert!(html.contains(text) && html.contains(ground), "{text} on {ground} is not used any more");
        let (a, b) = (light(text), light(ground));
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
    }
}

#[test]
fn a_base_address_that_is_not_of_the_web_is_refused() {
    let service = ServiceNames {
        name: "R".into(),
        base_url: "ftp://x.org/".parse().unwrap(),
        postal_address: String::new(),
        contact: String::new(),
        sender_domain: "x.org".into(),
    };
    assert!(matches!(Composer::new(service, signer()), Err(ComposeError::BaseUrl(_))));
}
