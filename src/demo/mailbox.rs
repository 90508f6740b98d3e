//! `/mailbox`: the letters the service wrote, as their readers see them.
//!
//! Letters hold text from outside. The page escapes everything it shows; the HTML part is shown in a sandboxed frame and served
//! under a policy that allows neither script nor loading, so that a hostile letter can do nothing but look strange.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::demo::job::escape;
use crate::demo::letter::{self, Envelope, Letter};

/// The look of the pages, built in.
const STYLE: &str = include_str!("../../config/demo/mailbox.css");
/// How often the list looks for new letters, in seconds.
const REFRESH_SECONDS: u32 = 5;
/// The pages: own style, the frame from here, nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";
/// A letter's HTML: inline style and inline pictures; links open outside the frame, nothing runs, nothing is loaded.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                             sandbox allow-popups allow-popups-to-escape-sandbox";

/// The pages over the letters (`*.eml`) of a folder; it need not exist yet.
pub fn mailbox_router(folder: PathBuf) -> Router {
    Router::new()
        .route("/mailbox", get(show_list))
        .route("/mailbox/{name}", get(show_letter))
        .route("/mailbox/{name}/html", get(show_html))
        .route("/mailbox/{name}/raw", get(show_raw))
        .with_state(Arc::new(folder))
}

type Folder = State<Arc<PathBuf>>;

async fn show_list(State(folder): Folder) -> Response {
    match off_thread(move || letter::list(&folder)).await {
        Ok(letters) => page("Mailbox", Some(REFRESH_SECONDS), &list_html(&letters)),
        Err(fault) => broken(&fault),
    }
}

async fn show_letter(State(folder): Folder, Path(name): Path<String>) -> Response {
    match off_thread(move || letter::read(&folder, &name)).await {
        Ok(Some(letter)) => page(&letter.envelope.subject, None, &letter_html(&letter)),
        Ok(None) => missing(),
        Err(fault) => broken(&fault),
    }
}

async fn show_html(State(folder): Folder, Path(name): Path<String>) -> Response {
    match off_thread(move || letter::read(&folder, &name)).await {
        Ok(Some(Letter { html: Some(html), .. })) => send("text/html; charset=utf-8", LETTER_POLICY, in_new_tabs(&html).into_bytes()),
        Ok(_) => missing(),
        Err(fault) => broken(&fault),
    }
}

async fn show_raw(State(folder): Folder, Path(name): Path<String>) -> Response {
    match off_thread(move || letter::raw(&folder, &name)).await {
        Ok(Some(raw)) => send("text/plain; charset=utf-8", LETTER_POLICY, raw),
        Ok(None) => missing(),
        Err(fault) => broken(&fault),
    }
}

/// Reads files where waiting for the disk holds nobody up.
async fn off_thread<T: Send + 'static>(read: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|fault| Err(io::Error::other(fault)))
}

/// Links of a letter would otherwise open inside the frame, where the sandbox stops them.
fn in_new_tabs(html: &str) -> String {
    const HEAD: &str = "<head>";
    const BASE: &str = "<base target=\"_blank\">";
    match html.find(HEAD) {
        Some(at) => format!("{}{BASE}{}", &html[..at + HEAD.len()], &html[at + HEAD.len()..]),
        None => format!("{BASE}{html}"),
    }
}

fn list_html(letters: &[Envelope]) -> String {
    let mut html = format!("<h1>Mailbox</h1>\n<p class=\"quiet\">{}</p>\n", headline(letters.len()));
    if letters.is_empty() {
        html.push_str("<p class=\"empty\">Subscribe on the <a href=\"/\">first page</a>: the confirmation will arrive here.</p>\n");
        return html;
    }
    html.push_str("<ol class=\"letters\">\n");
    for letter in letters {
        let at = letter.at.map(|at| (at.to_rfc3339(), at.format("%e %b %Y, %H:%M:%S UTC").to_string())).unwrap_or_default();
        writeln!(
            html,
            "<li><a href=\"/mailbox/{}\"><strong>{}</strong></a> <span class=\"kind\">{}</span><br>\
             <span class=\"quiet\">to {} · <time datetime=\"{}\">{}</time></span></li>",
            escape(&letter.name),
            escape(&letter.subject),
            letter.kind,
            escape(&letter.to),
            at.0,
            at.1.trim(),
        )
        .expect("writing to a string cannot fail");
    }
    html.push_str("</ol>\n");
    html
}

