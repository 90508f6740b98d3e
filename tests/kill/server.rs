//! A mail server that plays a part for each recipient, and keeps account of what it took and what it said.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the letters of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Taken at once.
    Well,
    /// 550: there is no such mailbox.
    Refused,
    /// 451 to the first two attempts.
    NotNow,
    /// 421 and the end of the connection to the first attempt.
    Closing,
    /// 450 to the first attempt.
    Greylisted,
    /// The connection ends in the middle of the first letter.
    DroppedBefore,
    /// The first letter is taken, and the connection ends without an answer.
    DroppedAfter,
    /// The first letter is taken, and the answer comes too late.
    Stalled,
}

impl Part {
    /// Of a hundred recipients ten are refused, ten put off, five greylisted; two each close, drop and stall.
    pub fn of(number: usize) -> Self {
        match number.wrapping_mul(2_654_435_761) % 100 {
            0..10 => Self::Refused,
            10..20 => Self::NotNow,
            20..25 => Self::Greylisted,
            25..27 => Self::Closing,
            27..29 => Self::DroppedBefore,
            29..31 => Self::DroppedAfter,
            31..33 => Self::Stalled,
            _ => Self::Well,
        }
    }
}

/// What is known of one recipient.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// How often RCPT named it.
    pub asked: usize,
    /// The Message-ID of each letter that was taken to the final dot.
    pub taken: Vec<String>,
    /// Letters whose dot came and which we left without an answer.
    pub unanswered: usize,
}

/// The server.
#[derive(Clone, Default)]
pub struct Server {
    accounts: Arc<Mutex<BTreeMap<usize, Account>>>,
    under_way: Arc<AtomicUsize>,
    pipelining: bool,
}

/// Longer than the service waits for an answer to the dot.
pub const STALL: Duration = Duration::from_secs(3);

/// Letters of a connection that have begun and have no answer; given back when it ends.
struct Open(Arc<AtomicUsize>, usize);

impl Open {
    fn set(&mut self, open: usize) {
        self.0.fetch_add(open, Ordering::SeqCst);
        self.0.fetch_sub(self.1, Ordering::SeqCst);
        self.1 = open;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.set(0);
    }
}

impl Server {
    /// One that takes commands in groups.
    pub fn pipelining() -> Self {
        Self { pipelining: true, ..Self::default() }
    }

    /// Starts it; its port.
    pub async fn open(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                // A client that was killed ends its dialogue with a fault.
                tokio::spawn(async move { drop(server.talk(stream).await) });
            }
        });
        port
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut open = Open(Arc::clone(&self.under_way), 0);
        stream.write_all(b"220 scripted ESMTP\r\n").await?;
        let (mut line, mut to) = (String::new(), None);
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let reply: &[u8] = match line.split([' ', ':', '\r']).next().unwrap_or_default() {
                "EHLO" if self.pipelining => b"250-scripted\r\n250 PIPELINING\r\n",
                "EHLO" => b"250-scripted\r\n250 8BITMIME\r\n",
                "RCPT" => match self.named(&line) {
                    Ok(number) => {
                        to = Some(number);
                        b"250 2.1.5 fine\r\n"
                    }
                    Err(refusal) => refusal,
                },
                "DATA" => match to.take() {
                    Some(number) => {
                        open.set(1);
                        stream.write_all(b"354 go on\r\n").await?;
                        if !self.letter(&mut stream, number).await? {
                            return Ok(());
                        }
                        open.set(0);
                        b"250 2.0.0 taken\r\n"
                    }
                    None => b"503 5.5.1 RCPT first\r\n",
                },
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => b"250 2.0.0 fine\r\n",
            };
            stream.write_all(reply).await?;
            if reply.starts_with(b"421") {
                return Ok(());
            }
        }
    }

    /// RCPT: the number of the recipient, or what is said to it this time.
    fn named(&self, line: &str) -> Result<usize, &'static [u8]> {
        let number: usize = line.split(['<', '@']).nth(1).and_then(|local| local.strip_prefix("reader")?.parse().ok()).unwrap();
        let mut accounts = self.accounts.lock().unwrap();
        let account = accounts.entry(number).or_default();
        account.asked += 1;
        match (Part::of(number), account.asked) {
            (Part::Refused, _) => Err(b"550 5.1.1 no such mailbox\r\n"),
            (Part::NotNow, ..3) => Err(b"451 4.3.0 not now\r\n"),
            (Part::Greylisted, 1) => Err(b"450 4.7.1 greylisted, try again in 2 minutes\r\n"),
            (Part::Closing, 1) => Err(b"421 4.3.2 closing\r\n"),
            _ => Ok(number),
        }
    }

    /// Reads a letter; whether it is to be answered.
    async fn letter(&self, stream: &mut BufReader<TcpStream>, number: usize) -> std::io::Result<bool> {
        let (mut id, mut line, mut lines) = (String::new(), Vec::new(), 0);
        let first = {
            let accounts = self.accounts.lock().unwrap();
            accounts[&number].taken.is_empty() && accounts[&number].asked == 1
        };
        loop {
            line.clear();
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Ok(false);
            }
            if let Some(found) = line.strip_prefix(b"Message-ID: ")
                && id.is_empty()
            {
                id = String::from_utf8_lossy(found).trim().to_owned();
            }
            if line == b".\r\n" {
                break;
            }
            lines += 1;
            if first && Part::of(number) == Part::DroppedBefore && lines == 12 {
                return Ok(false);
            }
        }
        let silent = first && matches!(Part::of(number), Part::DroppedAfter | Part::Stalled);
        {
            let mut accounts = self.accounts.lock().unwrap();
            let account = accounts.entry(number).or_default();
            account.taken.push(id);
            account.unanswered += usize::from(silent);
        }
        if silent && Part::of(number) == Part::Stalled {
            tokio::time::sleep(STALL).await;
        }
        // Long enough for a kill to find letters under way.
        tokio::time::sleep(Duration::from_millis(u64::try_from(number * 7 % 20).unwrap())).await;
        Ok(!silent)
    }

    /// How many letters are on their way into it at this moment.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// How many letters it took.
    pub fn count(&self) -> usize {
        self.accounts.lock().unwrap().values().map(|account| account.taken.len()).sum()
    }

    /// How many recipients it has heard of.
    pub fn heard_of(&self) -> usize {
        self.accounts.lock().unwrap().len()
    }

    /// The account of a recipient.
    pub fn account(&self, number: usize) -> Account {
        self.accounts.lock().unwrap().get(&number).cloned().unwrap_or_default()
    }
}
