//! What the DNS says of the domains of letters, asked from a name server that says what the test has it say.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};

use rolecall::mail::MailSettings;
use rolecall::mail::dns::{Dns, Domains, Finding, Standing, survey};

/// A record: its name, its kind (TXT, MX, A, PTR, CNAME), what it says.
type Row = (String, String, String);

/// A name server on loopback. It ends with the process.
pub struct NameServer {
    /// Where it answers.
    pub address: String,
    rows: Arc<Mutex<Vec<Row>>>,
}

impl NameServer {
    pub fn start() -> Self {
        let (listener, socket) = both_ways();
        let (address, rows) = (socket.local_addr().unwrap().to_string(), Arc::new(Mutex::new(Vec::new())));
        let zone: Arc<Mutex<Vec<Row>>> = Arc::clone(&rows);
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let mut says = answer(&bytes[..length], &zone.lock().unwrap());
                if says.len() > MOST_DATAGRAM {
                    says = answer(&bytes[..length], &[]);
                    says[2..4].copy_from_slice(&[0x83, 0x80]);
                }
                let _ = socket.send_to(&says, from);
            }
        });
        let zone = Arc::clone(&rows);
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut length = [0; 2];
                while stream.read_exact(&mut length).is_ok() {
                    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                    stream.read_exact(&mut question).unwrap();
                    let says = answer(&question, &zone.lock().unwrap());
                    let length = u16::try_from(says.len()).unwrap().to_be_bytes();
                    let _ = stream.write_all(&[&length[..], &says].concat());
                }
            }
        });
        Self { address, rows }
    }

    /// Says this from now on: lines of `name KIND value`.
    pub fn say(&self, zone: &str) {
        let rows = zone.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
            let mut words = line.splitn(3, ' ').map(|word| word.trim_matches('"').to_owned());
            let mut next = || words.next().unwrap();
            (next(), next(), next())
        });
        *self.rows.lock().unwrap() = rows.collect();
    }
}

/// The longest answer by datagram; a longer one is cut and waits to be asked for by TCP.
const MOST_DATAGRAM: usize = 1_232;

/// A port for streams and for datagrams.
fn both_ways() -> (TcpListener, UdpSocket) {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        if let Ok(socket) = UdpSocket::bind(listener.local_addr().unwrap()) {
            return (listener, socket);
        }
    }
}

/// Labels as bytes (RFC 1035 3.1); the root where it is a dot.
fn labels(name: &str) -> Vec<u8> {
    let label = |label: &str| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat();
    let mut bytes: Vec<u8> = name.split('.').filter(|part| !part.is_empty()).flat_map(label).collect();
    bytes.push(0);
    bytes
}

