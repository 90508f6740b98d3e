//! One receiver that is slow, and one alert that fits everything, hold up nobody else.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::consent::Origin;
use rolecall::domain::{Alert, EmailAddress, NewSubscription};
use rolecall::mail::{MailSettings, Mailer, SmtpSettings, TransportKind};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{DAILY_IN_PUNE, House, INSTANT, moment};

/// A relay that says nothing to letters for `slow.example` until it is told to.
struct Relay {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    go: watch::Sender<bool>,
}

impl Relay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, (go, wait)) = (listener.local_addr().unwrap().port(), watch::channel(false));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&log), wait.clone()));
            }
        });
        Self { port, taken, go }
    }

    fn taken(&self, domain: &str) -> usize {
        self.taken.lock().unwrap().iter().filter(|to| to.ends_with(domain)).count()
    }

    /// Waits until so many letters to a domain were taken.
    async fn until(&self, domain: &str, letters: usize) {
        let begun = Instant::now();
        while self.taken(domain) < letters {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} of {letters} to {domain}", self.taken(domain));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn talk(stream: TcpStream, taken: Arc<Mutex<Vec<String>>>, mut go: watch::Receiver<bool>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 relay\r\n").await?;
    let (mut line, mut to) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 0 {
        let reply: &[u8] = match line.split([' ', ':', '\r']).next().unwrap_or_default() {
            "EHLO" => b"250-relay\r\n250 PIPELINING\r\n",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                b"250 fine\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                while line != ".\r\n" {
                    line.clear();
                    stream.read_line(&mut line).await?;
                }
                if to.ends_with("@slow.example") {
                    let _ = go.wait_for(|go| *go).await;
                }
                taken.lock().unwrap().push(std::mem::take(&mut to));
                b"250 taken\r\n"
            }
            _ => b"250 fine\r\n",
        };
        stream.write_all(reply).await?;
        line.clear();
    }
    Ok(())
}

fn wish(keyword: &str, delivery: &str) -> NewSubscription {
    let text = format!(r#"{{"name":"Wish","preferences":{{"keywords":"{keyword}"}},"delivery":{delivery}}}"#);
    let Alert { name, preferences, delivery, .. } = serde_json::from_str(&text).unwrap();
    NewSubscription { name, preferences, cadence: delivery.unwrap() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_says_nothing_holds_up_neither_the_rest_nor_a_confirmation() {
    let mut house = House::new("2026-11-22T12:00:00Z").await;
    for person in 0..40 {
        house.welcomed(&format!("p{person}@slow.example"), DAILY_IN_PUNE).await;
    }
    for person in 0..20 {
        house.welcomed(&format!("p{person}@example.org"), DAILY_IN_PUNE).await;
    }
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    let relay = Relay::start().await;
    let smtp = SmtpSettings { url: format!("smtp://127.0.0.1:{}", relay.port), connections: 4, ..SmtpSettings::default() };
    let settings = MailSettings { transport: TransportKind::Smtp, from: "alerts@example.org".into(), smtp, ..MailSettings::default() };
    house.deliver.mailer = Mailer::new(&settings, Path::new("unused")).unwrap();
    let pass = house.deliver.clone();
    let delivering = tokio::spawn(async move { pass.run(&CancellationToken::new()).await });
    // The letters to the slow one were queued first, more of them than are claimed at a time.
    relay.until("@example.org", 20).await;
    assert_eq!(relay.taken("@slow.example"), 0);
    let email = EmailAddress::parse("new@slow.example").unwrap();
    house.consent.subscribe(&email, wish("rust", INSTANT), Origin::page("/", None)).await.unwrap();
    let fresh = EmailAddress::parse("new@example.org").unwrap();
    house.consent.subscribe(&fresh, wish("rust", INSTANT), Origin::page("/", None)).await.unwrap();
    relay.until("@example.org", 21).await;
    relay.go.send(true).unwrap();
    // What was set aside for a few seconds is due when the clock says so.
    while relay.taken("@slow.example") < 41 {
        house.clock.set(house.clock.now() + chrono::Duration::seconds(1));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(delivering.await.unwrap().unwrap().sent, 62);
}

#[tokio::test]
async fn an_alert_that_fits_everything_holds_up_nobody() {
    let listings = std::env::var("ROLECALL_FITTING").map_or(600, |text| text.parse().expect("ROLECALL_FITTING is a number"));
    let house = House::new("2026-11-22T12:00:00Z").await;
    for (name, keyword) in [("all", "rust"), ("one", "\"team 7\"")] {
        let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
        house.consent.add_confirmed(&email, wish(&keyword.replace('"', "\\\""), DAILY_IN_PUNE), "test").await.unwrap();
    }
    house.pass().await;
    let ids: Vec<String> = (0..listings).map(|n: usize| n.to_string()).collect();
    for some in ids.chunks(5_000) {
        house.jobs(&some.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    let begun = Instant::now();
    house.at("2026-11-23T02:30:00Z").await;
    let letters = house.letters();
    let of = |name: &str| letters.iter().rfind(|letter| letter.to.as_str().starts_with(name)).unwrap();
    assert!(of("all").text.contains(&format!("{listings} new jobs fit")), "{}", of("all").text);
    assert_eq!(of("all").text.matches("Why you see this").count(), 10);
    assert!(of("one").text.contains("1 new job fits"), "{}", of("one").text);
    eprintln!("{listings} fitting listings: decided and sent in {:.1} s", begun.elapsed().as_secs_f64());
}
