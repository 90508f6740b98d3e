//! One receiver that is slow, however much waits for it, and one alert that fits everything, hold up nobody else.
//!
//! `ROLECALL_WAITING` and `ROLECALL_FITTING` say how much that is.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::consent::Origin;
use rolecall::domain::{Alert, DeliveryId, DeliveryKind, DeliveryState, EmailAddress, NewDelivery, NewSubscription};
use rolecall::mail::{MailSettings, Mailer, SmtpSettings, TransportKind};
use rolecall::pipeline::DeliverSummary;
use rolecall::store::StoreError;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{DAILY_IN_PUNE, House, INSTANT, moment};

/// A relay that says nothing to letters for `slow.example` and for `stuck` until it is told to, and "not now" to everybody at `grey.example`.
struct Relay {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    taken: Arc<Mutex<Vec<String>>>,
    go: watch::Sender<bool>,
}

impl Relay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, (go, wait)) = (listener.local_addr().unwrap().port(), watch::channel(false));
        let (asked, taken) = (Arc::default(), Arc::default());
        let logs = (Arc::clone(&asked), Arc::clone(&taken));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, logs.clone(), wait.clone()));
            }
        });
        Self { port, asked, taken, go }
    }

    fn taken(&self, domain: &str) -> usize {
        self.taken.lock().unwrap().iter().filter(|to| to.ends_with(domain)).count()
    }

    /// Hands over what a house sends.
    fn mailer(&self) -> Mailer {
        let smtp = SmtpSettings { url: format!("smtp://127.0.0.1:{}", self.port), connections: 4, ..SmtpSettings::default() };
        let settings = MailSettings { transport: TransportKind::Smtp, from: "alerts@example.org".into(), smtp, ..MailSettings::default() };
        Mailer::new(&settings, Path::new("unused")).unwrap()
    }

    /// Waits until a mailbox was named.
    async fn until_asked(&self, address: &str) {
        let begun = Instant::now();
        while !self.asked.lock().unwrap().iter().any(|to| to == address) {
            assert!(begun.elapsed() < Duration::from_secs(30), "nobody asks for {address}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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

/// Who was named, and whose letter was taken.
type Logs = (Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<String>>>);

async fn talk(stream: TcpStream, (asked, taken): Logs, mut go: watch::Receiver<bool>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 relay\r\n").await?;
    let (mut line, mut to) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 0 {
        let reply: &[u8] = match line.split([' ', ':', '\r']).next().unwrap_or_default() {
            "EHLO" => b"250-relay\r\n250 PIPELINING\r\n",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                asked.lock().unwrap().push(to.clone());
                if to.ends_with("@grey.example") { b"450 4.7.1 greylisted\r\n" } else { b"250 fine\r\n" }
            }
            "DATA" if to.ends_with("@grey.example") => b"503 5.5.1 nobody\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                while line != ".\r\n" {
                    line.clear();
                    stream.read_line(&mut line).await?;
                }
                if to.ends_with("@slow.example") || to.starts_with("stuck@") {
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

/// A job for everybody who was welcomed, on its way through a relay.
async fn delivering(house: &mut House) -> (Relay, JoinHandle<Result<DeliverSummary, StoreError>>) {
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    let relay = Relay::start().await;
    house.deliver.mailer = relay.mailer();
    let pass = house.deliver.clone();
    (relay, tokio::spawn(async move { pass.run(&CancellationToken::new()).await }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_letter_behind_one_that_gets_no_answer_goes_another_way() {
    let mut house = House::new("2026-11-22T12:00:00Z").await;
    for person in 0..30 {
        let name = if person == 9 { "stuck".to_owned() } else { format!("p{person}") };
        house.welcomed(&format!("{name}@example.org"), DAILY_IN_PUNE).await;
    }
    let (relay, delivering) = delivering(&mut house).await;
    relay.until("@example.org", 29).await;
    assert_eq!(relay.taken("stuck@example.org"), 0);
    relay.go.send(true).unwrap();
    assert_eq!(delivering.await.unwrap().unwrap().sent, 30);
    assert_eq!(relay.taken("@example.org"), 30, "each once");
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
    let (relay, delivering) = delivering(&mut house).await;
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

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("it is a number"))
}

/// A house with so many letters that wait for one domain, and behind them one for another; and its relay.
async fn crowded(letters: usize, domain: &str) -> (House, Relay) {
    let mut house = House::new("2026-11-22T12:00:00Z").await;
    let crowd = format!("many@{domain}");
    for address in [crowd.as_str(), "one@example.org"] {
        house.welcomed(address, DAILY_IN_PUNE).await;
    }
    for (address, letters) in [(crowd.as_str(), letters), ("one@example.org", 1)] {
        house.clock.set(house.clock.now() + chrono::Duration::seconds(1));
        let now = house.clock.now();
        let subscriber = house.store.subscriber_by_email(&EmailAddress::parse(address).unwrap()).await.unwrap().unwrap().id;
        let (kind, subscription, digest, secret) = (DeliveryKind::Renewal, None, None, None);
        let letter = NewDelivery { subscriber, subscription, kind, due_at: now, digest, secret };
        for _ in 0..letters {
            house.store.queue(&letter, now).await.unwrap();
        }
    }
    let relay = Relay::start().await;
    house.deliver.mailer = relay.mailer();
    (house, relay)
}

/// Letters that wait for a turn of our own pace are taken one after the other: one behind them would be given back again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pace_of_ours_lets_no_letter_begin_before_its_turn() {
    let (mut house, relay) = crowded(14, "quick.example").await;
    let url = format!("smtp://127.0.0.1:{}", relay.port);
    let smtp = SmtpSettings { url, connections: 8, messages_per_second: 5, ..SmtpSettings::default() };
    let settings = MailSettings { transport: TransportKind::Smtp, from: "alerts@example.org".into(), smtp, ..MailSettings::default() };
    house.deliver.mailer = Mailer::new(&settings, Path::new("unused")).unwrap();
    let summary = house.deliver.run(&CancellationToken::new()).await.unwrap();
    assert_eq!((summary.sent, summary.retrying), (15, 0));
    assert_eq!(relay.asked.lock().unwrap().len(), 15, "each is begun once");
    let days = house.store.letters_by_day(house.clock.now().date_naive()).await.unwrap();
    assert!(days.values().all(|day| !day.contains_key("retrying")), "{days:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_letters_that_wait_for_one_receiver_hide_nobody_elses() {
    let letters = number("ROLECALL_WAITING", 5_000);
    let (house, relay) = crowded(letters, "slow.example").await;
    let (stop, begun) = (CancellationToken::new(), Instant::now());
    let (pass, halt) = (house.deliver.clone(), stop.clone());
    let delivering = tokio::spawn(async move { pass.run(&halt).await });
    relay.until("@example.org", 1).await;
    let found_after = begun.elapsed();
    for address in ["new@slow.example", "new@example.org"] {
        let email = EmailAddress::parse(address).unwrap();
        house.consent.subscribe(&email, wish("rust", INSTANT), Origin::page("/", None)).await.unwrap();
        relay.until_asked(address).await;
    }
    relay.until("@example.org", 2).await;
    let in_state = async |state| house.store.deliveries_in(state, DeliveryId(0), 10_000).await.unwrap().len();
    let (leased, put_off) = (in_state(DeliveryState::Leased).await, in_state(DeliveryState::Retrying).await);
    assert!(leased <= 200 && put_off == 0, "{leased} letters are held and {put_off} were moved, for nothing");
    assert_eq!(relay.taken("@slow.example"), 0);
    stop.cancel();
    relay.go.send(true).unwrap();
    delivering.await.unwrap().unwrap();
    eprintln!("{letters} letters before it: another one was found after {:.2} s", found_after.as_secs_f64());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_letters_that_are_put_off_hide_nobody_elses() {
    let letters = number("ROLECALL_WAITING", 5_000);
    let (house, relay) = crowded(letters, "grey.example").await;
    let begun = Instant::now();
    let summary = house.deliver.run(&CancellationToken::new()).await.unwrap();
    assert_eq!((summary.sent, relay.taken("@example.org")), (1, 1));
    assert!(relay.asked.lock().unwrap().len() < 100, "a receiver that puts everything off is left alone");
    eprintln!("{letters} letters that are put off, and another one: {:.2} s", begun.elapsed().as_secs_f64());
}

#[tokio::test]
async fn an_alert_that_fits_everything_holds_up_nobody() {
    let listings = number("ROLECALL_FITTING", 600);
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
