//! A mail server that is not always well, and that remembers of each letter only what is to be counted.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::soak_board::SoakBoard;

/// One letter in so many is put off, has its connection cut before it, or gets no answer after its final dot.
const PUT_OFF: u64 = 50;
const CUT: u64 = 150;
const UNANSWERED: u64 = 120;

/// The mail server; clones are one.
#[derive(Clone, Default)]
pub struct SoakPost(Arc<Inner>);

#[derive(Default)]
struct Inner {
    away: AtomicBool,
    asked: AtomicU64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// Message-IDs that came.
    letters: HashSet<String>,
    /// Letters that came again.
    repeated: u64,
    /// How often a job was told to a person.
    told: HashMap<(String, String), u32>,
}

/// What came of it all.
pub struct Verdict {
    pub due: usize,
    pub lost: usize,
    pub doubled: usize,
    pub letters: u64,
    repeated: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { due, lost, doubled, letters, repeated } = self;
        write!(f, "{letters} letters, {due} jobs due, {lost} lost, {doubled} doubled, {repeated} came again with their own Message-ID")
    }
}

impl SoakPost {
    /// Starts it; its port.
    pub async fn open(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let server = server.clone();
                if !server.0.away.load(Ordering::SeqCst) {
                    // Whoever is cut off ends with a fault.
                    tokio::spawn(async move { drop(server.talk(socket).await) });
                }
            }
        });
        port
    }

    /// Whether it hangs up on everybody.
    pub fn away(&self, away: bool) {
        self.0.away.store(away, Ordering::SeqCst);
    }

    async fn talk(&self, mut socket: TcpStream) -> std::io::Result<()> {
        let (reading, mut writing) = socket.split();
        let mut reading = BufReader::new(reading);
        writing.write_all(b"220 soak ESMTP\r\n").await?;
        let (mut line, mut to, mut turn) = (String::new(), String::new(), 0);
        loop {
            line.clear();
            if reading.read_line(&mut line).await? == 0 || self.0.away.load(Ordering::SeqCst) {
                return Ok(());
            }
            let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            let reply: &[u8] = match word.as_str() {
                "RCPT" => {
                    line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                    turn = self.0.asked.fetch_add(1, Ordering::SeqCst);
                    if turn % PUT_OFF == 7 { b"451 4.7.1 come again later\r\n" } else { b"250 go on\r\n" }
                }
                "DATA" if turn % CUT == 11 => return Ok(()),
                "DATA" => {
                    writing.write_all(b"354 go on\r\n").await?;
                    self.take(&mut reading, &to).await?;
                    if turn % UNANSWERED == 13 {
                        return Ok(());
                    }
                    b"250 taken\r\n"
                }
                "QUIT" => return writing.write_all(b"221 bye\r\n").await,
                _ => b"250 fine\r\n",
            };
            writing.write_all(reply).await?;
        }
    }

    async fn take(&self, reading: &mut (impl tokio::io::AsyncBufRead + Unpin), to: &str) -> std::io::Result<()> {
        let (mut letter, mut line) = (Vec::new(), Vec::new());
        while line != b".\r\n" {
            letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            line.clear();
            if reading.read_until(b'\n', &mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let letter = MessageParser::default().parse(&letter).expect("it is a letter");
        let id = letter.header_raw("Message-ID").map(str::trim).unwrap_or_default().to_owned();
        let text = letter.body_text(0).expect("every letter has a text");
        let lines = || text.lines().map(str::trim);
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.letters.insert(id) {
            held.repeated += 1;
        } else if !lines().any(|line| line.starts_with("Thank you for subscribing")) {
            for job in lines().filter(|line| line.starts_with("https://job-boards.")) {
                *held.told.entry((to.to_owned(), job.to_owned())).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Different letters until now.
    pub fn letters(&self) -> usize {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner).letters.len()
    }

    /// Holds what was told against what people wished for.
    pub fn judge(&self, board: &SoakBoard, people: usize) -> Verdict {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut verdict = Verdict { due: 0, lost: 0, doubled: 0, letters: held.letters.len() as u64, repeated: held.repeated };
        for person in 0..people {
            for job in board.wished(person) {
                verdict.due += 1;
                match held.told.get(&(format!("person{person}@example.org"), job)) {
                    None => verdict.lost += 1,
                    Some(1) => {}
                    Some(_) => verdict.doubled += 1,
                }
            }
        }
        verdict
    }
}
