//! A program that alerts are posted to: a real HTTP server that keeps every call and answers as it is told.

use std::collections::VecDeque;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};

use crate::support::python;

/// A call as it came.
#[derive(Debug, Clone)]
pub struct Call {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub at: Instant,
}

/// What is answered: a status and perhaps a header, or nothing for a minute.
#[derive(Debug, Clone)]
pub enum Answer {
    Status(u16),
    With(u16, &'static str, String),
    Silence,
}

/// The server; it ends with its test.
#[derive(Clone, Default)]
pub struct Receiver {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Receiver {
    /// Gives these answers in turn, and then 200.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}/hook?key=s3cret", listener.local_addr().expect("it is bound"));
        let receiver = Self { url, answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() };
        let pages = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, pages).await });
        receiver
    }

    /// Everything that came so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no call panics").clone()
    }

    /// Waits until so many calls have come.
    pub async fn wait_for(&self, calls: usize) {
        let begun = Instant::now();
        while self.calls().len() < calls {
            assert!(begun.elapsed() < Duration::from_mins(1), "{calls} calls are waited for");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    receiver.calls.lock().expect("no call panics").push(Call { headers, body: body.to_vec(), at: Instant::now() });
    let answer = receiver.answers.lock().expect("no call panics").pop_front();
    let status = |status: u16| axum::http::StatusCode::from_u16(status).expect("a status of HTTP");
    match answer {
        None => status(200).into_response(),
        Some(Answer::Status(code)) => status(code).into_response(),
        Some(Answer::With(code, name, value)) => (status(code), [(name, value)]).into_response(),
        Some(Answer::Silence) => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            status(200).into_response()
        }
    }
}

/// The standard library of Python as judge: what a receiver written by somebody else would do.
const JUDGE: &str = "import base64, hashlib, hmac, sys
secret, id, at, signature = sys.argv[1:]
assert secret.startswith('whsec_')
key = base64.b64decode(secret[6:])
body = sys.stdin.buffer.read()
expected = base64.b64encode(hmac.new(key, f'{id}.{at}.'.encode() + body, hashlib.sha256).digest()).decode()
sys.exit(0 if 'v1,' + expected in signature.split(' ') else 1)";

impl Call {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The same at every attempt.
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON is posted")
    }

    /// Whether the signature is that of the secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let mut judge = Command::new(python());
        judge.args(["-c", JUDGE, secret, self.id(), self.header("webhook-timestamp"), self.header("webhook-signature")]);
        let mut judge = judge.stdin(Stdio::piped()).spawn().expect("there is a Python");
        judge.stdin.take().expect("it is piped").write_all(&self.body).expect("Python reads");
        judge.wait().expect("Python ends").success()
    }
}
