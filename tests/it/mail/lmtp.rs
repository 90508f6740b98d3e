//! Mail handed over by LMTP, told line by line: what is said at each step, and what is taken.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall::mail::{LmtpLimits, Receipt, converse, turn_away};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio_util::sync::CancellationToken;

use super::IN_TIME;

/// A mail server's end of a connection to ours.
struct Client {
    stream: BufReader<DuplexStream>,
    taken: Arc<Mutex<Vec<String>>>,
    stop: CancellationToken,
    ended: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Client {
    /// Connects; mail for `nobody@…` is no mail, and for `later@…` it cannot be recorded now.
    async fn connect(limits: LmtpLimits) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let (taken, stop) = (Arc::new(Mutex::new(Vec::new())), CancellationToken::new());
        let (log, until) = (Arc::clone(&taken), stop.clone());
        let take = move |mail: Vec<u8>| {
            let mail = String::from_utf8(mail).unwrap();
            let log = Arc::clone(&log);
            async move {
                match mail.split_once("Delivered-To: ").map(|(_, to)| to) {
                    Some(to) if to.starts_with("nobody@") => Receipt::NoMail,
                    Some(to) if to.starts_with("later@") => Receipt::NotNow,
                    _ => {
                        log.lock().unwrap().push(mail);
                        Receipt::Taken
                    }
                }
            }
        };
        let ended = tokio::spawn(async move { converse(ours, limits, &until, take).await });
        let mut client = Self { stream: BufReader::new(theirs), taken, stop, ended };
        assert!(client.reply().await.starts_with("220 "));
        client
    }

    async fn greeted() -> Self {
        let mut client = Self::connect(LmtpLimits::default()).await;
        assert!(client.ask("LHLO mx.example.org").await.starts_with("250"));
        client
    }

