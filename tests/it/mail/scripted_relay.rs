//! A relay that plays a script: what it does at each step is the test's to say.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::IN_TIME;

/// What a scripted relay does with a command.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Answers well.
    Go,
    /// Answers with this line.
    Say(&'static str),
    /// Answers well and closes at once.
    GoAndClose,
    /// Closes without a word.
    Close,
    /// Says nothing more, and keeps the connection.
    Stall,
    /// Answers well, one byte a second.
    Drip,
}

/// A relay that plays a script.
pub(super) struct ScriptedRelay {
    pub(super) port: u16,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    connections: usize,
    commands: Vec<String>,
    letters: Vec<Vec<u8>>,
}

impl ScriptedRelay {
    /// `script` is asked with `CONNECT`, each command word, and `.` for the end of a letter, and the number of the connection.
    pub(super) async fn start(script: impl Fn(&str, usize) -> Step + Copy + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut log = log.lock().unwrap();
                    log.connections += 1;
                    log.connections
                };
                tokio::spawn(play(stream, Arc::clone(&log), move |word| script(word, number)));
            }
        });
        Self { port, heard }
    }

    pub(super) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub(super) fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    pub(super) fn letters(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().letters.clone()
    }
}

/// One connection of a scripted relay.
async fn play(stream: TcpStream, log: Arc<Mutex<Heard>>, script: impl Fn(&str) -> Step) {
    let mut stream = BufReader::new(stream);
    if !answer(&mut stream, script("CONNECT"), "220 relay.example.org ESMTP").await {
        return;
    }
    let mut line = String::new();
    while matches!(stream.read_line(&mut line).await, Ok(1..)) {
        let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        log.lock().unwrap().commands.push(line.trim_end().to_owned());
        line.clear();
        let well = match word.as_str() {
            "EHLO" => "250-relay.example.org\r\n250 AUTH PLAIN",
            "DATA" => "354 go on",
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 fine",
        };
        if !answer(&mut stream, script(&word), well).await {
            return;
        }
        if word == "DATA" && matches!(script("DATA"), Step::Go) {
            let Some(letter) = letter(&mut stream).await else { return };
            log.lock().unwrap().letters.push(letter);
            if !answer(&mut stream, script("."), "250 2.0.0 queued as 4Z7").await {
                return;
            }
        }
    }
}

/// Reads a letter up to its final dot, without the dots that were added on the way; none when the link ends before.
async fn letter(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).await.ok().filter(|read| *read > 0)?;
        match line.strip_prefix(b".") {
            Some(b"\r\n") => return Some(letter),
            Some(rest) => letter.extend_from_slice(rest),
            None => letter.extend_from_slice(&line),
        }
    }
}

/// Answers as the script says; whether the dialogue goes on.
pub(super) async fn answer(stream: &mut BufReader<TcpStream>, step: Step, well: &str) -> bool {
    let line = |text: &str| format!("{text}\r\n").into_bytes();
    match step {
        Step::Go => stream.write_all(&line(well)).await.is_ok(),
        Step::Say(text) => stream.write_all(&line(text)).await.is_ok(),
        Step::GoAndClose => {
            let _ = stream.write_all(&line(well)).await;
            false
        }
        Step::Close => false,
        Step::Stall => {
            tokio::time::sleep(IN_TIME * 4).await;
            false
        }
        Step::Drip => {
            for byte in line(well) {
                if stream.write_all(&[byte]).await.is_err() {
                    return false;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            true
        }
    }
}
