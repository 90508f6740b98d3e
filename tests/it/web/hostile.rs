//! Attacks by what is typed into the form and by what a board publishes: neither becomes part of a letter or a page.

use std::collections::BTreeSet;

use rolecall::domain::{EmailAddress, Posting};
use rolecall::mail::Sender;
use scraper::{Html, Selector};

use super::letters::path_in;
use super::postbox::Postbox;
use super::site::{Site, posting};
use crate::support::say;

const TYPED: &str = "Buy pills at https://spam.example/now \r\nBcc: victim@example.org <b>x</b>";

#[tokio::test]
async fn a_confirmation_letter_carries_nothing_that_was_typed_into_the_form() {
    let site = Site::start().await;
    let names = ["name", "companies_never", "companies_only"];
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, TYPED)).chain([("email", "victim@example.org")]).collect();
    let kept = site.post("/subscribe", &[&fields[..], &[("keywords", "pills")]].concat()).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    let letter = Postbox::at(&site).fetch_one().await;
    let wire = String::from_utf8(rolecall::mail::bytes(&letter, &Sender::parse("alerts@example.org").unwrap()).unwrap()).unwrap();
    for word in ["pills", "spam.example", "Bcc", "<b>"] {
        let parts = [&letter.subject, &letter.text, &letter.html, &wire];
        assert!(parts.iter().all(|part| !part.contains(word)), "{word} in {wire}");
    }
    assert!(wire.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{wire}");
}