/// The question as it came, and the records of its name and kind behind it, or the alias that stands there.
fn answer(question: &[u8], zone: &[Row]) -> Vec<u8> {
    let (mut at, mut asked) = (12, Vec::new());
    while question[at] > 0 {
        let end = at + 1 + usize::from(question[at]);
        asked.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    let (asked, kind) = (asked.join("."), u16::from_be_bytes([question[at + 1], question[at + 2]]));
    let word = match kind {
        1 => "A",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        _ => "AAAA",
    };
    let found: Vec<&Row> = zone.iter().filter(|(name, of, _)| *name == asked && (of == word || of == "CNAME")).collect();
    let known = zone.iter().any(|(name, ..)| *name == asked);
    let mut bytes = question[..at + 5].to_vec();
    bytes[2..12].copy_from_slice(&[0x81, if known { 0x80 } else { 0x83 }, 0, 1, 0, u8::try_from(found.len()).unwrap(), 0, 0, 0, 0]);
    for (_, of, value) in found {
        let says = match of.as_str() {
            "A" => value.parse::<std::net::Ipv4Addr>().unwrap().octets().to_vec(),
            "MX" => [&[0, 10], labels(value).as_slice()].concat(),
            "PTR" | "CNAME" => labels(value),
            _ => value.as_bytes().chunks(255).flat_map(|part| [&[u8::try_from(part.len()).unwrap()], part].concat()).collect(),
        };
        bytes.extend_from_slice(&[0xc0, 12]);
        bytes.extend_from_slice(&if of == "CNAME" { 5 } else { kind }.to_be_bytes());
        bytes.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        bytes.extend_from_slice(&u16::try_from(says.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&says);
    }
    bytes
}

const GOOD: &str = "
    example.org TXT v=spf1 ip4:192.0.2.25 -all
    bounces.example.org TXT v=spf1 a:mail.example.org ~all
    bounces.example.org MX mail.example.org
    mail.example.org A 192.0.2.25
    25.2.0.192.in-addr.arpa PTR mail.example.org
    a._domainkey.example.org TXT v=DKIM1; k=rsa; p=AAAA
    _dmarc.example.org TXT v=DMARC1; p=none
    _dmarc.other.example TXT v=DMARC1; p=none
    other.example TXT v=spf1 ip4:192.0.2.25 -all
    other.example MX mail.example.org
";

fn domains() -> Domains {
    Domains {
        from: "alerts.example.org".into(),
        envelope: "bounces.example.org".into(),
        signing: Some("example.org".into()),
        keys: vec![("a._domainkey.example.org".into(), "v=DKIM1; k=rsa; p=AAAA".into())],
        host: Some("mail.example.org".into()),
        relay: None,
    }
}

async fn found(zone: &str, domains: &Domains) -> Vec<Finding> {
    let server = NameServer::start();
    server.say(zone);
    survey(&Dns::new(&server.address).unwrap(), domains).await
}

#[tokio::test]
async fn domains_that_are_well_kept_are_found_so() {
    let found = found(GOOD, &domains()).await;
    let checks: Vec<&str> = found.iter().map(|finding| finding.check).collect();
    assert_eq!(checks, ["spf", "dkim in dns", "dmarc", "alignment", "bounce mx", "sending host"]);
    assert!(found.iter().all(|finding| finding.standing == Standing::Well), "{found:?}");
}

#[tokio::test]
async fn each_record_that_keeps_letters_from_being_welcome_is_named_with_the_one_to_publish() {
    use Standing::{Wanting, Wrong};
    const SPF: &str = "bounces.example.org TXT v=spf1 a:mail.example.org ~all";
    let many = "exists:x.example ".repeat(11);
    let nested = "bounces.example.org TXT v=spf1 include:one.example ~all\n one.example TXT v=spf1 include:one.example -all";
    for (from, to, check, standing, words) in [
        (SPF, "", "spf", Wrong, "publish bounces.example.org TXT \"v=spf1 ip4:192.0.2.25 ~all\""),
        (SPF, "bounces.example.org TXT v=spf1 mx -all\n bounces.example.org TXT v=spf1 -all", "spf", Wrong, "several records"),
        (SPF, "bounces.example.org TXT v=spf1 +all", "spf", Wrong, "lets everybody send"),
        (SPF, "bounces.example.org TXT v=spf1 ip4:198.51.100.0/24 -all", "spf", Wrong, "does not let 192.0.2.25 send"),
        (SPF, "bounces.example.org TXT v=spf1 ip4:192.0.2.0/24", "spf", Wanting, "end it with ~all or -all"),
        (SPF, "bounces.example.org TXT v=spf1 include:gone.example -all", "spf", Wrong, "include:gone.example leads to no record"),
        (SPF, "bounces.example.org TXT v=spf1 ip4:192.0.2.300 -all", "spf", Wrong, "\"ip4:192.0.2.300\" is no term"),
        (SPF, &format!("bounces.example.org TXT v=spf1 {many}-all"), "spf", Wrong, "more than ten look-ups"),
        (SPF, nested, "spf", Wrong, "more than ten look-ups"),
        (SPF, "bounces.example.org TXT v=spf1 exists:%{i}.example ~all", "spf", Wanting, "depends on each letter"),
        ("p=AAAA", "p=BBBB", "dkim in dns", Wrong, "has another key than ours, \"v=DKIM1; k=rsa; p=BBBB\""),
        ("a._domainkey.example.org TXT", "b._domainkey.example.org TXT", "dkim in dns", Wrong, "publish a._domainkey.example.org TXT"),
        ("_dmarc.example.org TXT v=DMARC1; p=none", "", "dmarc", Wrong, "publish _dmarc.alerts.example.org TXT \"v=DMARC1; p=none; rua="),
        ("v=DMARC1; p=none", "v=DMARC1; p=nothing", "dmarc", Wrong, "publish p=none, quarantine or reject"),
        ("bounces.example.org MX mail.example.org", "", "bounce mx", Wrong, "publish bounces.example.org MX 10"),
        ("bounces.example.org MX mail.example.org", "bounces.example.org MX .", "bounce mx", Wrong, "takes no mail (RFC 7505)"),
        ("bounces.example.org MX mail.example.org", "bounces.example.org MX gone.example.org", "bounce mx", Wrong, "which has no address"),
        ("bounces.example.org MX mail.example.org", "bounces.example.org A 192.0.2.25", "bounce mx", Wanting, "has no MX"),
        ("25.2.0.192.in-addr.arpa PTR mail.example.org", "", "sending host", Wrong, "192.0.2.25 has no name"),
        ("in-addr.arpa PTR mail.example.org", "in-addr.arpa PTR vps25.provider.example", "sending host", Wrong, "does not lead back to it"),
        ("mail.example.org A 192.0.2.25", "", "sending host", Wrong, "has no address"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = found(&GOOD.replace(from, to), &domains()).await;
        let named = found.iter().any(|finding| finding.check == check && finding.standing == standing && finding.says.contains(words));
        assert!(named, "{from} -> {to}: {found:#?}");
    }
}

#[tokio::test]
async fn signature_and_envelope_of_another_organisation_do_not_speak_for_a_letter() {
    let other = Domains { envelope: "other.example".into(), signing: Some("other.example".into()), ..domains() };
    let found = found(GOOD, &other).await;
    let of = |standing| found.iter().find(|finding| finding.check == "alignment" && finding.standing == standing).map(|f| f.says.as_str());
    assert!(of(Standing::Wanting).unwrap().contains("use a domain under example.org"), "{found:?}");
    assert!(of(Standing::Wrong).unwrap().contains("set mail.dkim.domain to example.org"), "{found:?}");
}

#[tokio::test]
async fn a_name_server_that_does_not_answer_is_told_once_and_fails_nothing() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = Dns::new(&silent.local_addr().unwrap().to_string()).unwrap();
    let found = survey(&dns, &domains()).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].standing == Standing::Wanting && found[0].says.contains("--offline"), "{found:?}");
    assert!(Dns::new("localhost").unwrap_err().to_string().contains("mail.resolver"));
}

