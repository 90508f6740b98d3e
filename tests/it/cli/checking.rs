//! `rolecall check` where letters go out: what others ask the DNS and the page, asked first.

use std::collections::BTreeSet;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use serde_json::Value;

use super::{Place, free_port};
use crate::mail::dns::NameServer;

/// Writes an Ed25519 key as PEM.
fn key(place: &Place, name: &str) {
    let pair = Ed25519KeyPair::generate().unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    place.write(name, &format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"));
}

/// The lines of a check about one thing.
fn about<'a>(lines: &'a [Value], check: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["check"] == check).collect()
}

fn checked(place: &Place, line: &str) -> Vec<Value> {
    place.run(line).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_a_check_says_to_publish_is_what_makes_it_well() {
    let (place, server, port) = (Place::new(), NameServer::start(), free_port());
    key(&place, "now.pem");
    key(&place, "next.pem");
    let config = super::CONFIG.replace("transport = \"file\"", "transport = \"smtp\"\nfrom = \"Jobs <alerts@example.org>\"");
    let config = config.replace("[mail]", &format!("[mail]\nresolver = \"{}\"", server.address));
    let config = config.replace("data_dir = \"data\"", &format!("data_dir = \"data\"\nbase_url = \"http://127.0.0.1:{port}\""));
    place.write(
        "rolecall.toml",
        &format!(
            "{config}[web]\nlisten = \"127.0.0.1:{port}\"\n[mail.smtp]\nurl = \"smtp://127.0.0.1:1\"\nhello_name = \"mail.example.org\"\n\
             [mail.dkim]\ndomain = \"example.org\"\nkeys = [{{ selector = \"now\", file = \"now.pem\" }}, \
             {{ selector = \"next\", file = \"next.pem\" }}]\n"
        ),
    );
    let hosts = "mail.example.org A 192.0.2.25\n25.2.0.192.in-addr.arpa PTR mail.example.org\nexample.org MX mail.example.org\n";
    server.say(hosts);
    let before = checked(&place, "check --json");
    let standing = |lines: &[Value], check: &str| {
        about(lines, check).iter().map(|line| (line["well"] == true, line["warns"] == true)).collect::<Vec<_>>()
    };
    assert_eq!(standing(&before, "spf"), [(false, false)]);
    assert_eq!(standing(&before, "dkim in dns"), [(false, false), (true, true)], "the second key only waits: {before:?}");
    assert_eq!(standing(&before, "dmarc"), [(false, false)]);
    assert_eq!(standing(&before, "one-click"), [(true, true)], "the service does not run: {before:?}");
    let records = before.iter().filter_map(|line| line["says"].as_str()?.split_once("publish ").map(|(_, record)| record.to_owned()));
    let zone: BTreeSet<String> = records.filter(|record| record.contains(" TXT \"")).collect();
    assert_eq!(zone.len(), 4, "{zone:?}");
    server.say(&format!("{hosts}{}", zone.into_iter().collect::<Vec<_>>().join("\n")));
    let daemon = place.start("serve");
    let until = std::time::Instant::now() + std::time::Duration::from_mins(4);
    while !super::push::ask(port, "GET", "/readyz", "", "").contains(" 200 ") {
        assert!(std::time::Instant::now() < until, "the page does not get ready");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let after = checked(&place, "check --json");
    for check in ["spf", "dkim in dns", "dmarc", "alignment", "bounce mx", "sending host", "one-click"] {
        let found = standing(&after, check);
        assert!(!found.is_empty() && found.iter().all(|standing| *standing == (true, false)), "{check}: {:#?}", about(&after, check));
    }
    assert_eq!(daemon.stop(), Some(0));
    let offline = checked(&place, "check --offline --json");
    assert!(about(&offline, "spf").is_empty() && about(&offline, "one-click").is_empty() && about(&offline, "dns")[0]["well"] == true);
    assert_eq!(about(&offline, "dkim").len(), 2, "the records to publish are told all the same");
}