/// The tokens of a letter: what stands below the paths that hold one.
fn tokens(text: &str) -> BTreeSet<String> {
    let paths = ["/confirm/", "/manage/", "/unsubscribe/", "/feedback/", "/digests/", "/renew/"];
    let found = paths.iter().flat_map(|path| text.split(path).skip(1));
    found.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn no_token_of_a_letter_stands_in_the_database_its_log_or_a_copy_once_the_letter_has_left() {
    let site = Site::start().await;
    site.publish(super::site::board()).await;
    let mut postbox = Postbox::at(&site);
    let holds = |token: &str| {
        let files = std::fs::read_dir(site.folder()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.filter(|bytes| bytes.windows(token.len()).any(|window| window == token.as_bytes())).count()
    };
    site.post("/subscribe", &[("email", "asha@example.org"), ("skills_any", "rust"), ("frequency", "daily")]).await;
    let waiting = site.store.claim(site.clock.now(), site.clock.now(), 1).await.unwrap().remove(0).delivery.secret.unwrap();
    assert!(holds(&waiting) > 0, "the search finds the token of a letter that waits");
    site.clock.set(site.clock.now() + chrono::Duration::minutes(1));
    let confirmation = postbox.fetch_one().await;
    assert!(tokens(&confirmation.text).contains(&waiting));
    site.post(&path_in(&confirmation, "/confirm/"), &[]).await;
    let welcome = postbox.fetch_one().await;
    let all: BTreeSet<String> = [confirmation, welcome].iter().flat_map(|letter| tokens(&letter.text)).collect();
    assert!(all.len() >= 4 && all.iter().all(|token| token.len() >= 22), "{all:?}");
    // As each sweep does, every quarter of an hour.
    site.store.empty_log().await;
    site.store.backup(&site.folder().join("copy.db")).await.unwrap();
    for token in &all {
        assert_eq!(holds(token), 0, "{token}");
    }
}

const PAYLOADS: [&str; 26] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href=javascript:alert(1)>x",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=https://evil.example><input name=a><button>b",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>*{display:none}</style>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "' onmouseover='alert(1)",
    " autofocus onfocus=alert(1) x=",
    "{{ service }}{% include 'base.html' %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "\u{202e}<script>\u{202c}\u{feff}\0",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script><![CDATA[",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
];

/// A job whose every word is hostile, or harmless by the same pattern.
fn job(n: usize, words: &str) -> Posting {
    let text = format!("<p>Services in Rust on PostgreSQL, team {n}.</p>{words}<p>On site. {words}</p>");
    let mut job = posting(&n.to_string(), &format!("Backend Engineer {words} {n}"), &format!("Pune, India {words}"), &text);
    job.company = Some(format!("Company {n} {words}"));
    job.url = Some(format!("https://acme.example/jobs/{n}?x={words}"));
    job.apply_url =
        Some(if n.is_multiple_of(2) { format!("javascript:alert('{words}')") } else { format!("https://acme.example/{words}") });
    job.salary_text = Some(format!("20 LPA {words}"));
    job
}

/// Every element of a page with the names of its attributes.
fn shape(html: &str) -> BTreeSet<(String, Vec<String>)> {
    let page = Html::parse_document(html);
    let names = |node: scraper::ElementRef<'_>| node.value().attrs().map(|(name, _)| name.to_owned()).collect();
    page.select(&Selector::parse("*").unwrap()).map(|node| (node.value().name().to_owned(), names(node))).collect()
}

/// What the pages of a site with these jobs are made of, and where they lead; the letters' shape stands with the letters' tests.
async fn pages_of(jobs: Vec<Posting>) -> Vec<BTreeSet<(String, Vec<String>)>> {
    let site = Site::start().await;
    let (_, alert) = site.subscriber("asha@example.org").await;
    let many = jobs.len();
    site.publish(jobs).await;
    site.clock.set(site.clock.now() + chrono::Duration::minutes(5));
    let mut paths: Vec<String> = (1..=many).map(|id| format!("/jobs/{id}")).collect();
    paths.extend(["/jobs".to_owned(), "/?skills_any=rust".to_owned(), site.feedback(alert, 1)]);
    let mut shapes = Vec::new();
    for path in &paths {
        let page = site.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let links = Html::parse_document(&page.body);
        for link in links.select(&Selector::parse("[href]").unwrap()).filter_map(|node| node.attr("href")) {
            let inside = link.starts_with(['/', '#', '?']) && !link.starts_with("//");
            let known = inside || link.starts_with("https://acme.example/");
            assert!(known, "{path} leads to {link}");
        }
        shapes.push(shape(&page.body));
    }
    shapes
}

#[tokio::test]
async fn a_hundred_hostile_postings_add_no_element_and_no_link_to_any_page() {
    let around =
        |payload: &&str| [(*payload).to_owned(), format!("\">{payload}"), format!("-->{payload}"), format!("</title></p>{payload}")];
    let payloads: Vec<String> = PAYLOADS.iter().flat_map(around).collect();
    let count = payloads.len();
    let harmless = pages_of((1..=8).map(|n| job(n, "plain words")).collect()).await;
    let hostile = pages_of(payloads.iter().zip(1..).map(|(payload, n)| job(n, payload)).collect()).await;
    let known: BTreeSet<_> = harmless.into_iter().flatten().collect();
    for (page, at) in hostile.iter().zip(1..) {
        let added: Vec<_> = page.difference(&known).collect();
        assert!(added.is_empty(), "page {at} of {count}: {added:?}");
    }
    say(&format!("{count} hostile postings on {} pages: nothing added", hostile.len()));
}

#[tokio::test]
async fn a_look_alike_host_is_shown_as_what_it_is() {
    let site = Site::start().await;
    // Cyrillic а, Greek ο, a full-width dot, and a name before an @ that looks like a host.
    let looks = [
        ("https://\u{430}cme.example/1", "xn--cme-5cd.example"),
        ("https://acme.c\u{3bf}m/1", "acme.xn--cm-jbc"),
        ("https://acme\u{ff0e}example/1", "acme.example"),
        ("https://acme.example.evil.test/1", "acme.example.evil.test"),
    ];
    let jobs = looks.iter().zip(1..).map(|((url, _), n)| {
        let mut job = posting(&format!("l{n}"), &format!("Backend Engineer {n}"), "Pune, India", &format!("<p>Rust, team {n}.</p>"));
        job.apply_url = Some((*url).to_owned());
        job
    });
    site.publish(jobs.collect()).await;
    for ((url, shown), n) in looks.iter().zip(1..) {
        let page = site.get(&format!("/jobs/{n}")).await;
        let words = page.body.split("Apply at ").nth(1).unwrap_or_else(|| panic!("{url}: {}", page.body));
        assert!(words.starts_with(shown) && words.split('<').next().unwrap().is_ascii(), "{url}: {}", &words[..80]);
    }
}

#[test]
fn sixty_odd_addresses_are_refused() {
    let locals = [
        "a\u{7f}b",
        "a\u{200b}b",
        "a@b",
        "",
        ".a",
        "a.",
        "a..b",
        "a b",
        "\"a b\"",
        "\"a\"",
        "a\u{0}b",
        "a\r\nb",
        "a\tb",
        "\u{905}",
        "a<b",
        "a>b",
        "(c)a",
        "a,b",
        "a;b",
        "a:b",
        "a[b",
        "a\\b",
    ];
    let domains = [
        "",
        "b",
        "localhost",
        "y",
        "[127.0.0.1]",
        "[IPv6:::1]",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "1.2.3",
        "x.1",
        "x..org",
        ".x.org",
        "-x.org",
        "x-.org",
        "x_y.org",
        "x y.org",
        "x.org\r\nBcc: b@x.org",
        "x.org>",
        "<x.org",
        "x.org,y.org",
        "x.org;y",
        "x\\.org",
        "x/y.org",
        "x.org:25",
        "x.org?a",
        "x.org#a",
        "x@y.org",
        "\u{202e}gro.x",
        "x.org\u{0}",
        "*.org",
    ];
    let long = [format!("{}@example.org", "a".repeat(65)), format!("a@{}.org", "b".repeat(64)), format!("a@{}org", "bcdefgh.".repeat(40))];
    let odd = locals.iter().map(|local| format!("{local}@example.org")).chain(domains.iter().map(|domain| format!("a@{domain}")));
    let odd: Vec<String> = odd.chain(long).chain(["a".to_owned(), "@".to_owned(), "<a@x.org>".to_owned()]).collect();
    assert!(odd.len() >= 60, "{}", odd.len());
    for address in odd {
        assert!(EmailAddress::parse(&address).is_err(), "{address:?} was taken");
    }
}
