//! A mail server that keeps every letter it was given to the final dot, and takes its time to say so.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Where links of the service itself begin; every other link in a letter is a job.
pub const SERVICE: &str = "https://alerts.example";

/// The mail server, and what it has.
#[derive(Clone, Default)]
pub struct Sink {
    letters: Arc<Mutex<Vec<Raw>>>,
    under_way: Arc<AtomicUsize>,
}

/// The address of the envelope, and the letter as it came.
type Raw = (String, Vec<u8>);

/// One letter as it was received.
#[derive(Debug)]
pub struct Received {
    pub to: String,
    pub message_id: String,
    pub welcome: bool,
    pub shown: BTreeSet<String>,
    /// Whether it says that there are more than it shows.
    pub more: bool,
}

impl Sink {
    /// Starts it; its port.
    pub async fn open(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sink = self.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let sink = sink.clone();
                // A client that was killed ends its dialogue with a fault.
                tokio::spawn(async move {
                    let mut open = 0;
                    let _ = sink.talk(socket, &mut open).await;
                    sink.under_way.fetch_sub(open, Ordering::SeqCst);
                });
            }
        });
        port
    }

    async fn talk(&self, mut socket: TcpStream, open: &mut usize) -> std::io::Result<()> {
        let (reading, mut writing) = socket.split();
        let mut reading = BufReader::new(reading);
        writing.write_all(b"220 sink ESMTP\r\n").await?;
        let (mut line, mut to) = (Vec::new(), String::new());
        loop {
            line.clear();
            if reading.read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let said = String::from_utf8_lossy(&line).trim().to_owned();
            let word = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let reply: &[u8] = match word.as_str() {
                "EHLO" => b"250-sink\r\n250 8BITMIME\r\n",
                "MAIL" => {
                    self.under_way.fetch_add(1 - *open, Ordering::SeqCst);
                    *open = 1;
                    b"250 go on\r\n"
                }
                "RCPT" => {
                    to = said.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    b"250 go on\r\n"
                }
                "DATA" => {
                    writing.write_all(b"354 go on\r\n").await?;
                    let number = self.take(&mut reading, &to).await?;
                    // The letter is here: whoever is killed now does not hear of it.
                    tokio::time::sleep(Duration::from_millis(u64::try_from(number * 7 % 20).unwrap())).await;
                    writing.write_all(b"250 taken\r\n").await?;
                    self.under_way.fetch_sub(1, Ordering::SeqCst);
                    *open = 0;
                    continue;
                }
                "QUIT" => {
                    writing.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 fine\r\n",
            };
            writing.write_all(reply).await?;
        }
    }

    /// Reads a letter to its final dot and keeps it; its number.
    async fn take(&self, reading: &mut (impl tokio::io::AsyncBufRead + Unpin), to: &str) -> std::io::Result<usize> {
        let mut letter = Vec::new();
        loop {
            let mut line = Vec::new();
            if reading.read_until(b'\n', &mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line == b".\r\n" {
                let mut letters = self.letters.lock().unwrap();
                letters.push((to.to_owned(), letter));
                return Ok(letters.len());
            }
            letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    /// How many letters it has.
    pub fn count(&self) -> usize {
        self.letters.lock().unwrap().len()
    }

    /// How many letters are on their way into it at this moment.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Everything it has, in the order in which it came.
    pub fn letters(&self) -> Vec<Received> {
        self.letters.lock().unwrap().iter().map(|(to, bytes)| Received::read(to, bytes)).collect()
    }
}

impl Received {
    fn read(to: &str, bytes: &[u8]) -> Self {
        let letter = MessageParser::default().parse(bytes).expect("it is a letter");
        let text = letter.body_text(0).expect("every letter has a text").replace("\r\n", "\n");
        let lines = || text.lines().map(str::trim);
        Self {
            to: to.to_owned(),
            message_id: letter.header_raw("Message-ID").map(str::trim).unwrap_or_default().to_owned(),
            welcome: lines().any(|line| line.starts_with("Thank you for subscribing")),
            shown: lines().filter(|line| line.starts_with("https://") && !line.starts_with(SERVICE)).map(str::to_owned).collect(),
            more: lines().any(|line| line.starts_with("+ ")),
        }
    }
}