    async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// One reply, of however many lines.
    async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let mut line = String::new();
            tokio::time::timeout(IN_TIME, self.stream.read_line(&mut line)).await.expect("a reply").unwrap();
            reply.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return reply;
            }
        }
    }

    async fn ask(&mut self, command: &str) -> String {
        self.send(&format!("{command}\r\n")).await;
        self.reply().await
    }

    /// The codes of so many replies.
    async fn codes(&mut self, count: usize) -> Vec<String> {
        let mut codes = Vec::new();
        for _ in 0..count {
            codes.push(self.reply().await[..3].to_owned());
        }
        codes
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn each_recipient_hears_what_became_of_the_mail_for_him() {
    let mut client = Client::greeted().await;
    // All at once, as PIPELINING allows: the replies come in order.
    client
        .send(
            "MAIL FROM:<> SIZE=40 BODY=8BITMIME\r\nRCPT TO:<bounces+abc@example.org>\r\nRCPT TO:<nobody@example.org>\r\n\
             RCPT TO:<later@example.org>\r\nDATA\r\n",
        )
        .await;
    assert_eq!(client.codes(5).await, ["250", "250", "250", "250", "354"]);
    client.send("Subject: x\r\n\r\n..\r\n.a\r\n.\r\nNOOP\r\n").await;
    assert_eq!(client.codes(4).await, ["250", "554", "451", "250"]);
    assert_eq!(
        client.taken(),
        ["Return-Path: <>\r\nDelivered-To: bounces+abc@example.org\r\nSubject: x\r\n\r\n.\r\na\r\n"],
        "with the fields of a final delivery before it, and without the dots that were added on the way"
    );
    assert!(client.ask("QUIT").await.starts_with("221"));
    assert!(client.ended.await.unwrap().is_ok());
}

#[tokio::test]
async fn steps_out_of_order_are_refused_and_the_dialogue_goes_on() {
    let mut client = Client::connect(LmtpLimits::default()).await;
    for (command, code) in [
        ("MAIL FROM:<>", "503"),
        ("EHLO mx.example.org", "500"),
        ("HELO mx.example.org", "500"),
        ("LHLO mx.example.org", "250"),
        ("RCPT TO:<a@example.org>", "503"),
        ("DATA", "503"),
        ("MAIL FROM:<a@example.org>", "250"),
        ("MAIL FROM:<b@example.org>", "503"),
        ("DATA", "503"),
        ("RCPT TO:<", "501"),
        ("RCPT TO:<a@example.org>", "250"),
        ("RSET", "250"),
        ("DATA", "503"),
        ("VRFY a", "252"),
        ("STARTTLS", "500"),
        ("WHAT", "500"),
        ("MAIL FROM:<> SIZE=99999999", "552"),
        ("MAIL FROM:<>", "250"),
        ("RCPT TO:<a@example.org>", "250"),
        ("DATA", "354"),
        (".", "250"),
    ] {
        let reply = client.ask(command).await;
        assert!(reply.starts_with(code), "{command}: {reply}");
    }
    assert_eq!(client.taken().len(), 1);
}

/// A dot between bare line feeds is no end (RFC 5321 4.1.1.4): else one mail could hide another.
#[tokio::test]
async fn only_a_dot_between_whole_line_ends_ends_a_mail() {
    let mut client = Client::greeted().await;
    client.send("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n").await;
    client.codes(3).await;
    client.send("a\n.\nMAIL FROM:<evil@example.org>\r\nb\r.\r\nc\n.\r\nd\r\n.\r").await;
    client.send("\n").await;
    assert!(client.reply().await.starts_with("250"));
    assert!(client.taken()[0].ends_with("a\n.\nMAIL FROM:<evil@example.org>\r\nb\r.\r\nc\n.\r\nd\r\n"), "{:?}", client.taken());
    assert!(client.ask("NOOP").await.starts_with("250"));
}

#[tokio::test]
async fn what_is_too_long_is_read_to_its_end_and_refused() {
    let limits = LmtpLimits { mail_bytes: 10_000, ..LmtpLimits::default() };
    let mut client = Client::connect(limits).await;
    assert!(client.ask("LHLO mx.example.org").await.ends_with("250 SIZE 10000\r\n"));
    client.send("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n").await;
    client.codes(4).await;
    for _ in 0..5_000 {
        client.send("MAIL FROM:<x@example.org> and more of it\r\n").await;
    }
    client.send(".\r\n").await;
    assert_eq!(client.codes(2).await, ["552", "552"]);
    assert!(client.ask("MAIL FROM:<>").await.starts_with("250"));
    for number in 0..100 {
        assert!(client.ask(&format!("RCPT TO:<r{number}@example.org>")).await.starts_with("250"), "{number}");
    }
    assert!(client.ask("RCPT TO:<one-more@example.org>").await.starts_with("452"));
    client.send(&"x".repeat(20_000)).await;
    assert!(client.reply().await.starts_with("500 5.5.6"));
    assert!(client.ended.await.unwrap().is_err(), "and the connection is closed");
    assert!(client.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_says_nothing_or_makes_no_sense_is_not_listened_to_for_ever() {
    let short = Duration::from_millis(200);
    for limits in [LmtpLimits { command: short, ..LmtpLimits::default() }, LmtpLimits { connection: short, ..LmtpLimits::default() }] {
        let mut idle = Client::connect(limits).await;
        assert!(idle.reply().await.starts_with("421 4.4.2"));
        assert!(idle.ended.await.unwrap().is_err());
    }
    let mut stalled = Client::connect(LmtpLimits { block: short, ..LmtpLimits::default() }).await;
    stalled.send("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n").await;
    stalled.codes(4).await;
    // Where this test is slow itself, the other side has hung up already.
    let _ = stalled.stream.write_all(b"Subject: half a mail\r\n").await;
    assert!(stalled.reply().await.starts_with("421 4.4.2") && stalled.taken().is_empty());
    let mut talker = Client::greeted().await;
    for _ in 0..20 {
        assert!(talker.ask("BLAH").await.starts_with("500"));
    }
    assert!(talker.ask("BLAH").await.starts_with("421 4.7.0"));
}

#[tokio::test]
async fn at_a_stop_the_mail_server_is_told_to_come_back_and_half_a_mail_is_none() {
    let mut client = Client::greeted().await;
    client.stop.cancel();
    assert!(client.reply().await.starts_with("421 4.3.2"));
    let mut broken = Client::greeted().await;
    broken.send("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n").await;
    broken.codes(3).await;
    broken.send("Subject: half a mail\r\n").await;
    let Client { stream, ended, taken, .. } = broken;
    drop(stream);
    assert!(ended.await.unwrap().is_err() && taken.lock().unwrap().is_empty());
    let (ours, mut theirs) = tokio::io::duplex(1_024);
    turn_away(ours, LmtpLimits::default()).await.unwrap();
    let mut said = String::new();
    theirs.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("421 4.3.2") && said.ends_with("\r\n"), "{said}");
}

/// Pieces of a dialogue in orders that no client has: whatever comes, it ends, replies are replies, and each mail that was taken was
/// told to be.
#[tokio::test]
async fn no_order_of_bytes_makes_the_dialogue_fall() {
    const PIECES: &[&[u8]] = &[
        b"LHLO x\r\n",
        b"MAIL FROM:<>\r\n",
        b"MAIL FROM:<a@x.org> SIZE=9\r\n",
        b"RCPT TO:<a@x.org>\r\n",
        b"DATA\r\n",
        b".\r\n",
        b"\r\n.\r\n",
        b"\n.\n",
        b"\r",
        b"\n",
        b".",
        b"..\r\n",
        b"\xff\xfe\0",
        b"RSET\r\n",
        b"NOOP\n",
        b"Subject: x\r\n\r\n",
        &[b'x'; 5_000],
        b"MAIL FROM:<\"",
        b" ",
    ];
    let rounds = if std::env::var_os("ROLECALL_SLOW").is_some() { 100_000 } else { 1_000 };
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        usize::try_from(chance >> 33).unwrap() % below
    };
    let limits = LmtpLimits { mail_bytes: 8_000, ..LmtpLimits::default() };
    let mut mails = 0;
    for round in 0..rounds {
        let (ours, mut theirs) = tokio::io::duplex(1024 * 1024);
        // Half of them begin as a mail does.
        let begin = if round % 2 == 0 { &[0, 1, 3, 4][..] } else { &[] };
        let rest: Vec<usize> = (0..next(30)).map(|_| next(PIECES.len())).collect();
        for piece in begin.iter().chain(&rest) {
            theirs.write_all(PIECES[*piece]).await.unwrap();
        }
        theirs.shutdown().await.unwrap();
        let taken = Arc::new(Mutex::new(0));
        let take = |mail: Vec<u8>| {
            assert!(mail.starts_with(b"Return-Path: <") && mail.len() < 8_200);
            *taken.lock().unwrap() += 1;
            std::future::ready(Receipt::Taken)
        };
        let stop = CancellationToken::new();
        let _ = tokio::time::timeout(IN_TIME, converse(ours, limits, &stop, take)).await.expect("it ends with the bytes");
        let mut said = String::new();
        theirs.read_to_string(&mut said).await.unwrap();
        assert!(said.lines().all(|line| line.len() > 4 && line[..3].bytes().all(|byte| byte.is_ascii_digit())), "{said}");
        assert_eq!(said.matches("250 2.0.0 recorded").count(), *taken.lock().unwrap());
        mails += *taken.lock().unwrap();
    }
    assert!(mails > rounds / 10, "{mails} mails in {rounds} rounds");
}
