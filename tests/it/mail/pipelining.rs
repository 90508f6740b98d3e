//! Relays that take commands in groups (RFC 2920), and what they say to a group that they do not like.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::{EmailAddress, Message, Outcome};
use rolecall::mail::{Lane, Mailer, Parcel};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::scripted_relay::{ScriptedRelay, Step};
use super::{IN_TIME, message, settings};

const OFFERS: &str = "250-relay.example.org\r\n250 PIPELINING";

fn lane(url: &str) -> Lane {
    Mailer::new(&settings(url), Path::new("unused")).unwrap().lane()
}

/// Sends letters one after the other, each with the next one named.
async fn send_all(lane: &mut Lane, letters: Vec<Message>) -> Vec<Outcome> {
    let parcels: Vec<Parcel> = letters.into_iter().map(|letter| lane.pack(letter).unwrap()).collect();
    let mut outcomes = Vec::new();
    for (index, parcel) in parcels.iter().enumerate() {
        outcomes.push(lane.hand_over_before(parcel, parcels.get(index + 1)).await);
    }
    outcomes
}

/// Reads so many lines.
async fn lines(stream: &mut BufReader<TcpStream>, count: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).await.unwrap() > 0);
        lines.push(line.split([' ', ':', '\r']).next().unwrap().to_owned());
    }
    lines
}

async fn to_the_dot(stream: &mut BufReader<TcpStream>) {
    let mut line = Vec::new();
    while line != b".\r\n" {
        line.clear();
        assert!(stream.read_until(b'\n', &mut line).await.unwrap() > 0);
    }
}

#[tokio::test]
async fn an_envelope_goes_out_in_one_group_and_the_next_one_behind_the_dot() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    // It answers nothing before it has all of a group: whoever waits for a reply in between waits in vain.
    let relay = tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        stream.write_all(b"220 relay\r\n").await.unwrap();
        for _ in 0..2 {
            lines(&mut stream, 1).await;
            stream.write_all(format!("{OFFERS}\r\n").as_bytes()).await.unwrap();
        }
        assert_eq!(lines(&mut stream, 3).await, ["MAIL", "RCPT", "DATA"]);
        stream.write_all(b"250 ok\r\n250 ok\r\n354 go on\r\n").await.unwrap();
        for _ in 0..2 {
            to_the_dot(&mut stream).await;
            assert_eq!(lines(&mut stream, 3).await, ["MAIL", "RCPT", "DATA"]);
            stream.write_all(b"250 taken\r\n250 ok\r\n250 ok\r\n354 go on\r\n").await.unwrap();
        }
        to_the_dot(&mut stream).await;
        stream.write_all(b"250 taken\r\n").await.unwrap();
        assert_eq!(lines(&mut stream, 1).await, ["QUIT"]);
    });
    let mut lane = lane(&url);
    let outcomes = send_all(&mut lane, (1..=3).map(message).collect()).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Accepted("taken".into())), "{outcomes:?}");
    lane.close().await;
    tokio::time::timeout(IN_TIME, relay).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_recipient_refused_in_a_group_costs_neither_the_connection_nor_the_next_letter() {
    for data in ["354", "503 5.5.1 need RCPT first", "554 5.5.1 no valid recipients"] {
        let asked: &AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
        let refused: &AtomicBool = Box::leak(Box::new(AtomicBool::new(false)));
        let relay = ScriptedRelay::start(move |word, _| match word {
            "EHLO" => Step::Say(OFFERS),
            "RCPT" => {
                let second = asked.fetch_add(1, Ordering::SeqCst) == 1;
                refused.store(second, Ordering::SeqCst);
                if second { Step::Say("550 5.1.1 no such user") } else { Step::Go }
            }
            "DATA" if refused.load(Ordering::SeqCst) && data != "354" => Step::Say(data),
            "." if refused.load(Ordering::SeqCst) => Step::Say("554 5.5.1 no valid recipients"),
            _ => Step::Go,
        })
        .await;
        let outcomes = send_all(&mut lane(&relay.url()), (1..=3).map(message).collect()).await;
        assert!(matches!(outcomes[0], Outcome::Accepted(_)) && matches!(outcomes[2], Outcome::Accepted(_)), "{data}: {outcomes:?}");
        assert!(matches!(&outcomes[1], Outcome::Never(Refusal { blame: Blame::Recipient, code: Some(550), .. })), "{data}: {outcomes:?}");
        let letters: Vec<Vec<u8>> = relay.letters().into_iter().filter(|letter| !letter.is_empty()).collect();
        assert_eq!((relay.connections(), letters.len()), (1, 2), "{data}");
        assert!(relay.letters().len() == if data == "354" { 3 } else { 2 }, "a relay that waits for a letter gets an empty one");
    }
}

#[tokio::test]
async fn a_sender_refused_in_a_group_and_a_letter_refused_before_a_group_keep_the_two_sides_in_step() {
    let mails: &AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
    let dots: &AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
    let relay = ScriptedRelay::start(move |word, _| match word {
        "EHLO" => Step::Say(OFFERS),
        "MAIL" if mails.fetch_add(1, Ordering::SeqCst) == 1 => Step::Say("452 4.3.1 no room now"),
        "RCPT" | "DATA" if mails.load(Ordering::SeqCst) == 2 => Step::Say("503 5.5.1 MAIL first"),
        "." if dots.fetch_add(1, Ordering::SeqCst) == 0 => Step::Say("451 4.3.0 try again"),
        _ => Step::Go,
    })
    .await;
    let outcomes = send_all(&mut lane(&relay.url()), (1..=3).map(message).collect()).await;
    let codes: Vec<Option<u16>> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Later(refusal) => refusal.code,
            _ => None,
        })
        .collect();
    assert_eq!(codes, [Some(451), Some(452), None], "{outcomes:?}");
    assert!(matches!(outcomes[2], Outcome::Accepted(_)) && relay.connections() == 1, "{outcomes:?}");
}

#[tokio::test]
async fn a_letter_that_was_named_and_is_not_sent_leaves_nothing_behind() {
    let relay = ScriptedRelay::start(|word, _| if word == "EHLO" { Step::Say(OFFERS) } else { Step::Go }).await;
    let mut lane = lane(&relay.url());
    let [first, named, third] = [1, 2, 3].map(|number| lane.pack(message(number)).unwrap());
    let outcome = lane.hand_over_before(&first, Some(&named)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let outcome = lane.hand_over_before(&third, None).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let letters: Vec<String> = relay.letters().iter().map(|letter| String::from_utf8_lossy(letter).into_owned()).collect();
    let to = |number: u32| EmailAddress::parse(&format!("reader{number}@example.org")).unwrap();
    assert!(letters.len() == 2 && letters[0].contains(to(1).as_str()) && letters[1].contains(to(3).as_str()), "{letters:?}");
    assert_eq!(relay.connections(), 2, "a relay that waits for another letter is left");
}

#[tokio::test]
async fn a_link_that_ends_behind_the_dot_costs_the_named_letter_nothing() {
    let relay = ScriptedRelay::start(|word, number| match (word, number) {
        ("EHLO", _) => Step::Say(OFFERS),
        (".", 1) => Step::GoAndClose,
        _ => Step::Go,
    })
    .await;
    let outcomes = send_all(&mut lane(&relay.url()), (1..=2).map(message).collect()).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted(_))), "{outcomes:?}");
    assert_eq!((relay.connections(), relay.letters().len()), (2, 2));
}
