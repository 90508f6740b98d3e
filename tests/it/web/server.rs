//! What holds for every request: limits, headers, the stop.

use std::time::Duration;

use reqwest::Method;
use rolecall::domain::DurationText;
use rolecall::web::{Listener, WebSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::site::Site;

/// Long enough for a slow machine, short enough to tell an end from none.
const PATIENCE: Duration = Duration::from_secs(20);

fn quick() -> WebSettings {
    let soon = DurationText::from_millis(200);
    WebSettings { header_timeout: soon, body_timeout: soon, drain_timeout: soon, ..WebSettings::default() }
}

async fn connect(site: &Site) -> TcpStream {
    TcpStream::connect(site.url.trim_start_matches("http://")).await.unwrap()
}

async fn rest_of(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut heard)).await.expect("the connection ends in time");
    drop(read);
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn a_half_sent_head_is_closed_in_time() {
    let site = Site::with(quick()).await;
    let mut slow = connect(&site).await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow").await.unwrap();
    let heard = rest_of(slow).await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 408"), "{heard}");
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_half_sent_head_does_not_hold_up_the_stop() {
    let settings = WebSettings { header_timeout: DurationText::from_secs(3_600), ..quick() };
    let mut site = Site::with(settings).await;
    let mut slow = connect(&site).await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow").await.unwrap();
    assert_eq!(site.get("/healthz").await.status, 200);
    site.stop.cancel();
    tokio::time::timeout(PATIENCE, &mut site.served).await.expect("the stop ends").unwrap();
    assert_eq!(rest_of(slow).await, "");
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let site = Site::with(quick()).await;
    let mut slow = connect(&site).await;
    slow.write_all(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail=").await.unwrap();
    assert!(rest_of(slow).await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn a_form_of_more_than_64_kilobytes_is_refused() {
    let site = Site::start().await;
    let fits = format!("email=a%40example.org&name={}", "x".repeat(60 * 1024));
    assert_eq!(site.send(Method::POST, "/subscribe", &[], fits).await.status, 422);
    let much = format!("email={}", "x".repeat(70 * 1024));
    assert_eq!(site.send(Method::POST, "/subscribe", &[], much).await.status, 413);
}

#[tokio::test]
async fn one_connection_too_many_is_told_to_come_back() {
    let site = Site::with(WebSettings { connections: 2, ..WebSettings::default() }).await;
    let held = [connect(&site).await, connect(&site).await];
    let mut turned_away = false;
    for _ in 0..50 {
        turned_away |= rest_of(connect(&site).await).await.starts_with("HTTP/1.1 503");
        if turned_away {
            break;
        }
    }
    assert!(turned_away);
    drop(held);
}

#[tokio::test]
async fn every_page_forbids_what_it_does_not_need() {
    let site = Site::start().await;
    for path in ["/", "/jobs", "/link", "/nowhere", "/style.css", "/healthz"] {
        let answer = site.get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn no_token_and_no_address_reaches_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let site = Site::start().await;
    // While there is one subscriber, a line that is met for the first time on the thread of another test, which has none, is switched
    // off for everybody (tracing-core asks that thread alone); with a second one all are asked.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    // One thread runs the test and the service, so that this one default hears both.
    let guard = tracing::subscriber::set_default(subscriber);
    let (person, alert) = site.subscriber("asha@example.org").await;
    let (manage, unsubscribe) = (site.manage(person), site.unsubscribe(person, alert));
    site.get(&format!("{manage}?edit=1")).await;
    site.get(&unsubscribe).await;
    site.post("/link", &[("email", "asha@example.org")]).await;
    drop(guard);
    let heard = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: String = heard.lines().filter(|line| line.contains("rolecall::") || line.contains("tower_http")).collect();
    assert!(ours.contains("sign-up kept") && ours.contains("/manage/{token}"), "the log was heard: {ours}");
    let secrets = ["asha", manage.trim_start_matches("/manage/"), unsubscribe.trim_start_matches("/unsubscribe/")];
    for secret in secrets {
        assert!(!ours.contains(secret), "{secret} in {ours}");
    }
}

/// A log kept in memory.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_faked_host_reaches_no_link() {
    let site = Site::start().await;
    for path in ["/", "/jobs", "/link"] {
        let answer = site.send(Method::GET, path, &[("host", "evil.example"), ("x-forwarded-host", "evil.example")], String::new()).await;
        assert!(answer.status == 200 && !answer.has("evil.example"), "{path}");
    }
}

#[tokio::test]
async fn liveness_and_readiness_answer_and_readiness_needs_the_store() {
    let site = Site::start().await;
    assert_eq!((site.get("/healthz").await.status, site.get("/readyz").await.status), (200.try_into().unwrap(), 200.try_into().unwrap()));
    site.store.close().await;
    assert_eq!(site.get("/healthz").await.status, 200);
    assert_eq!(site.get("/readyz").await.status, 503);
    let page = site.get("/").await;
    assert!(page.status == 503 && page.headers["retry-after"] == "30", "{}", page.body);
}

#[tokio::test]
async fn a_stale_socket_is_replaced_and_a_place_in_use_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let settings = WebSettings { listen: format!("unix:{}", path.display()), ..WebSettings::default() };
    let first = Listener::bind(&settings).await.unwrap();
    assert!(first.described().starts_with("unix:"));
    let refused = Listener::bind(&settings).await.unwrap_err().to_string();
    assert!(refused.contains("[web] listen") && refused.contains("web.sock"), "{refused}");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "somebody's").unwrap();
    let settings = WebSettings { listen: format!("unix:{}", file.display()), ..WebSettings::default() };
    assert!(Listener::bind(&settings).await.is_err(), "a file is no socket that was left behind");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody's");
}
