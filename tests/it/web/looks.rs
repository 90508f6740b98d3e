//! How every page and every letter looks: held to axe in a real browser, in light and dark, on a phone and on a desk (in the other
//! languages in light on a phone, where their long words are tightest), and to the HTML standard by html-validate. `ROLECALL_PICTURES=1` keeps a picture of each under `target/screenshots/looks`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap};
use rolecall::domain::{DeliveryKind, Language};

use super::browser::axe;
use super::driver::Browser;
use super::letters::every_letter;
use super::pages::{Leaf, every_page};
use super::site::{Answer, ParseEmail as _, Site, noon};
use crate::support::{say, skipped};

fn leaf(name: String, body: String) -> Leaf {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, "text/html; charset=utf-8".parse().unwrap())]);
    Leaf { name, answer: Answer { status: StatusCode::OK, headers, body } }
}

/// Every page and letter in the languages beside English.
async fn in_other_languages() -> Vec<Leaf> {
    let (site, to) = (Site::start().await, "asha@example.org".parse_email());
    let mut leaves = Vec::new();
    for language in Language::ALL.iter().copied().filter(|language| *language != Language::English) {
        let pages = every_page(language).await.0.into_iter();
        leaves.extend(pages.map(|page| Leaf { name: format!("{language}-{}", page.name), ..page }));
        let composer = site.desk.composer.speaking(language);
        let letters = DeliveryKind::ALL.iter().map(|kind| (kind, composer.example(*kind, &to, noon())));
        leaves.extend(letters.map(|(kind, letter)| leaf(format!("letter-{language}-{kind}"), letter.html)));
    }
    leaves
}

/// A letter of the year, or an example: both have what the other lacks.
async fn every_letter_twice() -> Vec<Leaf> {
    let site = Site::start().await;
    let to = "asha@example.org".parse_email();
    let composer = &site.desk.composer;
    let examples = DeliveryKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), composer.example(*kind, &to, noon())));
    let report = ("report".to_owned(), composer.example_report(&to, noon()));
    let mut leaves: Vec<Leaf> = examples.chain([report]).map(|(name, letter)| leaf(format!("letter-{name}"), letter.html)).collect();
    every_letter(&site, async |name, letter| {
        leaves.push(leaf(format!("letter-real-{}", name.replace([' ', ','], "-")), letter.html.clone()));
    })
    .await;
    leaves
}

/// What hangs at each path.
type Hung = HashMap<String, (StatusCode, HeaderMap, String)>;

/// What was handed out, handed out once more under the same headers, so that a browser can look at it again and again.
async fn gallery(leaves: impl Iterator<Item = &Leaf>) -> String {
    let hung = leaves.map(|leaf| {
        let kept = [CONTENT_TYPE, CONTENT_SECURITY_POLICY].into_iter();
        let headers: HeaderMap = kept.filter_map(|name| Some((name.clone(), leaf.answer.headers.get(name)?.clone()))).collect();
        (format!("/{}", leaf.name), (leaf.answer.status, headers, leaf.answer.body.clone()))
    });
    let hung: Arc<Hung> = Arc::new(hung.collect());
    let show = async |State(hung): State<Arc<Hung>>, uri: Uri| -> Response {
        hung.get(uri.path()).cloned().map_or_else(|| StatusCode::NOT_FOUND.into_response(), axum::response::IntoResponse::into_response)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(show).with_state(hung)).await });
    url
}

/// One visitor of the gallery; what was found wrong.
async fn visit(url: &str, leaves: &[Leaf], widths: [u32; 2], schemes: &[&str], axe: &str) -> Vec<String> {
    if leaves.is_empty() {
        return Vec::new();
    }
    let pictures = std::env::var_os("ROLECALL_PICTURES").is_some();
    let browser = Browser::open(widths[0], true).await;
    browser.on_every_page(axe).await;
    let mut wrong = Vec::new();
    for leaf in leaves {
        let width = widths[usize::from(leaf.name.starts_with("letter-"))];
        browser.resize(width).await;
        browser.go(&format!("{url}/{}", leaf.name)).await;
        let wide = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        if wide != 0 {
            wrong.push(format!("{} at {width} is wider than the window", leaf.name));
        }
        for scheme in schemes {
            browser.scheme(scheme).await;
            let script = "const done = arguments[arguments.length - 1]; axe.run({resultTypes: ['violations']}).then((r) => \
                 done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | '))), (e) => done([String(e)]))";
            let found = browser.run_later(script).await;
            let found = found.as_array().unwrap().iter().map(|one| format!("{} at {width}, {scheme}: {one}", leaf.name));
            wrong.extend(found);
            if pictures {
                browser.picture(&format!("looks/{}-{width}-{scheme}", leaf.name)).await;
            }
        }
    }
    wrong
}