#[tokio::test]
async fn an_answer_too_long_for_a_datagram_is_asked_for_by_tcp() {
    let key = format!("v=DKIM1; k=rsa; p={}", "A".repeat(2_000));
    let domains = Domains { keys: vec![("a._domainkey.example.org".into(), key.clone())], ..domains() };
    let found = found(&GOOD.replace("v=DKIM1; k=rsa; p=AAAA", &key), &domains).await;
    assert!(found.iter().any(|finding| finding.check == "dkim in dns" && finding.standing == Standing::Well), "{found:?}");
}

#[tokio::test]
async fn an_alias_leads_to_the_record_and_what_is_asked_twice_is_looked_up_twice() {
    let server = NameServer::start();
    server.say(&GOOD.replace("mail.example.org A 192.0.2.25", "mail.example.org CNAME vps.example.net\n vps.example.net A 192.0.2.25"));
    let dns = Dns::new(&server.address).unwrap();
    let wrong = |found: &[Finding]| found.iter().filter(|finding| finding.standing == Standing::Wrong).count();
    let found = survey(&dns, &domains()).await;
    assert_eq!(wrong(&found), 0, "{found:?}");
    server.say(&GOOD.replace("mail.example.org A 192.0.2.25", ""));
    let found = survey(&dns, &domains()).await;
    assert!(wrong(&found) > 0, "{found:?}");
}

#[tokio::test]
async fn a_name_server_that_refuses_is_told_as_one_that_does_not_answer() {
    let refusing = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = refusing.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok((length, from)) = refusing.recv_from(&mut bytes) {
            let mut says = answer(&bytes[..length], &[]);
            says[3] = 0x85;
            let _ = refusing.send_to(&says, from);
        }
    });
    let found = survey(&Dns::new(&address).unwrap(), &domains()).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].standing == Standing::Wanting && found[0].says.contains("Query Refused"), "{found:?}");
}

#[test]
fn the_host_that_talks_to_receivers_is_known_only_where_it_is_this_one() {
    let of = |text: &str| Domains::of(&toml::from_str::<MailSettings>(text).unwrap(), vec![]).unwrap();
    let here = of("transport = \"smtp\"\nfrom = \"a@x.org\"\n[smtp]\nurl = \"smtp://[::1]:25\"\nhello_name = \"mail.x.org\"");
    assert_eq!((here.host.as_deref(), here.relay.as_deref(), here.envelope.as_str()), (Some("mail.x.org"), None, "x.org"));
    let there = of(
        "transport = \"smtp\"\nfrom = \"a@x.org\"\n[smtp]\nurl = \"smtps://relay.y.org\"\nhello_name = \"mail.x.org\"\n[bounces]\naddress = \"b@z.x.org\"",
    );
    assert_eq!((there.host.as_deref(), there.relay.as_deref(), there.envelope.as_str()), (None, Some("relay.y.org"), "z.x.org"));
}
