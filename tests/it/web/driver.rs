//! A real browser, driven over WebDriver (<https://www.w3.org/TR/webdriver2/>) by Debian's chromedriver.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Debian's packages `chromium` and `chromium-driver`.
const DRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";

/// Longest wait for anything, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often a browser that does not start is started anew.
const STARTS: usize = 3;

/// Nothing is asked of anybody but the page; small machines have little shared memory.
const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
];

/// A window of a browser; ended with the test.
pub struct Browser {
    driver: Child,
    session: String,
    client: reqwest::Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Whether there is one on this machine.
    pub fn is_here() -> bool {
        Path::new(DRIVER).exists() && Path::new(CHROMIUM).exists()
    }

    /// Opens a window of a width; without JavaScript where asked so.
    pub async fn open(width: u32, scripts: bool) -> Self {
        let (driver, base) = start_driver();
        let profile = tempfile::tempdir().unwrap();
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let asked = capabilities(profile.path(), width, scripts);
        let mut session = None;
        for start in 1..=STARTS {
            let answer = read(client.post(format!("{base}/session")).body(asked.to_string())).await;
            session = answer["value"]["sessionId"].as_str().map(|id| format!("{base}/session/{id}"));
            assert!(session.is_some() || start < STARTS, "the browser does not start: {answer}");
            if session.is_some() {
                break;
            }
        }
        let browser = Self { driver, session: session.expect("it started"), client, _profile: profile };
        // Whatever is looked for may still be on its way: looking waits for it.
        browser.post("/timeouts", json!({"implicit": 20_000, "pageLoad": 80_000, "script": 80_000})).await;
        browser.resize(width).await;
        browser
    }

    /// A headless window is never narrower than 500 pixels; what is drawn is.
    pub async fn resize(&self, width: u32) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.command("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer: Value = read(self.client.post(format!("{}{path}", self.session)).body(body.to_string())).await;
        assert!(answer["value"]["error"].is_null(), "{path}: {}", answer["value"]["message"]);
        answer["value"].clone()
    }

    async fn command(&self, name: &str, params: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": name, "params": params})).await
    }

    pub async fn go(&self, url: &str) {
        self.post("/url", json!({"url": url})).await;
    }

    async fn element(&self, css: &str) -> String {
        let found = self.post("/element", json!({"using": "css selector", "value": css})).await;
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    /// Types into a field, instead of what is there.
    pub async fn fill(&self, css: &str, text: &str) {
        let id = self.element(css).await;
        self.post(&format!("/element/{id}/clear"), json!({})).await;
        self.post(&format!("/element/{id}/value"), json!({"text": text})).await;
    }

    /// Presses a button by the keyboard, so that a page that is still moving is not missed; anything else by a click.
    pub async fn press(&self, css: &str) {
        const ENTER: &str = "\u{e007}";
        let id = self.element(css).await;
        if css.contains("button") {
            self.post(&format!("/element/{id}/value"), json!({"text": ENTER})).await;
        } else {
            self.post(&format!("/element/{id}/click"), json!({})).await;
        }
    }

    /// Waits until a place says something; between two pages it may not be there.
    pub async fn wait_for(&self, css: &str, words: &str) {
        let (begun, mut said) = (Instant::now(), String::new());
        let place = json!({"using": "css selector", "value": css}).to_string();
        while begun.elapsed() < PATIENCE {
            let found = read(self.client.post(format!("{}/element", self.session)).body(place.clone())).await;
            let id = found["value"].as_object().and_then(|value| value.values().next()).and_then(Value::as_str).map(str::to_owned);
            if let (Some(id), true) = (id, found["value"]["error"].is_null()) {
                let answer = read(self.client.get(format!("{}/element/{id}/text", self.session))).await;
                answer["value"].as_str().unwrap_or_default().clone_into(&mut said);
                if said.contains(words) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} never said {words:?}: {said}");
    }

    /// Runs a script of the test's own, past the policy of the page.
    pub async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// Runs a script that answers later by its last argument.
    pub async fn run_later(&self, script: &str) -> Value {
        self.post("/execute/async", json!({"script": script, "args": []})).await
    }

    /// Runs a script on every page from now on, before the page's own.
    pub async fn on_every_page(&self, script: &str) {
        self.command("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
    }

    /// What the person likes better: `light` or `dark`.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.command("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// A picture of the whole page, kept under `target/screenshots`.
    pub async fn picture(&self, name: &str) {
        let size = self.command("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let shot = self.command("Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip})).await;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        let file = folder.join(format!("{name}.png"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

/// Starts the driver at a port of its own choice; where it is to be asked. The port it chooses for one family of addresses may be taken
/// in the other; then it ends at once, and another start chooses another.
fn start_driver() -> (Child, String) {
    for _ in 0..10 {
        let mut driver = Command::new(DRIVER).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("successfully on port ") {
            line.clear();
            if said.read_line(&mut line).unwrap() == 0 {
                break;
            }
        }
        let Some(port) = line.split("on port ").nth(1) else {
            driver.wait().unwrap();
            continue;
        };
        let address = format!("http://127.0.0.1:{}", port.trim().trim_end_matches('.'));
        // Whatever it says from now on is read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        return (driver, address);
    }
    panic!("the driver ended ten times before it listened");
}

/// What is asked of the browser.
fn capabilities(profile: &Path, width: u32, scripts: bool) -> Value {
    let mut arguments: Vec<String> = ARGUMENTS.iter().map(ToString::to_string).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={width},900"));
    let javascript = if scripts { 1 } else { 2 };
    let options = json!({
        "binary": CHROMIUM,
        "args": arguments,
        "prefs": {"profile.managed_default_content_settings.javascript": javascript},
    });
    json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
}

async fn read(request: reqwest::RequestBuilder) -> Value {
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes its browser along when the session is ended; a kill alone would leave it.
        let (host, path) = self.session.trim_start_matches("http://").split_once('/').unwrap();
        if let Ok(mut stream) = std::net::TcpStream::connect(host) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(stream, "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let _ = stream.read(&mut [0; 64]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