#[tokio::test]
async fn every_page_and_letter_can_be_used_by_everybody_in_light_and_dark_on_a_phone_and_on_a_desk() {
    if !Browser::is_here() {
        return skipped("accessibility", "chromium and chromedriver are not installed (Debian packages chromium, chromium-driver)");
    }
    let Some(axe) = axe() else {
        return skipped("accessibility", "axe-core is not there: npm install --prefix target/tools axe-core");
    };
    let ((mut leaves, files), letters, others) = tokio::join!(every_page(Language::English), every_letter_twice(), in_other_languages());
    leaves.extend(letters);
    let url = gallery(leaves.iter().chain(&others).chain(&files)).await;
    // Pictures of the other languages are for people, who look at a desk as well.
    let desk_too = if std::env::var_os("ROLECALL_PICTURES").is_some() { &others[..] } else { &[] };
    let both = ["light", "dark"];
    let (phone, desk, other_phone, other_desk) = tokio::join!(
        visit(&url, &leaves, [360, 360], &both, &axe),
        visit(&url, &leaves, [1_280, 700], &both, &axe),
        visit(&url, &others, [360, 360], &both[..1], &axe),
        visit(&url, desk_too, [1_280, 700], &both[..1], &axe),
    );
    let wrong = [phone, desk, other_phone, other_desk].concat();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let (english, other) = (leaves.len(), others.len());
    say(&format!("axe: {english} pages and letters, two widths, light and dark, and {other} of other languages: 0 violations"));
}

/// What html-validate of the npm registry has against files, by one of our two sets of rules.
fn against_the_standard(program: &Path, rules: &str, files: &[PathBuf]) -> Vec<String> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html").join(rules);
    let mut command = std::process::Command::new(program);
    let done = command.args(["--formatter", "text", "--config"]).arg(rules).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    let wrong: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(done.status.success(), wrong.is_empty(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    wrong
}

#[tokio::test]
async fn the_html_of_every_page_and_letter_is_as_the_standard_has_it() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/node_modules/.bin/html-validate");
    if !program.exists() {
        return skipped("HTML by the standard", "html-validate is not there: npm install --prefix target/tools html-validate");
    }
    let ((mut pages, _), mut letters, others) = tokio::join!(every_page(Language::English), every_letter_twice(), in_other_languages());
    let (other_letters, other_pages): (Vec<Leaf>, Vec<Leaf>) = others.into_iter().partition(|leaf| leaf.name.starts_with("letter-"));
    pages.extend(other_pages);
    letters.extend(other_letters);
    let folder = tempfile::tempdir().unwrap();
    let written = |leaf: &Leaf| {
        let file = folder.path().join(format!("{}.html", leaf.name));
        std::fs::write(&file, &leaf.answer.body).unwrap();
        file
    };
    let (pages, letters): (Vec<PathBuf>, Vec<PathBuf>) = (pages.iter().map(written).collect(), letters.iter().map(written).collect());
    let wrong = [against_the_standard(&program, "pages.cjs", &pages), against_the_standard(&program, "letters.cjs", &letters)].concat();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let broken = folder.path().join("broken.html");
    std::fs::write(&broken, "<!doctype html><html lang=\"en\"><title>x</title><p><div></p>").unwrap();
    assert!(!against_the_standard(&program, "letters.cjs", &[broken]).is_empty(), "the judge judges");
    say(&format!("html-validate: {} pages and {} letters, 0 errors", pages.len(), letters.len()));
}