fn headline(count: usize) -> String {
    match count {
        0 => format!("No letter yet. This page looks again every {REFRESH_SECONDS} seconds."),
        1 => format!("One letter. This page looks again every {REFRESH_SECONDS} seconds."),
        count => format!("{count} letters, newest first. This page looks again every {REFRESH_SECONDS} seconds."),
    }
}

fn letter_html(letter: &Letter) -> String {
    let name = escape(&letter.envelope.name);
    let mut html = format!(
        "<nav><a href=\"/mailbox\">← All letters</a> · <a href=\"/mailbox/{name}/raw\">Raw letter</a></nav>\n<h1>{}</h1>\n<dl>\n",
        escape(&letter.envelope.subject)
    );
    for (header, value) in &letter.headers {
        writeln!(html, "<dt>{}</dt><dd>{}</dd>", escape(header), escape(value)).expect("writing to a string cannot fail");
    }
    html.push_str("</dl>\n");
    if letter.html.is_some() {
        write!(
            html,
            "<h2>As a mail program shows it</h2>\n<iframe title=\"The letter\" src=\"/mailbox/{name}/html\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\" referrerpolicy=\"no-referrer\"></iframe>\n"
        )
        .expect("writing to a string cannot fail");
    }
    if let Some(text) = &letter.text {
        write!(html, "<h2>As text</h2>\n<pre>{}</pre>\n", escape(text)).expect("writing to a string cannot fail");
    }
    html
}

fn page(title: &str, refresh: Option<u32>, body: &str) -> Response {
    let refresh = refresh.map(|seconds| format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">\n")).unwrap_or_default();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{refresh}<title>{}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    );
    send("text/html; charset=utf-8", PAGE_POLICY, html.into_bytes())
}

fn send(media_type: &'static str, policy: &'static str, body: Vec<u8>) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

fn missing() -> Response {
    let body = "<h1>No such letter</h1>\n<p><a href=\"/mailbox\">All letters</a></p>\n";
    (StatusCode::NOT_FOUND, page("No such letter", None, body)).into_response()
}

fn broken(fault: &io::Error) -> Response {
    tracing::warn!(?fault, "the mailbox folder cannot be read");
    let body = "<h1>The mailbox cannot be read</h1>\n<p>The log says why.</p>\n";
    (StatusCode::INTERNAL_SERVER_ERROR, page("The mailbox cannot be read", None, body)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, Response, StatusCode};
    use tower::ServiceExt as _;

    use super::mailbox_router;

    /// A folder of letters, and the pages over it.
    struct Mailbox(tempfile::TempDir);

    impl Mailbox {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a folder for letters"))
        }

        fn put(&self, name: &str, letter: &str) {
            std::fs::write(self.0.path().join(name), letter.replace('\n', "\r\n")).unwrap();
        }

        async fn get(&self, path: &str) -> Response<Body> {
            let request = Request::get(path).body(Body::empty()).unwrap();
            mailbox_router(self.0.path().to_path_buf()).oneshot(request).await.unwrap()
        }

        async fn page(&self, path: &str) -> String {
            let response = self.get(path).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        }
    }

    const ALERT: &str = "From: Rolecall <alerts@localhost>\nTo: asha@example.org\nSubject: =?utf-8?Q?3_new_jobs_in_K=C3=B6ln?=\n\
        Date: Mon, 02 Mar 2026 08:00:00 +0000\nMessage-ID: <d7@localhost>\nList-Unsubscribe: <http://127.0.0.1:8080/unsubscribe/abc>\n\
        MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
        Three jobs <for> you\n--b\nContent-Type: text/html; charset=utf-8\n\n<html><head></head><body><h1>Three jobs</h1>\
        <script>alert(1)</script></body></html>\n--b--\n";

    const CONFIRMATION: &str = "From: alerts@localhost\nTo: \"<img src=x>\" <bela@example.org>\nSubject: <script>alert('x')</script>\n\
        Date: Mon, 02 Mar 2026 09:00:00 +0000\nContent-Type: text/plain\n\nPress http://127.0.0.1:8080/confirm/xyz\n";

    #[tokio::test]
    async fn an_empty_mailbox_says_what_to_do_and_looks_again() {
        let mailbox = Mailbox(tempfile::tempdir().unwrap());
        std::fs::remove_dir(mailbox.0.path()).unwrap();
        let page = mailbox.page("/mailbox").await;
        assert!(page.contains("No letter yet") && page.contains("http-equiv=\"refresh\" content=\"5\""), "{page}");
    }

    #[tokio::test]
    async fn letters_are_listed_newest_first_with_their_kind_and_nothing_hostile() {
        let mailbox = Mailbox::new();
        mailbox.put("20260302T080000Z-d7@localhost.eml", ALERT);
        mailbox.put("20260302T090000Z-d8@localhost.eml", CONFIRMATION);
        mailbox.put(".20260302T090000Z-d9@localhost.eml.part", CONFIRMATION);
        let page = mailbox.page("/mailbox").await;
        assert!(page.contains("2 letters"), "{page}");
        let place = |word: &str| page.find(word).unwrap_or_else(|| panic!("{word} is missing in {page}"));
        assert!(place("confirmation") < place("job alert"));
        assert!(page.contains("3 new jobs in Köln") && page.contains("asha@example.org"));
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script") && !page.contains("<img"), "{page}");
    }

    #[tokio::test]
    async fn a_letter_is_shown_in_a_sandbox_that_runs_and_loads_nothing() {
        let mailbox = Mailbox::new();
        mailbox.put("a.eml", ALERT);
        let page = mailbox.page("/mailbox/a.eml").await;
        assert!(page.contains("src=\"/mailbox/a.eml/html\"") && page.contains("sandbox=\"allow-popups"), "{page}");
        assert!(page.contains("Three jobs &lt;for&gt; you") && !page.contains("<script"));
        assert!(page.contains("<dt>List-Unsubscribe</dt><dd>&lt;http://127.0.0.1:8080/unsubscribe/abc&gt;</dd>"), "{page}");
        let frame = mailbox.get("/mailbox/a.eml/html").await;
        let policy = frame.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
        let html = mailbox.page("/mailbox/a.eml/html").await;
        assert!(html.starts_with("<html><head><base target=\"_blank\">"), "{html}");
        assert!(mailbox.page("/mailbox/a.eml/raw").await.contains("boundary=\"b\""));
    }

    #[tokio::test]
    async fn a_letter_of_text_alone_has_no_frame() {
        let mailbox = Mailbox::new();
        mailbox.put("b.eml", CONFIRMATION);
        let page = mailbox.page("/mailbox/b.eml").await;
        assert!(!page.contains("<iframe") && page.contains("/confirm/xyz"), "{page}");
        assert_eq!(mailbox.get("/mailbox/b.eml/html").await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_reached() {
        let mailbox = Mailbox::new();
        let inside = mailbox.0.path().join("letters");
        std::fs::create_dir(&inside).unwrap();
        mailbox.put("secret.eml", ALERT);
        std::os::unix::fs::symlink(mailbox.0.path().join("secret.eml"), inside.join("link.eml")).unwrap();
        let router = mailbox_router(inside);
        for name in ["..%2Fsecret.eml", "../secret.eml", "%2e%2e%2fsecret.eml", "link.eml", "..%5Csecret.eml", ".eml", "none.eml"] {
            for tail in ["", "/html", "/raw"] {
                let request = Request::get(format!("/mailbox/{name}{tail}")).body(Body::empty()).unwrap();
                let status = router.clone().oneshot(request).await.unwrap().status();
                assert_eq!(status, StatusCode::NOT_FOUND, "{name}{tail}");
            }
        }
    }
}
